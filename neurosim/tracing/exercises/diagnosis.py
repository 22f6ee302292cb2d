"""Which known mistake gives the number that was handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, final

import numpy as np

from neurosim.tracing.exercises.arithmetic import arithmetic, target_of
from neurosim.tracing.exercises.mistakes import CLASSES
from neurosim.tracing.exercises.mistakes.gradient import TransposedGradient
from neurosim.tracing.exercises.mistakes.rounding import CarriedRounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from neurosim.tracing.exercises.answers import Answer
    from neurosim.tracing.exercises.mistakes import Mistake
    from neurosim.tracing.exercises.textbook import Key, LearningStep, Textbook
    from neurosim.tracing.snapshot import Snapshot

__all__ = ["SMALL", "Diagnosis", "Settled", "Sheet", "diagnosed", "joined"]

# In a network of more neurons a mistake is looked for everywhere and in the layer at hand alone.
SMALL = 24
# Numbers of the engine and of other correct code differ by less than this share of their size,
_CLOSE = 1e-9
# and in sums that cancel by less than this share of the largest number of their sort.
_CANCELLED = 1e-12
_CLOSE_COARSE, _CANCELLED_COARSE = 1e-4, 1e-6


@final
class Sheet:
    """The answers of a person beside the right numbers.

    Parameters
    ----------
    right : Textbook
        The step done right.
    answers : sequence of Answer
    tolerance : float or None
        How far an answer may be off; None goes by the digits given.
    per_sample : bool
        Whether the person's deltas leave out the 1/n of the mean.
    """

    def __init__(
        self,
        right: Textbook,
        answers: Sequence[Answer],
        tolerance: float | None = None,
        per_sample: bool = False,
    ) -> None:
        self.right, self.answers, self.tolerance = right, tuple(answers), tolerance
        self.per_sample = per_sample
        self._sizes = _largest(right)

    @property
    def snapshot(self) -> Snapshot:
        """The numbers that the step starts from."""
        return self.right.snapshot

    def unit(self, answer: Answer) -> float:
        """Return what the engine's number is multiplied by for the person's convention."""
        return float(self.right.n) if self.per_sample and answer.quantity == "delta" else 1.0

    def number(self, step: LearningStep, answer: Answer) -> float:
        """Return the number that a step computes for an answer, as the person would write it."""
        values = np.atleast_1d(step.of(answer.key))
        value = values[(answer.sample or 0) if len(values) > 1 else 0]
        return float(value) * self.unit(answer)

    def allowed(self, answer: Answer) -> float:
        """Return how far an answer may be off."""
        if self.tolerance is not None:
            return self.tolerance
        coarse = answer.coarse or self.snapshot.tolerance > _CLOSE
        close = _CLOSE_COARSE if coarse else _CLOSE
        cancelled = _CANCELLED_COARSE if coarse else _CANCELLED
        size = self._sizes.get(answer.quantity, 0.0) * self.unit(answer)
        by_digits = answer.half * (1 + 1e-9)
        return max(by_digits, close * abs(answer.given), cancelled * size)

    def reproduces(self, step: LearningStep, answer: Answer, slack: float = 0.0) -> bool:
        """Whether a step gives the number handed in."""
        off = abs(self.number(step, answer) - answer.given)
        return off <= self.allowed(answer) + slack * abs(answer.given)

    def explains(
        self, step: LearningStep, answer: Answer, without: LearningStep | None = None
    ) -> bool:
        """Whether a mistaken step gives the number handed in, and one without the mistake does not.

        Who doubles a rounded number doubles what it is off by, so twice that is allowed.
        """
        plain = self.right if without is None else without
        off = abs(self.number(step, answer) - answer.given)
        off_plain = abs(self.number(plain, answer) - answer.given)
        return off <= 2 * self.allowed(answer) and off < off_plain / 2

    def pins(self, answers: Sequence[Answer], given: bool) -> dict[Key, Any]:
        """Return numbers for a step to go on with: those given in some answers, or the right."""
        found: dict[Key, Any] = {}
        for answer in answers:
            step = self.right
            value = answer.given / self.unit(answer) if given else None
            computed = np.asarray(step.computed[answer.key], dtype=np.float64)
            own = found.setdefault(answer.key, np.full(computed.shape, np.nan))
            place = ... if computed.ndim == 0 else (answer.sample or 0)
            own[place] = computed[place] if value is None else value
        return found


def _largest(right: Textbook) -> dict[str, float]:
    sizes: dict[str, float] = {}
    for (_, quantity), values in right.computed.items():
        finite = np.abs(np.atleast_1d(values))
        size = float(np.max(finite, initial=0.0, where=np.isfinite(finite)))
        sizes[quantity] = max(sizes.get(quantity, 0.0), size)
    return sizes


@final
@dataclass(frozen=True)
class Diagnosis:
    """A mistake that gives a number handed in.

    Attributes
    ----------
    kind : type
        The class of the mistake.
    sentence : str
        What was done.
    arithmetic : str or None
        What gives the number.
    variants : tuple
        The forms that the mistake can take here.
    steps : tuple of LearningStep
        Steps with this mistake in them, to find what else follows from it.
    names : tuple of str
        The names of all known mistakes that give the number, the likeliest first.
    """

    kind: type[Mistake]
    sentence: str
    arithmetic: str | None
    variants: tuple[Any, ...]
    steps: tuple[LearningStep, ...]
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """The mistake's name."""
        return self.kind.name


