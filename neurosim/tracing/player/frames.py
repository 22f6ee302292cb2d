"""The numbers of one learning step, by the tables of a page."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from neurosim.tracing.player.tables import Quantities
from neurosim.tracing.render.json import number
from neurosim.tracing.steps import KINDS

if TYPE_CHECKING:
    from neurosim.tracing.player.picture import Picture
    from neurosim.tracing.player.tables import Tables
    from neurosim.tracing.steps import Step
    from neurosim.tracing.trace import Trace

__all__ = ["MOST_TOKENS", "Frame", "frame_of", "kept_steps"]

MOST_TOKENS, OF_STEP = 300_000, 40
"""So many pieces of equations a page holds, which makes less than 3 MB; so many is a step beside
its equation."""


class Frame(NamedTuple):
    """A learning step.

    Attributes
    ----------
    steps : list of Step
    data : dict
        ``equations`` and ``values`` of the steps, ``terms`` (their values, one step after the
        other), ``quantities`` (the values that equations name), and what the picture shows
        before the first step: ``parameters`` and ``inputs``.
    """

    steps: list[Step]
    data: dict[str, Any]

    @property
    def numbers(self) -> int:
        """How many numbers it holds."""
        return sum(len(found) for found in self.data.values() if isinstance(found, list))


def frame_of(trace: Trace, tables: Tables, picture: Picture, most: int = MOST_TOKENS) -> Frame:
    """Return the steps of a trace that there is room for, and their numbers."""
    quantities = Quantities(tables)
    kept: list[Step] = []
    equations: list[int] = []
    terms: list[float] = []
    for step, (equation, found) in kept_steps(trace, tables, quantities, most):
        kept.append(step)
        equations.append(equation)
        terms += [term.value for term in found]
    known = quantities.values
    data = {
        "equations": equations,
        "values": _written(step.value for step in kept),
        "terms": _written(terms),
        "quantities": _written(known.get(k, 0.0) for k in range(len(tables.quantities))),
        "parameters": _written(picture.parameters(trace)),
        "inputs": [_written(values) for values in picture.inputs(trace)],
    }
    return Frame(kept, data)


def kept_steps(trace: Trace, tables: Tables, quantities: Quantities, most: int) -> Any:
    """Yield steps with their equations; of every kind the first, as far as there is room."""
    count = Counter(step.kind for step in trace)
    # Half of the room is for all kinds alike, half for those that have more steps.
    room = {kind: most / 2 * (1 / len(KINDS) + count[kind] / len(trace)) for kind in KINDS}
    for step in trace:
        if room[step.kind] <= 0:
            continue
        before = tables.size
        yield step, tables.equation(step, quantities)
        room[step.kind] -= tables.size - before + OF_STEP


def _written(values: Any) -> list[float | str]:
    return [number(float(value)) for value in values]
