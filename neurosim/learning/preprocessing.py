"""Bringing columns to a size near 1, and classes to columns of zeros and ones.

A scaler measures its columns once, on the training data, and then does the same to whatever
comes: x' = (x - offset) factor, column by column. `Network.scale` attaches scalers to a network,
which then takes and gives numbers in the person's units and computes with the scaled ones.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.checks import finite_array, finite_number, instance_of
from neurosim.errors import ArgumentError, NotFiniteError, NotFittedError, ShapeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from neurosim.network import Network

__all__ = ["MeanCentering", "MinMaxScaler", "Scaler", "Standardizer", "attach"]


class Scaler(ABC):
    """Scales every column by numbers of its own. A subclass states `measure`. Abstract.

    Attributes
    ----------
    offset, factor : (n_columns,) arrays or None
        transform(X) = (X - offset) factor; None before `fit`.
    """

    offset: Any = None
    factor: Any = None

    @abstractmethod
    def measure(self, X: Any) -> tuple[Any, Any]:
        """Return the offset and the factor of every column of a float64 table."""

    @property
    def fitted(self) -> bool:
        """Whether the columns have been measured."""
        return self.offset is not None

    def fit(self, X: Any, *, labels: Sequence[str] | None = None) -> Scaler:
        """Measure the columns of the training data; return the scaler.

        Parameters
        ----------
        X : (n, n_columns) array
        labels : sequence of str, optional
            The names of the columns, for messages.

        Raises
        ------
        ArgumentError
            A column is constant: there is no spread to divide by.
        """
        what = f"{type(self).__name__}.fit: X"
        table = finite_array(X, what)
        if table.ndim != 2:
            raise ShapeError(
                f"{what} must be a table (n, n_columns); got shape {table.shape}. "
                "For one column pass X.reshape(-1, 1)."
            )
        return self.fit_to(table, labels, what)

    def fit_to(self, table: Any, labels: Sequence[str] | None, what: str) -> Scaler:
        """Do what `fit` does with a table that is checked; `what` names it in messages."""
        if len(table) < 2 or table.shape[1] == 0:
            raise ShapeError(
                f"{what} must have at least two rows and a column to be measured; "
                f"got shape {table.shape}."
            )
        self._refuse_constant(table, labels, what)
        with np.errstate(all="ignore"):
            offset, factor = self.measure(table)
            usable = np.isfinite(offset) & np.isfinite(factor) & np.isfinite(1.0 / factor)
        if not usable.all():
            column = int(np.argmin(usable))
            raise ArgumentError(
                f"{what}: column {_name(column, labels)} reaches from {table[:, column].min()} to "
                f"{table[:, column].max()}, which floats cannot scale; change its unit."
            )
        self.offset, self.factor = offset, factor
        return self

    def _refuse_constant(self, table: Any, labels: Sequence[str] | None, what: str) -> None:
        constant = table.max(axis=0) == table.min(axis=0)
        if constant.any():
            column = int(np.argmax(constant))
            raise ArgumentError(
                f"{what}: column {_name(column, labels)} is {table[0, column]} in every row, so "
                f"{type(self).__name__} finds no spread in it and there is nothing to learn from "
                "it; leave the column out."
            )

    def forget(self) -> None:
        """Be as before `fit`."""
        self.offset = self.factor = None

    def transform(self, X: Any) -> Any:
        """Return X scaled, in float64: (X - offset) factor.

        Parameters
        ----------
        X : (n, n_columns) array, or (n_columns,) for one sample

        Raises
        ------
        NotFittedError, ShapeError, NotFiniteError
        """
        return self._checked("transform", self.apply, X)

    def inverse(self, X: Any) -> Any:
        """Return scaled numbers in their units again, in float64: X / factor + offset.

        Parameters
        ----------
        X : (n, n_columns) array, or (n_columns,) for one sample

        Raises
        ------
        NotFittedError, ShapeError, NotFiniteError
        """
        return self._checked("inverse", self.undo, X)

    def apply(self, X: Any) -> Any:
        """Return (X - offset) factor: the arithmetic of `transform` alone, without checks."""
        scaled = X - self.offset
        # In place, as a table may be large.
        scaled *= self.factor
        return scaled

    def undo(self, X: Any) -> Any:
        """Return X / factor + offset: the arithmetic of `inverse` alone, without checks."""
        return X / self.factor + self.offset

    def _checked(self, method: str, arithmetic: Any, X: Any) -> Any:
        what = f"{type(self).__name__}.{method}"
        if not self.fitted:
            raise NotFittedError(
                f"{what}: the scaler has not measured its columns yet; call scaler.fit(X) with "
                "the training data first."
            )
        table = finite_array(X, f"{what}: X")
        self._check_columns(table, f"{what}: X")
        with np.errstate(all="ignore"):
            result = arithmetic(table)
        if not np.isfinite(result).all():
            raise NotFiniteError(f"{what}: X holds numbers that are too large for floats then.")
        return result

    def _check_columns(self, table: Any, what: str) -> None:
        n = len(self.offset)
        if table.ndim in (1, 2) and table.shape[-1] == n:
            return
        hint = " For one column pass X.reshape(-1, 1)." if n == table.ndim == 1 else ""
        raise ShapeError(
            f"{what} must be (n, {n}), or ({n},) for one sample, as the scaler was fitted to "
            f"{_columns(n)}; got {table.shape}.{hint}"
        )

    def config(self) -> dict[str, Any]:
        """Return the scaler as plain data; see `from_config`.

        >>> MeanCentering().fit([[1.0], [3.0]]).config()
        {'scaler': 'MeanCentering', 'offset': [2.0], 'factor': [1.0]}
        """
        measured = (
            {"offset": self.offset.tolist(), "factor": self.factor.tolist()} if self.fitted else {}
        )
        return {"scaler": type(self).__name__, **self._parameters(), **measured}

    @staticmethod
    def from_config(config: Any, *, kinds: Iterable[type] = ()) -> Scaler:
        """Return the scaler that plain data describes; `kinds` are the person's own classes.

        >>> Scaler.from_config({"scaler": "MinMaxScaler", "low": -1.0})
        MinMaxScaler(low=-1.0, high=1.0)
        """
        from neurosim.configuration import known_classes, scaler_named

        return scaler_named(config, known_classes(kinds), "Scaler.from_config")

    def take(self, offset: Any, factor: Any, what: str) -> None:
        """Become fitted with measured numbers; the opposite of reading them."""
        offset = finite_array(offset, f"{what}: offset", dimensions=1)
        factor = finite_array(factor, f"{what}: factor", dimensions=1)
        if offset.shape != factor.shape or not offset.size or (factor == 0).any():
            raise ArgumentError(
                f"{what}: offset and factor must be one number per column each, no factor 0; "
                f"got {offset} and {factor}."
            )
        self.offset, self.factor = offset, factor

    def _parameters(self) -> dict[str, Any]:
        return {k: v for k, v in vars(self).items() if k not in ("offset", "factor")}

    def __repr__(self) -> str:
        parts = [f"{name}={value!r}" for name, value in self._parameters().items()]
        parts += [f"fitted to {_columns(len(self.offset))}"] if self.fitted else []
        return f"{type(self).__name__}({', '.join(parts)})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.config() == other.config()

    # Equality changes with fit.
    __hash__ = None  # type: ignore[assignment]


def _name(column: int, labels: Sequence[str] | None) -> str:
    return str(column) if labels is None else repr(labels[column])


def _columns(n: int) -> str:
    return "1 column" if n == 1 else f"{n} columns"


@final
class MinMaxScaler(Scaler):
    """x' = low + (x - min) (high - low) / (max - min): the training data fill [low, high].

    The brackets matter: x - min / (max - min), as some print it, is another number. New data may
    lie outside; they are not clipped.

    Parameters
    ----------
    low, high : float
        What the smallest and the largest number of a column become.

    Source: Han, Kamber and Pei, "Data Mining", 2011, section 3.5.2.

    Examples
    --------
    >>> scaler = MinMaxScaler().fit([[1.0, -5.0], [3.0, 5.0]])
    >>> scaler.transform([[2.0, 5.0], [5.0, -5.0]])
    array([[0.5, 1. ],
           [2. , 0. ]])
    >>> scaler.inverse([0.5, 1.0])
    array([2., 5.])
    """

    def __init__(self, low: float = 0.0, high: float = 1.0) -> None:
        self.low = finite_number(low, "MinMaxScaler: low")
        self.high = finite_number(high, "MinMaxScaler: high")
        if self.low >= self.high:
            raise ArgumentError(
                f"MinMaxScaler: low must be below high; got low={low!r} and high={high!r}."
            )

    def measure(self, X: Any) -> tuple[Any, Any]:
        """Return min - low / factor, and factor = (high - low) / (max - min)."""
        least = X.min(axis=0)
        factor = (self.high - self.low) / (X.max(axis=0) - least)
        # (x - min) factor + low = (x - (min - low / factor)) factor
        return least - self.low / factor, factor


@final
class MeanCentering(Scaler):
    """x' = x - mean: every column of the training data has mean 0, in its old unit.

    Source: LeCun et al., "Efficient BackProp", 1998, section 4.3.

    Examples
    --------
    >>> MeanCentering().fit([[1.0, 10.0], [3.0, 50.0]]).transform([[1.0, 30.0]])
    array([[-1.,  0.]])
    """

    def measure(self, X: Any) -> tuple[Any, Any]:
        """Return the mean, and 1."""
        return X.mean(axis=0), np.ones(X.shape[1])


@final
class Standardizer(Scaler):
    """x' = (x - mean) / sigma with sigma^2 = 1/n sum of (x - mean)^2: mean 0 and variance 1.

    It divides by the standard deviation sigma, not by the variance sigma^2, which some print; and
    by n, not n - 1.

    Source: LeCun et al., "Efficient BackProp", 1998, section 4.3.

    Examples
    --------
    >>> scaler = Standardizer().fit([[1.0], [1.0], [5.0], [5.0]])
    >>> scaler.transform([[5.0], [7.0]])
    array([[1.],
           [2.]])
    >>> scaler
    Standardizer(fitted to 1 column)
    """

    def measure(self, X: Any) -> tuple[Any, Any]:
        """Return the mean, and 1 / sigma."""
        return X.mean(axis=0), 1.0 / X.std(axis=0)


def attach(network: Network, inputs: Any, outputs: Any) -> None:
    """Attach scalers to a network; this is `Network.scale`."""
    wiring = network.wiring
    new_inputs = _checked_scaler(inputs, len(wiring.inputs), "inputs")
    new_outputs = _checked_scaler(outputs, len(wiring.outputs), "outputs")
    if new_inputs is not None and new_inputs is new_outputs and not new_inputs.fitted:
        raise ArgumentError(
            "Network.scale: inputs and outputs must be two scalers, as each measures columns of "
            f"its own; got one {new_inputs!r} for both."
        )
    network.input_scaler = network.input_scaler if new_inputs is None else new_inputs
    network.output_scaler = network.output_scaler if new_outputs is None else new_outputs
    # A backward pass must not mix scaled with unscaled numbers.
    network.last_pass = None


def _checked_scaler(scaler: Any, n: int, name: str) -> Scaler | None:
    if scaler is None:
        return None
    checked: Scaler = instance_of(scaler, Scaler, f"Network.scale: {name}", "ns.Standardizer()")
    if checked.fitted and len(checked.offset) != n:
        raise ShapeError(
            f"Network.scale: {name} must be a scaler of {_columns(n)}, as the network has {n} "
            f"{name if n != 1 else name[:-1]}; got {checked!r}."
        )
    return checked
