"""Formulas mean the same for floats and for arrays, and are stable by form."""

import inspect
import math

import door
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import neurosim as ns
from neurosim import functions
from neurosim.functions import FLOAT, NUMPY, bind, numpy_functions
from neurosim.neurons import Kind

POINTS = [0.0, -0.0, 1e-300, -1e-300, 0.5, -0.5, 1.0, -1.0, 3.7, -3.7, 30.0, -30.0]
EXTREME = [1000.0, -1000.0, 1e308, -1e308]
PROBABILITIES = [0.0, 1e-300, 1e-9, 0.25, 0.5, 0.75, 1.0 - 1e-9, 1.0]
ONE = ["exp", "log", "log1p", "tanh", "sqrt", "erf", "abs"]
TWO = ["maximum", "minimum"]
floats = st.floats(min_value=-1e6, max_value=1e6)


def assert_same(float_result, array_result, atol=0.0):
    """A float's result is a Python float and equals the array's to the last few bits."""
    assert isinstance(float_result, float)
    assert not isinstance(float_result, np.generic)
    np.testing.assert_allclose(float_result, array_result, rtol=1e-14, atol=atol)


def of_float(formula, *numbers):
    """A formula on Python floats; what overflows there is infinite."""
    try:
        return float(bind(formula, FLOAT)(*numbers))
    except OverflowError:
        return math.inf


def of_array(formula, *numbers):
    """The same formula on arrays of one number."""
    with np.errstate(over="ignore"):
        return bind(formula, NUMPY)(*(np.array([number]) for number in numbers))


def test_every_binding_has_every_function():
    """The float and the array binding offer the same names, and each is documented."""
    assert list(FLOAT) == list(NUMPY)
    for name in FLOAT:
        assert getattr(functions, name).__doc__


@pytest.mark.parametrize("name", ONE)
@given(x=floats)
def test_functions_of_one_number_agree(name, x):
    """Of a float, and of an array, every function gives the same number."""
    x = abs(x) if name in ("log", "log1p", "sqrt") else x
    if (name == "log" and x == 0) or (name == "exp" and x > 700):
        return
    function = getattr(functions, name)
    assert_same(function(x), function(np.array([x])))
    assert np.allclose(function(np.float64(x)), function(x), rtol=1e-14)


@pytest.mark.parametrize("name", TWO)
@given(x=st.floats(), y=st.floats())
def test_functions_of_two_numbers_agree(name, x, y):
    """The larger and the smaller are the same for floats and arrays; NaN stays NaN."""
    function = getattr(functions, name)
    assert_same(function(x, y), function(np.array([x]), np.array([y])))


@given(x=floats)
def test_where_chooses_alike(x):
    """`where` takes the first number where the condition holds, for floats and arrays."""
    assert functions.where(x > 0, 1.0, 2.0) == functions.where(np.array([x]) > 0, 1.0, 2.0)[0]


def test_erf_of_whole_numbers_is_no_whole_number():
    """erf takes integers, floats, and arrays of them, of any shape."""
    assert np.allclose(functions.erf(np.array([0, 1])), [0.0, math.erf(1.0)])
    assert functions.erf(1.0) == math.erf(1.0)
    assert isinstance(functions.erf(np.float64(1.0)), np.float64)
    assert functions.erf(np.zeros((0, 2))).shape == (0, 2)
    assert functions.erf(np.ones((2, 1, 3))).shape == (2, 1, 3)


def test_erf_of_arrays_is_exact():
    """On a dense grid and at every end of the floats erf is math.erf to 1e-15, relative to itself
    where it is small; it is odd, never beyond 1, and never falls by more than the last bit.
    """
    x = np.concatenate([np.linspace(-7, 7, 200_001), np.logspace(-307, 308, 20_001)])
    x = np.append(x, [0.46875, np.nextafter(0.46875, 1), 6.0, np.nextafter(6.0, 0)])
    found, wanted = functions.erf(x), np.array([math.erf(number) for number in x])
    np.testing.assert_allclose(found, wanted, rtol=1e-15, atol=0.0)
    assert (functions.erf(-x) == -found).all()
    assert (np.abs(found) <= 1.0).all()
    assert np.diff(found[:200_001]).min() >= -2e-16


def test_erf_of_what_is_no_ordinary_number():
    """Infinity gives 1, NaN stays NaN, 0 keeps its sign; the smallest floats stay in place."""
    found = functions.erf(np.array([np.inf, -np.inf, np.nan, 0.0, -0.0, 5e-324, -5e-324]))
    np.testing.assert_array_equal(found[:3], [1.0, -1.0, np.nan])
    assert np.signbit(found[3:]).tolist() == [False, True, False, True]
    np.testing.assert_allclose(found[5:], [5e-324, -5e-324], atol=5e-324)


def test_erf_keeps_float32():
    """Of float32 it is float32, right to that precision, for scalars, too."""
    x = np.linspace(-7, 7, 20_001, dtype="float32")
    found = functions.erf(x)
    assert found.dtype == functions.erf(np.float32(0.5)).dtype == np.float32
    np.testing.assert_allclose(found, [math.erf(number) for number in x], rtol=1e-6, atol=0.0)


def test_binding_leaves_the_formula_as_it_is():
    """A bound formula is another function of the same code; the original keeps its names."""

    def twice(z):
        return 2 * functions_of_tests(z)

    bound = bind(helped, {"exp": lambda z: 10.0})
    assert bound(0.0) == 20.0
    assert helped(0.0) == 2.0
    assert bound.__code__ is helped.__code__
    assert bind(math.exp, FLOAT) is math.exp
    assert twice(0.0) == 2.0


