"""The tutorial's chapters, run, and as a notebook.

The chapters are the source. A block of Python is a cell of the notebook, and the text block after
it is what the cell shows.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["CHAPTERS", "NOTEBOOK", "Block", "figures", "notebook", "parts", "shown", "wrong_blocks"]

HERE = Path(__file__).parent
CHAPTERS = sorted(HERE.glob("[0-9]_*.md"))
NOTEBOOK = HERE / "first_hour.ipynb"

_BLOCK = re.compile(
    r"^```python\n(.*?)^```\n(?:\n^```text\n(.*?)^```\n)?", re.DOTALL | re.MULTILINE
)
_NEXT = re.compile(r"^Next: .*\n", re.MULTILINE)
_FIGURE = re.compile(r"!\[[^]]*\]\(([^)/]+)\)")
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


@dataclass(frozen=True)
class Block:
    """A block of code, and the text that it shows."""

    code: str
    output: str

    @property
    def prints(self) -> bool:
        """Whether what is shown is printed, rather than the value of the last line."""
        last = ast.parse(self.code).body[-1]
        return not isinstance(last, ast.Expr) or ast.unparse(last).startswith("print(")


def parts(text: str) -> list[str | Block]:
    """Return what a chapter is made of: its prose, and its blocks of code."""
    found: list[str | Block] = []
    end = 0
    for match in _BLOCK.finditer(text):
        found += [text[end : match.start()], Block(match[1], match[2] or "")]
        end = match.end()
    found.append(text[end:])
    return [part for part in found if isinstance(part, Block) or part.strip()]


def shown(code: str, names: dict[str, object]) -> str:
    """Run a block as a notebook runs a cell; return what is printed, and the last line's value."""
    *body, last = ast.parse(code).body
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.Module(body, []), "<block>", "exec"), names)
        if not isinstance(last, ast.Expr):
            exec(compile(ast.Module([last], []), "<block>", "exec"), names)
            return printed.getvalue()
        value = eval(compile(ast.Expression(last.value), "<block>", "eval"), names)
    return printed.getvalue() + ("" if value is None else f"{value!r}\n")


def wrong_blocks(text: str) -> list[tuple[Block, str]]:
    """Run a chapter where files may be written; return the blocks that show something else."""
    names: dict[str, object] = {"__name__": "tutorial"}
    blocks = [part for part in parts(text) if isinstance(part, Block)]
    pairs = [(block, shown(block.code, names)) for block in blocks]
    return [(block, got) for block, got in pairs if got != block.output]


def figures(text: str) -> list[str]:
    """Return the pictures that a chapter draws and shows; those of other folders are given."""
    return _FIGURE.findall(text)


def notebook(texts: list[str]) -> str:
    """Return the chapters as the JSON of one notebook, with the outputs that they state."""
    cells: list[dict[str, object]] = []
    count = 0
    for part in (part for text in texts for part in parts(_NEXT.sub("", text))):
        count += isinstance(part, Block)
        cell = _code(part, count) if isinstance(part, Block) else _markdown(part)
        cells.append({"id": f"cell-{len(cells)}", **cell})
    content = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _markdown(text: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": _lines(text.strip())}


def _code(block: Block, count: int) -> dict[str, object]:
    return {
        "cell_type": "code",
        "execution_count": count,
        "metadata": {},
        "outputs": [_output(block, count)] if block.output else [],
        "source": _lines(block.code.rstrip("\n")),
    }


def _output(block: Block, count: int) -> dict[str, object]:
    if block.prints:
        return {"name": "stdout", "output_type": "stream", "text": _lines(block.output)}
    return {
        "data": {"text/plain": _lines(block.output.rstrip("\n"))},
        "execution_count": count,
        "metadata": {},
        "output_type": "execute_result",
    }


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
