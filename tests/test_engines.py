"""The engines compute the same numbers, on every wiring."""

import networkx as nx
import numpy as np
import pytest
import wirings
from hypothesis import given, settings
from hypothesis import strategies as st

import neurosim as ns
from neurosim.engines import TraversalEngine, VectorizedEngine

SMALL = {"float64": 1e-12, "float32": 1e-5}


def assert_close(got, wanted, scale, dtype="float64"):
    """|got - wanted| is at most a small share of what the numbers were added up from."""
    difference = np.abs(np.asarray(got, dtype=float) - np.asarray(wanted, dtype=float))
    assert (difference <= SMALL[dtype] * (scale + 1e-300)).all(), (got, wanted)


@given(case=wirings.cases())
def test_engines_agree_on_every_wiring(engine_class, case):
    """Outputs, loss and gradient of a step differ from the graph engine's by at most 1e-12 times
    the sum of the absolute terms that they were added up from; the second step as the first.
    """
    net = case.network()
    scale = wirings.scales(net, case.X, case.Y)
    outputs = net.forward(case.X)
    loss, gradient = net.backward(case.Y), net.gradient.copy()
    engine = net.engine(engine_class)
    engine.load(case.X, case.Y)
    for _ in range(2):
        net.gradient[:] = np.nan
        assert_close(engine.gradient(), loss, scale.loss)
        assert_close(net.gradient, gradient, scale.gradient)
    assert_close(engine.predict(case.X), outputs, scale.outputs)
    assert_close(engine.loss(case.X, case.Y), loss, scale.loss)


@given(case=wirings.cases(dtype="float32"))
def test_engines_agree_in_float32(engine_class, case):
    """In float32 the engines agree to 1e-5 times the sum of the absolute terms."""
    net = case.network()
    scale = wirings.scales(net, case.X, case.Y)
    outputs = net.forward(case.X)
    loss, gradient = net.backward(case.Y), net.gradient.copy()
    engine = net.engine(engine_class)
    engine.load(case.X, case.Y)
    assert_close(engine.gradient(), loss, scale.loss, "float32")
    assert_close(net.gradient, gradient, scale.gradient, "float32")
    assert_close(engine.predict(case.X), outputs, scale.outputs, "float32")
    assert net.parameters.dtype == net.gradient.dtype == outputs.dtype == np.float32


@given(case=wirings.cases())
def test_one_sample_is_a_batch_of_one(case):
    """A 1-D sample gives the numbers of the batch that holds just it, as Python floats."""
    net = case.network()
    x, y = case.X[0], case.Y[0]
    scale = wirings.scales(net, case.X[:1], case.Y[:1])
    of_batch = net.forward(case.X[:1]), net.backward(case.Y[:1]), net.gradient.copy()
    batched = [(n.activation, n.delta) for n in net.neurons]
    outputs, loss = net.forward(x), net.backward(y)
    assert outputs.shape == (len(case.outputs),)
    assert_close(outputs, of_batch[0][0], scale.outputs[0])
    assert_close(loss, of_batch[1], scale.loss)
    assert_close(net.gradient, of_batch[2], scale.gradient)
    for neuron, (activation, delta) in zip(net.neurons, batched, strict=True):
        assert type(neuron.activation) is float
        assert type(neuron.delta) is float
        assert isinstance(neuron, ns.InputNeuron) or type(neuron.z) is float
        assert activation.shape == delta.shape == (1,)


@given(case=wirings.cases())
def test_a_batch_is_its_samples(case):
    """Outputs of a batch are those of its samples; loss and gradient are the means of theirs."""
    net = case.network()
    scale = wirings.scales(net, case.X, case.Y)
    outputs = net.forward(case.X)
    loss, gradient = net.backward(case.Y), net.gradient.copy()
    losses, gradients = [], []
    for row, (x, y) in enumerate(zip(case.X, case.Y, strict=True)):
        assert_close(net.forward(x), outputs[row], scale.outputs[row])
        losses.append(net.backward(y))
        gradients.append(net.gradient.copy())
    assert_close(np.mean(losses), loss, scale.loss)
    assert_close(np.mean(gradients, axis=0), gradient, scale.gradient)


