"""Rectangles that must not overlap, and how large a text is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Box", "Measure"]

Measure = Callable[..., tuple[float, float]]
"""``measure(text, size, bold, math)`` is the (width, height) of a line of text, in points."""


@dataclass(frozen=True)
class Box:
    """A rectangle by its centre and half its width and height.

    >>> Box(0, 0, 2, 1).meets(Box(3, 0, 2, 1)), Box(0, 0, 2, 1).meets(Box(4, 0, 2, 1))
    (True, False)
    """

    x: float
    y: float
    half_width: float
    half_height: float

    def meets(self, other: Box) -> bool:
        """Whether the two overlap."""
        return (
            abs(self.x - other.x) < self.half_width + other.half_width
            and abs(self.y - other.y) < self.half_height + other.half_height
        )

    def moved(self, dx: float, dy: float = 0.0) -> Box:
        """Return the box moved to the right, and up."""
        return Box(self.x + dx, self.y + dy, self.half_width, self.half_height)

    def turned(self) -> Box:
        """Return the box mirrored so that what leads to the right leads down, and back.

        >>> Box(5, 1, 2, 1).turned()
        Box(x=-1, y=-5, half_width=1, half_height=2)
        """
        return Box(-self.y, -self.x, self.half_height, self.half_width)
