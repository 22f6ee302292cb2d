"""The largest paths to the loss, found without listing them all."""

from __future__ import annotations

import math
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.tracing.derivatives import Derivatives, Factor, Link, Place

__all__ = ["Route", "largest"]

MOST_TRIED = 200_000
"""So many beginnings of paths are tried before the search gives up."""


class Route(NamedTuple):
    """The beginning of a path: a link, and what came before it.

    Attributes
    ----------
    value : (n,) array
        The product of its factors, of every sample.
    link : Link or None
        None at the start.
    before : Route or None
    """

    value: Any
    link: Link | None = None
    before: Route | None = None

    @property
    def links(self) -> list[Link]:
        """The links from the start on."""
        found, here = [], self
        while here.before is not None:
            assert here.link is not None
            found.append(here.link)
            here = here.before
        return found[::-1]


def largest(
    derivatives: Derivatives, start: Place, factors: tuple[Factor, ...], k: int, remedy: str
) -> list[Route]:
    """Return the k paths from `start` with the largest ``|sum of value|``, the largest first.

    Of every beginning is known the most that it can still become: the sum over the samples of
    |its value| times the largest product that leads on from there. The beginning that promises
    most is prolonged first, so that a path that is whole and promises most is the next largest.
    """
    steps = {
        place: [(_product(link.factors), link) for link in links]
        for place, links in derivatives.links.items()
    }
    promise = _promises(steps)
    one = np.ones(len(derivatives.samples))
    tie = count()
    found: list[Route] = []
    waiting: list[tuple[float, int, Route, Place | None]] = []

    def push(route: Route, place: Place | None) -> None:
        # What is begun last goes first among equals, so that a path becomes whole.
        most = abs(_sum(route.value)) if place is None else _sum(abs(route.value) * promise[place])
        heappush(waiting, (-most, -next(tie), route, place))

    if derivatives.count[start]:
        push(Route(one * _product(factors)), start)
    for _ in _tries(k >= derivatives.count[start], remedy):
        if not waiting or len(found) == k:
            break
        _, _, route, place = heappop(waiting)
        if place is None:
            found.append(route)
            continue
        for slope, link in steps[place]:
            push(Route(route.value * slope, link, route), link.head)
    return sorted(found, key=lambda route: -abs(_sum(route.value)))


def _promises(steps: dict[Place, list[tuple[Any, Link]]]) -> dict[Place | None, Any]:
    """Return the largest product that leads from every place to the loss, of every sample."""
    promise: dict[Place | None, Any] = {None: 1.0}
    for place, links in steps.items():
        ahead = [abs(slope) * promise[link.head] for slope, link in links]
        promise[place] = np.max(np.broadcast_arrays(*ahead), axis=0) if ahead else 0.0
    return promise


def _product(factors: tuple[Factor, ...]) -> Any:
    return math.prod(factor.value for factor in factors)


def _sum(values: Any) -> float:
    return float(np.add.reduce(values))


def _tries(whole: bool, remedy: str) -> Iterator[int]:
    """Count the beginnings; where not all are wanted, only as far as is worth while."""
    for number in count():
        if number == MOST_TRIED and not whole:
            raise ArgumentError(
                f"Trace.paths: the largest paths of the whole batch were not found among "
                f"{MOST_TRIED} beginnings; {remedy}."
            )
        yield number
