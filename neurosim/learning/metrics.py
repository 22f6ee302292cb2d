"""How good predictions are, in numbers that people read.

A metric takes the targets and the predictions, both ``(n, n_outputs)``, and returns a number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import short
from neurosim.errors import ArgumentTypeError
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
    if Y.shape[1] == 1:
        return float(np.mean((predictions > 0.5) == (Y > 0.5)))
    return float(np.mean(np.argmax(predictions, axis=1) == np.argmax(Y, axis=1)))


def mean_absolute_error(Y: Any, predictions: Any) -> float:
    """Return the mean of |prediction - y| over samples and outputs.

    >>> mean_absolute_error(np.array([[1.0], [2.0]]), np.array([[1.5], [2.0]]))
    0.25
    """
    return float(np.mean(np.abs(predictions - Y)))


def checked_metrics(metrics: Iterable[Any], what: str) -> dict[str, Any]:
    """Return metrics by name, or say which of them cannot be called."""
    if callable(metrics):
        metrics = [metrics]
    if isinstance(metrics, str) or not hasattr(metrics, "__iter__"):
        raise ArgumentTypeError(
            f"{what}: metrics must be a list of functions such as ns.accuracy; got {short(metrics)}."
        )
    found = {}
    for metric in metrics:
        if not callable(metric):
            raise ArgumentTypeError(
                f"{what}: a metric must be a function such as ns.accuracy; got {short(metric)}."
            )
        found[getattr(metric, "__name__", type(metric).__name__)] = metric
    return found


def evaluate(network: Network, X: Any, Y: Any, metrics: Iterable[Any]) -> dict[str, float]:
    """Return the loss and the metrics of samples, by name; see `Network.evaluate`."""
    rows, targets = checked_samples(network, X, Y, "Network.evaluate")
    named = checked_metrics(metrics, "Network.evaluate")
    predictions = network.predict(rows)
    values = {name: float(metric(targets, predictions)) for name, metric in named.items()}
    return {"loss": network.loss_of(rows, targets), **values}
