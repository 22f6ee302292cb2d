"""Neurons that share a 1 out among their layer: softly, or all to the largest."""

from __future__ import annotations

from typing import Any, final

from neurosim.functions import exp, first_largest, largest, total
from neurosim.neurons.coupled import CoupledNeuron

__all__ = ["HardmaxNeuron", "SoftmaxNeuron"]


@final
class SoftmaxNeuron(CoupledNeuron):
    """a_i = exp(z_i) / sum_j exp(z_j) over the neurons of its layer: shares that add up to 1.

    da_j/dz_i = a_j ((i = j) - a_i), cross terms included, whatever the loss.

    >>> import numpy as np
    >>> SoftmaxNeuron.activate(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """

    symbol = "softmax"
    formula = "exp(z) / sum(exp(z))"
    probability = True

    @staticmethod
    def activate(z: Any) -> Any:
        """Return the shares, computed from z - max z so that nothing overflows."""
        e = exp(z - largest(z))
        return e / total(e)

    @staticmethod
    def chain(z: Any, a: Any, gradient: Any) -> Any:
        """Return dJ/dz_i = a_i (dJ/da_i - sum_j a_j dJ/da_j)."""
        return a * (gradient - total(a * gradient))


@final
class HardmaxNeuron(CoupledNeuron):
    """a = 1 for the largest z of its layer (the first of several), else 0. No derivative.

    >>> import numpy as np
    >>> HardmaxNeuron.activate(np.array([1.0, 3.0, 3.0]))
    array([0., 1., 0.])
    """

    symbol = "max"
    formula = "1 if z is the first largest else 0"
    probability = True
    instead = "SoftmaxNeuron, its smooth relative"

    @staticmethod
    def activate(z: Any) -> Any:
        """Return 1 at the first largest z, else 0."""
        return first_largest(z)
