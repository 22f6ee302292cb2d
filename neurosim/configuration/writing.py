"""From a network to plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.configuration.attached import attachments
from neurosim.configuration.frozen import frozen_labels

if TYPE_CHECKING:
    from neurosim.losses import Loss
    from neurosim.network import Network
    from neurosim.neurons import Kind

__all__ = ["config_of", "kind_config", "loss_config"]


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
