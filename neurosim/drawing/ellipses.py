"""What stands in a column for the neurons that are not drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from neurosim.drawing.boxes import Box
from neurosim.drawing.captions import Line

if TYPE_CHECKING:
    from neurosim.drawing.plan import Plan

__all__ = ["Ellipsis"]

DOTS = {"right": "⋮", "down": "⋯"}


@dataclass(frozen=True)
class Ellipsis:
    """Dots, and how many neurons they stand for; the number alone where there is no room.

    Attributes
    ----------
    column : int
    x, y : float
    lines : tuple of (Line, float)
        Each with how far above y it stands.
    box : Box
    """

    column: int
    x: float
    y: float
    lines: tuple[tuple[Line, float], ...]
    box: Box

    @classmethod
    def of(cls, plan: Plan, column: int, k: int, x: float = 0.0, y: float = 0.0) -> Ellipsis:
        """Return the k-th ellipsis of a column, at a place."""
        gaps, quiet = plan.columns[column].gaps, plan.inks.quiet
        alone = len(gaps) == 1 and plan.sizes.radius > plan.sizes.label
        size = plan.sizes.label if alone else plan.sizes.note
        more = Line(f"{gaps[k][1]:,} more", "left out", size, quiet)
        width, height = plan.size_of(more)
        if not alone:
            return cls(column, x, y, ((more, 0.0),), Box(x, y, width / 2, height / 2))
        dots = Line(DOTS[plan.options.direction], "ellipsis", 1.5 * size, quiet, bold=True)
        lines = ((dots, 0.75 * size), (more, -0.65 * size))
        return cls(column, x, y, lines, Box(x, y, width / 2, plan.sizes.radius))
