"""Two directions through the space of all parameters, and where on their plane a point lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import finite_array, short
from neurosim.errors import ArgumentError, ShapeError
from neurosim.learning.weight_history import WeightHistory

if TYPE_CHECKING:
    from neurosim.network import Network

__all__ = ["Directions", "points_of"]


@dataclass(frozen=True)
class Directions:
    """The plane through the present parameters p that two directions span.

    A point of it is p + (u - u0) d1 + (v - v0) d2: of one parameter the coordinate is its value,
    of any other direction the number of steps from p.

    Attributes
    ----------
    start : (n_parameters,) array
        p.
    span : (2, n_parameters) array
        d1 and d2.
    origin : (2,) array
        u0 and v0.
    labels : tuple of str
    slots : tuple of int or None
        Which parameters they are, where they are single ones.
    """

    start: Any
    span: Any
    origin: Any
    labels: tuple[str, str]
    slots: tuple[int | None, int | None]

    @classmethod
    def of(cls, network: Network, a: Any, b: Any, whose: str) -> Directions:
        """Return the directions that two look-ups, or two vectors, stand for."""
        start = network.parameters.astype(np.float64)
        slots = tuple(
            None if _is_vector(one, network) else network.directory.parameter(one) for one in (a, b)
        )
        span = np.zeros((2, len(start)))
        for row, (one, slot, name) in enumerate(zip((a, b), slots, "ab", strict=True)):
            span[row] = (
                _vector(one, len(start), f"{whose}: {name}")
                if slot is None
                else np.eye(1, len(start), slot)
            )
        if np.linalg.matrix_rank(span) < 2:
            raise ArgumentError(
                f"{whose}: a and b must be two different directions; got {short(a)} and {short(b)}."
            )
        origin = np.array([0.0 if slot is None else start[slot] for slot in slots])
        steps = ("steps along a", "steps along b")
        labels = tuple(
            steps[row] if slot is None else network.parameter_label(slot)
            for row, slot in enumerate(slots)
        )
        return cls(start, span, origin, labels, slots)  # type: ignore[arg-type]

    def parameters(self, u: float, v: float) -> Any:
        """Return the parameters at a point of the plane."""
        return self.start + np.array([u, v]) @ self.span - self.origin @ self.span

    def coordinates(self, points: Any) -> Any:
        """Return ``(n, 2)`` coordinates of the points nearest to ``(n, n_parameters)`` ones."""
        steps, *_ = np.linalg.lstsq(self.span.T, (points - self.start).T, rcond=None)
        return steps.T + self.origin


def _is_vector(one: Any, network: Network) -> bool:
    return isinstance(one, np.ndarray | list) and not isinstance(one, str)


def _vector(values: Any, n: int, what: str) -> Any:
    vector = finite_array(values, what, dimensions=1)
    if len(vector) != n:
        raise ShapeError(
            f"{what} must be an edge, a bias such as 'b.bias', or one number per parameter, "
            f"({n},); got {vector.shape}."
        )
    return vector


def points_of(path_of: Any, directions: Directions, whose: str) -> Any:
    """Return the coordinates ``(n, 2)`` of a path of training on the plane."""
    n = len(directions.start)
    if isinstance(path_of, WeightHistory):
        if sorted(path_of.slots) == list(range(n)):
            whole = np.empty((len(path_of.epochs), n))
            whole[:, path_of.slots] = path_of.values
            return directions.coordinates(whole)
        return _recorded(path_of, directions, whose)
    points = finite_array(path_of, f"{whose}: path_of", dimensions=2)
    if points.shape[1] != n or not len(points):
        raise ShapeError(
            f"{whose}: path_of must hold vectors of all {n} parameters, such as copies of "
            f"net.parameters, or be a ns.WeightHistory; got shape {points.shape}."
        )
    return directions.coordinates(points)


def _recorded(history: WeightHistory, directions: Directions, whose: str) -> Any:
    """Return the columns of a history that holds some parameters only."""
    if not all(slot in history.slots for slot in directions.slots):
        raise ArgumentError(
            f"{whose}: path_of recorded {len(history.slots)} parameters, but not those of both "
            f"axes, {directions.labels[0]!r} and {directions.labels[1]!r}; make it with "
            "ns.WeightHistory(), which records all."
        )
    columns = [history.slots.index(slot) for slot in directions.slots if slot is not None]
    return history.values[:, columns]
