"""The figures of the scenario about saturation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scenarios.plots import BLACK, BLUE, GRAY, LINES, ORANGE, RED, sheet

if TYPE_CHECKING:
    from pathlib import Path

    from scenarios.descent import Way

__all__ = ["draw_dying", "draw_flat", "draw_together"]


def draw_flat(path: Path, runs: dict[str, list[float]]) -> Path:
    """Draw the sigmoid with its derivative, and the neuron that begins in the flat."""
    with sheet(path, 1, 2, size=(13, 4.8)) as (left, right):
        z = np.linspace(-10, 10, 201)
        a = 1 / (1 + np.exp(-z))
        left.plot(z, a, color=BLUE, label="s(z)")
        left.plot(z, a * (1 - a), "--", color=ORANGE, label="s′(z)")
        for low, high in ((-10, -5), (5, 10)):
            left.axvspan(low, high, color=GRAY, alpha=0.15, linewidth=0)
        left.set(xlabel="z", xlim=(-10, 10), title="Shaded: flat ends, s′ below 0.007")
        left.legend(loc="center left")
        for (name, outputs), look in zip(runs.items(), LINES, strict=False):
            right.plot(outputs, label=name, **look)
        right.set(xlabel="epoch", ylabel="output (wanted: 0)", ylim=(0, 1.05))
        right.set_title("Squared error waits in the flat")
        right.legend(loc="center left", bbox_to_anchor=(0.15, 0.64), fontsize=10.5)
    return path


def draw_together(path: Path, ways: dict[str, Way]) -> Path:
    """Draw the paths of two weights, for positive and for centred inputs."""
    titles = {
        "sigmoid": "inputs s(z), from 0 to 1",
        "centred": "inputs s(z) − 1/2",
    }
    with sheet(path, 1, 2, size=(11.5, 5.4), sharex=True, sharey=True) as axes:
        for ax, (name, way) in zip(axes, ways.items(), strict=True):
            color = RED if name == "sigmoid" else BLUE
            ax.plot(*way.parameters.T, ".-", color=color, linewidth=1, markersize=4)
            ax.plot(*way.parameters[0], "o", color=BLACK, markersize=7)
            ax.annotate("start", way.parameters[0], (8, 4), textcoords="offset points")
            ax.plot(1, -1, "*", color=BLACK, markersize=16, zorder=3)
            ax.set(xlabel="w1", title=titles[name])
            ax.set_aspect("equal")
        axes[0].set_ylabel("w2")
    return path


def draw_dying(path: Path, runs: dict[Any, list[dict[str, Any]]], high_epochs: int) -> Path:
    """Draw the losses at the highest rate, kind by kind, before and after it was lowered."""
    highest = max(rate for _, rate in runs)
    with sheet(path, 1, 3, size=(14, 4.6), sharex=True, sharey=True) as axes:
        kinds = list(dict.fromkeys(kind for kind, _ in runs))
        for ax, kind in zip(axes, kinds, strict=True):
            those = runs[kind, highest]
            for run, look in zip(those, LINES, strict=False):
                ax.plot(run["losses"], linewidth=1.5, color=look["color"])
            ax.axvline(high_epochs, color=GRAY, linestyle=":", linewidth=1.5)
            off = " ".join(str(run["off_high"]) for run in those)
            ax.set(yscale="log", xlabel="epoch", ylim=(0.02, 60), title=f"{kind}\noff: {off}")
        axes[0].set_ylabel("cross entropy")
        axes[0].annotate(
            f"rate {highest:g} before, 0.1 after",
            (high_epochs, 12),
            (8, 0),
            textcoords="offset points",
            fontsize=11.5,
        )
    return path
