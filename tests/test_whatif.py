"""What if: what another number would do, told truthfully, and the network stays as it is."""

import door
import matplotlib as mpl
import numpy as np
import pytest
import wirings
from drawn import closed_figures
from hypothesis import assume, given
from hypothesis import strategies as st

import neurosim as ns

__all__ = ["closed_figures"]

X, Y = np.array([[0.05, 0.10], [1.0, -1.0]]), np.array([[0.01, 0.99], [1.0, 0.0]])
EDGE = "input[0]->hidden1[1]"


def network(**options):
    """2-3-2 sigmoids."""
    kinds = {"hidden": ns.SigmoidNeuron, "output": ns.SigmoidNeuron}
    return ns.Network.layered([2, 3, 2], **kinds, rng=1, **options)


def state(net):
    """All that might be changed by mistake."""
    return (
        *(net.parameters.tobytes(), net.gradient.tobytes(), net.averages.tobytes()),
        *(net.frozen.tobytes(), net.start.tobytes(), id(net.wiring), id(net.last_pass)),
    )


# -- the loss along a weight -------------------------------------------------------------------


@given(st.data())
def test_the_curve_is_the_loss_and_the_slope_its_gradient(data):
    """Every loss is that of a network with this weight; the slope is backpropagation's number."""
    case = data.draw(wirings.cases())
    net = case.network()
    slot = data.draw(st.integers(0, len(net.parameters) - 1))
    label = net.parameter_label(slot)
    before = state(net)
    curve = ns.loss_along(net, label, case.X, case.Y, points=3)
    assert state(net) == before
    assert (curve.label, curve.value) == (label, net.parameters[slot])
    assert curve.loss == net.loss_of(case.X, case.Y)
    other = net.copy()
    for value, loss in zip(curve.values, curve.losses, strict=True):
        other.parameters[slot] = value
        assert other.loss_of(case.X, case.Y) == loss
    net.forward(case.X)
    net.backward(case.Y)
    assert curve.slope == net.gradient[slot]


def test_the_tangent_touches_the_curve():
    """Near the point they differ by the square of the distance."""
    net = network()
    far, near = (ns.loss_along(net, EDGE, X, Y, span=s, points=2) for s in (1e-2, 1e-3))
    errors = [abs(c.losses - c.tangent(c.values)).max() for c in (far, near)]
    assert near.tangent(near.value) == near.loss
    assert 50 < errors[0] / errors[1] < 200


@pytest.mark.parametrize(
    ("span", "ends"), [(None, (-1.0, 1.0)), (0.5, (-0.5, 0.5)), ((2, 4), (2.0, 4.0))]
)
def test_the_span_is_around_the_value_or_as_told(span, ends):
    """Without one it goes 1 to both sides, or the parameter's own size."""
    net = network()
    curve = ns.loss_along(net, "output[1].bias", X, Y, span=span, points=11)
    assert (curve.values[0], curve.values[-1], len(curve.values)) == (*ends, 11)
    net["output[1]"].bias = 3.0
    if span is None:
        assert ns.loss_along(net, "output[1].bias", X, Y).values[[0, -1]].tolist() == [0.0, 6.0]


def test_a_penalty_is_part_of_the_curve():
    """So the tangent, which is the gradient's, touches it."""
    net = network()
    net.regularize(ns.L2(0.5))
    curve = ns.loss_along(net, EDGE, X, Y)
    assert curve.objective == "MeanSquaredError + penalty"
    assert curve.loss == net.loss_of(X, Y) + net.penalty()
    net.forward(X)
    net.backward(Y)
    assert curve.slope == net[EDGE].gradient


