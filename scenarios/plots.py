"""How scenarios draw: one look, made locally, so that no setting of matplotlib's is changed."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    Layout = Literal["constrained", "compressed", "tight"]

__all__ = [
    "BLACK",
    "BLUE",
    "GRAY",
    "GREEN",
    "LINES",
    "ORANGE",
    "PURPLE",
    "RED",
    "SKY",
    "folder",
    "mark_cases",
    "sheet",
]

# Okabe and Ito's colours, which people of every kind of colour vision can tell apart.
BLACK, GRAY = "#000000", "#767676"
BLUE, SKY, ORANGE, RED = "#0072B2", "#56B4E9", "#E69F00", "#D55E00"
GREEN, PURPLE = "#009E73", "#CC79A7"

LINES = tuple(
    {"color": color, "linestyle": style}
    for color, style in (
        (BLUE, "-"),
        (ORANGE, "--"),
        (GREEN, "-."),
        (RED, ":"),
        (PURPLE, (0, (5, 1, 1, 1, 1, 1))),
        (SKY, (0, (8, 2))),
        (BLACK, (0, (1, 1))),
        (GRAY, (0, (3, 3))),
    )
)
"""Looks of lines in one picture: no two have the same colour or the same dashes."""

_STYLE: dict[str, Any] = {
    "font.size": 13,
    "axes.titlesize": 14,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "legend.frameon": False,
    "legend.fontsize": 11.5,
    "lines.linewidth": 2.0,
    "image.cmap": "viridis",
    "svg.fonttype": "path",
}
# What would differ from run to run is left out of the files.
_METADATA = {".svg": {"Date": None}, ".png": {"Software": None}}


def folder(out: str | Path) -> Path:
    """Return the folder that figures go to, made where it is missing."""
    path = Path(out)
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextmanager
def sheet(
    path: Path,
    rows: int = 1,
    columns: int = 1,
    *,
    size: tuple[float, float],
    layout: Layout = "constrained",
    **options: Any,
) -> Iterator[Any]:
    """Give the Axes of a new figure, and save it to `path` at the end of the block.

    Parameters
    ----------
    path : Path
        Of an ``.svg`` or ``.png`` file; the same numbers give the same bytes.
    rows, columns : int
        Of Axes; one is given by itself, several as an array.
    size : (float, float)
        Width and height in inches.
    layout : {"constrained", "compressed", "tight"}
        Compressed is for Axes of equal scales, tight for three dimensions.
    **options
        Of `matplotlib.figure.Figure.subplots`.
    """
    # The salt makes the ids inside an SVG those of the last run.
    settings: Any = {**_STYLE, "svg.hashsalt": path.name}
    with mpl.rc_context(settings):
        figure = Figure(figsize=size, layout=layout)
        yield figure.subplots(rows, columns, **options)
        figure.savefig(path, dpi=150, metadata=_METADATA[path.suffix])


def mark_cases(ax: Any, X: Any, Y: Any) -> None:
    """Mark points of the plane with the numbers that are wanted there."""
    for (x1, x2), y in zip(X.tolist(), Y[:, 0].tolist(), strict=True):
        ax.plot(x1, x2, "o", markersize=19, markerfacecolor="white", markeredgecolor=BLACK)
        ax.text(x1, x2, f"{y:g}", ha="center", va="center_baseline", color=BLACK)
