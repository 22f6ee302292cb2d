"""What the colours and marks of a drawing mean: one line, or a few, under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from neurosim.drawing import style

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from neurosim.drawing.plan import Plan

    Floats = NDArray[np.float64]

__all__ = ["Entry", "entries_of", "rows_of"]

LINE, CIRCLE, SWATCH_SPACE, ENTRY_SPACE = 20.0, 4.5, 5.0, 18.0
CIRCLE_POINTS = 41


@dataclass(frozen=True)
class Entry:
    """One mark and its meaning: a line, or a circle; without a `color` it is text alone."""

    text: str
    color: str | None = None
    width: float = 2.4
    dashed: bool = False
    circle: bool = False

    @property
    def swatch(self) -> float:
        """The width of the mark, and of the space after it."""
        if self.color is None:
            return 0.0
        return (2 * CIRCLE if self.circle else LINE) + SWATCH_SPACE

    def mark(self, x: float, y: float) -> Floats:
        """Return the points of the mark, whose left end is at (x, y)."""
        if not self.circle:
            return np.array([(x, y), (x + LINE, y)])
        angles = np.linspace(0.0, 2 * np.pi, CIRCLE_POINTS)
        return np.column_stack([x + CIRCLE + CIRCLE * np.cos(angles), y + CIRCLE * np.sin(angles)])


def entries_of(plan: Plan, numbered: Iterable[int]) -> list[Entry]:
    """Return what needs to be said about this drawing, and nothing else.

    ``numbered`` are the edges that show their number.
    """
    return [*_edges(plan), *_ties(plan, numbered), *_marks(plan), *_values(plan)]


def _edges(plan: Plan) -> list[Entry]:
    weights = plan.network.parameters[plan.edges.slots]
    entries = []
    if (weights > 0).any():
        entries.append(Entry("positive weight", style.POSITIVE))
    if (weights < 0).any():
        entries.append(Entry("negative weight", style.NEGATIVE))
    if (weights == 0).any():
        entries.append(Entry("weight 0", style.ZERO, plan.sizes.thinnest))
    finite = np.abs(weights[np.isfinite(weights)])
    if finite.any():
        largest = style.number_text(float(finite.max()), plan.options.digits)
        entries.append(Entry(f"width: |weight|, at most {largest}"))
    return entries


def _ties(plan: Plan, numbered: Iterable[int]) -> list[Entry]:
    named = any(plan.network.tie_name(int(plan.edges.slots[edge])) for edge in numbered)
    return [Entry("name = number: tied, one shared weight")] if named else []


def _marks(plan: Plan) -> list[Entry]:
    network, entries = plan.network, []
    members = [number for column in plan.columns for number in column.members]
    slots = network.wiring.bias_slots[members]
    held = network.frozen[slots[slots >= 0]].any() and plan.shows("biases")
    if network.frozen[plan.edges.slots].any() or held:
        entries.append(Entry("frozen", style.OUTLINE, 1.4, dashed=True))
    if not network.wiring.reached[members].all():
        entries.append(Entry("leads to no output", style.UNREAD_OUTLINE, 1.4, circle=True))
    if set(network.wiring.outputs.tolist()) & set(members) - set(plan.columns[-1].members):
        entries.append(Entry("output", style.OUTLINE, style.OUTPUT_WIDTH, circle=True))
    return entries


def _values(plan: Plan) -> list[Entry]:
    values, entries = plan.values, []
    if values.activation and plan.shows("activations"):
        entries.append(Entry("in a node: its activation"))
    if values.delta and plan.shows("deltas"):
        entries.append(Entry("δ = ∂loss/∂z"))
    if values.note and entries:
        entries.append(Entry(values.note))
    return entries


def width_of(plan: Plan, entry: Entry) -> float:
    """Return how wide an entry is."""
    return entry.swatch + plan.measure(entry.text, style.LEGEND, False)[0]


def rows_of(plan: Plan, numbered: Iterable[int], width: float) -> list[list[tuple[float, Entry]]]:
    """Return the entries in rows no wider than `width`, each with the left end of the entry.

    Every row is centred at 0.
    """
    rows: list[list[Entry]] = [[]]
    for entry in entries_of(plan, numbered):
        if rows[-1] and _row_width(plan, [*rows[-1], entry]) > width:
            rows.append([])
        rows[-1].append(entry)
    return [_placed(plan, row) for row in rows if row]


def _row_width(plan: Plan, row: list[Entry]) -> float:
    return sum(width_of(plan, entry) for entry in row) + ENTRY_SPACE * (len(row) - 1)


def _placed(plan: Plan, row: list[Entry]) -> list[tuple[float, Entry]]:
    x = -_row_width(plan, row) / 2
    placed = []
    for entry in row:
        placed.append((x, entry))
        x += width_of(plan, entry) + ENTRY_SPACE
    return placed
