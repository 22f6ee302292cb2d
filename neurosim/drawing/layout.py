"""Where everything stands: the columns' places, the ways of the edges, and their numbers.

Heights are settled first (`heights`), then the distance of every two columns: as small as their
texts allow, or a little larger where that makes room for the numbers on the edges between them.
All of it is done as if edges led to the right; where they lead down, it is turned at the end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from neurosim.drawing.ellipses import Ellipsis
from neurosim.drawing.heights import Heights
from neurosim.drawing.numbers import MOST_NUMBERS, in_one_column, one_by_one

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from neurosim.drawing.boxes import Box
    from neurosim.drawing.captions import Caption
    from neurosim.drawing.crossings import Item
    from neurosim.drawing.plan import Plan

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

__all__ = ["Layout", "arranged"]

# How far columns may be moved apart to make room for numbers, and how wide all of it may get.
WIDEST_GAP, GAP_STEP, WIDEST_WITH_NUMBERS = 320.0, 6.0, 1300.0
# The gap grows with the height of what it joins, so that no edge is too steep; rows are long, and
# flat edges are what they have.
GAP_BY_HEIGHT = {"right": 0.5, "down": 0.25}
# As a part of the slope at which an edge would touch the next node.
STEEPEST = 0.8
# More columns than this stand nearer together, but not nearer than a part of the usual distance.
FEW_COLUMNS, NEAREST = 12, 0.5
# So many numbers are easier to read where they all stand on the same side of their gap.
MANY_NUMBERS = 16
HEADING_SPACE, LABEL_SPACE = 16.0, 10.0
NUMBER_SPACE = (7.0, 2.0)
# Where on the way between columns a curve is steered from: a part of their distance.
STEER, CURVE_POINTS = 0.45, 20
# How steep an edge may be beside nodes: so little that it stays clear of them.
STEEPEST_LANE = 0.2
# A curve over the gap w has risen by 3 (r / (3 STEER w))^2 dy where the node of radius r ends; it
# is steep if that is more than about r / 2, that is dy r > STEEP_CURVE w^2.
STEEP_CURVE = 1.5 * STEER**2


@dataclass
class Layout:
    """The places of everything, in points; x points right and y up.

    Attributes
    ----------
    at : list of float
        The x of every column, or the y of every row.
    node : dict
        The (x, y) of every neuron drawn, by number.
    ellipses : list of Ellipsis
    paths : list of arrays
        The way of every edge, in the order of the plan's.
    numbers : dict
        Where there is room for it, the box of an edge's number.
    left, bottom, right, top : float
        How far nodes, texts and lanes reach.
    """

    at: list[float] = field(default_factory=list)
    node: dict[int, tuple[float, float]] = field(default_factory=dict)
    ellipses: list[Ellipsis] = field(default_factory=list)
    paths: list[Floats] = field(default_factory=list)
    numbers: dict[int, Box] = field(default_factory=dict)
    left: float = 0.0
    bottom: float = 0.0
    right: float = 0.0
    top: float = 0.0


def arranged(
    plan: Plan,
    captions: dict[int, Caption],
    number_sizes: Floats,
    heading_widths: Sequence[float],
) -> Layout:
    """Return the layout of a plan.

    Parameters
    ----------
    plan : Plan
    captions : dict
        Of every neuron drawn.
    number_sizes : (n, 2) array
        The width and height of the number on every edge; 0 where none is to be shown.
    heading_widths : list of float
        Of every column; of rows, they stand beside.
    """
    return _Arranger(plan, captions, number_sizes, heading_widths).layout()


class _Arranger:
    def __init__(
        self,
        plan: Plan,
        captions: dict[int, Caption],
        number_sizes: Floats,
        heading_widths: Sequence[float],
    ) -> None:
        self.plan, self.edges = plan, plan.edges
        self.down = plan.options.direction == "down"
        self.number_sizes = number_sizes[:, ::-1] if self.down else number_sizes
        self.heading_widths = [0.0] * len(plan.columns) if self.down else heading_widths
        self.heights = Heights(plan, captions, self.number_sizes)
        self.slopes: list[dict[Item, float]] = []
        self.spans = self.edges.columns[:, 1] - self.edges.columns[:, 0]
        columns = range(len(plan.columns))
        self.lane_numbers = [self.heights.number_boxes(column) for column in columns]
        self.obstacles = [
            self.heights.node_boxes(column) + list(self.lane_numbers[column].values())
            for column in columns
        ]

    def layout(self) -> Layout:
        """Return the layout."""
        gaps = range(len(self.plan.columns) - 1)
        least = [self._least_gap(gap) for gap in gaps]
        most = max(WIDEST_WITH_NUMBERS, sum(least))
        self.slopes = self._slopes(least)
        found = [self._gap_with_numbers(gap, least[gap], most - sum(least)) for gap in gaps]
        if sum(width for width, _ in found) > most:
            found = [self._gap_with_numbers(gap, least[gap], 0.0) for gap in gaps]
        along = np.concatenate([[0.0], np.cumsum([width for width, _ in found])]).tolist()
        layout = Layout([-x if self.down else x for x in along])
        boxes = {
            e: box.moved(along[gap]) for gap, (_, b) in enumerate(found) for e, box in b.items()
        }
        for x, lanes in zip(along, self.lane_numbers, strict=True):
            boxes |= {edge: box.moved(x) for edge, box in lanes.items()}
        layout.numbers = {edge: self._box(box) for edge, box in boxes.items()}
        self._place(layout, along)
        layout.paths = self._paths(along)
        self._bound(layout, along)
        return layout

    # -- from columns to the page ---------------------------------------------------------------

    def _point(self, along: float, height: float) -> tuple[float, float]:
        return (-height, -along) if self.down else (along, height)

    def _box(self, box: Box) -> Box:
        return box.turned() if self.down else box

    def _place(self, layout: Layout, along: list[float]) -> None:
        for column, (x, heights) in enumerate(zip(along, self.heights.of, strict=True)):
            for (kind, key), height in heights.items():
                at = self._point(x, height)
                if kind == "node":
                    layout.node[key] = at
                elif kind == "ellipsis":
                    layout.ellipses.append(Ellipsis.of(self.plan, column, key[1], *at))

    def _bound(self, layout: Layout, along: list[float]) -> None:
        """Say how far everything reaches: what stands in columns, and what at their sides."""
        heights, r = self.heights, self.plan.sizes.radius
        first = along[0] + min(box.x - box.half_width for box in self.obstacles[0])
        last = along[-1] + max(box.x + box.half_width for box in self.obstacles[-1])
        one, other = self._point(min(first, -r), heights.top), self._point(last, heights.bottom)
        layout.left, layout.right = sorted((one[0], other[0]))
        layout.bottom, layout.top = sorted((one[1], other[1]))
        # Beside small nodes, numbers on edges reach farther than the nodes that these join.
        for box in layout.numbers.values():
            layout.left = min(layout.left, box.x - box.half_width)
            layout.right = max(layout.right, box.x + box.half_width)
            layout.bottom = min(layout.bottom, box.y - box.half_height)
            layout.top = max(layout.top, box.y + box.half_height)

    # -- columns --------------------------------------------------------------------------------

    def _least_gap(self, gap: int) -> float:
        n, headings = len(self.plan.columns), self.heading_widths[gap : gap + 2]
        nearest = 0.0 if self.plan.room.small else NEAREST
        usual = self.plan.sizes.gap * max(nearest, min(1.0, FEW_COLUMNS / n))
        texts = self._reach(gap, 1) + self._reach(gap + 1, -1) + LABEL_SPACE
        titles = sum(headings) / 2 + HEADING_SPACE
        if self.plan.room.storeys > 1:
            # So many gaps hold the widest title, with the titles between on other storeys.
            titles = (max(self.heading_widths) + HEADING_SPACE) / self.plan.room.storeys
        return max(usual, titles, texts, self._for_slopes(gap))

    def _reach(self, column: int, side: int) -> float:
        """Return how far a column's nodes and texts reach, after it or before."""
        return max(side * box.x + box.half_width for box in self.obstacles[column])

    def _for_slopes(self, gap: int) -> float:
        """Return the distance at which no edge is too steep, and so meets no other node."""
        steps = [
            abs(self.heights.of[gap][a] - self.heights.of[gap + 1][b])
            for a, b in self.heights.lanes.links(gap)
        ]
        r = self.plan.sizes.radius
        nearest = min(self._nearest(gap), self._nearest(gap + 1))
        touching = math.sqrt(max((nearest / r) ** 2 - 1.0, 0.25))
        by_height = GAP_BY_HEIGHT[self.plan.options.direction]
        if self.plan.room.small:
            by_height *= self.plan.room.along
        flat = max(by_height, 1 / (STEEPEST * touching))
        return flat * max(steps, default=0.0)

    def _nearest(self, column: int) -> float:
        """Return the least distance of two nodes of a column."""
        nodes = sorted(y for (kind, _), y in self.heights.of[column].items() if kind == "node")
        distances: list[float] = [above - below for below, above in pairwise(nodes)]
        return min(distances, default=float("inf"))

    # -- numbers --------------------------------------------------------------------------------

    def _gap_with_numbers(
        self, gap: int, least: float, more: float
    ) -> tuple[float, dict[int, Box]]:
        """Return a width of the gap, and boxes of the numbers if one is wide enough for them."""
        ends = self.edges.columns
        edges = np.flatnonzero((ends[:, 0] == gap) & (ends[:, 1] == gap + 1))
        if not 0 < len(edges) <= MOST_NUMBERS or not self.number_sizes[edges, 0].all():
            return least, {}
        if self.heights.lanes.shared and len(edges) >= MANY_NUMBERS:
            return least, {}
        ways = [in_one_column, one_by_one]
        if len(edges) >= MANY_NUMBERS:
            ways.insert(0, partial(in_one_column, first_part=0.5))
        for place in ways:
            for width in np.arange(
                least, max(min(WIDEST_GAP, least + more), least + 1), GAP_STEP
            ).tolist():
                obstacles = [*self.obstacles[gap]]
                obstacles += [box.moved(width) for box in self.obstacles[gap + 1]]
                sizes = self.number_sizes[edges] + NUMBER_SPACE[:: -1 if self.down else 1]
                curves = self._curves(gap, width)
                boxes = place(*self._ends(gap, width, edges), sizes, curves, obstacles)
                if boxes is not None:
                    return width, dict(zip(edges.tolist(), boxes, strict=True))
        return least, {}

    def _ends(self, gap: int, width: float, edges: Integers) -> tuple[Floats, Floats]:
        starts = [(0.0, self.heights.edge(edge, gap)) for edge in edges.tolist()]
        ends = [(width, self.heights.edge(edge, gap + 1)) for edge in edges.tolist()]
        return np.array(starts), np.array(ends)

    def _curves(self, gap: int, width: float) -> list[Floats]:
        """Return the skip edges that cross a gap, the left column at 0."""
        ends = self.edges.columns
        crossing = (self.spans > 1) & (ends[:, 0] <= gap) & (gap < ends[:, 1])
        return [self._piece(edge, gap, 0.0, width) for edge in np.flatnonzero(crossing).tolist()]

    # -- edges ----------------------------------------------------------------------------------

    def _paths(self, along: list[float]) -> list[Floats]:
        edges = self.edges
        height = np.zeros(self.plan.network.wiring.n_neurons)
        for column in self.heights.of:
            for (kind, key), y in column.items():
                if kind == "node":
                    height[key] = y
        ends = np.stack([edges.sources, edges.targets], axis=1)
        ways = np.stack([np.array(along)[edges.columns], height[ends]], axis=2)
        paths = list(ways)
        for edge in np.flatnonzero(self.spans > 1).tolist():
            gaps = range(*edges.columns[edge].tolist())
            pieces = [self._piece(edge, gap, along[gap], along[gap + 1]) for gap in gaps]
            paths[edge] = np.concatenate(pieces)
        return [-path[:, ::-1] for path in paths] if self.down else paths

    def _slopes(self, widths: list[float]) -> list[dict[Item, float]]:
        """Return how steep edges are in lanes, by column: level where they turn."""
        slopes: list[dict[Item, list[float]]] = [{} for _ in self.plan.columns]
        for gap, width in enumerate(widths):
            left, right = self.heights.of[gap], self.heights.of[gap + 1]
            for one, other in self.heights.lanes.links(gap):
                slope = (right[other] - left[one]) / width
                slopes[gap].setdefault(one, []).append(slope)
                slopes[gap + 1].setdefault(other, []).append(slope)
        return [
            {item: _gentlest(its) for item, its in column.items() if item[0] == "lane"}
            for column in slopes
        ]

    def _piece(self, edge: int, gap: int, x0: float, x1: float) -> Floats:
        """Return the way of a skip edge through a gap: straight beside nodes, then a curve."""
        y0, y1 = (self.heights.edge(edge, column) for column in (gap, gap + 1))
        steep = abs(y1 - y0) * self.plan.sizes.radius > STEEP_CURVE * (x1 - x0) ** 2
        (start, rise), (end, fall) = (self._beside(edge, c, steep) for c in (gap, gap + 1))
        return _curve((x0 + start, y0 + rise * start), (x1 - end, y1 - fall * end), rise, fall)

    def _beside(self, edge: int, column: int, steep: bool) -> tuple[float, float]:
        """Return how far an edge is straight on either side of a column, and at which slope."""
        item = self.heights.lanes.at(edge, column)
        if item[0] == "node":
            # A steep curve would meet the next node where it leaves its own at once.
            return (self.plan.sizes.radius if steep else 0.0), 0.0
        return self.plan.sizes.radius, self.slopes[column][item]


def _gentlest(slopes: list[float]) -> float:
    """Return the least of some slopes up, or of some slopes down; 0 where they differ in sign."""
    sign = 1.0 if slopes[0] > 0 else -1.0
    return sign * max(0.0, min(STEEPEST_LANE, *(sign * slope for slope in slopes)))


def _curve(
    start: tuple[float, float], end: tuple[float, float], rise: float, fall: float
) -> Floats:
    """Return a cubic Bézier curve that starts and ends with these slopes."""
    steer = STEER * (end[0] - start[0])
    t = np.linspace(0.0, 1.0, CURVE_POINTS)[:, np.newaxis]
    s = 1.0 - t
    points = (start, _ahead(start, steer, rise), _ahead(end, -steer, fall), end)
    parts = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
    way: Floats = sum(part * np.array(point) for part, point in zip(parts, points, strict=True))
    return way


def _ahead(point: tuple[float, float], dx: float, slope: float) -> tuple[float, float]:
    return point[0] + dx, point[1] + slope * dx
