"""A training traced: many steps on a copy, their histories, and the overflow told as it is."""

import json
import math

import numpy as np
import pytest
import wirings
from hypothesis import given

import neurosim as ns
from scenarios.dating_linear import START, start

NAMES = {"W1": "education->dates", "W2": "income->dates", "b": "dates.bias"}


def one_neuron():
    """A linear neuron: w = 3, b = 1."""
    return ns.Network([ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1])])


def with_everything():
    """Batch normalization, dropout and a penalty."""
    hidden = ns.Layer(4, ns.TanhNeuron, normalization=ns.BatchNormalization())
    net = ns.Network([ns.InputLayer(2), hidden, ns.Layer(2, ns.LinearNeuron)], rng=3)
    net.regularize(ns.Dropout(0.3), "hidden1")
    net.regularize(ns.L2(0.01))
    return net


X = np.random.default_rng(0).normal(size=(7, 2))
Y = np.random.default_rng(1).normal(size=(7, 2))


def test_one_neuron():
    """The one-neuron example: 7, 4, -8, -4, then 3.4, 1.2, prediction 8, loss 1."""
    training = ns.trace_training(one_neuron(), [2.0], [9.0], ns.SGD(0.05), 2)
    assert training.loss == [4.0, 1.0]
    assert training.history("output[0]", "a") == [7.0, 8.0]
    assert training.history("input[0]->output[0]", "weight") == [3.0, 3.4]
    assert training.history("input[0]->output[0]", "gradient") == [-8.0, -4.0]
    assert training.history("output[0].bias", "new") == pytest.approx([1.2, 1.3], rel=1e-15)
    assert training.history("loss", "loss") == training.loss
    assert training.learning_rate == [0.05, 0.05]
    assert repr(training) == "TrainingTrace(2 steps, loss 4 to 1)"


@given(case=wirings.cases())
def test_a_training_is_that_of_the_graph_engine(case):
    """On any wiring the steps are those of `fit` with full batches by the graph engine, bit for
    bit; the network and the optimizer stay as they were.
    """
    net, optimizer = case.network(), ns.Adam(0.1)
    before, config = net.parameters.copy(), repr(optimizer)
    training = ns.trace_training(net, case.X, case.Y, optimizer, 3)
    assert (net.parameters == before).all()
    assert (net.memory, net.last_pass, repr(optimizer)) == (None, None, config)
    history = net.fit(case.X, case.Y, optimizer=optimizer, epochs=3, engine="graph")
    assert history.loss == training.loss
    assert (training.trained.parameters == net.parameters).all()


def test_a_training_goes_on_with_all_that_moves():
    """Dropout, batch statistics, schedules, clipping and an optimizer's memory move on as in
    `fit`, also after an earlier training.
    """
    net = with_everything()
    optimizer = ns.Adam(ns.ExponentialDecay(0.1), clip=ns.ClipByNorm(0.5))
    net.fit(X, Y, optimizer=optimizer, epochs=2, engine="graph")
    training = ns.trace_training(net, X, Y, optimizer, 4)
    history = net.fit(X, Y, optimizer=optimizer, epochs=4, engine="graph")
    assert training.loss == history.loss
    assert training.learning_rate == history.learning_rate
    assert (training.trained.parameters == net.parameters).all()
    assert (training.trained.averages == net.averages).all()
    again = ns.TrainingTrace.from_json(training.json())
    assert again[3] == training[3]
    assert (again.trained.parameters == net.parameters).all()


def test_a_step_is_a_trace():
    """Step k is the trace of the network as it then was: z, deltas, updates with their equations."""
    net, optimizer = with_everything(), ns.Momentum(0.1)
    training = ns.trace_training(net, X, Y, optimizer, 3)
    assert [len(trace) for trace in training] == [len(training[0])] * len(training)
    assert list(training) == [training[0], training[1], training[-1]] == training[:]
    for trace, loss in zip(training, training.loss, strict=True):
        assert trace.of("loss")[0].value == loss
    for k, trace in enumerate(training):
        step = trace.of("input[0]->hidden1[1]", "new")[0]
        assert step.before == training.history("input[0]->hidden1[1]", "weight")[k]
        assert step.value == training.history("input[0]->hidden1[1]", "new")[k]
    with pytest.raises(IndexError):
        training[3]


def test_steps_are_computed_again_from_kept_ones(monkeypatch):
    """Where not every step is kept, one between two of them is computed again: the same."""
    every = ns.trace_training(with_everything(), X, Y, ns.Adam(0.1), 8)
    monkeypatch.setattr("neurosim.tracing.course._COPIES", 2)
    some = ns.trace_training(with_everything(), X, Y, ns.Adam(0.1), 8)
    assert sorted(some.course._kept) == [0, 4]
    assert [some[k] for k in (7, 5, 0, 4)] == [every[k] for k in (7, 5, 0, 4)]


