"""From the arrays of any graph to its structure: wired, with every missing weight drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.building.structure import Parts, Structure
from neurosim.errors import ArgumentError, LabelError, WiringError
from neurosim.grouping import Grouping, stable_order
from neurosim.initializers import drawn
from neurosim.layers import BaseLayer, InputLayer, Layer

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from neurosim.neurons import Kind
    from neurosim.wiring import Edges, Wiring

    Integers = NDArray[np.int64]

__all__ = ["edge_slots", "rewired", "wired"]


def wired(parts: Parts, rng: np.random.Generator) -> Structure:
    """Return the structure of a graph given in arrays; weights of NaN are drawn."""
    distinct = tuple(dict.fromkeys(parts.kinds))
    position = {kind: i for i, kind in enumerate(distinct)}
    kind_of = np.array([position[kind] for kind in parts.kinds], dtype=np.int64)
    coupled_in, names = _given_layers(parts)
    grouping = Grouping(
        distinct,
        kind_of,
        parts.edges,
        parts.inputs,
        parts.outputs,
        coupled_in,
        lambda number: str(parts.nodes[number]),
    )
    # A circle is told first: it may be why there are no inputs or outputs.
    level = grouping.level
    _check_ends(parts)
    wiring = grouping.wiring()
    slots = edge_slots(wiring, grouping.order)
    weights = _drawn(parts, distinct, kind_of, rng)
    parameters = np.zeros(wiring.n_parameters)
    parameters[slots] = weights
    computed = np.flatnonzero(wiring.bias_slots >= 0)
    parameters[wiring.bias_slots[computed]] = parts.biases[computed]
    parameters[wiring.gamma_slots[wiring.normalized]] = 1.0
    frozen = np.zeros(wiring.n_parameters, dtype=bool)
    if parts.frozen_edges is not None:
        frozen[slots[parts.frozen_edges]] = True
        held = computed[parts.frozen_biases[computed]]
        frozen[wiring.bias_slots[held]] = True
    layers, members = _graph_layers(parts, level, coupled_in, names)
    return Structure(
        wiring, parameters, frozen, layers, members, parts.nodes, coupled_in, tuple(parts.tie_names)
    )


def edge_slots(wiring: Wiring, order: Integers) -> Integers:
    """Return the entry of each edge's weight, edge by edge as they were given.

    ``order`` sorts the given edges by target; within a target, the wiring keeps their order.
    """
    slots = np.empty(len(order), dtype=np.int64)
    slots[order] = wiring.edge_slots[stable_order(wiring.edges.targets)]
    return slots


def _check_ends(parts: Parts) -> None:
    for numbers, what in ((parts.inputs, "inputs"), (parts.outputs, "outputs")):
        if not len(numbers):
            raise WiringError(f"Network: there are no {what}; name at least one with {what}=[...].")
        distinct, counts = np.unique(numbers, return_counts=True)
        if (counts > 1).any():
            label = str(parts.nodes[int(distinct[counts > 1][0])])
            raise LabelError(f"Network: {what} names neuron {label!r} twice.")
    both = np.intersect1d(parts.inputs, parts.outputs)
    if len(both):
        raise WiringError(
            f"Network: neuron {str(parts.nodes[int(both[0])])!r} is an input and an output; let "
            "a LinearNeuron read it and be the output."
        )


def _given_layers(parts: Parts) -> tuple[Integers, list[str]]:
    if parts.layer_names is None:
        return np.full(len(parts.kinds), -1), []
    names = list(dict.fromkeys(name for name in parts.layer_names if name is not None))
    number = {name: i for i, name in enumerate(names)}
    return np.array(
        [-1 if n is None else number[n] for n in parts.layer_names], dtype=np.int64
    ), names


def _drawn(parts: Parts, distinct: tuple[Kind, ...], kind_of: Integers, rng: Any) -> Any:
    """Return the weights with every NaN drawn by the target's kind, tied ones alike."""
    weights, edges = parts.weights.copy(), parts.edges
    missing = np.isnan(weights)
    if edges.ties is not None:
        _share_given(weights, edges, parts)
        missing = np.isnan(weights)
    if not missing.any():
        return weights
    n_in = np.bincount(edges.targets, minlength=len(kind_of))[edges.targets]
    n_out = np.bincount(edges.sources, minlength=len(kind_of))[edges.sources]
    target_kind = kind_of[edges.targets]
    for i, kind in enumerate(distinct):
        chosen = np.flatnonzero(missing & (target_kind == i))
        if len(chosen):
            weights[chosen] = drawn(
                kind.neuron.initializer, rng, (len(chosen),), n_in[chosen], n_out[chosen]
            )
    if edges.ties is not None:
        tied = edges.ties >= 0
        _, first, which = np.unique(edges.ties[tied], return_index=True, return_inverse=True)
        weights[tied] = weights[tied][first][which]
    return weights


