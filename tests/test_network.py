"""Networks: how they are made, looked up and changed."""

import subprocess
import sys

import networkx as nx
import numpy as np
import pytest
import wirings
from hypothesis import given, settings
from hypothesis import strategies as st

import neurosim as ns


def by_name(net):
    """Every parameter by name, and whether it is frozen."""
    slots = {f"{u.label}->{v.label}": net[u, v].slot for u, v in net.graph.edges}
    biases = enumerate(net.wiring.bias_slots.tolist())
    slots |= {f"{net.labels[i]}.bias": slot for i, slot in biases if slot >= 0}
    return {n: (float(net.parameters[s]), bool(net.frozen[s])) for n, s in slots.items()}


# -- the same network, made in every way --------------------------------------------------------


@settings(max_examples=40)
@given(
    sizes=st.lists(st.integers(1, 6), min_size=2, max_size=4),
    hidden=st.sampled_from([ns.TanhNeuron, ns.ReLUNeuron, ns.SoftmaxNeuron]),
    output=st.sampled_from([ns.LinearNeuron, ns.SoftmaxNeuron]),
    seed=st.integers(0, 99),
)
def test_layers_graph_edges_and_config_make_the_same_network(
    engine_class, sizes, hidden, output, seed
):
    """A layered network, the same wiring as a graph, as edges and as plain data agree on outputs,
    loss and gradient, in every engine.
    """
    net = ns.Network.layered(sizes, hidden=hidden, output=output, rng=seed)
    graph = nx.DiGraph()
    for layer in net.layers:
        for neuron in layer:
            is_input = isinstance(neuron, ns.InputNeuron)
            kind = {} if is_input else {"neuron": type(neuron), "bias": neuron.bias}
            graph.add_node(neuron.label, **kind)
    graph.add_weighted_edges_from((u.label, v.label, net[u, v].weight) for u, v in net.graph.edges)
    pairs = net.wiring.edges
    twins = {
        "graph": ns.Network.from_graph(graph),
        "live graph": ns.Network.from_graph(net.graph),
        "config": ns.Network.from_config(net.config()),
        "edges": ns.Network.from_edges(
            pairs.sources,
            pairs.targets,
            kinds=[None if isinstance(n, ns.InputNeuron) else type(n) for n in net.neurons],
            inputs=net.wiring.inputs,
            outputs=net.wiring.outputs,
            weights=net.parameters[net.wiring.edge_slots],
            biases=[n.bias or 0.0 for n in net.neurons],
        ),
    }
    rng = np.random.default_rng(seed)
    X, Y = rng.normal(size=(4, sizes[0])), rng.normal(size=(4, sizes[-1]))
    loss = _step(net, engine_class, X, Y)
    wanted = {(u, v): net[u, v].gradient for u, v in net.graph.edges}
    for name, twin in twins.items():
        np.testing.assert_allclose(twin.predict(X), net.predict(X), rtol=1e-11, err_msg=name)
        assert _step(twin, engine_class, X, Y) == pytest.approx(loss, rel=1e-11)
        got = [twin.gradient[slot] for slot in twin.wiring.slot_of.values()]
        own = [wanted[net.neurons[u], net.neurons[v]] for u, v in twin.wiring.slot_of]
        np.testing.assert_allclose(got, own, rtol=1e-9, atol=1e-12)


def _step(net, engine_class, X, Y):
    engine = net.engine(engine_class)
    engine.load(X, Y)
    return engine.gradient()


@given(case=wirings.cases(plain=True))
def test_edges_in_arrays_make_the_network_of_the_graph(case):
    """`from_edges` makes the network of `from_graph`, neuron by neuron, in any order of edges."""
    net, number = case.network(), {node: i for i, node in enumerate(case.graph)}
    edges = [(u, v) for v in case.graph for u in case.graph.pred[v]]
    twin = ns.Network.from_edges(
        np.array([number[u] for u, _ in edges], dtype=int),
        np.array([number[v] for _, v in edges], dtype=int),
        kinds=[case.graph.nodes[node].get("neuron") for node in case.graph],
        weights=[case.graph.edges[edge]["weight"] for edge in edges],
        biases=[case.graph.nodes[node].get("bias", 0.0) for node in case.graph],
        inputs=[number[node] for node in case.inputs],
        outputs=[number[node] for node in case.outputs],
        loss=case.loss,
    )
    assert np.array_equal(twin.parameters, net.parameters)
    assert np.array_equal(twin.predict(case.X), net.predict(case.X))
    assert twin.labels == [str(i) for i in range(len(net.labels))]


