"""How good predictions are, in numbers that people read.

A metric takes the targets and the predictions, both ``(n, n_outputs)``, and returns a number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import finite_array, short
from neurosim.errors import ArgumentError, ArgumentTypeError, ShapeError
from neurosim.samples import checked_samples

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.network import Network

__all__ = ["accuracy", "evaluate", "mean_absolute_error"]


def accuracy(Y: Any, predictions: Any) -> float:
    """Return the share of samples whose class is right.

    With several outputs the class is that of the largest; with one it is whether it exceeds 0.5.

    >>> accuracy(np.array([[0.0], [1.0]]), np.array([[0.2], [0.4]]))
    0.5
    """
    Y, predictions = _tables(Y, predictions, "accuracy")
    if Y.shape[1] == 1:
        return float(np.mean((predictions > 0.5) == (Y > 0.5)))
    return float(np.mean(np.argmax(predictions, axis=1) == np.argmax(Y, axis=1)))


def mean_absolute_error(Y: Any, predictions: Any) -> float:
    """Return the mean of |prediction - y| over samples and outputs.

    >>> mean_absolute_error(np.array([[1.0], [2.0]]), np.array([[1.5], [2.0]]))
    0.25
    """
    Y, predictions = _tables(Y, predictions, "mean_absolute_error")
    return float(np.mean(np.abs(predictions - Y)))


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
    if isinstance(metrics, str) or not hasattr(metrics, "__iter__"):
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
    rows, targets = checked_samples(network, X, Y, "Network.evaluate")
    named = checked_metrics(metrics, "Network.evaluate")
    predictions = network.predict(rows)
    values = {name: float(metric(targets, predictions)) for name, metric in named.items()}
    return {"loss": network.loss_of(rows, targets), **values}
