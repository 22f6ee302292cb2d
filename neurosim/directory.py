"""Who is meant: from what a person writes to a neuron, an edge or a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.edge import Edge
from neurosim.errors import (
    ArgumentError,
    UnknownEdgeError,
    UnknownLayerError,
    UnknownNeuronError,
    nearest,
)
from neurosim.layers import BaseLayer
from neurosim.neurons import Neuron
from neurosim.places import LayerPlace, NeuronPlace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.network import Network

__all__ = ["Directory"]


_WITHOUT = {
    "bias": "; an input is given, not computed",
    "gamma": ", as its sums are not normalized",
}


class Directory:
    """Looks things up in one network: by label, by the node of a person's graph, by object."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._by_label = {label: number for number, label in enumerate(network.labels)}
        nodes = network.nodes
        self._by_node = {} if nodes is None else {node: i for i, node in enumerate(nodes)}

    def find(self, key: Any) -> int | None:
        """Return the number of a neuron, or None where nothing of that name is known."""
        if isinstance(key, Neuron):
            place = key._place
            if isinstance(place, NeuronPlace) and place.network is self._network:
                return place.number
            # A graph of neurons, such as another network's, has them as its nodes.
            return self._by_node.get(key)
        try:
            if key in self._by_node:
                return self._by_node[key]
        except TypeError:
            return None
        return self._by_label.get(key if isinstance(key, str) else str(key))

    def neuron(self, key: Any) -> int:
        """Return the number of a neuron, or raise `UnknownNeuronError`."""
        number = self.find(key)
        if number is None:
            raise UnknownNeuronError(self._unknown(key))
        return number

    def _unknown(self, key: Any) -> str:
        if not isinstance(key, Neuron):
            return f"Network: there is no neuron {str(key)!r}. {nearest(str(key), self._by_label)}"
        kind, label = type(key).__name__, key.label
        if label is None:
            return (
                f"Network: the {kind} given stands alone, in no network; use one of this network, "
                f"such as net[{next(iter(self._by_label))!r}]."
            )
        known = label in self._by_label
        remedy = f"use net[{label!r}] of this one." if known else nearest(label, self._by_label)
        return f"Network: the {kind} {label!r} belongs to another network; {remedy}"

    def edge(self, source: Any, target: Any) -> Edge:
        """Return an edge, or raise `UnknownEdgeError`."""
        pair = self.neuron(source), self.neuron(target)
        if self._network.wiring.slot(*pair) is None:
            u, v = (self._network.labels[number] for number in pair)
            wiring = self._network.wiring
            feeding = [] if wiring.is_input(pair[1]) else wiring.incoming(pair[1])[0].tolist()
            fed = [self._network.labels[number] for number in feeding]
            about = (
                nearest(u, fed).replace("Known:", f"Edges into {v!r} come from")
                if fed
                else (f"No edge leads into {v!r}.")
            )
            raise UnknownEdgeError(f"Network: there is no edge {u!r} -> {v!r}. {about}")
        return Edge(self._network, *pair)

    def item(self, key: Any) -> Any:
        """Return what ``net[key]`` means: a neuron, or an edge for a pair or ``"a->b"``."""
        number = self.find(key)
        if number is not None:
            return self._network.neurons[number]
        if isinstance(key, tuple) and len(key) == 2:
            return self.edge(*key)
        if isinstance(key, str) and "->" in key:
            return self.edge(*(part.strip() for part in key.split("->", 1)))
        return self._network.neurons[self.neuron(key)]

    def parameters(self, what: Any) -> list[int]:
        """Return the entries of the parameters that an edge, a neuron or a layer stands for.

        ``"label.bias"`` and ``"label.gamma"`` are those alone.
        """
        if isinstance(what, str) and self.find(what) is None:
            label, _, ending = what.rpartition(".")
            if ending in ("bias", "gamma"):
                slot = int(getattr(self._network.wiring, f"{ending}_slots")[self.neuron(label)])
                if slot < 0:
                    raise ArgumentError(f"Network: {label!r} has no {ending}{_WITHOUT[ending]}.")
                return [slot]
        return self.slots(what, True, True)

    def parameter(self, what: Any) -> int:
        """Return the one entry of the parameters that an edge or ``"label.bias"`` stands for."""
        slots = self.parameters(what)
        if len(slots) != 1:
            raise ArgumentError(
                f"Network: {str(what)!r} stands for {len(slots)} parameters, but one is meant; "
                f"name an edge such as 'a->b', or a bias such as "
                f"'{self._network.labels[-1]}.bias'."
            )
        return slots[0]

    def neurons(self, what: Any) -> list[int]:
        """Return the numbers of the neurons that a neuron, a layer, a label or a list means."""
        if isinstance(what, list):
            return [number for one in what for number in self.neurons(one)]
        if isinstance(what, BaseLayer):
            return self._layer(what)
        found = self._layer_named(what)
        return [self.neuron(what)] if found is None else found

    def slots(self, what: Any, weights: bool, biases: bool) -> list[int]:
        """Return the entries of the parameters that `freeze` and `unfreeze` speak of."""
        if what is None:
            numbers: Iterable[int] = range(self._network.wiring.n_neurons)
        elif isinstance(what, BaseLayer):
            numbers = self._layer(what)
        elif isinstance(what, Edge):
            if what._network is not self._network:
                raise UnknownEdgeError(
                    f"Network: the edge {what.label!r} belongs to another network; use "
                    f"net[{what.label!r}] of this one."
                )
            return [what.slot] if weights else []
        else:
            found = self._layer_named(what)
            if found is None:
                item = self.item(what)
                if isinstance(item, Edge):
                    return [item.slot] if weights else []
                found = [self.neuron(item)]
            numbers = found
        return self._slots_of(numbers, what, weights, biases)

    def _layer(self, layer: BaseLayer) -> list[int]:
        place = layer._place
        if not isinstance(place, LayerPlace) or place._network is not self._network:
            raise UnknownLayerError(
                f"Network: {layer!r} is no layer of this network; use net.layers[...] or its name."
            )
        return place.numbers.tolist()  # type: ignore[no-any-return]

    def _layer_named(self, name: Any) -> list[int] | None:
        if not isinstance(name, str) or self.find(name) is not None or "->" in name:
            return None
        for layer in self._network.layers:
            if layer.name == name:
                return self._layer(layer)
        names = [layer.name for layer in self._network.layers if layer.name]
        raise UnknownNeuronError(
            f"Network: there is no neuron, edge or layer {name!r}. "
            + nearest(name, [*self._by_label, *names])
        )

    def _slots_of(
        self, numbers: Iterable[int], what: Any, weights: bool, biases: bool
    ) -> list[int]:
        wiring = self._network.wiring
        computed = [number for number in numbers if not wiring.is_input(number)]
        if not computed:
            raise ArgumentError(
                f"Network: {str(what)!r} holds inputs only, which have no weights and no bias; "
                "name the neurons or layers that read them."
            )
        entries = range(wiring.n_parameters)
        slots: list[int] = []
        for number in computed:
            _, own, bias = wiring.incoming(number)
            if weights:
                slots += list(entries[own]) if isinstance(own, slice) else own.tolist()
            if biases:
                slots.append(bias)
                if wiring.gamma_slots[number] >= 0:
                    slots.append(int(wiring.gamma_slots[number]))
        return slots
