"""Epochs inside the compiled engine, in stretches of a tenth of a second.

What needs Python - rates, permutations, masks - is prepared before a stretch, from the same random
streams and in the same order as batch by batch. Between two stretches Python is at hand: Ctrl-C is
heard, callbacks are told.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.engines.compiled.epochs import Schedule
from neurosim.learning.callbacks import Callback
from neurosim.learning.clipping import ClipByNorm, ClipByValue
from neurosim.learning.epochs import Ended, Epochs
from neurosim.learning.learner import Optimizer
from neurosim.learning.schedules import ConstantRate

if TYPE_CHECKING:
    from neurosim.engines.compiled import CompiledEngine
    from neurosim.learning.callbacks import Run
    from neurosim.learning.epochs import Batches

__all__ = ["CompiledEpochs", "suits"]

# A stretch takes about so many seconds, and holds at most so many prepared numbers.
_SECONDS, _NUMBERS = 0.05, 1 << 22


def suits(optimizer: Any) -> bool:
    """Whether epochs can be learned without Python: the optimizer is nothing but its formula."""
    if not isinstance(optimizer, Optimizer):
        return False
    own, hooks = type(optimizer), ("learn", "advance", "seen")
    plain = all(getattr(own, name) is getattr(Optimizer, name) for name in hooks)
    return plain and type(optimizer.clip) in (type(None), ClipByNorm, ClipByValue)


def _hears_batches(callback: Callback) -> bool:
    return getattr(callback.on_batch, "__func__", None) is not Callback.on_batch


class CompiledEpochs(Epochs):
    """Learns some epochs at a time."""

    engine: CompiledEngine
    order: Batches

    def __init__(self, run: Run, engine: CompiledEngine, order: Batches) -> None:
        super().__init__(run, engine, order)
        self.size = order.n_samples if order.size is None else min(order.size, order.n_samples)
        self.per_epoch = -(-order.n_samples // self.size)
        self.memory = run.optimizer.memory(run.network)
        n_rows, parameters = len(self.memory.vectors) + 1, run.network.parameters
        self.states = np.empty((n_rows, len(parameters)), dtype=parameters.dtype)
        self.listeners = [heard for heard in run.callbacks if _hears_batches(heard)]
        self.start, self.start_averages = self.before.copy(), self.averages.copy()
        self.batches = 1

    def learn(self, at_most: int) -> Ended:
        """Learn as many epochs as fit into a stretch, at most so many, at least one."""
        most = min(at_most, self._fitting() // self.per_epoch, _NUMBERS // self.order.n_samples)
        n_epochs = max(1, most)
        # Several are one stretch, so that an interruption takes back all of them or none.
        stream = self.order.rng.bit_generator
        state, orders = stream.state, self._orders(n_epochs)
        outcome = self.engine.outcome(n_epochs)
        rates, how, last = np.zeros(0), 0, n_epochs * self.per_epoch
        done = 0
        while done < last and not how:
            end = min(last, done + self._fitting())
            more = self._rates(done, end)
            try:
                count, how = self._stretch(orders, more, done, end, outcome)
            except BaseException:
                if not done:
                    stream.state = state
                raise
            rates, done = np.append(rates, more), done + count
            if not self._told(float(outcome.sums[2])):
                return Ended()
        ended = self._ended(outcome, rates[:: self.per_epoch], done, how)
        if how and len(orders) > 1:
            # Batch by batch the orders of later epochs would not have been drawn.
            stream.state = state
            self._orders(len(ended.losses) + 1)
        return ended

    def _fitting(self) -> int:
        """Return how many batches may be prepared at once, for the time and the masks they take."""
        rates = self.run.network.dropout_rates
        masked = 0 if rates is None else int(np.count_nonzero(rates))
        most = _NUMBERS // max(1, self.size * masked)
        return 1 if self.listeners else max(1, min(self.batches, most))

    def _told(self, loss: float) -> bool:
        """Tell of a batch; return whether the network is still the one that the engine knows."""
        self.run.batch_loss = loss
        for listener in self.listeners:
            listener.on_batch(self.run)
        return self.run.network.engine(type(self.engine)) is self.engine

    def _ended(self, outcome: Any, rates: Any, done: int, how: int) -> Ended:
        """Return the epochs as the training loop wants them."""
        whole = (done - 1 if how else done) // self.per_epoch
        numbers = outcome.losses, rates, outcome.penalties
        ended = Ended(*(array[:whole].tolist() for array in numbers))
        if whole:
            self.run.penalty = ended.penalties[-1]
        if how:
            several = how == 1 and self.per_epoch > 1
            batch = (done - 1) % self.per_epoch if several else None
            ended.diverged = float(outcome.losses[whole]), float(rates[whole]), batch
        return ended

    # -- before a stretch -----------------------------------------------------------------------

    def _orders(self, n_epochs: int) -> Any:
        """Return the order of the samples in every epoch, or one for all."""
        n = self.order.n_samples
        if self.order.size is None or not self.order.shuffle:
            return np.arange(n)[np.newaxis]
        return np.array([self.order.rng.permutation(n) for _ in range(n_epochs)])

    def _sizes(self, begin: int, end: int) -> list[int]:
        """Return how many samples each of some batches has."""
        rest = self.order.n_samples - (self.per_epoch - 1) * self.size
        last = self.per_epoch - 1
        return [rest if b % self.per_epoch == last else self.size for b in range(begin, end)]

    def _rates(self, begin: int, end: int) -> Any:
        """Return the rate of every one of these batches."""
        schedule, memory = self.run.optimizer.schedule, self.memory
        if isinstance(schedule, ConstantRate):
            return np.full(end - begin, schedule.start)
        if schedule.per_step:
            return np.array([schedule(memory.step + i) for i in range(end - begin)])
        epochs = [memory.epoch + b // self.per_epoch for b in range(begin, end)]
        known = {epoch: schedule(epoch) for epoch in dict.fromkeys(epochs)}
        return np.array([known[epoch] for epoch in epochs])

    def _masks(self, sizes: list[int]) -> Any:
        """Return the masks of dropout for these batches, a row per sample."""
        drawn = [self.engine.masks(n) for n in sizes]
        dtype = self.run.network.dtype
        rows = [np.ascontiguousarray(one[1].T) for one in drawn if one is not None]
        return np.concatenate(rows) if rows else np.zeros((0, 0), dtype=dtype)

    # -- a stretch ------------------------------------------------------------------------------

    def _stretch(
        self, orders: Any, rates: Any, begin: int, end: int, outcome: Any
    ) -> tuple[int, int]:
        """Learn from some batches; return how many, and how it ended."""
        stream, sizes = self.engine.rng, self._sizes(begin, end)
        state = None if stream is None else stream.bit_generator.state
        plan = Schedule(orders, self._masks(sizes), rates, self.size, self.memory.step, begin, end)
        np.copyto(self.start, self.run.network.parameters)
        np.copyto(self.start_averages, self.run.network.averages)
        learning, start = self._learning(), time.perf_counter()
        try:
            count, how = self.engine.run(learning, plan, outcome)
        except BaseException:
            # Ctrl-C is heard when the stretch has ended: nobody knows yet how far it came.
            self._take_back()
            if stream is not None and state is not None:
                stream.bit_generator.state = state
            raise
        seconds = time.perf_counter() - start
        for vector, row in zip(self.memory.vectors.values(), learning.states, strict=False):
            vector[:] = row
        self.memory.step += count
        if how and stream is not None and state is not None:
            # Batch by batch no more masks would have been drawn.
            stream.bit_generator.state = state
            self._masks(sizes[:count])
        # Whole epochs need not fill a stretch to the last batch.
        if 2 * count > self.batches or seconds > _SECONDS:
            self.batches = max(1, min(8 * count, int(count * _SECONDS / seconds)))
        return count, how

    def _take_back(self) -> None:
        """Let the network be as it was before the stretch, as its optimizer's memory still is."""
        network = self.run.network
        network.parameters[:] = self.start
        network.averages[:] = self.start_averages
        network.gradient[:] = 0.0

    def _learning(self) -> Any:
        """Return how a gradient becomes a step, as things are now."""
        network, optimizer = self.run.network, self.run.optimizer
        np.copyto(self.states[-1], ~network.frozen)
        for row, vector in zip(self.states, self.memory.vectors.values(), strict=False):
            row[:] = vector
        return self.engine.learning(
            optimizer,
            self.states,
            network.frozen.any(),
            network.regularization.penalties(network.wiring),
            self.before,
            self.averages,
        )
