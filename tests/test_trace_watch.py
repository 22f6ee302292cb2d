"""Recording some of a step: a watch list, whole layers, and a limit for the rest."""

import door
import numpy as np
import pytest
import wirings
from hypothesis import given
from test_tracing import scale

import neurosim as ns


def net_of(sizes=(2, 3, 2), **options):
    """A layered network of tanh neurons."""
    kinds = {"hidden": ns.TanhNeuron, "output": ns.TanhNeuron}
    return ns.Network.layered(sizes, rng=1, **kinds, **options)


X = np.random.default_rng(0).normal(size=(4, 2))
Y = np.random.default_rng(1).normal(size=(4, 2))


def subjects(trace):
    """What a trace is about, in order."""
    return list(dict.fromkeys(step.subject for step in trace))


@pytest.mark.parametrize(
    ("watch", "told"),
    [
        (["loss"], ["loss"]),
        (["input[0]->hidden1[1]"], ["input[0]->hidden1[1]"]),
        (["hidden1[2].bias"], ["hidden1[2].bias"]),
        (["input[1]"], ["input[1]"]),
        (
            ["hidden1[1]", "loss"],
            [
                "hidden1[1]",
                "loss",
                "input[0]->hidden1[1]",
                "input[1]->hidden1[1]",
                "hidden1[1].bias",
            ],
        ),
    ],
)
def test_a_watch_list(watch, told):
    """An edge stands for its weight, a neuron for itself, its bias and the edges into it."""
    assert subjects(net_of().trace(X, Y, ns.SGD(0.1), watch=watch)) == told


def test_a_watch_list_of_objects_and_layers():
    """Neurons, edges and layers may be given as objects, and layers by name."""
    net = net_of()
    objects = [net["hidden1[1]"], net["input[0]", "hidden1[0]"], net.layers[2]]
    names = ["hidden1[1]", "input[0]->hidden1[0]", "output"]
    trace = net.trace(X, Y, ns.SGD(0.1), watch=objects)
    assert trace == net.trace(X, Y, ns.SGD(0.1), watch=names)
    pairs = ["hidden1[1]", ("input[0]", "hidden1[0]"), "output"]
    assert trace == net.trace(X, Y, ns.SGD(0.1), watch=pairs)
    assert ns.Trace.from_json(trace.json())[0].line("book") == trace[0].line("book")


@given(case=wirings.cases())
def test_a_watch_list_leaves_steps_out_and_nothing_else(case):
    """On any wiring the steps about what is watched are those of the whole trace, in its order."""
    net = case.network()
    label = net.labels[-1]
    some = net.trace(case.X, case.Y, ns.SGD(0.1), watch=[label, "loss"])
    every = net.trace(case.X, case.Y, ns.SGD(0.1))
    told = set(subjects(some))
    assert list(some) == [step for step in every if step.subject in told]
    assert {label, "loss"} <= told


@pytest.mark.parametrize(
    ("watch", "error", "message"),
    [
        (
            [],
            ns.ArgumentError,
            "Network.trace: watch is empty, so that nothing would be recorded; name edges, "
            "neurons, layers or 'loss', or leave it out to record everything.",
        ),
        (
            "loss",
            ns.ArgumentTypeError,
            "Network.trace: watch must be a list of edges, neurons, layers and 'loss', such as "
            "['input[0]->hidden1[0]', 'loss']; got 'loss'.",
        ),
        (
            ["hidden1[7]"],
            ns.UnknownNeuronError,
            "Network: there is no neuron, edge or layer 'hidden1[7]'. Did you mean "
            "'hidden1[2]' or 'hidden1[1]' or 'hidden1[0]'?",
        ),
    ],
)
def test_bad_watch_lists(watch, error, message):
    """A watch list of nothing, of no list, and of what is not there."""
    with pytest.raises(error) as caught:
        net_of().trace(X, Y, watch=watch)
    assert str(caught.value) == message


