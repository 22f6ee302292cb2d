"""Numbers on a command line, and tables of numbers in files."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.errors import ArgumentError, ModelFileError, NotFiniteError, ShapeError
from neurosim.tables import read_header, read_table, require_no_model
from neurosim.tables.columns import is_number

if TYPE_CHECKING:
    from neurosim.network import Network
    from neurosim.tables import Schema

__all__ = ["numbers", "table"]


def numbers(text: str | None, option: str) -> list[float] | None:
    """Return the numbers in ``"0,1"``; None stays None.

    >>> numbers("0,1.5", "--input")
    [0.0, 1.5]
    """
    if text is None:
        return None
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise ArgumentError(f"{option} must be numbers such as 0,1; got {text!r}.") from None


def table(file: str, network: Network) -> tuple[Any, Any]:
    """Return X and Y from the columns of a CSV file.

    Columns are found by the labels of the inputs and outputs where the file's first row names
    them all; else the first columns are the inputs and the next ones the targets. A network that
    was trained on a table knows its columns.
    """
    if network.table is not None:
        return _by_schema(file, network, network.table)
    rows = _rows(file)
    labels = [network.labels[i] for i in (*network.wiring.inputs, *network.wiring.outputs)]
    names = [cell.strip() for cell in rows[0][1]]
    has_header = _is_header(names, labels)
    body = rows[1:] if has_header else rows
    if not body:
        raise ShapeError(f"{file!r} has a header, but no rows of numbers.")
    columns = list(range(len(labels)))
    if has_header and set(labels) <= set(names):
        columns = [names.index(label) for label in labels]
    elif len(names) != len(labels):
        raise ShapeError(
            f"{file!r} must have {len(labels)} columns, inputs first ({', '.join(labels)}), or a "
            f"header that names them; got {len(names)} columns."
        )
    values = np.array([_values(row, columns, file, line) for line, row in body])
    n_inputs = len(network.wiring.inputs)
    return values[:, :n_inputs], values[:, n_inputs:]


def _by_schema(file: str, network: Network, schema: Schema) -> tuple[Any, Any]:
    schema.check_header(read_header(file), file, targets=True)
    rows = read_table(file, schema.kinds(targets=True))
    return schema.matrix(rows), schema.target_matrix(rows, len(network.wiring.outputs))


def _rows(file: str) -> list[tuple[int, list[str]]]:
    """Return the rows that are not blank, each with the line of the file where it begins."""
    require_no_model(file)
    try:
        text = Path(file).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ModelFileError(f"{file!r} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise ModelFileError(
            f"{file!r} is no UTF-8 text; save the table as CSV in UTF-8."
        ) from None
    rows, line = [], 1
    reader = csv.reader(io.StringIO(text))
    try:
        for row in reader:
            if len(row) > 1 or "".join(row).strip():
                rows.append((line, row))
            # A cell in quotes may go on over several lines.
            line = reader.line_num + 1
    except csv.Error as error:
        raise ShapeError(
            f"{file!r}, line {line}: no CSV ({error}); is a quote not closed?"
        ) from None
    if not rows:
        raise ModelFileError(f"{file!r} is empty.")
    return rows


def _is_header(names: list[str], labels: list[str]) -> bool:
    """Whether a first row names columns: no cell is a number, or all labels are there.

    A row of data with a typo in it is none.
    """
    numeric = [is_number(name) for name in names]
    return not any(numeric) or (not all(numeric) and set(labels) <= set(names))


def _values(row: list[str], columns: list[int], file: str, line: int) -> list[float]:
    if len(row) <= max(columns):
        raise ShapeError(
            f"{file!r}, row {line}: {len(row)} columns, but {max(columns) + 1} needed."
        )
    found = []
    for column in columns:
        if not is_number(row[column]):
            raise NotFiniteError(
                f"{file!r}, row {line}, column {column + 1}: {row[column]!r} is no number."
            )
        found.append(float(row[column]))
    return found
