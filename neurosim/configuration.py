"""A network as plain data: dicts, lists, texts and numbers, exact and readable.

A layered network::

    {
        "dtype": "float64",
        "loss": "MeanSquaredError",
        "layers": [
            {"layer": "input", "name": "input", "neurons": 2},
            {
                "layer": "dense",
                "name": "hidden1",
                "neurons": 3,
                "kind": "ReLUNeuron",
                "weights": [[...], [...]],
                "biases": [...],
            },
            {
                "layer": "output",
                "name": "output",
                "neurons": 1,
                "kind": "LinearNeuron",
                "weights": [[...], [...], [...]],
                "biases": [...],
            },
        ],
    }

Weights and biases may be left out: they are then drawn. ``labels`` (a list) and ``parameters`` of
a kind (``{"slope": 0.1}``) may be given. The list of layers alone is a configuration, too, and
an entry of it may name the ``loss``. Any other network::

    {
        "dtype": "float64",
        "loss": "MeanSquaredError",
        "inputs": ["x"],
        "outputs": ["y"],
        "neurons": [
            {"label": "x", "kind": "InputNeuron"},
            {"label": "y", "kind": "TanhNeuron", "bias": 0.5, "layer": "output"},
        ],
        "edges": [{"source": "x", "target": "y", "weight": 2.0, "tied": "a"}],
    }

A layer of normalized sums has ``"normalization": {"normalization": "BatchNormalization",
"momentum": 0.9, "epsilon": 1e-8}`` and the lists ``gammas``, ``running_means`` and
``running_variances``, beside biases, which are beta; such a neuron of any other network has the
same ``normalization``, and ``gamma``, ``running_mean`` and ``running_variance``.

``frozen`` lists parameters that training leaves alone: ``"x->y"`` for a weight, ``"y.bias"``,
``"y.gamma"``. A
loss with parameters of its own is written ``{"loss": "Huber", "delta": 1.0}``. Scalers are written
``"scaling": {"inputs": {"scaler": "Standardizer", "offset": [...], "factor": [...]}}``, and the
same for ``"outputs"``; without offset and factor a scaler is not fitted yet. Regularizers are
``"regularizers": [{"regularizer": "L2", "strength": 0.01}, {"regularizer": "Dropout", "rate": 0.5,
"neurons": ["hidden1[0]", ...]}]``; without neurons they are about the whole network.
``"table"`` tells the columns of the table that the network was trained on; see
`neurosim.tables.schema`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import finite_array, short
from neurosim.errors import ArgumentError, ArgumentTypeError, ShapeError, nearest
from neurosim.layers import InputLayer, Layer
from neurosim.learning.preprocessing import Scaler
from neurosim.losses import Loss
from neurosim.network import Network
from neurosim.neurons import InputNeuron, Kind, Neuron
from neurosim.normalization import BatchNormalization
from neurosim.regularizers import Regularizer
from neurosim.tables import Schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.layers import BaseLayer

__all__ = [
    "attach",
    "attachments",
    "config_of",
    "kind_config",
    "kind_named",
    "known_classes",
    "loss_config",
    "loss_named",
    "network_of",
    "scaler_named",
]

_WHAT = "Network.from_config"
# Entries that the configuration of any network may have.
_ANY = ("loss", "dtype", "scaling", "regularizers", "table", "frozen")
_NODE_ENTRIES = ("bias", "layer", "gamma", "running_mean", "running_variance")
# What a layer with normalization has besides.
_NORMALIZED = ("gammas", "running_means", "running_variances")
_LAYER_WORDS = ("input", "dense", "hidden", "output")


# -- writing --------------------------------------------------------------------------------------


def config_of(network: Network, *, numbers: bool = True) -> dict[str, Any]:
    """Return a network as plain data; without its weights and biases where `numbers` is False."""
    config: dict[str, Any] = {"dtype": network.dtype.name, "loss": loss_config(network.loss)}
    if network.wiring.sizes is not None:
        config["layers"] = [_layer_config(network, k, numbers) for k in range(len(network.layers))]
    else:
        config.update(_graph_config(network))
    config.update(attachments(network))
    frozen = frozen_labels(network)
    return {**config, "frozen": frozen} if frozen else config


def loss_config(loss: Loss) -> Any:
    """Return a loss as plain data."""
    name, parameters = type(loss).__name__, loss.parameters
    return {"loss": name, **parameters} if parameters else name


def attachments(network: Network) -> dict[str, Any]:
    """Return what is attached to a network, beside its neurons and edges, as plain data."""
    table = {} if network.table is None else {"table": network.table.config()}
    return {**scaling_config(network), **regularizers_config(network), **table}


def attach(network: Network, data: dict[str, Any], classes: dict[str, type]) -> None:
    """Attach what plain data tells; the opposite of `attachments`."""
    scale_as(network, data.get("scaling", {}), classes)
    regularize_as(network, data.get("regularizers", []), classes)
    if "table" in data:
        table_as(network, data["table"])


def table_as(network: Network, config: Any) -> None:
    """Attach the schema of a table that plain data tells; the opposite of `Schema.config`."""
    what = f"{_WHAT}: table"
    schema = Schema.from_config(config, what)
    schema.check_sizes(len(network.wiring.inputs), len(network.wiring.outputs), what)
    network.table = schema


def regularizers_config(network: Network) -> dict[str, Any]:
    """Return the entry that tells a network's regularizers; nothing where there are none."""
    told = [
        {"regularizer": type(regularizer).__name__, **regularizer.config()}
        | ({} if numbers is None else {"neurons": [network.labels[i] for i in numbers.tolist()]})
        for regularizer, numbers in network.regularization.entries
    ]
    return {"regularizers": told} if told else {}


