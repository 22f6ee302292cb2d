"""The local derivatives of one learning step, as a graph that leads to the loss.

Its places are the numbers of every neuron: z, u (what f is applied to: z itself, where z is not
normalized) and a. A link from one to the next is the derivative of the next by this one::

    u_j --s'(u_j) m_j--> a_j --w_jk--> z_k = u_k --> ...  a_o --dJ/da_o--> J

Of coupled neurons every u_i has a link to every a_j of the layer, da_j/dz_i; of outputs whose
loss is computed from z, one directly to the loss, dJ/dz. Where z is normalized, a link leads from
z to u. By the chain rule, the derivative of the loss by a number is the sum, over all ways from
its place to the loss, of the product of the links.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, final

import numpy as np

from neurosim.errors import ArgumentError, NotFiniteError
from neurosim.functions import numpy_functions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from neurosim.tracing.snapshot import Snapshot

__all__ = ["Derivatives", "Factor", "Link", "Place"]


class Factor(NamedTuple):
    """A named number: a float, or of a batch ``(n,)`` numbers, one per sample."""

    name: str
    value: Any


class Place(NamedTuple):
    """One number of a neuron: its z, u or a."""

    quantity: str
    number: int


class Link(NamedTuple):
    """The derivative of what is at `head` by what is at the link's start; None is the loss."""

    factors: tuple[Factor, ...]
    head: Place | None


