"""Seven optimizers in the valley of the unscaled dating loss, and on a saddle.

In the valley one direction is 400,000 times as curved as the other. What follows the gradient
has to take steps that are small enough for the steep one, and stands still in the flat one; what
divides by the size of past gradients walks in both.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios import optimizers_figures as figures
from scenarios.command import run_one
from scenarios.dating_linear import start
from scenarios.descent import Way, descend
from scenarios.exponential_averages import averages, draw_averages
from scenarios.plots import folder
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["main"]

OPTIMIZERS = {
    "SGD": ns.SGD,
    "Momentum": ns.Momentum,
    "Nesterov": ns.Nesterov,
    "AdaGrad": ns.AdaGrad,
    "RMSprop": ns.RMSprop,
    "Adam": ns.Adam,
    "AdamW": ns.AdamW,
}
# 1, 2 and 5 of every power of ten: for steps along the gradient, and for steps of about one size.
TINY = [m * 10.0**k for k in range(-9, -6) for m in (1, 2, 5)]
SMALL = [m * 10.0**k for k in range(-4, 1) for m in (1, 2, 5)]
UPDATES = 1000
SADDLE_START, SADDLE_RATE, SADDLE_UPDATES = (-1.0, 1.05), 0.05, 400


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Teach the exponential average, then run all optimizers through valley and saddle."""
    where = folder(out)
    taught = averages()
    valley, ways = _valley(300 if quick else UPDATES)
    saddle, over = _saddle()
    files = [
        draw_averages(where / "optimizers_averages.svg"),
        figures.draw_valley(where / "optimizers_valley.svg", ways, valley),
        figures.draw_saddle(where / "optimizers_saddle.svg", over),
        figures.draw_losses(where / "optimizers_losses.svg", ways, over),
    ]
    return {"averages": taught, "valley": valley, "saddle": saddle, "files": wrote(files)}


# -- the valley ---------------------------------------------------------------------------------


def valley_data() -> tuple[Floats, Floats]:
    """Return the given dating survey with income in units."""
    _, X, Y = start("units")
    return X, Y


def _in_valley(optimizer: ns.Optimizer, updates: int) -> Way:
    """Descend from w = (0.1, 0.1); b stays at its true value, 2."""
    X, Y = valley_data()
    layer = ns.Layer(1, ns.LinearNeuron, weights=[[0.1], [0.1]], biases=[2.0])
    net = ns.Network([ns.InputLayer(2), layer])
    net.freeze(weights=False)
    way = descend(net, X, Y, optimizer, epochs=updates)
    losses = way.losses if way.diverged_at is not None else [*way.losses, net.loss_of(X, Y)]
    return Way(way.parameters[:, :2], losses, way.diverged_at)


def _valley(updates: int) -> tuple[dict[str, Any], dict[str, Way]]:
    """Give every optimizer the best of the rates that were tried."""
    heading(f"The valley: dates by education and raw income, {updates} full-batch updates")
    X, Y = valley_data()
    best = np.linalg.lstsq(X, Y - 2.0, rcond=None)[0][:, 0]
    curvatures = np.linalg.eigvalsh(2 * X.T @ X / len(X))
    rates, ways = {}, {}
    for name, kind in OPTIMIZERS.items():
        rates[name], ways[name] = _at_best_rate(name, kind, updates)
    last = {name: way.losses[-1] for name, way in ways.items()}
    least = float(np.mean((X @ best + 2.0 - Y[:, 0]) ** 2))
    table(
        ["optimizer", "best rate", "w education", "w income", "last loss"],
        [
            (
                name,
                f"{rates[name]:g}",
                *(f"{w:.5f}" for w in way.parameters[-1]),
                f"{last[name]:.4f}",
            )
            for name, way in ways.items()
        ],
    )
    winner = min(last, key=lambda name: last[name])
    say(
        f"The best is w = ({best[0]:.5f}, {best[1]:.5f}) with a loss of {least:.4f}; the start, "
        f"w = (0.1, 0.1), has {ways['SGD'].losses[0]:,.0f}. Every optimizer runs at the best of "
        "the rates 1, 2 and 5 times a power of ten. The valley is "
        f"{curvatures[1] / curvatures[0]:,.0f} times as curved across as along. "
        f"{winner} comes nearest."
    )
    return {
        "best": best.tolist(),
        "least_loss": least,
        "curvatures": curvatures.tolist(),
        "rates": rates,
        "last_loss": last,
        "last_w": {name: way.parameters[-1].tolist() for name, way in ways.items()},
    }, ways


def _at_best_rate(name: str, kind: Any, updates: int) -> tuple[float, Way]:
    """Return the smallest rate whose last loss is the least, to a thousandth, and its way."""
    rates = TINY if name in ("SGD", "Momentum", "Nesterov") else SMALL
    ways = {rate: _in_valley(kind(rate), updates) for rate in rates}
    finite = {rate: way for rate, way in ways.items() if way.diverged_at is None}
    least = min(way.losses[-1] for way in finite.values())
    rate = min(rate for rate, way in finite.items() if way.losses[-1] <= 1.001 * least)
    return rate, finite[rate]


# -- the saddle ---------------------------------------------------------------------------------


def _over_saddle(optimizer: ns.Optimizer) -> Way:
    """Descend J = (1 - w1 w2)^2: two linear neurons in a row, input 1, target 1, no biases."""
    w1, w2 = SADDLE_START
    layers = [ns.Layer(1, ns.LinearNeuron, weights=[[w]]) for w in (w1, w2)]
    net = ns.Network([ns.InputLayer(1), *layers])
    net.freeze(weights=False)
    way = descend(net, [[1.0]], [[1.0]], optimizer, epochs=SADDLE_UPDATES)
    slots = [int(np.flatnonzero(way.parameters[0] == w)[0]) for w in (w1, w2)]
    return Way(way.parameters[:, slots], way.losses)


def _saddle() -> tuple[dict[str, Any], dict[str, Way]]:
    heading(f"The saddle of J = (1 - w1 w2)^2 from {SADDLE_START}, rate {SADDLE_RATE:g} for all")
    ways = {name: _over_saddle(kind(SADDLE_RATE)) for name, kind in OPTIMIZERS.items()}
    numbers = {
        name: {
            "updates_to_leave": _until(way.losses, 0.5),
            "updates_to_arrive": _until(way.losses, 0.001),
            "last_w": way.parameters[-1].tolist(),
            "last_loss": way.losses[-1],
        }
        for name, way in ways.items()
    }
    table(
        ["optimizer", "updates to J < 0.5", "to J < 0.001", "last w1", "last w2", "last J"],
        [
            (
                name,
                n["updates_to_leave"] or "never",
                n["updates_to_arrive"] or "never",
                *(f"{w:.4f}" for w in n["last_w"]),
                n["last_loss"],
            )
            for name, n in numbers.items()
        ],
    )
    slowest = max(numbers, key=lambda name: numbers[name]["updates_to_arrive"] or SADDLE_UPDATES)
    say(
        "At (0, 0) the gradient is zero, but it is no bottom: J falls along w1 = w2. The start "
        "lies near the line w1 = -w2, down which everything rolls to the saddle; how soon it "
        f"leaves depends on the optimizer. {slowest} takes longest."
    )
    return numbers, ways


def _until(losses: list[float], below: float) -> int | None:
    return next((i for i, loss in enumerate(losses) if loss < below), None)


if __name__ == "__main__":
    sys.exit(run_one(main))
