"""Losses of probabilities: the logarithm of what was given to what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.errors import LossError
from neurosim.functions import abs, exp, largest, log, log1p, maximum, total
from neurosim.losses.loss import Loss
from neurosim.neurons import SigmoidNeuron, SoftmaxNeuron

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neurosim.neurons import Kind

__all__ = ["BinaryCrossEntropy", "CategoricalCrossEntropy", "CrossEntropy"]

# The smallest number whose logarithm is taken; float32 can hold it, too.
SMALLEST = 1e-37


class CrossEntropy(Loss):
    """What the cross entropies share: activations and targets are probabilities. Abstract."""

    def check_outputs(self, kinds: Sequence[Kind], labels: Sequence[str]) -> None:
        """Raise `LossError` where an output neuron gives no probability."""
        for kind, label in zip(kinds, labels, strict=True):
            if not kind.neuron.probability:
                wanted = self.partner.__name__ if self.partner else "SigmoidNeuron"
                raise LossError(
                    f"{type(self).__name__}: the outputs must be probabilities, but neuron "
                    f"{label!r} is a {kind.name}. Use {wanted} there, or "
                    "loss=ns.MeanSquaredError()."
                )

    def check_targets(self, Y: Any) -> None:
        """Raise `LossError` where a target lies outside [0, 1]."""
        outside = (Y < 0) | (Y > 1)
        if outside.any():
            row, column = (int(i) for i in np.argwhere(outside)[0])
            raise LossError(
                f"{type(self).__name__}: targets must lie in [0, 1]; got Y[{row}, {column}] = "
                f"{Y[row, column]}. Scale them, or use loss=ns.MeanSquaredError()."
            )


@final
class BinaryCrossEntropy(CrossEntropy):
    """J = -1/n sum over samples, sum over outputs of y log a + (1 - y) log(1 - a).

    With sigmoid outputs it is computed from z: log(1 + exp(-|z|)) + max(z, 0) - z y, and
    delta = (a - y) / n.

    >>> round(BinaryCrossEntropy.loss(0.5, 1.0), 4), BinaryCrossEntropy.loss_from_z(1000.0, 0.0)
    (0.6931, 1000.0)
    """

    formula = "-(y * log(a) + (1 - y) * log(1 - a))"
    partner = SigmoidNeuron

    @staticmethod
    def loss(a: Any, y: Any) -> Any:
        """Return -(y log a + (1 - y) log(1 - a)), clipped inside the logarithms only."""
        kept, lost = maximum(a, SMALLEST), maximum(1.0 - a, SMALLEST)
        return -(y * log(kept) + (1.0 - y) * log(lost))

    @staticmethod
    def derivative(a: Any, y: Any) -> Any:
        """Return (1 - y) / (1 - a) - y / a."""
        return (1.0 - y) / maximum(1.0 - a, SMALLEST) - y / maximum(a, SMALLEST)

    @staticmethod
    def loss_from_z(z: Any, y: Any) -> Any:
        """Return log(1 + exp(-|z|)) + max(z, 0) - z y."""
        return log1p(exp(-abs(z))) + (maximum(z, 0.0) - z * y)

    @staticmethod
    def derivative_by_z(a: Any, y: Any) -> Any:
        """Return a - y."""
        return a - y


@final
class CategoricalCrossEntropy(CrossEntropy):
    """J = -1/n sum over samples, sum over outputs of y log a.

    With softmax outputs it is computed from z: y (log sum exp(z) - z), and delta = (a - y) / n
    for targets that add up to 1 (in general (a sum(y) - y) / n).

    >>> round(CategoricalCrossEntropy.loss(0.5, 1.0), 4)
    0.6931
    """

    formula = "-y * log(a)"
    partner = SoftmaxNeuron

    @staticmethod
    def loss(a: Any, y: Any) -> Any:
        """Return -y log a, clipped inside the logarithm only."""
        return -(y * log(maximum(a, SMALLEST)))

    @staticmethod
    def derivative(a: Any, y: Any) -> Any:
        """Return -y / a."""
        return -(y / maximum(a, SMALLEST))

    @staticmethod
    def loss_from_z(z: Any, y: Any) -> Any:
        """Return y (log sum exp(z) - z) for all coupled outputs, along the first axis."""
        shifted = z - largest(z)
        return y * (log(total(exp(shifted))) - shifted)

    @staticmethod
    def derivative_by_z(a: Any, y: Any) -> Any:
        """Return a sum(y) - y for all coupled outputs, along the first axis."""
        return a * total(y) - y
