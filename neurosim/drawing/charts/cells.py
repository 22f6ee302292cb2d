"""A matrix as a heat map, its numbers written into the cells where they fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.drawing.charts.colors import ink_on
from neurosim.drawing.measure import measure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.drawing.charts.look import Look

__all__ = ["draw_cells", "name_cells", "room_for_names", "write_cells"]

TEXT_SIZE, SMALLEST = 9.0, 5.5
FILLED = 0.84
"""The share of a cell that its number may take."""
QUIET = 0.35
"""A cell up to here in its map is near enough to the ground for coloured ink."""
UPRIGHT = 0.9
"""Names that are wider than this share of a cell stand upright, or they would touch."""
MOST_NAMES = 32
"""A side with more cells is numbered, not labelled."""


def draw_cells(axes: Axes, matrix: Any, scale: Any) -> Any:
    """Draw a matrix with its first row on top; cells that are NaN stay empty."""
    cmap, norm = scale
    masked = np.ma.masked_invalid(matrix)
    picture = axes.imshow(masked, cmap=cmap, norm=norm, aspect="auto", interpolation="nearest")
    for spine in axes.spines.values():
        spine.set_visible(False)
    return picture


def room_for_names(
    rows: list[str], columns: list[str], width: float, look: Look
) -> tuple[float, float]:
    """Return the inches that names take beside cells that are `width` inches wide, and below."""
    with look.on():
        beside, below = (
            max((measure(name, 10.0, False)[0] for name in names), default=0.0) / 72.0
            for names in (rows[:MOST_NAMES], columns[:MOST_NAMES])
        )
    upright = len(columns) <= MOST_NAMES and below > UPRIGHT * width
    return beside if len(rows) <= MOST_NAMES else 0.4, below if upright else 0.2


def name_cells(axes: Axes, rows: list[str], columns: list[str], look: Look) -> None:
    """Write the names of rows and columns beside the cells; of many, numbers only."""
    if len(rows) <= MOST_NAMES:
        axes.set_yticks(range(len(rows)), rows)
    else:
        axes.set_ylabel("source")
    if len(columns) <= MOST_NAMES:
        width = _cell(axes, 1, len(columns))[0]
        longest = max(measure(name, look.pt(10.0), False)[0] for name in columns)
        axes.set_xticks(
            range(len(columns)), columns, rotation=90 if longest > UPRIGHT * width else 0
        )
    axes.tick_params(length=0)


def write_cells(
    axes: Axes, picture: Any, matrix: Any, texts: Any, look: Look, bold: Any = None
) -> None:
    """Write a text into every cell, all of one size, if there is one at which all fit.

    Parameters
    ----------
    axes, picture
        The heat map.
    matrix, texts : (m, n) arrays
        What the colours say, and what is written; an empty text is none.
    bold : (m, n) array of bool, optional
        Numbers that must not be overlooked, also in a cell that is nearly the ground.
    """
    size = _size(axes, texts, look.pt(TEXT_SIZE))
    if size < look.pt(SMALLEST):
        return
    heavy = np.zeros(matrix.shape, dtype=bool) if bold is None else bold
    for i, j in np.argwhere(np.isfinite(matrix)).tolist():
        share = float(picture.norm(matrix[i, j]))
        quiet = heavy[i, j] and share < QUIET
        axes.text(
            j,
            i,
            texts[i][j],
            fontsize=size,
            fontweight="bold" if heavy[i, j] else "normal",
            color=look.inks.negative_ink if quiet else ink_on(picture.cmap(share)),
            horizontalalignment="center",
            verticalalignment="center_baseline",
        )


def _size(axes: Axes, texts: Any, largest: float) -> float:
    """Return the size of text, in points, at which all texts fit into their cells."""
    rows, columns = len(texts), len(texts[0])
    width, height = _cell(axes, rows, columns)
    sizes = [measure(text, 1.0, False) for row in texts for text in row if text]
    if not sizes:
        return 0.0
    room = min(min(width / wide, height / high) for wide, high in sizes)
    return min(largest, FILLED * room)


def _cell(axes: Axes, rows: int, columns: int) -> tuple[float, float]:
    """Return the width and height of a cell in points."""
    figure: Any = axes.figure
    points = 72.0 / figure.figure.dpi
    box = axes.get_window_extent()
    return box.width * points / columns, box.height * points / rows
