"""An optimizer's formula, bound to the vectors of one network."""

from __future__ import annotations

from functools import lru_cache
from operator import is_
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.functions import bind
from neurosim.programs import Program, Scratch

if TYPE_CHECKING:
    from neurosim.learning.learner import Memory, Optimizer
    from neurosim.network import Network

__all__ = ["Update"]


@final
class Update:
    """Updates parameters and memory in place, in pieces that stay in the processor's cache.

    It is `Optimizer.advance` written down once, and gives the same bits.
    """

    def __init__(self, optimizer: Optimizer, network: Network, memory: Memory) -> None:
        w, g = network.parameters, network.gradient
        self.w, self.g = w, g
        self.vectors = list(memory.vectors.values())
        self.has_frozen = bool(np.count_nonzero(network.frozen))
        self.free = np.empty_like(network.frozen) if self.has_frozen else None
        self.clip = optimizer.clip
        self.seen = g if self.clip is None else np.empty_like(g)
        self.settings: dict[str, Any] = {}
        self.constants: tuple[Any, ...] = tuple(optimizer.constants().values())
        self._bind(optimizer)

    def _bind(self, optimizer: Optimizer) -> None:
        n_constants = len(self.constants)
        program = _program(
            optimizer.update,
            len(self.vectors),
            n_constants,
            self.w.dtype,
            frozen=self.has_frozen,
            clipped=self.clip is not None,
        )
        self.recorded = program.tape is not None
        if not self.recorded:
            return
        self._numbers = program.numbers()
        masks = [self.free] if self.has_frozen else []
        inputs = [self.w, self.seen, None, None, *self.vectors, *[None] * n_constants, *masks]
        outs = [*self.vectors, self.w]
        self._calls = program.bind(inputs, outs, Scratch(self.w.dtype), self._numbers)

    def serves(self, optimizer: Optimizer, network: Network, memory: Memory) -> bool:
        """Whether everything that it was made for is still there."""
        vectors = memory.vectors.values()
        return (
            self.w is network.parameters
            and self.clip is optimizer.clip
            and self.has_frozen == bool(np.count_nonzero(network.frozen))
            and len(vectors) == len(self.vectors)
            and all(map(is_, vectors, self.vectors))
        )

    def run(self, optimizer: Optimizer, network: Network, rate: float, t: int) -> None:
        """Make update number t."""
        if vars(optimizer) != self.settings:
            # Somebody may have set another beta.
            self.settings = dict(vars(optimizer))
            self.constants = tuple(optimizer.constants().values())
        if self.free is not None:
            np.logical_not(network.frozen, self.free)
        if self.clip is not None:
            np.copyto(self.seen, optimizer.seen(self.g, network.frozen))
        self._numbers.set(t, rate, *self.constants)
        for call in self._calls:
            call()


# Networks share programs, which know nothing of any network.
@lru_cache(maxsize=256)
def _program(
    update: Any, n_vectors: int, n_constants: int, dtype: Any, *, frozen: bool, clipped: bool
) -> Program:
    """Return a program of w and g, t and the rate, what is remembered, the constants, the mask."""
    letters = "aann" + "a" * n_vectors + "n" * n_constants + "b" * frozen

    def formula(functions: Any) -> Any:
        bound, where = bind(update, functions), functions["where"]

        def updated(w: Any, g: Any, *others: Any) -> tuple[Any, ...]:
            if not frozen:
                results = _as_tuple(bound(w, g, *others))
                return (*results[:n_vectors], w - results[-1])
            *numbers, free = others
            results = _as_tuple(bound(w, g if clipped else where(free, g, 0.0), *numbers))
            return (*results[:n_vectors], w - where(free, results[-1], 0.0))

        return updated

    return Program(formula, letters, dtype)


def _as_tuple(results: Any) -> tuple[Any, ...]:
    if not isinstance(results, tuple):
        # Nothing is written down of it: `Optimizer.advance` then says what is wrong.
        raise TypeError
    return results
