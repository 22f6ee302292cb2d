"""A drawing on a page: of a column's width, or a slide."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from neurosim.drawing.room import USUAL, Room
from neurosim.drawing.scene import Edges, Node, Rectangle, Scene, Stroke, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from neurosim.drawing.options import Options
    from neurosim.drawing.themes import Theme

__all__ = ["DISPENSABLE", "moved", "paged", "scaled"]

DISPENSABLE = ("biases", "deltas", "weights", "legend", "labels", "titles")
"""What a page has no room for goes in this order, unless it is asked for."""
UNREADABLE = (*DISPENSABLE, "symbols", "activations", "marks")
MOST_ENLARGED = 1.5

_Item = TypeVar("_Item", Node, Text, Stroke, Rectangle, Edges, Scene)


LEAST_ROOM = Room(0.4, 0.35)
# Titles are worth more than large nodes, and these are worth more than titles in a row.
STAGES = (
    USUAL,
    Room(storeys=2),
    Room(small=1),
    Room(storeys=2, small=1),
    Room(storeys=2, small=2),
    Room(storeys=4, small=2),
    Room(storeys=6, small=2),
)
LEAST_SPARE, MOST_WIDENED = 1.1, 2.0
# Of the room that there should be, as it was estimated.
PARTS = (0.98, 0.9, 0.8, 0.6, 0.4, 0.2)


def paged(compose: Callable[[Options, Room], Scene], options: Options, theme: Theme) -> Scene:
    """Return a scene on the first page of the theme that it fits on, with what it has room for.

    ``compose(options, room)`` is the scene: its texts are always as large, but layers stand nearer
    together where `room` says so, and in long ones nodes are smaller.
    """
    if not theme.pages or options.figsize is not None:
        return scaled(compose(options, USUAL), theme.scale)
    for stage in STAGES:
        found = _at_stage(compose, options, theme, stage, DISPENSABLE[:-1])
        if found is not None:
            return found
    found = _at_stage(compose, options, theme, STAGES[-1], DISPENSABLE)
    if found is not None:
        return found
    # Nothing fits: it is drawn smaller, without texts that nobody could read.
    *_, leanest = _leaner(options, UNREADABLE)
    return _on(_fitted(compose, leanest, STAGES[-1], theme)[0], theme)


def _at_stage(
    compose: Callable[[Options, Room], Scene],
    options: Options,
    theme: Theme,
    stage: Room,
    names: Sequence[str],
) -> Scene | None:
    """Return a scene on a page, if it fits once so much of what is named is left out."""
    fit = partial(_fitted, compose, stage=stage, theme=theme)
    *_, leanest = _leaner(options, names)
    if _page_for(fit(leanest)[0], theme) is None:
        return None
    leaner = next(o for o in _leaner(options, names) if _page_for(fit(o)[0], theme) is not None)
    chosen = _with_more(fit, options, leaner, theme)
    return _on(_widened(compose, chosen, *fit(chosen), theme), theme)


def _leaner(options: Options, names: Sequence[str]) -> Iterator[Options]:
    """Yield the options, and then ones that show less and less of what is named."""
    yield options
    for name in names:
        if name not in options.show:
            options = replace(options, show={**options.show, name: False})
            yield options


def _with_more(
    fit: Callable[[Options], tuple[Scene, Room]], options: Options, leaner: Options, theme: Theme
) -> Options:
    """Return options that fit, with whatever else of what was left out there is room for."""
    for name in reversed(DISPENSABLE):
        if name in leaner.show and name not in options.show:
            show = {key: on for key, on in leaner.show.items() if key != name}
            richer = replace(leaner, show=show)
            if _page_for(fit(richer)[0], theme) is not None:
                leaner = richer
    return leaner


def _widened(
    compose: Callable[[Options, Room], Scene],
    options: Options,
    scene: Scene,
    room: Room,
    theme: Theme,
) -> Scene:
    """Return a scene with its layers moved apart, where that fills a page's width."""
    width, height = theme.pages[-1]
    spare = (width / scene.width) / (height / scene.height)
    if not theme.whole or options.direction == "down" or spare < LEAST_SPARE:
        return scene
    wider = room._replace(along=max(room.along, min(spare, MOST_WIDENED)))
    wide = scaled(compose(options, wider), theme.scale)
    return scene if _page_for(wide, theme) is None else wide


def _fitted(
    compose: Callable[[Options, Room], Scene], options: Options, stage: Room, theme: Theme
) -> tuple[Scene, Room]:
    """Return a scene, moved together as far as it must be to fit on a page, and its room."""
    least_room = stage._replace(along=LEAST_ROOM.along, across=LEAST_ROOM.across)

    def composed(room: Room) -> Scene:
        return scaled(compose(options, room), theme.scale)

    scene = composed(stage)
    if _page_for(scene, theme) is not None:
        return scene, stage
    least = composed(least_room)
    if _page_for(least, theme) is None:
        return (least, least_room) if stage.small else (scene, stage)
    width, height = theme.pages[-1]
    # A side is a sum of distances, which shrink, and of texts, which do not.
    sides = ((scene.width, least.width, width), (scene.height, least.height, height))
    shares = [(most - low) / (high - low) if high > most else 1.0 for high, low, most in sides]
    along, across = reversed(shares) if options.direction == "down" else shares
    for part in PARTS:
        room = stage._replace(
            along=_between(LEAST_ROOM.along, part * along),
            across=_between(LEAST_ROOM.across, part * across),
        )
        exact = composed(room)
        if _page_for(exact, theme) is not None:
            return exact, room
    return least, least_room


def _between(least: float, share: float) -> float:
    return least + (1.0 - least) * share


def _page_for(scene: Scene, theme: Theme) -> tuple[float, float] | None:
    """Return the first page that a scene fits on."""
    fitting = (p for p in theme.pages if scene.width <= p[0] and scene.height <= p[1])
    return next(fitting, None)


def _on(scene: Scene, theme: Theme) -> Scene:
    """Return a scene in the middle of a page, as large as that allows."""
    page = _page_for(scene, theme) or theme.pages[-1]
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