@given(case=wirings.cases())
def test_plain_data_make_the_network_again(case):
    """`from_config(net.config())` has the same parameters, ties and frozen ones."""
    net = case.network()
    twin = ns.Network.from_config(net.config())
    assert by_name(twin) == by_name(net)
    assert np.array_equal(twin.predict(case.X), net.predict(case.X))
    assert [twin[u.label, v.label].tied for u, v in net.graph.edges] == [
        net[u, v].tied for u, v in net.graph.edges
    ]


def test_a_graph_is_read_as_it_is_written():
    """Inputs are the nodes without predecessors, outputs those without successors, in insertion
    order; labels are str(node); nodes may be anything that can be a node.
    """
    graph = nx.DiGraph()
    graph.add_node((0, 1))
    graph.add_node(7)
    graph.add_node("a node", neuron=ns.LinearNeuron, bias=0.5)
    graph.add_node(frozenset([3]), neuron=ns.LinearNeuron)
    graph.add_weighted_edges_from([(7, "a node", 2.0), ((0, 1), "a node", 3.0)])
    graph.add_edge("a node", frozenset([3]), weight=4.0)
    net = ns.Network.from_graph(graph)
    assert net.labels == ["(0, 1)", "7", "a node", "frozenset({3})"]
    assert net.predict([1.0, 10.0]).tolist() == [4 * (3 + 20 + 0.5)]
    for node in graph:
        assert net[node] is net[str(node)]
    assert net[(0, 1), "a node"].weight == net["(0, 1)->a node"].weight == 3.0
    assert net["a node"].weights.tolist() == [2.0, 3.0]
    assert 7 in net
    assert "7" in net
    assert 8 not in net
    assert [] not in net


def test_inputs_and_outputs_may_be_named_in_any_order():
    """Columns of X and Y follow the order in which inputs and outputs are named, by node or label;
    other nodes without predecessors are then constant neurons.
    """
    graph = nx.DiGraph()
    graph.add_nodes_from([1, 2])
    graph.add_node("one", neuron=ns.LinearNeuron, bias=1.0)
    graph.add_nodes_from(["u", "v"], neuron=ns.LinearNeuron)
    graph.add_weighted_edges_from([(1, "u", 1.0), (2, "u", 10.0), ("one", "u", 100.0)])
    graph.add_edge("u", "v", weight=2.0)
    net = ns.Network.from_graph(graph, inputs=[2, "1"], outputs=["v", "u"])
    assert net.predict([3.0, 4.0]).tolist() == [268.0, 134.0]
    assert net.forward([3.0, 4.0]).tolist() == [268.0, 134.0]
    assert net["one"].activation == 1.0
    assert ns.Network.from_graph(graph, inputs=[2, 1], outputs="v").predict([3.0, 4.0]) == [268.0]


def test_isolated_nodes_are_inputs_nobody_reads():
    """A node without edges is an input; it takes a column of X and changes nothing."""
    graph = nx.DiGraph()
    graph.add_nodes_from(["idle", "x"])
    graph.add_node("y", neuron=ns.LinearNeuron)
    graph.add_edge("x", "y", weight=3.0)
    net = ns.Network.from_graph(graph)
    assert net.predict([5.0, 1.0]).tolist() == [3.0]
    net.forward([5.0, 1.0])
    net.backward([0.0])
    assert net["idle"].delta == 0.0


def test_missing_weights_are_drawn_and_ties_share_them():
    """A missing weight comes from the rng; one of a tie is that of the others, drawn or given."""
    graph = nx.DiGraph()
    graph.add_nodes_from("abcd", neuron=ns.TanhNeuron)
    graph.add_edges_from([("x", "a"), ("x", "b"), ("x", "c"), ("x", "d")])
    for target in "ab":
        graph.edges["x", target]["tied"] = "drawn"
    for target in "cd":
        graph.edges["x", target]["tied"] = 5
    graph.edges["x", "d"]["weight"] = 0.75
    net = ns.Network.from_graph(graph, rng=3)
    assert net["x", "a"].weight == net["x", "b"].weight != 0.0
    assert net["x", "c"].weight == net["x", "d"].weight == 0.75
    assert (net["x", "b"].tied, net["x", "c"].tied) == ("drawn", "5")
    assert np.array_equal(ns.Network.from_graph(graph, rng=3).parameters, net.parameters)
    assert not np.array_equal(ns.Network.from_graph(graph, rng=4).parameters, net.parameters)
    assert "weight" not in graph.edges["x", "a"]


