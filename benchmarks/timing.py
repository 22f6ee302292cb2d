"""Timing side by side: the contestants take turns, so that a slow moment hits them alike."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


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
        """Return a row: median, spread, and the ratio to the first contestant's median."""
        low, high = min(self.rounds), max(self.rounds)
        return (
            f"  {self.name:34} {self.median * 1e6:10.1f} us  ({low * 1e6:.1f} - {high * 1e6:.1f})"
            f"  {self.median / base:6.2f} x"
        )


def side_by_side(
    contestants: dict[str, tuple[Callable[[int], object], int]], rounds: int = 7
) -> list[Timing]:
    """Time every contestant in turn, `rounds` times.

    Parameters
    ----------
    contestants : dict
        By name: a function that does so many steps, and how many a round has.
    rounds : int
        After one that is not counted.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(rounds + 1):
        for name, (run, steps) in contestants.items():
            begin = time.perf_counter()
            run(steps)
            if turn:
                seconds[name].append((time.perf_counter() - begin) / steps)
    return [Timing(name, tuple(values)) for name, values in seconds.items()]
