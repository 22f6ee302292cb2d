"""What a model keeps of the table that it was trained on: how columns become numbers.

As plain data, in a model file the entry ``table`` of the network::

    {
        "inputs": [
            {"column": "education"},
            {"column": "town", "categories": ["Graz", "Linz"]},
        ],
        "targets": [{"column": "dates"}],
        "unused": ["name"],
    }

A column of numbers is one input, one of texts an input for each category, 1 where the row is of
it and else 0. With ``--impute mean`` an input has ``means``, a number for each of its columns of
X, which a row without a value takes. A target with ``classes`` tells them in the order of the
outputs; where there are two classes and one output, it is that of the second. ``unused`` are
columns of the training table that the network does not look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.checks import finite_array, short
from neurosim.errors import ArgumentError, ArgumentTypeError, ShapeError, nearest
from neurosim.tables.columns import Column, NumberColumn, TextColumn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neurosim.tables.reader import Table

__all__ = ["Input", "Schema", "Target"]

_FILL = (
    "fill it in or delete the row (a model trained with --impute mean takes the mean of the column)"
)


@final
@dataclass(frozen=True)
class Input:
    """A column from which the network learns.

    Attributes
    ----------
    column : str
    categories : tuple of str, optional
        Of a column of texts.
    means : tuple of float, optional
        What a row without a value takes; the shares of the categories, where these are texts.
    """

    column: str
    categories: tuple[str, ...] | None = None
    means: tuple[float, ...] | None = None

    @property
    def labels(self) -> list[str]:
        """The names of its columns of X.

        >>> Input("town", ("Graz", "Linz")).labels
        ['town[Graz]', 'town[Linz]']
        """
        if self.categories is None:
            return [self.column]
        return [f"{self.column}[{category}]" for category in self.categories]

    def fill(self, X: Any, column: Column, rows: Any) -> None:
        """Write the numbers of some rows of a column into its columns of X."""
        if self.means is None:
            column.require_present(_FILL, rows)
        if isinstance(column, NumberColumn):
            X[:, 0] = column.values[rows]
        else:
            codes = column.codes(self.categories or (), rows)
            X[:] = codes[:, None] == np.arange(X.shape[1])
        if self.means is not None:
            X[column.missing(rows)] = self.means

    def config(self) -> dict[str, Any]:
        """Return the input as plain data."""
        lists = {"categories": self.categories, "means": self.means}
        told = {name: list(values) for name, values in lists.items() if values is not None}
        return {"column": self.column, **told}


@final
@dataclass(frozen=True)
class Target:
    """A column that the network predicts; its `classes`, texts or whole numbers, if it has some."""

    column: str
    classes: tuple[Any, ...] | None = None

    def matrix(self, column: Column, n_outputs: int, rows: Any) -> Any:
        """Return the targets of some rows, ``(n, n_outputs)``."""
        column.require_present("fill it in or delete the row, as a target cannot be guessed", rows)
        if self.classes is None:
            assert isinstance(column, NumberColumn)
            return column.values[rows].reshape(-1, 1)
        codes = column.codes(self.classes, rows).reshape(-1, 1)
        if n_outputs == 1:
            return codes.astype(np.float64)
        return (codes == np.arange(n_outputs)).astype(np.float64)

    def row(self, name: Any, n_outputs: int) -> Any:
        """Return the targets of one row of the class `name`, ``(n_outputs,)``."""
        code = (self.classes or ()).index(name)
        return np.array([float(code)]) if n_outputs == 1 else np.eye(n_outputs)[code]

    def config(self) -> dict[str, Any]:
        """Return the target as plain data."""
        classes = {} if self.classes is None else {"classes": list(self.classes)}
        return {"column": self.column, **classes}


@final
@dataclass(frozen=True)
class Schema:
    """The columns of a table as the inputs and outputs of a network.

    Several targets are all numbers; one may be classes.
    """

    inputs: tuple[Input, ...]
    targets: tuple[Target, ...]
    unused: tuple[str, ...] = ()

    @property
    def labels(self) -> list[str]:
        """The names of the columns of X."""
        return [label for entry in self.inputs for label in entry.labels]

    def kinds(self, *, targets: bool = False) -> dict[str, type[Column] | None]:
        """Return what a table of this schema is to be read as."""
        kinds: dict[str, type[Column] | None] = {
            entry.column: NumberColumn if entry.categories is None else TextColumn
            for entry in self.inputs
        }
        for target in self.targets if targets else ():
            texts = target.classes is not None and isinstance(target.classes[0], str)
            kinds[target.column] = TextColumn if texts else NumberColumn
        return kinds

    def check_header(self, header: Sequence[str], file: str, *, targets: bool = False) -> None:
        """Raise `ShapeError` where a table's columns are not those of the training table.

        Their order does not matter, and what is not used may be there or not.
        """
        wanted = list(self.kinds(targets=targets))
        allowed = [*wanted, *(target.column for target in self.targets), *self.unused]
        lacking = [name for name in wanted if name not in header]
        others = [name for name in header if name not in allowed]
        told = [f"it lacks {_quoted(lacking)}"] if lacking else []
        told += [f"it has {_quoted(others)}, which the training table had not"] if others else []
        if told:
            hint = f" {nearest(others[0], lacking)}" if lacking and others else ""
            raise ShapeError(
                f"{file!r} has other columns than the training table: {' and '.join(told)}.{hint}"
            )

    def matrix(self, table: Table, rows: Any = slice(None)) -> Any:
        """Return X for some rows of a table, ``(n, n_inputs)``, in the person's units."""
        n = len(np.arange(table.n_rows)[rows])
        X = np.empty((n, len(self.labels)))
        begin = 0
        for entry in self.inputs:
            end = begin + len(entry.labels)
            entry.fill(X[:, begin:end], table.columns[entry.column], rows)
            begin = end
        return X

    def target_matrix(self, table: Table, n_outputs: int, rows: Any = slice(None)) -> Any:
        """Return Y for some rows of a table, ``(n, n_outputs)``, in the person's units."""
        n = n_outputs // len(self.targets)
        parts = [t.matrix(table.columns[t.column], n, rows) for t in self.targets]
        return np.concatenate(parts, axis=1)

    def check_sizes(self, n_inputs: int, n_outputs: int, what: str) -> None:
        """Raise `ShapeError` where a network of these sizes cannot have this schema."""
        classes = self.targets[0].classes
        fitting = {len(self.targets)} if classes is None else {len(classes)}
        fitting |= {1} if classes is not None and len(classes) == 2 else set()
        if n_inputs != len(self.labels) or n_outputs not in fitting:
            raise ShapeError(
                f"{what} is of {len(self.labels)} inputs and {max(fitting)} outputs, but the "
                f"network has {n_inputs} and {n_outputs}."
            )

    def config(self) -> dict[str, Any]:
        """Return the schema as plain data; this module's documentation shows it."""
        return {
            "inputs": [entry.config() for entry in self.inputs],
            "targets": [target.config() for target in self.targets],
            "unused": list(self.unused),
        }

    @staticmethod
    def from_config(config: Any, what: str) -> Schema:
        """Return the schema that plain data describes; `what` names the data in messages.

        >>> config = {"inputs": [{"column": "x"}], "targets": [{"column": "y"}], "unused": []}
        >>> Schema.from_config(config, "table").config() == config
        True
        """
        _check_entry(config, {"inputs": list, "targets": list, "unused": list}, what)
        inputs = [_input(entry, f"{what}: inputs") for entry in config["inputs"]]
        targets = [_target(entry, f"{what}: targets") for entry in config["targets"]]
        unused = _texts(config["unused"], f"{what}: unused")
        classes = [target.classes for target in targets]
        if not (inputs and targets) or (len(targets) > 1 and any(classes)):
            raise ArgumentError(
                f"{what} must have inputs and a target, or several targets that are numbers; "
                f"got {short(config)}."
            )
        names = [i.column for i in inputs] + [t.column for t in targets] + list(unused)
        if len(set(names)) < len(names):
            raise ArgumentError(f"{what} must have different columns; got {short(names)}.")
        return Schema(tuple(inputs), tuple(targets), unused)


