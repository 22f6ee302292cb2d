"""What to tell a person whose training has run away."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from neurosim.learning.history import History
    from neurosim.network import Network

__all__ = ["divergence_message", "is_finite"]

# Inputs beyond this size make the gradient of their weights that much larger than usual.
_LARGE = 10.0


def is_finite(vector: Any) -> bool:
    """Whether all numbers are finite; the sum tells, save where finite numbers overflow it."""
    return math.isfinite(np.add.reduce(vector)) or bool(np.isfinite(vector).all())


def divergence_message(network: Network, rate: float, X: Any, loss: float, history: History) -> str:
    """Name the epoch, the first number that was not finite, and the likely cause.

    The network still holds the parameters after the bad epoch.
    """
    epoch = len(history)
    last = f", {epoch - 1}" if epoch else ", its start"
    return (
        f"Network.fit: training diverged in epoch {epoch} (counted from 0): "
        f"{_bad_number(network, loss)}{_start(history)}. Likely cause: "
        f"{_cause(network, rate, X)} The network holds the parameters of the last finite "
        f"epoch{last}."
    )


def _bad_number(network: Network, loss: float) -> str:
    if not math.isfinite(loss):
        return f"the loss became {loss}"
    slot = int(np.flatnonzero(~np.isfinite(network.parameters))[0])
    label = network.parameter_label(slot)
    return f"the parameter {label!r} became {network.parameters[slot]}"


def _start(history: History) -> str:
    if not history.loss:
        return " at once"
    return f", up from {history.loss[0]:.6g} in epoch 0"


def _cause(network: Network, rate: float, X: Any) -> str:
    scales = np.abs(X).max(axis=0)
    labels = [network.labels[number] for number in network.wiring.inputs]
    widest, narrowest = int(np.argmax(scales)), int(np.argmin(scales))
    if scales[widest] <= _LARGE:
        return (
            f"the learning rate {rate:g} is too large for this network (the inputs reach "
            f"{scales[widest]:g}, which is no problem). Try a rate ten times smaller."
        )
    others = ""
    if widest != narrowest:
        others = f" while {labels[narrowest]!r} reaches {scales[narrowest]:g}"
    return (
        f"the inputs are not scaled: {labels[widest]!r} reaches {scales[widest]:g}{others}, and "
        "the gradient of a weight grows with its input, so that of "
        f"{labels[widest]!r} is the huge one and the learning rate {rate:g} overshoots. Bring all "
        f"inputs to a size near 1 (divide {labels[widest]!r} by {scales[widest]:g}, say), or use a "
        "far smaller rate."
    )
