"""How the numbers of a training changed from step to step."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from neurosim.checks import short
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from neurosim.tracing.recording import Recording

__all__ = ["Histories"]

Key = tuple[str, str, int | None]
HELD = ("weight", "bias", "gamma")
"""What a parameter is called before its update."""


@final
class Histories:
    """The numbers of a training, each a list with an entry per step.

    Attributes
    ----------
    loss, learning_rate : list of float
    table : dict
        By (subject, quantity, sample).
    """

    def __init__(
        self, loss: list[float], learning_rate: list[float], table: dict[Key, list[float]]
    ) -> None:
        self.loss, self.learning_rate, self.table = loss, learning_rate, table
        self.subjects = dict.fromkeys(["loss", *(subject for subject, _, _ in table)])

    @staticmethod
    def of(recordings: Iterable[Recording]) -> Histories:
        """Return the numbers of recordings, one after the other."""
        loss: list[float] = []
        rates: list[float] = []
        table: dict[Key, list[float]] = {}
        for recording in recordings:
            snapshot = recording.snapshot
            assert snapshot.optimizer is not None
            assert snapshot.memory is not None
            loss.append(snapshot.loss)
            rates.append(snapshot.optimizer.rate(snapshot.memory))
            for key, value in _numbers(recording):
                table.setdefault(key, []).append(value)
        return Histories(loss, rates, table)

    @property
    def parameters(self) -> list[str]:
        """The subjects that are weights, biases or gammas."""
        return [subject for subject, quantity, _ in self.table if quantity in HELD]

    def values(self, subject: str, quantity: str, sample: int | None) -> list[float]:
        """Return the numbers of a subject that is known."""
        if (subject, quantity) == ("loss", "loss"):
            return self.loss
        found = {
            s: v for (who, what, s), v in self.table.items() if (who, what) == (subject, quantity)
        }
        if not found:
            known = dict.fromkeys(what for who, what, _ in self.table if who == subject)
            raise ArgumentError(
                f"TrainingTrace.history: {subject!r} has {', '.join(known) or 'loss'}; "
                f"got quantity {short(quantity)}."
            )
        if sample is None and len(found) == 1:
            return next(iter(found.values()))
        if sample not in found:
            samples = ", ".join("None" if s is None else str(s) for s in list(found)[:20])
            raise ArgumentError(
                f"TrainingTrace.history: sample must be one of {samples}; got {short(sample)}."
            )
        return found[sample]


def _numbers(recording: Recording) -> Iterator[tuple[Key, float]]:
    for step in recording.steps():
        if step.kind == "loss":
            continue
        yield (step.subject, step.quantity, step.sample), step.value
        if step.before is not None:
            held = "weight" if "->" in step.subject else step.subject.rpartition(".")[2]
            yield (step.subject, held, None), step.before
