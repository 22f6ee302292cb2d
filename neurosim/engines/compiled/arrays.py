"""The functions of `neurosim.functions` for tables of coupled neurons, of which each has a row.

Reductions keep their axis, so that ``z - largest(z)`` is one row taken from every row.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from neurosim.engines.compiled import mathematics

__all__ = ["COUPLED"]

_exp, _log, _log1p = mathematics.exp, mathematics.log, mathematics.log1p
_tanh, _erf, _maximum = mathematics.tanh, mathematics.erf, mathematics.maximum


def exp(x: Any) -> Any:
    """Return e^x of every number."""
    out = np.empty_like(x)
    for i in range(x.shape[0]):
        for s in range(x.shape[1]):
            out[i, s] = _exp(x[i, s])
    return out


def log(x: Any) -> Any:
    """Return the logarithm of every number."""
    out = np.empty_like(x)
    for i in range(x.shape[0]):
        for s in range(x.shape[1]):
            out[i, s] = _log(x[i, s])
    return out


def log1p(x: Any) -> Any:
    """Return log(1 + x) of every number."""
    out = np.empty_like(x)
    for i in range(x.shape[0]):
        for s in range(x.shape[1]):
            out[i, s] = _log1p(x[i, s])
    return out


def tanh(x: Any) -> Any:
    """Return the hyperbolic tangent of every number."""
    out = np.empty_like(x)
    for i in range(x.shape[0]):
        for s in range(x.shape[1]):
            out[i, s] = _tanh(x[i, s])
    return out


def erf(x: Any) -> Any:
    """Return the error function of every number."""
    out = np.empty_like(x)
    for i in range(x.shape[0]):
        for s in range(x.shape[1]):
            out[i, s] = _erf(x[i, s])
    return out


def largest(x: Any) -> Any:
    """Return the largest number of every column, NaN where one is NaN: ``(1, n)``."""
    out = x[:1].copy()
    for i in range(1, x.shape[0]):
        for s in range(x.shape[1]):
            out[0, s] = _maximum(out[0, s], x[i, s])
    return out


def total(x: Any) -> Any:
    """Return the sum of every column: ``(1, n)``."""
    out = x[:1].copy()
    for i in range(1, x.shape[0]):
        for s in range(x.shape[1]):
            out[0, s] += x[i, s]
    return out


def first_largest(x: Any) -> Any:
    """Return 1 at the first of the largest numbers of every column, else 0."""
    out = np.zeros_like(x)
    for s in range(x.shape[1]):
        winner = 0
        for i in range(1, x.shape[0]):
            if x[i, s] > x[winner, s] or (x[i, s] != x[i, s] and x[winner, s] == x[winner, s]):
                winner = i
        out[winner, s] += 1
    return out


COUPLED: dict[str, Any] = {
    "exp": exp,
    "log": log,
    "log1p": log1p,
    "tanh": tanh,
    "erf": erf,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "where": np.where,
    "largest": largest,
    "total": total,
    "first_largest": first_largest,
}
"""By the name that formulas use."""
