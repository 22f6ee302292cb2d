"""What every mistake is: the textbook's step with one line of it done wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from neurosim.tracing.exercises.textbook import LearningStep

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.tracing.snapshot import Snapshot

__all__ = ["Mistake"]


class Mistake(LearningStep):
    """A step with a mistake in it. This class is abstract.

    A subclass replaces one method of `LearningStep`, and asks `here` whether the mistake is made at
    a neuron. Several subclasses may share a name: a sign can be lost in several places.
    """

    name: ClassVar[str]
    """What `WorkReport.mistake` says."""
    sentence: ClassVar[str]
    """What was done, as a whole sentence."""

    @classmethod
    def variants(cls, snapshot: Snapshot, decimals: int) -> Iterable[Any]:
        """Return the forms that the mistake can take in this step; none where it cannot happen.

        Parameters
        ----------
        snapshot : Snapshot
        decimals : int
            How many decimals the number to be explained was given with.
        """
        return (None,)

    @classmethod
    def told(cls, variant: Any) -> str:
        """Return the sentence about one form."""
        return cls.sentence
