"""A trace: every number of one learning step is the engine's, and its equation gives it."""

import ast
import inspect
import json
import math
import pickle
import time
from copy import deepcopy

import door
import networkx as nx
import numpy as np
import pytest
import wirings
from hypothesis import given

import neurosim as ns
from neurosim.functions import abs, exp, log1p, maximum, minimum, where
from neurosim.learning.learner import Optimizer
from neurosim.neurons import Neuron
from neurosim.tracing import record
from neurosim.tracing.equation import rounded
from neurosim.tracing.expression import TEXT, Expression, constant, number, total
from neurosim.tracing.stored import digest_of

NAMES = {
    name: getattr(math, name) for name in ("exp", "log", "tanh", "sqrt", "erf", "inf", "nan")
} | {"max": max, "min": min, "__builtins__": {}}


def parts(step):
    """The left side, the arithmetic and the value of ``substituted``."""
    left, arithmetic, value = step.substituted.split(" = ")
    return left, arithmetic, value


def evaluated(step):
    """What Python makes of the arithmetic of a step."""
    return eval(parts(step)[1], dict(NAMES))


def scale(arithmetic):
    """The sum of the absolute terms that a piece of arithmetic adds up."""
    return _scale(ast.parse(arithmetic, mode="eval").body)


def _scale(node):
    value = float(np.abs(eval(compile(ast.Expression(node), "", "eval"), dict(NAMES))))
    if not isinstance(node, ast.BinOp) or isinstance(node.op, ast.Pow):
        return value
    left = _scale(node.left)
    if isinstance(node.op, ast.Div):
        right = eval(compile(ast.Expression(node.right), "", "eval"), dict(NAMES))
        return left / float(np.abs(right))
    right = _scale(node.right)
    return left * right if isinstance(node.op, ast.Mult) else left + right


def assert_true(trace, tolerance=1e-12):
    """Every step's arithmetic is the plain kind, and gives its value."""
    for step in trace:
        left, arithmetic, value = parts(step)
        assert step.symbolic.startswith(f"{left} = ")
        assert value == repr(step.value)
        assert arithmetic.isascii()
        difference = np.abs(evaluated(step) - step.value)
        assert difference <= tolerance * scale(arithmetic), step.substituted


def mazur():
    """Mazur's worked example: 2-2-2, biases frozen, half the sum of squares."""
    hidden = ns.Layer(
        2,
        ns.SigmoidNeuron,
        weights=[[0.15, 0.25], [0.20, 0.30]],
        biases=[0.35, 0.35],
        labels=["h1", "h2"],
    )
    output = ns.Layer(
        2,
        ns.SigmoidNeuron,
        weights=[[0.40, 0.50], [0.45, 0.55]],
        biases=[0.60, 0.60],
        labels=["o1", "o2"],
    )
    layers = [ns.InputLayer(2, labels=["i1", "i2"]), hidden, output]
    net = ns.Network(layers, loss=ns.QuadraticCost())
    net.freeze(weights=False)
    return net


def one_neuron(kind=ns.LinearNeuron, weight=3.0, bias=1.0, loss=None):
    """One input, x, and one neuron, o."""
    layer = ns.Layer(1, kind, weights=[[weight]], biases=[bias], labels=["o"])
    return ns.Network([ns.InputLayer(1, labels=["x"]), layer], loss=loss)


# -- reference numbers -------------------------------------------------------------------------


def test_mazur_traced_whole():
    """Mazur's example: z, a, loss, deltas, gradients and new weights as printed; biases frozen."""
    net = mazur()
    trace = net.trace([0.05, 0.10], [0.01, 0.99], ns.SGD(0.5))
    value = {(step.subject, step.quantity): step.value for step in trace}
    printed = {
        ("h1", "z"): 0.3775,
        ("h1", "a"): 0.593269992,
        ("h2", "a"): 0.596884378,
        ("o1", "z"): 1.105905967,
        ("o1", "a"): 0.75136507,
        ("o2", "a"): 0.772928465,
        ("loss", "loss"): 0.298371109,
        ("o1", "delta"): 0.13849856,
        ("o2", "delta"): -0.03809824,
        ("h1", "delta"): 0.00877135,
        ("h1->o1", "gradient"): 0.08216704,
        ("i1->h1", "gradient"): 0.00043857,
        ("h1->o1", "new"): 0.35891648,
        ("h1->o2", "new"): 0.51130127,
        ("h2->o1", "new"): 0.40866619,
        ("h2->o2", "new"): 0.56137012,
        ("i1->h1", "new"): 0.14978072,
        ("i1->h2", "new"): 0.24975114,
        ("i2->h1", "new"): 0.19956143,
        ("i2->h2", "new"): 0.29950229,
        ("h1.bias", "new"): 0.35,
        ("o2.bias", "new"): 0.6,
    }
    for key, expected in printed.items():
        assert value[key] == pytest.approx(expected, abs=6e-9), key
    net.forward([0.05, 0.10])
    net.backward([0.01, 0.99])
    ns.SGD(0.5).step(net)
    after = net.trace([0.05, 0.10], [0.01, 0.99]).of("loss")[0].value
    assert after == pytest.approx(0.291027774, abs=1e-9)


def test_equations_of_mazur():
    """Each kind of step has the textbook's equation, with names and with numbers."""
    trace = mazur().trace([0.05, 0.10], [0.01, 0.99], ns.SGD(0.5))
    told = {(step.subject, step.quantity): str(step) for step in trace}
    assert told["h1", "z"] == (
        "z[h1] = w[i1->h1]*a[i1] + w[i2->h1]*a[i2] + b[h1] = 0.15*0.05 + 0.2*0.1 + 0.35 = 0.3775"
    )
    assert told["h1", "a"] == ("a[h1] = 1 / (1 + exp(-z[h1])) = 1 / (1 + exp(-0.3775)) = 0.59327")
    assert told["loss", "loss"] == (
        "loss = ((a[o1] - y[o1])**2 / 2 + (a[o2] - y[o2])**2 / 2) / n = "
        "((0.751365 - 0.01)**2 / 2 + (0.772928 - 0.99)**2 / 2) / 1 = 0.298371"
    )
    assert told["o1", "delta"] == (
        "delta[o1] = (a[o1] - y[o1])*s'(z[o1]) = "
        "(0.751365 - 0.01)*(0.751365*(1 - 0.751365)) = 0.138499"
    )
    assert told["h1", "delta"] == (
        "delta[h1] = (w[h1->o1]*delta[o1] + w[h1->o2]*delta[o2])*s'(z[h1]) = "
        "(0.4*0.138499 + 0.5*(-0.0380982))*(0.59327*(1 - 0.59327)) = 0.00877135"
    )
    assert told["i1", "delta"] == (
        "delta[i1] = w[i1->h1]*delta[h1] + w[i1->h2]*delta[h2] = "
        "0.15*0.00877135 + 0.25*0.00995425 = 0.00380427"
    )
    assert told["h1->o2", "gradient"] == (
        "dJ/dw[h1->o2] = delta[o2]*a[h1] = (-0.0380982)*0.59327 = -0.0226025"
    )
    assert told["o2.bias", "gradient"] == "dJ/db[o2] = delta[o2] = -0.0380982"
    assert told["h1->o2", "new"] == (
        "w_new[h1->o2] = w[h1->o2] - rate*dJ/dw[h1->o2] = 0.5 - 0.5*(-0.0226025) = 0.511301"
    )
    assert told["o2.bias", "new"] == "b_new[o2] = b[o2] = 0.6"


