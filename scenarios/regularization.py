"""Overfitting a few noisy samples, and what L1, L2, dropout and early stopping do about it.

A network of about a thousand parameters learns 20 noisy samples of a sine, noise included. Every
remedy gets the same starts and the same samples; its strength is chosen on other seeds. Beside
them stands what early stopping gives up: training with the ten samples that it is stopped by.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import neurosim as ns
from scenarios.command import run_one
from scenarios.plots import folder
from scenarios.regularization_figures import draw_curves, draw_losses, draw_weights
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Samples = tuple[Floats, Floats]
    Runs = dict[str, list["Run"]]

__all__ = ["main"]

WIDTH, TRAINED, KEPT, FRESH, NOISE = 30, 20, 10, 1000, 0.3
# The rate falls, so that weights come to rest instead of being kicked around zero for ever.
OPTIMIZER = ns.Adam(ns.ExponentialDecay(0.02, 0.998))
PATIENCE = 100
NEAR_ZERO = 0.001
# From 0 on, as eight seeds turned out to be too few: some eights flatter every remedy.
SEEDS, SEARCH_SEEDS = range(12), range(100, 103)
JUDGED_BY = 200
STRENGTHS: dict[str, tuple[type[ns.Regularizer], tuple[float, ...]]] = {
    "L1": (ns.L1, (0.0003, 0.001, 0.003, 0.01)),
    "L2": (ns.L2, (0.001, 0.003, 0.01, 0.03)),
    "dropout": (ns.Dropout, (0.02, 0.05, 0.1, 0.3)),
}


class Run(NamedTuple):
    """One training: the network at its end, how it went, and its loss on its and fresh samples."""

    network: ns.Network
    history: ns.History
    samples: Samples
    training: float
    fresh: float

    @property
    def weights(self) -> Floats:
        """All weights, without the biases."""
        layers: Any = self.network.layers[1:]
        return np.concatenate([np.ravel(layer.weights) for layer in layers])


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Choose the strengths, train every variant from several seeds, and compare."""
    where = folder(out)
    seeds, epochs = (SEEDS[:3], 300) if quick else (SEEDS, 1500)
    chosen, search = _searched(SEARCH_SEEDS[:1] if quick else SEARCH_SEEDS, epochs)
    variants = {name: _trained(name, chosen, seeds, epochs) for name in _names()}
    truth = _truth_loss()
    numbers = {name: _numbers(runs) for name, runs in variants.items()}
    _say_table(numbers, truth, len(seeds), epochs)
    better = _say_findings(numbers, truth)
    titled = {_title(name, chosen): runs for name, runs in variants.items()}
    shown = {title: runs[0] for title, runs in titled.items()}
    weights = {t: np.concatenate([run.weights for run in runs]) for t, runs in titled.items()}
    files = [
        draw_curves(where / "regularization_curves.svg", shown, _samples(SEEDS[0])[1], truth),
        draw_losses(where / "regularization_losses.svg", shown),
        draw_weights(where / "regularization_weights.svg", weights, NEAR_ZERO),
    ]
    return {
        "search": search,
        "chosen": chosen,
        "truth": truth,
        "variants": numbers,
        "better": better,
        "files": wrote(files),
    }


def _names() -> list[str]:
    return ["nothing", "more samples", *STRENGTHS, "early stopping"]


def _title(name: str, chosen: dict[str, float]) -> str:
    if name == "more samples":
        return f"nothing, {TRAINED + KEPT} samples"
    return f"{name}, {chosen[name]:g}" if name in chosen else name


def _samples(seed: int) -> tuple[Samples, Samples]:
    """Return the samples to train with, and those kept back."""
    X, Y = _drawn(np.random.default_rng(seed), TRAINED + KEPT)
    return (X[:TRAINED], Y[:TRAINED]), (X[TRAINED:], Y[TRAINED:])


def _drawn(rng: np.random.Generator, n: int) -> Samples:
    """Return n samples of sin(pi x) with noise."""
    X = rng.uniform(-1, 1, (n, 1))
    return X, np.sin(np.pi * X) + rng.normal(0, NOISE, (n, 1))


def _fresh() -> Samples:
    return _drawn(np.random.default_rng(1_000_000), FRESH)


