"""From blocks of neurons to rows of a table: where the vectorized engine keeps each number.

The activations of a batch are one table with a row per neuron and a column per sample. The rows
of a block lie together, followed by a row of ones, so that ``[W; b]``, which lie together in
``parameters``, take weights and bias in one matrix product: Z = [W; b]^T [A; 1]. In a sparse block
the neurons with the fewest edges come first. The last row of all holds zeros.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from neurosim.wiring import Block, Wiring

    Integers = NDArray[np.int64]

__all__ = ["Plan"]


@dataclass(frozen=True, eq=False)
class Plan:
    """Where each neuron's row is, and which rows more than one block writes gradients to.

    Attributes
    ----------
    n_rows : int
        Rows of the table, those of ones and of zeros included.
    row_of : array
        The row of every neuron.
    ones : array
        The rows that hold ones.
    orders : list of arrays
        The targets of every block in the order of their rows, as positions in the block.
    spans : list of slice
        The rows of every block's targets.
    column : array
        The column of Y of every neuron, -1 for those that are no outputs.
    read : array of bool
        Which neurons have readers.
    shared : list of bool
        For every block, whether the gradient of its sources is added up from several places.
    gathered : bool
        Whether some block reads inputs from the table; else all that read any read all of them.
    complete : bool
        Whether every row of dJ/da that is read is written as a whole by one matrix product, so
        that what a step before left in the table does no harm. Each block then has one reader,
        which comes right after it, or none.
    """

    n_rows: int
    row_of: Integers
    ones: Integers
    orders: list[Integers]
    spans: list[slice]
    column: Integers
    read: NDArray[np.bool_]
    shared: list[bool]
    gathered: bool
    complete: bool

    @staticmethod
    def of(wiring: Wiring) -> Plan:
        """Return the plan of a wiring, in time linear in its neurons and edges."""
        row_of = np.full(wiring.n_neurons, -1)
        row_of[wiring.inputs] = np.arange(len(wiring.inputs))
        ones, spans, row = [len(wiring.inputs)], [], len(wiring.inputs) + 1
        orders = [_order(block) for block in wiring.blocks]
        for block, order in zip(wiring.blocks, orders, strict=True):
            k = len(block.targets)
            row_of[block.targets[order]] = np.arange(row, row + k)
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
        gathered = any(
            (row_of[b.sources] < ones[0]).any() and not (b.dense and _all_inputs(b, wiring))
            for b in wiring.blocks
        )
        return Plan(
            n_rows=row + 1,
            row_of=row_of,
            ones=np.array(ones),
            orders=orders,
            spans=spans,
            column=column,
            read=read,
            shared=shared,
            gathered=gathered,
            complete=complete,
        )

    @property
    def zeros(self) -> int:
        """The row of zeros."""
        return self.n_rows - 1

    def span(self, neurons: Integers) -> slice | None:
        """Return the rows of these neurons as a slice followed by a row of ones, or None."""
        return _span(self.row_of[neurons], self.ones)


def _span(rows: Integers, ones: Any) -> slice | None:
    if not len(rows) or (np.diff(rows) != 1).any():
        return None
    after = int(rows[-1]) + 1
    # `ones` is sorted, and its last row is the last of the table.
    return slice(int(rows[0]), after) if ones[bisect_left(ones, after)] == after else None


def _order(block: Block) -> Integers:
    """Return the positions of the targets, those with the fewest edges first."""
    if block.starts is None:
        return np.arange(len(block.targets))
    return np.argsort(np.diff(block.starts), kind="stable")


def _all_inputs(block: Block, wiring: Wiring) -> bool:
    return np.array_equal(block.sources, wiring.inputs)


def _readers(wiring: Wiring) -> Integers:
    """How many blocks read each neuron."""
    readers = np.zeros(wiring.n_neurons, dtype=np.int64)
    for block in wiring.blocks:
        readers[block.sources if block.dense else np.unique(block.sources)] += 1
    return readers
