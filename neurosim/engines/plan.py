"""From blocks of neurons to rows of a table: where the vectorized engine keeps each number.

The activations of a batch are one table with a row per neuron and a column per sample. The rows
of a block lie together, followed by a row of ones, so that ``[W; b]``, which lie together in
``parameters``, take weights and bias in one matrix product: Z = [W; b]^T [A; 1].
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from neurosim.wiring import Wiring

    Integers = NDArray[np.int64]

__all__ = ["Plan"]


@dataclass(frozen=True, eq=False)
class Plan:
    """Where each neuron's row is, and which rows more than one block writes gradients to.

    Attributes
    ----------
    n_rows : int
        Rows of the table, those of ones included.
    row_of : array
        The row of every neuron.
    ones : array
        The rows that hold ones.
    spans : list of slice
        The rows of every block's targets.
    column : array
        The column of Y of every neuron, -1 for those that are no outputs.
    read : array of bool
        Which neurons have readers.
    shared : list of bool
        For every block, whether the gradient of its sources is added up from several places.
    complete : bool
        Whether every row of dJ/da that is read is written as a whole by one matrix product, so
        that what a step before left in the table does no harm.
    """

    n_rows: int
    row_of: Integers
    ones: Integers
    spans: list[slice]
    column: Integers
    read: NDArray[np.bool_]
    shared: list[bool]
    complete: bool

    @staticmethod
    def of(wiring: Wiring) -> Plan:
        """Return the plan of a wiring, in time linear in its neurons and edges."""
        row_of = np.full(wiring.n_neurons, -1)
        row_of[wiring.inputs] = np.arange(len(wiring.inputs))
        ones, spans, row = [len(wiring.inputs)], [], len(wiring.inputs) + 1
        for block in wiring.blocks:
            k = len(block.targets)
            row_of[block.targets] = np.arange(row, row + k)
            spans.append(slice(row, row + k))
            ones.append(row + k)
            row += k + 1
        column = np.full(wiring.n_neurons, -1)
        column[wiring.outputs] = np.arange(len(wiring.outputs))
        readers = _readers(wiring)
        places = readers + (column >= 0)
        shared = [
            not b.dense
            or bool((places[b.sources] > 1).any())
            or _span(row_of[b.sources], ones) is None
            for b in wiring.blocks
        ]
        read = readers > 0
        partly = any(read[b.targets].any() and not read[b.targets].all() for b in wiring.blocks)
        complete = not (any(shared) or partly) and bool(wiring.reached.all())
        return Plan(row, row_of, np.array(ones), spans, column, read, shared, complete)

    def span(self, neurons: Integers) -> slice | None:
        """Return the rows of these neurons as a slice followed by a row of ones, or None."""
        return _span(self.row_of[neurons], self.ones)


def _span(rows: Integers, ones: Any) -> slice | None:
    if not len(rows) or (np.diff(rows) != 1).any():
        return None
    after = int(rows[-1]) + 1
    # `ones` is sorted, and its last row is the last of the table.
    return slice(int(rows[0]), after) if ones[bisect_left(ones, after)] == after else None


def _readers(wiring: Wiring) -> Integers:
    """How many blocks read each neuron."""
    readers = np.zeros(wiring.n_neurons, dtype=np.int64)
    for block in wiring.blocks:
        readers[block.sources if block.dense else np.unique(block.sources)] += 1
    return readers
