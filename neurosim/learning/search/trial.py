"""One training with one setting and one seed, and how well it did."""

from __future__ import annotations

import math
from copy import copy, deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

from neurosim.checks import instance_of, whole_number
from neurosim.errors import ArgumentTypeError, DivergedError
from neurosim.learning.learner import Learner
from neurosim.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["RESERVED", "Job", "Trial"]

TRAINING = ("optimizer", "learning_rate", "epochs", "batch_size")
"""The names in a setting that are about the training; `make` gets all others."""
RESERVED = ("rng", "seed", "loss", "spread", "training_loss", "diverged", "reason")
"""What a setting cannot vary, as `make` gets it from the search, or a table says it."""


@final
@dataclass(frozen=True)
class Trial:
    """What became of one training.

    Attributes
    ----------
    setting : dict
    seed : int
    loss : float
        That of the validation samples, by the network as training left it; inf where it diverged.
    training_loss : float
        That of the last epoch; inf where it diverged.
    reason : str
        Why it diverged; else empty.
    """

    setting: dict[str, Any]
    seed: int
    loss: float
    training_loss: float
    reason: str = ""

    def row(self) -> dict[str, Any]:
        """Return the setting and all numbers in one dict."""
        numbers = {"seed": self.seed, "loss": self.loss, "training_loss": self.training_loss}
        return {**self.setting, **numbers, "reason": self.reason}


@final
@dataclass(frozen=True)
class Job:
    """All that the trials of a search have in common; it can be sent to another process."""

    make: Callable[..., Network]
    X: Any
    Y: Any
    validation: Any
    optimizer: Learner
    epochs: int
    batch_size: int | None
    callbacks: tuple[Any, ...]

    def run(self, setting: dict[str, Any], seed: int) -> Trial:
        """Train one network; divergence is a result."""
        network = self._network(setting, seed)
        try:
            loss, training_loss = self._train(network, setting, seed)
        except DivergedError as error:
            return Trial(setting, seed, math.inf, math.inf, str(error))
        if math.isfinite(loss):
            return Trial(setting, seed, loss, training_loss)
        return Trial(setting, seed, math.inf, training_loss, f"the validation loss became {loss}")

    def _network(self, setting: dict[str, Any], seed: int) -> Network:
        own = {name: value for name, value in setting.items() if name not in TRAINING}
        network = self.make(**own, rng=seed)
        if not isinstance(network, Network):
            raise ArgumentTypeError(
                f"make must return a ns.Network; it returned a {type(network).__name__}."
            )
        return network

    def _train(self, network: Network, setting: dict[str, Any], seed: int) -> tuple[float, float]:
        history = network.fit(
            self.X,
            self.Y,
            optimizer=self._learner(setting),
            epochs=whole_number(setting.get("epochs", self.epochs), "epochs"),
            batch_size=setting.get("batch_size", self.batch_size),
            validation=self.validation,
            # Each trial has callbacks of its own, as one that waits for patience keeps count.
            callbacks=deepcopy(self.callbacks),
            rng=seed,
        )
        rows = history.validation_rows
        pair = (self.X[rows], self.Y[rows]) if rows else self.validation
        return network.loss_of(*pair), history.loss[-1]

    def _learner(self, setting: dict[str, Any]) -> Learner:
        given = setting.get("optimizer", self.optimizer)
        learner: Learner = copy(instance_of(given, Learner, "optimizer", "ns.Adam(0.01)"))
        if "learning_rate" in setting:
            learner.learning_rate = setting["learning_rate"]
        return learner