def test_a_graph_is_left_as_it_is(net):
    """Making a network of a graph changes neither the graph nor its attributes."""
    graph = nx.DiGraph()
    graph.add_node("y", neuron=ns.LinearNeuron)
    graph.add_edge("x", "y")
    before = repr(graph.nodes(data=True)), repr(graph.edges(data=True))
    trained = ns.Network.from_graph(graph, rng=1)
    trained.fit([[1.0]], [[2.0]], optimizer=ns.SGD(0.1))
    assert (repr(graph.nodes(data=True)), repr(graph.edges(data=True))) == before


# -- worked examples ----------------------------------------------------------------------------


def test_xor_by_hand(engine_class):
    """Hidden (20, 20; -10) and (-20, -20; 30), output (20, 20; -30): 0.00 1.00 1.00 0.00."""
    hidden = ns.Layer(2, ns.SigmoidNeuron, weights=[[20, -20], [20, -20]], biases=[-10, 30])
    output = ns.Layer(1, ns.SigmoidNeuron, weights=[[20], [20]], biases=[-30])
    net = ns.Network([ns.InputLayer(2), hidden, output])
    X, Y = ns.datasets.xor()
    assert net.engine(engine_class).predict(X).round(2).tolist() == [[0.0], [1.0], [1.0], [0.0]]
    assert net.predict(X).round(2).tolist() == Y.tolist()
    assert [net.forward(x).round(2).tolist() for x in X] == Y.tolist()


def test_the_delta_function(engine_class):
    """1000x - 400 and 1000x - 500, weighted 0.8 and -0.8: 0.5 outside, 0.69 for 0.4 < x < 0.5."""
    hidden = ns.Layer(2, ns.SigmoidNeuron, weights=[[1000, 1000]], biases=[-400, -500])
    output = ns.Layer(1, ns.SigmoidNeuron, weights=[[0.8], [-0.8]], biases=[0])
    net = ns.Network([ns.InputLayer(1), hidden, output])
    X = np.array([[0.0], [0.3], [0.39], [0.41], [0.45], [0.49], [0.51], [0.6], [2.9]])
    wanted = [0.5, 0.5, 0.5, 0.69, 0.69, 0.69, 0.5, 0.5, 0.5]
    assert net.engine(engine_class).predict(X).ravel().round(2).tolist() == wanted


def test_one_linear_neuron_learns_by_hand():
    """x = 2, w = 3, b = 1, target 9, rate 0.05: prediction 7, loss 4, gradients -8 and -4, then
    w 3.4, b 1.2, prediction 8, loss 1.
    """
    net = ns.Network(
        [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])]
    )
    neuron = net["output[0]"]
    assert net.forward([2.0]).tolist() == [7.0]
    assert net.backward([9.0]) == 4.0
    assert (neuron.weight_gradients.tolist(), neuron.bias_gradient) == ([-8.0], -4.0)
    assert net["input[0]"].delta == -12.0
    ns.SGD(0.05).step(net)
    assert (neuron.weights.round(12).tolist(), round(neuron.bias, 12)) == ([3.4], 1.2)
    assert net.forward([2.0]).round(12).tolist() == [8.0]
    assert net.backward([9.0]) == pytest.approx(1.0)


