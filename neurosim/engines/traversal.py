"""The graph engine: the textbook's loops over neurons and edges. It is the specification.

Forward, in an order in which every source comes before its targets::

    z_j = sum over the edges i -> j of w_ij a_i  +  b_j           a_j = f(z_j)

Backward, in the opposite order, with J the loss of the whole batch::

    delta_j = (dJ/da_j + sum over the edges j -> k of w_jk delta_k) f'(z_j)
    dJ/dw_ij = sum over the samples of a_i delta_j                dJ/db_j = sum of delta_j

Where a neuron's sums are normalized, z_j has no b_j, a_j = f(u_j) with the u of
`neurosim.normalization`, and its formulas lead from dJ/du_j to delta_j.

One sample runs on Python floats, a batch on one array per neuron; the loops are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from neurosim.engines.base import Engine, partnered, require_derivatives
from neurosim.functions import FLOAT, numpy_functions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from neurosim.losses import Loss
    from neurosim.network import Network
    from neurosim.normalization import Normalized
    from neurosim.wiring import Block

__all__ = ["Pass", "TraversalEngine"]

# What Python floats raise where IEEE arithmetic, and so NumPy, has an answer: inf or NaN.
_NO_ANSWER = (OverflowError, ZeroDivisionError, ValueError)


class Pass:
    """The numbers of one pass, by neuron number: floats for one sample, arrays for a batch.

    Attributes
    ----------
    z, activation, delta : list
        ``z`` of an input is None; ``delta`` is None before the backward pass.
    u : list
        What f is applied to: z, or where z is normalized u.
    normalized : dict of Normalized
        Of the neurons whose z is normalized; its numbers are arrays even of one sample.
    single : bool
        Whether the pass was made for one sample, given as a 1-D x.
    n : int
        The number of samples.
    loss : float or None
    stamp : bytes
        The parameters that the pass was made with.
    """

    def __init__(self, n_neurons: int, n: int, single: bool, stamp: bytes) -> None:
        self.n, self.single, self.stamp = n, single, stamp
        self.z: list[Any] = [None] * n_neurons
        self.u: list[Any] = [None] * n_neurons
        self.activation: list[Any] = [None] * n_neurons
        self.delta: list[Any] | None = None
        self.targets: Any = None
        self.loss: float | None = None
        # Of neurons with dropout: what their activation was multiplied by, and what it was before.
        self.masks: dict[int, Any] = {}
        self.unmasked: dict[int, Any] = {}
        self.normalized: dict[int, Normalized] = {}
        # How much each sample counts; None where all count alike.
        self.weights: Any = None

    def weighed(self, part: Any) -> Any:
        """Return the parts of the samples, each times how much its sample counts."""
        return part if self.weights is None else part * self.weights

    def in_mean(self, part: Any) -> Any:
        """Return what a sample's part is in the mean over the samples: weight part / n."""
        return self.weighed(part) / self.n

    def own_activation(self, number: int) -> Any:
        """Return f(z) of a neuron, before dropout."""
        return self.unmasked.get(number, self.activation[number])

    def belongs_to(self, parameters: Any) -> bool:
        """Whether the pass was made with exactly these parameters."""
        return bool(self.stamp == parameters.tobytes())

    def own_gradient(self, source: int, target: int) -> float:
        """Return one edge's own part of its weight's gradient: sum of a_source delta_target."""
        if self.delta is None:
            raise AssertionError("own_gradient is asked for after a backward pass only")
        return float(np.dot(self.activation[source], self.delta[target]))


class _Formulas:
    """The formulas of a network's kinds and loss, bound for one sample or for a batch."""

    def __init__(
        self,
        blocks: tuple[Block, ...],
        loss: Loss,
        namespace: dict[str, Any],
        arrays: dict[str, Any],
    ) -> None:
        self.activate: list[Callable[..., Any]] = []
        self.derive: list[Callable[..., Any]] = []
        for block in blocks:
            # Coupled neurons are computed together, as an array even for one sample.
            own = arrays if block.kind.coupled else namespace
            self.activate.append(block.kind.formula("activate", own))
            back = "chain" if block.kind.coupled else "derivative"
            self.derive.append(block.kind.formula(back, own))
        self.loss = loss.bound("loss", namespace)
        self.loss_derivative = loss.bound("derivative", namespace)
        self.loss_from_z = loss.bound("loss_from_z", namespace)
        self.loss_delta = loss.bound("derivative_by_z", namespace)


