"""The equation of a step, as its renderers take it apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple, final

from neurosim.tracing.expression import Expression, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.tracing.symbols import Symbol

__all__ = ["MORE", "MOST_TERMS", "Equation", "Line", "Term", "Token", "rounded", "written"]

MOST_TERMS = 12
"""Where a person reads it, of a sum with more terms the first two and the last are written."""
MORE = re.compile(r"\.\.\. \((\d+) more\) \.\.\.")
"""What then stands for the others: ``... (97 more) ...``."""

# A number at full precision; whole numbers such as the 2 of a square stay as they are.
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+(?:e[+-]?\d+)?|e[+-]?\d+)")


def rounded(arithmetic: str, digits: int | None) -> str:
    """Return plain arithmetic with its numbers rounded to significant digits; signs stay.

    >>> rounded("0.14999999*(-0.05)**2", 3)
    '0.15*(-0.05)**2'
    """
    if digits is None:
        return arithmetic
    return _NUMBER.sub(lambda found: f"{float(found[0]):.{digits}g}", arithmetic)


class Token(NamedTuple):
    """A piece of an expression, from left to right.

    Attributes
    ----------
    text : str
        As it is written: an operator, a bracket, a constant, a symbol, or a symbol's number.
    symbol : Symbol or None
        What is written there, or what the number is called; ``symbol.subjects`` are the labels of
        the neurons and edges that it belongs to.
    value : float or None
        Its number.
    """

    text: str
    symbol: Symbol | None = None
    value: float | None = None


class Line(NamedTuple):
    """An equation as four texts: ``left = symbols = numbers = value``."""

    left: str
    symbols: str
    numbers: str
    value: str

    @property
    def right(self) -> tuple[str, ...]:
        """What follows each equals sign; a number that is the result already is not said twice."""
        same = self.numbers in (self.value, f"({self.value})")
        return (self.symbols, *(() if same else (self.numbers,)), self.value)


class Term(NamedTuple):
    """A term of a sum.

    Attributes
    ----------
    symbols, numbers : Expression
    value : float
    running : float
        The sum as far as this term, from left to right.
    """

    symbols: Expression
    numbers: Expression
    value: float
    running: float


@final
@dataclass(frozen=True, eq=False)
class Equation:
    """``left = symbols = numbers = value``.

    Attributes
    ----------
    left : Symbol
    symbols, numbers : Expression
        The right-hand side by name, and with this step's numbers; `tokens` reads them piece by
        piece, and they are trees for who needs more.
    value : float

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network(
    ...     [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])]
    ... )
    >>> equation = net.trace([2.0], [9.0])[0].equation
    >>> equation.line(notation="book", digits=3)
    Line(left='z_1^2', symbols='w_11^2*a_1^1 + b_1^2', numbers='3*2 + 1', value='7')
    >>> [token.symbol.subjects for token in equation.tokens(equation.numbers) if token.symbol]
    [('input[0]->output[0]',), ('input[0]',), ('output[0]',)]
    >>> [(term.value, term.running) for term in equation.terms]
    [(6.0, 6.0), (1.0, 7.0)]
    """

    left: Symbol
    symbols: Expression
    numbers: Expression
    value: float

    def tokens(
        self,
        side: Expression,
        notation: str = "labels",
        digits: int | None = None,
        most: int | None = None,
    ) -> Iterator[Token]:
        """Yield the pieces of `symbols` or `numbers`, or of a part of them.

        Of a sum of more than `most` terms come the first two, ``... (97 more) ...``, and the last.
        """
        return _tokens(side, notation, digits, most)

    def line(
        self, notation: str = "labels", digits: int | None = None, most: int | None = None
    ) -> Line:
        """Return the equation as texts; long sums shortened as in `tokens`."""
        return Line(
            self.left.written(notation),
            written(self.symbols, notation, digits, most),
            written(self.numbers, notation, digits, most),
            rounded(repr(self.value), digits),
        )

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms of the sum that the right-hand side begins with; none, where it has no sum.

        Of ``(w[h->o1]*delta[o1] + w[h->o2]*delta[o2])*s'(z[h])`` the two in the brackets.
        """
        names, numbers = _leading_sum(self.symbols), _leading_sum(self.numbers)
        if len(names) != len(numbers):
            # In symbols a sum over samples is said in words: its terms are told by their numbers.
            names = tuple(map(_named, numbers))
        running = accumulate(number.value for number in numbers)
        return tuple(
            Term(name, number, number.value, total)
            for name, number, total in zip(names, numbers, running, strict=True)
        )


def _leading_sum(expression: Expression) -> tuple[Expression, ...]:
    inner: Any = expression
    while True:
        found: tuple[Expression, ...] = inner.summands
        if len(found) > 1:
            return found
        parts = [piece for piece in inner.pieces if not isinstance(piece, str) or piece != "("]
        if inner.symbol is not None or not parts or isinstance(parts[0], str):
            return ()
        inner = parts[0]


def _named(number: Expression) -> Expression:
    """Return an expression of numbers with the names of the numbers in their place."""
    if number.symbol is not None:
        return named(number.symbol, number.value)
    inner = number.pieces[1] if len(number.pieces) == 3 else None
    if isinstance(inner, Expression) and inner.symbol is not None and str(number.pieces[0]) == "(":
        # A name needs no brackets, as a negative number does.
        return named(inner.symbol, inner.value)
    pieces = tuple(x if isinstance(x, str) else _named(x) for x in number.pieces)
    return Expression(pieces, number.value, number.level)


def _tokens(
    side: Expression, notation: str, digits: int | None, most: int | None
) -> Iterator[Token]:
    for piece in side.tokens(most):
        if isinstance(piece, str):
            yield Token(rounded(piece, digits))
        elif piece.is_name:
            assert piece.symbol is not None
            yield Token(piece.symbol.written(notation), piece.symbol, piece.value)
        else:
            yield Token(rounded(piece.text, digits), piece.symbol, piece.value)


def written(
    side: Expression,
    notation: str = "labels",
    digits: int | None = None,
    most: int | None = None,
) -> str:
    """Return an expression as text, in a notation and with rounded numbers."""
    return "".join(token.text for token in _tokens(side, notation, digits, most))
