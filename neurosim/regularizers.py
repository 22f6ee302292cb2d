"""What keeps a network from learning its samples by heart: penalties on weights, and dropout.

They are attached with `Network.regularize`, to everything, a layer or a neuron. The objective is
then J = the mean loss + the penalties; biases are never penalized.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, final

from neurosim.checks import finite_number
from neurosim.errors import ArgumentError
from neurosim.functions import abs, where

__all__ = ["L1", "L2", "Dropout", "Regularizer", "WeightPenalty"]


class Regularizer(ABC):
    """Something that `Network.regularize` takes. This class is abstract."""

    @abstractmethod
    def __init__(self, amount: float) -> None:
        """Take how strong it is."""

    def config(self) -> dict[str, Any]:
        """Return the arguments that make an equal one."""
        return dict(vars(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(repr(v) for v in vars(self).values())})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), tuple(vars(self).values())))


class WeightPenalty(Regularizer):
    """A penalty for every weight, added to the loss. This class is abstract.

    Parameters
    ----------
    strength : float
        Zero or positive.
    """

    formula: ClassVar[str] = ""
    """The penalty of one weight as a book writes it."""

    def __init__(self, strength: float) -> None:
        name = type(self).__name__
        self.strength = finite_number(strength, f"{name}: strength", at_least=0)

    @staticmethod
    @abstractmethod
    def penalty(w: Any, strength: float) -> Any:
        """Return the penalty of a weight."""

    @staticmethod
    @abstractmethod
    def derivative(w: Any, strength: float) -> Any:
        """Return the derivative of the penalty by the weight."""


@final
class L1(WeightPenalty):
    """strength |w|, with derivative strength sign(w): weights that are of no use become zero.

    At w = 0 the derivative is taken to be 0, so that a weight at rest stays there.

    >>> L1.penalty(-2.0, 0.1), L1.derivative(-2.0, 0.1)
    (0.2, -0.1)
    """

    formula = "strength * abs(w)"

    @staticmethod
    def penalty(w: Any, strength: float) -> Any:
        """Return strength |w|."""
        return strength * abs(w)

    @staticmethod
    def derivative(w: Any, strength: float) -> Any:
        """Return strength sign(w)."""
        return where(w > 0, strength, where(w < 0, -strength, 0.0))


@final
class L2(WeightPenalty):
    """strength / 2 w^2, with derivative strength w: all weights are drawn towards zero.

    One step of gradient descent multiplies a weight by 1 - rate strength before it follows the
    loss, which is why it is called weight decay. Books that write lambda / (2 m) sum w^2 for m
    samples mean strength = lambda / m.

    >>> L2.penalty(2.0, 0.1), L2.derivative(2.0, 0.1)
    (0.2, 0.2)
    """

    formula = "strength / 2 * w * w"

    @staticmethod
    def penalty(w: Any, strength: float) -> Any:
        """Return strength / 2 w^2."""
        return 0.5 * strength * w * w

    @staticmethod
    def derivative(w: Any, strength: float) -> Any:
        """Return strength w."""
        return strength * w


@final
class Dropout(Regularizer):
    """Inverted dropout: in training, a = f(z) m with m = 0 at the given rate, else 1 / (1 - rate).

    A new mask m is drawn for every sample of every batch. The division keeps the mean of a as it
    is, so that nothing has to change where the network is used: there m = 1.

    Parameters
    ----------
    rate : float
        The share of the activations that is dropped, from 0 to below 1.

    Source: Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting",
    2014; inverted as in most libraries.
    """

    def __init__(self, rate: float) -> None:
        self.rate = finite_number(rate, "Dropout: rate", at_least=0)
        if self.rate >= 1:
            raise ArgumentError(
                f"Dropout: rate is the share dropped and must lie in [0, 1); got {rate!r}."
            )
