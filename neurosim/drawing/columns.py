"""Which neurons stand in which column, and which of a large layer are left out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.drawing.levels import has_own_layers, levels_of
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from neurosim.drawing.options import Options
    from neurosim.layers import BaseLayer
    from neurosim.network import Network
    from neurosim.neurons import Kind

    Floats = NDArray[Any]
    Integers = NDArray[np.int64]

__all__ = ["MOST_COLUMNS", "MOST_EDGES", "Column", "Drawn", "columns_of", "drawn_edges"]

MOST_COLUMNS = 200
MOST_EDGES = 20_000
"""What a drawing holds: more edges than this hide one another, and take long."""


@dataclass(frozen=True)
class Column:
    """One column of a drawing: a layer, or neurons that could be computed at once.

    Attributes
    ----------
    layer : BaseLayer
        That of its first neuron.
    kind : Kind or None
        That of all its neurons; None where there are several.
    size : int
        How many neurons belong here.
    members : tuple of int
        Those drawn, in order, by number.
    gaps : tuple of (int, int)
        After how many of them an ellipsis stands, and for how many neurons.
    named : bool
        Whether it is the layer, or a part of one that a person made; a level of a graph may be
        neither.
    in_order : bool
        Whether they are drawn in their order, as in a layer; else so that few edges cross.
    """

    layer: BaseLayer
    kind: Kind | None
    size: int
    members: tuple[int, ...]
    gaps: tuple[tuple[int, int], ...] = ()
    named: bool = True
    in_order: bool = True

    @property
    def left_out(self) -> int:
        """How many neurons ellipses stand for."""
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
    hidden : int
        How many more there are, whose weights are below the threshold.
    """

    sources: Integers
    targets: Integers
    columns: Integers
    slots: Integers
    hidden: int = 0

    def __len__(self) -> int:
        return len(self.sources)


def columns_of(
    network: Network, options: Options, parameters: Floats, wanted: Collection[int] = ()
) -> list[Column]:
    """Return the network's layers as columns, every edge leading from one to a later one.

    Parameters
    ----------
    network : Network
    options : Options
        How many neurons of a layer are drawn, and which.
    parameters : array
        Those by which neurons are strong or weak.
    wanted : collection of int
        Neurons that are drawn whatever the options say, if they are not too many.
    """
    groups = _grouped(network, levels_of(network))
    if len(groups) > MOST_COLUMNS:
        raise ArgumentError(
            f"Network.draw: the network has {len(groups)} layers, one after the other, and a "
            f"drawing holds at most {MOST_COLUMNS}; draw a smaller network."
        )
    most = options.max_neurons
    strength = None
    if options.keep == "strongest" and max(map(len, groups)) > most:
        strength = _strengths(network, parameters)
    return [_column(network, numbers, most, strength, wanted) for numbers in groups]


def _grouped(network: Network, levels: Integers) -> list[list[int]]:
    """Return the neurons of every level, in order of layers and of their places there."""
    order = np.lexsort((*network.position_of.T[::-1], levels))
    ends = np.flatnonzero(np.diff(levels[order])) + 1
    return [part.tolist() for part in np.split(order, ends)]


def _strengths(network: Network, parameters: Floats) -> Floats:
    """Return the sum of |weight| over the edges of every neuron, in and out."""
    edges, n = network.wiring.edges, network.wiring.n_neurons
    sizes = np.abs(np.asarray(parameters[network.wiring.edge_slots], dtype=np.float64))
    sizes = np.where(np.isfinite(sizes), sizes, np.finfo(np.float32).max)
    strengths: Floats = np.bincount(edges.sources, sizes, n) + np.bincount(edges.targets, sizes, n)
    return strengths


def _column(
    network: Network,
    numbers: list[int],
    most: int,
    strength: Floats | None,
    wanted: Collection[int],
) -> Column:
    layer = network.layers[int(network.position_of[numbers[0], 0])]
    own = has_own_layers(network)
    kinds = np.unique(network.wiring.kind_of[numbers])
    kept = _kept(numbers, most, strength, wanted)
    return Column(
        layer,
        network.wiring.kinds[int(kinds[0])] if len(kinds) == 1 else None,
        len(numbers),
        tuple(numbers[place] for place in kept),
        _gaps(kept, len(numbers)),
        own or _is_layer(network, numbers),
        own or len(kept) < len(numbers) or network.wiring.is_input(numbers[0]),
    )


def _is_layer(network: Network, numbers: list[int]) -> bool:
    """Whether neurons are those of one layer, and all of them."""
    of = network.position_of[numbers, 0]
    return bool((of == of[0]).all()) and len(of) == network.layers[int(of[0])].size


def _kept(
    numbers: list[int], most: int, strength: Floats | None, wanted: Collection[int]
) -> list[int]:
    """Return the places of the neurons that are drawn; an ellipsis takes a place of its own."""
    n = len(numbers)
    if n <= most:
        return list(range(n))
    if strength is not None:
        kept = np.argsort(-strength[numbers], kind="stable")[: most - 1].tolist()
    else:
        kept = [*range(most // 2), *range(n - (most - 1) // 2, n)]
    also = [place for place, number in enumerate(numbers) if number in wanted]
    return sorted({*kept, *also} if len(also) <= most else kept)


def _gaps(kept: list[int], n: int) -> tuple[tuple[int, int], ...]:
    """Return after how many of those kept some are missing, and how many."""
    missing = [b - a - 1 for a, b in pairwise([-1, *kept, n])]
    return tuple((after, count) for after, count in enumerate(missing) if count)


def drawn_edges(
    network: Network, columns: list[Column], threshold: float, parameters: Floats
) -> Drawn:
    """Return the edges both of whose neurons are drawn, without those of little weight."""
    column = np.full(network.wiring.n_neurons, -1)
    for position, each in enumerate(columns):
        column[list(each.members)] = position
    edges, slots = network.wiring.edges, network.wiring.edge_slots
    both = (column[edges.sources] >= 0) & (column[edges.targets] >= 0)
    weak = both & (np.abs(parameters[slots]) < threshold)
    kept = np.flatnonzero(both & ~weak)
    if len(kept) > MOST_EDGES:
        raise ArgumentError(
            f"Network.draw: a drawing holds at most {MOST_EDGES:,} edges; this one would have "
            f"{len(kept):,}. Set threshold= to leave out weak edges, or a smaller max_neurons= to "
            "draw fewer neurons of every layer."
        )
    sources, targets = edges.sources[kept], edges.targets[kept]
    ends = np.column_stack([column[sources], column[targets]])
    return Drawn(sources, targets, ends, slots[kept], int(weak.sum()))
