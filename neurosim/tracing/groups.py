"""The steps of a trace in groups, for whoever goes through them one after another."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, final

from neurosim.checks import short
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from neurosim.tracing.equation import Term
    from neurosim.tracing.steps import Step
    from neurosim.tracing.trace import Trace

__all__ = ["GROUPINGS", "Group", "groups"]


@final
@dataclass(frozen=True, eq=False)
class Group:
    """Steps that are shown together.

    Attributes
    ----------
    title : str
        Such as ``"forward: hidden1[0]"``.
    kind : str
        The phase: the kind of its steps.
    sample : int or None
        The row of the batch; None where the steps are about all of it.
    subjects : tuple of str
        What to light: the neurons and edges whose numbers the steps are, or the term is made of.
    steps : tuple of Step
    term : Term or None
        The one term of the step's sum that the group is, with the sum as far as it goes.
    """

    title: str
    kind: str
    sample: int | None
    subjects: tuple[str, ...]
    steps: tuple[Step, ...]
    term: Term | None = None

    def __str__(self) -> str:
        if self.term is None:
            return self.title
        return f"{self.title}: {self.term.symbols.text} = {self.term.value!r}"


def groups(trace: Trace, by: object) -> Iterator[Group]:
    """Yield the groups of a trace; see `Trace.by`."""
    if not isinstance(by, str) or by not in GROUPINGS:
        known = ", ".join(repr(name) for name in GROUPINGS)
        raise ArgumentError(f"Trace.by: by must be one of {known}; got {short(by)}.")
    yield from GROUPINGS[by](trace)


def _alone(step: Step) -> Group:
    return _group((step,), step.subject)


def _group(steps: tuple[Step, ...], name: str) -> Group:
    first = steps[0]
    subjects = tuple(dict.fromkeys(step.subject for step in steps))
    name = "" if first.kind == name else f": {name}"
    return Group(f"{first.kind}{name}", first.kind, first.sample, subjects, steps)


def _by_step(trace: Trace) -> Iterator[Group]:
    return map(_alone, trace)


def _by_term(trace: Trace) -> Iterator[Group]:
    for step in trace:
        whole = _alone(step)
        terms = step.equation.terms
        for i, term in enumerate(terms, start=1):
            title = f"{whole.title}, term {i} of {len(terms)}"
            yield Group(title, step.kind, step.sample, _lit(term), whole.steps, term)
        yield whole


def _lit(term: Term) -> tuple[str, ...]:
    """Return the neurons and edges that a term is made of."""
    symbols = (token.symbol for token in term.numbers.tokens() if not isinstance(token, str))
    found = (subject for symbol in symbols if symbol for subject in symbol.subjects)
    return tuple(dict.fromkeys(found))


def _owner(subject: str) -> str:
    """Return the neuron that a subject belongs to: of an edge its target."""
    neuron = subject.split("->")[-1]
    for ending in (".bias", ".gamma"):
        neuron = neuron.removesuffix(ending)
    return neuron


def _by_neuron(trace: Trace) -> Iterator[Group]:
    labels = set(trace.snapshot.labels) if trace.recorded else set()
    # A label may itself end in ".bias".
    return _together(trace, lambda step: step.subject if step.subject in labels else _of(step))


def _of(step: Step) -> str:
    return _owner(step.subject)


def _by_layer(trace: Trace) -> Iterator[Group]:
    snapshot = trace.snapshot
    names = [snapshot.layer_names[layer] for layer, _ in snapshot.position_of]
    layer_of = dict(zip(snapshot.labels, names, strict=True))

    def layer(step: Step) -> str:
        own = step.subject if step.subject in layer_of else _owner(step.subject)
        if own in layer_of:
            return layer_of[own]
        # Of a trace by layer.
        return step.subject.rpartition(".")[0] or step.subject

    return _together(trace, layer)


def _together(trace: Trace, name: Callable[[Step], str]) -> Iterator[Group]:
    """Yield steps of one phase, sample and name that follow each other."""
    for key, found in groupby(trace, key=lambda step: (step.kind, step.sample, name(step))):
        yield _group(tuple(found), key[2])


GROUPINGS: dict[str, Callable[[Trace], Iterator[Group]]] = {
    "step": _by_step,
    "term": _by_term,
    "neuron": _by_neuron,
    "layer": _by_layer,
}
"""The groupings, by name."""
