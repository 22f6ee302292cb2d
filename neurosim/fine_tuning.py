"""Another task for a network that has learned one: its output layer replaced, the rest kept."""

from __future__ import annotations

from copy import copy, deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.building.layered import from_layers, start_values
from neurosim.building.structure import Parts, check_labels
from neurosim.building.wired import wired
from neurosim.checks import short
from neurosim.errors import ArgumentError, ArgumentTypeError, LabelError, WiringError
from neurosim.layers import Layer
from neurosim.network import Network
from neurosim.neurons import Kind
from neurosim.regularization import Regularization
from neurosim.wiring import Edges

if TYPE_CHECKING:
    from neurosim.building import Structure
    from neurosim.layers import BaseLayer
    from neurosim.losses import Loss
    from neurosim.regularizers import Regularizer

__all__ = ["replace_output"]


def replace_output(network: Network, layer: Any, loss: Loss | None) -> Network:
    """Return a network with another output layer; this is `Network.replace_output`."""
    recipe = _checked_recipe(layer)
    kept = np.setdiff1d(np.arange(network.wiring.n_neurons), network.wiring.outputs)
    streams = deepcopy(network.streams)
    if network.wiring.sizes is None:
        structure = _wired(network, recipe, kept, streams.initial)
    else:
        structure = from_layers([*_recipes(network), recipe], streams.initial)
        first = network.wiring.blocks[-1].first
        structure.frozen[:first] = network.frozen[:first]
    wanted = network.loss if loss is None else loss
    made = Network.from_structure(structure, wanted, streams, network.dtype)
    made.input_scaler = deepcopy(network.input_scaler)
    made.regularization = _regularization(network, kept)
    _normalize(made, network, kept)
    return made


def _checked_recipe(layer: Any) -> Layer:
    if not isinstance(layer, Layer):
        raise ArgumentTypeError(
            "Network.replace_output: layer must be such as ns.Layer(5, ns.SoftmaxNeuron); "
            f"got {short(layer)}."
        )
    if layer._place is not None:
        raise ArgumentError(
            f"Network.replace_output: layer is the layer {layer.name!r} of a network; make a "
            "recipe for the new one, such as ns.Layer(5, ns.SoftmaxNeuron)."
        )
    return layer


def _normalize(made: Network, network: Network, kept: Any) -> None:
    """Give the neurons kept, whose new numbers come first, their gammas and running averages."""
    made.averages[:, : len(kept)] = network.averages[:, kept]
    old = network.wiring.gamma_slots[kept]
    new = made.wiring.gamma_slots[: len(kept)][old >= 0]
    old = old[old >= 0]
    made.parameters[new] = made.start[new] = network.parameters[old]
    made.frozen[new] = network.frozen[old]


# -- layered networks -----------------------------------------------------------------------------


def _recipes(network: Network) -> list[BaseLayer]:
    """Return recipes of all layers but the last, with their present weights."""
    return [_recipe(layer) for layer in network.layers[:-1]]


def _recipe(layer: BaseLayer) -> BaseLayer:
    recipe = copy(layer)
    recipe._place = None
    if isinstance(layer, Layer) and isinstance(recipe, Layer):
        recipe.given_weights = layer.weights.astype(np.float64)
        recipe.given_biases = layer.biases.astype(np.float64)
    return recipe


# -- any other network ----------------------------------------------------------------------------


