r"""Formulas in a small part of TeX, taken apart so that every back-end can set them.

A formula is letters, digits and signs, Greek letters and a few signs by name (``\delta``), and
``_{...}`` and ``^{...}`` without further ones in them. What is none of this stands for itself, so
that every text is a formula.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "NAMES",
    "SPACE",
    "Atom",
    "atoms",
    "is_letters",
    "is_upright",
    "mathtext",
    "plain",
    "runs",
]

_LOWER = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
    "varsigma sigma tau upsilon phi chi psi omega"
)
_UPPER = {"Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π"}
_UPPER |= {"Sigma": "Σ", "Upsilon": "\u03a5", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω"}
_SIGNS = {"partial": "∂", "sum": "∑", "prod": "∏", "nabla": "∇", "infty": "∞", "cdot": "·"}
_SIGNS |= {"times": "×", "leq": "≤", "geq": "≥", "neq": "≠", "approx": "≈", "to": "→"}
_SIGNS |= {"leftarrow": "←", "ldots": "…", "vdots": "⋮", "pm": "±", "prime": "′", "odot": "⊙"}
_SIGNS |= {"in": "∈", "ell": "\u2113"}

NAMES: dict[str, str] = {
    **{name: chr(ord("α") + i) for i, name in enumerate(_LOWER.split())},
    **_UPPER,
    **_SIGNS,
}
"""What a name after a backslash stands for."""

_TOKEN = re.compile(r"\\([A-Za-z]+) ?|\\(.)|(.)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LETTERS = re.compile(r"[A-Za-zα-ωϑϕϵ]")
_RUN = re.compile(r"[A-Za-z]+|[α-ωϑϕϵ]+|[^A-Za-zα-ωϑϕϵ]+")


@dataclass(frozen=True)
class Atom:
    """A piece of a formula, as letters and signs, with what stands below and above its end."""

    base: str
    below: str = ""
    above: str = ""


def atoms(formula: str) -> list[Atom]:
    r"""Return the pieces of a formula.

    >>> atoms(r"\delta_{1}^{(2)} = 0")
    [Atom(base='δ', below='1', above='(2)'), Atom(base=' = 0', below='', above='')]
    """
    pieces = [["", "", ""]]
    for level, text in _levelled(formula):
        if level == 0 and (pieces[-1][1] or pieces[-1][2]):
            pieces.append(["", "", ""])
        pieces[-1][level] += text
    return [Atom(*piece) for piece in pieces if any(piece)]


def _levelled(formula: str) -> Iterator[tuple[int, str]]:
    """Yield every sign with its level: 0 on the line, 1 below, 2 above."""
    level, depth = 0, 0
    for match in _TOKEN.finditer(_CONTROL.sub(" ", formula)):
        name, escaped, char = match.groups()
        if char in ("_", "^"):
            level = 1 if char == "_" else 2
        elif char == "{":
            depth += 1
        elif char == "}":
            level, depth = (0 if depth <= 1 else level), max(0, depth - 1)
        else:
            yield level, _sign(name, escaped, char)
            level = level if depth else 0


def _sign(name: str | None, escaped: str | None, char: str) -> str:
    if name is not None:
        return NAMES.get(name, name)
    return escaped or {"-": "−", "'": "′"}.get(char, char)


def is_letters(run: str) -> bool:
    """Whether a run is one of letters."""
    return _LETTERS.match(run) is not None


def is_upright(run: str) -> bool:
    """Whether a run is a word, such as max, or of signs, and not variables, such as w or dz."""
    return not is_letters(run) or (run.isascii() and (len(run) > 2 or run == "ln"))


def runs(text: str) -> list[str]:
    """Return a piece's text in runs of Latin letters, of Greek ones, and of other signs.

    >>> runs("max(0,z)")
    ['max', '(0,', 'z', ')']
    """
    return _RUN.findall(text)


def plain(formula: str) -> str:
    r"""Return a formula as text without levels.

    >>> plain(r"w_{12}^{(1)}")
    'w12(1)'
    """
    return "".join(atom.base + atom.below + atom.above for atom in atoms(formula))


# What would be an order to mathtext, or is unknown to it.
_MATHTEXT = {char: f"\\{char}" for char in "%${}_#"}
_MATHTEXT |= {"\\": r"\backslash ", "^": "\u02c6", "~": "\u223c", '"': "″", "`": "\u2018"}
# TeX puts spaces around signs itself; one that stands between two words is kept.
SPACE = r"\ "
_LAST_KNOWN = "\U0001ffff"


def mathtext(formula: str) -> str:
    r"""Return a formula for matplotlib.

    >>> mathtext(r"w_{12}")
    '$w_{12}$'
    """
    return "$" + ("".join(map(_mathtext_atom, atoms(formula))) or SPACE) + "$"


def _mathtext_atom(atom: Atom) -> str:
    below = f"_{{{_mathtext_of(atom.below)}}}" if atom.below else ""
    above = f"^{{{_mathtext_of(atom.above)}}}" if atom.above else ""
    return (_mathtext_of(atom.base) or "{}") + below + above


def _mathtext_of(text: str) -> str:
    return "".join(_mathtext_run(run) for run in runs(text))


def _mathtext_run(run: str) -> str:
    if is_letters(run):
        return rf"\mathrm{{{run}}}" if is_upright(run) else run
    if not run.strip():
        return SPACE
    known = (char if char <= _LAST_KNOWN else "\ufffd" for char in run if char != " ")
    return "".join(_MATHTEXT.get(char, char) for char in known)