def regularize_as(network: Network, config: Any, classes: dict[str, type]) -> None:
    """Attach the regularizers that plain data names; the opposite of `regularizers_config`."""
    for position, entry in enumerate(_list(config, f"{_WHAT}: regularizers")):
        what = f"{_WHAT}: regularizers[{position}]"
        _require(entry, dict, what, "a dict")
        kind = _named(classes, entry.get("regularizer"), Regularizer, f"{what}: regularizer")
        given = {k: v for k, v in entry.items() if k not in ("regularizer", "neurons")}
        try:
            regularizer: Regularizer = kind(**given)
        except TypeError:
            raise ArgumentError(f"{what} has wrong parameters: {short(entry)}.") from None
        network.regularize(regularizer, entry.get("neurons"))


def scaling_config(network: Network) -> dict[str, Any]:
    """Return the entry that tells a network's scalers; nothing where there are none."""
    sides = {"inputs": network.input_scaler, "outputs": network.output_scaler}
    told = {side: scaler.config() for side, scaler in sides.items() if scaler is not None}
    return {"scaling": told} if told else {}


def kind_config(kind: Kind) -> dict[str, Any]:
    """Return a kind as plain data."""
    given = {"parameters": dict(kind.parameters)} if kind.parameters else {}
    own = {"kind": kind.name, **given}
    if kind.normalization is None:
        return own
    told = {"normalization": type(kind.normalization).__name__, **kind.normalization.config()}
    return {**own, "normalization": told}


def _layer_config(network: Network, k: int, numbers: bool) -> dict[str, Any]:
    layer: Any = network.layers[k]
    word = "input" if k == 0 else "output" if k == len(network.layers) - 1 else "dense"
    entry: dict[str, Any] = {"layer": word, "name": layer.name, "neurons": layer.size}
    if layer.given_labels is not None:
        entry["labels"] = list(layer.given_labels)
    if k == 0:
        return entry
    entry.update(kind_config(layer.kind))
    if numbers:
        entry.update(weights=layer.weights.tolist(), biases=layer.biases.tolist())
    if numbers and layer.normalization is not None:
        means, variances = network.averages[:, layer.place.numbers].tolist()
        entry.update(gammas=layer.gammas.tolist(), running_means=means, running_variances=variances)
    return entry


