"""A network from a person's networkx graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.building.structure import Parts, Structure, check_labels
from neurosim.building.wired import wired
from neurosim.checks import finite_array, finite_number, flag, short
from neurosim.errors import ArgumentError, ArgumentTypeError, UnknownNeuronError, nearest
from neurosim.layers import checked_label
from neurosim.neurons import InputNeuron, Kind
from neurosim.normalization import initial_averages
from neurosim.wiring import Edges

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["from_digraph"]


def from_digraph(digraph: Any, inputs: Any, outputs: Any, rng: np.random.Generator) -> Structure:
    """Return the structure of any acyclic `networkx.DiGraph`; see `Network.from_graph`."""
    import networkx as nx

    if not isinstance(digraph, nx.DiGraph) or digraph.is_multigraph():
        got = f"a {type(digraph).__name__}" if isinstance(digraph, nx.Graph) else short(digraph)
        raise ArgumentTypeError(
            f"Network.from_graph: digraph must be a networkx.DiGraph; got {got}."
        )
    nodes = list(digraph)
    if not nodes:
        raise ArgumentError("Network.from_graph: the graph has no nodes; add some neurons first.")
    labels = [checked_label(str(node), "Network.from_graph: the label of a node") for node in nodes]
    check_labels(labels)
    number = {node: i for i, node in enumerate(nodes)}
    in_numbers, out_numbers = _ends(digraph, nodes, labels, number, inputs, outputs)
    data = [digraph.nodes[node] for node in nodes]
    kinds = _node_kinds(data, labels, set(in_numbers), inputs is not None)
    edges, weights, tie_names, frozen = _edge_arrays(digraph, nodes, labels, number)
    biases = [
        _number(attributes.get("bias", 0.0), f"Network.from_graph: node {label!r}: bias")
        if attributes.get("bias") is not None
        else 0.0
        for attributes, label in zip(data, labels, strict=True)
    ]
    parts = Parts(
        kinds,
        edges,
        weights,
        np.array(biases),
        np.array(in_numbers, dtype=np.int64),
        np.array(out_numbers, dtype=np.int64),
        nodes,
        [_layer_name(attributes, label) for attributes, label in zip(data, labels, strict=True)],
        tie_names,
        frozen,
        np.array(
            [
                flag(attributes.get("frozen", False), f"Network.from_graph: node {label!r}: frozen")
                for attributes, label in zip(data, labels, strict=True)
            ]
        ),
    )
    return _normalized(wired(parts, rng), data, labels)


def _normalized(structure: Structure, data: list[Any], labels: list[str]) -> Structure:
    """Take over gamma and the running averages of nodes whose kind is normalized."""
    wiring = structure.wiring
    for number in wiring.normalized.tolist():
        what, attributes = f"Network.from_graph: node {labels[number]!r}", data[number]
        if "gamma" in attributes:
            gamma = _number(attributes["gamma"], f"{what}: gamma")
            structure.parameters[wiring.gamma_slots[number]] = gamma
        if structure.averages is None:
            structure.averages = initial_averages(wiring.n_neurons, np.float64)
        if "running_mean" in attributes:
            mean = _number(attributes["running_mean"], f"{what}: running_mean")
            structure.averages[0, number] = mean
        if "running_variance" in attributes:
            variance = attributes["running_variance"]
            structure.averages[1, number] = finite_number(
                variance, f"{what}: running_variance", at_least=0
            )
    return structure


def _layer_name(attributes: Mapping[str, Any], label: str) -> str | None:
    name = attributes.get("layer")
    if name is None:
        return None
    return checked_label(str(name), f"Network.from_graph: node {label!r}: layer")


def _number(value: Any, what: str) -> float:
    return float(finite_array(value, what, dimensions=0))


def _ends(
    digraph: Any,
    nodes: list[Any],
    labels: list[str],
    number: dict[Any, int],
    inputs: Any,
    outputs: Any,
) -> tuple[list[int], list[int]]:
    by_label = {label: i for i, label in enumerate(labels)}

    def numbers(named: Any, what: str) -> list[int]:
        found = []
        alone = isinstance(named, str) or (_hashable(named) and named in number)
        if not (alone or np.iterable(named)):
            raise ArgumentTypeError(
                f"Network.from_graph: {what} must be a list of nodes; got {short(named)}."
            )
        for key in [named] if alone else list(named):
            place = number.get(key) if _hashable(key) else None
            place = by_label.get(str(key)) if place is None else place
            if place is None:
                raise UnknownNeuronError(
                    f"Network.from_graph: {what} names {key!r}, which is no node. "
                    + nearest(str(key), labels)
                )
            found.append(place)
        return found

    if inputs is None:
        in_numbers = [i for i, node in enumerate(nodes) if digraph.in_degree(node) == 0]
    else:
        in_numbers = numbers(inputs, "inputs")
    known = set(in_numbers)
    if outputs is None:
        out_numbers = [
            i for i, node in enumerate(nodes) if digraph.out_degree(node) == 0 and i not in known
        ]
    else:
        out_numbers = numbers(outputs, "outputs")
    return in_numbers, out_numbers


def _hashable(key: Any) -> bool:
    try:
        hash(key)
    except TypeError:
        return False
    return True


def _node_kinds(data: list[Any], labels: list[str], inputs: set[int], named: bool) -> list[Kind]:
    kinds = []
    for i, (attributes, label) in enumerate(zip(data, labels, strict=True)):
        given = attributes.get("neuron")
        what = f"Network.from_graph: node {label!r}: neuron"
        if given is None and i not in inputs:
            raise ArgumentError(
                f"{what} is missing; say which kind it is, such as "
                f"graph.add_node({label!r}, neuron=ns.SigmoidNeuron)."
            )
        kind = Kind(InputNeuron) if given is None else Kind.of(given, what)
        if i in inputs and kind.neuron is not InputNeuron:
            why, remedy = (
                ("it is named in inputs=[...]", "Leave it out there, or leave out its neuron.")
                if named
                else (
                    "no edge leads into it",
                    "Give it an edge, leave out its neuron, or say which nodes are the inputs "
                    "with inputs=[...].",
                )
            )
            raise ArgumentError(
                f"Network.from_graph: node {label!r} is an input, as {why}, but its neuron is "
                f"{kind}. {remedy}"
            )
        if i not in inputs and kind.neuron is InputNeuron:
            raise ArgumentError(
                f"{what} is InputNeuron, but the node is no input; add it to inputs=[...] and "
                "remove the edges into it, or give it a kind that computes."
            )
        if i in inputs and attributes.get("bias"):
            raise ArgumentError(
                f"Network.from_graph: node {label!r} is an input and has no bias; give the bias to "
                "a neuron that reads it."
            )
        kinds.append(kind)
    return kinds


def _edge_arrays(
    digraph: Any, nodes: list[Any], labels: list[str], number: dict[Any, int]
) -> tuple[Edges, Any, list[str], Any]:
    sources, targets, weights, ties, frozen = [], [], [], [], []
    tie_numbers: dict[str, int] = {}
    for target, node in enumerate(nodes):
        for predecessor, attributes in digraph.pred[node].items():
            source = number[predecessor]
            what = f"Network.from_graph: edge {labels[source]!r} -> {labels[target]!r}"
            weight, tied = attributes.get("weight"), attributes.get("tied")
            sources.append(source)
            targets.append(target)
            weights.append(np.nan if weight is None else _number(weight, f"{what}: weight"))
            frozen.append(flag(attributes.get("frozen", False), f"{what}: frozen"))
            ties.append(-1 if tied is None else tie_numbers.setdefault(str(tied), len(tie_numbers)))
    edges = Edges(
        np.array(sources, dtype=np.int64),
        np.array(targets, dtype=np.int64),
        np.array(ties, dtype=np.int64) if tie_numbers else None,
    )
    return (
        edges,
        np.array(weights, dtype=np.float64),
        list(tie_numbers),
        np.array(frozen, dtype=bool),
    )