@pytest.mark.parametrize("by_hand", [True, False], ids=["by hand", "fit"])
def test_mazurs_worked_example(by_hand, engine):
    """Mazur's 2-2-2 network: first loss, new weights and the loss after, with biases frozen."""
    layers = [
        ns.InputLayer(2),
        ns.Layer(2, ns.SigmoidNeuron, weights=[[0.15, 0.25], [0.20, 0.30]], biases=[0.35] * 2),
        ns.Layer(2, ns.SigmoidNeuron, weights=[[0.40, 0.50], [0.45, 0.55]], biases=[0.60] * 2),
    ]
    net = ns.Network(layers, loss=ns.QuadraticCost())
    net.freeze(weights=False)
    x, y = [0.05, 0.10], [0.01, 0.99]
    if by_hand:
        net.forward(x)
        first = net.backward(y)
        ns.SGD(0.5).step(net)
    else:
        first = net.fit(x, y, optimizer=ns.SGD(0.5), engine=engine).loss[0]
    assert round(first, 9) == 0.298371109
    wanted = [[0.14978072, 0.24975114], [0.19956143, 0.29950229]]
    assert net.layers[1].weights.round(8).tolist() == wanted
    wanted = [[0.35891648, 0.51130127], [0.40866619, 0.56137012]]
    assert net.layers[2].weights.round(8).tolist() == wanted
    assert net.layers[1].biases.tolist() == [0.35, 0.35]
    assert net.layers[2].biases.tolist() == [0.60, 0.60]
    assert net.layers[2].bias_gradients.all()
    assert round(net.loss_of(x, y), 9) == 0.291027774


# -- looking things up --------------------------------------------------------------------------


def test_neurons_edges_and_layers_are_found(net):
    """By label, by object, as a pair or as "a->b"; the same object every time."""
    neuron = net["hidden1[0]"]
    assert net[neuron] is neuron
    assert neuron in net
    assert "hidden1[7]" not in net
    edge = net["input[0]", "hidden1[0]"]
    for key in ("input[0]->hidden1[0]", (edge.source, edge.target), "input[0] -> hidden1[0]"):
        assert net[key] == edge
        assert hash(net[key]) == hash(edge)
    assert (edge.source.label, edge.target.label, edge.label) == (
        *("input[0]", "hidden1[0]"),
        "input[0]->hidden1[0]",
    )
    assert edge != net["input[1]", "hidden1[0]"]
    assert edge != "input[0]->hidden1[0]"


def test_a_neuron_of_another_network_is_unknown(net):
    """A neuron that belongs to another network does not stand for its namesake here."""
    other = net.copy()
    assert other["hidden1[0]"] not in net
    with pytest.raises(ns.UnknownNeuronError):
        net[other["hidden1[0]"]]
    with pytest.raises(ns.UnknownLayerError):
        net.freeze(other.layers[1])


def test_everything_is_described(net):
    """Networks and edges show what they are."""
    assert repr(net) == "Network(2-3-1, 13 parameters, MeanSquaredError())"
    net.connect("input[0]", "output[0]", weight=0.5, tied="t")
    assert repr(net) == "Network(6 neurons, 10 edges, 14 parameters, MeanSquaredError())"
    edge = net["input[0]", "output[0]"]
    net.freeze(edge)
    assert repr(edge) == ("Edge('input[0]->output[0]', weight=0.5, gradient=0, tied='t', frozen)")


def test_everything_in_the_door_is_documented():
    """Every public name has a docstring, and so has every public method of a public class."""
    for name in ns.__all__:
        item = getattr(ns, name)
        assert item.__doc__, name
        for attribute, value in vars(item).items() if isinstance(item, type) else ():
            documented = callable(value) or isinstance(value, property)
            if documented and not attribute.startswith("_") and not isinstance(value, type):
                assert getattr(item, attribute).__doc__, (name, attribute)


# -- changing the wiring ------------------------------------------------------------------------


