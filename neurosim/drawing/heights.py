"""How high everything stands in its column: nodes, ellipses, and the lanes of skip edges.

A height is a place across the way that edges lead: y where they lead to the right, and -x where
they lead down. So the first neuron of a layer is on top, or on the left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from neurosim.drawing.boxes import Box
from neurosim.drawing.crossings import untangled
from neurosim.drawing.ellipses import Ellipsis
from neurosim.drawing.lanes import Lanes
from neurosim.drawing.levels import has_own_layers
from neurosim.drawing.placing import texts_at
from neurosim.drawing.stacking import Settling

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from neurosim.drawing.captions import Caption
    from neurosim.drawing.crossings import Item, Links
    from neurosim.drawing.plan import Plan

    Floats = NDArray[np.float64]

__all__ = ["Heights"]

# Half the height of a lane, of all lanes of a column together, and what is free beside one.
LANE, LANES_TOGETHER, LANE_SPACE = 4.0, 160.0, 4.0
NUMBER_SPACE = 2.0
# A column of this height has its neurons evenly spaced, whatever single texts need.
EVEN = 900.0


@dataclass(frozen=True)
class Slot:
    """A place in a column: it reaches `up` and `down`, and `space` is left free to the next."""

    item: Item
    up: float
    down: float
    space: float


class Heights:
    """The height of everything in every column; 0 is the middle of all columns.

    Parameters
    ----------
    plan : Plan
    captions : dict
        Of every neuron drawn.
    numbers : (n, 2) array
        The size of the number on every edge, along the edges and across.

    Attributes
    ----------
    of : list of dicts
        For every column the height of its items.
    lanes : Lanes
    numbered : dict
        By column and lane, the edge whose number stands there.
    top, bottom : float
        How far columns reach, their texts included.
    """

    def __init__(self, plan: Plan, captions: dict[int, Caption], numbers: Floats) -> None:
        self.plan, self.numbers = plan, numbers
        self.boxes = {number: _boxes(plan, captions[number]) for number in captions}
        self.lanes = Lanes.between(plan.edges)
        self.numbered = self._numbered()
        slots = _aligned([self._node_slots(k) for k in range(len(plan.columns))])
        self.slots = [{slot.item: slot for slot in column} for column in slots]
        self.of = [_stacked(column) for column in slots]
        if self.lanes.of or not has_own_layers(plan.network):
            self._settle()
        self._centre()

    # -- slots ----------------------------------------------------------------------------------

    def _node_slots(self, position: int) -> list[Slot]:
        column, sizes = self.plan.columns[position], self.plan.sizes
        reach = [_reach(self.boxes[number]) for number in column.members]
        up, down = (max(side) for side in zip(*reach, strict=True))
        if (up + down + sizes.between) * len(reach) <= EVEN:
            reach = [(up, down)] * len(reach)
        slots = [
            Slot(("node", number), *its, sizes.between)
            for number, its in zip(column.members, reach, strict=True)
        ]
        for k, (after, _) in reversed(list(enumerate(column.gaps))):
            half = _turned(self.plan, Ellipsis.of(self.plan, position, k).box).half_height
            slots.insert(after, Slot(("ellipsis", (position, k)), half, half, sizes.between))
        return slots

    def _numbered(self) -> dict[tuple[int, int], int]:
        """Return the lanes where numbers stand: each in the middle of its edge's own."""
        if self.lanes.shared:
            return {}
        middles = self.plan.edges.columns.sum(axis=1) // 2
        return {
            (int(middles[edge]), lane): edge
            for edge, lane in self.lanes.of.items()
            if self.numbers[edge, 0]
        }

    def _lane_slots(self, column: int) -> list[Slot]:
        through = self.lanes.through(column)
        least = min(LANE, LANES_TOGETHER / max(1, len(through)))
        slots = []
        for lane in through:
            edge, half = self.numbered.get((column, lane)), least
            if edge is not None:
                half = max(least, self.numbers[edge, 1] / 2 + NUMBER_SPACE)
            space = LANE_SPACE if half >= LANE else 0.0
            slots.append(Slot(("lane", lane), half, half, space))
        return slots

    # -- order and heights ----------------------------------------------------------------------

    def _settle(self) -> None:
        columns = [self._with_lanes(k) for k in range(len(self.of))]
        links: Links = [self.lanes.links(gap) for gap in range(len(columns) - 1)]
        in_order = [column.in_order for column in self.plan.columns]
        columns = untangled(columns, links, in_order)
        slots = [[its[item] for item in c] for its, c in zip(self.slots, columns, strict=True)]
        start = [_stacked(column) for column in slots]
        start = [a | b for a, b in zip(start, self.of, strict=True)]
        own = has_own_layers(self.plan.network)
        held = [own or bool(column.gaps) for column in self.plan.columns]
        apart = [[_apart(*pair) for pair in pairwise(column)] for column in slots]
        self.of = Settling(columns, apart, links, start, held=held).settled()

    def _with_lanes(self, column: int) -> list[Item]:
        """Return what stands in a column, a lane about where its edges would pass."""
        lanes = self._lane_slots(column)
        passing: dict[Item, list[float]] = {slot.item: [] for slot in lanes}
        edges = self.plan.edges
        for edge, lane in self.lanes.of.items():
            first, last = edges.columns[edge].tolist()
            if first < column < last:
                y0 = self.of[first]["node", int(edges.sources[edge])]
                y1 = self.of[last]["node", int(edges.targets[edge])]
                part = (column - first) / (last - first)
                passing["lane", lane].append(y0 + part * (y1 - y0))
        entries = [(-y, 1, item) for item, y in self.of[column].items()]
        entries += [(-sum(y) / len(y), 0, item) for item, y in passing.items()]
        self.slots[column] |= {slot.item: slot for slot in lanes}
        return [item for _, _, item in sorted(entries, key=lambda entry: entry[:2])]

    def _centre(self) -> None:
        """Let 0 be the middle of all columns, and say how far they reach."""
        pairs = list(zip(self.of, self.slots, strict=True))
        top = max(y + its[item].up for of, its in pairs for item, y in of.items())
        bottom = min(y - its[item].down for of, its in pairs for item, y in of.items())
        middle = (top + bottom) / 2 if self.lanes.of else 0.0
        self.of = [{item: y - middle for item, y in column.items()} for column in self.of]
        self.top, self.bottom = top - middle, bottom - middle

    # -- what others ask ------------------------------------------------------------------------

    def edge(self, edge: int, column: int) -> float:
        """Return the height of an edge in a column that it leaves, crosses or reaches."""
        return self.of[column][self.lanes.at(edge, column)]

    def node_boxes(self, column: int) -> list[Box]:
        """Return nodes and their texts, and ellipses; the column is at 0."""
        boxes = []
        for (kind, key), y in self.of[column].items():
            if kind == "node":
                boxes += [box.moved(0.0, y) for box in self.boxes[key]]
            elif kind == "ellipsis":
                ellipsis = Ellipsis.of(self.plan, *key)
                boxes.append(_turned(self.plan, ellipsis.box).moved(0.0, y))
        return boxes

    def number_boxes(self, column: int) -> dict[int, Box]:
        """Return where numbers of skip edges stand; the column is at 0."""
        return {
            edge: _box(self.numbers[edge].tolist()).moved(0.0, self.of[column]["lane", lane])
            for (at, lane), edge in self.numbered.items()
            if at == column
        }


