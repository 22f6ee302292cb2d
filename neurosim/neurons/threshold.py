"""Neurons that decide: 1 or 0, and nothing in between."""

from __future__ import annotations

from typing import Any, final

from neurosim.functions import where
from neurosim.neurons.neuron import Neuron

__all__ = ["Perceptron"]


@final
class Perceptron(Neuron):
    """a = 1 where z > 0, else 0: it decides. It runs forward, but has no useful derivative.

    Source: Rosenblatt, "The Perceptron", 1958.

    >>> Perceptron(weights=[1.0, 1.0], bias=-1.5)([1, 1])
    1.0
    """

    symbol = "step"
    formula = "1 if z > 0 else 0"
    probability = True
    instead = "SigmoidNeuron, its smooth relative, or train a layer of them with PerceptronRule"

    @staticmethod
    def activate(z: Any) -> Any:
        """Return 1 where z > 0, else 0; a NaN stays one."""
        return where(z > 0, 1.0, where(z <= 0, 0.0, z))
