"""How much each sample counts: J = 1/n sum over the samples of weight_i loss_i."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import finite_array, short
from neurosim.errors import ArgumentError, ArgumentTypeError, ShapeError
from neurosim.mapped import parts

if TYPE_CHECKING:
    from neurosim.network import Network

__all__ = ["weights_of_classes", "weights_of_samples"]


def weights_of_samples(
    network: Network, Y: Any, sample_weights: Any, class_weights: Any, what: str
) -> Any:
    """Return a weight per sample, ``(n,)``; None where every sample counts alike.

    Parameters
    ----------
    network : Network
    Y : (n, n_outputs) array
        The targets in the person's units, which tell the classes: of several outputs the one with
        the largest target, of a single output 1 where the target exceeds 0.5, else 0.
    sample_weights : (n,) array or None
        Zero or positive.
    class_weights : dict or None
        A weight for every class that occurs, by its number.
    what : str
        For messages, such as ``"Network.fit"``.
    """
    if sample_weights is None and class_weights is None:
        return None
    weights = np.ones(len(Y))
    if sample_weights is not None:
        weights = weights * _checked(sample_weights, len(Y), f"{what}: sample_weights")
    if class_weights is not None:
        weights = weights * weights_of_classes(Y, class_weights, f"{what}: class_weights")
    if not weights.any():
        raise ArgumentError(f"{what}: every sample has the weight 0, so nothing can be learned.")
    return weights.astype(network.dtype)


def _checked(given: Any, n: int, what: str) -> Any:
    weights = finite_array(given, what, dimensions=1)
    if len(weights) != n:
        raise ShapeError(f"{what} must be ({n},), one per sample; got {weights.shape}.")
    if (weights < 0).any():
        row = int(np.flatnonzero(weights < 0)[0])
        raise ArgumentError(f"{what} must not be negative; got {weights[row]} at {row}.")
    return weights


def _classes(Y: Any) -> Any:
    return np.argmax(Y, axis=1) if Y.shape[1] > 1 else (Y[:, 0] > 0.5).astype(int)


def weights_of_classes(Y: Any, given: Any, what: str) -> Any:
    """Return the weight of every sample's class, ``(n,)``; see `weights_of_samples`."""
    if not isinstance(given, dict):
        raise ArgumentTypeError(
            f"{what} must be a dict such as {{0: 1.0, 1: 5.0}}; got {short(given)}."
        )
    classes = np.concatenate([_classes(part) for part in parts(Y)])
    n_classes = max(Y.shape[1], 2)
    for known in given:
        if known not in range(n_classes):
            raise ArgumentError(
                f"{what} names the class {known!r}; the classes are 0 to {n_classes - 1}."
            )
    missing = sorted(set(classes.tolist()) - set(given))
    if missing:
        raise ArgumentError(f"{what} must name every class that occurs; {missing[0]} is missing.")
    names = list(given)
    values = _checked([given[name] for name in names], len(names), what)
    table = np.zeros(n_classes)
    table[names] = values
    return table[classes]
