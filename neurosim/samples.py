"""The samples that come in: X ``(n, n_inputs)`` and Y ``(n, n_outputs)``, checked.

A 1-D x is always one sample. A 1-D y is one sample beside a 1-D x, and n samples of one output
beside a 2-D X. Where scalers are attached to the network, what comes back is scaled; every public
method scales here, once, and whatever it calls works with the scaled numbers.

Where a caller reads samples piece by piece (``whole=False``), those in files stay there: they come
back as `MappedTable`s, which check and scale what is read of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import counted, finite_array
from neurosim.errors import LossError, ShapeError
from neurosim.mapped import MappedTable, is_mapped
from neurosim.units import dtype_before, require_fitted, scaled_inputs, scaled_targets

if TYPE_CHECKING:
    from neurosim.network import Network

__all__ = [
    "checked_inputs",
    "checked_samples",
    "checked_targets",
    "sample_tables",
    "scaled_samples",
]


def checked_inputs(network: Network, X: Any, what: str, *, whole: bool = True) -> tuple[Any, bool]:
    """Return X as ``(n, n_inputs)`` of the network's dtype, and whether it was one 1-D sample.

    Parameters
    ----------
    network : Network
    X : array
    what : str
        Object and argument for messages, such as ``"Network.fit: X"``.
    whole : bool
        Whether X is to be in memory as a whole.
    """
    table, single = _input_table(network, X, what, whole)
    require_fitted(network, what)
    return scaled_inputs(network, table, what), single


def _input_table(network: Network, X: Any, what: str, whole: bool) -> tuple[Any, bool]:
    n_inputs = len(network.wiring.inputs)
    dtype = dtype_before(network.input_scaler, network)
    stays = not whole and is_mapped(X) and X.ndim == 2
    array = X if stays else finite_array(X, what, dtype=dtype)
    if array.ndim not in (1, 2):
        raise ShapeError(
            f"{what} must be ({n_inputs},) for one sample or (n, {n_inputs}) for a batch; "
            f"got {array.shape}."
        )
    if array.size == 0:
        raise ShapeError(f"{what} must hold at least one sample; got shape {array.shape}.")
    if array.shape[-1] != n_inputs:
        raise ShapeError(_wrong_columns(array, n_inputs, what))
    table = array.reshape(-1, n_inputs)
    return (MappedTable(table, what, dtype) if stays else table), array.ndim == 1


def _wrong_columns(array: Any, n_inputs: int, what: str) -> str:
    inputs = "1 input" if n_inputs == 1 else f"{n_inputs} inputs"
    if array.ndim == 1:
        hint = (
            f" For {len(array)} samples of one input pass X.reshape(-1, 1)."
            if n_inputs == 1
            else ""
        )
        return f"{what} is one sample of {len(array)} numbers, but the network has {inputs}.{hint}"
    hint = " Did you mean X.T?" if array.shape[0] == n_inputs else ""
    return f"{what} must be (n, {n_inputs}), as the network has {inputs}; got {array.shape}.{hint}"


def checked_targets(network: Network, Y: Any, n: int, single: bool, what: str) -> Any:
    """Return Y as ``(n, n_outputs)`` of the network's dtype, for n samples as X had them."""
    return _scaled_targets(network, _target_table(network, Y, n, single, what, True), what)


def _scaled_targets(network: Network, table: Any, what: str) -> Any:
    targets = scaled_targets(network, table, what)
    if isinstance(targets, MappedTable):
        return _checked_when_read(network, targets)
    network.loss.check_targets(targets)
    return targets


def _checked_when_read(network: Network, targets: MappedTable) -> MappedTable:
    def checked(array: Any, rows: Any) -> Any:
        read = array if scaled is None else scaled(array, rows)
        try:
            network.loss.check_targets(read)
        except LossError:
            for row, target in zip(rows, read, strict=True):
                _check_target(network, target, f"{targets.what}: row {row}")
            raise
        return read

    scaled = targets.finish
    return targets.then(checked)


def _check_target(network: Network, target: Any, what: str) -> None:
    try:
        network.loss.check_targets(target[np.newaxis])
    except LossError as error:
        raise LossError(f"{what}, taken alone: {error}") from None


def _target_table(network: Network, Y: Any, n: int, single: bool, what: str, whole: bool) -> Any:
    n_outputs = len(network.wiring.outputs)
    dtype = dtype_before(network.output_scaler, network)
    stays = not (whole or single) and is_mapped(Y)
    array = Y if stays else finite_array(Y, what, dtype=dtype)
    shape = (n_outputs,) if single else (n, n_outputs)
    column = not single and array.ndim == 1 and n_outputs == 1
    if (array.ndim == (1 if single else 2) and array.shape[-1] == n_outputs) or column:
        if not single and len(array) != n:
            raise ShapeError(
                f"{what} must have one row per sample; X has {counted(n, 'row')} and "
                f"Y has {len(array)}."
            )
        table = array.reshape(-1, n_outputs)
        return MappedTable(table, what, dtype) if stays else table
    outputs = "1 output" if n_outputs == 1 else f"{n_outputs} outputs"
    beside = "one 1-D sample" if single else f"{n} samples"
    raise ShapeError(
        f"{what} must be {shape}, as the network has {outputs} and X is {beside}; "
        f"got {array.shape}."
    )


def checked_samples(
    network: Network, X: Any, Y: Any, what: str, *, whole: bool = True
) -> tuple[Any, Any]:
    """Return X ``(n, n_inputs)`` and Y ``(n, n_outputs)``, both checked and scaled."""
    inputs, targets = sample_tables(network, X, Y, what, whole=whole)
    return scaled_samples(network, inputs, targets, what)


def sample_tables(
    network: Network, X: Any, Y: Any, what: str, *, whole: bool = True
) -> tuple[Any, Any]:
    """Return X ``(n, n_inputs)`` and Y ``(n, n_outputs)`` in the person's units, checked."""
    inputs, single = _input_table(network, X, f"{what}: X", whole)
    return inputs, _target_table(network, Y, len(inputs), single, f"{what}: Y", whole)


def scaled_samples(network: Network, X: Any, Y: Any, what: str) -> tuple[Any, Any]:
    """Return what `sample_tables` returned as the neurons and the loss see it."""
    require_fitted(network, f"{what}: X")
    inputs = scaled_inputs(network, X, f"{what}: X")
    return inputs, _scaled_targets(network, Y, f"{what}: Y")