def test_a_normalized_network_is_taken_as_it_predicts():
    """With its running averages, and in the person's units."""
    hidden = ns.Layer(3, ns.TanhNeuron, normalization=ns.BatchNormalization())
    net = ns.Network([ns.InputLayer(2), hidden, ns.Layer(2, ns.LinearNeuron)], rng=2)
    net.scale(inputs=ns.Standardizer().fit(X))
    net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=3)
    curve = ns.loss_along(net, "hidden1[1].gamma", X, Y, span=1e-4, points=2)
    assert curve.loss == net.loss_of(X, Y)
    assert curve.slope == pytest.approx(np.diff(curve.losses)[0] / 2e-4, rel=1e-6)


def test_without_a_derivative_there_is_a_curve_without_a_tangent():
    """Steps, as of a perceptron; whoever asks for the slope is told why there is none."""
    net = ns.Network.layered([2, 1], hidden=None, output=ns.Perceptron, rng=1)
    curve = ns.loss_along(net, "input[0]->output[0]", *ns.datasets.gates("and"))
    assert set(curve.losses.tolist()) <= {0.0, 0.25, 0.5, 0.75, 1.0}
    assert not curve.smooth
    with pytest.raises(ns.NoDerivativeError) as error:
        _ = curve.slope
    assert str(error.value) == (
        "Neuron 'output[0]': Perceptron has no derivative, so no gradient can pass through it. "
        "Use SigmoidNeuron, its smooth relative, or train a layer of them with PerceptronRule."
    )
    assert len(curve.plot().lines) == 2


def test_losses_that_overflow_are_gaps():
    """Unless all do."""
    output = ns.Layer(1, ns.LinearNeuron, weights=[[1.0]])
    net = ns.Network([ns.InputLayer(1), output])
    curve = ns.loss_along(net, "input[0]->output[0]", [1.0], [0.0], span=(0.0, 1e200), points=2)
    assert curve.losses[0] == 0.0
    assert np.isnan(curve.losses[1])
    assert np.isfinite(curve.plot().get_ylim()).all()
    with pytest.raises(ns.NotFiniteError) as error:
        ns.loss_along(net, "input[0]->output[0]", [1.0], [0.0], span=(1e200, 1e201))
    assert str(error.value) == (
        "loss_along: the loss is not a finite number anywhere within the span; narrow it, or "
        "scale the inputs."
    )


def test_the_plot_shows_curve_tangent_and_point(tmp_path):
    """What is drawn are the numbers of the result; matplotlib's settings stay."""
    curve, settings = ns.loss_along(network(), EDGE, X, Y), dict(mpl.rcParams)
    axes = curve.plot(title="One weight")
    drawn, tangent, here = axes.lines
    assert np.array_equal(drawn.get_xydata(), np.column_stack([curve.values, curve.losses]))
    assert np.array_equal(tangent.get_ydata(), curve.tangent(curve.values))
    assert here.get_xydata().tolist() == [[curve.value, curve.loss]]
    assert (axes.get_xlabel(), axes.get_ylabel()) == (EDGE, "loss (MeanSquaredError)")
    assert axes.get_title() == "One weight"
    assert dict(mpl.rcParams) == settings
    curve.plot(path=tmp_path / "curve.svg")
    assert (tmp_path / "curve.svg").stat().st_size > 1000


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"span": (2, 1)}, ns.ArgumentError, "span must go from low to high; got (2, 1)."),
        (
            {"span": (1, 2, 3)},
            ns.ShapeError,
            "span must be (low, high), or one number, how far to go to both sides; got (1, 2, 3).",
        ),
        (
            {"span": -1},
            ns.ArgumentError,
            "span must be a finite number greater than 0; got -1.",
        ),
        (
            {"points": 1},
            ns.ArgumentError,
            "points must be a whole number from 2; got 1.",
        ),
    ],
)
def test_span_and_points_must_make_sense(options, kind, message):
    """The message says what they must be."""
    with pytest.raises(kind) as error:
        ns.loss_along(network(), EDGE, X, Y, **options)
    assert str(error.value) == f"loss_along: {message}"


