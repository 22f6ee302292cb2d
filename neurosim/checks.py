"""What an argument must be: numbers that are finite, whole, positive.

Used wherever a person's values come in, so that nothing half-right goes any further.
"""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any

import numpy as np

from neurosim.errors import (
    ArgumentError,
    ArgumentTypeError,
    NeurosimError,
    NotFiniteError,
    ShapeError,
)

__all__ = [
    "all_finite",
    "counted",
    "finite_array",
    "finite_number",
    "flag",
    "instance_of",
    "short",
    "whole_number",
]

# Fewer numbers than this are looked at by Python.
_FEW = 100
_SHAPES = ("a single number", "one row of numbers", "a table of numbers")
_NUMBERS = ("numbers", "a number")
_FINITE = ("finite numbers", "a finite number")


def finite_array(
    values: Any,
    what: str,
    *,
    dimensions: int | None = None,
    dtype: Any = np.float64,
    rows: Any = None,
) -> Any:
    """Return `values` as an array of finite numbers, or say what is wrong with them.

    An array that has the dtype already comes back as it is, not as a copy. ``rows`` are what the
    rows are called in messages, where they are some of a larger table.

    Raises
    ------
    NotFiniteError
        They hold NaN, infinity, or something that is no number.
    ShapeError
        They have another number of dimensions than asked for, or ragged rows.
    """
    array = _number_array(values, f"{what} must be {_NUMBERS[dimensions == 0]}", dtype)
    if dimensions is not None and array.ndim != dimensions:
        raise ShapeError(f"{what} must be {_SHAPES[dimensions]}; got shape {array.shape}.")
    if not all_finite(array):
        finite = np.isfinite(array)
        bad = tuple(int(i) for i in np.argwhere(~finite)[0])
        given = np.asarray(values)[bad]
        named = bad if rows is None else (int(rows[bad[0]]), *bad[1:])
        place = f" at {list(named)}" if bad else ""
        why = f", which {array.dtype} cannot hold" if math.isfinite(given) else ""
        wanted = _FINITE[dimensions == 0]
        raise NotFiniteError(f"{what} must be {wanted}; got {given}{place}{why}.")
    return array


def all_finite(array: Any) -> bool:
    """Whether an array holds finite numbers alone; for a few it asks Python, which is quicker."""
    if array.size <= _FEW:
        # A sum of finite floats that overflows is looked at again.
        return math.isfinite(sum(array.ravel().tolist())) or bool(np.isfinite(array).all())
    return bool(np.isfinite(array).all())


def _number_array(values: Any, demand: str, dtype: Any) -> Any:
    try:
        array = np.asarray(values)
    except ValueError:
        raise ShapeError(f"{demand}, in rows of equal length; got {short(values)}.") from None
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        raise NotFiniteError(f"{demand}; got a masked array with gaps.")
    if array.dtype == dtype:
        return array
    try:
        # NumPy would read "2" as 2 and None as NaN.
        if array.dtype.kind not in "biufO" or any(
            v is None or isinstance(v, str) for v in _objects(array)
        ):
            raise TypeError
        # What is too large for the dtype becomes infinite, which the caller refuses.
        with np.errstate(over="ignore"):
            return array.astype(dtype, copy=False)
    except (TypeError, ValueError, OverflowError):
        raise NotFiniteError(f"{demand}; got {short(values)}.") from None


def _objects(array: Any) -> Any:
    return array.flat if array.dtype.kind == "O" else ()


def finite_number(
    value: Any, what: str, *, above: float = -math.inf, at_least: float = -math.inf
) -> float:
    """Return `value` as a float that is finite, greater than `above` and not below `at_least`.

    >>> finite_number(0.5, "SGD: learning_rate", above=0)
    0.5
    """
    limit = " greater than 0" if above == 0 else " that is not negative" if at_least == 0 else ""
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise ArgumentTypeError(f"{what} must be a number{limit}; got {short(value)}.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not (math.isfinite(number) and number > above and number >= at_least):
        raise ArgumentError(f"{what} must be a finite number{limit}; got {short(value)}.")
    return number


def whole_number(value: Any, what: str, *, at_least: int = 1) -> int:
    """Return `value` as an int that is not below `at_least`.

    >>> whole_number(np.int64(3), "Layer: n")
    3
    """
    kind = "a positive whole number" if at_least == 1 else f"a whole number from {at_least}"
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral):
        raise ArgumentTypeError(f"{what} must be {kind}; got {short(value)}.")
    if value < at_least:
        raise ArgumentError(f"{what} must be {kind}; got {value!r}.")
    return int(value)


def flag(value: Any, what: str) -> bool:
    """Return `value` as a bool, or say that it must be True or False; "no" and 0 are neither.

    >>> flag(np.True_, "Network.fit: shuffle")
    True
    """
    if not isinstance(value, bool | np.bool_):
        raise ArgumentTypeError(f"{what} must be True or False; got {short(value)}.")
    return bool(value)


def instance_of(value: Any, base: type, what: str, example: str) -> Any:
    """Return `value`, an instance of `base`; a class that needs no arguments is called.

    Raises
    ------
    ArgumentTypeError
        It is something else; the message shows the `example`.
    """
    if isinstance(value, type) and issubclass(value, base):
        try:
            return value()
        except NeurosimError:
            raise
        except TypeError:
            raise ArgumentTypeError(
                f"{what} must be made with its arguments, such as {example}; "
                f"got the class {value.__name__}."
            ) from None
    if not isinstance(value, base):
        raise ArgumentTypeError(f"{what} must be such as {example}; got {short(value)}.")
    return value


def counted(n: int, noun: str) -> str:
    """Return how many there are in words that fit the number.

    >>> counted(1, "neuron"), counted(2, "neuron")
    ('1 neuron', '2 neurons')
    """
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def short(value: object) -> str:
    """Return the repr of `value`, cut to 60 characters, for a message."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."
