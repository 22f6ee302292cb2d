"""Kinds of neuron and losses as a person writes them: ``relu``, ``mean-squared-error``."""

from __future__ import annotations

import inspect
from typing import Any

from neurosim.configuration import known_classes
from neurosim.errors import ArgumentError, nearest
from neurosim.learning.learner import Optimizer
from neurosim.learning.optimizers import SGD
from neurosim.losses import Loss
from neurosim.neurons import InputNeuron, Neuron

__all__ = ["kind_called", "loss_called", "optimizer_called"]


def kind_called(name: str, option: str) -> Any:
    """Return the kind of hidden neuron that a name means.

    >>> kind_called("relu", "--neuron").__name__
    'ReLUNeuron'
    """
    kinds = [kind for kind in _offered(Neuron) if kind is not InputNeuron and kind.differentiable()]
    return _called(
        name, {kind.__name__.removesuffix("Neuron").lower(): kind for kind in kinds}, option
    )


def loss_called(name: str | None, option: str) -> Loss | None:
    """Return the loss that a name means; None stays None.

    >>> loss_called("mean-absolute-error", "--loss")
    MeanAbsoluteError()
    """
    if name is None:
        return None
    loss: Loss = _called(name, {loss.__name__: loss for loss in _offered(Loss)}, option)()
    return loss


def optimizer_called(name: str | None, rate: float | None) -> Optimizer | None:
    """Return the optimizer that a name and a learning rate mean; None where neither is given.

    >>> optimizer_called("adam", 0.01).learning_rate
    0.01
    """
    if name is None:
        return None if rate is None else SGD(rate)
    known = {kind.__name__: kind for kind in _offered(Optimizer)}
    kind = _called(name, known, "--optimizer")
    parameters = inspect.signature(kind).parameters
    if rate is None and parameters["learning_rate"].default is inspect.Parameter.empty:
        raise ArgumentError(f"--optimizer {name} needs --rate, its learning rate, such as 0.1.")
    optimizer: Optimizer = kind() if rate is None else kind(rate)
    return optimizer


def _offered(base: Any) -> list[Any]:
    """Return the classes of this sort that neurosim offers."""
    classes = [known for known in known_classes(()).values() if issubclass(known, base)]
    return [known for known in classes if not inspect.isabstract(known)]


def _called(name: str, known: dict[str, Any], option: str) -> Any:
    plain = _plain(name)
    for key, item in known.items():
        if plain in (_plain(key), _plain(item.__name__)):
            return item
    raise ArgumentError(
        f"{option} {name!r} is not known. {nearest(name, sorted(known), examples=len(known))}"
    )


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "").replace(" ", "")
