"""The numbers of an independent library, in every engine."""

import networkx as nx
import numpy as np
import pytest

import neurosim as ns

LAYERED, DAGS = range(6), range(3)


def exact(wanted):
    """Equal to what the other library found, but for the last digits."""
    return pytest.approx(np.asarray(wanted), rel=1e-10, abs=1e-13)


def layered_network(entry, loss):
    """The network of an entry: sizes, kinds, weights, biases."""
    layers = [ns.InputLayer(entry["sizes"][0])]
    columns = (entry["kinds"], entry["weights"], entry["biases"])
    for kind, weights, biases in zip(*columns, strict=True):
        kind = getattr(ns, kind)
        layers.append(ns.Layer(len(biases), kind, weights=weights, biases=biases))
    return ns.Network(layers, loss=loss)


def step_of(net, engine_class, entry):
    """Return the loss of one step, with the gradient filled."""
    engine = net.engine(engine_class)
    engine.load(np.array(entry["X"]), np.array(entry["Y"]))
    return engine.gradient()


@pytest.mark.parametrize("index", LAYERED)
def test_layered_networks(reference, engine_class, index):
    """Outputs, loss and gradients of layered networks with every loss."""
    entry = reference["layered"][index]
    net = layered_network(entry, getattr(ns, entry["loss"])())
    assert step_of(net, engine_class, entry) == pytest.approx(entry["loss_value"], rel=1e-12)
    assert net.predict(entry["X"]) == exact(entry["outputs"])
    for k, layer in enumerate(net.layers[1:]):
        assert layer.weight_gradients == exact(entry["weight_gradients"][k])
        assert layer.bias_gradients == exact(entry["bias_gradients"][k])


@pytest.mark.parametrize("index", LAYERED)
def test_every_number_of_a_pass(reference, index):
    """z, activations and deltas of every layer, sample by sample."""
    entry = reference["layered"][index]
    net = layered_network(entry, getattr(ns, entry["loss"])())
    net.forward(entry["X"])
    assert net.backward(entry["Y"]) == pytest.approx(entry["loss_value"], rel=1e-12)
    for k, layer in enumerate(net.layers[1:]):
        assert layer.z == exact(entry["z"][k])
        assert layer.activations == exact(entry["activations"][k])
        assert layer.deltas == exact(entry["deltas"][k])


@pytest.mark.parametrize("index", DAGS)
def test_graphs_with_skips_and_ties(reference, engine_class, index):
    """Outputs, loss and every gradient of graphs; a tied edge's is the total of its tie."""
    entry = reference["dag"][index]
    graph = nx.DiGraph()
    for node in entry["nodes"]:
        is_input = node["kind"] == "InputNeuron"
        rest = {} if is_input else {"neuron": getattr(ns, node["kind"]), "bias": node["bias"]}
        graph.add_node(node["name"], **rest)
    for edge in entry["edges"]:
        tied = {"tied": edge["tied"]} if edge["tied"] else {}
        graph.add_edge(edge["source"], edge["target"], weight=edge["weight"], **tied)
    loss = getattr(ns, entry["loss"])()
    net = ns.Network.from_graph(graph, inputs=entry["inputs"], outputs=entry["outputs"], loss=loss)
    assert step_of(net, engine_class, entry) == pytest.approx(entry["loss_value"], rel=1e-12)
    assert net.predict(entry["X"]) == exact(entry["predictions"])
    for edge in entry["edges"]:
        found = net[edge["source"], edge["target"]]
        assert found.gradient == exact(edge["gradient"])
    for node in entry["nodes"]:
        if node["bias"] is not None:
            assert net[node["name"]].bias_gradient == exact(node["bias_gradient"])


