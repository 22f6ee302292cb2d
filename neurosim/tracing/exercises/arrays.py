"""The gradients of a person's own code: arrays dW1, db1, ..., or a PyTorch module."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.errors import ArgumentError, ShapeError, nearest
from neurosim.tracing.exercises.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.network import Network

__all__ = ["is_arrays", "read_gradients"]

_NAME = re.compile(r"d?([Wb])(\d*)", re.IGNORECASE)


def is_arrays(answers: Any) -> bool:
    """Whether these are gradients as arrays rather than answers by subject."""
    if _is_module(answers):
        return True
    if isinstance(answers, Mapping):
        return bool(answers) and all(
            not isinstance(value, Mapping) and _NAME.fullmatch(str(name))
            for name, value in answers.items()
        )
    return isinstance(answers, Sequence) and not isinstance(answers, str)


def _is_module(answers: Any) -> bool:
    return hasattr(answers, "named_parameters") and hasattr(answers, "modules")


def read_gradients(network: Network, answers: Any, what: str) -> list[Answer]:
    """Return the answers that arrays of gradients give, edge by edge.

    Parameters
    ----------
    network : Network
        Layered, each layer reading the one before.
    answers : mapping, list or PyTorch module
        ``{"dW1": ..., "db1": ...}`` or ``[dW1, db1, dW2, db2]`` with dW ``(n_in, n_out)``; of a
        module its linear layers in order, whose weights are ``(n_out, n_in)``.
    """
    _require_layers(network, what)
    if _is_module(answers):
        named = list(_of_module(answers, what))
    elif isinstance(answers, Mapping):
        named = [_named(str(name), value) for name, value in answers.items()]
    else:
        named = [("Wb"[i % 2], i // 2 + 1, value) for i, value in enumerate(answers)]
    found: list[Answer] = []
    for letter, layer, values in named:
        if values is not None:
            _read(network, letter, layer, values, found, what)
    if not found:
        raise ArgumentError(
            f"{what} hold no gradient yet; they must be such as {{'dW1': ..., 'db1': ...}}."
        )
    return found


def _require_layers(network: Network, what: str) -> None:
    if network.wiring.sizes is None:
        raise ArgumentError(
            f"{what}: arrays dW1, db1, ... are for a network in layers, each fully joined to the "
            'one before; give gradients by edge: {"source->target": {"gradient": ...}}.'
        )


def _named(name: str, values: Any) -> tuple[str, int, Any]:
    found = _NAME.fullmatch(name)
    assert found is not None
    letter = "W" if found[1] in "Ww" else "b"
    return letter, int(found[2] or 1), values


def _of_module(module: Any, what: str) -> Iterator[tuple[str, int, Any]]:
    linear = [
        part for part in module.modules() if getattr(getattr(part, "weight", None), "ndim", 0) == 2
    ]
    for number, part in enumerate(linear, 1):
        for letter, parameter in (("W", part.weight), ("b", part.bias)):
            if parameter is None:
                continue
            if parameter.grad is None:
                raise ArgumentError(
                    f"{what}: the module has no gradients yet; call loss.backward() first."
                )
            grad = np.asarray(parameter.grad.detach().cpu().numpy())
            yield letter, number, grad.T if letter == "W" else grad


def _read(
    network: Network, letter: str, number: int, values: Any, found: list[Answer], what: str
) -> None:
    name = f"d{letter}{number}"
    layers = list(network.layers)
    if not 1 <= number < len(layers):
        known = [f"d{c}{i}" for i in range(1, len(layers)) for c in "Wb"]
        raise ArgumentError(f"{what}: there is no {name}. {nearest(name, known, examples=4)}")
    whose, array = f"{what}: {name}", np.asarray(values)
    before, layer = layers[number - 1], layers[number]
    if letter == "b":
        found += _of_biases(layer, array, whose)
    else:
        found += _of_matrix(before, layer, array, whose)


def _of_biases(layer: Any, array: Any, whose: str) -> Iterator[Answer]:
    n = len(layer.neurons)
    if array.shape not in ((n,), (1, n), (n, 1)):
        raise ShapeError(f"{whose} must be ({n},), one number per neuron; got {array.shape}.")
    for neuron, value in zip(layer.neurons, array.reshape(n), strict=True):
        yield Answer.of((f"{neuron.label}.bias", "gradient"), None, value, whose)


def _of_matrix(before: Any, layer: Any, array: Any, whose: str) -> Iterator[Answer]:
    shape = len(before.neurons), len(layer.neurons)
    # A square matrix does not show it; of that one the numbers tell.
    turned = array.shape == shape[::-1] and shape[0] != shape[1]
    if not turned and array.shape != shape:
        raise ShapeError(
            f"{whose} must be {shape}, as layer {layer.name!r} has {shape[1]} neurons with "
            f"{shape[0]} inputs; got {array.shape}."
        )
    for source, row in zip(before.neurons, array.T if turned else array, strict=True):
        for target, value in zip(layer.neurons, row, strict=True):
            key = f"{source.label}->{target.label}", "gradient"
            yield replace(Answer.of(key, None, value, whose), transposed=turned)
