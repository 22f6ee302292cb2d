"""Where the texts of a node stand: beside it, above it and under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from neurosim.drawing.boxes import Box

if TYPE_CHECKING:
    from neurosim.drawing.captions import Caption, Line
    from neurosim.drawing.plan import Plan

__all__ = ["Placed", "texts_at"]

LABEL_GAP, NOTE_SPACE = 6.0, 2.5
# Where a text begins, as a part of its width to the left of where it is put.
_BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}


@dataclass(frozen=True)
class Placed:
    """A line of text and where it stands; (x, y) is its middle, or that of its left or right end.

    Attributes
    ----------
    line : Line
    x, y : float
    align : {"center", "left", "right"}
    """

    line: Line
    x: float
    y: float
    align: str = "center"

    def moved(self, dx: float, dy: float) -> Placed:
        """Return the text elsewhere."""
        return Placed(self.line, self.x + dx, self.y + dy, self.align)

    def box(self, plan: Plan) -> Box:
        """Return what it covers."""
        width, height = plan.size_of(self.line)
        middle = self.x + (0.5 - _BEFORE[self.align]) * width
        return Box(middle, self.y, width / 2, height / 2)


def texts_at(plan: Plan, caption: Caption) -> list[Placed]:
    """Return the label and the notes of a node that stands at (0, 0).

    Where edges lead to the right, notes stand under a node; where they lead down, they would
    cross the notes, which so stand beside it, under its label.
    """
    down, label = plan.options.direction == "down", caption.label
    if down and label and caption.side == "right":
        return _beside(plan, [label, *caption.notes])
    notes = _beside(plan, list(caption.notes)) if down else _under(plan, caption)
    if down and label and notes and _top(plan, notes[0]) > plan.sizes.radius:
        # Beside a small node they would meet a label above it.
        return _beside(plan, [label, *caption.notes])
    return [_label(plan, label, caption.side), *notes] if label else notes


def _top(plan: Plan, text: Placed) -> float:
    box = text.box(plan)
    return box.y + box.half_height


def _label(plan: Plan, label: Line, side: str) -> Placed:
    away = plan.sizes.radius + LABEL_GAP
    up = plan.sizes.radius + NOTE_SPACE + plan.size_of(label)[1] / 2
    at = {"left": (-away, 0.0, "right"), "right": (away, 0.0, "left"), "above": (0.0, up, "center")}
    return Placed(label, *at[side])


def _under(plan: Plan, caption: Caption) -> list[Placed]:
    placed, y = [], -plan.sizes.radius - NOTE_SPACE / 2
    if caption.label and caption.side in ("left", "right"):
        # A small node is lower than the label beside it.
        y = min(y, -plan.size_of(caption.label)[1] / 2)
    for line in caption.notes:
        step = plan.size_of(line)[1] + NOTE_SPACE
        placed.append(Placed(line, 0.0, y - step / 2))
        y -= step
    return placed


def _beside(plan: Plan, lines: list[Line]) -> list[Placed]:
    steps = [plan.size_of(line)[1] + NOTE_SPACE for line in lines]
    x, y = plan.sizes.radius + LABEL_GAP, sum(steps) / 2
    placed = []
    for line, step in zip(lines, steps, strict=True):
        placed.append(Placed(line, x, y - step / 2, "left"))
        y -= step
    return placed
