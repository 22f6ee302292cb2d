"""The loops in which the time goes: weighted sums of rows, and products of rows.

A row holds one number per sample, side by side, so that each loop over samples is one that the
compiler turns into vector instructions. Four edges at a time, as that loads and stores the common
row once for all four. The sums of products may be added up in any order (`REORDERED`).
"""

from __future__ import annotations

from typing import Any

__all__ = ["REORDERED", "add_products", "add_rows", "finite", "product", "total"]

# The compiler binds it to the number type of the tables.
ZERO = 0.0


def add_rows(
    out: Any,
    row: int,
    table: Any,
    rows: Any,
    slots: Any,
    w: Any,
    begin: int,
    end: int,
    n: int,
) -> None:
    """Add to a row the sum of w times another row of a table, over the edges begin .. end."""
    e = begin
    while e + 4 <= end:
        r0, r1, r2, r3 = rows[e], rows[e + 1], rows[e + 2], rows[e + 3]
        w0, w1, w2, w3 = w[slots[e]], w[slots[e + 1]], w[slots[e + 2]], w[slots[e + 3]]
        for s in range(n):
            out[row, s] += (w0 * table[r0, s] + w1 * table[r1, s]) + (
                w2 * table[r2, s] + w3 * table[r3, s]
            )
        e += 4
    while e < end:
        r0, w0 = rows[e], w[slots[e]]
        for s in range(n):
            out[row, s] += w0 * table[r0, s]
        e += 1


def add_products(
    gradient: Any,
    delta: Any,
    row: int,
    table: Any,
    rows: Any,
    slots: Any,
    begin: int,
    end: int,
    n: int,
) -> None:
    """Add to the gradient of every edge the sum over the samples of a_source delta_row."""
    e = begin
    while e + 4 <= end:
        r0, r1, r2, r3 = rows[e], rows[e + 1], rows[e + 2], rows[e + 3]
        g0 = g1 = g2 = g3 = ZERO
        for s in range(n):
            d = delta[row, s]
            g0 += d * table[r0, s]
            g1 += d * table[r1, s]
            g2 += d * table[r2, s]
            g3 += d * table[r3, s]
        gradient[slots[e]] += g0
        gradient[slots[e + 1]] += g1
        gradient[slots[e + 2]] += g2
        gradient[slots[e + 3]] += g3
        e += 4
    while e < end:
        r0, g0 = rows[e], ZERO
        for s in range(n):
            g0 += delta[row, s] * table[r0, s]
        gradient[slots[e]] += g0
        e += 1


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


REORDERED = (add_products, finite, product, total)
