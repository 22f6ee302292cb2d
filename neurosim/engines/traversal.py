"""The graph engine: the textbook's loops over neurons and edges. It is the specification.

Forward, in an order in which every source comes before its targets::

    z_j = sum over the edges i -> j of w_ij a_i  +  b_j           a_j = f(z_j)

Backward, in the opposite order, with J the loss of the whole batch::

    delta_j = (dJ/da_j + sum over the edges j -> k of w_jk delta_k) f'(z_j)
    dJ/dw_ij = sum over the samples of a_i delta_j                dJ/db_j = sum of delta_j

Where a neuron's sums are normalized, z_j has no b_j, a_j = f(u_j) with the u of
`neurosim.normalization`, and its formulas lead from dJ/du_j to delta_j.

One sample runs on Python floats, a batch on one array per neuron; the loops are the same. For one
sample after the other, `neurosim.engines.straightline` writes the loops out, and gives the same
bits.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from neurosim.engines.base import Engine, partnered, require_derivatives
from neurosim.engines.formulas import Formulas
from neurosim.engines.passes import NO_ANSWER, Pass, as_arrays, as_floats
from neurosim.engines.straightline import StraightLine
from neurosim.functions import FLOAT, numpy_functions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from neurosim.network import Network
    from neurosim.wiring import Block

__all__ = ["Pass", "TraversalEngine"]


class TraversalEngine(Engine):
    """Forward and backward passes as plain traversals of the neurons and edges."""

    name: ClassVar[str] = "graph"

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        wiring = network.wiring
        self.inputs = wiring.inputs.tolist()
        self.outputs = wiring.outputs.tolist()
        self.column = {number: column for column, number in enumerate(self.outputs)}
        self._read_inputs = any(number in self.column for number in self.inputs)
        self.reached = wiring.reached.tolist()
        # Per block: for each neuron its number, its edges as (source, slot), its bias slot.
        self.blocks = [list(_neurons(block)) for block in wiring.blocks]
        self.coupled = [block.kind.coupled for block in wiring.blocks]
        self.normalizations = [block.kind.normalization for block in wiring.blocks]
        self.gamma_slots = wiring.gamma_slots.tolist()
        # From the z of outputs in these blocks the loss is computed directly.
        self.partner = [partnered(block, network.loss) for block in wiring.blocks]
        self.outgoing: list[list[tuple[int, int]]] = [[] for _ in range(wiring.n_neurons)]
        for block in self.blocks:
            for number, incoming, _ in block:
                for source, slot in incoming:
                    self.outgoing[source].append((number, slot))
        # Per block: the (number, column) of its outputs.
        self.outs = [
            [(i, self.column[i]) for i, _, _ in block if i in self.column] for block in self.blocks
        ]
        # Per dense block: where its weights and biases lie, row by row, and whose weights they are.
        self.matrices = [_matrix(block) for block in wiring.blocks]
        self.has_derivatives = False
        arrays = numpy_functions(network.dtype)
        self.formulas = {
            single: Formulas(wiring.blocks, network.loss, FLOAT if single else arrays, arrays)
            for single in (True, False)
        }
        self._onwards = {single: self._onward_plan(single) for single in (True, False)}
        self._backwards = {single: self._backward_plan(single) for single in (True, False)}
        self.straight_line = StraightLine(self)

    def _onward_plan(self, single: bool) -> list[tuple[Any, ...]]:
        formulas = self.formulas[single].activate
        return list(zip(self.blocks, self.coupled, self.normalizations, formulas, strict=True))

    def _backward_plan(self, single: bool) -> list[tuple[Any, ...]]:
        """Return what the backward pass takes of every block, the last block first.

        Of a neuron that a gradient reaches: its number, its column of Y or None, its readers.
        """
        readers = [
            [(i, self.column.get(i), self.outgoing[i]) for i, _, _ in block if self.reached[i]]
            for block in self.blocks
        ]
        formulas, kinds = self.formulas[single].derive, (self.coupled, self.partner)
        blocks = zip(self.blocks, readers, formulas, *kinds, self.normalizations, strict=True)
        return list(blocks)[::-1]

    # -- one pass -------------------------------------------------------------------------------

    def forward(
        self,
        X: Any,
        *,
        single: bool,
        masks: tuple[Any, Any] | None = None,
        training: bool = False,
    ) -> Pass:
        """Return a forward pass for the rows of X; a single one runs on Python floats.

        ``masks`` are those of dropout, where it is at work. In training, sums are normalized by
        the mean and variance of X, else by running averages.
        """
        dropped = {} if masks is None else dict(zip(masks[0].tolist(), masks[1], strict=True))
        if single:
            run = Pass(*self._shape(X, single))
            run.masks = {number: float(mask[0]) for number, mask in dropped.items()}
            try:
                return self._forward(X[0].tolist(), 0.0, run, training)
            except NO_ANSWER:
                pass
        run = Pass(*self._shape(X, single))
        run.masks = dropped
        zero = np.zeros(len(X), dtype=X.dtype)
        # A copy: the numbers of a pass stay, whatever becomes of the person's X.
        columns = list(X.T.copy())
        with np.errstate(all="ignore"):
            self._forward(columns, zero, run, training)
        return as_floats(run) if single else run

    def _shape(self, X: Any, single: bool) -> tuple[int, int, bool, bytes]:
        wiring, stamp = self.network.wiring, self.network.parameters.tobytes()
        return wiring.n_neurons, len(X), single, stamp

    def _forward(self, inputs: list[Any], zero: Any, run: Pass, training: bool) -> Pass:
        p = self._parameters(run)
        z, u, a = run.z, run.u, run.activation
        for number, x in zip(self.inputs, inputs, strict=True):
            a[number] = x
        if run.masks:
            self._drop(run, self.inputs)
        masks = run.masks
        for block, coupled, normalization, activate in self._onwards[isinstance(zero, float)]:
            for number, incoming, bias in block:
                total = zero
                for source, slot in incoming:
                    total = total + p[slot] * a[source]
                if normalization is None:
                    z[number] = u[number] = total + p[bias]
                else:
                    z[number] = total
                    u[number] = self._normalize(run, number, p, bias, training)
            if coupled:
                _activate_together(block, activate, u, a)
            else:
                for number, _, _ in block:
                    a[number] = activate(u[number]) + zero
            if masks:
                self._drop(run, [number for number, _, _ in block])
        return run

    def _parameters(self, run: Pass) -> list[float]:
        if run.parameters is not None:
            return run.parameters
        parameters: list[float] = self.network.parameters.tolist()
        if run.single:
            run.parameters = parameters
        return parameters

    def _normalize(self, run: Pass, number: int, p: list[float], bias: int, training: bool) -> Any:
        """Return u_j = gamma_j (z_j - mean) / sqrt(variance + epsilon) + beta_j."""
        normalization = self.network.kind_of(number).normalization
        assert normalization is not None
        z = np.atleast_1d(run.z[number])
        with np.errstate(all="ignore"):
            if training:
                one = normalization.of_batch(z)
            else:
                mean, variance = self.network.averages[:, number, np.newaxis]
                one = normalization.by_averages(z, mean, variance)
            u = one.scaled(p[self.gamma_slots[number]], p[bias])
        run.normalized[number] = one
        return _like(run.z[number], u)

    def _denormalize(
        self, run: Pass, block: list[Any], normalization: Any, p: list[float], delta: list[Any]
    ) -> None:
        """Turn dJ/du_j into dJ/dz_j."""
        if normalization is None:
            return
        for number, _, _ in block:
            delta[number] = self._normalized_delta(run, number, p, delta[number])

    def _normalized_delta(self, run: Pass, number: int, p: list[float], by_u: Any) -> Any:
        with np.errstate(all="ignore"):
            gamma = p[self.gamma_slots[number]]
            return _like(by_u, run.normalized[number].chain(np.atleast_1d(by_u), gamma))

    def remember(self, run: Pass) -> None:
        """Let the running averages move on to a pass made in training."""
        for number, one in run.normalized.items():
            normalization = self.network.kind_of(number).normalization
            assert normalization is not None
            normalization.remember(self.network.averages, number, one)

    def _drop(self, run: Pass, numbers: list[int]) -> None:
        """Dropout: a_j = f(z_j) m_j."""
        for number in numbers:
            if number in run.masks:
                run.unmasked[number] = run.activation[number]
                run.activation[number] = run.activation[number] * run.masks[number]

    def backward(self, run: Pass, Y: Any) -> list[float]:
        """Fill the pass's loss and deltas for the targets Y ``(n, n_outputs)``.

        Returns
        -------
        list of float
            The gradient of the loss by every parameter.
        """
        if not self.has_derivatives:
            require_derivatives(self.network.wiring, self.network.labels)
            self.has_derivatives = True
        if run.single:
            try:
                return self._backward(run, Y[0].tolist(), 0.0)
            except NO_ANSWER:
                pass
        with np.errstate(all="ignore"):
            arrays = as_arrays(run, Y.dtype) if run.single else run
            gradient = self._backward(arrays, list(Y.T.copy()), np.zeros(run.n, dtype=Y.dtype))
        if run.single:
            run.delta, run.loss = as_floats(arrays).delta, arrays.loss
            run.targets, run.parameters = Y[0].tolist(), None
        return gradient

    def _backward(self, run: Pass, y: list[Any], zero: Any) -> list[float]:
        run.targets, loss = y, self.loss_of_pass(run, y)
        p = self._parameters(run)
        delta = self._deltas(run, y, p, zero)
        gradient = self._gradient(run, delta, isinstance(zero, float))
        self.complete(run, y, loss, delta, zero)
        return gradient

    def complete(self, run: Pass, y: list[Any], loss: float, delta: list[Any], zero: Any) -> None:
        """Let a pass hold what its backward pass has found; the inputs' deltas are found later."""
        run.targets, run.loss = y, loss
        run.delta, run.parameters = delta, None
        run.rest = partial(self._input_deltas, y, zero)
        if self._read_inputs:
            # A formula is asked, which may overflow: not later, when nobody expects it.
            _ = run.delta

    def _deltas(self, run: Pass, y: list[Any], p: list[float], zero: Any) -> list[Any]:
        u, a = run.u, run.activation
        delta = [zero] * len(u)
        formulas = self.formulas[isinstance(zero, float)]
        loss_derivative, loss_delta = formulas.loss_derivative, formulas.loss_delta
        masks, unmasked = run.masks, run.unmasked
        backwards = self._backwards[isinstance(zero, float)]
        for block, readers, derive, coupled, partner, normalization in backwards:
            by_output = {}
            for number, column, outgoing in readers:
                # dJ/da_j: its part of the loss, and what the readers hand back.
                total = zero
                if column is not None and not partner:
                    total = total + run.in_mean(loss_derivative(a[number], y[column]))
                for reader, slot in outgoing:
                    total = total + p[slot] * delta[reader]
                if masks and number in masks:
                    total = total * masks[number]
                if coupled:
                    by_output[number] = total
                    continue
                if outgoing or not partner:
                    f = unmasked.get(number, a[number])
                    delta[number] = total * derive(u[number], f)
                if column is not None and partner:
                    own = run.in_mean(loss_delta(a[number], y[column]))
                    delta[number] = delta[number] + own
            if coupled and readers:
                self._coupled_deltas(run, block, by_output, y, derive, delta, zero)
            self._denormalize(run, block, normalization, p, delta)
        return delta

    def _input_deltas(self, y: list[Any], zero: Any, run: Pass, delta: list[Any]) -> None:
        """Fill in dJ/dx of the inputs, with the parameters of the pass."""
        p = np.frombuffer(run.stamp, dtype=self.network.dtype).tolist()
        with np.errstate(all="ignore"):
            for number in self.inputs:
                total = zero
                if number in self.column:
                    formulas = self.formulas[isinstance(zero, float)]
                    by_loss = formulas.loss_derivative(
                        run.activation[number], y[self.column[number]]
                    )
                    total = total + run.in_mean(by_loss)
                for reader, slot in self.outgoing[number]:
                    total = total + p[slot] * delta[reader]
                delta[number] = total * run.masks[number] if number in run.masks else total

    def _coupled_deltas(
        self,
        run: Pass,
        block: list[Any],
        by_output: dict[int, Any],
        y: list[Any],
        derive: Callable[..., Any],
        delta: list[Any],
        zero: Any,
    ) -> None:
        numbers = [number for number, _, _ in block]
        a = np.array([run.own_activation(number) for number in numbers])
        together = np.zeros_like(a)
        if any(self.outgoing[number] for number in numbers) or not self.from_z(numbers):
            u = np.array([run.u[number] for number in numbers])
            together = derive(u, a, np.array([by_output.get(number, zero) for number in numbers]))
        if self.from_z(numbers):
            targets = [y[self.column[i]] if i in self.column else zero for i in numbers]
            loss_delta = self.formulas[False].loss_delta
            together = together + run.in_mean(loss_delta(a, np.array(targets)))
        for number, value in zip(numbers, _each(together), strict=True):
            delta[number] = value

    def from_z(self, numbers: list[int]) -> bool:
        """Whether the loss of these coupled neurons is computed from z."""
        index = int(self.network.wiring.block_of[numbers[0], 0])
        return self.partner[index] and any(number in self.column for number in numbers)

    def _gradient(self, run: Pass, delta: list[Any], single: bool) -> list[float]:
        a = run.activation
        gradient = [0.0] * self.network.wiring.n_parameters
        for block, matrix in zip(self.blocks, self.matrices, strict=True):
            if single and matrix is not None:
                place, sources = matrix
                own = [delta[number] for number, _, _ in block]
                # Row by row: a_i delta_j of every edge, and the deltas themselves of the biases.
                gradient[place] = [x * d for x in [a[i] for i in sources] for d in own] + own
                continue
            for number, incoming, bias in block:
                d = delta[number]
                for source, slot in incoming:
                    gradient[slot] += d * a[source] if single else float(np.dot(d, a[source]))
                if number in run.normalized:
                    one = run.normalized[number]
                    gradient[bias] = float(one.by_beta())
                    gradient[self.gamma_slots[number]] = float(one.by_gamma())
                else:
                    gradient[bias] += d if single else float(np.add.reduce(d))
        return gradient

    def loss_of_pass(self, run: Pass, y: list[Any]) -> float:
        """Return J: the mean over the samples of the sum over the outputs.

        ``y`` holds one float or array per output, as the pass holds floats or arrays.
        """
        single = isinstance(y[0], float)
        formulas = self.formulas[single]
        total = 0.0
        for index, columns in enumerate(self.outs):
            if not columns:
                continue
            if self.coupled[index] and self.partner[index]:
                numbers = [number for number, _, _ in self.blocks[index]]
                u = np.array([run.u[number] for number in numbers])
                nothing = 0.0 * y[0]
                t = [y[self.column[i]] if i in self.column else nothing for i in numbers]
                parts = self.formulas[False].loss_from_z(u, np.array(t))
                total += float(np.sum(run.weighed(parts)))
                continue
            for number, column in columns:
                if self.partner[index]:
                    part = formulas.loss_from_z(run.u[number], y[column])
                else:
                    part = formulas.loss(run.activation[number], y[column])
                total += part if single else float(np.add.reduce(run.weighed(part)))
        return total / run.n

    # -- what every engine promises -------------------------------------------------------------

    def predict(self, X: Any) -> Any:
        """Return the outputs ``(n, n_outputs)``; the network's last pass stays as it is."""
        return self.outputs_of(self.forward(X, single=False))

    def outputs_of(self, run: Pass) -> Any:
        """Return the outputs of a pass: ``(n, n_outputs)``, or ``(n_outputs,)`` of one sample."""
        columns = [run.activation[number] for number in self.outputs]
        if run.single:
            return np.array(columns, dtype=self.network.dtype)
        return np.array(columns, dtype=self.network.dtype).T.copy()

    def gradient(self, rows: Any = None) -> float:
        """Fill ``network.gradient`` and the numbers on the neurons; return the mean loss."""
        X, Y = self.samples(rows)
        run = self.forward(X, single=False, masks=self.masks(len(X)), training=True)
        run.weights = self.weights_of(rows)
        self.remember(run)
        self.network.gradient[:] = self.backward(run, Y)
        self.network.last_pass = run
        assert run.loss is not None
        return run.loss

    def loss(self, X: Any, Y: Any) -> float:
        """Return the mean loss of these samples."""
        run = self.forward(X, single=False)
        with np.errstate(all="ignore"):
            return self.loss_of_pass(run, list(Y.T))


