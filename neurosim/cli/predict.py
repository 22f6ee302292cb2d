"""Predict the rows of a table by a model of neurosim train."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.errors import ArgumentError
from neurosim.files import checked_path, write_atomically
from neurosim.learning.classes import class_names
from neurosim.storage import load
from neurosim.tables import Schema, read_header, read_table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from neurosim.network import Network
    from neurosim.tables import Table

__all__ = ["add_arguments", "run"]

# Rows whose inputs and texts exist at one time.
_ROWS = 1 << 16


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``neurosim predict MODEL NEW.csv [--save predictions.csv] [--json]``."""
    add = parser.add_argument
    add("model", metavar="MODEL", help="a .json or .npz file of neurosim train")
    add("data", metavar="NEW.csv", help="a table with the columns of the training table")
    add("--save", metavar="FILE.csv", help="where the predictions go; printed where left out")
    add("--separator", metavar="C", default=",", help="between columns of NEW.csv (a comma)")
    add("--json", action="store_true", help="print the predictions as JSON")


def run(options: argparse.Namespace) -> int:
    """Write the predictions, a row for each row of the table."""
    if options.model.lower().endswith(".csv"):
        raise ArgumentError(
            f"{options.model!r} is a table; the model comes first: neurosim predict MODEL NEW.csv."
        )
    network = load(options.model)
    schema = schema_of(network, options.model)
    file = _output(options)
    schema.check_header(read_header(options.data, options.separator), options.data)
    table = read_table(options.data, schema.kinds(), options.separator)
    outputs = _outputs(network, schema, table)
    if file is not None:
        write_atomically(file, b"".join(_csv(network, schema, outputs)))
    if options.json:
        parts = _parts(network, schema, outputs)
        rows = [dict(zip(part, row, strict=True)) for part in parts for row in _rows(part)]
        told = {"model": options.model, "data": options.data, "saved": options.save}
        print(json.dumps({**told, "rows": rows}, indent=1))
    elif file is None:
        print(*(text.decode() for text in _csv(network, schema, outputs)), sep="", end="")
    else:
        print(f"wrote {table.n_rows} predictions to {file}")
    return 0


def schema_of(network: Network, model: str) -> Schema:
    """Return what a model knows of its training table."""
    if network.table is None:
        raise ArgumentError(
            f"{model!r} was not made by neurosim train: it does not know which columns of a table "
            "are its inputs. Train it on a table with neurosim train, or use net.predict in Python."
        )
    schema: Schema = network.table
    return schema


def _output(options: argparse.Namespace) -> Path | None:
    if options.save is None:
        return None
    file = checked_path(options.save, [".csv"], "--save")
    if file.exists() and file.samefile(options.data):
        raise ArgumentError(f"--save {options.save!r} is the table itself; choose another name.")
    return file


def predictions(network: Network, schema: Schema, outputs: Any) -> dict[str, list[Any]]:
    """Return the columns of predictions: numbers in their units, or classes by name.

    Where the outputs are probabilities, that of the class stands beside it.
    """
    target = schema.targets[0]
    if target.classes is None:
        pairs = zip(schema.targets, outputs.T.tolist(), strict=True)
        return {target.column: values for target, values in pairs}
    columns = {target.column: class_names(outputs, target.classes)}
    if network.kind_of(network.wiring.outputs[0]).neuron.probability:
        both = np.hstack([1 - outputs, outputs]) if outputs.shape[1] == 1 else outputs
        columns[f"{target.column}_probability"] = both.max(axis=1).tolist()
    return columns


def _outputs(network: Network, schema: Schema, table: Table) -> Any:
    """Return the outputs of all rows; inputs are made for some at a time."""
    begins = range(0, table.n_rows, _ROWS)
    return np.concatenate(
        [network.predict(schema.matrix(table, slice(b, b + _ROWS))) for b in begins]
    )


def _parts(network: Network, schema: Schema, outputs: Any) -> Iterator[dict[str, list[Any]]]:
    """Yield the columns of predictions, some rows at a time."""
    for begin in range(0, len(outputs), _ROWS):
        yield predictions(network, schema, outputs[begin : begin + _ROWS])


def _rows(part: dict[str, list[Any]]) -> Iterable[tuple[Any, ...]]:
    return zip(*part.values(), strict=True)


def _csv(network: Network, schema: Schema, outputs: Any) -> Iterator[bytes]:
    """Yield a CSV file, some rows at a time."""
    for number, part in enumerate(_parts(network, schema, outputs)):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([] if number else [list(part)])
        writer.writerows(_rows(part))
        yield text.getvalue().encode()
