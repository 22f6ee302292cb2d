"""What a network is trained to make small.

A loss adds up, for every sample, a number per output, and takes the mean over the samples:
J = 1/n sum over samples, sum over outputs of ``loss(a, y)``. A loss states ``loss(a, y)`` and
``derivative(a, y)`` once, over the names of `neurosim.functions`, and every engine binds these two.

A cross entropy with its own kind of output neuron (``partner``) is computed from z instead, in
every engine, so that delta = (a - y) / n stays exact where the activation has no digits left.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, final

import numpy as np

from neurosim.errors import LossError
from neurosim.functions import abs, exp, largest, log, log1p, maximum, total
from neurosim.neurons import Neuron, SigmoidNeuron, SoftmaxNeuron

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neurosim.neurons import Kind

__all__ = [
    "BinaryCrossEntropy",
    "CategoricalCrossEntropy",
    "Loss",
    "MeanSquaredError",
    "QuadraticCost",
]

# The smallest number whose logarithm is taken; float32 can hold it, too.
SMALLEST = 1e-37


class Loss(ABC):
    """J = mean over samples of the sum over outputs of ``loss(a, y)``. This class is abstract."""

    formula: ClassVar[str] = ""
    """One output's part as a book writes it, in a and y; a trace shows it."""
    partner: ClassVar[type[Neuron] | None] = None
    """The kind of output neuron for which the loss is computed from z."""

    @staticmethod
    @abstractmethod
    def loss(a: Any, y: Any) -> Any:
        """Return one output's part of one sample's loss."""

    @staticmethod
    @abstractmethod
    def derivative(a: Any, y: Any) -> Any:
        """Return the derivative of `loss` by a."""

    @staticmethod
    def loss_from_z(z: Any, y: Any) -> Any:
        """Return the same number as `loss`, computed from z of a `partner` neuron."""
        raise AssertionError("only a loss with a partner is computed from z")

    @staticmethod
    def delta(a: Any, y: Any) -> Any:
        """Return the derivative of `loss_from_z` by z."""
        raise AssertionError("only a loss with a partner is computed from z")

    def check_outputs(self, kinds: Sequence[Kind], labels: Sequence[str]) -> None:
        """Raise `LossError` where an output neuron's activation does not suit the loss."""

    def check_targets(self, Y: Any) -> None:
        """Raise `LossError` where a target does not suit the loss."""

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({values})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), tuple(vars(self).items())))


@final
class MeanSquaredError(Loss):
    """J = 1/n sum over samples, sum over outputs of (a - y)^2; the derivative is 2 (a - y).

    >>> MeanSquaredError.loss(7.0, 9.0), MeanSquaredError.derivative(7.0, 9.0)
    (4.0, -4.0)
    """

    formula = "(a - y)**2"

    @staticmethod
    def loss(a: Any, y: Any) -> Any:
        """Return (a - y)^2."""
        return (a - y) * (a - y)

    @staticmethod
    def derivative(a: Any, y: Any) -> Any:
        """Return 2 (a - y)."""
        return 2.0 * (a - y)


@final
class QuadraticCost(Loss):
    """J = 1/(2n) sum over samples, sum over outputs of (a - y)^2; the derivative is a - y.

    Source: Nielsen, "Neural Networks and Deep Learning", 2015, equation 6.

    >>> QuadraticCost.loss(7.0, 9.0), QuadraticCost.derivative(7.0, 9.0)
    (2.0, -2.0)
    """

    formula = "(a - y)**2 / 2"

    @staticmethod
    def loss(a: Any, y: Any) -> Any:
        """Return (a - y)^2 / 2."""
        return 0.5 * ((a - y) * (a - y))

    @staticmethod
    def derivative(a: Any, y: Any) -> Any:
        """Return a - y."""
        return a - y


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
    def delta(a: Any, y: Any) -> Any:
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
    def delta(a: Any, y: Any) -> Any:
        """Return a sum(y) - y for all coupled outputs, along the first axis."""
        return a * total(y) - y
