"""What one neuron computes, alone or in a network."""

import math
from functools import partial

import door
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import neurosim as ns
from neurosim.functions import FLOAT, NUMPY, exp, where
from neurosim.neurons import Kind

numbers = st.floats(-5, 5)


def test_one_neuron_by_hand():
    """Weights (0.3, 0.2, 0.4, 0.3), bias -0.8, input (0.1, 0.3, 0.2, 0.1): z = -0.6, a = 0.354."""
    neuron = ns.SigmoidNeuron(weights=[0.3, 0.2, 0.4, 0.3], bias=-0.8)
    assert round(neuron([0.1, 0.3, 0.2, 0.1]), 3) == 0.354
    assert neuron.z == pytest.approx(-0.6, abs=1e-15)
    assert neuron.activation == neuron([0.1, 0.3, 0.2, 0.1])


@given(z=numbers, slope=st.floats(-1, 1))
def test_formulas_are_those_of_the_books(z, slope):
    """Every kind of the contract equals its textbook formula."""
    assert ns.LinearNeuron.activate(z) == z
    assert ns.Perceptron.activate(z) == (1.0 if z > 0 else 0.0)
    assert ns.SigmoidNeuron.activate(z) == pytest.approx(1 / (1 + np.exp(-z)), rel=1e-14)
    assert ns.TanhNeuron.activate(z) == pytest.approx(np.tanh(z), rel=1e-14)
    assert ns.ReLUNeuron.activate(z) == max(0.0, z)
    assert ns.LeakyReLUNeuron.activate(z) == (z if z > 0 else 0.01 * z)
    assert ns.LeakyReLUNeuron.activate(z, slope) == (z if z > 0 else slope * z)


@given(z=numbers, parameter=st.floats(0.1, 3))
def test_formulas_of_the_rectifiers_are_those_of_the_papers(z, parameter):
    """ELU, softplus, GELU and swish equal their textbook formulas, with and without parameter."""
    elu = math.expm1(min(z, 0.0))
    assert ns.ELUNeuron.activate(z) == pytest.approx(z if z > 0 else elu, rel=1e-14)
    wanted = z if z > 0 else parameter * elu
    assert ns.ELUNeuron.activate(z, parameter) == pytest.approx(wanted, rel=1e-14)
    assert ns.SoftplusNeuron.activate(z) == pytest.approx(math.log1p(math.exp(z)), rel=1e-14)
    below = math.erfc(-z / math.sqrt(2)) / 2
    assert ns.GELUNeuron.activate(z) == pytest.approx(z * below, rel=1e-8, abs=1e-15)
    assert ns.SwishNeuron.activate(z) == pytest.approx(z / (1 + math.exp(-z)), rel=1e-14)
    wanted = z / (1 + math.exp(-parameter * z))
    assert ns.SwishNeuron.activate(z, parameter) == pytest.approx(wanted, rel=1e-13)


def test_numbers_of_the_papers():
    """GELU(1) = 0.8413, softplus(0) = log 2, SiLU(1) = 0.7311, SiLU's least value is -0.2785."""
    assert round(ns.GELUNeuron(weights=[1.0])([1.0]), 4) == 0.8413
    assert ns.SoftplusNeuron(weights=[1.0])([0.0]) == math.log(2)
    assert round(ns.SwishNeuron(weights=[1.0])([1.0]), 4) == 0.7311
    least = ns.SwishNeuron(weights=[1.0])(np.linspace(-3, 3, 6001).reshape(-1, 1)).min()
    assert round(float(least), 4) == -0.2785


@pytest.mark.parametrize(
    "kind", [ns.ELUNeuron, ns.SoftplusNeuron, ns.GELUNeuron, ns.SwishNeuron], ids=door.name_of
)
def test_smooth_relatives_of_relu_far_out(kind):
    """At z = 1000 they are ReLU with slope 1; at -1000 they are flat: ELU at -1, the others at 0."""
    flat = -1.0 if kind is ns.ELUNeuron else 0.0
    for formulas in (FLOAT, NUMPY):
        activate, derivative = (
            Kind.of(kind, "a test").formula(name, formulas) for name in ("activate", "derivative")
        )
        assert (activate(1000.0), derivative(1000.0, 1000.0)) == (1000.0, 1.0)
        assert (activate(-1000.0), derivative(-1000.0, flat)) == (flat, 0.0)
    assert kind.initializer == ns.He()


@given(z=hnp.arrays(float, st.integers(1, 6), elements=st.floats(-50, 50)))
def test_coupled_formulas_are_those_of_the_books(z):
    """Softmax shares add up to 1; hardmax is 1 at the first largest z."""
    e = np.exp(z - z.max())
    np.testing.assert_allclose(ns.SoftmaxNeuron.activate(z), e / e.sum(), rtol=1e-14)
    assert ns.SoftmaxNeuron.activate(z).sum() == pytest.approx(1.0, abs=1e-14)
    assert ns.HardmaxNeuron.activate(z).tolist() == [
        float(i == int(np.argmax(z))) for i in range(len(z))
    ]