def test_one_linear_neuron():
    """x = 2, w = 3, b = 1, target 9, rate 0.05: every number and equation, exactly."""
    net = one_neuron()
    trace = net.trace([2.0], [9.0], ns.SGD(0.05))
    assert [step.substituted for step in trace] == [
        "z[o] = 3.0*2.0 + 1.0 = 7.0",
        "a[o] = 7.0 = 7.0",
        "loss = (7.0 - 9.0)**2 / 1 = 4.0",
        "delta[o] = 2*(7.0 - 9.0)*1 = -4.0",
        "delta[x] = 3.0*(-4.0) = -12.0",
        "dJ/dw[x->o] = (-4.0)*2.0 = -8.0",
        "dJ/db[o] = -4.0 = -4.0",
        "w_new[x->o] = 3.0 - 0.05*(-8.0) = 3.4",
        "b_new[o] = 1.0 - 0.05*(-4.0) = 1.2",
    ]
    assert [step.before for step in trace[-2:]] == [3.0, 1.0]
    net.parameters = [step.value for step in trace.of(quantity="new")]
    again = net.trace([2.0], [9.0])
    assert (again.of("o", "a")[0].value, again.of("loss")[0].value) == (8.0, 1.0)


def test_the_steps_of_one_linear_neuron_in_full():
    """A step has kind, subject, quantity, sample, terms and a sentence."""
    trace = one_neuron().trace([2.0], [9.0], ns.SGD(0.05))
    assert [(step.kind, step.subject, step.quantity, step.sample) for step in trace] == [
        ("forward", "o", "z", 0),
        ("forward", "o", "a", 0),
        ("loss", "loss", "loss", None),
        ("delta", "o", "delta", 0),
        ("delta", "x", "delta", 0),
        ("gradient", "x->o", "gradient", None),
        ("gradient", "o.bias", "gradient", None),
        ("update", "x->o", "new", None),
        ("update", "o.bias", "new", None),
    ]
    assert trace[0].terms == (("w[x->o]", 3.0), ("a[x]", 2.0), ("b[o]", 1.0))
    assert trace[3].terms == (("a[o]", 7.0), ("y[o]", 9.0), ("s'(z[o])", 1.0))
    assert trace[7].terms == (("w[x->o]", 3.0), ("rate", 0.05), ("dJ/dw[x->o]", -8.0))
    assert [step.explanation for step in trace] == [
        "o adds up its input, each times the weight of its edge, and its bias.",
        "o is a LinearNeuron: this is what it makes of its sum z.",
        "MeanSquaredError: the mean over 1 sample of the sum over 1 output of (a - y)**2.",
        "How the loss changes with a[o], times s'(z[o]), which is 1 here.",
        "How the loss changes with the input x: the delta of its reader times the weight of the "
        "edge to it.",
        "The delta of o times what the edge carries, a[x].",
        "The bias of o adds to z as it is, so its gradient is delta.",
        "SGD(learning_rate=0.05) moves w[x->o] against its gradient.",
        "SGD(learning_rate=0.05) moves b[o] against its gradient.",
    ]


# -- on every wiring ---------------------------------------------------------------------------


def engine_numbers(net, x, y):
    """The numbers that the graph engine leaves on the network, by subject and quantity."""
    loss = None
    net.forward(x)
    loss = net.backward(y)
    found = {("loss", "loss", None): loss}
    for neuron in net.neurons:
        for sample, delta in enumerate(np.atleast_1d(neuron.delta)):
            found[neuron.label, "delta", sample] = delta
        if not isinstance(neuron, ns.InputNeuron):
            for sample, z in enumerate(np.atleast_1d(neuron.z)):
                found[neuron.label, "z", sample] = z
            for sample, a in enumerate(np.atleast_1d(neuron.activation)):
                found[neuron.label, "a", sample] = a
            found[f"{neuron.label}.bias", "gradient", None] = neuron.bias_gradient
    for u, v, data in net.graph.edges(data=True):
        found[f"{u}->{v}", "gradient", None] = data["gradient"]
    ns.SGD(0.1).step(net)
    for u, v, data in net.graph.edges(data=True):
        found[f"{u}->{v}", "new", None] = data["weight"]
    for neuron in net.neurons:
        if not isinstance(neuron, ns.InputNeuron):
            found[f"{neuron.label}.bias", "new", None] = neuron.bias
    return found


@given(case=wirings.cases())
def test_every_value_is_the_engines(case):
    """On any wiring, of one sample or a batch, a trace holds each of the graph engine's numbers
    once, bit for bit, and no other.
    """
    for x, y in [(case.X[0], case.Y[0]), (case.X, case.Y)]:
        net = case.network()
        trace = net.trace(x, y, ns.SGD(0.1))
        found = {(step.subject, step.quantity, step.sample): step.value for step in trace}
        assert len(found) == len(trace)
        assert found == engine_numbers(net, x, y)
        assert all(type(step.value) is float for step in trace)


@given(case=wirings.cases())
def test_every_equation_gives_its_value(case):
    """On any wiring, Python evaluates the arithmetic of every step to its value, to 1e-12 of the
    absolute terms added up.
    """
    assert_true(case.network().trace(case.X[0], case.Y[0], ns.SGD(0.1)))
    assert_true(case.network().trace(case.X, case.Y, ns.SGD(0.1)))


@given(case=wirings.cases(dtype="float32"))
def test_every_equation_gives_its_value_in_float32(case):
    """In float32 the arithmetic gives the value to 1e-5 of the absolute terms added up."""
    assert_true(case.network().trace(case.X, case.Y, ns.SGD(0.1)), 1e-5)


@given(case=wirings.cases())
def test_sums_come_out_bit_for_bit(case):
    """Of one sample, the arithmetic of z, of the gradients and of SGD's update gives the engine's
    float exactly.
    """
    for step in case.network().trace(case.X[0], case.Y[0], ns.SGD(0.1)):
        if step.quantity in ("z", "gradient", "new"):
            assert evaluated(step) == step.value


@given(case=wirings.cases())
def test_a_trace_survives_json_and_pickle(case):
    """What is written as JSON loads back as an equal trace, and so does a pickle."""
    trace = case.network().trace(case.X, case.Y, ns.SGD(0.1))
    assert ns.Trace.from_json(trace.json()) == trace
    assert pickle.loads(pickle.dumps(trace)) == trace


