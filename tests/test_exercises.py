"""Checked work: right numbers are right, and every planted mistake is found and named."""

import networkx as nx
import numpy as np
import pytest
import wirings
from hypothesis import given, settings
from hypothesis import strategies as st

import neurosim as ns
from neurosim.tracing.exercises.mistakes import CLASSES
from neurosim.tracing.exercises.textbook import Textbook

MAZUR_X, MAZUR_Y = [0.05, 0.10], [0.01, 0.99]


@pytest.fixture
def mazur():
    """Mazur's worked example, its biases frozen."""
    net = ns.Network(
        [
            ns.InputLayer(2),
            ns.Layer(2, ns.SigmoidNeuron, weights=[[0.15, 0.25], [0.20, 0.30]], biases=[0.35] * 2),
            ns.Layer(2, ns.SigmoidNeuron, weights=[[0.40, 0.50], [0.45, 0.55]], biases=[0.60] * 2),
        ],
        loss=ns.QuadraticCost(),
    )
    net.freeze(weights=False)
    return net


@pytest.fixture
def line():
    """One linear neuron: x = 2, w = 3, b = 1, target 9."""
    return ns.Network(
        [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])]
    )


def layered(sizes, hidden, output, loss, n, optimizer):
    """A network with random weights, samples for it, and an optimizer."""
    rng = np.random.default_rng(5)
    net = ns.Network.layered(sizes, hidden=hidden, output=output, loss=loss, rng=3)
    net.parameters[:] = rng.normal(size=len(net.parameters))
    return net, rng.normal(size=(n, sizes[0])), rng.uniform(size=(n, sizes[-1])), optimizer


def tied():
    """A graph with a skip, two ties, two outputs of which one is read by the other, a penalty."""
    import networkx as nx

    rng = np.random.default_rng(8)
    graph = nx.DiGraph()
    for node in "hkop":
        graph.add_node(node, neuron=ns.SigmoidNeuron, bias=float(rng.normal()))
    edges = ["xh", "yh", "xk", "yk", "ho", "ko", "xo", "hp", "kp", "op"]
    for source, target in edges:
        graph.add_edge(source, target, weight=float(rng.normal()))
    for edge in (("x", "h"), ("y", "k")):
        graph.edges[edge].update(weight=0.7, tied="t")
    graph.edges["h", "o"]["frozen"] = True
    net = ns.Network.from_graph(graph, inputs=["x", "y"], outputs=["o", "p"], rng=1)
    net.regularize(ns.L2(0.1))
    return net, rng.normal(size=(3, 2)), rng.uniform(size=(3, 2)), ns.SGD(0.3)


def normalized():
    """A layer with batch normalization, in training."""
    rng = np.random.default_rng(4)
    normalization = ns.BatchNormalization(epsilon=0.1)
    layer = ns.Layer(3, ns.TanhNeuron, normalization=normalization)
    net = ns.Network([ns.InputLayer(2), layer, ns.Layer(1, ns.LinearNeuron)], rng=2)
    net.parameters[:] = rng.normal(size=len(net.parameters))
    return net, rng.normal(size=(5, 2)), rng.normal(size=(5, 1)), ns.SGD(0.1)


def kinked():
    """A ReLU neuron at its kink."""
    hidden = ns.Layer(2, ns.ReLUNeuron, weights=[[1.0, 0.5], [-1.0, 0.7]])
    output = ns.Layer(1, ns.LinearNeuron, weights=[[2.0], [3.0]])
    net = ns.Network([ns.InputLayer(2), hidden, output], loss=ns.QuadraticCost())
    return net, np.array([[1.0, 1.0]]), np.array([[0.3]]), ns.SGD(0.1)


MSE, HALF = ns.MeanSquaredError(), ns.QuadraticCost()
BCE, CCE = ns.BinaryCrossEntropy(), ns.CategoricalCrossEntropy()
SIGMOID, TANH, RELU = ns.SigmoidNeuron, ns.TanhNeuron, ns.ReLUNeuron
CASES = {
    "sigmoid": layered([2, 3, 3, 2], SIGMOID, SIGMOID, MSE, 3, ns.SGD(0.3)),
    "tanh": layered([2, 2, 2], TANH, ns.LinearNeuron, HALF, 1, ns.SGD(0.3)),
    "softmax": layered([3, 4, 3], TANH, ns.SoftmaxNeuron, CCE, 5, ns.Adam(0.02)),
    "softmax squares": layered([3, 3], TANH, ns.SoftmaxNeuron, MSE, 1, ns.RMSprop(0.02)),
    "binary": layered([2, 3, 1], SIGMOID, SIGMOID, BCE, 1, ns.Momentum(0.1)),
    "relu": layered([3, 3, 3], RELU, SIGMOID, BCE, 4, ns.SGD(0.3)),
    "tied": tied(),
    "normalized": normalized(),
    "kinked": kinked(),
}


def answers_of(step, quantities=None):
    """The numbers of a step as a person hands them in."""
    found = {}
    for (subject, quantity), value in step.computed.items():
        if quantities is None or quantity in quantities:
            found.setdefault(subject, {})[quantity] = np.asarray(value).tolist()
    return found


