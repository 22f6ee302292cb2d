"""Whether layers of some sizes fit into this machine's memory, asked before they are made."""

from __future__ import annotations

import os
from itertools import pairwise

from neurosim.errors import ArgumentError

__all__ = ["bytes_needed", "check_fits", "memory_size"]

# A parameter stands in three float64 vectors while a network is made (its start values, the
# parameters and the gradient), a neuron in a label and its number: far from all that training
# needs, so that whatever is refused could not have worked.
_PER_PARAMETER, _PER_NEURON = 24, 100
# Where the system does not say how much memory it has.
_OTHERWISE = 64 * 2**30


def check_fits(sizes: list[int]) -> None:
    """Raise `ArgumentError` where layers of these sizes need more memory than there is."""
    needed, there = bytes_needed(sizes), memory_size()
    if needed > there:
        widest = sizes.index(max(sizes))
        raise ArgumentError(
            f"Network: the layers have {sum(sizes):,} neurons and {_parameters(sizes):,} "
            f"parameters, which need at least {_gigabytes(needed)}, but this machine has "
            f"{_gigabytes(there)}; make the layers smaller, above all layers[{widest}] with "
            f"its {sizes[widest]:,} neurons."
        )


def bytes_needed(sizes: list[int]) -> int:
    """Return how much memory a network of layers of these sizes takes at the very least.

    >>> bytes_needed([2, 3, 1])
    912
    """
    return _PER_PARAMETER * _parameters(sizes) + _PER_NEURON * sum(sizes)


def memory_size() -> int:
    """Return how many bytes of memory this machine has."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # as on Windows
        return _OTHERWISE


def _parameters(sizes: list[int]) -> int:
    return sum((before + 1) * size for before, size in pairwise(sizes))


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.0f} GB"
