"""Which neurons stand in which column, and which of a large layer are left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from neurosim.layers import BaseLayer
    from neurosim.network import Network
    from neurosim.neurons import Kind

    Integers = NDArray[np.int64]

__all__ = ["MOST_COLUMNS", "Column", "Drawn", "columns_of", "drawn_edges"]

MOST_COLUMNS = 200


@dataclass(frozen=True)
class Column:
    """One column of a drawing: a layer, or the part of a layer that is computed at once.

    Attributes
    ----------
    layer : BaseLayer
    kind : Kind or None
        That of all its neurons; None where there are several.
    size : int
        How many neurons belong here.
    members : tuple of int
        Those drawn, from top to bottom, by number.
    after : int or None
        After how many of them the ellipsis stands; None where nobody is left out.
    """

    layer: BaseLayer
    kind: Kind | None
    size: int
    members: tuple[int, ...]
    after: int | None = None

    @property
    def left_out(self) -> int:
        """How many neurons the ellipsis stands for."""
        return self.size - len(self.members)


@dataclass(frozen=True, eq=False)
class Drawn:
    """The edges between neurons that are drawn, as arrays.

    Attributes
    ----------
    sources, targets : (n,) arrays
        Neuron numbers.
    columns : (n, 2) array
        The columns that each edge joins; the first is always the smaller.
    slots : (n,) array
        The entries of ``network.parameters``.
    """

    sources: Integers
    targets: Integers
    columns: Integers
    slots: Integers

    def __len__(self) -> int:
        return len(self.sources)


def columns_of(network: Network, max_neurons: int) -> list[Column]:
    """Return the network's layers as columns, every edge leading from left to right.

    A layer that a neuron of the same layer reads is split up: its neurons are not computed at
    once, and could not stand above each other.
    """
    of = network.position_of[:, 0]
    edges = network.wiring.edges
    forward = network.wiring.sizes is not None or bool(
        (of[edges.sources] < of[edges.targets]).all()
    )
    keys = of[:, np.newaxis] if forward else np.column_stack([_depth(network), of])
    groups = _grouped(network, keys)
    if len(groups) > MOST_COLUMNS:
        raise ArgumentError(
            f"Network.draw: the network has {len(groups)} layers, one after the other, and a "
            f"drawing holds at most {MOST_COLUMNS}; draw a smaller network."
        )
    return [_column(network, numbers, max_neurons) for numbers in groups]


def _grouped(network: Network, keys: Any) -> list[list[int]]:
    """Return the neurons with equal keys, in order of the keys, each in order of its layer."""
    order = np.lexsort((network.position_of[:, 1], *keys.T[::-1]))
    ends = np.flatnonzero((np.diff(keys[order], axis=0) != 0).any(axis=1)) + 1
    return [part.tolist() for part in np.split(order, ends)]


def _depth(network: Network) -> Integers:
    """Return the length of the longest way to every neuron."""
    depth = np.zeros(network.wiring.n_neurons, dtype=np.int64)
    for block in network.wiring.blocks:
        depth[block.targets] = 1 + depth[block.sources].max(initial=0)
    return depth


def _column(network: Network, numbers: list[int], most: int) -> Column:
    layer = network.layers[int(network.position_of[numbers[0], 0])]
    kinds = np.unique(network.wiring.kind_of[numbers])
    kind = network.wiring.kinds[int(kinds[0])] if len(kinds) == 1 else None
    if len(numbers) <= most:
        return Column(layer, kind, len(numbers), tuple(numbers))
    # The ellipsis takes a place of its own.
    first, last = most // 2, (most - 1) // 2
    return Column(layer, kind, len(numbers), tuple(numbers[:first] + numbers[-last:]), first)


def drawn_edges(network: Network, columns: list[Column]) -> Drawn:
    """Return the edges both of whose neurons are drawn."""
    column = np.full(network.wiring.n_neurons, -1)
    for position, each in enumerate(columns):
        column[list(each.members)] = position
    edges = network.wiring.edges
    kept = np.flatnonzero((column[edges.sources] >= 0) & (column[edges.targets] >= 0))
    sources, targets = edges.sources[kept], edges.targets[kept]
    ends = np.column_stack([column[sources], column[targets]])
    return Drawn(sources, targets, ends, network.wiring.edge_slots[kept])