def snapshot_of(name):
    """The numbers that a case starts from."""
    net, X, Y, optimizer = CASES[name]
    return net.trace(X, Y, optimizer, training=name == "normalized").snapshot


def checked(name, answers):
    """The report about answers to a case."""
    net, X, Y, optimizer = CASES[name]
    return ns.check_work(net, X, Y, answers, optimizer, training=name == "normalized")


def differs(step, right, keys):
    """Whether a planted mistake shows in some numbers."""
    return any(not np.allclose(step.of(k), right.of(k), rtol=1e-6, atol=1e-10) for k in keys)


# -- the step itself -----------------------------------------------------------------------------


@given(wirings.cases())
@settings(max_examples=60)
def test_the_textbook_step_is_the_graph_engines(case):
    """On every wiring all numbers of the textbook's step are those of the trace."""
    net = case.network()
    trace = net.trace(case.X, case.Y, ns.Adam(0.1))
    right = Textbook(trace.snapshot).run()
    names = {"loss": "value"}
    for step in trace:
        values = np.atleast_1d(
            right.computed[step.subject, names.get(step.quantity, step.quantity)]
        )
        value = values[step.sample if len(values) > 1 else 0]
        assert value == pytest.approx(step.value, rel=1e-9, abs=1e-11, nan_ok=True), step


@given(wirings.cases())
@settings(max_examples=30)
def test_right_numbers_are_right(case):
    """On every wiring the numbers of the step itself are all right."""
    net = case.network()
    optimizer = ns.SGD(0.1)
    snapshot = net.trace(case.X, case.Y, optimizer).snapshot
    answers = answers_of(Textbook(snapshot).run())
    report = ns.check_work(net, case.X, case.Y, answers, optimizer)
    assert report.ok
    assert (report.first_wrong, report.mistake, report.mistakes) == (None, None, ())


# -- planted mistakes ----------------------------------------------------------------------------


ROUNDING = {"rounded_too_early", "truncated"}
PLANTED = [
    pytest.param(name, cls, variant, id=f"{name}-{cls.__name__}-{variant}")
    for name in CASES
    for cls in CLASSES
    if cls.name not in ROUNDING
    for variant in cls.variants(snapshot_of(name), 6)
]


@pytest.mark.parametrize(("name", "cls", "variant"), PLANTED)
@pytest.mark.parametrize("quantities", [None, ("gradient",), ("new",)], ids=["all", "dw", "new"])
def test_every_planted_mistake_is_named(name, cls, variant, quantities):
    """A mistake that shows in the numbers handed in is among those named; all follows from it.

    The one named first may be another that gives every one of these numbers, too.
    """
    snapshot = snapshot_of(name)
    right, step = Textbook(snapshot).run(), cls(snapshot, None, None, variant).run()
    answers = answers_of(step, quantities)
    keys = [key for key in right.computed if quantities is None or key[1] in quantities]
    if not differs(step, right, keys):
        return
    report = checked(name, answers)
    assert not report.ok
    assert cls.name in report.mistakes, (report.first_wrong, report.mistakes)
    assert len(report.errors) == 1, str(report)
    assert report.mistake in ns.MISTAKES


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_mistake_can_show(cls):
    """Every mistake changes some number of some network of these tests."""
    if cls.name in ROUNDING:
        return
    for name in CASES:
        snapshot = snapshot_of(name)
        right = Textbook(snapshot).run()
        for variant in cls.variants(snapshot, 6):
            if differs(cls(snapshot, None, None, variant).run(), right, right.computed):
                return
    pytest.fail(f"{cls.__name__} never shows")


@given(wirings.cases(smooth=True), st.sampled_from([c for c in CLASSES if c.name not in ROUNDING]))
@settings(max_examples=40)
def test_mistakes_are_named_on_every_wiring(case, cls):
    """On random graphs a planted mistake that shows clearly is among those named."""
    net, optimizer = case.network(), ns.SGD(0.3)
    snapshot = net.trace(case.X, case.Y, optimizer).snapshot
    right = Textbook(snapshot).run()
    for variant in list(cls.variants(snapshot, 6))[:2]:
        step = cls(snapshot, None, None, variant).run()
        if not all(np.isfinite(step.of(key)).all() for key in right.computed):
            continue
        report = ns.check_work(net, case.X, case.Y, answers_of(step), optimizer)
        assert report.ok or cls.name in report.mistakes, (variant, report)


def test_a_reader_without_a_derivative_that_leads_nowhere_does_no_harm():
    """A neuron's slope is never looked for where no gradient passes."""
    graph = nx.DiGraph()
    graph.add_node("x")
    graph.add_node("y", neuron=ns.TanhNeuron)
    graph.add_node("spy", neuron=ns.Perceptron)
    graph.add_edges_from([("x", "y"), ("y", "spy")], weight=0.5)
    net = ns.Network.from_graph(graph, outputs=["y"], rng=1)
    report = ns.check_work(net, [1.0], [0.0], {"y": {"delta": 0.123456789}})
    assert (report.first_wrong, report.mistake) == (("y", "delta"), None)
