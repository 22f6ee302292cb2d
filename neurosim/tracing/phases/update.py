"""Update: what the optimizer makes of every weight and bias."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from neurosim.tracing.expression import constant
from neurosim.tracing.formulas import agrees, results, textbook
from neurosim.tracing.operands import words
from neurosim.tracing.steps import Step
from neurosim.tracing.symbols import Indexed, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.tracing.expression import Expression
    from neurosim.tracing.operands import Operands
    from neurosim.tracing.snapshot import Snapshot
    from neurosim.tracing.steps import Words

__all__ = ["steps"]


class _Parameter(NamedTuple):
    """A weight or a bias: its symbol, such as ``w[x->h]``, and its entry."""

    indexed: Indexed
    slot: int

    @property
    def symbol(self) -> Symbol:
        return Symbol(self.indexed)

    @property
    def new(self) -> Symbol:
        return Symbol(self.indexed._replace(letter=f"{self.indexed.letter}_new"))


def steps(snapshot: Snapshot) -> Iterator[Step]:
    """Yield the new value of every weight and bias; nothing without an optimizer."""
    if snapshot.after is None:
        return
    for who, (incoming, bias) in snapshot.shown_rows.items():
        for source, slot in incoming:
            edge = snapshot.edge(source, who)
            symbol = snapshot.indexed_edge("w", source, who)
            yield _step(snapshot, edge, _Parameter(symbol, slot))
        label = snapshot.labels[who]
        letter = "beta" if who in snapshot.normalized else "b"
        yield _step(snapshot, f"{label}.bias", _Parameter(snapshot.indexed(letter, who), bias))
        if who in snapshot.normalized:
            gamma = _Parameter(snapshot.indexed("gamma", who), snapshot.gamma_slots[who])
            yield _step(snapshot, f"{label}.gamma", gamma)


def _step(snapshot: Snapshot, subject: str, parameter: _Parameter) -> Step:
    assert snapshot.after is not None
    before, value = snapshot.parameters[parameter.slot], snapshot.after[parameter.slot]
    source = partial(_words, snapshot, parameter)
    return Step("update", subject, "new", None, value, before, source=source)


def _words(snapshot: Snapshot, parameter: _Parameter) -> Words:
    assert snapshot.after is not None
    return words(
        parameter.new,
        lambda operands: _equation(operands, parameter),
        snapshot,
        None,
        snapshot.after[parameter.slot],
        _explanation(snapshot, parameter),
    )


def _equation(operands: Operands, parameter: _Parameter) -> Expression:
    snapshot, slot = operands.snapshot, parameter.slot
    assert snapshot.after is not None
    w = operands.leaf(parameter.symbol, snapshot.parameters[slot])
    if snapshot.frozen[slot]:
        return w
    written = _written(operands, parameter, w)
    if written is not None and agrees(written, snapshot.after[slot], snapshot.tolerance):
        return written
    change = snapshot.after[slot] - snapshot.parameters[slot]
    moved: Expression = w + operands.leaf("change", change)
    return moved


def _written(operands: Operands, parameter: _Parameter, w: Expression) -> Expression | None:
    """Return w - step, with the step as the optimizer's formula has it; None where it fails."""
    snapshot, slot = operands.snapshot, parameter.slot
    optimizer, memory = snapshot.optimizer, snapshot.memory
    assert optimizer is not None
    assert memory is not None
    rate = operands.leaf("rate", optimizer.rate(memory))
    g = _gradient(operands, parameter)
    t = operands.leaf("t", float(memory.step + 1)) if optimizer.state_names else constant(1.0)
    held = [operands.leaf(f"{name}_old", value) for name, value in memory.of(slot).items()]
    constants = {name: operands.leaf(name, v) for name, v in optimizer.constants().items()}
    found = results(optimizer.update, w, g, t, rate, *held, *constants.values())
    if found is None:
        return None
    # The last of them is the step itself; the others are its named parts.
    shown = dict(zip(optimizer.shown, found, strict=True))
    step = shown.pop("step")
    parts = {name: operands.part(name, part) for name, part in shown.items()}
    known = {"w": w, "g": g, "t": t, "rate": rate, **parts, **constants}
    book = textbook(optimizer.formula, known)
    moved: Expression = w - (step if book is None else book)
    return moved


def _gradient(operands: Operands, parameter: _Parameter) -> Expression:
    """Return the gradient as the optimizer sees it, which may have been clipped."""
    snapshot, slot = operands.snapshot, parameter.slot
    symbol, seen = parameter.symbol.around("dJ/d"), snapshot.seen[slot]
    if seen == snapshot.gradient[slot]:
        return operands.leaf(symbol, seen)
    return operands.leaf(symbol.around("clipped(", ")"), seen)


def _explanation(snapshot: Snapshot, parameter: _Parameter) -> str:
    if snapshot.frozen[parameter.slot]:
        return f"{parameter.symbol} is frozen: training leaves it as it is."
    tie = snapshot.tie_names.get(parameter.slot)
    shared = "" if tie is None else f", for all edges tied as {tie!r}"
    clipped = ""
    if snapshot.seen[parameter.slot] != snapshot.gradient[parameter.slot]:
        clipped = ", which has been clipped"
    return f"{snapshot.optimizer!r} moves {parameter.symbol} against its gradient{clipped}{shared}."
