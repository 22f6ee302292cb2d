"""The course of a training: one recording per step, and any of them again."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, final

from neurosim.engines.traversal import TraversalEngine
from neurosim.tracing.recording import Recording, private_copy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.network import Network

__all__ = ["Course"]

# So many copies of the network are kept, and so many numbers in them; what lies between two of
# them is computed again.
_COPIES, _NUMBERS = 500, 5_000_000


@final
class Course:
    """A training of full batches, which can be gone through again from any step.

    Parameters
    ----------
    first : Recording
        That of the first step.
    steps : int
    """

    def __init__(self, first: Recording, steps: int) -> None:
        self.first, self.steps = first, steps
        n = len(first.before.parameters)
        self._every = max(1, ceil(steps / _COPIES), ceil(steps * n / _NUMBERS))
        self._kept: dict[int, Network] = {0: first.before}

    def recordings(self, start: int = 0) -> Iterator[Recording]:
        """Yield a recording per step, from one on."""
        known = max(k for k in self._kept if k <= start)
        network = private_copy(self._kept[known])
        for k in range(known, self.steps):
            recording = self.first.again(private_copy(network))
            if k % self._every == 0:
                self._kept.setdefault(k, recording.before)
            if k >= start:
                yield recording
            _advance(network, recording)

    def recording(self, k: int) -> Recording:
        """Return the recording of step k, counted from 0."""
        return next(self.recordings(k))

    @property
    def end(self) -> Network:
        """The network after the last step."""
        *_, last = self.recordings(self.steps - 1)
        network = private_copy(last.before)
        _advance(network, last)
        return network


def _advance(network: Network, recording: Recording) -> None:
    """Let a network make the step that was recorded of a copy, as `fit` would."""
    snapshot, recorded = recording.snapshot, recording.network
    assert recorded.last_pass is not None
    assert snapshot.memory_after is not None
    network.parameters[:] = snapshot.after
    network.memory = snapshot.memory_after
    # A full batch is an epoch.
    network.memory.epoch += 1
    engine = recorded.engine(TraversalEngine)
    network.engine(TraversalEngine).remember(recorded.last_pass)
    if engine.rng is not None:
        network.streams.dropout = engine.rng
