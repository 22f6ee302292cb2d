"""Optimizers: each rule against reference numbers, on every engine, with any wiring."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
from pathlib import Path

import numpy as np
import pytest

import neurosim as ns
from neurosim.functions import FLOAT, bind

REFERENCE = json.loads((Path(__file__).parent / "reference.json").read_text())["optimizers"]

KINDS = [
    value
    for value in vars(ns).values()
    if isinstance(value, type) and issubclass(value, ns.Optimizer) and not inspect.isabstract(value)
]
ENGINES = ["graph", "vectorized"]


def made(kind: type[ns.Optimizer], rate: object = 0.05) -> ns.Optimizer:
    """Return an optimizer with its defaults."""
    return kind(rate)


def network() -> ns.Network:
    """The reference's 3-4-2 network."""
    layers = [ns.InputLayer(REFERENCE["sizes"][0])]
    for n, kind, W, b in zip(
        REFERENCE["sizes"][1:],
        REFERENCE["kinds"],
        REFERENCE["weights"],
        REFERENCE["biases"],
        strict=True,
    ):
        layers.append(ns.Layer(n, getattr(ns, kind), weights=W, biases=b))
    return ns.Network(layers, loss=getattr(ns, REFERENCE["loss"])())


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def kind(request: pytest.FixtureRequest) -> type[ns.Optimizer]:
    """Every optimizer of the door."""
    return request.param


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", list(REFERENCE["after"]))
def test_ten_steps_of_an_independent_library(name, engine):
    """Ten updates give the losses, weights and biases of an independent library."""
    expected, net = REFERENCE["after"][name], network()
    history = net.fit(
        REFERENCE["X"],
        REFERENCE["Y"],
        optimizer=made(getattr(ns, name)),
        epochs=REFERENCE["steps"],
        engine=engine,
    )
    np.testing.assert_allclose(history.loss, expected["losses"], rtol=1e-12)
    for layer, W, b in zip(net.layers[1:], expected["weights"], expected["biases"], strict=True):
        np.testing.assert_allclose(layer.weights, W, rtol=1e-11, atol=1e-13)
        np.testing.assert_allclose(layer.biases, b, rtol=1e-11, atol=1e-13)


def test_by_hand_is_as_fit_does_it(kind):
    """forward, backward, step in a loop is fit on the graph engine, bit for bit."""
    trained, stepped, optimizer = network(), network(), made(kind)
    trained.fit(REFERENCE["X"], REFERENCE["Y"], optimizer=made(kind), epochs=5, engine="graph")
    for _ in range(5):
        stepped.forward(REFERENCE["X"])
        stepped.backward(REFERENCE["Y"])
        optimizer.step(stepped)
    assert np.array_equal(trained.parameters, stepped.parameters)


def test_the_formula_is_the_same_for_numbers_and_vectors(kind):
    """One parameter updated by itself, on Python floats, moves as it does in the vector."""
    optimizer, rng = made(kind), np.random.default_rng(0)
    w, g = rng.normal(size=(2, 40))
    state = list(rng.uniform(0.1, 1.0, size=(len(kind.state_names), 40)))
    rule = bind(kind.update, FLOAT)
    together = kind.update(w, g, 3, 0.05, *state, *optimizer.constants().values())
    for i in range(40):
        numbers = [float(vector[i]) for vector in state]
        alone = rule(float(w[i]), float(g[i]), 3, 0.05, *numbers, *optimizer.constants().values())
        np.testing.assert_allclose(alone, [result[i] for result in together], rtol=1e-14)


def test_what_is_shown_is_named(kind):
    """`shown` names every result of `update`: first what is remembered, last the step."""
    results = kind.update(
        1.0, 0.5, 1, 0.1, *[0.0] * len(kind.state_names), *made(kind).constants().values()
    )
    assert len(results) == len(kind.shown)
    assert kind.shown[: len(kind.state_names)] == kind.state_names
    assert kind.shown[-1] == "step"


