"""What the optimizer that trained a network last remembers, kept with the model.

``{"optimizer": {"class": "Adam", ...}, "step": 30, "epoch": 3}``, beside the vectors by name. An
optimizer that no file can hold, such as one with a plain function for its rate, is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import short
from neurosim.configuration import known_classes
from neurosim.errors import ArgumentError, ArgumentTypeError
from neurosim.storage.learners import LEARNING, learner_config, learner_named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.network import Network

__all__ = ["checked_kinds", "memory_of", "recall", "split_kinds"]


def memory_of(network: Network) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return the memory as plain data, and its vectors by name; None where there is none."""
    memory = network.memory
    if memory is None:
        return None
    try:
        optimizer = learner_config(memory.learner, "Network.save")
    except ArgumentError:
        return None
    about = {"optimizer": optimizer, "step": memory.step, "epoch": memory.epoch}
    return about, dict(memory.vectors)


def checked_kinds(kinds: Any, what: str = "ns.load") -> list[type]:
    """Return a person's own classes as a list."""
    if isinstance(kinds, type) or not hasattr(kinds, "__iter__"):
        raise ArgumentTypeError(
            f"{what}: kinds must be a list of classes, such as [MyNeuron]; got {short(kinds)}."
        )
    return list(kinds)


def split_kinds(kinds: Iterable[type]) -> tuple[list[type], list[type]]:
    """Return a person's own optimizers, schedules and clippings, and all other classes."""
    given: list[Any] = list(kinds)
    learning = [k for k in given if isinstance(k, type) and issubclass(k, LEARNING)]
    return learning, [kind for kind in given if kind not in learning]


def recall(
    network: Network, about: dict[str, Any], vectors: dict[str, Any], learning: list[type]
) -> None:
    """Give a loaded network its memory; ``net.memory.learner`` then goes on with the training."""
    classes = known_classes([]) | {kind.__name__: kind for kind in learning}
    optimizer = learner_named(about["optimizer"], classes, "ns.load")
    memory = optimizer.memory(network)
    memory.step, memory.epoch = int(about["step"]), int(about["epoch"])
    for name, vector in memory.vectors.items():
        vector[:] = np.asarray(vectors[name])
