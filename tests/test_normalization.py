"""Batch normalization: its formulas in every engine, what it keeps, and how it is seen in a trace."""

import math
import pickle

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_tracing import assert_true

import neurosim as ns
from neurosim.engines import TraversalEngine

RNG = np.random.default_rng(0)
X = RNG.normal(size=(8, 3))
Y = RNG.normal(size=(8, 2))
KINDS = (ns.TanhNeuron, ns.SigmoidNeuron, ns.SwishNeuron, ns.SoftmaxNeuron)


def network(*, dtype="float64", **options):
    """A 3-4-2 network whose hidden layer is normalized, with gammas and betas of all sorts."""
    normalization = ns.BatchNormalization(**options)
    hidden = ns.Layer(4, ns.TanhNeuron, biases=[0.1, -0.2, 0.3, 0.0], normalization=normalization)
    output = ns.Layer(2, ns.LinearNeuron)
    net = ns.Network([ns.InputLayer(3), hidden, output], rng=1, dtype=dtype)
    net.layers[1].gammas = [1.5, 0.5, -1.0, 2.0]
    return net


def trained(**options):
    """The same, trained for a while, so that its running averages have moved."""
    net = network(**options)
    net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=3, batch_size=3)
    return net


def rewired(**options):
    """The same, trained, with an edge fewer into the hidden layer and a skip."""
    net = trained(**options)
    net.disconnect("input[0]", "hidden1[1]")
    net.connect("input[0]", "output[0]", weight=0.3)
    return net


MADE = pytest.mark.parametrize("make", [trained, rewired])


