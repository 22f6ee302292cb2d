"""A neuron that answers one number, whatever it reads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, final

from neurosim.errors import ArgumentError
from neurosim.neurons import Kind, Neuron
from neurosim.rewiring import exchange_kind

if TYPE_CHECKING:
    from neurosim.network import Network

__all__ = ["ClampedNeuron", "clamp"]


@final
class ClampedNeuron(Neuron):
    """a = value, with derivative 0: no gradient passes, and nothing that feeds it learns by it.

    >>> ClampedNeuron(weights=[3.0], value=0.5)([2.0])
    0.5
    """

    symbol = "const"
    formula = "value"

    @staticmethod
    def activate(z: Any, value: float = 0.0) -> Any:
        """Return the value, one for every z."""
        return 0.0 * z + value

    @staticmethod
    def derivative(z: Any, a: Any, value: float = 0.0) -> Any:
        """Return 0."""
        return 0.0 * z


def clamp(network: Network, number: int, value: float, whose: str) -> None:
    """Hold the activation of a neuron of the network at a value.

    Raises
    ------
    ArgumentError
        It is an output, or belongs to a softmax, whose other activations go on with its z.
    """
    kind, label = network.kind_of(number), network.labels[number]
    if number in network.wiring.outputs.tolist():
        raise ArgumentError(
            f"{whose}: {label!r} is an output, whose activation the loss compares with the "
            "target; name a hidden neuron or an input."
        )
    if kind.coupled:
        raise ArgumentError(
            f"{whose}: {label!r} is a {kind.name}, which is computed together with its whole "
            "layer; name a neuron that has an activation of its own."
        )
    held = Kind(ClampedNeuron, (("value", value),))
    exchange_kind(network, number, replace(held, normalization=kind.normalization))
