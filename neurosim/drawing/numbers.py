"""Where on its edge each number has room.

Between two columns, the numbers stand best in one column of their own, at the same part t of
every edge: there the edges are well apart (for n targets at t = 1/(n + 1), evenly), and every
number lies on one edge only. The side of the targets is the better one, as a neuron's weights
stand together there. Where that leaves no room, as in an irregular graph, each number is
put where it finds a place; and if one finds none, the numbers of this gap are left out, since a
few of them would look like the only ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from neurosim.drawing.boxes import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["MOST_NUMBERS", "MOST_UNASKED", "in_one_column", "one_by_one"]

# More numbers than this cannot be told apart in one gap.
MOST_NUMBERS = 64
# More than this hide the edges that they belong to; they are written where they are asked for.
MOST_UNASKED = 16
# As a part of how far apart they could be anywhere: nearer together they are not put.
WELL_APART = 0.93
# As multiples of the height of a number: so far apart numbers need no more room, and so far from
# other edges a number is clearly of its own.
COMFORTABLE, CLEARANCE = 2.2, 0.5
_PARTS = np.linspace(0.1, 0.9, 81)


def _heights(curve: Floats, starts: Floats, ends: Floats) -> Floats:
    """Return the height of a curve at every part of the gap."""
    x = starts[0, 0] + _PARTS * (ends[0, 0] - starts[0, 0])
    heights: Floats = np.interp(x, curve[:, 0], curve[:, 1])
    return heights


def in_one_column(
    starts: Floats,
    ends: Floats,
    sizes: Floats,
    curves: list[Floats],
    obstacles: list[Box],
    *,
    first_part: float = 0.0,
) -> list[Box] | None:
    """Return boxes in one column, each on its edge and none touching another, or None.

    Parameters
    ----------
    starts, ends : (n, 2) arrays
        Of straight edges, all between the same two columns.
    sizes : (n, 2) array
        The width and height of every number.
    curves : list of (k, 2) arrays
        Other edges, which the numbers stay away from.
    obstacles : list of Box
        What no number may cover: nodes and their texts.
    first_part : float
        From which part of the way on they may stand.
    """
    height = float(sizes[:, 1].max())
    y = starts[:, 1] + _PARTS[:, np.newaxis] * (ends[:, 1] - starts[:, 1])
    apart = _separation(y)
    for curve in curves:
        nearest = np.abs(y - _heights(curve, starts, ends)[:, np.newaxis]).min(axis=1)
        apart = np.minimum(apart, nearest + height / 2)
    enough = np.where(first_part <= _PARTS, np.minimum(apart, COMFORTABLE * height), 0.0)
    # Where they are well apart, the nearer to the middle the better, then to the target.
    best = np.lexsort((_PARTS < 0.5, np.abs(_PARTS - 0.5), -enough))
    least = max(height, WELL_APART * float(enough.max()))
    for k in best[enough[best] > least].tolist():
        boxes = _boxes(starts, ends, sizes, _PARTS[k])
        if not any(box.meets(other) for box in boxes for other in obstacles):
            return boxes
    return None


def _separation(y: Floats) -> Floats:
    """Return how far apart the nearest two edges are, for every part of the gap."""
    if y.shape[1] == 1:
        return np.full(len(y), np.inf)
    closest: Floats = np.diff(np.sort(y, axis=1), axis=1).min(axis=1)
    return closest


def _boxes(starts: Floats, ends: Floats, sizes: Floats, part: float) -> list[Box]:
    centres = starts + part * (ends - starts)
    return [Box(*row) for row in np.column_stack([centres, sizes / 2]).tolist()]


def one_by_one(
    starts: Floats, ends: Floats, sizes: Floats, curves: list[Floats], obstacles: list[Box]
) -> list[Box] | None:
    """Return boxes, each somewhere on its edge and away from all others, or None.

    The parameters are those of `in_one_column`.
    """
    y = starts[:, 1] + _PARTS[:, np.newaxis] * (ends[:, 1] - starts[:, 1])
    bent = [_heights(curve, starts, ends) for curve in curves]
    lines = np.column_stack([y, *bent])
    taken: list[Box] = []
    for edge in range(len(starts)):
        others = np.delete(lines, edge, axis=1) - lines[:, [edge]]
        clear = (np.abs(others) > CLEARANCE * sizes[edge, 1]).all(axis=1)
        tried = np.flatnonzero(clear)
        for k in tried[np.argsort(np.abs(_PARTS[tried] - 0.5), kind="stable")].tolist():
            one = slice(edge, edge + 1)
            box = _boxes(starts[one], ends[one], sizes[one], _PARTS[k])[0]
            if not any(box.meets(other) for other in (*obstacles, *taken)):
                taken.append(box)
                break
        else:
            return None
    return taken