def test_steps_are_in_order_of_computation():
    """Forward, loss, delta, gradient, update; z before a; a softmax layer's z before its a;
    deltas backwards, the inputs' last; a batch sample by sample.
    """
    net = ns.Network.layered([1, 1, 2], hidden=ns.TanhNeuron, output=ns.SoftmaxNeuron, rng=1)
    trace = net.trace([[1.0], [2.0]], [[1, 0], [0, 1]], ns.SGD(0.1))
    kinds = [step.kind for step in trace]
    assert kinds == sorted(kinds, key=["forward", "loss", "delta", "gradient", "update"].index)
    forward = [
        ("hidden1[0]", "z"),
        ("hidden1[0]", "a"),
        ("output[0]", "z"),
        ("output[1]", "z"),
        ("output[0]", "a"),
        ("output[1]", "a"),
    ]
    delta = ["output[0]", "output[1]", "hidden1[0]", "input[0]"]
    steps = [(step.subject, step.quantity, step.sample) for step in trace]
    assert steps[:12] == [(*names, sample) for sample in (0, 1) for names in forward]
    assert steps[13:21] == [(name, "delta", sample) for sample in (0, 1) for name in delta]


def test_recording_changes_nothing():
    """Parameters, gradient, last pass, random streams and the optimizer stay as they were."""
    net = ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=3)
    net.forward([1.0, 2.0])
    net.backward([0.5])
    optimizer = ns.Adam(0.1)
    optimizer.step(net)
    before = deepcopy((net.config(), net.gradient, net.memory.vectors))
    run, streams = net.last_pass, pickle.dumps(net.streams)
    str(net.trace([3.0, 4.0], [1.0], optimizer))
    after = (net.config(), net.gradient, net.memory.vectors)
    assert before[0] == after[0]
    assert (before[1] == after[1]).all()
    assert repr(before[2]) == repr(after[2])
    assert net.last_pass is run
    assert pickle.dumps(net.streams) == streams


def test_a_trace_stays_as_it_was_recorded():
    """What happens to the network, the data and the optimizer later does not reach a trace, whose
    words are written when they are first asked for.
    """
    net, optimizer = mazur(), ns.SGD(0.5)
    x, y = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
    trace, same = (mazur().trace(x, y, ns.SGD(0.5)) for _ in range(2))
    expected = str(same)
    trace = net.trace(x, y, optimizer)
    net.parameters = np.zeros(12)
    net.unfreeze()
    net.disconnect("i1", "h1")
    x[:], y[:], optimizer.learning_rate = 9.0, 9.0, 7.0
    assert str(trace) == expected


# -- kinds and losses --------------------------------------------------------------------------


class Softsign(Neuron):
    """A person's own kind, without a textbook's formula."""

    @staticmethod
    def activate(z, scale=2.0):
        """z / (scale + |z|)."""
        return z / (scale + abs(z))

    @staticmethod
    def derivative(z, a, scale=2.0):
        """scale / (scale + |z|)^2."""
        return scale / (scale + abs(z)) ** 2


class Softplus(Neuron):
    """Another, over log1p."""

    @staticmethod
    def activate(z):
        """log(1 + exp(z)), stable."""
        return log1p(exp(-abs(z))) + maximum(z, 0.0)

    @staticmethod
    def derivative(z, a):
        """The sigmoid of z."""
        e = exp(-abs(z))
        return where(z >= 0, 1.0, e) / (1.0 + e)


class Arctan(Neuron):
    """A kind that does more than the functions of formulas."""

    @staticmethod
    def activate(z):
        """The arc tangent of z."""
        return np.arctan(z)

    @staticmethod
    def derivative(z, a):
        """1 / (1 + z^2), the square of the cosine of a."""
        return np.cos(np.arctan(z)) * np.cos(a)


class Wrong(Neuron):
    """A kind whose formula for the book is wrong."""

    formula = "2*z"

    @staticmethod
    def activate(z):
        """3 z, cut at 10."""
        return minimum(3.0 * z, 10.0)

    @staticmethod
    def derivative(z, a):
        """3 below the cut, else 0."""
        return where(3.0 * z < 10.0, 3.0, 0.0)


def test_a_kind_of_ones_own_is_traced_unasked():
    """The equation of a kind that states no formula is written by running its definition."""
    trace = one_neuron(Softsign, -2.0, 0.5).trace([1.0], [0.0])
    activation, delta = trace.of("o", "a")[0], trace.of("o", "delta")[0]
    assert activation.symbolic == "a[o] = z[o] / (scale + (-z[o]))"
    assert activation.substituted == "a[o] = (-1.5) / (2.0 + (-(-1.5))) = -0.42857142857142855"
    assert activation.terms == (("z[o]", -1.5), ("scale", 2.0))
    assert parts(delta)[1] == ("2*((-0.42857142857142855) - 0.0)*(2.0 / (2.0 + (-(-1.5)))**2)")
    assert_true(trace)


def test_a_kind_that_cannot_be_written_shows_its_number():
    """Where a definition does more than the functions of formulas, the bare number stands for it,
    under the kind's name.
    """
    trace = one_neuron(Arctan, 1.0, 0.0).trace([1.0], [0.0])
    activation, delta = trace.of("o", "a")[0], trace.of("o", "delta")[0]
    assert activation.symbolic == "a[o] = Arctan(z[o])"
    assert activation.substituted == "a[o] = 0.7853981633974483 = 0.7853981633974483"
    assert (
        delta.substituted
        == "delta[o] = 2*(0.7853981633974483 - 0.0)*0.5000000000000001 = 0.7853981633974485"
    )


def test_a_formula_that_disagrees_is_not_shown_with_numbers():
    """A textbook's formula stands for the numbers only where it gives the engine's."""
    activation = one_neuron(Wrong, 1.0, 0.0).trace([4.0], None).of("o", "a")[0]
    assert activation.substituted == "a[o] = min(3*4.0, 10) = 10.0"


@pytest.mark.parametrize(
    ("z", "substituted"),
    [
        (-0.6, "a[o] = 1 / (1 + exp(-(-0.6))) = 0.3543436937742045"),
        (1000.0, "a[o] = 1 / (1 + exp(-1000.0)) = 1.0"),
        (-1000.0, "a[o] = exp(-(-(-1000.0))) / (1 + exp(-(-(-1000.0)))) = 0.0"),
    ],
)
def test_sigmoid_is_shown_in_the_form_that_can_be_evaluated(z, substituted):
    """The textbook's 1 / (1 + exp(-z)), save where it would overflow."""
    trace = one_neuron(ns.SigmoidNeuron, z, 0.0).trace([1.0], [1.0])
    activation = trace.of("o", "a")[0]
    assert activation.symbolic == "a[o] = 1 / (1 + exp(-z[o]))"
    assert activation.substituted == substituted
    assert_true(trace)


def test_a_kinks_branch_is_chosen():
    """In numbers a formula with cases shows the case that holds."""
    down = one_neuron(ns.LeakyReLUNeuron, -2.0, 0.0).trace([1.0], [0.0])
    assert down.of("o", "a")[0].symbolic == "a[o] = z[o] if z[o] > 0 else slope * z[o]"
    assert down.of("o", "a")[0].substituted == "a[o] = 0.01*(-2.0) = -0.02"
    assert down.of("o", "delta")[0].explanation == (
        "How the loss changes with a[o], times s'(z[o]), which is slope here."
    )
    relu = one_neuron(ns.ReLUNeuron, -2.0, 0.0).trace([1.0], [0.0])
    assert relu.of("o", "a")[0].substituted == "a[o] = max(0, -2.0) = 0.0"


