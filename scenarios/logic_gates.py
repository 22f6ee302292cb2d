"""Logic gates by one neuron: AND by logistic regression, three gates by the perceptron rule.

One neuron parts the plane with a straight line. AND, OR and NAND need no more; XOR does, so that
the perceptron rule goes round in circles for ever.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios.command import run_one
from scenarios.plots import BLACK, GRAY, LINES, SKY, folder, mark_cases, sheet
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["main"]

EPOCHS, EVERY, LEARNING_RATE = 100, 9, 1.0
STARTS = {"zero weights": (0.0, 0.0, 0.0), "(.5, 1; .2)": (0.5, 1.0, 0.2)}
GATES = ("and", "or", "nand", "xor")
XOR_EPOCHS = 60


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Learn AND from two starts, then gates by the perceptron rule, and fail on XOR."""
    where = folder(out)
    logistic = {name: _logistic(name, start) for name, start in STARTS.items()}
    rule = {gate: _perceptron(gate) for gate in GATES}
    _say_rule(rule)
    files = [
        _draw_errors(where / "logic_gates_errors.svg", logistic),
        _draw_lines(where / "logic_gates_lines.svg", rule),
        _draw_mistakes(where / "logic_gates_mistakes.svg", rule),
    ]
    return {"logistic": logistic, "perceptron": rule, "files": wrote(files)}


# -- AND by logistic regression -----------------------------------------------------------------


def _logistic(name: str, start: tuple[float, float, float]) -> dict[str, Any]:
    """Train one sigmoid neuron with cross entropy on all four cases at once."""
    heading(f"AND by logistic regression from {name}: {EPOCHS} epochs, rate {LEARNING_RATE:g}")
    X, Y = ns.datasets.gates("and")
    w1, w2, b = start
    neuron = ns.Layer(1, ns.SigmoidNeuron, labels=["AND"], weights=[[w1], [w2]], biases=[b])
    net = ns.Network([ns.InputLayer(2, labels=["x1", "x2"]), neuron], loss=ns.BinaryCrossEntropy())
    losses = net.fit(X, Y, optimizer=ns.SGD(LEARNING_RATE), epochs=EPOCHS).loss
    table(
        ["epoch", "error (cross entropy)"],
        [(epoch, f"{losses[epoch]:.6f}") for epoch in range(0, EPOCHS, EVERY)],
    )
    outputs = net.predict(X)[:, 0].tolist()
    table(
        ["x1", "x2", "Y", "prediction"],
        [
            (int(x1), int(x2), int(y), f"{a:.4f}")
            for (x1, x2), y, a in zip(X.tolist(), Y[:, 0].tolist(), outputs, strict=True)
        ],
    )
    w = net.parameters.tolist()
    say(f"Learned: w = ({w[0]:.4f}, {w[1]:.4f}), b = {w[2]:.4f}.")
    return {"errors": losses, "Y": Y[:, 0].tolist(), "prediction": outputs, "learned": w}


# -- the perceptron rule ------------------------------------------------------------------------


class _Mistakes(ns.Callback):
    """Keeps the parameters after every epoch, and how many cases they get wrong."""

    def __init__(self, X: Any, Y: Any) -> None:
        self.X, self.Y = X, Y
        self.wrong: list[int] = []
        self.parameters: list[list[float]] = []

    def on_epoch(self, run: ns.Run) -> None:
        """Try the four cases."""
        self.wrong.append(int(np.sum(run.network.predict(self.X) != self.Y)))
        self.parameters.append(run.network.parameters.tolist())


def _perceptron(gate: str) -> dict[str, Any]:
    """Learn one gate by the perceptron rule from zero weights, case by case in their order."""
    X, Y = ns.datasets.gates(gate)
    neuron = ns.Layer(1, ns.Perceptron, labels=[gate.upper()], initializer=ns.Zeros())
    net = ns.Network([ns.InputLayer(2, labels=["x1", "x2"]), neuron])
    seen = _Mistakes(X, Y)
    net.fit(
        X,
        Y,
        optimizer=ns.PerceptronRule(LEARNING_RATE),
        epochs=XOR_EPOCHS,
        batch_size=1,
        shuffle=False,
        callbacks=[seen],
    )
    solved = seen.wrong.index(0) + 1 if 0 in seen.wrong else None
    return {
        "epochs_needed": solved,
        "wrong": seen.wrong,
        "learned": seen.parameters[-1],
        "output": net.predict(X)[:, 0].tolist(),
        "states_seen": len({tuple(row) for row in seen.parameters}),
    }


