"""Which columns of a table a network learns from, and what is measured on the rows to learn from.

Means are those of these rows alone; the rows held back to validate are not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.errors import ArgumentError
from neurosim.tables.columns import Column, NumberColumn, TextColumn
from neurosim.tables.schema import Input

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.tables.reader import Table

__all__ = ["inputs_of", "require_categories", "split"]

# Texts of which more than half are different are names, once there are so many rows.
_ENOUGH_ROWS = 20


def require_categories(table: Table, names: Iterable[str]) -> None:
    """Raise `ArgumentError` where the texts of a column are names and no categories."""
    for name in names:
        column = table.columns[name]
        if isinstance(column, TextColumn) and table.n_rows >= _ENOUGH_ROWS:
            n = len(column.distinct())
            if 2 * n > table.n_rows:
                raise column.not_categories(f"{n} different texts in {table.n_rows} rows")


def inputs_of(
    table: Table, names: Iterable[str], rows: Any, *, impute: bool
) -> tuple[list[Input], dict[str, str]]:
    """Return the inputs that some columns make, and those left out with the reason.

    Parameters
    ----------
    table : Table
    names : iterable of str
        The columns to learn from.
    rows : (n,) array of int
        The rows to learn from.
    impute : bool
        Whether the means are kept for rows without a value, which are refused otherwise.

    Raises
    ------
    NotFiniteError
        A value is missing.
    ArgumentError
        No column is left.
    """
    inputs, left_out = [], {}
    for name in names:
        column = table.columns[name]
        if not (impute or column.missing().all()):
            column.require_present(
                f"fill it in, delete the row, leave the column out with --ignore {name!r}, or pass "
                "--impute mean"
            )
        reason = _useless(column, rows)
        if reason is None:
            inputs.append(_input(column, rows, impute))
        else:
            left_out[name] = reason
    if not inputs:
        told = "; ".join(f"{name!r} {reason}" for name, reason in left_out.items())
        raise ArgumentError(
            f"{table.file!r} has no column to learn from beside the target"
            f"{f' ({told})' if told else ''}."
        )
    return inputs, left_out


def _useless(column: Column, rows: Any) -> str | None:
    """Say why nothing can be learned from a column, or None."""
    present = rows[~column.missing(rows)]
    if not len(present):
        return "is empty in every row to learn from"
    if isinstance(column, NumberColumn):
        values = column.values[present]
    else:
        values = column.codes(column.distinct(), present)
    least, largest = values.min(), values.max()
    if least < largest:
        return None
    told = f"{least:g}" if isinstance(column, NumberColumn) else repr(column.distinct()[least])
    return f"is {told} in every row to learn from"


def _input(column: Column, rows: Any, impute: bool) -> Input:
    if isinstance(column, TextColumn):
        return _text_input(column, rows, impute)
    assert isinstance(column, NumberColumn)
    mean = (float(np.nanmean(column.values[rows])),) if impute else None
    return Input(column.name, None, mean)


def _text_input(column: TextColumn, rows: Any, impute: bool) -> Input:
    texts = column.distinct()
    if not impute:
        return Input(column.name, tuple(texts))
    codes = column.codes(texts, rows)
    shares = np.bincount(codes[codes >= 0], minlength=len(texts)) / np.count_nonzero(codes >= 0)
    return Input(column.name, tuple(texts), tuple(shares.tolist()))


def split(
    table: Table, fraction: float, classes: Iterable[str], rng: np.random.Generator
) -> tuple[Any, Any]:
    """Return the rows to learn from and those held back to validate, both in order.

    A row that alone holds a text, or a class of one of the columns `classes`, is not held back:
    the network could not know it.
    """
    order = rng.permutation(table.n_rows)
    known = np.zeros(table.n_rows, dtype=bool)
    for column in table.columns.values():
        if isinstance(column, TextColumn) or column.name in classes:
            codes = column.codes(column.distinct(), order)
            known[order[np.unique(codes, return_index=True)[1]]] = True
    free = order[~known[order]]
    count = max(1, round(fraction * table.n_rows)) if fraction else 0
    if fraction and not len(free):
        raise ArgumentError(
            f"{table.file!r} has no row to validate with, as each is the only one of a class or "
            "category; pass --validation 0."
        )
    held_back = np.zeros(table.n_rows, dtype=bool)
    held_back[free[:count]] = True
    return np.flatnonzero(~held_back), np.flatnonzero(held_back)
