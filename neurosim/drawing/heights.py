"""How high everything stands in its column: nodes, ellipses, and the lanes of skip edges.

An edge that skips columns gets a *lane* of its own in each of them, between or around the nodes
there, so that it runs through none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from neurosim.drawing.boxes import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from neurosim.drawing.captions import Caption
    from neurosim.drawing.columns import Column
    from neurosim.drawing.plan import Plan

    Floats = NDArray[np.float64]
    Key = tuple[str, int]

__all__ = ["Heights", "label_height", "note_heights"]

LANE, LANES_TOGETHER, LANE_SPACE = 7.0, 320.0, 4.0
NOTE_SPACE = 2.5


@dataclass(frozen=True)
class Slot:
    """A place in a column: of a node, of the ellipsis, or of the lane of an edge.

    It reaches `up` and `down` from its middle, and `space` is left free to the next.
    """

    kind: str
    key: int
    up: float
    down: float
    space: float

    @property
    def name(self) -> Key:
        """The kind, and the number of the neuron, column or edge."""
        return self.kind, self.key


class Heights:
    """The height of everything in every column; 0 is the middle of all columns.

    Parameters
    ----------
    plan : Plan
    captions : dict
        Of every neuron drawn.

    Attributes
    ----------
    of : list of dicts
        For every column the height of ``("node", number)``, ``("ellipsis", column)`` and
        ``("lane", edge)``.
    top, bottom : float
        How far columns reach, their texts included.
    wide_lanes : list of bool
        For every column whether a number has room in its lanes.
    """

    def __init__(self, plan: Plan, captions: dict[int, Caption]) -> None:
        self.plan, self.captions = plan, captions
        self.of: list[dict[Key, float]] = []
        self.wide_lanes: list[bool] = []
        self.top = self.bottom = 0.0
        nodes = _aligned([self._node_slots(k) for k in range(len(plan.columns))])
        wanted = {name: y for slots in nodes for name, y in _stacked(slots).items()}
        for position, slots in enumerate(nodes):
            self._settle(self._with_lanes(position, slots, wanted))

    def _settle(self, slots: list[Slot]) -> None:
        heights = _stacked(slots)
        self.of.append(heights)
        self.wide_lanes.append(all(slot.up >= LANE for slot in slots if slot.kind == "lane"))
        self.top = max(self.top, heights[slots[0].name] + slots[0].up)
        self.bottom = min(self.bottom, heights[slots[-1].name] - slots[-1].down)

    def _node_slots(self, position: int) -> list[Slot]:
        column, sizes = self.plan.columns[position], self.plan.sizes
        up = sizes.radius + self._above(column)
        down = sizes.radius + self._below(column)
        slots = [Slot("node", number, up, down, sizes.between) for number in column.members]
        if column.after is not None:
            room = sizes.radius
            slots.insert(column.after, Slot("ellipsis", position, room, room, sizes.between))
        return slots

    def _above(self, column: Column) -> float:
        captions = [self.captions[number] for number in column.members]
        lines = [c.label for c in captions if c.label and c.side == "above"]
        return max((self.plan.height_of(line.size) + NOTE_SPACE for line in lines), default=0.0)

    def _below(self, column: Column) -> float:
        lines = max(len(self.captions[number].notes) for number in column.members)
        return lines * (self.plan.height_of(self.plan.sizes.note) + NOTE_SPACE)

    def _with_lanes(self, column: int, nodes: list[Slot], wanted: dict[Key, float]) -> list[Slot]:
        """Return the slots of a column, a lane standing about where its edge would pass."""
        entries = [(-wanted[slot.name], 1, slot) for slot in nodes]
        edges, ends = self.plan.edges, self.plan.edges.columns
        through = np.flatnonzero((ends[:, 0] < column) & (column < ends[:, 1])).tolist()
        half = min(LANE, LANES_TOGETHER / 2 / max(1, len(through)))
        for edge in through:
            first, last = ends[edge].tolist()
            y0, y1 = (wanted["node", int(e[edge])] for e in (edges.sources, edges.targets))
            passing = y0 + (column - first) / (last - first) * (y1 - y0)
            slot = Slot("lane", edge, half, half, LANE_SPACE if half == LANE else 0.0)
            entries.append((-passing, 0, slot))
        return [slot for _, _, slot in sorted(entries, key=lambda entry: entry[:2])]

    def edge(self, edge: int, column: int) -> float:
        """Return the height of an edge in a column that it leaves, crosses or reaches."""
        edges = self.plan.edges
        first, last = edges.columns[edge].tolist()
        if column == first:
            return self.of[column]["node", int(edges.sources[edge])]
        if column == last:
            return self.of[column]["node", int(edges.targets[edge])]
        return self.of[column]["lane", edge]

    def node_boxes(self, column: int) -> list[Box]:
        """Return the nodes of a column and the texts above and under them; the column is at 0."""
        return [
            box
            for (kind, key), y in self.of[column].items()
            if kind == "node"
            for box in self._boxes_of(key, y)
        ]

    def _boxes_of(self, number: int, y: float) -> list[Box]:
        radius, caption = self.plan.sizes.radius, self.captions[number]
        texts = list(zip(caption.notes, note_heights(y, caption, self.plan), strict=True))
        if caption.label and caption.side == "above":
            texts.append((caption.label, label_height(y, caption.label.size, self.plan)))
        boxes = [Box(0.0, y, radius, radius)]
        for line, middle in texts:
            width, height = self.plan.measure(line.text, line.size, line.bold)
            boxes.append(Box(0.0, middle, width / 2, height / 2))
        return boxes


def _aligned(columns: list[list[Slot]]) -> list[list[Slot]]:
    """Return the slots with more space in columns of little height.

    Where every neuron takes the same height, many edges are level; but no column is made higher
    than the highest.
    """
    pitches = [slots[0].up + slots[0].down + slots[0].space for slots in columns]
    highest = max(pitch * (len(slots) - 1) for pitch, slots in zip(pitches, columns, strict=True))
    aligned = []
    for pitch, slots in zip(pitches, columns, strict=True):
        room = highest / (len(slots) - 1) if len(slots) > 1 else pitch
        more = max(0.0, min(max(pitches), room) - pitch)
        aligned.append([replace(slot, space=slot.space + more) for slot in slots])
    return aligned


def _stacked(slots: list[Slot]) -> dict[Key, float]:
    """Return the height of every slot; the middle between the first and the last is at 0."""
    y = [0.0]
    for upper, lower in pairwise(slots):
        y.append(y[-1] - upper.down - lower.up - min(upper.space, lower.space))
    return {slot.name: height - y[-1] / 2 for slot, height in zip(slots, y, strict=True)}


def label_height(y: float, size: float, plan: Plan) -> float:
    """Return the height of the middle of a label above a node that stands at y."""
    return y + plan.sizes.radius + NOTE_SPACE + plan.height_of(size) / 2


def note_heights(y: float, caption: Caption, plan: Plan) -> list[float]:
    """Return the height of the middle of every line under a node that stands at y."""
    step = plan.height_of(plan.sizes.note) + NOTE_SPACE
    top = y - plan.sizes.radius - NOTE_SPACE / 2
    return [top - step * (k + 0.5) for k in range(len(caption.notes))]
