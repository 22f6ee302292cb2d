"""Layer by layer: the same learning step as matrices, each told by its size and its norm.

The value of such a step is the norm of a matrix, the root of the sum of its squares.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from neurosim.tracing.equation import Equation
from neurosim.tracing.expression import named, number
from neurosim.tracing.phases import loss
from neurosim.tracing.steps import Step, Words
from neurosim.tracing.symbols import Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.tracing.snapshot import Snapshot

__all__ = ["steps"]


class _Part(NamedTuple):
    """The weights, biases or gammas of a layer."""

    name: str
    letter: str
    slots: list[int]


class _Layer(NamedTuple):
    """A layer that computes: its neurons, the layers it reads and feeds, its parameters."""

    name: str
    numbers: list[int]
    sources: str
    readers: str
    parts: list[_Part]
    normalized: bool


def steps(snapshot: Snapshot) -> Iterator[Step]:
    """Yield Z and A of every layer, the loss, then deltas, gradients and new parameters."""
    layers = list(_layers(snapshot))
    for layer in layers:
        inner = "gamma zhat + beta" if layer.normalized else f"Z[{layer.name}]"
        yield _step("forward", layer, "z", _rows(snapshot.z, layer), _sum_text(layer))
        yield _step("forward", layer, "a", _rows(snapshot.activation, layer), f"f({inner})")
    if snapshot.has_targets:
        yield from _backward(snapshot, layers)
    if snapshot.after is not None:
        for layer in layers:
            yield from _updates(snapshot, snapshot.after, layer)


def _backward(snapshot: Snapshot, layers: list[_Layer]) -> Iterator[Step]:
    yield from loss.steps(snapshot)
    for layer in reversed(layers):
        text = _delta_text(snapshot, layer)
        yield _step("delta", layer, "delta", _rows(snapshot.delta, layer), text)
    for layer in layers:
        for part in layer.parts:
            gradient = _entries(snapshot.gradient, part.slots)
            yield _step("gradient", layer, "gradient", gradient, _gradient_text(layer, part), part)


def _gradient_text(layer: _Layer, part: _Part) -> str:
    if part.letter == "W":
        return f"A[{layer.sources}]' delta[{layer.name}]"
    by = f"dJ/dU[{layer.name}]" if layer.normalized else f"delta[{layer.name}]"
    return f"sum over samples of {by}{' zhat' if part.letter == 'gamma' else ''}"


def _updates(snapshot: Snapshot, after: list[float], layer: _Layer) -> Iterator[Step]:
    for part in layer.parts:
        before, new = _entries(snapshot.parameters, part.slots), _entries(after, part.slots)
        name = f"{part.letter}[{layer.name}]"
        text = f"{type(snapshot.optimizer).__name__}({name}, dJ/d{name})"
        yield _step("update", layer, "new", new, text, part, before)


def _layers(snapshot: Snapshot) -> Iterator[_Layer]:
    names, position_of = snapshot.layer_names, snapshot.position_of
    members: list[list[int]] = [[] for _ in names]
    for who in snapshot.rows:
        members[position_of[who][0]].append(who)
    for name, numbers in zip(names, members, strict=True):
        if not numbers:
            continue
        read = [source for who in numbers for source, _ in snapshot.rows[who][0]]
        fed = [reader for who in numbers for reader, _ in snapshot.outgoing[who]]
        sources, readers = (
            ", ".join(names[k] for k in sorted({position_of[who][0] for who in found}))
            for found in (read, fed)
        )
        parts = [part for part in _parts(snapshot, numbers) if part.slots]
        normalized = any(who in snapshot.normalized for who in numbers)
        yield _Layer(name, sorted(numbers), sources, readers, parts, normalized)


def _parts(snapshot: Snapshot, numbers: list[int]) -> Iterator[_Part]:
    rows = [snapshot.rows[who] for who in numbers]
    weights = dict.fromkeys(slot for incoming, _ in rows for _, slot in incoming)
    normalized = [who for who in numbers if who in snapshot.normalized]
    yield _Part("weights", "W", list(weights))
    yield _Part("biases", "beta" if normalized else "b", [bias for _, bias in rows])
    yield _Part("gammas", "gamma", [snapshot.gamma_slots[who] for who in normalized])


def _rows(values: list[list[float]], layer: _Layer) -> Any:
    """Return the numbers of a layer's neurons: ``(n, neurons)``."""
    return np.array([values[who] for who in layer.numbers]).T


def _entries(values: list[float], slots: list[int]) -> Any:
    return np.array([values[slot] for slot in slots])


def _sum_text(layer: _Layer) -> str:
    product = [f"A[{layer.sources}] W[{layer.name}]"] if layer.sources else []
    bias = [] if layer.normalized else [f"b[{layer.name}]"]
    return " + ".join([*product, *bias]) or "0"


def _delta_text(snapshot: Snapshot, layer: _Layer) -> str:
    z = f"U[{layer.name}]" if layer.normalized else f"Z[{layer.name}]"
    outputs = [who for who in layer.numbers if who in snapshot.column]
    own = bool(outputs) and not snapshot.partnered(outputs[0])
    parts = [f"delta[{layer.readers}] W[{layer.readers}]'"] if layer.readers else []
    parts += ["dloss/dA"] if own else []
    by_a = f"({' + '.join(parts)})" if len(parts) > 1 else "".join(parts)
    terms = [f"{by_a} * f'({z})"] if by_a else []
    # A loss that belongs to the kind of its outputs is derived by z at once.
    terms += [f"dloss/d{z}"] if outputs and not own else []
    return " + ".join(terms) or "0"


_LETTERS = {"z": "Z", "a": "A", "delta": "delta"}


def _step(
    kind: str,
    layer: _Layer,
    quantity: str,
    values: Any,
    text: str,
    part: _Part | None = None,
    before: Any = None,
) -> Step:
    own = _LETTERS[quantity] if part is None else part.letter
    name = f"{own}_new[{layer.name}]" if quantity == "new" else f"{own}[{layer.name}]"
    name = f"dJ/d{name}" if quantity == "gradient" else name
    subject = layer.name if part is None else f"{layer.name}.{part.name}"
    norm, norm_before = _norm(values), None if before is None else _norm(before)
    source = partial(_words, name, text, values, norm)
    return Step(kind, subject, quantity, None, norm, norm_before, source=source)


def _norm(values: Any) -> float:
    with np.errstate(all="ignore"):
        return float(np.linalg.norm(values))


def _words(name: str, text: str, values: Any, norm: float) -> Words:
    shape = " x ".join(map(str, values.shape))
    known = {"min": float(values.min()), "max": float(values.max()), "mean": float(values.mean())}
    symbol, numbers = Symbol(f"norm({text})"), "number" if values.size == 1 else "numbers"
    return Words(
        f"norm({name}) = norm({text})",
        f"norm({name}) = {norm!r} = {norm!r}",
        tuple((f"{key}({name})", value) for key, value in known.items()),
        f"{name} holds {shape} {numbers} between {known['min']:.6g} and {known['max']:.6g}, "
        f"{known['mean']:.6g} in the mean; its norm is the root of the sum of their squares.",
        Equation(Symbol(f"norm({name})"), named(symbol, norm), number(norm), norm),
    )
