"""Training, as curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.drawing import style
from neurosim.drawing.canvas import checked_axes, new_figure, styled
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.learning.history import History

__all__ = ["draw_history"]

SIZE = (6.4, 4.0)
LINE_WIDTH = 1.8
DECADES = 100.0
"""A loss that falls by more than this is drawn on a logarithmic scale."""


def draw_history(history: History, ax: Any = None) -> Axes:
    """Draw the loss of every epoch, and that of the validation samples if there are some.

    Parameters
    ----------
    history : History
        Epoch k, counted from 0, is drawn at k.
    ax : matplotlib Axes, optional
        Where to draw; a new figure where none is given.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError
        The history has no epochs.

    Examples
    --------
    >>> from neurosim import History
    >>> axes = draw_history(History(loss=[1.0, 0.1, 0.001]))
    >>> axes.get_xlabel(), axes.get_ylabel(), axes.get_yscale()
    ('epoch', 'loss', 'log')
    """
    curves = _curves(history)
    given = checked_axes(ax, "History.plot")
    with styled():
        axes = new_figure(SIZE, layout="constrained").add_subplot() if given is None else given
        for name, (values, color, line) in curves.items():
            # A single epoch has no line, but a point.
            marker = "o" if len(values) == 1 else ""
            axes.plot(values, line, marker=marker, color=color, linewidth=LINE_WIDTH, label=name)
        _finish(axes, curves)
    return axes


def _curves(history: History) -> dict[str, tuple[list[float], str, str]]:
    if not history.loss:
        raise ArgumentError(
            "History.plot: there are no epochs to draw; train with net.fit(X, Y, ...) first."
        )
    curves = {"loss": (history.loss, style.POSITIVE, "-")}
    if history.validation_loss:
        curves["validation loss"] = (history.validation_loss, style.NEGATIVE, "--")
    return curves


def _finish(axes: Axes, curves: dict[str, Any]) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_xlabel("epoch")
    axes.set_ylabel("loss")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    numbers = np.concatenate([np.asarray(values, dtype=float) for values, _, _ in curves.values()])
    numbers = numbers[np.isfinite(numbers)]
    if len(numbers) and numbers.min() > 0 and numbers.max() > DECADES * numbers.min():
        axes.set_yscale("log")
    if len(curves) > 1:
        axes.legend()
