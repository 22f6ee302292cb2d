"""A trace under headings: what documents have in common."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from neurosim.tracing.render.text import HEADINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from neurosim.tracing.steps import Step

__all__ = ["Phase", "UpdateRow", "phases", "update_rows"]

SHORTENED = (
    "Numbers are rounded to {digits} significant digits. Of a sum of more than {most} terms the "
    "first two and the last are written, and between them how many there are more."
)
"""What a document says of itself; `Step.substituted` has every digit and every term."""


class Phase(NamedTuple):
    """Steps of one kind, of one sample where there are several, that follow each other."""

    title: str
    kind: str
    steps: list[Step]


class UpdateRow(NamedTuple):
    """What an update made of a parameter."""

    subject: str
    before: str
    new: str
    change: str


def phases(steps: Sequence[Step]) -> Iterator[Phase]:
    """Yield the phases of a trace."""
    several = any(step.sample for step in steps)
    for (kind, sample), group in groupby(steps, key=lambda step: (step.kind, step.sample)):
        named = f", sample {sample}" if several and sample is not None else ""
        yield Phase(HEADINGS[kind] + named, kind, list(group))


def update_rows(steps: Sequence[Step], digits: int) -> list[UpdateRow]:
    """Return a row for every parameter that an optimizer was asked about."""
    return [
        UpdateRow(step.subject, *_texts((step.before, step.value), digits))
        for step in steps
        if step.before is not None
    ]


def _texts(pair: tuple[float, float], digits: int) -> tuple[str, str, str]:
    before, new = pair
    first, second, change = (f"{value:.{digits}g}" for value in (before, new, new - before))
    return first, second, change if change.startswith(("-", "n")) else f"+{change}"
