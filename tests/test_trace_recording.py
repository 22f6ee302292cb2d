"""What a trace was recorded from: the network as it was, its numbers, and all of it in JSON."""

import json
import pickle

import numpy as np
import pytest
import wirings
from hypothesis import given

import neurosim as ns
from neurosim.neurons import Neuron


def small(**options):
    """A network of two inputs, three sigmoids and a linear output."""
    kinds = {"hidden": ns.SigmoidNeuron, "output": ns.LinearNeuron}
    return ns.Network.layered([2, 3, 1], rng=1, **kinds, **options)


def with_everything():
    """Batch normalization, dropout, a penalty, ties to a momentum: all that moves in training."""
    hidden = ns.Layer(4, ns.TanhNeuron, normalization=ns.BatchNormalization())
    net = ns.Network([ns.InputLayer(2), hidden, ns.Layer(2, ns.LinearNeuron)], rng=3)
    net.regularize(ns.Dropout(0.3), "hidden1")
    net.regularize(ns.L2(0.01))
    return net


X = np.random.default_rng(0).normal(size=(5, 2))
Y = np.random.default_rng(1).normal(size=(5, 2))


def test_the_network_stays_as_it_was_recorded():
    """A trace has a network of its own with the numbers of the step, which training elsewhere does
    not reach; a slice and a choice of steps have the same one.
    """
    net = small()
    trace = net.trace([0.5, -1.0], [1.0], ns.SGD(0.1))
    before = net.parameters.copy()
    net.fit(X, Y[:, :1], optimizer=ns.SGD(0.1), epochs=3)
    assert trace.network is not net
    assert (trace.network.parameters == before).all()
    for step in trace.of(quantity="delta"):
        assert trace.network[step.subject].delta == step.value
    for step in trace.of("hidden1[0]->output[0]", "gradient"):
        assert trace.network[step.subject].gradient == step.value
    assert trace[2:5].network is trace.of("loss").network is trace.network
    assert trace.snapshot.labels == net.labels


def test_what_went_into_the_step_is_kept():
    """The recording tells X, Y and the optimizer, copies of them, and the network before."""
    x, optimizer = np.array([0.5, -1.0]), ns.SGD(0.1)
    trace = small().trace(x, [1.0], optimizer)
    x[:], optimizer.learning_rate = 7.0, 9.0
    recording = trace.recording
    assert recording.X.tolist() == [[0.5, -1.0]]
    assert recording.Y.tolist() == [[1.0]]
    assert repr(recording.optimizer) == "SGD(learning_rate=0.1)"
    assert recording.before.last_pass is None


def test_steps_alone_have_no_network():
    """A trace made of steps alone says that its network is unknown, and how to have it."""
    trace = ns.Trace(small().trace([0.5, -1.0], [1.0]))
    assert not trace.recorded
    for attribute in ("network", "snapshot", "recording"):
        with pytest.raises(ns.ArgumentError) as error:
            getattr(trace, attribute)
        assert str(error.value) == (
            "Trace: this trace was made of steps alone, without the network that they were "
            "recorded from; record it with net.trace(x, y)."
        )


def _same(one, other):
    """Whether two traces are equal, and so are what they were recorded from and their equations."""
    assert one == other
    assert one.recording.Y is None or (one.recording.Y == other.recording.Y).all()
    assert (one.network.parameters == other.network.parameters).all()
    assert (one.network.gradient == other.network.gradient).all()
    for step, twin in zip(one, other, strict=True):
        assert step.line("book") == twin.line("book")


@given(case=wirings.cases())
def test_json_brings_the_network_back(case):
    """On any wiring the network of a trace that was loaded has the same numbers, and equations can
    be written in a book's notation.
    """
    trace = case.network().trace(case.X, case.Y, ns.Momentum(0.1))
    _same(ns.Trace.from_json(trace.json()), trace)