def _graph_config(network: Network) -> dict[str, Any]:
    labels, wiring = network.labels, network.wiring
    return {
        "inputs": [labels[number] for number in wiring.inputs.tolist()],
        "outputs": [labels[number] for number in wiring.outputs.tolist()],
        "neurons": [_neuron_config(network, number) for number in range(wiring.n_neurons)],
        "edges": _edge_configs(network),
    }


def _neuron_config(network: Network, number: int) -> dict[str, Any]:
    entry = {"label": network.labels[number], **kind_config(network.kind_of(number))}
    if not network.wiring.is_input(number):
        entry["bias"] = float(network.parameters[network.wiring.bias_slots[number]])
    neuron = network.neurons[number]
    if neuron.gamma is not None:
        entry["gamma"] = neuron.gamma
        entry["running_mean"] = neuron.running_mean
        entry["running_variance"] = neuron.running_variance
    if network.layer_is_given(number):
        entry["layer"] = network.layers[network.position_of[number][0]].name
    return entry


def _edge_configs(network: Network) -> list[dict[str, Any]]:
    labels, edges = network.labels, network.wiring.edges
    slots = network.wiring.edge_slots
    weights = network.parameters[slots].tolist()
    entries = []
    for source, target, slot, weight in zip(
        edges.sources.tolist(), edges.targets.tolist(), slots.tolist(), weights, strict=True
    ):
        tied = network.tie_name(slot)
        entry = {"source": labels[source], "target": labels[target], "weight": weight}
        entries.append(entry if tied is None else {**entry, "tied": tied})
    return entries


def frozen_labels(network: Network) -> list[str]:
    """Return ``source->target``, ``label.bias`` or ``label.gamma`` of every frozen parameter."""
    if not network.frozen.any():
        return []
    labels, edges, frozen = network.labels, network.wiring.edges, network.frozen
    held = np.flatnonzero(frozen[network.wiring.edge_slots])
    names = [f"{labels[edges.sources[i]]}->{labels[edges.targets[i]]}" for i in held.tolist()]
    slots = network.wiring.bias_slots
    biases = np.flatnonzero((slots >= 0) & frozen[slots])
    names += [f"{labels[number]}.bias" for number in biases.tolist()]
    scaled = network.wiring.normalized
    gammas = scaled[frozen[network.wiring.gamma_slots[scaled]]]
    return names + [f"{labels[number]}.gamma" for number in gammas.tolist()]


# -- reading --------------------------------------------------------------------------------------


def network_of(config: Any, *, kinds: Iterable[type] = (), rng: Any = None) -> Network:
    """Return the network that plain data describes; the opposite of `config_of`.

    Parameters
    ----------
    config : dict or list
        As this module's documentation shows.
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
    _require(data, dict, f"{_WHAT}: config", "a dict, or a list of layers")
    classes = known_classes(kinds)
    if "layers" in data:
        _check_keys(data, {"layers", *_ANY}, _WHAT)
        network = _layered(data, classes, rng)
    else:
        known = {"neurons", "edges", "inputs", "outputs", *_ANY}
        _check_keys(data, known, _WHAT)
        network = _graph(data, classes, rng)
    attach(network, data, classes)
    _freeze(network, _list(data.get("frozen", []), f"{_WHAT}: frozen"))
    return network


def known_classes(own: Iterable[type]) -> dict[str, type]:
    """Return every class that a configuration may name: those of the door, and a person's own."""
    import neurosim

    found = {name: value for name, value in vars(neurosim).items() if isinstance(value, type)}
    given: Iterable[Any] = own
    for kind in given:
        if not (isinstance(kind, type) and issubclass(kind, Neuron | Loss | Scaler | Regularizer)):
            raise ArgumentTypeError(
                "kinds must be classes of neurons, losses, scalers or regularizers; "
                f"got {short(kind)}."
            )
        found[kind.__name__] = kind
    return found


