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
# Targets make all errors, and with them all gradients, that much larger: beyond the first size
# scaling them helps, beyond the second they are what is wrong.
_LARGE_TARGETS, _HUGE_TARGETS = 100.0, 1e4


def is_finite(vector: Any) -> bool:
    """Whether all numbers are finite; the sum of squares tells, save where it overflows.

    Whoever calls it has silenced NumPy, which may warn of just that.
    """
    return math.isfinite(vector.dot(vector)) or bool(np.isfinite(vector).all())


def divergence_message(
    network: Network,
    rate: float,
    samples: tuple[Any, Any],
    loss: float,
    history: History,
    batch: int | None = None,
) -> str:
    """Name the epoch, the number found not to be finite, and the likely cause.

    The network still holds the parameters after the bad epoch. `batch` is the batch whose loss
    it is, where an epoch has several; None is the whole epoch.
    """
    epoch = len(history)
    counted = "counted from 0" if batch is None else "counted from 0, like the batches"
    last = f", {epoch - 1}" if epoch else ", its start"
    return (
        f"Network.fit: training diverged in epoch {epoch} ({counted}): "
        f"{_bad_number(network, loss, batch)}{_start(history)}. Likely cause: "
        f"{_cause(network, rate, *samples)} The network holds the parameters of the last finite "
        f"epoch{last}."
    )


def _bad_number(network: Network, loss: float, batch: int | None) -> str:
    if not math.isfinite(loss):
        return f"the loss{'' if batch is None else f' of batch {batch}'} became {loss}"
    slot = int(np.flatnonzero(~np.isfinite(network.parameters))[0])
    label = network.parameter_label(slot)
    return f"the parameter {label!r} became {network.parameters[slot]}"


def _start(history: History) -> str:
    if not history.loss:
        return " at once"
    return f", up from {history.loss[0]:.6g} in epoch 0"


def _cause(network: Network, rate: float, X: Any, Y: Any) -> str:
    inputs, targets = float(np.abs(X).max()), float(np.abs(Y).max())
    if targets > max(_HUGE_TARGETS, inputs):
        return _large_targets(rate, inputs, targets)
    if inputs > _LARGE:
        return _large_inputs(network, rate, X)
    scaling = ""
    if targets > _LARGE_TARGETS:
        scaling = (
            f", and scale the targets, which reach {targets:g}, e.g. "
            "net.scale(outputs=ns.Standardizer())"
        )
    return (
        f"the learning rate {rate:g} is too large for this network (the inputs reach "
        f"{inputs:g}, which is no problem). Try a rate ten times smaller{scaling}."
    )


def _large_targets(rate: float, inputs: float, targets: float) -> str:
    them, also = ("them", "") if inputs <= _LARGE else ("both", "inputs=ns.Standardizer(), ")
    return (
        f"the targets reach {targets:g} while the inputs reach {inputs:g}, and every gradient "
        "grows with the error, which is as large as the targets at first, so that the learning "
        f"rate {rate:g} overshoots. Scale {them}, e.g. net.scale({also}outputs=ns.Standardizer()), "
        "or use a far smaller rate."
    )


def _large_inputs(network: Network, rate: float, X: Any) -> str:
    scales = np.abs(X).max(axis=0)
    labels = [network.labels[number] for number in network.wiring.inputs]
    widest, narrowest = int(np.argmax(scales)), int(np.argmin(scales))
    others = ""
    if widest != narrowest:
        others = f" while {labels[narrowest]!r} reaches {scales[narrowest]:g}"
    return (
        f"the inputs are not scaled: {labels[widest]!r} reaches {scales[widest]:g}{others}, and "
        "the gradient of a weight grows with its input, so that of "
        f"{labels[widest]!r} is the huge one and the learning rate {rate:g} overshoots. Bring all "
        "inputs to a size near 1, e.g. net.scale(inputs=ns.Standardizer()), or use a far smaller "
        "rate."
    )
