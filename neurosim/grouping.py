"""From a list of edges to blocks: the order of computation, and what can be computed at once.

Everything here works on whole arrays, so that ten million edges take seconds. The order of the
neurons is that of their *level*, the length of the longest path from a neuron without sources.
Coupled neurons (softmax) are computed together and so share one level.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.errors import WiringError
from neurosim.wiring import Block, Edges, Wiring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from neurosim.neurons import Kind

    Integers = NDArray[np.int64]

__all__ = ["Grouping", "stable_order"]

# Fewer weights than this are not worth a matrix product of their own.
_SMALLEST_MATRIX = 16


class Grouping:
    """The making of one `Wiring` of any acyclic graph, in time linear in its edges, sorting apart.

    Parameters
    ----------
    kinds, kind_of
        The kinds that occur, and each neuron's position among them.
    edges : Edges
        The order of the edges into a neuron is the order of its weights.
    inputs, outputs : arrays
        Neuron numbers.
    layer_of : array
        For coupled neurons, the number of the layer they are coupled in, or -1 for "those with
        the same sources".
    name : callable
        A neuron's label, for messages.

    Raises
    ------
    WiringError
        A self-loop, an edge twice, an edge into an input, or a cycle.
    """

    def __init__(
        self,
        kinds: tuple[Kind, ...],
        kind_of: Integers,
        edges: Edges,
        inputs: Integers,
        outputs: Integers,
        layer_of: Integers,
        name: Callable[[int], str],
    ) -> None:
        self.kinds, self.kind_of = kinds, kind_of
        self.inputs, self.outputs = inputs, outputs
        self.layer_of, self.name = layer_of, name
        self._check(edges)
        # Edges by target; stable, so that those into one neuron keep their order.
        self.order = stable_order(edges.targets)
        self.sources, self.targets = edges.sources[self.order], edges.targets[self.order]
        self.ties = None if edges.ties is None else edges.ties[self.order]
        self.counts = np.bincount(self.targets, minlength=self.n)
        self.starts = np.concatenate([[0], np.cumsum(self.counts)])

    @property
    def n(self) -> int:
        """The number of neurons."""
        return len(self.kind_of)

    def _check(self, edges: Edges) -> None:
        loops = np.flatnonzero(edges.sources == edges.targets)
        if len(loops):
            label = self.name(int(edges.sources[loops[0]]))
            raise WiringError(
                f"Network: neuron {label!r} has an edge to itself; a feed-forward network "
                "computes every neuron once, so remove that edge."
            )
        is_input = np.zeros(self.n, dtype=bool)
        is_input[self.inputs] = True
        into = np.flatnonzero(is_input[edges.targets])
        if len(into):
            source, target = (self.name(int(e[into[0]])) for e in (edges.sources, edges.targets))
            raise WiringError(
                f"Network: the edge {source!r} -> {target!r} leads into an input neuron; "
                f"remove it, or leave {target!r} out of the inputs."
            )
        keys = np.sort(edges.targets.astype(np.int64) * self.n + edges.sources)
        twice = np.flatnonzero(keys[1:] == keys[:-1])
        if len(twice):
            target, source = (self.name(int(i)) for i in divmod(int(keys[twice[0]]), self.n))
            raise WiringError(
                f"Network: there are two edges {source!r} -> {target!r}; two neurons are joined "
                "by one edge, so add the two weights up."
            )

    @cached_property
    def rows(self) -> NDArray[np.uint64]:
        """A number per neuron that is equal where the sources are equal, in the same order."""
        return self._mixed(np.arange(len(self.sources)) - self.starts[self.targets])

    @cached_property
    def row_sets(self) -> NDArray[np.uint64]:
        """A number per neuron that is equal where the sources are equal, in any order."""
        return self._mixed(np.zeros(len(self.sources), dtype=np.int64))

    def _mixed(self, place: Integers) -> NDArray[np.uint64]:
        if not len(self.sources):
            return np.zeros(self.n, dtype=np.uint64)
        # A 64-bit mix of (source, place in the row), added up row by row, wrapping around.
        mixed = (self.sources.astype(np.uint64) << np.uint64(32)) ^ place.astype(np.uint64)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed, dtype=np.uint64)])
        return np.asarray(sums[self.starts[1:]] - sums[self.starts[:-1]])

    @cached_property
    def unit(self) -> Integers:
        """For coupled neurons the first neuron of their group, for others the neuron itself."""
        unit = np.arange(self.n)
        coupled_kinds = np.array([kind.coupled for kind in self.kinds], dtype=bool)
        first: dict[Any, int] = {}
        for neuron in np.flatnonzero(coupled_kinds[self.kind_of]).tolist():
            layer = int(self.layer_of[neuron])
            sources = int(self.row_sets[neuron]), int(self.counts[neuron])
            place = (layer,) if layer >= 0 else (-1, *sources)
            unit[neuron] = first.setdefault((int(self.kind_of[neuron]), *place), neuron)
        return unit

    @cached_property
    def level(self) -> Integers:
        """The level of every neuron; raises `WiringError` where there is none."""
        level = _levels(self.unit[self.sources], self.unit[self.targets], self.n)[self.unit]
        if (level >= 0).all():
            return level
        plain = _levels(self.sources, self.targets, self.n)
        if (plain < 0).any():
            labels = " -> ".join(self.name(neuron) for neuron in self._cycle(plain < 0))
            raise WiringError(
                f"Network: the edges run in a circle, {labels}; remove one of them, as every "
                "neuron must be computed after its sources."
            )
        neuron = int(np.flatnonzero((level < 0) & (self.unit != np.arange(self.n)))[0])
        raise WiringError(
            f"Network: neuron {self.name(neuron)!r} is coupled with the other "
            f"{self.kinds[self.kind_of[neuron]].name}s of its layer, but one of them feeds "
            "another; give them different 'layer' attributes."
        )

    def _cycle(self, left: NDArray[np.bool_]) -> list[int]:
        """Walk back from a neuron without a level, through such neurons only, until one recurs."""
        path = [int(np.flatnonzero(left)[0])]
        seen = {path[0]: 0}
        while True:
            sources = self.sources[self.starts[path[-1]] : self.starts[path[-1] + 1]]
            source = int(sources[left[sources]][0])
            path.append(source)
            if source in seen:
                return path[seen[source] :][::-1]
            seen[source] = len(path) - 1

    def _members(self) -> Iterator[Integers]:
        """Yield the neurons of each block, in order of computation."""
        coupled = np.array([kind.coupled for kind in self.kinds], dtype=bool)[self.kind_of]
        _, row_class = np.unique(self.rows, return_inverse=True)
        tied = np.zeros(self.n, dtype=bool)
        if self.ties is not None:
            tied[self.targets[self.ties >= 0]] = True
        class_size = np.bincount(row_class[~tied], minlength=row_class.max(initial=0) + 1)[
            row_class
        ]
        matrix = ~coupled & ~tied & (class_size > 1)
        matrix &= class_size * np.maximum(self.counts, 1) >= _SMALLEST_MATRIX
        keys = np.stack(
            [
                np.where(matrix, row_class + 1, 0),
                np.where(coupled, self.unit + 1, 0),
                self.kind_of,
                self.level,
            ]
        )
        computed = np.ones(self.n, dtype=bool)
        computed[self.inputs] = False
        neurons = np.flatnonzero(computed)
        if not len(neurons):
            return
        neurons = neurons[np.lexsort(keys[:, neurons])]
        changes = (keys[:, neurons[1:]] != keys[:, neurons[:-1]]).any(axis=0)
        yield from np.split(neurons, np.flatnonzero(changes) + 1)

    def _share_sources(self, members: Integers) -> bool:
        first, count = int(self.starts[members[0]]), int(self.counts[members[0]])
        if self.ties is not None and (self.ties[_ranges(self.starts, members)] >= 0).any():
            return False
        if (self.counts[members] != count).any():
            return False
        rows = self.sources[_ranges(self.starts, members)].reshape(len(members), count)
        return bool((rows == self.sources[first : first + count]).all())

    def wiring(self) -> Wiring:
        """Return the finished wiring."""
        blocks: list[Block] = []
        first = 0
        tie_slots = np.full(0 if self.ties is None else int(self.ties.max(initial=-1)) + 1, -1)
        for members in self._members():
            kind = self.kinds[self.kind_of[members[0]]]
            if self._share_sources(members):
                begin = int(self.starts[members[0]])
                shared = self.sources[begin : begin + int(self.counts[members[0]])]
                block = Block(kind, members, shared, None, first)
                first += (len(shared) + 1) * len(members)
            else:
                block, first = self._sparse(kind, members, first, tie_slots)
            if kind.normalization is not None:
                block = replace(block, gammas=slice(first, first + len(members)))
                first += len(members)
            blocks.append(block)
        tie_of = {tie: slot for tie, slot in enumerate(tie_slots.tolist()) if slot >= 0}
        return Wiring(
            self.kinds, self.kind_of, self.inputs, self.outputs, tuple(blocks), first, tie_of
        )

    def _sparse(
        self, kind: Kind, members: Integers, first: int, tie_slots: Integers
    ) -> tuple[Block, int]:
        edges = _ranges(self.starts, members)
        starts = np.concatenate([[0], np.cumsum(self.counts[members])])
        length = len(edges) + len(members)
        ties = None if self.ties is None else self.ties[edges]
        if ties is None or (ties < 0).all():
            return Block(kind, members, self.sources[edges], starts, first), first + length
        entry_ties = np.full(length, -1)
        is_edge = np.ones(length, dtype=bool)
        is_edge[starts[1:] + np.arange(len(members))] = False
        entry_ties[is_edge] = ties
        # An entry gets a number of its own unless its tie has one already.
        known, at = np.unique(entry_ties, return_index=True)
        own = entry_ties < 0
        own[at[(known >= 0) & (tie_slots[known] < 0)]] = True
        slots = first + np.cumsum(own) - 1
        fresh = own & (entry_ties >= 0)
        tie_slots[entry_ties[fresh]] = slots[fresh]
        slots = np.where(entry_ties >= 0, tie_slots[entry_ties], slots)
        block = Block(kind, members, self.sources[edges], starts, first, slots)
        return block, first + int(own.sum())


def stable_order(numbers: Integers) -> Integers:
    """Return the positions that sort numbers from 0 to 2^31 - 1, equal ones in their order.

    Number and position are sorted as one integer, which NumPy does many times faster than
    ``argsort(kind="stable")``.

    >>> stable_order(np.array([3, 1, 3, 0]))
    array([3, 1, 0, 2])
    """
    positions = np.arange(len(numbers))
    if (numbers[1:] >= numbers[:-1]).all():
        return positions
    if len(numbers) >= 1 << 32:
        return np.argsort(numbers, kind="stable")
    packed = (numbers.astype(np.int64) << 32) | positions
    packed.sort()
    packed &= (1 << 32) - 1
    return packed


def _ranges(starts: Integers, members: Integers) -> Integers:
    """Return the positions starts[m], ..., starts[m + 1] - 1 for every m of `members` in turn."""
    counts = starts[members + 1] - starts[members]
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) + (starts[members] - ends + counts).repeat(
        counts
    )


def _levels(sources: Integers, targets: Integers, n: int) -> Integers:
    """Return the length of the longest path into each neuron; -1 on a cycle and after one."""
    waiting = np.bincount(targets, minlength=n)
    outgoing = targets[stable_order(sources)]
    starts = np.concatenate([[0], np.cumsum(np.bincount(sources, minlength=n))])
    level = np.full(n, -1)
    ready, depth = np.flatnonzero(waiting == 0), 0
    while len(ready):
        level[ready] = depth
        reached = outgoing[_ranges(starts, ready)]
        np.subtract.at(waiting, reached, 1)
        ready, depth = np.unique(reached[waiting[reached] == 0]), depth + 1
    return level
