"""What training makes small."""

import math

import door
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import neurosim as ns
from neurosim.functions import FLOAT, where

inside = st.floats(0.01, 0.99)
wide = st.floats(-100, 100)


@given(a=inside, y=st.floats(0, 1))
def test_losses_are_those_of_the_books(a, y):
    """Every loss of the contract equals its textbook formula, for one output of one sample."""
    assert ns.MeanSquaredError.loss(a, y) == pytest.approx((a - y) ** 2, abs=1e-15)
    assert ns.QuadraticCost.loss(a, y) == pytest.approx((a - y) ** 2 / 2, abs=1e-15)
    assert ns.BinaryCrossEntropy.loss(a, y) == pytest.approx(
        -(y * math.log(a) + (1 - y) * math.log(1 - a)), rel=1e-12
    )
    assert ns.CategoricalCrossEntropy.loss(a, y) == pytest.approx(-y * math.log(a), rel=1e-12)


@given(a=wide, y=wide, delta=st.floats(0.01, 10))
def test_losses_of_the_error_itself_are_those_of_the_books(a, y, delta):
    """|a - y|; and Huber's half of the square up to delta, and then delta (|a - y| - delta / 2)."""
    error = abs(a - y)
    line = error**2 / 2 if error <= delta else delta * (error - delta / 2)
    assert ns.MeanAbsoluteError.loss(a, y) == error
    assert ns.Huber.loss(a, y, delta) == pytest.approx(line, rel=1e-12, abs=1e-300)
    assert ns.Huber(delta=delta).bound("loss", FLOAT)(a, y) == ns.Huber.loss(a, y, delta)


@given(a=wide, y=st.sampled_from([-1.0, 1.0]))
def test_the_hinge_is_that_of_the_books(a, y):
    """max(0, 1 - y a): nothing beyond a margin of 1 on the target's side."""
    assert ns.Hinge.loss(a, y) == max(0.0, 1 - y * a)


def test_the_derivative_at_a_losss_kink_is_the_left_one():
    """|a - y| at a = y: -1; the hinge at y a = 1: -1 for y = 1 and 0 for y = -1; Huber has none."""
    assert ns.MeanAbsoluteError.derivative(2.0, 2.0) == -1.0
    assert ns.Hinge.derivative(1.0, 1.0) == -1.0
    assert ns.Hinge.derivative(-1.0, -1.0) == 0.0
    assert [ns.Huber.derivative(2.0 + e, 2.0, 0.5) for e in (-0.5, 0.0, 0.5)] == [-0.5, 0.0, 0.5]


@given(a=inside, y=st.floats(0, 1))
def test_every_derivative_is_that_of_the_loss(loss, a, y):
    """The derivative of every loss by a equals central differences."""
    y = door.targets_for(loss, np.array([[y]])).item()
    if abs(a - y) < 1e-5:
        return
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
        np.testing.assert_allclose(loss.derivative_by_z(a, y), wanted, atol=1e-7)


def network(kind, loss, n_outputs=3, **options):
    """A small network with this kind of output."""
    return ns.Network.layered(
        [2, 4, n_outputs], hidden=ns.TanhNeuron, output=kind, loss=loss, rng=3, **options
    )


def samples(loss, n_outputs=3):
    """Five samples with targets that suit a loss."""
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(5, 2)), rng.dirichlet(np.ones(n_outputs), size=5)
    return X, door.targets_for(loss, Y)


def test_every_output_is_exact_with_every_loss(output_and_loss):
    """Whatever the output neuron and the loss, the gradient agrees with central differences."""
    net = network(*output_and_loss)
    report = ns.check_gradient(net, *samples(net.loss))
    assert report.ok, str(report)


def test_a_loss_is_the_mean_over_samples_of_the_sum_over_outputs(output_and_loss):
    """J = 1/n sum over samples, sum over outputs of loss(a, y), from forward and `loss_of`."""
    net = network(*output_and_loss)
    X, Y = samples(net.loss)
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
    values = ", ".join(f"{name}={value!r}" for name, value in loss.parameters.items())
    assert repr(loss) == f"{type(loss).__name__}({values})"
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


class FourthPower(ns.Loss):
    """A person's own loss: (a - y)^4."""

    @staticmethod
    def loss(a, y):
        """Return (a - y)^4."""
        return (a - y) * (a - y) * (a - y) * (a - y)

    @staticmethod
    def derivative(a, y):
        """Return 4 (a - y)^3."""
        return 4.0 * (a - y) * (a - y) * (a - y)


