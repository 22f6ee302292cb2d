"""Penalties, dropout and clipping: the same in every engine, with any wiring, and seen in a trace."""

from __future__ import annotations

import math

import door
import networkx as nx
import numpy as np
import pytest
import wirings
from hypothesis import given
from hypothesis import strategies as st

import neurosim as ns
from neurosim.engines import TraversalEngine

PENALTIES = door.concrete(ns.WeightPenalty)
X = np.random.default_rng(0).normal(size=(20, 3))
Y = X[:, :1] ** 2


def network(*regularizers) -> ns.Network:
    """A 3-4-3-1 network with a skip."""
    net = ns.Network.layered([3, 4, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    net.connect("input[0]", "output[0]", weight=0.3)
    for regularizer in regularizers:
        net.regularize(regularizer)
    return net


@pytest.fixture(params=PENALTIES, ids=door.name_of)
def penalty(request):
    """Every penalty on weights."""
    return request.param(0.05)


# -- penalties -----------------------------------------------------------------------------------


def test_a_penalty_is_about_every_weight_and_no_bias(penalty):
    """The sum of the penalties of all edges, a shared weight once; biases do not count."""
    net = network(penalty)
    net.connect("input[1]", "output[0]", weight=0.7, tied="t")
    net.connect("input[2]", "output[0]", tied="t")
    net.layers[1].biases = np.full(4, 100.0)
    slots = {net[u, v].slot for u, v in net.graph.edges}
    expected = sum(penalty.penalty(float(net.parameters[slot]), 0.05) for slot in slots)
    assert net.penalty() == pytest.approx(expected, rel=1e-14)


def test_a_penalty_has_the_derivative_of_its_formula(penalty):
    """The derivative of a penalty is its slope, and for arrays it is that of every number."""
    w = np.array([-2.0, -0.3, 0.4, 5.0])
    slopes = penalty.derivative(w, 0.05)
    for value, slope in zip(w.tolist(), slopes.tolist(), strict=True):
        numerical = ns.numerical_derivative(lambda x: penalty.penalty(x, 0.05), value)
        assert slope == pytest.approx(numerical, rel=1e-8)
        assert penalty.derivative(value, 0.05) == slope


def test_the_gradient_is_that_of_loss_and_penalty(penalty):
    """backward gives the gradient of the mean loss plus the penalty; a layer's own penalty adds."""
    net, plain = network(penalty), network()
    net.regularize(ns.L2(0.2), "hidden2")
    for one in (net, plain):
        one.forward(X)
        assert one.backward(Y) == pytest.approx(one.loss_of(X, Y), rel=1e-13)
    for u, v in net.graph.edges:
        w = net[u, v].weight
        more = penalty.derivative(w, 0.05) + (0.2 * w if v.layer == "hidden2" else 0.0)
        assert net[u, v].gradient == pytest.approx(plain[str(u), str(v)].gradient + more, rel=1e-12)
    assert ns.check_gradient(net, X, Y).ok


def test_a_wrong_penalty_is_caught():
    """A penalty whose derivative is wrong by 0.1 % is found by the gradient check."""

    class Wrong(ns.WeightPenalty):
        """L2 with a wrong derivative."""

        @staticmethod
        def penalty(w, strength):
            """Return strength / 2 w^2."""
            return 0.5 * strength * w * w

        @staticmethod
        def derivative(w, strength):
            """Return 1.001 strength w."""
            return 1.001 * strength * w

    assert not ns.check_gradient(network(Wrong(50.0)), X, Y).ok


def test_the_kink_of_l1_is_skipped():
    """A weight of 0 under L1 is skipped and counted by the gradient check."""
    net = network(ns.L1(0.1))
    net["input[0]->hidden1[0]"].weight = 0.0
    report = ns.check_gradient(net, X, Y)
    assert (report.ok, report.skipped) == (True, 1)


def test_l2_is_weight_decay():
    """With no loss to follow, a step of gradient descent multiplies every weight by 1 - rate strength."""
    net = ns.Network([ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[2.0]])])
    net.regularize(ns.L2(0.5))
    net.fit([[0.0]], [[0.0]], optimizer=ns.SGD(0.1), epochs=1)
    assert net.parameters.tolist() == [2.0 * (1 - 0.1 * 0.5), 0.0]


