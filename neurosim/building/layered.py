"""A network from layers that each read the whole layer before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.building.size import check_fits
from neurosim.building.structure import Structure, check_labels
from neurosim.checks import counted, short, whole_number
from neurosim.errors import ArgumentError, ArgumentTypeError, LabelError, ShapeError
from neurosim.initializers import drawn
from neurosim.layers import BaseLayer, InputLayer, Layer
from neurosim.wiring import Wiring

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["checked_sizes", "from_layers", "start_values"]


def from_layers(recipes: Iterable[Any], rng: np.random.Generator) -> Structure:
    """Return the structure of layers that each read the whole layer before."""
    given = _checked_recipes(recipes)
    check_fits([layer.size for layer in given])
    layers = _own_layers(given)
    check_labels([label for layer in layers for label in layer.labels])
    sizes = [layer.size for layer in layers]
    kinds = [layer.kind for layer in given]
    wiring = Wiring.layered(sizes, [kind for kind in kinds if kind is not None])
    parameters = np.empty(wiring.n_parameters)
    for recipe, layer, block in zip(given[1:], layers[1:], wiring.blocks, strict=True):
        m, k = len(block.sources), len(block.targets)
        assert isinstance(recipe, Layer)
        weights, biases = start_values(recipe, layer.name, m, rng)
        parameters[block.first : block.first + m * k] = weights.ravel()
        parameters[block.first + m * k : block.first + (m + 1) * k] = biases
        if block.gammas is not None:
            parameters[block.gammas] = 1.0
    return Structure(
        wiring,
        parameters,
        np.zeros(wiring.n_parameters, dtype=bool),
        layers,
        np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1]),
        None,
        np.repeat(np.arange(len(sizes)), sizes),
    )


def _checked_recipes(recipes: Iterable[Any]) -> list[Any]:
    if isinstance(recipes, str | bytes | BaseLayer) or not np.iterable(recipes):
        raise ArgumentTypeError(
            "Network: layers must be a list such as [ns.InputLayer(2), "
            f"ns.Layer(1, ns.SigmoidNeuron)]; got {short(recipes)}."
        )
    given: list[Any] = list(recipes)
    for position, recipe in enumerate(given):
        wanted: Any = Layer if position else InputLayer
        if not isinstance(recipe, wanted):
            example = "ns.Layer(5, ns.ReLUNeuron)" if position else "ns.InputLayer(2)"
            raise ArgumentTypeError(
                f"Network: layers[{position}] must be a layer such as {example}; "
                f"got {short(recipe)}."
            )
        if recipe._place is not None:
            raise ArgumentError(
                f"Network: layers[{position}] is the layer {recipe.name!r} of another network; "
                "make a recipe for it, such as "
                f"{'ns.Layer(5, ns.ReLUNeuron)' if position else 'ns.InputLayer(2)'}, or copy that "
                "network with net.copy()."
            )
    if len(given) < 2:
        raise ArgumentError(
            "Network: layers must be an input layer and at least one layer of neurons, such as "
            f"[ns.InputLayer(2), ns.Layer(1, ns.SigmoidNeuron)]; got {len(given)} of them."
        )
    return given


def _own_layers(recipes: list[Any]) -> list[BaseLayer]:
    last = len(recipes) - 1
    layers: list[BaseLayer] = []
    for k, recipe in enumerate(recipes):
        name = recipe.name or ("output" if k == last else f"hidden{k}")
        if any(name == layer.name for layer in layers):
            raise LabelError(
                f"Network: two layers have the name {name!r}; give one another name=..."
            )
        if k == 0:
            layers.append(InputLayer(recipe.size, recipe.given_labels, name=name))
        else:
            layers.append(Layer._of_network(name, recipe.given_labels, recipe.size, recipe.kind))
    return layers


def start_values(
    recipe: Layer, name: str | None, n_in: int, rng: np.random.Generator
) -> tuple[Any, Any]:
    """Return the weights and biases that a recipe gives or draws; `name` is for messages."""
    n_out = recipe.size
    weights, biases = recipe.given_weights, recipe.given_biases
    if weights is None:
        weights = drawn(recipe.initializer, rng, (n_in, n_out), n_in, n_out)
    elif weights.shape != (n_in, n_out):
        hint = " Did you mean weights.T?" if weights.shape == (n_out, n_in) else ""
        raise ShapeError(
            f"Layer {name!r}: weights must be {(n_in, n_out)}, as the layer before has "
            f"{counted(n_in, 'neuron')} and this one {n_out}; got {weights.shape}.{hint}"
        )
    if biases is None:
        biases = drawn(recipe.bias_initializer, rng, (n_out,), n_in, n_out)
    return weights, biases


def checked_sizes(sizes: Any) -> list[int]:
    """Return the sizes of `Network.layered`, checked."""
    given = [] if isinstance(sizes, str | dict) or not np.iterable(sizes) else list(sizes)
    if len(given) < 2:
        raise ArgumentError(
            f"Network.layered: sizes must be a list such as [2, 5, 1]; got {short(sizes)}."
        )
    return [whole_number(size, f"Network.layered: sizes[{i}]") for i, size in enumerate(given)]
