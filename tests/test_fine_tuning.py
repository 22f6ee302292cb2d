"""Another task for a network that has learned one."""

import networkx as nx
import numpy as np
import pytest
import wirings
from hypothesis import given

import neurosim as ns


def trained(**options):
    """A small network that has learned something, with a frozen bias and labels."""
    net = ns.Network(
        [
            ns.InputLayer(2, labels=["a", "b"]),
            ns.Layer(4, ns.TanhNeuron, name="first"),
            ns.Layer(3, ns.LeakyReLUNeuron(slope=0.2)),
            ns.Layer(1, ns.LinearNeuron),
        ],
        rng=1,
        **options,
    )
    net.freeze("first[1]", weights=False)
    rng = np.random.default_rng(3)
    net.fit(rng.normal(size=(9, 2)), rng.normal(size=(9, 1)), optimizer=ns.SGD(0.1), epochs=3)
    return net


def test_all_but_the_output_is_kept():
    """Weights, biases, kinds, labels, what is frozen and the scaler of the inputs stay; the old
    network does, too.
    """
    net = trained()
    net.scale(inputs=ns.Standardizer().fit([[0.0, 1.0], [2.0, 5.0]]))
    net.scale(outputs=ns.MinMaxScaler().fit([[0.0], [3.0]]))
    before = net.config()
    new = net.replace_output(
        ns.Layer(3, ns.SoftmaxNeuron, labels=["x", "y", "z"]), ns.CategoricalCrossEntropy()
    )
    assert repr(new) == "Network(2-4-3-3, 39 parameters, CategoricalCrossEntropy())"
    for k in (1, 2):
        assert np.array_equal(new.layers[k].weights, net.layers[k].weights)
        assert np.array_equal(new.layers[k].biases, net.layers[k].biases)
        assert new.layers[k].kind == net.layers[k].kind
    assert new.labels == [*net.labels[:-1], "x", "y", "z"]
    assert [layer.name for layer in new.layers] == ["input", "first", "hidden2", "output"]
    assert np.flatnonzero(new.frozen).tolist() == np.flatnonzero(net.frozen).tolist()
    assert np.array_equal(new.input_scaler.factor, net.input_scaler.factor)
    assert new.input_scaler is not net.input_scaler
    assert new.output_scaler is None
    assert net.config() == before
    assert type(net.loss) is ns.MeanSquaredError


def test_only_what_is_not_frozen_is_fine_tuned(engine):
    """With the layers below frozen only the new output learns; unfrozen, they go on."""
    net = trained()
    new = net.replace_output(ns.Layer(2, ns.SoftmaxNeuron), ns.CategoricalCrossEntropy())
    new.freeze("first")
    new.freeze("hidden2")
    rng = np.random.default_rng(4)
    X, Y = rng.normal(size=(20, 2)), np.eye(2)[rng.integers(0, 2, size=20)]
    before = new.parameters.copy()
    history = new.fit(X, Y, optimizer=ns.Adam(0.1), epochs=30, engine=engine)
    count = new.wiring.blocks[-1].first
    assert np.array_equal(new.parameters[:count], before[:count])
    assert (new.parameters[count:] != before[count:]).all()
    assert history.loss[-1] < history.loss[0]
    new.unfreeze()
    new.fit(X, Y, optimizer=ns.Adam(0.1), engine=engine)
    assert (new.parameters[:count] != before[:count]).any()
    new.reset()
    assert np.array_equal(new.parameters, before)


def test_new_weights_are_drawn_from_the_networks_own_stream():
    """They are the same every time, and drawing them does not move the old network's stream."""
    net, layer = trained(), ns.Layer(2, ns.LinearNeuron)
    one, two = net.replace_output(layer), net.replace_output(layer)
    assert np.array_equal(one.parameters, two.parameters)
    assert one.streams is not net.streams
    given_ones = ns.Layer(1, ns.LinearNeuron, weights=[[1.0], [2.0], [3.0]], biases=[4.0])
    assert net.replace_output(given_ones).layers[-1].weights.tolist() == [[1.0], [2.0], [3.0]]


def test_regularizers_follow_the_neurons_that_are_kept():
    """Those of the old output go with it."""
    net = trained(dtype="float32")
    net.regularize(ns.L2(0.1))
    net.regularize(ns.Dropout(0.5), "hidden2")
    net.regularize(ns.L1(0.1), "output")
    new = net.replace_output(ns.Layer(2, ns.LinearNeuron))
    entries = [
        (type(r).__name__, None if n is None else [new.labels[i] for i in n])
        for r, n in new.regularization.entries
    ]
    assert entries == [("L2", None), ("Dropout", ["hidden2[0]", "hidden2[1]", "hidden2[2]"])]
    assert new.dtype == np.float32


def bias_is_frozen(net, label):
    """Whether training leaves a neuron's bias alone; None for inputs."""
    slot = net.wiring.bias_slots[net.directory.neuron(label)]
    return bool(net.frozen[slot]) if slot >= 0 else None


