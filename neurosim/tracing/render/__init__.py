"""Ways to show a trace: each a function ``render(trace, digits, notation) -> str`` in its own file.

To add one, write the function and name its suffix here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from neurosim.tracing.render import html, json, latex, markdown, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from neurosim.tracing.trace import Trace

__all__ = ["RENDERERS"]

RENDERERS: dict[str, Callable[[Trace, int, str], str]] = {
    ".txt": text.render,
    ".md": markdown.render,
    ".tex": latex.render,
    ".html": html.render,
    ".json": json.render,
}
"""The renderer for each suffix of a file."""
