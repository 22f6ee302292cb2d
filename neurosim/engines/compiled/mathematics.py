"""The functions of `neurosim.functions` for numbers of one type, in a form that vectorizes.

A library's ``exp`` is a call, and a loop with a call in it computes one number at a time. These
are plain arithmetic without branches, which the compiler turns into eight or sixteen numbers at a
time. Errors are a few units in the last place; overflow, inf and NaN come out as in NumPy.

The names in capitals and the series are bound for float64 or float32, see `constants`.

Sources: Cody, Waite, "Software Manual for the Elementary Functions", 1980 (exp); Sun Microsystems,
fdlibm, 1993 (log); Kahan (log1p); Cody, "Rational Chebyshev Approximations for the Error Function",
1969 (erf).
"""

from __future__ import annotations

import builtins
import math
from typing import Any

import numpy as np

from neurosim.erf import _FAR, _NEAR

__all__ = ["SCALAR", "constants"]

# What `constants` binds; here for float64, so that the functions are plain Python, too.
LOG2_E, LN2_HIGH, LN2_LOW = 1.4426950408889634, 6.93147180369123816490e-01, 1.90821492927058770e-10
HIGHEST, LOWEST, TANH_END, SHIFTER = 710.0, -746.0, 44.0, 6755399441055744.0
SMALLEST, RAISE, RAISED = 2.2250738585072014e-308, 2.0**54, 54.0
INFINITY, NAN = math.inf, math.nan
NEAR_OVER, NEAR_UNDER = _NEAR
FAR_OVER, FAR_UNDER = _FAR
_root, _magnitude = math.sqrt, builtins.abs


def exp_series64(r: Any) -> Any:
    """Return e^r - 1 for |r| <= ln(2) / 2, by Taylor's series up to r^13."""
    p = 1.6059043836821613e-10
    p = p * r + 2.08767569878681e-09
    p = p * r + 2.505210838544172e-08
    p = p * r + 2.755731922398589e-07
    p = p * r + 2.7557319223985893e-06
    p = p * r + 2.48015873015873e-05
    p = p * r + 0.0001984126984126984
    p = p * r + 0.001388888888888889
    p = p * r + 0.008333333333333333
    p = p * r + 0.041666666666666664
    p = p * r + 0.16666666666666666
    p = p * r + 0.5
    return r + r * r * p


def exp_series32(r: Any) -> Any:
    """Return e^r - 1 for |r| <= ln(2) / 2, by Taylor's series up to r^7."""
    p = 0.0001984126984126984
    p = p * r + 0.001388888888888889
    p = p * r + 0.008333333333333333
    p = p * r + 0.041666666666666664
    p = p * r + 0.16666666666666666
    p = p * r + 0.5
    return r + r * r * p


def log_series64(z: Any) -> Any:
    """Return fdlibm's polynomial of log((1 + s) / (1 - s)), in z = s^2."""
    p = 1.479819860511658591e-01
    p = p * z + 1.531383769920937332e-01
    p = p * z + 1.818357216161805012e-01
    p = p * z + 2.222219843214978396e-01
    p = p * z + 2.857142874366239149e-01
    p = p * z + 3.999999999940941908e-01
    p = p * z + 6.666666666666735130e-01
    return z * p


def log_series32(z: Any) -> Any:
    """Return the same to float32's precision."""
    p = 0.24279078841
    p = p * z + 0.28498786688
    p = p * z + 0.40000972152
    p = p * z + 0.66666662693
    return z * p


exp_series, log_series = exp_series64, log_series64


def power_of_two(n: Any) -> Any:
    """Return 2^n for a whole n in the range of normal numbers; compiled by hand."""
    return math.ldexp(1.0, int(n)) if n == n else n


def significand(x: Any) -> Any:
    """Return the m of x = 2^k m with sqrt(1/2) <= m < sqrt(2); compiled by hand."""
    m, _ = math.frexp(x)
    return m if m >= math.sqrt(0.5) else 2 * m


def exponent(x: Any) -> Any:
    """Return the k of x = 2^k m with sqrt(1/2) <= m < sqrt(2); compiled by hand."""
    m, k = math.frexp(x)
    return float(k if m >= math.sqrt(0.5) else k - 1)


def nearest(x: Any) -> Any:
    """Return the nearest whole number: 1.5 2^52 leaves no room for digits behind the point."""
    return (x + SHIFTER) - SHIFTER


def remainder(x: Any, n: Any) -> Any:
    """Return x - n ln 2, with ln 2 in two parts, so that n times the first is exact."""
    return (x - n * LN2_HIGH) - n * LN2_LOW


def exp(x: Any) -> Any:
    """Return e^x = 2^n e^r with x = n ln 2 + r."""
    x = min(x, HIGHEST)
    x = max(x, LOWEST)
    n = nearest(x * LOG2_E)
    # In two factors, as 2^n itself may be too large or too small.
    half = nearest(0.5 * n)
    return (1.0 + exp_series(remainder(x, n))) * power_of_two(half) * power_of_two(n - half)


