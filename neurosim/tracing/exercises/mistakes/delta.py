"""Mistakes in the deltas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.functions import NUMPY
from neurosim.tracing.exercises.mistakes.forward import has_square, swapped
from neurosim.tracing.exercises.mistakes.mistake import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.tracing.snapshot import Snapshot

__all__ = [
    "AveragedBeforeChain",
    "DeltaFactor",
    "DeltaSign",
    "ExtraDerivative",
    "MissingDerivative",
    "OnePath",
    "PathForgotten",
    "SlopeAtKink",
    "SlopeOfActivation",
    "SlopeOfReader",
    "SlopeWithZForA",
    "SoftmaxDiagonal",
    "SoftmaxOfLossAlone",
    "TermSignBackward",
    "TransposedBackward",
    "UpdatedTooEarly",
    "WeightForgotten",
]


@final
class MissingDerivative(Mistake):
    """delta_j = dJ/da_j."""

    name = "missing_derivative"
    sentence = "The derivative s'(z) of the activation is left out of delta."

    def slope(self, who: int) -> Any:
        """1."""
        return np.ones(self.n) if self.here(who) else super().slope(who)

    def through_activation(self, who: int) -> Any:
        """dJ/da itself."""
        return self.by_activation(who) if self.here(who) else super().through_activation(who)


@final
class ExtraDerivative(Mistake):
    """delta_j = (a_j - y_j) s'(z_j), with a loss that has cancelled s'(z) already."""

    name = "extra_derivative"
    sentence = (
        "a - y is multiplied by s'(z), but with this loss and this activation s'(z) has cancelled."
    )

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only where the loss is computed from z."""
        return (None,) if any(snapshot.partnered(who) for who in snapshot.outputs) else ()

    def loss_by_z(self, who: int) -> Any:
        """(a - y) a (1 - a)."""
        right = super().loss_by_z(who)
        return right * self.a[who] * (1 - self.a[who]) if self.here(who) else right


@final
class SlopeOfActivation(Mistake):
    """s'(a) in place of s'(z)."""

    name = "wrong_argument"
    sentence = "The derivative of the activation is taken at a instead of at z."

    def slope(self, who: int) -> Any:
        """s'(a)."""
        if not self.here(who):
            return super().slope(who)
        kind, a = self.snapshot.kinds[who], self.own_activation(who)
        activate, derive = kind.formula("activate", NUMPY), kind.formula("derivative", NUMPY)
        return derive(a, activate(a)) + np.zeros(self.n)


@final
class SlopeWithZForA(Mistake):
    """z (1 - z) in place of a (1 - a)."""

    name = "wrong_argument"
    sentence = "The derivative of the activation is written in a, but z is put in for a."

    def slope(self, who: int) -> Any:
        """s'(z) with z in place of a."""
        if not self.here(who):
            return super().slope(who)
        derive = self.snapshot.kinds[who].formula("derivative", NUMPY)
        return derive(self.u[who], self.u[who]) + np.zeros(self.n)


@final
class SlopeOfReader(Mistake):
    """s'(z_k) of the neuron that reads it, in place of s'(z_j)."""

    name = "wrong_argument"
    sentence = "The derivative of the activation is taken at the z of another neuron, its reader's."

    def slope(self, who: int) -> Any:
        """s'(z_k)."""
        # One that leads to no output may be of a kind without a derivative.
        readers = [k for k, _ in self.snapshot.outgoing[who] if self.snapshot.reached[k]]
        if not self.here(who) or not readers or self.snapshot.kinds[readers[0]].coupled:
            return super().slope(who)
        return super().slope(readers[0])


@final
class SlopeAtKink(Mistake):
    """The slope to the right of a kink, at the kink."""

    name = "slope_at_kink"
    sentence = "At the kink, z = 0, the slope of the right side is taken; here it is the left one."

    def slope(self, who: int) -> Any:
        """The slope just right of 0, where z is 0."""
        right = super().slope(who)
        if not self.here(who):
            return right
        kind, z = self.snapshot.kinds[who], np.full(self.n, 1e-300)
        activate, derive = kind.formula("activate", NUMPY), kind.formula("derivative", NUMPY)
        return np.where(self.u[who] == 0, derive(z, activate(z)), right)