@given(case=wirings.cases(), data=st.data())
def test_connecting_keeps_every_other_parameter(case, data):
    """`connect` adds one edge and `disconnect` takes it away again; weights, biases, gradients,
    frozen ones and start parameters of all else stay, and the graph object follows in place.
    """
    net = case.network()
    graph = net.graph
    net.forward(case.X)
    net.backward(case.Y)
    before, gradients = by_name(net), {e: net[e].gradient for e in net.graph.edges}
    levels = list(nx.topological_sort(graph))
    free = [
        (u, v)
        for i, u in enumerate(levels)
        for v in levels[i + 1 :]
        if not graph.has_edge(u, v)
        and not isinstance(v, (ns.InputNeuron, ns.CoupledNeuron))
        and not isinstance(u, ns.CoupledNeuron)
    ]
    if not free:
        return
    u, v = data.draw(st.sampled_from(free))
    wanted = data.draw(st.none() | st.floats(-2, 2))
    edge = net.connect(u, v, weight=wanted)
    assert wanted is None or edge.weight == wanted
    assert graph is net.graph
    assert graph.edges[u, v]["weight"] == edge.weight
    after = by_name(net)
    assert after.pop(edge.label) == (edge.weight, False)
    assert after == before
    assert {e: net[e].gradient for e in gradients} == gradients
    assert net.last_pass is None
    assert net.predict(case.X).shape == net.forward(case.X).shape
    net.disconnect(u, v)
    assert by_name(net) == before
    assert not graph.has_edge(u, v)
    with pytest.raises(ns.UnknownEdgeError):
        repr(edge)


def test_a_connected_edge_computes_and_starts(net, batch, engine):
    """A new edge takes part in every engine, and `reset` knows what it started from."""
    X, Y = batch
    before = net.predict(X)
    net.connect("input[1]", "output[0]", weight=2.0)
    np.testing.assert_allclose(net.predict(X), before + 2.0 * X[:, 1:], rtol=1e-12)
    np.testing.assert_allclose(net.forward(X), net.predict(X), rtol=1e-12)
    net.fit(X, Y, optimizer=ns.SGD(0.1), engine=engine)
    assert net["input[1]", "output[0]"].weight != 2.0
    net.reset()
    assert net["input[1]", "output[0]"].weight == 2.0
    assert [layer.name for layer in net.layers] == ["input", "hidden1", "output"]
    assert net.layers[2].weights.shape == (4, 1)


def test_connecting_with_a_tie_shares_the_weight(net):
    """A tied edge takes the weight of its tie, now and later; a new tie starts one."""
    first = net.connect("input[0]", "output[0]", tied="t", weight=0.5)
    second = net.connect("input[1]", "output[0]", tied="t")
    assert second.weight == 0.5
    assert len(net.parameters) == 14
    first.weight = 3.0
    assert second.weight == 3.0
    net.disconnect("input[0]", "output[0]")
    assert (second.weight, second.tied, len(net.parameters)) == (3.0, "t", 14)
    net.disconnect("input[1]", "output[0]")
    assert len(net.parameters) == 13
    again = net.connect("input[0]", "output[0]", tied="t", weight=7.0)
    assert again.weight == 7.0


def test_a_neuron_may_lose_all_its_edges(net):
    """What is cut off becomes constant, and the network still runs and learns."""
    for source in ("input[0]", "input[1]"):
        net.disconnect(source, "hidden1[0]")
    net["hidden1[0]"].bias = 0.5
    net.forward([1.0, 2.0])
    assert net["hidden1[0]"].activation == np.tanh(0.5)
    assert ns.check_gradient(net, [[1.0, 2.0]], [[0.0]]).ok


# -- freezing -----------------------------------------------------------------------------------

FROZEN = {
    "an edge": (("input[0]", "hidden1[1]"), {}, {"input[0]->hidden1[1]"}),
    "an edge by label": ("input[0]->hidden1[1]", {}, {"input[0]->hidden1[1]"}),
    "a neuron": (
        "hidden1[1]",
        {},
        {"input[0]->hidden1[1]", "input[1]->hidden1[1]", "hidden1[1].bias"},
    ),
    "a neuron's bias": ("hidden1[1]", {"weights": False}, {"hidden1[1].bias"}),
    "a neuron's weights": (
        "hidden1[1]",
        {"biases": False},
        {"input[0]->hidden1[1]", "input[1]->hidden1[1]"},
    ),
    "a layer": (
        "output",
        {},
        {f"hidden1[{i}]->output[0]" for i in range(3)} | {"output[0].bias"},
    ),
    "all biases": (
        None,
        {"weights": False},
        {f"hidden1[{i}].bias" for i in range(3)} | {"output[0].bias"},
    ),
    "nothing": (None, {"weights": False, "biases": False}, set()),
}


