r"""A scene as a LaTeX document with one TikZ picture, which compiles by itself.

Neurons are nodes with names made of their labels, and edges join them by name where they are
straight, so that the source can be read and changed. Lengths are points of a scene, ``1bp``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from neurosim.drawing.backends import tex
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from neurosim.drawing.backends.page import Page
    from neurosim.drawing.scene import Node, Rectangle, Stroke, Text

__all__ = ["tikz_of"]

ANCHORS = {"left": "base west", "center": "base", "right": "base east"}
MOST_EDGES = 10_000
# How far the middle of a line is above its base line, in parts of its size.
MIDDLE = 0.28
DASH, GAP = 3.2, 2.0

BEGIN = r"""% {description}
% Drawn by neurosim. Compile with pdflatex; lualatex has more letters. It needs TikZ and standalone.
\documentclass[tikz]{{standalone}}
\usepackage{{iftex}}
\iftutex\else
  \IfFileExists{{lmodern.sty}}{{\usepackage[T1]{{fontenc}}\usepackage{{lmodern}}}}{{\usepackage{{fix-cm}}}}
\fi
% A letter by its number; pdflatex, which does not have it, prints the number.
\newcommand{{{unknown}}}[1]{{\iftutex\char"#1\relax\else{{\ttfamily U+#1}}\fi}}
\pgfdeclarelayer{{edges}}
\pgfsetlayers{{edges,main}}
{colors}
\begin{{document}}
\begin{{tikzpicture}}[
  x={unit}bp, y={unit}bp, font=\sffamily,
  neuron/.style={{circle, minimum size=#1bp, inner sep=0bp, outer sep=0bp}},
  faded/.style={{preaction={{fill=paper, opacity=1}}, opacity=#1}},
  text at/.style={{anchor=#1, inner sep=0bp, outer sep=0bp}},
  size/.style={{font=\sffamily\fontsize{{#1bp}}{{#1bp}}\selectfont}},
  bold size/.style={{font=\sffamily\bfseries\fontsize{{#1bp}}{{#1bp}}\selectfont}},
  ground/.style={{fill=paper, inner sep=0.6bp}},
  frozen ground/.style={{draw, fill=paper, inner sep=1.4bp, rounded corners=2bp, dashed}},
]
"""
END = r"""\end{tikzpicture}
\end{document}
"""


def tikz_of(page: Page) -> str:
    """Return the source of a document that holds a drawing and nothing else.

    Raises
    ------
    ArgumentError
        There are more edges than TeX has memory for.
    """
    edges = len(page.scene.edges)
    if edges > MOST_EDGES:
        raise ArgumentError(
            f"Network.draw: a .tex file holds at most {MOST_EDGES:,} edges, as TeX has no memory "
            f"for more, and this drawing has {edges:,}; leave some out with max_neurons= or "
            "threshold=, or write a .pdf."
        )
    return _Picture(page).source()


class _Colors:
    """The colours of a picture, by names that say what they were first used for."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def name(self, color: str, use: str) -> str:
        """Return the name of a colour; a new one is named after its use."""
        if color == "none":
            return color
        if color not in self.names:
            taken, count = set(self.names.values()), 2
            name = use
            while name in taken:
                name, count = f"{use}{count}", count + 1
            self.names[color] = name
        return self.names[color]

    def definitions(self) -> str:
        """Return the lines that define them."""
        return "\n".join(
            rf"\definecolor{{{name}}}{{HTML}}{{{color.lstrip('#').upper()}}}"
            for color, name in self.names.items()
        )


class _Picture:
    def __init__(self, page: Page) -> None:
        self.scene, self.scale = page.scene, page.scale
        self.colors = _Colors()
        self.names = _names(self.scene.nodes)
        self.places = {node.number: (node.x, node.y) for node in self.scene.nodes}

    def source(self) -> str:
        """Return the document."""
        body = "\n".join(self._lines())
        begin = BEGIN.format(
            description=" ".join(self.scene.description.split()) or "A neural network.",
            unknown=tex.UNKNOWN,
            colors=self.colors.definitions(),
            unit=_number(self.scale, 4),
        )
        return begin + body + "\n" + END

    def _lines(self) -> Iterator[str]:
        scene = self.scene
        paper = self.colors.name(scene.paper, "paper")
        corners = (
            f"({_place(scene.left, scene.bottom)}) rectangle ({_place(scene.right, scene.top)})"
        )
        yield rf"\begin{{pgfonlayer}}{{edges}}\fill[{paper}] {corners};\end{{pgfonlayer}}"
        yield "% neurons"
        yield from map(self._node, scene.nodes)
        yield "% edges, behind them"
        yield from _on_layer("edges", map(self._edge, range(len(scene.edges))))
        yield "% marks"
        yield from map(self._rectangle, scene.rectangles)
        yield from map(self._stroke, scene.strokes)
        yield "% texts"
        yield from map(self._text, scene.texts)

    def _length(self, length: float) -> str:
        return f"{_number(length * self.scale)}bp"

    def _dashes(self, width: float) -> str:
        return f"dash pattern=on {self._length(DASH * width)} off {self._length(GAP * width)}"

    def _node(self, node: Node) -> str:
        look = [
            f"neuron={_number(2 * node.radius * self.scale)}",
            f"fill={self.colors.name(node.fill, 'fill')}",
            f"draw={self.colors.name(node.outline, 'outline')}",
            f"line width={self._length(node.width)}",
        ]
        if node.alpha < 1:
            look.append(f"faded={_number(node.alpha)}")
        at = _place(node.x, node.y)
        return rf"\node[{', '.join(look)}] ({self.names[node.number]}) at ({at}) {{}};"

    def _edge(self, k: int) -> str:
        edges = self.scene.edges
        weight, alpha = float(edges.weights[k]), float(edges.alphas[k])
        use = "positive" if weight > 0 else "negative" if weight < 0 else "zero"
        look = [
            self.colors.name(edges.colors[k], use),
            f"line width={self._length(float(edges.widths[k]))}",
        ]
        look += [f"opacity={_number(alpha)}"] if alpha < 1 else []
        look += [self._dashes(float(edges.widths[k]))] if edges.dashed[k] else []
        source, target = int(edges.sources[k]), int(edges.targets[k])
        straight = self._joins(edges.paths[k], source, target)
        ends = (self.names[source], self.names[target]) if straight else ()
        way = " -- ".join(f"({name})" for name in ends) or _way(edges.paths[k])
        return rf"\draw[{', '.join(look)}] {way};"

    def _joins(self, path: NDArray[np.float64], source: int, target: int) -> bool:
        """Whether a way is the straight line from the middle of a neuron to that of another."""
        if len(path) != 2 or source not in self.places or target not in self.places:
            return False
        ends = [self.places[source], self.places[target]]
        return bool(np.abs(path - np.array(ends)).max() < 0.01)

    def _rectangle(self, each: Rectangle) -> str:
        fill = self.colors.name(each.fill, "bar")
        look = [f"fill={fill}"] if fill != "none" else []
        if each.outline != "none" and each.line:
            look += [f"draw={self.colors.name(each.outline, 'outline')}"]
            look += [f"line width={self._length(each.line)}"]
        look += [f"opacity={_number(each.alpha)}"] if each.alpha < 1 else []
        corner = _place(each.x + each.width, each.y + each.height)
        return rf"\path[{', '.join(look)}] ({_place(each.x, each.y)}) rectangle ({corner});"

    def _stroke(self, stroke: Stroke) -> str:
        look = [self.colors.name(stroke.color, "mark"), f"line width={self._length(stroke.width)}"]
        look += [self._dashes(stroke.width)] if stroke.dashed else []
        return rf"\draw[{', '.join(look)}] {_way(stroke.points)};"

    def _text(self, text: Text) -> str:
        look = [
            f"text at={ANCHORS[text.align]}",
            f"{'bold ' if text.bold else ''}size={_number(text.size * self.scale)}",
            f"text={self.colors.name(text.color, 'ink')}",
        ]
        if text.ground != "none":
            look.append("ground" if text.ground == "box" else "frozen ground")
        look += [f"text opacity={_number(text.alpha)}"] if text.alpha < 1 else []
        words = tex.formula(text.text) if text.math else tex.escaped(text.text)
        words = rf"\boldmath{words}" if text.math and text.bold else words
        at = _place(text.x, text.y - MIDDLE * text.size)
        return rf"\node[{', '.join(look)}] at ({at}) {{{words}}};"


def _names(nodes: Iterable[Node]) -> dict[int, str]:
    """Return names of nodes that TikZ can read: ``hidden1[0]`` is ``hidden1-0``."""
    names: dict[int, str] = {}
    taken: set[str] = set()
    for node in nodes:
        name = re.sub("[^A-Za-z0-9]+", "-", node.label).strip("-") or "neuron"
        name = name if name not in taken else f"{name}-n{node.number}"
        while name in taken:
            name += "-"
        taken.add(name)
        names[node.number] = name
    return names


def _on_layer(layer: str, lines: Iterable[str]) -> Iterator[str]:
    yield rf"\begin{{pgfonlayer}}{{{layer}}}"
    yield from lines
    yield r"\end{pgfonlayer}"


def _number(value: float, digits: int = 2) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _place(x: float, y: float) -> str:
    return f"{_number(x)},{_number(y)}"


def _way(points: NDArray[np.float64]) -> str:
    return " -- ".join(f"({_place(x, y)})" for x, y in np.asarray(points).tolist())
