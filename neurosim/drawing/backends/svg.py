"""A scene as SVG: texts that can be selected and found, parts that scripts can find.

The drawing is one ``<svg class="neurosim">`` with a ``<title>`` and a ``<desc>`` and, in this
order, what follows. It brings no style sheet and no script, every id begins with the drawing's
own, and every look is an attribute, so that a page's CSS may overrule it and nothing leaks out.

==================  ===========================================================================
``rect.paper``      the ground
``g.edges``         holds a ``path.edge`` for every edge: ``data-label`` is ``source->target``,
                    ``data-source`` and ``data-target`` are the neurons' numbers, ``data-weight``
                    is the weight at full precision; ``id="ID-edge-SOURCE-TARGET"``
``g.nodes``         holds a ``g.node`` for every neuron with a ``circle``: ``data-label`` is its
                    label, ``data-number`` its number; ``id="ID-node-NUMBER"``
``g.rectangles``    holds every ``rect`` of a colour bar
``g.strokes``       holds every ``path`` of the legend
``g.texts``         holds a ``g.text`` for every text, with a ``text`` and, where it needs one, a
                    ``rect.ground`` behind it: ``data-role`` is what it says (weight, bias,
                    activation, delta, ...), ``data-label`` what about (a neuron's label,
                    ``source->target``, a layer's name); ``id="ID-text-COUNT"``
==================  ===========================================================================
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from neurosim.drawing import formulas
from neurosim.drawing.backends.page import Page
from neurosim.drawing.canvas import styled
from neurosim.drawing.measure import extent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from neurosim.drawing.scene import Floats, Node, Rectangle, Scene, Stroke, Text

__all__ = ["escaped", "svg_file", "svg_of"]

HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
PADDING, DASHED_PADDING, CORNER, FRAME = 0.05, 0.15, 0.25, 0.7
# As matplotlib sets them: smaller, below and above the line by parts of the size.
SMALLER, BELOW, ABOVE = 0.7, 0.2, 0.38
APART = 1.25  # where something stands below and above the same letter
DASH, GAP = 3.2, 2.0
CRISP = ' shape-rendering="crispEdges"'  # no seams between the steps of a colour bar
_NO_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg_file(page: Page) -> str:
    """Return a file that holds a drawing and nothing else."""
    return HEADER + svg_of(page) + "\n"


def svg_of(page: Page | Scene, prefix: str | None = None) -> str:
    """Return a drawing as an ``<svg>`` element, to be put into a page or a file.

    Parameters
    ----------
    page : Page or Scene
    prefix : str, optional
        What every id begins with. Without it, something made of the drawing, so that other
        drawings in the page have other ids and the same drawing has the same.
    """
    page = page if isinstance(page, Page) else Page.of(page)
    with styled():
        body = "\n".join(_Drawing(page.scene).lines())
    if prefix is None:
        prefix = "n" + hashlib.sha256(body.encode()).hexdigest()[:8]
    return _framed(page, body.replace(_ID, escaped(prefix)), escaped(prefix))


def escaped(text: str) -> str:
    """Return a text as it is written in XML; what XML cannot hold becomes a replacement sign.

    >>> escaped('</script> & "co"')
    '&lt;/script&gt; &amp; &quot;co&quot;'
    """
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(char, entity)
    return _NO_XML.sub("\ufffd", text)


Look = Mapping[str, str | float | None]
"""The attributes of an element; those that are None are left out."""
# A sign that no text holds once it is escaped.
_ID = "\x00"


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _attributes(pairs: Look) -> str:
    """Return attributes as they are written."""
    return "".join(
        f' {name}="{value if isinstance(value, str) else _number(value)}"'
        for name, value in pairs.items()
        if value is not None
    )


def _opacity(alpha: float) -> float | None:
    return None if alpha >= 1 else alpha


def _framed(page: Page, body: str, prefix: str) -> str:
    scene = page.scene
    titles = [text.text for text in scene.texts if text.role == "title"]
    root = _attributes(
        {
            "class": "neurosim",
            "id": prefix,
            "role": "img",
            "aria-labelledby": f"{prefix}-title {prefix}-desc",
            "viewBox": f"0 0 {_number(scene.width)} {_number(scene.height)}",
            "width": f"{_number(page.width)}pt",
            "height": f"{_number(page.height)}pt",
            "font-family": _families(),
        }
    )
    title = escaped(" ".join(titles) or "Neural network")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"{root}>\n'
        f'<title id="{prefix}-title">{title}</title>\n'
        f'<desc id="{prefix}-desc">{escaped(scene.description)}</desc>\n'
        f"{body}\n</svg>"
    )


def _families() -> str:
    """Return the fonts: that of the measures, one with nearly the same widths, any."""
    import matplotlib as mpl

    with styled():
        names = [*mpl.rcParams["font.family"], "Verdana"]
    quoted = ["'" + escaped(name).replace("'", "") + "'" for name in names]
    return ", ".join([*quoted, "sans-serif"])


class _Drawing:
    """The elements of a scene; y points down."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def lines(self) -> Iterator[str]:
        """Yield the elements, a line each."""
        scene = self.scene
        # A little more than all, as readers round a size up to whole pixels.
        place = {"x": -1.0, "y": -1.0, "width": scene.width + 2, "height": scene.height + 2}
        yield f'<rect class="paper"{_attributes({**place, "fill": scene.paper})}/>'
        yield from _group("edges", ' fill="none"', self._edges())
        yield from _group("nodes", "", map(self._node, scene.nodes))
        yield from _group("rectangles", CRISP, map(self._rectangle, scene.rectangles))
        yield from _group("strokes", ' fill="none"', map(self._stroke, scene.strokes))
        yield from _group("texts", "", map(self._text, range(len(scene.texts)), scene.texts))

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return x - self.scene.left, self.scene.top - y

    def _way(self, points: Floats) -> str:
        places = (self._at(x, y) for x, y in points.tolist())
        return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in places)

    def _edges(self) -> Iterator[str]:
        edges = self.scene.edges
        for k, label in enumerate(edges.labels):
            source, target = int(edges.sources[k]), int(edges.targets[k])
            weight, width = float(edges.weights[k]), float(edges.widths[k])
            told: Look = {
                "class": "edge",
                "id": f"{_ID}-edge-{source}-{target}",
                "data-label": escaped(label),
                "data-source": str(source),
                "data-target": str(target),
                "data-weight": repr(weight),
                "d": self._way(edges.paths[k]),
                "stroke": edges.colors[k],
                "stroke-width": width,
                "stroke-opacity": _opacity(float(edges.alphas[k])),
                "stroke-dasharray": _dashes(width) if edges.dashed[k] else None,
            }
            yield f"<path{_attributes(told)}/>"

    def _node(self, node: Node) -> str:
        x, y = self._at(node.x, node.y)
        place = _attributes({"cx": x, "cy": y, "r": node.radius})
        # What one can see through hides the edges behind it all the same.
        cover = f'<circle class="cover"{place} fill="{self.scene.paper}"/>'
        look = _attributes(
            {
                "fill": node.fill,
                "stroke": node.outline,
                "stroke-width": node.width,
                "opacity": _opacity(node.alpha),
            }
        )
        label = escaped(node.label)
        return (
            f'<g class="node" id="{_ID}-node-{node.number}" data-label="{label}" '
            f'data-number="{node.number}"><title>{label}</title>'
            f"{cover if node.alpha < 1 else ''}<circle{place}{look}/></g>"
        )

    def _rectangle(self, each: Rectangle) -> str:
        x, y = self._at(each.x, each.y + each.height)
        line = each.line if each.outline != "none" else None
        look: Look = {
            "x": x,
            "y": y,
            "width": each.width,
            "height": each.height,
            "fill": each.fill,
            "stroke": each.outline if line is not None else None,
            "stroke-width": line,
            "opacity": _opacity(each.alpha),
        }
        return f"<rect{_attributes(look)}/>"

    def _stroke(self, stroke: Stroke) -> str:
        look: Look = {
            "d": self._way(stroke.points),
            "stroke": stroke.color,
            "stroke-width": stroke.width,
            "stroke-dasharray": _dashes(stroke.width) if stroke.dashed else None,
        }
        return f"<path{_attributes(look)}/>"

    def _text(self, count: int, text: Text) -> str:
        size = extent(text.text, text.size, text.bold, text.math)
        x, y = self._at(text.x, text.y)
        look: Look = {
            "x": x,
            "y": y + size.middle,
            "font-size": text.size,
            "font-weight": "bold" if text.bold else None,
            "fill": text.color,
            "text-anchor": ANCHORS[text.align],
            "opacity": _opacity(text.alpha),
            "textLength": size.width,
            "lengthAdjust": "spacingAndGlyphs",
            # Some readers drop a space where a span begins or ends.
            "xml:space": "preserve" if text.math and " " in text.text else None,
        }
        content = _formula(text) if text.math else escaped(text.text)
        return (
            f'<g class="text" id="{_ID}-text-{count}" data-role="{escaped(text.role)}" '
            f'data-label="{escaped(text.of)}">{self._ground(text, x, y, size.width, size.height)}'
            f"<text{_attributes(look)}>{content}</text></g>"
        )

    def _ground(self, text: Text, x: float, y: float, width: float, height: float) -> str:
        if text.ground == "none":
            return ""
        dashed = text.ground == "dashed"
        pad = text.size * (DASHED_PADDING if dashed else PADDING)
        left = x - {"left": 0.0, "center": width / 2, "right": width}[text.align]
        look: Look = {
            "x": left - pad,
            "y": y - height / 2 - pad,
            "width": width + 2 * pad,
            "height": height + 2 * pad,
            "fill": self.scene.paper,
            "rx": text.size * CORNER if dashed else None,
            "stroke": text.color if dashed else None,
            "stroke-width": FRAME if dashed else None,
            "stroke-dasharray": _dashes(FRAME) if dashed else None,
        }
        return f'<rect class="ground"{_attributes(look)}/>'


