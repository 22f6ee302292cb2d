"""The figures of the scenario about optimizers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import LogNorm

from scenarios.dating_linear import start
from scenarios.plots import BLACK, LINES, sheet

if TYPE_CHECKING:
    from pathlib import Path

    from scenarios.descent import Way

__all__ = ["draw_losses", "draw_saddle", "draw_valley"]

PATH = "#B2182B"
"""The red of a way, which stands out on blue."""


def draw_valley(path: Path, ways: dict[str, Way], valley: dict[str, Any]) -> Path:
    """Draw the way of every optimizer in a picture of its own, on the same valley."""
    _, X, Y = start("units")
    w1, w2 = np.meshgrid(np.linspace(-0.15, 1.0, 41), np.linspace(-0.03, 0.115, 161))
    answers = w1[..., np.newaxis] * X[:, 0] + w2[..., np.newaxis] * X[:, 1] + 2.0
    loss = np.mean((answers - Y[:, 0]) ** 2, axis=-1)
    levels = loss.max() / 4.0 ** np.arange(8, -1, -1)
    with sheet(path, 2, 4, size=(15, 7.4), sharex=True, sharey=True) as axes:
        for ax, (name, way) in zip(axes.flat, ways.items(), strict=False):
            ax.contourf(w1, w2, loss, levels=levels, norm=LogNorm(), cmap="Blues_r", extend="min")
            ax.plot(*way.parameters.T, "-", color="white", linewidth=3.2)
            ax.plot(*way.parameters.T, "-", color=PATH, linewidth=1.6)
            ax.plot(*way.parameters[0], "o", color=BLACK, markersize=7)
            ax.plot(*way.parameters[-1], "s", color=PATH, markeredgecolor=BLACK, markersize=8)
            ax.plot(*valley["best"], "*", color="white", markeredgecolor=BLACK, markersize=16)
            ax.set_title(f"{name}: {way.losses[-1]:.3g}")
            ax.set(xlim=(-0.15, 1.0), ylim=(-0.03, 0.115))
        _explain(axes.flat[-1], {"*": "the bottom"})
        axes[0, 0].figure.suptitle("The valley of the unscaled dating loss")
        for ax in axes[:, 0]:
            ax.set_ylabel("weight of income")
        for ax in [*axes[1, :3], axes[0, 3]]:
            ax.set_xlabel("weight of education")
        axes[0, 3].tick_params(labelbottom=True)
    return path


def _explain(ax: Any, marks: dict[str, str]) -> None:
    """Write into the eighth picture what the marks are."""
    ax.axis("off")
    ax.plot([], [], "o", color=BLACK, markersize=7, label="start")
    ax.plot([], [], color=PATH, label="the way")
    edge = {"markeredgecolor": BLACK, "linestyle": "none"}
    ax.plot([], [], "s", color=PATH, markersize=8, label="end; its loss above", **edge)
    for mark, meaning in marks.items():
        ax.plot([], [], mark, color="white", markersize=13, label=meaning, **edge)
    ax.legend(loc="center", fontsize=13)


def draw_saddle(path: Path, ways: dict[str, Way]) -> Path:
    """Draw the way of every optimizer over the saddle of (1 - w1 w2)^2."""
    w1, w2 = np.meshgrid(np.linspace(-1.3, 1.5, 81), np.linspace(-0.6, 1.5, 81))
    levels = [0.02, 0.1, 0.3, 0.6, 0.9, 1.1, 1.5, 2.2, 3.5, 5.5]
    with sheet(path, 2, 4, size=(15, 6.6), sharex=True, sharey=True) as axes:
        for ax, (name, way) in zip(axes.flat, ways.items(), strict=False):
            ax.contour(w1, w2, (1 - w1 * w2) ** 2, levels=levels, cmap="Blues_r", linewidths=0.9)
            ax.plot(0, 0, "x", color=BLACK, markersize=9, markeredgewidth=2)
            ax.plot(*way.parameters.T, ".-", color=PATH, linewidth=1.2, markersize=4)
            ax.plot(*way.parameters[0], "o", color=BLACK, markersize=7)
            ax.plot(*way.parameters[-1], "s", color=PATH, markeredgecolor=BLACK, markersize=8)
            ax.set_title(f"{name}: {way.losses[-1]:.2g}")
            ax.set(xlim=(-1.3, 1.5), ylim=(-0.6, 1.5))
        _explain(axes.flat[-1], {"x": "the saddle"})
        axes[0, 0].figure.suptitle("The saddle of J = (1 − w1 w2)²")
        for ax in axes[:, 0]:
            ax.set_ylabel("w2")
        for ax in [*axes[1, :3], axes[0, 3]]:
            ax.set_xlabel("w1")
        axes[0, 3].tick_params(labelbottom=True)
    return path


def draw_losses(path: Path, valley: dict[str, Way], saddle: dict[str, Way]) -> Path:
    """Draw the losses in the valley and on the saddle."""
    with sheet(path, 1, 2, size=(13.5, 5)) as axes:
        titles = ("In the valley, each at its best rate", "Over the saddle, all at one rate")
        for ax, ways, title in zip(axes, (valley, saddle), titles, strict=True):
            for (name, way), look in zip(ways.items(), LINES, strict=False):
                at = np.unique(np.geomspace(1, len(way.losses), 250).astype(int))
                ax.plot(at, np.array(way.losses)[at - 1], label=name, **look)
            ax.set(yscale="log", xlabel="update", title=title)
        axes[0].set(xscale="log", ylabel="loss (dates²)")
        axes[1].set(ylabel="J", ylim=(1e-6, 10))
        axes[1].legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
    return path