def _named(classes: dict[str, type], name: Any, base: type, what: str) -> Any:
    found = classes.get(name) if isinstance(name, str) else None
    if found is None or not issubclass(found, base) or found is base:
        names = [n for n, c in classes.items() if issubclass(c, base) and c is not base]
        raise ArgumentError(
            f"{what} {short(name)} is not known. {nearest(str(name), names)} "
            "A class of your own is passed with kinds=[...]."
        )
    return found


def kind_named(entry: dict[str, Any], classes: dict[str, type], what: str) -> Any:
    """Return the kind that an entry names; the opposite of `kind_config`."""
    neuron = _named(classes, entry.get("kind"), Neuron, f"{what}: kind")
    given = entry.get("parameters", {})
    _require(given, dict, f"{what}: parameters", "a dict of numbers")
    recipe = partial(neuron, **given) if given else neuron
    if entry.get("normalization") is None:
        return recipe
    normalization = _normalization_named(entry["normalization"], f"{what}: normalization")
    return replace(Kind.of(recipe, f"{what}: kind"), normalization=normalization)


def _normalization_named(config: Any, what: str) -> BatchNormalization:
    _require(config, dict, what, "a dict")
    _check_keys(config, {"normalization", "momentum", "epsilon"}, what)
    if config.get("normalization") != BatchNormalization.__name__:
        raise ArgumentError(
            f"{what}: normalization must be 'BatchNormalization'; "
            f"got {short(config.get('normalization'))}."
        )
    return BatchNormalization(**{k: v for k, v in config.items() if k != "normalization"})


def loss_named(config: Any, classes: dict[str, type]) -> Loss | None:
    """Return the loss that plain data names; the opposite of `loss_config`."""
    if config is None:
        return None
    data = config if isinstance(config, dict) else {"loss": config}
    loss = _named(classes, data.get("loss"), Loss, f"{_WHAT}: loss")
    try:
        made: Loss = loss(**{key: value for key, value in data.items() if key != "loss"})
    except TypeError:
        raise ArgumentError(f"{_WHAT}: loss has wrong parameters: {short(config)}.") from None
    return made


def scale_as(network: Network, config: Any, classes: dict[str, type]) -> None:
    """Attach the scalers that plain data names; the opposite of `scaling_config`."""
    what = f"{_WHAT}: scaling"
    _require(config, dict, what, "a dict of inputs and outputs")
    _check_keys(config, {"inputs", "outputs"}, what)
    named = {side: scaler_named(entry, classes, what) for side, entry in config.items()}
    network.scale(**named)


def scaler_named(config: Any, classes: dict[str, type], what: str) -> Scaler:
    """Return the scaler that plain data names; the opposite of `Scaler.config`."""
    _require(config, dict, f"{what}: a scaler", "a dict")
    kind = _named(classes, config.get("scaler"), Scaler, f"{what}: scaler")
    measured = {key: config[key] for key in ("offset", "factor") if key in config}
    given = {k: v for k, v in config.items() if k not in ("scaler", *measured)}
    try:
        scaler: Scaler = kind(**given)
    except TypeError:
        raise ArgumentError(f"{what}: a scaler has wrong parameters: {short(config)}.") from None
    if len(measured) == 1:
        raise ArgumentError(f"{what}: a scaler has both offset and factor, or neither.")
    if measured:
        scaler.take(**measured, what=what)
    return scaler


