"""The arithmetic that gives a number, written with a step's own operands, mistakes and all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from neurosim.tracing.exercises.answers import Answer
    from neurosim.tracing.exercises.textbook import LearningStep

__all__ = ["arithmetic", "shown", "target_of"]

# A sum of more terms than this is no help to anybody.
_MANY = 12


def shown(value: float, digits: int = 6) -> str:
    """Return a number as a person reads it.

    >>> shown(0.29837110876), shown(-8.0)
    ('0.298371', '-8')
    """
    return f"{value:.{digits}g}"


def arithmetic(step: LearningStep, answer: Answer, factor: float = 1.0) -> str | None:
    """Return the arithmetic of one number, such as ``0.4*0.1385 + 0.5*(-0.0381)``.

    It is None where it is too long, or where more than sums and products are at work.
    """
    who = target_of(step, answer.subject)
    sample = answer.sample or 0
    with np.errstate(all="ignore"):
        found = _written(step, answer, who, sample)
    if found is None:
        return None
    text, value = found
    computed = np.atleast_1d(step.of(answer.key))
    wanted = float(computed[sample if len(computed) > 1 else 0])
    return _times(text, wanted * factor / value if value else math.nan)


def _times(text: str, ratio: float) -> str | None:
    """Return the arithmetic times a ratio that is a whole number, or 1 over one; else None."""
    size = abs(ratio)
    if not 0 < size < math.inf:
        return None
    whole = size if size >= 1 else 1 / size
    if not math.isclose(whole, round(whole), rel_tol=1e-9):
        return None
    if ratio == 1 or (round(whole) == 1 and ratio > 0):
        return text
    sign = "-" if ratio < 0 else ""
    if round(whole) == 1:
        return f"-({text})"
    return f"{sign}{round(whole)}*({text})" if size > 1 else f"{sign}({text})/{round(whole)}"


def target_of(step: LearningStep, subject: str) -> int | None:
    """Return the neuron that a number is about; of an edge its target."""
    numbers = {label: who for who, label in enumerate(step.labels)}
    if subject in numbers:
        return numbers[subject]
    label = subject.split("->")[-1].removesuffix(".bias").removesuffix(".gamma")
    return numbers.get(label)


_Written = tuple[str, float] | None


def _written(step: LearningStep, answer: Answer, who: int | None, i: int) -> _Written:
    if answer.subject == "loss":
        return _loss(step if answer.quantity == "value" else step.later)
    assert who is not None
    if who in step.snapshot.normalized or step.snapshot.kinds[who].coupled:
        return _sum(step, who, i) if answer.quantity == "z" else None
    if answer.quantity == "z":
        return _sum(step, who, i)
    if answer.quantity == "delta":
        return _delta(step, who, i)
    if answer.quantity == "new":
        return _new(step, answer, who)
    return _gradient(step, answer, who) if answer.quantity == "gradient" else None


def _at(value: Any, i: int) -> float:
    flat = np.atleast_1d(value)
    return float(flat[i if len(flat) > 1 else 0])


def _number(value: float) -> str:
    text = shown(value)
    return f"({text})" if text.startswith("-") else text


def _products(pairs: list[tuple[float, float]], more: list[float]) -> _Written:
    """Return a sum of products and numbers; factors of 1 and terms of 0 are not written."""
    value = sum(x * y for x, y in pairs) + sum(more)
    terms = ["*".join(_number(f) for f in pair if f != 1) or "1" for pair in pairs]
    terms += [_number(one) for one in more if one != 0]
    if len(terms) > _MANY:
        return None
    return " + ".join(terms) or "0", value


def _sum(step: LearningStep, who: int, i: int) -> _Written:
    incoming, bias = step.snapshot.rows[who]
    factors = [step.forward_factors(source, who, slot) for source, slot in incoming]
    pairs = [(_at(w, i), _at(a, i)) for w, a in factors]
    normalized = who in step.snapshot.normalized
    return _products(pairs, [] if normalized else [_at(step.bias(who, bias), i)])


def _loss(step: LearningStep) -> _Written:
    parts = [part for who in step.outputs() for part in np.atleast_1d(step.loss_part(who))]
    found = _products([], [float(part) for part in parts])
    if found is None or step.n == 1:
        return found
    return f"({found[0]})/{step.n}", found[1] / step.n


def _delta(step: LearningStep, who: int, i: int) -> _Written:
    snapshot = step.snapshot
    factors = [step.backward_factors(who, reader, slot) for reader, slot in step.readers(who)]
    pairs = [(_at(w, i), _at(d, i)) for w, d in factors]
    if snapshot.partnered(who):
        return None if pairs else _products([], [_at(step.mean(step.loss_by_z(who)), i)])
    own = [_at(step.mean(step.loss_by_a(who)), i)] if who in snapshot.column else []
    found = _products(pairs, own)
    slope = 1.0 if snapshot.is_input(who) else _at(step.slope(who), i)
    if found is None or slope == 1:
        return found
    text = f"({found[0]})" if len(pairs) + len(own) > 1 else found[0]
    return f"{text}*{_number(slope)}", found[1] * slope


def _gradient(step: LearningStep, answer: Answer, who: int) -> _Written:
    if "->" not in answer.subject:
        return _products([], [float(one) for one in np.atleast_1d(step.by_u[who])])
    numbers = {label: number for number, label in enumerate(step.labels)}
    delta, a = step.gradient_factors(numbers[answer.subject.split("->")[0]], who)
    return _products([(_at(delta, i), _at(a, i)) for i in range(step.n)], [])


def _new(step: LearningStep, answer: Answer, who: int) -> _Written:
    slot = next(
        (
            slot
            for source, slot in step.snapshot.rows[who][0]
            if step.snapshot.edge(source, who) == answer.subject
        ),
        step.snapshot.rows[who][1],
    )
    before, after = float(step.p[slot]), float(step.of(answer.key))
    return f"{shown(before)} - {_number(before - after)}", after
