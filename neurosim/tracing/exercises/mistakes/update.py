"""Mistakes in the update."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.learning.optimizers import Adam, AdamW
from neurosim.tracing.exercises.mistakes.mistake import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.tracing.snapshot import Snapshot

__all__ = [
    "AdamOneBeta",
    "AdamUncorrected",
    "FrozenUpdated",
    "LearningRateMissing",
    "NotUpdated",
    "UpdateSign",
]


class _Update(Mistake):
    """A mistake of the update alone. Abstract."""

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only with an optimizer."""
        return (None,) if snapshot.optimizer is not None else ()


@final
class LearningRateMissing(_Update):
    """w_new = w - g."""

    name = "learning_rate_missing"
    sentence = "The step is not multiplied by the learning rate."

    def moved(self, who: int, slot: int, after: Any) -> Any:
        """w less the step of rate 1."""
        optimizer, memory = self.snapshot.optimizer, self.snapshot.memory
        assert optimizer is not None
        assert memory is not None
        right = super().moved(who, slot, after)
        if not self.here(who):
            return right
        return self.p[slot] + (right - self.p[slot]) / optimizer.rate(memory)


@final
class UpdateSign(_Update):
    """w_new = w + step."""

    name = "sign"
    sentence = "The step is added to the parameter instead of subtracted."

    def moved(self, who: int, slot: int, after: Any) -> Any:
        """w plus the step."""
        right = super().moved(who, slot, after)
        return 2 * self.p[slot] - right if self.here(who) else right


@final
class NotUpdated(_Update):
    """w_new = w."""

    name = "not_updated"
    sentence = "The parameter is the old one; it was not updated."

    def moved(self, who: int, slot: int, after: Any) -> Any:
        """w."""
        return self.p[slot] if self.here(who) else super().moved(who, slot, after)


@final
class FrozenUpdated(_Update):
    """Frozen parameters updated, too."""

    name = "frozen_updated"
    sentence = "A frozen parameter was updated; frozen ones stay as they are."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only where something is frozen."""
        return (None,) if snapshot.optimizer is not None and any(snapshot.frozen) else ()

    def frozen(self) -> Any:
        """None."""
        return np.zeros(len(self.p), dtype=bool)


class _Adam(_Update):
    """A mistake in Adam's corrections. Abstract."""

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Only with Adam, or AdamW."""
        return (None,) if isinstance(snapshot.optimizer, Adam | AdamW) else ()


@final
class AdamUncorrected(_Adam):
    """m and v in place of m_hat and v_hat."""

    name = "adam_correction"
    sentence = "Adam's m and v are not corrected for their start at zero."

    def advanced(self, gradient: Any) -> Any:
        """An update so late that the corrections are 1."""
        optimizer, after = self.snapshot.optimizer, self.p.copy()
        memory = deepcopy(self.snapshot.memory)
        assert optimizer is not None
        assert memory is not None
        rate, late = optimizer.rate(memory), 10**9
        seen, before = optimizer.seen(gradient, self.frozen()), list(memory.vectors.values())
        constants = optimizer.constants().values()
        step = type(optimizer).update(self.p, seen, late, rate, *before, *constants)[-1]
        return after - np.where(self.frozen(), 0.0, step)


@final
class AdamOneBeta(_Adam):
    """v_hat = v / (1 - beta1^t)."""

    name = "adam_correction"
    sentence = "Adam's two corrections use one beta; m takes beta1, v takes beta2."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Which of the two is in both."""
        return ("beta1", "beta2") if super().variants(snapshot, decimals) else ()

    def advanced(self, gradient: Any) -> Any:
        """The corrections with one beta, put into the gradient's own memory."""
        optimizer, memory = self.snapshot.optimizer, deepcopy(self.snapshot.memory)
        assert isinstance(optimizer, Adam | AdamW)
        assert memory is not None
        seen, t = optimizer.seen(gradient, self.frozen()), memory.step + 1
        constants = optimizer.constants()
        m, v, *_ = type(optimizer).update(
            self.p, seen, t, 1.0, *memory.vectors.values(), *constants.values()
        )
        correction = 1 - constants[self.variant] ** t
        m_hat, v_hat = m / correction, v / correction
        step = m_hat / (np.sqrt(v_hat) + constants["epsilon"])
        step = step + constants.get("decay", 0.0) * self.p
        return self.p - optimizer.rate(memory) * np.where(self.frozen(), 0.0, step)
