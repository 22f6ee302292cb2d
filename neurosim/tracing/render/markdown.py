"""A trace as Markdown, whose formulas GitHub, GitLab, Jupyter and others show as such.

Every step is a sentence and a formula between ``$$``; the updates end in a table of the weights
before and after.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from neurosim.tracing.equation import MOST_TERMS
from neurosim.tracing.render.phases import SHORTENED, phases, update_rows
from neurosim.tracing.render.tex import Pen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from neurosim.tracing.render.phases import Phase, UpdateRow
    from neurosim.tracing.steps import Step

__all__ = ["code", "label", "render", "table", "words"]

ROOM = 80.0
"""How many digits are as wide as a page on GitHub, and a cell of a notebook."""

# What MathJax and KaTeX do not take as text, as signs that both have.
_MATH = {char: f"\\{char}" for char in "_%$&#"}
_MATH |= {"{": r"\lbrace ", "}": r"\rbrace ", "\\": r"\backslash ", "^": r"\wedge ", "~": r"\sim "}
_MATH |= {"<": r"\lt ", ">": r"\gt ", "|": r"\vert ", "*": r"\ast ", "`": r"\backprime "}
_PLAIN = re.compile(rf"([^{re.escape(''.join(_MATH))}]+)")
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-!|$~^])")


def render(
    trace: Sequence[Step], digits: int, notation: str = "labels", most: int | None = MOST_TERMS
) -> str:
    """Return the trace as Markdown."""
    pen = Pen(label, notation, digits, ROOM, most)
    lines = ["# One learning step", ""]
    lines.append(SHORTENED.format(digits=digits, most=most) if most else "")
    for phase in phases(trace):
        lines += _phase(phase, pen)
    return "\n".join(lines) + "\n"


def _phase(phase: Phase, pen: Pen) -> Iterator[str]:
    yield from ("", f"## {phase.title}")
    for step in phase.steps:
        yield from ("", words(step.explanation), "")
        rows = " \\\\\n".join(pen.rows(step.equation))
        yield f"$$\n\\begin{{aligned}}\n{rows}\n\\end{{aligned}}\n$$"
    if phase.kind == "update":
        yield from ("", *_updates(update_rows(phase.steps, pen.digits)))


def _updates(rows: list[UpdateRow]) -> list[str]:
    return table(
        ["", "before", "new", "change"],
        [[code(row.subject), row.before, row.new, row.change] for row in rows],
    )


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Return the lines of a table: the first column is text, the others numbers."""
    under = ["---", *["---:"] * (len(head) - 1)]
    return [f"| {' | '.join(row)} |" for row in (head, under, *rows)]


def words(text: str) -> str:
    """Return text of which no sign is taken for Markdown, HTML or math."""
    plain = " ".join(text.split())
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKS.sub(r"\\\1", plain)


def code(text: str) -> str:
    """Return text as code in a table; whatever a label holds, it stays text."""
    plain = " ".join(text.split())
    fence = "`" * (max(map(len, re.findall("`+", plain)), default=0) + 1)
    pad = " " if "`" in plain else ""
    # In a table a bar ends the cell even inside of code.
    return f"{fence}{pad}{plain.replace('|', chr(92) + '|')}{pad}{fence}"


def label(text: str) -> str:
    """Return a label as MathJax and KaTeX take it inside of a formula."""
    pieces = _PLAIN.split(" ".join(text.split()))
    return "".join(
        rf"\text{{{piece}}}" if i % 2 else "".join(_MATH[char] for char in piece)
        for i, piece in enumerate(pieces)
    )
