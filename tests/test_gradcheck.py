"""The gradient checker: right where the gradient is, wrong where it is not."""

import numpy as np
import pytest

import neurosim as ns
from neurosim.functions import where


def test_every_kind_passes(smooth_kind):
    """The gradient through every kind, hidden and as output, agrees with central differences."""
    net = ns.Network.layered([3, 4, 2], hidden=smooth_kind, output=smooth_kind, rng=1)
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    report = ns.check_gradient(net, X, Y)
    assert report.ok, str(report)
    assert report.skipped == 0
    assert report.max_relative_error < 1e-6
    np.testing.assert_allclose(report.numerical, report.analytic, atol=1e-7)
    assert report.worst in {net.parameter_label(slot) for slot in range(len(net.parameters))}
    assert str(report).startswith("The gradient agrees with central differences: 26 parameters")


def test_a_derivative_wrong_by_a_thousandth_is_caught():
    """A kind whose derivative is 0.1 % too large fails, and the worst parameter is named."""

    class SlightlyWrongNeuron(ns.Neuron):
        @staticmethod
        def activate(z):
            return z * z

        @staticmethod
        def derivative(z, a):
            return 2.002 * z

    layer = ns.Layer(1, SlightlyWrongNeuron, weights=[[0.5]], labels=["wrong"])
    net = ns.Network([ns.InputLayer(1), layer, ns.Layer(1, ns.LinearNeuron, weights=[[1.0]])])
    report = ns.check_gradient(net, [[2.0], [3.0]], [[0.0], [1.0]])
    assert not report.ok
    assert report.worst in ("input[0]->wrong", "wrong.bias")
    assert report.max_relative_error == pytest.approx(1e-3, rel=0.01)
    assert str(report) == (
        "The gradient DIFFERS FROM central differences: 4 parameters checked; the largest relative "
        f"error is {report.max_relative_error:.2e}, of {report.worst} (allowed 1e-05)."
    )
    assert repr(report) == (
        f"GradientReport(ok=False, worst={report.worst!r}, "
        f"max_relative_error={report.max_relative_error:.3g}, skipped=0)"
    )


@pytest.mark.parametrize("loss_class", [ns.MeanSquaredError, ns.QuadraticCost])
def test_a_wrong_loss_is_caught(loss_class):
    """A loss whose derivative is 0.1 % too large fails, too."""

    class WrongLoss(ns.Loss):
        loss = staticmethod(loss_class.loss)

        @staticmethod
        def derivative(a, y):
            return 2.002 * (a - y)

    net = ns.Network.layered([2, 1], hidden=None, output=ns.LinearNeuron, loss=WrongLoss(), rng=1)
    assert not ns.check_gradient(net, [[1.0, 2.0]], [[3.0]]).ok


@pytest.mark.parametrize("kind", [ns.ReLUNeuron, ns.LeakyReLUNeuron], ids=lambda k: k.__name__)
def test_kinks_are_skipped_and_counted(kind):
    """Parameters that a small step takes over a kink are left out; the others are checked."""
    hidden = ns.Layer(2, kind, weights=[[1.0, 1.0]], biases=[0.0, -1.0])
    output = ns.Layer(1, ns.LinearNeuron, weights=[[1.0], [1.0]])
    net = ns.Network([ns.InputLayer(1), hidden, output])
    report = ns.check_gradient(net, [[1.0], [2.0]], [[0.0], [0.0]])
    # At x = 1 the second neuron's z is just 0: its weight and its bias are at the kink.
    assert report.ok
    assert report.skipped == 2
    assert str(report).startswith(
        "The gradient agrees with central differences: 5 parameters checked, 2 at a kink skipped; "
    )
    assert np.isnan(report.numerical).sum() == 2


def test_kinks_of_a_persons_own_kind_are_found():
    """Any jump of a stated derivative counts as a kink, wherever it is; steep slopes do not."""

    class ShiftedNeuron(ns.Neuron):
        @staticmethod
        def activate(z):
            return where(z > 3.0, 2.0 * z - 3.0, z)

        @staticmethod
        def derivative(z, a):
            return where(z > 3.0, 2.0, 1.0)

    net = ns.Network([ns.InputLayer(1), ns.Layer(1, ShiftedNeuron, weights=[[3.0]])])
    report = ns.check_gradient(net, [1.0], [0.0])
    assert (report.ok, report.worst, report.skipped) == (True, None, 2)
    assert str(report) == (
        "The gradient agrees with central differences: 0 parameters checked, 2 at a kink skipped."
    )
    steep = ns.Network([ns.InputLayer(1), ns.Layer(1, ns.TanhNeuron, weights=[[300.0]])])
    assert ns.check_gradient(steep, [1e-3], [0.0]).skipped == 0


