"""Paths: a gradient is the sum, over all ways to the loss, of products of named factors."""

import math

import networkx as nx
import numpy as np
import pytest
import wirings
from hypothesis import given
from hypothesis import strategies as st

import neurosim as ns


@pytest.fixture
def mazur():
    """The 2-2-2 network of Mazur's worked example, traced."""
    hidden = ns.Layer(
        2, ns.SigmoidNeuron, weights=[[0.15, 0.25], [0.20, 0.30]], biases=[0.35, 0.35]
    )
    output = ns.Layer(
        2, ns.SigmoidNeuron, weights=[[0.40, 0.50], [0.45, 0.55]], biases=[0.60, 0.60]
    )
    net = ns.Network([ns.InputLayer(2), hidden, output], loss=ns.QuadraticCost())
    return net.trace([0.05, 0.10], [0.01, 0.99])


def close(found, total):
    """Whether the listed values add up to a number, to 1e-12 of their absolute terms."""
    values = [path.value for path in found]
    scale = math.fsum(map(abs, values)) + abs(total)
    return abs(math.fsum(values) + found.penalty - total) <= 1e-12 * scale + 1e-300


def subjects(net):
    """Every edge and bias of a network."""
    biases = [f"{n.label}.bias" for n in net.neurons if not isinstance(n, ns.InputNeuron)]
    return [*(net[pair].label for pair in net.graph.edges), *biases]


# -- the sum -----------------------------------------------------------------------------------


@given(st.data())
def test_paths_add_up_to_the_gradient_on_any_wiring(data):
    """For every weight, the shared ones too, and every bias; skips, softmax, several outputs."""
    case = data.draw(wirings.cases())
    trace = case.network().trace(case.X, case.Y)
    net = trace.network
    for what in data.draw(st.lists(st.sampled_from(subjects(net)), min_size=1, max_size=5)):
        found = trace.paths(what)
        is_edge = "->" in what
        number = net[what].own_gradient if is_edge else trace.snapshot.gradient[_slot(net, what)]
        assert found.total == pytest.approx(number, rel=1e-12, abs=1e-300)
        if len(found) == found.count:
            assert close(found, number)
        assert len({path.neurons for path in found}) == len(found)


def _slot(net, what):
    return net.directory.parameter(what)


@given(st.data())
def test_paths_of_a_sample_add_up_to_its_part_and_to_the_delta(data):
    """Per sample the same law; the parts are those of the gradient, dJ/dx and dJ/dz included."""
    case = data.draw(wirings.cases(plain=True))
    trace = case.network().trace(case.X, case.Y)
    net, n = trace.network, len(case.X)
    what = data.draw(st.sampled_from(subjects(net)))
    parts = [trace.paths(what, sample=i) for i in range(n)]
    assert [part.total for part in parts] == pytest.approx(
        [part.value for part in trace.contributions(what)], rel=1e-12
    )
    neuron = data.draw(st.sampled_from(net.neurons))
    deltas = [trace.paths(neuron.label, sample=i) for i in range(n)]
    assert [found.total for found in deltas] == neuron.delta.tolist()
    assert all(close(found, found.total) for found in parts + deltas if len(found) == found.count)


@given(st.data(), st.integers(1, 6))
def test_the_k_largest_are_the_first_of_all(data, k):
    """What the search finds without listing is what sorting the whole list gives."""
    case = data.draw(wirings.cases(plain=True))
    trace = case.network().trace(case.X, case.Y)
    what = data.draw(st.sampled_from(subjects(trace.network)))
    everything, few = trace.paths(what), trace.paths(what, k=k)
    sizes = [abs(path.value) for path in everything]
    assert sizes == sorted(sizes, reverse=True)
    assert len(few) == min(k, few.count)
    assert few.count == everything.count
    assert [abs(p.value) for p in few] == pytest.approx(sizes[: len(few)], rel=1e-12)


@given(st.data())
def test_the_count_is_that_of_all_simple_paths(data):
    """Counted by the network's graph: where no neuron is coupled, every path is one of its."""
    case = data.draw(wirings.cases(plain=True, loss=ns.MeanSquaredError()))
    net = case.network()
    if any(isinstance(neuron, ns.CoupledNeuron) for neuron in net.neurons):
        return
    trace = net.trace(case.X, case.Y)
    ends = [net.neurons[i] for i in net.wiring.outputs]
    for neuron in net.neurons:
        ways = sum(
            1 if end is neuron else sum(1 for _ in nx.all_simple_paths(net.graph, neuron, end))
            for end in ends
        )
        assert trace.paths(neuron.label, sample=0).count == ways


