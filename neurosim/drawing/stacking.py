"""Heights within columns: nothing touches, and everything is as near as can be to its wish.

For things in a given order that must keep distances d_i, the heights y_i with the least
sum w_i (y_i - wish_i)^2 and y_i - y_(i+1) >= d_i are found by adding the distances up,
t_i = y_i + d_0 + ... + d_(i-1), which makes t a falling sequence: isotonic regression, by
pooling neighbours that violate the order (Barlow, Bartholomew, Bremner and Brunk, 1972).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from neurosim.drawing.crossings import Neighbours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neurosim.drawing.crossings import Item, Links

__all__ = ["Settling", "spread"]

# How much a link wants to be level, by how many of its ends are lanes; as in Graphviz.
LEVEL = {0: 1.0, 1: 2.0, 2: 8.0}
# How much stronger than by a link a node is held at its place in a layer.
HELD = 30.0
# What nothing is joined to stays where it is.
FREE = 0.05
ROUNDS = 8


def spread(
    wishes: Sequence[float], weights: Sequence[float], apart: Sequence[float]
) -> list[float]:
    """Return falling heights near to the wishes, with at least these distances.

    >>> spread([0.0, 0.0], [1.0, 1.0], [10.0])
    [5.0, -5.0]
    """
    below = [0.0]
    for distance in apart:
        below.append(below[-1] + distance)
    pools: list[tuple[float, float, int]] = []
    for wish, weight, shift in zip(wishes, weights, below, strict=True):
        mean, total, count = wish + shift, weight, 1
        while pools and pools[-1][0] < mean:
            other, its, n = pools.pop()
            mean = (mean * total + other * its) / (total + its)
            total, count = total + its, count + n
        pools.append((mean, total, count))
    means = [mean for mean, _, count in pools for _ in range(count)]
    return [mean - shift for mean, shift in zip(means, below, strict=True)]


class Settling:
    """Heights that make links level, found by sweeps over the columns.

    Parameters
    ----------
    columns : list of lists
        What stands in each, from the top.
    apart : list of lists of float
        The least distances of neighbours there.
    links : list of lists of pairs
        What is joined between every two columns.
    start : list of dicts
        Where everything stands at first.
    held : list of bool
        The columns whose nodes stay there, as far as lanes leave them room.
    """

    def __init__(
        self,
        columns: list[list[Item]],
        apart: list[list[float]],
        links: Links,
        start: list[dict[Item, float]],
        *,
        held: Sequence[bool],
    ) -> None:
        self.columns, self.apart, self.held = columns, apart, held
        self.start, self.heights = start, [dict(column) for column in start]
        self.sides = Neighbours(columns, links)

    def settled(self) -> list[dict[Item, float]]:
        """Return the heights."""
        n = len(self.columns)
        for _ in range(2):
            for k in range(1, n):
                self._settle(k, forward=True, backward=False)
            for k in range(n - 2, -1, -1):
                self._settle(k, forward=False, backward=True)
        for _ in range(ROUNDS):
            for k in (*range(n), *range(n - 1, -1, -1)):
                self._settle(k, forward=True, backward=True)
        return self.heights

    def _settle(self, k: int, *, forward: bool, backward: bool) -> None:
        """Move a column to the heights that its neighbours before it, or after it, ask for."""
        wishes, weights = [], []
        for item in self.columns[k]:
            pulls = [(self.heights[k][item], FREE)]
            if self.held[k] and item[0] != "lane":
                pulls = [(self.start[k][item], HELD)]
            if forward and k:
                pulls += self._pulls(item, self.sides.before[k][item], k - 1)
            if backward and k + 1 < len(self.columns):
                pulls += self._pulls(item, self.sides.after[k][item], k + 1)
            weights.append(sum(weight for _, weight in pulls))
            wishes.append(sum(height * weight for height, weight in pulls) / weights[-1])
        heights = spread(wishes, weights, self.apart[k])
        self.heights[k] = dict(zip(self.columns[k], heights, strict=True))

    def _pulls(self, item: Item, joined: list[Item], column: int) -> list[tuple[float, float]]:
        """Return the heights of some neighbours, and how much they count."""
        heights, lane = self.heights[column], item[0] == "lane"
        return [(heights[one], LEVEL[lane + (one[0] == "lane")]) for one in joined]
