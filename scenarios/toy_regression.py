"""Ten rows, one number each: 5-5(ReLU)-1 linear with squared error, rate 0.1, 100 passes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios.command import run_one
from scenarios.plots import BLACK, BLUE, GRAY, GREEN, ORANGE, SKY, folder, sheet
from scenarios.report import heading, say, table, wrote
from scenarios.toy_table import TARGETS, X

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["main"]

LEARNING_RATE, PASSES = 0.1, 100
SEEDS = range(20)


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Train from 20 random starts; show the first one's outputs before and after."""
    where = folder(out)
    heading(f"Toy regression: 5-5(ReLU)-1 linear, rate {LEARNING_RATE:g}, {PASSES} passes")
    nets = [_network(seed) for seed in SEEDS]
    first = _outputs_at_start(nets[0])
    losses = [_losses(net) for net in nets]
    last = nets[0].predict(X)[:, 0]
    _say_outputs(first, last)
    baselines = _baselines()
    dead = [_dead(net) for net in nets]
    _say_losses(losses, dead, baselines)
    single = _one_by_one()
    files = [
        _draw_losses(where / "toy_regression_losses.svg", losses, baselines),
        _draw_outputs(where / "toy_regression_outputs.svg", first, last),
    ]
    return {
        "first_outputs": first.tolist(),
        "last_outputs": last.tolist(),
        "first_loss": [loss[0] for loss in losses],
        "last_loss": [loss[-1] for loss in losses],
        "dead": dead,
        "baselines": baselines,
        "one_by_one": single,
        "files": wrote(files),
    }


def _network(seed: int) -> ns.Network:
    net = ns.Network.layered(
        [5, 5, 1],
        hidden=ns.ReLUNeuron,
        output=ns.LinearNeuron,
        loss=ns.MeanSquaredError(),
        rng=seed,
    )
    net.scale(inputs=ns.Standardizer())
    return net


def _outputs_at_start(net: ns.Network) -> Any:
    """Return what the untrained network answers; its scaler is measured on the table first."""
    net.fit(X, TARGETS, optimizer=ns.SGD(LEARNING_RATE), epochs=0)
    return net.predict(X)[:, 0]


def _losses(net: ns.Network) -> list[float]:
    """Train on all ten rows at once; return the loss before every pass, and after the last."""
    history = net.fit(X, TARGETS, optimizer=ns.SGD(LEARNING_RATE), epochs=PASSES)
    return [*history.loss, net.loss_of(X, TARGETS)]


def _baselines() -> dict[str, float]:
    """Return the loss of answering the mean always, and of the best linear model."""
    design = np.column_stack([X, np.ones(len(X))])
    best = np.linalg.lstsq(design, TARGETS, rcond=None)[0]
    return {
        "mean": float(np.mean((TARGETS - TARGETS.mean()) ** 2)),
        "linear": float(np.mean((design @ best - TARGETS) ** 2)),
    }


def _dead(net: ns.Network) -> int:
    """Return how many hidden neurons are 0 for all ten rows."""
    net.forward(X)
    return int(np.sum((net.layers[1].activations == 0).all(axis=0)))


def _say_outputs(first: Any, last: Any) -> None:
    table(
        ["row", "input", "target", "first output", "last output", "squared error"],
        [
            (
                i,
                " ".join(f"{v:2g}" for v in x),
                f"{y:g}",
                f"{a:.3f}",
                f"{b:.3f}",
                f"{(b - y) ** 2:.4f}",
            )
            for i, (x, y, a, b) in enumerate(
                zip(X.tolist(), TARGETS[:, 0].tolist(), first.tolist(), last.tolist(), strict=True)
            )
        ],
    )


def _say_losses(losses: list[list[float]], dead: list[int], baselines: dict[str, float]) -> None:
    table(
        ["seed", "first loss", "last loss", "hidden neurons at 0 for all rows"],
        [
            (seed, f"{loss[0]:.4f}", f"{loss[-1]:.4f}", n)
            for seed, loss, n in zip(SEEDS, losses, dead, strict=True)
        ],
    )
    last = [loss[-1] for loss in losses]
    say(
        f"The last losses lie between {min(last):.4f} and {max(last):.4f}, the median is "
        f"{float(np.median(last)):.4f}. Answering the mean always would leave "
        f"{baselines['mean']:.4f}, the best straight line {baselines['linear']:.4f}; "
        f"{sum(loss < baselines['linear'] for loss in last)} of {len(SEEDS)} starts do better."
    )


def _one_by_one() -> dict[str, Any]:
    """Train the same starts row by row at the same rate, where most run away."""
    diverged, losses = 0, []
    for seed in SEEDS:
        net = _network(seed)
        try:
            net.fit(X, TARGETS, optimizer=ns.SGD(LEARNING_RATE), epochs=PASSES, batch_size=1)
        except ns.DivergedError:
            diverged += 1
        else:
            losses.append(net.loss_of(X, TARGETS))
    say(
        f"Row by row instead of all rows at once, rate {LEARNING_RATE:g} is too high: {diverged} "
        f"of {len(SEEDS)} starts diverge, and the others end at a loss of {min(losses):.2f} to "
        f"{max(losses):.2f}. The mean over ten rows is what kept the full batch calm."
    )
    return {"diverged": diverged, "losses": losses}


def _draw_losses(path: Path, losses: list[list[float]], baselines: dict[str, float]) -> Path:
    with sheet(path, size=(8, 4.6)) as ax:
        for loss in losses[1:]:
            ax.plot(loss, color=SKY, linewidth=1)
        ax.plot([], color=SKY, linewidth=1, label="seeds 1 to 19")
        ax.plot(losses[0], color=BLUE, linewidth=2.6, label="seed 0")
        ax.axhline(baselines["mean"], color=GRAY, linestyle=":", label="the mean for all")
        ax.axhline(baselines["linear"], color=BLACK, linestyle="--", label="best straight line")
        ax.set(yscale="log", xlabel="pass", ylabel="mean squared error")
        ax.set_title("Ten numbers: how well they are learned depends on the start")
        ax.legend(ncols=2, loc="upper right")
    return path


def _draw_outputs(path: Path, first: Any, last: Any) -> Path:
    with sheet(path, size=(8, 4.4)) as ax:
        rows = np.arange(len(X))
        ax.plot(rows, TARGETS[:, 0], "_", color=BLACK, markersize=26, label="target")
        ax.plot(rows, first, "s", color=ORANGE, label="first output")
        ax.plot(rows, last, "o", color=GREEN, label="last output")
        ax.set(
            xlabel="row", ylabel="output", xticks=rows, title="Seed 0, before and after 100 passes"
        )
        ax.legend(loc="upper right")
    return path


if __name__ == "__main__":
    sys.exit(run_one(main))
