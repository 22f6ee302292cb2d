"""Neurons whose activation depends on their whole layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from neurosim.errors import NoDerivativeError
from neurosim.neurons.neuron import Neuron

__all__ = ["CoupledNeuron"]


class CoupledNeuron(Neuron):
    """A neuron whose activation depends on its whole layer. This class is abstract.

    ``activate(z)`` takes the z of all coupled neurons along the first axis, and `chain` carries
    a gradient back through it, exactly.
    """

    @staticmethod
    def chain(z: Any, a: Any, gradient: Any, *parameters: Any) -> Any:
        """Return dJ/dz for all coupled neurons, given ``gradient`` = dJ/da for all of them."""
        raise NoDerivativeError("This kind of neuron states no derivative.")

    @classmethod
    def derivative(cls, z: Any, a: Any, *parameters: Any) -> Any:
        """Return the Jacobian of one sample: [i, j] is da_i/dz_j.

        >>> import neurosim as ns
        >>> ns.SoftmaxNeuron.derivative(np.zeros(2), np.array([0.5, 0.5]))
        array([[ 0.25, -0.25],
               [-0.25,  0.25]])
        """
        rows = np.eye(len(a), dtype=np.asarray(a).dtype)
        return np.array([cls.chain(z, a, row, *parameters) for row in rows])

    @classmethod
    def differentiable(cls) -> bool:
        """Return whether the kind states `chain`."""
        return cls.chain is not CoupledNeuron.chain

    def _activate_alone(self, z: Any) -> Any:
        return super()._activate_alone(np.asarray(z)[np.newaxis])[0]