def test_every_optimizer_gets_down_a_bowl(kind):
    """On a convex loss, training ends far below where it began."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 3))
    Y = X @ [[1.0], [-2.0], [0.5]] + 0.3
    net = ns.Network([ns.InputLayer(3), ns.Layer(1, ns.LinearNeuron, initializer=ns.Zeros())])
    history = net.fit(X, Y, optimizer=made(kind, 0.1), epochs=400)
    assert history.loss[-1] < 0.1 * history.loss[0]


def test_frozen_parameters_stay_and_leave_no_trace(kind):
    """A frozen weight keeps its value bit for bit, though its gradient is told."""
    net = network()
    net.freeze("input[0]->hidden1[1]")
    net.freeze("output", weights=False)
    held = net.frozen.copy()
    before = net.parameters.copy()
    net.fit(REFERENCE["X"], REFERENCE["Y"], optimizer=made(kind), epochs=3)
    assert np.array_equal(net.parameters[held], before[held])
    assert (net.parameters[~held] != before[~held]).all()
    assert (net.gradient[held] != 0).all()


def test_fit_in_parts_is_fit_at_once(kind):
    """Two fits with one optimizer object go on where the first ended."""
    whole, parts, optimizer = network(), network(), made(kind, ns.InverseTimeDecay(0.05, 0.1))
    whole.fit(
        REFERENCE["X"],
        REFERENCE["Y"],
        optimizer=made(kind, ns.InverseTimeDecay(0.05, 0.1)),
        epochs=6,
    )
    for epochs in (2, 4):
        parts.fit(REFERENCE["X"], REFERENCE["Y"], optimizer=optimizer, epochs=epochs)
    assert np.array_equal(whole.parameters, parts.parameters)


def test_one_object_trains_many_networks(kind):
    """An optimizer used for another network begins anew there."""
    optimizer, nets = made(kind), [network(), network()]
    for net in nets:
        net.fit(REFERENCE["X"], REFERENCE["Y"], optimizer=optimizer, epochs=4)
    assert np.array_equal(nets[0].parameters, nets[1].parameters)


def test_memory_is_readable_per_edge_and_follows_the_wiring(kind):
    """Every edge shows what the optimizer remembers of it, before and after a new edge."""
    net = network()
    assert net["input[0]->hidden1[0]"].memory == {}
    net.fit(REFERENCE["X"], REFERENCE["Y"], optimizer=made(kind), epochs=3)
    seen = net["input[2]->hidden1[3]"].memory
    assert set(seen) == set(kind.state_names)
    net.connect("input[0]", "output[0]", weight=0.0)
    assert net["input[2]->hidden1[3]"].memory == seen
    assert net["input[0]->output[0]"].memory == dict.fromkeys(kind.state_names, 0.0)


def test_memory_is_copied_and_pickled_with_the_network(kind):
    """A copy holds what was remembered, and goes on exactly as the original does."""
    net = network()
    net.fit(REFERENCE["X"], REFERENCE["Y"], optimizer=made(kind), epochs=3)
    twins = [net.copy(), copy.deepcopy(net), pickle.loads(pickle.dumps(net))]
    net.fit(REFERENCE["X"], REFERENCE["Y"], optimizer=net.memory.learner, epochs=3)
    for twin in twins:
        twin.fit(REFERENCE["X"], REFERENCE["Y"], optimizer=twin.memory.learner, epochs=3)
        assert np.array_equal(twin.parameters, net.parameters)


@pytest.mark.parametrize("suffix", [".json", ".npz"])
def test_memory_is_saved_with_the_model(kind, suffix, tmp_path):
    """A loaded network holds its optimizer and what it remembers, and goes on bit for bit."""
    net = network()
    optimizer = made(kind, ns.InverseTimeDecay(0.05, 0.1))
    net.fit(REFERENCE["X"], REFERENCE["Y"], optimizer=optimizer, epochs=3)
    net.save(tmp_path / f"net{suffix}")
    twin = ns.load(tmp_path / f"net{suffix}")
    assert repr(twin.memory) == repr(net.memory)
    assert twin["input[0]->hidden1[0]"].memory == net["input[0]->hidden1[0]"].memory
    net.fit(REFERENCE["X"], REFERENCE["Y"], optimizer=optimizer, epochs=3)
    twin.fit(REFERENCE["X"], REFERENCE["Y"], optimizer=twin.memory.learner, epochs=3)
    assert np.array_equal(twin.parameters, net.parameters)


def test_an_optimizer_that_no_file_can_hold_is_left_out(tmp_path):
    """With a plain function for its rate the optimizer is not in the file; the network is."""
    net = network()
    net.fit(REFERENCE["X"], REFERENCE["Y"], optimizer=ns.Adam(lambda epoch: 0.1))
    net.save(tmp_path / "net.json")
    twin = ns.load(tmp_path / "net.json")
    assert twin.memory is None
    assert np.array_equal(twin.parameters, net.parameters)


def test_reset_forgets(kind):
    """After reset, training is as it was from the start."""
    net, optimizer = network(), made(kind)
    net.fit(REFERENCE["X"], REFERENCE["Y"], optimizer=optimizer, epochs=4)
    first = net.parameters.copy()
    net.reset()
    assert net.memory is None
    net.fit(REFERENCE["X"], REFERENCE["Y"], optimizer=optimizer, epochs=4)
    assert np.array_equal(net.parameters, first)


def test_a_step_that_would_diverge_changes_nothing(kind):
    """A step into infinity is refused by name; parameters and memory are as before."""
    net = ns.Network([ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[1.0]])])
    optimizer = made(kind)
    net.forward([1.0])
    net.backward([0.0])
    optimizer.step(net)
    before, memory = net.parameters.copy(), copy.deepcopy(net.memory.vectors)
    net.gradient[:] = np.nan
    with pytest.raises(ns.DivergedError, match=r"the parameter 'input\[0\]->output\[0\]' would"):
        optimizer.step(net)
    assert np.array_equal(net.parameters, before)
    assert net.memory.step == 1
    for name, vector in memory.items():
        assert np.array_equal(net.memory.vectors[name], vector)


def test_repr_makes_the_same(kind):
    """The repr of an optimizer is code that makes an equal one."""
    optimizer = made(kind, 0.1)
    assert eval(repr(optimizer), vars(ns)).config() == optimizer.config()


def test_adam_corrects_with_both_betas():
    """Adam's first step has the size of the rate, whatever the gradient: both starts corrected."""
    for g in (1e-4, 1.0, 1e4):
        *_, step = ns.Adam.update(0.0, g, 1, 0.1, 0.0, 0.0, 0.9, 0.999, 1e-8)
        assert step == pytest.approx(0.1, rel=1e-3)


