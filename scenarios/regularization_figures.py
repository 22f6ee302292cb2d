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


def draw_curves(path: Path, runs: dict[str, Any], samples: Any, truth: float) -> Path:
    """Draw what every variant of one seed has fitted, beside the sine and the samples."""
    (X, Y), (X_kept, Y_kept) = samples
    line = np.linspace(-1, 1, 401)[:, np.newaxis]
    with sheet(path, 2, 3, size=(14, 8.6), sharex=True, sharey=True) as axes:
        for ax, (title, run) in zip(axes.flat, runs.items(), strict=True):
            ax.plot(line, np.sin(np.pi * line), "--", color=GRAY, label="sin(pi x)")
            ax.plot(line, run.network.predict(line), color=BLUE, linewidth=2.4, label="network")
            ax.plot(X, Y, "o", color=BLACK, markersize=6, label="trained with")
            ax.plot(X_kept, Y_kept, "o", label="kept back", **_hollow(title))
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


def _hollow(title: str) -> dict[str, Any]:
    """Return the look of the samples kept back, which one variant trains with."""
    fill = BLACK if "samples" in title else "white"
    return {"markerfacecolor": fill, "markeredgecolor": BLACK, "markersize": 6}


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
        _explain(axes[1, 2])
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
    """Draw how the weights of all seeds are spread; shares on a logarithmic axis."""
    reach = max(float(np.abs(w).max()) for w in weights.values())
    bins = np.linspace(-reach, reach, 82)
    with sheet(path, 2, 3, size=(14, 7.6), sharex=True, sharey=True) as axes:
        for ax, (title, w) in zip(axes.flat, weights.items(), strict=True):
            counts, _ = np.histogram(w, bins)
            ax.stairs(counts / len(w), bins, fill=True, color=BLUE)
            share = np.mean(np.abs(w) < near_zero)
            ax.set(yscale="log", title=f"{title}\n{share:.1%} below {near_zero:g}")
        for ax in axes[-1]:
            ax.set_xlabel("weight")
        for ax in axes[:, 0]:
            ax.set_ylabel("share of the weights")
    return path
