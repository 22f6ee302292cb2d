"""A drawing as plain data: nodes, edges, texts and strokes, with places, sizes and colours.

Back-ends draw a `Scene` and decide nothing about what it shows. Lengths are points at its
natural size, x points right and y up; it reaches from (`left`, `bottom`) to (`right`, `top`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]
    Integers = NDArray[Any]

__all__ = ["Edges", "Node", "Rectangle", "Scene", "Stroke", "Text"]


@dataclass(frozen=True)
class Node:
    """A neuron: a circle.

    Attributes
    ----------
    number : int
        Of the neuron.
    label : str
        Its whole label.
    x, y, radius : float
    fill, outline : str
        Colours.
    width : float
        Of the outline.
    alpha : float
        Opacity; what is not highlighted fades.
    """

    number: int
    label: str
    x: float
    y: float
    radius: float
    fill: str
    outline: str
    width: float
    alpha: float = 1.0


@dataclass(frozen=True)
class Text:
    """One line of text.

    Attributes
    ----------
    text : str
    x, y : float
        Of its middle, or of the middle of its left or right end.
    size : float
    color : str
    align : {"center", "left", "right"}
    bold : bool
    role : str
        What it says: label, weight, bias, activation, delta, z, symbol, layer, title, ...
    of : str
        What it says it about: the label of a neuron, ``source->target``, or a layer's name.
    ground : {"none", "box", "dashed"}
        What keeps it readable over edges; "dashed" frames a frozen number.
    math : bool
        Whether the text is a formula in a small part of TeX: letters and digits, Greek letters by
        name (``\\delta``), ``_{...}`` and ``^{...}``. Else every character stands for itself.
    alpha : float
        Opacity.
    """

    text: str
    x: float
    y: float
    size: float
    color: str
    align: str = "center"
    bold: bool = False
    role: str = ""
    of: str = ""
    ground: str = "none"
    math: bool = False
    alpha: float = 1.0


@dataclass(frozen=True, eq=False)
class Stroke:
    """A line of the legend."""

    points: Floats
    color: str
    width: float
    dashed: bool = False


@dataclass(frozen=True)
class Rectangle:
    """A filled rectangle, such as a step of a colour bar; (x, y) is its lower left corner."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    outline: str = "none"
    line: float = 0.0
    alpha: float = 1.0


@dataclass(frozen=True, eq=False)
class Edges:
    """All edges, as arrays, in the order in which they are drawn: the largest last.

    Attributes
    ----------
    labels : list of str
        ``source->target`` of each.
    sources, targets : (n,) arrays
        The neurons it joins, by number.
    paths : list of (k, 2) arrays
    weights, widths, alphas : (n,) arrays
    colors : list of str
    dashed : (n,) array of bool
        Which are frozen.
    """

    labels: list[str]
    sources: Integers
    targets: Integers
    paths: list[Floats]
    weights: Floats
    widths: Floats
    alphas: Floats
    colors: list[str]
    dashed: Floats

    def __len__(self) -> int:
        return len(self.paths)


@dataclass(frozen=True, eq=False)
class Scene:
    """All of a drawing.

    Attributes
    ----------
    nodes, edges, texts, strokes, rectangles
        Drawn in this order: edges, nodes, rectangles, strokes, texts.
    left, bottom, right, top : float
    paper : str
        The colour of the ground.
    description : str
        What is drawn, in one sentence, for readers who do not see it.
    """

    nodes: list[Node]
    edges: Edges
    texts: list[Text] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    rectangles: list[Rectangle] = field(default_factory=list)
    left: float = 0.0
    bottom: float = 0.0
    right: float = 0.0
    top: float = 0.0
    paper: str = "#ffffff"
    description: str = ""

    @property
    def width(self) -> float:
        """The width at natural size, in points."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """The height at natural size, in points."""
        return self.top - self.bottom