class Settled(NamedTuple):
    """The other answers: those that are right, and the wrong ones before and after one of them."""

    right: Sequence[Answer]
    before: Sequence[Answer]
    after: Sequence[Answer]


def diagnosed(sheet: Sheet, answer: Answer, settled: Settled) -> Diagnosis | None:
    """Return the likeliest mistake behind a wrong answer, or None where no known one gives it.

    Of several mistakes that give the number the one is chosen that goes with most of the other
    answers: it explains the wrong ones after it, and leaves the right ones right; of equals the
    one planted in most places, and then the first of `CLASSES`.
    """
    if answer.transposed and sheet.reproduces(sheet.right, answer):
        return _matrix()
    wrong = sheet.pins(settled.before, given=True)
    choices = [joined(wrong, sheet.pins(settled.right, given=False))]
    if any(one.half > _CLOSE * abs(one.given) for one in settled.right):
        choices.append(joined(wrong, sheet.pins(settled.right, given=True)))
    for pins in choices:
        plain = CarriedRounded(sheet.snapshot, pins)
        if sheet.explains(plain, answer):
            return _best(sheet, answer, [plain])
        steps = _explanations(sheet, answer, plain, settled)
        if steps:
            return _best(sheet, answer, steps)
    return None


def _explanations(
    sheet: Sheet, answer: Answer, plain: LearningStep, settled: Settled
) -> list[Mistake]:
    """Return the mistaken steps that give a number, the likeliest first."""
    right, _, after = settled
    found: list[tuple[int, Mistake]] = []
    for spots in _spots(sheet, answer):
        for step in _candidates(sheet, answer, plain.pins, spots):
            if sheet.explains(step, answer, plain):
                missed = sum(not sheet.explains(step, one) for one in after)
                found.append((missed + _contradicted(sheet, step, right), step))
        # Elsewhere there is nothing better to be found than what explains everything.
        if any(missed == 0 for missed, _ in found):
            break
    return [step for _, step in sorted(found, key=lambda one: one[0])]


def _contradicted(sheet: Sheet, step: Mistake, right: Sequence[Answer]) -> int:
    """Return how many of the right answers the mistake would have made wrong."""
    mistaken = type(step)(sheet.snapshot, None, step.spots, step.variant)
    return sum(not sheet.reproduces(mistaken, one) for one in right)


def joined(wrong: dict[Key, Any], right: dict[Key, Any]) -> dict[Key, Any]:
    """Return pins of both; of a batch the samples of one number may be in either."""
    both = dict(right)
    for key, values in wrong.items():
        both[key] = np.where(np.isnan(values), both.get(key, np.nan), values)
    return both


def _matrix() -> Diagnosis:
    sentence = "The matrix is transposed: it has a row per neuron, and must have one per input."
    return Diagnosis(TransposedGradient, sentence, None, (), (), (TransposedGradient.name,))


def _best(sheet: Sheet, answer: Answer, steps: list[Mistake]) -> Diagnosis:
    best = steps[0]
    kind, variants = type(best), tuple(type(best).variants(sheet.snapshot, answer.decimals))
    everywhere = [kind(sheet.snapshot, None, None, variant) for variant in variants]
    return Diagnosis(
        kind,
        best.told(best.variant),
        arithmetic(best, answer, sheet.unit(answer)),
        variants,
        (*(step for step in steps if step.name == best.name), *everywhere),
        tuple(dict.fromkeys(step.name for step in steps)),
    )


def _candidates(
    sheet: Sheet, answer: Answer, pins: Mapping[Key, Any], spots: frozenset[int] | None
) -> Iterator[Mistake]:
    for kind in CLASSES:
        for variant in kind.variants(sheet.snapshot, answer.decimals):
            yield kind(sheet.snapshot, pins, spots, variant)


def _spots(sheet: Sheet, answer: Answer) -> Iterator[frozenset[int] | None]:
    """Yield where a mistake may have been made: everywhere, in one layer, at one neuron."""
    snapshot = sheet.snapshot
    yield None
    who = target_of(sheet.right, answer.subject)
    blocks = [frozenset(number for number, _, _ in block) for block in snapshot.blocks]
    spots = [block for block in blocks if who in block]
    if len(snapshot.labels) <= SMALL:
        spots += [block for block in blocks if who not in block]
        spots += [frozenset([number]) for number in snapshot.rows]
    yield from dict.fromkeys(spots)