def test_one_parameter_is_meant():
    """Not a neuron with all of its weights, and none that is unknown."""
    with pytest.raises(ns.ArgumentError, match="stands for 3 parameters, but one is meant"):
        ns.loss_along(network(), "hidden1[1]", X, Y)
    with pytest.raises(ns.UnknownNeuronError, match=r"Did you mean 'hidden1\[0\]'"):
        ns.loss_along(network(), "hiden1[0].bias", X, Y)
    with pytest.raises(ns.UnknownEdgeError):
        ns.loss_along(network(), "input[0]->output[0]", X, Y)


# -- before and after --------------------------------------------------------------------------


def numbers(net, x, y):
    """Every number of a step, by the graph engine."""
    net.forward(x)
    loss = net.backward(y)
    found = {("loss", "loss", None): loss}
    for neuron in net.neurons:
        for name, value in [("z", neuron.z), ("a", neuron.activation), ("delta", neuron.delta)]:
            for sample, one in enumerate([] if value is None else np.atleast_1d(value)):
                found[neuron.label, name, sample] = float(one)
        if neuron.bias is not None:
            found[neuron.label, "bias", None] = neuron.bias
            found[f"{neuron.label}.bias", "gradient", None] = neuron.bias_gradient
    for u, v in net.graph.edges:
        edge = net[u, v]
        found[edge.label, "weight", None] = edge.weight
        found[edge.label, "gradient", None] = edge.gradient
    return found


CHANGES = {
    "weight": (ns.Change(EDGE, weight=2.0), lambda net: setattr(net[EDGE], "weight", 2.0)),
    "bias": (ns.Change("hidden1[0]", bias=-1), lambda net: setattr(net["hidden1[0]"], "bias", -1)),
    "cut": (ns.Cut(EDGE), lambda net: net.disconnect("input[0]", "hidden1[1]")),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_number_that_changes_is_told_and_no_other(name):
    """The differences are those between the graph engine's numbers of two networks."""
    change, by_hand = CHANGES[name]
    net, other = network(), network()
    by_hand(other)
    before = state(net)
    found = ns.before_after(net, change, X, Y)
    assert state(net) == before
    one, two = numbers(net.copy(), X, Y), numbers(other, X, Y)
    expected = {
        key
        for key in one
        if key not in two or one[key] != pytest.approx(two[key], rel=1e-11, abs=1e-15)
    }
    told = {(d.subject, d.quantity, d.sample): (d.before, d.after) for d in found.differences}
    assert set(told) == expected
    for key, (was, is_now) in told.items():
        assert was == one[key]
        assert is_now == (pytest.approx(two[key], rel=1e-12) if key in two else None)
    assert found.loss == (one["loss", "loss", None], found.after.snapshot.loss)
    assert np.array_equal(found.outputs[1], other.forward(X))


@given(st.data())
def test_a_clamped_neuron_passes_on_its_value_and_no_gradient(data):
    """On any wiring the outputs are those with the biases of its readers moved by w value."""
    case = data.draw(wirings.cases(plain=True))
    net = case.network()
    free = [
        n.label
        for n in net.neurons
        if not isinstance(n, ns.InputNeuron | ns.CoupledNeuron) and n.label not in case.outputs
    ]
    assume(free)
    label, value = data.draw(st.sampled_from(free)), data.draw(st.sampled_from([0.0, -0.7, 2.0]))
    change = ns.Clamp(label, value) if value else ns.Cut(label)
    found = ns.before_after(net, change, case.X, case.Y)
    clamped = found.after.network
    assert np.unique(clamped[label].activation) == value
    assert not np.any(clamped[label].delta)
    by_hand = net.copy()
    for reader in list(by_hand.graph.successors(by_hand[label])):
        by_hand[reader.label].bias += by_hand[label, reader.label].weight * value
        by_hand[label, reader.label].weight = 0.0
    expected = by_hand.predict(case.X)
    assert found.outputs[1] == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert clamped.copy().predict(case.X) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_the_gradient_of_a_clamped_network_is_true():
    """Finite differences of the changed network say so."""
    clamped = ns.before_after(network(), ns.Clamp("hidden1[2]", 0.9), X, Y).after.network.copy()
    assert ns.check_gradient(clamped, X, Y).ok
    assert weights(clamped) == weights(network())


def weights(net):
    """Every weight by its edge."""
    return {net[pair].label: net[pair].weight for pair in net.graph.edges}


def test_a_clamped_neuron_keeps_its_normalization():
    """z, gamma and the running averages stay what they were; only the activation is another."""
    hidden = ns.Layer(3, ns.TanhNeuron, normalization=ns.BatchNormalization())
    net = ns.Network([ns.InputLayer(2), hidden, ns.Layer(2, ns.LinearNeuron)], rng=2)
    net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=3)
    found = ns.before_after(net, ns.Clamp("hidden1[1]", 0.25), X, Y)
    assert found.of("hidden1[1]", "z") == []
    assert not [one for one in found.differences if one.quantity in ("gamma", "bias", "weight")]
    assert {one.after for one in found.of("hidden1[1]", "a")} == {0.25}


