"""The legend, drawn: rows of marks and texts under a network."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from neurosim.drawing import legend
from neurosim.drawing.legend import BAR, SWATCH_SPACE, Bar, Entry, line_of
from neurosim.drawing.scene import Rectangle, Stroke, Text
from neurosim.drawing.themes import blended

if TYPE_CHECKING:
    from neurosim.drawing.captions import Line
    from neurosim.drawing.plan import Plan

__all__ = ["Key", "drawn_key"]

LEGEND_GAP, LINE_GAP = 16.0, 3.0
MARK_WIDTH = 2.4
BAR_HEIGHT = 0.95  # as a part of a line


@dataclass
class Key:
    """What a legend is drawn with, and how far down it reaches."""

    bottom: float
    texts: list[Text] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    rectangles: list[Rectangle] = field(default_factory=list)


def drawn_key(
    plan: Plan, entries: list[Entry | Bar], left: float, right: float, bottom: float
) -> Key:
    """Return the legend under a drawing that reaches from `left` to `right`."""
    return _Drawer(plan).key(entries, left, right, bottom)


class _Drawer:
    def __init__(self, plan: Plan) -> None:
        self.plan, self.size = plan, plan.sizes.legend
        self.height = plan.height_of(self.size)

    def key(self, entries: list[Entry | Bar], left: float, right: float, bottom: float) -> Key:
        self.drawn = Key(bottom)
        y = bottom - LEGEND_GAP
        for row in legend.rows_of(self.plan, entries, right - left):
            for x, entry in row:
                self._add_one(entry, (left + right) / 2 + x, y - self.height / 2)
            y -= self.height + LINE_GAP
        self.drawn.bottom = min(bottom, y + LINE_GAP)
        return self.drawn

    def _add(self, line: Line, x: float, y: float, of: str, align: str = "left") -> float:
        """Add a text; return its width."""
        text = Text(line.text, x, y, line.size, line.color, align, role=line.role, of=of)
        self.drawn.texts.append(text)
        return self.plan.size_of(line)[0]

    def _add_one(self, entry: Entry | Bar, x: float, y: float) -> None:
        if isinstance(entry, Bar):
            self._add_bar(entry, x, y)
        else:
            self._add_entry(entry, x, y)

    def _add_entry(self, entry: Entry, x: float, y: float) -> None:
        if entry.color is not None:
            width = MARK_WIDTH * self.plan.sizes.line if entry.width is None else entry.width
            mark = entry.mark(x, y, self.size)
            self.drawn.strokes.append(Stroke(mark, entry.color, width, entry.dashed))
        line = line_of(self.plan, entry.text, entry.ink)
        self._add(line, x + entry.swatch(self.size), y, entry.text)

    def _add_bar(self, bar: Bar, x: float, y: float) -> None:
        """Add a colour bar between its numbers, with 0 in its middle."""
        space, length = SWATCH_SPACE * self.size, BAR * self.size
        for text in (bar.text, bar.low):
            x += self._add(self._number(text), x, y, bar.text) + space
        height, step = BAR_HEIGHT * self.height, length / len(bar.steps)
        for k, (color, alpha) in enumerate(bar.steps):
            # Solid, and each over the one before it, so that no seams are seen.
            place = (x + k * step, y - height / 2, length - k * step, height)
            solid = blended(self.plan.inks.paper, color, alpha)
            self.drawn.rectangles.append(Rectangle(*place, solid))
        zero = replace(self._number("0"), color=self.plan.inks.ink)
        self._add(zero, x + length / 2, y, bar.text, "center")
        self._add(self._number(bar.high), x + length + space, y, bar.text)

    def _number(self, text: str) -> Line:
        return replace(line_of(self.plan, text), role="colorbar")