def functions_of_tests(z):
    """Return exp(z), one call away from the formula."""
    return exp(z)


def helped(z):
    """Return a formula that calls a Python function beside it."""
    return 2.0 * functions_of_tests(z)


exp = functions.exp


def test_every_kind_is_the_same_for_floats_and_arrays(single_kind):
    """Activation and derivative of a float equal those of an array, at kinks and far out, too."""
    kind = Kind.of(single_kind, "a test")
    for z in POINTS + EXTREME:
        a = of_float(single_kind.activate, z, *dict(kind.parameters).values())
        # The last bit of erf near -1 is many of GELU's 1 + erf.
        assert_same(a, of_array(kind.formula("activate", NUMPY), z), atol=1e-15)
        if single_kind.differentiable():
            slope = float(kind.formula("derivative", FLOAT)(z, a))
            np.testing.assert_allclose(
                slope, of_array(kind.formula("derivative", NUMPY), z, a), rtol=1e-12, atol=1e-15
            )


def test_every_loss_is_the_same_for_floats_and_arrays(loss):
    """Loss and derivative of floats equal those of arrays, at 0 and 1, too."""
    for a in PROBABILITIES:
        for y in (0.0, 0.3, 1.0):
            assert_same(of_float(loss.loss, a, y), of_array(loss.loss, a, y))
            assert_same(of_float(loss.derivative, a, y), of_array(loss.derivative, a, y))


def test_every_formula_is_written_over_the_functions_named(kind):
    """A formula of a kind in the door uses no function but those that engines bind."""
    own = {name: getattr(functions, name) for name in FLOAT}
    undifferentiable = not kind.differentiable()
    for name in ("activate", "derivative", "chain"):
        formula = inspect.getattr_static(kind, name, None)
        if not isinstance(formula, staticmethod) or (name != "activate" and undifferentiable):
            continue
        code, names = formula.__func__.__code__, formula.__func__.__globals__
        for used in code.co_names:
            assert used in own, (kind, name, used)
            assert names[used] is own[used]


def test_no_formula_warns_far_out(kind):
    """At |z| up to 1e308 no activation or derivative is NaN, and none warns."""
    bound = Kind.of(kind, "a test")
    z = np.array([[0.0, 1000.0, -1000.0, 1e308], [1.0, -1000.0, 1000.0, -1e308]])
    if kind in door.COUPLED:
        z = z[:, :3]
    a = bound.formula("activate", NUMPY)(z)
    assert np.isfinite(a).all()
    if kind.differentiable():
        name = "chain" if kind in door.COUPLED else "derivative"
        numbers = (z, a, np.ones_like(a)) if kind in door.COUPLED else (z, a)
        assert np.isfinite(bound.formula(name, NUMPY)(*numbers)).all()


def test_every_formula_keeps_float32(kind):
    """Over float32, activation and derivative are float32, and those of float64 to 1e-6."""
    bound, narrow = Kind.of(kind, "a test"), numpy_functions("float32")
    z = np.random.default_rng(0).normal(0.0, 3.0, (4, 5))
    names = ["activate"]
    if kind.differentiable():
        names.append("chain" if kind in door.COUPLED else "derivative")
    given = (z, bound.formula("activate", NUMPY)(z), np.ones_like(z))
    for name in names:
        numbers = given[: {"activate": 1, "derivative": 2, "chain": 3}[name]]
        wanted = bound.formula(name, NUMPY)(*numbers)
        found = bound.formula(name, narrow)(*(n.astype("float32") for n in numbers))
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)
        assert isinstance(found, float) or found.dtype == np.float32


def test_every_loss_keeps_float32(loss):
    """Over float32, loss and derivative are float32, and those of float64 to 1e-5."""
    rng = np.random.default_rng(0)
    a, y = rng.uniform(0.01, 0.99, (2, 3, 4))
    y = door.targets_for(loss, y)
    for name in ("loss", "derivative"):
        wanted = loss.bound(name, NUMPY)(a, y)
        narrow = loss.bound(name, numpy_functions("float32"))
        found = narrow(a.astype("float32"), y.astype("float32"))
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-6)


def test_every_loss_is_written_over_the_functions_named(loss):
    """A formula of a loss in the door uses no function but those that engines bind, and the
    smallest number whose logarithm is taken.
    """
    for name in ("loss", "derivative", "loss_from_z", "derivative_by_z"):
        formula = inspect.getattr_static(type(loss), name, None)
        if formula is None or (loss.partner is None and name.endswith("_z")):
            continue
        code, names = formula.__func__.__code__, formula.__func__.__globals__
        for used in set(code.co_names) - {"SMALLEST"}:
            assert names[used] is getattr(functions, used), (loss, name, used)


def test_sigmoid_keeps_its_digits_far_out():
    """sigmoid(-z) is as exact as exp(-z) for large z, where 1 - sigmoid(z) is 0."""
    for z in (20.0, 300.0, 700.0):
        assert ns.SigmoidNeuron.activate(-z) == pytest.approx(math.exp(-z), rel=1e-8)
    # So does ELU near 0, where exp(z) - 1 has lost them all.
    assert ns.ELUNeuron.activate(-1e-12) == pytest.approx(math.expm1(-1e-12), rel=1e-15)
    assert ns.SoftplusNeuron.activate(-40.0) == pytest.approx(math.exp(-40.0), rel=1e-15)
    assert ns.SigmoidNeuron.activate(1000.0) == 1.0
    assert ns.SigmoidNeuron.activate(-1000.0) == 0.0
