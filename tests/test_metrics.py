"""Metrics: the numbers of scikit-learn, and a documented number where a quotient has no value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

import neurosim as ns

CLASSIFIED = [ns.accuracy, ns.precision, ns.recall, ns.f1, ns.confusion_matrix]
REGRESSED = [ns.r2, ns.mean_absolute_error, ns.mean_squared_error]
METRICS = CLASSIFIED + REGRESSED


def name_of(metric):
    """A test id."""
    return metric.__name__


@st.composite
def classified(draw, several=True):
    """Classes of targets and predictions, and how many classes there are."""
    k = draw(st.integers(2, 4)) if several else 2
    pairs = draw(st.lists(st.tuples(*[st.integers(0, k - 1)] * 2), min_size=1, max_size=12))
    true, predicted = np.array(pairs).T
    return true, predicted, k


@given(classified())
def test_several_classes_agree_with_scikit_learn(case):
    """Macro averages over the classes that occur, as scikit-learn's with zero_division=0."""
    true, predicted, k = case
    Y, outputs = np.eye(k)[true], np.eye(k)[predicted] + 0.1
    how = {"average": "macro", "zero_division": 0}
    assert ns.accuracy(Y, outputs) == sk.accuracy_score(true, predicted)
    assert ns.precision(Y, outputs) == pytest.approx(sk.precision_score(true, predicted, **how))
    assert ns.recall(Y, outputs) == pytest.approx(sk.recall_score(true, predicted, **how))
    assert ns.f1(Y, outputs) == pytest.approx(sk.f1_score(true, predicted, **how))
    counts = ns.confusion_matrix(Y, outputs)
    assert np.array_equal(counts, sk.confusion_matrix(true, predicted, labels=range(k)))


@given(classified(several=False))
def test_one_output_agrees_with_scikit_learn(case):
    """With one output precision, recall and F1 are those of the class above 0.5."""
    true, predicted, _ = case
    Y, outputs = true.reshape(-1, 1), np.where(predicted, 0.51, 0.5).reshape(-1, 1)
    assert ns.accuracy(Y, outputs) == sk.accuracy_score(true, predicted)
    for ours, theirs in (
        (ns.precision, sk.precision_score),
        (ns.recall, sk.recall_score),
        (ns.f1, sk.f1_score),
    ):
        assert ours(Y, outputs) == pytest.approx(theirs(true, predicted, zero_division=0))
        assert ours(true, outputs.ravel()) == ours(Y, outputs)
    counts = ns.confusion_matrix(Y, outputs)
    assert np.array_equal(counts, sk.confusion_matrix(true, predicted, labels=[0, 1]))


@pytest.mark.parametrize("k", [1, 3])
def test_regression_agrees_with_scikit_learn(k):
    """R2, mean absolute and mean squared error are means over samples and outputs."""
    rng = np.random.default_rng(0)
    Y = rng.normal(size=(20, k))
    predictions = Y + rng.normal(size=(20, k))
    assert ns.r2(Y, predictions) == pytest.approx(sk.r2_score(Y, predictions))
    wanted = sk.mean_absolute_error(Y, predictions)
    assert ns.mean_absolute_error(Y, predictions) == pytest.approx(wanted)
    wanted = sk.mean_squared_error(Y, predictions)
    assert ns.mean_squared_error(Y, predictions) == pytest.approx(wanted)


def test_quotients_without_a_value():
    """Nothing is divided by 0: no positives count as 0; constant targets as 1 if right, else 0."""
    for metric in (ns.precision, ns.recall, ns.f1):
        assert metric([[0.0], [0.0]], [[0.1], [0.2]]) == 0.0
    assert ns.precision([[1.0], [1.0]], [[0.1], [0.2]]) == 0.0
    assert ns.recall([[0.0], [0.0]], [[0.9], [0.2]]) == 0.0
    assert ns.r2([[2.0], [2.0]], [[2.0], [2.0]]) == 1.0
    assert ns.r2([[0.1]] * 3, [[0.1], [0.1], [0.2]]) == 0.0
    assert ns.r2([[1.0, 5.0], [2.0, 5.0]], [[1.0, 5.0], [2.0, 6.0]]) == 0.5


def test_perfect_and_mean_predictions():
    """R2 is 1 where all is right, 0 for the mean, and negative where it is worse."""
    Y = np.array([[1.0], [2.0], [6.0]])
    assert ns.r2(Y, Y) == 1.0
    assert ns.r2(Y, np.full((3, 1), 3.0)) == 0.0
    assert ns.r2(Y, -Y) < 0.0


def test_the_confusion_matrix_reads_target_by_prediction():
    """Row i, column j counts samples of class i taken for class j, in whole numbers."""
    Y = np.eye(3)[[0, 0, 1, 2, 2]]
    outputs = np.eye(3)[[0, 1, 1, 0, 2]]
    counts = ns.confusion_matrix(Y, outputs)
    assert counts.tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 1]]
    assert counts.dtype.kind == "i"
    assert counts.trace() / counts.sum() == ns.accuracy(Y, outputs)


@pytest.mark.parametrize("metric", METRICS, ids=name_of)
def test_nothing_is_broadcast(metric):
    """Targets and predictions of different shapes are refused, and so is NaN."""
    name = metric.__name__
    with pytest.raises(ns.ShapeError) as error:
        metric(np.ones((3, 1)), np.ones((1, 3)))
    assert str(error.value) == (
        f"{name}: Y and predictions must both be (n, n_outputs); got (3, 1) and (1, 3)."
    )
    with pytest.raises(ns.NotFiniteError) as error:
        metric([[1.0]], [[np.nan]])
    assert str(error.value) == f"{name}: predictions must be finite numbers; got nan at [0, 0]."


@pytest.mark.parametrize(
    "metric", [m for m in METRICS if m is not ns.confusion_matrix], ids=name_of
)
def test_every_metric_is_recorded(metric, net, batch):
    """fit and evaluate take every metric that is a number."""
    history = net.fit(*batch, optimizer=ns.SGD(0.1), epochs=2, metrics=metric)
    assert history.metrics[metric.__name__][-1] == metric(batch[1], net.predict(batch[0]))
    assert net.evaluate(*batch, metric)[metric.__name__] == metric(batch[1], net.predict(batch[0]))


def pair(Y, predictions):
    """Return no number."""
    return [1.0, 2.0]


def nothing(Y, predictions):
    """Return nothing."""


@pytest.mark.parametrize(
    ("metric", "shown"), [(pair, "[1.0, 2.0]"), (nothing, "None")], ids=["list", "None"]
)
def test_a_metric_that_is_no_number_is_refused(metric, shown, net, batch):
    """A metric must return one number; the message names it, in evaluate and in fit."""
    for what, call in (
        ("Network.evaluate", lambda: net.evaluate(*batch, metric)),
        ("Network.fit", lambda: net.fit(*batch, optimizer=ns.SGD(0.1), metrics=metric)),
    ):
        with pytest.raises(ns.ArgumentTypeError) as error:
            call()
        assert str(error.value) == (
            f"{what}: the metric {metric.__name__!r} must return one number; got {shown}. Call it "
            "yourself with Y and net.predict(X)."
        )
    with pytest.raises(ns.ArgumentTypeError, match="'confusion_matrix' must return one number"):
        net.evaluate(*batch, ns.confusion_matrix)