@pytest.mark.parametrize("training", [False, True])
def test_json_brings_back_what_moves_in_training(training):
    """So it is with dropout and its masks, batch statistics, penalties, an optimizer's memory."""
    net, optimizer = with_everything(), ns.Adam(ns.ExponentialDecay(0.1), clip=ns.ClipByNorm(0.5))
    net.fit(X, Y, optimizer=optimizer, epochs=2)
    trace = net.trace(X, Y, optimizer, training=training)
    again = ns.Trace.from_json(trace.json())
    _same(again, trace)
    assert again.snapshot.memory.step == 2
    _same(pickle.loads(pickle.dumps(trace)), trace)


class Doubled(Neuron):
    """2 z."""

    formula = "2 * z"

    @staticmethod
    def activate(z):
        """2 z."""
        return 2 * z

    @staticmethod
    def derivative(z, a):
        """2."""
        return 2 + 0 * z


def test_ones_own_kinds_are_asked_for_where_they_are_needed():
    """The steps of a trace load without a person's kinds; its network asks for them."""
    net = ns.Network([ns.InputLayer(1), ns.Layer(1, Doubled, weights=[[3.0]])])
    trace = net.trace([2.0], [9.0])
    assert ns.Trace.from_json(trace.json()) == trace
    with pytest.raises(ns.ModelFileError) as error:
        _ = ns.Trace.from_json(trace.json()).network
    assert str(error.value).startswith(
        "Trace.from_json: the network of the trace cannot be made again: Network.from_config: "
        "layers[1]: kind 'Doubled' is not known."
    )
    assert str(error.value).endswith("A class of your own is passed with kinds=[...].")
    _same(ns.Trace.from_json(trace.json(), kinds=[Doubled]), trace)


def test_an_optimizer_that_no_file_can_hold():
    """A plain function for the rate keeps the recording out of the file, not the steps."""
    trace = small().trace([0.5, -1.0], [1.0], ns.SGD(lambda epoch: 0.1))
    again = ns.Trace.from_json(trace.json())
    assert again == trace
    assert not again.recorded
    step = again[0]
    assert step.line(digits=2).left == "z[hidden1[0]]"
    with pytest.raises(ns.ArgumentError) as error:
        step.line("book")
    assert str(error.value) == (
        f"Step.equation: {step!r} comes from a file that holds the texts of its equation alone; "
        "use step.symbolic and step.substituted, or record it again."
    )


def test_version_1_still_loads():
    """A file of version 1 holds the steps alone."""
    trace = small().trace([0.5, -1.0], [1.0])
    data = json.loads(trace.json())
    old = {"neurosim": "trace", "version": 1, "steps": data["steps"]}
    again = ns.Trace.from_json(json.dumps(old))
    assert again == trace
    assert not again.recorded


def test_a_changed_recording_is_refused():
    """The network in a file is guarded by its digest."""
    data = json.loads(small().trace([0.5, -1.0], [1.0]).json())
    data["recording"]["network"]["layers"][1]["biases"][0] = 5.0
    with pytest.raises(ns.ModelFileError) as error:
        ns.Trace.from_json(json.dumps(data))
    assert str(error.value) == (
        "Trace.from_json: the text is no trace saved by neurosim, or it is damaged; use a good "
        "copy, or record it again with net.trace."
    )


def test_a_damaged_recording_is_told_when_it_is_needed():
    """A recording with a good digest but without sense is a ModelFileError, too."""
    from neurosim.tracing.stored import recording_of

    good = json.loads(with_everything().trace(X, Y, training=True).json())["recording"]
    assert recording_of(good).training
    harmful = {**good["dropout"], "bit_generator": "seed"}
    for config in ({}, None, {"network": 3}, {**good, "dropout": harmful}, {**good, "X": "x"}):
        with pytest.raises(ns.ModelFileError):
            recording_of(config)


def test_bad_kinds():
    """kinds are a list of classes."""
    text = small().trace([0.5, -1.0], [1.0]).json()
    with pytest.raises(ns.ArgumentTypeError) as error:
        ns.Trace.from_json(text, kinds=Doubled)
    assert str(error.value).startswith(
        "Trace.from_json: kinds must be a list of classes, such as [MyNeuron]; got "
    )