def test_gradient_descent(reference, engine):
    """Ten steps of SGD: the loss before each, and the parameters after the last."""
    entry = reference["optimizers"]
    after = entry["after"]["SGD"]
    net = layered_network(entry, getattr(ns, entry["loss"])())
    history = net.fit(
        entry["X"], entry["Y"], optimizer=ns.SGD(0.05), epochs=entry["steps"], engine=engine
    )
    assert history.loss == exact(after["losses"])
    for k, layer in enumerate(net.layers[1:]):
        assert layer.weights == exact(after["weights"][k])
        assert layer.biases == exact(after["biases"][k])


# -- the dating survey --------------------------------------------------------------------------


def dating(reference, unit):
    """Education and income (in hundreds, or in units), and the dates."""
    survey = reference["dating"]
    X = np.array([survey["education"], survey["income_in_hundreds"]]).T
    return X * [1.0, unit], np.array(survey["dates"]).reshape(-1, 1)


def straight_line():
    """The linear model from W = (0.1, 0.1), b = 0."""
    layer = ns.Layer(1, ns.LinearNeuron, weights=[[0.1], [0.1]], biases=[0.0])
    return ns.Network([ns.InputLayer(2, labels=["education", "income"]), layer])


@pytest.mark.parametrize(
    ("title", "unit", "rate"),
    [("income in units, lr 1e-8 (stuck)", 100.0, 1e-8), ("income in hundreds, lr 1e-4", 1.0, 1e-4)],
    ids=["stuck", "scaled"],
)
def test_the_dating_line(reference, engine, title, unit, rate):
    """Losses and parameters of the linear model after up to 1,000 iterations."""
    X, Y = dating(reference, unit)
    net, done = straight_line(), 0
    for iterations, wanted in reference["dating"]["linear"][title].items():
        if int(iterations) > 1000:
            break
        net.fit(X, Y, optimizer=ns.SGD(rate), epochs=int(iterations) - done, engine=engine)
        done = int(iterations)
        assert net.loss_of(X, Y) == pytest.approx(wanted["loss"], rel=1e-9)
        assert net["output[0]"].weights == pytest.approx(np.array(wanted["w"]), rel=1e-9)
        assert net["output[0]"].bias == pytest.approx(wanted["b"], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("title", "rate", "last"),
    [
        ("income in units, lr 1e-6 (diverges)", 1e-6, 50),
        ("income in units, lr 1e-7 (diverges)", 1e-7, 150),
    ],
    ids=["1e-6", "1e-7"],
)
def test_the_dating_line_runs_away(reference, engine, title, rate, last):
    """With income in units the parameters grow just as they should, until training stops."""
    X, Y = dating(reference, 100.0)
    wanted = reference["dating"]["linear"][title]
    net = straight_line()
    net.fit(X, Y, optimizer=ns.SGD(rate), epochs=last, engine=engine)
    assert net["output[0]"].weights == pytest.approx(np.array(wanted[str(last)]["w"]), rel=1e-8)
    with pytest.raises(ns.DivergedError) as caught:
        net.fit(X, Y, optimizer=ns.SGD(rate), epochs=300, engine=engine)
    assert last + caught.value.epoch in range(50, 301)
    assert f"'income' reaches {X[:, 1].max():g} while 'education' reaches" in str(caught.value)


@pytest.mark.parametrize("kind", ["ReLUNeuron", "SigmoidNeuron"])
def test_the_dating_networks(reference, engine, kind):
    """Losses of the 2-5-5-5-1 network from the given start weights, before steps 0 to 2,000."""
    X, Y = dating(reference, 1.0)
    survey = reference["dating"]
    entry = {
        "sizes": [2, 5, 5, 5, 1],
        "kinds": [kind] * 3 + ["LinearNeuron"],
        "weights": survey["start_weights"],
        "biases": survey["start_biases"],
    }
    net = layered_network(entry, ns.MeanSquaredError())
    last = 2000 if engine != "graph" else 1000
    history = net.fit(X, Y, optimizer=ns.SGD(1e-4), epochs=last + 1, engine=engine)
    for step, wanted in survey["loss_before_step"][kind].items():
        if int(step) <= last:
            assert history.loss[int(step)] == pytest.approx(wanted, rel=1e-9)
