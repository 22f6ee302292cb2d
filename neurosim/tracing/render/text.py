"""A trace as text for a terminal: grouped by kind of step, the equations aligned."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from neurosim.tracing.steps import Step

__all__ = ["line", "render", "rounded"]

HEADINGS = {
    "forward": "Forward",
    "loss": "Loss",
    "delta": "Delta",
    "gradient": "Gradient",
    "update": "Update",
}
# A number at full precision; whole numbers such as the 2 of a square stay as they are.
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+(?:e[+-]?\d+)?|e[+-]?\d+)")


def rounded(arithmetic: str, digits: int) -> str:
    """Return plain arithmetic with its numbers rounded to significant digits; signs stay.

    >>> rounded("0.14999999*(-0.05)**2", 3)
    '0.15*(-0.05)**2'
    """
    return _NUMBER.sub(lambda found: f"{float(found[0]):.{digits}g}", arithmetic)


class _Equation(NamedTuple):
    """A step's equation: what is left of the first equals sign, and what follows each."""

    left: str
    right: tuple[str, ...]


def _equation(step: Step, digits: int) -> _Equation:
    # The value is the last; labels, and so the left side, hold no equals sign.
    left, arithmetic, value = step.substituted.split(" = ")
    symbols = step.symbolic.removeprefix(f"{left} = ")
    numbers, result = rounded(arithmetic, digits), rounded(value, digits)
    # A number that is the result already is not said twice.
    between = () if numbers in (result, f"({result})") else (numbers,)
    return _Equation(left, (symbols, *between, result))


def line(step: Step, digits: int = 6) -> str:
    """Return one step as one line."""
    left, right = _equation(step, digits)
    return " = ".join([left, *right])


def render(steps: Sequence[Step], digits: int) -> str:
    """Return the steps as text, numbers rounded to significant digits."""
    return "\n\n".join(_groups(steps, digits))


def _groups(steps: Sequence[Step], digits: int) -> Iterator[str]:
    several = any(step.sample for step in steps)
    for (kind, sample), group in groupby(steps, key=lambda step: (step.kind, step.sample)):
        heading = HEADINGS[kind]
        if several and sample is not None:
            heading = f"{heading}, sample {sample}"
        yield "\n".join([heading, *_aligned([_equation(step, digits) for step in group])])


def _aligned(equations: list[_Equation]) -> Iterator[str]:
    width = max(len(equation.left) for equation in equations)
    for left, right in equations:
        yield f"  {left.ljust(width)} = {right[0]}"
        for more in right[1:]:
            yield f"  {' ' * width} = {more}"
