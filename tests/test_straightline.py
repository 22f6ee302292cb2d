"""Passes of one sample written out: the loops' numbers, bit for bit, and nothing else changes."""

import math
import struct
from typing import ClassVar

import door
import networkx as nx
import numpy as np
import pytest
import wirings
from hypothesis import given
from hypothesis import strategies as st

import neurosim as ns
from neurosim.engines import TraversalEngine
from neurosim.engines.expressions import WRITTEN, written
from neurosim.engines.straightline import AFTER, LARGEST
from neurosim.engines.written import Source
from neurosim.functions import FLOAT, exp, where


def bits(value):
    """A float as its bits, any NaN as one; lists of them, and None."""
    if isinstance(value, list):
        return [bits(each) for each in value]
    if value is None or math.isnan(value):
        return str(value)
    return struct.pack("d", value)


def numbers(net, run):
    """Every number of a pass after its backward pass, bit for bit."""
    kinds = run.z, run.u, run.activation, run.delta, run.targets, [run.loss]
    return [bits(values) for values in kinds] + [bits(net.gradient.tolist())]


def practised(net):
    """The same network, whose passes of one sample are written out from now on."""
    net.engine(TraversalEngine).straight_line.passes = AFTER
    return net


def by_both(net, x, y):
    """The numbers of a step by the loops and by the straight-line program."""
    engine = net.engine(TraversalEngine)
    run = engine.forward(np.array([x]), single=True)
    net.gradient[:] = engine.backward(run, np.array([y]))
    loops = numbers(net, run)
    net.gradient[:] = np.nan
    program = practised(net).engine(TraversalEngine).straight_line
    run = program.forward(x)
    assert run is not None
    assert program.backward(run, y)
    return loops, numbers(net, run)


@given(case=wirings.cases())
def test_every_number_is_that_of_the_loops(case):
    """z, activations, deltas, loss and gradient of every wiring, bit for bit: skips, ties, coupled
    neurons, partners of the loss, several outputs, and neurons that no gradient reaches.
    """
    net = case.network()
    for x, y in zip(case.X.tolist(), case.Y.tolist(), strict=True):
        loops, program = by_both(net, x, y)
        assert loops == program


@given(case=wirings.cases(), seed=st.integers(0, 1000), scale=st.sampled_from([0.0, 1e3, 1e100]))
def test_far_numbers_are_those_of_the_loops(case, seed, scale):
    """So it is for zeros, and for parameters so large that numbers become infinite or NaN."""
    net, twin = practised(case.network()), case.network()
    net.parameters *= scale
    twin.parameters *= scale
    x, y = case.X[0], case.Y[0]
    with np.errstate(all="ignore"):
        for each in (net, twin):
            each.forward(x)
            each.backward(y)
    assert numbers(net, net.last_pass) == numbers(twin, twin.last_pass)


@pytest.mark.parametrize(("kind", "loss"), door.PAIRS)
def test_every_kind_and_loss_is_written_out(kind, loss):
    """So it is for every kind with every loss that suits it, layered, by the door."""
    net = ns.Network([ns.InputLayer(2), ns.Layer(3, kind), ns.Layer(2, kind)], loss=loss, rng=1)
    y = door.targets_for(loss, np.array([[0.25, 0.75]]))[0].tolist()
    loops, program = by_both(net, [0.5, -1.5], y)
    assert loops == program


def test_long_sums_and_shared_weights():
    """Sums of hundreds of terms, and a weight that hundreds of edges share, are the loops', too."""
    graph = nx.DiGraph()
    graph.add_node("y", neuron=ns.TanhNeuron)
    for i in range(300):
        graph.add_edge(f"x{i}", "y", tied="w", weight=0.01)
    x = np.sin(np.arange(300)).tolist()
    loops, program = by_both(ns.Network.from_graph(graph), x, [0.5])
    assert loops == program


