"""What a derivative of the loss is taken by, and so where its paths begin."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.edge import Edge
from neurosim.errors import ArgumentError
from neurosim.neurons import Neuron
from neurosim.tracing.derivatives import Factor, Place

if TYPE_CHECKING:
    from neurosim.network import Network
    from neurosim.tracing.derivatives import Derivatives
    from neurosim.tracing.snapshot import Snapshot

__all__ = ["Origin", "origin_of"]


class Origin(ABC):
    """A weight, bias, gamma or neuron of a snapshot. This class is abstract.

    Parameters
    ----------
    snapshot : Snapshot
    number : int
        The neuron whose sum it is, or adds to.
    sample : int or None
        Which sample's part; None is the whole batch's.
    """

    def __init__(self, snapshot: Snapshot, number: int, sample: int | None) -> None:
        self.snapshot, self.number, self.sample = snapshot, number, sample
        self.label = snapshot.labels[number]

    @property
    @abstractmethod
    def symbol(self) -> str:
        """What a trace calls the derivative."""

    @property
    def passed(self) -> tuple[int, ...]:
        """The neurons that a path has passed where it begins."""
        return (self.number,)

    @property
    def start(self) -> Place:
        """The place that it adds to: u."""
        return Place("u", self.number)

    @abstractmethod
    def factors(self, derivatives: Derivatives) -> tuple[Factor, ...]:
        """Return the derivative of what is at `start` by it."""

    @property
    @abstractmethod
    def total(self) -> float:
        """Backpropagation's number."""

    @property
    def penalty(self) -> float:
        """What penalties add to it."""
        return 0.0


class _Parameter(Origin):
    """What is added up over the samples. This class is abstract."""

    @abstractmethod
    def _slot(self) -> int:
        """Return its entry of the parameters."""

    @abstractmethod
    def _part(self, sample: int) -> float:
        """Return what a sample adds to the gradient, where deltas carry 1/n."""

    def factors(self, derivatives: Derivatives) -> tuple[Factor, ...]:
        """Return its own factor, and 1/n where deltas leave it out."""
        if self.snapshot.scale == 1.0:
            return self._own(derivatives)
        return (Factor("1/n", 1.0 / self.snapshot.n), *self._own(derivatives))

    @abstractmethod
    def _own(self, derivatives: Derivatives) -> tuple[Factor, ...]:
        """Return what it is multiplied by."""

    @property
    def total(self) -> float:
        """The gradient, or a sample's part of it."""
        if self.sample is not None:
            return self._part(self.sample) / self.snapshot.scale
        if self._slot() not in self.snapshot.tie_names:
            return self.snapshot.gradient[self._slot()]
        return math.fsum(map(self._part, range(self.snapshot.n))) / self.snapshot.scale


@final
class _Weight(_Parameter):
    def __init__(self, snapshot: Snapshot, pair: tuple[int, int], sample: int | None) -> None:
        super().__init__(snapshot, pair[1], sample)
        self.source = pair[0]
        self.edge = snapshot.edge(*pair)

    @property
    def symbol(self) -> str:
        """DJ/dw."""
        return f"dJ/dw[{self.edge}]"

    @property
    def passed(self) -> tuple[int, ...]:
        """Both ends of the edge."""
        return self.source, self.number

    @property
    def start(self) -> Place:
        """The sum that the edge adds to."""
        return Place("z" if self.number in self.snapshot.normalized else "u", self.number)

    def _own(self, derivatives: Derivatives) -> tuple[Factor, ...]:
        return (derivatives.activation(self.source),)

    def _slot(self) -> int:
        return dict(self.snapshot.rows[self.number][0])[self.source]

    def _part(self, sample: int) -> float:
        return (
            self.snapshot.delta[self.number][sample] * self.snapshot.activation[self.source][sample]
        )

    @property
    def penalty(self) -> float:
        """The derivatives of the penalties, which are the shared weight's where it is tied."""
        slot, snapshot = self._slot(), self.snapshot
        if self.sample is not None or slot in snapshot.tie_names or not snapshot.regularization:
            return 0.0
        found = np.zeros(len(snapshot.parameters))
        weights = np.array(snapshot.parameters)
        snapshot.regularization.add_gradient(snapshot.wiring, weights, found)
        return float(found[slot])


@final
class _Bias(_Parameter):
    @property
    def symbol(self) -> str:
        """DJ/db, which is dJ/dbeta where the sum is normalized."""
        letter = "beta" if self.number in self.snapshot.normalized else "b"
        return f"dJ/d{letter}[{self.label}]"

    def _own(self, derivatives: Derivatives) -> tuple[Factor, ...]:
        return ()

    def _slot(self) -> int:
        return self.snapshot.rows[self.number][1]

    def _part(self, sample: int) -> float:
        return self.snapshot.by_u(self.number)[sample]


@final
class _Gamma(_Parameter):
    @property
    def symbol(self) -> str:
        """DJ/dgamma."""
        return f"dJ/dgamma[{self.label}]"

    def _own(self, derivatives: Derivatives) -> tuple[Factor, ...]:
        return (derivatives.normalized(self.number),)

    def _slot(self) -> int:
        slot: int = self.snapshot.gamma_slots[self.number]
        return slot

    def _part(self, sample: int) -> float:
        zhat = self.snapshot.normalized[self.number].zhat
        return self.snapshot.by_u(self.number)[sample] * float(zhat[sample])


@final
class _Sum(Origin):
    """The sum z of a neuron, or an input's x."""

    @property
    def symbol(self) -> str:
        """What a trace calls dJ/dz, and an input's dJ/dx."""
        return f"delta[{self.label}]"

    @property
    def start(self) -> Place:
        """Its z; of an input what it passes on."""
        if self.snapshot.is_input(self.number):
            return Place("a", self.number)
        return Place("z" if self.number in self.snapshot.normalized else "u", self.number)

    def factors(self, derivatives: Derivatives) -> tuple[Factor, ...]:
        """Return the mask of an input that dropout is at work on."""
        return derivatives.mask(self.number) if self.snapshot.is_input(self.number) else ()

    @property
    def total(self) -> float:
        """The delta."""
        assert self.sample is not None
        return self.snapshot.delta[self.number][self.sample]


def origin_of(network: Network, snapshot: Snapshot, what: Any, sample: int | None) -> Origin:
    """Return what a label, an edge, a bias or a gamma stands for.

    Raises
    ------
    UnknownNeuronError, UnknownEdgeError
        Nothing of that name is in the network.
    ArgumentError
        An input has no bias; a delta belongs to one sample, and none is named.
    """
    if isinstance(what, Edge | Neuron) and what.label is not None:
        what = what.label
    find = network.directory.find
    if find(what) is None and isinstance(what, str) and "->" not in what:
        label, _, ending = what.rpartition(".")
        if ending in ("bias", "gamma") and find(label) is not None:
            network.directory.parameter(what)
            return (_Bias if ending == "bias" else _Gamma)(snapshot, find(label) or 0, sample)
    found = network.directory.item(what)
    if isinstance(found, Edge):
        return _Weight(snapshot, found._pair, sample)
    if sample is None and snapshot.n > 1:
        raise ArgumentError(
            f"Trace.paths: each of the {snapshot.n} samples has its own delta of "
            f"{found.label!r}; name one with sample=0, or ask for the gradient of an edge or of "
            f"'{network.labels[-1]}.bias'."
        )
    return _Sum(snapshot, network.directory.neuron(found), sample or 0)
