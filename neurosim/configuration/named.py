"""From names in plain data to kinds, losses and scalers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import short
from neurosim.configuration.entries import WHAT, check_keys, require
from neurosim.errors import ArgumentError, ArgumentTypeError, nearest
from neurosim.learning.preprocessing import Scaler
from neurosim.losses import Loss
from neurosim.neurons import Kind, Neuron
from neurosim.normalization import BatchNormalization
from neurosim.regularizers import Regularizer

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["class_named", "kind_named", "known_classes", "loss_named", "scaler_named"]


def known_classes(own: Iterable[type]) -> dict[str, type]:
    """Return every class that a configuration may name: those of the door, and a person's own."""
    import neurosim

    found = {name: value for name, value in vars(neurosim).items() if isinstance(value, type)}
    if isinstance(own, type) or not np.iterable(own):
        raise ArgumentTypeError(
            f"kinds must be a list of classes, such as [MyNeuron]; got {short(own)}."
        )
    given: Iterable[Any] = own
    for kind in given:
        if not (isinstance(kind, type) and issubclass(kind, Neuron | Loss | Scaler | Regularizer)):
            raise ArgumentTypeError(
                "kinds must be classes of neurons, losses, scalers or regularizers; "
                f"got {short(kind)}."
            )
        found[kind.__name__] = kind
    return found


def class_named(classes: dict[str, type], name: Any, base: type, what: str) -> Any:
    """Return the class of a name among those derived from `base`, or raise."""
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
    neuron = class_named(classes, entry.get("kind"), Neuron, f"{what}: kind")
    given = entry.get("parameters", {})
    require(given, dict, f"{what}: parameters", "a dict of numbers")
    recipe = partial(neuron, **given) if given else neuron
    if entry.get("normalization") is None:
        return recipe
    normalization = _normalization_named(entry["normalization"], f"{what}: normalization")
    return replace(Kind.of(recipe, f"{what}: kind"), normalization=normalization)


def _normalization_named(config: Any, what: str) -> BatchNormalization:
    require(config, dict, what, "a dict")
    check_keys(config, {"normalization", "momentum", "epsilon"}, what)
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
    loss = class_named(classes, data.get("loss"), Loss, f"{WHAT}: loss")
    try:
        made: Loss = loss(**{key: value for key, value in data.items() if key != "loss"})
    except TypeError:
        raise ArgumentError(f"{WHAT}: loss has wrong parameters: {short(config)}.") from None
    return made


def scaler_named(config: Any, classes: dict[str, type], what: str) -> Scaler:
    """Return the scaler that plain data names; the opposite of `Scaler.config`."""
    require(config, dict, f"{what}: a scaler", "a dict")
    kind = class_named(classes, config.get("scaler"), Scaler, f"{what}: scaler")
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