def _truth_loss() -> float:
    """Return the loss that the sine itself has on the fresh samples: that of the noise."""
    X, Y = _fresh()
    return float(np.mean((np.sin(np.pi * X) - Y) ** 2))


def _network(seed: int) -> ns.Network:
    return ns.Network.layered(
        [1, WIDTH, WIDTH, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=seed
    )


def _searched(
    seeds: Sequence[int], epochs: int
) -> tuple[dict[str, float], dict[str, dict[str, list[float]]]]:
    """Train with every strength; return those of the least mean loss, and all losses."""
    heading(
        f"Which strength? Mean losses of seeds {', '.join(map(str, seeds))}, on samples that no "
        "network was trained with"
    )
    search = {
        name: {f"{s:g}": _judged(kind(s), seeds, epochs) for s in strengths}
        for name, (kind, strengths) in STRENGTHS.items()
    }
    chosen = {name: float(_least(tried, of=1)) for name, tried in search.items()}
    table(
        ["remedy", "strength", f"on {KEPT} samples", f"on {JUDGED_BY} others", ""],
        [
            (name, strength, *(f"{v:.4f}" for v in losses), _mark(strength, chosen[name]))
            for name, tried in search.items()
            for strength, losses in tried.items()
        ],
    )
    by_ten = ", ".join(f"{name} {_least(tried, of=0)}" for name, tried in search.items())
    say(
        f"Chosen on {JUDGED_BY} samples each, more than a person with {TRAINED + KEPT} samples "
        f"has: this is kind to the remedies. The {KEPT} kept back would have chosen {by_ten}."
    )
    return chosen, search


def _least(tried: dict[str, list[float]], of: int) -> str:
    return min(tried, key=lambda strength: tried[strength][of])


def _mark(strength: str, chosen: float) -> str:
    return "chosen" if float(strength) == chosen else ""


def _judged(regularizer: ns.Regularizer, seeds: Sequence[int], epochs: int) -> list[float]:
    """Return the mean losses on the samples kept back, and on many others."""
    losses = []
    for seed in seeds:
        training, kept = _samples(seed)
        others = _drawn(np.random.default_rng([seed, 1]), JUDGED_BY)
        net = _network(seed)
        net.regularize(regularizer)
        net.fit(*training, optimizer=OPTIMIZER, epochs=epochs)
        losses.append([net.loss_of(*kept), net.loss_of(*others)])
    means: list[float] = np.mean(losses, axis=0).tolist()
    return means


def _trained(name: str, chosen: dict[str, float], seeds: Sequence[int], epochs: int) -> list[Run]:
    return [_run(name, chosen, seed, epochs) for seed in seeds]


def _run(name: str, chosen: dict[str, float], seed: int, epochs: int) -> Run:
    """Train one variant; only where its losses are needed every epoch is it validated."""
    net = _network(seed)
    training, kept = _samples(seed)
    stops = [ns.EarlyStopping(PATIENCE)] if name == "early stopping" else []
    if name in chosen:
        kind, _ = STRENGTHS[name]
        net.regularize(kind(chosen[name]))
    if name == "more samples":
        training = (np.vstack([training[0], kept[0]]), np.vstack([training[1], kept[1]]))
    watched = name != "more samples" and (bool(stops) or seed == SEEDS[0])
    history = net.fit(
        *training,
        optimizer=OPTIMIZER,
        epochs=epochs,
        validation=kept if watched else None,
        callbacks=stops,
    )
    return Run(net, history, training, net.loss_of(*training), net.loss_of(*_fresh()))


def _numbers(runs: list[Run]) -> dict[str, Any]:
    """Return what is compared, seed by seed."""
    weights = [run.weights for run in runs]
    return {
        "training": [run.training for run in runs],
        "fresh": [run.fresh for run in runs],
        "size": [float(np.sqrt(np.mean(w**2))) for w in weights],
        "near_zero": [float(np.mean(np.abs(w) < NEAR_ZERO)) for w in weights],
        "exactly_zero": sum(int(np.sum(w == 0)) for w in weights),
        "epochs": [len(run.history) for run in runs],
    }


def _median(values: list[float]) -> float:
    return float(np.median(values))


def _say_table(numbers: dict[str, dict[str, Any]], truth: float, seeds: int, epochs: int) -> None:
    heading(
        f"1-{WIDTH}-{WIDTH}-1 tanh, {TRAINED} samples of a sine with noise {NOISE:g}: medians of "
        f"{seeds} seeds"
    )
    table(
        [
            *("variant", "epochs", "training loss", "fresh loss", "from", "to"),
            *("rms weight", f"|w| < {NEAR_ZERO:g}"),
        ],
        [
            (
                name,
                f"{_median(row['epochs']):.0f}",
                f"{_median(row['training']):.4f}",
                f"{_median(row['fresh']):.4f}",
                f"{min(row['fresh']):.4f}",
                f"{max(row['fresh']):.4f}",
                f"{_median(row['size']):.3f}",
                f"{_median(row['near_zero']):.1%}",
            )
            for name, row in numbers.items()
        ],
    )
    say(
        f"Losses are mean squared errors without penalties and without dropout; Adam from 0.02, "
        f"falling by 0.2 % an epoch, {epochs} epochs at most. The sine itself has {truth:.4f} on "
        f"the {FRESH} fresh samples: that is the noise, and in the long run no curve does better. "
        f"'more samples' is trained with the {KEPT} that early stopping keeps back, and has no "
        "remedy."
    )


def _say_findings(numbers: dict[str, dict[str, Any]], truth: float) -> dict[str, dict[str, int]]:
    """Say what each remedy did; return in how many seeds each is better than doing nothing."""
    heading("What helped, seed by seed")
    others = [name for name in numbers if name != "nothing"]
    better = {
        name: {than: _wins(numbers, name, than) for than in ("nothing", "more samples")}
        for name in others
    }
    n = len(numbers["nothing"]["fresh"])
    excess = {name: _median(row["fresh"]) - truth for name, row in numbers.items()}
    table(
        ["variant", "error beyond the noise", "better than nothing", "better than more samples"],
        [
            (name, f"{excess[name]:.4f}", *_of(better.get(name), n, own=name == "more samples"))
            for name in numbers
        ],
    )
    # 10 of 12 tosses of a coin, or more, fall on one given side in 1 of 52 cases.
    enough = math.ceil(0.8 * n)
    clear = [name for name in others if better[name]["nothing"] >= enough]
    unclear = [name for name in others if name not in clear]
    say(
        f"Left alone, the network comes to a training loss of "
        f"{_median(numbers['nothing']['training']):.4f}, and the noise alone is {truth:.4f}: "
        "what is less has been learned by heart. "
        f"Better than that on fresh samples in at least {enough} of {n} seeds: "
        f"{', '.join(clear) or 'none'}. No clear help: {', '.join(unclear) or 'none'}."
    )
    _say_weights(numbers)
    return better


def _of(wins: dict[str, int] | None, n: int, own: bool) -> tuple[str, str]:
    if wins is None:
        return "", ""
    return f"{wins['nothing']} of {n}", "" if own else f"{wins['more samples']} of {n}"


def _wins(numbers: dict[str, dict[str, Any]], name: str, than: str) -> int:
    pairs = zip(numbers[name]["fresh"], numbers[than]["fresh"], strict=True)
    return sum(one < other for one, other in pairs)


def _say_weights(numbers: dict[str, dict[str, Any]]) -> None:
    size = {name: f"{_median(row['size']):.3f}" for name, row in numbers.items()}
    l1, total = numbers["L1"], len(numbers["L1"]["fresh"]) * (2 * WIDTH + WIDTH**2)
    say(
        f"L1 leaves {_median(l1['near_zero']):.1%} of the weights below {NEAR_ZERO:g}, L2 "
        f"{_median(numbers['L2']['near_zero']):.1%}. Of L1's {total} weights {l1['exactly_zero']} "
        "are exactly zero: steps jump to and fro over zero, ever more closely as the rate falls. "
        f"The root mean square of the weights: {size['nothing']} without a remedy, {size['L1']} "
        f"with L1, {size['L2']} with L2, {size['dropout']} with dropout, "
        f"{size['early stopping']} stopped early."
    )


if __name__ == "__main__":
    sys.exit(run_one(main))
