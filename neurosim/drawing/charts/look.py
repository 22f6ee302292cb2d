"""How a chart looks: the inks of a drawing's theme, and how large everything is."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from neurosim.checks import short
from neurosim.drawing.canvas import styled
from neurosim.drawing.themes import THEMES, Inks, blended
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Look"]

# A chart of 4.6 inches fits a column of a paper, where 10 points become 7.2, and is two thirds of
# a slide wide, where they become 20.
SCALES = {"paper": 0.72, "slide": 2.0}
FONT_SIZE = 10.0


@dataclass(frozen=True)
class Look:
    """The inks of a chart, and the factor by which all of it grows: a style is one picture.

    >>> Look.of("slide", "draw_kind").pt(10.0)
    20.0
    """

    inks: Inks
    scale: float

    @classmethod
    def of(cls, style: Any, whose: str) -> Look:
        """Return the look of a style's name."""
        if not isinstance(style, str) or style not in THEMES:
            known = ", ".join(repr(name) for name in THEMES)
            raise ArgumentError(f"{whose}: style must be one of {known}; got {short(style)}.")
        return cls(THEMES[style].inks, SCALES.get(style, 1.0))

    def pt(self, points: float) -> float:
        """Return a length or a size of text, in points."""
        return points * self.scale

    @contextmanager
    def on(self) -> Iterator[None]:
        """Give matplotlib this look for the block; after it the person's own."""
        import matplotlib as mpl

        with styled():
            settings: Any = self._settings()
            mpl.rcParams.update(settings)
            yield

    def _settings(self) -> dict[str, Any]:
        sizes = {
            "axes.linewidth": 0.8,
            "lines.linewidth": 1.8,
            "lines.markersize": 5.0,
            "axes.labelpad": 4.0,
            "axes.titlepad": 6.0,
            "font.size": FONT_SIZE,
            **{f"{xy}tick.{part}": size for xy in "xy" for part, size in _TICKS.items()},
        }
        inks = self.inks
        return {
            **{name: self.pt(size) for name, size in sizes.items()},
            "axes.titlesize": "large",
            "axes.labelsize": "medium",
            "xtick.labelsize": "medium",
            "ytick.labelsize": "medium",
            "legend.fontsize": "medium",
            "text.color": inks.ink,
            "axes.labelcolor": inks.ink,
            "axes.titlecolor": inks.ink,
            "axes.edgecolor": inks.quiet,
            "xtick.color": inks.quiet,
            "ytick.color": inks.quiet,
            "axes.facecolor": inks.paper,
            "figure.facecolor": inks.paper,
            "grid.color": blended(inks.paper, inks.quiet, 0.35),
            **{
                f"axes3d.{xyz}axis.panecolor": blended(inks.paper, inks.quiet, 0.06)
                for xyz in "xyz"
            },
            "legend.facecolor": inks.paper,
            "legend.edgecolor": "none",
        }


_TICKS = {"major.size": 3.5, "major.width": 0.8, "minor.size": 2.0, "minor.width": 0.6}
