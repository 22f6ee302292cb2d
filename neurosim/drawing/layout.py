"""Where everything stands: the columns' places, the ways of the edges, and their numbers.

Heights are settled first (`heights`), then the distance of every two columns: as small as their
texts allow, or a little larger where that makes room for the numbers on the edges between them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from neurosim.drawing.boxes import Box
from neurosim.drawing.heights import Heights
from neurosim.drawing.numbers import MOST_NUMBERS, in_one_column, one_by_one

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from neurosim.drawing.captions import Caption
    from neurosim.drawing.plan import Plan

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

__all__ = ["Layout", "arranged"]

# How far columns may be moved apart to make room for numbers, and how wide all of it may get.
WIDEST_GAP, GAP_STEP, WIDEST_WITH_NUMBERS = 320.0, 6.0, 1300.0
# The gap grows with the height of what it joins, so that no edge is too steep.
GAP_BY_HEIGHT = 0.5
# So many numbers are easier to read where they all stand on the same side of their gap.
MANY_NUMBERS = 16
HEADING_SPACE, LABEL_SPACE = 16.0, 10.0
NUMBER_SPACE = (7.0, 2.0)
# Where on the way between columns a curve is steered from: a part of their distance.
STEER, CURVE_POINTS = 0.45, 20


@dataclass
class Layout:
    """The places of everything, in points; y points up.

    Attributes
    ----------
    x : list of float
        Of the columns.
    node : dict
        The (x, y) of every neuron drawn, by number.
    ellipsis : dict
        The (x, y) of every ellipsis, by column.
    paths : list of arrays
        The way of every edge, in the order of the plan's.
    numbers : dict
        Where there is room for it, the box of an edge's number.
    top, bottom : float
        How far nodes and lanes reach, their texts included.
    """

    x: list[float]
    top: float
    bottom: float
    node: dict[int, tuple[float, float]] = field(default_factory=dict)
    ellipsis: dict[int, tuple[float, float]] = field(default_factory=dict)
    paths: list[Floats] = field(default_factory=list)
    numbers: dict[int, Box] = field(default_factory=dict)


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
        Of every column.
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
        self.heights = Heights(plan, captions)
        self.number_sizes, self.heading_widths = number_sizes, heading_widths
        self.spans = self.edges.columns[:, 1] - self.edges.columns[:, 0]
        self.obstacles = [self._obstacles(column) for column in range(len(plan.columns))]

    def layout(self) -> Layout:
        """Return the layout."""
        gaps = range(len(self.plan.columns) - 1)
        least = [self._least_gap(gap) for gap in gaps]
        found = [self._gap_with_numbers(gap, least[gap]) for gap in gaps]
        if sum(width for width, _ in found) > max(WIDEST_WITH_NUMBERS, sum(least)):
            found = [(width, {}) for width in least]
        x = np.concatenate([[0.0], np.cumsum([width for width, _ in found])]).tolist()
        layout = Layout(x, self.heights.top, self.heights.bottom)
        for gap, (_, boxes) in enumerate(found):
            layout.numbers |= {edge: box.moved(x[gap]) for edge, box in boxes.items()}
        self._place(layout)
        return layout

    def _place(self, layout: Layout) -> None:
        for column, (x, heights) in enumerate(zip(layout.x, self.heights.of, strict=True)):
            for (kind, key), y in heights.items():
                if kind == "node":
                    layout.node[key] = (x, y)
                elif kind == "ellipsis":
                    layout.ellipsis[key] = (x, y)
            boxes = self._lane_numbers(column)
            layout.numbers |= {edge: box.moved(x) for edge, box in boxes.items()}
        layout.paths = self._paths(layout)

    # -- columns --------------------------------------------------------------------------------

    def _least_gap(self, gap: int) -> float:
        pair = self.heights.of[gap : gap + 2]
        height = max(max(column.values()) - min(column.values()) for column in pair)
        headings = sum(self.heading_widths[gap : gap + 2]) / 2 + HEADING_SPACE
        texts = self._reach(gap) + self._reach(gap + 1) + LABEL_SPACE
        return max(self.plan.sizes.gap, GAP_BY_HEIGHT * height, headings, texts)

    def _reach(self, column: int) -> float:
        """Return how far a column's nodes and texts reach to its sides."""
        return max(box.half_width for box in self.obstacles[column])

    def _obstacles(self, column: int) -> list[Box]:
        """Return what stands in a column, which is at 0: nodes, their texts, numbers in lanes."""
        return self.heights.node_boxes(column) + list(self._lane_numbers(column).values())

    # -- numbers --------------------------------------------------------------------------------

    def _lane_numbers(self, column: int) -> dict[int, Box]:
        """Return where the numbers of skip edges stand: in the middle one of their lanes."""
        boxes = {}
        for (kind, edge), y in self.heights.of[column].items():
            if kind != "lane" or int(self.edges.columns[edge].sum()) // 2 != column:
                continue
            width, height = self.number_sizes[edge].tolist()
            if width and self.heights.wide_lanes[column]:
                boxes[edge] = Box(0.0, y, width / 2, height / 2)
        return boxes

    def _gap_with_numbers(self, gap: int, least: float) -> tuple[float, dict[int, Box]]:
        """Return a width of the gap, and boxes of the numbers if one is wide enough for them."""
        ends = self.edges.columns
        edges = np.flatnonzero((ends[:, 0] == gap) & (ends[:, 1] == gap + 1))
        if not 0 < len(edges) <= MOST_NUMBERS or not self.number_sizes[edges, 0].all():
            return least, {}
        ways = [in_one_column, one_by_one]
        if len(edges) >= MANY_NUMBERS:
            ways.insert(0, partial(in_one_column, first_part=0.5))
        for place in ways:
            for width in np.arange(least, max(WIDEST_GAP, least + 1), GAP_STEP).tolist():
                obstacles = [*self.obstacles[gap]]
                obstacles += [box.moved(width) for box in self.obstacles[gap + 1]]
                sizes = self.number_sizes[edges] + NUMBER_SPACE
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

    def _paths(self, layout: Layout) -> list[Floats]:
        numbers = sorted(layout.node)
        places = np.array([layout.node[number] for number in numbers])
        ends = np.column_stack([self.edges.sources, self.edges.targets])
        paths = list(places[np.searchsorted(numbers, ends)])
        for edge in np.flatnonzero(self.spans > 1).tolist():
            gaps = range(*self.edges.columns[edge].tolist())
            pieces = [self._piece(edge, gap, layout.x[gap], layout.x[gap + 1]) for gap in gaps]
            paths[edge] = np.concatenate(pieces)
        return paths

    def _piece(self, edge: int, gap: int, x0: float, x1: float) -> Floats:
        """Return the way of a skip edge through a gap: level beside the nodes, then a curve."""
        first, last = self.edges.columns[edge].tolist()
        beside = self.plan.sizes.radius
        y0, y1 = (self.heights.edge(edge, column) for column in (gap, gap + 1))
        start = x0 if gap == first else x0 + beside
        end = x1 if gap + 1 == last else x1 - beside
        return _curve(start, y0, end, y1)


def _curve(x0: float, y0: float, x1: float, y1: float) -> Floats:
    """Return a cubic Bézier curve that starts and ends level."""
    t = np.linspace(0.0, 1.0, CURVE_POINTS)
    s = 1.0 - t
    steer = STEER * (x1 - x0)
    xs = s**3 * x0 + 3 * s * s * t * (x0 + steer) + 3 * s * t * t * (x1 - steer) + t**3 * x1
    ys = (s**3 + 3 * s * s * t) * y0 + (3 * s * t * t + t**3) * y1
    return np.column_stack([xs, ys])
