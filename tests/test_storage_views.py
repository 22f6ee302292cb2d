"""One storage: everything else is a view of ``parameters`` and ``gradient``."""

import copy
import pickle

import networkx as nx
import numpy as np
import pytest
import wirings
from hypothesis import given

import neurosim as ns


def numbers_of(net):
    """Every weight and bias by name, as edges and neurons tell them."""
    weights = {(u.label, v.label): net[u, v].weight for u, v in net.graph.edges}
    return weights | {n.label: n.bias for n in net.neurons if n.bias is not None}


def test_writing_anywhere_is_read_everywhere(net):
    """Edge, neuron, layer, graph and vector read what any of them wrote."""
    edge, neuron, layer = net["input[1]", "hidden1[2]"], net["hidden1[2]"], net.layers[1]
    data = net.graph.edges[net["input[1]"], neuron]

    def write_layer(value):
        layer.weights[1, 2] = value

    def write_neuron(value):
        neuron.weights = [neuron.weights[0], value]

    def write_neuron_view(value):
        neuron.weights[1] = value

    def write_vector(value):
        net.parameters[edge.slot] = value

    def write_matrix(value):
        matrix = layer.weights.copy()
        matrix[1, 2] = value
        layer.weights = matrix

    writers = [
        lambda value: setattr(edge, "weight", value),
        lambda value: data.__setitem__("weight", value),
        write_layer,
        write_neuron,
        write_neuron_view,
        write_vector,
        write_matrix,
    ]
    for number, write in enumerate(writers):
        value = 10.0 + number
        write(value)
        readings = [
            *(edge.weight, data["weight"], layer.weights[1, 2], neuron.weights[1]),
            net.parameters[edge.slot],
        ]
        assert readings == [value] * 5
    assert type(edge.weight) is type(data["weight"]) is float


def test_biases_are_read_and_written_everywhere(net):
    """Neuron, layer, graph and vector share one bias."""
    neuron, layer = net["hidden1[1]"], net.layers[1]
    neuron.bias = 1.5
    assert layer.biases[1] == net.graph.nodes[neuron]["bias"] == 1.5
    layer.biases[1] = 2.5
    assert neuron.bias == 2.5
    assert type(neuron.bias) is float
    layer.biases = [1, 2, 3]
    assert [n.bias for n in layer] == [1.0, 2.0, 3.0]
    net.graph.nodes[neuron]["bias"] = 9.0
    assert net.parameters[net.wiring.bias_slots[net.directory.neuron(neuron)]] == 9.0


def test_gradients_are_read_everywhere(net, batch):
    """Edge, neuron, layer, graph and vector share one gradient."""
    net.forward(batch[0])
    net.backward(batch[1])
    for i, source in enumerate(net.layers[0]):
        for j, target in enumerate(net.layers[1]):
            edge = net[source, target]
            readings = [
                *(edge.gradient, net.gradient[edge.slot], target.weight_gradients[i]),
                *(
                    net.layers[1].weight_gradients[i, j],
                    net.graph.edges[source, target]["gradient"],
                ),
                edge.own_gradient,
            ]
            assert readings == [edge.gradient] * 6
    for j, neuron in enumerate(net.layers[1]):
        assert neuron.bias_gradient == net.layers[1].bias_gradients[j]
        assert type(neuron.bias_gradient) is float


def test_the_vector_keeps_its_place(net):
    """Assigning to `parameters` writes into the one vector, so that every view stays live."""
    vector, weights = net.parameters, net.layers[1].weights
    net.parameters = np.arange(len(vector), dtype=float)
    assert net.parameters is vector
    assert weights.ravel().tolist() == [0, 1, 2, 3, 4, 5]
    assert np.shares_memory(weights, vector)
    assert np.shares_memory(net["hidden1[0]"].weights, vector)
    assert np.shares_memory(net.layers[1].biases, vector)


@given(case=wirings.cases())
def test_after_training_every_view_shows_the_trained_numbers(engine, case):
    """Views made before training show the new numbers after it, without a sync."""
    net = case.network()
    graph = net.graph
    net.fit(case.X, case.Y, optimizer=ns.SGD(0.01), engine=engine)
    for u, v, data in graph.edges(data=True):
        assert data["weight"] == net.parameters[net[u, v].slot]
        assert data["gradient"] == net.gradient[net[u, v].slot]
    for neuron in net.neurons:
        if neuron.bias is None:
            continue
        into = [graph.edges[u, neuron] for u in graph.pred[neuron]]
        assert neuron.weights.tolist() == [data["weight"] for data in into]
        assert neuron.weight_gradients.tolist() == [data["gradient"] for data in into]


@given(case=wirings.cases())
def test_layers_of_a_graph_show_its_weights(case):
    """A layer's matrix has 0 where there is no edge, and takes assignment where there is one."""
    net = case.network()
    for layer in net.layers[1:]:
        matrix = layer.weights.copy()
        edges = sum(len(n.weights) for n in layer)
        assert np.count_nonzero(matrix) <= edges
        assert np.isclose(matrix.sum(), sum(n.weights.sum() for n in layer))
        layer.weights = 2 * matrix
        assert np.allclose(layer.weights, 2 * matrix) or any(n.tied for n in _edges(net))
        layer.biases = np.arange(len(layer))
        assert layer.biases.tolist() == [n.bias for n in layer] == list(range(len(layer)))


