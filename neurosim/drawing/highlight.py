"""Which neurons and edges stand out of a drawing; the rest of it fades."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.edge import Edge
from neurosim.tracing.steps import Step

if TYPE_CHECKING:
    from neurosim.network import Network

__all__ = ["Highlight"]

# A number among the terms of a step: w[a->b], a[x1], s'(z[h]), dJ/dw[a->b].
_NAMED = re.compile(r"\[(.*)\]")
_OWN = re.compile(r"\.(bias|gamma)$")


@dataclass(frozen=True)
class Highlight:
    """Neurons, by number, and edges, as pairs of them.

    Attributes
    ----------
    neurons : frozenset of int
    edges : frozenset of (int, int)
    """

    neurons: frozenset[int]
    edges: frozenset[tuple[int, int]]

    @classmethod
    def of(cls, network: Network, what: Any, *, feeding: bool = False) -> Highlight | None:
        """Return what a person wants to stand out, or None for no highlight.

        Parameters
        ----------
        network : Network
        what : label, neuron, layer, edge, Step, or a list of these
            Edges are ``"a->b"``, a pair or an `Edge`, and stand out with their neurons. Of
            neurons alone, those of a path or of a part of the network, the edges between them
            do, too. A `Step` of a trace has its subject and all that it was made of.
        feeding : bool
            Whether everything that feeds them stands out, too.

        Raises
        ------
        UnknownNeuronError, UnknownEdgeError
            Something is not in the network; the message has the nearest labels.
        """
        if what is None:
            return None
        neurons, edges = _found(network, what)
        if feeding:
            return cls(*_upstream(network, neurons | {n for pair in edges for n in pair}, edges))
        if not edges and not isinstance(what, Step):
            edges = _between(network, neurons)
        return cls(frozenset(neurons | {n for pair in edges for n in pair}), frozenset(edges))

    def of_edges(self, sources: Any, targets: Any) -> Any:
        """Return which of some edges stand out, as a mask."""
        pairs = zip(sources.tolist(), targets.tolist(), strict=True)
        return np.fromiter((pair in self.edges for pair in pairs), dtype=bool, count=len(sources))


def _found(network: Network, what: Any) -> tuple[set[int], set[tuple[int, int]]]:
    """Return the neurons and the edges that something stands for."""
    if isinstance(what, Step):
        return _of_step(network, what)
    if isinstance(what, Edge):
        network.directory.slots(what, True, True)  # raises for an edge of another network
        return set(), {what._pair}
    if _is_pair(network, what):
        return set(), {network.directory.edge(*what)._pair}
    if isinstance(what, list | tuple | set | frozenset):
        found = [_found(network, one) for one in what]
        return {n for one, _ in found for n in one}, {e for _, some in found for e in some}
    if isinstance(what, str) and "->" in what:
        return set(), {network.directory.item(what)._pair}
    return set(network.directory.neurons(what)), set()


def _is_pair(network: Network, what: Any) -> bool:
    """Whether something is an edge as a pair of neurons, and no node of a person's own graph."""
    find = network.directory.find
    return (
        isinstance(what, tuple)
        and len(what) == 2
        and find(what) is None
        and all(find(one) is not None for one in what)
    )


def _of_step(network: Network, step: Step) -> tuple[set[int], set[tuple[int, int]]]:
    names = [step.subject, *(m[1] for term, _ in step.terms for m in _NAMED.finditer(term))]
    neurons, edges = set(), set()
    for name in names:
        number = network.directory.find(name)
        if number is None:
            number = network.directory.find(_OWN.sub("", name))
        if number is not None:
            neurons.add(number)
        elif "->" in name:
            edges.add(network.directory.item(name)._pair)
    return neurons, edges


def _between(network: Network, neurons: set[int]) -> set[tuple[int, int]]:
    edges, inside = network.wiring.edges, np.zeros(network.wiring.n_neurons, dtype=bool)
    inside[list(neurons)] = True
    kept = inside[edges.sources] & inside[edges.targets]
    return set(zip(edges.sources[kept].tolist(), edges.targets[kept].tolist(), strict=True))


def _upstream(
    network: Network, neurons: set[int], edges: set[tuple[int, int]]
) -> tuple[frozenset[int], frozenset[tuple[int, int]]]:
    """Return some neurons, all that leads to them, and the edges on which it does."""
    lit = np.zeros(network.wiring.n_neurons, dtype=bool)
    # What an edge feeds is not asked about: only what feeds the edge.
    lit[list(neurons - {target for _, target in edges} | {source for source, _ in edges})] = True
    for block in reversed(network.wiring.blocks):
        for target in np.flatnonzero(lit[block.targets]).tolist():
            lit[network.wiring.incoming(int(block.targets[target]))[0]] = True
    pairs = network.wiring.edges
    leading = lit[pairs.targets]
    fed = set(zip(pairs.sources[leading].tolist(), pairs.targets[leading].tolist(), strict=True))
    numbers = set(np.flatnonzero(lit).tolist()) | neurons
    return frozenset(numbers), frozenset(fed | edges)