class Quantile(ns.Loss):
    """One with parameters: q (y - a) where a is too small, else (1 - q) (a - y), times scale."""

    @staticmethod
    def loss(a, y, q, scale=1.0):
        """Return scale times the larger of q (y - a) and (q - 1) (y - a)."""
        return scale * where(a > y, (1.0 - q) * (a - y), q * (y - a))

    @staticmethod
    def derivative(a, y, q, scale=1.0):
        """Return scale (1 - q) where a > y, else -scale q."""
        return scale * where(a > y, 1.0 - q, -q)


class Cubed(ns.Loss):
    """One with a partner, so that it is computed from z; its parameter reaches that form, too."""

    partner = ns.TanhNeuron

    @staticmethod
    def loss(a, y, scale=2.0):
        """Return scale (a - y)^2."""
        return scale * (a - y) * (a - y)

    @staticmethod
    def derivative(a, y, scale=2.0):
        """Return 2 scale (a - y)."""
        return 2.0 * scale * (a - y)

    @staticmethod
    def loss_from_z(z, y, scale=2.0):
        """Return the same from z."""
        return scale * (ns.functions.tanh(z) - y) * (ns.functions.tanh(z) - y)

    @staticmethod
    def derivative_by_z(a, y, scale=2.0):
        """Return 2 scale (a - y) (1 - a^2)."""
        return 2.0 * scale * (a - y) * (1.0 - a * a)


OWN = {
    "none": FourthPower,
    "some": lambda: Quantile(q=0.9),
    "all": lambda: Quantile(q=0.25, scale=3.0),
    "partner": lambda: Cubed(scale=0.7),
}


@pytest.mark.parametrize("own", OWN.values(), ids=OWN)
def test_a_persons_own_loss_works_in_every_engine(engine, own):
    """A loss of a person's own, with or without parameters, trains in every engine unasked."""
    loss = own()
    X, Y = samples(loss)
    net, twin = (network(ns.LinearNeuron, loss) for _ in range(2))
    assert ns.check_gradient(net, X, Y).ok
    net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=3, engine=engine)
    twin.fit(X, Y, optimizer=ns.SGD(0.1), epochs=3, engine="graph")
    np.testing.assert_allclose(net.parameters, twin.parameters, rtol=1e-12)


@pytest.mark.parametrize("kind", [ns.TanhNeuron, ns.SoftmaxNeuron], ids=door.name_of)
def test_the_parameter_of_a_loss_counts_everywhere(kind, engine_class):
    """Huber(delta) is computed with its delta by `forward` and `backward`, for one sample and a
    batch, by every engine, and by the gradient checker.
    """
    loss = ns.Huber(delta=0.1)
    net = network(kind, loss)
    X, Y = samples(loss)
    error = np.abs(net.predict(X) - Y)
    wanted = np.mean(np.sum(np.where(error <= 0.1, error**2 / 2, 0.1 * (error - 0.05)), axis=1))
    net.forward(X)
    assert net.backward(Y) == pytest.approx(wanted, rel=1e-12)
    gradient = net.gradient.copy()
    assert net.loss_of(X, Y) == pytest.approx(wanted, rel=1e-12)
    engine = net.engine(engine_class)
    engine.load(X, Y)
    assert engine.gradient() == pytest.approx(wanted, rel=1e-12)
    np.testing.assert_allclose(net.gradient, gradient, rtol=1e-10, atol=1e-15)
    assert ns.check_gradient(net, X, Y).ok
    one_by_one = []
    for x, y in zip(X, Y, strict=True):
        net.forward(x)
        one_by_one.append(net.backward(y))
    assert np.mean(one_by_one) == pytest.approx(wanted, rel=1e-12)


def test_parameters_of_a_loss_come_from_its_formula():
    """What `loss` takes after a and y are the parameters: shown, compared, hashed, not assigned."""
    assert ns.Huber.parameter_defaults() == {"delta": 1.0}
    assert ns.Huber(0.5).parameters == {"delta": 0.5}
    assert ns.Huber(0.5).delta == 0.5
    assert repr(Quantile(q=1)) == "Quantile(q=1.0, scale=1.0)"
    assert ns.Huber() == ns.Huber(1) != ns.Huber(2)
    assert len({ns.Huber(), ns.Huber(1.0), ns.Huber(2.0)}) == 2
    with pytest.raises(AttributeError):
        ns.Huber().delta = 2.0


@pytest.mark.parametrize("suffix", ["json", "npz"])
@pytest.mark.parametrize("layered", [True, False])
def test_the_parameter_of_a_loss_is_saved(tmp_path, suffix, layered):
    """A loss comes back with its parameters, a person's own one, too."""
    for loss in (ns.Huber(0.1), Quantile(q=0.3)):
        net = network(ns.LinearNeuron, loss)
        net = net if layered else ns.Network.from_graph(net.graph, loss=loss)
        net.save(tmp_path / f"net.{suffix}")
        assert ns.load(tmp_path / f"net.{suffix}", kinds=[Quantile]).loss == loss
        assert net.copy().loss == loss
    assert net.config()["loss"] == {"loss": "Quantile", "q": 0.3, "scale": 1.0}


