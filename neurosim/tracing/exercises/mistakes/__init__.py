"""The mistakes that `check_work` knows, each a small class: the step with one line done wrong.

To add one, write the class in the file of its phase and name it here, the special before the
general: where several explain the same numbers, the first is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from neurosim.tracing.exercises.mistakes import delta, forward, gradient, loss, rounding, update
from neurosim.tracing.exercises.mistakes.mistake import Mistake

if TYPE_CHECKING:
    from typing import Final

__all__ = ["CLASSES", "MISTAKES", "Mistake"]

CLASSES: Final[tuple[type[Mistake], ...]] = (
    forward.BiasForgotten,
    gradient.BiasGradientForgotten,
    forward.ActivationForgotten,
    forward.TransposedForward,
    delta.TransposedBackward,
    gradient.TransposedGradient,
    forward.VarianceForDeviation,
    forward.EpsilonForgotten,
    loss.CrossEntropySign,
    loss.CrossEntropyTerm,
    loss.WrongLogarithm,
    delta.SoftmaxDiagonal,
    delta.SlopeAtKink,
    delta.MissingDerivative,
    delta.SoftmaxOfLossAlone,
    delta.ExtraDerivative,
    delta.SlopeOfActivation,
    delta.SlopeWithZForA,
    delta.SlopeOfReader,
    delta.OnePath,
    delta.PathForgotten,
    delta.WeightForgotten,
    delta.UpdatedTooEarly,
    delta.AveragedBeforeChain,
    gradient.TieNotSummed,
    gradient.InputForgotten,
    gradient.SumForActivation,
    gradient.ActivationOfTarget,
    gradient.PenaltyForgotten,
    gradient.OneSample,
    loss.NotAveraged,
    gradient.GradientNotAveraged,
    loss.AveragedTwice,
    gradient.GradientAveragedTwice,
    update.LearningRateMissing,
    update.NotUpdated,
    update.FrozenUpdated,
    update.AdamUncorrected,
    update.AdamOneBeta,
    loss.LossDerivativeSign,
    loss.LossSign,
    delta.TermSignBackward,
    delta.DeltaSign,
    gradient.GradientSign,
    update.UpdateSign,
    loss.LossFactor,
    loss.LossDerivativeFactor,
    delta.DeltaFactor,
    gradient.GradientFactor,
    loss.AveragedOverOutputs,
    gradient.AveragedOverFeatures,
    loss.BatchSizeHardCoded,
    rounding.Truncated,
    rounding.RoundedEverywhere,
)

MISTAKES: Final[tuple[str, ...]] = tuple(dict.fromkeys(cls.name for cls in CLASSES))
"""The names that `WorkReport.mistake` may have."""
