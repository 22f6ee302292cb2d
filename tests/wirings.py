"""Random wirings for hypothesis: every shape that a network may have, small enough to shrink."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import door
import networkx as nx
import numpy as np
from hypothesis import strategies as st

import neurosim as ns


@dataclass
class Case:
    """A graph, what is read and written, a loss that suits it, and samples."""

    graph: nx.DiGraph
    inputs: list
    outputs: list
    loss: Any
    X: Any
    Y: Any
    dtype: str = "float64"

    def network(self, **options):
        """Return the network of the graph."""
        settings = {"inputs": self.inputs, "outputs": self.outputs, "loss": self.loss}
        settings |= {"dtype": self.dtype, "rng": 1, **options}
        return ns.Network.from_graph(self.graph, **settings)

    def __repr__(self):
        lines = [f"inputs={self.inputs}, outputs={self.outputs}, {self.loss}, n={len(self.X)}"]
        for node, attributes in self.graph.nodes.items():
            sources = list(self.graph.pred[node].items())
            lines.append(f"  {node} {attributes} <- {sources}")
        return "\n".join(lines)

    def _repr_pretty_(self, printer, cycle):
        printer.text(repr(self))


@st.composite
def cases(draw, *, plain=False, smooth=False, loss=None, dtype="float64"):
    """A random acyclic graph with a kind per neuron.

    Skips, several outputs, outputs that feed others, neurons that nobody reads, constant neurons
    without sources, softmax groups with and without ``layer``, sources in any order; unless it is
    to be `plain`, ties and frozen parameters, too. `smooth` leaves out kinds with a kink.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    loss = draw(st.sampled_from(door.LOSSES)) if loss is None else loss
    kinds = [kind for kind in door.DIFFERENTIABLE if not (smooth and _kinked(kind))]
    graph = nx.DiGraph()
    inputs = [f"x{i}" for i in range(draw(st.integers(1, 3)))]
    graph.add_nodes_from(inputs)
    for step in range(draw(st.integers(1, 5))):
        _add_neurons(draw, graph, step, kinds, rng, plain)
    outputs = _outputs(draw, graph, inputs, loss)
    _kinds_without_derivative(draw, graph, outputs)
    if not plain:
        _ties(draw, graph, rng)
        _frozen(draw, graph)
    n = draw(st.integers(1, 5))
    X = rng.normal(size=(n, len(inputs)))
    Y = door.targets_for(loss, rng.uniform(size=(n, len(outputs))))
    return Case(graph, inputs, outputs, loss, X.astype(dtype), Y.astype(dtype), dtype)


def _kinked(kind):
    slopes = [kind.derivative(z, kind.activate(z)) for z in (-1e-9, 1e-9)] if _single(kind) else [0]
    return max(slopes) - min(slopes) > 1e-3


def _single(kind):
    return not issubclass(kind, ns.CoupledNeuron)


def _add_neurons(draw, graph, step, kinds, rng, plain):
    """Add neurons of one kind: several with the same sources, a softmax group, or one alone."""
    kind = draw(st.sampled_from(kinds))
    before = list(graph)
    size = draw(st.sampled_from([1, 1, 2, 3, 8]))
    layer = None
    if not _single(kind) and not plain and draw(st.booleans()):
        layer = f"group{step}"
    same = draw(st.booleans())
    sources = draw(_sources(before))
    for i in range(size):
        node = f"{kind.symbol.lower()}{step}{'abcdefgh'[i]}"
        graph.add_node(node, neuron=kind, bias=float(rng.normal()))
        if layer is not None:
            graph.nodes[node]["layer"] = layer
        own = sources if same else draw(_sources(before))
        for source in own:
            graph.add_edge(source, node, weight=float(rng.normal() / np.sqrt(len(own))))


def _sources(before):
    """Some neurons, in any order; rarely none, which makes a constant neuron."""
    return st.lists(st.sampled_from(before), unique=True, min_size=0, max_size=6)


def _outputs(draw, graph, inputs, loss):
    """Some neurons that suit the loss, in any order; one is added where there is none."""
    suitable = [
        node
        for node, attributes in graph.nodes.items()
        if node not in inputs and door.suits(loss, attributes["neuron"])
    ]
    if not suitable:
        kind = next(kind for kind in door.DIFFERENTIABLE if door.suits(loss, kind))
        graph.add_node("last", neuron=kind, bias=0.5)
        for source in list(graph)[-4:-1]:
            graph.add_edge(source, "last", weight=0.7)
        suitable = ["last"]
    return draw(st.lists(st.sampled_from(suitable), unique=True, min_size=1, max_size=4))