def _layered(data: dict[str, Any], classes: dict[str, type], rng: Any) -> Network:
    entries = _list(data["layers"], f"{_WHAT}: layers")
    layers: list[BaseLayer] = []
    losses = [data["loss"]] if "loss" in data else []
    for position, entry in enumerate(entries):
        what = f"{_WHAT}: layers[{position}]"
        _require(entry, dict, what, "a dict")
        layers.append(_layer(entry, position, classes, what))
        losses += [entry["loss"]] if "loss" in entry else []
        _check_rows(layers, what)
    if len(losses) > 1 and any(loss != losses[0] for loss in losses):
        raise ArgumentError(f"{_WHAT}: the loss is given twice: {losses[0]!r} and {losses[1]!r}.")
    loss = loss_named(losses[0] if losses else None, classes)
    network = Network(layers, loss=loss, rng=rng, dtype=data.get("dtype", "float64"))
    for position, entry in enumerate(entries):
        _normalize(network, position, entry, f"{_WHAT}: layers[{position}]")
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
    _check_keys(entry, known, what)
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
            f"{what}: weights must have {layers[-2].size} rows, one per neuron of the layer "
            f"before; got {len(weights)}."
        )


def _graph(data: dict[str, Any], classes: dict[str, type], rng: Any) -> Network:
    import networkx as nx

    graph: Any = nx.DiGraph()
    for position, entry in enumerate(_list(data.get("neurons"), f"{_WHAT}: neurons")):
        what = f"{_WHAT}: neurons[{position}]"
        _require(entry, dict, what, "a dict")
        known = {"label", "kind", "parameters", "normalization", *_NODE_ENTRIES}
        _check_keys(entry, known, what)
        _require(entry.get("label"), str, f"{what}: label", "a text")
        if entry["label"] in graph:
            raise ArgumentError(f"{what}: the label {entry['label']!r} is taken.")
        kind = kind_named(entry, classes, what)
        attributes = {k: entry[k] for k in _NODE_ENTRIES if entry.get(k) is not None}
        is_input = kind is InputNeuron
        graph.add_node(entry["label"], **({} if is_input else {"neuron": kind}), **attributes)
    for position, entry in enumerate(_list(data.get("edges"), f"{_WHAT}: edges")):
        _add_edge(graph, entry, f"{_WHAT}: edges[{position}]")
    ends = {key: _list(data.get(key), f"{_WHAT}: {key}") for key in ("inputs", "outputs")}
    loss = loss_named(data.get("loss"), classes)
    return Network.from_graph(graph, loss=loss, rng=rng, dtype=data.get("dtype", "float64"), **ends)


def _add_edge(graph: Any, entry: Any, what: str) -> None:
    _require(entry, dict, what, "a dict")
    _check_keys(entry, {"source", "target", "weight", "tied"}, what)
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


def _freeze(network: Network, names: list[Any]) -> None:
    for name in names:
        _require(name, str, f"{_WHAT}: frozen", "a list of texts")
        if "->" in name:
            network.freeze(name)
        elif name.endswith((".bias", ".gamma")):
            network.frozen[_own_slot(network, *name.rsplit(".", 1))] = True
        else:
            raise ArgumentError(
                f"{_WHAT}: frozen must name 'source->target' or 'label.bias'; got {name!r}."
            )


def _own_slot(network: Network, label: str, what: str) -> int:
    """Return the entry of a neuron's bias or gamma."""
    number = network.directory.neuron(label)
    wiring = network.wiring
    slot = int((wiring.bias_slots if what == "bias" else wiring.gamma_slots)[number])
    if slot < 0:
        raise ArgumentError(f"{_WHAT}: frozen names {label!r}, which has no {what}.")
    return slot


def _require(value: Any, kind: type, what: str, wanted: str) -> None:
    if not isinstance(value, kind):
        raise ArgumentTypeError(f"{what} must be {wanted}; got {short(value)}.")


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise ArgumentTypeError(f"{what} must be a list; got {short(value)}.")
    return list(value)


def _check_keys(entry: dict[Any, Any], known: set[str], what: str) -> None:
    for key in entry:
        if key not in known:
            raise ArgumentError(
                f"{what} has an unknown entry {key!r}. {nearest(str(key), sorted(known))}"
            )
