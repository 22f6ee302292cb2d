r"""An equation in TeX, on lines that fit a page.

Renderers hand over `Pen`: the notation, the digits, and how a label is written. What an equation is
made of comes as tokens, from left to right, and is read once more as a tree of brackets: short
quotients become fractions and short exponentials powers; everything else stays on the line, where
it can be broken before an operator.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, final

from neurosim.tracing.equation import MORE, MOST_TERMS
from neurosim.tracing.symbols import Indexed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from neurosim.tracing.equation import Equation
    from neurosim.tracing.expression import Expression
    from neurosim.tracing.symbols import Symbol

__all__ = ["Pen"]

# Widths are in digits of the text; a script is smaller.
SCRIPT, OPERATOR = 0.7, 2.4
SHORT, LONG = 16.0, 50.0
"""The longest exponent, and the longest part of a fraction."""
INDENT = 4.0

_GREEK = ("alpha", "beta", "gamma", "delta", "epsilon")
_GIVEN = {**{name: f"\\{name}" for name in _GREEK}, "zhat": r"\hat{z}", "inf": r"\infty"}
_CALLS = {"log": r"\ln", "tanh": r"\tanh", "max": r"\max", "min": r"\min", "exp": r"\exp"}
_SIGNS = {"*": r"\cdot", "<=": r"\leq", ">=": r"\geq", "<": r"\lt", ">": r"\gt"}
_FENCES = {"abs": (r"\lvert ", r"\rvert"), "": ("(", ")")}

_LEXEME = re.compile(
    r"(?P<more>\.\.\. \(\d+ more\) \.\.\.)|(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
    r"|(?P<open>(?:[A-Za-z]\w*)?\()|(?P<word>[A-Za-z]\w*)|(?P<close>\))"
    r"|(?P<sign>\*\*|<=|>=|[-+*/,<>])"
)
_BY = re.compile(r"d(\w+)/d(\w*)")


class Box(NamedTuple):
    """What stays together on a line.

    Attributes
    ----------
    tex : str
    width : float
    raised : bool
        Whether there is a superscript already.
    tall : bool
        Whether it is higher than a line.
    """

    tex: str
    width: float
    raised: bool = False
    tall: bool = False


class Sign(NamedTuple):
    """An operator, before which a line may end."""

    text: str


@dataclass
class Brackets:
    """What is in brackets, with the function before them and the exponent behind."""

    function: str = ""
    items: list[Item] = field(default_factory=list)
    power: str = ""

    @property
    def plain(self) -> bool:
        """Whether they are brackets and nothing else."""
        return not self.function and not self.power


Item = Box | Sign | Brackets


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
            first, *more = _lines(_set(items), room)
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
                boxes += [box for box in _set(_flat(_lexed(part))) if isinstance(box, Box)]
        return _joined(boxes, raised=any(box.raised for box in boxes) or len(boxes) > 1)

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
        else Box(f" {_SIGNS.get(one.text, one.text)} ", OPERATOR)
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


# -- setting -----------------------------------------------------------------------------------


def _set(items: list[Item]) -> list[Box | Sign]:
    """Return boxes and operators in a row, brackets opened where they are long."""
    found: list[Box | Sign] = []
    for item in _divided(_raised(items)):
        found += _bracketed(item) if isinstance(item, Brackets) else [item]
    return found


def _raised(items: list[Item]) -> list[Item]:
    """Return the items with powers as superscripts."""
    found: list[Item] = []
    left = iter(items)
    for item in left:
        if item == Sign("**") and found:
            exponent = _joined(_set(_bare(next(left))))
            found[-1] = _power(found[-1], exponent)
        else:
            found.append(item)
    return found


def _power(base: Item, exponent: Box) -> Item:
    if isinstance(base, Brackets) and not base.function and not base.power:
        return Brackets("", base.items, exponent.tex)
    inner = base if isinstance(base, Box) else _joined(_set([base]))
    simple = not inner.raised and isinstance(base, Box)
    tex = inner.tex if simple else rf"\left({inner.tex}\right)"
    width = inner.width + SCRIPT * exponent.width + (0 if simple else 2)
    return Box(f"{tex}^{{{exponent.tex}}}", width, True, inner.tall)


def _bare(item: Item) -> list[Item]:
    """Return what is in plain brackets, which a fraction and an exponent need not show."""
    return item.items if isinstance(item, Brackets) and item.plain else [item]


def _divided(items: list[Item]) -> list[Item]:
    """Return the items with short quotients as fractions."""
    found: list[Item] = []
    start, left = 0, iter(items)
    for item in left:
        if item == Sign("/"):
            below = next(left)
            fraction = _fraction(found[start:], below)
            found[start:] = [fraction] if fraction else [*found[start:], item, below]
            continue
        found.append(item)
        if (isinstance(item, Sign) and item.text != "*") or _is_word(item):
            start = len(found)
    return found


def _is_word(item: Item) -> bool:
    return isinstance(item, Box) and item.tex.startswith(("\\ ", ","))


def _fraction(above: list[Item], below: Item) -> Box | None:
    over = _bare(above[0]) if len(above) == 1 else above
    parts = [_joined(_set(items)) for items in (over, _bare(below))]
    width = max(part.width for part in parts)
    if width > LONG or not above:
        return None
    return Box(rf"\frac{{{parts[0].tex}}}{{{parts[1].tex}}}", width + 0.5, True, True)


def _bracketed(group: Brackets) -> list[Box | Sign]:
    items = group.items
    while len(items) == 1 and isinstance(items[0], Brackets) and items[0].plain:
        items = items[0].items
    inner = _set(items)
    whole = _joined(inner)
    above = f"^{{{group.power}}}" if group.power else ""
    if group.function == "exp" and whole.width <= SHORT and not whole.tall:
        return [Box(f"e^{{{whole.tex}}}", 1 + SCRIPT * whole.width, True)]
    if group.function == "sqrt" and whole.width <= LONG:
        return [Box(rf"\sqrt{{{whole.tex}}}", whole.width + 1.5, tall=whole.tall)]
    opened, closed = _FENCES.get(group.function, ("(", ")"))
    name = "" if group.function in _FENCES else _function(group.function)
    if whole.width <= LONG:
        grown = (r"\left", r"\right") if whole.tall else ("", "")
        tex = f"{name}{grown[0]}{opened}{whole.tex}{grown[1]}{closed}{above}"
        return [Box(tex, whole.width + 2 + len(group.function), bool(above), whole.tall)]
    # It may have to go on on the next line.
    first, last = Box(name + opened, 1 + len(group.function)), Box(closed + above, 1)
    return [first, *inner, last]


def _function(name: str) -> str:
    return _CALLS.get(name) or rf"\operatorname{{{name}}}"


def _joined(row: list[Box | Sign] | list[Box], raised: bool = False) -> Box:
    """Return a row as one box."""
    texts = [item.tex if isinstance(item, Box) else _sign(item) for item in row]
    if row and row[0] == Sign("-"):
        texts[0] = "-"
    width = sum(item.width if isinstance(item, Box) else OPERATOR for item in row)
    boxes = [item for item in row if isinstance(item, Box)]
    tall = any(box.tall for box in boxes)
    return Box("".join(texts).strip(), width, raised or any(b.raised for b in boxes), tall)


def _sign(sign: Sign) -> str:
    return f" {_SIGNS.get(sign.text, sign.text)} "


def _lines(row: list[Box | Sign], room: float) -> list[str]:
    """Return a row as lines, each of which begins, after the first, with an operator."""
    lines, width = [[]], 0.0  # type: list[list[Box | Sign]], float
    for chunk in _fitting(row, room - INDENT):
        wide = _joined(chunk).width
        if width and width + wide > room:
            lines.append([])
            width = INDENT
        lines[-1] += chunk
        width += wide
    return [_joined(line).tex for line in lines]


def _fitting(row: list[Box | Sign], room: float) -> Iterator[list[Box | Sign]]:
    """Yield what stays together: a term, or of one that is too long a factor."""
    for chunk in _chunks(row, "+-"):
        yield from [chunk] if _joined(chunk).width <= room else _chunks(chunk, "+-*/<=>=")


def _chunks(row: list[Box | Sign], before: str) -> Iterator[list[Box | Sign]]:
    """Yield the row in pieces that begin with an operator."""
    chunk: list[Box | Sign] = []
    for item in row:
        if isinstance(item, Sign) and item.text in before and _ended(chunk):
            yield chunk
            chunk = []
        chunk.append(item)
    yield chunk


def _ended(chunk: list[Box | Sign]) -> bool:
    """Whether an operator that follows stands between two things, rather than before one."""
    last = chunk[-1] if chunk else None
    return isinstance(last, Box) and not last.tex.endswith(("(", "lvert "))
