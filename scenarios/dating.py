"""How often do people date? A regression that fails, works, and teaches why.

Dates = 0.8 education + 0.003 income + 2, plus noise. On raw income gradient descent overflows or
gets stuck; on income in hundreds it works. Then networks are trained on the same question, and
what they really learn is reported.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from scenarios import dating_figures as figures
from scenarios.command import run_one
from scenarios.dating_linear import linear_model
from scenarios.dating_networks import networks
from scenarios.plots import folder
from scenarios.report import wrote

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["main"]

ITERATIONS, QUICK_ITERATIONS = 100_000, 2_001


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Fit the linear model and the networks; draw surfaces, losses and what was learned."""
    where = folder(out)
    iterations = QUICK_ITERATIONS if quick else ITERATIONS
    linear = linear_model(iterations)
    learned = networks(iterations)
    files = [
        figures.draw_surfaces(where / "dating_loss_surfaces.png"),
        figures.draw_contours(where / "dating_loss_contours.svg", linear),
        figures.draw_divergence(where / "dating_divergence.svg", linear),
        figures.draw_losses(where / "dating_network_losses.svg", learned),
        figures.draw_curves(where / "dating_curves.svg", learned),
        figures.draw_planes(where / "dating_planes.png", learned),
        figures.draw_network(where / "dating_network.svg", learned),
    ]
    return {"linear": linear, "networks": learned.numbers, "files": wrote(files)}


if __name__ == "__main__":
    sys.exit(run_one(main))
