"""Tables that hold everything once, so that a page of thousands of equations stays small.

A step of a page is a row of numbers into these tables. The same equation with other numbers, of the
next learning step or of another sample, is the same row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from neurosim.tracing.equation import Equation, Term, Token
    from neurosim.tracing.steps import Step
    from neurosim.tracing.symbols import Indexed, Symbol

__all__ = ["Interned", "Quantities", "Tables"]


@final
class Interned:
    """A list in which equal entries stand once.

    >>> table = Interned()
    >>> table.index("a"), table.index("b"), table.index("a"), table.entries
    (0, 1, 0, ['a', 'b'])
    """

    def __init__(self) -> None:
        self._index: dict[Hashable, int] = {}

    def index(self, entry: Hashable) -> int:
        """Return where an entry stands, which is put at the end where it is new."""
        return self._index.setdefault(entry, len(self._index))

    @property
    def entries(self) -> list[Any]:
        """The entries, in order."""
        return list(self._index)

    def __len__(self) -> int:
        return len(self._index)


@final
class Quantities:
    """The numbers of one learning step by quantity: a symbol at a sample."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._known: dict[tuple[int, int | None, int], str] = {}
        self.values: dict[int, float] = {}

    def index(self, symbol: Symbol, value: float, sample: int | None) -> int:
        """Return the number of a quantity; it has this value from now on."""
        name, written, again = self._tables.symbol(symbol), repr(value), 0
        # The same name for another number is another quantity.
        while self._known.setdefault((name, sample, again), written) != written:
            again += 1
        found = self._tables.quantities.index((name, sample, again))
        self.values[found] = value
        return found


@final
class Tables:
    """What steps are made of.

    Attributes
    ----------
    texts : Interned of str
    owners : Interned of (text, below, above)
        What letters belong to: a label, and a book's subscript and superscript.
    symbols : Interned of tuples
        Of every symbol its parts: a text as its number, a letter as (text, owner).
    quantities : Interned of (symbol, sample, count)
    sides : Interned of tuples
        Expressions as tokens: q of quantity q, and -1 - t of text t.
    equations : Interned of (symbols, numbers, explanation, of symbols, of numbers)
        Two sides, a text, and which tokens of the two sides are the terms of their sum: a start
        and a count each.
    size : int
        The number of tokens in the sides, which says how large the page will be.
    """

    def __init__(self) -> None:
        self.texts, self.owners, self.symbols = Interned(), Interned(), Interned()
        self.quantities, self.sides, self.equations = Interned(), Interned(), Interned()
        self._symbols: dict[str, int] = {}
        self.size = 0

    def symbol(self, symbol: Symbol) -> int:
        """Return the number of a symbol."""
        # Two symbols may be written alike only where they name the same.
        name = repr(symbol)
        if name not in self._symbols:
            parts = (
                self.texts.index(part) if isinstance(part, str) else self._letter(part)
                for part in symbol.parts
            )
            self._symbols[name] = self.symbols.index(tuple(parts))
        return self._symbols[name]

    def _letter(self, one: Indexed) -> tuple[int, int]:
        owner = self.owners.index((self.texts.index(one.subject), one.below, one.above))
        return self.texts.index(one.letter), owner

    def equation(self, step: Step, quantities: Quantities) -> tuple[int, tuple[Term, ...]]:
        """Return the number of a step's equation, and its terms."""
        equation, terms = step.equation, step.equation.terms
        symbols = self._tokens(equation, equation.symbols, step, quantities)
        numbers = self._tokens(equation, equation.numbers, step, quantities)
        found = [
            [self._tokens(equation, getattr(term, side), step, quantities) for term in terms]
            for side in ("symbols", "numbers")
        ]
        places = _places(numbers, found[1])
        row = (
            self._side(symbols),
            self._side(numbers),
            self.texts.index(step.explanation),
            _places(symbols, found[0]),
            places,
        )
        return self.equations.index(row), terms if places else ()

    def _tokens(
        self, equation: Equation, side: Any, step: Step, quantities: Quantities
    ) -> tuple[int, ...]:
        return tuple(
            -1 - self.texts.index(token.text)
            if token.symbol is None or token.value is None
            else quantities.index(token.symbol, token.value, step.sample)
            for token in _bare(list(equation.tokens(side)))
        )

    def _side(self, tokens: tuple[int, ...]) -> int:
        known = len(self.sides)
        index = self.sides.index(tokens)
        self.size += len(tokens) if index == known else 1
        return index


def _bare(tokens: list[Token]) -> Iterable[Token]:
    """Yield tokens without the brackets of negative numbers, which the page sets again.

    So an equation is the same row, whatever the signs of its numbers are.
    """
    texts = [token.text if token.symbol is None else "" for token in tokens]
    alone = {
        k
        for k in range(1, len(tokens) - 1)
        if tokens[k].symbol is not None and texts[k - 1] == "(" and texts[k + 1] == ")"
    }
    return (token for k, token in enumerate(tokens) if k + 1 not in alone and k - 1 not in alone)


def _places(side: tuple[int, ...], terms: list[tuple[int, ...]]) -> tuple[int, ...]:
    """Return where terms stand in their side, one after the other; () where they do not."""
    found: list[int] = []
    at = 0
    for term in terms:
        last = len(side) - len(term)
        while at <= last and side[at : at + len(term)] != term:
            at += 1
        if at > last:
            return ()
        found += [at, len(term)]
        at += len(term)
    return tuple(found)
