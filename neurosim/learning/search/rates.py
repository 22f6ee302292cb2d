"""How fast can it learn? One training with a rate that grows from update to update tells."""

from __future__ import annotations

import math
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.checks import finite_number, instance_of, whole_number
from neurosim.errors import ArgumentError, DivergedError
from neurosim.learning.callbacks import Callback
from neurosim.learning.learner import Learner
from neurosim.learning.schedules import Schedule
from neurosim.network import Network

if TYPE_CHECKING:
    from neurosim.learning.callbacks import Run

__all__ = ["RateSweep", "learning_rate_finder"]

# A loss so many times that of the start is a training that runs away.
_RUN_AWAY = 10.0


def learning_rate_finder(
    net: Network,
    X: Any,
    Y: Any,
    *,
    optimizer: Learner,
    low: float = 1e-7,
    high: float = 1.0,
    steps: int = 100,
    batch_size: int | None = None,
    rng: Any = None,
) -> RateSweep:
    """Train a copy of a network with a rate that grows evenly on a logarithmic scale.

    Update k = 0, ..., steps - 1 runs at low (high / low)^(k / (steps - 1)). A training that runs
    away ends the sweep: at a loss that is not finite, or over ten times that of the start. The
    loss of all samples is taken after every update, so that the curve has no noise of batches.

    Parameters
    ----------
    net : Network
        It stays as it is, random streams and scalers included.
    X, Y : arrays
        As for `Network.fit`.
    optimizer : Learner
        Which one the rate is for. It stays as it is; its own rate is not used.
    low, high : float
        The first and the last rate.
    steps : int
        How many rates, at least two.
    batch_size : int or None
    rng : int, numpy.random.Generator or None
        Draws the batches; None draws what the network's next training would.

    Returns
    -------
    RateSweep

    Source: Smith, "Cyclical Learning Rates for Training Neural Networks", 2017, section 3.3.

    Examples
    --------
    >>> import neurosim as ns
    >>> X, Y = ns.datasets.survey(rng=1)
    >>> net = ns.Network.layered([2, 1], hidden=None, output=ns.LinearNeuron, rng=1)
    >>> net.scale(inputs=ns.Standardizer(), outputs=ns.Standardizer())
    >>> sweep = ns.learning_rate_finder(net, X, Y, optimizer=ns.SGD(1.0), high=10.0)
    >>> sweep
    RateSweep(1e-07 to 5.72, ran away; suggestion 0.089)
    >>> axes = sweep.plot()
    """
    what = "learning_rate_finder"
    instance_of(net, Network, f"{what}: net", "ns.Network([...])")
    growing = copy(instance_of(optimizer, Learner, f"{what}: optimizer", "ns.SGD(0.1)"))
    n = whole_number(steps, f"{what}: steps", at_least=2)
    schedule = _Growing(*_checked_range(low, high, what), n)
    growing.learning_rate = schedule
    recorder = _Recorder(schedule.rates)
    with suppress(_Ended, DivergedError):
        # An epoch is at least one update.
        net.copy().fit(
            X,
            Y,
            optimizer=growing,
            epochs=len(schedule.rates),
            batch_size=batch_size,
            callbacks=[recorder],
            rng=rng,
        )
    return recorder.sweep()


def _checked_range(low: Any, high: Any, what: str) -> tuple[float, float]:
    low = finite_number(low, f"{what}: low", above=0)
    high = finite_number(high, f"{what}: high", above=0)
    if low >= high:
        raise ArgumentError(f"{what}: low must be below high; got low={low!r} and high={high!r}.")
    return low, high


@final
class _Growing(Schedule):
    """low (high / low)^(count / (steps - 1)), and high from then on."""

    def __init__(self, low: float, high: float, steps: int) -> None:
        super().__init__(per_step=True)
        self.rates: list[float] = np.geomspace(low, high, steps).tolist()

    def rate(self, count: int) -> float:
        """Return the rate of an update."""
        return self.rates[min(count, len(self.rates) - 1)]


class _Ended(Exception):  # noqa: N818
    """The sweep has seen enough, in the middle of an epoch."""


@final
class _Recorder(Callback):
    """Keeps the loss of all samples after every update, until the training runs away."""

    def __init__(self, rates: list[float]) -> None:
        self.rates = rates
        self.start = math.nan
        self.losses: list[float] = []

    def on_start(self, run: Run) -> None:
        """Measure the loss that the sweep starts from."""
        self.start = run.network.mean_loss(*run.samples)

    def on_batch(self, run: Run) -> None:
        """Keep the loss after an update; end the sweep where it runs away or has seen all rates."""
        loss = run.network.mean_loss(*run.samples)
        # Written so that NaN ends it, too.
        if not loss <= _RUN_AWAY * self.start:
            raise _Ended
        self.losses.append(loss)
        if len(self.losses) == len(self.rates):
            raise _Ended

    def sweep(self) -> RateSweep:
        """Return what was seen."""
        return RateSweep(self.rates[: len(self.losses)], self.losses, self.start, self.ran_away)

    @property
    def ran_away(self) -> bool:
        """Whether the training ended before the last rate."""
        return len(self.losses) < len(self.rates)


@final
@dataclass(frozen=True)
class RateSweep:
    """The losses of one training whose rate grew from update to update.

    Attributes
    ----------
    rates, losses : lists of float
        ``losses[k]`` is that of all samples after the update at ``rates[k]``, which follows on
        the updates at all the smaller rates.
    start : float
        The loss before the first update.
    ran_away : bool
        Whether the training ran away before the highest rate, at the next after ``rates[-1]``.
    """

    rates: list[float]
    losses: list[float] = field(repr=False)
    start: float = field(repr=False)
    ran_away: bool

    @property
    def suggestion(self) -> float | None:
        """A tenth of the rate at which the loss is smallest; None if it never fell.

        The loss falls until the rate is too large, so its smallest value is at the edge; a tenth
        of that keeps away from it. Without a rise, the highest rate is the edge of what is known.
        """
        if not self.losses or min(self.losses) >= self.start:
            return None
        return self.rates[int(np.argmin(self.losses))] / 10.0

    def plot(
        self,
        ax: Any = None,
        *,
        path: Any = None,
        title: str | None = None,
        style: str = "screen",
    ) -> Any:
        """Draw the losses against the rates, on logarithmic scales; return the Axes.

        `path`, `title` and `style` are those of `History.plot`.
        """
        from neurosim.drawing import draw_sweep

        return draw_sweep(self, ax=ax, path=path, title=title, style=style)

    def __repr__(self) -> str:
        if not self.rates:
            return "RateSweep(ran away at once)"
        end = "ran away" if self.ran_away else "to the end"
        advice = "no suggestion" if self.suggestion is None else f"suggestion {self.suggestion:.3g}"
        return f"RateSweep({self.rates[0]:.3g} to {self.rates[-1]:.3g}, {end}; {advice})"
