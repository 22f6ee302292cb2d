"""How large a text is, as matplotlib sets it; every back-end agrees with that."""

from __future__ import annotations

import warnings
from functools import cache, lru_cache
from typing import Any, NamedTuple

from neurosim.drawing import formulas
from neurosim.drawing.glyphs import drawable

__all__ = ["Extent", "extent", "font_of", "measure"]

MEASURED_AT = 100.0


class Extent(NamedTuple):
    """The size of a line of text; `descent` is the part of its height below the base line."""

    width: float
    height: float
    descent: float

    @property
    def middle(self) -> float:
        """How far its middle is above the base line."""
        return self.height / 2 - self.descent


def measure(text: str, size: float, bold: bool, math: bool = False) -> tuple[float, float]:
    """Return the width and height of a line of text, in points; `styled` says in which font.

    >>> width, height = measure("neuron", 10.0, False)
    >>> 25 < width < 45 and 8 < height < 14
    True
    """
    width, height, _ = extent(text, size, bold, math)
    return width, height


def extent(text: str, size: float, bold: bool, math: bool = False) -> Extent:
    """Return the size of a line of text, and where its base line is."""
    import matplotlib as mpl

    found = _extent(text, bold, math, tuple(mpl.rcParams["font.family"]))
    return Extent(*(length * size / MEASURED_AT for length in found))


def font_of(size: float, bold: bool) -> Any:
    """Return matplotlib's font of a size."""
    import matplotlib as mpl

    font = _font(tuple(mpl.rcParams["font.family"]), bold).copy()
    font.set_size(size)
    return font


@cache
def _font(families: tuple[str, ...], bold: bool) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=list(families), weight="bold" if bold else "normal")


@lru_cache(maxsize=4096)
def _extent(text: str, bold: bool, math: bool, families: tuple[str, ...]) -> Extent:
    font = _font(families, bold).copy()
    font.set_size(MEASURED_AT)
    # Every line is at least as high as one with an ascender and a descender.
    _, height, descent = _sized("lp", font, math=False)
    if not math:
        width, _, _ = _sized(drawable(text), font, math=False)
        return Extent(width, height, descent)
    width, tall, deep = _sized(formulas.mathtext(drawable(text)), font, math=True)
    above, below = max(tall - deep, height - descent), max(deep, descent)
    return Extent(width, above + below, below)


def _sized(text: str, font: Any, *, math: bool) -> Extent:
    from matplotlib.textpath import text_to_path

    with warnings.catch_warnings():
        # A browser has other fonts; where matplotlib draws a sign that it lacks, it says so then.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        size = text_to_path.get_text_width_height_descent(text, font, ismath=math)
    return Extent(*map(float, size))