@given(case=wirings.cases())
def test_every_wiring_may_have_another_output(case):
    """In a graph the new outputs read what the old ones read; what is kept computes the same, ties
    and frozen marks included; nothing else is there.
    """
    net = case.network()
    outputs = {net.labels[i] for i in net.wiring.outputs.tolist()}
    layer = ns.Layer(2, ns.LinearNeuron, name="new")
    needed = any(u.label in outputs for u, v in net.graph.edges) or any(
        0 < np.isin(block.targets, net.wiring.outputs).sum() < len(block.targets)
        for block in net.wiring.blocks
        if block.kind.coupled
    )
    if needed:
        with pytest.raises(ns.WiringError) as caught:
            net.replace_output(layer, ns.MeanSquaredError())
        assert "so it cannot be taken away" in str(caught.value)
        return
    new = net.replace_output(layer, ns.MeanSquaredError())
    assert new.labels == [*(n for n in net.labels if n not in outputs), "new[0]", "new[1]"]
    kept = {
        (u.label, v.label): (d["weight"], net[u, v].frozen, net[u, v].tied)
        for u, v, d in net.graph.edges(data=True)
        if v.label not in outputs
    }
    found = {
        (u.label, v.label): (d["weight"], new[u, v].frozen, new[u, v].tied)
        for u, v, d in new.graph.edges(data=True)
        if not v.label.startswith("new")
    }
    assert found == kept
    read = {u.label for u, v in net.graph.edges if v.label in outputs}
    for label in ("new[0]", "new[1]"):
        assert {u.label for u in new.graph.pred[new[label]]} == read
    net.forward(case.X)
    new.forward(case.X)
    for label in new.labels[:-2]:
        assert np.array_equal(new[label].activation, net[label].activation, equal_nan=True)
        assert new[label].bias == net[label].bias
        assert bias_is_frozen(new, label) == bias_is_frozen(net, label)
    assert not any(new[u, v].frozen for u, v in new.graph.edges if v.label.startswith("new"))


def test_nodes_of_any_kind_are_kept():
    """A graph whose nodes are no texts is still asked by its nodes."""
    graph = nx.DiGraph()
    graph.add_node(1, neuron=ns.TanhNeuron)
    graph.add_node(2, neuron=ns.LinearNeuron)
    graph.add_edges_from([(0, 1), (1, 2), (0, 2)])
    net = ns.Network.from_graph(graph, rng=1)
    new = net.replace_output(ns.Layer(2, ns.LinearNeuron))
    assert new[0, 1].weight == net[0, 1].weight
    assert [neuron.label for neuron in new.graph.succ[new[1]]] == ["output[0]", "output[1]"]


def feeding():
    """A network whose output feeds another neuron."""
    graph = nx.DiGraph()
    for node in "yz":
        graph.add_node(node, neuron=ns.LinearNeuron)
    graph.add_edges_from(["xy", "yz"])
    return ns.Network.from_graph(graph, outputs=["y"])


def half_a_group():
    """A network of which one neuron of a softmax is an output."""
    graph = nx.DiGraph()
    for node in "yz":
        graph.add_node(node, neuron=ns.SoftmaxNeuron)
        graph.add_edge("x", node)
    return ns.Network.from_graph(graph, outputs=["y"])


BAD = {
    "half a group": (
        lambda: half_a_group().replace_output(ns.Layer(1, ns.LinearNeuron)),
        ns.WiringError,
        "Network.replace_output: the output 'y' shares one SoftmaxNeuron group with 'z', which is "
        "no output, so it cannot be taken away; let all of the group be outputs.",
    ),
    "a class": (
        lambda: trained().replace_output(ns.LinearNeuron),
        ns.ArgumentTypeError,
        "Network.replace_output: layer must be such as ns.Layer(5, ns.SoftmaxNeuron); got "
        "<class 'neurosim.neurons",
    ),
    "a layer of a network": (
        lambda: trained().replace_output(trained().layers[-1]),
        ns.ArgumentError,
        "Network.replace_output: layer is the layer 'output' of a network; make a recipe for the "
        "new one, such as ns.Layer(5, ns.SoftmaxNeuron).",
    ),
    "weights of another shape": (
        lambda: trained().replace_output(ns.Layer(1, ns.LinearNeuron, weights=[[1.0, 2.0]])),
        ns.ShapeError,
        "Layer 'output': weights must be (3, 1), as the layer before has 3 neurons and this one "
        "1; got (1, 2).",
    ),
    "a loss that does not fit": (
        lambda: trained().replace_output(
            ns.Layer(1, ns.LinearNeuron), ns.CategoricalCrossEntropy()
        ),
        ns.LossError,
        "",
    ),
    "a name that is taken": (
        lambda: trained().replace_output(ns.Layer(1, ns.LinearNeuron, name="first")),
        ns.LabelError,
        "Network: two layers have the name 'first'; give one another name=...",
    ),
    "an output that feeds another": (
        lambda: feeding().replace_output(ns.Layer(1, ns.LinearNeuron)),
        ns.WiringError,
        "Network.replace_output: the output 'y' feeds 'z', so it cannot be taken away; cut that "
        "edge with net.disconnect('y', 'z') first.",
    ),
}


@pytest.mark.parametrize(("change", "error", "message"), BAD.values(), ids=BAD)
def test_what_cannot_be_the_output_is_refused(change, error, message):
    """The message names what is wrong and what to do."""
    with pytest.raises(error) as caught:
        change()
    assert str(caught.value).startswith(message)