def _share_given(weights: Any, edges: Edges, parts: Parts) -> None:
    """Give every tied edge the weight that one of its tie was given; in place."""
    assert edges.ties is not None
    known: dict[int, float] = {}
    for tie, weight in zip(edges.ties.tolist(), weights.tolist(), strict=True):
        if tie < 0 or weight != weight:
            continue
        if known.setdefault(tie, weight) != weight:
            raise ArgumentError(
                f"Network: the edges tied as {parts.tie_names[tie]!r} share one weight, but are "
                f"given {known[tie]} and {weight}; give them one, or different ties."
            )
    for position, tie in enumerate(edges.ties.tolist()):
        if tie in known:
            weights[position] = known[tie]


def _graph_layers(
    parts: Parts, level: Integers, given: Integers, names: list[str]
) -> tuple[list[BaseLayer], list[Integers]]:
    """Group the neurons for display: by the layer that was named, else by level."""
    own = given[parts.inputs]
    input_name = names[own[0]] if (own == own[0]).all() and own[0] >= 0 else "input"
    rest = np.ones(len(level), dtype=bool)
    rest[parts.inputs] = False
    numbers = np.flatnonzero(rest)
    # Layers that were named have the keys 0, 1, ...; unnamed ones follow, level by level.
    key = np.where(given >= 0, given, len(names) + level)[numbers]
    order = np.lexsort((numbers, key))
    groups = np.split(numbers[order], np.flatnonzero(np.diff(key[order])) + 1)
    groups.sort(key=lambda group: (int(level[group].min()), int(group[0])))
    layers: list[BaseLayer] = [
        InputLayer(len(parts.inputs), _labels(parts, parts.inputs), name=input_name)
    ]
    members = [parts.inputs]
    for group in groups:
        if not len(group):
            continue
        first = int(group[0])
        name = names[given[first]] if given[first] >= 0 else f"level{level[first]}"
        if given[first] < 0 and name in names:
            raise LabelError(
                f"Network: {name!r} is the name of the layer of neuron "
                f"{str(parts.nodes[first])!r}, which names none; give the layer that is named so "
                "another 'layer'."
            )
        if name == input_name:
            raise LabelError(
                f"Network: the layer {name!r} holds inputs and other neurons; give the others "
                "another 'layer'."
            )
        kinds = {parts.kinds[i] for i in group.tolist()}
        kind = kinds.pop() if len(kinds) == 1 else None
        layers.append(Layer._of_network(name, _labels(parts, group), len(group), kind))
        members.append(group)
    return layers, members


def _labels(parts: Parts, numbers: Integers) -> tuple[str, ...]:
    return tuple(str(parts.nodes[number]) for number in numbers.tolist())


def rewired(
    old: Wiring, edges: Edges, coupled_in: Integers, name: Callable[[int], str]
) -> tuple[Wiring, Integers]:
    """Return the wiring of other edges between the same neurons, and the entry of every edge."""
    grouping = Grouping(old.kinds, old.kind_of, edges, old.inputs, old.outputs, coupled_in, name)
    wiring = grouping.wiring()
    return wiring, edge_slots(wiring, grouping.order)
