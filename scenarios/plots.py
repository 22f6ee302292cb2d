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

__all__ = ["BLACK", "BLUE", "GRAY", "GREEN", "ORANGE", "PURPLE", "RED", "SKY", "folder", "sheet"]

# Okabe and Ito's colours, which people of every kind of colour vision can tell apart.
BLACK, GRAY = "#000000", "#767676"
BLUE, SKY, ORANGE, RED = "#0072B2", "#56B4E9", "#E69F00", "#D55E00"
GREEN, PURPLE = "#009E73", "#CC79A7"

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
