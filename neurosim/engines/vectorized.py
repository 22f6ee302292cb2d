"""The NumPy engine: the same numbers as the traversal, a block of neurons at a time.

Dense blocks are matrix products that read and write views of ``parameters`` and ``gradient``;
sparse ones gather the rows of their sources and add them up target by target. See `Plan` for the
layout, and `neurosim.engines.traversal` for what is computed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from neurosim.engines.base import Engine, partnered
from neurosim.engines.plan import Plan
from neurosim.functions import numpy_functions

if TYPE_CHECKING:
    from neurosim.network import Network
    from neurosim.normalization import Normalized
    from neurosim.wiring import Block

__all__ = ["VectorizedEngine"]

# Numbers in one table of activations that `predict` works on at a time.
_PREDICT_NUMBERS = 1 << 22


class VectorizedEngine(Engine):
    """Batches as tables, layers as matrices."""

    name: ClassVar[str] = "vectorized"

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self.plan = Plan.of(network.wiring)
        self._tables: dict[int, _Batch] = {}

    def _batch(self, n: int) -> _Batch:
        # A training run needs two sizes: the batches and the smaller last one.
        if n not in self._tables:
            while len(self._tables) > 1:
                self._tables.pop(next(iter(self._tables)))
            self._tables[n] = _Batch(self.network, self.plan, n)
        return self._tables[n]

    def predict(self, X: Any) -> Any:
        """Return the outputs ``(n, n_outputs)``, computed some rows at a time."""
        step = max(1, _PREDICT_NUMBERS // max(self.plan.n_rows, 1))
        outputs = np.empty((len(X), len(self.network.wiring.outputs)), dtype=self.network.dtype)
        for begin in range(0, len(X), step):
            rows = X[begin : begin + step]
            batch = _Batch(self.network, self.plan, len(rows))
            outputs[begin : begin + step] = batch.forward(rows)[batch.outputs].T
            batch.release()
        return outputs

    def gradient(self, rows: Any = None) -> float:
        """Fill ``network.gradient``; return the mean loss."""
        X, Y = self.samples(rows)
        batch = self._batch(len(X))
        batch.weights = self.weights_of(rows)
        batch.forward(X, self.masks(len(X)), training=True)
        loss = batch.loss(Y.T)
        batch.backward(Y.T)
        return loss

    def loss(self, X: Any, Y: Any) -> float:
        """Return the mean loss of these samples, computed some rows at a time."""
        step = max(1, _PREDICT_NUMBERS // max(self.plan.n_rows, 1))
        total = 0.0
        for begin in range(0, len(X), step):
            part = slice(begin, begin + step)
            batch = _Batch(self.network, self.plan, len(X[part]))
            batch.forward(X[part])
            total += batch.loss(Y[part].T) * len(X[part])
            batch.release()
        return total / len(X)


class _Batch:
    """The tables of a batch of n samples: z, activations, and dJ/da, which becomes delta."""

    def __init__(self, network: Network, plan: Plan, n: int) -> None:
        wiring, dtype = network.wiring, network.dtype
        self.n, self.network = n, network
        # How much each sample counts; None where all count alike.
        self.weights: Any = None
        self.Z = np.zeros((plan.n_rows, n), dtype=dtype)
        self.A = np.zeros((plan.n_rows, n), dtype=dtype)
        self.D = np.zeros((plan.n_rows, n), dtype=dtype)
        self.A[plan.ones] = 1.0
        # The inputs lie sample by sample, as they come, with the ones as their last column.
        self.X = np.ones((n, len(wiring.inputs) + 1), dtype=dtype)
        self.inputs = self.A[: len(wiring.inputs)]
        # With dropout: what every row is multiplied by, and the activations before that.
        self.row_of, self.dropping = plan.row_of, False
        has_dropout = network.dropout_rates is not None
        self.M = np.ones_like(self.A) if has_dropout else None
        self.unmasked = np.zeros_like(self.A) if has_dropout else self.A
        self.outputs = plan.row_of[wiring.outputs]
        self.adds_up = bool(wiring.tie_of)
        reached = wiring.reached
        self.steps: list[_Step] = []
        for index, block in enumerate(wiring.blocks):
            step = (_DenseStep if block.dense else _SparseStep)(self, plan, index)
            step.needed = bool(reached[block.targets].any())
            self.steps.append(step)
        self.gathers = any(step.gathers for step in self.steps)
        self.zeroed = not plan.complete

    def release(self) -> None:
        """Let the tables go at once: a step knows its batch, and that circle would hold them."""
        self.steps.clear()

    def forward(
        self, inputs: Any, masks: tuple[Any, Any] | None = None, *, training: bool = False
    ) -> Any:
        """Return the table of activations for inputs ``(n, n_inputs)``; rows of inputs excepted.

        ``masks`` are those of dropout, where it is at work. In training, sums are normalized by
        the mean and variance of the batch, else by running averages.
        """
        self.X[:, :-1] = inputs
        self.dropping = masks is not None
        if masks is not None and self.M is not None:
            self.M[self.row_of[masks[0]]] = masks[1]
            self.X[:, :-1] *= self.M[: len(self.inputs)].T
        if self.gathers:
            self.inputs[:] = self.X[:, :-1].T
        for step in self.steps:
            step.weigh()
            step.normalize(training)
            step.unmasked[:] = step.activate(step.Z)
            step.drop()
        return self.A

    def weighed(self, parts: Any) -> Any:
        """Return the parts of the samples, each times how much its sample counts."""
        return parts if self.weights is None else parts * self.weights

    def loss(self, targets: Any) -> float:
        """Return the mean loss of the batch just computed."""
        return float(sum(step.loss(targets) for step in self.steps)) / self.n

    def backward(self, targets: Any) -> None:
        """Fill the network's gradient for the batch just computed."""
        if self.zeroed:
            self.D[:] = 0.0
        if self.zeroed or self.adds_up:
            self.network.gradient[:] = 0.0
        for step in reversed(self.steps):
            if step.needed:
                step.differentiate(targets)
                step.denormalize()
                step.send_back()
                step.fill_normalization()