WRONG = [
    (ns.SGD, (0,), "SGD: learning_rate must be a finite number greater than 0; got 0."),
    (
        ns.SGD,
        (float("nan"),),
        "SGD: learning_rate must be a finite number greater than 0; got nan.",
    ),
    (ns.Adam, ("fast",), "Adam: learning_rate must be a number greater than 0; got 'fast'."),
    (ns.Momentum, (0.1, 1.0), "Momentum: beta must lie in [0, 1); got 1.0."),
    (ns.Adam, (0.1, -0.5), "Adam: beta1 must be a finite number that is not negative; got -0.5."),
    (ns.RMSprop, (0.1, 0.9, 0), "RMSprop: epsilon must be a finite number greater than 0; got 0."),
]


def test_a_rate_left_out_is_missed_by_name():
    """Plain gradient descent has no rate of its own, and says so under its own name."""
    with pytest.raises(TypeError) as error:
        ns.SGD()
    assert str(error.value) == (
        "SGD.__init__() missing 1 required positional argument: 'learning_rate'"
    )


@pytest.mark.parametrize(("kind_", "arguments", "message"), WRONG)
def test_constants_outside_their_range_are_refused(kind_, arguments, message):
    """Rates, betas and epsilons outside their range are named with what they must be."""
    with pytest.raises(ns.NeurosimError) as error:
        kind_(*arguments)
    assert str(error.value) == message


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_needs_a_gradient(kind):
    """Before any gradient there is nothing to follow, and again after a reset; nothing has changed
    then. A backward pass, a training and a person's own numbers all give one.
    """
    net, rule = network(), made(kind)
    x, y = np.zeros(net.layers[0].size), np.ones(net.layers[-1].size)

    def refused() -> None:
        before = net.parameters.copy()
        with pytest.raises(ns.PassError) as caught:
            rule.step(net)
        assert str(caught.value) == (
            f"{kind.__name__}.step: network has no gradient yet; call net.forward(X) and "
            "net.backward(Y) first."
        )
        assert np.array_equal(net.parameters, before)
        assert net.memory is None

    refused()
    net.forward(x)
    refused()
    net.backward(y)
    rule.step(net)
    rule.step(net)  # The gradient is taken as it stands.
    net.reset()
    refused()
    net.gradient[0] = 1.0
    rule.step(net)
    net.reset()
    net.fit([x], [y], optimizer=ns.SGD(0.1))
    rule.step(net)


def test_a_gradient_of_zeros_is_one():
    """At a minimum the gradient that was computed is 0, and the step stays where it is."""
    layers = [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[2.0]], biases=[1.0])]
    net = ns.Network(layers)
    net.forward([1.0])
    assert net.backward([3.0]) == 0.0
    ns.SGD(0.1).step(net)
    assert net.parameters.tolist() == [2.0, 1.0]


class BareStep(ns.learning.learner.Optimizer):
    """An optimizer of a person's own that forgets the tuple."""

    @staticmethod
    def update(w, g, t, rate):
        """Return the step, but no tuple."""
        return rate * g

    def __init__(self, learning_rate=0.1):
        super().__init__(learning_rate)


@pytest.mark.parametrize("engine", ["graph", "vectorized"])
def test_an_update_that_is_no_tuple_is_refused(engine):
    """A bare step would be read as its last entry: it is refused, and nothing changes."""
    net = ns.Network.layered([2, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
    before = net.parameters.copy()
    with pytest.raises(ns.errors.ArgumentError) as caught:
        net.fit([[0.0, 1.0]], [[1.0]], optimizer=BareStep(), engine=engine)
    start = (
        "BareStep.update must return a tuple of what `shown` names, (step,), the step last; got "
    )
    assert str(caught.value).startswith(start)
    assert (net.parameters == before).all()
