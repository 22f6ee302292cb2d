"""What the colours and marks of a drawing mean: one line, or a few, under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from neurosim.drawing.captions import Line

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from neurosim.drawing.plan import Plan

    Floats = NDArray[np.float64]

__all__ = ["Bar", "Entry", "entries_of", "rows_of"]

# As multiples of the size of the text.
LINE, CIRCLE, SWATCH_SPACE, ENTRY_SPACE, STROKE, BAR = 2.2, 0.5, 0.55, 2.0, 0.27, 9.0
CIRCLE_POINTS = 41
BAR_STEPS = 40


def circle(x: float, y: float, radius: float) -> Floats:
    """Return the points of a circle."""
    angles = np.linspace(0.0, 2 * np.pi, CIRCLE_POINTS)
    return np.column_stack([x + radius * np.cos(angles), y + radius * np.sin(angles)])


@dataclass(frozen=True)
class Entry:
    """One mark and its meaning: a line, or a circle; without a `color` it is text alone.

    `ink` is the colour of its text, where that tells something, too.
    """

    text: str
    color: str | None = None
    width: float | None = None
    dashed: bool = False
    circle: bool = False
    ink: str | None = None

    def swatch(self, size: float) -> float:
        """The width of the mark, and of the space after it, beside a text of this size."""
        if self.color is None:
            return 0.0
        return ((2 * CIRCLE if self.circle else LINE) + SWATCH_SPACE) * size

    def mark(self, x: float, y: float, size: float) -> Floats:
        """Return the points of the mark, whose left end is at (x, y)."""
        if not self.circle:
            return np.array([(x, y), (x + LINE * size, y)])
        return circle(x + CIRCLE * size, y, CIRCLE * size)


@dataclass(frozen=True)
class Bar:
    """A colour bar: from -`largest` over 0 to `largest`.

    Attributes
    ----------
    text : str
        What its numbers are.
    low, high : str
        The numbers at its ends.
    steps : tuple of (colour, opacity)
        From left to right.
    """

    text: str
    low: str
    high: str
    steps: tuple[tuple[str, float], ...]


def entries_of(
    plan: Plan, numbered: Collection[int] = (), roles: Collection[str] = ()
) -> list[Entry | Bar]:
    """Return what needs to be said about this drawing, and nothing else.

    ``numbered`` are the edges that show their number, ``roles`` those of all texts.
    """
    bars = list(_bars(plan)) if plan.shows("colorbar") else []
    if not plan.shows("legend"):
        return [*bars]
    said = [*_edges(plan, bool(bars)), *_ties(plan, numbered), *_marks(plan)]
    return [*said, *_values(plan, numbered, roles), *_missing(plan), *bars]


def largest_of(plan: Plan) -> float:
    """Return the number of the widest edge; 0 where all are 0 or not finite."""
    if plan.largest is not None:
        return plan.largest
    size = np.abs(plan.edge_numbers)
    return float(size[np.isfinite(size)].max(initial=0.0))


def _bars(plan: Plan) -> list[Bar]:
    bars, sizes, inks = [], plan.sizes, plan.inks
    shares = np.linspace(-1.0, 1.0, BAR_STEPS + 1).tolist()
    largest = largest_of(plan)
    if largest > 0:
        name = "weight" if plan.before is None else "change of weight"
        opacity = [sizes.faintest + (1 - sizes.faintest) * abs(share) for share in shares]
        steps = tuple(zip(map(inks.sign, shares), opacity, strict=True))
        bars.append(_bar(plan, name, largest, steps))
    if plan.shows("fills") and plan.values.activation:
        steps = tuple((inks.fill(share), 1.0) for share in shares)
        bars.append(_bar(plan, "activation", largest_activation(plan), steps))
    return bars


def _bar(plan: Plan, name: str, largest: float, steps: tuple[tuple[str, float], ...]) -> Bar:
    return Bar(name, plan.text(-largest), plan.text(largest), steps)


def largest_activation(plan: Plan) -> float:
    """Return the size of the activation that is filled most; 1 where all are 0."""
    shown = [number for column in plan.columns for number in column.members]
    values = np.abs([plan.values.activation.get(number, 0.0) for number in shown])
    return float(values[np.isfinite(values)].max(initial=0.0)) or 1.0


def _edges(plan: Plan, barred: bool) -> list[Entry]:
    numbers, inks, entries = plan.edge_numbers, plan.inks, []
    names = ("positive weight", "negative weight", "weight 0")
    if plan.before is not None:
        names = ("weight has grown", "weight has fallen", "weight as before")
    if (numbers > 0).any() and not barred:
        entries.append(Entry(names[0], inks.positive))
    if (numbers < 0).any() and not barred:
        entries.append(Entry(names[1], inks.negative))
    if (numbers == 0).any():
        entries.append(Entry(names[2], inks.zero, plan.sizes.thinnest))
    if np.isnan(numbers).any():
        entries.append(Entry("not a number", inks.zero, plan.sizes.widest))
    if plan.edges.hidden:
        edges = "1 edge" if plan.edges.hidden == 1 else f"{plan.edges.hidden:,} edges"
        least = plan.text(plan.options.threshold)
        entries.append(Entry(f"{edges} of |weight| below {least} not drawn"))
    largest = largest_of(plan)
    if largest > 0:
        what = "|weight|" if plan.before is None else "|change|"
        entries.append(Entry(f"width: {what}, at most {plan.text(largest)}"))
    return entries


def _ties(plan: Plan, numbered: Collection[int]) -> list[Entry]:
    if not (plan.shows("marks") and plan.shows("weights")):
        return []
    named = any(plan.network.tie_name(int(plan.edges.slots[edge])) for edge in numbered)
    return [Entry("name = number: tied, one shared weight")] if named else []


def _marks(plan: Plan) -> list[Entry]:
    network, sizes, inks = plan.network, plan.sizes, plan.inks
    members = [number for column in plan.columns for number in column.members]
    entries, thin = [], 1.4 * sizes.line
    if plan.shows("marks") and _frozen(plan, members):
        entries.append(Entry("frozen", inks.outline, thin, dashed=True))
    if plan.shows("marks") and plan.values.dropped & set(members):
        entries.append(Entry("dropped out", inks.outline, thin, dashed=True, circle=True))
    if not network.wiring.reached[members].all():
        entries.append(Entry("leads to no output", inks.unread_outline, thin, circle=True))
    if set(network.wiring.outputs.tolist()) & set(members) - set(plan.columns[-1].members):
        entries.append(Entry("output", inks.outline, 2.0 * sizes.line, circle=True))
    return entries


def _frozen(plan: Plan, members: list[int]) -> bool:
    slots = [plan.network.wiring.bias_slots[members], plan.network.wiring.gamma_slots[members]]
    own = np.concatenate(slots) if plan.shows("biases") else np.empty(0, dtype=np.int64)
    frozen = plan.network.frozen
    return bool(frozen[plan.edges.slots].any() or frozen[own[own >= 0]].any())


def _values(plan: Plan, numbered: Collection[int], roles: Collection[str]) -> list[Entry]:
    values, entries, ink = plan.values, [], plan.inks.derivative
    if plan.before is not None and "weight" in roles:
        entries.append(Entry("before → after"))
    if "activation" in roles:
        entries.append(Entry("in a node: its activation"))
    elif values.activation and plan.shows("fills") and not plan.shows("colorbar"):
        entries.append(Entry("colour of a node: its activation"))
    if "delta" in roles:
        entries.append(Entry("δ = ∂loss/∂z", ink=ink))
    if values.note and (values.activation or values.delta):
        entries.append(Entry(values.note))
    if "gradient" in roles:
        of = "" if values.n == 1 else f" of the batch of {values.n}"
        what = "on an edge: ∂loss/∂weight" if numbered else "∂loss/∂b"
        entries.append(Entry(f"{what}{of}", ink=ink))
    return entries


_PASS = {"activations": "activation", "fills": "activation", "z": "z", "deltas": "delta"}
_PASS |= {"gradients": "gradient"}


def _missing(plan: Plan) -> list[Entry]:
    """Return why numbers that are asked for are not there."""
    asked = [values for name, values in _PASS.items() if plan.options.show.get(name)]
    if all(getattr(plan.values, name) for name in asked):
        return []
    run = plan.network.last_pass
    if run is None:
        return [Entry("no numbers of a pass: there was none")]
    if not run.belongs_to(plan.network.parameters):
        return [Entry("no numbers of the last pass: the parameters have changed since")]
    if not run.single and plan.options.sample is None:
        return [Entry(f"a batch of {run.n}: sample=k shows the numbers of one")]
    return [] if run.delta is not None else [Entry("no backward pass, so no derivatives")]


def line_of(plan: Plan, text: str, ink: str | None = None) -> Line:
    """Return a text of the legend."""
    return Line(text, "legend", plan.sizes.legend, ink or plan.inks.quiet)


def width_of(plan: Plan, entry: Entry | Bar) -> float:
    """Return how wide an entry is."""
    size = plan.sizes.legend
    if isinstance(entry, Bar):
        texts = (entry.text, entry.low, entry.high)
        width = sum(plan.size_of(line_of(plan, text))[0] for text in texts)
        return width + (BAR + 3 * SWATCH_SPACE) * size
    return entry.swatch(size) + plan.size_of(line_of(plan, entry.text))[0]


def rows_of(
    plan: Plan, entries: list[Entry | Bar], width: float
) -> list[list[tuple[float, Entry | Bar]]]:
    """Return the entries in rows no wider than `width`, each with the left end of the entry.

    Every row is centred at 0.
    """
    rows: list[list[Entry | Bar]] = [[]]
    for entry in entries:
        if rows[-1] and _row_width(plan, [*rows[-1], entry]) > width:
            rows.append([])
        rows[-1].append(entry)
    return [_placed(plan, row) for row in rows if row]


def _row_width(plan: Plan, row: list[Entry | Bar]) -> float:
    space = ENTRY_SPACE * plan.sizes.legend * (len(row) - 1)
    return sum(width_of(plan, entry) for entry in row) + space


def _placed(plan: Plan, row: list[Entry | Bar]) -> list[tuple[float, Entry | Bar]]:
    x = -_row_width(plan, row) / 2
    placed = []
    for entry in row:
        placed.append((x, entry))
        x += width_of(plan, entry) + ENTRY_SPACE * plan.sizes.legend
    return placed
