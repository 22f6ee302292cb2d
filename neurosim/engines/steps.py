"""What a batch does at one block of neurons, as calls that are made once and run at every step.

Everything that stays the same from step to step, such as views of the tables, of ``parameters`` and
of ``gradient``, is looked up when the calls are made.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.engines.base import partnered
from neurosim.programs import Program

if TYPE_CHECKING:
    from neurosim.engines.plan import Plan
    from neurosim.engines.tables import Samples, Tables
    from neurosim.losses import Loss
    from neurosim.network import Network
    from neurosim.neurons import Kind
    from neurosim.normalization import Normalized
    from neurosim.programs import Call
    from neurosim.wiring import Block

__all__ = ["DenseStep", "Setting", "Step"]


class Setting:
    """What the steps of a batch have in common: the network, the tables, and what is at work."""

    def __init__(
        self,
        network: Network,
        tables: Tables,
        samples: Samples,
        n: int,
        *,
        training: bool,
        dropping: bool,
    ) -> None:
        self.network, self.tables = network, tables
        self.samples, self.n = samples, n
        self.training, self.dropping = training, dropping
        self.plan: Plan = tables.plan
        self.scratch = tables.scratch
        self.Z, self.A = tables.table("Z", n), tables.table("A", n)
        # Where every block's dJ/da comes whole, in one piece, delta may take the place of z.
        self.D = tables.table("Z" if self.plan.complete else "D", n) if training else None
        self.M = tables.table("M", n) if dropping else None
        # With dropout: the activations before it.
        self.unmasked = tables.table("unmasked", n) if dropping else self.A


class Step(ABC):
    """One block's part in a pass. This class is abstract."""

    def __init__(self, setting: Setting, index: int) -> None:
        network, plan, tables = setting.network, setting.plan, setting.tables
        self.setting, self.network, self.index = setting, network, index
        self.block: Block = network.wiring.blocks[index]
        self.numbers = self.block.targets[plan.orders[index]]
        self.span = tables.span(plan.spans[index])
        self.Z, self.A = setting.Z[self.span], setting.A[self.span]
        self.unmasked = setting.unmasked[self.span]
        self.M = None if setting.M is None else setting.M[self.span]
        self.coupled = self.block.kind.coupled
        columns = plan.column[self.numbers]
        self.places = np.flatnonzero(columns >= 0)
        self.columns = columns[self.places]
        self.all_out = len(self.places) == len(columns)
        self.read = bool(plan.read[self.numbers].any())
        self.from_z = len(self.places) > 0 and partnered(self.block, network.loss)
        self.normalization = self.block.kind.normalization
        self.normalized: Normalized | None = None
        program = self._program("activate")
        if program.identity and self.M is None:
            # The sums are the activations: they need no second place.
            self.Z = self.A
        self._activate = program
        if setting.D is not None:
            self.D = setting.D[self.span]
            # Where dJ/da comes in, from which delta is made.
            self.incoming = tables.incoming(len(self.D), setting.n) if plan.complete else self.D

    @property
    def needed(self) -> bool:
        """Whether a gradient reaches the block."""
        return bool(self.network.wiring.reached[self.numbers].any())

    def _program(self, name: str) -> Program:
        return _program_of_kind(self.block.kind, name, self.Z.dtype)

    # -- forward --------------------------------------------------------------------------------

    def forward(self) -> list[Call]:
        """Return the calls that fill the block's rows of Z and A."""
        calls = [*self.weigh(), *self._normalize()]
        if self.Z is not self.A:
            once, scratch = not self.setting.training, self.setting.scratch
            calls += self._activate.bind([self.Z], [self.unmasked], scratch, once=once)
        if self.M is not None:
            # Dropout: readers see the activations times a mask.
            calls.append(partial(np.multiply, self.unmasked, self.M, self.A))
        return calls

    @abstractmethod
    def weigh(self) -> list[Call]:
        """Return the calls that fill Z with the weighted sums."""

    def _normalize(self) -> list[Call]:
        if self.normalization is None:
            return []
        return [self._normalize_by_batch if self.setting.training else self._normalize_by_averages]

    @property
    def _gamma(self) -> Any:
        return self.network.parameters[self._gammas, np.newaxis]

    @property
    def _gammas(self) -> Any:
        return self.network.wiring.gamma_slots[self.numbers]

    @property
    def _betas(self) -> Any:
        return self.network.wiring.bias_slots[self.numbers]

    def _normalize_by_batch(self) -> None:
        """Replace the sums z in Z, which hold no bias, by u = gamma zhat + beta."""
        assert self.normalization is not None
        self.normalized = self.normalization.of_batch(self.Z)
        self.normalization.remember(self.network.averages, self.numbers, self.normalized)
        self._scale(self.normalized)

    def _normalize_by_averages(self) -> None:
        assert self.normalization is not None
        averages = self.network.averages[:, self.numbers, np.newaxis]
        self._scale(self.normalization.by_averages(self.Z, *averages))

    def _scale(self, normalized: Normalized) -> None:
        beta = self.network.parameters[self._betas, np.newaxis]
        self.Z[...] = normalized.scaled(self._gamma, beta)

    # -- the loss -------------------------------------------------------------------------------

    def losses(self, total: Any) -> list[Call]:
        """Return the calls that fill `total` with the loss, added up over the samples.

        In training they leave the derivative of the loss itself: by z of a partner, else by the
        activation, as a part of the mean.
        """
        shape = (len(self.numbers) if self._together else len(self.places), self.setting.n)
        dtype, training = self.Z.dtype, self.setting.training
        parts = np.empty(shape, dtype=dtype)
        self.own: Any = None
        if training:
            first = self.D if self.from_z else self.incoming
            self.own = first if self._own_is_first else np.empty(shape, dtype=dtype)
        inputs, calls = self._loss_inputs()
        outs, scratch = [parts, self.own], self.setting.scratch
        calls += self._loss_program().bind(inputs, outs, scratch, once=not training)
        weights = self.setting.samples.weights
        if weights is not None:
            calls.append(partial(np.multiply, parts, weights, parts))
            if training:
                calls.append(partial(np.multiply, self.own, weights, self.own))
        if training:
            n = np.array(self.setting.n, dtype=dtype)
            calls.append(partial(np.divide, self.own, n, self.own))
        return [*calls, partial(np.add.reduce, parts.reshape(-1), 0, None, total)]

    @property
    def _together(self) -> bool:
        """Whether the loss takes all neurons of the block, outputs or not."""
        return self.from_z and self.coupled

    @property
    def _own_is_first(self) -> bool:
        """Whether the derivative of the loss is the first number that comes into D."""
        return (self.all_out or self._together) and not self.read

    def _loss_program(self) -> Program:
        return _program_of_loss(self.network.loss, self.from_z, self.Z.dtype)

    def _loss_inputs(self) -> tuple[list[Any], list[Call]]:
        """Return what the loss takes, and the calls that bring it there."""
        # Coupled neurons that are no outputs may be dropped: their shares are those before it.
        tables = [self.Z, self.unmasked] if self.from_z else [self.A]
        calls: list[Call] = []
        targets, Y = self._targets(), self.setting.samples.Y.T
        if self.all_out and np.array_equal(self.columns, np.arange(len(Y))):
            calls.append(partial(np.copyto, targets, Y))
        else:
            calls.append(partial(self._spread, targets, Y))
        if self.all_out or self._together:
            return [*tables, targets], calls
        taken = [np.empty_like(targets) for _ in tables]
        for table, own in zip(tables, taken, strict=True):
            calls.append(partial(np.take, table, self.places, 0, own, "wrap"))
        return [*taken, targets], calls

    def _targets(self) -> Any:
        # Coupled neurons that are no outputs have the target 0.
        k = len(self.numbers) if self._together else len(self.places)
        return np.zeros((k, self.setting.n), dtype=self.Z.dtype)

    def _spread(self, targets: Any, Y: Any) -> None:
        targets[self.places if self._together else slice(None)] = Y[self.columns]

    # -- backward -------------------------------------------------------------------------------

    def backward(self) -> list[Call]:
        """Return the calls that turn dJ/da, as it came in, into delta in D, and hand it on."""
        calls = [*self._differentiate()]
        if self.normalization is not None:
            calls.append(self._denormalize)
        calls += self.send_back()
        if self.normalization is not None:
            calls.append(self._fill_normalization)
        return calls

    def _differentiate(self) -> list[Call]:
        incoming, own = self.incoming, self.own if len(self.places) else None
        if self.from_z and self._own_is_first:
            return []
        calls: list[Call] = []
        if not self.read and own is not incoming:
            calls.append(partial(incoming.fill, 0.0))
        if own is not None and not self.from_z and own is not incoming:
            calls.append(self._adding(own, incoming))
        if self.M is not None:
            calls.append(partial(np.multiply, incoming, self.M, incoming))
        scratch = self.setting.scratch
        if self.coupled:
            inputs = [self.Z, self.unmasked, incoming]
            calls += self._program("chain").bind(inputs, [self.D], scratch)
        else:
            inputs = [incoming, self.Z, self.unmasked]
            calls += self._program("derivative").bind(inputs, [self.D], scratch)
        if self.from_z:
            calls.append(self._adding(own, self.D))
        return calls

    def _adding(self, own: Any, table: Any) -> Call:
        if len(own) == len(table):
            return partial(np.add, table, own, table)
        return partial(_add_rows, table, self.places, own)

    @abstractmethod
    def send_back(self) -> list[Call]:
        """Return the calls that fill the block's gradient, and hand dJ/da to its sources."""

    def _denormalize(self) -> None:
        """Turn dJ/du in D into delta = dJ/dz."""
        assert self.normalized is not None
        self.D[...] = self.normalized.chain(self.D, self._gamma)

    def _fill_normalization(self) -> None:
        """Fill the gradient of gamma and beta."""
        assert self.normalized is not None
        self.network.gradient[self._betas] = self.normalized.by_beta()
        self.network.gradient[self._gammas] = self.normalized.by_gamma()