def softmax_net(loss, weights=((1.0, 2.0),)):
    """One input and two softmax neurons, p and q."""
    layer = ns.Layer(2, ns.SoftmaxNeuron, weights=weights, labels=["p", "q"])
    return ns.Network([ns.InputLayer(1, labels=["x"]), layer], loss=loss)


def test_softmax_with_its_cross_entropy():
    """Shares of exp(z), shifted by the largest z; the loss from y log a; delta = (a - y) / n."""
    net = softmax_net(ns.CategoricalCrossEntropy())
    trace = net.trace([[1.0], [1.0]], [[1, 0], [0, 1]])
    activation, delta = trace.of("p", "a")[0], trace.of("p", "delta")[0]
    assert activation.symbolic == "a[p] = exp(z[p]) / (exp(z[p]) + exp(z[q]))"
    assert parts(activation)[1] == "exp(1.0 - 2.0) / (exp(1.0 - 2.0) + exp(2.0 - 2.0))"
    assert delta.symbolic == "delta[p] = (a[p] - y[p]) / n"
    assert parts(delta)[1] == "(0.2689414213699951 - 1.0) / 2"
    assert trace.of("loss")[0].symbolic == (
        "loss = (sum over samples of ((-y[p])*log(a[p]) + (-y[q])*log(a[q]))) / n"
    )
    assert_true(trace)


def test_softmax_with_another_loss():
    """delta_i = a_i (dJ/da_i - sum_j a_j dJ/da_j), each dJ/da written out in numbers."""
    delta = softmax_net(ns.MeanSquaredError(), [[0.0, 0.0]]).trace([1.0], [1, 0]).of("p", "delta")
    assert delta[0].symbolic == "delta[p] = a[p]*(dJ/da[p] - (a[p]*dJ/da[p] + a[q]*dJ/da[q]))"
    assert delta[0].substituted == (
        "delta[p] = 0.5*(2*(0.5 - 1.0) - (0.5*(2*(0.5 - 1.0)) + 0.5*(2*(0.5 - 0.0)))) = -0.5"
    )
    assert delta[0].terms == (("dJ/da[p]", -1.0), ("dJ/da[q]", 1.0), ("a[p]", 0.5), ("a[q]", 0.5))


def test_targets_that_do_not_add_up_to_one():
    """Softmax with cross entropy has delta = a sum(y) - y then, and the trace says so."""
    trace = softmax_net(ns.CategoricalCrossEntropy()).trace([1.0], [0.5, 0.25])
    assert trace.of("p", "delta")[0].symbolic == "delta[p] = a[p]*(y[p] + y[q]) - y[p]"
    assert_true(trace)


@pytest.mark.parametrize("z", [-800.0, -40.0, -1.0, 0.5, 40.0, 800.0])
@pytest.mark.parametrize("y", [0.0, 1.0, 0.3])
def test_saturated_cross_entropies(z, y):
    """Where the textbook's logarithms have no digits left, the form computed from z is shown."""
    assert_true(one_neuron(ns.SigmoidNeuron, z, 0.0, ns.BinaryCrossEntropy()).trace([1.0], [y]))
    net = softmax_net(ns.CategoricalCrossEntropy(), [[z, 0.0]])
    assert_true(net.trace([1.0], [y, 1.0 - y]))


@pytest.mark.parametrize("z", [-40.0, -20.0, -5.0, 0.0, 3.0, 30.0])
def test_small_logarithms_keep_their_digits(z):
    """log(1 + x) is written so that Python's arithmetic loses no digits for small x."""
    assert_true(one_neuron(Softplus, z, 0.0).trace([1.0], [0.0]))


class Fourth(ns.Loss):
    """A person's own loss, without a textbook's formula."""

    @staticmethod
    def loss(a, y):
        """(a - y)^4."""
        return (a - y) ** 4

    @staticmethod
    def derivative(a, y):
        """4 (a - y)^3."""
        return 4 * (a - y) ** 3


class Unwritable(ns.Loss):
    """A loss that does more than the functions of formulas, with a partner."""

    formula = "distance(a, y)"
    partner = ns.SoftmaxNeuron

    @staticmethod
    def loss(a, y):
        """The part of one output."""
        return 1.0 - np.cos(a - y)

    @staticmethod
    def derivative(a, y):
        """Its derivative by a."""
        return np.sin(a - y)

    @staticmethod
    def loss_from_z(z, y):
        """A number that no arithmetic shows."""
        return np.arctan(z) * y

    @staticmethod
    def derivative_by_z(a, y):
        """Its derivative by z."""
        return np.sin(a) * y


def test_a_loss_of_ones_own_is_traced_unasked():
    """Without a formula the definition is written down; its powers stay powers."""
    trace = one_neuron(loss=Fourth()).trace([2.0], [9.0])
    assert trace.of("loss")[0].symbolic == "loss = (a[o] - y[o])**4 / n"
    assert trace.of("loss")[0].explanation == (
        "Fourth: the mean over 1 sample of the sum over 1 output of the loss of each."
    )
    assert parts(trace.of("o", "delta")[0])[1] == "4*(7.0 - 9.0)**3*1"
    assert_true(trace)


def test_a_loss_that_cannot_be_written_shows_its_numbers():
    """Each part of such a loss is the bare number, under the loss's name."""
    trace = one_neuron(loss=Unwritable()).trace([2.0], [6.0])
    assert trace.of("loss")[0].symbolic == "loss = Unwritable(a[o]) / n"
    assert trace.of("o", "delta")[0].symbolic == "delta[o] = dloss/da[o]*s'(z[o])"
    assert_true(trace)
    coupled = softmax_net(Unwritable()).trace([1.0], [1.0, 0.0])
    assert coupled.of("loss")[0].symbolic == "loss = (Unwritable(a[p]) + Unwritable(a[q])) / n"
    assert coupled.of("p", "delta")[0].symbolic == "delta[p] = dUnwritable/dz[p]"
    assert_true(coupled)


class Steep(Neuron):
    """A kind whose derivative cannot be written, nor computed with Python's floats."""

    @staticmethod
    def activate(z):
        """z."""
        return z

    @staticmethod
    def derivative(z, a):
        """Infinite for large z."""
        return np.cosh(0.0 * z) * exp(z)


def test_a_slope_that_overflows_is_told():
    """An infinite slope that cannot be written is told as inf."""
    delta = one_neuron(Steep, 1000.0, 0.0).trace([1.0], [0.0]).of("o", "delta")[0]
    assert delta.substituted == "delta[o] = 2*(1000.0 - 0.0)*inf = inf"


def test_every_output_kind_with_every_loss(output_and_loss):
    """Every kind that suits a loss is traced with it, and with readers of its own."""
    kind, loss = output_and_loss
    net = ns.Network.layered([2, 3, 3], hidden=kind, output=kind, loss=loss, rng=4)
    rng = np.random.default_rng(0)
    Y = door.targets_for(loss, rng.dirichlet([1, 1, 1], size=3))
    assert_true(net.trace(rng.normal(size=(3, 2)), Y, ns.SGD(0.1)))


