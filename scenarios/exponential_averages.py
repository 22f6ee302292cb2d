"""The running mean that momentum, RMSprop and Adam are built on, alone and by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios.plots import BLUE, GRAY, GREEN, ORANGE, sheet
from scenarios.report import heading, say, table

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["averages", "draw_averages"]

BETAS = (0.9, 0.98)
COUNT = 100


def averages() -> dict[str, Any]:
    """Average the numbers 1 to 100, with and without correction of the start at zero."""
    heading("Exponential averages: v = beta v + (1 - beta) x, corrected v / (1 - beta^t)")
    numbers = range(1, COUNT + 1)
    seen = {
        f"{beta:g}, {'corrected' if corrected else 'as it is'}": _averages(beta, corrected, numbers)
        for beta in BETAS
        for corrected in (False, True)
    }
    last_ten = [float(np.mean(range(max(1, t - 9), t + 1))) for t in numbers]
    table(
        ["number", *(f"beta {name}" for name in seen), "mean of the last ten"],
        [
            (t, *(f"{run[t - 1]:.3f}" for run in seen.values()), f"{last_ten[t - 1]:.1f}")
            for t in (1, 2, 5, 10, 20, 50, 100)
        ],
    )
    say(
        f"Beta 0.9 looks back over about {ns.ExponentialAverage(0.9).window:.0f} numbers, 0.98 "
        f"over about {ns.ExponentialAverage(0.98).window:.0f}. At 100 the exponential average is "
        f"{seen['0.9, corrected'][-1]:.3f}, the plain mean of 91 to 100 is {last_ten[-1]:.1f}: the "
        "exponential one still remembers a little of everything before."
    )
    return {**seen, "mean_of_last_ten": last_ten}


def _averages(beta: float, corrected: bool, numbers: Any) -> list[float]:
    average = ns.ExponentialAverage(beta, corrected=corrected)
    return [float(average.add(x)) for x in numbers]


def draw_averages(path: Path) -> Path:
    """Draw noisy numbers around a wave with their averages."""
    t = np.arange(1, COUNT + 1)
    noisy = 10 + 5 * np.sin(t / 16) + 1.5 * np.random.default_rng(0).normal(size=COUNT)
    with sheet(path, 1, 2, size=(12.5, 4.6), sharey=True) as axes:
        for ax, beta, color in zip(axes, BETAS, (ORANGE, GREEN), strict=True):
            ax.plot(t, noisy, ".", color=GRAY, markersize=5, label="numbers")
            ax.plot(t, _averages(beta, False, noisy), "--", color=BLUE, label="as it is")
            ax.plot(t, _averages(beta, True, noisy), color=color, label="corrected")
            window = round(ns.ExponentialAverage(beta).window)
            ax.set(xlabel="number", title=f"beta = {beta:g}: about the last {window}")
            ax.legend(loc="upper right")
    return path
