"""Where random numbers come from: one seed, and a child of its own for each purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from neurosim.checks import short
from neurosim.errors import ArgumentError, ArgumentTypeError

__all__ = ["Streams", "generator"]


def generator(rng: Any, what: str) -> np.random.Generator:
    """Return the generator that `rng` (an int, a Generator, or None) stands for."""
    whole = isinstance(rng, int | np.integer) and not isinstance(rng, bool)
    if not (whole or rng is None or isinstance(rng, np.random.Generator)):
        raise ArgumentTypeError(
            f"{what}: rng must be a whole number, a numpy.random.Generator or None; "
            f"got {short(rng)}."
        )
    if whole and rng < 0:
        raise ArgumentError(f"{what}: rng must not be negative; got {rng}.")
    return np.random.default_rng(rng)


@dataclass
class Streams:
    """Independent generators, so that one purpose does not shift the numbers of another."""

    initial: np.random.Generator
    shuffle: np.random.Generator
    dropout: np.random.Generator

    @staticmethod
    def of(rng: Any, what: str) -> Streams:
        """Return the three children of `rng`.

        >>> one, same = Streams.of(1, "example"), Streams.of(1, "example")
        >>> bool(one.shuffle.random() == same.shuffle.random())
        True
        """
        parent = generator(rng, what)
        if getattr(parent.bit_generator, "seed_seq", None) is None:
            parent = np.random.default_rng(parent.integers(0, 2**63, size=4))
        return Streams(*parent.spawn(3))
