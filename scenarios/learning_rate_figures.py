"""The figures of the scenario about learning rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scenarios.learning_rate_losses import cliff_loss
from scenarios.plots import BLACK, BLUE, GRAY, LINES, ORANGE, RED, sheet

if TYPE_CHECKING:
    from pathlib import Path

    from scenarios.descent import Way

__all__ = ["draw_bowls", "draw_cliff", "draw_round", "draw_sweep"]

MARKS = ("o", "s", "^")


def draw_bowls(path: Path, bowls: dict[str, Way], rates: dict[str, float]) -> Path:
    """Draw the bowl with the weights that every rate led to."""
    with sheet(path, 1, len(bowls), size=(14, 4)) as axes:
        for ax, (name, way) in zip(axes, bowls.items(), strict=True):
            at = way.parameters[:, 0]
            # Each picture is as wide as its swings.
            reach = 1.1 * np.abs(at).max()
            w = np.linspace(-reach, reach, 201)
            ax.plot(w, w**2, color=GRAY, linewidth=1.5)
            color = RED if abs(at[-1]) > abs(at[0]) else BLUE
            ax.plot(at, at**2, "o-", color=color, markersize=5, linewidth=1.2)
            ax.plot(at[0], at[0] ** 2, "o", color=BLACK, markersize=8, label="start")
            ax.set(title=f"{name}: {rates[name]:g}", xlabel="w")
        axes[0].set_ylabel("J = w²")
        axes[0].legend(loc="upper center")
    return path


def draw_round(path: Path, way: Way, rate: float) -> Path:
    """Draw the way down x^2 + y^2 from above, and its loss."""
    with sheet(path, 1, 2, size=(11.5, 4.8)) as (left, right):
        x, y = np.meshgrid(np.linspace(-7, 7, 121), np.linspace(-6, 6, 121))
        levels = [0.5, 2, 5, 10, 20, 35, 55]
        left.contour(x, y, x**2 + y**2, levels=levels, cmap="Blues_r", linewidths=1.3)
        left.plot(*way.parameters[:, :2].T, "o-", color=ORANGE, markersize=5)
        left.annotate("start", way.parameters[0, :2], (-4, 8), textcoords="offset points")
        left.set(xlabel="x", ylabel="y", title=f"Straight to the bottom, rate {rate:g}")
        left.set_aspect("equal")
        right.plot(way.losses, "o-", color=ORANGE, markersize=5)
        right.set(xlabel="update", ylabel="x² + y²", yscale="log", title="Every update × 0.64")
    return path


def draw_cliff(path: Path, cliffs: dict[str, Way]) -> Path:
    """Draw the slope with its wall, and the weight over the updates."""
    with sheet(path, 1, 2, size=(13, 5)) as (left, right):
        w = np.linspace(-6.5, 0.7, 1201)
        left.plot(w, cliff_loss(w), color=GRAY)
        for (rate, way), look, mark in zip(cliffs.items(), LINES, MARKS, strict=False):
            at = way.parameters[:, 0]
            marks: dict[str, Any] = {"color": look["color"], "markersize": 5}
            left.plot(at, cliff_loss(at), mark, label=f"rate {rate}", alpha=0.7, **marks)
            right.plot(at, label=f"rate {rate}", **look)
        _arrow_back(left, cliffs)
        left.set(xlabel="w", ylabel="J", title="A gentle slope, and a wall at w = 0")
        left.legend()
        right.axhline(0, color=GRAY, linestyle=":", label="the wall")
        right.set(xlabel="update", ylabel="w", title="The wall throws the weight back")
        right.legend(loc="lower right")
    return path


def _arrow_back(ax: Any, cliffs: dict[str, Way]) -> None:
    """Draw an arrow for the farthest of all steps back."""
    way = max(cliffs.values(), key=lambda way: float(-np.diff(way.parameters[:, 0]).min()))
    w = way.parameters[:, 0]
    k = int(np.argmin(np.diff(w)))
    bend = {"arrowstyle": "->", "connectionstyle": "arc3,rad=0.25", "color": RED, "linewidth": 2}
    ends = [(at, cliff_loss(at)) for at in w[k : k + 2]]
    ax.annotate("", xy=ends[1], xytext=ends[0], arrowprops=bend)
    ax.annotate("thrown back", (-1.9, 33), color=RED)


def draw_sweep(path: Path, sweep: dict[str, Any]) -> Path:
    """Draw the last loss against the rate, and mark where it diverged."""
    with sheet(path, size=(9.5, 5.2)) as ax:
        top = 1.4 * max(loss for run in sweep["losses"].values() for loss in run if loss)
        for k, (name, losses) in enumerate(sweep["losses"].items()):
            rates = [r for r, loss in zip(sweep["rates"], losses, strict=True) if loss]
            finite = [loss for loss in losses if loss]
            ax.plot(rates, finite, marker=MARKS[k], markersize=5, label=name, **LINES[k])
            gone = [r for r, loss in zip(sweep["rates"], losses, strict=True) if loss is None]
            height = top * 1.5**k
            ax.plot(gone, [height] * len(gone), "x", color=LINES[k]["color"], markersize=8)
        ax.plot([], "x", color=BLACK, markersize=8, linestyle="none", label="diverged")
        ax.set(xscale="log", yscale="log", xlabel="learning rate", ylabel="last loss (dates²)")
        ax.set_title(f"The dating survey after {sweep['epochs']} epochs")
        ax.legend(loc="lower left")
    return path
