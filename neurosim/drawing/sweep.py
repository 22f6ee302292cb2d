"""A search for the learning rate, as a curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.drawing import style
from neurosim.drawing.canvas import checked_axes, new_figure, styled
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.learning.search import RateSweep

__all__ = ["draw_sweep"]

SIZE = (6.4, 4.0)
LINE_WIDTH = 1.8


def draw_sweep(sweep: RateSweep, ax: Any = None) -> Axes:
    """Draw the loss after the update at every rate, the loss at the start, and the suggestion.

    Parameters
    ----------
    sweep : RateSweep
    ax : matplotlib Axes, optional
        Where to draw; a new figure of pyplot's where none is given.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError
        The sweep ran away at its first rate, so that there is no curve.
    """
    given = checked_axes(ax, "RateSweep.plot")
    if not sweep.rates:
        raise ArgumentError(
            "RateSweep.plot: the training ran away at the first rate, so there is nothing to "
            "draw; call learning_rate_finder with a lower low."
        )
    with styled():
        axes = given or new_figure(SIZE, kept=True, layout="constrained").add_subplot()
        axes.axhline(sweep.start, color=style.ZERO, linestyle=":", label="loss at the start")
        axes.plot(sweep.rates, sweep.losses, color=style.POSITIVE, linewidth=LINE_WIDTH)
        if sweep.suggestion is not None:
            label = f"suggestion {sweep.suggestion:.3g}"
            axes.axvline(sweep.suggestion, color=style.NEGATIVE, linestyle="--", label=label)
        axes.set_xlabel("learning rate")
        axes.set_ylabel("loss after the update")
        axes.set_xscale("log")
        if min(sweep.losses) > 0:
            axes.set_yscale("log")
        axes.legend()
    return axes
