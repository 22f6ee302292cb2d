"""At which level of a drawing every neuron stands: every edge leads to a later one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from neurosim.network import Network

    Integers = NDArray[np.int64]

__all__ = ["has_own_layers", "levels_of"]

# Of larger graphs few neurons are drawn, and shorter edges would be among those that are not.
MOST_MOVED, ROUNDS = 3000, 6
# The name that a network gives to the neurons at one level of a graph.
_LEVEL = re.compile(r"level\d+")


def has_own_layers(network: Network) -> bool:
    """Whether a person grouped the neurons; else the layers are the levels of a graph."""
    names = [layer.name or "" for layer in network.layers[1:]]
    return network.wiring.sizes is not None or not all(map(_LEVEL.fullmatch, names))


def levels_of(network: Network) -> Integers:
    """Return the level of every neuron, counted from 0.

    Layers that a person made are levels. One that a neuron of the same layer reads is split up:
    its neurons are not computed at once, and could not stand above each other. A graph without
    layers has its inputs at the first level, the outputs that nobody reads at the last, and all
    others where edges skip few levels.
    """
    of, edges = network.position_of[:, 0], network.wiring.edges
    if not has_own_layers(network):
        keys = _shortened(network, _depth(network))[:, np.newaxis]
    elif network.wiring.sizes is not None or (of[edges.sources] < of[edges.targets]).all():
        keys = of[:, np.newaxis]
    else:
        keys = np.column_stack([_depth(network), of])
    levels: Integers = np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1)
    return levels


def _depth(network: Network) -> Integers:
    """Return the length of the longest way to every neuron."""
    depth = np.zeros(network.wiring.n_neurons, dtype=np.int64)
    for block in network.wiring.blocks:
        if block.starts is None:
            depth[block.targets] = 1 + depth[block.sources].max(initial=0)
        else:
            depth[block.targets] = 1 + _largest(depth[block.sources], block.starts)
    return depth


def _largest(values: Integers, starts: Integers) -> Integers:
    """Return the largest value of every part of an array; 0 where a part is empty."""
    largest = np.zeros(len(starts) - 1, dtype=np.int64)
    np.maximum.at(largest, np.repeat(np.arange(len(largest)), np.diff(starts)), values)
    return largest


def _shortened(network: Network, depth: Integers) -> Integers:
    """Return levels with shorter edges.

    The length of all edges together is least where a neuron with more readers than sources
    stands just before the first of them, and one with fewer just after the last source.
    """
    wiring, edges, level = network.wiring, network.wiring.edges, depth.tolist()
    if wiring.n_neurons > MOST_MOVED:
        return depth
    before: list[list[int]] = [[] for _ in level]
    after: list[list[int]] = [[] for _ in level]
    for source, target in zip(edges.sources.tolist(), edges.targets.tolist(), strict=True):
        before[target].append(source)
        after[source].append(target)
    order = [int(n) for block in wiring.blocks for n in block.targets]
    for number in wiring.outputs.tolist():
        if not after[number]:
            level[number] = max(level)
    for _ in range(ROUNDS):
        old = list(level)
        for number in reversed(order):
            if after[number]:
                earliest = 1 + max((level[n] for n in before[number]), default=0)
                latest = min(level[n] for n in after[number]) - 1
                more = len(after[number]) - len(before[number])
                level[number] = latest if more > 0 else earliest if more < 0 else level[number]
        if level == old:
            break
    return np.array(level, dtype=np.int64)