def test_a_watch_list():
    """With a watch list only that is recorded, and the loss."""
    net = with_everything()
    training = ns.trace_training(net, X, Y, ns.SGD(0.1), 3, watch=["hidden1[0]", "loss"])
    every = ns.trace_training(net, X, Y, ns.SGD(0.1), 3)
    assert training.loss == every.loss
    for subject, quantity, sample in training._histories.table:
        told = training.history(subject, quantity, sample)
        assert told == every.history(subject, quantity, sample)
        assert "hidden1[0]" in subject
    assert {step.subject for step in training[1]} == set(training._histories.subjects)


# -- the dating overflow -----------------------------------------------------------------------


def dating(steps):
    """The regression at the rate 1e-7, income in units."""
    net, people, dates = start("units")
    watch = [*NAMES.values(), "loss"]
    return ns.trace_training(net, people, dates, ns.SGD(1e-7), steps, watch=watch)


def test_the_dating_overflow(reference):
    """The gradients of the dating regression, iteration by iteration until they overflow: losses
    and weights are those of an independent library, and no number is hidden.
    """
    training = dating(420)
    known = reference["dating"]["linear"]["income in units, lr 1e-7 (diverges)"]
    for k, numbers in ((int(k), numbers) for k, numbers in known.items()):
        assert training.loss[k] == pytest.approx(float(numbers["loss"]), rel=1e-9)
        held = [training.history(NAMES[name], "weight")[k] for name in ("W1", "W2")]
        assert held == pytest.approx(numbers["w"], rel=1e-9)
        assert training.history(NAMES["b"], "bias")[k] == pytest.approx(numbers["b"], rel=1e-9)
    assert START == (0.1, 0.1, 0.0)
    gradients = training.history(NAMES["W2"], "gradient")
    first = next(k for k, g in enumerate(gradients) if not math.isfinite(g))
    assert all(math.isfinite(g) for g in gradients[:first])
    assert math.isnan(gradients[-1])
    assert math.isinf(training.loss[first])


def test_the_line_format_of_the_dating_overflow():
    """A line tells the iteration, the loss, and each weight beside its gradient."""
    training = dating(101)
    assert training.lines(NAMES, at=[0, 100]) == [
        "iteration 0: loss=3.051e+05 W1=0.1 dW1=1.129e+04 W2=0.1 dW2=6.393e+06 b=0 db=963.1",
        "iteration 100: loss=4.361e+156 W1=6.443e+71 dW1=4.316e+79 W2=3.608e+74 dW2=2.417e+82 "
        "b=5.464e+70 db=3.66e+78",
    ]
    assert training.lines(at=[1], digits=2) == [
        "iteration 1: loss=9.9e+06 education->dates=0.099 d(education->dates)=-6.5e+04 "
        "income->dates=-0.54 d(income->dates)=-3.6e+07 dates.bias=-9.6e-05 d(dates.bias)=-5.5e+03"
    ]
    assert training.text(names=NAMES).splitlines() == training.lines(NAMES)
    assert str(training) == training.text()


def test_many_parameters_are_not_told_unasked():
    """Without names a line tells no more than eight parameters; of more the loss alone."""
    training = ns.trace_training(with_everything(), X, Y, ns.SGD(0.1), 1)
    assert training.lines() == [f"iteration 0: loss={training.loss[0]:.4g}"]


# -- files -------------------------------------------------------------------------------------


def test_files(tmp_path):
    """A training trace is saved as text or as JSON, which loads back with every step."""
    training = dating(250)
    training.save(tmp_path / "t.txt", names=NAMES)
    training.save(tmp_path / "t.json")
    told = (tmp_path / "t.txt").read_text(encoding="utf-8")
    assert told == training.text(names=NAMES) + "\n"
    again = ns.TrainingTrace.from_json((tmp_path / "t.json").read_bytes())
    assert again.loss == training.loss
    assert again.text() == training.text()
    assert again[240] == training[240]
    assert (again.network.parameters == training.network.parameters).all()
    with pytest.raises(ns.ArgumentError) as error:
        training.save(tmp_path / "t.png")
    assert str(error.value) == (
        "TrainingTrace.save: path must end in .html or .txt or .md or .tex or .json; got "
        f"{str(tmp_path / 't.png')!r}."
    )


def test_numbers_alone():
    """With an optimizer that no file can hold the numbers come back, and steps are refused."""
    training = ns.trace_training(one_neuron(), [2.0], [9.0], ns.SGD(lambda epoch: 0.05), 2)
    again = ns.TrainingTrace.from_json(training.json())
    assert again.loss == training.loss
    assert ns.TrainingTrace.from_json(again.json()).text() == training.text()
    with pytest.raises(ns.ArgumentError) as error:
        again[0]
    assert str(error.value) == (
        "TrainingTrace: this trace comes from a file that holds numbers alone, without the network "
        "that they were recorded from; record it with ns.trace_training."
    )


