"""Making and cutting single edges of a network, with every other parameter kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.building import rewired
from neurosim.checks import finite_array
from neurosim.errors import ArgumentError, WiringError
from neurosim.initializers import drawn
from neurosim.wiring import Edges

if TYPE_CHECKING:
    from neurosim.edge import Edge
    from neurosim.network import Network
    from neurosim.neurons import Kind
    from neurosim.wiring import Wiring

__all__ = ["connect", "disconnect", "exchange_kind"]


def connect(network: Network, source: Any, target: Any, weight: Any, tied: str | None) -> Edge:
    """Make an edge; see `Network.connect`."""
    u, v = network.directory.neuron(source), network.directory.neuron(target)
    label = f"{network.labels[u]}->{network.labels[v]}"
    if network.wiring.slot(u, v) is not None:
        raise WiringError(
            f"Network.connect: the edge {label!r} exists; set its weight with "
            f"net[{label!r}].weight = ..."
        )
    if u == v or network.wiring.is_input(v):
        why = "join a neuron to itself" if u == v else "lead into an input, which X fills"
        raise WiringError(f"Network.connect: the edge {label!r} would {why}; name another target.")
    edges, tie_names = network.wiring.edges, network.tie_names
    shared = None
    ties = edges.ties
    tie = -1
    if tied is not None:
        tie_names = tie_names if str(tied) in tie_names else (*tie_names, str(tied))
        tie = tie_names.index(str(tied))
        shared = network.wiring.tie_of.get(tie)
        ties = np.full(len(edges), -1) if ties is None else ties
    value = _weight(network, label, weight, shared, tied)
    more = Edges(
        np.append(edges.sources, u),
        np.append(edges.targets, v),
        None if ties is None else np.append(ties, tie),
    )
    slot = _rewire(network, more, np.arange(len(edges)), tie_names)[-1]
    if value is None:
        value = _drawn(network, v)
    network.parameters[slot] = value
    if shared is None:
        network.start[slot] = value
    return network.directory.edge(network.neurons[u], network.neurons[v])


def _weight(
    network: Network, label: str, weight: Any, shared: int | None, tied: Any
) -> float | None:
    """Return the weight that was given, or that of the tie; None where it is to be drawn."""
    given = None
    if weight is not None:
        what = f"Network.connect: edge {label!r}: weight"
        given = float(finite_array(weight, what, dimensions=0, dtype=network.dtype))
    if shared is None:
        return given
    held = float(network.parameters[shared])
    if given is not None and given != held:
        raise ArgumentError(
            f"Network.connect: edge {label!r}: the edges tied as {str(tied)!r} share the weight "
            f"{held}; got {given}. Leave the weight out, or use another tie."
        )
    return held


def _drawn(network: Network, target: int) -> float:
    n_in = len(network.wiring.incoming(target)[0])
    initializer = network.kind_of(target).neuron.initializer
    return float(drawn(initializer, network.streams.initial, (1,), n_in, 1)[0])


def disconnect(network: Network, source: Any, target: Any) -> None:
    """Cut an edge; see `Network.disconnect`."""
    edge = network.directory.edge(source, target)
    edges = network.wiring.edges
    u, v = (network.directory.neuron(end) for end in (edge.source, edge.target))
    keep = np.flatnonzero(~((edges.sources == u) & (edges.targets == v)))
    ties = None if edges.ties is None else edges.ties[keep]
    fewer = Edges(edges.sources[keep], edges.targets[keep], ties)
    _rewire(network, fewer, keep, network.tie_names)


def exchange_kind(network: Network, number: int, kind: Kind) -> None:
    """Let a neuron be of another kind, normalized as before; every parameter keeps its value."""
    wiring = network.wiring
    kinds, kind_of = (*wiring.kinds, kind), wiring.kind_of.copy()
    kind_of[number] = len(wiring.kinds)
    changed = replace(wiring, kinds=kinds, kind_of=kind_of)
    edges = wiring.edges
    _rewire(network, edges, np.arange(len(edges)), network.tie_names, changed)
    # The neurons were made of their kinds.
    vars(network).pop("neurons", None)


def _rewire(
    network: Network,
    edges: Edges,
    kept: Any,
    tie_names: tuple[str, ...],
    wanted: Wiring | None = None,
) -> Any:
    """Wire the network anew; `kept` are the old positions of the first edges. Returns the slots.

    ``wanted`` has the kinds of the neurons, where they change.
    """
    old = network.wiring
    like = old if wanted is None else wanted
    wiring, slots = rewired(like, edges, network.coupled_in, network.labels.__getitem__)
    computed = np.flatnonzero(wiring.bias_slots >= 0)
    scaled = wiring.normalized
    before = [old.edge_slots[kept], old.bias_slots[computed], old.gamma_slots[scaled]]
    after = [slots[: len(kept)], wiring.bias_slots[computed], wiring.gamma_slots[scaled]]
    network.rewire(wiring, (np.concatenate(before), np.concatenate(after)), tie_names)
    return slots