@final
class OnePath(Mistake):
    """Only one of several paths to the loss."""

    name = "one_path"
    sentence = "Only one of several paths to the loss is counted."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Which of the readers it is."""
        most = max((len(readers) for readers in snapshot.outgoing), default=0)
        return range(min(most, 16)) if most > 1 else ()

    def readers(self, who: int) -> list[tuple[int, int]]:
        """The one."""
        right = super().readers(who)
        if not self.here(who) or self.variant >= len(right):
            return right
        return right[self.variant : self.variant + 1]


@final
class PathForgotten(Mistake):
    """All paths to the loss but one; of an output its own part counts as a path."""

    name = "one_path"
    sentence = "One of several paths to the loss is left out."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Which of the readers it is; -1 is an output's own part, -2 all of its readers."""
        most = max((len(readers) for readers in snapshot.outgoing), default=0)
        read = any(snapshot.outgoing[who] for who in snapshot.outputs)
        return [*range(min(most, 16) if most > 2 else 0), *((-1, -2) if read else ())]

    def readers(self, who: int) -> list[tuple[int, int]]:
        """All others."""
        right = super().readers(who)
        if not self.here(who):
            return right
        if self.variant == -2 and who in self.snapshot.column:
            return []
        return [pair for i, pair in enumerate(right) if len(right) < 3 or i != self.variant]

    def loss_by_a(self, who: int) -> Any:
        """Nothing, where the own part is left out."""
        right = super().loss_by_a(who)
        return 0 * right if self._without_own(who) else right

    def loss_by_z(self, who: int) -> Any:
        """Nothing, where the own part is left out."""
        right = super().loss_by_z(who)
        return 0 * right if self._without_own(who) else right

    def _without_own(self, who: int) -> bool:
        return self.variant == -1 and self.here(who) and bool(self.snapshot.outgoing[who])


@final
class WeightForgotten(Mistake):
    """delta_j = (sum of delta_k) s'(z_j)."""

    name = "weight_forgotten"
    sentence = "The deltas of the readers are passed back without the weights of the edges."

    def backward_factors(self, who: int, reader: int, slot: int) -> tuple[Any, Any]:
        """1 and delta_k."""
        weight, delta = super().backward_factors(who, reader, slot)
        return (1.0 if self.here(who) else weight), delta


@final
class TransposedBackward(Mistake):
    """w_kj in place of w_jk."""

    name = "transposed"
    sentence = "The weights are taken transposed on the way back: w_kj in place of w_jk."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only where a matrix is square."""
        return (None,) if has_square(snapshot) else ()

    def backward_factors(self, who: int, reader: int, slot: int) -> tuple[Any, Any]:
        """w_kj and delta_k."""
        other = swapped(self.snapshot, who, reader) if self.here(who) else None
        return super().backward_factors(who, reader, slot if other is None else other[2])


@final
class SoftmaxDiagonal(Mistake):
    """delta_j = dJ/da_j a_j (1 - a_j): softmax without its cross terms."""

    name = "softmax_diagonal"
    sentence = (
        "Softmax is differentiated as a (1 - a) alone; each a depends on every z of its layer."
    )

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only with coupled neurons."""
        return (None,) if any(kind.coupled for kind in snapshot.kinds) else ()

    def through_activation(self, who: int) -> Any:
        """dJ/da a (1 - a)."""
        if not self._here(who):
            return super().through_activation(who)
        a = self.own_activation(who)
        return self.by_activation(who) * a * (1 - a)

    def loss_by_z(self, who: int) -> Any:
        """The loss's derivative by a, times a (1 - a)."""
        if not self._here(who):
            return super().loss_by_z(who)
        a = self.a[who]
        return self.loss_by_a(who) * a * (1 - a)

    def _here(self, who: int) -> bool:
        return self.snapshot.kinds[who].coupled and self.here(who)


