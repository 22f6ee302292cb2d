r"""Boxes of TeX in a row: short quotients as fractions, powers as superscripts, lines that fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "INDENT",
    "OPERATOR",
    "SCRIPT",
    "SIGNS",
    "Box",
    "Brackets",
    "Item",
    "Sign",
    "joined",
    "laid",
    "lines",
]

# Widths are in digits of the text; a script is smaller.
SCRIPT, OPERATOR = 0.7, 2.4
SHORT, LONG = 16.0, 50.0
"""The longest exponent, and the longest part of a fraction."""
INDENT = 4.0

_CALLS = {"log": r"\ln", "tanh": r"\tanh", "max": r"\max", "min": r"\min", "exp": r"\exp"}
SIGNS = {"*": r"\cdot", "<=": r"\leq", ">=": r"\geq", "<": r"\lt", ">": r"\gt"}
_FENCES = {"abs": (r"\lvert ", r"\rvert"), "": ("(", ")")}


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


def laid(items: list[Item]) -> list[Box | Sign]:
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
            exponent = joined(laid(_bare(next(left))))
            found[-1] = _power(found[-1], exponent)
        else:
            found.append(item)
    return found


def _power(base: Item, exponent: Box) -> Item:
    if isinstance(base, Brackets) and not base.function and not base.power:
        return Brackets("", base.items, exponent.tex)
    inner = base if isinstance(base, Box) else joined(laid([base]))
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
            found[start:] = [fraction] if fraction else [*found[start:], item, _whole(below)]
            continue
        found.append(item)
        if (isinstance(item, Sign) and item.text != "*") or _is_word(item):
            start = len(found)
    return found


def _whole(below: Item) -> Item:
    """Return what is divided by: a number with a power of ten is two factors to the eye."""
    if isinstance(below, Box) and r"\times" in below.tex:
        return Box(f"({below.tex})", below.width + 2)
    return below


def _is_word(item: Item) -> bool:
    return isinstance(item, Box) and item.tex.startswith(("\\ ", ","))


def _fraction(above: list[Item], below: Item) -> Box | None:
    over = _bare(above[0]) if len(above) == 1 else above
    parts = [joined(laid(items)) for items in (over, _bare(below))]
    width = max(part.width for part in parts)
    if width > LONG or not above:
        return None
    return Box(rf"\frac{{{parts[0].tex}}}{{{parts[1].tex}}}", width + 0.5, True, True)


def _bracketed(group: Brackets) -> list[Box | Sign]:
    items = group.items
    while len(items) == 1 and isinstance(items[0], Brackets) and items[0].plain:
        items = items[0].items
    inner = laid(items)
    whole = joined(inner)
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


def joined(row: list[Box | Sign] | list[Box], raised: bool = False) -> Box:
    """Return a row as one box."""
    texts = [item.tex if isinstance(item, Box) else _sign(item) for item in row]
    if row and row[0] == Sign("-"):
        texts[0] = "-"
    width = sum(item.width if isinstance(item, Box) else OPERATOR for item in row)
    boxes = [item for item in row if isinstance(item, Box)]
    tall = any(box.tall for box in boxes)
    return Box("".join(texts).strip(), width, raised or any(b.raised for b in boxes), tall)


def _sign(sign: Sign) -> str:
    return f" {SIGNS.get(sign.text, sign.text)} "


def lines(row: list[Box | Sign], room: float) -> list[str]:
    """Return a row as lines, each of which begins, after the first, with an operator."""
    found: list[list[Box | Sign]] = [[]]
    width = 0.0
    for chunk in _fitting(row, room - INDENT):
        wide = joined(chunk).width
        if width and width + wide > room:
            found.append([])
            width = INDENT
        found[-1] += chunk
        width += wide
    return [joined(line).tex for line in found]


def _fitting(row: list[Box | Sign], room: float) -> Iterator[list[Box | Sign]]:
    """Yield what stays together: a term, or of one that is too long a factor."""
    for chunk in _chunks(row, "+-"):
        yield from [chunk] if joined(chunk).width <= room else _chunks(chunk, "+-*/<=>=")


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
