"""Ten rows, two classes: 5-5(ReLU)-2 softmax with cross entropy, rate 0.1, 100 passes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios.command import run_one
from scenarios.plots import BLUE, GRAY, SKY, folder, sheet
from scenarios.report import heading, say, table, wrote
from scenarios.toy_table import CLASSES, X

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["main"]

LEARNING_RATE, PASSES = 0.1, 100
SEEDS = range(20)


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Train from 20 random starts; show the first one's outputs before and after."""
    where = folder(out)
    heading(f"Toy classification: 5-5(ReLU)-2 softmax, rate {LEARNING_RATE:g}, {PASSES} passes")
    nets = [_network(seed) for seed in SEEDS]
    first = _outputs_at_start(nets[0])
    losses = [_losses(net) for net in nets]
    last = nets[0].predict(X)
    _say_outputs(first, last)
    right = [nets[i].evaluate(X, CLASSES, [ns.accuracy])["accuracy"] for i in SEEDS]
    _say_losses(losses, right)
    files = [
        _draw_losses(where / "toy_classification_losses.svg", losses),
        _draw_network(where / "toy_classification_network.svg", nets[0]),
    ]
    return {
        "first_outputs": first.tolist(),
        "last_outputs": last.tolist(),
        "first_loss": [loss[0] for loss in losses],
        "last_loss": [loss[-1] for loss in losses],
        "accuracy": right,
        "files": wrote(files),
    }


def _network(seed: int) -> ns.Network:
    net = ns.Network.layered(
        [5, 5, 2],
        hidden=ns.ReLUNeuron,
        output=ns.SoftmaxNeuron,
        loss=ns.CategoricalCrossEntropy(),
        rng=seed,
    )
    net.scale(inputs=ns.Standardizer())
    return net


def _outputs_at_start(net: ns.Network) -> Any:
    """Return what the untrained network answers; its scaler is measured on the table first."""
    net.fit(X, CLASSES, optimizer=ns.SGD(LEARNING_RATE), epochs=0)
    return net.predict(X)


def _losses(net: ns.Network) -> list[float]:
    """Train on all ten rows at once; return the loss before every pass, and after the last."""
    history = net.fit(X, CLASSES, optimizer=ns.SGD(LEARNING_RATE), epochs=PASSES)
    return [*history.loss, net.loss_of(X, CLASSES)]


def _say_outputs(first: Any, last: Any) -> None:
    say(
        "The columns are standardized; the scaler is measured on the table and kept by the network."
    )
    table(
        ["row", "input", "class", "first output", "last output"],
        [
            (
                i,
                " ".join(f"{v:2g}" for v in x),
                f"({y[0]:g}, {y[1]:g})",
                f"({a[0]:.3f}, {a[1]:.3f})",
                f"({b[0]:.3f}, {b[1]:.3f})",
            )
            for i, (x, y, a, b) in enumerate(
                zip(X.tolist(), CLASSES.tolist(), first.tolist(), last.tolist(), strict=True)
            )
        ],
    )


def _say_losses(losses: list[list[float]], right: list[float]) -> None:
    table(
        ["seed", "first loss", "last loss", "rows right"],
        [
            (seed, f"{loss[0]:.4f}", f"{loss[-1]:.4f}", f"{round(10 * share)} of 10")
            for seed, loss, share in zip(SEEDS, losses, right, strict=True)
        ],
    )
    last = [loss[-1] for loss in losses]
    say(
        f"{sum(share == 1 for share in right)} of {len(SEEDS)} random starts get all ten rows "
        f"right; the last losses lie between {min(last):.4f} and {max(last):.4f}."
    )


def _draw_losses(path: Path, losses: list[list[float]]) -> Path:
    with sheet(path, size=(8, 4.6)) as ax:
        for loss in losses[1:]:
            ax.plot(loss, color=SKY, linewidth=1)
        ax.plot([], color=SKY, linewidth=1, label="seeds 1 to 19")
        ax.plot(losses[0], color=BLUE, linewidth=2.6, label="seed 0")
        ax.axhline(np.log(2), color=GRAY, linestyle=":", label="answering (0.5, 0.5): ln 2")
        ax.set(yscale="log", xlabel="pass", ylabel="cross entropy (nats per row)")
        ax.set_title("Ten rows in two classes are learned from every start")
        ax.legend()
    return path


def _draw_network(path: Path, net: ns.Network) -> Path:
    """Draw the trained network with its activations for the first row."""
    net.forward(X[0])
    net.backward(CLASSES[0])
    net.draw(path, title="After 100 passes: the first row, class (0, 1)")
    return path


if __name__ == "__main__":
    sys.exit(run_one(main))
