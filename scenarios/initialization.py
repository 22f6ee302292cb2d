"""How weights start decides whether the signal survives ten layers.

A neuron adds up n inputs, so the spread of its sum is sqrt(n) times that of a weight. Too small
weights let the activations fade away layer by layer, too large ones let them explode or saturate;
variance 2/n (He) holds them with ReLU, 1/n (Xavier) with tanh. From zeros all neurons are equal.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios.command import run_one
from scenarios.plots import BLACK, BLUE, LINES, folder, sheet
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["main"]

WIDTH, DEPTH, SAMPLES = 100, 10, 200
INITIALIZERS: dict[str, ns.Initializer] = {
    "zeros": ns.Zeros(),
    "normal, 0.01": ns.Normal(0.01),
    "Xavier": ns.Xavier(),
    "He": ns.He(),
    "too large: normal, 1": ns.Normal(1.0),
}
KINDS = {"ReLU": ns.ReLUNeuron, "tanh": ns.TanhNeuron}
MARKS = ("x", "s", "^", "o", "D")
TRAINED_LAYERS, TRAINED_WIDTH = 5, 30


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Send random samples through ten layers, from every start; then train from every start."""
    where = folder(out)
    layers = {kind: {name: _activations(kind, name) for name in INITIALIZERS} for kind in KINDS}
    spreads = {kind: _say_spread(kind, runs) for kind, runs in layers.items()}
    losses = _trained(60 if quick else 300)
    files = [
        _draw_spread(where / "initialization_spread.svg", spreads),
        _draw_histograms(where / "initialization_histograms.svg", layers),
        _draw_losses(where / "initialization_losses.svg", losses),
    ]
    return {
        "spread": spreads,
        "saturated": {name: _saturated(acts) for name, acts in layers["tanh"].items()},
        "last_loss": {k: {n: run[-1] for n, run in runs.items()} for k, runs in losses.items()},
        "files": wrote(files),
    }


def _activations(kind: str, name: str) -> list[Floats]:
    """Return the activations of all layers, the inputs first, for standard normal samples."""
    hidden = [ns.Layer(WIDTH, KINDS[kind], initializer=INITIALIZERS[name]) for _ in range(DEPTH)]
    net = ns.Network([ns.InputLayer(WIDTH), *hidden], rng=1)
    net.forward(np.random.default_rng(0).normal(size=(SAMPLES, WIDTH)))
    return [np.array(layer.activations) for layer in net.layers]


def _root_mean_square(activations: list[Floats]) -> list[float]:
    return [float(np.sqrt(np.mean(a**2))) for a in activations]


def _saturated(activations: list[Floats]) -> list[float]:
    """Return, layer by layer, the share of tanh activations beyond 0.99."""
    return [float(np.mean(np.abs(a) > 0.99)) for a in activations[1:]]


def _say_spread(kind: str, runs: dict[str, list[Floats]]) -> dict[str, list[float]]:
    heading(f"Activations of {DEPTH} layers of {WIDTH} {kind} neurons: root mean square by layer")
    spreads = {name: _root_mean_square(activations) for name, activations in runs.items()}
    at = (0, 1, 2, 3, 5, 7, 10)
    table(
        ["weights", "inputs", *(f"layer {k}" for k in at[1:])],
        [(name, *(f"{spread[k]:.3g}" for k in at)) for name, spread in spreads.items()],
    )
    if kind == "tanh":
        share = _saturated(runs["too large: normal, 1"])[-1]
        say(
            "Xavier keeps tanh in its bent middle, He lets it grow a little larger. Too large "
            f"weights leave {share:.0%} of the activations beyond 0.99, where the slope of tanh is "
            "below 0.02; too small ones leave nothing to learn from."
        )
    else:
        say(
            "ReLU throws away half of the signal's power in every layer: Xavier loses a factor "
            "sqrt(2) per layer, and He, of twice the variance, makes up for it on the average over "
            "draws; a single draw wanders. Weights of spread 1 multiply by "
            f"sqrt({WIDTH} / 2) = {np.sqrt(WIDTH / 2):.1f} per layer."
        )
    return spreads


