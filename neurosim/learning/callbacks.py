"""What may look on while a network trains, and stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, final

import numpy as np

from neurosim.checks import short
from neurosim.errors import ArgumentTypeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neurosim.learning.history import History
    from neurosim.learning.learner import Learner
    from neurosim.network import Network
    from neurosim.randomness import Streams

__all__ = ["Callback", "Run", "checked_callbacks"]


@final
class Run:
    """A training run as its callbacks see it.

    Attributes
    ----------
    network : Network
    optimizer : Learner
    history : History
        What has been recorded so far, the present epoch included when it has ended.
    samples : pair of arrays
        The X and Y that are trained with, scaled where the network has scalers; those in files as
        `neurosim.mapped.MappedTable`s. Of a function that yields batches, the last batch.
    records : tuple of str
        What the history gets after every epoch: ``"loss"``, ``"validation_loss"`` and the names
        of metrics.
    callbacks : list of Callback
    streams : Streams
        What shuffles and masks are drawn from.
    epoch : int
        The present epoch, from 0; in a training that goes on with a history, from its end.
    batch_loss : float
        The loss of the last batch before its update.
    """

    def __init__(
        self,
        network: Network,
        optimizer: Learner,
        history: History,
        *,
        samples: tuple[Any, Any],
        records: tuple[str, ...],
        callbacks: Sequence[Callback],
        streams: Streams,
    ) -> None:
        self.network, self.optimizer, self.history = network, optimizer, history
        self.samples, self.records = samples, records
        self.callbacks, self.streams = list(callbacks), streams
        self.epoch = len(history)
        self.batch_loss = self.penalty = float("nan")
        self.stopped = False

    def stop(self) -> None:
        """End the training after the present epoch."""
        self.stopped = True


class Callback:
    """Override what you want to hear of; every method gets the `Run`.

    A plain function in ``callbacks=`` is called at the end of every epoch.
    """

    hears_last: ClassVar[bool] = False
    """Whether it is called after all others, as what writes down what they have done."""

    def check(self, run: Run) -> None:
        """Raise where this cannot do its work in this training; nothing has changed yet."""

    def on_start(self, run: Run) -> None:
        """Training is about to begin; `Run.stop` ends it before its first epoch."""

    def on_batch(self, run: Run) -> None:
        """A batch has been learned from."""

    def on_epoch(self, run: Run) -> None:
        """An epoch has ended, and the history holds it."""

    def on_end(self, run: Run) -> None:
        """Training has ended, by itself or through `Run.stop`."""

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint must keep: texts, numbers and flat arrays, by name."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Take back what `state` returned."""


@final
class EachEpoch(Callback):
    """Calls a plain function at the end of every epoch."""

    def __init__(self, function: Any) -> None:
        self.function = function

    def on_epoch(self, run: Run) -> None:
        """Call the function."""
        self.function(run)


def checked_callbacks(callbacks: Any, what: str) -> list[Callback]:
    """Return one or more callbacks or functions as callbacks, in the order they are called."""
    given = callbacks if np.iterable(callbacks) else [callbacks]
    listeners = [_checked_callback(callback, what) for callback in given]
    return sorted(listeners, key=lambda callback: callback.hears_last)


def _checked_callback(callback: Any, what: str) -> Callback:
    if isinstance(callback, Callback):
        return callback
    if callable(callback) and not isinstance(callback, type):
        return EachEpoch(callback)
    raise ArgumentTypeError(
        f"{what}: a callback must be a ns.Callback or a function; got {short(callback)}."
    )
