"""The error function of arrays, which NumPy lacks: 2 / sqrt(pi) times the integral of exp(-t^2).

Rational approximations of W. J. Cody, "Rational Chebyshev Approximations for the Error Function",
Mathematics of Computation 23 (1969): x P(x^2) near 0, and 1 - exp(-x^2) P(|x|) further out. The
error is below 1e-15; from 6 on, erf is 1 to the last digit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["array_erf"]

# Each is a quotient of two polynomials, highest power first.
_NEAR = (
    (
        1.85777706184603153e-1,
        3.16112374387056560e0,
        1.13864154151050156e2,
        3.77485237685302021e2,
        3.20937758913846947e3,
    ),
    (
        1.0,
        2.36012909523441209e1,
        2.44024637934444173e2,
        1.28261652607737228e3,
        2.84423683343917062e3,
    ),
)
_FAR = (
    (
        2.15311535474403846e-8,
        5.64188496988670089e-1,
        8.88314979438837594e0,
        6.61191906371416295e1,
        2.98635138197400131e2,
        8.81952221241769090e2,
        1.71204761263407058e3,
        2.05107837782607147e3,
        1.23033935479799725e3,
    ),
    (
        1.0,
        1.57449261107098347e1,
        1.17693950891312499e2,
        5.37181101862009858e2,
        1.62138957456669019e3,
        3.29079923573345963e3,
        4.36261909014324716e3,
        3.43936767414372164e3,
        1.23033935480374942e3,
    ),
)


def array_erf(x: Any) -> Any:
    """Return erf of every number; float32 stays float32, whole numbers become float64.

    Parameters
    ----------
    x : array or number

    Returns
    -------
    array of the shape of x

    Examples
    --------
    >>> array_erf(np.array([0.0, 0.5, -10.0]))
    array([ 0.        ,  0.52049988, -1.        ])
    """
    x = np.asarray(x)
    x = x if x.dtype.kind == "f" else x.astype(np.float64)
    size = np.minimum(np.abs(x), x.dtype.type(6.0))
    square = size * size
    near = x * _quotient(_NEAR, square)
    far = 1.0 - np.exp(-square) * _quotient(_FAR, size)
    return np.where(size <= 0.46875, near, np.copysign(far, x)).astype(x.dtype)[()]


def _quotient(polynomials: tuple[tuple[float, ...], tuple[float, ...]], x: Any) -> Any:
    over, under = (_polynomial(coefficients, x) for coefficients in polynomials)
    over /= under
    return over


def _polynomial(coefficients: tuple[float, ...], x: Any) -> Any:
    """Horner's scheme, in place."""
    highest, *others, last = coefficients
    value = highest * x
    for coefficient in others:
        value += coefficient
        value *= x
    value += last
    return value
