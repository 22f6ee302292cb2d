"""Learning rates that fall: schedules compared, beside their formulas.

Descent from single samples never settles at a constant rate, as every sample pulls towards itself.
A rate that falls begins as fast and ends as calm.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios.batch_sizes import survey
from scenarios.command import run_one
from scenarios.plots import BLACK, LINES, folder, sheet
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["main"]

START, EPOCHS, SAMPLES = 0.1, 40, 100
WATCHED = (0, 1, 5, 10, 20, 39)
SEEDS = range(5)


@dataclass
class Decay:
    """A schedule, its formula as a book writes it, and the same formula in Python."""

    formula: str
    schedule: Any
    by_hand: Callable[[int], float]


def cosine(epoch: int) -> float:
    """Return half a wave of the cosine, from 0.1 to nearly 0: a plain function is a schedule."""
    return START * (1 + math.cos(math.pi * epoch / EPOCHS)) / 2


DECAYS = {
    "constant": Decay("0.1", START, lambda t: 0.1),
    "InverseTimeDecay": Decay(
        "0.1 / (1 + 0.5 t)", ns.InverseTimeDecay(START, 0.5), lambda t: 0.1 / (1 + 0.5 * t)
    ),
    "InverseTimeDecay per step": Decay(
        "0.1 / (1 + 0.005 s)",
        ns.InverseTimeDecay(START, 0.005, per_step=True),
        lambda t: 0.1 / (1 + 0.005 * SAMPLES * t),
    ),
    "ExponentialDecay": Decay(
        "0.1 * 0.95^t", ns.ExponentialDecay(START, 0.95), lambda t: 0.1 * 0.95**t
    ),
    "InverseSquareRootDecay": Decay(
        "0.1 / sqrt(t + 1)", ns.InverseSquareRootDecay(START), lambda t: 0.1 / math.sqrt(t + 1)
    ),
    "StaircaseDecay": Decay(
        "0.1 / 2^(t // 10)", ns.StaircaseDecay(START, every=10), lambda t: 0.1 / 2 ** (t // 10)
    ),
    "WarmUp, then exponential": Decay(
        "t < 5: 0.1 (t + 1) / 6, then 0.1 * 0.9^(t - 5)",
        ns.WarmUp(5, ns.ExponentialDecay(START, 0.9)),
        lambda t: 0.1 * (t + 1) / 6 if t < 5 else 0.1 * 0.9 ** (t - 5),
    ),
    "a plain function": Decay(
        "0.05 (1 + cos(pi t / 40))", cosine, lambda t: 0.05 * (1 + math.cos(math.pi * t / 40))
    ),
}


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Train the same linear neuron, sample by sample, with every schedule."""
    where = folder(out)
    seeds = SEEDS[:1] if quick else SEEDS
    least = _least()
    runs = {name: [_run(decay, seed, least) for seed in seeds] for name, decay in DECAYS.items()}
    rates = {name: those[0]["rates"] for name, those in runs.items()}
    excess = {
        name: np.mean([run["excess"] for run in those], axis=0).tolist()
        for name, those in runs.items()
    }
    _say_rates(rates)
    apart = _apart(rates)
    _say_losses(excess, least, len(seeds), apart)
    files = [
        _draw_rates(where / "decay_rates.svg", rates),
        _draw_losses(where / "decay_losses.svg", excess),
    ]
    return {
        "rates": rates,
        "rates_apart_from_formula": apart,
        "least_loss": least,
        "excess": excess,
        "files": wrote(files),
    }


def _least() -> float:
    """Return the least loss that any weights have."""
    X, Y = survey()
    w = np.linalg.lstsq(X, Y, rcond=None)[0]
    return float(np.mean((X @ w - Y) ** 2))


def _run(decay: Decay, seed: int, least: float) -> dict[str, list[float]]:
    """Return the rate of every epoch, and how far above the least the loss was after it."""
    X, Y = survey()
    layer = ns.Layer(1, ns.LinearNeuron, weights=[[-1.0], [1.6]])
    net = ns.Network([ns.InputLayer(2), layer], rng=seed)
    net.freeze(weights=False)
    history = net.fit(
        X, Y, optimizer=ns.SGD(decay.schedule), epochs=EPOCHS, batch_size=1, validation=(X, Y)
    )
    return {
        "rates": history.learning_rate,
        "excess": [loss - least for loss in history.validation_loss],
    }


def _apart(rates: dict[str, list[float]]) -> float:
    """Return the largest relative difference between a rate that was used and its formula."""
    return max(
        abs(rate / DECAYS[name].by_hand(t) - 1)
        for name, run in rates.items()
        for t, rate in enumerate(run)
    )


def _say_rates(rates: dict[str, list[float]]) -> None:
    heading("The rate of epoch t (from 0): 0.1 at first, then by formula; s counts update steps")
    table(
        ["schedule", "formula", *(f"t = {t}" for t in WATCHED)],
        [
            (name, DECAYS[name].formula, *(f"{run[t]:.5f}" for t in WATCHED))
            for name, run in rates.items()
        ],
    )


def _say_losses(excess: dict[str, list[float]], least: float, seeds: int, apart: float) -> None:
    heading(f"Single-sample descent, {EPOCHS} epochs of {SAMPLES}: loss above the least possible")
    late = {name: _late(run) for name, run in excess.items()}
    table(
        ["schedule", "after epoch 0", "after epoch 9", "mean of the last ten", "of the constant's"],
        [
            (name, run[0], run[9], late[name], f"{late[name] / late['constant']:.1%}")
            for name, run in excess.items()
        ],
    )
    best = min(late, key=lambda name: late[name])
    say(
        f"The least possible loss is {least:.4f}; means of {seeds} orders of the samples. The "
        f"rates that were used differ from their formulas by {apart:.0e} at most. Least at the "
        f"end: {best}. All of them begin at 0.1 (but for the warm-up), so that it is "
        "the falling alone that calms the descent; the plain function falls lowest at the end."
    )


def _late(run: list[float]) -> float:
    return float(np.mean(run[-10:]))


def _draw_rates(path: Path, rates: dict[str, list[float]]) -> Path:
    with sheet(path, size=(10.5, 5.2)) as ax:
        for (name, run), look in zip(rates.items(), LINES, strict=True):
            ax.plot(run, label=f"{name}: {DECAYS[name].formula}", **look)
        ax.set(xlabel="epoch t", ylabel="learning rate", ylim=(0, 0.155))
        ax.set_title("Schedules and their formulas")
        ax.legend(ncols=2, loc="upper right", fontsize=9.5)
    return path


def _draw_losses(path: Path, excess: dict[str, list[float]]) -> Path:
    with sheet(path, 2, 4, size=(15, 7), sharex=True, sharey=True) as axes:
        for ax, (name, run), look in zip(axes.flat, excess.items(), LINES, strict=True):
            ax.plot(excess["constant"], color="#BBBBBB", linewidth=1.5)
            ax.plot(run, color=look["color"] if name != "constant" else BLACK)
            ax.set(yscale="log", title=name)
            ax.title.set_fontsize(12.5)
        for ax in axes[:, 0]:
            ax.set_ylabel("loss above the least")
        for ax in axes[-1]:
            ax.set_xlabel("epoch")
        axes[0, 0].figure.suptitle("Single-sample descent; in gray the constant rate")
    return path


if __name__ == "__main__":
    sys.exit(run_one(main))
