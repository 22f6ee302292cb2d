"""Mistakes in the loss, and in its derivative."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.losses import BinaryCrossEntropy
from neurosim.losses.cross_entropy import CrossEntropy
from neurosim.tracing.exercises.mistakes.mistake import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.tracing.snapshot import Snapshot

__all__ = [
    "AveragedOverOutputs",
    "AveragedTwice",
    "BatchSizeHardCoded",
    "CrossEntropySign",
    "CrossEntropyTerm",
    "LossDerivativeFactor",
    "LossDerivativeSign",
    "LossFactor",
    "LossSign",
    "NotAveraged",
    "WrongLogarithm",
]


class _Scaled(Mistake):
    """The loss and its derivative times a number. Abstract."""

    def scale(self) -> float:
        """Return the number."""
        raise NotImplementedError

    def loss_part(self, who: int) -> Any:
        """The part, scaled."""
        return super().loss_part(who) * self.scale()

    def mean(self, part: Any) -> Any:
        """The mean, scaled."""
        return super().mean(part) * self.scale()


@final
class NotAveraged(_Scaled):
    """J = sum over the samples."""

    name = "not_averaged"
    sentence = "The samples are summed up, but not divided by their number."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only with several samples."""
        return (None,) if snapshot.n > 1 else ()

    def scale(self) -> float:
        """n."""
        return float(self.n)


@final
class AveragedTwice(_Scaled):
    """J = 1/n^2 sum over the samples."""

    name = "averaged_twice"
    sentence = "The sum over the samples is divided by their number twice."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only with several samples."""
        return (None,) if snapshot.n > 1 else ()

    def scale(self) -> float:
        """1 / n."""
        return 1 / self.n


@final
class LossFactor(_Scaled):
    """J with 1/2 where the loss has none, or the other way round."""

    name = "factor"
    sentence = "The loss has another factor."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Half and twice."""
        return (0.5, 2.0)

    @classmethod
    def told(cls, variant: Any) -> str:
        """Say which."""
        return f"The loss is {_times(variant)} what this network's loss is, perhaps by convention."

    def scale(self) -> float:
        """The factor."""
        return float(self.variant)


def _times(factor: float) -> str:
    return "half of" if factor == 0.5 else "twice" if factor == 2 else f"{factor:g} times"


@final
class LossDerivativeFactor(Mistake):
    """The 2 of the square lost, or one too many."""

    name = "factor"
    sentence = "The derivative of the loss has another factor."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Half and twice."""
        return (0.5, 2.0)

    @classmethod
    def told(cls, variant: Any) -> str:
        """Say which."""
        return f"The derivative of the loss is {_times(variant)} what it should be."

    def mean(self, part: Any) -> Any:
        """The mean of the derivative, times the factor."""
        return super().mean(part) * self.variant


@final
class AveragedOverOutputs(_Scaled):
    """J = the mean over the outputs."""

    name = "averaged_over_outputs"
    sentence = "The sum over the outputs is divided by their number, too."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only with several outputs."""
        return (None,) if len(snapshot.outputs) > 1 else ()

    def scale(self) -> float:
        """1 / number of outputs."""
        return 1 / len(self.snapshot.outputs)


@final
class BatchSizeHardCoded(_Scaled):
    """J = 1/m sum over n samples, with an m that is not n."""

    name = "batch_size_hard_coded"
    sentence = "The sum over the samples is divided by another number than theirs."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Usual sizes of a batch."""
        if snapshot.n == 1:
            return ()
        usual = [4, 8, 10, 16, 20, 32, 50, 64, 100, 128, 256, 1000]
        return [m for m in usual if m != snapshot.n]

    @classmethod
    def told(cls, variant: Any) -> str:
        """Say by which."""
        return f"The sum over the samples is divided by {variant}, which is not their number."

    def scale(self) -> float:
        """n / m."""
        return float(self.n / self.variant)


@final
class LossSign(Mistake):
    """-J."""

    name = "sign"
    sentence = "The loss has the wrong sign."

    def loss_part(self, who: int) -> Any:
        """The part, negative."""
        return -super().loss_part(who)


@final
class LossDerivativeSign(Mistake):
    """y - a in place of a - y."""

    name = "sign"
    sentence = "The derivative of the loss has the wrong sign: y - a in place of a - y."

    def loss_by_a(self, who: int) -> Any:
        """The derivative by a, negative."""
        right = super().loss_by_a(who)
        return -right if self.here(who) else right

    def loss_by_z(self, who: int) -> Any:
        """The derivative by z, negative."""
        right = super().loss_by_z(who)
        return -right if self.here(who) else right


class _OfBinaryCrossEntropy(Mistake):
    """Of the two terms of the binary cross entropy one is wrong. Abstract."""

    weight: float

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only with this loss."""
        return (None,) if isinstance(snapshot.loss_kind, BinaryCrossEntropy) else ()

    def loss_part(self, who: int) -> Any:
        """The second term times a weight of its own."""
        a, y = self.a[who], self.target(who)
        return -(y * np.log(a) + self.weight * (1 - y) * np.log(1 - a))

    def loss_by_a(self, who: int) -> Any:
        """Its derivative by a."""
        a, y = self.a[who], self.target(who)
        return -y / a + self.weight * (1 - y) / (1 - a)

    def loss_by_z(self, who: int) -> Any:
        """Its derivative by z."""
        a = self.a[who]
        return self.loss_by_a(who) * a * (1 - a)


@final
class CrossEntropySign(_OfBinaryCrossEntropy):
    """J = -(y log a - (1 - y) log(1 - a))."""

    name = "cross_entropy_sign"
    sentence = "The cross entropy subtracts its term (1 - y) log(1 - a) instead of adding it."
    weight = -1.0


@final
class CrossEntropyTerm(_OfBinaryCrossEntropy):
    """J = -y log a."""

    name = "cross_entropy_term"
    sentence = "The cross entropy has no term (1 - y) log(1 - a)."
    weight = 0.0


@final
class WrongLogarithm(Mistake):
    """Another logarithm than the natural one."""

    name = "wrong_logarithm"
    sentence = "The logarithm is not the natural one."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Base 10 and base 2, with a cross entropy."""
        return (10.0, 2.0) if isinstance(snapshot.loss_kind, CrossEntropy) else ()

    @classmethod
    def told(cls, variant: Any) -> str:
        """Say which."""
        return f"The logarithm has base {variant:g}; the loss takes the natural one."

    def loss_part(self, who: int) -> Any:
        """The part in another unit."""
        return super().loss_part(who) / np.log(self.variant)
