"""Neurons with an S-shaped activation, flat far out on both sides."""

from __future__ import annotations

from typing import Any, final

from neurosim.functions import abs, exp, tanh, where
from neurosim.neurons.neuron import Neuron

__all__ = ["SigmoidNeuron", "TanhNeuron"]


@final
class SigmoidNeuron(Neuron):
    """a = 1 / (1 + exp(-z)), with derivative a (1 - a).

    The form used never takes exp of a positive number, so that |z| = 1000 gives no overflow.

    >>> float(SigmoidNeuron.activate(0.0)), float(SigmoidNeuron.activate(-1000.0))
    (0.5, 0.0)
    """

    symbol = "σ"
    formula = "1 / (1 + exp(-z))"
    probability = True

    @staticmethod
    def activate(z: Any) -> Any:
        """Return 1 / (1 + exp(-z))."""
        e = exp(-abs(z))
        return where(z >= 0, 1.0, e) / (1.0 + e)

    @staticmethod
    def derivative(z: Any, a: Any) -> Any:
        """Return a (1 - a)."""
        return a * (1.0 - a)


@final
class TanhNeuron(Neuron):
    """a = tanh(z), with derivative 1 - a^2.

    >>> TanhNeuron.activate(0.0), TanhNeuron.derivative(0.0, 0.0)
    (0.0, 1.0)
    """

    symbol = "tanh"
    formula = "tanh(z)"

    @staticmethod
    def activate(z: Any) -> Any:
        """Return tanh(z)."""
        return tanh(z)

    @staticmethod
    def derivative(z: Any, a: Any) -> Any:
        """Return 1 - a^2."""
        return 1.0 - a * a
