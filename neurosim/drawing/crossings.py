"""In which order things stand in their columns, so that few edges cross.

Sweeps over the columns put everything at the mean place of what it is joined to in the column
before, or after; then neighbours change places as long as that leaves fewer crossings. Nothing
is moved that makes no difference, so that what a person put in order stays so.

References: Sugiyama, Tagawa and Toda (1981); Gansner, Koutsofios, North and Vo (1993).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import Any

__all__ = ["Item", "Links", "Neighbours", "crossings", "untangled"]

Item = tuple[str, Any]
"""What stands in a column: ``("node", number)``, ``("ellipsis", (column, k))`` or
``("lane", number)``."""
Links = list[list[tuple[Item, Item]]]
Joined = dict[Item, list[Item]]

ROUNDS, MOST_LINKS = 12, 6000


def crossings(columns: list[list[Item]], links: Links) -> int:
    """Return how many pairs of links cross, if all are straight.

    >>> crossings([["a", "b"], ["c", "d"]], [[("a", "d"), ("b", "c")]])
    1
    """
    return sum(
        _between(left, right, pairs)
        for left, right, pairs in zip(columns, columns[1:], links, strict=False)
    )


def _between(left: list[Item], right: list[Item], pairs: list[tuple[Item, Item]]) -> int:
    places = {item: k for k, item in enumerate(left)}, {item: k for k, item in enumerate(right)}
    seen: list[int] = []
    count = 0
    # From the top, a link crosses those that began above it and end below it.
    for _, end in sorted((places[0][one], places[1][other]) for one, other in pairs):
        count += len(seen) - bisect_right(seen, end)
        insort(seen, end)
    return count


def untangled(columns: list[list[Item]], links: Links, in_order: list[bool]) -> list[list[Item]]:
    """Return the columns in an order with few crossings.

    Parameters
    ----------
    columns : list of lists
        What stands in each, from the top.
    links : list of lists of pairs
        What is joined between every two columns, one next to the other.
    in_order : list of bool
        The columns whose nodes keep their order; lanes may pass between any.
    """
    if sum(map(len, links)) > MOST_LINKS:
        return columns
    best, least = columns, crossings(columns, links)
    sides = Neighbours(columns, links)
    now = [list(column) for column in columns]
    for round_ in range(ROUNDS):
        if least == 0:
            break
        forward = round_ % 2 == 0
        order = range(1, len(now)) if forward else range(len(now) - 2, -1, -1)
        for k in order if round_ else ():
            if not in_order[k]:
                beside, joined = (k - 1, sides.before) if forward else (k + 1, sides.after)
                now[k] = _by_mean(now[k], now[beside], joined[k])
        _exchange(now, sides, in_order)
        count = crossings(now, links)
        if count < least:
            best, least = [list(column) for column in now], count
    return best


class Neighbours:
    """What every item is joined to in the column before its own, and in the one after.

    Attributes
    ----------
    before, after : list of dicts
        For every column the neighbours by item.
    """

    def __init__(self, columns: list[list[Item]], links: Links) -> None:
        self.before: list[Joined] = [{item: [] for item in column} for column in columns]
        self.after: list[Joined] = [{item: [] for item in column} for column in columns]
        for gap, pairs in enumerate(links):
            for one, other in pairs:
                self.after[gap][one].append(other)
                self.before[gap + 1][other].append(one)


def _by_mean(column: list[Item], beside: list[Item], joined: Joined) -> list[Item]:
    """Return a column sorted by the mean places of neighbours in the column beside it."""
    place = {item: k for k, item in enumerate(beside)}
    scale = len(beside) / len(column)

    def mean(k: int) -> float:
        places = [place[other] for other in joined[column[k]]]
        return sum(places) / len(places) if places else k * scale

    return [column[k] for k in sorted(range(len(column)), key=lambda k: (mean(k), k))]


def _exchange(columns: list[list[Item]], sides: Neighbours, in_order: list[bool]) -> None:
    """Let neighbours change places where that leaves fewer crossings; in place."""
    for _ in range(ROUNDS):
        changed = False
        for k, column in enumerate(columns):
            joined = _places(columns, sides, k)
            for i in range(len(column) - 1):
                upper, lower = column[i], column[i + 1]
                if in_order[k] and upper[0] != "lane" and lower[0] != "lane":
                    continue
                one, other = joined[upper], joined[lower]
                if _crossing(other, one) < _crossing(one, other):
                    column[i], column[i + 1] = lower, upper
                    changed = True
        if not changed:
            return


def _places(
    columns: list[list[Item]], sides: Neighbours, k: int
) -> dict[Item, tuple[list[int], list[int]]]:
    """Return the sorted places of the neighbours of every item of a column, on either side."""
    before = {item: i for i, item in enumerate(columns[k - 1])} if k else {}
    after = {item: i for i, item in enumerate(columns[k + 1])} if k + 1 < len(columns) else {}
    return {
        item: (
            sorted(before[one] for one in sides.before[k][item]),
            sorted(after[one] for one in sides.after[k][item]),
        )
        for item in columns[k]
    }


def _crossing(upper: tuple[list[int], list[int]], lower: tuple[list[int], list[int]]) -> int:
    """Return how many links of two items cross, one above the other."""
    return sum(
        bisect_left(below, place)
        for above, below in zip(upper, lower, strict=True)
        for place in above
    )