def steps(net, n, x=(0.5, -1.0), y=(1.0,)):
    """What n steps by hand return and leave."""
    optimizer, found = ns.SGD(0.1), []
    for _ in range(n):
        found += [net.forward(list(x)).tolist(), net.backward(list(y))]
        optimizer.step(net)
    return found, net.parameters.tolist(), net["output[0]"].delta


def test_training_by_hand_does_not_notice(monkeypatch):
    """Steps by hand go on as they would have, when their passes are written out."""
    made = [small() for _ in range(2)]
    monkeypatch.setattr("neurosim.engines.straightline.AFTER", 3)
    early = steps(made[0], 10)
    monkeypatch.setattr("neurosim.engines.straightline.AFTER", 1000)
    assert early == steps(made[1], 10)


def small(**options):
    """A small network, the same every time."""
    return ns.Network.layered(
        [2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1, **options
    )


def test_nothing_is_written_out_before_it_pays():
    """The first `AFTER` passes run by the loops; nothing is compiled for less."""
    net = small()
    program = net.engine(TraversalEngine).straight_line
    for _ in range(AFTER):
        assert program.forward([1.0, 2.0]) is None
    assert not {"_forward", "_backward"} & set(vars(program))
    assert program.forward([1.0, 2.0]) is not None


def served(net, x=(0.5, -1.0), **options):
    """Whether a pass of a practised network has been written out."""
    net.forward(list(x), **options)
    program = practised(net).engine(TraversalEngine).straight_line
    net.forward(list(x), **options)
    return "_forward" in vars(program)


def test_what_is_not_plain_is_left_to_the_loops():
    """float32, scalers, normalization, training, and networks that are large keep the loops."""
    assert served(small())
    assert not served(small(dtype="float32"))
    assert not served(small(), training=True)
    assert not served(small(), x=[1, 0])
    for side in ("inputs", "outputs"):
        scaled = small()
        n = 2 if side == "inputs" else 1
        scaled.scale(**{side: ns.Standardizer().fit(np.arange(2.0 * n).reshape(2, n))})
        assert not served(scaled)
    layer = ns.Layer(3, ns.TanhNeuron, normalization=ns.BatchNormalization())
    assert not served(ns.Network([ns.InputLayer(2), layer, ns.Layer(1, ns.LinearNeuron)], rng=1))
    wide = [2, LARGEST, 1]
    assert not served(ns.Network.layered(wide, hidden=ns.TanhNeuron, output=ns.LinearNeuron))


def test_a_pass_with_dropout_goes_back_by_the_loops():
    """A pass of training, with masks, has the same backward pass as before."""
    made = small(), practised(small())
    for net in made:
        net.regularize(ns.Dropout(0.5))
    practised(made[1])
    losses = []
    for net in made:
        net.forward([0.5, -1.0], training=True)
        losses.append((net.backward([1.0]), net.gradient.tolist(), net.neurons[2].mask))
    assert losses[0] == losses[1]


class Exponential(ns.Neuron):
    """a = exp(z), which overflows."""

    @staticmethod
    def activate(z):
        """Return exp(z)."""
        return exp(z)

    @staticmethod
    def derivative(z, a):
        """Return exp(z)."""
        return a


def exponential():
    """A network that overflows in its forward pass for x = 1000, and for y = 1e308 backward."""
    layer = ns.Layer(1, Exponential, weights=[[1.0]])
    return ns.Network([ns.InputLayer(1), layer])


@pytest.mark.parametrize(("x", "y"), [(1000.0, 1.0), (1.0, 1e308), (700.0, -1e308)])
def test_too_large_numbers_are_infinite_as_before(x, y):
    """Where Python floats have no answer the pass is made on arrays, as it is by the loops."""
    made = exponential(), practised(exponential())
    for net in made:
        net.forward([x])
        net.backward([y])
    first, second = made
    assert numbers(first, first.last_pass) == numbers(second, second.last_pass)


def complaint(net, do):
    """The whole message of what goes wrong, and the state that is left."""
    with pytest.raises(ns.NeurosimError) as caught:
        do(net)
    return type(caught.value), str(caught.value), net.gradient.tolist(), net.last_pass is None


def nan_parameter(net):
    """Pass a network that holds a NaN."""
    net.parameters[3] = np.nan
    net.forward([1.0, 2.0])


def stale(net):
    """Go back after the parameters have changed."""
    net.forward([1.0, 2.0])
    net.parameters[0] += 1.0
    net.backward([1.0])


def wrong_target(y):
    """Go back for a target that is none."""

    def do(net):
        net.forward([1.0, 2.0])
        net.backward(y)

    return do


@pytest.mark.parametrize(
    "do",
    [
        lambda net: net.forward([1.0]),
        lambda net: net.forward([1.0, math.nan]),
        lambda net: net.forward(["1.0", 2.0]),
        lambda net: net.forward([[1.0], [2.0, 3.0]]),
        lambda net: net.backward([1.0]),
        nan_parameter,
        stale,
        wrong_target([math.inf]),
        wrong_target([1.0, 2.0]),
        wrong_target([[1.0]]),
    ],
)
def test_errors_are_those_of_the_loops(do):
    """What is wrong is said in the same words, and leaves the same state."""
    assert complaint(small(), do) == complaint(practised(small()), do)


def test_a_target_that_does_not_suit_the_loss_is_refused():
    """A loss looks at the targets of a written-out pass, too."""

    def made():
        sigmoid = {"hidden": ns.TanhNeuron, "output": ns.SigmoidNeuron}
        return ns.Network.layered([2, 3, 1], **sigmoid, loss=ns.BinaryCrossEntropy(), rng=1)

    do = wrong_target([2.0])
    assert complaint(made(), do) == complaint(practised(made()), do)


def test_a_changed_wiring_is_written_out_anew():
    """After `connect`, `disconnect` and another loss, passes are those of what is there now."""
    net = practised(small())
    net.forward([1.0, 2.0])
    net.connect("input[0]", "output[0]", weight=2.0)
    wanted = net.forward([1.0, 2.0])
    assert practised(net).forward([1.0, 2.0]).tolist() == wanted.tolist()
    net.loss = ns.QuadraticCost()
    loss = net.forward([1.0, 2.0]), net.backward([0.0])
    assert (practised(net).forward([1.0, 2.0]), net.backward([0.0])) == loss


def test_a_pass_keeps_its_numbers():
    """What becomes of x, y and later passes changes no pass that was made before."""
    net = practised(small())
    x, y = np.array([1.0, 2.0]), np.array([3.0])
    net.forward(x)
    net.backward(y)
    run = net.last_pass
    kept = numbers(net, run)[:-1]
    x[:], y[:] = 0.0, 0.0
    net.forward(x)
    assert numbers(net, run)[:-1] == kept


# -- formulas as lines ---------------------------------------------------------------------------

VALUES = [
    0.0,
    -0.0,
    0.5,
    -0.75,
    1.0,
    -1.0,
    3e-5,
    40.0,
    -800.0,
    1e300,
    math.inf,
    -math.inf,
    math.nan,
]


def outcome(function, *arguments):
    """What a function returns, bit for bit, or the class of what it raises."""
    try:
        return bits(function(*arguments))
    except Exception as error:  # noqa: BLE001 - that is what is compared
        return type(error)


def as_float(formula):
    """The formula, its result as a float: a pass adds 0.0."""
    return lambda *numbers: 0.0 + formula(*numbers)


def compiled(formula, *names):
    """The function that the lines of a formula make."""
    found = written(formula, *names)
    assert found is not None
    lines, result = found
    body = "".join(f"    {line}\n" for line in lines)
    namespace = dict(FLOAT)
    exec(f"def f({', '.join(names)}):\n{body}    return 0.0 + {result}", namespace)
    return namespace["f"]


@pytest.mark.parametrize("kind", door.SINGLE)
def test_lines_are_the_formula_of_a_kind(kind):
    """Every formula of every kind can be written down, and is itself at every float."""
    bound = ns.neurons.Kind.of(kind, "a test")
    for name in ("activate", "derivative")[: 1 + kind.differentiable()]:
        names = ("z", "a")[: 1 + (name == "derivative")]
        lines = compiled(bound.formula(name, WRITTEN), *names)
        formula = bound.formula(name, FLOAT)
        for z in VALUES:
            given = (z, outcome_or_zero(bound, z))[: len(names)]
            assert outcome(lines, *given) == outcome(as_float(formula), *given)


def outcome_or_zero(kind, z):
    """The activation at z, or 0 where there is none."""
    try:
        return kind.formula("activate", FLOAT)(z)
    except (OverflowError, ValueError):
        return 0.0


@pytest.mark.parametrize("loss", door.LOSSES, ids=door.name_of)
def test_lines_are_the_formula_of_a_loss(loss):
    """So can every formula of every loss."""
    for name in ("loss", "derivative"):
        lines = compiled(loss.bound(name, WRITTEN), "a", "y")
        formula = loss.bound(name, FLOAT)
        for a in VALUES:
            for y in (0.0, 1.0, -1.0, 0.3):
                assert outcome(lines, a, y) == outcome(as_float(formula), a, y)


@pytest.mark.parametrize(
    "formula",
    [
        lambda z: z if z > 0 else 0.0,
        lambda z: max(z, 0.0),
        lambda z: math.exp(z),
        lambda z: np.exp(z),
        lambda z: z * np.float64(2.0),
        lambda z: z * math.inf,
        lambda z: sum(z for _ in range(2)) and z,
        lambda z: float(z),
        lambda z: z.real,
        lambda z: [z],
    ],
)
def test_what_no_line_stands_for_is_not_written(formula):
    """A formula that branches, or calls what is not known, is no line; it is called instead."""
    assert written(formula, "z") is None


@given(z=st.floats(-5, 5))
def test_operators_bind_as_in_the_formula(z):
    """Negative constants, reflected operators and nested ones keep their meaning."""

    def formula(functions):
        return lambda z: (
            (-2.0) ** functions["where"](z > 0, 2.0, 3.0) - 3 / (1 + z * z) - -z / -0.5 + 1.5 % 2
        )

    assert outcome(compiled(formula({"where": WRITTEN["where"]}), "z"), z) == outcome(
        formula(FLOAT), z
    )


class Noisy(ns.Neuron):
    """a = z and a little, another little every time."""

    drawn: ClassVar[list[float]] = []

    @staticmethod
    def activate(z):
        """Return z and a number that grows with every call."""
        Noisy.drawn.append(1e-3)
        return z * where(z > 0, 1.0, 0.5) + len(Noisy.drawn)

    @staticmethod
    def derivative(z, a):
        """Return the slope."""
        return np.where(z > 0, 1.0, 0.5)


def test_a_persons_formula_is_called_every_time():
    """What a person states is called as it stands, whatever else it does."""
    layers = [ns.InputLayer(2), ns.Layer(3, Noisy), ns.Layer(1, Noisy)]
    made = []
    for n in (0, AFTER):
        Noisy.drawn.clear()
        net = ns.Network(layers, rng=1)
        net.engine(TraversalEngine).straight_line.passes = n
        Noisy.drawn.clear()
        net.forward([0.5, -1.5])
        net.forward([0.5, -1.5])
        net.backward([0.25])
        made.append(numbers(net, net.last_pass))
        assert len(Noisy.drawn) == 8
    assert made[0] == made[1]


def test_a_program_that_adds_otherwise_is_found(monkeypatch):
    """A planted fault: terms added up in another order are seen in some bit."""

    def backwards(source, name, terms):
        source.add(f"{name} = {' + '.join(['0.0', *terms[::-1]])}")

    monkeypatch.setattr(Source, "sum", backwards)
    net = ns.Network.layered([9, 9, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    loops, program = by_both(net, np.sin(np.arange(9.0)).tolist(), [0.5])
    assert loops != program
