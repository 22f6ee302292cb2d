"""The texts of every node: its label, what stands inside it, and the lines under it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from neurosim.drawing import style
from neurosim.drawing.names import symbol_of
from neurosim.drawing.style import number_text

if TYPE_CHECKING:
    from neurosim.drawing.columns import Column
    from neurosim.drawing.plan import Plan

__all__ = ["Caption", "Line", "captions_of", "change_text", "shortened"]


SHORT_LABEL = 3.2
LONG_SYMBOL = 6


@dataclass(frozen=True)
class Line:
    """One line of text and its looks.

    `role` says what it is, `dashed` frames a frozen number, `math` says that it is a formula.
    """

    text: str
    role: str
    size: float
    color: str
    bold: bool = False
    dashed: bool = False
    math: bool = False


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
    found = {}
    for position, column in enumerate(plan.columns):
        inner, side = 0 < position < last, _side(plan, position)
        written = _activations(plan, column)
        for number in column.members:
            inside = written.get(number) or _symbol_inside(plan, number)
            notes = _notes(plan, number, elsewhere=written.get(number) == ())
            found[number] = Caption(_label(plan, number, inner=inner), side, inside, notes)
    return found


def _side(plan: Plan, position: int) -> str:
    if plan.options.direction == "down":
        return "above" if position == 0 else "right"
    if plan.theme.tight and _all_short(plan, plan.columns[position].members):
        return "above"
    return {0: "left", len(plan.columns) - 1: "right"}.get(position, "above")


def _all_short(plan: Plan, members: tuple[int, ...]) -> bool:
    """Whether labels are hardly wider than the nodes that they would stand above."""
    labels = [_label(plan, number, inner=False) for number in members]
    room = SHORT_LABEL * plan.sizes.radius
    return all(label is None or plan.size_of(label)[0] <= room for label in labels)


def _label(plan: Plan, number: int, *, inner: bool) -> Line | None:
    if not plan.shows("labels"):
        return None
    size = plan.sizes.note if inner else plan.sizes.label
    color = plan.inks.quiet if inner else plan.inks.ink
    if plan.options.notation == "math":
        return Line(symbol_of(plan.network, number), "label", size, color, math=True)
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


def _activations(plan: Plan, column: Column) -> dict[int, tuple[Line, ...]]:
    """Return the activations inside the nodes of a column; nothing where one has no room.

    Where nodes have no texts but this one, and nobody asks for it, all of them have room or none
    is written.
    """
    mixed = column.kind is None
    known = plan.values.activation if plan.shows("activations") else {}
    found = {n: _with_activation(plan, n, known[n], mixed) for n in column.members if n in known}
    noted = plan.roomy or plan.options.show.get("activations", False)
    return found if noted or all(found.values()) else {}


def _symbol_inside(plan: Plan, number: int) -> tuple[Line, ...]:
    if not plan.shows("symbols") or (plan.room.small and not _all_symbols_fit(plan)):
        return ()
    return _fitted_symbol(plan, number)


def _fitted_symbol(plan: Plan, number: int) -> tuple[Line, ...]:
    """Return the symbol, a long word such as softmax in two lines where it needs them."""
    symbol = _symbol(plan, number)
    half = (len(symbol.text) + 1) // 2
    halves = [replace(symbol, text=text) for text in (symbol.text[:half], symbol.text[half:])]
    in_two = _fitting(plan, tuple(halves)) if len(symbol.text) >= LONG_SYMBOL else ()
    return _fitting(plan, (symbol,)) or (in_two if len(in_two) == 2 else ())


def _all_symbols_fit(plan: Plan) -> bool:
    """Whether all have room in small nodes; some would look like the only ones."""
    shown = [number for column in plan.columns for number in column.members]
    first_of = {plan.network.kind_of(number): number for number in shown}
    return all(_fitted_symbol(plan, number) for number in first_of.values())


def _symbol(plan: Plan, number: int) -> Line:
    symbol = plan.network.kind_of(number).neuron.symbol
    return Line(symbol, "symbol", plan.sizes.inside, plan.inks.ink)


def _with_activation(plan: Plan, number: int, value: float, mixed: bool) -> tuple[Line, ...]:
    """Return the activation, with fewer digits where there is no room; of several kinds both."""
    for digits in range(plan.digits, 0, -1):
        text = number_text(value, digits)
        activation = Line(text, "activation", plan.sizes.inside, plan.inks.ink)
        if not (mixed and plan.roomy and plan.shows("symbols")):
            fitted = _fitting(plan, (activation,))
        else:
            # Half-way to what is too small.
            size = 0.4 * plan.sizes.inside + 0.6 * plan.sizes.smallest_inside
            small = replace(_symbol(plan, number), size=size, color=plan.inks.quiet)
            fitted = _fitting(plan, (activation, small))
        if fitted and fitted[0].role == "activation":
            return fitted
    return ()


def _fitting(plan: Plan, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines made small enough for a node; none where they had to be too small."""
    room = 2 * plan.sizes.radius * (0.86 if len(lines) == 1 else 0.78)
    if any(line.size > room for line in lines):
        return ()
    fitted = []
    for line in lines:
        width = plan.size_of(line)[0]
        size = line.size * min(1.0, room / width) if width else line.size
        if size >= plan.sizes.smallest_inside:
            fitted.append(replace(line, size=size))
    return tuple(fitted)