def test_the_textbooks_loss_with_cases():
    """A loss with cases is told whole in symbols, and in numbers by the case that holds; its
    parameter is one of the terms.
    """
    X, Y = [[2.0], [1.0]], [[9.0], [3.5]]
    step = one_neuron(loss=ns.Huber()).trace(X, Y).of("loss")[0]
    assert step.symbolic == (
        "loss = (sum over samples of ((a[o] - y[o])**2 / 2 if abs(a[o] - y[o]) <= delta else "
        "delta * (abs(a[o] - y[o]) - delta / 2))) / n"
    )
    assert step.substituted == (
        "loss = (1.0*((-(7.0 - 9.0)) - 1.0 / 2) + (4.0 - 3.5)**2 / 2) / 2 = 0.8125"
    )
    assert ("delta", 1.0) in step.terms
    assert step.explanation == (
        "Huber(delta=1.0): the mean over 2 samples of the sum over 1 output of (a - y)**2 / 2 if "
        "abs(a - y) <= delta else delta * (abs(a - y) - delta / 2)."
    )
    trace = one_neuron(loss=ns.MeanAbsoluteError()).trace([2.0], [9.0])
    assert trace.of("loss")[0].symbolic == "loss = abs(a[o] - y[o]) / n"
    assert trace.of("loss")[0].substituted == "loss = (-(7.0 - 9.0)) / 1 = 2.0"
    assert trace.of("o", "delta")[0].substituted == "delta[o] = (-1)*1 = -1.0"
    hinge = one_neuron(loss=ns.Hinge(), weight=0.25, bias=0.0).trace([2.0], [1.0])
    assert hinge.of("loss")[0].symbolic == "loss = max(0, 1 - y[o]*a[o]) / n"
    assert hinge.of("loss")[0].substituted == "loss = max(0, 1 - 1.0*0.5) / 1 = 0.5"


@pytest.mark.parametrize("delta", [0.1, 1.0, 5.0])
def test_a_losss_parameter_is_traced(delta):
    """Loss and deltas with Huber(delta) are true below and above delta, of one sample and more."""
    net = one_neuron(loss=ns.Huber(delta))
    for X, Y in [([2.0], [9.0]), ([2.0], [6.5]), ([[2.0], [1.0], [0.0]], [[9.0], [3.9], [-1.0]])]:
        trace = net.trace(X, Y, ns.SGD(0.1))
        assert_true(trace)
        slopes = [
            np.clip(a.value - y, -delta, delta)
            for a, y in zip(trace.of("o", "a"), np.ravel(Y), strict=True)
        ]
        found = [step.value for step in trace.of("o", "delta")]
        assert found == pytest.approx(np.array(slopes) / len(slopes))


def test_the_textbooks_kinds_with_functions_of_their_own():
    """ELU, softplus, GELU and swish are shown as a book writes them, where it can be evaluated."""
    shown = {
        ns.ELUNeuron: ("z[o] if z[o] > 0 else alpha * (exp(z[o]) - 1)", "1.0*(exp(-0.5) - 1)"),
        ns.SoftplusNeuron: ("log(1 + exp(z[o]))", "log(1 + exp(-0.5))"),
        ns.GELUNeuron: (
            "z[o] * (1 + erf(z[o] / sqrt(2))) / 2",
            "(-0.5)*(1 + erf((-0.5) / sqrt(2))) / 2",
        ),
        ns.SwishNeuron: ("z[o] / (1 + exp(-beta * z[o]))", "(-0.5) / (1 + exp((-1.0)*(-0.5)))"),
    }
    for kind, (symbols, numbers) in shown.items():
        net = one_neuron(kind, -0.5, 0.0)
        activation = net.trace([1.0], None).of("o", "a")[0]
        assert activation.symbolic == f"a[o] = {symbols}"
        assert parts(activation)[1] == numbers
        for x in (-1600.0, -20.0, 0.0, 1e-9, 20.0, 1600.0):
            assert_true(net.trace([x], [1.0]))


def test_kinds_without_a_derivative_run_forward():
    """Without targets a trace is the forward pass; with them NoDerivativeError comes through."""
    net = one_neuron(ns.Perceptron)
    trace = net.trace([2.0], None)
    assert [step.substituted for step in trace] == ["z[o] = 3.0*2.0 + 1.0 = 7.0", "a[o] = 1 = 1.0"]
    assert trace[1].symbolic == "a[o] = 1 if z[o] > 0 else 0"
    with pytest.raises(ns.NoDerivativeError) as error:
        net.trace([2.0], [1.0])
    assert str(error.value) == (
        "Neuron 'o': Perceptron has no derivative, so no gradient can pass through it. Use "
        "SigmoidNeuron, its smooth relative, or train a layer of them with PerceptronRule."
    )


def test_hardmax_forward():
    """Hardmax decides by the z of its whole layer."""
    layer = ns.Layer(2, ns.HardmaxNeuron, weights=[[1.0, 2.0]], labels=["p", "q"])
    trace = ns.Network([ns.InputLayer(1), layer]).trace([1.0], None)
    assert [step.substituted for step in trace.of(quantity="a")] == [
        "a[p] = 0 = 0.0",
        "a[q] = 1 = 1.0",
    ]
    assert trace[2].symbolic == "a[p] = 1 if z[p] is the first largest else 0"


# -- wirings -----------------------------------------------------------------------------------


def test_tied_edges_share_a_gradient():
    """A tied weight's gradient is the sum over its edges, told on each of them."""
    graph = nx.DiGraph()
    graph.add_nodes_from(["x", "u"])
    graph.add_node("o", neuron=ns.LinearNeuron)
    graph.add_edge("x", "o", weight=2.0, tied="t")
    graph.add_edge("u", "o", weight=2.0, tied="t")
    trace = ns.Network.from_graph(graph).trace([1.0, 3.0], [7.0], ns.SGD(0.1))
    for edge in ("x->o", "u->o"):
        gradient, new = trace.of(edge)
        assert gradient.symbolic == f"dJ/dw[{edge}] = delta[o]*a[x] + delta[o]*a[u]"
        assert gradient.substituted == f"dJ/dw[{edge}] = 2.0*1.0 + 2.0*3.0 = 8.0"
        assert gradient.explanation == (
            "The weight is shared by the 2 edges tied as 't', so its gradient is the sum over "
            "them of delta times what the edge carries."
        )
        assert new.substituted == f"w_new[{edge}] = 2.0 - 0.1*8.0 = 1.2"
        assert new.explanation == (
            f"SGD(learning_rate=0.1) moves w[{edge}] against its gradient, for all edges tied "
            "as 't'."
        )


def test_frozen_parameters_tell_their_gradient_and_stay():
    """A frozen weight has its true gradient, and its update says that it stays."""
    net = one_neuron()
    net.freeze(net["x", "o"])
    trace = net.trace([2.0], [9.0], ns.SGD(0.05))
    gradient, new = trace.of("x->o")
    assert (gradient.value, new.before, new.value) == (-8.0, 3.0, 3.0)
    assert new.substituted == "w_new[x->o] = 3.0 = 3.0"
    assert new.explanation == "w[x->o] is frozen: training leaves it as it is."