def _kinds_without_derivative(draw, graph, outputs):
    """Let some neurons that nobody reads, and so no gradient reaches, be of kinds without one."""
    for node, attributes in graph.nodes.items():
        kind = attributes.get("neuron")
        if node in outputs or graph.out_degree(node) or kind is None or not _single(kind):
            continue
        if draw(st.booleans()):
            attributes["neuron"] = draw(st.sampled_from(door.UNDIFFERENTIABLE))


def _ties(draw, graph, rng):
    """Let some edges, into any neurons, share a weight."""
    edges = list(graph.edges)
    for name in ("t0", "t1"):
        chosen = draw(st.lists(st.sampled_from(edges), max_size=4, unique=True)) if edges else []
        for source, target in chosen:
            graph.edges[source, target].update(tied=name)
    for name in ("t0", "t1"):
        weight = float(rng.normal())
        for _, _, attributes in graph.edges(data=True):
            if attributes.get("tied") == name:
                attributes["weight"] = weight


def _frozen(draw, graph):
    """Hold some weights and biases."""
    if not draw(st.booleans()):
        return
    for edge in list(graph.edges)[:: draw(st.integers(2, 4))]:
        graph.edges[edge]["frozen"] = True
    for node in [n for n, a in graph.nodes.items() if "neuron" in a][::3]:
        graph.nodes[node]["frozen"] = True


# -- how large a difference between two engines may be ------------------------------------------


@dataclass
class Scales:
    """The sums of the absolute terms that numbers of a step were added up from."""

    outputs: Any
    loss: float
    gradient: Any


def scales(net, X, Y):
    """Return the scale of every number of a step, from the graph engine's own numbers.

    Sums are taken all the way back: a term that is itself a sum counts with the sum of its own
    absolute terms. A derivative such as 1 - a counts as at least 1.
    """
    net.forward(X)
    net.backward(Y)
    graph = net.graph
    z, a = {}, {}
    for neuron in nx.topological_sort(graph):
        if isinstance(neuron, ns.InputNeuron):
            a[neuron] = np.abs(neuron.activation)
            continue
        into = graph.pred[neuron].items()
        terms = [abs(d["weight"]) * a[u] for u, d in into]
        z[neuron] = sum(terms, np.full(len(X), abs(neuron.bias)))
        a[neuron] = np.maximum(np.abs(neuron.activation), z[neuron])
    delta = _delta_scales(net, Y)
    gradient = np.zeros(len(net.parameters))
    for u, v in graph.edges:
        gradient[net[u, v].slot] += np.sum(a[u] * delta(v))
    for neuron in z:
        gradient[net.wiring.bias_slots[net.directory.neuron(neuron)]] = np.sum(delta(neuron))
    outs = [net.neurons[i] for i in net.wiring.outputs]
    columns = np.array([a[o] for o in outs]).T
    worst = np.array([1 + z[o] for o in outs]).T
    return Scales(columns, float(np.mean(np.sum((worst + np.abs(Y)) ** 2, axis=1))), gradient)


def _delta_scales(net, Y):
    """Return a function of a neuron: the scale of its delta, for every sample."""
    column = {net.neurons[i]: k for k, i in enumerate(net.wiring.outputs.tolist())}
    together = {}
    for block in net.wiring.blocks:
        members = [net.neurons[i] for i in block.targets.tolist()]
        together |= {m: members if block.kind.coupled else [m] for m in members}

    def by_activation(neuron):
        total = np.zeros(len(Y))
        for reader, data in net.graph.succ[neuron].items():
            total = total + abs(data["weight"]) * scale(reader)
        if neuron in column:
            a, y = neuron.activation, Y[:, column[neuron]]
            total = total + (np.abs(net.loss.derivative(a, y)) + 1 + np.abs(a) + np.abs(y)) / len(Y)
        return total

    @cache
    def scale(neuron):
        return sum(by_activation(member) for member in together.get(neuron, [neuron]))

    return scale
