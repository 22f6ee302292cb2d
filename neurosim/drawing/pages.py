"""A drawing on a page: of a column's width, or a slide."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from neurosim.drawing.scene import Edges, Node, Rectangle, Scene, Stroke, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from neurosim.drawing.options import Options
    from neurosim.drawing.themes import Theme

__all__ = ["DISPENSABLE", "moved", "paged", "scaled"]

DISPENSABLE = ("biases", "deltas", "weights", "legend", "labels", "titles")
"""What a page has no room for goes in this order, unless it is asked for."""
MOST_ENLARGED = 1.5
MOST_SQUEEZED = 0.5
"""By which nodes of long layers are made smaller before anything goes."""

_Item = TypeVar("_Item", Node, Text, Stroke, Rectangle, Edges, Scene)


def paged(compose: Callable[[Options, float], Scene], options: Options, theme: Theme) -> Scene:
    """Return a scene on the first page of the theme that it fits on, with what it has room for.

    ``compose(options, squeeze)`` is the scene; where layers are long, a `squeeze` below 1 makes
    their nodes smaller, and no text.
    """

    def composed(chosen: Options, squeeze: float = 1.0) -> Scene:
        return scaled(compose(chosen, squeeze), theme.scale)

    scene = composed(options)
    if not theme.pages or options.figsize is not None:
        return scene
    for leaner in _leaner(options):
        scene = scene if leaner is options else composed(leaner)
        for fitting in _fitting(scene, partial(composed, leaner), theme):
            page = _page_for(fitting, theme)
            if page is not None:
                return _on(fitting, page, theme)
    return _on(scene, theme.pages[-1], theme)


def _fitting(scene: Scene, squeezed: Callable[[float], Scene], theme: Theme) -> Iterator[Scene]:
    """Yield a scene, and then squeezed ones: as much as the last page demands, and the most."""
    yield scene
    least = squeezed(MOST_SQUEEZED)
    if _page_for(least, theme) is not None:
        width, height = theme.pages[-1]
        sides = ((scene.width, least.width, width), (scene.height, least.height, height))
        # Every side is a number of nodes and gaps, and texts, which stay as large as they are.
        parts = [(room - low) / (high - low) for high, low, room in sides if high > max(low, room)]
        yield squeezed(MOST_SQUEEZED + (1 - MOST_SQUEEZED) * 0.98 * min(parts, default=1.0))
        yield least


def _page_for(scene: Scene, theme: Theme) -> tuple[float, float] | None:
    """Return the first page that a scene fits on."""
    fitting = (p for p in theme.pages if scene.width <= p[0] and scene.height <= p[1])
    return next(fitting, None)


def _leaner(options: Options) -> Iterator[Options]:
    """Yield the options, and then ones that show less and less."""
    yield options
    for name in DISPENSABLE:
        if name not in options.show:
            options = replace(options, show={**options.show, name: False})
            yield options


def _on(scene: Scene, page: tuple[float, float], theme: Theme) -> Scene:
    """Return a scene in the middle of a page, as large as that allows."""
    factor = min(page[0] / scene.width, page[1] / scene.height)
    scene = scaled(scene, min(factor, MOST_ENLARGED if theme.whole else 1.0))
    x = (page[0] - scene.width) / 2 if theme.whole or page == theme.pages[0] else 0.0
    y = (page[1] - scene.height) / 2 if theme.whole else 0.0
    return replace(
        scene,
        left=scene.left - x,
        right=scene.right + x,
        bottom=scene.bottom - y,
        top=scene.top + y,
    )


# What grows with a scene: lengths and places, by the name of the field.
_LENGTHS = frozenset(
    {"x", "y", "radius", "width", "height", "size", "line", "points", "widths"}
    | {"left", "bottom", "right", "top"}
)


def _mapped(item: _Item, change: Callable[[str, Any], Any]) -> _Item:
    changed = {field.name: change(field.name, getattr(item, field.name)) for field in fields(item)}
    return replace(item, **changed)


def scaled(scene: Scene, factor: float) -> Scene:
    """Return a scene with all lengths multiplied, texts and lines included."""
    if factor == 1.0:
        return scene

    def change(name: str, value: Any) -> Any:
        if name in _LENGTHS:
            return value * factor
        return [path * factor for path in value] if name == "paths" else value

    return _each(scene, change)


def moved(scene: Scene, dx: float, dy: float) -> Scene:
    """Return a scene moved to the right and up."""
    shift_by = np.array([dx, dy])

    def change(name: str, value: Any) -> Any:
        if name == "paths":
            return [path + shift_by for path in value]
        if name == "points":
            return value + shift_by
        shift = dx if name in {"x", "left", "right"} else dy if name in _VERTICAL else 0.0
        return value + shift if shift else value

    return _each(scene, change)


_VERTICAL = frozenset({"y", "bottom", "top"})


def _each(scene: Scene, change: Callable[[str, Any], Any]) -> Scene:
    return replace(
        _mapped(scene, change),
        nodes=[_mapped(node, change) for node in scene.nodes],
        edges=_mapped(scene.edges, change),
        texts=[_mapped(text, change) for text in scene.texts],
        strokes=[_mapped(stroke, change) for stroke in scene.strokes],
        rectangles=[_mapped(rectangle, change) for rectangle in scene.rectangles],
    )
