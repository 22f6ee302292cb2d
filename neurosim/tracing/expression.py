"""Operands that write down what is done to them.

A formula of `neurosim.functions` bound to `TEXT` and called with `Expression`s gives an expression
back: the arithmetic as plain Python text, and its value. That is how a trace knows the equation of
any kind of neuron, a person's own included, from its one definition.
"""

from __future__ import annotations

import builtins
import math
import operator
from typing import TYPE_CHECKING, Any, ClassVar, final

import numpy as np

from neurosim.functions import FLOAT, NUMPY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from neurosim.tracing.symbols import Symbol

__all__ = ["TEXT", "Expression", "constant", "named", "number", "operand", "total"]

# How tightly an expression holds together. A negative number is bracketed beside any operator.
NEGATIVE, SUM, PRODUCT, POWER, ATOM = range(5)

_OPERATORS: dict[str, tuple[int, str, Callable[..., Any], Callable[..., Any]]] = {
    "+": (SUM, " + ", operator.add, np.add),
    "-": (SUM, " - ", operator.sub, np.subtract),
    "*": (PRODUCT, "*", operator.mul, np.multiply),
    "/": (PRODUCT, " / ", operator.truediv, np.divide),
    "**": (POWER, "**", math.pow, np.power),
}


def _computed(plain: Any, array: Any, *values: float) -> tuple[float, bool]:
    """Return the number, and whether Python gives it, too, rather than an error."""
    try:
        return float(plain(*values)), True
    except (OverflowError, ZeroDivisionError, ValueError):
        with np.errstate(all="ignore"):
            return float(array(*map(np.float64, values))), False


@final
class Expression:
    """Arithmetic as text, and its value.

    Attributes
    ----------
    text : str
        Plain Python arithmetic; evaluated in the order written, it gives the value bit for bit.
    value : float
    level : int
        How tightly the text holds together: whether an operator beside it needs brackets.
    symbol : Symbol or None
        What it is called, where it is one number that has a name.
    sound : bool
        Whether Python can evaluate the text: no overflow, no division by zero on the way.

    Examples
    --------
    >>> z = number(-0.5)
    >>> (1 / (1 + TEXT["exp"](-z))).text
    '1 / (1 + exp(-(-0.5)))'
    """

    __slots__ = ("level", "pieces", "sound", "symbol", "value")
    # A comparison is by value, so an expression is no key.
    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __init__(
        self,
        pieces: tuple[str | Expression, ...],
        value: float,
        level: int,
        sound: bool = True,
        symbol: Symbol | None = None,
    ) -> None:
        self.pieces, self.value, self.level, self.sound = pieces, value, level, sound
        self.symbol = symbol

    def tokens(self, most: int | None = None) -> Iterator[str | Expression]:
        """Yield the text piece by piece: a number that has a name as the expression it is.

        Of a sum of more than `most` terms come the first two and the last, for a reader's eyes.
        """
        left: list[str | Expression] = [self]
        # A stack of its own: an expression may be nested more deeply than Python's.
        while left:
            piece = left.pop()
            if isinstance(piece, str) or piece.symbol is not None:
                yield piece
            else:
                left.extend(reversed(piece.pieces if most is None else piece._few(most)))

    def _few(self, most: int) -> tuple[str | Expression, ...]:
        terms = self.summands
        if len(terms) <= max(most, 3):
            return self.pieces
        first, second, *more, last = terms
        return (first, " + ", second, " + ", f"... ({len(more)} more) ...", " + ", last)

    @property
    def text(self) -> str:
        """The expression as plain Python arithmetic."""
        found = (x if isinstance(x, str) else str(x.pieces[0]) for x in self.tokens())
        return "".join(found)

    @property
    def is_name(self) -> bool:
        """Whether it is one number, written by name."""
        return self.symbol is not None and self.pieces[0] == self.symbol.written()

    @property
    def summands(self) -> tuple[Expression, ...]:
        """What is added up from left to right; the expression alone, where it is no sum."""
        first: Any = self
        found: list[Any] = []
        while first.symbol is None and first.level == SUM and _is_sum(first.pieces):
            found += reversed(first.pieces[2::2])
            first = first.pieces[0]
        return (first, *reversed(found))

    def inside(self, level: int) -> Expression:
        """Return the expression, in brackets where it holds less tightly than `level`."""
        if self.level >= level:
            return self
        return Expression(("(", self, ")"), self.value, ATOM, self.sound)

    def __add__(self, other: Any) -> Any:
        return _combined(self, "+", other)

    def __radd__(self, other: Any) -> Any:
        return _combined(other, "+", self)

    def __sub__(self, other: Any) -> Any:
        return _combined(self, "-", other)

    def __rsub__(self, other: Any) -> Any:
        return _combined(other, "-", self)

    def __mul__(self, other: Any) -> Any:
        return _combined(self, "*", other)

    def __rmul__(self, other: Any) -> Any:
        return _combined(other, "*", self)

    def __truediv__(self, other: Any) -> Any:
        return _combined(self, "/", other)

    def __rtruediv__(self, other: Any) -> Any:
        return _combined(other, "/", self)

    def __pow__(self, other: Any) -> Any:
        return _combined(self, "**", other)

    def __rpow__(self, other: Any) -> Any:
        return _combined(other, "**", self)

    def __neg__(self) -> Expression:
        return Expression(("-", self.inside(POWER)), -self.value, NEGATIVE, self.sound)

    def __pos__(self) -> Expression:
        return self

    def __abs__(self) -> Expression:
        return -self if self.value < 0 else self

    def __bool__(self) -> bool:
        return bool(self.value)

    def __lt__(self, other: Any) -> Any:
        return _compared(operator.lt, self, other)

    def __le__(self, other: Any) -> Any:
        return _compared(operator.le, self, other)

    def __gt__(self, other: Any) -> Any:
        return _compared(operator.gt, self, other)

    def __ge__(self, other: Any) -> Any:
        return _compared(operator.ge, self, other)

    def __eq__(self, other: object) -> Any:
        return _compared(operator.eq, self, other)

    def __ne__(self, other: object) -> Any:
        return _compared(operator.ne, self, other)

    def __repr__(self) -> str:
        return f"Expression({self.text!r}, {self.value!r})"