@pytest.mark.parametrize(
    ("change", "value"), [(ns.Cut("input[1]"), 0.0), (ns.Clamp("input[1]", 3), 3.0)]
)
def test_an_input_is_held(change, value):
    """Every sample has that number there; the person's X stays."""
    given = X.copy()
    found = ns.before_after(network(), change, given, Y)
    held = X.copy()
    held[:, 1] = value
    assert np.array_equal(found.outputs[1], network().forward(held))
    assert [one.after for one in found.of("input[1]", "a")] == [value] * 2
    assert np.array_equal(given, X)


@pytest.mark.parametrize("optimizer", door.OPTIMIZERS, ids=door.name_of)
def test_what_is_frozen_stays_in_an_update(optimizer):
    """Its new value is the old one; nothing else is another number."""
    net = network()
    found = ns.before_after(net, ns.Freeze("hidden1[1]"), X, Y, optimizer=door.made(optimizer))
    about = {"input[0]->hidden1[1]", "input[1]->hidden1[1]", "hidden1[1].bias"}
    assert {(d.subject, d.quantity) for d in found.differences} == {
        (subject, quantity) for subject in about for quantity in ("frozen", "new")
    }
    assert found.of(EDGE, "new")[0].after == net[EDGE].weight
    assert not net.frozen.any()


def test_the_samples_are_those_of_the_last_pass():
    """Where none are given; the network's numbers are still shown."""
    net = network()
    net.forward(X[0])
    forward = ns.before_after(net, ns.Cut(EDGE))
    assert forward.loss is None
    assert {one.quantity for one in forward.differences} == {"weight", "z", "a"}
    net.backward(Y[0])
    found = ns.before_after(net, ns.Cut(EDGE))
    assert found.differences == ns.before_after(net, ns.Cut(EDGE), X[0], Y[0]).differences
    assert found.loss[0] == net.loss_of(X[0], Y[0])
    assert net["hidden1[1]"].delta is not None


def test_units_are_scaled_once():
    """Samples of the last pass are scaled already."""
    net = network()
    net.scale(inputs=ns.Standardizer().fit(10 * X), outputs=ns.MinMaxScaler().fit(Y))
    net.forward(10 * X)
    net.backward(Y)
    one, other = ns.before_after(net, ns.Cut(EDGE)), ns.before_after(net, ns.Cut(EDGE), 10 * X, Y)
    assert one.differences == other.differences


