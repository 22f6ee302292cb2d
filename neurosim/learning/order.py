"""The order in which an epoch visits the samples."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.engines.base import Engine

__all__ = ["Order"]


class Order(ABC):
    """Yields (rows, number of samples) of every batch of an epoch. This class is abstract.

    The rows are those of the samples that the engine has then; None stands for all of them.

    Attributes
    ----------
    n_samples : int, or infinity
        How many an epoch visits; infinity while nobody knows.
    loaded : pair of arrays or None
        The samples that the engine was given last.
    failed : bool
        Whether an epoch was broken off as a batch could not be brought.
    """

    n_samples: Any
    loaded: Any = None
    failed = False

    @abstractmethod
    def __iter__(self) -> Iterator[tuple[Any, int]]: ...

    def holds(self, engine: Engine) -> bool:
        """Whether nobody else has given the engine other samples."""
        return all(a is b for a, b in zip(engine.samples(), self.loaded, strict=True))
