"""Training, as curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from neurosim.drawing.charts.sheet import Sheet
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.drawing.themes import Inks
    from neurosim.learning.history import History

__all__ = ["draw_history"]

SIZE = (6.4, 4.0)
LINE_WIDTH = 1.8
MORE_HEIGHT = 2.2
"""Inches that every further panel adds."""
DECADES = 100.0
"""A loss that falls by more than this is drawn on a logarithmic scale."""


class _Curve(NamedTuple):
    """Numbers against epochs; `epochs` is None where number k belongs to epoch k."""

    values: list[float]
    color: Any
    line: str = "-"
    epochs: Any = None


def draw_history(
    history: History,
    ax: Any = None,
    *,
    path: Any = None,
    title: str | None = None,
    style: str = "screen",
) -> Axes:
    """Draw the losses of every epoch, and below them what else was recorded.

    Parameters
    ----------
    history : History
        Epoch k, counted from 0, is drawn at k; the batches of an epoch lie around it.
    ax : matplotlib Axes, optional
        Where to draw the losses alone. Without it, a new figure, which ``plt.show()`` shows, has
        an axes each for the losses, every metric, the learning rate where it changes, and every
        diagnostic.
    path, title, style
        As for `draw_decision_boundary`.

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
    sheet = Sheet("History.plot", ax, path, title, style)
    panels = {"loss": _losses(history, sheet.look.inks)}
    if sheet.given is None:
        panels |= _others(history, sheet.look.inks)
    count, (width, height) = len(panels), SIZE
    size = (width, height + MORE_HEIGHT * (count - 1))
    ratios = [height, *[MORE_HEIGHT] * (count - 1)]
    with sheet.panels(count, 1, size, sharex=True, height_ratios=ratios) as all_axes:
        for axes, (name, curves) in zip(all_axes, panels.items(), strict=True):
            _draw(axes, curves, sheet.look.pt(LINE_WIDTH))
            _finish(axes, name, curves)
        all_axes[-1].set_xlabel("epoch")
        if sheet.title is not None and count == 1:
            all_axes[0].set_title(sheet.title)
    return all_axes[0]


def _losses(history: History, inks: Inks) -> dict[str, _Curve]:
    if not history.loss:
        raise ArgumentError(
            "History.plot: there are no epochs to draw; train with net.fit(X, Y, ...) first."
        )
    curves = {"loss": _Curve(history.loss, inks.positive)}
    if history.validation_loss:
        curves["validation loss"] = _Curve(history.validation_loss, inks.negative, "--")
    if history.penalty:
        curves["penalty"] = _Curve(history.penalty, inks.positive, ":")
    if history.batch_loss:
        per_epoch = len(history.batch_loss) / len(history)
        epochs = (np.arange(len(history.batch_loss)) + 0.5) / per_epoch - 0.5
        curves["batch loss"] = _Curve(history.batch_loss, inks.zero, "-", epochs)
    return curves


def _others(history: History, inks: Inks) -> dict[str, dict[str, _Curve]]:
    """Return the panels below the losses, by the name of their axis."""
    panels = {
        name.replace("_", " "): {name: _Curve(values, inks.positive)}
        for name, values in history.metrics.items()
    }
    if len(set(history.learning_rate)) > 1:
        panels["learning rate"] = {"rate": _Curve(history.learning_rate, inks.positive)}
    for name, layers in history.diagnostics.items():
        panels[name.replace("_", " ")] = {
            layer: _Curve(values, f"C{i}") for i, (layer, values) in enumerate(layers.items())
        }
    return panels


def _draw(axes: Axes, curves: dict[str, _Curve], line_width: float) -> None:
    for name, (values, color, line, epochs) in curves.items():
        at = np.arange(len(values)) if epochs is None else epochs
        # A single epoch has no line, but a point.
        marker = "o" if len(values) == 1 else ""
        # Many batches lie behind the curve of their epochs.
        behind = (
            {} if epochs is None else {"zorder": 1.0, "linewidth": line_width / 2, "alpha": 0.5}
        )
        options: dict[str, Any] = {"marker": marker, "linewidth": line_width, **behind}
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
