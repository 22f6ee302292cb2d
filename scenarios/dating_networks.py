"""Networks on the dating survey: what they learn from given and from random starts.

In the given start no weight is negative and every bias is positive, and no input is negative: every
z is positive for everyone, so no ReLU bends and the network begins as a linear model. It stays one
for as long as training leaves every z positive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios.dating_data import (
    domain,
    given,
    people_of_22_years,
    survey_in_hundreds,
    true_dates,
)
from scenarios.dating_findings import (
    say_baselines,
    say_bends,
    say_reference,
    say_runs,
    say_saturation,
    say_verdict,
)
from scenarios.report import heading

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["KINDS", "NOISE", "Learned", "Run", "networks"]

KINDS = {"ReLU": ns.ReLUNeuron, "sigmoid": ns.SigmoidNeuron}
DEPTHS = (1, 3)
RANDOM_SEEDS = (1, 2, 3)
RATE = 1e-4
NOISE = 0.15
SURVEY_SEED, TEST_SEED, OTHER_SURVEYS = 15, 22, 100
CHECKED = (0, 1, 10, 100, 1000, 2000)


@dataclass
class Run:
    """One trained network: its kind, its depth, its start, and what came of it."""

    kind: str
    depth: int
    start: str
    net: ns.Network
    losses: list[float]
    numbers: dict[str, Any]

    @property
    def name(self) -> str:
        """What tables call it."""
        return f"{self.depth} x 5 {self.kind}, {self.start}"


@dataclass
class Learned:
    """All runs on the noisy survey, the survey, the noisy test samples, and all numbers."""

    runs: list[Run]
    X: Floats
    Y: Floats
    noisy: Floats
    numbers: dict[str, Any]


def networks(iterations: int) -> Learned:
    """Train all networks, and report what happens."""
    reference = _reference(iterations)
    X, Y = ns.datasets.survey(100, noise=NOISE, income_unit=100, rng=SURVEY_SEED)
    heading(f"Networks on a survey with {NOISE:.0%} noise, {iterations:,} iterations at {RATE:g}")
    noisy = _noisy_test()
    baselines = _baselines(X, Y, noisy)
    say_baselines(baselines)
    runs = [_trained(case, X, Y, noisy, iterations) for case in _cases()]
    say_runs(runs)
    say_verdict(runs, baselines)
    say_bends(runs)
    say_saturation(runs)
    numbers = {
        "iterations": iterations,
        "given_start": reference,
        "baselines": baselines,
        "runs": [run.numbers for run in runs],
    }
    return Learned(runs, X, Y, noisy, numbers)


# -- making them ----------------------------------------------------------------------------


def _cases() -> list[tuple[str, int, int | None]]:
    """Return kind, depth and seed of every run; no seed stands for the given start."""
    return [
        (kind, depth, seed) for kind in KINDS for depth in DEPTHS for seed in (None, *RANDOM_SEEDS)
    ]


def _made(kind: str, depth: int, seed: int | None) -> ns.Network:
    """Return a network of `depth` hidden layers of 5, from the given start or a random one."""
    known = given()
    # The given network has three hidden layers; the shallow one takes its first and its last.
    chosen = [0, 1, 2, 3] if depth == 3 else [0, 3]
    layers = [
        ns.Layer(
            5 if k < 3 else 1,
            KINDS[kind] if k < 3 else ns.LinearNeuron,
            weights=known["start_weights"][k] if seed is None else None,
            biases=known["start_biases"][k] if seed is None else None,
        )
        for k in chosen
    ]
    return ns.Network([ns.InputLayer(2, labels=["education", "income"]), *layers], rng=seed)


def _reference(iterations: int) -> dict[str, Any]:
    """Train the given network on the given survey, and compare with the known losses."""
    heading("Three hidden layers of 5 from the given weights, on the given survey (1 % noise)")
    X, Y = survey_in_hundreds()
    known = given()["loss_before_step"]
    found: dict[str, Any] = {}
    for kind, neuron in KINDS.items():
        net = _made(kind, 3, None)
        losses = net.fit(X, Y, optimizer=ns.SGD(RATE), epochs=iterations).loss
        found[kind] = {
            "loss_before_step": {i: losses[i] for i in CHECKED if i < len(losses)},
            "known": {i: known[neuron.__name__][str(i)] for i in CHECKED},
            "final_loss": net.loss_of(X, Y),
            "from_plane": _from_plane(net)[0],
        }
    say_reference(found, iterations, float(Y.var()))
    return found


def _trained(
    case: tuple[str, int, int | None], X: Floats, Y: Floats, noisy: Floats, iterations: int
) -> Run:
    kind, depth, seed = case
    net = _made(kind, depth, seed)
    lowest, saturated = _lowest_z(net), _saturated(net)
    losses = net.fit(X, Y, optimizer=ns.SGD(RATE), epochs=iterations).loss
    run = Run(kind, depth, "given" if seed is None else f"random {seed}", net, losses, {})
    run.numbers = {
        "kind": kind,
        "hidden_layers": depth,
        "start": run.start,
        "first_loss": losses[0],
        "final_loss": net.loss_of(X, Y),
        "lowest_z_at_start": lowest,
        "lowest_z": _lowest_z(net),
        **_tested(net, noisy),
        "saturated_at_start": saturated,
        "saturated": _saturated(net),
        **_bends(net),
    }
    return run


# -- measuring them ---------------------------------------------------------------------------


def _noisy_test() -> Floats:
    """Return the dates of the 100 people of 22 years as a survey would tell them."""
    truth = true_dates(people_of_22_years())
    noise = np.random.default_rng(TEST_SEED).standard_normal(len(truth))
    noisy: Floats = truth * (1 + NOISE * noise)
    return noisy


def _tested(net: ns.Network, noisy: Floats) -> dict[str, Any]:
    people = people_of_22_years()
    predicted = net.predict(people)[:, 0]
    return {
        "error_from_truth": _rms(predicted - true_dates(people)),
        "error_from_noisy": _rms(predicted - noisy),
        "predicted": predicted.tolist(),
    }


def _rms(errors: Any) -> float:
    return float(np.sqrt(np.mean(errors**2)))


def _hidden_z(net: ns.Network) -> list[Floats]:
    """Return the weighted sums of every hidden layer, for everyone the survey can hold."""
    net.forward(domain())
    hidden: Any = net.layers[1:-1]
    return [layer.z for layer in hidden]


def _lowest_z(net: ns.Network) -> float:
    return float(min(z.min() for z in _hidden_z(net)))


def _saturated(net: ns.Network) -> float:
    """Return the share of the first layer's z where a sigmoid is within 0.01 of 0 or 1."""
    # a = 0.99 at z = log(0.99 / 0.01).
    return float(np.mean(np.abs(_hidden_z(net)[0]) > np.log(99)))


