"""What may look on while a network trains, and stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from neurosim.learning.history import History
    from neurosim.network import Network

__all__ = ["Callback", "Run"]


class Run:
    """A training run as its callbacks see it.

    Attributes
    ----------
    network : Network
    history : History
        What has been recorded so far, the present epoch included when it has ended.
    optimizer : Learner
    epoch : int
        The present epoch, from 0.
    batch_loss : float
        The loss of the last batch before its update.
    """

    def __init__(self, network: Network, optimizer: Any, history: History) -> None:
        self.network, self.optimizer, self.history = network, optimizer, history
        self.epoch = 0
        self.batch_loss = float("nan")
        self.stopped = False

    def stop(self) -> None:
        """End the training after the present epoch."""
        self.stopped = True


class Callback:
    """Override what you want to hear of; every method gets the `Run`.

    A plain function in ``callbacks=`` is called at the end of every epoch.
    """

    def on_start(self, run: Run) -> None:
        """Training is about to begin."""

    def on_batch(self, run: Run) -> None:
        """A batch has been learned from."""

    def on_epoch(self, run: Run) -> None:
        """An epoch has ended, and the history holds it."""

    def on_end(self, run: Run) -> None:
        """Training has ended, by itself or through `Run.stop`."""


class EachEpoch(Callback):
    """Calls a plain function at the end of every epoch."""

    def __init__(self, function: Any) -> None:
        self.function = function

    def on_epoch(self, run: Run) -> None:
        """Call the function."""
        self.function(run)