def _notes(plan: Plan, number: int, *, elsewhere: bool) -> tuple[Line, ...]:
    """Return the lines under a node; where it has no room inside, its activation is one of them."""
    size, inks, lines = plan.sizes.note, plan.inks, []
    if elsewhere:
        text = f"a = {plan.text(plan.values.activation[number])}"
        lines.append(Line(text, "activation", size, inks.ink))
    if plan.shows("biases"):
        lines += _own_parameters(plan, number)
    if plan.shows("z") and number in plan.values.z:
        lines.append(Line(f"z = {plan.text(plan.values.z[number])}", "z", size, inks.ink))
    if plan.shows("deltas") and number in plan.values.delta:
        text = f"δ = {plan.text(plan.values.delta[number])}"
        lines.append(Line(text, "delta", size, inks.derivative))
    slot = int(plan.network.wiring.bias_slots[number])
    if plan.shows("gradients") and slot in plan.values.gradient:
        letter = "β" if plan.network.wiring.gamma_slots[number] >= 0 else "b"
        text = f"∂J/∂{letter} = {plan.text(plan.values.gradient[slot])}"
        lines.append(Line(text, "gradient", size, inks.derivative))
    return tuple(lines)


def _own_parameters(plan: Plan, number: int) -> list[Line]:
    """Return the bias; of a neuron whose sum is normalized beta, which is its bias, and gamma."""
    wiring = plan.network.wiring
    slots = [int(wiring.bias_slots[number]), int(wiring.gamma_slots[number])]
    names = [("β", "bias"), ("γ", "gamma")] if slots[1] >= 0 else [("b", "bias"), ("", "")]
    return [
        Line(
            f"{letter} = {change_text(plan, slot)}",
            role,
            plan.sizes.note,
            plan.inks.of_number(float(plan.change(slot))),
            dashed=bool(plan.network.frozen[slot]) and plan.shows("marks"),
        )
        for slot, (letter, role) in zip(slots, names, strict=True)
        if slot >= 0
    ]


def change_text(plan: Plan, slot: int) -> str:
    """Return a parameter; where it is compared, what it was and what it is.

    Where digits do not tell the two apart, the change is written instead.
    """
    now = float(plan.parameters[slot])
    if plan.before is None:
        return plan.text(now)
    was = float(plan.before[slot])
    if was == now or plan.text(was) != plan.text(now):
        return f"{plan.text(was)} → {plan.text(now)}" if was != now else plan.text(now)
    change = plan.text(now - was)
    return f"{plan.text(was)} {'' if now < was else '+'}{change}"