def _bends(net: ns.Network) -> dict[str, Any]:
    """Return how often each hidden neuron has z <= 0, and how far the network is from a plane.

    A ReLU that is inactive for everyone, or for nobody, is linear there; one that is inactive
    for some bends the network.
    """
    shares = [np.mean(z <= 0, axis=0).tolist() for z in _hidden_z(net)]
    apart, plane = _from_plane(net)
    return {"inactive_share": shares, "from_plane": apart, "plane": plane}


def _from_plane(net: ns.Network) -> tuple[float, list[float]]:
    """Return the largest distance from the best plane over the domain, in dates; the plane, too."""
    people = domain()
    dates = net.predict(people)[:, 0]
    plane = np.linalg.lstsq(_with_ones(people), dates)[0]
    return float(np.abs(dates - _with_ones(people) @ plane).max()), plane.tolist()


# -- what to compare with ---------------------------------------------------------------------


def _baselines(X: Floats, Y: Floats, noisy: Floats) -> dict[str, Any]:
    """Return the losses and errors of the truth, of the best straight line, and of the mean."""
    people = people_of_22_years()
    truth, line = true_dates(people), _line(X, Y, people)
    return {
        "truth_loss": float(np.mean((true_dates(X) - Y[:, 0]) ** 2)),
        "truth_error_from_noisy": _rms(truth - noisy),
        "linear_loss": float(np.mean((_line(X, Y, X) - Y[:, 0]) ** 2)),
        "linear_error_from_truth": _rms(line - truth),
        "linear_error_from_noisy": _rms(line - noisy),
        "linear_error_on_other_surveys": _line_on_other_surveys(),
        "mean_loss": float(Y.var()),
        "mean_error_from_truth": _rms(Y.mean() - truth),
        "mean_error_from_noisy": _rms(Y.mean() - noisy),
    }


def _line_on_other_surveys() -> list[float]:
    """Return between which errors from the truth nine tenths of best straight lines lie."""
    people = people_of_22_years()
    errors = []
    for seed in range(OTHER_SURVEYS):
        X, Y = ns.datasets.survey(100, noise=NOISE, income_unit=100, rng=1000 + seed)
        errors.append(_rms(_line(X, Y, people) - true_dates(people)))
    between: list[float] = np.percentile(errors, [5, 95]).tolist()
    return between


def _line(X: Floats, Y: Floats, people: Floats) -> Floats:
    """Return the dates that the best straight line through a survey tells for some people."""
    best = np.linalg.lstsq(_with_ones(X), Y[:, 0])[0]
    dates: Floats = _with_ones(people) @ best
    return dates


def _with_ones(X: Floats) -> Floats:
    return np.column_stack([X, np.ones(len(X))])