def test_the_derivative_at_a_kink_is_the_left_one():
    """ReLU'(0) = 0 and leaky ReLU'(0) = slope; a tie in hardmax goes to the first."""
    assert ns.ReLUNeuron.derivative(0.0, 0.0) == 0.0
    assert ns.LeakyReLUNeuron.derivative(0.0, 0.0, 0.3) == 0.3
    assert ns.ELUNeuron.derivative(0.0, 0.0, 0.3) == 0.3
    assert ns.HardmaxNeuron.activate(np.array([2.0, 2.0])).tolist() == [1.0, 0.0]
    assert ns.Perceptron.activate(0.0) == 0.0


@given(z=numbers)
def test_every_derivative_is_that_of_the_activation(smooth_kind, z):
    """Where there is no kink, the derivative equals central differences."""
    if smooth_kind in door.COUPLED or abs(z) < 1e-3:
        return
    kind = Kind.of(smooth_kind, "a test")
    activate = kind.formula("activate", NUMPY)
    wanted = ns.numerical_derivative(activate, z)
    assert kind.formula("derivative", NUMPY)(z, activate(z)) == pytest.approx(wanted, abs=1e-8)


@given(z=hnp.arrays(float, st.integers(1, 5), elements=numbers))
def test_every_jacobian_is_that_of_the_activation(coupled_kind, z):
    """For coupled neurons, column by column, the Jacobian equals central differences."""
    if not coupled_kind.differentiable():
        return
    a = coupled_kind.activate(z)
    jacobian = coupled_kind.derivative(z, a)
    for i in range(len(z)):
        wanted = ns.numerical_derivative(lambda z, i=i: coupled_kind.activate(z)[i], z)
        np.testing.assert_allclose(jacobian[i], wanted, atol=1e-8)


def test_kinds_without_derivative_refuse_by_name():
    """A gradient through a Perceptron or hardmax raises, and says what to use."""
    said = {}
    for kind in door.UNDIFFERENTIABLE:
        net = ns.Network([ns.InputLayer(2), ns.Layer(2, kind)], rng=1)
        assert net.forward([1.0, 2.0]).shape == (2,)
        calls = [
            lambda net=net: net.backward([0.0, 1.0]),
            lambda net=net: net.fit([[1, 2]], [[0, 1]], optimizer=ns.SGD(0.1)),
            lambda net=net: ns.check_gradient(net, [1, 2], [0, 1]),
        ]
        for call in calls:
            with pytest.raises(ns.NoDerivativeError) as caught:
                call()
            said.setdefault(kind, set()).add(str(caught.value))
        assert not net.gradient.any()
    assert said[ns.Perceptron] == {
        "Neuron 'output[0]': Perceptron has no derivative, so no gradient can pass through it. Use "
        "SigmoidNeuron, its smooth relative, or train a layer of them with PerceptronRule."
    }
    assert said[ns.HardmaxNeuron] == {
        "Neuron 'output[0]': HardmaxNeuron has no derivative, so no gradient can pass through it. "
        "Use SoftmaxNeuron, its smooth relative."
    }


def test_a_neuron_alone_is_the_neuron_in_a_network(kind):
    """The same weights, bias and inputs give the same activation, for one sample and a batch."""
    weights, bias, X = [0.5, -1.5], 0.25, np.array([[1.0, 2.0], [-0.5, 0.1], [0.0, 0.0]])
    layer = ns.Layer(1, kind, weights=np.reshape(weights, (2, 1)), biases=[bias])
    net = ns.Network([ns.InputLayer(2), layer])
    alone = kind(weights=weights, bias=bias)
    np.testing.assert_allclose(alone(X), net.predict(X)[:, 0], rtol=1e-14)
    for x in X:
        assert alone(x) == pytest.approx(net.forward(x)[0], rel=1e-14)
        assert type(alone(x)) is float
        assert type(alone.z) is float
        assert alone(x) == pytest.approx(net["output[0]"](x), rel=1e-14)


def test_a_neuron_alone_has_numbers_of_its_own():
    """Weights are copied in; nothing that the person does to an array changes the neuron."""
    given_weights = np.array([1.0, 2.0])
    neuron = ns.LinearNeuron(weights=given_weights)
    given_weights[:] = np.nan
    assert neuron.weights.tolist() == [1.0, 2.0]
    neuron.weights, neuron.bias = [3.0], 4
    assert (neuron([2.0]), neuron.bias) == (10.0, 4.0)
    assert (neuron.label, neuron.layer, neuron.index, neuron.delta) == (None, None, None, None)


def test_an_input_neuron_is_what_comes_in():
    """An input passes its number on, and has no weights and no bias."""
    net = ns.Network([ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[2.0]])])
    neuron = net["input[0]"]
    net.forward([3.0])
    assert (neuron.activation, neuron.z, neuron.bias, neuron.bias_gradient) == (
        3.0,
        None,
        None,
        None,
    )
    assert neuron.weights.shape == neuron.weight_gradients.shape == (0,)
    net.backward([0.0])
    assert neuron.delta == 2 * 6.0 * 2.0


