"""matplotlib without side effects: a style that is put on and off again, figures of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.checks import short
from neurosim.drawing import style
from neurosim.drawing.glyphs import fallbacks
from neurosim.errors import ArgumentTypeError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["checked_axes", "new_figure", "settle", "styled"]

_GENERIC = frozenset(
    {"serif", "sans-serif", "sans serif", "sans", "cursive", "fantasy", "monospace"}
)


def styled() -> AbstractContextManager[None]:
    """Return a context in which matplotlib has the style of drawings; after it, the person's own.

    A font that the person has chosen by name comes second: it is taken for the letters that ours
    does not have.
    """
    import matplotlib as mpl

    chosen = [name for name in mpl.rcParams["font.family"] if name not in _GENERIC]
    families = list(dict.fromkeys([style.FONT, *chosen, *fallbacks()]))
    return mpl.rc_context({**style.RC, "font.family": families})


def new_figure(size: tuple[float, float], *, kept: bool, **options: Any) -> Figure:
    """Return a figure of a size in inches.

    One that is `kept` is pyplot's, so that ``plt.show()`` and notebooks show it; pyplot holds it
    until it is closed. The other is unknown to pyplot, for figures that only become files.
    """
    if kept:
        import matplotlib.pyplot as plt

        return plt.figure(figsize=size, **options)
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, **options)
    FigureCanvasAgg(figure)
    return figure


def settle(figure: Figure) -> None:
    """Lay a figure out once and for all, to a millionth of its size.

    The last digits of matplotlib's solver differ from process to process, and so would the names
    that an SVG makes of them.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        left, bottom, width, height = axes.get_position(original=True).bounds
        axes.set_position((round(left, 6), round(bottom, 6), round(width, 6), round(height, 6)))


def checked_axes(ax: Any, whose: str) -> Axes | None:
    """Return what a person gave as `ax`, if it is a matplotlib Axes or None."""
    if ax is None:
        return None
    from matplotlib.axes import Axes

    if not isinstance(ax, Axes):
        raise ArgumentTypeError(
            f"{whose}: ax must be a matplotlib Axes, such as plt.subplots()[1]; got {short(ax)}."
        )
    return ax