def _say_rule(rule: dict[str, dict[str, Any]]) -> None:
    heading("The perceptron rule: w += (y - a) x, b += y - a, from zero weights")
    table(
        ["gate", "epochs needed", "w1", "w2", "b", "answers to 00 01 10 11", "wrong"],
        [
            (
                gate.upper(),
                run["epochs_needed"] or f"not in {XOR_EPOCHS}",
                *(f"{value:g}" for value in run["learned"]),
                " ".join(f"{a:g}" for a in run["output"]),
                run["wrong"][-1],
            )
            for gate, run in rule.items()
        ],
    )
    least = min(rule["xor"]["wrong"])
    say(
        f"XOR never has fewer than {least} wrong answers after an epoch, and the weights only take "
        f"{rule['xor']['states_seen']} values between epochs, again and again. No rule can do "
        "better with one neuron: it would need b <= 0, w1 + b > 0, w2 + b > 0 and "
        "w1 + w2 + b <= 0; the middle two add up to w1 + w2 + 2b > 0, the outer two to "
        "w1 + w2 + 2b <= 0."
    )


# -- figures ------------------------------------------------------------------------------------


def _draw_errors(path: Path, logistic: dict[str, dict[str, Any]]) -> Path:
    with sheet(path, size=(8, 4.6)) as ax:
        for (name, run), look in zip(logistic.items(), LINES, strict=False):
            ax.plot(run["errors"], label=f"from {name}", **look)
            at = range(0, EPOCHS, EVERY)
            ax.plot(at, [run["errors"][i] for i in at], "o", color=look["color"], markersize=5)
        ax.axhline(np.log(2), color=GRAY, linestyle=":", label="answering 0.5 to all: ln 2")
        ax.set(xlabel="epoch", ylabel="cross entropy (nats per case)", ylim=(0, None))
        ax.set_title("AND by logistic regression: both starts learn it")
        ax.legend()
    return path


def _draw_lines(path: Path, rule: dict[str, dict[str, Any]]) -> Path:
    """Draw where each perceptron says 1, with what is wanted in the four cases."""
    with sheet(path, 1, len(rule), size=(13.5, 4), layout="compressed", sharey=True) as axes:
        for ax, (gate, run) in zip(axes, rule.items(), strict=True):
            _shade(ax, run["learned"])
            mark_cases(ax, *ns.datasets.gates(gate))
            needed = run["epochs_needed"]
            result = f"{needed} epochs" if needed else f"{run['wrong'][-1]} of 4 wrong"
            ax.set(title=f"{gate.upper()}: {result}", xlabel="x1", xticks=[0, 1], yticks=[0, 1])
            ax.set_aspect("equal")
        axes[0].set_ylabel("x2")
        axes[0].figure.suptitle("Shaded: where the perceptron answers 1. Circles: what is wanted.")
    return path


def _shade(ax: Any, learned: list[float]) -> None:
    w1, w2, b = learned
    line = np.linspace(-0.5, 1.5, 401)
    x1, x2 = np.meshgrid(line, line)
    z = w1 * x1 + w2 * x2 + b
    ax.contourf(x1, x2, z > 0, levels=[0.5, 1.5], colors=[SKY], alpha=0.45)
    if w1 or w2:
        ax.contour(x1, x2, z, levels=[0], colors=BLACK, linewidths=1.5)


def _draw_mistakes(path: Path, rule: dict[str, dict[str, Any]]) -> Path:
    with sheet(path, len(rule), 1, size=(8, 6.4), sharex=True, sharey=True) as axes:
        for ax, (gate, run), look in zip(axes, rule.items(), LINES, strict=False):
            ax.step(range(1, 26), run["wrong"][:25], where="mid", color=look["color"])
            ax.set(ylim=(-0.3, 4.3), yticks=[0, 2, 4], ylabel=gate.upper())
        axes[-1].set_xlabel("epoch")
        axes[0].set_title("Wrong answers of four, after every epoch of the perceptron rule")
    return path


if __name__ == "__main__":
    sys.exit(run_one(main))
