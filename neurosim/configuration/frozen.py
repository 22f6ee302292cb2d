"""Which parameters are frozen, as a list of texts.

``"x->y"`` is a weight, ``"y.bias"`` and ``"y.gamma"`` are those of a neuron. What is frozen as a
whole is one text: ``"y.weights"`` are all weights into the neuron y, and ``"hidden1.weights"``,
``"hidden1.biases"`` and ``"hidden1.gammas"`` those of all neurons of a layer, which goes before a
neuron of the same name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.configuration.entries import WHAT, require
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from neurosim.network import Network

__all__ = ["freeze_as", "frozen_labels"]


# -- writing --------------------------------------------------------------------------------------


def frozen_labels(network: Network) -> list[str]:
    """Return what is frozen: whole layers and neurons where all of it is, else one by one."""
    if not network.frozen.any():
        return []
    return [*_weights(network), *_single(network, "bias"), *_single(network, "gamma")]


def _weights(network: Network) -> Iterator[str]:
    whole = _whole_layers(network, "weights")
    names = {layer.name for layer in network.layers}
    for layer, numbers in _layers(network):
        if layer.name in whole:
            yield f"{layer.name}.weights"
            continue
        for number in numbers:
            slots = _own(network, number, "weights")
            label = network.labels[number]
            # A tie that is frozen from elsewhere needs no second text, but one is truthful.
            if len(slots) > 1 and network.frozen[slots].all() and label not in names:
                yield f"{label}.weights"
                continue
            sources = network.wiring.incoming(number)[0][network.frozen[slots]]
            yield from (f"{network.labels[source]}->{label}" for source in sources.tolist())


def _single(network: Network, what: str) -> Iterator[str]:
    plural = {"bias": "biases", "gamma": "gammas"}[what]
    whole = _whole_layers(network, plural)
    for layer, numbers in _layers(network):
        if layer.name in whole:
            yield f"{layer.name}.{plural}"
            continue
        for number in numbers:
            if network.frozen[_own(network, number, plural)].any():
                yield f"{network.labels[number]}.{what}"


def _layers(network: Network) -> Iterator[tuple[Any, list[int]]]:
    for layer in network.layers:
        numbers = layer.place.numbers.tolist()
        yield layer, [number for number in numbers if not network.wiring.is_input(number)]


def _whole_layers(network: Network, what: str) -> set[str]:
    """Return the names of the layers of several neurons that are frozen as a whole."""
    return {
        name
        for name, numbers in _by_name(network).items()
        if len(numbers) > 1 and all(_is_whole(network, number, what) for number in numbers)
    }


def _is_whole(network: Network, number: int, what: str) -> bool:
    slots = _own(network, number, what)
    return bool(len(slots)) and bool(network.frozen[slots].all())


# -- reading --------------------------------------------------------------------------------------


def freeze_as(network: Network, names: list[Any]) -> None:
    """Freeze what a list of texts names; the opposite of `frozen_labels`."""
    layers = _by_name(network)
    for name in names:
        require(name, str, f"{WHAT}: frozen", "a list of texts")
        if "->" in name:
            network.freeze(name)
            continue
        label, _, what = name.rpartition(".")
        plural = {"bias": "biases", "gamma": "gammas"}.get(what, what)
        if not label or plural not in ("weights", "biases", "gammas"):
            raise ArgumentError(
                f"{WHAT}: frozen must name 'source->target', 'label.bias' or "
                f"'layer.weights'; got {name!r}."
            )
        members = layers.get(label) if what == plural else None
        numbers = [network.directory.neuron(label)] if members is None else members
        _freeze(network, numbers, plural, label)


def _freeze(network: Network, numbers: Iterable[int], what: str, label: str) -> None:
    slots = [slot for number in numbers for slot in _own(network, number, what)]
    if not slots:
        word = {"biases": "bias", "gammas": "gamma"}.get(what, what)
        raise ArgumentError(f"{WHAT}: frozen names {label!r}, which has no {word}.")
    network.frozen[slots] = True


def _by_name(network: Network) -> dict[str, list[int]]:
    """Return the neurons of every layer that has a name, without inputs."""
    return {layer.name: numbers for layer, numbers in _layers(network) if layer.name is not None}


def _own(network: Network, number: int, what: str) -> list[int]:
    """Return the entries of a neuron's weights, bias or gamma."""
    wiring = network.wiring
    if what == "weights":
        if wiring.is_input(number):
            return []
        slots = wiring.incoming(number)[1]
        return [*range(wiring.n_parameters)[slots]] if isinstance(slots, slice) else slots.tolist()
    slot = int((wiring.bias_slots if what == "biases" else wiring.gamma_slots)[number])
    return [] if slot < 0 else [slot]
