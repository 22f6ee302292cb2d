"""What `check_work` found, to ask and to read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, final

from neurosim.tracing.exercises.arithmetic import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neurosim.tracing.exercises.answers import Answer
    from neurosim.tracing.exercises.diagnosis import Diagnosis

__all__ = ["CheckedAnswer", "WorkReport"]

# How many answers a line of the report names one by one.
_NAMED = 8


@final
@dataclass(frozen=True)
class CheckedAnswer:
    """One number handed in, beside the right one.

    Attributes
    ----------
    answer : Answer
        What was handed in: ``.subject``, ``.quantity``, ``.sample``, ``.given``.
    expected : float
    verdict : str
        ``"right"``; ``"wrong"``: a mistake of its own; ``"follows"``: consistent with a mistake
        made before it.
    diagnosis : Diagnosis or None
        Of a wrong one: the known mistake that gives it.
    examined : bool
        Whether a known mistake was looked for; of many unrelated errors only the first are.
    """

    answer: Answer
    expected: float
    verdict: str
    diagnosis: Diagnosis | None = None
    examined: bool = True

    def __repr__(self) -> str:
        answer = self.answer
        at = "" if answer.sample is None else f"[{answer.sample}]"
        return (
            f"CheckedAnswer({answer.subject} {answer.quantity}{at}: {answer.given!r}, "
            f"expected {self.expected!r}: {self.verdict})"
        )


@final
class WorkReport:
    """What `check_work` found.

    Attributes
    ----------
    answers : tuple of CheckedAnswer
        Every number handed in, in the order of computation.
    """

    def __init__(self, answers: Sequence[CheckedAnswer]) -> None:
        self.answers = tuple(answers)

    @property
    def ok(self) -> bool:
        """Whether every number is right."""
        return all(one.verdict == "right" for one in self.answers)

    @property
    def errors(self) -> tuple[CheckedAnswer, ...]:
        """The wrong numbers that follow from no earlier one."""
        return tuple(one for one in self.answers if one.verdict == "wrong")

    @property
    def first_wrong(self) -> tuple[str, str] | None:
        """Subject and quantity of the first wrong number, or None."""
        return self.errors[0].answer.key if self.errors else None

    @property
    def mistake(self) -> str | None:
        """The likely mistake behind the first wrong number: one of `MISTAKES`, or None.

        None is said where nothing is wrong, and where no known mistake gives the number.
        """
        found = self.errors[0].diagnosis if self.errors else None
        return None if found is None else found.name

    @property
    def mistakes(self) -> tuple[str, ...]:
        """All known mistakes that give the first wrong number, the likeliest first."""
        found = self.errors[0].diagnosis if self.errors else None
        return () if found is None else found.names

    def __repr__(self) -> str:
        return f"WorkReport(ok={self.ok}, first_wrong={self.first_wrong}, mistake={self.mistake!r})"

    def __str__(self) -> str:
        right = [one for one in self.answers if one.verdict == "right"]
        if self.ok:
            return f"All right: {_listed(right)}."
        lines = [f"{len(right)} of {_count(len(self.answers), 'number')} right."]
        if right:
            lines.append(f"Right: {_listed(right)}.")
        first, *further = self.errors
        lines += ["", f"First wrong: {_wrong(first)}", *_cause(first)]
        follows = [one for one in self.answers if one.verdict == "follows"]
        if follows:
            lines += ["", f"Consistent with it, so wrong for the same reason: {_listed(follows)}."]
        for one in further:
            if one.examined:
                lines += ["", f"Wrong apart from that: {_wrong(one)}", *_cause(one)]
        rest = [one for one in further if not one.examined]
        if rest:
            lines += ["", f"Wrong, too, the cause not looked for: {_listed(rest)}."]
        return "\n".join(lines)


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _listed(answers: Sequence[CheckedAnswer]) -> str:
    names = [str(one.answer) for one in answers]
    if len(names) <= _NAMED + 1:
        return "; ".join(names)
    return "; ".join(names[:_NAMED]) + f"; and {len(names) - _NAMED} more"


def _wrong(one: CheckedAnswer) -> str:
    given, expected = _apart(one.answer.given, one.expected)
    if given == expected:
        return f"{one.answer}, {given}, is right, but its matrix is not."
    return f"{one.answer} is {expected}; you have {given}."


def _apart(given: float, expected: float) -> tuple[str, str]:
    """Return two numbers with all digits of the one handed in, and enough to tell them apart."""
    digits = len(Decimal(repr(given)).normalize().as_tuple().digits)
    for more in range(max(6, digits), 18):
        texts = shown(given, more), shown(expected, more)
        if texts[0] != texts[1]:
            break
    return texts


def _cause(one: CheckedAnswer) -> list[str]:
    if one.diagnosis is None:
        return ["  No known mistake gives this number."]
    lines = [f"  Likely mistake ({one.diagnosis.name}): {one.diagnosis.sentence}"]
    if one.diagnosis.arithmetic is not None:
        given, _ = _apart(one.answer.given, one.expected)
        lines.append(f"  That gives {one.diagnosis.arithmetic} = {given}.")
    return lines