def test_a_neuron_that_nobody_reads():
    """Its delta is 0, and the trace says why; its gradients are 0, too."""
    graph = nx.DiGraph()
    graph.add_node("x")
    for name in ("o", "idle"):
        graph.add_node(name, neuron=ns.LinearNeuron)
        graph.add_edge("x", name, weight=1.0)
    trace = ns.Network.from_graph(graph, outputs=["o"]).trace([2.0], [0.0])
    delta = trace.of("idle", "delta")[0]
    assert delta.substituted == "delta[idle] = 0 = 0.0"
    assert delta.explanation == "The loss does not depend on idle, so its delta is 0."
    assert trace.of("x->idle")[0].value == 0.0


def test_a_batch_writes_out_each_sample():
    """A gradient is the sum over the samples, and the mean's 1/n is in the deltas."""
    trace = one_neuron().trace([[2.0], [1.0]], [[9.0], [3.0]])
    told = {(step.subject, step.quantity, step.sample): step for step in trace}
    assert told["loss", "loss", None].symbolic == (
        "loss = (sum over samples of (a[o] - y[o])**2) / n"
    )
    assert told["loss", "loss", None].substituted == (
        "loss = ((7.0 - 9.0)**2 + (4.0 - 3.0)**2) / 2 = 2.5"
    )
    assert told["o", "delta", 1].symbolic == "delta[o] = 2*(a[o] - y[o]) / n*s'(z[o])"
    assert told["o", "delta", 1].substituted == "delta[o] = 2*(4.0 - 3.0) / 2*1 = 1.0"
    gradient = told["x->o", "gradient", None]
    assert gradient.symbolic == "dJ/dw[x->o] = sum over samples of delta[o]*a[x]"
    assert gradient.substituted == "dJ/dw[x->o] = (-2.0)*2.0 + 1.0*1.0 = -3.0"
    assert [label for label, _ in gradient.terms] == [
        "delta[o](0)",
        "a[x](0)",
        "delta[o](1)",
        "a[x](1)",
    ]
    assert gradient.explanation == (
        "The delta of o times what the edge carries, a[x], summed over the 2 samples."
    )


def test_numbers_that_overflow_are_told():
    """Infinite and undefined numbers are values like others; nothing crashes on the way."""
    net = one_neuron(weight=1e200)
    trace = net.trace([1e200], [0.0], ns.SGD(1e10))
    assert trace.of("o", "z")[0].value == math.inf
    assert trace.of("loss")[0].value == math.inf
    assert trace.of("o", "z")[0].substituted == "z[o] = 1e+200*1e+200 + 1.0 = inf"
    assert ns.Trace.from_json(trace.json()) == trace
    assert "inf" in str(trace)


