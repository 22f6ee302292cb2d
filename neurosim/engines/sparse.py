"""Blocks of neurons that each have sources of their own: gathered rows, weighed and added up.

Neurons are sorted by how many edges they have, and cut into groups of about as many; within a group
the edges are one rectangle, filled up with edges of no effect, from a row of zeros. So a group is
one gather of rows, small enough for the processor's cache, and one product of matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.engines.steps import Setting, Step
from neurosim.grouping import stable_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.programs import Call
    from neurosim.wiring import Wiring

__all__ = ["Readers", "SparseStep"]

# Numbers that one gather brings in.
_GATHERED = 1 << 16
# A group may be filled up by such a share of its edges.
_FILLED = 0.15


@dataclass(frozen=True, eq=False)
class _Group:
    """Neurons low to high - 1 of a sorted block; their edges as a rectangle, filled up.

    Attributes
    ----------
    edges : (n_neurons, n_edges) array
        Positions in the list of edges.
    filled : array of bool
        Which of them have no effect.
    """

    low: int
    high: int
    edges: Any
    filled: Any


def _groups(counts: Any, starts: Any, n: int) -> Iterator[_Group]:
    """Cut neurons with so many edges, sorted by that, which start there, into groups."""
    low = 0
    while low < len(counts):
        high = _end(counts, low, n)
        width = int(counts[high - 1])
        columns = np.arange(width)
        filled = columns >= counts[low:high, np.newaxis]
        edges = starts[low:high, np.newaxis] + np.where(filled, 0, columns)
        yield _Group(low, high, edges, filled)
        low = high


def _end(counts: Any, low: int, n: int) -> int:
    """Return where the group that begins at `low` ends."""
    real = np.cumsum(counts[low:])
    rectangle = counts[low:] * np.arange(1, len(real) + 1)
    fits = (rectangle <= (1 + _FILLED) * real + 8) & (rectangle * n <= _GATHERED)
    return low + max(1, int(np.argmin(fits)) if not fits.all() else len(fits))


@final
class SparseStep(Step):
    """A weighted sum of gathered rows for each neuron; the bias is one more edge, from ones."""

    def __init__(self, setting: Setting, index: int) -> None:
        super().__init__(setting, index)
        block, order, tables = self.block, setting.plan.orders[index], setting.tables
        assert block.starts is not None
        k = len(order)
        counts = np.diff(block.starts) + 1
        is_bias = np.zeros(block.n_edges + k, dtype=bool)
        is_bias[block.starts[1:] + np.arange(k)] = True
        # One entry per edge and bias, target by target; the bias is the last of each target.
        self.rows = np.full(len(is_bias), int(setting.plan.ones[0])) - tables.first
        self.rows[~is_bias] = tables.rows(block.sources)
        if self.normalization is not None:
            # The bias of a normalized sum is beta, which is added later.
            self.rows[is_bias] = tables.zeros
        self.slots = block.slots
        entries = slice(block.first, block.first + len(is_bias))
        self.weights = self.network.parameters[entries]
        self.gradient = self.network.gradient[entries]
        starts = block.starts[:-1] + np.arange(k)
        self.groups = list(_groups(counts[order], starts[order], setting.n))
        self.parts = np.zeros(sum(g.edges.size for g in self.groups), dtype=self.Z.dtype)

    def _rows(self, group: _Group) -> Any:
        return np.where(group.filled, self.setting.tables.zeros, self.rows[group.edges])

    def weigh(self) -> list[Call]:
        """Return the calls that fill Z."""
        calls: list[Call] = []
        for group in self.groups:
            calls += _weighed_rows(
                self.setting, self.setting.A, self._rows(group), *self._weights(group.edges)
            )
            weights, terms = _places(self.setting, group.edges.shape, self.Z.dtype)
            Z = self.Z[group.low : group.high, np.newaxis]
            calls.append(partial(np.matmul, weights[:, np.newaxis], terms, Z))
        return calls

    def _weights(self, edges: Any) -> tuple[Any, Any]:
        """Return a vector, and where in it the weights of these edges are."""
        if self.slots is None:
            return self.weights, edges
        return self.network.parameters, self.slots[edges]

    def send_back(self) -> list[Call]:
        """Return the calls that fill the gradients, shared ones added up."""
        calls: list[Call] = []
        place = np.zeros(len(self.rows), dtype=np.int64)
        begin = 0
        for group in self.groups:
            shape, end = group.edges.shape, begin + group.edges.size
            _, terms = _places(self.setting, shape, self.Z.dtype)
            parts = self.parts[begin:end]
            place[group.edges[~group.filled]] = begin + np.flatnonzero(~group.filled)
            delta = self.D[group.low : group.high, :, np.newaxis]
            calls += [
                partial(np.take, self.setting.A, self._rows(group), 0, terms, "wrap"),
                partial(np.matmul, terms, delta, parts.reshape(*shape, 1)),
            ]
            begin = end
        if self.slots is None:
            return [*calls, partial(np.take, self.parts, place, 0, self.gradient, "wrap")]
        return [*calls, partial(self._add_up, place)]

    def _add_up(self, place: Any) -> None:
        assert self.slots is not None
        np.add.at(self.network.gradient, self.slots, self.parts[place])


def _places(setting: Setting, shape: tuple[int, ...], dtype: Any) -> tuple[Any, Any]:
    """Return room for the weights of a group and for the rows that they weigh."""
    weights = setting.scratch.buffer(0, shape, dtype)
    return weights, setting.scratch.buffer(1, (*shape, setting.n), dtype)


def _weighed_rows(setting: Setting, table: Any, rows: Any, vector: Any, slots: Any) -> list[Call]:
    weights, room = _places(setting, rows.shape, table.dtype)
    return [
        partial(np.take, vector, slots, 0, weights, "wrap"),
        partial(np.take, table, rows, 0, room, "wrap"),
    ]


@final
class Readers:
    """The edges from neurons into sparse blocks, by source: dJ/da_j += sum of w_jk delta_k."""

    def __init__(self, wiring: Wiring) -> None:
        edges = [_sparse_edges(block) for block in wiring.blocks if block.starts is not None]
        empty = (np.zeros(0, dtype=np.int64),) * 3
        columns = zip(empty, *edges, strict=True)
        sources, targets, slots = (np.concatenate(column) for column in columns)
        order = stable_order(sources)
        self.targets, self.slots = targets[order], slots[order]
        self.counts = np.bincount(sources, minlength=wiring.n_neurons)
        self.starts = np.cumsum(self.counts) - self.counts

    def calls(self, step: Step) -> list[Call]:
        """Return the calls that add to D of a block what comes back from its sparse readers."""
        counts, setting = self.counts[step.numbers], step.setting
        order = np.argsort(counts, kind="stable")
        order = order[counts[order] > 0]
        if not len(order):
            return []
        calls: list[Call] = []
        sums = np.empty((len(order), setting.n), dtype=step.Z.dtype)
        tables, vector = setting.tables, step.network.parameters
        for group in _groups(counts[order], self.starts[step.numbers[order]], setting.n):
            rows = np.where(group.filled, tables.zeros, tables.rows(self.targets[group.edges]))
            calls += _weighed_rows(setting, setting.D, rows, vector, self.slots[group.edges])
            weights, terms = _places(setting, rows.shape, step.Z.dtype)
            own = sums[group.low : group.high, np.newaxis]
            calls.append(partial(np.matmul, weights[:, np.newaxis], terms, own))
        if len(order) < len(counts):
            return [*calls, partial(_add_rows, step.D, order, sums)]
        room, place = setting.scratch.buffer(0, sums.shape, step.Z.dtype), np.argsort(order)
        return [
            *calls,
            partial(np.take, sums, place, 0, room, "wrap"),
            partial(np.add, step.D, room, step.D),
        ]


def _add_rows(table: Any, rows: Any, values: Any) -> None:
    table[rows] += values


def _sparse_edges(block: Any) -> tuple[Any, Any, Any]:
    """Return source, target and slot of every edge of a sparse block."""
    k = len(block.targets)
    is_bias = np.zeros(block.n_edges + k, dtype=bool)
    is_bias[block.starts[1:] + np.arange(k)] = True
    return block.sources, block.targets.repeat(np.diff(block.starts)), block.all_slots[~is_bias]
