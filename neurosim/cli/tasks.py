"""What a target asks of a network: numbers are predicted by regression, classes told apart."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.errors import ArgumentError
from neurosim.learning.classes import class_names
from neurosim.learning.metrics import (
    accuracy,
    f1,
    mean_absolute_error,
    mean_squared_error,
    precision,
    r2,
    recall,
)
from neurosim.learning.preprocessing import MinMaxScaler, Scaler, Standardizer
from neurosim.losses import (
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    CrossEntropy,
    Hinge,
    Loss,
    MeanSquaredError,
)
from neurosim.neurons import LinearNeuron, Neuron, SoftmaxNeuron
from neurosim.tables import Column, NumberColumn, Target, TextColumn

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Classification", "Regression", "Task", "task_for"]

# A target of whole numbers is taken for classes where there are two of them, or up to ten of
# which each has, on the average, so many rows.
_MOST_CLASSES = 10
_ROWS_PER_CLASS = 10

Scores = dict[str, dict[str, float]]


class Task(ABC):
    """Targets, and the output layer and loss that suit them. Abstract.

    Attributes
    ----------
    targets : tuple of Target
    loss : Loss
    kind : class of Neuron
        Of the outputs.
    labels : list of str
        Of the outputs.
    why : str
        What decided, for the report.
    """

    targets: tuple[Target, ...]
    loss: Loss
    kind: type[Neuron]
    labels: list[str]
    why: str

    @property
    def n_outputs(self) -> int:
        """How many outputs the network has."""
        return len(self.labels)

    @abstractmethod
    def scaler(self) -> Scaler | None:
        """Return the scaler of the outputs, not fitted."""

    @abstractmethod
    def baseline(self, Y: Any) -> tuple[Any, dict[str, str]]:
        """Return what to predict always, from the targets to learn from, and that in words."""

    @abstractmethod
    def scores(self, Y: Any, predictions: Any) -> Scores:
        """Return metrics by target and name, in the person's units."""


@final
class Regression(Task):
    """Predicts numbers: linear outputs, standardized targets."""

    def __init__(self, targets: Sequence[Target], loss: Loss | None, why: str) -> None:
        self.targets, self.why = tuple(targets), why
        self.loss, self.kind = loss or MeanSquaredError(), LinearNeuron
        self.labels = [target.column for target in targets]

    def scaler(self) -> Scaler:
        """Return a `Standardizer`."""
        return Standardizer()

    def baseline(self, Y: Any) -> tuple[Any, dict[str, str]]:
        """Return the means."""
        means = Y.mean(axis=0)
        pairs = zip(self.labels, means.tolist(), strict=True)
        return means, {name: f"always the mean, {mean:.6g}" for name, mean in pairs}

    def scores(self, Y: Any, predictions: Any) -> Scores:
        """Return the mean absolute error, the root of the mean squared error, and R2."""
        columns = [(Y[:, [j]], predictions[:, [j]]) for j in range(self.n_outputs)]
        return {
            name: {
                "mean absolute error": mean_absolute_error(*pair),
                "root mean squared error": float(np.sqrt(mean_squared_error(*pair))),
                "R2": r2(*pair),
            }
            for name, pair in zip(self.labels, columns, strict=True)
        }


