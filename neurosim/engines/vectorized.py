"""The NumPy engine: the same numbers as the traversal, a block of neurons at a time.

Dense blocks are matrix products that read and write views of ``parameters`` and ``gradient``;
sparse ones gather the rows of their sources and add them up. For every size of batch the whole pass
is made once, as a list of calls without arguments, each of which writes where the next one reads;
a training step runs the list. See `Plan` for the layout, `neurosim.programs` for the formulas, and
`neurosim.engines.traversal` for what is computed.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from neurosim.engines.base import Engine
from neurosim.engines.plan import Plan
from neurosim.engines.sparse import Readers, SparseStep
from neurosim.engines.steps import DenseStep, Setting
from neurosim.engines.tables import Samples, Tables

if TYPE_CHECKING:
    from neurosim.engines.steps import Step
    from neurosim.network import Network
    from neurosim.programs import Call

__all__ = ["VectorizedEngine"]

# Numbers in one table of activations that `predict` works on at a time.
_PREDICT_NUMBERS = 1 << 22


class VectorizedEngine(Engine):
    """Batches as tables, layers as matrices."""

    name: ClassVar[str] = "vectorized"

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self.plan = Plan.of(network.wiring)
        self._readers: Readers | None = None
        self._forget()

    def _forget(self) -> None:
        self._tables: Tables | None = None
        self._batches: dict[int, _Batch] = {}
        self._current: _Batch | None = None

    def load(
        self, X: Any, Y: Any, rng: np.random.Generator | None = None, weights: Any = None
    ) -> None:
        """Make X and Y the samples that `gradient` speaks of; they stay as they are until then."""
        modes = [self._mode]
        super().load(X, Y, rng, weights)
        self._whole = False
        if self._mode not in modes:
            self._forget()

    @property
    def _mode(self) -> tuple[bool, bool]:
        """Whether dropout is at work, and whether samples are weighed."""
        dropping = self.rng is not None and self.network.dropout_rates is not None
        return dropping, self.weights is not None

    def gradient(self, rows: Any = None) -> float:
        """Fill ``network.gradient``; return the mean loss."""
        n, rows = self._counted(rows)
        batch = self._batches.get(n)
        if batch is None:
            batch = self._made(n)
        if batch is not self._current:
            batch.enter()
            self._current, self._whole = batch, False
        if not self._whole:
            batch.samples.take_targets(self.Y, self.weights, rows)
        if batch.M is not None:
            batch.samples.take_inputs(self.X, rows)
            batch.drop(self.masks(n))
        elif not self._whole:
            batch.take_inputs(self.X, rows)
        # All samples at once stay where they are.
        self._whole = rows is None
        for call in batch.calls:
            call()
        return batch.loss()

    def _counted(self, rows: Any) -> tuple[int, Any]:
        """Return how many samples these are, and the rows as None, a slice or an index array."""
        if rows is None:
            return len(self.X), None
        if isinstance(rows, slice):
            return len(range(*rows.indices(len(self.X)))), rows
        return len(rows), rows

    def _made(self, n: int) -> _Batch:
        if self._tables is None or self._tables.n < n:
            self._forget()
            self._tables = self._room(n, dropout=self._mode[0])
        # A training run needs two sizes: the batches and the smaller last one.
        while len(self._batches) > 1:
            self._batches.pop(next(iter(self._batches)))
        self._batches[n] = self._batch(self._tables, n, training=True)
        return self._batches[n]

    def _room(self, n: int, *, dropout: bool = False) -> Tables:
        return Tables(self.plan, n, self.network.dtype, dropout=dropout)

    def _batch(self, tables: Tables, n: int, *, training: bool, loss: bool = True) -> _Batch:
        dropping, weighed = self._mode if training else (False, False)
        wiring, dtype = self.network.wiring, self.network.dtype
        samples = Samples(wiring, n, dtype, weighed=weighed, owned=dropping)
        setting = Setting(
            self.network,
            tables,
            samples,
            n,
            training=training,
            dropping=dropping,
        )
        if training and self._readers is None:
            self._readers = Readers(wiring)
        return _Batch(setting, self._readers if training else None, loss=loss)

    def _parts(self, n: int) -> list[slice]:
        step = max(1, _PREDICT_NUMBERS // max(self.plan.n_rows, 1))
        return [slice(low, min(low + step, n)) for low in range(0, n, step)]

    def predict(self, X: Any) -> Any:
        """Return the outputs ``(n, n_outputs)``, computed some rows at a time."""
        outputs = np.empty((len(X), len(self.network.wiring.outputs)), dtype=self.network.dtype)
        batch: _Batch | None = None
        for part in self._parts(len(X)):
            rows = X[part]
            if batch is None or batch.n != len(rows):
                # Rooms of its own: a training may be under way.
                batch = self._batch(self._room(len(rows)), len(rows), training=False, loss=False)
                batch.enter()
            batch.take_inputs(rows, None)
            for call in batch.calls:
                call()
            outputs[part] = batch.outputs()
        return outputs

    def loss(self, X: Any, Y: Any) -> float:
        """Return the mean loss of these samples, computed some rows at a time."""
        total = 0.0
        batch: _Batch | None = None
        for part in self._parts(len(X)):
            rows = X[part]
            if batch is None or batch.n != len(rows):
                batch = self._batch(self._room(len(rows)), len(rows), training=False)
                batch.enter()
            batch.take_inputs(rows, None)
            batch.samples.take_targets(Y[part], None, None)
            for call in batch.calls:
                call()
            total += batch.loss() * len(rows)
        return total / len(X)


class _Batch:
    """A pass for n samples: `calls`, to be run in order."""

    def __init__(self, setting: Setting, readers: Readers | None, *, loss: bool) -> None:
        wiring, tables = setting.network.wiring, setting.tables
        self.n, self.samples, self.tables = setting.n, setting.samples, tables
        self.A, self.M = setting.A, setting.M
        self._rows_of_masks = tables.rows
        self._n_inputs = len(wiring.inputs)
        self._gathered, self._outputs = setting.plan.gathered, wiring.outputs
        steps: list[Step] = [
            (DenseStep if block.dense else SparseStep)(setting, index)
            for index, block in enumerate(wiring.blocks)
        ]
        self.calls = [call for step in steps for call in step.forward()]
        last = [step for step in steps if len(step.places)] if loss else []
        self._totals = np.zeros(len(last), dtype=setting.A.dtype)
        for i, step in enumerate(last):
            self.calls += step.losses(self._totals[i : i + 1].reshape(()))
        if readers is not None:
            self.calls += _backward(setting, steps, readers)

    def enter(self) -> None:
        """Make the tables this batch's: another one may have used them."""
        self.tables.lay_out(self.n)

    def take_inputs(self, X: Any, rows: Any) -> None:
        """Bring some rows of X to where the steps read them."""
        self.samples.take_inputs(X, rows)
        if self._gathered:
            self.A[: self._n_inputs] = self.samples.inputs.T

    def drop(self, masks: Any) -> None:
        """Let dropout be at work with these masks: the neurons' numbers, and their masks."""
        assert self.M is not None
        self.M.fill(1.0)
        # None where somebody has set every rate to 0.
        if masks is not None:
            numbers, values = masks
            self.M[self._rows_of_masks(numbers)] = values
        self.samples.inputs *= self.M[: self._n_inputs].T
        self.A[: self._n_inputs] = self.samples.inputs.T

    def loss(self) -> float:
        """Return the mean loss of the batch just computed."""
        totals = self._totals.tolist()
        return float(totals[0] if len(totals) == 1 else sum(totals)) / self.n

    def outputs(self) -> Any:
        """Return the outputs of the batch just computed, ``(n, n_outputs)``."""
        return self.A[self.tables.rows(self._outputs)].T


def _backward(setting: Setting, steps: list[Step], readers: Readers) -> list[Call]:
    gradient, zeroed = setting.network.gradient, not setting.plan.complete
    calls: list[Call] = []
    if zeroed:
        assert setting.D is not None
        # The derivative of the loss is there already where nothing else comes before it.
        zeroed_too = [step.D for step in steps if not (len(step.places) and step.own is step.D)]
        inputs = setting.D[: max(0, len(setting.network.wiring.inputs) - setting.tables.first)]
        calls += [partial(rows.fill, 0.0) for rows in (inputs, *zeroed_too)]
    if zeroed or setting.network.wiring.tie_of:
        calls.append(partial(gradient.fill, 0.0))
    for step in reversed(steps):
        if step.needed:
            calls += readers.calls(step) + step.backward()
    return calls
