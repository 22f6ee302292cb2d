"""Training, as curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from neurosim.drawing import style
from neurosim.drawing.canvas import checked_axes, new_figure, styled
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.learning.history import History

__all__ = ["draw_history"]

SIZE = (6.4, 4.0)
MORE_HEIGHT = 2.2
"""Inches that every further panel adds."""
LINE_WIDTH = 1.8
BATCH_COLOR = "0.75"
DECADES = 100.0
"""A loss that falls by more than this is drawn on a logarithmic scale."""


class _Curve(NamedTuple):
    """Numbers against epochs; `epochs` is None where number k belongs to epoch k."""

    values: list[float]
    color: Any
    line: str = "-"
    epochs: Any = None


def draw_history(history: History, ax: Any = None) -> Axes:
    """Draw the losses of every epoch, and below them what else was recorded.

    Parameters
    ----------
    history : History
        Epoch k, counted from 0, is drawn at k; the batches of an epoch lie around it.
    ax : matplotlib Axes, optional
        Where to draw the losses alone. Without it, a new figure, which ``plt.show()`` shows, has
        an axes each for the losses, every metric, the learning rate where it changes, and every
        diagnostic.

    Returns
    -------
    matplotlib.axes.Axes
        That of the losses.

    Raises
    ------
    ArgumentError
        The history has no epochs.

    Examples
    --------
    >>> from neurosim import History
    >>> axes = draw_history(History(loss=[1.0, 0.1, 0.001], metrics={"accuracy": [0.5, 0.5, 1.0]}))
    >>> axes.get_ylabel(), axes.get_yscale(), axes.figure.axes[1].get_ylabel()
    ('loss', 'log', 'accuracy')
    """
    panels = {"loss": _losses(history)}
    given = checked_axes(ax, "History.plot")
    if given is None:
        panels |= _others(history)
    with styled():
        all_axes = _panels(len(panels)) if given is None else [given]
        for axes, (name, curves) in zip(all_axes, panels.items(), strict=True):
            _draw(axes, curves)
            _finish(axes, name, curves)
        all_axes[-1].set_xlabel("epoch")
    return all_axes[0]


def _panels(count: int) -> list[Axes]:
    width, height = SIZE
    size = (width, height + MORE_HEIGHT * (count - 1))
    figure = new_figure(size, kept=True, layout="constrained")
    ratios = [height, *[MORE_HEIGHT] * (count - 1)]
    column = figure.subplots(count, 1, sharex=True, squeeze=False, height_ratios=ratios)
    return list(column[:, 0])


def _losses(history: History) -> dict[str, _Curve]:
    if not history.loss:
        raise ArgumentError(
            "History.plot: there are no epochs to draw; train with net.fit(X, Y, ...) first."
        )
    curves = {"loss": _Curve(history.loss, style.POSITIVE)}
    if history.validation_loss:
        curves["validation loss"] = _Curve(history.validation_loss, style.NEGATIVE, "--")
    if history.penalty:
        curves["penalty"] = _Curve(history.penalty, style.POSITIVE, ":")
    if history.batch_loss:
        per_epoch = len(history.batch_loss) / len(history)
        epochs = (np.arange(len(history.batch_loss)) + 0.5) / per_epoch - 0.5
        curves["batch loss"] = _Curve(history.batch_loss, BATCH_COLOR, "-", epochs)
    return curves


def _others(history: History) -> dict[str, dict[str, _Curve]]:
    """Return the panels below the losses, by the name of their axis."""
    panels = {
        name.replace("_", " "): {name: _Curve(values, style.POSITIVE)}
        for name, values in history.metrics.items()
    }
    if len(set(history.learning_rate)) > 1:
        panels["learning rate"] = {"rate": _Curve(history.learning_rate, style.POSITIVE)}
    for name, layers in history.diagnostics.items():
        panels[name.replace("_", " ")] = {
            layer: _Curve(values, f"C{i}") for i, (layer, values) in enumerate(layers.items())
        }
    return panels


def _draw(axes: Axes, curves: dict[str, _Curve]) -> None:
    for name, (values, color, line, epochs) in curves.items():
        at = np.arange(len(values)) if epochs is None else epochs
        # A single epoch has no line, but a point.
        marker = "o" if len(values) == 1 else ""
        # Many batches lie behind the curve of their epochs.
        behind = {} if epochs is None else {"zorder": 1.0, "linewidth": LINE_WIDTH / 2}
        options: dict[str, Any] = {"marker": marker, "linewidth": LINE_WIDTH, **behind}
        axes.plot(at, values, line, color=color, label=name, **options)


def _finish(axes: Axes, name: str, curves: dict[str, _Curve]) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_ylabel(name)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    numbers = np.concatenate([np.asarray(curve.values, dtype=float) for curve in curves.values()])
    numbers = numbers[np.isfinite(numbers)]
    if len(numbers) and numbers.min() > 0 and numbers.max() > DECADES * numbers.min():
        axes.set_yscale("log")
    if len(curves) > 1:
        axes.legend()
