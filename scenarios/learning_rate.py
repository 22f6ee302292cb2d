"""The learning rate: too slow, right, swinging upwards; a cliff; a sweep of seven decades.

On the bowl J = w^2 an update is w - rate 2w = (1 - 2 rate) w: below 0.5 the weight comes closer
from one side, up to 1 it swings in, and above 1 it swings out. In general gradient descent swings
out of a bowl where the rate exceeds 2 / curvature.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from scenarios import learning_rate_figures as figures
from scenarios.command import run_one
from scenarios.learning_rate_losses import (
    CLIFF,
    bowl,
    cliff,
    curvature_limits,
    models,
    round_bowl,
)
from scenarios.plots import folder
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from pathlib import Path

    from scenarios.descent import Way

__all__ = ["main"]

BOWL_RATES = {"too slow": 0.01, "right": 0.3, "swinging in": 0.9, "swinging upwards": 1.05}
BOWL_UPDATES = 12
ROUND_RATE, ROUND_UPDATES = 0.1, 25
CLIFF_RATES, CLIFF_UPDATES = (0.02, 0.1), 120
SWEEP = [float(rate) for rate in np.geomspace(1e-7, 1.0, 22)]


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Roll down the bowl, the cliff and the round bowl; sweep the rate on real tasks."""
    where = folder(out)
    bowls = {name: bowl(rate, BOWL_UPDATES) for name, rate in BOWL_RATES.items()}
    _say_bowls(bowls)
    rolled = round_bowl(ROUND_RATE, ROUND_UPDATES)
    _say_round(rolled)
    cliffs = {f"{rate:g}": cliff(rate, CLIFF_UPDATES) for rate in CLIFF_RATES}
    thrown = _say_cliffs(cliffs)
    sweep = _sweep(100 if quick else 500)
    files = [
        figures.draw_bowls(where / "learning_rate_bowl.svg", bowls, BOWL_RATES),
        figures.draw_round(where / "learning_rate_round_bowl.svg", rolled, ROUND_RATE),
        figures.draw_cliff(where / "learning_rate_cliff.svg", cliffs),
        figures.draw_sweep(where / "learning_rate_sweep.svg", sweep),
    ]
    return {
        "bowl": {name: way.parameters[:, 0].tolist() for name, way in bowls.items()},
        "round_bowl": rolled.parameters[:, :2].tolist(),
        "cliff": thrown,
        "sweep": sweep,
        "files": wrote(files),
    }


def _say_bowls(bowls: dict[str, Way]) -> None:
    heading("The bowl J = w^2 from w = -6: one linear neuron, input 1, target 0")
    table(
        ["update", *(f"{name}, rate {BOWL_RATES[name]:g}" for name in bowls)],
        [
            (i, *(f"{way.parameters[i, 0]:.4f}" for way in bowls.values()))
            for i in (0, 1, 2, 3, 4, 6, 8, 10, 12)
        ],
    )
    say(
        "Every update multiplies w by 1 - 2 rate: by 0.98, 0.4, -0.8 and -1.1. The last swings "
        "higher up the bowl with every update."
    )


def _say_round(way: Way) -> None:
    heading(f"Descent on x^2 + y^2 from (-6, 4), rate {ROUND_RATE:g}")
    table(
        ["update", "x", "y", "x^2 + y^2"],
        [
            (i, *(f"{v:.5f}" for v in way.parameters[i, :2]), f"{sum(way.parameters[i] ** 2):.6f}")
            for i in (0, 1, 2, 3, 5, 10, 15, 20, 25)
        ],
    )
    say("Both shrink by the same factor 0.8, so the way down a round bowl is straight.")


def _say_cliffs(cliffs: dict[str, Way]) -> dict[str, Any]:
    """Tell how far the steepest step threw the weight back."""
    heading("A cliff: a gentle slope down to the foot of a wall, from w = -6")
    say(
        f"J = (w - 1)^2 + ({CLIFF['height']:g} s({CLIFF['steepness']:g} w))^2, s the sigmoid: a "
        "network of one linear and one steep sigmoid neuron that share the weight w."
    )
    numbers = {rate: _thrown(way) for rate, way in cliffs.items()}
    table(
        ["rate", "updates until a step back", "from w", "thrown back to", "last w", "last loss"],
        [
            (
                rate,
                n["first_step_back"],
                *(f"{n[k]:.3f}" for k in ("from", "to", "last", "last_loss")),
            )
            for rate, n in numbers.items()
        ],
    )
    say(
        "The small rate settles at the foot of the wall. The larger one walks the gentle slope "
        "well, steps onto the wall, and its slope throws the weight back almost to where it "
        "began, again and again: what is a good rate on the slope is too high on the wall. "
        "Clipping the gradient is the usual remedy."
    )
    return numbers


def _thrown(way: Way) -> dict[str, Any]:
    w = way.parameters[:, 0]
    steps = np.diff(w)
    farthest = int(np.argmin(steps))
    return {
        "first_step_back": int(np.argmax(steps < 0)),
        "from": float(w[farthest]),
        "to": float(w[farthest + 1]),
        "last": float(w[-1]),
        "last_loss": way.losses[-1],
        "w": w.tolist(),
    }


def _sweep(epochs: int) -> dict[str, Any]:
    """Train every model at every rate from 1e-7 to 1; a loss of None is one that overflowed."""
    heading(f"A sweep of the rate from 1e-7 to 1: the dating survey, {epochs} full-batch epochs")
    runs = {name: [model(rate, epochs) for rate in SWEEP] for name, model in models().items()}
    table(
        ["rate", *runs],
        [
            (f"{rate:.1e}", *(_loss(losses[i]) for losses in runs.values()))
            for i, rate in enumerate(SWEEP)
        ],
    )
    best = {name: _best(losses) for name, losses in runs.items()}
    highest = {name: _highest(losses) for name, losses in runs.items()}
    table(
        ["model", "best rate", "highest that held", "2 / curvature"],
        [(name, f"{best[name]:.1e}", f"{highest[name]:.1e}", _limit(name)) for name in runs],
    )
    say(
        "Losses are told in squared dates. Too small a rate hardly learns, too large a one "
        "diverges, and where that begins depends on the scale of the data: gradient descent on a "
        "linear model diverges where the rate exceeds 2 / the largest curvature of its loss."
    )
    limits = curvature_limits()
    return {
        "rates": SWEEP,
        "losses": runs,
        "best": best,
        "highest": highest,
        "limits": limits,
        "epochs": epochs,
    }


def _limit(name: str) -> str:
    limits = curvature_limits()
    return f"{limits[name]:.1e}" if name in limits else "changes on the way"


def _highest(losses: list[float | None]) -> float:
    """Return the highest rate below the first that diverged."""
    gone = losses.index(None) if None in losses else len(losses)
    return SWEEP[gone - 1]


def _loss(loss: float | None) -> str:
    return "diverged" if loss is None else f"{loss:.4g}"


def _best(losses: list[float | None]) -> float:
    return min((loss, rate) for loss, rate in zip(losses, SWEEP, strict=True) if loss is not None)[
        1
    ]


if __name__ == "__main__":
    sys.exit(run_one(main))