def _add_rows(table: Any, rows: Any, values: Any) -> None:
    table[rows] += values


# Networks share programs, which know nothing of any network.
@lru_cache(maxsize=256)
def _program_of_kind(kind: Kind, name: str, dtype: Any) -> Program:
    def formula(functions: Any) -> Any:
        own = kind.formula(name, functions)
        if name != "derivative":
            return own
        # The chain rule: dJ/dz = dJ/da f'(z).
        return lambda d, z, a: d * own(z, a)

    return Program(formula, "a" if name == "activate" else "aaa", dtype)


@lru_cache(maxsize=256)
def _program_of_loss(loss: Loss, from_z: bool, dtype: Any) -> Program:
    """Return a program of the loss, by every output, and of its derivative."""
    names = ("loss_from_z", "derivative_by_z") if from_z else ("loss", "derivative")

    def formula(functions: Any) -> Any:
        of, slope = (loss.bound(name, functions) for name in names)
        if from_z:
            return lambda z, a, y: (of(z, y), slope(a, y))
        return lambda a, y: (of(a, y), slope(a, y))

    return Program(formula, "aaa" if from_z else "aa", dtype)


@final
class DenseStep(Step):
    """Z = [W; b]^T [A; 1], d[W; b] = [A; 1] D^T and dJ/dA = W D."""

    def __init__(self, setting: Setting, index: int) -> None:
        super().__init__(setting, index)
        block, m, k = self.block, len(self.block.sources), len(self.block.targets)
        part = slice(block.first, block.first + (m + 1) * k)
        self.W = self.network.parameters[part].reshape(m + 1, k)
        self.dW = self.network.gradient[part].reshape(m + 1, k)
        plan, tables = setting.plan, setting.tables
        span, n_inputs = plan.span(block.sources), int(plan.ones[0])
        self.from_samples = span is not None and span.start == 0
        self.stops = bool((plan.row_of[block.sources] < n_inputs).all())
        self.rows = None
        if self.from_samples:
            self.sources = None
        elif span is None:
            rows = np.append(plan.row_of[block.sources], plan.ones[0]) - tables.first
            self.rows = rows
            self.sources = np.empty((m + 1, setting.n), dtype=self.Z.dtype)
        else:
            self.back_span = tables.span(span)
            self.sources = setting.A[self.back_span.start : self.back_span.stop + 1]

    def weigh(self) -> list[Call]:
        """Return the calls that fill Z."""
        W, A, Z = self.W, self.sources, self.Z
        if A is None:
            return self._weigh_samples()
        calls: list[Call] = []
        if self.rows is not None:
            calls.append(partial(np.take, self.setting.A, self.rows, 0, A, "wrap"))
        if self.normalization is None:
            return [*calls, partial(np.dot, W.T, A, Z)]
        return [*calls, partial(np.dot, W[:-1].T, A[:-1], Z)]

    def _weigh_samples(self) -> list[Call]:
        samples, folded = self.setting.samples, self.setting.samples.folded
        if folded and self.normalization is None:
            return [partial(np.dot, self.W.T, samples.X.T, self.Z)]
        calls: list[Call] = [partial(_weigh_inputs, self.W[:-1].T, samples, self.Z)]
        if self.normalization is None:
            calls.append(partial(np.add, self.Z, self.W[-1][:, np.newaxis], self.Z))
        return calls

    def send_back(self) -> list[Call]:
        """Return the calls that fill d[W; b], and hand W D to the sources, save to inputs."""
        delta, dW = self.D, self.dW
        if self.sources is not None:
            return [partial(np.dot, self.sources, delta.T, dW), *self._hand_on()]
        samples = self.setting.samples
        if samples.folded:
            return [partial(np.dot, samples.X.T, delta.T, dW)]
        return [
            partial(_gather_gradient, samples, delta.T, dW[:-1]),
            partial(np.add.reduce, delta, 1, None, dW[-1]),
        ]

    def _hand_on(self) -> list[Call]:
        W, delta = self.W[:-1], self.D
        if self.stops:
            return []
        if self.rows is not None:
            return [partial(self._scatter, W, self.rows[:-1])]
        if self.setting.plan.complete:
            into = self.setting.tables.incoming(len(W), self.setting.n)
            return [partial(np.dot, W, delta, into)]
        assert self.setting.D is not None
        back = self.setting.D[self.back_span]
        if not self.setting.plan.shared[self.index]:
            return [partial(np.dot, W, delta, back)]
        room = self.setting.scratch.buffer(0, back.shape, back.dtype)
        return [partial(np.dot, W, delta, room), partial(np.add, back, room, back)]

    def _scatter(self, W: Any, rows: Any) -> None:
        assert self.setting.D is not None
        self.setting.D[rows] += W @ self.D


def _weigh_inputs(W: Any, samples: Samples, Z: Any) -> None:
    np.dot(W, samples.inputs.T, Z)


def _gather_gradient(samples: Samples, delta: Any, out: Any) -> None:
    np.dot(samples.inputs.T, delta, out)
