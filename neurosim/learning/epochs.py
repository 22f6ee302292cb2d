"""Epochs: every sample visited once, batch by batch."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.learning.divergence import is_finite
from neurosim.learning.order import Order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.engines.base import Engine
    from neurosim.learning.callbacks import Run

__all__ = ["Batches", "Ended", "Epochs"]


class Batches(Order):
    """The rows of every batch of an epoch, with how many they are; None stands for all rows."""

    def __init__(
        self, n_samples: int, size: int | None, shuffle: bool, rng: np.random.Generator
    ) -> None:
        self.n_samples, self.size, self.shuffle, self.rng = n_samples, size, shuffle, rng

    def __iter__(self) -> Iterator[tuple[Any, int]]:
        if self.size is None:
            yield None, self.n_samples
            return
        order = self.rng.permutation(self.n_samples) if self.shuffle else None
        for begin in range(0, self.n_samples, self.size):
            end = min(begin + self.size, self.n_samples)
            yield (slice(begin, end) if order is None else order[begin:end]), end - begin


@dataclass
class Ended:
    """Epochs that have ended.

    Attributes
    ----------
    losses, rates, penalties : lists of float
        Of the finite ones.
    diverged : (loss, rate, batch) or None
        The one after them, where it is not finite: batch is the first bad one's number, or None
        where it is the only batch or the epoch as a whole.
    """

    losses: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    penalties: list[float] = field(default_factory=list)
    diverged: tuple[float, float, int | None] | None = None


class Epochs:
    """Learns one epoch at a time, and tells whoever listens of every batch.

    Attributes
    ----------
    before, averages : arrays
        The parameters and running averages with which the last epoch began.
    """

    def __init__(self, run: Run, engine: Engine, order: Order) -> None:
        self.run, self.engine, self.order = run, engine, order
        self.before = run.network.parameters.copy()
        self.averages = run.network.averages.copy()

    def learn(self, at_most: int) -> Ended:
        """Learn one epoch, or a few where nobody looks on in between."""
        run, network = self.run, self.run.network
        np.copyto(self.before, network.parameters)
        np.copyto(self.averages, network.averages)
        rate = run.optimizer.rate(run.optimizer.memory(network))
        loss, batch = self._visit_all()
        if math.isfinite(loss) and is_finite(network.parameters):
            return Ended([loss], [rate], [run.penalty])
        return Ended(diverged=(loss, rate, batch))

    def _visit_all(self) -> tuple[float, int | None]:
        """Visit every sample once; return the mean of the losses before each update, and None.

        It ends at a batch whose loss is not finite, and returns that loss and, where it is one
        batch of several, its number.
        """
        run, total, penalty = self.run, 0.0, 0.0
        network = run.network
        for batch, (rows, n) in enumerate(self.order):
            penalty += network.penalty() * n if network.regularization else 0.0
            run.batch_loss = run.optimizer.learn(network, self.engine, rows)
            total += run.batch_loss * n
            for listener in run.callbacks:
                listener.on_batch(run)
            if not math.isfinite(run.batch_loss):
                return run.batch_loss, None if n == self.order.n_samples else batch
        run.penalty = penalty / self.order.n_samples
        return total / self.order.n_samples, None
