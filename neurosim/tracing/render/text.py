"""A trace as text for a terminal: grouped by kind of step, the equations aligned."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from neurosim.tracing.equation import MOST_TERMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from neurosim.tracing.equation import Line
    from neurosim.tracing.steps import Step

__all__ = ["HEADINGS", "Paint", "lines", "render"]

HEADINGS = {
    "forward": "Forward",
    "loss": "Loss",
    "delta": "Delta",
    "gradient": "Gradient",
    "update": "Update",
}


class Paint(NamedTuple):
    """What text is wrapped in: the codes of a terminal's colours, or nothing.

    The four are told apart by weight, too: bold headings, faint symbols, bold results.
    """

    heading: str = ""
    left: str = ""
    symbols: str = ""
    value: str = ""

    @staticmethod
    def of(color: bool) -> Paint:
        """Return colours, or none."""
        return Paint("\x1b[1;4m", "\x1b[36m", "\x1b[2m", "\x1b[1m") if color else Paint()

    def on(self, code: str, text: str) -> str:
        """Return text in one of the colours."""
        return f"{code}{text}\x1b[0m" if code else text


def render(
    steps: Sequence[Step],
    digits: int,
    notation: str = "labels",
    color: bool = False,
    most: int | None = MOST_TERMS,
) -> str:
    """Return the steps as text: numbers rounded to significant digits, long sums shortened."""
    return "\n\n".join(_groups(steps, digits, notation, Paint.of(color), most))


def _groups(
    steps: Sequence[Step], digits: int, notation: str, paint: Paint, most: int | None
) -> Iterator[str]:
    several = any(step.sample for step in steps)
    for (kind, sample), group in groupby(steps, key=lambda step: (step.kind, step.sample)):
        heading = HEADINGS[kind]
        if several and sample is not None:
            heading = f"{heading}, sample {sample}"
        equations = [step.line(notation, digits, most) for step in group]
        yield "\n".join([paint.on(paint.heading, heading), *lines(equations, paint)])


def lines(equations: Sequence[Line], paint: Paint) -> Iterator[str]:
    """Yield equations line by line, with their equals signs below each other."""
    width = max(len(equation.left) for equation in equations)
    for equation in equations:
        symbols, *between, value = equation.right
        left = paint.on(paint.left, equation.left) + " " * (width - len(equation.left))
        yield f"  {left} = {paint.on(paint.symbols, symbols)}"
        for numbers in between:
            yield f"  {' ' * width} = {numbers}"
        yield f"  {' ' * width} = {paint.on(paint.value, value)}"
