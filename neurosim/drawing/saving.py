"""A figure as a file: the same drawing gives the same bytes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from neurosim.drawing import style
from neurosim.files import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

__all__ = ["FIGURE_SUFFIXES", "save_figure"]

FIGURE_SUFFIXES = (".pdf", ".png", ".svg")
MOST_PIXELS = 4000
"""Of a side of a PNG: a larger figure has fewer dots per inch."""
# Dates would make the same drawing another file every time.
_UNDATED: dict[str, Any] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}


def save_figure(figure: Figure, file: Path) -> None:
    """Write a figure whole, in the format that the suffix of the file names."""
    kind = file.suffix.lower()[1:]
    buffer = BytesIO()
    dpi = min(style.RESOLUTION, MOST_PIXELS / max(figure.get_size_inches()))
    figure.savefig(buffer, format=kind, dpi=dpi, metadata=_UNDATED.get(kind, {}))
    write_atomically(file, buffer.getvalue())
