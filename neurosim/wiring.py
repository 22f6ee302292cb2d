"""Who feeds whom, and which entry of ``parameters`` each edge and bias is.

A `Wiring` is immutable: connecting or disconnecting makes another one. It groups the neurons into
`Block`s of one kind that can be computed at once, in an order in which every source comes first:

* neurons that share their sources, in the same order, make a *dense* block, whose weights lie in
  ``parameters`` as a matrix ``(n_sources, n_targets)``, followed by the biases;
* other neurons of one level and kind make a *sparse* block: for each target its weights, in order
  of its edges, followed by its bias;
* where edges are tied, a sparse block names the entry of every edge (``slots``).

Where the neurons' sums are normalized (which is part of their kind) the biases are beta, and the
gammas follow after the block, one per target.

A layered network is made of dense blocks directly and costs nothing per edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from neurosim.neurons import Kind

    Integers = NDArray[np.int64]

__all__ = ["Block", "Edges", "Wiring"]


@dataclass(frozen=True, eq=False)
class Edges:
    """Edges as arrays: `sources` and `targets` are neuron numbers, ties are tie numbers or -1."""

    sources: Integers
    targets: Integers
    ties: Integers | None = None

    def __len__(self) -> int:
        return len(self.sources)


@dataclass(frozen=True, eq=False)
class Block:
    """Neurons of one kind that are computed at once.

    Attributes
    ----------
    kind : Kind
    targets : (k,) array
        The neurons, by number. Coupled neurons of a layer are one block.
    sources : (m,) or (edges,) array
        Dense: the sources that all targets share. Sparse: those of each target in turn.
    starts : (k + 1,) array or None
        Sparse: where each target's sources start. None: the block is dense.
    first : int
        The entry of ``parameters`` at which the block begins.
    slots : (edges + k,) array or None
        The entry of every weight and bias, where tied edges forbid counting on from `first`.
    gammas : slice or None
        The entries of gamma, where the sums are normalized.
    """

    kind: Kind
    targets: Integers
    sources: Integers
    starts: Integers | None
    first: int
    slots: Integers | None = None
    gammas: slice | None = None

    @property
    def dense(self) -> bool:
        """Whether all targets share their sources."""
        return self.starts is None

    @property
    def n_edges(self) -> int:
        """The number of edges into the block."""
        return len(self.sources) * (len(self.targets) if self.starts is None else 1)

    @property
    def all_slots(self) -> Integers:
        """The entries of the block: of dense ones ``(m + 1, k)``, else ``(edges + k,)``."""
        if self.slots is not None:
            return self.slots
        entries = np.arange(self.first, self.first + self.n_edges + len(self.targets))
        return entries.reshape(-1, len(self.targets)) if self.dense else entries

    @property
    def bias_slots(self) -> Integers:
        """The entries of the biases, target by target."""
        if self.starts is None:
            return np.asarray(self.all_slots[-1])
        return np.asarray(self.all_slots[self.starts[1:] + np.arange(len(self.targets))])

    def incoming(self, position: int) -> tuple[Integers, Any, int]:
        """Return the sources of one target, the entries of its weights, and that of its bias.

        The entries are a slice where they are evenly spaced.
        """
        k = len(self.targets)
        if self.starts is None:
            bias = self.first + len(self.sources) * k + position
            return self.sources, slice(self.first + position, bias, k), bias
        begin, end = int(self.starts[position]), int(self.starts[position + 1])
        sources, low, high = self.sources[begin:end], begin + position, end + position
        if self.slots is None:
            return sources, slice(self.first + low, self.first + high), self.first + high
        return sources, self.slots[low:high], int(self.slots[high])


@dataclass(frozen=True, eq=False)
class Wiring:
    """Every neuron, its kind, its edges and the entries of its parameters.

    Attributes
    ----------
    kinds : tuple of Kind
        The kinds that occur; `kind_of` holds each neuron's position in it.
    inputs, outputs : arrays
        Neuron numbers, in the order of the columns of X and Y.
    blocks : tuple of Block
        All other neurons, every block after those that it reads.
    n_parameters : int
    tie_of : dict
        The entry of ``parameters`` of every tie number.
    sizes : tuple of int or None
        The layers' sizes where every layer is fully joined to the one before and nothing else.
    """

    kinds: tuple[Kind, ...]
    kind_of: Integers
    inputs: Integers
    outputs: Integers
    blocks: tuple[Block, ...]
    n_parameters: int
    tie_of: dict[int, int]
    sizes: tuple[int, ...] | None = None

    @property
    def n_neurons(self) -> int:
        """The number of neurons, inputs included."""
        return len(self.kind_of)

    @property
    def n_edges(self) -> int:
        """The number of edges."""
        return sum(block.n_edges for block in self.blocks)

    @cached_property
    def block_of(self) -> Integers:
        """The block of every neuron, and its position there: ``(n_neurons, 2)``, -1 for inputs."""
        table = np.full((self.n_neurons, 2), -1)
        for number, block in enumerate(self.blocks):
            table[block.targets, 0] = number
            table[block.targets, 1] = np.arange(len(block.targets))
        return table

    def incoming(self, neuron: int) -> tuple[Integers, Any, int]:
        """Return the sources, weight entries and bias entry of a neuron that is no input."""
        number, position = (int(entry) for entry in self.block_of[neuron])
        return self.blocks[number].incoming(position)

    def is_input(self, neuron: int) -> bool:
        """Whether the neuron is an input."""
        return bool(self.block_of[neuron, 0] < 0)

    def slot(self, source: int, target: int) -> int | None:
        """Return the entry of the weight of one edge, None where there is no such edge."""
        return self.slot_of.get((source, target))

    @cached_property
    def slot_of(self) -> dict[tuple[int, int], int]:
        """The entry of every edge's weight, in order of the edges; built when first asked for."""
        edges, slots = self.edges, self.edge_slots
        pairs = zip(edges.sources.tolist(), edges.targets.tolist(), strict=True)
        return dict(zip(pairs, slots.tolist(), strict=True))

    @cached_property
    def _edge_table(self) -> tuple[Integers, Integers, Integers]:
        columns: list[tuple[Any, Any, Any]] = []
        for block in self.blocks:
            k = len(block.targets)
            if block.starts is None:
                entries = block.all_slots[:-1].T.ravel()
                columns.append(
                    (np.tile(block.sources, k), block.targets.repeat(len(block.sources)), entries)
                )
                continue
            counts = np.diff(block.starts)
            is_bias = np.zeros(len(block.sources) + k, dtype=bool)
            is_bias[block.starts[1:] + np.arange(k)] = True
            columns.append((block.sources, block.targets.repeat(counts), block.all_slots[~is_bias]))
        if not columns:
            return (np.zeros(0, dtype=np.int64),) * 3
        sources, targets, slots = (np.concatenate(column) for column in zip(*columns, strict=True))
        return sources, targets, slots

    @cached_property
    def edges(self) -> Edges:
        """Every edge, target by target in the order of the blocks."""
        sources, targets, slots = self._edge_table
        ties = None
        if self.tie_of:
            tie_at = np.full(self.n_parameters, -1)
            tie_at[list(self.tie_of.values())] = list(self.tie_of)
            ties = tie_at[slots]
        return Edges(sources, targets, ties)

    @property
    def edge_slots(self) -> Integers:
        """The entry of every edge of `edges`."""
        return self._edge_table[2]

    def owner(self, slot: int) -> tuple[int | None, int]:
        """Return the edge of an entry, that of a tie the first; else (None, target)."""
        for block in self.blocks:
            slots = block.all_slots
            if block.gammas is not None and block.gammas.start <= slot < block.gammas.stop:
                return None, int(block.targets[slot - block.gammas.start])
            if not (slots == slot).any():
                continue
            place = int(np.flatnonzero(slots.ravel() == slot)[0])
            if block.starts is None:
                row, column = divmod(place, len(block.targets))
                is_bias = row == len(block.sources)
                return None if is_bias else int(block.sources[row]), int(block.targets[column])
            ends = block.starts[1:] + np.arange(len(block.targets))
            target = int(np.searchsorted(ends, place))
            source = None if ends[target] == place else int(block.sources[place - target])
            return source, int(block.targets[target])
        raise AssertionError(f"there is no entry {slot}")

    @cached_property
    def tie_at(self) -> dict[int, int]:
        """The tie number of every entry that is shared; the inverse of `tie_of`."""
        return {slot: tie for tie, slot in self.tie_of.items()}

    @cached_property
    def bias_slots(self) -> Integers:
        """The entry of every neuron's bias; -1 for inputs."""
        slots = np.full(self.n_neurons, -1)
        for block in self.blocks:
            slots[block.targets] = block.bias_slots
        return slots

    @cached_property
    def gamma_slots(self) -> Integers:
        """The entry of every neuron's gamma; -1 where its sums are not normalized."""
        slots = np.full(self.n_neurons, -1)
        for block in self.blocks:
            if block.gammas is not None:
                slots[block.targets] = np.arange(block.gammas.start, block.gammas.stop)
        return slots

    @cached_property
    def normalized(self) -> Integers:
        """The neurons whose sums are normalized."""
        return np.flatnonzero(self.gamma_slots >= 0)

    @cached_property
    def reached(self) -> NDArray[np.bool_]:
        """Which neurons a gradient reaches: the outputs, and whatever feeds one of them."""
        reached = np.zeros(self.n_neurons, dtype=bool)
        reached[self.outputs] = True
        for block in reversed(self.blocks):
            read = reached[block.targets]
            if block.kind.coupled:
                # One of them depends on the z of all.
                read = np.full_like(read, read.any())
            if block.starts is None:
                reached[block.sources] |= read.any()
            else:
                reached[block.sources[read.repeat(np.diff(block.starts))]] = True
        return reached

    @staticmethod
    def layered(sizes: Sequence[int], kinds: Sequence[Kind]) -> Wiring:
        """Return layers of these sizes, each fully joined to the one before.

        Parameters
        ----------
        sizes : sequence of int
            Neurons per layer, the input layer first. Neurons are numbered layer by layer.
        kinds : sequence of Kind
            The kind of each layer, the input layer's first.
        """
        distinct = tuple(dict.fromkeys(kinds))
        blocks, first, low = [], 0, 0
        numbers = np.arange(sum(sizes))
        for n_in, n_out, kind in zip(sizes, sizes[1:], kinds[1:], strict=False):
            middle = low + n_in
            sources, targets = numbers[low:middle], numbers[middle : middle + n_out]
            end = first + (n_in + 1) * n_out
            gammas = None if kind.normalization is None else slice(end, end + n_out)
            blocks.append(Block(kind, targets, sources, None, first, gammas=gammas))
            first, low = end if gammas is None else gammas.stop, middle
        kind_of = np.repeat([distinct.index(kind) for kind in kinds], sizes)
        inputs, outputs = numbers[: sizes[0]], numbers[len(numbers) - sizes[-1] :]
        return Wiring(distinct, kind_of, inputs, outputs, tuple(blocks), first, {}, tuple(sizes))
