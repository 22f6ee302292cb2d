"""A scene at the size at which it is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from neurosim.drawing import style

if TYPE_CHECKING:
    from neurosim.drawing.scene import Scene

__all__ = ["POINTS_PER_INCH", "Page"]

POINTS_PER_INCH = 72.0


@dataclass(frozen=True, eq=False)
class Page:
    """A scene, and how many points of paper a point of it is.

    Attributes
    ----------
    scene : Scene
        Its frame has the proportions of the paper.
    scale : float
    """

    scene: Scene
    scale: float = 1.0

    @classmethod
    def of(cls, scene: Scene, figsize: tuple[float, float] | None = None) -> Page:
        """Return a scene fitted into a size in inches; without one, its own size if not huge."""
        if figsize is None:
            largest = style.LARGEST_SIDE * POINTS_PER_INCH
            return cls(scene, min(1.0, largest / max(scene.width, scene.height)))
        width, height = (side * POINTS_PER_INCH for side in figsize)
        scale = min(width / scene.width, height / scene.height)
        # Rounded, one of them may be less than nothing.
        beside = max(0.0, width / scale - scene.width) / 2
        over = max(0.0, height / scale - scene.height) / 2
        framed = replace(
            scene,
            left=scene.left - beside,
            right=scene.right + beside,
            bottom=scene.bottom - over,
            top=scene.top + over,
        )
        return cls(framed, scale)

    @property
    def width(self) -> float:
        """The width of the paper, in points."""
        return self.scene.width * self.scale

    @property
    def height(self) -> float:
        """The height of the paper, in points."""
        return self.scene.height * self.scale