@pytest.mark.parametrize(("what", "options", "names"), FROZEN.values(), ids=FROZEN)
def test_frozen_parameters_stay_and_tell_their_gradient(net, batch, engine, what, options, names):
    """`freeze` holds just what it names: no training in any engine changes it, its gradient is
    told, and `unfreeze` lets it go again.
    """
    twin = net.copy()
    net.freeze(what, **options)
    assert {name for name, (_, frozen) in by_name(net).items() if frozen} == names
    before = by_name(net)
    net.fit(*batch, optimizer=ns.SGD(0.1), epochs=3, batch_size=3, engine=engine)
    after = by_name(net)
    changed = {name for name in before if before[name][0] != after[name][0]}
    assert changed == set(before) - names
    net.reset()
    for one in (net, twin):
        one.fit(*batch, optimizer=ns.SGD(0.1), engine=engine)
    assert np.array_equal(net.gradient, twin.gradient)
    ns.SGD(0.1).step(net)
    assert all(by_name(net)[name][0] == before[name][0] for name in names)
    net.unfreeze(what, **options)
    assert not net.frozen.any()


def test_things_are_frozen_by_object_and_everything_by_none(net):
    """Edges, neurons and layers of the network may be given themselves; None is everything."""
    net.freeze(net["input[0]", "hidden1[0]"])
    assert net["input[0]", "hidden1[0]"].frozen
    assert net.frozen.sum() == 1
    net.freeze(net["hidden1[0]"])
    assert net.frozen.sum() == 3
    net.freeze(net.layers[2])
    assert net.frozen.sum() == 7
    net.freeze()
    assert net.frozen.all()
    net.unfreeze(net.layers[1])
    assert net.frozen.sum() == 4


def test_freezing_a_tied_edge_freezes_its_tie():
    """A tied weight is one parameter: frozen for one edge, it is for all."""
    graph = nx.DiGraph()
    graph.add_nodes_from("ab", neuron=ns.LinearNeuron)
    graph.add_edge("x", "a", tied="t")
    graph.add_edge("x", "b", tied="t", frozen=True)
    net = ns.Network.from_graph(graph, rng=1)
    assert net["x", "a"].frozen
    net.unfreeze("x->a")
    assert not net["x", "b"].frozen


# -- passes -------------------------------------------------------------------------------------


def test_backward_belongs_to_the_forward_pass(net, batch):
    """`backward` is refused before `forward`, and after parameters or the wiring have changed."""
    X, Y = batch
    none = "Network.backward: there is no forward pass yet; call net.forward(X)."
    changed = (
        "Network.backward: the parameters have changed since the forward pass; call "
        "net.forward(X) again."
    )

    def refused(message):
        gradient = net.gradient.copy()
        with pytest.raises(ns.PassError) as caught:
            net.backward(Y)
        assert str(caught.value) == message
        assert np.array_equal(net.gradient, gradient)

    refused(none)
    net.forward(X)
    net.backward(Y)
    net.backward(Y)
    ns.SGD(0.1).step(net)
    refused(changed)
    net.forward(X)
    net["hidden1[0]"].bias += 1e-12
    refused(changed)
    net["hidden1[0]"].bias = net["hidden1[0]"].bias
    net.forward(X)
    net.connect("input[0]", "output[0]")
    refused(none)
    net.forward(X)
    net.fit(X, Y, optimizer=ns.SGD(0.1))
    refused(none)


def test_a_pass_keeps_its_numbers(net, batch):
    """Numbers of a pass are the person's X at that time, whatever becomes of it afterwards."""
    X, Y = batch
    net.forward(X)
    net.backward(Y)
    gradient, told = net.gradient.copy(), net["input[0]"].activation.copy()
    net.forward(X)
    X[:] = 0.0
    assert np.array_equal(net["input[0]"].activation, told)
    net.backward(Y)
    assert np.array_equal(net.gradient, gradient)


def test_predict_leaves_the_pass_alone(net, batch):
    """`predict` and `loss_of` change no neuron's numbers and no gradient."""
    X, Y = batch
    net.forward(X[0])
    net.backward(Y[0])
    state = net["output[0]"].activation, net["output[0]"].delta, net.gradient.copy()
    net.predict(X)
    net.loss_of(X, Y)
    net.evaluate(X, Y, [ns.mean_absolute_error])
    assert (net["output[0]"].activation, net["output[0]"].delta) == state[:2]
    assert np.array_equal(net.gradient, state[2])


