"""Full-batch, mini-batch and single-sample descent: their paths and how noisy their losses are.

A batch is a sample of the samples: its gradient points downhill on average only. Smaller batches
make more updates per pass, come close sooner, and then dance around the bottom.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios.command import run_one
from scenarios.descent import Way, descend
from scenarios.plots import BLACK, BLUE, GREEN, ORANGE, folder, sheet
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["main"]

SAMPLES, EPOCHS, LEARNING_RATE = 100, 30, 0.1
SIZES = {"full batch": None, "mini-batches of 32": 32, "single samples": 1}
COLORS = {"full batch": BLUE, "mini-batches of 32": GREEN, "single samples": ORANGE}
START = (-1.0, 1.6)
SEEDS = range(20)


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Descend the same bowl with batches of three sizes, from the same start."""
    where = folder(out)
    heading(f"Batch sizes: the dating survey, linear, rate {LEARNING_RATE:g}, {EPOCHS} epochs")
    best, least = _best()
    seeds = SEEDS[:5] if quick else SEEDS
    ways = {name: [_descend(size, seed) for seed in seeds] for name, size in SIZES.items()}
    numbers = {name: _measured(runs, best) for name, runs in ways.items()}
    _say(numbers, least, len(seeds))
    first = {name: runs[0] for name, runs in ways.items()}
    files = [
        _draw_paths(where / "batch_sizes_paths.svg", first, best),
        _draw_losses(where / "batch_sizes_losses.svg", first, least),
    ]
    return {"best": best.tolist(), "least_loss": least, "sizes": numbers, "files": wrote(files)}


def survey() -> tuple[Floats, Floats]:
    """Return 100 people, their education, income and dates standardized."""
    X, Y = ns.datasets.survey(SAMPLES, noise=0.15, rng=1)
    return ns.Standardizer().fit(X).transform(X), ns.Standardizer().fit(Y).transform(Y)


def _best() -> tuple[Floats, float]:
    """Return the weights of the least loss, and that loss."""
    X, Y = survey()
    w: Any = np.linalg.lstsq(X, Y, rcond=None)[0]
    return w[:, 0], float(np.mean((X @ w - Y) ** 2))


def _descend(size: int | None, seed: int) -> Way:
    X, Y = survey()
    layer = ns.Layer(1, ns.LinearNeuron, weights=[[START[0]], [START[1]]])
    net = ns.Network([ns.InputLayer(2), layer], rng=seed)
    # All columns have mean 0, and so 0 is the best bias.
    net.freeze(weights=False)
    way = descend(net, X, Y, ns.SGD(LEARNING_RATE), epochs=EPOCHS, batch_size=size)
    return Way(way.parameters[:, :2], way.losses)


def _measured(runs: list[Way], best: Floats) -> dict[str, Any]:
    """Return how far from the best weights a size came, on the average over its seeds."""
    updates = len(runs[0].losses) // EPOCHS
    apart = np.array([np.hypot(*(way.parameters - best).T) for way in runs])
    last = np.array([way.losses[-updates:] for way in runs])
    return {
        "updates_per_epoch": updates,
        "apart_after_1_epoch": float(apart[:, updates].mean()),
        "apart_after_5_epochs": float(apart[:, 5 * updates].mean()),
        "apart_in_last_epoch": float(apart[:, -updates:].mean()),
        "spread_of_last_losses": float(last.std(axis=1).mean()),
    }


def _say(numbers: dict[str, dict[str, Any]], least: float, seeds: int) -> None:
    table(
        [
            "batches",
            "updates per epoch",
            "off after 1 epoch",
            "after 5",
            "in the last",
            "spread of the last losses",
        ],
        [
            (name, n["updates_per_epoch"], *(f"{value:.4f}" for value in list(n.values())[1:]))
            for name, n in numbers.items()
        ],
    )
    soonest, nearest = (
        min(numbers, key=lambda name: float(numbers[name][when]))
        for when in ("apart_after_1_epoch", "apart_in_last_epoch")
    )
    say(
        f"Off: how far the two weights are from the best ones, mean of {seeds} orders of the "
        f"samples. {SAMPLES} samples make mini-batches of 32, 32, 32 and 4: the last is learned "
        f"from, too. The least possible loss is {least:.4f}. Nearest after one epoch: {soonest}; "
        f"in the last epoch: {nearest}. At a constant rate small batches dance around the bottom, "
        "as every batch pulls towards its own samples."
    )


def _draw_paths(path: Path, ways: dict[str, Way], best: Floats) -> Path:
    X, Y = survey()
    w1, w2 = np.meshgrid(np.linspace(-1.3, 1.7, 101), np.linspace(-0.2, 2.4, 101))
    answers = w1[..., np.newaxis] * X[:, 0] + w2[..., np.newaxis] * X[:, 1]
    loss = np.mean((answers - Y[:, 0]) ** 2, axis=-1)
    levels = loss.min() + np.geomspace(0.02, 6, 8)
    with sheet(path, 1, 3, size=(14, 4.7), sharex=True, sharey=True) as axes:
        for ax, (name, way) in zip(axes, ways.items(), strict=True):
            ax.contour(w1, w2, loss, levels=levels, cmap="Blues_r", linewidths=1)
            mark = "o-" if name == "full batch" else "-"
            ax.plot(*way.parameters.T, mark, color=COLORS[name], linewidth=0.7, markersize=4)
            ax.plot(*best, "*", color=BLACK, markersize=15, zorder=3)
            ax.annotate("start", START, (6, 4), textcoords="offset points")
            ax.set_title(f"{name}: {len(way.losses)} updates")
            ax.set_xlabel("weight of education")
        axes[0].set_ylabel("weight of income")
    return path


def _draw_losses(path: Path, ways: dict[str, Way], least: float) -> Path:
    """Draw the loss of every batch before its update, against the epochs gone by."""
    with sheet(path, 3, 1, size=(9, 7.6), sharex=True, sharey=True) as axes:
        for ax, (name, way) in zip(axes, ways.items(), strict=True):
            # The first ten epochs, of which each is as wide whatever the size of its batches.
            shown = way.losses[: 10 * len(way.losses) // EPOCHS]
            ax.plot(10 * np.arange(len(shown)) / len(shown), shown, color=COLORS[name], linewidth=1)
            ax.axhline(least, color=BLACK, linestyle=":", linewidth=1.2)
            ax.set(xlim=(0, 10), ylim=(0, 3.2), ylabel="loss", title=name)
        axes[-1].set_xlabel("epoch (dotted: the least possible loss of all samples)")
    return path


if __name__ == "__main__":
    sys.exit(run_one(main))