class Branching(ns.Loss):
    """A loss that takes floats only."""

    @staticmethod
    def loss(a, y):
        """Return a - y where that is positive."""
        return a - y if a > y else 0.0

    @staticmethod
    def derivative(a, y):
        """Return 1 where a > y."""
        return 1.0 if a > y else 0.0


class Method(ns.Loss):
    """A loss whose formula is an ordinary method."""

    def loss(self, a, y):
        """Return the error."""
        return a - y

    @staticmethod
    def derivative(a, y):
        """Return 1."""
        return 1.0


WRONG = {
    "parameter unknown": (
        lambda: Quantile(q=0.5, p=2),
        "Quantile has no parameter 'p'; its parameters: q, scale.",
    ),
    "parameter missing": (Quantile, "Quantile needs its parameter 'q'; write Quantile(q=...)."),
    "parameter no number": (
        lambda: Quantile(q="0.5"),
        "Quantile: q must be a number; got '0.5'.",
    ),
    "none known": (
        lambda: ns.MeanSquaredError(delta=1),
        "MeanSquaredError has no parameter 'delta'; its parameters: none.",
    ),
    "delta not positive": (
        lambda: ns.Huber(0),
        "Huber: delta must be a finite number greater than 0; got 0.",
    ),
    "no arrays": (
        Branching,
        "Branching.loss must take arrays as well as floats, but: The truth value of an array with "
        "more than one element is ambiguous. Use a.any() or a.all(). Write it over "
        "neurosim.functions: where(a > y, ...) for if, maximum for max, exp for math.exp.",
    ),
    "no static function": (
        Method,
        "Method.loss must be a static function of a and y; write @staticmethod above it, and "
        "leave out self.",
    ),
    "class with such a fault": (
        lambda: network(ns.LinearNeuron, Method),
        "Method.loss must be a static function of a and y; write @staticmethod above it, and "
        "leave out self.",
    ),
    "hinge on probabilities": (
        lambda: network(ns.SigmoidNeuron, ns.Hinge()),
        "Hinge: the outputs must be able to reach -1 and 1, but neuron 'output[0]' is a "
        "SigmoidNeuron, which gives a probability. Use LinearNeuron there, or "
        "loss=ns.BinaryCrossEntropy().",
    ),
    "hinge with classes 0 and 1": (
        lambda: network(ns.LinearNeuron, ns.Hinge(), n_outputs=1).loss_of(
            [[1, 2], [3, 4]], [[1], [0]]
        ),
        "Hinge: targets must be -1 or 1; got Y[1, 0] = 0.0. For classes 0 and 1 pass 2 * Y - 1, or "
        "use loss=ns.BinaryCrossEntropy().",
    ),
}


@pytest.mark.parametrize(("wrong", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_loss_says_what_is_wrong(wrong, message):
    """Every message names the loss, what is wrong, and the remedy."""
    with pytest.raises(ns.NeurosimError) as error:
        wrong()
    assert str(error.value) == message


def test_a_hinge_separates_two_classes():
    """Trained with targets of -1 and 1, the sign of the output is the class."""
    X = [[0, 0], [0, 1], [1, 0], [1, 1]]
    Y = [-1, -1, -1, 1]
    net = ns.Network.layered([2, 1], hidden=None, output=ns.LinearNeuron, loss=ns.Hinge(), rng=1)
    history = net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=300)
    assert history.loss[-1] < 1e-9
    assert (np.sign(net.predict(X)[:, 0]) == Y).all()


def test_wild_targets_count_for_less_with_huber():
    """A line through points of which one is wild is nearer to the others with Huber's loss."""
    X, Y = np.arange(10.0).reshape(-1, 1) / 10, np.arange(10.0) / 10
    Y[3] = 50.0
    slopes = {}
    for loss in (ns.MeanSquaredError(), ns.Huber(0.1), ns.MeanAbsoluteError()):
        net = ns.Network.layered([1, 1], hidden=None, output=ns.LinearNeuron, loss=loss, rng=1)
        net.fit(X, Y, optimizer=ns.SGD(0.05), epochs=3000)
        slopes[loss] = np.abs(net.predict(X)[:, 0] - X[:, 0])[np.arange(10) != 3].max()
    assert slopes[ns.Huber(0.1)] < 0.2
    assert slopes[ns.MeanAbsoluteError()] < 0.2
    assert slopes[ns.MeanSquaredError()] > 1.0
