"""Forward: z and a of every neuron, every source before its readers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from neurosim.tracing.expression import total
from neurosim.tracing.formulas import activation
from neurosim.tracing.operands import words
from neurosim.tracing.steps import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.tracing.expression import Expression
    from neurosim.tracing.operands import Operands
    from neurosim.tracing.snapshot import Snapshot
    from neurosim.tracing.steps import Words

__all__ = ["steps"]


def steps(snapshot: Snapshot) -> Iterator[Step]:
    """Yield z, then a, of every neuron, sample by sample."""
    for sample in range(snapshot.n):
        # An input takes a step of its own only where dropout is at work on it.
        for who in filter(snapshot.shows, snapshot.inputs):
            if who in snapshot.masks:
                yield _activation_step(snapshot, who, sample)
        for block, coupled in zip(snapshot.blocks, snapshot.coupled, strict=True):
            numbers = [number for number, _, _ in block if snapshot.shows(number)]
            # The activations of coupled neurons need the z of all of them first.
            for together in [numbers] if coupled else [[number] for number in numbers]:
                yield from (_sum_step(snapshot, number, sample) for number in together)
                yield from (_activation_step(snapshot, number, sample) for number in together)


def _sum_step(snapshot: Snapshot, who: int, sample: int) -> Step:
    value, source = snapshot.z[who][sample], partial(_sum_words, snapshot, who, sample)
    return Step("forward", snapshot.labels[who], "z", sample, value, source=source)


def _activation_step(snapshot: Snapshot, who: int, sample: int) -> Step:
    value = snapshot.activation[who][sample]
    source = partial(_activation_words, snapshot, who, sample)
    return Step("forward", snapshot.labels[who], "a", sample, value, source=source)


def _sum_words(snapshot: Snapshot, who: int, sample: int) -> Words:
    label, value = snapshot.labels[who], snapshot.z[who][sample]
    edges, bias = snapshot.rows[who]

    def equation(operands: Operands) -> Expression:
        products = [
            operands.weight(source, who, slot) * operands.a(source) for source, slot in edges
        ]
        if who in snapshot.normalized:
            return total(products)
        return total([*products, operands.bias(who, bias)])

    inputs = "its input" if len(edges) == 1 else f"its {len(edges)} inputs"
    explanation = f"{label} adds up {inputs}, each times the weight of its edge, and its bias."
    if not edges:
        explanation = f"{label} has no inputs, so its sum is its bias."
    if who in snapshot.normalized:
        explanation = (
            f"{label} adds up {inputs}, each times the weight of its edge; beta, its bias, follows "
            "after the normalization."
        )
    return words(snapshot.symbol("z", who), equation, snapshot, sample, value, explanation)


def _activation_words(snapshot: Snapshot, who: int, sample: int) -> Words:
    label, kind = snapshot.labels[who], snapshot.kinds[who]
    explanation = f"{label} is a {kind.name}: this is what it makes of its sum z."
    if snapshot.is_input(who):
        explanation = f"{label} is an input."
    if kind.coupled:
        explanation = (
            f"{label} is a {kind.name}: what it makes of its sum z depends on the z of its whole "
            "layer."
        )
    if who in snapshot.normalized:
        taken = "running averages"
        if snapshot.normalized[who].training:
            taken = f"those of the batch of {snapshot.n}"
        explanation += (
            " Before that z is normalized: its mean and variance are taken out, then gamma and "
            f"beta put in; mean[{label}] and var[{label}] are {taken}."
        )
    if who in snapshot.masks:
        explanation += f" Dropout multiplies it by the mask m[{label}]."
    return words(
        snapshot.symbol("a", who),
        lambda operands: activation(operands, who),
        snapshot,
        sample,
        snapshot.activation[who][sample],
        explanation,
    )
