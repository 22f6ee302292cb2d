"""Sums over the numbers of a row, which may be added up in any order: that lets them vectorize."""

from __future__ import annotations

from typing import Any

__all__ = ["REORDERED", "finite", "product", "total"]

# The compiler binds it to the number type of the tables.
ZERO = 0.0


def total(table: Any, row: int, n: int) -> Any:
    """Return the sum of a row."""
    t = ZERO
    for s in range(n):
        t += table[row, s]
    return t


def product(table: Any, row: int, other: Any, other_row: int, n: int) -> Any:
    """Return the sum of the products of two rows."""
    t = ZERO
    for s in range(n):
        t += table[row, s] * other[other_row, s]
    return t


def finite(w: Any) -> bool:
    """Whether all numbers are finite: of those alone 0 times each is 0."""
    t = ZERO
    for i in range(len(w)):
        t += w[i] * ZERO
    return bool(t == 0)


REORDERED = (finite, product, total)
