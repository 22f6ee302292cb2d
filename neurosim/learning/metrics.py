"""How good predictions are, in numbers that people read.

A metric takes the targets and the predictions, both ``(n, n_outputs)``, and returns a number. Of
a network with scalers both are in the person's units.

Classes: with several outputs the class is that of the largest, the first of equal ones; with one
output there are two classes, and the second, the *positive* one, is where it exceeds 0.5. Of a
class, TP counts the samples rightly, FP those wrongly taken for it, FN those of it taken for
another. With one output `precision`, `recall` and `f1` are those of the positive class; with
several the plain mean over the classes that occur among targets or predictions ("macro"). A
quotient whose denominator is 0 counts as 0.

Source: Pedregosa et al., "Scikit-learn: Machine Learning in Python", JMLR 12, 2011, whose
functions of these names agree with ``zero_division=0``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import finite_array, short
from neurosim.errors import ArgumentError, ArgumentTypeError, ShapeError
from neurosim.mapped import read_whole
from neurosim.samples import sample_tables, scaled_samples

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.network import Network

__all__ = [
    "accuracy",
    "checked_metrics",
    "confusion_matrix",
    "evaluate",
    "f1",
    "mean_absolute_error",
    "mean_squared_error",
    "measured",
    "precision",
    "r2",
    "recall",
]


def accuracy(Y: Any, predictions: Any) -> float:
    """Return the share of samples whose class is right.

    With several outputs the class is that of the largest; with one it is whether it exceeds 0.5.

    >>> accuracy(np.array([[0.0], [1.0]]), np.array([[0.2], [0.4]]))
    0.5
    """
    Y, predictions = _tables(Y, predictions, "accuracy")
    return float(np.mean(_classes(predictions) == _classes(Y)))


def confusion_matrix(Y: Any, predictions: Any) -> Any:
    """Return how many samples of class i were taken for class j, as an array ``[i, j]`` of ints.

    It is ``(n_outputs, n_outputs)``, with one output (2, 2). It is no number, so none for
    ``fit(metrics=...)``.

    >>> confusion_matrix([[0.0], [1.0], [1.0]], [[0.2], [0.4], [0.9]])
    array([[1, 0],
           [1, 1]])
    """
    return _confusion(Y, predictions, "confusion_matrix")


def precision(Y: Any, predictions: Any) -> float:
    """Return TP / (TP + FP): the share that is right of what was taken for the class.

    >>> precision([[0.0], [1.0], [1.0]], [[0.6], [0.4], [0.9]])
    0.5
    """
    right, taken, _ = _counts(Y, predictions, "precision")
    return _mean_quotient(right, taken)


def recall(Y: Any, predictions: Any) -> float:
    """Return TP / (TP + FN): the share of the class that was found.

    >>> recall([[0.0], [1.0], [1.0]], [[0.2], [0.4], [0.9]])
    0.5
    """
    right, _, there = _counts(Y, predictions, "recall")
    return _mean_quotient(right, there)


def f1(Y: Any, predictions: Any) -> float:
    """Return 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall of a class.

    >>> f1([[0.0], [1.0], [1.0], [1.0]], [[0.6], [0.4], [0.1], [0.9]])
    0.4
    """
    right, taken, there = _counts(Y, predictions, "f1")
    return _mean_quotient(2 * right, taken + there)


def r2(Y: Any, predictions: Any) -> float:
    """Return 1 - sum (y - prediction)^2 / sum (y - mean)^2, the mean of it over the outputs.

    1 is perfect, 0 as good as predicting the mean always. For targets that are all the same it
    is 1 where every prediction is right, else 0.

    >>> r2([[1.0], [2.0], [3.0]], [[1.5], [2.0], [2.5]])
    0.75
    """
    Y, predictions = _tables(Y, predictions, "r2")
    left = np.sum((Y - predictions) ** 2, axis=0)
    spread = np.sum((Y - Y.mean(axis=0)) ** 2, axis=0)
    constant = Y.max(axis=0) == Y.min(axis=0)
    share = np.where(constant, left > 0, left / np.where(constant, 1.0, spread))
    return float(np.mean(1.0 - share))


def mean_absolute_error(Y: Any, predictions: Any) -> float:
    """Return the mean of |prediction - y| over samples and outputs.

    >>> mean_absolute_error(np.array([[1.0], [2.0]]), np.array([[1.5], [2.0]]))
    0.25
    """
    Y, predictions = _tables(Y, predictions, "mean_absolute_error")
    with np.errstate(over="ignore"):
        return float(np.mean(np.abs(predictions - Y)))


def mean_squared_error(Y: Any, predictions: Any) -> float:
    """Return the mean of (prediction - y)^2 over samples and outputs.

    The loss `MeanSquaredError` adds up the outputs of a sample instead: it is n_outputs times
    this.

    Where a square is beyond the largest float, it is inf.

    >>> mean_squared_error([[1.0, 2.0]], [[1.5, 2.0]])
    0.125
    """
    Y, predictions = _tables(Y, predictions, "mean_squared_error")
    with np.errstate(over="ignore"):
        return float(np.mean((predictions - Y) ** 2))


def _classes(table: Any) -> Any:
    """Return the number of every row's class."""
    return (table[:, 0] > 0.5).astype(np.int64) if table.shape[1] == 1 else table.argmax(axis=1)


