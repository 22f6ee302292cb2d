"""One edge of a network, live on its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from neurosim.checks import finite_array
from neurosim.errors import PassError, UnknownEdgeError

if TYPE_CHECKING:
    from neurosim.network import Network
    from neurosim.neurons import Neuron

__all__ = ["Edge"]


@final
class Edge:
    """What ``net[source, target]`` gives: the weight of one edge, and its gradient.

    Attributes
    ----------
    weight : float
        Read from and written to ``net.parameters``.
    gradient : float
        The derivative of the loss by the weight; of a tied edge that by the shared weight.
    """

    __slots__ = ("_network", "_pair")

    def __init__(self, network: Network, source: int, target: int) -> None:
        self._network = network
        self._pair = (source, target)

    @property
    def slot(self) -> int:
        """The entry of ``net.parameters`` that is the weight."""
        slot = self._network.wiring.slot(*self._pair)
        if slot is None:
            raise UnknownEdgeError(f"The edge {self.label} has been disconnected.")
        return slot

    @property
    def source(self) -> Neuron:
        """The neuron whose activation the edge carries."""
        return self._network.neurons[self._pair[0]]

    @property
    def target(self) -> Neuron:
        """The neuron that reads it."""
        return self._network.neurons[self._pair[1]]

    @property
    def label(self) -> str:
        """``source->target``."""
        labels = self._network.labels
        return f"{labels[self._pair[0]]}->{labels[self._pair[1]]}"

    @property
    def weight(self) -> float:
        """The weight."""
        return float(self._network.parameters[self.slot])

    @weight.setter
    def weight(self, value: float) -> None:
        self._network.parameters[self.slot] = self._number(value, "weight")

    @property
    def gradient(self) -> float:
        """The derivative of the loss by the weight; of a tied edge the total over its tie."""
        return float(self._network.gradient[self.slot])

    @gradient.setter
    def gradient(self, value: float) -> None:
        self._network.gradient[self.slot] = self._number(value, "gradient")

    def _number(self, value: object, name: str) -> float:
        what, dtype = f"Edge {self.label!r}: {name}", self._network.dtype
        return float(finite_array(value, what, dimensions=0, dtype=dtype))

    @property
    def own_gradient(self) -> float:
        """Its own part of `gradient`: the sum over samples of a_source delta_target."""
        if self.tied is None:
            return self.gradient
        run = self._network.last_pass
        if run is None or run.delta is None:
            raise PassError(
                f"Edge {self.label!r}: own_gradient is known after a backward pass of the graph "
                "engine; call net.forward(X) and net.backward(Y) first."
            )
        return run.own_gradient(*self._pair)

    @property
    def memory(self) -> dict[str, float]:
        """What the optimizer that trained last remembers of the weight, such as Adam's m and v."""
        return {} if self._network.memory is None else self._network.memory.of(self.slot)

    @property
    def tied(self) -> str | None:
        """The name under which the weight is shared with other edges, or None."""
        return self._network.tie_name(self.slot)

    @property
    def frozen(self) -> bool:
        """Whether training leaves the weight as it is."""
        return bool(self._network.frozen[self.slot])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Edge):
            return NotImplemented
        return self._network is other._network and self._pair == other._pair

    def __hash__(self) -> int:
        return hash((id(self._network), self._pair))

    def __repr__(self) -> str:
        marks = f", tied={self.tied!r}" if self.tied is not None else ""
        marks += ", frozen" if self.frozen else ""
        return (
            f"Edge({self.label!r}, weight={self.weight:.6g}, gradient={self.gradient:.6g}{marks})"
        )
