"""Where a chart goes: into a person's Axes, onto a figure of its own, into a file."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, final

from neurosim.checks import short
from neurosim.drawing.canvas import checked_axes, new_figure, settle
from neurosim.drawing.charts.look import FONT_SIZE, Look
from neurosim.drawing.measure import measure
from neurosim.drawing.saving import FIGURE_SUFFIXES, save_figure
from neurosim.errors import ArgumentError, ArgumentTypeError
from neurosim.files import checked_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

__all__ = ["BESIDE", "MAP_SIZE", "PANEL_SIZE", "Sheet"]

PANEL_SIZE = (4.6, 3.4)
"""Inches of a chart with curves."""
MAP_SIZE = (4.6, 3.7)
"""Inches of a chart with two equal axes and a colour bar beside them."""
LARGEST_SIDE = 24.0
BESIDE: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.0, 1.0), "borderaxespad": 0.2}
"""Where a legend stands that has room beside the chart."""


@final
class Sheet:
    """What every chart takes, checked before anything is computed or drawn.

    Parameters
    ----------
    whose : str
        The function, for messages.
    ax, path, title, style : as the person gave them
    """

    def __init__(self, whose: str, ax: Any, path: Any, title: Any, style: Any) -> None:
        self.whose = whose
        self.look = Look.of(style, whose)
        self.given = checked_axes(ax, whose)
        self.file = None if path is None else checked_path(path, FIGURE_SUFFIXES, f"{whose}: path")
        if title is not None and not isinstance(title, str):
            raise ArgumentTypeError(f"{whose}: title must be a text; got {short(title)}.")
        self.title = title

    def require_one(self, n_panels: int, remedy: str) -> None:
        """Raise where a chart of several panels is to go into one Axes."""
        if self.given is not None and n_panels != 1:
            raise ArgumentError(
                f"{self.whose}: ax is one Axes, but there are {n_panels} panels to draw; {remedy}."
            )

    def require_projection(self, three_d: bool) -> None:
        """Raise where the Axes is flat and the chart is not, or the other way round."""
        if self.given is None or (self.given.name == "3d") == three_d:
            return
        wanted, call = ("three-dimensional", "projection='3d'") if three_d else ("flat", "")
        raise ArgumentError(
            f"{self.whose}: ax must be a {wanted} Axes, such as figure.add_subplot({call}); "
            f"this one is {'flat' if three_d else 'three-dimensional'}."
        )

    def with_legend(self, size: tuple[float, float], names: list[str]) -> tuple[float, float]:
        """Return the size of a figure that has a legend beside its chart; `size` is without it."""
        with self.look.on():
            longest = max(measure(name, FONT_SIZE, False)[0] for name in names)
        return size[0] + longest / 72.0 + 0.6, size[1]

    def with_title(self, size: tuple[float, float], title: str) -> tuple[float, float]:
        """Return the size of a figure that is wide enough for a title over a colour bar's chart."""
        with self.look.on():
            width, _ = measure(title, 1.2 * FONT_SIZE, False)
        return max(size[0], width / 72.0 + 1.1), size[1]

    @property
    def legend_place(self) -> dict[str, Any]:
        """Where a legend stands: beside the chart, in a person's Axes inside it."""
        inside = {"loc": "best", "frameon": True, "framealpha": 0.85}
        return BESIDE if self.given is None else inside

    @contextmanager
    def axes(self, size: tuple[float, float], **options: Any) -> Iterator[Axes]:
        """Give the one Axes of the chart; save the figure at the end of the block."""
        with self.panels(1, 1, size, **options) as (axes,):
            yield axes
            if self.title is not None:
                axes.set_title(self.title)

    @contextmanager
    def panels(
        self, rows: int, columns: int, size: tuple[float, float], **options: Any
    ) -> Iterator[list[Axes]]:
        """Give the Axes of the chart, row by row; save the figure at the end of the block.

        The size is that at the scale of a screen, in inches.
        """
        with self.look.on():
            given = self.given
            all_axes = self._new(rows, columns, size, options) if given is None else [given]
            yield all_axes
            if self.title is not None and len(all_axes) > 1:
                _figure_of(all_axes[0]).suptitle(self.title)
            if self.file is not None:
                if given is None:
                    settle(_figure_of(all_axes[0]))
                save_figure(_figure_of(all_axes[0]), self.file)

    def _new(
        self, rows: int, columns: int, size: tuple[float, float], options: dict[str, Any]
    ) -> list[Axes]:
        width, height = (self.look.scale * min(side, LARGEST_SIDE) for side in size)
        figure = new_figure((width, height), kept=self.file is None, layout="constrained")
        all_axes = list(figure.subplots(rows, columns, squeeze=False, **options).flat)
        for axes in all_axes:
            # Ticks are made late, when the style is off again, unless they are told now.
            axes.tick_params(colors=self.look.inks.quiet, labelsize=self.look.pt(FONT_SIZE))
        return all_axes


def _figure_of(axes: Axes) -> Any:
    """Return the whole figure, also of axes in a part of one."""
    figure: Any = axes.figure
    return figure.figure
