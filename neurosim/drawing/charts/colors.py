"""The colours of charts: one map for signed numbers, one for all others, one hue per class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.drawing.themes import blended

if TYPE_CHECKING:
    from matplotlib.colors import Colormap, Normalize

    from neurosim.drawing.themes import Inks

__all__ = ["class_color", "diverging", "ink_on", "map_and_norm", "sequential"]

DEEP_POSITIVE, DEEP_NEGATIVE = "#123f6d", "#8a3d00"
# How far along the half of a map its hue stands, so that lightness changes evenly.
HUE_AT = 0.62
MORE_HUES = ("#009e73", "#b5549c", "#9c8600", "#4bb3e6", "#8d5bb5", "#7c8894")
"""After the blue and the orange of edges; neighbours stay apart for every colour blindness."""
DARK_INK, LIGHT_INK = "#1f2933", "#ffffff"


def sequential(inks: Inks, start: float = 0.0) -> Colormap:
    """Return the map for numbers of one sign: from the ground over the blue of edges.

    With a `start` above 0 the least is told from the ground.
    """
    above, _ = _ends(inks)
    least = blended(inks.paper, inks.positive, start)
    return _map("sequential", [(0.0, least), (HUE_AT, inks.positive), (1.0, above)])


def diverging(inks: Inks) -> Colormap:
    """Return the map for signed numbers: orange below zero, blue above, as edges are drawn."""
    above, below = _ends(inks)
    lower, upper = (1 - HUE_AT) / 2, (1 + HUE_AT) / 2
    stops = [(0.0, below), (lower, inks.negative), (0.5, inks.paper)]
    return _map("diverging", [*stops, (upper, inks.positive), (1.0, above)])


def _ends(inks: Inks) -> tuple[str, str]:
    """Return the colours of the largest numbers of both signs, farthest from the ground."""
    if _lightness(inks.paper) > 0.5:
        return DEEP_POSITIVE, DEEP_NEGATIVE
    return inks.positive_ink, inks.negative_ink


def _map(name: str, stops: list[tuple[float, str]]) -> Colormap:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list(f"neurosim {name}", stops)


def map_and_norm(values: Any, inks: Inks, *, signed: bool) -> tuple[Colormap, Normalize]:
    """Return the map for some finite numbers; that of signed ones is centred at zero."""
    from matplotlib.colors import Normalize

    if signed:
        reach = float(np.abs(values).max(initial=0.0)) or 1.0
        return diverging(inks), Normalize(-reach, reach)
    low, high = float(np.min(values)), float(np.max(values))
    return sequential(inks), Normalize(low, high if high > low else low + 1.0)


def ink_on(color: Any) -> str:
    """Return the ink that is readable on a colour: dark on light, light on dark."""
    return DARK_INK if _lightness(color) > 0.55 else LIGHT_INK


def _lightness(color: Any) -> float:
    from matplotlib.colors import to_rgb

    # The luma of video: near enough for two inks.
    return float(np.dot(to_rgb(color), (0.299, 0.587, 0.114)))


def class_color(number: int, inks: Inks) -> str:
    """Return the hue of a class."""
    hues = (inks.positive, inks.negative, *MORE_HUES)
    return hues[number % len(hues)]
