"""A network from arrays of edges between numbered neurons: millions of them, in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.building.structure import Parts, Structure
from neurosim.building.wired import wired
from neurosim.checks import finite_array, short
from neurosim.errors import ArgumentError, ArgumentTypeError, ShapeError
from neurosim.neurons import InputNeuron, Kind
from neurosim.wiring import Edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

__all__ = ["from_edge_arrays"]

# More numbers than this many times those in use are a mistake, and would fill the memory.
_GAPS = 100
_LARGEST = int(np.iinfo(np.int64).max) - 1


def from_edge_arrays(
    sources: Any,
    targets: Any,
    kinds: Any,
    weights: Any,
    biases: Any,
    inputs: Any,
    outputs: Any,
    rng: np.random.Generator,
) -> Structure:
    """Return the structure of edges between numbered neurons; see `Network.from_edges`."""
    what = "Network.from_edges"
    sources, targets = (
        _numbers(a, f"{what}: {n}") for a, n in ((sources, "sources"), (targets, "targets"))
    )
    inputs, outputs = (
        _numbers(a, f"{what}: {n}") for a, n in ((inputs, "inputs"), (outputs, "outputs"))
    )
    if len(sources) != len(targets):
        raise ShapeError(
            f"{what}: sources and targets must be equally long; "
            f"got {len(sources)} and {len(targets)}."
        )
    named = [sources, targets, inputs, outputs]
    if isinstance(kinds, dict):
        named.append(_numbers(list(kinds), f"{what}: the keys of kinds"))
    n = 1 + max((int(a.max()) for a in named if len(a)), default=-1)
    if n > _GAPS + _GAPS * sum(len(a) for a in named):
        raise ArgumentError(
            f"{what}: neurons must be counted from 0 without large gaps; got the number {n - 1}."
        )
    kinds = _kinds_by_number(kinds, n, inputs, what)
    n = len(kinds)
    given = np.full(len(sources), np.nan)
    if weights is not None:
        given = finite_array(weights, f"{what}: weights", dimensions=1)
        if len(given) != len(sources):
            raise ShapeError(
                f"{what}: weights must be ({len(sources)},), one per edge; got {given.shape}."
            )
    start = np.zeros(n)
    if biases is not None:
        start = finite_array(biases, f"{what}: biases", dimensions=1)
        if len(start) != n:
            raise ShapeError(
                f"{what}: biases must be ({n},), one per neuron (those of inputs are not used); "
                f"got {start.shape}."
            )
    parts = Parts(kinds, Edges(sources, targets), given, start, inputs, outputs, range(n))
    return wired(parts, rng)


def _numbers(values: Any, what: str) -> Integers:
    try:
        array = np.asarray(values)
    except ValueError:  # rows of unequal length
        array = np.zeros((1, 1))
    if array.size == 0 and array.ndim == 1:
        return np.zeros(0, dtype=np.int64)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise ArgumentTypeError(
            f"{what} must be a list or array of neuron numbers, counted from 0; "
            f"got {short(values)}."
        )
    for number in (int(array.min()), int(array.max())):
        if not 0 <= number <= _LARGEST:
            raise ArgumentError(f"{what} must hold neuron numbers from 0; got {number}.")
    return array.astype(np.int64, copy=False)


def _kinds_by_number(kinds: Any, n: int, inputs: Integers, what: str) -> list[Kind]:
    is_input = np.zeros(n, dtype=bool)
    is_input[inputs] = True
    if isinstance(kinds, dict):
        missing = [i for i in range(n) if i not in kinds and not is_input[i]]
        if missing:
            raise ArgumentError(
                f"{what}: kinds must name every neuron; neuron {missing[0]} is missing."
            )
        kinds = [kinds.get(i) for i in range(n)]
    if not isinstance(kinds, list | tuple | np.ndarray):
        kind, source = Kind.of(kinds, f"{what}: kinds"), Kind(InputNeuron)
        return [source if flag else kind for flag in is_input.tolist()]
    if len(kinds) < n:
        raise ShapeError(
            f"{what}: kinds must be one kind for all neurons, or one for each of the {n}; "
            f"got {len(kinds)}."
        )
    return _each_kind(list(kinds), set(inputs.tolist()), what)


def _each_kind(kinds: list[Any], inputs: set[int], what: str) -> list[Kind]:
    known: dict[int, Kind] = {}
    result = []
    for i, given in enumerate(kinds):
        if i in inputs:
            if given is not None and given is not InputNeuron:
                raise ArgumentError(
                    f"{what}: kinds[{i}] must be ns.InputNeuron or None, as neuron {i} is an "
                    f"input; got {short(given)}."
                )
            result.append(Kind(InputNeuron))
            continue
        if id(given) not in known:
            known[id(given)] = Kind.of(given, f"{what}: kinds[{i}]")
        kind = known[id(given)]
        if kind.neuron is InputNeuron:
            raise ArgumentError(f"{what}: kinds[{i}] is InputNeuron, but {i} is not in inputs.")
        result.append(kind)
    return result
