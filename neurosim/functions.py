"""The few functions that formulas are written in, and how an engine binds them.

A kind of neuron or a loss writes its formula once, over these names::

    exp  log  log1p  tanh  sqrt  erf  abs  maximum  minimum  where

and, where the neurons of a layer are coupled (softmax), over three reductions along the first
axis: ``largest``, ``total`` and ``first_largest``. Called as they stand, they take floats and
NumPy arrays alike. An engine *binds* a formula instead: `bind` makes a function of the same code
object that finds other implementations under these names, such as `FLOAT` (the math module, for
Python floats) and `NUMPY`. That is why one definition runs everywhere at full speed.
"""

from __future__ import annotations

import builtins
import math
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.erf import array_erf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "FLOAT",
    "NUMPY",
    "abs",
    "bind",
    "erf",
    "exp",
    "first_largest",
    "largest",
    "log",
    "log1p",
    "maximum",
    "minimum",
    "numpy_functions",
    "sqrt",
    "tanh",
    "total",
    "where",
]


def _float_maximum(x: float, y: float) -> float:
    # A NaN on either side stays a NaN, as in NumPy; the builtin max would lose it.
    return x if x >= y or x != x else y


def _float_minimum(x: float, y: float) -> float:
    return x if x <= y or x != x else y


def _float_where(condition: bool, yes: float, no: float) -> float:
    return yes if condition else no


def _array_largest(x: Any) -> Any:
    return np.maximum.reduce(x, axis=0)


def _array_total(x: Any) -> Any:
    return np.add.reduce(x, axis=0)


def _array_first_largest(x: Any) -> Any:
    winner = np.argmax(x, axis=0)
    rows = np.arange(x.shape[0]).reshape((-1,) + (1,) * (x.ndim - 1))
    return np.where(rows == winner, 1.0, 0.0).astype(x.dtype)


_REDUCTIONS = {
    "largest": _array_largest,
    "total": _array_total,
    "first_largest": _array_first_largest,
}

FLOAT: dict[str, Callable[..., Any]] = {
    "exp": math.exp,
    "log": math.log,
    "log1p": math.log1p,
    "tanh": math.tanh,
    "sqrt": math.sqrt,
    "erf": math.erf,
    "abs": builtins.abs,
    "maximum": _float_maximum,
    "minimum": _float_minimum,
    "where": _float_where,
    **_REDUCTIONS,
}
"""Implementations for Python floats; they raise OverflowError where IEEE arithmetic gives inf."""

NUMPY: dict[str, Callable[..., Any]] = {
    "exp": np.exp,
    "log": np.log,
    "log1p": np.log1p,
    "tanh": np.tanh,
    "sqrt": np.sqrt,
    "erf": array_erf,
    "abs": np.abs,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "where": np.where,
    **_REDUCTIONS,
}
"""Implementations for NumPy arrays."""


def numpy_functions(dtype: Any) -> dict[str, Callable[..., Any]]:
    """Return implementations for arrays of a dtype: `NUMPY`, save that ``where`` keeps float32.

    >>> numpy_functions("float32")["where"](np.array([True]), 1.0, 0.0).dtype
    dtype('float32')
    """
    number = np.dtype(dtype).type
    if number is np.float64:
        return NUMPY

    def narrow_where(condition: Any, yes: Any, no: Any) -> Any:
        # Two Python floats alone would make it float64.
        yes = number(yes) if isinstance(yes, float) else yes
        return np.where(condition, yes, number(no) if isinstance(no, float) else no)

    return {**NUMPY, "where": narrow_where}


def _either(*values: Any) -> dict[str, Callable[..., Any]]:
    return NUMPY if any(isinstance(v, np.ndarray | np.generic) for v in values) else FLOAT


def exp(x: Any) -> Any:
    """Return e to the power x, for a float or an array.

    >>> exp(0.0)
    1.0
    """
    return _either(x)["exp"](x)


def log(x: Any) -> Any:
    """Return the natural logarithm of x."""
    return _either(x)["log"](x)


def log1p(x: Any) -> Any:
    """Return log(1 + x), exact for small x."""
    return _either(x)["log1p"](x)


def tanh(x: Any) -> Any:
    """Return the hyperbolic tangent of x."""
    return _either(x)["tanh"](x)


def sqrt(x: Any) -> Any:
    """Return the square root of x."""
    return _either(x)["sqrt"](x)


def erf(x: Any) -> Any:
    """Return the error function of x, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x."""
    return _either(x)["erf"](x)


def abs(x: Any) -> Any:
    """Return the magnitude of x."""
    return builtins.abs(x)


def maximum(x: Any, y: Any) -> Any:
    """Return the larger of x and y, number by number; NaN where one of them is NaN."""
    return _either(x, y)["maximum"](x, y)


def minimum(x: Any, y: Any) -> Any:
    """Return the smaller of x and y, number by number; NaN where one of them is NaN."""
    return _either(x, y)["minimum"](x, y)


def where(condition: Any, yes: Any, no: Any) -> Any:
    """Return `yes` where the condition holds, else `no`. Both are computed in any case.

    >>> where(2.0 > 1.0, 10.0, 20.0)
    10.0
    """
    return _either(condition, yes, no)["where"](condition, yes, no)


def largest(x: Any) -> Any:
    """Return the largest number along the first axis, which runs over coupled neurons."""
    return _array_largest(x)


def total(x: Any) -> Any:
    """Return the sum along the first axis, which runs over coupled neurons."""
    return _array_total(x)


def first_largest(x: Any) -> Any:
    """Return 1 at the first of the largest numbers along the first axis, else 0."""
    return _array_first_largest(x)


_NAME_OF = {id(function): name for name, function in list(globals().items()) if name in FLOAT}


def bind(formula: Callable[..., Any], namespace: Mapping[str, Callable[..., Any]]) -> Any:
    """Return `formula` with the functions of this module replaced by those of `namespace`.

    The code object stays the same, only its global names change; functions that the formula
    calls are bound too. A formula that is no plain Python function comes back as it is.

    Parameters
    ----------
    formula : callable
        A function written over the names of this module.
    namespace : mapping
        The implementations, by name: `FLOAT`, `NUMPY`, or another library's.

    Returns
    -------
    callable

    Examples
    --------
    >>> def halved(z):
    ...     return exp(z) / 2
    >>> bind(halved, {"exp": lambda z: 10.0})(0.0)
    5.0
    """
    return _bind(formula, namespace, {})


def _bind(formula: Any, namespace: Mapping[str, Callable[..., Any]], done: dict[int, Any]) -> Any:
    if not isinstance(formula, FunctionType):
        return formula
    if id(formula) in done:
        return done[id(formula)]
    names = dict(formula.__globals__)
    bound = FunctionType(
        formula.__code__, names, formula.__name__, formula.__defaults__, formula.__closure__
    )
    bound.__kwdefaults__ = formula.__kwdefaults__
    done[id(formula)] = bound
    for name in formula.__code__.co_names:
        value = names.get(name)
        if id(value) in _NAME_OF:
            names[name] = namespace.get(_NAME_OF[id(value)], value)
        elif isinstance(value, FunctionType) and value.__module__ == formula.__module__:
            names[name] = _bind(value, namespace, done)
    return bound