@final
class Derivatives:
    """The links that lead from one place to the loss.

    Parameters
    ----------
    snapshot : Snapshot
        With targets.
    start : Place
    sample : int or None
        Which sample's numbers; None is all of them.

    Attributes
    ----------
    links : dict
        By place, in order of the engine: those from which the loss can be reached.
    count : dict
        The number of paths from every place to the loss; None, the loss, has 1.
    """

    def __init__(self, snapshot: Snapshot, start: Place, sample: int | None) -> None:
        self.snapshot = snapshot
        self.samples = range(snapshot.n) if sample is None else range(sample, sample + 1)
        self._functions = numpy_functions(np.float64)
        self._rows: dict[int, Any] = {}
        self.links: dict[Place, list[Link]] = {}
        self.count: dict[Place | None, int] = {None: 1}
        for place in self._backwards(self._downstream(start)):
            # What does not lead to the loss has no derivative to be asked for.
            self.links[place] = list(self._links(place))
            self.count[place] = sum(self.count[link.head] for link in self.links[place])

    # -- which places ---------------------------------------------------------------------------

    def sum_of(self, number: int) -> Place:
        """Return the place of a neuron's z."""
        return Place("z" if number in self.snapshot.normalized else "u", number)

    def _downstream(self, start: Place) -> set[Place]:
        found, waiting = {start}, [start]
        while waiting:
            for head in self._heads(waiting.pop()):
                if head not in found:
                    found.add(head)
                    waiting.append(head)
        return found

    def _heads(self, place: Place) -> list[Place]:
        quantity, number = place
        if quantity == "z":
            return [Place("u", number)]
        if quantity == "a":
            return [self.sum_of(reader) for reader, _ in self.snapshot.outgoing[number]]
        return [Place("a", member) for member in self._together(number)]

    def _together(self, number: int) -> list[int]:
        coupled = self.snapshot.kinds[number].coupled
        return self.snapshot.members(number) if coupled else [number]

    def _backwards(self, found: set[Place]) -> Iterator[Place]:
        """Yield places, each after all that it leads to."""
        for block in reversed(self.snapshot.blocks):
            for quantity in "auz":
                places = (Place(quantity, number) for number, _, _ in block)
                yield from (place for place in places if place in found)
        inputs = (Place("a", number) for number in self.snapshot.inputs)
        yield from (place for place in inputs if place in found)

    # -- their derivatives ----------------------------------------------------------------------

    def _links(self, place: Place) -> Iterator[Link]:
        of = {"z": self._normalization, "u": self._activation, "a": self._readers}
        yield from of[place.quantity](place.number)

    def _leads_on(self, place: Place) -> bool:
        return self.count[place] > 0

    def _normalization(self, number: int) -> Iterator[Link]:
        """du/dz = gamma / sqrt(var + epsilon), where var is a running average."""
        one, label = self.snapshot.normalized[number], self.snapshot.labels[number]
        head = Place("u", number)
        if not self._leads_on(head):
            return
        if one.training:
            raise ArgumentError(
                f"Trace.paths: in training the normalization of {label!r} divides by the standard "
                "deviation of the whole batch, so every sample's z acts on every other's, and "
                "there is no product per path. Trace without training=True, where the running "
                "averages are constants."
            )
        gamma = self.snapshot.parameters[self.snapshot.gamma_slots[number]]
        yield Link((self.factor(f"du/dz[{label}]", gamma / float(one.spread[0])),), head)

    def _activation(self, number: int) -> Iterator[Link]:
        if self._partnered(number):
            name = f"dJ/d{self._letter(number)}[{self.snapshot.labels[number]}]"
            yield Link((self.factor(name, self._loss_by_u(number)),), None)
        for member in self._together(number):
            head = Place("a", member)
            if self._leads_on(head):
                slope = self._slope(number, member)
                yield Link((slope, *self.mask(member)), head)

    def _readers(self, number: int) -> Iterator[Link]:
        snapshot = self.snapshot
        if number in snapshot.column and not snapshot.partnered(number):
            name = f"dJ/da[{snapshot.labels[number]}]"
            yield Link((self.factor(name, self._loss_by_a(number)),), None)
        for reader, slot in snapshot.outgoing[number]:
            head = self.sum_of(reader)
            if self._leads_on(head):
                name = f"w[{snapshot.edge(number, reader)}]"
                yield Link((self.factor(name, snapshot.parameters[slot]),), head)

    def _partnered(self, number: int) -> bool:
        """Whether the loss is computed from the sums of the neuron's layer, its own among them."""
        return any(self.snapshot.partnered(member) for member in self._together(number))

    def _slope(self, number: int, member: int) -> Factor:
        """da_j/dz_i of two coupled neurons, or s'(z)."""
        labels, letter = self.snapshot.labels, self._letter(number)
        if self.snapshot.kinds[number].coupled:
            name = f"da[{labels[member]}]/d{letter}[{labels[number]}]"
            row = self._row(member)[self.snapshot.members(number).index(number)]
            return self.factor(name, row)
        derivative = self._formula(number, "derivative")
        with np.errstate(all="ignore"):
            slope = derivative(self._u(number), self._own_a(number))
        slopes = np.broadcast_to(slope, len(self.samples))
        return self.factor(f"s'({letter}[{labels[number]}])", slopes)

    def _row(self, member: int) -> Any:
        """Return da_j/dz_i of one j for all i of its layer: ``(k, n)``."""
        if member not in self._rows:
            members = self.snapshot.members(member)
            u, a = (np.array([of(i) for i in members]) for of in (self._u, self._own_a))
            only = np.zeros_like(a)
            only[members.index(member)] = 1.0
            with np.errstate(all="ignore"):
                self._rows[member] = self._formula(member, "chain")(u, a, only)
        return self._rows[member]

    def _loss_by_a(self, number: int) -> Any:
        by_a = self.snapshot.loss_kind.bound("derivative", self._functions)
        with np.errstate(all="ignore"):
            return by_a(self._a(number), self._y(number)) / self._n

    def _loss_by_u(self, number: int) -> Any:
        """The derivative of the loss that is computed from z, such as (a - y) / n."""
        by_z = self.snapshot.loss_kind.bound("derivative_by_z", self._functions)
        if not self.snapshot.kinds[number].coupled:
            return by_z(self._own_a(number), self._y(number)) / self._n
        members = self.snapshot.members(number)
        a, y = (np.array([of(i) for i in members]) for of in (self._own_a, self._y))
        return by_z(a, y)[members.index(number)] / self._n

    # -- numbers --------------------------------------------------------------------------------

    def factor(self, name: str, value: Any) -> Factor:
        """Return a named number that is finite."""
        if not np.all(np.isfinite(value)):
            raise NotFiniteError(
                f"Trace.paths: the factor {name} is not a finite number, as some number of the "
                "step is too large; scale the inputs or use smaller weights."
            )
        if np.ndim(value) and len(value) == 1:
            value = value[0]
        return Factor(name, value if np.ndim(value) else float(value))

    def mask(self, number: int) -> tuple[Factor, ...]:
        """Return what dropout multiplies a neuron's activation by, if it does."""
        if number not in self.snapshot.masks:
            return ()
        mask = self._some(self.snapshot.masks[number])
        return (self.factor(f"m[{self.snapshot.labels[number]}]", mask),)

    def activation(self, number: int) -> Factor:
        """Return what the edges from a neuron carry."""
        return self.factor(f"a[{self.snapshot.labels[number]}]", self._a(number))

    def normalized(self, number: int) -> Factor:
        """Return what the gamma of a neuron multiplies."""
        zhat = self._some(self.snapshot.normalized[number].zhat)
        return self.factor(f"zhat[{self.snapshot.labels[number]}]", zhat)

    @cached_property
    def _n(self) -> float:
        """The n of the mean, unless deltas leave it out."""
        return 1.0 if self.snapshot.per_sample else float(self.snapshot.n)

    def _letter(self, number: int) -> str:
        return "u" if number in self.snapshot.normalized else "z"

    def _formula(self, number: int, name: str) -> Callable[..., Any]:
        return self.snapshot.kinds[number].formula(name, self._functions)

    def _some(self, values: Any) -> Any:
        return np.array([values[i] for i in self.samples], dtype=np.float64)

    def _u(self, number: int) -> Any:
        return self._some(self.snapshot.u[number])

    def _a(self, number: int) -> Any:
        return self._some(self.snapshot.activation[number])

    def _own_a(self, number: int) -> Any:
        return self._some(self.snapshot.own_activation(number))

    def _y(self, number: int) -> Any:
        """Return the targets of an output; 0 for its like that are none."""
        column = self.snapshot.column.get(number)
        return (
            0.0 * self._a(number) if column is None else self._some(self.snapshot.targets[column])
        )