def _trained(epochs: int) -> dict[str, dict[str, list[float]]]:
    """Train five hidden layers of 30 on the ring from every start; return all losses."""
    heading(
        f"Training {TRAINED_LAYERS} hidden layers of {TRAINED_WIDTH} on the ring, {epochs} epochs"
    )
    X, Y = ns.datasets.ring(200, noise=0.05, rng=0)
    losses = {
        kind: {name: _losses(kind, name, X, Y, epochs) for name in INITIALIZERS} for kind in KINDS
    }
    table(
        [
            "weights",
            *(f"{kind}: {when}" for kind in KINDS for when in ("first", "largest", "last")),
        ],
        [
            (
                name,
                *(f"{f(losses[kind][name]):.4g}" for kind in KINDS for f in (_first, max, _last)),
            )
            for name in INITIALIZERS
        ],
    )
    say(
        "The losses. Answering 0.5 to all has ln 2 = 0.6931: that is where zeros, and weights so "
        "small that nothing comes through, stay. (Full batch, SGD at 0.1.)"
    )
    return losses


def _first(losses: list[float]) -> float:
    return losses[0]


def _last(losses: list[float]) -> float:
    return losses[-1]


def _losses(kind: str, name: str, X: Floats, Y: Floats, epochs: int) -> list[float]:
    """Return the loss of every epoch; of a run that diverges, those of the finite ones."""
    initializer = INITIALIZERS[name]
    hidden = [
        ns.Layer(TRAINED_WIDTH, KINDS[kind], initializer=initializer) for _ in range(TRAINED_LAYERS)
    ]
    output = ns.Layer(1, ns.SigmoidNeuron, initializer=initializer)
    net = ns.Network([ns.InputLayer(2), *hidden, output], loss=ns.BinaryCrossEntropy(), rng=1)
    try:
        return net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=epochs).loss
    except ns.DivergedError as error:
        losses: list[float] = error.history.loss  # type: ignore[attr-defined]
        return losses


def _draw_spread(path: Path, spreads: dict[str, dict[str, list[float]]]) -> Path:
    with sheet(path, 1, 3, size=(16, 5)) as axes:
        kinds = ("ReLU", "tanh", "tanh")
        for ax, kind in zip(axes, kinds, strict=True):
            for k, (name, spread) in enumerate(spreads[kind].items()):
                ax.plot(spread, marker=MARKS[k], markersize=6, label=name, **LINES[k])
            ax.set(xlabel="layer (0: the inputs)", title=f"{kind} neurons")
            ax.set_xticks(range(DEPTH + 1))
        # On a logarithmic axis there is no place for zeros, which the last picture shows.
        axes[0].set(ylabel="root mean square activation", yscale="log", ylim=(1e-13, 1e9))
        axes[1].set(yscale="log", ylim=(1e-13, 1e9))
        axes[2].set(title="the same on an even scale", ylim=(-0.03, 1.05))
        axes[1].legend(title="weights", loc="upper right", ncols=2, fontsize=10.5)
    return path


def _draw_histograms(path: Path, layers: dict[str, dict[str, list[Floats]]]) -> Path:
    """Draw how the activations of some layers are spread, for the starts between the extremes."""
    names = ["normal, 0.01", "Xavier", "He", "too large: normal, 1"]
    at = (1, 5, 10)
    with sheet(path, len(names), len(at), size=(11, 9.2), sharex=True) as axes:
        for row, name in zip(axes, names, strict=True):
            for ax, k in zip(row, at, strict=True):
                shares, edges = np.histogram(layers["tanh"][name][k], bins=41, range=(-1, 1))
                ax.stairs(shares / shares.sum(), edges, fill=True, color=BLUE)
                ax.set(yticks=[], title=f"{name}, layer {k}")
                ax.title.set_fontsize(12)
        for ax in axes[-1]:
            ax.set_xlabel("activation")
        axes[0, 0].figure.suptitle(f"Activations of {WIDTH} tanh neurons per layer", color=BLACK)
    return path


def _draw_losses(path: Path, losses: dict[str, dict[str, list[float]]]) -> Path:
    with sheet(path, 1, 2, size=(13, 4.8), sharey=True) as axes:
        for ax, (kind, runs) in zip(axes, losses.items(), strict=True):
            for (name, run), look in zip(runs.items(), LINES, strict=False):
                ax.plot(run, label=name, **look)
            ax.set(yscale="log", xlabel="epoch", title=f"{kind}: {TRAINED_LAYERS} hidden layers")
        axes[0].set(ylabel="cross entropy", ylim=(1e-3, 1e5))
        axes[1].legend(title="weights", loc="upper right", fontsize=10.5)
    return path


if __name__ == "__main__":
    sys.exit(run_one(main))
