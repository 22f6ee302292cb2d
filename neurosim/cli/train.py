"""Train a network on a table of your own, a CSV file with a header."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import finite_number, whole_number
from neurosim.cli.names import kind_called, loss_called
from neurosim.cli.report import as_data, as_text, curve
from neurosim.cli.tasks import Task, task_for
from neurosim.errors import ArgumentError, LabelError, ModelFileError, nearest
from neurosim.files import checked_path, write_atomically
from neurosim.layers import InputLayer, Layer
from neurosim.learning.optimizers import Adam
from neurosim.learning.preprocessing import Standardizer
from neurosim.network import Network
from neurosim.randomness import generator
from neurosim.tables import (
    Column,
    Schema,
    TextColumn,
    inputs_of,
    read_header,
    read_table,
    require_categories,
    split,
)

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``neurosim train DATA.csv --target NAME --save MODEL.json [...]``."""
    add = parser.add_argument
    several: Any = {"action": "append", "default": [], "metavar": "NAME"}
    add("data", metavar="DATA.csv", help="a table with a header, in UTF-8; row 1 is the header")
    add("--target", required=True, help="the column to predict; may be given again", **several)
    add("--save", metavar="MODEL.json", required=True, help="where the model goes (.json or .npz)")
    add("--hidden", metavar="5,5", default="5,5", help="neurons per hidden layer; 0 for none (5,5)")
    add(
        "--neuron",
        metavar="KIND",
        default="relu",
        help="of the hidden layers: relu, tanh, ... (relu)",
    )
    add("--epochs", type=int, metavar="N", default=200, help="visits to every row (200)")
    add("--rate", type=float, metavar="R", default=0.01, help="Adam's learning rate (0.01)")
    add("--batch-size", type=int, metavar="N", default=32, help="rows per update (32)")
    add("--loss", metavar="NAME", help="such as MeanSquaredError; the target tells it otherwise")
    add("--validation", type=float, metavar="SHARE", default=0.2, help="of rows held back (0.2)")
    add("--impute", choices=["mean"], help="where a value is missing, take the column's mean")
    add("--ignore", help="a column not to learn from; may be given again", **several)
    add("--text", help="a column of categories, though they look like numbers; again", **several)
    add("--separator", metavar="C", default=",", help="between columns (a comma)")
    add("--seed", type=int, metavar="N", default=0, help="the source of all chance (0)")
    add("--json", action="store_true", help="print the report as JSON")


@dataclass(frozen=True)
class Samples:
    """What a table gives to learn from, and to validate with."""

    task: Task
    schema: Schema
    left_out: dict[str, str]
    X: Any
    Y: Any
    X_validation: Any
    Y_validation: Any


def run(options: argparse.Namespace) -> int:
    """Train, write the model and its learning curve, and print the report."""
    optimizer = Adam(options.rate)
    sizes, kind = _sizes(options.hidden), kind_called(options.neuron, "--neuron")
    whole_number(options.epochs, "--epochs")
    whole_number(options.batch_size, "--batch-size")
    model = _writable(checked_path(options.save, [".json", ".npz"], "--save"))
    seed = whole_number(options.seed, "--seed", at_least=0)
    rows, start = generator(seed, "--seed").spawn(2)
    samples = _samples(options, rows)
    network = _network(samples, sizes, kind, start)
    validates = len(samples.X_validation) > 0
    history = network.fit(
        samples.X,
        samples.Y,
        optimizer=optimizer,
        epochs=options.epochs,
        batch_size=options.batch_size,
        validation=(samples.X_validation, samples.Y_validation) if validates else None,
        progress=sys.stderr.isatty() and not options.json,
    )
    drawing = model.with_name(f"{model.stem}_learning.svg")
    network.save(model)
    write_atomically(drawing, curve(history))
    report = as_data(options, network, samples, history, [str(model), str(drawing)])
    print(json.dumps(report, indent=1) if options.json else as_text(report))
    return 0


