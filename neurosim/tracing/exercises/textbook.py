"""The textbook's learning step, written so that one line of it can be done wrong.

Every number is computed here as a person does it by hand::

    z_j = sum of w_ij a_i + b_j         a_j = f(z_j)          J = 1/n sum of the parts
    delta_j = (dJ/da_j + sum of w_jk delta_k) f'(z_j)
    dJ/dw_ij = sum over the samples of a_i delta_j            w_new = w - step

Each piece of these lines is a method of its own. A mistake is this step with one method replaced,
planted everywhere or at some neurons only. Numbers that a person handed in may be *pinned*: what
comes after them is then computed from the person's own numbers.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, TypeAlias, final

import numpy as np

from neurosim.functions import NUMPY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from neurosim.tracing.snapshot import Snapshot

__all__ = ["Key", "LearningStep", "Textbook"]

Key: TypeAlias = tuple[str, str]
"""What a number is about: its subject and its quantity."""


class LearningStep:
    """One learning step, which mistakes derive from. This class is abstract.

    Parameters
    ----------
    snapshot : Snapshot
        The numbers that the step starts from.
    pins : mapping of Key to float or (n,) array, optional
        What to go on with instead of the number computed; NaN where that stays.
    spots : frozenset of int, optional
        The neurons at which a mistake is planted; None is everywhere.
    variant : object, optional
        Which of its forms a mistake takes.

    Attributes
    ----------
    computed : dict of Key to float or (n,) array
        Numbers as their lines give them, from what comes before: all after `run`, else as far as
        they were asked for by `of`.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        pins: Mapping[Key, Any] | None = None,
        spots: frozenset[int] | None = None,
        variant: Any = None,
    ) -> None:
        self.snapshot, self.spots, self.variant = snapshot, spots, variant
        self.pins: Mapping[Key, Any] = {} if pins is None else pins
        self.n, self.labels = snapshot.n, snapshot.labels
        self.p = np.array(snapshot.parameters, dtype=np.float64)
        self.targets = [np.array(column) for column in snapshot.targets]
        self.computed: dict[Key, Any] = {}
        count = len(self.labels)
        self.z: list[Any] = [None] * count
        self.u: list[Any] = [None] * count
        self.a: list[Any] = [None] * count
        self.delta: list[Any] = [np.zeros(self.n)] * count
        self.by_u: list[Any] = list(self.delta)
        self.normalized: dict[int, Any] = {}
        phases = [self.forward, self.settle_loss, self.backward, self.gradients, self.update]
        self._phases = iter(phases)

    def of(self, key: Key) -> Any:
        """Return a number, computed when it is first asked for with all that comes before it."""
        while key not in self.computed:
            phase = next(self._phases)
            with np.errstate(all="ignore"):
                phase()
        return self.computed[key]

    def run(self) -> Self:
        """Compute everything."""
        for phase in self._phases:
            with np.errstate(all="ignore"):
                phase()
        return self

    def here(self, who: int) -> bool:
        """Whether the mistake is planted at a neuron."""
        return self.spots is None or who in self.spots

    def settle(self, subject: str, quantity: str, value: Any) -> Any:
        """Keep a number that was computed; return the one to go on with."""
        self.computed[subject, quantity] = value
        own = self.pins.get((subject, quantity))
        return value if own is None else np.where(np.isnan(own), value, own)

    # -- forward -----------------------------------------------------------------------------------

    def forward(self) -> None:
        """Fill z and a of every neuron."""
        snapshot = self.snapshot
        for who in snapshot.inputs:
            given = np.array(snapshot.activation[who])
            self.a[who] = self.settle(self.labels[who], "a", given)
        for block in snapshot.blocks:
            for who, _, _ in block:
                self.z[who] = self.settle(self.labels[who], "z", self.sum_of(who))
                self.u[who] = self.normalize(who)
            for who, value in self.activations(block).items():
                self.a[who] = self.settle(self.labels[who], "a", value * self.mask(who))

    def sum_of(self, who: int) -> Any:
        """z_j = sum of w_ij a_i + b_j; b_j comes later where z is normalized."""
        incoming, bias = self.snapshot.rows[who]
        total = np.zeros(self.n)
        for source, slot in incoming:
            weight, carried = self.forward_factors(source, who, slot)
            total = total + weight * carried
        return total if who in self.snapshot.normalized else total + self.bias(who, bias)

    def forward_factors(self, source: int, who: int, slot: int) -> tuple[Any, Any]:
        """w_ij and a_i."""
        return self.p[slot], self.a[source]

    def bias(self, who: int, slot: int) -> Any:
        """b_j."""
        return self.p[slot]

    def normalize(self, who: int) -> Any:
        """u_j = gamma (z_j - mean) / sqrt(variance + epsilon) + beta; z_j without normalization."""
        recorded = self.snapshot.normalized.get(who)
        if recorded is None:
            return self.z[who]
        normalization = self.snapshot.kinds[who].normalization
        assert normalization is not None
        if recorded.training:
            one = normalization.of_batch(self.z[who])
        else:
            one = normalization.by_averages(self.z[who], recorded.mean, recorded.variance)
        self.normalized[who] = one
        self.spread(who)
        gamma = self.p[self.snapshot.gamma_slots[who]]
        return one.scaled(gamma, self.bias(who, self.snapshot.rows[who][1]))

    def spread(self, who: int) -> None:
        """sqrt(variance + epsilon), as the normalization has it."""

    def activations(self, block: Any) -> dict[int, Any]:
        """f(u) of neurons that are computed together."""
        numbers = [who for who, _, _ in block]
        kind = self.snapshot.kinds[numbers[0]]
        activate = kind.formula("activate", NUMPY)
        together = activate(np.array([self.u[who] for who in numbers]))
        return dict(zip(numbers, together + np.zeros((len(numbers), self.n)), strict=True))

    def mask(self, who: int) -> Any:
        """What dropout multiplies by."""
        mask = self.snapshot.masks.get(who)
        return 1.0 if mask is None else np.array(mask)

    def own_activation(self, who: int) -> Any:
        """f(u) before dropout."""
        if who not in self.snapshot.masks:
            return self.a[who]
        kind = self.snapshot.kinds[who]
        if kind.coupled or self.snapshot.is_input(who):
            return np.array(self.snapshot.own_activation(who))
        return kind.formula("activate", NUMPY)(self.u[who])

    # -- loss --------------------------------------------------------------------------------------

    def settle_loss(self) -> None:
        """Fill the loss."""
        self.settle("loss", "value", self.mean_loss())

    def mean_loss(self) -> Any:
        """J = 1/n sum over the samples, sum over the outputs."""
        return sum(np.sum(self.loss_part(who)) for who in self.outputs()) / self.n

    def outputs(self) -> list[int]:
        """The outputs, in order of computation."""
        return [who for who in self.snapshot.rows if who in self.snapshot.column]

    def target(self, who: int) -> Any:
        """y_j; 0 for a coupled neuron that is no output."""
        column = self.snapshot.column.get(who)
        return np.zeros(self.n) if column is None else self.targets[column]

    def loss_formula(self, name: str) -> Any:
        """A formula of the loss: loss, derivative, or those from z."""
        return self.snapshot.loss_kind.bound(name, NUMPY)

    def loss_part(self, who: int) -> Any:
        """One output's part of the loss, sample by sample."""
        if not self.snapshot.partnered(who):
            return self.loss_formula("loss")(self.a[who], self.target(who))
        return self._from_z("loss_from_z", self.u, who)

    def loss_by_a(self, who: int) -> Any:
        """The derivative of an output's part by its a."""
        return self.loss_formula("derivative")(self.a[who], self.target(who))

    def loss_by_z(self, who: int) -> Any:
        """The derivative by z of a loss that is computed from z: a - y."""
        return self._from_z("derivative_by_z", self.a, who)

    def _from_z(self, name: str, given: list[Any], who: int) -> Any:
        formula = self.loss_formula(name)
        if not self.snapshot.kinds[who].coupled:
            return formula(given[who], self.target(who))
        members = self.snapshot.members(who)
        targets = np.array([self.target(member) for member in members])
        return formula(np.array([given[i] for i in members]), targets)[members.index(who)]

    def mean(self, part: Any) -> Any:
        """What a sample's part is in the mean."""
        return part / self.n

    # -- backward ----------------------------------------------------------------------------------

    def backward(self) -> None:
        """Fill delta of every neuron, readers before sources."""
        snapshot = self.snapshot
        for block in reversed(snapshot.blocks):
            for who, _, _ in block:
                self.by_u[who] = self.whole_delta(who)
            for who, _, _ in block:
                value = self.through_normalization(who)
                self.delta[who] = self.settle(self.labels[who], "delta", value)
                if who not in snapshot.normalized:
                    self.by_u[who] = self.delta[who]
            self.after_block(block)
        for who in snapshot.inputs:
            value = self.by_activation(who)
            self.delta[who] = self.settle(self.labels[who], "delta", value)

    def after_block(self, block: Any) -> None:
        """Nothing is done between the deltas of two blocks."""

    def whole_delta(self, who: int) -> Any:
        """delta_j, or dJ/du_j where z is normalized."""
        together = self.together(who)
        if not any(self.snapshot.reached[member] for member in together):
            return np.zeros(self.n)
        total = np.zeros(self.n)
        from_z = any(self.snapshot.partnered(member) for member in together)
        if not from_z or any(self.snapshot.outgoing[member] for member in together):
            total = total + self.through_activation(who)
        if from_z:
            total = total + self.mean(self.loss_by_z(who))
        return total

    def together(self, who: int) -> list[int]:
        """The neurons on whose z the activation depends."""
        return self.snapshot.members(who) if self.snapshot.kinds[who].coupled else [who]

    def through_activation(self, who: int) -> Any:
        """dJ/da times s'(z); of coupled neurons over their whole layer."""
        if not self.snapshot.kinds[who].coupled:
            return self.by_activation(who) * self.slope(who)
        members = self.snapshot.members(who)
        u = np.array([self.u[i] for i in members])
        a = np.array([self.own_activation(i) for i in members])
        by_a = np.array([self.by_activation(i) for i in members])
        chain = self.snapshot.kinds[who].formula("chain", NUMPY)
        return chain(u, a, by_a)[members.index(who)]

    def by_activation(self, who: int) -> Any:
        """dJ/da_j: the neuron's own part of the loss, and what its readers pass back."""
        total = np.zeros(self.n)
        if not self.snapshot.reached[who]:
            return total
        if who in self.snapshot.column and not self.snapshot.partnered(who):
            total = total + self.mean(self.loss_by_a(who))
        for reader, slot in self.readers(who):
            weight, delta = self.backward_factors(who, reader, slot)
            total = total + weight * delta
        return total * self.mask(who)

    def readers(self, who: int) -> list[tuple[int, int]]:
        """The paths on which the loss depends on a neuron: who reads it, by which weight."""
        return self.snapshot.outgoing[who]

    def backward_factors(self, who: int, reader: int, slot: int) -> tuple[Any, Any]:
        """w_jk and delta_k."""
        return self.p[slot], self.delta[reader]

    def slope(self, who: int) -> Any:
        """f'(u_j)."""
        derive = self.snapshot.kinds[who].formula("derivative", NUMPY)
        return derive(self.u[who], self.own_activation(who)) + np.zeros(self.n)

    def through_normalization(self, who: int) -> Any:
        """dJ/dz_j, given dJ/du_j."""
        if who not in self.normalized:
            return self.by_u[who]
        gamma = self.p[self.snapshot.gamma_slots[who]]
        return self.normalized[who].chain(self.by_u[who], gamma)

    # -- gradient ----------------------------------------------------------------------------------

    def gradients(self) -> None:
        """Fill the gradient of every parameter; a tied weight's is the sum over its edges."""
        snapshot = self.snapshot
        gradient = self.raw_gradient(list(snapshot.rows))
        self.add_penalties(gradient)
        self.gradient = gradient.copy()
        for who, (incoming, bias) in snapshot.rows.items():
            for source, slot in incoming:
                self._settle_slot(snapshot.edge(source, who), slot, gradient)
            self._settle_slot(f"{self.labels[who]}.bias", bias, gradient)
            if who in snapshot.normalized:
                slot = snapshot.gamma_slots[who]
                self._settle_slot(f"{self.labels[who]}.gamma", slot, gradient)

    def _settle_slot(self, subject: str, slot: int, gradient: Any) -> None:
        value = self.settle(subject, "gradient", float(gradient[slot]))
        # Of tied edges a number that the person handed in for one of them counts.
        if value != gradient[slot]:
            self.gradient[slot] = value

    def raw_gradient(self, numbers: list[int]) -> Any:
        """The gradient of the loss by what leads into some neurons, without penalties."""
        gradient = np.zeros(len(self.p))
        shared: dict[int, list[Any]] = {}
        for who in numbers:
            incoming, bias = self.snapshot.rows[who]
            for source, slot in incoming:
                shared.setdefault(slot, []).append(self.edge_gradient(source, who))
            gradient[bias] = self.bias_gradient(who)
            if who in self.normalized:
                products = self.by_u[who] * self.normalized[who].zhat
                gradient[self.snapshot.gamma_slots[who]] = self.over_samples(who, products)
        for slot, parts in shared.items():
            gradient[slot] = self.shared(slot, parts)
        return gradient

    def edge_gradient(self, source: int, target: int) -> Any:
        """One edge's own part: sum over the samples of a_i delta_j."""
        delta, carried = self.gradient_factors(source, target)
        return self.over_samples(target, delta * carried)

    def gradient_factors(self, source: int, target: int) -> tuple[Any, Any]:
        """delta_j and a_i."""
        return self.delta[target], self.a[source]

    def bias_gradient(self, who: int) -> Any:
        """Sum over the samples of delta_j; of dJ/du_j where z is normalized."""
        return self.over_samples(who, self.by_u[who])

    def over_samples(self, who: int, products: Any) -> Any:
        """The sum over the samples; the 1/n of the mean is in delta."""
        return np.sum(products)

    def shared(self, slot: int, parts: list[Any]) -> Any:
        """The gradient of a weight, from the parts of the edges that share it."""
        return sum(parts)

    def add_penalties(self, gradient: Any) -> None:
        """Add the derivatives of weight penalties."""
        self.snapshot.regularization.add_gradient(self.snapshot.wiring, self.p, gradient)

    # -- update ------------------------------------------------------------------------------------

    def update(self) -> None:
        """Fill the new parameters, and the loss that they give; nothing without an optimizer."""
        snapshot = self.snapshot
        if snapshot.optimizer is None:
            return
        moved = self.advanced(self.gradient)
        after = moved.copy()
        for who, (incoming, bias) in snapshot.rows.items():
            named = [(snapshot.edge(source, who), slot) for source, slot in incoming]
            named.append((f"{self.labels[who]}.bias", bias))
            if who in snapshot.normalized:
                named.append((f"{self.labels[who]}.gamma", snapshot.gamma_slots[who]))
            for subject, slot in named:
                value = self.settle(subject, "new", float(self.moved(who, slot, moved)))
                if value != moved[slot]:
                    after[slot] = value
        self.after = after
        self.settle("loss", "new", self.loss_with(after))

    def frozen(self) -> Any:
        """Which parameters stay as they are."""
        return np.array(self.snapshot.frozen)

    def advanced(self, gradient: Any) -> Any:
        """The parameters after one update with this gradient."""
        optimizer, after = self.snapshot.optimizer, self.p.copy()
        memory = deepcopy(self.snapshot.memory)
        assert optimizer is not None
        assert memory is not None
        optimizer.advance(after, gradient, self.frozen(), memory)
        return after

    def moved(self, who: int, slot: int, after: Any) -> Any:
        """One new parameter, of a neuron."""
        return after[slot]

    def loss_with(self, parameters: Any) -> Any:
        """The loss of the same samples with other parameters."""
        self.later = type(self)(self.snapshot, None, self.spots, self.variant)
        self.later.p = parameters
        self.later.forward()
        return self.later.mean_loss()


@final
class Textbook(LearningStep):
    """The step done right."""
