"""What draws a scene: matplotlib, and writers of text that need nothing but the scene.

=====  ===================================================================================
page   a scene at the size at which it is written
axes   the scene in matplotlib's Axes, and so as PNG and PDF
svg    standalone SVG, for the web and for notebooks
tikz   a LaTeX document that compiles by itself; tex escapes its texts
dot    text for Graphviz
=====  ===================================================================================

Another format is a function from a `Page` to text, and its suffix here.
"""

from collections.abc import Callable

from neurosim.drawing.backends.axes import draw_scene
from neurosim.drawing.backends.dot import dot_of
from neurosim.drawing.backends.page import Page
from neurosim.drawing.backends.svg import svg_file, svg_of
from neurosim.drawing.backends.tikz import tikz_of

__all__ = ["WRITERS", "Page", "dot_of", "draw_scene", "svg_file", "svg_of", "tikz_of"]

WRITERS: dict[str, Callable[[Page], str]] = {
    ".dot": dot_of,
    ".gv": dot_of,
    ".svg": svg_file,
    ".tex": tikz_of,
}
"""What writes a drawing as text, by the suffix of its file."""
