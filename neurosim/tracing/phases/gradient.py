"""Gradient: the derivative of the loss by every weight and bias."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from neurosim.tracing.expression import total
from neurosim.tracing.formulas import penalty_by_w
from neurosim.tracing.operands import words
from neurosim.tracing.steps import Step
from neurosim.tracing.symbols import Symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from neurosim.tracing.expression import Expression
    from neurosim.tracing.operands import Operands
    from neurosim.tracing.snapshot import Snapshot
    from neurosim.tracing.steps import Words

__all__ = ["steps"]


def steps(snapshot: Snapshot) -> Iterator[Step]:
    """Yield the gradient of every weight and bias, target by target."""
    for who, (incoming, bias) in snapshot.shown_rows.items():
        for source, slot in incoming:
            value, written = snapshot.gradient[slot], partial(_weight, snapshot, source, who, slot)
            edge = snapshot.edge(source, who)
            yield Step("gradient", edge, "gradient", None, value, source=written)
        value, written = snapshot.gradient[bias], partial(_bias, snapshot, who, bias)
        name = f"{snapshot.labels[who]}.bias"
        yield Step("gradient", name, "gradient", None, value, source=written)
        if who in snapshot.normalized:
            value = snapshot.gradient[snapshot.gamma_slots[who]]
            name = f"{snapshot.labels[who]}.gamma"
            written = partial(_gamma, snapshot, who, value)
            yield Step("gradient", name, "gradient", None, value, source=written)


def _gamma(snapshot: Snapshot, who: int, value: float) -> Words:
    label = snapshot.labels[who]
    explanation = (
        f"gamma[{label}] multiplies zhat, the normalized sum, so its gradient is dJ/du times zhat"
        f"{_all(snapshot)}."
    )

    def equation(operands: Operands) -> Expression:
        def product() -> Expression:
            found: Expression = operands.by_u(who) * operands.zhat(who)
            return found

        return _summed(operands, product)

    return words(
        snapshot.symbol("gamma", who).around("dJ/d"), equation, snapshot, None, value, explanation
    )


def _weight(snapshot: Snapshot, source: int, target: int, slot: int) -> Words:
    edges = snapshot.edges_of.get(slot, [(source, target)])

    def equation(operands: Operands) -> Expression:
        parts = [_of_edge(operands, start, end) for start, end in edges]
        return total([*parts, *penalty_by_w(operands, slot, symbol)])

    symbol = Symbol(snapshot.indexed_edge("w", source, target))
    value = snapshot.gradient[slot]
    explanation = _explanation(snapshot, source, target, slot)
    penalties = snapshot.regularization.penalties_of(snapshot.wiring, slot)
    if penalties:
        names = " and ".join(repr(penalty) for penalty in penalties)
        explanation += f" The derivative of the penalty, {names}, is added."
    return words(symbol.around("dJ/d"), equation, snapshot, None, value, explanation)


def _of_edge(operands: Operands, source: int, target: int) -> Expression:
    def product() -> Expression:
        found: Expression = operands.delta(target) * operands.a(source)
        return found

    return _summed(operands, product)


def _summed(operands: Operands, part: Callable[[], Expression]) -> Expression:
    """Return the sum over the samples; the mean, where 1/n is left out of the deltas."""
    added = operands.over_samples(part)
    if not operands.snapshot.per_sample or operands.snapshot.n == 1:
        return added
    mean: Expression = added / operands.n
    return mean


def _bias(snapshot: Snapshot, who: int, slot: int) -> Words:
    label = snapshot.labels[who]
    explanation = (
        f"The bias of {label} adds to z as it is, so its gradient is delta{_all(snapshot)}."
    )
    letter = "b"
    if who in snapshot.normalized:
        letter = "beta"
        explanation = (
            f"beta[{label}] adds to u, after the normalization, so its gradient is dJ/du"
            f"{_all(snapshot)}."
        )
    return words(
        snapshot.symbol(letter, who).around("dJ/d"),
        lambda operands: _summed(operands, lambda: operands.by_u(who)),
        snapshot,
        None,
        snapshot.gradient[slot],
        explanation,
    )


def _explanation(snapshot: Snapshot, source: int, target: int, slot: int) -> str:
    start, end = snapshot.labels[source], snapshot.labels[target]
    own = f"the delta of {end} times what the edge carries, a[{start}]{_all(snapshot)}"
    if slot not in snapshot.edges_of:
        return f"{own[0].upper()}{own[1:]}."
    n = len(snapshot.edges_of[slot])
    return (
        f"The weight is shared by the {n} edges tied as {snapshot.tie_names[slot]!r}, so its "
        f"gradient is the sum over them of delta times what the edge carries{_all(snapshot)}."
    )


def _all(snapshot: Snapshot) -> str:
    added = "the mean" if snapshot.per_sample else "summed"
    return "" if snapshot.n == 1 else f", {added} over the {snapshot.n} samples"
