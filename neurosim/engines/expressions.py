"""Formulas of single floats as lines of Python, in which every function called is a C function.

A formula runs once on stand-ins, which write down the operators that it applies, in its order: on
floats the lines give the same bits, and raise the same exceptions, as the formula. What cannot be
written down, such as a formula that branches, is called as it stands.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from neurosim.functions import FLOAT

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["WRITTEN", "Expression", "written"]


class _NotWrittenError(Exception):
    """The formula does something that no line stands for."""


def _infix(operator: str) -> Callable[..., Any]:
    return lambda self, other: self.write(f"{{}} {operator} {{}}", self, other)


def _reflected(operator: str) -> Callable[..., Any]:
    return lambda self, other: self.write(f"{{}} {operator} {{}}", other, self)


def _refuse(self: Any) -> Any:
    raise _NotWrittenError


class Expression:
    """Stands for a float, or for a bool, that goes by a name; what is done to it becomes lines."""

    def __init__(self, name: str, lines: list[str]) -> None:
        self.name, self.lines = name, lines

    def write(self, line: str, *operands: Any) -> Expression:
        """Write one more line, and return what stands for its result."""
        result = Expression(f"t{len(self.lines)}", self.lines)
        self.lines.append(f"{result.name} = {line.format(*map(_operand, operands))}")
        return result

    __add__, __radd__ = _infix("+"), _reflected("+")
    __sub__, __rsub__ = _infix("-"), _reflected("-")
    __mul__, __rmul__ = _infix("*"), _reflected("*")
    __truediv__, __rtruediv__ = _infix("/"), _reflected("/")
    __pow__, __rpow__ = _infix("**"), _reflected("**")
    __lt__, __le__, __gt__, __ge__ = _infix("<"), _infix("<="), _infix(">"), _infix(">=")
    __eq__, __ne__ = _infix("=="), _infix("!=")

    def __neg__(self) -> Expression:
        return self.write("-{}", self)

    def __abs__(self) -> Expression:
        return self.write("abs({})", self)

    # A branch or a loop would be written down wrongly, and NumPy's functions are not for floats.
    __bool__ = __float__ = __int__ = __iter__ = _refuse
    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]


def _operand(operand: Any) -> str:
    if isinstance(operand, Expression):
        return operand.name
    if type(operand) not in (float, int) or not math.isfinite(operand):
        raise _NotWrittenError
    # In brackets, as -2.0 ** z is another number than (-2.0) ** z.
    return f"({operand!r})"


def _function(name: str, line: str) -> Callable[..., Any]:
    def function(*operands: Any) -> Any:
        known = [x for x in operands if isinstance(x, Expression)]
        return known[0].write(line, *operands) if known else FLOAT[name](*operands)

    return function


_LINES = {name: f"{name}({{}})" for name in ("exp", "log", "log1p", "tanh", "sqrt", "erf", "abs")}
_LINES |= {
    "maximum": "{0} if {0} >= {1} or {0} != {0} else {1}",
    "minimum": "{0} if {0} <= {1} or {0} != {0} else {1}",
    "where": "{1} if {0} else {2}",
}
WRITTEN: dict[str, Any] = {name: _function(name, line) for name, line in _LINES.items()}
"""The functions of `neurosim.functions` for stand-ins: each is `FLOAT`'s, as a line."""


def written(formula: Callable[..., Any], *names: str) -> tuple[list[str], str] | None:
    """Return lines that compute a formula of some names, and what its result goes by there.

    Parameters
    ----------
    formula : callable
        Bound to `WRITTEN`.
    *names : str
        What its arguments go by.

    Returns
    -------
    (list of str, str) or None
        None where it cannot be written down.

    Examples
    --------
    >>> written(lambda z: 1.0 - z * z, "z")
    (['t0 = z * z', 't1 = (1.0) - t0'], 't1')
    """
    lines: list[str] = []
    try:
        result = formula(*[Expression(name, lines) for name in names])
        return lines, _operand(result)
    except Exception:  # noqa: BLE001 - whatever goes wrong here, the formula itself will tell
        return None
