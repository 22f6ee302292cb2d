"""The live networkx view of a network: nodes are its neurons, edges its synapses.

`LiveGraph` is a `networkx.DiGraph` whose attributes are read from, and written to, the network's
two vectors, so that it never needs a sync. Its structure belongs to the network: it refuses to be
mutated. Whatever networkx derives from it (copies, subgraphs, reversals) is an ordinary, mutable
`networkx.DiGraph` with plain dicts.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from types import FunctionType
from typing import TYPE_CHECKING, Any, NoReturn

import networkx as nx

from neurosim.checks import counted, flag
from neurosim.edge import Edge
from neurosim.errors import LiveGraphError

if TYPE_CHECKING:
    from neurosim.network import Network

__all__ = ["LiveGraph"]


class _LiveData(MutableMapping[str, Any]):
    """Attributes of a node or an edge: some live on the network, others a person's own."""

    __slots__ = ("_network", "_own")

    def __init__(self, network: Network) -> None:
        self._network = network
        self._own: dict[str, Any] = {}

    def _live(self) -> dict[str, Any]:
        raise AssertionError("stated by the two subclasses")

    def _write(self, key: str, value: Any) -> bool:
        raise AssertionError("stated by the two subclasses")

    def __getitem__(self, key: str) -> Any:
        live = self._live()
        return live[key] if key in live else self._own[key]

    def __setitem__(self, key: str, value: Any) -> None:
        if not self._write(key, value):
            self._own[key] = value

    def __delitem__(self, key: str) -> None:
        if key in self._live():
            raise LiveGraphError(
                f"net.graph: {key!r} belongs to the network and cannot be deleted; "
                "take a copy, net.graph.copy(), to change it freely."
            )
        del self._own[key]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._live(), **self._own})

    def __len__(self) -> int:
        return len({**self._live(), **self._own})

    def copy(self) -> dict[str, Any]:
        """Return the attributes as they are now, in a plain dict."""
        return {**self._live(), **self._own} if self._own else self._live()

    __copy__ = copy

    def __deepcopy__(self, memo: Any) -> dict[str, Any]:
        return self.copy()

    def __repr__(self) -> str:
        return repr(self.copy())


class EdgeData(_LiveData):
    """``weight`` and ``gradient`` as floats, ``frozen``, and ``tied`` where the edge is tied."""

    __slots__ = ("_pair",)

    def __init__(self, network: Network, source: int, target: int) -> None:
        super().__init__(network)
        self._pair = (source, target)

    @property
    def _edge(self) -> Edge:
        return Edge(self._network, *self._pair)

    def __getitem__(self, key: str) -> Any:
        # The one hot path: algorithms ask every edge for its weight.
        if key == "weight":
            return self._edge.weight
        return super().__getitem__(key)

    def _live(self) -> dict[str, Any]:
        # Copies of the graph ask this of every edge, and so it goes by no `Edge`.
        network = self._network
        slot = network.wiring.slot_of.get(self._pair)
        if slot is None:
            slot = self._edge.slot  # Raises, as the edge has been disconnected.
        live = {
            "weight": network.parameters.item(slot),
            "gradient": network.gradient.item(slot),
            "frozen": network.frozen.item(slot),
        }
        tied = network.tie_name(slot) if network.tie_names else None
        return live if tied is None else {**live, "tied": tied}

    def _write(self, key: str, value: Any) -> bool:
        if key in ("weight", "gradient"):
            setattr(self._edge, key, value)
        elif key == "frozen":
            held = flag(value, "net.graph: frozen")
            (self._network.freeze if held else self._network.unfreeze)(self._edge)
        elif key == "tied":
            raise LiveGraphError(
                "net.graph: ties are made when a network is; use net.disconnect(source, target) "
                "and net.connect(source, target, tied=...)."
            )
        else:
            return False
        return True


class NodeData(_LiveData):
    """``neuron`` (the kind), ``label``, and ``bias``, ``layer``, ``frozen`` where they apply.

    Of a normalized neuron ``gamma``, ``running_mean`` and ``running_variance``, too.
    """

    __slots__ = ("_number",)

    def __init__(self, network: Network, number: int) -> None:
        super().__init__(network)
        self._number = number

    def _live(self) -> dict[str, Any]:
        network, number = self._network, self._number
        neuron = network.neurons[number]
        live: dict[str, Any] = {"neuron": network.kind_of(number).recipe, "label": neuron.label}
        if network.layer_is_given(number):
            live["layer"] = neuron.layer
        if not network.wiring.is_input(number):
            live["bias"] = neuron.bias
            if network.frozen[network.wiring.bias_slots[number]]:
                live["frozen"] = True
            if neuron.gamma is not None:
                live["gamma"] = neuron.gamma
                live["running_mean"] = neuron.running_mean
                live["running_variance"] = neuron.running_variance
        return live

    def _write(self, key: str, value: Any) -> bool:
        if key == "bias":
            self._network.neurons[self._number].bias = value
        elif key == "gamma" and key in self._live():
            self._network.neurons[self._number].gamma = value
        elif key in self._live() or key in ("neuron", "label", "layer", "frozen"):
            raise LiveGraphError(
                f"net.graph: {key!r} of a node belongs to the network; change a copy, "
                "net.graph.copy(), and make a network of it with Network.from_graph."
            )
        else:
            return False
        return True