def _input(entry: Any, what: str) -> Input:
    _check_entry(entry, {"column": str}, what, {"categories": list, "means": list})
    categories = _texts(entry["categories"], what) if "categories" in entry else None
    made = Input(entry["column"], categories)
    if "means" not in entry:
        return made
    means = finite_array(entry["means"], f"{what}: means", dimensions=1)
    if len(means) != len(made.labels):
        raise ShapeError(f"{what}: means must be {len(made.labels)} numbers; got {len(means)}.")
    return Input(entry["column"], categories, tuple(means.tolist()))


def _target(entry: Any, what: str) -> Target:
    _check_entry(entry, {"column": str}, what, {"classes": list})
    if "classes" not in entry:
        return Target(entry["column"])
    classes = entry["classes"]
    kinds = [type(name) for name in classes]
    if not (len(classes) > 1 and len(set(classes)) == len(classes)) or kinds not in (
        [str] * len(classes),
        [int] * len(classes),
    ):
        raise ArgumentError(
            f"{what}: classes must be different texts, or whole numbers; got {short(classes)}."
        )
    return Target(entry["column"], tuple(classes))


def _texts(values: list[Any], what: str) -> tuple[str, ...]:
    if not all(isinstance(value, str) for value in values) or len(set(values)) < len(values):
        raise ArgumentError(f"{what} must be different texts; got {short(values)}.")
    return tuple(values)


def _check_entry(
    entry: Any, needed: dict[str, type], what: str, optional: dict[str, type] | None = None
) -> None:
    known = needed | (optional or {})
    if not isinstance(entry, dict):
        raise ArgumentTypeError(f"{what} must be a dict; got {short(entry)}.")
    right = set(needed) <= set(entry) <= set(known)
    if not right or not all(isinstance(entry[key], known[key]) for key in entry):
        raise ArgumentError(f"{what} must be a dict of {', '.join(known)}; got {short(entry)}.")


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)
