"""The linear model of the dating survey: raw income diverges, crawls, and scaled it works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios.dating_data import survey_in_hundreds
from scenarios.report import heading, say, table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["curvatures", "linear_model", "start", "weight_ratio"]

START = (0.1, 0.1, 0.0)
UNIT = {"units": 100.0, "hundreds": 1.0}
RAW_RATES = (1e-6, 1e-7, 1e-8)
SCALED_RATE = 1e-4
STEPS_TRACED = 6
WATCHED = (0, 1, 2, 3, 4, 5, 10, 50, 100, 150, 200, 300, 1000, 2000, 5000, 20_000, 50_000, 100_000)


def linear_model(iterations: int) -> dict[str, Any]:
    """Train at every rate and in both units; return what was seen at the watched iterations."""
    heading("The linear model: dates = w_education education + w_income income + b")
    say(
        "100 people; education 0-25 years, monthly income 0-9,900. Full batch gradient descent "
        "on the mean squared error, from w = (0.1, 0.1) and b = 0."
    )
    raw = {f"{rate:g}": _run("units", rate, iterations) for rate in RAW_RATES}
    _say_raw(raw)
    gradients = _traced_gradients()
    stability = _say_curvatures()
    scaled = _run("hundreds", SCALED_RATE, iterations)
    equations = _say_scaled(scaled)
    return {
        "raw": raw,
        "scaled": scaled,
        "traced": gradients,
        "curvature": stability,
        "equations": equations,
    }


def start(unit: str) -> tuple[ns.Network, Floats, Floats]:
    """Return the model at its start, and the survey with income told in `unit`."""
    hundreds, Y = survey_in_hundreds()
    layer = ns.Layer(
        1, ns.LinearNeuron, labels=["dates"], weights=[[START[0]], [START[1]]], biases=[START[2]]
    )
    net = ns.Network([ns.InputLayer(2, labels=["education", "income"]), layer])
    return net, hundreds * [1.0, UNIT[unit]], Y


class _Watch(ns.Callback):
    """Keeps the parameters that the network had before some of the iterations."""

    def __init__(self) -> None:
        self.parameters: dict[int, list[float]] = {}

    def on_start(self, run: ns.Run) -> None:
        """Keep the start."""
        self.parameters[0] = run.network.parameters.tolist()

    def on_epoch(self, run: ns.Run) -> None:
        """Keep what the next iteration starts from, where it is watched."""
        if run.epoch + 1 in WATCHED:
            self.parameters[run.epoch + 1] = run.network.parameters.tolist()


def _run(unit: str, rate: float, iterations: int) -> dict[str, Any]:
    """Train once; divergence is a result, too."""
    net, X, Y = start(unit)
    watch = _Watch()
    diverged: ns.DivergedError | None = None
    try:
        history: Any = net.fit(X, Y, optimizer=ns.SGD(rate), epochs=iterations, callbacks=[watch])
    except ns.DivergedError as error:
        diverged, history = error, error.history
    # The loss after the last iteration is the one before the next.
    losses = history.loss if diverged else [*history.loss, net.loss_of(X, Y)]
    return {
        "unit": unit,
        "learning_rate": rate,
        "seen": {i: _seen(losses[i], p) for i, p in watch.parameters.items() if i < len(losses)},
        "diverged_at": None if diverged is None else diverged.epoch,
        "message": None if diverged is None else str(diverged),
        "losses": losses if diverged else [],
    }


def _seen(loss: float, parameters: list[float]) -> dict[str, Any]:
    *weights, bias = parameters
    return {"loss": loss, "w": weights, "b": bias}


def _rows(run: dict[str, Any]) -> list[tuple[object, ...]]:
    return [
        (f"{run['learning_rate']:g}", f"{i:,}", seen["loss"], *seen["w"], seen["b"])
        for i, seen in run["seen"].items()
    ]


COLUMNS = ("learning rate", "iteration", "loss", "w_education", "w_income", "b")


def _say_raw(raw: dict[str, dict[str, Any]]) -> None:
    heading("Income as it is: two rates overflow, the third gets stuck")
    table(COLUMNS, [row for run in raw.values() for row in _rows(run)])
    for run in raw.values():
        if run["message"]:
            say(f"Rate {run['learning_rate']:g}: {run['message']}")
    _say_stuck(raw[f"{RAW_RATES[-1]:g}"]["seen"])


def _say_stuck(seen: dict[int, Any]) -> None:
    last = max(seen)
    end = seen[last]
    say(
        f"Rate {RAW_RATES[-1]:g} does not overflow, and gets stuck: after {last:,} iterations the "
        f"loss is {end['loss']:.2f} where {_least_squares()[1]:.2f} is possible, w_education has "
        f"come from 0.1 to {end['w'][0]:.3f} of 0.8, and b from 0 to {end['b']:.4f} of 2."
    )


def _traced_gradients() -> list[dict[str, float]]:
    """Trace one step after another at the rate 1e-7; the gradients grow, income's most."""
    heading("Traced: the gradients of the first steps at the rate 1e-7")
    net, X, Y = start("units")
    optimizer, steps = ns.SGD(1e-7), []
    for _ in range(STEPS_TRACED):
        trace = net.trace(X, Y, optimizer)
        steps.append({s.subject: s.value for s in trace if s.kind == "gradient"})
        net.fit(X, Y, optimizer=optimizer)
    table(
        ["step", *steps[0], "income's / education's"],
        [
            (i, *step.values(), abs(step["income->dates"] / step["education->dates"]))
            for i, step in enumerate(steps)
        ],
    )
    say(
        "Each step overshoots to the other side of the valley and comes to rest farther up: the "
        "sign turns every time and the gradient grows. Income's is the huge one, because its "
        "gradient is the mean of 2 (a - y) times income, and incomes are thousands."
    )
    return steps


