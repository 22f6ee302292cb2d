"""Losses of classes that are told apart by the sign of the output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.errors import LossError
from neurosim.functions import maximum, minimum, where
from neurosim.losses.loss import Loss

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neurosim.neurons import Kind

__all__ = ["Hinge"]


@final
class Hinge(Loss):
    """J = 1/n sum over samples, sum over outputs of max(0, 1 - y a), for targets y of -1 and 1.

    An output on its target's side of 0 by a margin of 1 costs nothing. The derivative is -y where
    y a < 1, else 0; at the kink, y a = 1, the left one: -1 for y = 1, and 0 for y = -1.

    Source: Cortes, Vapnik, "Support-Vector Networks", 1995.

    >>> Hinge.loss(0.25, 1.0), Hinge.loss(0.25, -1.0), Hinge.derivative(0.25, -1.0)
    (0.75, 1.25, 1.0)
    """

    formula = "max(0, 1 - y * a)"

    @staticmethod
    def loss(a: Any, y: Any) -> Any:
        """Return max(0, 1 - y a)."""
        return maximum(1.0 - y * a, 0.0)

    @staticmethod
    def derivative(a: Any, y: Any) -> Any:
        """Return -y where y a < 1, 0 where y a > 1, and between the two the smaller slope."""
        return where(y * a < 1.0, -y, where(y * a > 1.0, 0.0, minimum(-y, 0.0)))

    def check_outputs(self, kinds: Sequence[Kind], labels: Sequence[str]) -> None:
        """Raise `LossError` where an output neuron cannot give a negative number."""
        for kind, label in zip(kinds, labels, strict=True):
            if kind.neuron.probability:
                raise LossError(
                    f"Hinge: the outputs must be able to reach -1 and 1, but neuron {label!r} is a "
                    f"{kind.name}, which gives a probability. Use LinearNeuron there, or "
                    "loss=ns.BinaryCrossEntropy()."
                )

    def check_targets(self, Y: Any) -> None:
        """Raise `LossError` where a target is neither -1 nor 1."""
        other = (Y != -1) & (Y != 1)
        if other.any():
            row, column = (int(i) for i in np.argwhere(other)[0])
            raise LossError(
                f"Hinge: targets must be -1 or 1; got Y[{row}, {column}] = {Y[row, column]}. For "
                "classes 0 and 1 pass 2 * Y - 1, or use loss=ns.BinaryCrossEntropy()."
            )
