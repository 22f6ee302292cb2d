"""A wiring as the kernel reads it: arrays of whole numbers, and the addresses of formulas.

A row holds one neuron's numbers, a column per sample. Inputs come first, then the neurons of each
block together, so that every source's row comes before its targets'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from neurosim.engines.base import partnered
from neurosim.engines.compiled.formulas import kind_formulas, loss_formulas

if TYPE_CHECKING:
    from neurosim.network import Network
    from neurosim.wiring import Block, Wiring

__all__ = ["Program", "program_of"]

# What a row of `Program.blocks` holds: the rows FIRST .. LAST of its neurons; addresses of
# formulas; where its kind's CONSTANTS begin; whether its neurons are COUPLED, a gradient has
# REACHED it, others READ it, and its loss is computed FROM_Z; its outputs in the lists, OUTPUTS ..
# OUTPUTS_END; and the first of its rows among the NORMALIZED ones, or -1.
(
    FIRST,
    LAST,
    ACTIVATE,
    DERIVE,
    LOSS,
    BY_LOSS,
    CONSTANTS,
    COUPLED,
    REACHED,
    READ,
    FROM_Z,
    OUTPUTS,
    OUTPUTS_END,
    NORMALIZED,
) = range(14)


class Program(NamedTuple):
    """What the kernel has to know of a network; nothing in it changes while it trains."""

    n_inputs: int
    blocks: Any
    starts: Any  # of row r, the edges that come in: starts[r] .. starts[r + 1]
    sources: Any
    slots: Any
    reader_starts: Any  # and those that go out to neurons which a gradient reaches
    readers: Any
    reader_slots: Any
    biases: Any  # by row, entries of the parameters
    gammas: Any
    numbers: Any  # by row, the neuron's number
    mask_rows: Any  # by row, its row in the masks of dropout, or -1
    output_rows: Any
    output_columns: Any
    constants: Any  # the parameters of kinds, those of the loss last
    loss_constants: int
    momentum: Any  # by block
    epsilon: Any
    drops: bool


def program_of(network: Network) -> Program:
    """Return the program of a network, in time linear in its neurons and edges."""
    wiring = network.wiring
    numbers = np.concatenate([wiring.inputs, *(block.targets for block in wiring.blocks)])
    row_of = np.full(wiring.n_neurons, -1)
    row_of[numbers] = np.arange(len(numbers))
    starts, sources, slots = _incoming(wiring, row_of)
    back = _outgoing(wiring, numbers, row_of, starts, sources, slots)
    rows, columns, bounds = _outputs(wiring, row_of)
    constants, places = _constants(network)
    blocks = _blocks(network, bounds, places, np.diff(back[0]))
    norms = [block.kind.normalization for block in wiring.blocks]
    dtype = network.dtype
    return Program(
        len(wiring.inputs),
        blocks,
        starts,
        sources,
        slots,
        *back,
        wiring.bias_slots[numbers].astype(np.int32),
        wiring.gamma_slots[numbers].astype(np.int32),
        numbers.astype(np.int32),
        _mask_rows(network, numbers),
        rows,
        columns,
        constants.astype(dtype),
        places[-1],
        np.array([0.0 if norm is None else norm.momentum for norm in norms], dtype=dtype),
        np.array([0.0 if norm is None else norm.epsilon for norm in norms], dtype=dtype),
        network.dropout_rates is not None,
    )


def _incoming(wiring: Wiring, row_of: Any) -> tuple[Any, Any, Any]:
    """Return every row's incoming edges: where they start, their sources' rows, their entries."""
    counts, sources, slots = [np.zeros(len(wiring.inputs), dtype=np.int64)], [], []
    for block in wiring.blocks:
        k = len(block.targets)
        if block.starts is None:
            counts.append(np.full(k, len(block.sources)))
            sources.append(np.tile(row_of[block.sources], k))
            slots.append(block.all_slots[:-1].T.ravel())
        else:
            counts.append(np.diff(block.starts))
            sources.append(row_of[block.sources])
            slots.append(block.all_slots[_is_edge(block)])
    starts = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
    return starts, _joined(sources), _joined(slots)


def _is_edge(block: Block) -> Any:
    assert block.starts is not None
    edges = np.ones(block.n_edges + len(block.targets), dtype=bool)
    edges[block.starts[1:] + np.arange(len(block.targets))] = False
    return edges


def _joined(parts: list[Any]) -> Any:
    return np.concatenate([np.zeros(0, dtype=np.int32), *parts]).astype(np.int32)


def _outgoing(
    wiring: Wiring, numbers: Any, row_of: Any, starts: Any, sources: Any, slots: Any
) -> tuple[Any, Any, Any]:
    """Return every row's edges to readers that a gradient reaches, sorted by source."""
    targets = np.repeat(np.arange(len(numbers), dtype=np.int32), np.diff(starts))
    reached = wiring.reached.copy()
    for block in wiring.blocks:
        if block.kind.coupled:
            # One of them depends on the z of all.
            reached[block.targets] = reached[block.targets].any()
    wanted = np.flatnonzero(reached[numbers][targets] & (sources >= len(wiring.inputs)))
    order = wanted[np.argsort(sources[wanted], kind="stable")]
    counts = np.bincount(sources[wanted], minlength=len(numbers))
    return np.concatenate([[0], np.cumsum(counts)]), targets[order], slots[order]


