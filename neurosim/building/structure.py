"""What a network is before it lives: its wiring, start parameters and names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from neurosim.errors import LabelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from neurosim.layers import BaseLayer
    from neurosim.neurons import Kind
    from neurosim.wiring import Edges, Wiring

    Integers = NDArray[np.int64]

__all__ = ["Parts", "Structure", "check_labels"]


@dataclass
class Structure:
    """Everything about a network but its loss and what changes while it learns.

    Attributes
    ----------
    wiring : Wiring
    parameters : array
        What every parameter starts from.
    frozen : array of bool
    layers : list of BaseLayer
        The network's own layers, still without a place; the input layer first.
    members : list of arrays
        The neurons of each layer, by number.
    nodes : sequence or None
        What the neurons were in the person's graph; None in a layered network.
    coupled_in : array
        The layer in which a neuron is coupled with its like, -1 where none was given.
    tie_names : tuple of str
        By tie number.
    averages : array or None
        The running averages of normalized neurons, ``(2, n_neurons)``; None where they begin.
    """

    wiring: Wiring
    parameters: Any
    frozen: Any
    layers: list[BaseLayer]
    members: list[Integers]
    nodes: Sequence[Any] | None
    coupled_in: Integers
    tie_names: tuple[str, ...] = ()
    averages: Any = None


@dataclass
class Parts:
    """A graph in arrays, before it is wired; a weight of NaN is still to be drawn."""

    kinds: list[Kind]
    edges: Edges
    weights: Any
    biases: Any
    inputs: Integers
    outputs: Integers
    nodes: Sequence[Any]
    layer_names: list[str | None] | None = None
    tie_names: list[str] = field(default_factory=list)
    frozen_edges: Any = None
    frozen_biases: Any = None


def check_labels(labels: Sequence[str]) -> None:
    """Raise `LabelError` where two neurons have the same label."""
    if len(set(labels)) == len(labels):
        return
    seen: set[str] = set()
    for label in labels:
        if label in seen:
            raise LabelError(
                f"Network: two neurons have the label {label!r}; labels must be unique."
            )
        seen.add(label)
