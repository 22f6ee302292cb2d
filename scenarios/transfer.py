"""Transfer: what was learned from the digits 0-4, used to learn 5-9 from few samples.

A network learns 0-4. A new network takes over its first layers, frozen, and gets an output layer
of its own for 5-9. Beside it: the same with the layers left free, the same from scratch, and
frozen layers of random weights, which show what the learned ones are worth.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios.command import run_one
from scenarios.digits_data import scans
from scenarios.plots import LINES, folder, sheet
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Classes = NDArray[np.int64]

__all__ = ["main"]

HIDDEN, LEARNING_RATE, BATCH = 64, 0.1, 16
FIRST_EPOCHS, EPOCHS, QUICK_EPOCHS = 40, 100, 40
PER_DIGIT = (1, 2, 5, 10, 20)
LOOK_AT, WATCHED = 10, 30
HELD_OUT = 300
SEEDS = range(5)
# Which of the hidden layers are taken over from the learned network, and which are frozen.
WAYS: dict[str, dict[str, tuple[int, ...]]] = {
    "taken over, both frozen": {"taken": (1, 2), "frozen": (1, 2)},
    "taken over, first frozen": {"taken": (1, 2), "frozen": (1,)},
    "taken over, all free": {"taken": (1, 2), "frozen": ()},
    "from scratch": {"taken": (), "frozen": ()},
    "random, both frozen": {"taken": (), "frozen": (1, 2)},
}
MARKS = ("o", "s", "^", "D", "x")


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Learn 0-4, then 5-9 from 1 to 20 scans of each, in five ways."""
    images, classes = scans("scenarios.transfer")
    where = folder(out)
    seeds = SEEDS[:1] if quick else SEEDS
    epochs = QUICK_EPOCHS if quick else EPOCHS
    heading(f"Transfer: 64-{HIDDEN}-{HIDDEN}-5 learns the digits 0-4, then 5-9 from few scans")
    runs = [_run(images, classes, seed, epochs) for seed in seeds]
    first = [run["first"] for run in runs]
    right = {name: {n: [run["right"][name][n] for run in runs] for n in PER_DIGIT} for name in WAYS}
    curves = {
        name: np.mean([run["curves"][name] for run in runs], axis=0).tolist() for name in WAYS
    }
    _say(first, right, curves)
    files = [
        _draw_right(where / "transfer_samples.svg", right),
        _draw_curves(where / "transfer_curves.svg", curves),
    ]
    return {
        "first_accuracy": first,
        "right": right,
        "curves": curves,
        "frozen_unchanged": all(run["frozen_unchanged"] for run in runs),
        "free_parameters": runs[0]["free"],
        "files": wrote(files),
    }


def _layers(net: ns.Network) -> list[Any]:
    return list(net.layers)


def _network(hidden: list[ns.Layer], seed: int) -> ns.Network:
    layers = [ns.InputLayer(64), *hidden, ns.Layer(5, ns.SoftmaxNeuron)]
    return ns.Network(layers, loss=ns.CategoricalCrossEntropy(), rng=seed)


def _fit(net: ns.Network, X: Floats, classes: Classes, epochs: int, **options: Any) -> ns.History:
    one_hot = np.eye(5)[classes]
    sgd = ns.SGD(LEARNING_RATE)
    return net.fit(X, one_hot, optimizer=sgd, epochs=epochs, batch_size=BATCH, **options)


def _right(net: ns.Network, X: Floats, classes: Classes) -> float:
    return float(np.mean(net.predict(X).argmax(axis=1) == classes))


def _run(images: Floats, classes: Classes, seed: int, epochs: int) -> dict[str, Any]:
    """Split by this seed, learn 0-4, and then 5-9 in every way."""
    order = np.random.default_rng(seed).permutation(len(images))
    images, classes = images[order], classes[order]
    low = classes < 5
    learned = _network([ns.Layer(HIDDEN, ns.ReLUNeuron) for _ in range(2)], seed)
    _fit(learned, images[low][HELD_OUT:], classes[low][HELD_OUT:], FIRST_EPOCHS)
    first = _right(learned, images[low][:HELD_OUT], classes[low][:HELD_OUT])
    high = images[~low], classes[~low] - 5
    tries = {name: _try(learned, name, *high, seed, epochs) for name in WAYS}
    return {
        "first": first,
        "right": {name: one["right"] for name, one in tries.items()},
        "curves": {name: one["curve"] for name, one in tries.items()},
        "free": {name: one["free"] for name, one in tries.items()},
        "frozen_unchanged": all(one["unchanged"] for one in tries.values()),
    }


