"""What training makes small."""

import math

import door
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import neurosim as ns

inside = st.floats(0.01, 0.99)


@given(a=inside, y=st.floats(0, 1))
def test_losses_are_those_of_the_books(a, y):
    """Every loss of the contract equals its textbook formula, for one output of one sample."""
    assert ns.MeanSquaredError.loss(a, y) == pytest.approx((a - y) ** 2, abs=1e-15)
    assert ns.QuadraticCost.loss(a, y) == pytest.approx((a - y) ** 2 / 2, abs=1e-15)
    assert ns.BinaryCrossEntropy.loss(a, y) == pytest.approx(
        -(y * math.log(a) + (1 - y) * math.log(1 - a)), rel=1e-12
    )
    assert ns.CategoricalCrossEntropy.loss(a, y) == pytest.approx(-y * math.log(a), rel=1e-12)


@given(a=inside, y=st.floats(0, 1))
def test_every_derivative_is_that_of_the_loss(loss, a, y):
    """The derivative of every loss by a equals central differences."""
    wanted = ns.numerical_derivative(lambda a: loss.loss(a, y), a, h=1e-6)
    assert loss.derivative(a, y) == pytest.approx(wanted, rel=1e-5, abs=1e-6)


@given(z=st.lists(st.floats(-8, 8), min_size=2, max_size=4), seed=st.integers(0, 100))
def test_a_loss_from_z_is_the_loss(z, seed):
    """With its own kind of output, a loss computed from z is the loss of the activations, and its
    delta is dJ/dz.
    """
    z, y = np.array(z), np.random.default_rng(seed).uniform(size=len(z))
    for loss in door.LOSSES:
        if loss.partner is None:
            continue
        a = loss.partner.activate(z)
        np.testing.assert_allclose(loss.loss_from_z(z, y), loss.loss(a, y), rtol=1e-9, atol=1e-9)
        wanted = ns.numerical_derivative(lambda z, loss=loss: np.sum(loss.loss_from_z(z, y)), z)
        np.testing.assert_allclose(loss.delta(a, y), wanted, atol=1e-7)


def network(kind, loss, n_outputs=3, **options):
    """A small network with this kind of output."""
    return ns.Network.layered(
        [2, 4, n_outputs], hidden=ns.TanhNeuron, output=kind, loss=loss, rng=3, **options
    )


def samples(n_outputs=3):
    """Five samples with targets that suit every loss."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(5, 2)), rng.dirichlet(np.ones(n_outputs), size=5)


def test_every_output_is_exact_with_every_loss(output_and_loss):
    """Whatever the output neuron and the loss, the gradient agrees with central differences."""
    net = network(*output_and_loss)
    report = ns.check_gradient(net, *samples())
    assert report.ok, str(report)


def test_a_loss_is_the_mean_over_samples_of_the_sum_over_outputs(output_and_loss):
    """J = 1/n sum over samples, sum over outputs of loss(a, y), from forward and `loss_of`."""
    net = network(*output_and_loss)
    X, Y = samples()
    A = net.forward(X)
    wanted = np.mean(np.sum(net.loss.loss(A, Y), axis=1))
    assert net.backward(Y) == pytest.approx(wanted, rel=1e-9)
    assert net.loss_of(X, Y) == pytest.approx(wanted, rel=1e-9)
    assert net.evaluate(X, Y)["loss"] == net.loss_of(X, Y)


@pytest.mark.parametrize(
    ("kind", "loss"),
    [
        (ns.SigmoidNeuron, ns.BinaryCrossEntropy()),
        (ns.SoftmaxNeuron, ns.CategoricalCrossEntropy()),
    ],
    ids=["sigmoid", "softmax"],
)
def test_cross_entropy_is_exact_at_saturation(kind, loss, engine_class):
    """At |z| = 1000 the loss is finite and delta is (a - y) / n, in every engine."""
    weights = [[1000.0, -1000.0]]
    net = ns.Network([ns.InputLayer(1), ns.Layer(2, kind, weights=weights)], loss=loss)
    X, Y = np.array([[1.0], [-1.0]]), np.array([[0.0, 1.0], [0.0, 1.0]])
    A = net.forward(X)
    assert np.isfinite(net.backward(Y))
    deltas = net.layers[-1].deltas
    np.testing.assert_array_equal(deltas, (A - Y) / 2)
    engine = net.engine(engine_class)
    engine.load(X, Y)
    assert engine.gradient() == pytest.approx(net.loss_of(X, Y))
    np.testing.assert_allclose(net.gradient[-2:], np.sum((A - Y) / 2, axis=0), rtol=1e-14)


def test_saturated_outputs_are_clipped_inside_the_logarithm_only():
    """An activation of 0 or 1 gives a finite loss, with a softmax that is no partner, too."""
    net = ns.Network(
        [ns.InputLayer(1), ns.Layer(2, ns.SoftmaxNeuron, weights=[[2000.0, -2000.0]])],
        loss=ns.BinaryCrossEntropy(),
    )
    outputs = net.forward([1.0])
    assert outputs.tolist() == [1.0, 0.0]
    assert np.isfinite(net.backward([0.0, 1.0]))


def test_losses_are_described(loss):
    """A loss shows its class, equals its like, and says its formula."""
    assert repr(loss) == f"{type(loss).__name__}()"
    assert loss == type(loss)()
    assert hash(loss) == hash(type(loss)())
    assert all(loss != other for other in door.LOSSES if type(other) is not type(loss))
    assert loss.formula


def test_a_loss_may_be_given_as_a_class_and_assigned(net, batch):
    """A class stands for what it makes; another loss may be assigned, and every engine sees it."""
    twin = network(ns.LinearNeuron, ns.QuadraticCost)
    assert twin.loss == ns.QuadraticCost()
    before = net.loss_of(*batch)
    net.forward(batch[0])
    net.loss = ns.QuadraticCost
    assert net.loss_of(*batch) == pytest.approx(before / 2)
    with pytest.raises(ns.PassError):
        net.backward(batch[1])
    net.forward(batch[0])
    assert net.backward(batch[1]) == pytest.approx(before / 2)


class AbsoluteError(ns.Loss):
    """A person's own loss: |a - y|."""

    formula = "abs(a - y)"

    @staticmethod
    def loss(a, y):
        """Return |a - y|."""
        return ns.functions.abs(a - y)

    @staticmethod
    def derivative(a, y):
        """Return the sign of a - y."""
        return ns.functions.where(a > y, 1.0, -1.0)


def test_a_persons_own_loss_works_in_every_engine(engine):
    """A loss of a person's own trains in every engine unasked."""
    X, Y = samples()
    net, twin = (network(ns.LinearNeuron, AbsoluteError()) for _ in range(2))
    assert ns.check_gradient(net, X, Y).ok
    net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=3, engine=engine)
    twin.fit(X, Y, optimizer=ns.SGD(0.1), epochs=3, engine="graph")
    np.testing.assert_allclose(net.parameters, twin.parameters, rtol=1e-12)
