"""The steps of a trace as rows, and in groups: what all learning steps of a page share."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from neurosim.tracing.steps import KINDS, QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.tracing.player.tables import Tables
    from neurosim.tracing.steps import Step
    from neurosim.tracing.trace import Trace

__all__ = ["groupings", "left_out", "row"]


def row(step: Step, tables: Tables) -> tuple[int, ...]:
    """Return kind, subject, quantity, sample (-1 for all of them) and the symbol on the left."""
    return (
        KINDS.index(step.kind),
        tables.texts.index(step.subject),
        QUANTITIES.index(step.quantity),
        -1 if step.sample is None else step.sample,
        tables.symbol(step.equation.left),
    )


def groupings(trace: Trace, tables: Tables) -> dict[str, Any]:
    """Return by grouping where every group begins, and its title.

    Groups follow each other; those by term the page finds itself.
    """
    found = {}
    for by in ("step", "neuron", "layer"):
        groups = trace.by(by)
        ends = accumulate(len(group.steps) for group in groups)
        titles = [tables.texts.index(group.title) for group in groups]
        found[by] = [[0, *ends][:-1], titles]
    return found


def left_out(steps: Iterable[Step], kept: Iterable[Step]) -> str:
    """Return what of a trace a page leaves out, in a sentence; nothing, where it is whole.

    >>> left_out([], [])
    ''
    """
    there = Counter(step.kind for step in steps)
    held = Counter(step.kind for step in kept)
    parts = [
        f"{there[kind] - held[kind]:,} of {there[kind]:,} {kind} steps"
        for kind in KINDS
        if there[kind] > held[kind]
    ]
    if not parts:
        return ""
    return (
        f"Left out of this page: {', '.join(parts)}, the last of their kind. A trace with a watch "
        'list, of fewer samples or with by="layer" is shown whole.'
    )