@pytest.mark.parametrize(
    "change",
    [
        lambda X: X.tolist(),
        lambda X: [tuple(row) for row in X],
        lambda X: np.asfortranarray(X),
        lambda X: X[::-1][::-1],
        lambda X: X.astype(object),
        lambda X: X.astype("float32").astype("float64"),
        lambda X: np.repeat(X, 2, axis=0)[::2],
        lambda X: X.astype(">f8"),
        lambda X: np.broadcast_to(X, X.shape),
    ],
)
def test_arrays_come_in_any_form(net, change):
    """Lists, tuples, Fortran order, views, objects, other byte orders: the same numbers."""
    X = np.array([[0.5, -1.0], [2.0, 0.25]])
    Y = np.array([[1.0], [2.0]])
    wanted = net.forward(X)
    loss = net.backward(Y)
    np.testing.assert_array_equal(net.forward(change(X)), wanted)
    assert net.backward(change(Y)) == loss
    np.testing.assert_array_equal(net.predict(change(X)), net.predict(X))
    twin = net.copy()
    net.fit(change(X), change(Y), optimizer=ns.SGD(0.1), batch_size=1)
    twin.fit(X, Y, optimizer=ns.SGD(0.1), batch_size=1)
    assert np.array_equal(net.parameters, twin.parameters)


def test_whole_numbers_and_bits_are_numbers(net):
    """Integers and booleans of any width are taken for what they stand for."""
    wanted = net.predict([[0.0, 1.0], [1.0, 1.0]])
    for dtype in ("int8", "uint64", "bool", "float16"):
        X = np.array([[0, 1], [1, 1]], dtype=dtype)
        assert np.array_equal(net.predict(X), wanted)
    assert net.predict([np.float32(0), np.int8(1)]).tolist() == wanted[0].tolist()


def test_targets_of_one_output_may_be_flat(net, batch):
    """Beside a 2-D X, a 1-D Y is n samples of one output."""
    X, Y = batch
    assert net.loss_of(X, Y.ravel()) == net.loss_of(X, Y)
    net.forward(X)
    assert net.backward(Y.ravel()) == pytest.approx(net.loss_of(X, Y), rel=1e-12)


def test_no_array_of_a_person_is_ever_changed(net, batch):
    """Training writes into nothing that was given to it."""
    X, Y = batch
    X.flags.writeable = Y.flags.writeable = False
    net.forward(X)
    net.backward(Y)
    for engine in ("graph", "vectorized"):
        net.fit(X, Y, optimizer=ns.SGD(0.1), batch_size=2, engine=engine, validation=(X, Y))
    assert net.predict(X).flags.writeable
    assert not np.shares_memory(net.predict(X), X)


# -- randomness ---------------------------------------------------------------------------------

PRINT_EVERYTHING = """
import hashlib, numpy as np, networkx as nx, neurosim as ns
g = nx.DiGraph()
for i in range(12):
    kind = [ns.TanhNeuron, ns.SigmoidNeuron, ns.ReLUNeuron][i % 3]
    g.add_node(f"h{i}", neuron=kind)
    for j in range(i):
        if (i * j) % 3 != 1:
            g.add_edge(f"h{j}", f"h{i}", **({"tied": "t"} if (i + j) % 5 == 0 else {}))
    g.add_edge("x", f"h{i}")
numbers = []
for engine in ("graph", "vectorized"):
    net = ns.Network.from_graph(g, rng=5)
    X = np.random.default_rng(0).normal(size=(9, 1))
    history = net.fit(X, np.sin(X), optimizer=ns.SGD(0.01), epochs=3, batch_size=2, engine=engine)
    numbers += [net.parameters.tobytes(), np.array(history.loss).tobytes()]
print(hashlib.sha256(b"".join(numbers)).hexdigest())
"""


