"""Between the person's units and the scaled numbers that the neurons compute with.

Without a scaler attached they are the same. Scaling is done in float64, and the result is then
brought to the network's dtype; predictions come back in float64.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import finite_array
from neurosim.errors import NotFittedError
from neurosim.mapped import MappedTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.network import Network

__all__ = [
    "dtype_before",
    "in_units",
    "newly_fitted",
    "require_fitted",
    "scaled_inputs",
    "scaled_targets",
]


def dtype_before(scaler: Any, network: Network) -> Any:
    """Return the dtype in which numbers wait to be scaled: that of the scaling, where there is."""
    return network.dtype if scaler is None else np.dtype(np.float64)


def require_fitted(network: Network, what: str) -> None:
    """Raise `NotFittedError` where a scaler is attached that has not measured its columns."""
    for name, side in (("input_scaler", "X"), ("output_scaler", "Y")):
        scaler = getattr(network, name)
        if scaler is not None and not scaler.fitted:
            raise NotFittedError(
                f"{what} needs net.{name}, {scaler!r}, which has not measured its columns yet; "
                f"train with net.fit, or call net.{name}.fit({side}) with the training data."
            )


def scaled_inputs(network: Network, X: Any, what: str) -> Any:
    """Return checked inputs as the input neurons hold them."""
    return _scaled(network.input_scaler, X, network, what)


def scaled_targets(network: Network, Y: Any, what: str) -> Any:
    """Return checked targets as the loss compares them with activations."""
    return _scaled(network.output_scaler, Y, network, what)


def _scaled(scaler: Any, table: Any, network: Network, what: str) -> Any:
    if scaler is None:
        return table
    require_fitted(network, what)

    def scaled(array: Any, rows: Any = None) -> Any:
        with np.errstate(all="ignore"):
            result = scaler.apply(array)
        whose = f"{what}, scaled by {scaler!r},"
        return finite_array(result, whose, dtype=network.dtype, rows=rows)

    return table.then(scaled) if isinstance(table, MappedTable) else scaled(table)


def in_units(network: Network, outputs: Any) -> Any:
    """Return activations of the outputs as predictions in the person's units."""
    scaler = network.output_scaler
    if scaler is None:
        return outputs
    with np.errstate(all="ignore"):
        return scaler.undo(outputs.astype(np.float64))


@contextmanager
def newly_fitted(network: Network, X: Any, Y: Any, what: str) -> Iterator[None]:
    """Fit the scalers that are not fitted to the training data; undo it where the block raises."""
    wiring, labels = network.wiring, network.labels
    sides: tuple[tuple[Any, Any, Any, str], ...] = (
        (network.input_scaler, X, wiring.inputs, f"{what}: X"),
        (network.output_scaler, Y, wiring.outputs, f"{what}: Y"),
    )
    new = [side for side in sides if side[0] is not None and not side[0].fitted]
    try:
        for scaler, table, numbers, name in new:
            scaler.fit_to(table, [labels[number] for number in numbers], name)
        yield
    except BaseException:
        for scaler, *_ in new:
            scaler.forget()
        raise