def _is_sum(pieces: tuple[str | Expression, ...]) -> bool:
    # By type first: a comparison of expressions is one of values.
    return all(isinstance(piece, str) and piece == " + " for piece in pieces[1::2])


def number(value: float, symbol: Symbol | None = None) -> Expression:
    """Return a number at full precision; it may be known what it is called.

    >>> (number(0.1) * number(-2.5)).text
    '0.1*(-2.5)'
    """
    level = NEGATIVE if math.copysign(1.0, value) < 0 else ATOM
    return Expression((repr(value),), value, level, symbol=symbol)


def constant(value: float) -> Expression:
    """Return a number that a formula holds: 1, where a book writes 1.

    >>> constant(1.0).text, constant(0.01).text
    ('1', '0.01')
    """
    whole = value.is_integer() and builtins.abs(value) < 1e6
    if not whole or (value == 0 and math.copysign(1.0, value) < 0):
        return number(value)
    return Expression((str(int(value)),), value, NEGATIVE if value < 0 else ATOM)


def named(symbol: Symbol, value: float) -> Expression:
    """Return a number under its name.

    >>> from neurosim.tracing.symbols import Symbol
    >>> (1 - named(Symbol("rate"), 0.3)).text
    '1 - rate'
    """
    return Expression((symbol.written(),), value, ATOM, symbol=symbol)


def operand(x: Any) -> Expression:
    """Return `x` as an expression; a number is a `constant`.

    Raises
    ------
    TypeError
        It is neither.
    """
    if isinstance(x, Expression):
        return x
    if isinstance(x, np.ndarray) and x.ndim == 0:
        return operand(x.item())
    if isinstance(x, bool | int | float | np.generic):
        return constant(float(x))
    raise TypeError(f"{type(x).__name__} is no operand of an expression")


