"""Rounding too early: later numbers computed from rounded ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.tracing.exercises.mistakes.mistake import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.tracing.snapshot import Snapshot

__all__ = ["CarriedRounded", "RoundedEverywhere", "Truncated"]

# Whoever gives more decimals than this has not rounded by hand.
_BY_HAND = 9


@final
class CarriedRounded(Mistake):
    """The rounded numbers that were handed in, taken to go on with."""

    name = "rounded_too_early"
    sentence = "It was computed from the rounded numbers handed in; round only what is shown."


@final
class RoundedEverywhere(Mistake):
    """Every number rounded before the next is computed from it."""

    name = "rounded_too_early"
    sentence = "Numbers on the way to it were rounded too early; round only what is shown."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """To how many decimals."""
        return range(decimals, max(1, decimals - 3), -1) if 1 < decimals <= _BY_HAND else ()

    @classmethod
    def told(cls, variant: Any) -> str:
        """Say to how many."""
        return (
            f"Numbers on the way to it were rounded to {variant} decimals too early; round only "
            "what is shown."
        )

    def settle(self, subject: str, quantity: str, value: Any) -> Any:
        """The number, rounded."""
        return np.round(super().settle(subject, quantity, value), self.variant)


@final
class Truncated(Mistake):
    """The digits after the last one cut off."""

    name = "truncated"
    sentence = "The further digits are cut off; the last digit must be rounded."

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """The decimals given."""
        return (decimals,) if decimals <= _BY_HAND else ()

    def settle(self, subject: str, quantity: str, value: Any) -> Any:
        """The number itself to go on with, but cut off to be shown."""
        settled = super().settle(subject, quantity, value)
        self.computed[subject, quantity] = np.trunc(value * 10.0**self.variant) / 10.0**self.variant
        return settled