def _sizes(text: str) -> list[int]:
    try:
        sizes = [int(part) for part in text.split(",")]
    except ValueError:
        sizes = [-1]
    if sizes == [0]:
        return []
    if min(sizes) < 1:
        raise ArgumentError(
            f"--hidden must be the number of neurons of every hidden layer, such as 5,5, or 0 for "
            f"none; got {text!r}."
        )
    return sizes


def _writable(path: Path) -> Path:
    """Return `path` if a file can be written there: said before an hour of training, not after."""
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        reason = "it is a folder" if path.is_dir() else "its folder is missing or write-protected"
        raise ModelFileError(
            f"{str(path)!r} cannot be written ({reason}); choose a folder that exists and that you "
            "may write to."
        )
    return path


def _samples(options: argparse.Namespace, rng: np.random.Generator) -> Samples:
    share = finite_number(options.validation, "--validation", at_least=0)
    if share >= 1:
        raise ArgumentError(f"--validation must be a share below 1, such as 0.2; got {share}.")
    loss = loss_called(options.loss, "--loss")
    header = read_header(options.data, options.separator)
    names = _learned_from(options, header)
    kinds: dict[str, type[Column] | None] = {
        name: TextColumn if name in options.text else None for name in (*names, *options.target)
    }
    table = read_table(options.data, kinds, options.separator)
    task = task_for([table.columns[name] for name in options.target], loss)
    require_categories(table, names)
    classes = [target.column for target in task.targets if target.classes is not None]
    training, held_back = split(table, share, classes, rng)
    inputs, left_out = inputs_of(table, names, training, impute=options.impute is not None)
    unused = (*left_out, *options.ignore)
    schema = Schema(tuple(inputs), task.targets, unused)
    tables = [
        made
        for rows in (training, held_back)
        for made in (schema.matrix(table, rows), schema.target_matrix(table, task.n_outputs, rows))
    ]
    return Samples(task, schema, left_out, *tables)


def _learned_from(options: argparse.Namespace, header: list[str]) -> list[str]:
    """Return the columns that are neither targets nor ignored, once all names are known."""
    for option in ("target", "ignore", "text"):
        for name in getattr(options, option):
            if name not in header:
                raise ArgumentError(
                    f"--{option} {name!r} is no column of {options.data!r}. {nearest(name, header)}"
                )
    for name in options.target:
        if options.target.count(name) > 1 or name in options.ignore:
            raise ArgumentError(f"--target {name!r} is given twice, or is to be ignored, too.")
    return [name for name in header if name not in (*options.target, *options.ignore)]


def _network(samples: Samples, sizes: list[int], kind: Any, rng: np.random.Generator) -> Network:
    """Return the network, not trained, with the scalers and the table that it carries."""
    task, schema = samples.task, samples.schema
    hidden = [Layer(size, kind) for size in sizes]
    made: Any = {"loss": task.loss, "rng": rng}
    try:
        inputs = InputLayer(len(schema.labels), [_label(name) for name in schema.labels])
        output = Layer(task.n_outputs, task.kind, labels=[_label(name) for name in task.labels])
        network = Network([inputs, *hidden, output], **made)
    except LabelError:
        # Two names that differ in what no label can have, or one like hidden1[0].
        inputs, output = InputLayer(len(schema.labels)), Layer(task.n_outputs, task.kind)
        network = Network([inputs, *hidden, output], **made)
    network.scale(inputs=_input_scaler(samples), outputs=task.scaler())
    network.table = schema
    return network


def _label(name: str) -> str:
    """Return a name without what edges are written with."""
    return name.replace("->", "→").replace("=", ":")


def _input_scaler(samples: Samples) -> Standardizer:
    """Standardize the columns of numbers; those of categories stay 0 and 1."""
    schema = samples.schema
    offset, factor = np.zeros(len(schema.labels)), np.ones(len(schema.labels))
    column = 0
    for entry in schema.inputs:
        if entry.categories is None:
            # A column by itself, so that the table is not copied.
            part = samples.X[:, column : column + 1]
            one = Standardizer().fit_to(part, [entry.column], "neurosim train")
            offset[column], factor[column] = one.offset[0], one.factor[0]
        column += len(entry.labels)
    scaler = Standardizer()
    scaler.take(offset, factor, "neurosim train")
    return scaler