def test_history_keeps_the_loss_and_the_penalty_apart(penalty):
    """History.loss is the data loss before each update, History.penalty the penalty then."""
    net, twin = network(penalty), network(penalty)
    history = net.fit(X, Y, optimizer=ns.SGD(0.05), epochs=3)
    for epoch in range(3):
        assert history.loss[epoch] == pytest.approx(twin.loss_of(X, Y), rel=1e-12)
        assert history.penalty[epoch] == pytest.approx(twin.penalty(), rel=1e-12)
        twin.forward(X)
        twin.backward(Y)
        ns.SGD(0.05).step(twin)
    assert np.allclose(net.parameters, twin.parameters, rtol=1e-12)
    assert network().fit(X, Y, optimizer=ns.SGD(0.05)).penalty == []


# -- dropout -------------------------------------------------------------------------------------


@given(case=wirings.cases(), rate=st.floats(0.1, 0.8), batch_size=st.integers(1, 3))
def test_engines_train_alike_with_dropout_and_penalties(case, rate, batch_size):
    """One seed gives the same masks in every engine, and so the same parameters, on any wiring."""
    nets = [case.network(), case.network()]
    for net, engine in zip(nets, ("graph", "vectorized"), strict=True):
        net.regularize(ns.Dropout(rate))
        net.regularize(ns.Dropout(0.3), case.inputs[0])
        net.regularize(ns.L2(0.01))
        net.fit(
            case.X, case.Y, optimizer=ns.SGD(1e-3), epochs=2, batch_size=batch_size, engine=engine
        )
    np.testing.assert_allclose(nets[0].parameters, nets[1].parameters, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(nets[0].gradient, nets[1].gradient, rtol=1e-7, atol=1e-9)


def test_a_share_that_is_no_output_may_be_dropped(engine):
    """delta = a - y with the shares before dropout, for a softmax neuron that is no output, too."""
    graph = nx.DiGraph()
    graph.add_node("x")
    graph.add_node("a", neuron=ns.SoftmaxNeuron, bias=0.5)
    graph.add_node("b", neuron=ns.SoftmaxNeuron, bias=-0.5)
    loss = ns.CategoricalCrossEntropy()
    net = ns.Network.from_graph(graph, inputs=["x"], outputs=["a"], loss=loss, rng=1)
    net.regularize(ns.Dropout(0.5), "b")
    share = 1 / (1 + math.exp(-1.0))
    net.fit([[0.0]] * 9, [[1.0]] * 9, optimizer=ns.SGD(1e-9), batch_size=1, engine=engine)
    np.testing.assert_allclose(net.gradient, [share - 1, 1 - share], rtol=1e-6)


def test_dropout_is_at_work_in_training_only():
    """predict, loss_of, evaluate and a plain forward drop nothing; forward(training=True) does."""
    net, plain = network(ns.Dropout(0.5)), network()
    assert np.array_equal(net.predict(X), plain.predict(X))
    assert net.loss_of(X, Y) == plain.loss_of(X, Y)
    assert np.array_equal(net.forward(X), plain.forward(X))
    assert net["hidden1[0]"].mask == 1.0
    net.forward(X, training=True)
    assert not np.array_equal(net["hidden1[0]"].mask, np.ones(20))


def test_the_mask_of_a_pass():
    """In training a = f(z) m, with m = 0 or 1 / (1 - rate); inputs and outputs have m = 1."""
    net = network(ns.Dropout(0.25))
    net.forward(X, training=True)
    seen = []
    for neuron in net.neurons:
        if neuron.layer in ("input", "output"):
            assert neuron.mask == 1.0
            continue
        seen += neuron.mask.tolist()
        np.testing.assert_allclose(neuron.activation, np.tanh(neuron.z) * neuron.mask, rtol=1e-14)
    assert set(seen) == {0.0, 1 / 0.75}
    net.forward(X[0], training=True)
    assert type(net["hidden1[0]"].mask) is float


def test_the_mean_of_what_is_dropped():
    """Over many samples the share dropped is the rate, and the mean of the masks is 1."""
    net = network(ns.Dropout(0.3))
    net.forward(np.ones((4000, 3)), training=True)
    mask = np.concatenate([net[f"hidden1[{i}]"].mask for i in range(4)])
    assert abs(np.mean(mask == 0) - 0.3) < 0.02
    assert abs(mask.mean() - 1.0) < 0.03


def test_a_gradient_through_a_mask():
    """With its masks held, the gradient of a training pass is that of the loss it has."""
    net = network(ns.Dropout(0.4))
    net.regularize(ns.Dropout(0.2), "input")
    engine = net.engine(TraversalEngine)
    engine.rng = np.random.default_rng(5)
    masks = engine.masks(len(X))
    run = engine.forward(X, single=False, masks=masks)
    analytic = np.array(engine.backward(run, Y))

    def loss(parameters):
        net.parameters = parameters
        return engine.loss_of_pass(engine.forward(X, single=False, masks=masks), list(Y.T))

    numerical = ns.numerical_derivative(loss, net.parameters.copy())
    np.testing.assert_allclose(analytic, numerical, rtol=1e-6, atol=1e-8)


def test_dropout_does_not_shift_other_streams():
    """With and without dropout the same seed gives the same start and the same shuffles."""
    orders = []
    for regularizers in ((), (ns.Dropout(0.5),)):
        net = network(*regularizers)
        net.fit(X, Y, optimizer=ns.SGD(1e-9), epochs=2, batch_size=3)
        orders.append(net.streams.shuffle.bit_generator.state)
    assert orders[0] == orders[1]


# -- seen in a trace, kept in files ----------------------------------------------------------------


@pytest.mark.parametrize("batch", [False, True])
def test_a_trace_shows_masks_and_penalties(batch):
    """Masks and penalties are factors and terms of the equations, which evaluate to their values."""
    net = network(ns.Dropout(0.4), ns.L2(0.1), ns.L1(0.05))
    net.regularize(ns.Dropout(0.2), "input")
    x, y = (X[:3], Y[:3]) if batch else (X[0], Y[0])
    stream = net.streams.dropout.bit_generator.state
    trace = net.trace(x, y, ns.Adam(0.1), training=True)
    assert net.streams.dropout.bit_generator.state == stream
    names = {name: getattr(math, name) for name in ("exp", "log", "tanh", "sqrt")}
    for step in trace:
        expression = step.substituted.split(" = ")[1]
        assert eval(expression, dict(names)) == pytest.approx(step.value, rel=1e-12, abs=1e-15)
    net.forward(x, training=True)
    net.backward(y)
    for step in trace:
        if step.quantity in ("a", "delta"):
            value = np.atleast_1d(
                getattr(net[step.subject], {"a": "activation"}.get(step.quantity, "delta"))
            )
            assert step.value == value[step.sample]
    gradient = trace.of("input[0]->hidden1[0]", "gradient")[0]
    assert gradient.value == net["input[0]->hidden1[0]"].gradient
    assert "strength(L2)*w[input[0]->hidden1[0]]" in gradient.symbolic
    assert "m[hidden1[0]]" in trace.of("hidden1[0]", "a")[0].symbolic


def test_a_clipped_gradient_is_shown():
    """An update shows the clipped gradient where it differs from the gradient itself."""
    net = network()
    trace = net.trace(X[0], [50.0], ns.SGD(0.1, clip=ns.ClipByNorm(0.5)))
    new = trace.of("input[0]->hidden1[0]", "new")[0]
    assert "clipped(dJ/dw[input[0]->hidden1[0]])" in new.symbolic
    assert eval(new.substituted.split(" = ")[1]) == pytest.approx(new.value, rel=1e-12)


@pytest.mark.parametrize("suffix", [".json", ".npz"])
def test_regularizers_are_kept_in_files_and_copies(suffix, tmp_path):
    """A saved, copied or configured network has the same regularizers for the same neurons."""
    for net in (network(ns.L1(0.1), ns.Dropout(0.3)), ns.Network.from_graph(network().graph)):
        net.regularize(ns.L2(0.2), "hidden2")
        net.regularize(ns.Dropout(0.1), "input[1]")
        net.save(tmp_path / f"net{suffix}")
        for twin in (ns.load(tmp_path / f"net{suffix}"), net.copy()):
            assert twin.config() == net.config()
            assert twin.penalty() == net.penalty()
            assert np.array_equal(twin.dropout_rates, net.dropout_rates)


def test_a_penalty_follows_new_edges(penalty):
    """An edge made later is penalized, too; regularize(None) takes all away."""
    net = network(penalty)
    before = net.penalty()
    net.connect("input[1]", "output[0]", weight=2.0)
    assert net.penalty() == pytest.approx(before + penalty.penalty(2.0, 0.05), rel=1e-14)
    net.regularize(None)
    assert net.penalty() == 0.0


# -- clipping --------------------------------------------------------------------------------------


def test_clipping_by_norm_keeps_the_direction():
    """A longer gradient is shortened to the limit, a shorter one stays; huge ones do not overflow."""
    clip = ns.ClipByNorm(2.0)
    g = np.array([3.0, -4.0, 12.0])
    np.testing.assert_allclose(clip.clipped(g), g * 2.0 / 13.0, rtol=1e-15)
    assert clip.clipped(g / 100) is not None
    assert np.array_equal(clip.clipped(g / 100), g / 100)
    assert np.linalg.norm(clip.clipped(g * 1e200) / 2.0) == pytest.approx(1.0, rel=1e-14)


def test_frozen_parameters_do_not_count_in_the_norm():
    """The norm is that of the parameters that are trained."""
    net = network()
    net.freeze()
    net.unfreeze("output", weights=False)
    net.forward(X)
    net.backward(Y)
    before, g = net.parameters.copy(), net["output[0]"].bias_gradient
    ns.SGD(1.0, clip=ns.ClipByNorm(abs(g) / 2)).step(net)
    moved = net.parameters - before
    assert np.count_nonzero(moved) == 1
    assert moved.sum() == pytest.approx(-g / 2, rel=1e-14)


def test_clipping_keeps_a_cliff_from_throwing_the_weight():
    """With clipping no update is longer than rate times limit."""
    net = network()
    before = net.parameters.copy()
    net.fit(X, 1e6 * Y, optimizer=ns.SGD(0.1, clip=ns.ClipByNorm(1.0)), epochs=1)
    assert np.linalg.norm(net.parameters - before) == pytest.approx(0.1, rel=1e-12)


# -- bad input -------------------------------------------------------------------------------------

WRONG = [
    (lambda: ns.L2(-1), "L2: strength must be a finite number that is not negative; got -1."),
    (lambda: ns.L1("x"), "L1: strength must be a number that is not negative; got 'x'."),
    (
        lambda: ns.Dropout(1.0),
        "Dropout: rate is the share dropped and must lie in [0, 1); got 1.0.",
    ),
    (
        lambda: ns.ClipByNorm(0),
        "ClipByNorm: limit must be a finite number greater than 0; got 0.",
    ),
    (
        lambda: ns.SGD(0.1, clip=1.0),
        "SGD: clip must be such as ns.ClipByNorm(1.0); got 1.0.",
    ),
    (
        lambda: network().regularize(0.01),
        "Network.regularize: regularizer must be such as ns.L2(0.01) or ns.Dropout(0.5); got 0.01.",
    ),
    (
        lambda: network().regularize(ns.Dropout(0.5), "output"),
        "Network.regularize: 'output[0]' is an output, and outputs are never dropped; name hidden "
        "neurons or inputs.",
    ),
    (
        lambda: network().regularize(ns.L2(0.1), "hiden1"),
        "Network: there is no neuron, edge or layer 'hiden1'. Did you mean 'hidden1'?",
    ),
]


@pytest.mark.parametrize(("make", "message"), WRONG)
def test_what_makes_no_sense_is_refused(make, message):
    """Strengths, rates, limits and names that make no sense are refused with the remedy."""
    with pytest.raises(ns.NeurosimError) as error:
        make()
    assert str(error.value).startswith(message.removesuffix("?"))