def test_a_deep_chain_and_a_wide_sum():
    """Neither many layers nor many inputs exhaust Python's stack."""
    chain = ns.Network.layered([1] * 1500, hidden=ns.LinearNeuron, output=ns.LinearNeuron, rng=1)
    assert len(str(chain.trace([1.0], [1.0])).splitlines()) > 3000
    wide = ns.Network.layered([3000, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
    z = wide.trace(np.ones(3000), None)[0]
    assert len(z.terms) == 6001
    assert z.substituted.count(" + ") == 3000


# -- optimizers --------------------------------------------------------------------------------


class Slow(Optimizer):
    """An optimizer of a person's own, with a state and a formula."""

    state_names = ("v",)
    shown = ("v", "step")
    formula = "rate * v"

    @staticmethod
    def update(w, g, t, rate, v):
        """v = 0.9 v + 0.1 g; the step is rate v."""
        v = 0.9 * v + 0.1 * g
        return v, rate * v


class Silent(Optimizer):
    """An optimizer whose update is more than arithmetic."""

    @staticmethod
    def update(w, g, t, rate):
        """Return the sign of the gradient."""
        return (rate * np.sign(np.asarray(g, dtype=float)),)


OPTIMIZERS = [
    kind
    for kind in vars(ns).values()
    if isinstance(kind, type) and issubclass(kind, Optimizer) and not inspect.isabstract(kind)
]


@pytest.mark.parametrize("kind", [*OPTIMIZERS, Slow], ids=lambda kind: kind.__name__)
def test_every_optimizer_is_shown_from_its_one_formula(kind):
    """The update of every optimizer is written out, state included, and evaluates to its value."""
    net, optimizer = one_neuron(), kind(0.05)
    for _ in range(3):
        memory = deepcopy(net.memory)
        new = net.trace([2.0], [9.0], optimizer).of("x->o", "new")[0]
        assert evaluated(new) == pytest.approx(new.value, rel=1e-13)
        assert "change" not in new.symbolic
        assert (net.memory is None) == (memory is None)
        if memory is not None:
            assert {n: v.tolist() for n, v in net.memory.vectors.items()} == {
                n: v.tolist() for n, v in memory.vectors.items()
            }
        net.forward([2.0])
        net.backward([9.0])
        optimizer.step(net)
        assert net["x->o"].weight == new.value
        terms = dict(new.terms)
        for name, value in net["x->o"].memory.items():
            assert terms[name] == pytest.approx(value, rel=1e-13)


def test_a_formula_shows_the_state_by_name():
    """The symbols name what is remembered; the numbers are those before the update."""
    net, optimizer = one_neuron(), Slow(0.5)
    net.forward([2.0])
    net.backward([9.0])
    optimizer.step(net)
    held = net["x->o"].memory["v"]
    new = net.trace([2.0], [9.0], optimizer).of("x->o", "new")[0]
    assert new.symbolic == "w_new[x->o] = w[x->o] - rate*v"
    assert dict(new.terms)["v_old"] == held


def test_an_optimizer_that_explains_nothing():
    """Its update is shown as the old value plus the change."""
    new = one_neuron().trace([2.0], [9.0], Silent(0.5)).of("x->o", "new")[0]
    assert new.symbolic == "w_new[x->o] = w[x->o] + change"
    assert new.substituted == "w_new[x->o] = 3.0 + 0.5 = 3.5"


# -- a trace as a sequence ---------------------------------------------------------------------


def test_a_trace_is_a_sequence():
    """Indexing gives a step, slicing a trace; repr counts the kinds of step."""
    trace = one_neuron().trace([2.0], [9.0])
    assert isinstance(trace[0], ns.Step)
    assert isinstance(trace[:2], ns.Trace)
    assert trace[:2] == ns.Trace([trace[0], trace[1]])
    assert trace[:2] != trace[1:3]
    assert hash(trace[:2]) == hash(ns.Trace([trace[0], trace[1]]))
    assert trace != 3
    assert trace[0] != 3
    assert trace.index(trace[3]) == 3
    assert repr(trace) == "Trace(7 steps: 2 forward, 1 loss, 2 delta, 2 gradient)"
    assert repr(trace[:1]) == "Trace(1 step: 1 forward)"
    assert repr(trace[:0]) == "Trace(0 steps)"
    assert repr(trace[0]) == "Step('forward', 'o', 'z', 7.0, sample=0)"
    assert str(trace[:0]) == ""


def test_repr_of_an_update():
    """The repr of an update has the value before."""
    step = one_neuron().trace([2.0], [9.0], ns.SGD(0.05))[-1]
    assert repr(step) == "Step('update', 'o.bias', 'new', 1.2, before=1.0)"


def test_steps_about_one_thing():
    """`of` picks by subject, quantity and sample, and names the nearest where there is none."""
    trace = one_neuron().trace([[2.0], [1.0]], [[9.0], [3.0]])
    assert [step.value for step in trace.of("o", "a")] == [7.0, 4.0]
    assert [step.value for step in trace.of("o", "a", 1)] == [4.0]
    assert len(trace.of(quantity="new")) == 0
    with pytest.raises(ns.UnknownEdgeError) as error:
        trace.of("x->0")
    assert str(error.value) == "Trace.of: there is no step about 'x->0'. Did you mean 'x->o'?"
    with pytest.raises(ns.UnknownNeuronError) as error:
        trace.of("h")
    assert str(error.value) == (
        "Trace.of: there is no step about 'h'. Known: 'o', 'loss', 'x', ...."
    )
    with pytest.raises(ns.ArgumentError) as error:
        trace.of("o", "activation")
    assert str(error.value) == (
        "Trace.of: quantity must be one of z, a, loss, delta, gradient, new; got 'activation'."
    )


# -- renderers ---------------------------------------------------------------------------------


def test_text_is_grouped_and_aligned():
    """Five headings, equations aligned at their equals signs, a result said once."""
    text = one_neuron(weight=1 / 3).trace([2.0], [9.0], ns.SGD(0.05)).text(digits=3)
    assert text.splitlines() == [
        "Forward",
        "  z[o] = w[x->o]*a[x] + b[o]",
        "       = 0.333*2 + 1",
        "       = 1.67",
        "  a[o] = z[o]",
        "       = 1.67",
        "",
        "Loss",
        "  loss = (a[o] - y[o])**2 / n",
        "       = (1.67 - 9)**2 / 1",
        "       = 53.8",
        "",
        "Delta",
        "  delta[o] = 2*(a[o] - y[o])*s'(z[o])",
        "           = 2*(1.67 - 9)*1",
        "           = -14.7",
        "  delta[x] = w[x->o]*delta[o]",
        "           = 0.333*(-14.7)",
        "           = -4.89",
        "",
        "Gradient",
        "  dJ/dw[x->o] = delta[o]*a[x]",
        "              = (-14.7)*2",
        "              = -29.3",
        "  dJ/db[o]    = delta[o]",
        "              = -14.7",
        "",
        "Update",
        "  w_new[x->o] = w[x->o] - rate*dJ/dw[x->o]",
        "              = 0.333 - 0.05*(-29.3)",
        "              = 1.8",
        "  b_new[o]    = b[o] - rate*dJ/db[o]",
        "              = 1 - 0.05*(-14.7)",
        "              = 1.73",
    ]


def test_text_of_a_batch_names_the_samples():
    """Steps about one sample stand under a heading that names it."""
    text = one_neuron().trace([[2.0], [1.0]], [[9.0], [3.0]]).text()
    headings = [line for line in text.splitlines() if line[:1].strip()]
    assert headings == [
        "Forward, sample 0",
        "Forward, sample 1",
        "Loss",
        "Delta, sample 0",
        "Delta, sample 1",
        "Gradient",
    ]


@pytest.mark.parametrize(
    ("arithmetic", "shown"),
    [
        ("0.123456*(-9.87654)", "0.123*(-9.88)"),
        ("(-1e-05) - 1.23456e+20", "(-1e-05) - 1.23e+20"),
        ("(0.5 - 0.25)**2 / 12345", "(0.5 - 0.25)**2 / 12345"),
        ("-0.0", "-0"),
        ("exp(-(-0.60001))", "exp(-(-0.6))"),
        ("-inf", "-inf"),
        ("1e+20*nan", "1e+20*nan"),
    ],
)
def test_rounding_keeps_signs(arithmetic, shown):
    """Numbers are rounded to significant digits; signs, powers and whole numbers stay."""
    assert rounded(arithmetic, 3) == shown


def test_saving_as_text_and_json(tmp_path):
    """A file is what `text` or `json` gives, and nothing else is left in the folder."""
    trace = mazur().trace([0.05, 0.10], [0.01, 0.99], ns.SGD(0.5))
    trace.save(tmp_path / "t.txt", digits=3)
    trace.save(str(tmp_path / "t.JSON"))
    assert (tmp_path / "t.txt").read_text(encoding="utf-8") == trace.text(3) + "\n"
    assert ns.Trace.from_json((tmp_path / "t.JSON").read_bytes()) == trace
    assert sorted(file.name for file in tmp_path.iterdir()) == ["t.JSON", "t.txt"]


def test_the_schema_of_json():
    """A step as JSON has the fields of a Step; numbers that are not finite are text."""
    net = one_neuron(weight=1e200)
    data = json.loads(net.trace([1e200], None).json())
    assert data.pop("digest") == digest_of(data["recording"])
    assert data == {
        "neurosim": "trace",
        "version": 2,
        "recording": {
            "network": net.config(),
            "memory": None,
            "dropout": None,
            "X": [[1e200]],
            "Y": None,
            "optimizer": None,
            "watch": None,
            "single": True,
            "training": False,
            "per_sample": False,
            "by_layer": False,
        },
        "steps": [
            {
                "kind": "forward",
                "subject": "o",
                "quantity": "z",
                "sample": 0,
                "value": "inf",
                "before": None,
                "symbolic": "z[o] = w[x->o]*a[x] + b[o]",
                "substituted": "z[o] = 1e+200*1e+200 + 1.0 = inf",
                "terms": [["w[x->o]", 1e200], ["a[x]", 1e200], ["b[o]", 1.0]],
                "explanation": "o adds up its input, each times the weight of its edge, and its "
                "bias.",
            },
            {
                "kind": "forward",
                "subject": "o",
                "quantity": "a",
                "sample": 0,
                "value": "inf",
                "before": None,
                "symbolic": "a[o] = z[o]",
                "substituted": "a[o] = inf = inf",
                "terms": [["z[o]", "inf"]],
                "explanation": "o is a LinearNeuron: this is what it makes of its sum z.",
            },
        ],
    }


def _spoilt(**changes):
    data = json.loads(one_neuron().trace([2.0], [9.0]).json())
    data["steps"][0].update(changes)
    return json.dumps(data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "3",
        '{"neurosim": "network", "version": 1}',
        '{"neurosim": "trace"}',
        '{"neurosim": "trace", "version": 1, "steps": 3}',
        '{"neurosim": "trace", "version": 1, "steps": [{}]}',
        b"\xff\xfe\x00",
        "[" * 100000,
        _spoilt(kind="sideways"),
        _spoilt(value="much"),
        _spoilt(value=10**400),
        _spoilt(value=True),
        _spoilt(sample=0.5),
        _spoilt(terms=[["w"]]),
        _spoilt(explanation=None),
        _spoilt(substituted="7"),
    ],
)
def test_damaged_json_is_refused(text):
    """What is no trace, or half of one, is a ModelFileError that says what to do."""
    with pytest.raises(ns.ModelFileError) as error:
        ns.Trace.from_json(text)
    assert str(error.value) == (
        "Trace.from_json: the text is no trace saved by neurosim, or it is damaged; use a good "
        "copy, or record it again with net.trace."
    )


def test_a_later_version_is_refused():
    """A trace of another version says so."""
    with pytest.raises(ns.ModelFileError) as error:
        ns.Trace.from_json('{"neurosim": "trace", "version": 3, "steps": []}')
    assert str(error.value) == (
        "Trace.from_json: the trace is of version 3, but this neurosim reads versions 1 to 2; "
        "install the neurosim that wrote it."
    )


# -- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "y", "optimizer", "error", "message"),
    [
        (
            [1.0, 2.0],
            [1.0],
            None,
            ns.ShapeError,
            "Network.trace: x is one sample of 2 numbers, but the network has 1 input. For 2 "
            "samples of one input pass X.reshape(-1, 1).",
        ),
        (
            [1.0],
            [1.0, 2.0],
            None,
            ns.ShapeError,
            "Network.trace: y must be (1,), as the network has 1 output and X is one 1-D sample; "
            "got (2,).",
        ),
        (
            [math.nan],
            [1.0],
            None,
            ns.NotFiniteError,
            "Network.trace: x must be finite numbers; got nan at [0].",
        ),
        (
            [1.0],
            [1.0],
            "sgd",
            ns.ArgumentTypeError,
            "Network.trace: optimizer must be such as ns.SGD(0.1); got 'sgd'.",
        ),
        (
            [1.0],
            [1.0],
            ns.SGD,
            ns.ArgumentTypeError,
            "Network.trace: optimizer must be made with its arguments, such as ns.SGD(0.1); got "
            "the class SGD.",
        ),
        (
            [1.0],
            [1.0],
            ns.PerceptronRule(),
            ns.ArgumentTypeError,
            "Network.trace: optimizer must be such as ns.SGD(0.1); got "
            "PerceptronRule(learning_rate=1.0).",
        ),
        (
            [1.0],
            None,
            ns.SGD(0.1),
            ns.ArgumentError,
            "Network.trace: an optimizer needs targets; give y, too.",
        ),
    ],
)
def test_bad_arguments(x, y, optimizer, error, message):
    """What cannot be traced is refused with the remedy."""
    with pytest.raises(error) as raised:
        record(one_neuron(), x, y, optimizer)
    assert str(raised.value) == message


