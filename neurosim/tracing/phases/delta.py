"""Delta: dJ/dz of every neuron, every reader before its sources; of an input dJ/dx."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from neurosim.tracing.expression import constant, total
from neurosim.tracing.formulas import chained, derivative, loss_by_a, loss_delta, slope_symbol
from neurosim.tracing.operands import Operands, words
from neurosim.tracing.steps import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.tracing.expression import Expression
    from neurosim.tracing.snapshot import Snapshot
    from neurosim.tracing.steps import Words

__all__ = ["steps"]


def steps(snapshot: Snapshot) -> Iterator[Step]:
    """Yield the delta of every neuron, sample by sample, the inputs last."""
    numbers = [number for block in reversed(snapshot.blocks) for number, _, _ in block]
    for sample in range(snapshot.n):
        for who in filter(snapshot.shows, [*numbers, *snapshot.inputs]):
            yield Step(
                "delta",
                snapshot.labels[who],
                "delta",
                sample,
                snapshot.delta[who][sample],
                source=partial(_words, snapshot, who, sample),
            )


def _words(snapshot: Snapshot, who: int, sample: int) -> Words:
    return words(
        snapshot.symbol("delta", who),
        lambda operands: _equation(operands, who),
        snapshot,
        sample,
        snapshot.delta[who][sample],
        _explanation(snapshot, who, sample),
    )


def _equation(operands: Operands, who: int) -> Expression:
    snapshot = operands.snapshot
    if snapshot.is_input(who):
        return _by_activation(operands, who)
    if not _counts(snapshot, who):
        return constant(0.0)
    from_z = _from_z(snapshot, who)
    parts = []
    if not from_z or any(snapshot.outgoing[member] for member in _together(snapshot, who)):
        parts.append(_through_activation(operands, who))
    if from_z:
        parts.append(operands.mean(loss_delta(operands, who)))
    return operands.through_normalization(who, total(parts))


def _together(snapshot: Snapshot, who: int) -> list[int]:
    return snapshot.members(who) if snapshot.kinds[who].coupled else [who]


def _counts(snapshot: Snapshot, who: int) -> bool:
    """Whether the loss depends on the neuron."""
    return any(snapshot.reached[member] for member in _together(snapshot, who))


def _from_z(snapshot: Snapshot, who: int) -> bool:
    return any(snapshot.partnered(member) for member in _together(snapshot, who))


def _through_activation(operands: Operands, who: int) -> Expression:
    """dJ/da times s'(z); of coupled neurons the sum over their whole layer."""
    snapshot = operands.snapshot
    if not snapshot.kinds[who].coupled:
        slope = derivative(operands.apart(), who)
        by_activation = _by_activation(operands, who)
        product: Expression = by_activation * operands.part(slope_symbol(snapshot, who), slope)
        return product
    layer = [
        operands.part(snapshot.symbol("dJ/da", member), _by_activation(operands.apart(), member))
        for member in snapshot.members(who)
    ]
    return chained(operands, who, layer)


def _by_activation(operands: Operands, who: int) -> Expression:
    """dJ/da: the neuron's own part of the loss, and what its readers pass back."""
    snapshot = operands.snapshot
    parts = []
    if not snapshot.reached[who]:
        return constant(0.0)
    if who in snapshot.column and not snapshot.partnered(who):
        parts.append(operands.mean(loss_by_a(operands, who)))
    parts += [
        operands.weight(who, reader, slot) * operands.delta(reader)
        for reader, slot in snapshot.outgoing[who]
    ]
    return operands.masked(who, total(parts))


# -- in words ----------------------------------------------------------------------------------


def _explanation(snapshot: Snapshot, who: int, sample: int) -> str:
    own = _of_neuron(snapshot, who, sample)
    if who not in snapshot.normalized or not _counts(snapshot, who):
        return own
    label, also = snapshot.labels[who], ""
    if snapshot.normalized[who].training:
        also = ", less what z adds to the mean and the variance, which all samples share"
    return f"{own} That is dJ/du[{label}]; gamma / sqrt(var + epsilon) leads to dJ/dz{also}."


def _of_neuron(snapshot: Snapshot, who: int, sample: int) -> str:
    label = snapshot.labels[who]
    if snapshot.is_input(who):
        return _of_input(snapshot, who)
    if not _counts(snapshot, who):
        return f"The loss does not depend on {label}, so its delta is 0."
    if _from_z(snapshot, who):
        return _of_partner(snapshot, who)
    if snapshot.kinds[who].coupled:
        return (
            f"Every activation of the layer depends on z[{label}], so dJ/da of each of its "
            f"neurons counts{_n(snapshot)}."
        )
    slope = derivative(Operands(snapshot, sample, symbols=True), who).text
    return f"{_source(snapshot, who)}, times {slope_symbol(snapshot, who)}, which is {slope} here."


def _of_partner(snapshot: Snapshot, who: int) -> str:
    loss, kind = type(snapshot.loss_kind).__name__, snapshot.kinds[who].name
    read = any(snapshot.outgoing[member] for member in _together(snapshot, who))
    passed = "; what the readers pass back is added" if read else ""
    return (
        f"The derivatives of {loss} and {kind} multiply to this difference{_n(snapshot)}{passed}."
    )


def _source(snapshot: Snapshot, who: int) -> str:
    label, readers = snapshot.labels[who], _readers(snapshot, who)
    own = f"how the loss changes with a[{label}]{_n(snapshot)}"
    passed = f"the delta of {readers} times the weight of the edge to it"
    if who not in snapshot.column:
        return passed[0].upper() + passed[1:]
    if not snapshot.outgoing[who]:
        return own[0].upper() + own[1:]
    return f"{own[0].upper()}{own[1:]}, plus {passed}"


def _readers(snapshot: Snapshot, who: int) -> str:
    n = len(snapshot.outgoing[who])
    return "its reader" if n == 1 else f"each of its {n} readers"


def _n(snapshot: Snapshot) -> str:
    if snapshot.n > 1 and snapshot.per_sample:
        return ", of this sample alone"
    return "" if snapshot.n == 1 else f", divided by the {snapshot.n} samples of the mean"


def _of_input(snapshot: Snapshot, who: int) -> str:
    label = snapshot.labels[who]
    if not snapshot.reached[who] or not snapshot.outgoing[who]:
        return f"The loss does not depend on the input {label}, so its delta is 0."
    return (
        f"How the loss changes with the input {label}: the delta of {_readers(snapshot, who)} "
        "times the weight of the edge to it."
    )
