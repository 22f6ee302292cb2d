r"""Texts and formulas for LaTeX, in commands that every engine and every old font knows."""

from __future__ import annotations

import re
import unicodedata

from neurosim.drawing import formulas

__all__ = ["UNKNOWN", "escaped", "formula"]

UNKNOWN = r"\unicodeletter"
"""What sets a letter by its number where the engine can, and tells the number where not."""

# TeX's words for what NAMES calls the same.
_SIGNS = {char: f"\\{name}" for name, char in formulas.NAMES.items() if name != "omicron"}
_SIGNS |= {
    "\u03bf": "o",
    "−": "-",
    "·": r"\cdot",
    "σ": r"\sigma",
    "ς": r"\varsigma",
    "ϵ": r"\epsilon",
}
_SIGNS |= {"ϕ": r"\phi", "ϑ": r"\vartheta", "√": r"\surd", "°": r"{}^\circ", "²": "{}^2"}
_SIGNS |= {"³": "{}^3", "¹": "{}^1", "¬": r"\neg", "\u223c": r"\sim", "″": "''", "′": "'"}
_SIGNS |= {"⇒": r"\Rightarrow", "∫": r"\smallint"}

_WORDS = {char: f"\\{char}" for char in "#%&_"}
_WORDS |= {char: rf"\ensuremath{{{char}}}" for char in "<>|"}
_WORDS |= {char: rf"\ensuremath{{\{char}}}" for char in "{}"}
_WORDS |= {"\\": r"\ensuremath{\backslash}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
_WORDS |= {"`": r"\`{}", "$": r"{\char36}"}
_WORDS |= {'"': r"{\ttfamily\char34}", "…": r"\dots{}", "–": "--", "—": "---"}
_WORDS |= {"ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}", "ø": r"\o{}", "Ø": r"\O{}"}
_WORDS |= {"œ": r"\oe{}", "Œ": r"\OE{}", "ł": r"\l{}", "Ł": r"\L{}", "\u0131": r"\i{}"}
_WORDS |= {"¡": "!`", "¿": "?`", "§": r"\S{}", "¶": r"\P{}", "©": r"\copyright{}"}
_WORDS |= {
    "£": r"\pounds{}",
    "€": r"\texteuro{}",
    "\u2018": "`",
    "\u2019": "'",
    "“": "``",
    "”": "''",
    "\xa0": "~",
}

_ACCENTS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u",
}
_ACCENTS |= {"\u0307": ".", "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v"}
_ACCENTS |= {"\u0327": "c", "\u0323": "d"}

# Two signs that fonts would set as another one.
_PAIRS = re.compile(r"([-'`,!?])(?=[-'`,])")


def escaped(text: str) -> str:
    r"""Return a text as LaTeX sets it, sign by sign.

    >>> escaped("50 % of $x_1")
    '50 \\% of {\\char36}x\\_1'
    >>> escaped("δ = −1"), escaped("café")
    ('\\ensuremath{\\delta} = \\ensuremath{-}1', "caf\\'{e}")
    """
    apart = _PAIRS.sub("\\1\u200b", " ".join(text.split()))
    return "".join(map(_letter, apart))


def _letter(char: str) -> str:
    if char in _WORDS:
        return _WORDS[char]
    if char in _SIGNS:
        return rf"\ensuremath{{{_SIGNS[char]}}}"
    return "{}" if char == "\u200b" else _by_number(char)


def _by_number(char: str) -> str:
    if " " <= char <= "~":
        return char
    base, *accents = list(unicodedata.normalize("NFD", char))
    if len(accents) == 1 and accents[0] in _ACCENTS and base.isascii():
        return rf"\{_ACCENTS[accents[0]]}{{{base}}}"
    return rf"{UNKNOWN}{{{ord(char) if char.isprintable() else 0xFFFD:X}}}"


def formula(text: str) -> str:
    r"""Return a formula as LaTeX sets it, between dollars.

    >>> formula(r"\delta_{1}^{(2)}")
    '$\\delta _{1}^{(2)}$'
    """
    return "$" + "".join(map(_atom, formulas.atoms(text))) + "$"


def _atom(atom: formulas.Atom) -> str:
    below = f"_{{{_in_formula(atom.below)}}}" if atom.below else ""
    above = f"^{{{_in_formula(atom.above)}}}" if atom.above else ""
    # An empty piece holds what would otherwise be a second script of the piece before it.
    return (_in_formula(atom.base) or "{}") + below + above


def _in_formula(text: str) -> str:
    found = []
    for run in formulas.runs(text):
        if formulas.is_letters(run) and formulas.is_upright(run):
            found.append(rf"\mathrm{{{run}}}")
        else:
            found.append("".join(map(_sign, run)) if run.strip() else formulas.SPACE)
    return "".join(found)


def _sign(char: str) -> str:
    if char in _SIGNS:
        return _SIGNS[char] + (" " if _SIGNS[char][-1].isalpha() else "")
    if char.isascii() and (char not in _WORDS or char in "<>|"):
        return char.strip()
    return rf"\mbox{{{_letter(char)}}}"
