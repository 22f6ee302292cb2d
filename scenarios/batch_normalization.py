"""What batch normalization does for a deep network whose inputs nobody scaled.

A ring around a cloud, in units of its own (one input around 300, the other around -200), is to be
told apart by eight layers of tanh. Without normalization the large sums saturate the first layer:
it says the same of every sample, and so do all after it. With it every layer sees sums of mean 0
and variance 1, whatever the units and the start weights are, and learning sets in at once.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios.command import run_one
from scenarios.plots import LINES, folder, sheet
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["main"]

DEPTH, WIDTH, SAMPLES, RATE = 8, 10, 300, 0.01
UNITS = np.array([100.0, 60.0])
OFFSETS = np.array([300.0, -200.0])
NAMES = {False: "plain", True: "with batch normalization"}


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Train a deep network with and without normalization; show spreads, losses, averages."""
    where = folder(out)
    X, Y = _samples()
    runs = {normal: _trained(normal, X, Y, 20 if quick else 100) for normal in NAMES}
    nets = {normal: net for normal, (net, _, _) in runs.items()}
    spreads = {normal: spread for normal, (_, spread, _) in runs.items()}
    losses = {normal: history.loss for normal, (_, _, history) in runs.items()}
    accuracy = {
        normal: net.evaluate(X, Y, [ns.accuracy])["accuracy"] for normal, net in nets.items()
    }
    _say(spreads, losses, accuracy)
    averages = _say_averages(nets[True])
    file = _draw(where / "batch_normalization_training.svg", spreads, losses)
    return {
        "spread": {NAMES[normal]: values for normal, values in spreads.items()},
        "last_loss": {NAMES[normal]: values[-1] for normal, values in losses.items()},
        "accuracy": {NAMES[normal]: value for normal, value in accuracy.items()},
        "running": averages,
        "files": wrote([file]),
    }


def _samples() -> tuple[Floats, Floats]:
    """Return a ring around a cloud, each coordinate in units of its own."""
    X, Y = ns.datasets.ring(SAMPLES, noise=0.05, rng=0)
    return X * UNITS + OFFSETS, Y


def _network(normal: bool) -> ns.Network:
    def normalization() -> ns.BatchNormalization | None:
        return ns.BatchNormalization() if normal else None

    hidden = [ns.Layer(WIDTH, ns.TanhNeuron, normalization=normalization()) for _ in range(DEPTH)]
    layers = [ns.InputLayer(2), *hidden, ns.Layer(1, ns.SigmoidNeuron)]
    return ns.Network(layers, loss=ns.BinaryCrossEntropy(), rng=1)


def _trained(
    normal: bool, X: Floats, Y: Floats, epochs: int
) -> tuple[ns.Network, list[float], ns.History]:
    """Return a network after training, the spread of its layers before that, and its history."""
    net = _network(normal)
    spread = _spread(net, X)
    history = net.fit(X, Y, optimizer=ns.Adam(RATE), epochs=epochs, batch_size=50)
    return net, spread, history


def _spread(net: ns.Network, X: Floats) -> list[float]:
    """Return, layer by layer, how much an activation varies over the samples, on the average."""
    twin = net.copy()
    twin.forward(X, training=True)
    return [float(np.mean(np.std(layer.activations, axis=0))) for layer in twin.layers[1:-1]]


def _say(
    spreads: dict[bool, list[float]], losses: dict[bool, list[float]], accuracy: dict[bool, float]
) -> None:
    heading(f"{DEPTH} layers of {WIDTH} tanh neurons, inputs around 300 and -200")
    at = (1, 2, 4, DEPTH)
    table(
        ["", *(f"spread, layer {k}" for k in at), "first loss", "last loss", "right"],
        [
            (
                NAMES[normal],
                *(f"{spreads[normal][k - 1]:.3g}" for k in at),
                f"{losses[normal][0]:.4f}",
                f"{losses[normal][-1]:.4f}",
                f"{accuracy[normal]:.1%}",
            )
            for normal in NAMES
        ],
    )
    say(
        "The spread is the standard deviation of an activation over the samples, before training: "
        "how much a layer tells one sample from another. Answering 0.5 to all has the loss "
        "ln 2 = 0.6931."
    )


def _say_averages(net: ns.Network) -> dict[str, float]:
    """Show what one neuron takes at inference: running averages, in the units of its input."""
    heading("What one neuron of the first layer keeps for inference")
    neuron = net["hidden1[0]"]
    kept = {
        "running mean": neuron.running_mean,
        "running variance": neuron.running_variance,
        "gamma": neuron.gamma,
        "beta": neuron.beta,
    }
    table(list(kept), [tuple(f"{value:.4g}" for value in kept.values())])
    say("A sample alone is normalized by these, so that it does not depend on its neighbours.")
    return kept


def _draw(path: Path, spreads: dict[bool, list[float]], losses: dict[bool, list[float]]) -> Path:
    with sheet(path, 1, 2, size=(13, 4.8)) as axes:
        for (normal, name), look in zip(NAMES.items(), LINES, strict=False):
            axes[0].plot(range(1, DEPTH + 1), spreads[normal], marker="o", label=name, **look)
            axes[1].plot(losses[normal], label=name, **look)
        axes[0].set(
            xlabel="layer", ylabel="standard deviation over samples", title="before training"
        )
        axes[0].set_ylim(bottom=0)
        axes[0].legend()
        axes[1].set(xlabel="epoch", ylabel="cross entropy", title="training")
        axes[1].axhline(np.log(2), color="0.6", linewidth=1, zorder=0)
        axes[1].set_ylim(bottom=0)
    return path


if __name__ == "__main__":
    sys.exit(run_one(main))