def test_one_seed_gives_the_same_bits_in_every_process():
    """Start weights, shuffles and training do not depend on the hash seed or the process."""
    digests = set()
    for hash_seed in ("0", "1", "4242"):
        run = subprocess.run(
            [sys.executable, "-c", PRINT_EVERYTHING],
            env={"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(run.stdout.strip())
    assert len(digests) == 1
    assert len(digests.pop()) == 64


def test_one_purpose_does_not_shift_another():
    """Start weights do not depend on shuffles, nor shuffles on how many weights were drawn."""
    X, Y = np.arange(10.0).reshape(-1, 1), np.zeros((10, 1))
    seen = []
    for size in (2, 5):
        net = ns.Network.layered([1, size, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=3)
        seen.append(_visits(net, X, Y))
        start = net.start.copy()
        fresh = ns.Network.layered(
            [1, size, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=3
        )
        assert np.array_equal(fresh.parameters, start)
    assert seen[0] == seen[1]


def _visits(net, X, Y):
    class Spy(ns.Learner):
        def __init__(self):
            super().__init__(1.0)
            self.rows = []

        def learn(self, network, engine, rows):
            self.rows += engine.samples(rows)[0].ravel().tolist()
            return 0.0

    spy = Spy()
    net.fit(X, Y, optimizer=spy, batch_size=3, epochs=2)
    return spy.rows


def test_randomness_comes_from_rng_only(net, batch):
    """A seed, a generator or None; global random state is neither read nor changed."""
    np.random.seed(0)  # noqa: NPY002
    before = np.random.get_state()[1].tobytes()  # noqa: NPY002
    make = {"hidden": ns.TanhNeuron, "output": ns.LinearNeuron}
    one = ns.Network.layered([2, 3, 1], rng=5, **make)
    assert np.array_equal(one.parameters, ns.Network.layered([2, 3, 1], rng=5, **make).parameters)
    generators = [np.random.default_rng(5) for _ in range(2)]
    nets = [ns.Network.layered([2, 3, 1], rng=generator, **make) for generator in generators]
    assert np.array_equal(nets[0].parameters, nets[1].parameters)
    more = ns.Network.layered([2, 3, 1], rng=generators[0], **make)
    assert not np.array_equal(more.parameters, nets[0].parameters)
    unseeded = [ns.Network.layered([2, 3, 1], **make).parameters for _ in range(2)]
    assert not np.array_equal(*unseeded)
    net.fit(*batch, optimizer=ns.SGD(0.1), batch_size=2)
    assert np.random.get_state()[1].tobytes() == before  # noqa: NPY002


def test_a_float32_network_is_float32_throughout(batch):
    """Parameters, gradients, views and outputs are float32; single numbers are Python floats."""
    net = ns.Network.layered(
        [2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1, dtype="float32"
    )
    X, Y = batch
    net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=2)
    for array in (
        net.parameters,
        net.gradient,
        net.predict(X),
        net.forward(X),
        net.layers[1].weights,
    ):
        assert array.dtype == np.float32
    assert type(net["hidden1[0]"].bias) is float


def test_what_can_be_looked_up_is_in_the_network():
    """`in` agrees with `[]`, for neurons, pairs and labels of edges."""
    net = ns.Network.layered([2, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    for key in ("input[0]", ("input[0]", "output[0]"), "input[1]->output[0]"):
        assert key in net
    for key in ("input[7]", ("output[0]", "input[0]"), "output[0]->input[0]", 3):
        assert key not in net


def test_numbers_of_a_pass_cannot_be_written_to():
    """What a neuron shows of a batch is read-only, so that the next backward pass stays right."""
    net = ns.Network.layered([2, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    net.forward([[1.0, 2.0], [3.0, 4.0]])
    net.backward([[1.0], [2.0]])
    for name in ("z", "activation", "delta"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(net["output[0]"], name)[:] = 5.0


def test_an_input_layer_has_neither_weights_nor_biases():
    """Of the input layer both are None."""
    net = ns.Network.layered([2, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    assert [layer.weights is None for layer in net.layers] == [True, False]
    assert net.layers[0].biases is None


def test_layers_without_hidden_ones_need_no_kind_for_them():
    """`hidden` is asked for exactly where there are hidden layers."""
    net = ns.Network.layered([2, 3], output=ns.SoftmaxNeuron, rng=1)
    assert [len(layer.neurons) for layer in net.layers] == [2, 3]
    with pytest.raises(ns.errors.ArgumentTypeError) as caught:
        ns.Network.layered([2, 3, 1], output=ns.SigmoidNeuron)
    assert str(caught.value) == (
        "Network.layered: hidden must be the kind of the hidden layers, such as ns.ReLUNeuron; "
        "got None."
    )