class _Step(ABC):
    """One block's part in a pass.

    Attributes
    ----------
    needed : bool
        Whether a gradient reaches the block.
    gathers : bool
        Whether it may look up rows of inputs in the table of activations.
    """

    needed = True
    gathers = True

    def __init__(self, batch: _Batch, plan: Plan, index: int) -> None:
        network = batch.network
        self.block: Block = network.wiring.blocks[index]
        self.n = batch.n
        span = plan.spans[index]
        self.Z, self.A, self.D = batch.Z[span], batch.A[span], batch.D[span]
        self.unmasked = batch.unmasked[span]
        self.M = None if batch.M is None else batch.M[span]
        self.table = batch
        self.parameters, self.gradient = network.parameters, network.gradient
        self.normalization = self.block.kind.normalization
        self.averages = network.averages
        self.normalized: Normalized | None = None
        functions = numpy_functions(network.dtype)
        self.activate = self.block.kind.formula("activate", functions)
        self.coupled = self.block.kind.coupled
        self.derive = self.block.kind.formula("chain" if self.coupled else "derivative", functions)
        columns = plan.column[self.block.targets]
        self.places = np.flatnonzero(columns >= 0)
        self.columns = columns[self.places]
        self.all_out = len(self.places) == len(columns)
        self.read = bool(plan.read[self.block.targets].any())
        self.from_z = len(self.places) > 0 and partnered(self.block, network.loss)
        names = ("loss_from_z", "derivative_by_z") if self.from_z else ("loss", "derivative")
        self.loss_formula, self.loss_derivative = (
            network.loss.bound(name, functions) for name in names
        )

    def loss(self, targets: Any) -> float:
        """Return this block's part of the loss, added up over the samples."""
        if not len(self.places):
            return 0.0
        if self.from_z and self.coupled:
            parts = self.loss_formula(self.Z, self._spread(targets))
        elif self.from_z:
            parts = self.loss_formula(self.Z[self.places], targets[self.columns])
        else:
            parts = self.loss_formula(self.A[self.places], targets[self.columns])
        return float(np.add.reduce(self.table.weighed(parts), axis=None))

    def drop(self) -> None:
        """Turn the activations f(z) into those that readers see: dropout multiplies by a mask."""
        if self.M is None:
            return
        if self.table.dropping:
            np.multiply(self.unmasked, self.M, out=self.A)
        else:
            self.A[:] = self.unmasked

    def normalize(self, training: bool) -> None:
        """Replace the sums z in Z, which hold no bias, by u = gamma zhat + beta."""
        if self.normalization is None:
            return
        numbers = self.block.targets
        if training:
            self.normalized = self.normalization.of_batch(self.Z)
            self.normalization.remember(self.averages, numbers, self.normalized)
        else:
            averages = self.averages[:, numbers, np.newaxis]
            self.normalized = self.normalization.by_averages(self.Z, *averages)
        beta = self.parameters[self.block.bias_slots, np.newaxis]
        self.Z[:] = self.normalized.scaled(self._gamma, beta)

    @property
    def _gamma(self) -> Any:
        return self.parameters[self.block.gammas, np.newaxis]

    def denormalize(self) -> None:
        """Turn dJ/du in D into delta = dJ/dz."""
        if self.normalized is not None:
            self.D[:] = self.normalized.chain(self.D, self._gamma)

    def fill_normalization(self) -> None:
        """Fill the gradient of gamma and beta."""
        if self.normalized is not None:
            self.gradient[self.block.bias_slots] = self.normalized.by_beta()
            self.gradient[self.block.gammas] = self.normalized.by_gamma()

    def _spread(self, targets: Any) -> Any:
        """Return a target for every neuron of the block: 0 for those that are no outputs."""
        spread = np.zeros_like(self.A)
        spread[self.places] = targets[self.columns]
        return spread

    def differentiate(self, targets: Any) -> None:
        """Turn dJ/da in D, as the readers left it, into dJ/dz, or dJ/du of normalized sums."""
        own = self._own_part(targets)
        if self.from_z and self.all_out and not self.read:
            self.D[:] = own
            return
        self._add_loss(None if self.from_z else own)
        if self.M is not None and self.table.dropping:
            self.D *= self.M
        if self.coupled:
            self.D[:] = self.derive(self.Z, self.unmasked, self.D)
        else:
            self.D *= self.derive(self.Z, self.unmasked)
        if self.from_z:
            self.D[slice(None) if self.coupled else self.places] += own

    def _own_part(self, targets: Any) -> Any:
        """Return the derivative of the loss itself: by z of a partner, else by the activation."""
        if not len(self.places):
            return None
        if self.from_z and self.coupled:
            own = self.loss_derivative(self.unmasked, self._spread(targets))
        else:
            own = self.loss_derivative(self.A[self.places], targets[self.columns])
        return self.table.weighed(own) / self.n

    def _add_loss(self, own: Any) -> None:
        """Add the loss's own part to dJ/da in D, which holds nothing yet without readers."""
        if not self.read:
            self.D[:] = 0.0
        if own is not None:
            self.D[slice(None) if self.all_out else self.places] += own

    @abstractmethod
    def weigh(self) -> None:
        """Fill Z with the weighted sums."""

    @abstractmethod
    def send_back(self) -> None:
        """Fill the gradient of the block's parameters, and add to dJ/da of its sources."""


