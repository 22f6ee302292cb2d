"""Neurons like ReLU, but without its kink: smooth everywhere."""

from __future__ import annotations

from typing import Any, final

from neurosim.functions import abs, erf, exp, log1p, maximum, minimum, where
from neurosim.initializers import He
from neurosim.neurons.neuron import Neuron

__all__ = ["GELUNeuron", "SoftplusNeuron", "SwishNeuron"]


@final
class SoftplusNeuron(Neuron):
    """a = log(1 + exp(z)), a ReLU with a round bend; the derivative is the sigmoid of z.

    It is computed as max(z, 0) + log(1 + exp(-|z|)), which never overflows.

    Source: Dugas, Bengio, Bélisle, Nadeau, Garcia, "Incorporating Second-Order Functional
    Knowledge for Better Option Pricing", 2001.

    >>> round(SoftplusNeuron.activate(0.0), 4), SoftplusNeuron.activate(1000.0)
    (0.6931, 1000.0)
    """

    symbol = "soft+"
    formula = "log(1 + exp(z))"
    initializer = He()

    @staticmethod
    def activate(z: Any) -> Any:
        """Return log(1 + exp(z))."""
        return maximum(z, 0.0) + log1p(exp(-abs(z)))

    @staticmethod
    def derivative(z: Any, a: Any) -> Any:
        """Return 1 / (1 + exp(-z))."""
        e = exp(-abs(z))
        return where(z >= 0, 1.0, e) / (1.0 + e)


@final
class GELUNeuron(Neuron):
    """a = z Phi(z), Phi(z) = (1 + erf(z / sqrt 2)) / 2 being the normal distribution function.

    The derivative is Phi(z) + z phi(z) with the normal density phi(z) = exp(-z^2 / 2) / sqrt(2 pi).
    It is the exact form, not the approximation by tanh.

    Source: Hendrycks, Gimpel, "Gaussian Error Linear Units", 2016.

    >>> round(GELUNeuron.activate(1.0), 4), GELUNeuron.activate(1000.0)
    (0.8413, 1000.0)
    """

    symbol = "GELU"
    formula = "z * (1 + erf(z / sqrt(2))) / 2"
    initializer = He()

    @staticmethod
    def activate(z: Any) -> Any:
        """Return z Phi(z); 0.7071... is 1 / sqrt 2."""
        return z * (0.5 * (1.0 + erf(0.7071067811865476 * z)))

    @staticmethod
    def derivative(z: Any, a: Any) -> Any:
        """Return Phi(z) + z phi(z); 0.3989... is 1 / sqrt(2 pi)."""
        # phi is 0 to the last digit long before 40, and z * z would overflow far out.
        near = minimum(abs(z), 40.0)
        density = 0.3989422804014327 * exp(-0.5 * near * near)
        return 0.5 * (1.0 + erf(0.7071067811865476 * z)) + z * density


@final
class SwishNeuron(Neuron):
    """a = z s(beta z) with the sigmoid s; with beta = 1 it is also called SiLU.

    The derivative is s + beta z s (1 - s), where s (1 - s) = e / (1 + e)^2 with e = exp(-|beta z|).

    Source: Ramachandran, Zoph, Le, "Searching for Activation Functions", 2017.

    >>> round(SwishNeuron.activate(1.0), 4), SwishNeuron.activate(1000.0)
    (0.7311, 1000.0)
    """

    symbol = "swish"
    formula = "z / (1 + exp(-beta * z))"
    initializer = He()

    @staticmethod
    def activate(z: Any, beta: Any = 1.0) -> Any:
        """Return z / (1 + exp(-beta z))."""
        e = exp(-abs(beta * z))
        return z * (where(beta * z >= 0, 1.0, e) / (1.0 + e))

    @staticmethod
    def derivative(z: Any, a: Any, beta: Any = 1.0) -> Any:
        """Return s + beta z s (1 - s)."""
        e = exp(-abs(beta * z))
        share = where(beta * z >= 0, 1.0, e) / (1.0 + e)
        return share + beta * z * (e / ((1.0 + e) * (1.0 + e)))