def _spoilt(**changes):
    training = ns.trace_training(one_neuron(), [2.0], [9.0], ns.SGD(0.05), 2)
    return json.dumps({**json.loads(training.json()), **changes})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        b"\xff\xfe\x00",
        '{"neurosim": "trace", "version": 2, "steps": []}',
        _spoilt(loss=[]),
        _spoilt(loss=[1.0]),
        _spoilt(loss=["much", 1.0]),
        _spoilt(learning_rate=[0.1]),
        _spoilt(histories=[{"subject": "x", "quantity": "z", "sample": None, "values": [1.0]}]),
        _spoilt(digest="0"),
    ],
)
def test_damaged_json_is_refused(text):
    """What is no training trace, or half of one, is a ModelFileError that says what to do."""
    with pytest.raises(ns.ModelFileError) as error:
        ns.TrainingTrace.from_json(text)
    assert str(error.value) == (
        "TrainingTrace.from_json: the text is no training trace saved by neurosim, or it is "
        "damaged; use a good copy, or record it again with ns.trace_training."
    )


def test_a_later_version_is_refused():
    """A training trace of another version says so."""
    with pytest.raises(ns.ModelFileError) as error:
        ns.TrainingTrace.from_json(_spoilt(version=2))
    assert str(error.value) == (
        "TrainingTrace.from_json: the trace is of version 2, but this neurosim reads version 1; "
        "install the neurosim that wrote it."
    )


# -- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"net": 3}, ns.ArgumentTypeError, "ns.trace_training: net must be "),
        ({"optimizer": "sgd"}, ns.ArgumentTypeError, "ns.trace_training: optimizer must be "),
        ({"optimizer": ns.PerceptronRule()}, ns.ArgumentTypeError, "ns.trace_training: optimizer "),
        ({"steps": 0}, ns.ArgumentError, "ns.trace_training: steps must be "),
        ({"steps": 2.5}, ns.ArgumentTypeError, "ns.trace_training: steps must be "),
        ({"X": [1.0, 2.0, 3.0]}, ns.ShapeError, "ns.trace_training: X is one sample of 3 "),
        ({"Y": [1.0, 2.0, 3.0]}, ns.ShapeError, "ns.trace_training: Y must be (1,), as "),
        ({"watch": []}, ns.ArgumentError, "ns.trace_training: watch is empty"),
        ({"watch": ["nobody"]}, ns.UnknownNeuronError, "Network: there is no neuron, edge or "),
        (
            {"steps": 1_000_000},
            ns.ArgumentError,
            "ns.trace_training: this would record 9,000,000 steps, more than 1,000,000; record "
            "fewer samples, or some of it with a watch list such as watch=['output[0]', 'loss'].",
        ),
    ],
)
def test_bad_arguments(changes, error, message):
    """Every bad argument is named, before anything is recorded."""
    given = {"net": one_neuron(), "X": [2.0], "Y": [9.0], "optimizer": ns.SGD(0.1), "steps": 2}
    with pytest.raises(error) as caught:
        ns.trace_training(**{**given, **changes})
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        (
            ("hidden", "z"),
            ns.UnknownNeuronError,
            "TrainingTrace.history: nothing was recorded about 'hidden'. ",
        ),
        (
            ("input[0]->output[1]", "weight"),
            ns.UnknownEdgeError,
            "TrainingTrace.history: nothing was recorded about 'input[0]->output[1]'. Did you "
            "mean 'input[0]->output[0]'?",
        ),
        (
            ("output[0]", "weight"),
            ns.ArgumentError,
            "TrainingTrace.history: 'output[0]' has z, a, delta; got quantity 'weight'.",
        ),
        (
            ("output[0]", "z"),
            ns.ArgumentError,
            "TrainingTrace.history: sample must be one of 0, 1; got None.",
        ),
        (
            ("output[0]", "z", 2),
            ns.ArgumentError,
            "TrainingTrace.history: sample must be one of 0, 1; got 2.",
        ),
    ],
)
def test_bad_histories(asked, error, message):
    """A history of what is not there says what is."""
    training = ns.trace_training(one_neuron(), [[2.0], [1.0]], [9.0, 5.0], ns.SGD(0.05), 2)
    with pytest.raises(error) as caught:
        training.history(*asked)
    assert str(caught.value).startswith(message)


def test_bad_lines():
    """Lines are of steps that there are."""
    training = ns.trace_training(one_neuron(), [2.0], [9.0], ns.SGD(0.05), 2)
    for k in (2, -1, True, "x"):
        with pytest.raises(ns.ArgumentError) as error:
            training.lines(at=[k])
        assert str(error.value) == (
            f"TrainingTrace.lines: at must name steps from 0 to 1; got {k!r}."
        )