def _boxes(plan: Plan, caption: Caption) -> list[Box]:
    """Return a node at (0, 0) and its texts, edges leading to the right."""
    boxes = [Box(0.0, 0.0, plan.sizes.radius, plan.sizes.radius)]
    return boxes + [_turned(plan, text.box(plan)) for text in texts_at(plan, caption)]


def _turned(plan: Plan, box: Box) -> Box:
    return box.turned() if plan.options.direction == "down" else box


def _box(size: Sequence[float]) -> Box:
    return Box(0.0, 0.0, size[0] / 2, size[1] / 2)


def _reach(boxes: list[Box]) -> tuple[float, float]:
    """Return how far boxes reach up and down."""
    up = max(box.y + box.half_height for box in boxes)
    return up, max(box.half_height - box.y for box in boxes)


def _aligned(columns: list[list[Slot]]) -> list[list[Slot]]:
    """Return the slots with more space in columns of little height.

    Where every neuron takes the same height, many edges are level; but no column is made higher
    than the highest.
    """
    heights = [sum(_apart(*pair) for pair in pairwise(slots)) for slots in columns]
    pitches = [h / max(1, len(slots) - 1) for h, slots in zip(heights, columns, strict=True)]
    aligned = []
    for pitch, slots in zip(pitches, columns, strict=True):
        room = max(heights) / (len(slots) - 1) if len(slots) > 1 else pitch
        more = max(0.0, min(max(pitches), room) - pitch)
        aligned.append([replace(slot, space=slot.space + more) for slot in slots])
    return aligned


def _apart(upper: Slot, lower: Slot) -> float:
    """Return the least distance of the middles of neighbours."""
    return upper.down + lower.up + min(upper.space, lower.space)


def _stacked(slots: list[Slot]) -> dict[Item, float]:
    """Return the height of every slot; the middle between the first and the last is at 0."""
    y = [0.0]
    for pair in pairwise(slots):
        y.append(y[-1] - _apart(*pair))
    return {slot.item: height - y[-1] / 2 for slot, height in zip(slots, y, strict=True)}
