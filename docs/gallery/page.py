"""The page with all figures, from the scripts' docstrings and code."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from docs.gallery import SECTIONS
from docs.gallery.building import figure_of, script_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["PAGE", "Entry", "entry_of", "page"]

PAGE = "README.md"
LINES_SHOWN = 24
HEAD = """# Gallery

Every figure is drawn by the few lines under it, from neurosim's public names alone. All of them
are drawn anew, and this page is written, by `make gallery`; some by `python -m docs.gallery path
kinds`. Networks are drawn by `net.draw`, whose `show=` says what is to be seen; each chart goes
into a file (`path=`), into your own Axes (`ax=`), or onto the screen.
"""


class Entry(NamedTuple):
    """What the page says of a script."""

    title: str
    caption: str
    code: str


def entry_of(name: str) -> Entry:
    """Read a script: the first line of its docstring is the title, the rest the caption."""
    source = script_of(name).read_text(encoding="utf-8")
    module = ast.parse(source)
    title, _, caption = (ast.get_docstring(module) or "").partition("\n")
    lines = source.splitlines()[module.body[0].end_lineno :]
    return Entry(title.rstrip("."), caption.strip().replace("``", "`"), "\n".join(lines).strip())


def page() -> str:
    """Return the page, in Markdown."""
    return "\n".join([HEAD, *_contents(), *(line for s in SECTIONS for line in _section(s))])


def _contents() -> Iterator[str]:
    for section, names in SECTIONS.items():
        links = ", ".join(f"[{entry_of(name).title}](#{name})" for name in names)
        yield f"- **{section}**: {links}"
    yield ""


def _section(section: str) -> Iterator[str]:
    yield f"## {section}\n"
    for name in SECTIONS[section]:
        title, caption, code = entry_of(name)
        yield f'<a id="{name}"></a>\n\n### {title}\n\n{caption}\n'
        yield from _shown(figure_of(name), title)
        yield f"```python\n{code}\n```\n"


def _shown(figure: Path, title: str) -> Iterator[str]:
    link = f"figures/{figure.name}"
    if figure.suffix in (".svg", ".png"):
        yield f"[![{title}]({link})]({link})\n"
        return
    lines = figure.read_text(encoding="utf-8").splitlines()
    language = {".tex": "latex", ".dot": "dot"}[figure.suffix]
    more = [f"... ({len(lines) - LINES_SHOWN} lines more)"] if len(lines) > LINES_SHOWN else []
    yield "\n".join([f"```{language}", *lines[:LINES_SHOWN], *more, "```", ""])
    yield f"All of it: [{figure.name}]({link})\n"