@st.composite
def normalized_networks(draw, dtype="float64"):
    """Random layers, some normalized, with edges cut and skips made, and a batch of samples."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    partner = draw(st.booleans())
    layers = [ns.InputLayer(draw(st.integers(1, 3)))]
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(KINDS))
        layers.append(_layer(draw, draw(st.integers(1, 5)), kind))
    layers.append(_layer(draw, 2, ns.SoftmaxNeuron if partner else ns.TanhNeuron))
    loss = ns.CategoricalCrossEntropy() if partner else ns.MeanSquaredError()
    net = ns.Network(layers, loss=loss, rng=rng, dtype=dtype)
    for _ in range(draw(st.integers(0, 3))):
        edge = draw(st.sampled_from(list(net.graph.edges)))
        if len(edge[1].weights) > 1:
            net.disconnect(*edge)
    if draw(st.booleans()) and ("input[0]", "output[0]") not in net.wiring.slot_of:
        net.connect("input[0]", "hidden1[0]") if len(layers) < 3 else net.connect(
            "input[0]", "output[0]", tied=draw(st.sampled_from([None, "t"]))
        )
    net.parameters += 0.1 * rng.normal(size=len(net.parameters))
    n = draw(st.integers(3, 6))
    samples = rng.normal(size=(n, layers[0].size)), rng.dirichlet([1, 1], size=n)
    return net, *(table.astype(dtype) for table in samples)


def _layer(draw, n, kind):
    normalization = ns.BatchNormalization(epsilon=1e-3) if draw(st.booleans()) else None
    return ns.Layer(n, kind, normalization=normalization)


def loss_in_training(net, X, Y):
    """The loss of a forward pass with the statistics of the batch."""
    engine = net.engine(TraversalEngine)
    return engine.loss_of_pass(engine.forward(X, single=False, training=True), list(Y.T))


# -- the formulas --------------------------------------------------------------------------------


def test_the_numbers_of_an_independent_library(reference, engine_class):
    """Loss and gradients of one step are those of the reference."""
    entry = reference["batch_normalization"]
    normalization = ns.BatchNormalization(epsilon=1e-8)
    hidden = ns.Layer(
        4,
        ns.ReLUNeuron,
        weights=entry["W1"],
        biases=entry["beta"],
        normalization=normalization,
    )
    output = ns.Layer(2, ns.LinearNeuron, weights=entry["W2"], biases=entry["b2"])
    net = ns.Network([ns.InputLayer(3), hidden, output])
    first, last = net.layers[1:]
    first.gammas = entry["gamma"]
    engine = net.engine(engine_class)
    engine.load(np.array(entry["X"]), np.array(entry["Y"]))
    assert engine.gradient() == pytest.approx(entry["loss_value"], rel=1e-12)
    found = {
        "W1": first.weight_gradients,
        "W2": last.weight_gradients,
        "b2": last.bias_gradients,
        "gamma": first.gamma_gradients,
        "beta": first.bias_gradients,
    }
    for name, wanted in entry["gradients"].items():
        assert found[name] == pytest.approx(np.array(wanted), rel=1e-10, abs=1e-13), name


def test_every_number_of_a_neuron():
    """In training z is x W without a bias, its normalized form has mean 0 and variance 1, and the
    activation is f(gamma zhat + beta); mean and variance are the batch's, biased.
    """
    net = network()
    net.forward(X, training=True)
    layer = net.layers[1]
    z = X @ layer.weights
    assert layer.z == pytest.approx(z, rel=1e-14, abs=1e-15)
    for j, neuron in enumerate(layer):
        assert neuron.batch_mean == pytest.approx(z[:, j].mean(), rel=1e-12)
        assert neuron.batch_variance == pytest.approx(z[:, j].var(), rel=1e-12)
        assert neuron.normalized == pytest.approx(
            (z[:, j] - z[:, j].mean()) / np.sqrt(z[:, j].var() + 1e-8), rel=1e-12
        )
        assert neuron.normalized.std() == pytest.approx(1.0, rel=1e-6)
        u = neuron.gamma * neuron.normalized + neuron.beta
        assert neuron.activation == pytest.approx(np.tanh(u), rel=1e-12)
        assert neuron.beta == neuron.bias == layer.biases[j]


def test_inference_takes_running_averages():
    """predict, loss_of and a plain forward normalize by the running averages, sample by sample."""
    net = trained()
    layer = net.layers[1]
    mean, variance = net.averages[:, 3:7]
    zhat = (X @ layer.weights - mean) / np.sqrt(variance + 1e-8)
    a = np.tanh(layer.gammas * zhat + layer.biases)
    wanted = a @ net.layers[2].weights + net.layers[2].biases
    assert net.forward(X) == pytest.approx(wanted, rel=1e-12)
    assert net.predict(X) == pytest.approx(wanted, rel=1e-12)
    assert net.predict(X[0]) == pytest.approx(wanted[0], rel=1e-12)
    assert net.forward(X[0]) == pytest.approx(wanted[0], rel=1e-12)
    assert net.loss_of(X, Y) == pytest.approx(np.mean(np.sum((wanted - Y) ** 2, axis=1)), rel=1e-12)
    neuron = net["hidden1[0]"]
    assert neuron(X[0]) == pytest.approx(neuron.activation, rel=1e-12)
    assert neuron.batch_mean is neuron.batch_variance is None


def test_running_averages_move_in_training_only():
    """running = momentum running + (1 - momentum) batch, from 0 and 1, in training passes only."""
    net = network(momentum=0.75)
    z = X @ net.layers[1].weights
    net.forward(X, training=True)
    wanted = [0.25 * z.mean(axis=0), 0.75 + 0.25 * z.var(axis=0)]
    assert net.averages[:, 3:7] == pytest.approx(np.array(wanted), rel=1e-12)
    assert net.averages[:, :3].tolist() == [[0.0] * 3, [1.0] * 3]
    before = net.averages.copy()
    net.forward(X)
    net.backward(Y)
    net.predict(X)
    net.loss_of(X, Y)
    net.trace(X, Y, ns.SGD(0.1), training=True)
    ns.check_gradient(net, X, Y)
    assert (net.averages == before).all()
    neuron = net["hidden1[2]"]
    assert [neuron.running_mean, neuron.running_variance] == net.averages[:, 5].tolist()


def test_there_is_no_useless_bias():
    """A normalized neuron has its weights, beta and gamma, and nothing else to learn."""
    net = network()
    assert len(net.parameters) == 3 * 4 + 4 + 4 + 4 * 2 + 2
    assert [net.parameter_label(i) for i in (12, 15, 16, 19)] == [
        "hidden1[0].bias",
        "hidden1[3].bias",
        "hidden1[0].gamma",
        "hidden1[3].gamma",
    ]
    fresh = ns.Layer(2, ns.TanhNeuron, normalization=ns.BatchNormalization())
    fresh = ns.Network([ns.InputLayer(1), fresh], rng=1)
    assert fresh.layers[1].gammas.tolist() == [1.0, 1.0]
    assert fresh.layers[1].biases.tolist() == [0.0, 0.0]


# -- engines and gradients -----------------------------------------------------------------------


@given(case=normalized_networks())
def test_engines_agree(engine_class, case):
    """Loss, gradient and running averages of a step in training are the graph engine's, and so
    are the outputs at inference.
    """
    net, X, Y = case
    twin = net.copy()
    net.forward(X, training=True)
    loss = net.backward(Y)
    engine = twin.engine(engine_class)
    engine.load(X, Y)
    twin.gradient[:] = np.nan
    assert engine.gradient() == pytest.approx(loss, rel=1e-10)
    size = 1 + np.abs(net.gradient).max()
    assert twin.gradient == pytest.approx(net.gradient, rel=1e-8, abs=1e-10 * size)
    assert twin.averages == pytest.approx(net.averages, rel=1e-10, abs=1e-12)
    assert engine.predict(X) == pytest.approx(net.forward(X), rel=1e-9, abs=1e-11)
    assert engine.loss(X, Y) == pytest.approx(net.backward(Y), rel=1e-9)


@settings(max_examples=25)
@given(case=normalized_networks())
def test_the_gradient_in_training_is_that_of_the_loss(case):
    """In training the gradient goes through mean and variance: central differences agree."""
    net, X, Y = case
    net.forward(X, training=True)
    net.backward(Y)

    def loss(parameters):
        net.parameters[:] = parameters
        return loss_in_training(net, X, Y)

    start, gradient = net.parameters.copy(), net.gradient.copy()
    numerical = ns.numerical_derivative(loss, start)
    assert gradient == pytest.approx(numerical, rel=1e-4, abs=1e-6)


@settings(max_examples=25)
@given(case=normalized_networks())
def test_the_gradient_at_inference_is_that_of_the_loss(case):
    """With running averages, which are constants then, check_gradient agrees."""
    net, X, Y = case
    net.forward(X, training=True)
    report = ns.check_gradient(net, X, Y, tolerance=1e-4)
    assert report.ok, str(report)


@MADE
def test_delta_is_by_z(make):
    """delta = dJ/dz: a shift of all z, which the mean takes away, changes nothing, so that the
    deltas of a neuron add up to 0; and it gives the gradient of the weights.
    """
    net = make()
    net.forward(X, training=True)
    net.backward(Y)
    assert np.abs(net.layers[1].deltas.sum(axis=0)).max() < 1e-14
    for u, v in net.graph.edges:
        wanted = float(np.dot(u.activation, v.delta))
        assert net[u, v].gradient == pytest.approx(wanted, rel=1e-12, abs=1e-15)
    assert net["hidden1[1]"].gamma_gradient == pytest.approx(
        net.gradient[net.wiring.gamma_slots[4]]
    )


@pytest.mark.parametrize("make", [network, rewired])
def test_one_sample_alone(make):
    """One sample has variance 0: its sums normalize to 0, its activation is f(beta), and no
    gradient passes; all numbers are finite floats, like those of the batch that holds just it.
    """
    net, twin = make(), make()
    outputs = net.forward(X[0], training=True)
    loss = net.backward(Y[0])
    neuron = net["hidden1[0]"]
    assert (neuron.normalized, neuron.batch_variance, neuron.delta) == (0.0, 0.0, 0.0)
    assert neuron.activation == math.tanh(neuron.beta)
    assert type(neuron.z) is type(neuron.activation) is type(neuron.normalized) is float
    assert np.isfinite(net.gradient).all()
    assert twin.forward(X[:1], training=True)[0] == pytest.approx(outputs, rel=1e-12)
    assert twin.backward(Y[:1]) == pytest.approx(loss, rel=1e-12)
    assert twin.gradient == pytest.approx(net.gradient, rel=1e-12, abs=1e-15)
    assert twin.averages == pytest.approx(net.averages, rel=1e-12)


def test_sums_that_overflow_are_told(engine_class):
    """A sum beyond the largest float gives NaN or infinity in both engines, without a warning."""
    net = network()
    net.layers[1].weights = np.full((3, 4), 1e300)
    net.forward(np.array([1e10, 1e10, 1e10]), training=True)
    assert not np.isfinite(net["hidden1[0]"].activation)


@given(case=normalized_networks(dtype="float32"))
def test_float32(engine_class, case):
    """In float32 the engines agree, and everything stays in float32."""
    net, X, Y = case
    twin = net.copy()
    net.forward(X, training=True)
    loss = net.backward(Y)
    engine = twin.engine(engine_class)
    engine.load(X, Y)
    assert engine.gradient() == pytest.approx(loss, rel=1e-3, abs=1e-5)
    assert twin.averages == pytest.approx(net.averages, rel=1e-3, abs=1e-4)
    assert twin.averages.dtype == twin.gradient.dtype == engine.predict(X).dtype == np.float32


@MADE
@pytest.mark.parametrize("batch_size", [None, 1, 3])
def test_engines_train_alike(engine, make, batch_size):
    """With dropout after it, penalties, a frozen layer and a smaller last batch, every engine has
    the graph engine's parameters, averages and losses.
    """
    nets = make(), make()
    histories = []
    for net, name in zip(nets, ("graph", engine), strict=True):
        net.regularize(ns.Dropout(0.3), "hidden1")
        net.regularize(ns.L2(0.1))
        net.freeze("hidden1[0]")
        options = {"epochs": 3, "batch_size": batch_size, "rng": 5, "engine": name}
        histories.append(net.fit(X, Y, optimizer=ns.Adam(0.01), **options))
    assert nets[0].parameters == pytest.approx(nets[1].parameters, rel=1e-7, abs=1e-9)
    assert nets[0].averages == pytest.approx(nets[1].averages, rel=1e-7, abs=1e-9)
    assert histories[0].loss == pytest.approx(histories[1].loss, rel=1e-7)


# -- what is kept --------------------------------------------------------------------------------


def test_frozen_gammas_stay():
    """freeze holds gamma with the bias, which is beta; weights are apart."""
    net = network()
    net.freeze("hidden1", weights=False)
    gammas, betas = net.layers[1].gammas.copy(), net.layers[1].biases.copy()
    weights = net.layers[1].weights.copy()
    net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=2)
    assert (net.layers[1].gammas == gammas).all()
    assert (net.layers[1].biases == betas).all()
    assert (net.layers[1].weights != weights).all()
    net.unfreeze("hidden1")
    assert not net.frozen.any()


def test_penalties_leave_gamma_and_beta_alone():
    """A penalty is about weights: that of all gammas and betas is none."""
    net = network()
    net.regularize(ns.L2(2.0))
    weights = sum(float((layer.weights**2).sum()) for layer in net.layers[1:])
    assert net.penalty() == pytest.approx(weights, rel=1e-14)


@MADE
@pytest.mark.parametrize("suffix", ["json", "npz"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_files_keep_everything(tmp_path, make, suffix, dtype):
    """What is loaded has the same gammas, averages and frozen parameters, and predicts the same."""
    net = make(dtype=dtype, momentum=0.8, epsilon=1e-5)
    net.freeze("hidden1[1]", weights=False)
    net.frozen[net.wiring.gamma_slots[4]] = False
    net.frozen[net.wiring.gamma_slots[5]] = True
    net.save(tmp_path / f"net.{suffix}")
    loaded = ns.load(tmp_path / f"net.{suffix}")
    assert (loaded.parameters == net.parameters).all()
    assert (loaded.averages == net.averages).all()
    assert (loaded.frozen == net.frozen).all()
    assert (loaded.predict(X) == net.predict(X)).all()
    assert loaded.layers[1].normalization == net.layers[1].normalization
    loaded.reset()
    assert (loaded.layers[1].gammas == net.layers[1].gammas).all()


@MADE
def test_copies_are_independent(make):
    """A copy, a pickle and a configuration hold the same numbers, and go on by themselves."""
    net = make()
    for twin in (net.copy(), pickle.loads(pickle.dumps(net)), ns.Network.from_config(net.config())):
        assert (twin.predict(X) == net.predict(X)).all()
        before = net.averages.copy()
        twin.forward(X, training=True)
        assert (net.averages == before).all()
        assert (twin.averages != before).any()


@MADE
def test_the_live_graph_tells_it(make):
    """Nodes have gamma and the running averages; a network made of a copy computes the same."""
    net = make()
    data = net.graph.nodes[net["hidden1[0]"]]
    assert data["gamma"] == net["hidden1[0]"].gamma
    assert data["running_mean"] == net["hidden1[0]"].running_mean
    data["gamma"] = 3.0
    assert net["hidden1[0]"].gamma == net.layers[1].gammas[0] == 3.0
    copied = nx.relabel_nodes(net.graph.copy(), {neuron: neuron.label for neuron in net.neurons})
    again = ns.Network.from_graph(copied)
    assert again.forward(X) == pytest.approx(net.forward(X), rel=1e-12)
    with pytest.raises(ns.LiveGraphError):
        data["running_mean"] = 1.0


def test_rewiring_keeps_every_number():
    """connect and disconnect leave gammas, betas, averages and what the optimizer remembers."""
    net, optimizer = network(), ns.Adam(0.01)
    net.fit(X, Y, optimizer=optimizer, epochs=2)
    before = [(n.gamma, n.beta, n.running_mean) for n in net.layers[1]]
    moment = net.memory.vectors["m"][net.wiring.gamma_slots[4]]
    outputs = net.predict(X)
    net.disconnect("input[0]", "hidden1[1]")
    net.connect("input[0]", "hidden1[1]", weight=0.0)
    assert [(n.gamma, n.beta, n.running_mean) for n in net.layers[1]] == before
    assert net.memory.vectors["m"][net.wiring.gamma_slots[4]] == moment
    assert net.predict(X).shape == outputs.shape
    assert net.layers[1].gammas.tolist() == [gamma for gamma, _, _ in before]


def test_reset_forgets_the_averages():
    """reset brings back the start parameters, and averages of 0 and 1."""
    net = trained()
    net.reset()
    assert net.averages.tolist() == [[0.0] * 9, [1.0] * 9]


def test_early_stopping_brings_back_the_best_averages():
    """The network that training leaves has the validation loss of its best epoch, exactly."""
    net, stop = network(), ns.EarlyStopping(3)
    history = net.fit(
        X[:5],
        Y[:5],
        optimizer=ns.SGD(0.3),
        epochs=60,
        batch_size=2,
        validation=(X[5:], Y[5:]),
        callbacks=stop,
    )
    assert net.loss_of(X[5:], Y[5:]) == min(history.validation_loss) == stop.best


def test_a_training_resumes_bit_for_bit(tmp_path):
    """A checkpoint holds the averages, those of early stopping, too."""
    path, settings = tmp_path / "run.npz", {"batch_size": 3, "validation": (X[:3], Y[:3])}
    net, whole = network(), network()
    callbacks = [ns.EarlyStopping(50), ns.Checkpoint(path)]
    net.fit(X, Y, optimizer=ns.Adam(0.05), epochs=3, callbacks=callbacks, **settings)
    stop, stop_whole = ns.EarlyStopping(50), ns.EarlyStopping(50)
    net, optimizer, history = ns.resume(path, callbacks=[stop])
    net.fit(X, Y, optimizer=optimizer, history=history, epochs=4, callbacks=stop, **settings)
    whole.fit(X, Y, optimizer=ns.Adam(0.05), epochs=7, callbacks=stop_whole, **settings)
    assert (net.parameters == whole.parameters).all()
    assert (net.averages == whole.averages).all()
    assert (stop.best_averages == stop_whole.best_averages).all()


def test_a_training_that_diverges_goes_back():
    """Parameters and averages are those of the last finite epoch."""
    net = network()
    net.layers[2].weights = np.full((4, 2), 1e200)
    before = net.averages.copy()
    with pytest.raises(ns.DivergedError):
        net.fit(X, Y, optimizer=ns.SGD(1e200), epochs=5)
    assert (net.averages == before).all()
    assert np.isfinite(net.parameters).all()


@MADE
def test_another_output_layer_keeps_it(make):
    """replace_output keeps gammas and averages of the layers that stay."""
    net = make()
    net.freeze("hidden1[0]")
    other = net.replace_output(ns.Layer(3, ns.LinearNeuron))
    for old, new in zip(net.layers[1], other.layers[1], strict=True):
        assert (old.gamma, old.beta) == (new.gamma, new.beta)
        assert old.running_variance == new.running_variance
    assert other.frozen[other.wiring.gamma_slots[3]]
    other.forward(X)
    net.forward(X)
    assert other.layers[1].activations == pytest.approx(net.layers[1].activations, rel=1e-12)


# -- what is shown -------------------------------------------------------------------------------


@settings(max_examples=25)
@given(case=normalized_networks(), training=st.booleans(), one=st.booleans())
def test_every_equation_of_a_trace_gives_its_value(case, training, one):
    """In both modes, of one sample and of a batch, Python evaluates every step to its value."""
    net, X, Y = case
    net.forward(X, training=True)
    before = net.averages.copy()
    x, y = (X[0], Y[0]) if one else (X, Y)
    trace = net.trace(x, y, ns.Adam(0.1), training=training)
    assert_true(trace, 1e-11)
    assert (net.averages == before).all()
    found = {(step.subject, step.quantity) for step in trace}
    for number in net.wiring.normalized.tolist():
        label = net.labels[number]
        assert {(f"{label}.gamma", "gradient"), (f"{label}.gamma", "new")} <= found


def test_the_equations_of_one_neuron():
    """The activation, delta and gradients of a normalized neuron are written as a book has them."""
    layer = ns.Layer(1, ns.TanhNeuron, weights=[[2.0]], normalization=ns.BatchNormalization())
    net = ns.Network([ns.InputLayer(1, labels=["x"]), layer])
    trace = net.trace([[1.0], [2.0]], [[0.0], [1.0]], ns.SGD(0.1), training=True)
    symbols = {(s.subject, s.quantity): s.symbolic for s in trace}
    o = "[output[0]]"
    assert symbols["output[0]", "z"] == f"z{o} = w[x->output[0]]*a[x]"
    assert symbols["output[0]", "a"] == (
        f"a{o} = tanh((gamma{o}*((z{o} - mean{o}) / sqrt(var{o} + epsilon)) + beta{o}))"
    )
    assert symbols["output[0]", "delta"] == (
        f"delta{o} = gamma{o} / sqrt(var{o} + epsilon)"
        f"*(2*(a{o} - y{o}) / n*s'(u{o}) - mean(dJ/du{o}) - zhat{o}*mean(dJ/du{o}*zhat{o}))"
    )
    assert symbols["output[0].bias", "gradient"] == f"dJ/dbeta{o} = sum over samples of dJ/du{o}"
    assert symbols["output[0].gamma", "gradient"] == (
        f"dJ/dgamma{o} = sum over samples of dJ/du{o}*zhat{o}"
    )
    assert symbols["output[0].gamma", "new"] == (f"gamma_new{o} = gamma{o} - rate*dJ/dgamma{o}")


def test_a_summary_counts_gammas():
    """Gammas have a column of their own."""
    assert network().summary() == (
        "layer    neurons  kind          weights  biases  gammas  frozen\n"
        "input          3  InputNeuron         -       -       -       -\n"
        "hidden1        4  TanhNeuron      3 x 4       4       4       0\n"
        "output         2  LinearNeuron    4 x 2       2       0       0\n"
        "30 parameters (20 weights, 6 biases, 4 gammas), 30 trained; loss MeanSquaredError()"
    )


def test_representations():
    """A normalization, a layer and a neuron say what they are."""
    assert repr(ns.BatchNormalization()) == "BatchNormalization()"
    assert repr(ns.BatchNormalization(0.5)) == "BatchNormalization(momentum=0.5)"
    layer = ns.Layer(2, ns.TanhNeuron, normalization=ns.BatchNormalization())
    assert repr(layer) == "Layer(2, TanhNeuron, normalization=BatchNormalization())"
    assert repr(network()["hidden1[3]"]).endswith("bias=0, gamma=2)")
    assert network()["output[0]"].gamma is network()["output[0]"].normalized is None
    assert network()["input[0]"].gamma is network()["output[0]"].running_mean is None


# -- errors --------------------------------------------------------------------------------------


def _gammas(net, values):
    net.layers[1].gammas = values


def _one_gamma(neuron):
    neuron.gamma = 2.0


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            lambda: ns.BatchNormalization(momentum=1.0),
            ns.ArgumentError,
            "BatchNormalization: momentum must be below 1, as the averages would never move; "
            "got 1.0.",
        ),
        (
            lambda: ns.Layer(2, ns.TanhNeuron, normalization=True),
            ns.ArgumentTypeError,
            "Layer: normalization must be such as ns.BatchNormalization(); got True.",
        ),
        (
            lambda: _gammas(network(), [1.0]),
            ns.ShapeError,
            "Layer 'hidden1': gammas must be (4,), one per neuron; got (1,).",
        ),
        (
            lambda: network().layers[2].gammas,
            ns.ArgumentError,
            "Layer 'output' has no gammas, as its sums are not normalized; make it with "
            "normalization=ns.BatchNormalization().",
        ),
        (
            lambda: _one_gamma(network()["output[0]"]),
            ns.ArgumentError,
            "Neuron 'output[0]': gamma is a factor of normalized sums, but this neuron's are not; "
            "make its layer with normalization=ns.BatchNormalization().",
        ),
        (
            lambda: _one_gamma(ns.TanhNeuron([1.0])),
            ns.ArgumentError,
            "TanhNeuron: gamma belongs to a neuron of a layer made with "
            "normalization=ns.BatchNormalization(); one that stands alone has none.",
        ),
        (
            lambda: ns.Network(
                [
                    ns.InputLayer(1),
                    ns.Layer(1, ns.LinearNeuron, normalization=ns.BatchNormalization()),
                ]
            ).fit([[1.0]], [[1.0]], optimizer=ns.DeltaRule(0.1)),
            ns.ArgumentError,
            "DeltaRule: 'output[0]' is normalized, which the rule knows nothing of; use ns.SGD for "
            "it, or a layer without normalization.",
        ),
    ],
)
def test_errors_say_what_to_do(act, error, message):
    """Every mistake is told whole."""
    with pytest.raises(error) as caught:
        act()
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"gammas": [1.0]},
            "Network.from_config: layers[1]: gammas must be (4,), one per neuron; got (1,).",
        ),
        (
            {"running_variances": [1.0, 1.0, -1.0, 1.0]},
            "Network.from_config: layers[1]: running_variances must not be negative; "
            "got [ 1.  1. -1.  1.].",
        ),
        (
            {"normalization": None},
            "Network.from_config: layers[1]: gammas belong to a layer with normalization; this "
            "has none.",
        ),
        (
            {"normalization": {"normalization": "Layer"}},
            "Network.from_config: layers[1]: normalization: normalization must be "
            "'BatchNormalization'; got 'Layer'.",
        ),
    ],
)
def test_configurations_that_do_not_fit(change, message):
    """What plain data says of a normalization is checked."""
    config = network().config()
    config["layers"][1] |= change
    with pytest.raises(ns.NeurosimError) as caught:
        ns.Network.from_config(config)
    assert str(caught.value) == message
