"""How scenarios speak: headings, sentences and tables on the screen."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = ["heading", "say", "table", "wrote"]

_WIDTH = 96


def heading(title: str) -> None:
    """Print a title, underlined."""
    print(f"\n{title}\n{'-' * len(title)}")


def say(text: str) -> None:
    """Print a paragraph, wrapped to the width of the tables."""
    print(textwrap.fill(" ".join(text.split()), _WIDTH))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their headings, texts to the left and numbers to the right.

    >>> table(["x", "a"], [["one", 1], ["two", 0.25]])
      x       a
      one     1
      two  0.25
    """
    rows = [list(row) for row in rows]
    cells = [list(columns), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    left = [all(isinstance(value, str) for value in column) for column in zip(*rows, strict=True)]
    for line in cells:
        padded = [
            cell.ljust(width) if is_text else cell.rjust(width)
            for cell, width, is_text in zip(line, widths, left, strict=True)
        ]
        print(("  " + "  ".join(padded)).rstrip())


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def wrote(paths: Iterable[Path]) -> list[str]:
    """Print which files were written, and return their names."""
    names = [path.name for path in paths]
    say(f"Figures: {', '.join(names)}")
    return names
