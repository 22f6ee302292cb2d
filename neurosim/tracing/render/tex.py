r"""An equation in TeX, on lines that fit a page.

Renderers hand over `Pen`: the notation, the digits, and how a label is written. What an equation is
made of comes as tokens, from left to right, and is read once more as a tree of brackets: short
quotients become fractions and short exponentials powers; everything else stays on the line, where
it can be broken before an operator.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from neurosim.tracing.equation import MORE, MOST_TERMS
from neurosim.tracing.render.boxes import (
    INDENT,
    OPERATOR,
    SCRIPT,
    SIGNS,
    Box,
    Brackets,
    Item,
    Sign,
    joined,
    laid,
    lines,
)
from neurosim.tracing.symbols import Indexed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from neurosim.tracing.equation import Equation
    from neurosim.tracing.expression import Expression
    from neurosim.tracing.symbols import Symbol

__all__ = ["Pen"]

_GREEK = ("alpha", "beta", "gamma", "delta", "epsilon")
_GIVEN = {**{name: f"\\{name}" for name in _GREEK}, "zhat": r"\hat{z}", "inf": r"\infty"}
_LEXEME = re.compile(
    r"(?P<more>\.\.\. \(\d+ more\) \.\.\.)|(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
    r"|(?P<open>(?:[A-Za-z]\w*)?\()|(?P<word>[A-Za-z]\w*)|(?P<close>\))"
    r"|(?P<sign>\*\*|<=|>=|[-+*/,<>])"
)
_BY = re.compile(r"d(\w+)/d(\w*)")


@final
@dataclass(frozen=True)
class Pen:
    """How equations are written.

    Parameters
    ----------
    label : function
        Returns the label of a neuron in math, whatever signs are in it.
    notation : str
    digits : int
    room : float
        How many digits are as wide as the page.
    most : int or None
        Of a sum with more terms the first two and the last are written.
    """

    label: Callable[[str], str]
    notation: str
    digits: int
    room: float
    most: int | None = MOST_TERMS

    def rows(self, equation: Equation) -> list[str]:
        """Return the rows of an ``aligned``: ``left &= symbols``, ``&= numbers``, ``&= value``."""
        left = self.symbol(equation.left)
        line = equation.line(self.notation, self.digits, self.most)
        sides = [self._items(equation, side) for side in (equation.symbols, equation.numbers)]
        sides = [sides[0], *sides[1 : len(line.right) - 1], _tree(_lexed(line.value))]
        # Beside a wide name there is no room left: what it equals goes below it.
        below = left.width > self.room / 3
        rows = [f"&{left.tex}"] if below else []
        for i, items in enumerate(sides):
            room = self.room - INDENT - (0 if below else left.width)
            first, *more = lines(laid(items), room)
            start = r"&\quad = " if below else f"{'' if i else left.tex} &= "
            indent = r"&\quad\quad {}" if below else r"&\quad {}"
            rows += [start.lstrip() + first, *(indent + one for one in more)]
        return rows

    def _items(self, equation: Equation, side: Expression) -> list[Item]:
        tokens = equation.tokens(side, self.notation, self.digits, self.most)

        def lexemes() -> Iterator[Item | str]:
            for token in tokens:
                if token.symbol is not None and token.text == token.symbol.written(self.notation):
                    yield self.symbol(token.symbol)
                else:
                    yield from _lexed(token.text)

        return _tree(lexemes())

    def symbol(self, symbol: Symbol) -> Box:
        """Return a symbol as it stands in an equation."""
        if not symbol.subjects:
            return self._word(symbol.written())
        before, boxes = "", []
        for part in symbol.parts:
            if isinstance(part, str) and _BY.fullmatch(part):
                before = part
            elif isinstance(part, Indexed):
                boxes.append(self._indexed(part._replace(letter=before + part.letter)))
                before = ""
            else:
                boxes += [box for box in laid(_flat(_lexed(part))) if isinstance(box, Box)]
        return joined(boxes, raised=any(box.raised for box in boxes) or len(boxes) > 1)

    def _word(self, name: str) -> Box:
        if re.fullmatch(r"[A-Za-z]\w*", name):
            return _named(name)
        return Box(self.label(name), len(name))

    def _indexed(self, one: Indexed) -> Box:
        by = _BY.fullmatch(one.letter)
        if by is not None:
            below = self._indexed(one._replace(letter=by[2]))
            above = "J" if by[1] == "J" else rf"\mathrm{{{by[1]}}}"
            tex = rf"\frac{{\partial {above}}}{{\partial {below.tex}}}"
            return Box(tex, below.width + 1.5, raised=True, tall=True)
        letter, _, new = one.letter.partition("_")
        index, above = self._scripts(one)
        above = ",".join(filter(None, (above, new and rf"\mathrm{{{new}}}")))
        raised = f"^{{{above}}}" if above else ""
        width = SCRIPT * max(_length(one, self.notation), 3.0 if new else 0.0)
        base = _named(letter)
        return Box(f"{base.tex}_{{{index}}}{raised}", base.width + width, bool(raised))

    def _scripts(self, one: Indexed) -> tuple[str, str]:
        if self.notation == "book":
            skip = one.above.replace("->", r"\to ")
            return one.below, f"({skip})" if "->" in one.above else skip
        return r"\to ".join(self.label(name) for name in one.subject.split("->")), ""


def _length(one: Indexed, notation: str) -> float:
    if notation == "book":
        return max(len(one.below), len(one.above) + 1)
    return len(one.subject) + one.subject.count("->")


def _named(name: str) -> Box:
    """Return a name that no label is in: a Greek letter, a letter with a number, or a word."""
    stem, _, hat = name.partition("_")
    if hat:
        inner = _named(stem)
        tex = rf"\hat{{{inner.tex}}}" if hat == "hat" else rf"{inner.tex}_{{\mathrm{{{hat}}}}}"
        return Box(tex, inner.width + (0 if hat == "hat" else SCRIPT * len(hat)))
    letters = name.rstrip("0123456789")
    index = name[len(letters) :]
    known = _GIVEN.get(letters, letters if len(letters) == 1 else rf"\mathrm{{{letters}}}")
    below = f"_{{{index}}}" if index else ""
    width = 1.2 if letters in _GIVEN else 1.1 * len(letters)
    return Box(known + below, width + SCRIPT * len(index))


def _lexed(text: str) -> Iterator[Item | str]:
    """Yield the pieces of arithmetic and words; brackets as texts, for `_tree`."""
    at, words = 0, ""
    for found in _LEXEME.finditer(text):
        between, at = text[at : found.start()], found.end()
        if found.lastgroup == "word" and found[0] not in _GIVEN and len(found[0]) > 1:
            words += between + found[0]
            continue
        if words:
            yield _words(words)
            words = ""
        if between.strip():
            yield Box(between.strip(), len(between.strip()))
        yield _lexeme(found)
    if words:
        yield _words(words)
    if text[at:].strip():
        yield Box(text[at:].strip(), len(text[at:].strip()))


def _lexeme(found: re.Match[str]) -> Item | str:
    kind, text = found.lastgroup, found[0]
    if kind == "number":
        return _number(text)
    if kind == "sign":
        return Box(r",\ ", 1.5) if text == "," else Sign(text)
    if kind == "word":
        return _named(text)
    if kind == "more":
        return Box(rf"\cdots\text{{ ({MORE.findall(text)[0]} more) }}\cdots", 16.0)
    return text


def _words(words: str) -> Box:
    plain = words.strip()
    tex = r"\text{nan}" if plain == "nan" else rf"\ \text{{{plain}}}\ "
    return Box(tex, len(plain) + 2)


def _number(text: str) -> Box:
    digits, _, exponent = text.partition("e")
    if not exponent:
        return Box(text, len(text))
    power = int(exponent)
    return Box(rf"{digits}\times 10^{{{power}}}", len(digits) + 5 + SCRIPT * len(str(power)), True)


def _flat(lexemes: Iterable[Item | str]) -> list[Item]:
    """Return pieces whose brackets need no partner, as those around a name."""
    return [
        (Box(_opened(one), len(one)) if isinstance(one, str) else one)
        if not isinstance(one, Sign)
        else Box(f" {SIGNS.get(one.text, one.text)} ", OPERATOR)
        for one in lexemes
    ]


def _opened(text: str) -> str:
    return rf"\operatorname{{{text[:-1]}}}(" if len(text) > 2 else text


def _tree(lexemes: Iterable[Item | str]) -> list[Item]:
    """Return pieces with what is in brackets gathered."""
    levels = [Brackets()]
    for one in lexemes:
        if not isinstance(one, str):
            levels[-1].items.append(one)
        elif one.endswith("("):
            levels.append(Brackets(one[:-1]))
        elif len(levels) > 1:
            inner = levels.pop()
            levels[-1].items.append(inner)
    while len(levels) > 1:
        inner = levels.pop()
        levels[-1].items.append(inner)
    return levels[0].items