def _wired(network: Network, recipe: Layer, kept: Any, rng: np.random.Generator) -> Structure:
    """Return the structure of the neurons kept, and of new outputs that read what the old read."""
    wiring, name = network.wiring, _new_name(network, recipe, kept)
    sources = _read_by_outputs(network)
    weights, biases = start_values(recipe, name, len(sources), rng)
    # New numbers: those kept come first, in their order.
    place = np.full(wiring.n_neurons, -1)
    place[kept] = np.arange(len(kept))
    new = np.arange(len(kept), len(kept) + recipe.size)
    labels = recipe.given_labels or tuple(f"{name}[{i}]" for i in range(recipe.size))
    numbers = kept.tolist()
    check_labels([*(network.labels[i] for i in numbers), *labels])
    nodes = network.labels if network.nodes is None else network.nodes
    edges, slots = _edges_kept(network, place)
    bias_slots = np.append(wiring.bias_slots[kept], np.full(recipe.size, -1))
    is_kept = bias_slots >= 0
    all_biases = np.append(np.zeros(len(kept)), biases)
    all_biases[is_kept] = network.parameters[bias_slots[is_kept]]
    joined = recipe.size * len(sources)
    parts = Parts(
        [*(network.kind_of(i) for i in numbers), *[Kind.of(recipe.kind, name)] * recipe.size],
        Edges(
            np.append(edges.sources, np.tile(place[sources], recipe.size)),
            np.append(edges.targets, new.repeat(len(sources))),
            None if edges.ties is None else np.append(edges.ties, np.full(joined, -1)),
        ),
        np.append(network.parameters[slots], weights.T).astype(np.float64),
        all_biases,
        place[wiring.inputs],
        new,
        [*(nodes[i] for i in numbers), *labels],
        [*(_layer_name(network, i) for i in numbers), *[name] * recipe.size],
        list(network.tie_names),
        np.append(network.frozen[slots], np.zeros(joined, dtype=bool)),
        is_kept & network.frozen[bias_slots],
    )
    return wired(parts, rng)


def _edges_kept(network: Network, place: Any) -> tuple[Edges, Any]:
    """Return the edges that do not lead into an output, and the entries of their weights."""
    edges = network.wiring.edges
    kept = np.flatnonzero(place[edges.targets] >= 0)
    ties = None if edges.ties is None else edges.ties[kept]
    renumbered = Edges(place[edges.sources[kept]], place[edges.targets[kept]], ties)
    return renumbered, network.wiring.edge_slots[kept]


def _layer_name(network: Network, number: int) -> str | None:
    if not network.layer_is_given(number):
        return None
    return str(network.layers[network.position_of[number][0]].name)


def _new_name(network: Network, recipe: Layer, kept: Any) -> str:
    name = recipe.name or "output"
    taken = {network.layers[k].name for k in network.position_of[kept, 0].tolist()}
    if name in taken:
        raise LabelError(
            f"Network.replace_output: {name!r} is the name of a layer that is kept; give layer "
            "another name=..."
        )
    return name


def _read_by_outputs(network: Network) -> Any:
    """Return what feeds the outputs, in order of the first edge."""
    _require_apart(network)
    found: dict[int, None] = {}
    for number in network.wiring.outputs.tolist():
        found.update(dict.fromkeys(network.wiring.incoming(number)[0].tolist()))
    return np.array(list(found), dtype=np.int64)


def _require_apart(network: Network) -> None:
    """Raise where something that is kept depends on an output."""
    wiring, outputs = network.wiring, network.wiring.outputs
    read = np.isin(wiring.edges.sources, outputs)
    if read.any():
        edge = int(np.flatnonzero(read)[0])
        u, v = (network.labels[e[edge]] for e in (wiring.edges.sources, wiring.edges.targets))
        raise WiringError(
            f"Network.replace_output: the output {u!r} feeds {v!r}, so it cannot be taken away; "
            f"cut that edge with net.disconnect({u!r}, {v!r}) first."
        )
    for block in wiring.blocks:
        own = np.isin(block.targets, outputs)
        if block.kind.coupled and own.any() and not own.all():
            u, v = (network.labels[block.targets[mask][0]] for mask in (own, ~own))
            raise WiringError(
                f"Network.replace_output: the output {u!r} shares one {block.kind.name} group "
                f"with {v!r}, which is no output, so it cannot be taken away; let all of the group "
                "be outputs."
            )


def _regularization(network: Network, kept: Any) -> Regularization:
    """Return the regularizers of the neurons kept, under their new numbers."""
    entries: list[tuple[Regularizer, Any]] = []
    for regularizer, numbers in network.regularization.entries:
        if numbers is None:
            entries.append((regularizer, None))
            continue
        own = np.flatnonzero(np.isin(kept, numbers))
        if len(own):
            entries.append((regularizer, own))
    return Regularization(tuple(entries))