def _confusion(Y: Any, predictions: Any, what: str) -> Any:
    Y, predictions = _tables(Y, predictions, what)
    n_classes = max(2, Y.shape[1])
    pairs = n_classes * _classes(Y) + _classes(predictions)
    return np.bincount(pairs, minlength=n_classes**2).reshape(n_classes, n_classes)


def _counts(Y: Any, predictions: Any, what: str) -> tuple[Any, Any, Any]:
    """Return TP, TP + FP and TP + FN of every class that counts."""
    table = _confusion(Y, predictions, what)
    right, taken, there = table.diagonal(), table.sum(axis=0), table.sum(axis=1)
    counts = taken + there > 0
    if np.ndim(Y) == 1 or np.shape(Y)[1] == 1:
        counts = np.array([False, True])
    return right[counts], taken[counts], there[counts]


def _mean_quotient(above: Any, below: Any) -> float:
    """Return the mean of above / below, 0 where below is 0."""
    return float(np.mean(above / np.maximum(below, 1)))


def _tables(Y: Any, predictions: Any, what: str) -> tuple[Any, Any]:
    """Return both as tables of one shape, so that nothing is broadcast."""
    given = finite_array(Y, f"{what}: Y"), finite_array(predictions, f"{what}: predictions")
    Y, predictions = (a.reshape(-1, 1) if a.ndim == 1 else a for a in given)
    if Y.shape != predictions.shape or Y.ndim != 2 or not Y.size:
        raise ShapeError(
            f"{what}: Y and predictions must both be (n, n_outputs); got {given[0].shape} and "
            f"{given[1].shape}."
        )
    return Y, predictions


def checked_metrics(metrics: Iterable[Any], what: str) -> dict[str, Any]:
    """Return metrics by name, or say which of them cannot be called."""
    if callable(metrics):
        metrics = [metrics]
    if isinstance(metrics, str) or not np.iterable(metrics):
        raise ArgumentTypeError(
            f"{what}: metrics must be a list of functions such as ns.accuracy; "
            f"got {short(metrics)}."
        )
    found = {}
    for metric in metrics:
        if not callable(metric):
            raise ArgumentTypeError(
                f"{what}: a metric must be a function such as ns.accuracy; got {short(metric)}."
            )
        name = getattr(metric, "__name__", type(metric).__name__)
        if name == "loss" or name in found:
            raise ArgumentError(
                f"{what}: metrics must have different names, and none may be 'loss'; got {name!r} "
                "once too often. Name them with def."
            )
        found[name] = metric
    return found


def evaluate(network: Network, X: Any, Y: Any, metrics: Iterable[Any]) -> dict[str, float]:
    """Return the loss and the metrics of samples, by name; see `Network.evaluate`."""
    tables = sample_tables(network, X, Y, "Network.evaluate", whole=False)
    rows, targets = scaled_samples(network, *tables, "Network.evaluate")
    named = checked_metrics(metrics, "Network.evaluate")
    network.require_finite_parameters("Network.evaluate")
    wanted = read_whole(tables[1]) if named else None
    values = measured(named, wanted, network.predictions(rows), "Network.evaluate")
    return {"loss": network.mean_loss(rows, targets), **values}


def measured(metrics: dict[str, Any], Y: Any, predictions: Any, what: str) -> dict[str, float]:
    """Return the values of metrics by name; targets and predictions are in the person's units."""
    return {name: _number(metric(Y, predictions), name, what) for name, metric in metrics.items()}


def _number(value: Any, name: str, what: str) -> float:
    try:
        if np.ndim(value) == 0:
            return float(value)
    except (TypeError, ValueError):
        pass
    raise ArgumentTypeError(
        f"{what}: the metric {name!r} must return one number; got {short(value)}. Call it yourself "
        "with Y and net.predict(X)."
    )
