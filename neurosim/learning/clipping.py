"""Gradients that are too large, cut before an optimizer sees them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, final

import numpy as np

from neurosim.checks import finite_number

__all__ = ["ClipByNorm", "ClipByValue", "Clipping"]


class Clipping(ABC):
    """What an optimizer's ``clip=`` takes. This class is abstract.

    Parameters
    ----------
    limit : float
        Above 0.
    """

    def __init__(self, limit: float) -> None:
        self.limit = finite_number(limit, f"{type(self).__name__}: limit", above=0)

    @abstractmethod
    def clipped(self, gradient: Any) -> Any:
        """Return the gradient, cut; frozen parameters have zeros in it and do not count."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.limit!r})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), self.limit))


@final
class ClipByValue(Clipping):
    """Every entry of the gradient is kept within [-limit, limit].

    >>> ClipByValue(1.0).clipped(np.array([3.0, -0.5]))
    array([ 1. , -0.5])
    """

    def clipped(self, gradient: Any) -> Any:
        """Return min(max(g, -limit), limit), entry by entry."""
        return np.clip(gradient, -self.limit, self.limit)


@final
class ClipByNorm(Clipping):
    """The whole gradient is shortened to the length `limit` where it is longer; it keeps its way.

    Source: Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks",
    2013, algorithm 1.

    >>> ClipByNorm(1.0).clipped(np.array([3.0, -4.0]))
    array([ 0.6, -0.8])
    """

    def clipped(self, gradient: Any) -> Any:
        """Return g min(1, limit / |g|), with |g| the Euclidean length."""
        # Dividing by the largest entry first keeps the squares from overflowing.
        largest = float(np.max(np.abs(gradient), initial=0.0))
        if not (np.isfinite(largest) and largest > 0):
            return gradient
        length = largest * float(np.linalg.norm(gradient / largest))
        return gradient * (self.limit / length) if length > self.limit else gradient