@final
class SoftmaxOfLossAlone(Mistake):
    """delta_j = -y_j / a_j: the softmax is not differentiated at all."""

    name = "missing_derivative"
    sentence = "The derivative of the activation is left out: delta is taken to be dJ/da."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only where the loss is computed from z."""
        return (None,) if any(snapshot.partnered(who) for who in snapshot.outputs) else ()

    def loss_by_z(self, who: int) -> Any:
        """The loss's derivative by a."""
        return self.loss_by_a(who) if self.here(who) else super().loss_by_z(who)


@final
class AveragedBeforeChain(Mistake):
    """The derivative of the loss averaged over the samples before it goes through the chain."""

    name = "averaged_before_chain"
    sentence = (
        "The derivative of the loss is averaged over the samples before it is multiplied by what "
        "belongs to each sample."
    )

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """How often 1/n is in it; only with several samples."""
        return (2, 1) if snapshot.n > 1 else ()

    def loss_by_a(self, who: int) -> Any:
        """The sum over the samples, each of which has the loss's 1/n; or their mean."""
        right = super().loss_by_a(who)
        average = np.sum if self.variant == 1 else np.mean
        return np.full(self.n, average(right)) if self.here(who) else right

    def loss_by_z(self, who: int) -> Any:
        """The mean of dJ/da, then the slope."""
        if not self.here(who):
            return super().loss_by_z(who)
        return self.loss_by_a(who) * self.a[who] * (1 - self.a[who])


@final
class UpdatedTooEarly(Mistake):
    """delta_j with the weights that the update has changed already."""

    name = "updated_too_early"
    sentence = (
        "The weights were updated before the deltas: the weights on the way back are the new ones."
    )

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only with an optimizer."""
        return (None,) if snapshot.optimizer is not None else ()

    def after_block(self, block: Any) -> None:
        """Update the weights that lead into the block, as soon as its deltas are there."""
        if not hasattr(self, "early"):
            self.early = self.p.copy()
        numbers = [who for who, _, _ in block]
        gradient = self.raw_gradient(numbers)
        self.add_penalties(gradient)
        after = self.advanced(gradient)
        for who in numbers:
            for _, slot in self.snapshot.rows[who][0]:
                self.early[slot] = after[slot]

    def backward_factors(self, who: int, reader: int, slot: int) -> tuple[Any, Any]:
        """The new w_jk, and delta_k."""
        weight, delta = super().backward_factors(who, reader, slot)
        return (self.early[slot] if self.here(who) else weight), delta


@final
class TermSignBackward(Mistake):
    """The minus sign of one term lost."""

    name = "sign"
    sentence = "One term of the sum that is passed back has the wrong sign."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Which of the readers it is."""
        return range(min(max((len(readers) for readers in snapshot.outgoing), default=0), 8))

    def backward_factors(self, who: int, reader: int, slot: int) -> tuple[Any, Any]:
        """-w_jk and delta_k."""
        weight, delta = super().backward_factors(who, reader, slot)
        position = self.snapshot.outgoing[who].index((reader, slot))
        return (-weight if self.here(who) and position == self.variant else weight), delta


@final
class DeltaSign(Mistake):
    """-delta_j."""

    name = "sign"
    sentence = "delta has the wrong sign."

    def whole_delta(self, who: int) -> Any:
        """The delta, negative."""
        right = super().whole_delta(who)
        return -right if self.here(who) else right


@final
class DeltaFactor(Mistake):
    """delta_j times 2 or 1/2."""

    name = "factor"
    sentence = "delta has another factor."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Half and twice."""
        return (0.5, 2.0)

    @classmethod
    def told(cls, variant: Any) -> str:
        """Say which."""
        return f"delta is {'half of' if variant == 0.5 else 'twice'} what it should be."

    def whole_delta(self, who: int) -> Any:
        """The delta, times the factor."""
        right = super().whole_delta(who)
        return self.variant * right if self.here(who) else right