@final
class Classification(Task):
    """Tells classes apart: one sigmoid output for two, else a softmax output for each."""

    def __init__(self, target: Target, loss: Loss | None, why: str) -> None:
        self.targets, self.why = (target,), why
        classes = target.classes or ()
        usual = BinaryCrossEntropy() if len(classes) == 2 else CategoricalCrossEntropy()
        self.loss = usual if loss is None else loss
        suited = usual.partner if self.loss.partner is None else self.loss.partner
        # The hinge compares classes of -1 and 1 with outputs of any size.
        self.kind = LinearNeuron if isinstance(self.loss, Hinge) else suited or SoftmaxNeuron
        single = len(classes) == 2 and self.kind is not SoftmaxNeuron
        self.labels = [f"{target.column}[{name}]" for name in classes[single:]]

    @property
    def classes(self) -> tuple[Any, ...]:
        """The classes of the target."""
        return self.targets[0].classes or ()

    def scaler(self) -> Scaler | None:
        """Return what makes -1 of the 0 in targets for the hinge, else None."""
        return MinMaxScaler(-1.0, 1.0) if self.kind is LinearNeuron else None

    def baseline(self, Y: Any) -> tuple[Any, dict[str, str]]:
        """Return the commonest class, the first of equal ones."""
        names = class_names(Y, self.classes)
        commonest = max(self.classes, key=names.count)
        row = Target("", self.classes).row(commonest, self.n_outputs)
        return row, {self.targets[0].column: f"always {commonest!r}"}

    def scores(self, Y: Any, predictions: Any) -> Scores:
        """Return accuracy, precision, recall and F1."""
        of = f" of {self.classes[1]!r}" if self.n_outputs == 1 else ", mean of the classes"
        named = {"precision": precision, "recall": recall, "F1": f1}
        values = {name + of: metric(Y, predictions) for name, metric in named.items()}
        return {self.targets[0].column: {"accuracy": accuracy(Y, predictions), **values}}


def task_for(columns: Sequence[Column], loss: Loss | None) -> Task:
    """Return the task that target columns, and the loss if one is given, ask for.

    Raises
    ------
    NotFiniteError
        A target is missing.
    ArgumentError
        A target is constant, or has too many classes, or there are several with classes.
    """
    values = [_values(column) for column in columns]
    names = [column.name for column in columns]
    if all(isinstance(column, NumberColumn) for column in columns):
        if loss is not None and not isinstance(loss, CrossEntropy | Hinge):
            targets = [Target(name) for name in names]
            return Regression(targets, loss, f"regression, as the loss is {loss!r}")
        if loss is None and not (len(columns) == 1 and _are_few(columns[0], values[0])):
            return Regression([Target(name) for name in names], None, "numbers, so regression")
    if len(columns) > 1:
        raise ArgumentError(
            "neurosim train: several targets must all be numbers, with a loss for numbers; train "
            f"a network for each of {', '.join(map(repr, names))}."
        )
    return Classification(_classes(columns[0], values[0]), loss, _why(columns[0], values[0], loss))


def _values(column: Column) -> list[Any]:
    column.require_present("fill it in or delete the row, as a target cannot be guessed")
    values = column.distinct()
    if len(values) < 2:
        raise ArgumentError(
            f"{column.file!r}: the target {column.name!r} is {values[0]!r} in every row; there is "
            "nothing to learn."
        )
    return values


def _are_few(column: Column, values: list[Any]) -> bool:
    n = len(values)
    enough = n == 2 or (n <= _MOST_CLASSES and n * _ROWS_PER_CLASS <= len(column))
    return enough and all(isinstance(value, int) for value in values)


def _classes(column: Column, values: list[Any]) -> Target:
    if not all(isinstance(value, int | str) for value in values):
        odd = next(value for value in values if not isinstance(value, int))
        raise ArgumentError(
            f"{column.file!r}: the target {column.name!r} holds {odd!r}, so these are no classes; "
            "choose a loss for numbers, such as --loss MeanSquaredError."
        )
    n, rows = len(values), len(column)
    if n > 2 and 2 * n > rows:
        raise ArgumentError(
            f"{column.file!r}: the target {column.name!r} has {n} different values in {rows} rows; "
            "these are no classes."
        )
    return Target(column.name, tuple(values))


def _why(column: Column, values: list[Any], loss: Loss | None) -> str:
    told = ", ".join(map(str, values[:10])) + (", ..." if len(values) > 10 else "")
    if isinstance(column, TextColumn):
        return f"classes {told}"
    if loss is not None:
        return f"classes {told}, as the loss is {loss!r}"
    return f"classes {told} (few whole numbers; for regression pass --loss MeanSquaredError)"