def test_a_value_is_the_product_of_its_factors(mazur):
    """Exactly, in the order in which they stand; each factor is the network's own number."""
    net, path = mazur.network, mazur.paths("input[0]->hidden1[1]")[1]
    assert path.neurons == ("input[0]", "hidden1[1]", "output[1]")
    a, o = net["hidden1[1]"].activation, net["output[1]"].activation
    expected = {
        "a[input[0]]": 0.05,
        "s'(z[hidden1[1]])": a * (1 - a),
        "w[hidden1[1]->output[1]]": 0.55,
        "s'(z[output[1]])": o * (1 - o),
        "dJ/da[output[1]]": o - 0.99,
    }
    assert dict(path.factors) == pytest.approx(expected, rel=1e-13)
    assert [factor.name for factor in path.factors] == list(expected)
    assert path.value == math.prod(value for _, value in path.factors)


def test_paths_are_written_out(mazur):
    """Every path with its neurons, its names, its numbers and its value; signs are kept."""
    assert str(mazur.paths("hidden1[0]->output[0]")) == (
        "dJ/dw[hidden1[0]->output[0]] = 0.082167: 1 path\n\n"
        "1. hidden1[0] -> output[0]\n"
        "     a[hidden1[0]]*s'(z[output[0]])*dJ/da[output[0]]\n"
        "   = 0.59327*0.186816*0.741365\n"
        "   = 0.082167"
    )
    found = mazur.paths("input[0]->hidden1[1]", k=1)
    assert str(found).endswith(f"\n\nThe other path is {found.rest:.6g}")
    assert "*0.17551*(-0.217072)\n" in str(mazur.paths("input[0]->hidden1[1]"))
    assert repr(found) == f"Paths(dJ/dw[input[0]->hidden1[1]] = {found.total!r}: 2 paths, 1 listed)"
    assert found.rest + found[0].value == pytest.approx(found.total, rel=1e-14)
    assert mazur.paths("input[0]->hidden1[1]").rest == 0.0


def test_a_slice_has_the_same_sum(mazur):
    """Some of the paths are still paths of the same derivative."""
    few = mazur.paths("input[0]")[:1]
    assert (len(few), few.count, few.symbol) == (1, 4, "delta[input[0]]")
    assert few.total == mazur.network["input[0]"].delta


# -- what stands on the way --------------------------------------------------------------------


def test_softmax_passes_on_by_cross_terms():
    """With another loss, each z of the layer acts on every a: as many paths, da_j/dz_i each."""
    output = ns.Layer(3, ns.SoftmaxNeuron)
    net = ns.Network([ns.InputLayer(2), output], loss=ns.MeanSquaredError(), rng=1)
    found = net.trace([1.0, 2.0], [0.0, 1.0, 0.0]).paths("input[0]->output[0]")
    assert {path.neurons for path in found} == {
        ("input[0]", "output[0]"),
        ("input[0]", "output[0]", "output[1]"),
        ("input[0]", "output[0]", "output[2]"),
    }
    names = {path.factors[1].name for path in found}
    assert names == {f"da[output[{j}]]/dz[output[0]]" for j in range(3)}
    assert close(found, found.total)


@pytest.mark.parametrize(
    ("kind", "loss"),
    [
        (ns.SigmoidNeuron, ns.BinaryCrossEntropy()),
        (ns.SoftmaxNeuron, ns.CategoricalCrossEntropy()),
    ],
)
def test_partners_end_in_one_exact_factor(kind, loss):
    """Loss and output together are dJ/dz = (a - y)/n, also where a is saturated."""
    net = ns.Network([ns.InputLayer(1), ns.Layer(2, kind, weights=[[900.0, -900.0]])], loss=loss)
    trace = net.trace([[1.0], [1.0]], [[0.0, 1.0], [1.0, 0.0]])
    (path,) = trace.paths("input[0]->output[0]", sample=0)
    assert path.factors == (("a[input[0]]", 1.0), ("dJ/dz[output[0]]", 0.5))
    (both,) = trace.paths("input[0]->output[0]")
    assert both.factors[1].value.tolist() == [0.5, 0.0]


