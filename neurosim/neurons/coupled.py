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

    @classmethod
    def chain(cls, z: Any, a: Any, gradient: Any, *parameters: Any) -> Any:
        """Return dJ/dz for all coupled neurons, given ``gradient`` = dJ/da for all of them.

        A kind states it as a static function; without one no gradient passes.
        """
        raise NoDerivativeError(f"{cls.__name__} has no derivative. Use {cls.instead}.")

    @classmethod
    def derivative(cls, z: Any, a: Any, *parameters: Any) -> Any:
        """Return the Jacobian of one sample: [i, j] is da_i/dz_j.

        >>> import neurosim as ns
        >>> ns.SoftmaxNeuron.derivative(np.zeros(2), np.array([0.5, 0.5]))
        array([[ 0.25, -0.25],
               [-0.25,  0.25]])
        """
        if not cls.differentiable():
            raise NoDerivativeError(f"{cls.__name__} has no derivative. Use {cls.instead}.")
        rows = np.eye(len(a), dtype=np.asarray(a).dtype)
        return np.array([cls.chain(z, a, row, *parameters) for row in rows])

    @classmethod
    def differentiable(cls) -> bool:
        """Return whether the kind states `chain`."""
        return next(base for base in cls.__mro__ if "chain" in vars(base)) is not CoupledNeuron

    def _activate_alone(self, z: Any) -> Any:
        return super()._activate_alone(np.asarray(z)[np.newaxis])[0]