@pytest.mark.parametrize(
    ("loss", "target"), [(ns.MeanAbsoluteError(), 3.0), (ns.Hinge(), 1.0), (ns.Hinge(), -1.0)]
)
@pytest.mark.parametrize("other", [0.25, 1.0])
def test_kinks_of_a_loss_are_skipped_and_counted(loss, target, other):
    """Parameters that take an output over a kink of the loss are left out, those of other outputs
    are checked, whichever sample is at the kink.
    """
    layer = ns.Layer(2, ns.LinearNeuron, weights=[[target, 0.5]], biases=[0.0, 0.1])
    net = ns.Network([ns.InputLayer(1), layer], loss=loss)
    # Of the sample x = 1 the first output is just at the kink.
    Y = [[target, 1.0], [1.0, -1.0]]
    report = ns.check_gradient(net, [[1.0], [other]], Y)
    assert report.ok, str(report)
    assert np.isnan(report.numerical).tolist() == [True, False, True, False]
    away = ns.check_gradient(net, [[0.5], [0.25]], Y)
    assert (away.ok, away.skipped) == (True, 0)


def test_a_huber_loss_has_no_kink():
    """Where the parabola becomes a line the derivative does not jump: nothing is skipped."""
    net = ns.Network(
        [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]])], loss=ns.Huber(1.0)
    )
    report = ns.check_gradient(net, [1.0], [2.0])
    assert report.skipped == 0
    assert ns.check_gradient(net, [1.0], [2.5]).ok
    assert ns.check_gradient(net, [1.0], [0.5]).ok


def test_the_network_stays_as_it_is(net, batch):
    """Checking changes no parameter, no gradient and no pass."""
    X, Y = batch
    net.forward(X[0])
    before = net.parameters.copy(), net.gradient.copy(), net.last_pass
    ns.check_gradient(net, X, Y)
    assert np.array_equal(net.parameters, before[0])
    assert np.array_equal(net.gradient, before[1])
    assert net.last_pass is before[2]


def test_float32_networks_are_checked_in_float64(batch):
    """The differences of a float32 network are taken in float64, so that they mean something."""
    net = ns.Network.layered(
        [2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1, dtype="float32"
    )
    report = ns.check_gradient(net, *batch)
    assert report.ok
    assert report.max_relative_error < 1e-7


def test_frozen_and_tied_parameters_are_checked(net, batch):
    """A frozen parameter's gradient is checked like any; a tied one's is the total."""
    net.connect("input[0]", "output[0]", tied="t", weight=0.5)
    net.connect("input[1]", "output[0]", tied="t")
    net.freeze()
    report = ns.check_gradient(net, *batch)
    assert report.ok
    assert len(report.analytic) == 14


SLOPES = [
    (lambda a: a**2, 2.0, 4.0),
    (lambda a: a**2, 4, 8.0),
    (lambda a: a**2, 5.0, 10.0),
    (np.log, 2.0, 0.5),
]


@pytest.mark.parametrize(("f", "x", "slope"), SLOPES, ids=["2", "4", "5", "log"])
def test_slopes(f, x, slope):
    """a^2 at 2, 4 and 5 gives 4, 8 and 10; log a at 2 gives 0.5."""
    found = ns.numerical_derivative(f, x)
    assert type(found) is float
    assert found == pytest.approx(slope, abs=1e-8)


def test_slopes_of_several_numbers():
    """J = 3 (a + b c) at 5, 3, 2 has the slopes 3, 6 and 9; an array keeps its shape."""
    found = ns.numerical_derivative(lambda v: 3 * (v[0] + v[1] * v[2]), [5.0, 3.0, 2.0])
    np.testing.assert_allclose(found, [3.0, 6.0, 9.0], atol=1e-8)
    table = np.arange(6.0).reshape(2, 3)
    np.testing.assert_allclose(
        ns.numerical_derivative(lambda v: np.sum(v**3), table), 3 * table**2, atol=1e-6
    )
