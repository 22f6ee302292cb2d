"""What neurons answer to many inputs, computed beside the network, which stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import finite_array
from neurosim.engines.traversal import TraversalEngine
from neurosim.errors import ArgumentError, NotFiniteError, ShapeError
from neurosim.samples import checked_inputs, sample_tables

if TYPE_CHECKING:
    from neurosim.network import Network

__all__ = ["input_table", "neuron_or_only_output", "responses", "samples"]


def neuron_or_only_output(network: Network, neuron: Any, whose: str) -> int:
    """Return the number of a neuron; where none is named, that of the only output."""
    if neuron is not None:
        return network.directory.neuron(neuron)
    outputs = network.wiring.outputs.tolist()
    if len(outputs) != 1:
        raise ArgumentError(
            f"{whose}: neuron must be named, as the network has {len(outputs)} outputs; such as "
            f"{network.labels[outputs[0]]!r}."
        )
    return int(outputs[0])


def responses(network: Network, rows: Any, numbers: list[int], whose: str) -> Any:
    """Return the activations ``(n, k)`` of k neurons for X ``(n, n_inputs)``.

    Inputs and outputs are in the person's units, as `Network.predict` has them.
    """
    scaled, _ = checked_inputs(network, rows, f"{whose}: the inputs")
    network.require_finite_parameters(whose)
    outputs = network.wiring.outputs.tolist()
    if all(number in outputs for number in numbers):
        return network.predictions(scaled)[:, [outputs.index(number) for number in numbers]]
    with np.errstate(all="ignore"):
        run = network.engine(TraversalEngine).forward(scaled, single=False)
    columns = [_column(network, run, rows, number) for number in numbers]
    for number, column in zip(numbers, columns, strict=True):
        if not np.isfinite(column).all():
            raise NotFiniteError(
                f"{whose}: the activation of {network.labels[number]!r} is not a finite number "
                "everywhere; narrow the limits or use smaller weights."
            )
    return np.column_stack(columns)


def _column(network: Network, run: Any, rows: Any, number: int) -> Any:
    """Return the activations of one neuron; of an input and an output in the person's units."""
    inputs, outputs = network.wiring.inputs.tolist(), network.wiring.outputs.tolist()
    if number in inputs:
        return rows[:, inputs.index(number)]
    if number in outputs and network.output_scaler is not None:
        scaled = np.column_stack([run.activation[i] for i in outputs]).astype(np.float64)
        return network.output_scaler.undo(scaled)[:, outputs.index(number)]
    return np.broadcast_to(np.asarray(run.activation[number], dtype=np.float64), (len(rows),))


def input_table(network: Network, X: Any, whose: str) -> Any:
    """Return samples as ``(n, n_inputs)``, checked, in the person's units; None stays None."""
    if X is None:
        return None
    checked_inputs(network, X, f"{whose}: X")
    return np.asarray(X, dtype=np.float64).reshape(-1, len(network.wiring.inputs))


def samples(network: Network, X: Any, Y: Any, neuron: Any, whose: str) -> tuple[Any, Any]:
    """Return X ``(n, n_inputs)`` and Y ``(n, k)``, checked; either is None where it is not given.

    Y are targets of the outputs or, where a `neuron` is named, one number per sample.
    """
    if Y is None:
        return input_table(network, X, whose), None
    if X is None:
        raise ArgumentError(f"{whose}: Y was given without X; give the samples X, too.")
    if neuron is None:
        return sample_tables(network, X, Y, whose)
    table = input_table(network, X, whose)
    column = finite_array(Y, f"{whose}: Y")
    if column.shape not in ((len(table),), (len(table), 1)):
        raise ShapeError(
            f"{whose}: Y must be one number per sample, ({len(table)},), as one neuron is drawn; "
            f"got {column.shape}."
        )
    return table, column.reshape(-1, 1)
