"""A training trace as tables for Markdown and LaTeX: a row for every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from neurosim.tracing.render import latex, markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["RENDERERS"]

Columns = dict[str, list[float]]
HEADING = "A training, step by step"
WIDEST = 88
"""So many letters a page has room for; the columns that follow make another table."""


def as_markdown(columns: Columns, digits: int) -> str:
    """Return the numbers of every step as a table."""
    head = ["step", *map(markdown.code, columns)]
    lines = [f"# {HEADING}", "", *markdown.table(head, _rows(columns, digits))]
    return "\n".join(lines) + "\n"


def as_latex(columns: Columns, digits: int) -> str:
    """Return the numbers of every step as a document, with as many tables as are needed."""
    lines = [rf"\section*{{{HEADING}}}"]
    for part in _parts(columns, digits):
        head = ["step", *map(latex.words, part)]
        rows = [[k, *map(latex.number, row)] for k, *row in _rows(part, digits)]
        lines += latex.table(head, rows)
    return latex.document(lines)


def _rows(columns: Columns, digits: int) -> list[list[str]]:
    texts = ([f"{value:.{digits}g}" for value in values] for values in columns.values())
    return [[str(k), *row] for k, row in enumerate(zip(*texts, strict=True))]


def _parts(columns: Columns, digits: int) -> Iterator[Columns]:
    part: Columns = {}
    width = 0
    for name, values in columns.items():
        wide = max(len(name), digits + 7) + 3
        if part and width + wide > WIDEST:
            yield part
            part, width = {}, 0
        part[name] = values
        width += wide
    yield part


RENDERERS = {".md": as_markdown, ".tex": as_latex}
"""The renderer for each suffix of a file, of columns of numbers by name."""