def test_a_watched_gamma_must_be_there():
    """Only a neuron with normalized sums has a gamma."""
    with pytest.raises(ns.ArgumentError) as error:
        net_of().trace(X, Y, watch=["hidden1[0].gamma"])
    assert str(error.value) == (
        "Network: 'hidden1[0]' has no gamma, as its sums are not normalized."
    )


# -- layers ------------------------------------------------------------------------------------


def test_layers_tell_norms():
    """By layer every step is a matrix of the network, told by the norm of its numbers."""
    net, optimizer = net_of(), ns.SGD(0.1)
    trace = net.trace(X, Y, optimizer, by="layer")
    net.forward(X)
    told = {(step.subject, step.quantity): step for step in trace}
    loss = net.backward(Y)
    hidden = net.layers[1]
    assert told["loss", "loss"].value == loss
    assert told["hidden1", "a"].value == np.linalg.norm(hidden.activations)
    assert told["hidden1", "delta"].value == np.linalg.norm(hidden.deltas)
    before = np.linalg.norm(hidden.weights)
    optimizer.step(net)
    new = told["hidden1.weights", "new"]
    assert new.before == pytest.approx(before, rel=1e-15)
    assert new.value == pytest.approx(np.linalg.norm(hidden.weights), rel=1e-15)
    assert new.symbolic == "norm(W_new[hidden1]) = norm(SGD(W[hidden1], dJ/dW[hidden1]))"
    assert (
        told["output", "z"].symbolic == "norm(Z[output]) = norm(A[hidden1] W[output] + b[output])"
    )
    assert told["output", "z"].explanation.startswith("Z[output] holds 4 x 2 numbers between -")
    assert ns.Trace.from_json(trace.json()) == trace
    assert [group.title for group in trace.by("layer")][:3] == [
        "forward: hidden1",
        "forward: output",
        "loss",
    ]


@given(case=wirings.cases())
def test_layers_of_any_wiring(case):
    """On any wiring the steps by layer are finite, and about every layer that computes."""
    net = case.network()
    trace = net.trace(case.X, case.Y, ns.Adam(0.1), by="layer")
    assert np.isfinite([step.value for step in trace]).all()
    told = set(subjects(trace))
    assert {layer.name for layer in net.layers[1:]} <= told


def test_layers_with_normalized_sums():
    """Of such a layer beta and gamma are told, and the sum has no bias."""
    layer = ns.Layer(3, ns.TanhNeuron, normalization=ns.BatchNormalization())
    net = ns.Network([ns.InputLayer(2), layer, ns.Layer(2, ns.LinearNeuron)], rng=1)
    trace = net.trace(X, Y, ns.SGD(0.1), by="layer", training=True)
    told = {(step.subject, step.quantity): step.symbolic for step in trace}
    assert told["hidden1", "z"] == "norm(Z[hidden1]) = norm(A[input] W[hidden1])"
    assert told["hidden1.gammas", "gradient"] == (
        "norm(dJ/dgamma[hidden1]) = norm(sum over samples of dJ/dU[hidden1] zhat)"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "neuron"}, "Network.trace: by must be None or \"layer\"; got 'neuron'."),
        (
            {"by": "layer", "watch": ["loss"]},
            'Network.trace: give by="layer" or a watch list, not both.',
        ),
    ],
)
def test_bad_by(options, message):
    """There is one other way to record, and no watch list with it."""
    with pytest.raises(ns.ArgumentError) as error:
        net_of().trace(X, Y, **options)
    assert str(error.value) == message


# -- too many ----------------------------------------------------------------------------------


def test_too_many_steps_are_refused_at_once():
    """More than a million steps are refused before anything is computed; layers, a watch list and
    fewer samples are what helps.
    """
    net = net_of((784, 128, 10))
    rows, targets = np.zeros((2000, 784)), np.zeros((2000, 10))
    with pytest.raises(ns.ArgumentError) as error:
        net.trace(rows, targets, ns.SGD(0.1))
    assert str(error.value) == (
        "Network.trace: this would record 2,599,541 steps, more than 1,000,000; record fewer "
        'samples, whole layers with by="layer", or some of it with a watch list such as '
        "watch=['output[9]', 'loss']."
    )
    assert net.last_pass is None
    trace = net.trace(rows[:3], targets[:3], ns.SGD(0.1), watch=["output[9]", "loss"])
    assert len(trace) == 1 + 3 * 3 + 2 * 129


