"""Real handwritten digits: scikit-learn's 1,797 scans of 8 x 8 pixels, learned in seconds."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios.command import run_one
from scenarios.digits_data import scans
from scenarios.plots import BLUE, ORANGE, folder, sheet
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Classes = NDArray[np.int64]

__all__ = ["main"]

HIDDEN = 64
LEARNING_RATE, BATCH, EPOCHS = 0.1, 16, 60
SEEDS = range(5)


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Train on three quarters of the scans, test on the rest, and look at the mistakes."""
    images, classes = scans("scenarios.digits")
    heading(f"Handwritten digits: 64-{HIDDEN}-10, ReLU and softmax, cross entropy, mini-batches")
    runs = [_run(images, classes, seed) for seed in (SEEDS[:1] if quick else SEEDS)]
    _say_runs(runs)
    first = runs[0]
    confusion = _confusion(first)
    _say_confusion(confusion)
    surest = _say_one(first)
    where = folder(out)
    files = [
        _draw_learning(where / "digits_learning.svg", first),
        _draw_confusion(where / "digits_confusion.svg", confusion),
        _draw_mistakes(where / "digits_mistakes.png", first),
    ]
    return {
        "accuracy": [run["accuracy"] for run in runs],
        "mistakes": [int(np.sum(run["said"] != run["are"])) for run in runs],
        "test_scans": len(first["are"]),
        "seconds": [run["seconds"] for run in runs],
        "confusion": confusion.tolist(),
        "probabilities": surest,
        "files": wrote(files),
    }


def _run(images: Floats, classes: Classes, seed: int) -> dict[str, Any]:
    """Split by this seed, train, and return everything about the test scans."""
    order = np.random.default_rng(seed).permutation(len(images))
    train, test = np.split(order, [len(order) * 3 // 4])
    one_hot = np.eye(10)[classes]
    net = ns.Network.layered(
        [64, HIDDEN, 10],
        hidden=ns.ReLUNeuron,
        output=ns.SoftmaxNeuron,
        loss=ns.CategoricalCrossEntropy(),
        rng=seed,
    )
    began = time.process_time()
    history = net.fit(
        images[train],
        one_hot[train],
        optimizer=ns.SGD(LEARNING_RATE),
        epochs=EPOCHS,
        batch_size=BATCH,
        validation=(images[test], one_hot[test]),
        metrics=[ns.accuracy],
    )
    return {
        "net": net,
        "seed": seed,
        "history": history,
        "images": images[test],
        "are": classes[test],
        "said": net.predict(images[test]).argmax(axis=1),
        "accuracy": history.metrics["accuracy"][-1],
        "seconds": time.process_time() - began,
    }


def _say_runs(runs: list[dict[str, Any]]) -> None:
    say(
        f"1,797 real scans, three quarters to learn from, {len(runs[0]['are'])} held out; "
        f"SGD({LEARNING_RATE:g}), mini-batches of {BATCH}, {EPOCHS} epochs."
    )
    table(
        [
            "split",
            "loss (training)",
            "loss (held out)",
            "right (held out)",
            "mistakes",
            "CPU seconds",
        ],
        [
            (
                run["seed"],
                run["history"].loss[-1],
                run["history"].validation_loss[-1],
                f"{run['accuracy']:.1%}",
                int(np.sum(run["said"] != run["are"])),
                f"{run['seconds']:.2f}",
            )
            for run in runs
        ],
    )
    say(f"On average {np.mean([run['accuracy'] for run in runs]):.1%} of unseen digits are right.")


def _confusion(run: dict[str, Any]) -> Classes:
    """Return how often digit i (row) was taken for digit j (column)."""
    counts = np.zeros((10, 10), dtype=np.int64)
    np.add.at(counts, (run["are"], run["said"]), 1)
    return counts


def _say_confusion(counts: Classes) -> None:
    heading("Confusion matrix (split 0): rows are the digits, columns what they were taken for")
    table(
        ["digit", *(str(j) for j in range(10))],
        [(str(i), *(int(n) if n else "." for n in row)) for i, row in enumerate(counts)],
    )


def _say_one(run: dict[str, Any]) -> list[float]:
    """Trace the first held-out scan: z and the probability of every output neuron."""
    x, digit = run["images"][0], int(run["are"][0])
    heading(f"Traced: one held-out scan of the digit {digit}")
    trace = run["net"].trace(x, np.eye(10)[digit])
    seen = {(step.subject, step.quantity): step.value for step in trace if step.kind == "forward"}
    table(
        ["digit", "z", "probability"],
        [
            (str(j), seen[f"output[{j}]", "z"], f"{seen[f'output[{j}]', 'a']:.6f}")
            for j in range(10)
        ],
    )
    return [float(seen[f"output[{j}]", "a"]) for j in range(10)]


def _draw_learning(path: Path, run: dict[str, Any]) -> Path:
    history = run["history"]
    with sheet(path, 1, 2, size=(12, 4.6)) as (left, right):
        left.plot(history.loss, color=BLUE, label="training scans")
        left.plot(history.validation_loss, color=ORANGE, linestyle="--", label="held-out scans")
        left.set(yscale="log", xlabel="epoch", ylabel="cross entropy (nats)", title="Loss")
        left.legend()
        percent = 100 * np.array(history.metrics["accuracy"])
        right.plot(percent, color=ORANGE, linestyle="--")
        right.set(xlabel="epoch", ylabel="right (%)", ylim=(min(85.0, percent.min()), 100))
        right.set_title(f"Held-out scans: {run['accuracy']:.1%} right")
    return path


def _draw_confusion(path: Path, counts: Classes) -> Path:
    """Draw the confusion matrix, its numbers written in."""
    right = np.trace(counts)
    title = f"{right} of {counts.sum()} held-out scans right ({right / counts.sum():.1%})"
    ns.draw_confusion(counts, path=path, title=title)
    return path


def _draw_mistakes(path: Path, run: dict[str, Any]) -> Path:
    """Draw every held-out scan that was taken for another digit."""
    wrong = np.flatnonzero(run["said"] != run["are"])
    columns = max(1, min(6, len(wrong)))
    rows = max(1, -(-len(wrong) // columns))
    size = (1.9 * columns, 2.3 * rows + 0.5)
    with sheet(path, rows, columns, size=size, squeeze=False) as axes:
        for ax in axes.flat:
            ax.axis("off")
        for ax, number in zip(axes.flat, wrong, strict=False):
            ax.imshow(run["images"][number].reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
            ax.set_title(f"{run['are'][number]}, taken for {run['said'][number]}", fontsize=12)
        axes[0, 0].figure.suptitle(f"All {len(wrong)} mistakes among {len(run['are'])} scans")
    return path


if __name__ == "__main__":
    sys.exit(run_one(main))