def curvatures(unit: str) -> list[float]:
    """Return the curvatures of the loss along its principal directions, smallest first.

    The loss is a quadratic of (w, b) with the Hessian 2/n A'A, A the inputs beside a column of
    ones. Gradient descent converges where the rate is below 2 / (largest curvature), and needs
    about (largest / smallest) iterations.
    """
    _, X, _ = start(unit)
    A = np.column_stack([X, np.ones(len(X))])
    found: list[float] = np.linalg.eigvalsh(2 / len(A) * A.T @ A).tolist()
    return found


def weight_ratio(unit: str) -> float:
    """Return how many times as curved the loss is across as along, over the weights alone."""
    _, X, _ = start(unit)
    along, across = np.linalg.eigvalsh(X.T @ X).tolist()
    return float(across / along)


def _say_curvatures() -> dict[str, dict[str, float]]:
    heading("Why: how curved the loss is, along its steepest and its flattest direction")
    found = {}
    for unit in UNIT:
        flat, _, steep = curvatures(unit)
        found[unit] = {"flattest": flat, "steepest": steep, "largest_rate": 2 / steep}
    table(
        ["income in", "steepest", "flattest", "ratio", "largest rate that converges"],
        [
            (
                u,
                c["steepest"],
                c["flattest"],
                f"{c['steepest'] / c['flattest']:,.0f}",
                c["largest_rate"],
            )
            for u, c in found.items()
        ],
    )
    say(
        "Raw income makes a valley: so steep across that only rates below "
        f"{found['units']['largest_rate']:.1e} converge, so flat along that at such a rate nothing "
        "happens. In hundreds it is much more of a bowl. The direction that stays flat is the "
        "bias's: these ratios are over both weights and the bias, while the figures hold b = 2 and "
        "give the ratios over the weights alone, "
        f"{weight_ratio('units'):,.0f} and {weight_ratio('hundreds'):,.0f}."
    )
    return found


def _say_scaled(run: dict[str, Any]) -> dict[str, str]:
    heading("Income in hundreds: the same model, the same people, rate 1e-4")
    table(COLUMNS, _rows(run))
    last = max(run["seen"])
    learned = run["seen"][last]
    best, _ = _least_squares()
    lines = {
        f"after {last:,}": _equation(learned["w"], learned["b"]),
        "least squares": _equation(best[:2], best[2]),
        "the truth": _equation([0.8, 0.3], 2.0),
    }
    table(["", "income in hundreds"], list(lines.items()))
    return lines


def _least_squares() -> tuple[list[float], float]:
    """Return the weights and bias that fit the survey best, income in hundreds, and their loss."""
    _, X, Y = start("hundreds")
    A = np.column_stack([X, np.ones(len(X))])
    best = np.linalg.lstsq(A, Y[:, 0])[0]
    return best.tolist(), float(np.mean((A @ best - Y[:, 0]) ** 2))


def _equation(weights: list[float], bias: float) -> str:
    education, income = weights
    return f"dates = {education:.3f} education + {income:.3f} income + {bias:.3f}"
