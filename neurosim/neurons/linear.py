"""Neurons that pass numbers on as they are: inputs, and weighted sums."""

from __future__ import annotations

from typing import Any, NoReturn, final

from neurosim.errors import ArgumentError
from neurosim.neurons.neuron import Neuron

__all__ = ["InputNeuron", "LinearNeuron"]


@final
class InputNeuron(Neuron):
    """An input: its activation is the number that comes in. It has no weights and no bias."""

    symbol = "x"
    formula = "x"

    def __init__(self) -> None:
        super().__init__()

    def __call__(self, x: Any) -> Any:
        """Return the input itself."""
        return x

    @staticmethod
    def activate(z: Any) -> Any:
        """Return the input itself."""
        return z

    @staticmethod
    def derivative(z: Any, a: Any) -> Any:
        """Return 1: delta is dJ/dx."""
        return 1.0

    def _own_numbers(self) -> list[str]:
        return []

    def _checked_weights(self, values: Any) -> NoReturn:
        raise ArgumentError(
            f"{self._named} has no weights; give the weights to a neuron that reads it."
        )

    def _checked_bias(self, value: Any) -> NoReturn:
        raise ArgumentError(f"{self._named} has no bias; give the bias to a neuron that reads it.")

    @property
    def _named(self) -> str:
        return f"InputNeuron {self.label!r}" if self.label else "An InputNeuron"


@final
class LinearNeuron(Neuron):
    """a = z, with derivative 1: a regression's output.

    >>> LinearNeuron(weights=[3.0], bias=1.0)([2.0])
    7.0
    """

    symbol = "lin"
    formula = "z"

    @staticmethod
    def activate(z: Any) -> Any:
        """Return z."""
        return z

    @staticmethod
    def derivative(z: Any, a: Any) -> Any:
        """Return 1."""
        return 1.0