def test_dropout_is_a_factor():
    """The mask of the step stands among the factors; a dropped neuron's paths are 0."""
    net = ns.Network.layered([2, 6, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=3)
    net.regularize(ns.Dropout(0.5))
    trace = net.trace([1.0, -1.0], [0.5], training=True)
    found = trace.paths("input[0]")
    masks = {dict(path.factors)[f"m[{path.neurons[1]}]"] for path in found}
    assert masks == {0.0, 2.0}
    assert found.count == 6
    assert close(found, trace.network["input[0]"].delta)


def test_an_input_that_is_dropped_has_its_mask():
    """Also dJ/dx starts with the mask of x."""
    net = ns.Network.layered([2, 2, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=3)
    net.regularize(ns.Dropout(0.5), "input")
    for seed in range(4):
        net.streams.dropout = np.random.default_rng(seed)
        trace = net.trace([1.0, -1.0], [0.5], training=True)
        for label in ("input[0]", "input[1]"):
            assert trace.paths(label)[0].factors[0].name == f"m[{label}]"
            assert close(trace.paths(label), trace.network[label].delta)


def normalized_network():
    """A network with batch normalization whose averages have moved."""
    hidden = ns.Layer(3, ns.TanhNeuron, normalization=ns.BatchNormalization())
    net = ns.Network([ns.InputLayer(2), hidden, ns.Layer(1, ns.LinearNeuron)], rng=2)
    X, Y = np.random.default_rng(0).normal(size=(5, 2)), np.ones((5, 1))
    net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=3)
    return net, X, Y


@pytest.mark.parametrize(
    "what", ["input[0]->hidden1[1]", "hidden1[1].bias", "hidden1[1].gamma", "output[0].bias"]
)
def test_normalization_by_running_averages_is_a_factor(what):
    """gamma / sqrt(var + epsilon) stands on the way from z; beta and gamma begin behind it."""
    net, X, Y = normalized_network()
    trace = net.trace(X, Y)
    found = trace.paths(what)
    assert close(found, trace.snapshot.gradient[_slot(net, what)])
    names = [factor.name for factor in found[0].factors]
    assert ("du/dz[hidden1[1]]" in names) == ("->" in what)


def test_normalization_by_the_batch_is_refused():
    """There the samples act on each other; beta, behind it, has its paths still."""
    net, X, Y = normalized_network()
    trace = net.trace(X, Y, training=True)
    with pytest.raises(ns.ArgumentError) as error:
        trace.paths("input[0]->hidden1[1]")
    assert str(error.value) == (
        "Trace.paths: in training the normalization of 'hidden1[1]' divides by the standard "
        "deviation of the whole batch, so every sample's z acts on every other's, and there is no "
        "product per path. Trace without training=True, where the running averages are constants."
    )
    for what in ("hidden1[1].bias", "hidden1[1].gamma"):
        assert close(trace.paths(what), trace.snapshot.gradient[_slot(net, what)])


def test_a_penalty_is_a_term_of_its_own():
    """The paths and the penalty's derivative add up to the gradient; no sample has it."""
    net = ns.Network.layered([2, 2, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    net.regularize(ns.L2(0.5))
    net.regularize(ns.L1(0.25))
    trace = net.trace([[1.0, 2.0], [0.0, 1.0]], [[1.0], [0.0]])
    found, edge = trace.paths("input[1]->hidden1[0]"), trace.network["input[1]", "hidden1[0]"]
    assert found.penalty == pytest.approx(0.5 * edge.weight + 0.25 * np.sign(edge.weight))
    assert found.total == edge.gradient
    assert close(found, edge.gradient)
    assert str(found).endswith(f"The penalty on the weight adds {found.penalty:.6g}")
    assert trace.paths("input[1]->hidden1[0]", sample=1).penalty == 0.0
    assert trace.paths("hidden1[0].bias").penalty == 0.0


def test_deltas_without_1_n_have_it_as_a_factor_of_the_gradient():
    """The gradient is the same number by either convention, and delta the trace's own."""
    net = ns.Network.layered([2, 2, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    X, Y = [[1.0, 2.0], [0.0, 1.0]], [[1.0], [0.0]]
    trace = net.trace(X, Y, per_sample=True)
    for sample in (None, 0, 1):
        found = trace.paths("input[0]->hidden1[1]", sample=sample)
        other = net.trace(X, Y).paths("input[0]->hidden1[1]", sample=sample)
        assert found[0].factors[0] == ("1/n", 0.5)
        assert found.total == pytest.approx(other.total, rel=1e-14, abs=1e-300)
        assert close(found, found.total)
    delta = trace.of("hidden1[1]", "delta", sample=0)[0].value
    assert trace.paths("hidden1[1]", sample=0).total == delta
    assert close(trace.paths("hidden1[1]", sample=0), delta)


def test_single_precision_adds_up_as_well():
    """To the precision of its engine."""
    net = ns.Network.layered(
        [3, 4, 2], hidden=ns.SwishNeuron, output=ns.LinearNeuron, rng=1, dtype="float32"
    )
    found = net.trace([1.0, 2.0, -1.0], [0.0, 1.0]).paths("input[0]->hidden1[2]")
    assert sum(path.value for path in found) == pytest.approx(found.total, rel=1e-5)


# -- many, few and none ------------------------------------------------------------------------


def test_too_many_paths_are_counted_and_the_largest_listed():
    """10^12 paths: the count is exact, ten are listed, and no more than is asked for is built."""
    sizes = [1, *[10] * 12, 1]
    net = ns.Network.layered(sizes, hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    trace = net.trace([1.0], [0.0])
    found = trace.paths("input[0]")
    assert (found.count, len(found)) == (10**12, 10)
    assert str(found).startswith(f"delta[input[0]] = {found.total:.6g}: {10**12} paths; the 10")
    assert len(trace.paths("input[0]", k=25)) == 25


def test_a_thousand_neurons_in_a_row_are_one_path():
    """Nothing recurses."""
    graph = nx.DiGraph()
    for i in range(1500):
        graph.add_node(f"n{i}", neuron=ns.LinearNeuron)
        graph.add_edge(f"n{i - 1}" if i else "x", f"n{i}", weight=1.0)
    (path,) = ns.Network.from_graph(graph).trace([1.0], [0.0]).paths("x->n0")
    assert len(path.neurons) == 1501
    assert path.value == 2.0


def test_what_the_loss_does_not_depend_on_has_no_path():
    """Its derivative is 0, the sum of no terms; the kind on the way needs no derivative."""
    graph = nx.DiGraph([("x", "y"), ("x", "idle")])
    graph.nodes["y"]["neuron"] = ns.LinearNeuron
    graph.nodes["idle"]["neuron"] = ns.Perceptron
    found = ns.Network.from_graph(graph, outputs=["y"], rng=1).trace([1.0], [0.0]).paths("x->idle")
    assert (list(found), found.total, found.count) == ([], 0.0, 0)
    assert str(found) == "dJ/dw[x->idle] = 0: no path, as the loss does not depend on it"


def test_a_tied_edge_has_its_own_part():
    """The parts of the edges that share a weight add up to its gradient."""
    graph = nx.DiGraph()
    for node in ("h1", "h2", "y"):
        graph.add_node(node, neuron=ns.TanhNeuron)
    for source, target, tied in [("x", "h1", "t"), ("x", "h2", "t"), ("h1", "y", None)]:
        graph.add_edge(source, target, weight=0.5, **({"tied": tied} if tied else {}))
    graph.add_edge("h2", "y", weight=-0.2)
    trace = ns.Network.from_graph(graph).trace([[1.0], [2.0]], [[0.5], [0.1]])
    one, other = trace.paths("x->h1"), trace.paths("x->h2")
    assert one.total == trace.network["x", "h1"].own_gradient
    assert one.total + other.total == pytest.approx(trace.network["x", "h1"].gradient)


@pytest.mark.parametrize(
    "name",
    [
        lambda net: "input[0]->hidden1[0]",
        lambda net: ("input[0]", "hidden1[0]"),
        lambda net: net["input[0]", "hidden1[0]"],
        lambda net: (net["input[0]"], net["hidden1[0]"]),
    ],
)
def test_an_edge_is_named_in_any_way(name):
    """By text, by its ends, or as the object of the network that was traced."""
    net = ns.Network.layered([1, 1, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
    trace = net.trace([1.0], [0.5])
    assert trace.paths(name(trace.network)).symbol == "dJ/dw[input[0]->hidden1[0]]"
    if not isinstance(name(net), tuple) or isinstance(name(net)[0], str):
        assert trace.paths(name(net)).symbol == "dJ/dw[input[0]->hidden1[0]]"


# -- errors and the drawing --------------------------------------------------------------------


def test_unknown_names_are_told_with_the_nearest(mazur):
    """As everywhere in the house."""
    with pytest.raises(ns.UnknownNeuronError) as error:
        mazur.paths("hiden1[0].bias")
    assert str(error.value).endswith("Did you mean 'hidden1[0]' or 'hidden1[1]'?")
    with pytest.raises(ns.UnknownEdgeError):
        mazur.paths("input[0]->output[0]")
    with pytest.raises(ns.ArgumentError) as error:
        mazur.paths("input[0].bias")
    assert str(error.value) == ("Network: 'input[0]' has no bias; an input is given, not computed.")


@pytest.mark.parametrize(
    ("asked", "kind", "message"),
    [
        ({"k": 0}, ns.ArgumentError, "Trace.paths: k must be a positive whole number; got 0."),
        (
            {"k": 1.5},
            ns.ArgumentTypeError,
            "Trace.paths: k must be a positive whole number; got 1.5.",
        ),
        (
            {"k": 10**6},
            ns.ArgumentError,
            "Trace.paths: k must be at most 100000, the paths that can be listed; got 1000000.",
        ),
        (
            {"sample": 1},
            ns.ArgumentError,
            "Trace.paths: sample must be below 1, the number of samples; got 1.",
        ),
    ],
)
def test_k_and_sample_must_make_sense(mazur, asked, kind, message):
    """They are checked before anything is searched."""
    with pytest.raises(kind) as error:
        mazur.paths("input[0]", **asked)
    assert str(error.value) == message


def test_a_delta_of_a_batch_belongs_to_one_sample(mazur):
    """A sum of deltas would be the gradient of the bias."""
    trace = mazur.network.copy().trace([[1.0, 2.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]])
    with pytest.raises(ns.ArgumentError) as error:
        trace.paths("hidden1[0]")
    assert str(error.value) == (
        "Trace.paths: each of the 2 samples has its own delta of 'hidden1[0]'; name one with "
        "sample=0, or ask for the gradient of an edge or of 'output[1].bias'."
    )


def test_without_targets_there_are_no_paths():
    """A forward pass alone has no gradient; where a kind has none, that is why."""
    net = ns.Network.layered([1, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
    with pytest.raises(ns.ArgumentError) as error:
        net.trace([1.0], None).paths("input[0]")
    assert str(error.value) == (
        "Trace.paths: the trace has no gradients, as it was recorded without targets; give "
        "net.trace(x, y) both."
    )
    net = ns.Network.layered([1, 1], hidden=ns.TanhNeuron, output=ns.Perceptron, rng=1)
    with pytest.raises(ns.NoDerivativeError):
        net.trace([1.0], None).paths("input[0]")


def test_a_factor_that_overflows_is_told():
    """Paths of infinite numbers would add up to nothing."""
    output = ns.Layer(1, ns.LinearNeuron, weights=[[1e200]])
    net = ns.Network([ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[1e200]]), output])
    with pytest.raises(ns.NotFiniteError) as error:
        net.trace([1.0], [0.0]).paths("input[0]->hidden1[0]")
    assert str(error.value) == (
        "Trace.paths: the factor dJ/da[output[0]] is not a finite number, as some number of the "
        "step is too large; scale the inputs or use smaller weights."
    )


def test_paths_are_drawn_on_the_network(mazur, tmp_path, monkeypatch):
    """Their neurons and edges are what stands out; a slice draws some of them."""
    asked = {}
    monkeypatch.setattr(ns.Trace, "draw", lambda trace, path, **options: asked.update(options))
    mazur.paths("input[0]->hidden1[1]", k=1).draw(title="one")
    edges = [item.label for item in asked["highlight"] if isinstance(item, ns.Edge)]
    assert edges == ["input[0]->hidden1[1]", "hidden1[1]->output[0]"]
    assert asked["title"] == "one"
    monkeypatch.undo()
    file = tmp_path / "paths.svg"
    mazur.paths("input[0]->hidden1[1]").draw(file)
    assert file.stat().st_size > 1000