class TraversalEngine(Engine):
    """Forward and backward passes as plain traversals of the neurons and edges."""

    name: ClassVar[str] = "graph"

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        wiring = network.wiring
        self.inputs = wiring.inputs.tolist()
        self.outputs = wiring.outputs.tolist()
        self.column = {number: column for column, number in enumerate(self.outputs)}
        self.reached = wiring.reached.tolist()
        # Per block: for each neuron its number, its edges as (source, slot), its bias slot.
        self.blocks = [list(_neurons(block)) for block in wiring.blocks]
        self.coupled = [block.kind.coupled for block in wiring.blocks]
        self.normalizations = [block.kind.normalization for block in wiring.blocks]
        self.gamma_slots = wiring.gamma_slots.tolist()
        # From these outputs' z the loss is computed directly.
        self.partner = [partnered(block, network.loss) for block in wiring.blocks]
        self.partners = {
            number
            for block, partner in zip(self.blocks, self.partner, strict=True)
            for number, _, _ in block
            if partner
        }
        self.outgoing: list[list[tuple[int, int]]] = [[] for _ in range(wiring.n_neurons)]
        for block in self.blocks:
            for number, incoming, _ in block:
                for source, slot in incoming:
                    self.outgoing[source].append((number, slot))
        arrays = numpy_functions(network.dtype)
        self.formulas = {
            single: _Formulas(wiring.blocks, network.loss, FLOAT if single else arrays, arrays)
            for single in (True, False)
        }

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
            except _NO_ANSWER:
                pass
        run = Pass(*self._shape(X, single))
        run.masks = dropped
        zero = np.zeros(len(X), dtype=X.dtype)
        # A copy: the numbers of a pass stay, whatever becomes of the person's X.
        columns = list(X.T.copy())
        with np.errstate(all="ignore"):
            self._forward(columns, zero, run, training)
        return _as_floats(run) if single else run

    def _shape(self, X: Any, single: bool) -> tuple[int, int, bool, bytes]:
        wiring, stamp = self.network.wiring, self.network.parameters.tobytes()
        return wiring.n_neurons, len(X), single, stamp

    def _forward(self, inputs: list[Any], zero: Any, run: Pass, training: bool) -> Pass:
        p = self.network.parameters.tolist()
        z, u, a = run.z, run.u, run.activation
        for number, x in zip(self.inputs, inputs, strict=True):
            a[number] = x
        self._drop(run, self.inputs)
        formulas = self.formulas[isinstance(zero, float)]
        for block, coupled, normalization, activate in zip(
            self.blocks, self.coupled, self.normalizations, formulas.activate, strict=True
        ):
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
                together = activate(np.array([u[number] for number, _, _ in block]))
                for (number, _, _), value in zip(block, _each(together), strict=True):
                    a[number] = value
            else:
                for number, _, _ in block:
                    a[number] = activate(u[number]) + zero
            if run.masks:
                self._drop(run, [number for number, _, _ in block])
        return run

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

    def _normalized_delta(self, run: Pass, number: int, p: list[float], by_u: Any) -> Any:
        """Return dJ/dz_j, given dJ/du_j."""
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
        require_derivatives(self.network.wiring, self.network.labels)
        if run.single:
            try:
                return self._backward(run, Y[0].tolist(), 0.0)
            except _NO_ANSWER:
                pass
        with np.errstate(all="ignore"):
            arrays = _as_arrays(run, Y.dtype) if run.single else run
            gradient = self._backward(arrays, list(Y.T.copy()), np.zeros(run.n, dtype=Y.dtype))
        if run.single:
            run.delta, run.loss = _as_floats(arrays).delta, arrays.loss
            run.targets = Y[0].tolist()
        return gradient

    def _backward(self, run: Pass, y: list[Any], zero: Any) -> list[float]:
        run.targets, run.loss = y, self.loss_of_pass(run, y)
        run.delta = self._deltas(run, y, zero)
        return self._gradient(run, isinstance(zero, float))

    def _deltas(self, run: Pass, y: list[Any], zero: Any) -> list[Any]:
        p = self.network.parameters.tolist()
        u, a = run.u, run.activation
        delta = [zero] * len(u)
        formulas = self.formulas[isinstance(zero, float)]
        for index in reversed(range(len(self.blocks))):
            block, derive = self.blocks[index], formulas.derive[index]
            numbers = [number for number, _, _ in block if self.reached[number]]
            by_output = {
                number: self._by_output(number, run, y, p, delta, zero) for number in numbers
            }
            if self.coupled[index]:
                self._coupled_deltas(run, block, by_output, y, derive, delta, zero)
                numbers = []
            for number in numbers:
                if self.outgoing[number] or not self.partner[index]:
                    slope = derive(u[number], run.own_activation(number))
                    delta[number] = by_output[number] * slope
                if number in self.column and self.partner[index]:
                    own = formulas.loss_delta(a[number], y[self.column[number]])
                    delta[number] = delta[number] + run.in_mean(own)
            if self.normalizations[index] is not None:
                for number, _, _ in block:
                    delta[number] = self._normalized_delta(run, number, p, delta[number])
        for number in self.inputs:
            delta[number] = self._by_output(number, run, y, p, delta, zero)
        return delta

    def _by_output(
        self, number: int, run: Pass, y: list[Any], p: list[float], delta: list[Any], zero: Any
    ) -> Any:
        """Return dJ/da_j: its part of the loss, and the sum over the edges j -> k of w_jk delta_k.

        Where dropout is at work, dJ/df(z_j): that times the mask.
        """
        total = zero
        if number in self.column and number not in self.partners:
            formulas = self.formulas[isinstance(zero, float)]
            by_loss = formulas.loss_derivative(run.activation[number], y[self.column[number]])
            total = total + run.in_mean(by_loss)
        for reader, slot in self.outgoing[number]:
            total = total + p[slot] * delta[reader]
        return total * run.masks[number] if number in run.masks else total

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
        if not any(self.reached[number] for number in numbers):
            return
        a = np.array([run.own_activation(number) for number in numbers])
        together = np.zeros_like(a)
        if any(self.outgoing[number] for number in numbers) or not self._from_z(numbers):
            u = np.array([run.u[number] for number in numbers])
            together = derive(u, a, np.array([by_output.get(number, zero) for number in numbers]))
        if self._from_z(numbers):
            targets = [y[self.column[i]] if i in self.column else zero for i in numbers]
            loss_delta = self.formulas[False].loss_delta
            together = together + run.in_mean(loss_delta(a, np.array(targets)))
        for number, value in zip(numbers, _each(together), strict=True):
            delta[number] = value

    def _from_z(self, numbers: list[int]) -> bool:
        index = int(self.network.wiring.block_of[numbers[0], 0])
        return self.partner[index] and any(number in self.column for number in numbers)

    def _gradient(self, run: Pass, single: bool) -> list[float]:
        a, delta = run.activation, run.delta
        assert delta is not None
        gradient = [0.0] * self.network.wiring.n_parameters
        for block in self.blocks:
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
        for index, block in enumerate(self.blocks):
            numbers = [number for number, _, _ in block]
            columns = [(i, self.column[i]) for i in numbers if i in self.column]
            if self.coupled[index] and columns and self.partner[index]:
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
        return np.array(columns, dtype=self.network.dtype).T.copy()

    def gradient(self, rows: Any = None) -> float:
        """Fill ``network.gradient`` and the numbers on the neurons; return the mean loss."""
        X, Y = self.samples(rows)
        run = self.forward(X, single=False, masks=self.masks(len(X)), training=True)
        self.remember(run)
        run.weights = self.weights_of(rows)
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


