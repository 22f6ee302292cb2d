"""What is done to a copy of a network, to see what it does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

from neurosim.checks import finite_number
from neurosim.edge import Edge
from neurosim.errors import ArgumentError
from neurosim.layers import BaseLayer
from neurosim.neurons import Neuron
from neurosim.whatif.clamped import clamp

if TYPE_CHECKING:
    from neurosim.network import Network

__all__ = ["Change", "Clamp", "Cut", "Freeze", "Intervention"]


class Intervention(ABC):
    """Something that is done to a network, for `before_after`. This class is abstract.

    It is a function of a network, which it changes; any function is as good.
    """

    @abstractmethod
    def __call__(self, network: Network) -> None:
        """Change the network."""

    def inputs(self, network: Network, X: Any) -> Any:
        """Return what becomes of the inputs ``(n, n_inputs)``, which are checked and scaled."""
        return X


@final
@dataclass(frozen=True, repr=False)
class Change(Intervention):
    """Give a weight, a bias or a gamma another value; of a tied edge that is the shared weight.

    Parameters
    ----------
    what : edge, or neuron
        ``"source->target"`` for its `weight`, a neuron's label for its `bias` or `gamma`.
    weight, bias, gamma : float

    Examples
    --------
    >>> import neurosim as ns
    >>> ns.Change("input[0]->hidden1[0]", weight=0.5)
    Change('input[0]->hidden1[0]', weight=0.5)
    """

    what: Any
    weight: float | None = None
    bias: float | None = None
    gamma: float | None = None

    def __post_init__(self) -> None:
        if not self._values:
            raise ArgumentError(
                "Change: there is nothing to change; give weight= for an edge, or bias= or gamma= "
                "for a neuron."
            )
        for name, value in self._values.items():
            finite_number(value, f"Change: {name}")

    @property
    def _values(self) -> dict[str, float]:
        named = {"weight": self.weight, "bias": self.bias, "gamma": self.gamma}
        return {name: value for name, value in named.items() if value is not None}

    def __call__(self, network: Network) -> None:
        """Write the values."""
        item = network[_named(self.what)]
        is_edge = isinstance(item, Edge)
        for name, value in self._values.items():
            if is_edge != (name == "weight"):
                wanted = "weight=" if is_edge else "bias= or gamma="
                whose = "an edge" if is_edge else "a neuron"
                raise ArgumentError(
                    f"Change: {item.label!r} is {whose}, so give {wanted}; got {name}={value!r}."
                )
            network.parameters[network.directory.parameter(_of(item, name))] = value

    def __repr__(self) -> str:
        values = "".join(f", {name}={value!r}" for name, value in self._values.items())
        return f"Change({_named(self.what)!r}{values})"


@final
@dataclass(frozen=True, repr=False)
class Cut(Intervention):
    """Take an edge out of the network; of a neuron, let its activation be 0.

    >>> import neurosim as ns
    >>> ns.Cut("hidden1[0]->output[0]"), ns.Cut("hidden1[0]")
    (Cut('hidden1[0]->output[0]'), Cut('hidden1[0]'))
    """

    what: Any

    def __call__(self, network: Network) -> None:
        """Disconnect the edge, or clamp the neuron at 0."""
        item = network[_named(self.what)]
        if isinstance(item, Edge):
            network.disconnect(item.source, item.target)
        else:
            _hold(network, item, 0.0, repr(self))

    def inputs(self, network: Network, X: Any) -> Any:
        """Return X, 0 where the input is cut."""
        return _held(network, _named(self.what), X, 0.0)

    def __repr__(self) -> str:
        return f"Cut({_named(self.what)!r})"


@final
@dataclass(frozen=True, repr=False)
class Clamp(Intervention):
    """Hold the activation of a hidden neuron or of an input at a value.

    No gradient passes a neuron that is held, so that its delta is 0.

    Parameters
    ----------
    what : neuron
    value : float
        Of an input, in the units that the network computes with.

    Examples
    --------
    >>> import neurosim as ns
    >>> ns.Clamp("hidden1[0]", 0.5)
    Clamp('hidden1[0]', 0.5)
    """

    what: Any
    value: float

    def __post_init__(self) -> None:
        finite_number(self.value, "Clamp: value")

    def __call__(self, network: Network) -> None:
        """Hold the neuron."""
        item = network[_named(self.what)]
        if isinstance(item, Edge):
            raise ArgumentError(
                f"Clamp: {item.label!r} is an edge, and activations belong to neurons; name one, "
                "or give the edge another weight with ns.Change."
            )
        _hold(network, item, float(self.value), repr(self))

    def inputs(self, network: Network, X: Any) -> Any:
        """Return X with the input held."""
        return _held(network, _named(self.what), X, float(self.value))

    def __repr__(self) -> str:
        return f"Clamp({_named(self.what)!r}, {self.value!r})"


@final
@dataclass(frozen=True, repr=False)
class Freeze(Intervention):
    """Let an edge, a neuron's parameters or a layer's stay as they are in updates.

    `before_after` shows what that does where it is given an optimizer.

    >>> import neurosim as ns
    >>> ns.Freeze("hidden1")
    Freeze('hidden1')
    """

    what: Any

    def __call__(self, network: Network) -> None:
        """Freeze it."""
        what = _named(self.what)
        network.freeze(network[what] if isinstance(what, tuple) else what)

    def __repr__(self) -> str:
        return f"Freeze({_named(self.what)!r})"


def _named(what: Any) -> Any:
    """Return what a copy of the network shares of a neuron, an edge or a layer: its label."""
    if isinstance(what, BaseLayer):
        return what.name
    return what.label if isinstance(what, Edge | Neuron) and what.label is not None else what


def _of(item: Any, name: str) -> Any:
    return item if name == "weight" else f"{item.label}.{name}"


def _hold(network: Network, neuron: Neuron, value: float, whose: str) -> None:
    number = network.directory.neuron(neuron)
    if not network.wiring.is_input(number):
        clamp(network, number, value, whose)


def _held(network: Network, what: Any, X: Any, value: float) -> Any:
    number, inputs = network.directory.find(what), network.wiring.inputs.tolist()
    if number not in inputs:
        return X
    X = X.copy()
    X[:, inputs.index(number)] = value
    return X
