"""A kind of neuron together with values for its parameters."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from neurosim.errors import ArgumentTypeError
from neurosim.neurons.coupled import CoupledNeuron
from neurosim.neurons.definition import checked_parameters, filled_formula
from neurosim.neurons.neuron import Neuron

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from neurosim.normalization import BatchNormalization

__all__ = ["Kind"]


@dataclass(frozen=True)
class Kind:
    """A kind of neuron with values for its parameters: what a layer or a graph's node names.

    Normalization of its sums is part of the kind, so that neurons computed at once share it.

    >>> import neurosim as ns
    >>> Kind.of(partial(ns.LeakyReLUNeuron, slope=0.1), "example")
    Kind(LeakyReLUNeuron, slope=0.1)
    """

    neuron: type[Neuron]
    parameters: tuple[tuple[str, float], ...] = ()
    normalization: BatchNormalization | None = None

    @staticmethod
    def of(kind: object, whose: str) -> Kind:
        """Return the kind that a class, a `functools.partial` of one, or a neuron stands for.

        Parameters
        ----------
        kind : object
            What the person gave.
        whose : str
            The object and argument, for the message.

        Raises
        ------
        ArgumentTypeError
            It is no kind of neuron.
        ArgumentError
            It has a parameter that the kind does not know, or one that is no finite number.
        """
        if isinstance(kind, Kind):
            return kind
        if isinstance(kind, Neuron):
            return Kind(type(kind), tuple(kind.parameters.items()))
        given = dict(kind.keywords) if isinstance(kind, partial) else {}
        neuron = kind.func if isinstance(kind, partial) and not kind.args else kind
        if not (isinstance(neuron, type) and issubclass(neuron, Neuron)):
            raise ArgumentTypeError(
                f"{whose} must be a kind of neuron, such as ns.SigmoidNeuron; got {kind!r}."
            )
        if inspect.isabstract(neuron):
            raise ArgumentTypeError(
                f"{whose} must be a kind that states activate; {neuron.__name__} is abstract. "
                "Use ns.SigmoidNeuron or another kind, or write your own."
            )
        return Kind(neuron, tuple(checked_parameters(neuron, given, whose).items()))

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.neuron.__name__

    @property
    def coupled(self) -> bool:
        """Whether the activation depends on the neuron's whole layer."""
        return issubclass(self.neuron, CoupledNeuron)

    @property
    def recipe(self) -> Any:
        """The kind as a person writes it: the class, or a partial of it; itself if normalized."""
        if self.normalization is not None:
            return self
        return partial(self.neuron, **dict(self.parameters)) if self.parameters else self.neuron

    def formula(self, name: str, namespace: Mapping[str, Callable[..., Any]]) -> Callable[..., Any]:
        """Return ``activate``, ``derivative`` or ``chain``, bound, its parameters filled in."""
        return filled_formula(self.neuron, name, self.parameters, namespace)

    def make(self, place: Any) -> Neuron:
        """Return a neuron of this kind whose numbers live at `place`."""
        neuron = self.neuron.__new__(self.neuron)
        neuron._place = place
        neuron._parameters = dict(self.parameters)
        return neuron

    def __repr__(self) -> str:
        values = "".join(f", {name}={value!r}" for name, value in self.parameters)
        normalization = "" if self.normalization is None else f", {self.normalization!r}"
        return f"Kind({self.name}{values}{normalization})"

    def __str__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.parameters)
        return f"{self.name}({values})" if values else self.name
