"""A search for the learning rate, as a curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.drawing.charts.sheet import Sheet
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.learning.search import RateSweep

__all__ = ["draw_sweep"]

SIZE = (6.4, 4.0)
DECADE = 10.0
"""A loss that changes by more than this is drawn on a logarithmic scale."""


def draw_sweep(
    sweep: RateSweep,
    ax: Any = None,
    *,
    path: Any = None,
    title: str | None = None,
    style: str = "screen",
) -> Axes:
    """Draw the loss after the update at every rate, the loss at the start, and the suggestion.

    Parameters
    ----------
    sweep : RateSweep
    ax : matplotlib Axes, optional
        Where to draw; a new figure of pyplot's where none is given.
    path, title, style
        As for `draw_decision_boundary`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError
        The sweep ran away at its first rate, so that there is no curve.
    """
    sheet = Sheet("RateSweep.plot", ax, path, title, style)
    inks = sheet.look.inks
    if not sweep.rates:
        raise ArgumentError(
            "RateSweep.plot: the training ran away at the first rate, so there is nothing to "
            "draw; call learning_rate_finder with a lower low."
        )
    with sheet.axes(SIZE) as axes:
        axes.axhline(sweep.start, color=inks.zero, linestyle=":", label="loss at the start")
        axes.plot(sweep.rates, sweep.losses, color=inks.positive)
        if sweep.suggestion is not None:
            label = f"suggestion {sweep.suggestion:.3g}"
            axes.axvline(sweep.suggestion, color=inks.negative, linestyle="--", label=label)
        axes.set_xlabel("learning rate")
        axes.set_ylabel("loss after the update")
        axes.set_xscale("log")
        if max(sweep.losses) > DECADE * min(sweep.losses) > 0:
            axes.set_yscale("log")
        axes.legend()
    return axes