class _DenseStep(_Step):
    """Z = [W; b]^T [A; 1], d[W; b] = [A; 1] D^T and dJ/dA = W D."""

    def __init__(self, batch: _Batch, plan: Plan, index: int) -> None:
        super().__init__(batch, plan, index)
        block, m, k = self.block, len(self.block.sources), len(self.block.targets)
        part = slice(block.first, block.first + (m + 1) * k)
        self.W = self.parameters[part].reshape(m + 1, k)
        self.dW = self.gradient[part].reshape(m + 1, k)
        span = plan.span(block.sources)
        self.rows = None
        if span is None:
            self.rows = np.append(plan.row_of[block.sources], plan.ones[0])
            self.sources = np.empty((m + 1, batch.n), dtype=batch.A.dtype)
        else:
            first_rows = slice(span.start, span.stop + 1)
            self.sources = batch.X.T if span.start == 0 else batch.A[first_rows]
            self.back = batch.D[span]
            # Only all the inputs together are read from where they lie sample by sample.
            self.gathers = 0 < span.start < len(batch.inputs)
        self.shared = plan.shared[index]
        is_input = plan.row_of[block.sources] < len(batch.inputs)
        self.stops = bool(is_input.all())

    def weigh(self) -> None:
        """Fill Z."""
        if self.rows is not None:
            np.take(self.table.A, self.rows, axis=0, out=self.sources)
        if self.normalization is None:
            np.matmul(self.W.T, self.sources, out=self.Z)
        else:
            np.matmul(self.W[:-1].T, self.sources[:-1], out=self.Z)

    def send_back(self) -> None:
        """Fill d[W; b]; hand W D to the sources, unless all of them are inputs."""
        np.matmul(self.sources, self.D.T, out=self.dW)
        if self.stops:
            return
        if not self.shared:
            np.matmul(self.W[:-1], self.D, out=self.back)
        elif self.rows is None:
            self.back += self.W[:-1] @ self.D
        else:
            self.table.D[self.rows[:-1]] += self.W[:-1] @ self.D