@settings(max_examples=25)
@given(case=wirings.cases(smooth=True))
def test_the_gradient_is_that_of_the_loss(case):
    """On every wiring, backpropagation agrees with central differences of the loss."""
    report = ns.check_gradient(case.network(), case.X, case.Y, tolerance=1e-4)
    assert report.ok, str(report)


@settings(max_examples=25)
@given(
    case=wirings.cases(),
    batch_size=st.sampled_from([None, 1, 2, 3, 100]),
    shuffle=st.booleans(),
)
def test_engines_train_alike(engine, case, batch_size, shuffle):
    """After several epochs with one seed, shuffled or not and whatever the batch size, every
    engine has the graph engine's parameters and history, up to what rounding grows into.
    """
    options = {"epochs": 3, "batch_size": batch_size, "shuffle": shuffle, "rng": 5}
    nets = case.network(), case.network()
    histories = [
        net.fit(case.X, case.Y, optimizer=ns.SGD(0.01), engine=name, **options)
        for net, name in zip(nets, ("graph", engine), strict=True)
    ]
    np.testing.assert_allclose(nets[0].parameters, nets[1].parameters, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(histories[0].loss, histories[1].loss, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(nets[0].gradient, nets[1].gradient, rtol=1e-7, atol=1e-7)


@given(case=wirings.cases(), engine_first=st.booleans())
def test_an_engine_keeps_nothing_of_the_parameters(engine_class, case, engine_first):
    """Parameters may change between any two calls, by any hand: the next call sees it."""
    net, fresh = case.network(), case.network()
    engine = net.engine(engine_class)
    engine.load(case.X, case.Y)
    engine.gradient()
    net.parameters *= 0.5
    fresh.parameters *= 0.5
    if engine_first:
        net.forward(case.X)
    other = fresh.engine(engine_class)
    other.load(case.X, case.Y)
    assert engine.gradient() == other.gradient()
    assert np.array_equal(net.gradient, fresh.gradient)


@given(case=wirings.cases())
def test_one_engine_twice_is_equal_bit_for_bit(engine, case):
    """The same seed and engine give the same bits, twice in a row."""
    nets = [case.network() for _ in range(2)]
    for net in nets:
        net.fit(case.X, case.Y, optimizer=ns.SGD(0.01), epochs=2, batch_size=2, engine=engine)
    assert nets[0].parameters.tobytes() == nets[1].parameters.tobytes()
    assert nets[0].gradient.tobytes() == nets[1].gradient.tobytes()


def test_dense_blocks_may_read_sources_in_any_order():
    """Neurons that read a layer backwards get the right gradient in every step."""
    sources = [0, 1] * 8 + [9 - i for i in range(8)]
    targets = [t for hidden in range(2, 10) for t in (hidden, hidden)] + [10] * 8
    net = ns.Network.from_edges(
        sources, targets, kinds=ns.TanhNeuron, inputs=[0, 1], outputs=[10], rng=1
    )
    X, Y = np.ones((3, 2)), np.zeros((3, 1))
    net.forward(X)
    net.backward(Y)
    wanted = net.gradient.copy()
    engine = net.engine(VectorizedEngine)
    engine.load(X, Y)
    for _ in range(3):
        engine.gradient()
        np.testing.assert_allclose(net.gradient, wanted, rtol=1e-12)


def test_layers_become_matrices_and_the_rest_rows():
    """Neurons that share their sources are computed at once, those of odd wirings one by one."""
    net = ns.Network.layered([4, 8, 3], hidden=ns.TanhNeuron, output=ns.SoftmaxNeuron)
    assert [(b.dense, len(b.targets)) for b in net.wiring.blocks] == [(True, 8), (True, 3)]
    net.disconnect("input[0]", "hidden1[2]")
    assert sorted((b.dense, len(b.targets)) for b in net.wiring.blocks) == [
        (True, 1),
        (True, 3),
        (True, 7),
    ]


def test_softmax_couples_what_has_the_same_sources():
    """Without ``layer``, softmax neurons with the same sources, in any order, share their 1; with
    it, those of one layer do, whatever they read.
    """
    graph = nx.DiGraph()
    graph.add_nodes_from(["x0", "x1"])
    graph.add_nodes_from(["s0", "s1"], neuron=ns.SoftmaxNeuron)
    graph.add_edges_from([("x1", "s0"), ("x0", "s0"), ("x0", "s1"), ("x1", "s1")])
    assert np.isclose(ns.Network.from_graph(graph, rng=1).predict([1, 2]).sum(), 1.0)
    graph.remove_edge("x0", "s1")
    assert np.array_equal(ns.Network.from_graph(graph, rng=1).predict([1, 2]), [1.0, 1.0])
    nx.set_node_attributes(graph, {"s0": "out", "s1": "out"}, "layer")
    assert np.isclose(ns.Network.from_graph(graph, rng=1).predict([1, 2]).sum(), 1.0)


def test_a_gradient_goes_through_every_coupled_neuron():
    """Where one softmax neuron is an output, what feeds only the others gets a gradient, too."""
    graph = nx.DiGraph()
    for i in range(2):
        graph.add_node(f"h{i}", neuron=ns.TanhNeuron)
        graph.add_node(f"s{i}", neuron=ns.SoftmaxNeuron, layer="s")
        graph.add_edges_from([("x", f"h{i}"), (f"h{i}", f"s{i}")])
    net = ns.Network.from_graph(graph, outputs=["s0"], rng=1)
    assert ns.check_gradient(net, [[1.0]], [[0.3]]).ok
    assert net["x", "h1"].gradient == 0.0
    net.forward([1.0])
    net.backward([0.3])
    assert net["x", "h1"].gradient != 0.0


def test_what_no_gradient_reaches_needs_no_derivative():
    """Perceptrons and hardmax neurons that no output depends on do not stop a backward pass."""
    graph = nx.DiGraph()
    graph.add_node("p", neuron=ns.Perceptron)
    graph.add_nodes_from(["h0", "h1"], neuron=ns.HardmaxNeuron)
    graph.add_node("y", neuron=ns.LinearNeuron)
    graph.add_edges_from([("x", "p"), ("x", "h0"), ("x", "h1"), ("x", "y")])
    net = ns.Network.from_graph(graph, outputs=["y"], rng=1)
    net.forward([1.0])
    net.backward([0.0])
    assert [net[label].delta for label in ("p", "h0", "h1")] == [0.0, 0.0, 0.0]
    assert net["x", "p"].gradient == 0.0


@pytest.mark.parametrize("X", [[0.3], [[0.3], [0.4]]], ids=["sample", "batch"])
def test_a_chain_of_three_thousand_neurons_works(X):
    """Passes and training are iterative: depth is no limit."""
    n = 3000
    net = ns.Network.from_edges(
        range(n), range(1, n + 1), kinds=ns.LinearNeuron, inputs=[0], outputs=[n], weights=[1.0] * n
    )
    Y = np.zeros_like(X)
    assert np.allclose(net.forward(X), X)
    assert np.isclose(net.backward(Y), np.mean(np.square(X)))
    assert np.allclose(net["0"].delta, 2 * np.ravel(X) / len(X))
    assert net.copy().predict(X).tolist() == net.predict(X).tolist()
    assert net.graph.number_of_edges() == n
    for engine in ("graph", "vectorized"):
        history = net.copy().fit(X, Y, optimizer=ns.SGD(1e-9), engine=engine)
        assert np.isclose(history.loss[0], np.mean(np.square(X)))


def test_a_million_edges_need_no_view():
    """A layered network of a million edges is made and trained without anything per edge."""
    net = ns.Network.layered(
        [1000, 900, 120, 10], hidden=ns.ReLUNeuron, output=ns.SoftmaxNeuron, rng=1
    )
    net.loss = ns.CategoricalCrossEntropy()
    assert net.wiring.n_edges > 1_000_000
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(4, 1000)), np.eye(10)[[1, 2, 3, 4]]
    history = net.fit(X, Y, optimizer=ns.SGD(0.01), epochs=2)
    assert history.loss[1] < history.loss[0]
    net.predict(X)
    assert net._graph is None
    assert not {"slot_of", "_edge_table", "edges"} & set(vars(net.wiring))
    assert "neurons" not in vars(net)


def test_engines_are_made_once_for_a_wiring():
    """An engine is kept until the wiring or the loss changes."""
    net = ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron)
    first = net.engine(TraversalEngine)
    assert net.engine(TraversalEngine) is first
    net.disconnect("input[0]", "hidden1[0]")
    second = net.engine(TraversalEngine)
    assert second is not first
    net.loss = ns.QuadraticCost()
    assert net.engine(TraversalEngine) is not second