def test_any_function_or_network_is_a_change():
    """A function changes a copy or returns another; a network is taken as it is."""
    net, trained = network(), network()
    trained.fit(X, Y, optimizer=ns.SGD(0.5), epochs=3)

    def train(copy):
        copy.fit(X, Y, optimizer=ns.SGD(0.5), epochs=3)

    found = ns.before_after(net, train, X, Y)
    assert found.differences == ns.before_after(net, trained, X, Y).differences
    assert found.differences == ns.before_after(net, lambda _: trained, X, Y).differences
    assert repr(found) == f"BeforeAfter(train: {len(found.differences)} numbers differ)"
    assert str(ns.before_after(net, lambda _: None, X, Y)) == "The change: no number changes."


def test_the_table_has_every_number_before_and_after():
    """Rows in the order of computation, columns aligned; of a batch each row says which sample."""
    output = ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])
    net = ns.Network([ns.InputLayer(1), output])
    edge = "input[0]->output[0]"
    assert str(ns.before_after(net, ns.Cut(edge), [[2.0], [0.0]], [[9.0], [1.0]])) == "\n".join(
        [
            "Cut('input[0]->output[0]')",
            "                              before  after  change",
            "input[0]->output[0] weight         3      -",
            "output[0] z, sample 0              7      1      -6",
            "output[0] a, sample 0              7      1      -6",
            "loss                               2     32     +30",
            "output[0] delta, sample 0         -2     -8      -6",
            "input[0] delta, sample 0          -6      0      +6",
            "input[0]->output[0] gradient      -4      -",
            "output[0].bias gradient           -2     -8      -6",
        ]
    )
    found = ns.before_after(
        network(), ns.Clamp("input[0]", 5.0), np.tile(X, (4, 1)), np.tile(Y, (4, 1))
    )
    more = len(found.differences) - 60
    assert str(found).endswith(f"\n... and {more} more, in .differences")


def test_both_networks_are_drawn_side_by_side(tmp_path):
    """Before and after, what the change reaches standing out; as a file, too."""
    found = ns.before_after(network(), ns.Change(EDGE, weight=2.0), X[0], Y[0])
    axes = found.draw()
    titles = [[text.get_text() for text in one.texts] for one in axes]
    assert ["before" in titles[0], "after" in titles[1]] == [True, True]
    assert axes[0].figure is axes[1].figure
    for change in (ns.Cut(EDGE), ns.Cut("hidden1[0]"), ns.Freeze("hidden1[0]")):
        file = tmp_path / "two.svg"
        ns.before_after(network(), change, X, Y).draw(file)
        assert file.stat().st_size > 1000


def test_objects_of_the_network_name_what_is_changed():
    """A neuron, an edge, a layer: the copy has its like."""
    net = network()
    edge, neuron = net["input[0]", "hidden1[1]"], net["hidden1[1]"]
    assert repr(ns.Cut(edge)) == "Cut('input[0]->hidden1[1]')"
    for one, other in [
        (ns.Cut(edge), ns.Cut(("input[0]", "hidden1[1]"))),
        (ns.Clamp(neuron, 1.0), ns.Clamp("hidden1[1]", 1.0)),
        (ns.Freeze(net.layers[1]), ns.Freeze("hidden1")),
        (ns.Freeze(edge), ns.Freeze(("input[0]", "hidden1[1]"))),
        (ns.Freeze(edge), ns.Freeze(EDGE)),
    ]:
        results = [ns.before_after(net, change, X, Y).differences for change in (one, other)]
        assert results[0] == results[1] != ()


