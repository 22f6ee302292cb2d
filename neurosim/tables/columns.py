"""The columns of a table while it is read: numbers as floats, texts as codes.

No cell stays a Python string: a number takes 8 bytes, a text 4, and every different text is kept
once. Row i of a column stands in row i + 2 of the file, as row 1 is the header.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.errors import ArgumentError, NotFiniteError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Column", "NumberColumn", "TextColumn", "column_for", "is_missing", "is_number"]

_MISSING = frozenset({"", "na", "n/a", "nan", "null"})
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
ALL = slice(None)
# More different texts than this are names, not categories.
MOST_TEXTS = 1000


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value: empty, NA, N/A, NaN or null.

    >>> is_missing(" n/a "), is_missing("0")
    (True, False)
    """
    return cell.strip().lower() in _MISSING


def is_number(cell: str) -> bool:
    """Whether a cell is a number with a decimal point, finite or not.

    >>> is_number("1.5e3"), is_number("1,5"), is_number("1_000")
    (True, False, False)
    """
    try:
        float(cell)
    except ValueError:
        return False
    # Python's own underscores are no CSV.
    return "_" not in cell


class Column(ABC):
    """A column of a table. This class is abstract.

    Parameters
    ----------
    name : str
        Its name in the header.
    file : str
        The file that it is read from, for messages.
    capacity : int
        The most rows that there can be. Memory for them is asked for at once, as columns that
        grow side by side would leave holes in it; what is not written to costs nothing.
    """

    def __init__(self, name: str, file: str, capacity: int) -> None:
        self.name, self.file, self._stored = name, file, self._empty(capacity)
        self._n_rows = 0

    @staticmethod
    @abstractmethod
    def _empty(capacity: int) -> Any:
        """Return where the values of so many rows go."""

    def __len__(self) -> int:
        return self._n_rows

    def _append(self, values: Iterable[Any], n: int) -> None:
        end = self._n_rows + n
        self._stored[self._n_rows : end] = np.fromiter(values, self._stored.dtype, n)
        self._n_rows = end

    @property
    def values(self) -> Any:
        """What is stored of the rows, ``(n_rows,)``."""
        return self._stored[: self._n_rows]

    @abstractmethod
    def extend(self, cells: Sequence[str]) -> None:
        """Append the cells of further rows."""

    @abstractmethod
    def missing(self, rows: Any = ALL) -> Any:
        """Return which of some rows have no value, as bools."""

    @abstractmethod
    def distinct(self) -> list[Any]:
        """Return the different values, sorted."""

    @abstractmethod
    def codes(self, values: Sequence[Any], rows: Any = ALL) -> Any:
        """Return the places of the values of some rows in `values`, -1 where one is missing.

        Raises
        ------
        ArgumentError
            A row's value is none of them.
        """

    def place(self, row: int) -> str:
        """Say where row `row`, counted from 0, is found."""
        return f"{self.file!r}, row {row + 2}, column {self.name!r}"

    def require_present(self, remedy: str, rows: Any = ALL) -> None:
        """Raise `NotFiniteError` where a value is missing, and say where and what to do."""
        missing = self.missing(rows)
        if missing.any():
            row = self._row(rows, int(np.argmax(missing)))
            raise NotFiniteError(f"{self.place(row)}: missing; {remedy}.")

    def _row(self, rows: Any, k: int) -> int:
        """Return the number of the k-th of some rows."""
        return int(np.arange(len(self))[rows][k])

    def _unknown(self, row: int, value: str, values: Iterable[Any]) -> ArgumentError:
        return ArgumentError(
            f"{self.place(row)}: {value!r} does not occur in the training table. "
            + nearest(value, [str(known) for known in values])
        )


@final
class NumberColumn(Column):
    """Numbers, NaN where one is missing.

    >>> column = NumberColumn("income", "people.csv", 3)
    >>> column.extend(["1.5", "", "3"])
    >>> column.values
    array([1.5, nan, 3. ])
    """

    @staticmethod
    def _empty(capacity: int) -> Any:
        return np.empty(capacity)

    def extend(self, cells: Sequence[str]) -> None:
        """Append numbers.

        Raises
        ------
        NotFiniteError
            A cell is no finite number.
        """
        begin = len(self)
        try:
            if "_" in "".join(cells):
                raise ValueError
            self._append(map(float, cells), len(cells))
        except ValueError:
            numbers = [self._number(cell.strip(), begin + i) for i, cell in enumerate(cells)]
            self._append(numbers, len(cells))
        infinite = np.isinf(self.values[begin:])
        if infinite.any():
            k = int(np.argmax(infinite))
            raise NotFiniteError(
                f"{self.place(begin + k)}: {cells[k].strip()!r} is no finite number."
            )

    def _number(self, cell: str, row: int) -> float:
        if is_missing(cell):
            return np.nan
        if not is_number(cell):
            raise _no_number(self.place(row), cell, self.name)
        return float(cell)

    def missing(self, rows: Any = ALL) -> Any:
        """Return which of some rows have no number."""
        return np.isnan(self.values[rows])

    def distinct(self) -> list[Any]:
        """Return the different numbers, sorted; whole ones as int."""
        found = np.unique(self.values[~self.missing()]).tolist()
        return [int(number) if number.is_integer() else number for number in found]

    def codes(self, values: Sequence[Any], rows: Any = ALL) -> Any:
        """Return the places of the numbers of some rows in sorted `values`, -1 where missing."""
        known, numbers, missing = np.asarray(values), self.values[rows], self.missing(rows)
        places = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
        wrong = (known[places] != numbers) & ~missing
        if wrong.any():
            k = int(np.argmax(wrong))
            raise self._unknown(self._row(rows, k), f"{numbers[k]:g}", values)
        return np.where(missing, -1, places)