def test_parameters_of_a_kind_come_from_its_activation():
    """What `activate` takes after z are the kind's parameters; a partial of it gives them."""
    assert ns.LeakyReLUNeuron.parameter_defaults() == {"slope": 0.01}
    steep = partial(ns.LeakyReLUNeuron, slope=0.5)
    net = ns.Network([ns.InputLayer(1), ns.Layer(1, steep, weights=[[1.0]])])
    assert net.predict([-2.0]).tolist() == [-1.0]
    assert net["output[0]"].parameters == {"slope": 0.5}
    assert ns.LeakyReLUNeuron(weights=[1.0], slope=0.5)([-2.0]) == -1.0
    assert Kind.of(steep, "a test").recipe.keywords == {"slope": 0.5}


def test_every_kind_is_described(kind):
    """A kind says its symbol and formula; a neuron shows class, numbers and label."""
    assert kind.symbol
    assert kind.formula
    assert kind.initializer in door.INITIALIZERS
    alone = kind(weights=[0.5], bias=1.0)
    extra = "".join(f", {name}={value!r}" for name, value in alone.parameters.items())
    assert repr(alone) == f"{kind.__name__}(weights=[0.5], bias=1{extra})"
    net = ns.Network([ns.InputLayer(1), ns.Layer(1, kind, weights=[[0.5]])])
    assert repr(net["output[0]"]) == f"{kind.__name__}('output[0]', weights=[0.5], bias=0{extra})"
    assert str(net["output[0]"]) == "output[0]"
    assert repr(net["input[0]"]) == "InputNeuron('input[0]')"


# -- a person's own kinds -----------------------------------------------------------------------


class SoftsignNeuron(ns.Neuron):
    """Arithmetic alone."""

    @staticmethod
    def activate(z):
        """Return z / (1 + |z|)."""
        return z / (1 + abs(z))

    @staticmethod
    def derivative(z, a):
        """Return 1 / (1 + |z|)^2."""
        return 1 / ((1 + abs(z)) * (1 + abs(z)))


def squashed(z):
    """Return a helper's part of a formula."""
    return 1.0 / (1.0 + exp(-z))


class GatedNeuron(ns.Neuron):
    """A parameter, and a Python function beside the class."""

    @staticmethod
    def activate(z, beta=1.5):
        """Return z sigmoid(beta z)."""
        return z * squashed(beta * z)

    @staticmethod
    def derivative(z, a, beta=1.5):
        """Return its derivative."""
        s = squashed(beta * z)
        return s + beta * z * s * (1 - s)


class BentNeuron(ns.Neuron):
    """A parameter without a default, and `where`."""

    @staticmethod
    def activate(z, bend):
        """Return z where z > 0, else bend z^2."""
        return where(z > 0, z, bend * z * z)

    @staticmethod
    def derivative(z, a, bend):
        """Return its derivative."""
        return where(z > 0, 1.0, 2 * bend * z)


class CenteredNeuron(ns.CoupledNeuron):
    """Coupled: z minus the layer's mean."""

    @staticmethod
    def activate(z):
        """Return z - mean z."""
        return z - ns.functions.total(z) / z.shape[0]

    @staticmethod
    def chain(z, a, gradient):
        """Return g - mean g."""
        return gradient - ns.functions.total(gradient) / z.shape[0]


OWN = [SoftsignNeuron, GatedNeuron, partial(BentNeuron, bend=-0.3), CenteredNeuron]


@pytest.mark.parametrize("own", OWN, ids=lambda k: getattr(k, "__name__", "BentNeuron"))
def test_a_persons_own_kind_works_in_every_engine(own, engine, batch):
    """Formulas of a person's own, with parameters, helpers or coupling, run everywhere unasked."""
    X, Y = batch
    net = ns.Network.layered([2, 4, 1], hidden=own, output=ns.LinearNeuron, rng=1)
    assert ns.check_gradient(net, X, Y).ok
    twin = net.copy()
    net.fit(X, Y, optimizer=ns.SGD(0.05), epochs=5, engine=engine)
    twin.fit(X, Y, optimizer=ns.SGD(0.05), epochs=5, engine="graph")
    np.testing.assert_allclose(net.parameters, twin.parameters, rtol=1e-12)
    np.testing.assert_allclose(net.predict(X), twin.forward(X), rtol=1e-12)
    assert net.predict(X[0]).shape == (1,)
    graph_twin = ns.Network.from_graph(net.graph)
    np.testing.assert_allclose(graph_twin.predict(X), net.predict(X), rtol=1e-12)


@pytest.mark.parametrize("kind", [ns.Perceptron, ns.HardmaxNeuron])
def test_a_kind_without_a_derivative_says_what_to_use(kind):
    """Asked for its derivative, it names the kind to use instead."""
    with pytest.raises(ns.NoDerivativeError) as error:
        kind.derivative(1.0, 1.0)
    assert str(error.value) == f"{kind.__name__} has no derivative. Use {kind.instead}."