@pytest.mark.parametrize("watch", [None, ["hidden1", "loss"], ["input[0]", "output[1].bias"]])
@pytest.mark.parametrize("optimizer", [None, ns.SGD(0.1)], ids=["backward", "update"])
def test_the_count_is_the_number_of_steps(watch, optimizer):
    """What is counted before is what is then recorded."""
    from neurosim.tracing.watch import Watch, _count

    net = net_of()
    seen = None if watch is None else Watch(net, watch, "watch")
    passes = "backward" if optimizer is None else "update"
    assert _count(net, seen, 4, passes) == len(net.trace(X, Y, optimizer, watch=watch))
    if watch is None:
        assert _count(net, seen, 4, "forward") == len(net.trace(X, None))


# -- contributions -----------------------------------------------------------------------------


def _sums(trace):
    """Every gradient step, and what its samples contribute."""
    for step in trace:
        if step.kind == "gradient":
            yield step, trace.contributions(step.subject)


@given(case=wirings.cases())
def test_contributions_add_up_to_the_gradient(case):
    """On any wiring the samples' parts of a gradient add up to it, to 1e-12 of their sizes; of tied
    edges to the gradient of the weight that they share; with and without 1/n in the deltas.
    """
    net = case.network()
    for per_sample in (False, True):
        trace = net.trace(case.X, case.Y, per_sample=per_sample)
        for step, parts in _sums(trace):
            assert [part.sample for part in parts] == list(range(len(case.X)))
            added = sum(part.value for part in parts)
            terms = scale(step.substituted.split(" = ")[1])
            assert abs(added - step.value) <= 1e-12 * terms


def test_penalties_contribute_apart():
    """What a penalty adds belongs to no sample; gammas and betas have contributions, too."""
    layer = ns.Layer(3, ns.TanhNeuron, normalization=ns.BatchNormalization())
    net = ns.Network([ns.InputLayer(2), layer, ns.Layer(2, ns.LinearNeuron)], rng=1)
    net.regularize(ns.L2(0.1), "output")
    trace = net.trace(X, Y, training=True)
    for step, parts in _sums(trace):
        added = sum(part.value for part in parts)
        assert added == pytest.approx(step.value, rel=1e-9, abs=1e-12)
    penalized = trace.contributions("hidden1[0]->output[0]")
    assert penalized[-1].sample is None
    weight = net["hidden1[0]", "output[0]"].weight
    derivative = ns.L2.derivative(weight, 0.1)
    assert penalized[-1].value == pytest.approx(derivative, rel=1e-9)


def test_contributions_need_a_gradient():
    """A trace of a forward pass has none, and only a parameter has one."""
    net = net_of()
    with pytest.raises(ns.ArgumentError) as error:
        net.trace(X, None).contributions("hidden1[0].bias")
    assert str(error.value) == (
        "Trace.contributions: the trace has no gradients, as it was recorded without targets; "
        "give net.trace(x, y) both."
    )
    with pytest.raises(ns.UnknownNeuronError):
        net.trace(X, Y).contributions("hidden1[9]->output[0]")
    with pytest.raises(ns.ArgumentError):
        net.trace(X, Y).contributions("hidden1[0]")


@pytest.mark.parametrize("optimizer", door.OPTIMIZERS, ids=door.name_of)
def test_every_optimizer_by_layer(optimizer):
    """Every optimizer of the door is traced by layer and with a watch list."""
    made = door.made(optimizer)
    assert len(net_of().trace(X, Y, made, by="layer")) == 15
    assert net_of().trace(X, Y, made, watch=["output"])[-1].before is not None