def _outputs(wiring: Wiring, row_of: Any) -> tuple[Any, Any, Any]:
    """Return the outputs' rows and columns of Y, block by block, and where each block's are."""
    order = np.argsort(row_of[wiring.outputs], kind="stable")
    rows = row_of[wiring.outputs][order]
    ends = len(wiring.inputs) + np.cumsum([0, *(len(block.targets) for block in wiring.blocks)])
    return rows.astype(np.int32), order.astype(np.int32), np.searchsorted(rows, ends)


def _constants(network: Network) -> tuple[Any, list[int]]:
    """Return the parameters of all kinds and of the loss, and where each one's begin."""
    values: list[float] = []
    places = []
    for block in network.wiring.blocks:
        places.append(len(values))
        values += [value for _, value in block.kind.parameters]
    places.append(len(values))
    values += network.loss.parameters.values()
    return np.array([*values, 0.0]), places


def _mask_rows(network: Network, numbers: Any) -> Any:
    rows = np.full(len(numbers), -1, dtype=np.int32)
    if network.dropout_rates is not None:
        place = np.full(len(numbers), -1)
        dropped = np.flatnonzero(network.dropout_rates)
        place[dropped] = np.arange(len(dropped))
        rows[:] = place[numbers]
    return rows


def _blocks(network: Network, bounds: Any, places: list[int], n_readers: Any) -> Any:
    wiring, dtype = network.wiring, str(network.dtype)
    table = np.zeros((len(wiring.blocks), NORMALIZED + 1), dtype=np.int64)
    row, normalized = len(wiring.inputs), 0
    for index, block in enumerate(wiring.blocks):
        first, row = row, row + len(block.targets)
        kind, n_outputs = block.kind, bounds[index + 1] - bounds[index]
        reached = bool(wiring.reached[block.targets].any())
        from_z = bool(n_outputs) and partnered(block, network.loss)
        addresses = kind_formulas(dtype, kind, slope=reached and kind.neuron.differentiable())
        losses = (0, 0)
        if n_outputs:
            losses = loss_formulas(
                dtype, network.loss, from_z=from_z, coupled=from_z and kind.coupled
            )
        read = bool(n_readers[first:row].any())
        norm = -1 if kind.normalization is None else normalized
        normalized += 0 if kind.normalization is None else len(block.targets)
        table[index] = (
            *(first, row, *addresses, *losses, places[index], kind.coupled, reached, read),
            *(from_z, bounds[index], bounds[index + 1], norm),
        )
    return table