def _group(name: str, look: str, content: Iterable[str]) -> Iterator[str]:
    yield f'<g class="{name}"{look}>'
    yield from content
    yield "</g>"


def _dashes(width: float) -> str:
    return f"{_number(DASH * width)} {_number(GAP * width)}"


# -- formulas -----------------------------------------------------------------------------------


def _formula(text: Text) -> str:
    """Return a formula as spans; browsers do not agree on baseline-shift, so they are moved."""
    spans, at = [], 0.0
    for run, look, height in _runs(text):
        moved = {"dy": height - at} if height != at else {}
        at = height
        spans.append(_span(run, {**look, **moved}))
    return "".join(spans)


def _runs(text: Text) -> Iterator[tuple[str, Look, float]]:
    """Yield the runs of a formula, their looks, and how far below the line they stand."""
    small = text.size * SMALLER
    for atom in formulas.atoms(text.text):
        apart = text.size * (APART if atom.below and atom.above else 1.0)
        down, up = BELOW * apart, -ABOVE * apart
        yield from ((run, {}, 0.0) for run in formulas.runs(atom.base))
        yield from ((run, {"font-size": small}, down) for run in formulas.runs(atom.below))
        # What stands above begins where what stands below does.
        back = -extent(formulas.plain(atom.below), small, text.bold).width if atom.below else None
        for run in formulas.runs(atom.above):
            yield run, {"font-size": small, "dx": back}, up
            back = None


def _span(run: str, look: Look) -> str:
    look = look if formulas.is_upright(run) else {**look, "font-style": "italic"}
    return f"<tspan{_attributes(look)}>{escaped(run)}</tspan>" if look else escaped(run)
