"""Drawings of one network in several states, in which everything stands in the same place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.drawing.style import number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from neurosim.drawing.boxes import Measure
    from neurosim.drawing.captions import Caption, Line
    from neurosim.drawing.plan import Plan
    from neurosim.drawing.scene import Scene

    Floats = NDArray[np.float64]

__all__ = ["in_one_frame", "roomiest", "widest_parameters"]

MOST_MEASURED = 1000
"""Of more parameters a drawing writes few numbers, if any."""


def roomiest(plan: Plan, captions: Sequence[dict[int, Caption]]) -> dict[int, Caption]:
    """Return captions that take the room of all of these, by number."""
    first, *others = captions
    if not others:
        return first
    return {
        number: replace(
            first[number], notes=_widest(plan, [each[number].notes for each in captions])
        )
        for number in first
    }


def _widest(plan: Plan, notes: Sequence[tuple[Line, ...]]) -> tuple[Line, ...]:
    """Return the widest line of every place under a node, as many as there ever are."""
    rows = [[lines[k] for lines in notes if k < len(lines)] for k in range(max(map(len, notes)))]
    return tuple(max(row, key=lambda line: plan.size_of(line)[0]) for row in rows)


def in_one_frame(scenes: Sequence[Scene]) -> Scene:
    """Return the first scene, in a frame that holds all of them."""
    return replace(
        scenes[0],
        left=min(scene.left for scene in scenes),
        bottom=min(scene.bottom for scene in scenes),
        right=max(scene.right for scene in scenes),
        top=max(scene.top for scene in scenes),
    )


def widest_parameters(states: Sequence[Any], measure: Measure, digits: int) -> Floats:
    """Return of every parameter the value that is the widest to write."""
    table: Floats = np.array(states, dtype=np.float64)
    if table.shape[1] > MOST_MEASURED:
        last: Floats = table[-1]
        return last
    widths = [
        [measure(number_text(value, digits), 10.0, False, False)[0] for value in row]
        for row in table.tolist()
    ]
    widest: Floats = table[np.argmax(widths, axis=0), np.arange(table.shape[1])]
    return widest
