"""Reading a CSV file in one pass, some rows at a time, so that its size is no matter."""

from __future__ import annotations

import csv
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from neurosim.errors import ArgumentError, LabelError, ModelFileError, ShapeError
from neurosim.tables.columns import (
    Column,
    NumberColumn,
    TextColumn,
    column_for,
    is_missing,
    is_number,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

__all__ = ["Table", "read_header", "read_table", "require_no_model"]

# Cells that are Python strings at one time.
_CELLS = 1 << 16
_OTHER_SEPARATORS = (";", "\t", "|")


@dataclass
class Table:
    """Columns by name, all of `n_rows` rows."""

    file: str
    columns: dict[str, Column]
    n_rows: int


def read_header(file: str, separator: str = ",") -> list[str]:
    """Return the names of a CSV file's columns.

    Raises
    ------
    ModelFileError
        The file cannot be read, is empty, or is no text in UTF-8.
    LabelError
        It has no header, or one with missing or equal names.
    """
    if len(separator) != 1 or separator in '"\r\n':
        raise ArgumentError(f"--separator must be one character, such as ';'; got {separator!r}.")
    require_no_model(file)
    with closing(_records(file, separator)) as records:
        first = next(records, None)
    if first is None:
        raise ModelFileError(f"{file!r} is empty.")
    names = [cell.strip() for cell in first]
    if all(is_missing(name) or is_number(name) for name in names):
        raise LabelError(
            f"{file!r} has no header: its first row is {separator.join(names)!r}. Write the names "
            "of the columns above the data."
        )
    _check_names(names, file, separator)
    return names


def require_no_model(file: str) -> None:
    """Raise `ModelFileError` where a file is a model by its name."""
    if Path(file).suffix.lower() in (".json", ".npz"):
        raise ModelFileError(f"{file!r} is a model file, no table; give a CSV file here.")


def _check_names(names: list[str], file: str, separator: str) -> None:
    for i, name in enumerate(names):
        if not name:
            raise LabelError(f"{file!r}: column {i + 1} has no name in the header.")
        if name in names[:i]:
            raise LabelError(
                f"{file!r}: columns {names.index(name) + 1} and {i + 1} have one name, {name!r}; "
                "rename one of them."
            )
    other = next((mark for mark in _OTHER_SEPARATORS if mark in names[0]), None)
    if len(names) == 1 and other is not None:
        raise LabelError(
            f"{file!r} has one column, {names[0]!r}, if columns are separated by {separator!r}; "
            f"pass --separator {other!r}."
        )


def read_table(file: str, kinds: Mapping[str, type[Column] | None], separator: str = ",") -> Table:
    """Return some columns of a CSV file whose header has been read.

    Parameters
    ----------
    file : str
    kinds : mapping
        The names of the columns that are read; the class of each, or None where the first value
        tells it: numbers if it is a number, else texts.
    separator : str

    Raises
    ------
    ShapeError
        A row is longer or shorter than the header.
    NotFiniteError
        A cell among numbers is none.
    """
    reading = _Reading(file, kinds)
    with closing(_records(file, separator)) as records:
        names = [cell.strip() for cell in next(records)]
        while rows := list(islice(records, max(1, _CELLS // len(names)))):
            reading.extend(names, _full(rows, len(names), file, reading.n_rows, records))
    if not reading.n_rows:
        raise ShapeError(f"{file!r} has a header, but no rows below it.")
    return reading.table()


class _Reading:
    """A table in the making; a column without a value yet is None."""

    def __init__(self, file: str, kinds: Mapping[str, type[Column] | None]) -> None:
        self.file, self.kinds, self.n_rows = file, kinds, 0
        self.capacity = _most_rows(file)
        self.columns = {
            name: None if kind is None else kind(name, file, self.capacity)
            for name, kind in kinds.items()
        }

    def extend(self, names: list[str], rows: list[list[str]]) -> None:
        """Append rows as wide as the header."""
        for name, cells in zip(names, zip(*rows, strict=True), strict=True) if rows else ():
            if name not in self.columns:
                continue
            if self.columns[name] is None:
                self.columns[name] = self._decided(name, cells)
            column = self.columns[name]
            if column is not None:
                column.extend(cells)
        self.n_rows += len(rows)

    def _decided(self, name: str, cells: tuple[str, ...]) -> Column | None:
        """Return a column of the kind that the first value among `cells` tells, if there is one."""
        for i, cell in enumerate(cells):
            if not is_missing(cell):
                column = column_for(cell, name, self.file, self.n_rows + i, self.capacity)
                column.extend([""] * self.n_rows)
                return column
        return None

    def table(self) -> Table:
        """Return the table, once all rows are read."""
        columns = {}
        for name, column in self.columns.items():
            if column is None:
                column = NumberColumn(name, self.file, self.capacity)
                column.extend([""] * self.n_rows)
            columns[name] = column
            if self.kinds[name] is None and isinstance(column, TextColumn):
                column.require_texts()
        return Table(self.file, columns, self.n_rows)


def _most_rows(file: str) -> int:
    """Return how many rows there can be: as many as ends of lines."""
    with Path(file).open("rb") as content:
        blocks = iter(partial(content.read, 1 << 20), b"")
        return 1 + sum(block.count(b"\n") + block.count(b"\r") for block in blocks)


def _full(
    rows: list[list[str]], width: int, file: str, before: int, later: Iterator[list[str]]
) -> list[list[str]]:
    """Return rows as wide as the header, without the blank ones at the end of the file."""
    wrong = next((i for i, row in enumerate(rows) if len(row) != width), None)
    if wrong is None:
        return rows
    if _blank(rows[wrong]) and all(map(_blank, chain(rows[wrong:], later))):
        return rows[:wrong]
    found = "is blank" if _blank(rows[wrong]) else f"has {_counted(len(rows[wrong]), 'cell')}"
    hint = (
        " Does a number have a decimal comma (1,5 instead of 1.5)?"
        if len(rows[wrong]) > width
        else ""
    )
    raise ShapeError(
        f"{file!r}, row {before + wrong + 2} {found}, but the header names "
        f"{_counted(width, 'column')}.{hint}"
    )


def _blank(row: list[str]) -> bool:
    return len(row) < 2 and not "".join(row).strip()


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def _records(file: str, separator: str) -> Generator[list[str]]:
    """Yield the rows of a file, the header first."""
    rows = None
    try:
        with Path(file).open(encoding="utf-8-sig", newline="") as text:
            rows = csv.reader(text, delimiter=separator)
            yield from rows
    except OSError as error:
        raise ModelFileError(f"{file!r} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise ModelFileError(
            f"{file!r}, row {_first_not_utf8(file)}: no text in UTF-8; save the table as CSV in "
            "UTF-8."
        ) from None
    except csv.Error as error:
        line = rows.line_num if rows is not None else 0
        raise ShapeError(
            f"{file!r}, line {line}: no CSV ({error}); is a quote not closed?"
        ) from None


def _first_not_utf8(file: str) -> int:
    with Path(file).open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1