def tanh(x: Any) -> Any:
    """Return t / (t + 2) with t = e^(2 |x|) - 1 = 2^n (e^r - 1) + (2^n - 1), with x's sign."""
    y = 2.0 * abs(x)
    y = min(y, TANH_END)
    n = nearest(y * LOG2_E)
    scale = power_of_two(n)
    t = scale * exp_series(remainder(y, n)) + (scale - 1.0)
    t = t / (t + 2.0)
    return -t if x < 0 else t


def log(x: Any) -> Any:
    """Return k ln 2 + log(m) with x = 2^k m; log(m) from s = (m - 1) / (m + 1)."""
    tiny = x < SMALLEST
    y = x * RAISE if tiny else x
    k = exponent(y) - (RAISED if tiny else 0.0)
    f = significand(y) - 1.0
    s = f / (2.0 + f)
    half = 0.5 * f * f
    value = k * LN2_HIGH - ((half - (s * (half + log_series(s * s)) + k * LN2_LOW)) - f)
    value = value if x < INFINITY else x
    special = -INFINITY if x == 0 else NAN
    return special if x <= 0 else value


def log1p(x: Any) -> Any:
    """Return log(u) x / (u - 1) with u = 1 + x: what rounding did to u is undone."""
    u = 1.0 + x
    value = log(u) * (x / (u - 1.0))
    value = value if u < INFINITY else u
    value = value if u > 0 else log(u)
    return x if u == 1.0 else value


def polynomial(coefficients: Any, x: Any) -> Any:
    """Return Horner's scheme, the highest power first."""
    value = coefficients[0]
    for i in range(1, len(coefficients)):
        value = value * x + coefficients[i]
    return value


def erf(x: Any) -> Any:
    """Return x P(x^2) near 0, and 1 - exp(-x^2) P(|x|) further out, with x's sign."""
    size = abs(x)
    size = min(size, 6.0)
    square = size * size
    near = x * (polynomial(NEAR_OVER, square) / polynomial(NEAR_UNDER, square))
    far = 1.0 - exp(-square) * (polynomial(FAR_OVER, size) / polynomial(FAR_UNDER, size))
    far = -far if x < 0 else far
    return near if size <= 0.46875 else far


def sqrt(x: Any) -> Any:
    """Return the square root."""
    return _root(x)


def abs(x: Any) -> Any:
    """Return the magnitude."""
    return _magnitude(x)


def maximum(x: Any, y: Any) -> Any:
    """Return the larger, NaN where one of them is; `|`, unlike `or`, makes no branch."""
    return x if (x >= y) | (x != x) else y


def minimum(x: Any, y: Any) -> Any:
    """Return the smaller, NaN where one of them is."""
    return x if (x <= y) | (x != x) else y


def where(condition: Any, yes: Any, no: Any) -> Any:
    """Return `yes` where the condition holds, else `no`."""
    return yes if condition else no


SCALAR: dict[str, Any] = {
    "exp": exp,
    "log": log,
    "log1p": log1p,
    "tanh": tanh,
    "sqrt": sqrt,
    "abs": abs,
    "erf": erf,
    "maximum": maximum,
    "minimum": minimum,
    "where": where,
}
"""By the name that formulas use."""


def constants(dtype: Any) -> dict[str, Any]:
    """Return what the names in capitals and the series stand for in a dtype."""
    number = np.dtype(dtype).type
    own: dict[str, Any] = {
        "LOG2_E": LOG2_E,
        "LN2_HIGH": LN2_HIGH,
        "LN2_LOW": LN2_LOW,
        "HIGHEST": HIGHEST,
        "LOWEST": LOWEST,
        "TANH_END": TANH_END,
        "SHIFTER": SHIFTER,
        "SMALLEST": SMALLEST,
        "RAISE": RAISE,
        "RAISED": RAISED,
    }
    if number is np.float32:
        own |= {"LN2_HIGH": 6.9314575195e-01, "LN2_LOW": 1.4286067653e-06}
        own |= {"HIGHEST": 89.0, "LOWEST": -104.0, "TANH_END": 20.0, "SHIFTER": 12582912.0}
        own |= {"SMALLEST": 1.1754943508222875e-38, "RAISE": 2.0**25, "RAISED": 25.0}
    own |= {"INFINITY": math.inf, "NAN": math.nan}
    own = {name: number(value) for name, value in own.items()}
    for name in ("NEAR_OVER", "NEAR_UNDER", "FAR_OVER", "FAR_UNDER"):
        own[name] = tuple(number(c) for c in globals()[name])
    narrow = number is np.float32
    own["exp_series"] = exp_series32 if narrow else exp_series64
    own["log_series"] = log_series32 if narrow else log_series64
    return own
