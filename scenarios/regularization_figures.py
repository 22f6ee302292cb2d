"""The figures of the scenario about regularization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scenarios.plots import BLACK, BLUE, GRAY, ORANGE, sheet

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["draw_curves", "draw_losses", "draw_weights"]

_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5)


def draw_curves(path: Path, runs: dict[str, Any], kept: Any, truth: float) -> Path:
    """Draw what every variant of one seed has fitted, beside the sine and the samples."""
    line = np.linspace(-1, 1, 401)[:, np.newaxis]
    with sheet(path, 2, 3, size=(14, 8.6), sharex=True, sharey=True) as axes:
        for ax, (title, run) in zip(axes.flat, runs.items(), strict=True):
            ax.plot(line, np.sin(np.pi * line), "--", color=GRAY, label="sin(pi x)")
            ax.plot(line, run.network.predict(line), color=BLUE, linewidth=2.4, label="network")
            ax.plot(*kept, "o", color="white", markeredgecolor=BLACK, label="kept back")
            ax.plot(*run.samples, "o", color=BLACK, label="trained with")
            ax.set_title(f"{title}\nfresh loss {run.fresh:.3f}")
        for ax in axes[-1]:
            ax.set_xlabel("x")
        for ax in axes[:, 0]:
            ax.set_ylabel("y")
        figure = axes[0, 0].figure
        handles, labels = axes[0, 0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=4)
        figure.suptitle(f"The first seed; the sine itself has a fresh loss of {truth:.3f}")
    return path


def draw_losses(path: Path, runs: dict[str, Any]) -> Path:
    """Draw training and validation loss of one seed, epoch by epoch, where there is validation."""
    watched = {title: run.history for title, run in runs.items() if run.history.validation_loss}
    with sheet(path, 2, 3, size=(14, 8), sharex=True, sharey=True) as axes:
        for ax, (title, history) in zip(axes.flat, watched.items(), strict=False):
            ax.plot(history.loss, color=BLUE, linewidth=1.6)
            ax.plot(history.validation_loss, "--", color=ORANGE, linewidth=1.8)
            best = int(np.argmin(history.validation_loss))
            ax.plot(best, history.validation_loss[best], "o", color=BLACK, markersize=7)
            ax.set(yscale="log", title=f"{title} (least: epoch {best})")
            ax.set_yticks(_TICKS, [f"{tick:g}" for tick in _TICKS])
            ax.minorticks_off()
        _explain(axes[1, 2])
        axes[0, 0].figure.suptitle("The first seed")
        for ax in (*axes[1, :2], axes[0, 2]):
            ax.set_xlabel("epoch")
        axes[0, 2].tick_params(labelbottom=True)
        for ax in axes[:, 0]:
            ax.set_ylabel("mean squared error")
    return path


def _explain(ax: Any) -> None:
    """Write into the picture that is left what the lines are."""
    ax.axis("off")
    ax.plot([], [], color=BLUE, label="training loss, without penalty\n(with neurons dropped)")
    ax.plot([], [], "--", color=ORANGE, label="loss on the ten samples kept back")
    ax.plot([], [], "o", color=BLACK, label="its least")
    ax.legend(loc="center", fontsize=13)


def draw_weights(path: Path, weights: dict[str, Floats], near_zero: float) -> Path:
    """Draw how large the weights of all seeds are: |w| on a logarithmic axis."""
    sizes = {title: np.abs(w[w != 0]) for title, w in weights.items()}
    reach = (min(w.min() for w in sizes.values()), max(w.max() for w in sizes.values()))
    bins = np.geomspace(max(reach[0], 1e-7), reach[1], 61)
    with sheet(path, 2, 3, size=(14, 7.8), sharex=True, sharey=True) as axes:
        for ax, (title, w) in zip(axes.flat, sizes.items(), strict=True):
            ax.hist(w, bins, weights=np.full(len(w), 1 / len(weights[title])), color=BLUE)
            ax.axvline(near_zero, color=BLACK, linestyle=":", linewidth=1.5)
            share = np.mean(np.abs(weights[title]) < near_zero)
            ax.set(xscale="log", title=f"{title}\n{share:.1%} below {near_zero:g}")
        for ax in axes[-1]:
            ax.set_xlabel("|weight|")
        for ax in axes[:, 0]:
            ax.set_ylabel("share of the weights")
        axes[0, 0].figure.suptitle("All seeds together")
    return path