class _SparseStep(_Step):
    """A weighted sum of gathered rows for each target; the bias is one more edge, from ones."""

    def __init__(self, batch: _Batch, plan: Plan, index: int) -> None:
        super().__init__(batch, plan, index)
        block, k = self.block, len(self.block.targets)
        assert block.starts is not None
        counts = np.diff(block.starts)
        # One entry per edge and bias, target by target; the bias is the last of each target.
        is_bias = np.zeros(block.n_edges + k, dtype=bool)
        is_bias[block.starts[1:] + np.arange(k)] = True
        self.rows = np.full(len(is_bias), plan.ones[0])
        self.rows[~is_bias] = plan.row_of[block.sources]
        self.targets = np.arange(k).repeat(counts + 1)
        # What a normalized sum counts: its edges, without the bias, which is beta.
        self.counted = ~is_bias[:, np.newaxis]
        self.starts = block.starts[:-1] + np.arange(k)
        self.slots = block.slots
        if block.slots is None:
            part = slice(block.first, block.first + len(is_bias))
            self.own, self.own_gradient = self.parameters[part], self.gradient[part]
        self._sort_by_source(is_bias, len(batch.inputs))

    def _sort_by_source(self, is_bias: Any, n_inputs: int) -> None:
        edges = np.flatnonzero(~is_bias & (self.rows >= n_inputs))
        self.back_edges = edges[np.argsort(self.rows[edges], kind="stable")]
        self.back_rows, self.back_starts = np.unique(self.rows[self.back_edges], return_index=True)

    @property
    def _weights(self) -> Any:
        return self.own if self.slots is None else self.parameters[self.slots]

    def weigh(self) -> None:
        """Fill Z."""
        terms = self.table.A[self.rows]
        terms *= self._weights[:, np.newaxis]
        if self.normalization is not None:
            terms *= self.counted
        np.add.reduceat(terms, self.starts, axis=0, out=self.Z)

    def send_back(self) -> None:
        """Fill the gradients, shared ones added up; hand w delta to every source."""
        parts = np.einsum("en,en->e", self.table.A[self.rows], self.D[self.targets])
        if self.slots is None:
            self.own_gradient[:] = parts
        else:
            np.add.at(self.gradient, self.slots, parts)
        if len(self.back_edges):
            terms = self.D[self.targets[self.back_edges]]
            terms *= self._weights[self.back_edges][:, np.newaxis]
            self.table.D[self.back_rows] += np.add.reduceat(terms, self.back_starts, axis=0)
