"""Tables that lie in a file: read some rows at a time, and checked as they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.checks import finite_array

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["MappedTable", "in_files", "is_mapped", "of_rows", "parts", "read_whole"]

# Rows that are read at a time where a table has to be seen whole.
_NUMBERS = 1 << 20


def is_mapped(values: Any) -> bool:
    """Whether these are numbers in a file, `numpy.memmap`, of several samples.

    >>> is_mapped(np.zeros((2, 3)))
    False
    """
    return isinstance(values, np.memmap) and values.ndim in (1, 2) and values.size > 0


@final
class MappedTable:
    """Stands for a table ``(n, n_columns)`` in a file; ``table[rows]`` is an array, checked.

    Parameters
    ----------
    table : numpy.memmap
        Of two dimensions.
    what : str
        What it is, for messages.
    dtype : dtype
        Of what is read.
    rows : array of int, optional
        The rows that belong to it, in this order; all where none are given.
    finish : function, optional
        What becomes of rows that were read: of the array and their numbers in the file.
    """

    def __init__(
        self,
        table: Any,
        what: str,
        dtype: Any,
        rows: Any = None,
        finish: Callable[[Any, Any], Any] | None = None,
    ) -> None:
        self.table, self.what, self.dtype = np.asarray(table), what, dtype
        self.rows, self.finish = rows, finish

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        n = len(self.table) if self.rows is None else len(self.rows)
        return n, self.table.shape[1]

    def __len__(self) -> int:
        return self.shape[0]

    def part(self, chosen: Any) -> MappedTable:
        """Return the rows for which `chosen`, an array of bool, holds; nothing is read."""
        numbers = np.flatnonzero(chosen)
        rows = numbers if self.rows is None else self.rows[numbers]
        return MappedTable(self.table, self.what, self.dtype, rows, self.finish)

    def then(self, finish: Callable[[Any, Any], Any]) -> MappedTable:
        """Return the table whose rows are finished thus when they are read."""
        return MappedTable(self.table, self.what, self.dtype, self.rows, finish)

    def __getitem__(self, key: Any) -> Any:
        """Return the rows of a slice or index array, as an array in memory.

        Raises
        ------
        NotFiniteError
            One holds NaN or infinity; the message names its row in the file.
        """
        rows = key if self.rows is None else self.rows[key]
        # An index array takes a copy by itself.
        read = np.array(self.table[rows], copy=isinstance(rows, slice))
        numbers = range(len(self.table))[rows] if isinstance(rows, slice) else rows
        array = finite_array(read, self.what, dtype=self.dtype, rows=numbers)
        return array if self.finish is None else self.finish(array, numbers)


def in_files(*tables: Any) -> bool:
    """Whether one of these tables is in a file."""
    return any(isinstance(table, MappedTable) for table in tables)


def of_rows(table: Any, chosen: Any) -> Any:
    """Return the rows of a table, in memory or not, for which `chosen` holds."""
    return table.part(chosen) if isinstance(table, MappedTable) else table[chosen]


def parts(table: Any) -> Iterator[Any]:
    """Yield a table piece by piece, as arrays; one in memory as it is."""
    if not isinstance(table, MappedTable):
        yield table
        return
    step = max(1, _NUMBERS // table.shape[1])
    for begin in range(0, len(table), step):
        yield table[begin : begin + step]


def read_whole(table: Any) -> Any:
    """Return a table as an array in memory."""
    return table[:] if isinstance(table, MappedTable) else table
