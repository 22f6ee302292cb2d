"""Losses that grow with the error itself, so that a few wild targets count for less."""

from __future__ import annotations

from typing import Any, final

from neurosim.checks import finite_number
from neurosim.functions import abs, maximum, minimum, where
from neurosim.losses.loss import Loss

__all__ = ["Huber", "MeanAbsoluteError"]


@final
class MeanAbsoluteError(Loss):
    """J = 1/n sum over samples, sum over outputs of |a - y|; the derivative is 1 or -1.

    At the kink, a = y, it is -1, the left one: a step from an exact output leads away from it,
    and the next one back.

    >>> MeanAbsoluteError.loss(7.0, 9.0), MeanAbsoluteError.derivative(7.0, 9.0)
    (2.0, -1.0)
    """

    formula = "abs(a - y)"

    @staticmethod
    def loss(a: Any, y: Any) -> Any:
        """Return |a - y|."""
        return abs(a - y)

    @staticmethod
    def derivative(a: Any, y: Any) -> Any:
        """Return 1 where a > y, else -1."""
        return where(a > y, 1.0, -1.0)


@final
class Huber(Loss):
    """Half the squared error up to an error of delta, and from there on a straight line.

    With e = a - y it is e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2); J is the mean
    over samples of the sum over outputs. The derivative is e, held between -delta and delta.

    Source: Huber, "Robust Estimation of a Location Parameter", 1964.

    Parameters
    ----------
    delta : float
        The error at which the line begins; positive.

    Examples
    --------
    >>> Huber.loss(7.0, 9.0), Huber.loss(8.5, 9.0), Huber.derivative(7.0, 9.0)
    (1.5, 0.125, -1.0)
    >>> Huber(delta=5)
    Huber(delta=5.0)
    """

    formula = "(a - y)**2 / 2 if abs(a - y) <= delta else delta * (abs(a - y) - delta / 2)"

    def __init__(self, delta: float = 1.0) -> None:
        super().__init__(delta=finite_number(delta, "Huber: delta", above=0))

    @property
    def delta(self) -> float:
        """The error at which the line begins."""
        return self.parameters["delta"]

    @staticmethod
    def loss(a: Any, y: Any, delta: Any = 1.0) -> Any:
        """Return c (|e| - c / 2) with e = a - y and c = min(|e|, delta)."""
        size = abs(a - y)
        held = minimum(size, delta)
        return held * (size - 0.5 * held)

    @staticmethod
    def derivative(a: Any, y: Any, delta: Any = 1.0) -> Any:
        """Return a - y, held between -delta and delta."""
        return maximum(minimum(a - y, delta), -delta)
