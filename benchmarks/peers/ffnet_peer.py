"""ffnet: any wiring, compiled Fortran; its gradient descent with momentum 0."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from ffnet import ffnet, mlgraph

if TYPE_CHECKING:
    from benchmarks.work import Layered


def layered(work: Layered) -> Any:
    """Return ``run(steps)``: full-batch steps (its neurons are sigmoids, it has no others)."""
    sizes = (len(work.weights[0]), *(W.shape[1] for W in work.weights))
    network = ffnet(mlgraph(sizes))
    X, Y = work.X.tolist(), work.Y.tolist()

    def run(steps: int) -> None:
        network.train_momentum(X, Y, eta=work.rate, momentum=0.0, maxiter=steps)

    return run