def _combined(left: Any, sign: str, right: Any) -> Any:
    try:
        one, other = operand(left), operand(right)
    except TypeError:
        # An array does it number by number.
        return NotImplemented
    level, between, plain, array = _OPERATORS[sign]
    value, fine = _computed(plain, array, one.value, other.value)
    # Left to right, as Python reads it; a power is bracketed on both sides.
    first = one.inside(level + 1 if sign == "**" else level)
    pieces = (first, between, other.inside(level + 1))
    return Expression(pieces, value, level, fine and one.sound and other.sound)


def _compared(comparison: Callable[[float, float], bool], left: Expression, right: Any) -> Any:
    try:
        return comparison(left.value, operand(right).value)
    except TypeError:
        return NotImplemented


def total(expressions: Iterable[Any]) -> Expression:
    """Return the sum from left to right; 0 of none.

    >>> total([number(0.5), number(-2.0), number(1.0)]).text
    '0.5 + (-2.0) + 1.0'
    """
    terms = [operand(x) for x in expressions]
    if len(terms) < 2:
        return terms[0] if terms else constant(0.0)
    pieces: list[str | Expression] = [terms[0].inside(SUM)]
    value = terms[0].value
    for term in terms[1:]:
        pieces += [" + ", term.inside(PRODUCT)]
        value += term.value
    return Expression(tuple(pieces), value, SUM, all(term.sound for term in terms))


# -- the functions of formulas -----------------------------------------------------------------


def _call(name: str, value: float, *arguments: Expression, fine: bool = True) -> Expression:
    pieces: list[str | Expression] = [f"{name}("]
    for argument in arguments:
        pieces += [argument, ", "]
    pieces[-1] = ")"
    return Expression(tuple(pieces), value, ATOM, fine and all(x.sound for x in arguments))


def _written(name: str) -> Callable[[Expression], Expression]:
    def written(x: Expression) -> Expression:
        value, fine = _computed(FLOAT[name], NUMPY[name], x.value)
        return _call(name, value, x, fine=fine)

    return written


def _log1p(x: Expression) -> Expression:
    """log(1 + x); for small x, where 1 + x has lost digits, a form of it that has not."""
    value, fine = _computed(math.log1p, np.log1p, x.value)
    one = 1 + x
    if not fine or builtins.abs(math.log(one.value) - value) <= 1e-13 * builtins.abs(value):
        return _call("log", value, one, fine=fine)
    if one.value == 1.0:
        return x
    # Kahan: the rounding of 1 + x in the numerator is undone by that in the denominator.
    kahan: Expression = _call("log", math.log(one.value), one) * x / (one - 1)
    return Expression(kahan.pieces, value, kahan.level, kahan.sound)


def _maximum(x: Expression, y: Expression) -> Expression:
    return _call("max", FLOAT["maximum"](x.value, y.value), x, y)


def _minimum(x: Expression, y: Expression) -> Expression:
    return _call("min", FLOAT["minimum"](x.value, y.value), x, y)


def _where(condition: Any, yes: Any, no: Any) -> Any:
    if isinstance(condition, np.ndarray) and condition.ndim:
        return np.where(condition, yes, no)
    return yes if condition else no


def _each(function: Callable[..., Expression]) -> Callable[..., Any]:
    """Let a function of expressions take arrays of them, too."""

    def spread(*arguments: Any) -> Any:
        if any(isinstance(x, np.ndarray) and x.ndim for x in arguments):
            return np.frompyfunc(spread, len(arguments), 1)(*arguments)
        return function(*map(operand, arguments))

    return spread


def _largest(x: Any) -> Expression:
    return max(map(operand, x), key=operator.attrgetter("value"))


def _first_largest(x: Any) -> Any:
    values = [operand(entry).value for entry in x]
    winner = int(np.argmax(values))
    return np.array([constant(float(i == winner)) for i in range(len(values))], dtype=object)


TEXT: dict[str, Callable[..., Any]] = {
    **{name: _each(_written(name)) for name in ("exp", "log", "tanh", "sqrt", "erf")},
    "log1p": _each(_log1p),
    "abs": _each(builtins.abs),
    "maximum": _each(_maximum),
    "minimum": _each(_minimum),
    "where": _where,
    "largest": _largest,
    "total": total,
    "first_largest": _first_largest,
}
"""Implementations for expressions; ``where`` writes only the branch that holds here."""
