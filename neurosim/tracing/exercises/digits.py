"""How exactly a number was meant: half a unit in the last of the digits given."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation
from numbers import Real
from typing import Any

import numpy as np

from neurosim.checks import short
from neurosim.errors import ArgumentTypeError, NotFiniteError

__all__ = ["decimals_of", "half_unit", "number_of"]


def number_of(given: Any, what: str) -> float:
    """Return a number that is given as a number or as text.

    >>> number_of("-3.80e-2", "example")
    -0.038

    Raises
    ------
    ArgumentTypeError
        It is neither.
    NotFiniteError
        It is NaN or infinite.
    """
    wanted = f'{what} must be a number, or a number as text such as "0.5932"'
    if isinstance(given, bool | np.bool_) or not isinstance(given, Real | str | Decimal):
        raise ArgumentTypeError(f"{wanted}; got {short(given)}.")
    try:
        number = float(_plain(given) if isinstance(given, str) else given)
    except (ValueError, OverflowError):
        raise ArgumentTypeError(f"{wanted}; got {short(given)}.") from None
    if not math.isfinite(number):
        raise NotFiniteError(f"{what} must be a finite number; got {short(given)}.")
    return number


def _plain(text: str) -> str:
    # People paste the typographer's minus sign; but "1_000" is no way to write a number by hand.
    return "?" if "_" in text else text.strip().replace("\N{MINUS SIGN}", "-")


def half_unit(given: Any) -> float:
    """Return half a unit in the last digit given.

    A whole number counts as given to one decimal (7 is 7.0), a zero without decimals as exact.

    >>> half_unit("0.5932"), half_unit(0.59), half_unit("0.50"), half_unit(7), half_unit(0)
    (5e-05, 0.005, 0.005, 0.05, 0.0)
    """
    decimal = _decimal(given)
    if decimal is None or (decimal == 0 and not _zero_with_decimals(given)):
        return 0.0
    exponent = int(decimal.as_tuple().exponent)
    if not isinstance(given, str):
        exponent = min(exponent, -1) if abs(decimal) < 10**15 else exponent
    return 0.5 * 10.0**exponent


def _zero_with_decimals(given: Any) -> bool:
    return isinstance(given, str) and "." in given


def decimals_of(given: Any) -> int:
    """Return how many decimals a number was given with.

    >>> decimals_of("0.5932"), decimals_of(-3.8e-2), decimals_of(12)
    (4, 3, 0)
    """
    decimal = _decimal(given)
    return 0 if decimal is None else max(0, -int(decimal.as_tuple().exponent))


def _decimal(given: Any) -> Decimal | None:
    # A NumPy float32 shows the digits that it can hold.
    text = _plain(given) if isinstance(given, str) else str(given)
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
