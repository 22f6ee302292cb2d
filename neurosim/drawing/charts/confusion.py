"""Which classes are taken for which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import finite_array, short
from neurosim.drawing.charts.cells import draw_cells, name_cells, room_for_names, write_cells
from neurosim.drawing.charts.colors import map_and_norm
from neurosim.drawing.charts.sheet import Sheet
from neurosim.drawing.themes import blended
from neurosim.errors import ArgumentError, ArgumentTypeError, ShapeError
from neurosim.learning.metrics import confusion_matrix

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.drawing.charts.look import Look

__all__ = ["draw_confusion"]

CELL, SMALLEST, LARGEST = 0.42, 2.2, 9.0
FRAME_WIDTH, FRAME_HEIGHT = 1.5, 0.8


def draw_confusion(
    Y: Any,
    predictions: Any = None,
    *,
    classes: Any = None,
    shares: bool = False,
    ax: Any = None,
    path: Any = None,
    title: str | None = None,
    style: str = "screen",
) -> Axes:
    """Draw how many samples of each class (rows) were taken for which class (columns).

    Parameters
    ----------
    Y : (n, n_outputs) array, or (k, k) array of counts
        The targets; or, without predictions, what `confusion_matrix` returns.
    predictions : (n, n_outputs) array, optional
        What ``net.predict(X)`` returns.
    classes : list of str, optional
        Names of the classes; 0, 1, ... where none are given.
    shares : bool
        Whether cells say the share of their row, in percent, instead of the count.
    ax, path : optional
        Where to draw, and a ``.png``, ``.svg`` or ``.pdf`` file to write.
    title : str, optional
        Else how many are right.
    style : {"screen", "paper", "slide", "dark"}
        Inks and sizes; "paper" is for a column, "slide" twice as large as "screen".

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ShapeError, ArgumentError
        The counts are no square of whole numbers, or targets and predictions do not fit.

    Examples
    --------
    >>> import neurosim as ns
    >>> axes = ns.draw_confusion([[50, 2], [3, 45]], classes=["ham", "spam"])
    >>> axes.get_title()
    '95 of 100 right (95.0%)'
    """
    whose = "draw_confusion"
    sheet = Sheet(whose, ax, path, title, style)
    counts = _checked_counts(Y, whose) if predictions is None else confusion_matrix(Y, predictions)
    names = _names(classes, len(counts), whose)
    total = counts.sum(axis=1, keepdims=True)
    cells = 100.0 * counts / np.maximum(total, 1) if shares else counts.astype(np.float64)
    side = min(max(SMALLEST, CELL * len(counts)), LARGEST)
    beside, below = room_for_names(names, names, side / len(counts), sheet.look)
    with sheet.axes((side + beside + FRAME_WIDTH, side + below + FRAME_HEIGHT)) as axes:
        picture = draw_cells(
            axes, cells, map_and_norm([0.0, cells.max()], sheet.look.inks, signed=False)
        )
        axes.set(xlabel="taken for", ylabel="class", title=_right(counts))
        axes.set_aspect("equal")
        _draw_grid(axes, len(cells), sheet.look)
        label = "share of the class (%)" if shares else "samples"
        axes.figure.colorbar(picture, ax=axes, label=label, shrink=0.85)
        name_cells(axes, names, names, sheet.look)
        if sheet.given is None:
            axes.figure.draw_without_rendering()  # type: ignore[union-attr]
        texts = [[_text(n, shares) for n in row] for row in cells.tolist()]
        wrong = ~np.eye(len(cells), dtype=bool)
        write_cells(axes, picture, cells, texts, sheet.look, bold=wrong)
    return axes


def _draw_grid(axes: Axes, n: int, look: Look) -> None:
    """Draw thin lines between the cells, so that rows and columns can be followed."""
    from matplotlib.ticker import FixedLocator

    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(FixedLocator((np.arange(n + 1) - 0.5).tolist()))
    color = blended(look.inks.paper, look.inks.quiet, 0.25)
    axes.grid(which="minor", color=color, linewidth=look.pt(0.6))
    axes.tick_params(which="minor", length=0)


def _checked_counts(counts: Any, whose: str) -> Any:
    array = finite_array(counts, f"{whose}: the matrix")
    if array.ndim != 2 or array.shape[0] != array.shape[1] or not array.size:
        raise ShapeError(
            f"{whose}: without predictions the first argument must be a square matrix of counts, "
            f"as ns.confusion_matrix(Y, predictions) returns it; got shape {array.shape}."
        )
    if (array < 0).any() or (array != np.round(array)).any():
        raise ArgumentError(
            f"{whose}: counts must be whole numbers that are not negative; got {short(counts)}. "
            "To see shares give the counts and shares=True."
        )
    return array.astype(np.int64)


def _names(classes: Any, n: int, whose: str) -> list[str]:
    if classes is None:
        return [str(k) for k in range(n)]
    if isinstance(classes, str) or not np.iterable(classes):
        raise ArgumentTypeError(
            f"{whose}: classes must be a list of {n} names; got {short(classes)}."
        )
    names = [str(name) for name in classes]
    if len(names) != n:
        raise ShapeError(f"{whose}: classes must be {n} names; got {len(names)}.")
    return names


def _right(counts: Any) -> str:
    right, total = int(np.trace(counts)), int(counts.sum())
    return f"{right} of {total} right ({right / max(total, 1):.1%})"


def _text(value: float, shares: bool) -> str:
    if value == 0:
        return ""
    return f"{value:.1f}" if shares else f"{value:.0f}"