def _new(learned: ns.Network, name: str, seed: int) -> ns.Network:
    """Return a network for 5-9 whose layers take the learned weights, or random ones."""
    way, old = WAYS[name], _layers(learned)
    hidden = [
        ns.Layer(HIDDEN, ns.ReLUNeuron, weights=old[k].weights, biases=old[k].biases)
        if k in way["taken"]
        else ns.Layer(HIDDEN, ns.ReLUNeuron)
        for k in (1, 2)
    ]
    net = _network(hidden, seed + 1000)
    for k in way["frozen"]:
        net.freeze(net.layers[k])
    return net


def _try(
    learned: ns.Network, name: str, images: Floats, classes: Classes, seed: int, epochs: int
) -> dict[str, Any]:
    """Learn 5-9 in one way from 1, 2, ... scans of each; test on scans that nobody learned from."""
    test = images[:HELD_OUT], classes[:HELD_OUT]
    rest = np.arange(HELD_OUT, len(classes))
    by_digit = [rest[classes[rest] == digit] for digit in range(5)]
    found: dict[str, Any] = {"right": {}, "unchanged": True}
    for n in PER_DIGIT:
        few = np.concatenate([rows[:n] for rows in by_digit])
        net = _new(learned, name, seed)
        start, frozen = net.parameters.copy(), net.frozen.copy()
        curve: list[float] = [_right(net, *test)]
        watch = [_watch(curve, *test)] if n == LOOK_AT else []
        _fit(net, images[few], classes[few], epochs, callbacks=watch)
        found["right"][n] = _right(net, *test)
        found["unchanged"] &= bool((net.parameters[frozen] == start[frozen]).all())
        found["free"] = int((~frozen).sum())
        if n == LOOK_AT:
            found["curve"] = curve
    return found


def _watch(curve: list[float], X: Floats, classes: Classes) -> Callable[[ns.Run], None]:
    """Return what appends the share of right answers after each of the first epochs."""

    def look(run: ns.Run) -> None:
        if run.epoch < WATCHED:
            curve.append(_right(run.network, X, classes))

    return look


def _say(
    first: list[float],
    right: dict[str, dict[int, list[float]]],
    curves: dict[str, list[float]],
) -> None:
    say(
        f"0-4: {np.mean(first):.1%} of {HELD_OUT} held-out scans right. 5-9, {HELD_OUT} held-out "
        f"scans, right on the average of {len(first)} splits, by scans of each digit learned from:"
    )
    table(
        ["hidden layers", *(f"{n} of each" for n in PER_DIGIT), f"{LOOK_AT} of each, 5 epochs"],
        [
            (
                name,
                *(f"{np.mean(rows[n]):.1%}" for n in PER_DIGIT),
                f"{curves[name][5]:.1%}",
            )
            for name, rows in right.items()
        ],
    )
    means = {name: np.mean([rows[n] for n in PER_DIGIT]) for name, rows in right.items()}
    winner = max(means, key=lambda name: means[name])
    frozen, random = means["taken over, both frozen"], means["random, both frozen"]
    say(
        f"Best over all: {winner}, {means[winner]:.1%}. Frozen layers that know 0-4 reach "
        f"{frozen:.1%}, frozen random ones {random:.1%}, all from scratch "
        f"{means['from scratch']:.1%}. "
        + (
            "So transfer does not pay here. A likely reason: 64 clean pixels are good features "
            "themselves, and five digits are too few to learn what others need; layers that are "
            "worth taking over come from a first task far larger than the second."
            if winner == "from scratch"
            else "So transfer pays here."
        )
    )


def _draw_right(path: Path, right: dict[str, dict[int, list[float]]]) -> Path:
    with sheet(path, size=(9, 5.4)) as ax:
        for k, (name, rows) in enumerate(right.items()):
            percent = [100 * float(np.mean(rows[n])) for n in PER_DIGIT]
            ax.plot(PER_DIGIT, percent, marker=MARKS[k], label=name, **LINES[k])
        ax.set(xscale="log", xlabel="scans of each digit learned from", ylabel="right (%)")
        ax.set_xticks(PER_DIGIT, [str(n) for n in PER_DIGIT])
        ax.set_xticks([], minor=True)
        ax.set_title("Digits 5-9, learned with and without what 0-4 taught")
        ax.legend(title="hidden layers", loc="lower right")
    return path


def _draw_curves(path: Path, curves: dict[str, list[float]]) -> Path:
    with sheet(path, size=(9, 5)) as ax:
        for (name, curve), look in zip(curves.items(), LINES, strict=False):
            ax.plot(100 * np.array(curve), label=name, **look)
        ax.set(xlabel="epoch", ylabel="right (%)", xlim=(0, WATCHED))
        ax.set_title(f"Digits 5-9 from {LOOK_AT} scans of each: how soon")
        ax.legend(title="hidden layers", loc="lower right")
    return path


if __name__ == "__main__":
    sys.exit(run_one(main))
