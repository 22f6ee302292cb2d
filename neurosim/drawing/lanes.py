"""The ways of edges that skip columns: each passes a column in a lane, and so through no node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.drawing.columns import Drawn
    from neurosim.drawing.crossings import Item

__all__ = ["Lanes"]

# Where more would pass a column, edges from one neuron, or to one, share a lane.
MOST_APART = 12


@dataclass(frozen=True, eq=False)
class Lanes:
    """Which lane every skip edge takes.

    Attributes
    ----------
    edges : Drawn
    of : dict
        The lane of every edge that skips columns.
    shared : bool
        Whether edges from one neuron, or to one, share a lane.
    """

    edges: Drawn
    of: dict[int, int]
    shared: bool

    @classmethod
    def between(cls, edges: Drawn) -> Lanes:
        """Return the lanes of some edges: each its own, or shared where they would be too many.

        A lane is shared by the edges from one neuron, which leave it one by one; or by those to
        one neuron; whichever needs less room. So it is always clear where an edge leads.
        """
        skipping = np.flatnonzero(np.diff(edges.columns, axis=1)[:, 0] > 1).tolist()
        own = cls(edges, {edge: edge for edge in skipping}, shared=False)
        if own.most <= MOST_APART:
            return own
        shared = [
            cls(edges, {edge: int(ends[edge]) for edge in skipping}, shared=True)
            for ends in (edges.sources, edges.targets)
        ]
        return min(shared, key=lambda lanes: lanes.most)

    @property
    def most(self) -> int:
        """The largest number of lanes in a column."""
        last = int(self.edges.columns.max(initial=0))
        return max((len(self.through(column)) for column in range(last + 1)), default=0)

    def through(self, column: int) -> list[int]:
        """Return the lanes in a column."""
        ends = self.edges.columns
        passing = np.flatnonzero((ends[:, 0] < column) & (column < ends[:, 1])).tolist()
        return list(dict.fromkeys(self.of[edge] for edge in passing))

    def at(self, edge: int, column: int) -> Item:
        """Return where an edge is in a column that it leaves, passes or reaches."""
        first, last = self.edges.columns[edge].tolist()
        if column == first:
            return "node", int(self.edges.sources[edge])
        if column == last:
            return "node", int(self.edges.targets[edge])
        return "lane", self.of[edge]

    def links(self, gap: int) -> list[tuple[Item, Item]]:
        """Return what is joined between a column and the next."""
        ends = self.edges.columns
        edges: Iterable[int] = np.flatnonzero((ends[:, 0] <= gap) & (gap < ends[:, 1])).tolist()
        pairs = ((self.at(edge, gap), self.at(edge, gap + 1)) for edge in edges)
        return list(dict.fromkeys(pairs))