def _each(together: Any) -> Any:
    """Return the rows of coupled neurons: floats for one sample, arrays for a batch."""
    return together.tolist() if together.ndim == 1 else list(together)


def _like(z: Any, values: Any) -> Any:
    """Return an array of one sample as a float where z is one."""
    return float(values[0]) if isinstance(z, float) else values


def _as_floats(run: Pass) -> Pass:
    for values in (run.z, run.u, run.activation, run.delta or []):
        values[:] = [value if value is None else float(value[0]) for value in values]
    run.masks = {number: float(mask[0]) for number, mask in run.masks.items()}
    run.unmasked = {number: float(value[0]) for number, value in run.unmasked.items()}
    return run


def _as_arrays(run: Pass, dtype: Any) -> Pass:
    arrays = Pass(len(run.z), run.n, False, run.stamp)
    arrays.z = [value if value is None else np.array([value], dtype=dtype) for value in run.z]
    arrays.u = [value if value is None else np.array([value], dtype=dtype) for value in run.u]
    arrays.normalized = run.normalized
    arrays.activation = [np.array([value], dtype=dtype) for value in run.activation]
    arrays.masks = {n: np.array([mask], dtype=dtype) for n, mask in run.masks.items()}
    arrays.unmasked = {n: np.array([value], dtype=dtype) for n, value in run.unmasked.items()}
    return arrays
