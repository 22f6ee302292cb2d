"""Descent that can be watched: the weights and the loss before every single update."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Way", "descend"]


@dataclass
class Way:
    """Where a descent came by.

    Attributes
    ----------
    parameters : (updates + 1, n) array
        The start, and what every update led to.
    losses : list of float
        The loss that every update's batch had before it.
    diverged_at : int or None
        The update after which a number was no longer finite.
    """

    parameters: Floats
    losses: list[float]
    diverged_at: int | None = None


class _Steps(ns.Callback):
    """Keeps the parameters at the start and after every update."""

    def __init__(self) -> None:
        self.parameters: list[Floats] = []
        self.losses: list[float] = []

    def on_start(self, run: ns.Run) -> None:
        """Keep the start."""
        self.parameters.append(run.network.parameters.copy())

    def on_batch(self, run: ns.Run) -> None:
        """Keep what the update led to."""
        self.parameters.append(run.network.parameters.copy())
        self.losses.append(run.batch_loss)


def descend(net: ns.Network, X: Any, Y: Any, optimizer: ns.Optimizer, **options: Any) -> Way:
    """Train as `Network.fit` does, with its options; keep every update. Divergence is a result."""
    steps = _Steps()
    try:
        net.fit(X, Y, optimizer=optimizer, callbacks=[steps], **options)
    except ns.DivergedError:
        rows = np.array(steps.parameters)
        finite = np.isfinite(rows).all(axis=1) & np.isfinite([0.0, *steps.losses])
        # The first row that is not finite is where it ended.
        end = int(np.argmin(finite))
        return Way(rows[:end], steps.losses[:end], end)
    return Way(np.array(steps.parameters), steps.losses)
