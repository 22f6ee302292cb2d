"""A scene in matplotlib's Axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.drawing import formulas
from neurosim.drawing.backends.page import POINTS_PER_INCH
from neurosim.drawing.glyphs import drawable
from neurosim.drawing.measure import font_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from neurosim.drawing.scene import Node, Scene, Text

__all__ = ["draw_scene", "figure_of"]

PAPER_AT, EDGES_AT, COVERS_AT, NODES_AT, RECTANGLES_AT, TEXTS_AT = 0.5, 1.0, 1.5, 2.0, 2.5, 3.0
DASHES = (0, (3.2, 2.0))
SMALLEST_FONT = 0.5  # below it a text is a dot, and fonts cannot be set


def figure_of(axes: Axes) -> Figure:
    """Return the whole figure, also of axes in a part of one."""
    part: Any = axes.figure
    while part.figure is not part:
        part = part.figure
    whole: Figure = part
    return whole


def draw_scene(scene: Scene, axes: Axes) -> None:
    """Draw a scene, fitted into the axes; everything shrinks with it."""
    axes.set_axis_off()
    axes.set_xlim(scene.left, scene.right)
    axes.set_ylim(scene.bottom, scene.top)
    axes.set_aspect("equal")
    scale = _scale(scene, axes)
    _draw_paper(scene, axes)
    _draw_edges(scene, axes, scale)
    _draw_nodes(scene, axes, scale)
    _draw_rectangles(scene, axes, scale)
    _draw_strokes(scene, axes, scale)
    for text in scene.texts:
        if text.size * scale >= SMALLEST_FONT:
            _draw_text(text, scene.paper, axes, scale)


def _scale(scene: Scene, axes: Axes) -> float:
    """Return how many points of paper a point of the scene is."""
    figure = figure_of(axes)
    if figure.get_layout_engine() is not None:
        figure.draw_without_rendering()
    box = axes.get_window_extent()
    points = POINTS_PER_INCH / figure.dpi
    return min(box.width * points / scene.width, box.height * points / scene.height)


def _draw_paper(scene: Scene, axes: Axes) -> None:
    """Cover the person's ground where it has another colour."""
    from matplotlib.colors import same_color
    from matplotlib.patches import Rectangle

    if same_color(figure_of(axes).get_facecolor(), scene.paper):
        return
    paper = Rectangle(
        (scene.left, scene.bottom),
        scene.width,
        scene.height,
        facecolor=scene.paper,
        edgecolor="none",
        zorder=PAPER_AT,
    )
    paper.set_gid("paper")
    axes.add_patch(paper)


def _draw_edges(scene: Scene, axes: Axes, scale: float) -> None:
    from matplotlib.collections import LineCollection
    from matplotlib.colors import to_rgba_array

    edges = scene.edges
    if not len(edges):
        return
    colors = to_rgba_array(edges.colors)
    colors[:, 3] = edges.alphas
    dashes = [DASHES if dashed else "solid" for dashed in edges.dashed.tolist()]
    lines = LineCollection(
        edges.paths,
        colors=colors,
        linewidths=edges.widths * scale,
        linestyles=dashes if edges.dashed.any() else "solid",
        capstyle="butt",
        zorder=EDGES_AT,
    )
    lines.set_gid("edges")
    axes.add_collection(lines, autolim=False)


def _draw_nodes(scene: Scene, axes: Axes, scale: float) -> None:
    from matplotlib.patches import Circle

    _cover_edges([node for node in scene.nodes if node.alpha < 1], scene.paper, axes)
    for node in scene.nodes:
        circle = Circle(
            (node.x, node.y),
            node.radius,
            facecolor=node.fill,
            edgecolor=node.outline,
            linewidth=node.width * scale,
            alpha=node.alpha,
            zorder=NODES_AT,
        )
        circle.set_gid(f"node:{node.label}")
        axes.add_patch(circle)


def _cover_edges(nodes: list[Node], paper: str, axes: Axes) -> None:
    """Cover the edges behind nodes that one can see through."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Circle

    if nodes:
        discs = [Circle((node.x, node.y), node.radius) for node in nodes]
        covers = PatchCollection(discs, facecolor=paper, edgecolor="none", zorder=COVERS_AT)
        covers.set_gid("covers")
        axes.add_collection(covers, autolim=False)


def _draw_rectangles(scene: Scene, axes: Axes, scale: float) -> None:
    from matplotlib.patches import Rectangle

    for each in scene.rectangles:
        rectangle = Rectangle(
            (each.x, each.y),
            each.width,
            each.height,
            facecolor=each.fill,
            edgecolor=each.outline,
            linewidth=each.line * scale,
            alpha=each.alpha,
            zorder=RECTANGLES_AT,
        )
        rectangle.set_gid("rectangle")
        axes.add_patch(rectangle)


def _draw_strokes(scene: Scene, axes: Axes, scale: float) -> None:
    from matplotlib.lines import Line2D

    for stroke in scene.strokes:
        line = Line2D(
            *np.asarray(stroke.points).T,
            color=stroke.color,
            linewidth=stroke.width * scale,
            linestyle=DASHES if stroke.dashed else "solid",
            zorder=TEXTS_AT,
        )
        axes.add_artist(line)


def _draw_text(text: Text, paper: str, axes: Axes, scale: float) -> None:
    words = drawable(text.text)
    artist = axes.text(
        text.x,
        text.y,
        formulas.mathtext(words) if text.math else words,
        fontproperties=font_of(text.size * scale, text.bold),
        color=text.color,
        alpha=text.alpha,
        horizontalalignment=text.align,
        verticalalignment="center",
        zorder=TEXTS_AT,
        # A label is not a formula: a $ in it is a $.
        parse_math=text.math,
        **_GROUNDS[text.ground](text, paper, scale),
    )
    artist.set_gid(f"{text.role}:{text.of}")


def _box(text: Text, paper: str, scale: float) -> dict[str, Any]:
    look = {"boxstyle": "square,pad=0.05", "facecolor": paper, "edgecolor": "none"}
    return {"bbox": look}


def _dashed_box(text: Text, paper: str, scale: float) -> dict[str, Any]:
    look = {"boxstyle": "round,pad=0.15", "facecolor": paper, "edgecolor": text.color}
    return {"bbox": {**look, "linestyle": DASHES, "linewidth": 0.7 * scale}}


_GROUNDS = {"none": lambda text, paper, scale: {}, "box": _box, "dashed": _dashed_box}
