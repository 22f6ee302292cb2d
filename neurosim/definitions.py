"""What a class states as a formula, checked: a static function, its parameters, arrays.

Kinds of neuron and losses state formulas as static functions. Arguments after the first few, the
*numbers*, are the parameters, with their defaults.
"""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import finite_array
from neurosim.errors import ArgumentError, ArgumentTypeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["defaults_of", "parameter_values", "require_array_formula", "require_static"]


def defaults_of(formula: Callable[..., Any], numbers: int) -> dict[str, Any]:
    """Return the names and defaults of the parameters, which come after so many numbers.

    >>> defaults_of(lambda z, slope=0.01: slope * z, 1)
    {'slope': 0.01}
    """
    arguments = list(inspect.signature(formula).parameters.values())[numbers:]
    return {
        argument.name: argument.default
        for argument in arguments
        if argument.kind is not argument.VAR_POSITIONAL
    }


def parameter_values(
    defaults: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    subject: str,
    whose: str,
    written: str,
) -> dict[str, float]:
    """Return a value for every parameter: what is given, else the default.

    Parameters
    ----------
    defaults, given : mappings
    subject, whose, written : str
        For messages: what has the parameters, whose argument a value is, and how a parameter
        (``{}``) is given.

    Raises
    ------
    ArgumentError
        A name is unknown, or a parameter without a default is missing.
    NotFiniteError
        A value is no finite number.
    """
    values = dict(defaults)
    for name, value in given.items():
        if name not in values:
            known = ", ".join(values) or "none"
            raise ArgumentError(f"{subject} has no parameter {name!r}; its parameters: {known}.")
        values[name] = float(finite_array(value, f"{whose}: {name}", dimensions=0))
    for name, value in values.items():
        if value is inspect.Parameter.empty:
            raise ArgumentError(
                f"{subject} needs its parameter {name!r}; write {written.format(name)}."
            )
    return values


def require_static(cls: type, names: Iterable[str], of: str, whose: str = "") -> None:
    """Raise `ArgumentTypeError` where a formula of a class is an ordinary method."""
    for name in names:
        if isinstance(inspect.getattr_static(cls, name, None), FunctionType):
            raise ArgumentTypeError(
                f"{whose}{cls.__name__}.{name} must be a static function of {of}; write "
                "@staticmethod above it, and leave out self."
            )


def require_array_formula(
    formula: Callable[..., Any], numbers: Any, name: str, condition: str
) -> None:
    """Raise `ArgumentError` where a formula, maybe a person's own, does not take arrays.

    ``condition`` is one that such a formula may have, for the message.
    """
    try:
        with np.errstate(all="ignore"):
            np.broadcast_to(formula(*numbers), numbers[0].shape)
    except (TypeError, ValueError) as error:
        raise ArgumentError(
            f"{name} must take arrays as well as floats, but: {error}. Write it over "
            f"neurosim.functions: where({condition}, ...) for if, maximum for max, exp for "
            "math.exp."
        ) from None
