"""Mistakes on the way forward."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.tracing.exercises.mistakes.mistake import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.tracing.snapshot import Snapshot

__all__ = [
    "ActivationForgotten",
    "BiasForgotten",
    "EpsilonForgotten",
    "TransposedForward",
    "VarianceForDeviation",
    "swapped",
]


@final
class BiasForgotten(Mistake):
    """z_j = sum of w_ij a_i."""

    name = "bias_forgotten"
    sentence = "The bias is not added to z."

    def bias(self, who: int, slot: int) -> Any:
        """No bias."""
        return 0.0 if self.here(who) else super().bias(who, slot)


@final
class ActivationForgotten(Mistake):
    """a_j = z_j."""

    name = "activation_forgotten"
    sentence = "The activation function is not applied: a is taken to be z."

    def activations(self, block: Any) -> dict[int, Any]:
        """z itself."""
        right = super().activations(block)
        return {who: self.u[who] if self.here(who) else a for who, a in right.items()}


def swapped(snapshot: Snapshot, source: int, who: int) -> tuple[int, int, int] | None:
    """Return the edge (source, target, slot) at the transposed place of a square matrix."""
    members, sources = snapshot.members(who), [i for i, _ in snapshot.rows[who][0]]
    same = all([i for i, _ in snapshot.rows[member][0]] == sources for member in members)
    if not same or len(members) != len(sources) or len(sources) < 2:
        return None
    row, column = sources.index(source), members.index(who)
    return sources[column], members[row], snapshot.rows[members[row]][0][column][1]


def has_square(snapshot: Snapshot) -> bool:
    """Whether the weights of some layer are a square matrix."""
    return any(
        snapshot.rows[who][0] and swapped(snapshot, snapshot.rows[who][0][0][0], who) is not None
        for who in (block[0][0] for block in snapshot.blocks)
    )


@final
class TransposedForward(Mistake):
    """z_j = sum of w_ji a_i + b_j."""

    name = "transposed"
    sentence = "The weights are taken transposed on the way forward: w_ji in place of w_ij."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only where a matrix is square."""
        return (None,) if has_square(snapshot) else ()

    def forward_factors(self, source: int, who: int, slot: int) -> tuple[Any, Any]:
        """w_ji and a_i."""
        other = swapped(self.snapshot, source, who) if self.here(who) else None
        return super().forward_factors(source, who, slot if other is None else other[2])


@final
class VarianceForDeviation(Mistake):
    """zhat = (z - mean) / variance."""

    name = "variance_for_deviation"
    sentence = "The normalization divides by the variance instead of its square root."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Whether epsilon is in the variance; only where sums are normalized."""
        return (True, False) if snapshot.normalized else ()

    def spread(self, who: int) -> None:
        """The variance."""
        if self.here(who):
            one = self.normalized[who]
            divisor = one.spread**2 if self.variant else one.variance
            one.zhat = one.zhat * one.spread / divisor
            one.spread = divisor


@final
class EpsilonForgotten(Mistake):
    """zhat = (z - mean) / sqrt(variance)."""

    name = "epsilon_forgotten"
    sentence = "The normalization leaves epsilon out of the square root."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only where sums are normalized."""
        return (None,) if snapshot.normalized else ()

    def spread(self, who: int) -> None:
        """sqrt(variance)."""
        if self.here(who):
            one = self.normalized[who]
            bare = np.sqrt(one.variance)
            one.zhat = one.zhat * one.spread / bare
            one.spread = bare