def test_parameters_that_are_not_finite_are_refused():
    """A network with a NaN in it has nothing to show."""
    net = one_neuron()
    net.parameters[0] = math.nan
    with pytest.raises(ns.NotFiniteError) as error:
        net.trace([1.0], [1.0])
    assert str(error.value) == (
        "Network.trace: the parameter 'x->o' is nan; set it to a finite number, or call "
        "net.reset()."
    )


def test_bad_files_and_digits(tmp_path):
    """An unknown suffix, a missing folder and no digits are refused, and nothing is written."""
    trace = one_neuron().trace([1.0], [1.0])
    with pytest.raises(ns.ArgumentError) as error:
        trace.save(tmp_path / "t.docx")
    file = str(tmp_path / "t.docx")
    assert str(error.value) == (
        f"Trace.save: path must end in .txt or .md or .tex or .html or .json; got {file!r}."
    )
    with pytest.raises(ns.ModelFileError) as error:
        trace.save(tmp_path / "no" / "t.txt")
    file = str(tmp_path / "no" / "t.txt")
    assert str(error.value) == (
        f"{file!r} cannot be written (No such file or directory); choose a folder that exists "
        "and that you may write to."
    )
    with pytest.raises(ns.ArgumentTypeError) as error:
        trace.save(3)
    assert str(error.value) == "Trace.save: path must be a file name; got 3."
    with pytest.raises(ns.ArgumentError) as error:
        trace.text(digits=0)
    assert str(error.value) == "Trace.text: digits must be a positive whole number; got 0."
    assert list(tmp_path.iterdir()) == []


# -- expressions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (lambda a, b: a + (b + a), "0.5 + ((-2.0) + 0.5)"),
        (lambda a, b: (a + b) + a, "0.5 + (-2.0) + 0.5"),
        (lambda a, b: a - (b - 1), "0.5 - ((-2.0) - 1)"),
        (lambda a, b: a / (b * 3), "0.5 / ((-2.0)*3)"),
        (lambda a, b: (a + b) * a, "(0.5 + (-2.0))*0.5"),
        (lambda a, b: b**2, "(-2.0)**2"),
        (lambda a, b: -(a**2), "-0.5**2"),
        (lambda a, b: 2 ** (a**b), "2**(0.5**(-2.0))"),
        (lambda a, b: -a * b, "(-0.5)*(-2.0)"),
        (lambda a, b: 1.5 - +a, "1.5 - 0.5"),
        (lambda a, b: 1 / -b, "1 / (-(-2.0))"),
        (lambda a, b: TEXT["maximum"](a, TEXT["minimum"](b, 0.0)), "max(0.5, min(-2.0, 0))"),
        (lambda a, b: TEXT["sqrt"](TEXT["abs"](b)), "sqrt(-(-2.0))"),
        (lambda a, b: TEXT["erf"](a - TEXT["tanh"](b)), "erf(0.5 - tanh(-2.0))"),
        (lambda a, b: TEXT["where"](a > b, a, b), "0.5"),
        (lambda a, b: TEXT["where"](np.array([a < b]), a, b)[0], "-2.0"),
        (lambda a, b: np.where(a > b, a, b) + b, "0.5 + (-2.0)"),
        (lambda a, b: total([]), "0"),
    ],
)
def test_brackets_keep_the_order(expression, text):
    """The text of an expression has just the brackets that make Python compute its value."""
    found = expression(number(0.5), number(-2.0))
    assert found.text == text
    assert found.value == eval(text, dict(NAMES))
    assert found.sound


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (lambda: TEXT["exp"](number(1000.0)), math.inf),
        (lambda: number(1.0) / number(0.0), math.inf),
        (lambda: TEXT["log"](number(0.0)), -math.inf),
        (lambda: number(-8.0) ** number(0.5), math.nan),
    ],
)
def test_unsound_expressions(expression, value):
    """What Python refuses to compute has IEEE's answer as its value, and is not sound."""
    found = expression()
    assert repr(found.value) == repr(value)
    assert not (1 + found).sound


def test_comparisons_are_by_value():
    """An expression compares as its number does, and counts as true where that is not 0."""
    a = number(0.5)
    assert [a < 1, a <= 0.5, a > 0, a >= 0.5, a == 0.5, a != 0.25] == [True] * 6
    assert not constant(0.0)
    assert a != "text"
    with pytest.raises(TypeError):
        a + "text"
    with pytest.raises(TypeError):
        sorted([a, "text"])
    assert repr(Expression(("1",), 1.0, 4)) == "Expression('1', 1.0)"


# -- speed -------------------------------------------------------------------------------------


def test_recording_is_fast():
    """A trace of 64-16-10 is recorded in well under 0.3 seconds."""
    net = ns.Network.layered([64, 16, 10], hidden=ns.TanhNeuron, output=ns.SoftmaxNeuron, rng=1)
    x, y = np.linspace(-1, 1, 64), np.eye(10)[3]
    times = []
    for _ in range(3):
        start = time.perf_counter()
        trace = net.trace(x, y, ns.SGD(0.1))
        times.append(time.perf_counter() - start)
    assert len(trace) == 2 * 26 + 1 + 90 + 2 * net.wiring.n_parameters
    assert min(times) < 0.3
