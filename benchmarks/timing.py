"""Timing side by side: the contestants take turns, so that a slow moment hits them alike."""

from __future__ import annotations

import math
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds that one contestant works in one round.
ROUND = 0.15


@dataclass(frozen=True)
class Contestant:
    """Somebody who can do so many steps.

    Attributes
    ----------
    name : str
    run : callable
        ``run(steps)`` does them.
    chunk : int
        Its steps come in multiples of this, where a loop of them is compiled as a whole.
    """

    name: str
    run: Callable[[int], object]
    chunk: int = 1


@dataclass(frozen=True)
class Timing:
    """Seconds per step of one contestant over some rounds."""

    name: str
    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median over the rounds."""
        return statistics.median(self.rounds)

    def line(self, base: float) -> str:
        """Return a row: median, spread, and the ratio to another's median."""
        low, high = min(self.rounds), max(self.rounds)
        return (
            f"  {self.name:38} {span(self.median):>10}  ({span(low)} - {span(high)})"
            f"  {self.median / base:7.2f} x"
        )

    def data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"name": self.name, "median": self.median, "rounds": list(self.rounds)}


def span(seconds: float) -> str:
    """Return a time as a person reads it.

    >>> span(2.1e-6), span(0.0331), span(4.2)
    ('2.1 us', '33.1 ms', '4.2 s')
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def side_by_side(contestants: list[Contestant], rounds: int = 7) -> list[Timing]:
    """Time every contestant in turn, `rounds` times, each for about the same while."""
    steps = {each.name: _steps_of(each) for each in contestants}
    seconds: dict[str, list[float]] = {each.name: [] for each in contestants}
    for _ in range(rounds):
        for each in contestants:
            seconds[each.name].append(_timed(each, steps[each.name]) / steps[each.name])
    return [Timing(name, tuple(values)) for name, values in seconds.items()]


def _steps_of(contestant: Contestant) -> int:
    """Return how many steps fill a round; compiling and warming up are over then."""
    contestant.run(contestant.chunk)
    steps = contestant.chunk
    while (taken := _timed(contestant, steps)) < ROUND / 2:
        factor = min(10, max(2, math.ceil(ROUND / max(taken, 1e-6))))
        steps *= factor
    return steps


def _timed(contestant: Contestant, steps: int) -> float:
    begin = time.perf_counter()
    contestant.run(steps)
    return time.perf_counter() - begin
