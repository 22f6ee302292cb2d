"""From plain data to a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.checks import counted, finite_array, short
from neurosim.configuration.attached import attach
from neurosim.configuration.entries import WHAT, a_list, check_keys, require
from neurosim.configuration.frozen import freeze_as
from neurosim.configuration.named import kind_named, known_classes, loss_named
from neurosim.errors import ArgumentError, ShapeError, nearest
from neurosim.layers import InputLayer, Layer
from neurosim.network import Network
from neurosim.neurons import InputNeuron

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.layers import BaseLayer

__all__ = ["network_of"]

# Entries that the configuration of any network may have.
_ANY = ("loss", "dtype", "scaling", "regularizers", "table", "frozen")
_NODE_ENTRIES = ("bias", "layer", "gamma", "running_mean", "running_variance")
# What a layer with normalization has besides.
_NORMALIZED = ("gammas", "running_means", "running_variances")
_LAYER_WORDS = ("input", "dense", "hidden", "output")


def network_of(config: Any, *, kinds: Iterable[type] = (), rng: Any = None) -> Network:
    """Return the network that plain data describes; the opposite of `config_of`.

    Parameters
    ----------
    config : dict or list
        As the documentation of `neurosim.configuration` shows.
    kinds : iterable of classes
        The person's own neurons, losses and scalers, found by name like neurosim's.
    rng : int, numpy.random.Generator or None
        Draws the weights that are left out.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        An entry is missing, unknown or of the wrong type; the message names it.
    """
    data = {"layers": config} if isinstance(config, list | tuple) else config
    require(data, dict, f"{WHAT}: config", "a dict, or a list of layers")
    classes = known_classes(kinds)
    if "layers" in data:
        check_keys(data, {"layers", *_ANY}, WHAT)
        network = _layered(data, classes, rng)
    else:
        known = {"neurons", "edges", "inputs", "outputs", *_ANY}
        check_keys(data, known, WHAT)
        network = _graph(data, classes, rng)
    attach(network, data, classes)
    freeze_as(network, a_list(data.get("frozen", []), f"{WHAT}: frozen"))
    return network


def _layered(data: dict[str, Any], classes: dict[str, type], rng: Any) -> Network:
    entries = a_list(data["layers"], f"{WHAT}: layers")
    layers: list[BaseLayer] = []
    losses = [data["loss"]] if "loss" in data else []
    for position, entry in enumerate(entries):
        what = f"{WHAT}: layers[{position}]"
        require(entry, dict, what, "a dict")
        layers.append(_layer(entry, position, classes, what))
        losses += [entry["loss"]] if "loss" in entry else []
        _check_rows(layers, what)
    if len(losses) > 1 and any(loss != losses[0] for loss in losses):
        raise ArgumentError(f"{WHAT}: the loss is given twice: {losses[0]!r} and {losses[1]!r}.")
    loss = loss_named(losses[0] if losses else None, classes)
    network = Network(layers, loss=loss, rng=rng, dtype=data.get("dtype", "float64"))
    for position, entry in enumerate(entries):
        _normalize(network, position, entry, f"{WHAT}: layers[{position}]")
    return network


def _normalize(network: Network, position: int, entry: dict[str, Any], what: str) -> None:
    """Take over the gammas and running averages of a layer."""
    layer: Any = network.layers[position]
    for name in _NORMALIZED:
        if name not in entry:
            continue
        if layer.kind.normalization is None:
            raise ArgumentError(
                f"{what}: {name} belong to a layer with normalization; this has none."
            )
        values = finite_array(entry[name], f"{what}: {name}", dimensions=1, dtype=network.dtype)
        if len(values) != layer.size:
            raise ShapeError(
                f"{what}: {name} must be ({layer.size},), one per neuron; got {values.shape}."
            )
        if name == "gammas":
            layer.gammas = values
            network.start[network.wiring.gamma_slots[layer.place.numbers]] = values
            continue
        if name == "running_variances" and (values < 0).any():
            raise ArgumentError(f"{what}: running_variances must not be negative; got {values}.")
        network.averages[int(name == "running_variances"), layer.place.numbers] = values


def _layer(entry: dict[str, Any], position: int, classes: dict[str, type], what: str) -> BaseLayer:
    known = {"layer", "name", "neurons", "labels", "loss"}
    own = {"kind", "parameters", "weights", "biases", "normalization", *_NORMALIZED}
    known |= own if position else set()
    check_keys(entry, known, what)
    word = entry.get("layer", "dense" if position else "input")
    if word not in _LAYER_WORDS or (word == "input") != (position == 0):
        raise ArgumentError(
            f"{what}: layer must be 'input' first and 'dense' or 'output' after it; "
            f"got {short(word)}."
        )
    if "neurons" not in entry:
        raise ArgumentError(f"{what}: neurons is missing; say how many there are.")
    labels = entry.get("labels")
    if position == 0:
        return InputLayer(entry["neurons"], labels, name=entry.get("name", "input"))
    return Layer(
        entry["neurons"],
        kind_named(entry, classes, what),
        name=entry.get("name"),
        weights=entry.get("weights"),
        biases=entry.get("biases"),
        labels=labels,
    )


def _check_rows(layers: list[BaseLayer], what: str) -> None:
    """Compare the weights with the layer before, before anything of that size is made."""
    layer = layers[-1]
    weights = layer.given_weights if isinstance(layer, Layer) else None
    if weights is not None and len(weights) != layers[-2].size:
        raise ShapeError(
            f"{what}: weights must have {counted(layers[-2].size, 'row')}, one per neuron of the "
            f"layer before; got {len(weights)}."
        )


def _graph(data: dict[str, Any], classes: dict[str, type], rng: Any) -> Network:
    import networkx as nx

    graph: Any = nx.DiGraph()
    for position, entry in enumerate(a_list(data.get("neurons"), f"{WHAT}: neurons")):
        what = f"{WHAT}: neurons[{position}]"
        require(entry, dict, what, "a dict")
        known = {"label", "kind", "parameters", "normalization", *_NODE_ENTRIES}
        check_keys(entry, known, what)
        require(entry.get("label"), str, f"{what}: label", "a text")
        if entry["label"] in graph:
            raise ArgumentError(f"{what}: the label {entry['label']!r} is taken.")
        kind = kind_named(entry, classes, what)
        attributes = {k: entry[k] for k in _NODE_ENTRIES if entry.get(k) is not None}
        is_input = kind is InputNeuron
        graph.add_node(entry["label"], **({} if is_input else {"neuron": kind}), **attributes)
    for position, entry in enumerate(a_list(data.get("edges"), f"{WHAT}: edges")):
        _add_edge(graph, entry, f"{WHAT}: edges[{position}]")
    ends = {key: a_list(data.get(key), f"{WHAT}: {key}") for key in ("inputs", "outputs")}
    loss = loss_named(data.get("loss"), classes)
    return Network.from_graph(graph, loss=loss, rng=rng, dtype=data.get("dtype", "float64"), **ends)


def _add_edge(graph: Any, entry: Any, what: str) -> None:
    require(entry, dict, what, "a dict")
    check_keys(entry, {"source", "target", "weight", "tied"}, what)
    for end in ("source", "target"):
        if not isinstance(entry.get(end), str) or entry[end] not in graph:
            raise ArgumentError(
                f"{what}: {end} {short(entry.get(end))} is no neuron. "
                + nearest(str(entry.get(end)), graph.nodes)
            )
    if graph.has_edge(entry["source"], entry["target"]):
        raise ArgumentError(
            f"{what}: the edge {entry['source']}->{entry['target']} is there already."
        )
    attributes = {k: entry[k] for k in ("weight", "tied") if entry.get(k) is not None}
    graph.add_edge(entry["source"], entry["target"], **attributes)