class _Codes(dict[str, int]):
    """From cells as they stand in the file to codes; a new cell gets its code when it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, int] = {}

    def __missing__(self, cell: str) -> int:
        text = cell.strip()
        code = -1 if is_missing(text) else self.texts.setdefault(text, len(self.texts))
        self[cell] = code
        return code


@final
class TextColumn(Column):
    """Texts, each different one kept once.

    >>> column = TextColumn("town", "people.csv", 3)
    >>> column.extend(["Linz", "Graz", "Linz"])
    >>> column.distinct(), column.codes(["Graz", "Linz"])
    (['Graz', 'Linz'], array([1, 0, 1]))
    """

    def __init__(self, name: str, file: str, capacity: int) -> None:
        super().__init__(name, file, capacity)
        self._code_of = _Codes()

    @staticmethod
    def _empty(capacity: int) -> Any:
        return np.empty(capacity, dtype=np.int32)

    def extend(self, cells: Sequence[str]) -> None:
        """Append texts.

        Raises
        ------
        ArgumentError
            There are too many different ones to be categories.
        """
        self._append(map(self._code_of.__getitem__, cells), len(cells))
        if len(self._code_of.texts) > MOST_TEXTS:
            raise self.not_categories(f"more than {MOST_TEXTS} different texts")

    def not_categories(self, found: str) -> ArgumentError:
        """Return the error for texts of which too many are different."""
        return ArgumentError(
            f"{self.file!r}, column {self.name!r}: {found}, beginning with "
            f"{next(iter(self._code_of.texts))!r}, are no categories; leave the column out with "
            f"--ignore {self.name!r}."
        )

    def require_texts(self) -> None:
        """Raise `NotFiniteError` where most of the different texts are numbers; name the other."""
        texts = list(self._code_of.texts)
        odd = [text for text in texts if not is_number(text)]
        if odd and 2 * len(odd) < len(texts):
            row = int(np.argmax(self.values == self._code_of.texts[odd[0]]))
            raise _no_number(self.place(row), odd[0], self.name)

    def missing(self, rows: Any = ALL) -> Any:
        """Return which of some rows have no text."""
        return self.values[rows] < 0

    def distinct(self) -> list[Any]:
        """Return the different texts, sorted."""
        return sorted(self._code_of.texts)

    def codes(self, values: Sequence[Any], rows: Any = ALL) -> Any:
        """Return the places of the texts of some rows in `values`, -1 where one is missing."""
        place = {text: code for code, text in enumerate(values)}
        # The last entry is that of the code -1.
        table = np.array([place.get(text, -2) for text in self._code_of.texts] + [-1])
        codes = table[self.values[rows]]
        if (codes == -2).any():
            row = self._row(rows, int(np.argmax(codes == -2)))
            raise self._unknown(row, list(self._code_of.texts)[self.values[row]], values)
        return codes


def column_for(cell: str, name: str, file: str, row: int, capacity: int) -> Column:
    """Return an empty column of the kind that its first value, in row `row`, tells.

    Raises
    ------
    NotFiniteError
        The value is a number with a decimal comma.
    """
    text = cell.strip()
    if is_number(text):
        return NumberColumn(name, file, capacity)
    column = TextColumn(name, file, capacity)
    if _DECIMAL_COMMA.fullmatch(text):
        raise _no_number(column.place(row), text, name)
    return column


def _no_number(place: str, cell: str, name: str) -> NotFiniteError:
    if _DECIMAL_COMMA.fullmatch(cell):
        return NotFiniteError(
            f"{place}: {cell!r} has a decimal comma; write numbers with a point: "
            f"{cell.replace(',', '.')}."
        )
    return NotFiniteError(
        f"{place}: {cell!r} is no number, as others in this column are; correct it, or leave it "
        f"empty where it is missing. If they are categories, train with --text {name!r}."
    )
