"""What is computed and recorded after every epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

from neurosim.errors import ArgumentError
from neurosim.learning.metrics import checked_metrics, measured
from neurosim.mapped import parts, read_whole
from neurosim.samples import scaled_samples

if TYPE_CHECKING:
    from neurosim.learning.history import History
    from neurosim.learning.validation import Division
    from neurosim.network import Network

__all__ = ["Watch"]


@final
class Watch:
    """Records validation loss and metrics.

    The samples are scaled; `wanted` are their targets in the person's units, for the metrics.
    """

    def __init__(self, network: Network, samples: Any, division: Division, metrics: Any) -> None:
        self.network = network
        self.metrics = checked_metrics(metrics, "Network.fit")
        self.samples, self.wanted = samples, division.training[1]
        self.validates = division.validation is not None
        if division.validation is not None:
            self.wanted = division.validation[1]
            what = "Network.fit: validation"
            self.samples = scaled_samples(network, *division.validation, what)
            self._check_files()

    def _check_files(self) -> None:
        """Read what is in files once, so that nothing bad is found after an epoch."""
        for table in self.samples:
            for _ in parts(table):
                pass

    @property
    def records(self) -> tuple[str, ...]:
        """The names of what an epoch adds to the history."""
        return ("loss", *(["validation_loss"] if self.validates else []), *self.metrics)

    @property
    def looks(self) -> bool:
        """Whether anything has to be computed after an epoch."""
        return self.validates or bool(self.metrics)

    def check(self, history: History) -> None:
        """Raise where a history that goes on has had other numbers recorded in it."""
        had = ("loss", *(["validation_loss"] if history.validation_loss else []), *history.metrics)
        if len(history) and set(had) != set(self.records):
            raise ArgumentError(
                f"Network.fit: history holds {', '.join(had)}, but this training records "
                f"{', '.join(self.records)}; give the same validation and metrics, or leave "
                "history out."
            )

    def record(self, history: History, loss: float, rate: float) -> None:
        """Append an epoch to the history; all of it is computed first, so that none is halved."""
        values = {}
        if self.metrics:
            predictions = self.network.predictions(self.samples[0])
            wanted = read_whole(self.wanted)
            values = measured(self.metrics, wanted, predictions, "Network.fit")
        if self.validates:
            history.validation_loss.append(self.network.mean_loss(*self.samples))
        history.loss.append(loss)
        history.learning_rate.append(rate)
        for name, value in values.items():
            history.metrics.setdefault(name, []).append(value)