def _edges(net):
    return [net[u, v] for u, v in net.graph.edges]


def tied_network():
    """x -> h -> y with a tie between the two, and an untied skip."""
    graph = nx.DiGraph()
    graph.add_node("x")
    graph.add_nodes_from(["h", "y"], neuron=ns.LinearNeuron)
    graph.add_edge("x", "h", weight=2.0, tied="t")
    graph.add_edge("h", "y", weight=2.0, tied="t")
    graph.add_edge("x", "y", weight=0.5)
    return ns.Network.from_graph(graph)


def test_tied_edges_share_one_parameter(engine):
    """A tie is one number: written once, read twice, with the total of the gradients; each edge
    knows its own part, and one step moves both alike.
    """
    net = tied_network()
    first, second = net["x", "h"], net["h", "y"]
    assert len(net.parameters) == 4
    assert (first.tied, second.tied, net["x", "y"].tied) == ("t", "t", None)
    first.weight = 3.0
    assert second.weight == 3.0
    assert net.forward([1.0]).tolist() == [9.5]
    net.backward([0.0])
    # y = w (w x) + x / 2: by the first w 2 y w, by the second 2 y w.
    assert first.own_gradient == second.own_gradient == 2 * 9.5 * 3.0
    assert first.gradient == second.gradient == 4 * 9.5 * 3.0
    assert net["h"].weight_gradients.tolist() == [first.gradient]
    assert net.graph.edges[net["x"], net["h"]]["gradient"] == first.gradient
    net.fit([[1.0]], [[0.0]], optimizer=ns.SGD(0.001), engine=engine)
    assert first.weight == second.weight == 3.0 - 0.001 * 4 * 9.5 * 3.0


def test_own_gradients_need_a_backward_pass():
    """An edge's own part is known from a pass of the graph engine only, and says so."""
    net = tied_network()
    with pytest.raises(ns.PassError) as caught:
        print(net["x", "h"].own_gradient)
    assert str(caught.value) == (
        "Edge 'x->h': own_gradient is known after a backward pass of the graph engine; call "
        "net.forward(X) and net.backward(Y) first."
    )


def test_tied_edges_take_one_weight():
    """Assigning two values to what is tied is refused, and nothing changes."""
    graph = nx.DiGraph()
    graph.add_nodes_from(["a", "b"])
    graph.add_node("y", neuron=ns.LinearNeuron)
    graph.add_edge("a", "y", weight=1.0, tied="t")
    graph.add_edge("b", "y", weight=1.0, tied="t")
    net = ns.Network.from_graph(graph)
    with pytest.raises(ns.ArgumentError) as caught:
        net["y"].weights = [2.0, 3.0]
    assert str(caught.value) == (
        "Neuron 'y': weights must be equal where edges are tied; got [2. 3.]."
    )
    assert net["y"].weights.tolist() == [1.0, 1.0]
    net["y"].weights = [2.0, 2.0]
    assert net["a", "y"].weight == 2.0


COPIES = {
    "copy": lambda net: net.copy(),
    "copy.copy": copy.copy,
    "copy.deepcopy": copy.deepcopy,
    "pickle": lambda net: pickle.loads(pickle.dumps(net)),
}
copied = pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)


@copied
@given(case=wirings.cases())
def test_copies_keep_one_storage_and_are_independent(duplicate, case):
    """A copy has the same numbers, labels and streams, and views of its own two vectors; neither
    sees what becomes of the other.
    """
    net = case.network()
    graph = net.graph
    net.forward(case.X)
    net.backward(case.Y)
    twin = duplicate(net)
    assert numbers_of(twin) == numbers_of(net)
    assert np.array_equal(twin.gradient, net.gradient)
    assert np.array_equal(twin.frozen, net.frozen)
    assert not np.shares_memory(twin.parameters, net.parameters)
    before = numbers_of(net)
    twin.parameters += 1.0
    assert numbers_of(net) == before
    assert [twin[u.label, v.label].weight for u, v in graph.edges] == [
        net[u, v].weight + 1.0 for u, v in graph.edges
    ]
    assert not set(twin.neurons) & set(net.neurons)
    assert all(isinstance(node, ns.Neuron) for node in twin.graph)
    assert twin.graph is not graph


@copied
def test_copies_train_alike(duplicate, net, batch, engine):
    """A copy goes on with the same random numbers: trained alike, it stays equal bit for bit."""
    net.fit(*batch, optimizer=ns.SGD(0.1), batch_size=2, engine=engine)
    twin = duplicate(net)
    for one in (net, twin):
        one.fit(*batch, optimizer=ns.SGD(0.1), batch_size=2, epochs=3, engine=engine)
        one.connect("input[0]", "output[0]")
    assert twin.parameters.tobytes() == net.parameters.tobytes()


def test_reset_goes_back_to_the_start(net, batch):
    """`reset` brings back the start parameters, and forgets the pass and the gradient."""
    start = net.parameters.copy()
    net.forward(batch[0])
    net.backward(batch[1])
    net.fit(*batch, optimizer=ns.SGD(0.1), epochs=3)
    net.reset()
    assert np.array_equal(net.parameters, start)
    assert not net.gradient.any()
    assert net["output[0]"].activation is None
    net.parameters += 1
    net.reset()
    assert np.array_equal(net.parameters, start)
