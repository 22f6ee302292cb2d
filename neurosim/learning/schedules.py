"""Learning rates that change while a network trains.

A schedule is a function of the epoch, counted from 0 (the first epoch runs at the start rate), or
with ``per_step=True`` of the update step. Any plain function of the epoch is one, too.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.checks import finite_number, flag, whole_number
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "ConstantRate",
    "ExponentialDecay",
    "InverseSquareRootDecay",
    "InverseTimeDecay",
    "PlainFunction",
    "Schedule",
    "StaircaseDecay",
    "WarmUp",
    "as_schedule",
]


class Schedule(ABC):
    """A learning rate for every epoch or update step. This class is abstract.

    Parameters
    ----------
    per_step : bool
        Whether `rate` counts update steps instead of epochs.
    """

    def __init__(self, *, per_step: bool = False) -> None:
        self.per_step = flag(per_step, f"{type(self).__name__}: per_step")

    @abstractmethod
    def rate(self, count: int) -> float:
        """Return the rate after `count` finished epochs (or steps)."""

    def __call__(self, count: int) -> float:
        """Return the rate after `count` finished epochs (or steps)."""
        return self.rate(count)

    def __repr__(self) -> str:
        values = [f"{name}={value!r}" for name, value in vars(self).items() if name != "per_step"]
        values += ["per_step=True"] if self.per_step else []
        return f"{type(self).__name__}({', '.join(values)})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), repr(self)))


def _positive(value: Any, whose: object, name: str) -> float:
    return finite_number(value, f"{type(whose).__name__}: {name}", above=0)


@final
class ConstantRate(Schedule):
    """The same rate always.

    >>> ConstantRate(0.1)(99)
    0.1
    """

    def __init__(self, start: float) -> None:
        super().__init__()
        self.start = _positive(start, self, "start")

    def rate(self, count: int) -> float:
        """Return the rate."""
        return self.start


@final
class InverseTimeDecay(Schedule):
    """start / (1 + decay count).

    >>> [round(InverseTimeDecay(0.2, 1.0)(epoch), 4) for epoch in range(4)]
    [0.2, 0.1, 0.0667, 0.05]
    """

    def __init__(self, start: float, decay: float = 1.0, *, per_step: bool = False) -> None:
        super().__init__(per_step=per_step)
        self.start = _positive(start, self, "start")
        self.decay = finite_number(decay, "InverseTimeDecay: decay", at_least=0)

    def rate(self, count: int) -> float:
        """Return start / (1 + decay count)."""
        return self.start / (1.0 + self.decay * count)


@final
class ExponentialDecay(Schedule):
    """start factor^count.

    >>> round(ExponentialDecay(1.0, 0.95)(2), 4)
    0.9025
    """

    def __init__(self, start: float, factor: float = 0.95, *, per_step: bool = False) -> None:
        super().__init__(per_step=per_step)
        self.start = _positive(start, self, "start")
        self.factor = _share(factor, "ExponentialDecay: factor")

    def rate(self, count: int) -> float:
        """Return start factor^count."""
        return float(self.start * self.factor**count)


def _share(value: Any, what: str) -> float:
    share = finite_number(value, what, above=0)
    if share > 1:
        raise ArgumentError(f"{what} must lie above 0 and not above 1; got {value!r}.")
    return share


@final
class InverseSquareRootDecay(Schedule):
    """k start / sqrt(count + 1).

    >>> InverseSquareRootDecay(0.2)(3)
    0.1
    """

    def __init__(self, start: float, k: float = 1.0, *, per_step: bool = False) -> None:
        super().__init__(per_step=per_step)
        self.start = _positive(start, self, "start")
        self.k = _positive(k, self, "k")

    def rate(self, count: int) -> float:
        """Return k start / sqrt(count + 1)."""
        return float(self.k * self.start / np.sqrt(count + 1.0))


@final
class StaircaseDecay(Schedule):
    """start factor^(count // every): cut, by default to a half, after every so many.

    >>> [StaircaseDecay(0.8, every=2)(epoch) for epoch in range(5)]
    [0.8, 0.8, 0.4, 0.4, 0.2]
    """

    def __init__(
        self, start: float, every: int, factor: float = 0.5, *, per_step: bool = False
    ) -> None:
        super().__init__(per_step=per_step)
        self.start = _positive(start, self, "start")
        self.every = whole_number(every, "StaircaseDecay: every")
        self.factor = _share(factor, "StaircaseDecay: factor")

    def rate(self, count: int) -> float:
        """Return start factor^(count // every)."""
        return float(self.start * self.factor ** (count // self.every))


@final
class WarmUp(Schedule):
    """A straight climb to the rate of another schedule, which then begins.

    For count < length the rate is then(0) (count + 1) / (length + 1), later then(count - length).

    Parameters
    ----------
    length : int
        How many epochs, or steps where `then` counts steps, the climb takes.
    then : float or Schedule
        What follows.

    Examples
    --------
    >>> [WarmUp(3, 0.4)(epoch) for epoch in range(5)]
    [0.1, 0.2, 0.30000000000000004, 0.4, 0.4]
    """

    def __init__(self, length: int, then: Any) -> None:
        self.length = whole_number(length, "WarmUp: length")
        self.then = as_schedule(then, "WarmUp: then")
        super().__init__(per_step=self.then.per_step)

    def rate(self, count: int) -> float:
        """Return the climbing rate, or that of what follows."""
        if count < self.length:
            return self.then(0) * (count + 1) / (self.length + 1)
        return self.then(count - self.length)


@final
class PlainFunction(Schedule):
    """A person's own function of the epoch."""

    def __init__(self, function: Callable[[int], float]) -> None:
        super().__init__()
        self.function = function

    def rate(self, count: int) -> float:
        """Return what the function returns, checked."""
        return finite_number(self.function(count), f"The learning rate at {count}", above=0)


def as_schedule(rate: Any, what: str) -> Schedule:
    """Return the schedule that a number, a schedule or a plain function stands for.

    >>> as_schedule(0.1, "example")
    ConstantRate(start=0.1)
    """
    if isinstance(rate, Schedule):
        return rate
    if callable(rate) and not isinstance(rate, type):
        return PlainFunction(rate)
    return ConstantRate(finite_number(rate, what, above=0))