def _ordinary(network: Network) -> Any:
    return network.graph.copy()


def _refuse(remedy: str) -> Any:
    def method(self: LiveGraph, *args: Any, **kwargs: Any) -> NoReturn:
        raise LiveGraphError(
            "net.graph is the live view of a network and cannot be mutated; "
            f"{remedy}, or take a copy: net.graph.copy()."
        )

    method.__doc__ = f"Refuse: {remedy}."
    return method


class LiveGraph(nx.DiGraph):
    """The view of one network; made without one, it is an ordinary `networkx.DiGraph`."""

    def __new__(cls, network: Network | None = None, *args: Any, **attributes: Any) -> Any:
        """Return the live view of a network; without one, an ordinary `networkx.DiGraph`."""
        # networkx derives graphs by calling the class: those are to be ordinary ones.
        if network is None or args or attributes or isinstance(network, nx.Graph):
            return nx.DiGraph(network, *args, **attributes)
        return super().__new__(cls)

    def __init__(self, network: Network) -> None:
        super().__init__()
        self._network = network
        self.follow()

    def follow(self) -> None:
        """Take over the network's wiring, after it has changed, in place."""
        network, neurons = self._network, self._network.neurons
        known = {u: dict(row) for u, row in self._adj.items()}
        self._adj.clear()
        self._pred.clear()
        for number, neuron in enumerate(neurons):
            if neuron not in self._node:
                self._node[neuron] = NodeData(network, number)
            self._adj[neuron], self._pred[neuron] = {}, {}
        for source, target in network.wiring.slot_of:
            u, v = neurons[source], neurons[target]
            data = known.get(u, {}).get(v) or EdgeData(network, source, target)
            self._adj[u][v] = self._pred[v][u] = data
        getattr(self, "__networkx_cache__", {}).clear()

    def copy(self, as_view: bool = False) -> Any:
        """Return an ordinary `networkx.DiGraph` with the numbers as they are now."""
        if as_view:
            return super().copy(as_view=True)
        network = self._network
        slot_of, tie_at = network.wiring.slot_of, network.wiring.tie_at
        weight, gradient = network.parameters.tolist(), network.gradient.tolist()
        frozen, names = network.frozen.tolist(), network.tie_names

        def plain(data: EdgeData) -> dict[str, Any]:
            # `data.copy()`, with the vectors read once for all edges.
            i = slot_of[data._pair]
            live = {"weight": weight[i], "gradient": gradient[i], "frozen": frozen[i]}
            if i in tie_at:
                live["tied"] = names[tie_at[i]]
            return {**live, **data._own} if data._own else live

        graph = nx.DiGraph()
        graph.graph.update(self.graph)
        graph.add_nodes_from((node, data.copy()) for node, data in self._node.items())
        graph.add_edges_from(
            (u, v, plain(data)) for u, row in self._adj.items() for v, data in row.items()
        )
        return graph

    def to_directed_class(self) -> Any:
        """Return networkx's own class: what is derived is an ordinary graph."""
        return nx.DiGraph

    def to_undirected_class(self) -> Any:
        """Return networkx's own class: what is derived is an ordinary graph."""
        return nx.Graph

    def __copy__(self) -> Any:
        return self.copy()

    def __reduce__(self) -> Any:
        # What a pickle or a deep copy gives is derived, too: an ordinary graph, of other neurons.
        return _ordinary, (self._network,)

    def __setattr__(self, name: str, value: Any) -> None:
        # `nx.freeze` would put a refusal of its own before those below, which name the remedy.
        if not isinstance(vars(LiveGraph).get(name), FunctionType):
            super().__setattr__(name, value)

    def __repr__(self) -> str:
        neurons = counted(self.number_of_nodes(), "neuron")
        return f"<net.graph: {neurons}, {counted(self.number_of_edges(), 'edge')}>"

    add_node = _refuse("neurons are given when a network is made")
    add_nodes_from = _refuse("neurons are given when a network is made")
    remove_node = _refuse("cut a neuron off with net.disconnect(source, target)")
    remove_nodes_from = _refuse("cut a neuron off with net.disconnect(source, target)")
    add_edge = _refuse("use net.connect(source, target, weight=...)")
    add_edges_from = _refuse("use net.connect(source, target, weight=...)")
    add_weighted_edges_from = _refuse("use net.connect(source, target, weight=...)")
    remove_edge = _refuse("use net.disconnect(source, target)")
    remove_edges_from = _refuse("use net.disconnect(source, target)")
    update = _refuse("use net.connect(source, target, weight=...)")
    clear = _refuse("use net.disconnect(source, target)")
    clear_edges = _refuse("use net.disconnect(source, target)")
