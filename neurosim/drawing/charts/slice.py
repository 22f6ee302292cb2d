"""The inputs that a chart varies, while all others are held fixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import finite_array, finite_number, short
from neurosim.errors import ArgumentError, ArgumentTypeError, ShapeError

if TYPE_CHECKING:
    from neurosim.network import Network

__all__ = ["Slice", "limits_around"]

MARGIN = 0.12
"""What is shown beyond the samples, as a share of what they span."""
UNSAMPLED = (-2.0, 2.0)
"""What is shown of an input where there are no samples."""


@dataclass(frozen=True)
class Slice:
    """A line or plane through the space of inputs.

    Attributes
    ----------
    free : tuple of int
        The columns of X that vary, one per axis of the chart.
    held : (n_inputs,) array
        What the other columns are.
    labels : tuple of str
        Of the free inputs.
    """

    free: tuple[int, ...]
    held: Any
    labels: tuple[str, ...]

    @classmethod
    def of(cls, network: Network, at: Any, n_free: int, whose: str) -> Slice:
        """Return the slice with the inputs of the mapping `at` held at their values."""
        inputs = network.wiring.inputs.tolist()
        given = _held(network, at, inputs, whose)
        free = tuple(column for column in range(len(inputs)) if column not in given)
        if len(free) != n_free:
            raise ArgumentError(_wrong_count(network, free, n_free, whose))
        held = np.array([given.get(column, 0.0) for column in range(len(inputs))])
        return cls(free, held, tuple(network.labels[inputs[column]] for column in free))

    def rows(self, *values: Any) -> Any:
        """Return X ``(n, n_inputs)`` for the values of every free input, each ``(n,)``."""
        table = np.tile(self.held, (len(values[0]), 1))
        table[:, list(self.free)] = np.column_stack(values)
        return table

    def limits(self, given: Any, X: Any, whose: str) -> list[tuple[float, float]]:
        """Return from where to where each free input goes: as told, else around the samples."""
        if given is None:
            columns = [None if X is None else X[:, column] for column in self.free]
            return [UNSAMPLED if c is None else limits_around(c) for c in columns]
        array = finite_array(given, f"{whose}: limits")
        pairs = np.tile(array, (len(self.free), 1)) if array.shape == (2,) else array
        if pairs.shape != (len(self.free), 2):
            each = " or a (low, high) for each of the 2 axes" if len(self.free) == 2 else ""
            raise ShapeError(f"{whose}: limits must be (low, high){each}; got {short(given)}.")
        if not (pairs[:, 0] < pairs[:, 1]).all():
            raise ArgumentError(f"{whose}: limits must go from low to high; got {short(given)}.")
        return [(float(low), float(high)) for low, high in pairs]


def limits_around(values: Any, margin: float = MARGIN) -> tuple[float, float]:
    """Return an interval that holds all values, with a margin.

    >>> limits_around(np.array([0.0, 1.0]), margin=0.25)
    (-0.25, 1.25)
    """
    low, high = float(np.min(values)), float(np.max(values))
    room = margin * (high - low) or max(1.0, abs(low))
    return low - room, high + room


def _held(network: Network, at: Any, inputs: list[int], whose: str) -> dict[int, float]:
    """Return the value of every input that is held, by column."""
    if at is None:
        return {}
    if not isinstance(at, Mapping):
        example = f"{{{network.labels[inputs[-1]]!r}: 0.0}}"
        raise ArgumentTypeError(
            f"{whose}: at must say at which values inputs are held, such as at={example}; "
            f"got {short(at)}."
        )
    held = {}
    for key, value in at.items():
        number = network.directory.neuron(key)
        label = network.labels[number]
        if number not in inputs:
            raise ArgumentError(
                f"{whose}: at can hold inputs only, and {label!r} is none; inputs are "
                f"{_listed([network.labels[i] for i in inputs])}."
            )
        held[inputs.index(number)] = finite_number(value, f"{whose}: at[{label!r}]")
    return held


def _wrong_count(network: Network, free: tuple[int, ...], n_free: int, whose: str) -> str:
    labels = [network.labels[i] for i in network.wiring.inputs.tolist()]
    axes = "1 input, the axis" if n_free == 1 else f"{n_free} inputs, one per axis"
    have = f"{whose} varies {axes}"
    if len(free) > n_free:
        spare = ", ".join(f"{labels[column]!r}: 0.0" for column in free[n_free:][:3])
        more = ", ..." if len(free) - n_free > 3 else ""
        return (
            f"{have}, but {len(free)} are free: {_listed([labels[i] for i in free])}. Hold all "
            f"but {n_free} of them fixed, such as at={{{spare}{more}}}."
        )
    if len(labels) < n_free:
        return f"{have}, but the network has {len(labels)}: {labels[0]!r}. Use ns.draw_function."
    held = len(labels) - len(free)
    return f"{have}, but at holds {held} of the {len(labels)} fixed; leave {n_free} of them out."


def _listed(labels: list[str]) -> str:
    return ", ".join(repr(label) for label in labels[:4]) + (", ..." if len(labels) > 4 else "")