def _neurons(block: Block) -> Iterator[tuple[int, list[tuple[int, int]], int]]:
    slots = block.all_slots
    for position, number in enumerate(block.targets.tolist()):
        sources, _, bias = block.incoming(position)
        if block.starts is None:
            entries = slots[:-1, position]
        else:
            begin = int(block.starts[position]) + position
            entries = slots[begin : begin + len(sources)]
        yield number, list(zip(sources.tolist(), entries.tolist(), strict=True)), bias


def _activate_together(
    block: list[Any], activate: Callable[..., Any], u: list[Any], a: list[Any]
) -> None:
    together = activate(np.array([u[number] for number, _, _ in block]))
    for (number, _, _), value in zip(block, _each(together), strict=True):
        a[number] = value


def _matrix(block: Block) -> tuple[slice, list[int]] | None:
    if not block.dense or block.kind.normalization is not None:
        return None
    end = block.first + (len(block.sources) + 1) * len(block.targets)
    return slice(block.first, end), block.sources.tolist()


def _each(together: Any) -> Any:
    """Return the rows of coupled neurons: floats for one sample, arrays for a batch."""
    return together.tolist() if together.ndim == 1 else list(together)


def _like(z: Any, values: Any) -> Any:
    """Return an array of one sample as a float where z is one."""
    return float(values[0]) if isinstance(z, float) else values
