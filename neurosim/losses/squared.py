"""Losses of the squared error."""

from __future__ import annotations

from typing import Any, final

from neurosim.losses.loss import Loss

__all__ = ["MeanSquaredError", "QuadraticCost"]


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
