"""Neurons that pass on what is above 0, and bend, with a kink, what is below."""

from __future__ import annotations

from typing import Any, final

from neurosim.functions import exp, maximum, minimum, tanh, where
from neurosim.initializers import He
from neurosim.neurons.neuron import Neuron

__all__ = ["ELUNeuron", "LeakyReLUNeuron", "ReLUNeuron"]


@final
class ReLUNeuron(Neuron):
    """a = max(0, z), with derivative 1 where z > 0, else 0 (at 0 the left one).

    >>> ReLUNeuron.activate(-2.0), ReLUNeuron.derivative(0.0, 0.0)
    (0.0, 0.0)
    """

    symbol = "ReLU"
    formula = "max(0, z)"
    initializer = He()

    @staticmethod
    def activate(z: Any) -> Any:
        """Return max(0, z)."""
        return maximum(z, 0.0)

    @staticmethod
    def derivative(z: Any, a: Any) -> Any:
        """Return 1 where z > 0, else 0."""
        return where(z > 0, 1.0, 0.0)


@final
class LeakyReLUNeuron(Neuron):
    """a = z where z > 0, else slope z; the derivative is 1 or slope (at 0 slope, the left one).

    >>> LeakyReLUNeuron(weights=[1.0], slope=0.1)([-5.0])
    -0.5
    """

    symbol = "lReLU"
    formula = "z if z > 0 else slope * z"
    initializer = He()

    @staticmethod
    def activate(z: Any, slope: Any = 0.01) -> Any:
        """Return z where z > 0, else slope z."""
        return where(z > 0, z, slope * z)

    @staticmethod
    def derivative(z: Any, a: Any, slope: Any = 0.01) -> Any:
        """Return 1 where z > 0, else slope."""
        return where(z > 0, 1.0, slope)


@final
class ELUNeuron(Neuron):
    """a = z where z > 0, else alpha (exp(z) - 1), which levels off at -alpha far out.

    The derivative is 1 where z > 0, else alpha exp(z) (at 0 alpha, the left one). Below 0,
    exp(z) - 1 = tanh(z/2) (exp(z) + 1) is computed, which keeps all digits near 0.

    Source: Clevert, Unterthiner, Hochreiter, "Fast and Accurate Deep Network Learning by
    Exponential Linear Units", 2015.

    >>> round(ELUNeuron(weights=[1.0])([-1.0]), 4), ELUNeuron(weights=[1.0], alpha=0.5)([-1000.0])
    (-0.6321, -0.5)
    """

    symbol = "ELU"
    formula = "z if z > 0 else alpha * (exp(z) - 1)"
    initializer = He()

    @staticmethod
    def activate(z: Any, alpha: Any = 1.0) -> Any:
        """Return z where z > 0, else alpha (exp(z) - 1)."""
        below = minimum(z, 0.0)
        return where(z > 0, z, alpha * (tanh(0.5 * below) * (exp(below) + 1.0)))

    @staticmethod
    def derivative(z: Any, a: Any, alpha: Any = 1.0) -> Any:
        """Return 1 where z > 0, else alpha exp(z)."""
        return where(z > 0, 1.0, alpha * exp(minimum(z, 0.0)))
