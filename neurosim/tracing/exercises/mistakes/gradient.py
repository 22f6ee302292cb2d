"""Mistakes in the gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.tracing.exercises.mistakes.forward import has_square, swapped
from neurosim.tracing.exercises.mistakes.mistake import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.tracing.snapshot import Snapshot

__all__ = [
    "ActivationOfTarget",
    "AveragedOverFeatures",
    "BiasGradientForgotten",
    "GradientAveragedTwice",
    "GradientFactor",
    "GradientNotAveraged",
    "GradientSign",
    "InputForgotten",
    "OneSample",
    "PenaltyForgotten",
    "SumForActivation",
    "TieNotSummed",
    "TransposedGradient",
]


@final
class TieNotSummed(Mistake):
    """One edge's own part, where a weight is shared by several."""

    name = "tie_not_summed"
    sentence = "The weight is shared by several edges, but only one edge's part is in its gradient."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Which of the edges it is."""
        most = max((len(edges) for edges in snapshot.edges_of.values()), default=0)
        return range(min(most, 16)) if most > 1 else ()

    def shared(self, slot: int, parts: list[Any]) -> Any:
        """One part."""
        return parts[min(int(self.variant), len(parts) - 1)]


@final
class InputForgotten(Mistake):
    """dJ/dw_ij = sum of delta_j."""

    name = "input_forgotten"
    sentence = "delta is not multiplied by the activation that the edge carries."

    def gradient_factors(self, source: int, target: int) -> tuple[Any, Any]:
        """delta_j and 1."""
        delta, a = super().gradient_factors(source, target)
        return delta, (np.ones(self.n) if self.here(target) else a)


@final
class SumForActivation(Mistake):
    """dJ/dw_ij = sum of z_i delta_j."""

    name = "wrong_activation"
    sentence = "delta is multiplied by the z of the source instead of its activation."

    def gradient_factors(self, source: int, target: int) -> tuple[Any, Any]:
        """delta_j and z_i."""
        delta, a = super().gradient_factors(source, target)
        has_z = self.here(target) and self.z[source] is not None
        return delta, (self.z[source] if has_z else a)


@final
class ActivationOfTarget(Mistake):
    """dJ/dw_ij = sum of a_j delta_j."""

    name = "wrong_activation"
    sentence = "delta is multiplied by the target's own activation instead of the source's."

    def gradient_factors(self, source: int, target: int) -> tuple[Any, Any]:
        """delta_j and a_j."""
        delta, a = super().gradient_factors(source, target)
        return delta, (self.a[target] if self.here(target) else a)


@final
class TransposedGradient(Mistake):
    """dW transposed."""

    name = "transposed"
    sentence = "The gradient is transposed: it belongs to the weight w_ji, not to w_ij."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only where a matrix is square."""
        return (None,) if has_square(snapshot) else ()

    def edge_gradient(self, source: int, target: int) -> Any:
        """The part of the edge at the transposed place."""
        other = swapped(self.snapshot, source, target) if self.here(target) else None
        return super().edge_gradient(*((source, target) if other is None else other[:2]))


@final
class OneSample(Mistake):
    """The gradient of one sample alone, overwritten instead of added up."""

    name = "one_sample"
    sentence = "Only one sample's part is in the gradient."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """The last and the first, still divided by n, or not."""
        if snapshot.n == 1:
            return ()
        return [(i, by) for i in (snapshot.n - 1, 0) for by in (1, snapshot.n)]

    def over_samples(self, who: int, products: Any) -> Any:
        """One."""
        sample, times = self.variant
        return products[sample] * times if self.here(who) else super().over_samples(who, products)


class _ScaledGradient(Mistake):
    """The gradient times a number, the deltas being right. Abstract."""

    def scale(self, who: int) -> float:
        """Return the number."""
        raise NotImplementedError

    def over_samples(self, who: int, products: Any) -> Any:
        """The sum, scaled."""
        right = super().over_samples(who, products)
        return right * self.scale(who) if self.here(who) else right


@final
class GradientNotAveraged(_ScaledGradient):
    """dJ/dw = sum over the samples, without 1/n."""

    name = "not_averaged"
    sentence = "The gradients of the samples are summed up, but not divided by their number."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only with several samples."""
        return (None,) if snapshot.n > 1 else ()

    def scale(self, who: int) -> float:
        """n."""
        return float(self.n)


@final
class GradientAveragedTwice(_ScaledGradient):
    """dJ/dw divided by n, where delta carries the 1/n already."""

    name = "averaged_twice"
    sentence = (
        "The gradient is divided by the number of samples, but delta carries that 1/n already."
    )

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only with several samples."""
        return (None,) if snapshot.n > 1 else ()

    def scale(self, who: int) -> float:
        """1 / n."""
        return 1 / self.n


@final
class AveragedOverFeatures(_ScaledGradient):
    """dW divided by the number of inputs, too."""

    name = "averaged_over_features"
    sentence = "The gradient is divided by the number of inputs of the neuron, too."

    def scale(self, who: int) -> float:
        """1 / number of edges into the neuron."""
        return 1 / max(1, len(self.snapshot.rows[who][0]))


@final
class GradientSign(_ScaledGradient):
    """-dJ/dw."""

    name = "sign"
    sentence = "The gradient has the wrong sign."

    def scale(self, who: int) -> float:
        """-1."""
        return -1.0


@final
class GradientFactor(_ScaledGradient):
    """dJ/dw times 2 or 1/2."""

    name = "factor"
    sentence = "The gradient has another factor."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Half and twice."""
        return (0.5, 2.0)

    @classmethod
    def told(cls, variant: Any) -> str:
        """Say which."""
        return f"The gradient is {'half of' if variant == 0.5 else 'twice'} what it should be."

    def scale(self, who: int) -> float:
        """The factor."""
        return float(self.variant)


@final
class BiasGradientForgotten(Mistake):
    """dJ/db = 0: the bias does not learn."""

    name = "bias_forgotten"
    sentence = "The bias is forgotten in the gradient: its gradient is taken to be 0."

    def bias_gradient(self, who: int) -> Any:
        """0."""
        return 0.0 if self.here(who) else super().bias_gradient(who)


@final
class PenaltyForgotten(Mistake):
    """The gradient of the data loss alone."""

    name = "penalty_forgotten"
    sentence = "The derivative of the weight penalty is left out of the gradient."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only with penalties."""
        return (None,) if snapshot.regularization.penalties(snapshot.wiring) else ()

    def add_penalties(self, gradient: Any) -> None:
        """Nothing."""
