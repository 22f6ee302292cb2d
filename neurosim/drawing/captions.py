"""The texts of every node: its label, what stands inside it, and the lines under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from neurosim.drawing import style

if TYPE_CHECKING:
    from neurosim.drawing.plan import Plan

__all__ = ["Caption", "Line", "captions_of", "shortened"]


@dataclass(frozen=True)
class Line:
    """One line of text and its looks; `role` says what it is, `dashed` frames a frozen number."""

    text: str
    role: str
    size: float
    color: str = style.INK
    bold: bool = False
    dashed: bool = False


@dataclass(frozen=True)
class Caption:
    """The texts of one node.

    Attributes
    ----------
    label : Line or None
    side : {"left", "right", "above"}
        Where the label stands.
    inside : tuple of Line
        From top to bottom.
    notes : tuple of Line
        Under the node, from top to bottom.
    """

    label: Line | None
    side: str
    inside: tuple[Line, ...]
    notes: tuple[Line, ...]


def captions_of(plan: Plan) -> dict[int, Caption]:
    """Return the caption of every neuron that is drawn, by number."""
    last = len(plan.columns) - 1
    return {
        number: Caption(
            _label(plan, number, inner=0 < position < last),
            {0: "left", last: "right"}.get(position, "above"),
            _inside(plan, number, column.kind is None),
            _notes(plan, number),
        )
        for position, column in enumerate(plan.columns)
        for number in column.members
    }


def _label(plan: Plan, number: int, *, inner: bool) -> Line | None:
    # Beside the first and the last column there is always room.
    shown = plan.shows("labels") if inner else plan.options.asks_for("labels")
    if not shown:
        return None
    size = plan.sizes.note if inner else plan.sizes.label
    color = style.QUIET_INK if inner else style.INK
    length = style.INNER_LABEL_LENGTH if inner else style.LABEL_LENGTH
    return Line(shortened(plan.network.labels[number], length), "label", size, color)


def shortened(text: str, length: int = style.LABEL_LENGTH) -> str:
    """Return a text with its middle left out where it is too long; its ends tell labels apart.

    >>> shortened("a very long name", 9)
    'a ve…name'
    """
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    head = length // 2
    return f"{line[:head]}…{line[head + 1 - length :]}"


def _inside(plan: Plan, number: int, mixed: bool) -> tuple[Line, ...]:
    """Return the activation, or the symbol; both where a column holds several kinds."""
    symbol = Line(plan.network.kind_of(number).neuron.symbol, "symbol", plan.sizes.inside)
    known = plan.values.activation if plan.shows("activations") else {}
    if number not in known:
        return _fitting(plan, (symbol,)) if plan.shows("symbols") else ()
    value = style.number_text(known[number], plan.options.digits)
    activation = Line(value, "activation", plan.sizes.inside)
    if not (mixed and plan.roomy and plan.shows("symbols")):
        return _fitting(plan, (activation,))
    small = Line(symbol.text, "symbol", style.SMALLEST_INSIDE + 1.5, style.QUIET_INK)
    return _fitting(plan, (activation, small))


def _fitting(plan: Plan, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines made small enough for a node; none where they had to be too small."""
    room = 2 * plan.sizes.radius * (0.86 if len(lines) == 1 else 0.78)
    fitted = []
    for line in lines:
        width = plan.measure(line.text, line.size, line.bold)[0]
        size = line.size * min(1.0, room / width) if width else line.size
        if size >= style.SMALLEST_INSIDE:
            fitted.append(Line(line.text, line.role, size, line.color))
    return tuple(fitted)


def _notes(plan: Plan, number: int) -> tuple[Line, ...]:
    network, size = plan.network, plan.sizes.note
    lines = []
    if plan.shows("biases") and not network.wiring.is_input(number):
        slot = int(network.wiring.bias_slots[number])
        value = float(network.parameters[slot])
        dashed = bool(network.frozen[slot])
        text = f"b = {_number(plan, value)}"
        lines.append(Line(text, "bias", size, style.sign_ink(value), dashed=dashed))
    if plan.shows("z") and number in plan.values.z:
        lines.append(Line(f"z = {_number(plan, plan.values.z[number])}", "z", size))
    if plan.shows("deltas") and number in plan.values.delta:
        text = f"δ = {_number(plan, plan.values.delta[number])}"
        lines.append(Line(text, "delta", size, style.DELTA_INK))
    return tuple(lines)


def _number(plan: Plan, value: float) -> str:
    return style.number_text(value, plan.options.digits)
