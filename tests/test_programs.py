"""Formulas written down: the same bits as NumPy, without its arrays."""

import math
import tracemalloc

import door
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import neurosim as ns
from neurosim.functions import bind
from neurosim.neurons import Kind
from neurosim.programs import PIECE, Program, Scratch

DTYPES = ["float64", "float32"]
SHAPES = [(1, 1), (3, 5), (7, PIECE // 4 + 3)]


def run(program, inputs, *outs):
    """Fill the outs with the results of a program."""
    for call in program.bind(inputs, outs, Scratch(outs[0].dtype)):
        call()


def formulas():
    """Every formula of a kind or a loss, with how many arrays it takes."""
    for neuron in door.DIFFERENTIABLE:
        kind = Kind.of(neuron, "test")
        back = ("chain", 3) if kind.coupled else ("derivative", 2)
        for name, n in (("activate", 1), back):
            yield f"{kind.name}.{name}", n, lambda f, kind=kind, name=name: kind.formula(name, f)
    for loss in door.LOSSES:
        for name in ("loss", "derivative"):
            label = f"{type(loss).__name__}.{name}"
            yield label, 2, lambda f, loss=loss, name=name: loss.bound(name, f)


FORMULAS = {label: (n, formula) for label, n, formula in formulas()}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("label", FORMULAS)
def test_every_formula_is_written_down_and_gives_the_same_bits(label, dtype):
    """A program fills its out with what NumPy returns, NaN, infinities and ties included, whatever
    the shape; every formula of the library can be written down.
    """
    n, formula = FORMULAS[label]
    program = Program(formula, "a" * n, dtype)
    assert program.tape is not None
    rng = np.random.default_rng(0)
    special = [0.0, -0.0, 1.0, 1000.0, -1000.0, math.inf, -math.inf, math.nan]
    for shape in SHAPES:
        given = [rng.normal(size=shape).astype(dtype) for _ in range(n)]
        for x in given:
            x.flat[: len(special)] = rng.permutation(special)[: x.size]
        out = np.empty(shape, dtype=dtype)
        with np.errstate(all="ignore"):
            wanted = np.broadcast_to(program.plain(*[x.copy() for x in given]), shape)
            run(program, given, out)
        assert np.array_equal(out, wanted, equal_nan=True)


@pytest.mark.parametrize("position", [0, 1, 2])
def test_an_input_may_be_the_out(position):
    """Where the out is one of the inputs, it is written only after its last use."""

    def formula(functions):
        return lambda a, b, c: (a - b) * c + functions["where"](b > 0, a, c) * b

    program = Program(formula, "aaa", "float64")
    given = [np.random.default_rng(i).normal(size=(4, 6)) for i in range(3)]
    wanted = program.plain(*given)
    run(program, given, given[position])
    assert np.array_equal(given[position], wanted)


def test_several_results_share_what_they_have_in_common():
    """a - y is computed once for a loss and its derivative; a result not wanted not at all."""
    loss = ns.MeanSquaredError()
    program = Program(
        lambda f: lambda a, y: (loss.bound("loss", f)(a, y), loss.bound("derivative", f)(a, y)),
        "aa",
        "float64",
    )
    a, y, parts, slopes = (np.arange(4.0) for _ in range(4))
    calls = program.bind([a, y + 1], [parts, slopes], Scratch("float64"))
    assert [call.func for call in calls] == [np.subtract, np.multiply, np.multiply]
    assert len(program.bind([a, y], [None, slopes], Scratch("float64"))) == 2


def branching(z):
    """It asks a number which way to go."""
    return z if z.sum() > 0 else -z


def own_numpy(z):
    """It calls NumPy itself."""
    return np.where(z > 0, z, 0.0)


def by_shape(z):
    """It looks at the array."""
    return z * float(z.ndim)


def looping(z):
    """It goes through the rows."""
    return sum(iter(z), 0.0 * z)


def not_of_its_dtype(z):
    """Its result is no number."""
    return z > 0


@pytest.mark.parametrize("formula", [branching, own_numpy, by_shape, looping, not_of_its_dtype])
def test_what_cannot_be_written_down_is_called(formula):
    """A formula that branches on numbers, or does what is no ufunc, runs as it stands."""
    program = Program(lambda functions: bind(formula, functions), "a", "float64")
    assert program.tape is None
    z, out = np.array([[1.0, -2.0], [3.0, 0.5]]), np.empty((2, 2))
    run(program, [z], out)
    assert np.array_equal(out, formula(z))


def test_a_formula_that_looks_at_types_is_found_out():
    """A program that would give other numbers than the formula is not used."""

    def formula(functions):
        return lambda z: 2.0 * z if isinstance(z, np.ndarray) else 3.0 * z

    program = Program(formula, "a", "float64")
    assert program.tape is None
    z, out = np.ones((2, 3)), np.empty((2, 3))
    run(program, [z], out)
    assert np.array_equal(out, 2.0 * z)


@given(t=st.integers(1, 10_000), rate=st.floats(1e-6, 1.0))
def test_numbers_may_change_between_runs(t, rate):
    """A program computes with the numbers set last, as Python floats do."""
    program = Program(lambda f: lambda w, t, rate: w * (rate / (1.0 - 0.9**t)), "ann", "float64")
    numbers, w, out = program.numbers(), np.array([3.0, -0.5]), np.empty(2)
    calls = program.bind([w, None, None], [out], Scratch("float64"), numbers)
    for some in ((1, 0.5), (t, rate)):
        numbers.set(*some)
        for call in calls:
            call()
    assert np.array_equal(out, w * (rate / (1.0 - 0.9**t)))


def test_a_negative_zero_is_another_number():
    """x + 0.0 and x + -0.0 are told apart."""
    program = Program(lambda f: lambda x: (x + 0.0, x + -0.0), "a", "float64")
    one, other = np.empty(1), np.empty(1)
    run(program, [np.array([-0.0])], one, other)
    assert (math.copysign(1, one[0]), math.copysign(1, other[0])) == (1.0, -1.0)


@pytest.mark.parametrize("optimizer", [ns.SGD(0.01), ns.Adam(0.01)], ids=["SGD", "Adam"])
def test_a_step_allocates_nothing_that_grows(optimizer):
    """Once its calls are made, a training step takes a few small objects from the heap, whatever
    the sizes of the layers and of the batch.
    """
    net = ns.Network.layered([30, 200, 100, 5], hidden=ns.SigmoidNeuron, output=ns.LinearNeuron)
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(256, 30)), rng.normal(size=(256, 5))
    net.fit(X, Y, optimizer=optimizer, epochs=2)
    engine = net.engine(ns.engines.VectorizedEngine)
    engine.load(X, Y)
    optimizer.learn(net, engine, None)
    tracemalloc.start()
    try:
        optimizer.learn(net, engine, None)
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        for _ in range(3):
            optimizer.learn(net, engine, None)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak - before < 8_000