REFUSED = [
    (
        ns.Clamp("output[0]", 1.0),
        ns.ArgumentError,
        "Clamp('output[0]', 1.0): 'output[0]' is an output, whose activation the loss compares with the target; name a hidden neuron or an input.",
    ),
    (
        ns.Clamp(EDGE, 1.0),
        ns.ArgumentError,
        f"Clamp: {EDGE!r} is an edge, and activations belong to neurons; name one, or give the edge another weight with ns.Change.",
    ),
    (
        ns.Change(EDGE, bias=1.0),
        ns.ArgumentError,
        f"Change: {EDGE!r} is an edge, so give weight=; got bias=1.0.",
    ),
    (
        ns.Change("hidden1[0]", weight=1.0),
        ns.ArgumentError,
        "Change: 'hidden1[0]' is a neuron, so give bias= or gamma=; got weight=1.0.",
    ),
    (
        ns.Change("hidden1[0]", gamma=1.0),
        ns.ArgumentError,
        "Network: 'hidden1[0]' has no gamma, as its sums are not normalized.",
    ),
    (
        ns.Change("input[0]", bias=1.0),
        ns.ArgumentError,
        "Network: 'input[0]' has no bias; an input is given, not computed.",
    ),
    (
        ns.Cut("hiden1[0]"),
        ns.UnknownNeuronError,
        "Network: there is no neuron 'hiden1[0]'. Did you mean 'hidden1[0]' or 'hidden1[2]' or 'hidden1[1]'?",
    ),
    (
        "hidden1[0]",
        ns.ArgumentTypeError,
        "before_after: change must be such as ns.Change('a->b', weight=0.5), ns.Cut('a->b'), ns.Clamp('a', 0.0), ns.Freeze('a->b'), or a function that changes a copy of the network; got 'hidden1[0]'.",
    ),
    (
        lambda _: ns.Network.layered([1, 2], hidden=None, output=ns.SigmoidNeuron),
        ns.ArgumentError,
        "before_after: the changed network must have the same inputs, ['input[0]', 'input[1]']; got ['input[0]'].",
    ),
]


@pytest.mark.parametrize(("change", "kind", "message"), REFUSED)
def test_what_cannot_be_done_is_refused(change, kind, message):
    """And nothing is changed."""
    net = network()
    before = state(net)
    with pytest.raises(kind) as error:
        ns.before_after(net, change, X, Y)
    assert str(error.value) == message
    assert state(net) == before


def test_a_softmax_neuron_is_not_held_alone():
    """Its likes go on with its z."""
    layers = [ns.InputLayer(1), ns.Layer(2, ns.SoftmaxNeuron), ns.Layer(1, ns.LinearNeuron)]
    with pytest.raises(ns.ArgumentError) as error:
        ns.before_after(ns.Network(layers, rng=1), ns.Cut("hidden1[0]"), [1.0], [0.0])
    assert str(error.value) == (
        "Cut('hidden1[0]'): 'hidden1[0]' is a SoftmaxNeuron, which is computed together with its "
        "whole layer; name a neuron that has an activation of its own."
    )


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (
            lambda: ns.Change(EDGE),
            ns.ArgumentError,
            "Change: there is nothing to change; give weight= for an edge, or bias= or gamma= for "
            "a neuron.",
        ),
        (
            lambda: ns.Change(EDGE, weight=float("nan")),
            ns.ArgumentError,
            "Change: weight must be a finite number; got nan.",
        ),
        (
            lambda: ns.Clamp("hidden1[0]", "a"),
            ns.ArgumentTypeError,
            "Clamp: value must be a number; got 'a'.",
        ),
        (
            lambda: ns.before_after(network(), ns.Cut(EDGE)),
            ns.PassError,
            "before_after: there are no samples to compute with; give X and Y, or call "
            "net.forward(X) and net.backward(Y) first.",
        ),
        (
            lambda: ns.before_after(network(), ns.Cut(EDGE), X, optimizer=ns.SGD(0.1)),
            ns.ArgumentError,
            "before_after: an optimizer needs targets; give Y, too.",
        ),
        (
            lambda: ns.before_after(None, ns.Cut(EDGE), X),
            ns.ArgumentTypeError,
            "before_after: net must be a Network; got None.",
        ),
    ],
)
def test_arguments_that_make_no_sense(make, kind, message):
    """What they must be, and the remedy."""
    with pytest.raises(kind) as error:
        make()
    assert str(error.value) == message
