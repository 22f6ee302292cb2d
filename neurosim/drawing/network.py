"""The drawing of a network, made with matplotlib."""

from __future__ import annotations

from functools import cache, lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.drawing import style
from neurosim.drawing.canvas import checked_axes, new_figure, styled
from neurosim.drawing.composition import scene_of
from neurosim.drawing.options import Options
from neurosim.files import checked_path, write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from neurosim.drawing.scene import Scene, Text
    from neurosim.network import Network

__all__ = ["draw_network"]

SUFFIXES = (".pdf", ".png", ".svg")
POINTS_PER_INCH, MEASURED_AT = 72.0, 100.0
EDGES_AT, NODES_AT, TEXTS_AT = 1.0, 2.0, 3.0
DASHES = (0, (3.2, 2.0))
SMALLEST_FONT = 0.5  # below it a text is a dot, and fonts cannot be set


def draw_network(network: Network, path: Any = None, *, ax: Any = None, **options: Any) -> Axes:
    """Draw a network: its layers from left to right, every weight in colour and width.

    Blue edges are positive and orange ones negative; the wider, the larger. After
    ``net.forward(x)`` the activations stand in the nodes, and after ``net.backward(y)`` the
    deltas under them, for as long as the parameters stay as they were in that pass. The network
    is not changed, and neither are matplotlib's settings.

    Parameters
    ----------
    network : Network
    path : str or path, optional
        A file to write: ``.png``, ``.svg`` or ``.pdf``.
    ax : matplotlib Axes, optional
        Where to draw. Without it there is a new figure of fitting size: where no file is written
        either, one that ``plt.show()`` and notebooks show, and pyplot keeps until
        ``plt.close()``; otherwise one that pyplot does not know.
    show : iterable of str, optional
        What is shown, out of ``titles, labels, symbols, weights, biases, activations, z, deltas,
        legend``. All that fits but z, where nothing is said: numbers stand on the edges between
        two layers where these are at most 16 (64 where weights are asked for) and there is room
        for all of them, and layers of more than 8 neurons are
        drawn without texts at every node.
    sample : int, optional
        Of a pass with a batch, the sample whose numbers are shown; without it, none are.
    title : str, optional
    figsize : (width, height), optional
        Of the new figure, in inches; the drawing is fitted into it.
    digits : int
        Significant digits of the numbers; 3.
    max_neurons : int
        A larger layer is drawn with its first and its last neurons and an ellipsis; 16.

    Returns
    -------
    matplotlib.axes.Axes
        Of the drawing.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        An option, a thing to show or the suffix of the file is unknown, or a value is no value.
    PassError
        A `sample` is asked for, but no pass belongs to the parameters.
    ModelFileError
        The file cannot be written.

    Examples
    --------
    >>> from neurosim import Network, SigmoidNeuron
    >>> net = Network.layered([2, 2, 1], hidden=SigmoidNeuron, output=SigmoidNeuron, rng=1)
    >>> axes = net.draw(show=["labels", "weights"], title="XOR")
    >>> [text.get_text() for text in axes.texts if text.get_text().startswith("output")]
    ['output[0]']
    """
    chosen = Options.of(options)
    file = None if path is None else checked_path(path, SUFFIXES, "Network.draw: path")
    given = checked_axes(ax, "Network.draw")
    with styled():
        scene = scene_of(network, chosen, measure)
        axes = given or _new_axes(scene, chosen.figsize, kept=file is None)
        _draw(scene, axes)
        if file is not None:
            _save(_figure_of(axes), file)
    return axes


@cache
def _font(families: tuple[str, ...], bold: bool) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=list(families), weight="bold" if bold else "normal")


def _font_of(size: float, bold: bool) -> Any:
    import matplotlib as mpl

    font = _font(tuple(mpl.rcParams["font.family"]), bold).copy()
    font.set_size(size)
    return font


def measure(text: str, size: float, bold: bool) -> tuple[float, float]:
    """Return the width and height of a line of text, in points; `styled` says in which font.

    >>> width, height = measure("neuron", 10.0, False)
    >>> 25 < width < 45 and 8 < height < 14
    True
    """
    import matplotlib as mpl

    width, height = _extent(text, bold, tuple(mpl.rcParams["font.family"]))
    return width * size / MEASURED_AT, height * size / MEASURED_AT


@lru_cache(maxsize=4096)
def _extent(text: str, bold: bool, families: tuple[str, ...]) -> tuple[float, float]:
    from matplotlib.textpath import text_to_path

    font = _font(families, bold).copy()
    font.set_size(MEASURED_AT)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    # Every line is as high as one with an ascender and a descender.
    _, height, _ = text_to_path.get_text_width_height_descent("lp", font, ismath=False)
    return float(width), float(height)


# -- figures and files --------------------------------------------------------------------------


def _new_axes(scene: Scene, figsize: tuple[float, float] | None, *, kept: bool) -> Axes:
    """Return axes that fill a figure of their own."""
    width, height = scene.width / POINTS_PER_INCH, scene.height / POINTS_PER_INCH
    shrink = min(1.0, style.LARGEST_SIDE / max(width, height))
    size = (width * shrink, height * shrink) if figsize is None else figsize
    figure = new_figure(size, kept=kept)
    return figure.add_axes((0.0, 0.0, 1.0, 1.0))


def _figure_of(axes: Axes) -> Figure:
    """Return the whole figure, also of axes in a part of one."""
    figure: Any = axes.figure
    whole: Figure = figure.figure
    return whole


def _save(figure: Figure, file: Path) -> None:
    kind = file.suffix.lower()[1:]
    # Dates would make the same drawing another file every time.
    undated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    buffer = BytesIO()
    figure.savefig(buffer, format=kind, dpi=style.RESOLUTION, metadata=undated.get(kind, {}))
    write_atomically(file, buffer.getvalue())


# -- drawing ------------------------------------------------------------------------------------


def _draw(scene: Scene, axes: Axes) -> None:
    axes.set_axis_off()
    axes.set_xlim(scene.left, scene.right)
    axes.set_ylim(scene.bottom, scene.top)
    axes.set_aspect("equal")
    scale = _scale(scene, axes)
    _draw_edges(scene, axes, scale)
    _draw_nodes(scene, axes, scale)
    _draw_strokes(scene, axes, scale)
    for text in scene.texts:
        if text.size * scale >= SMALLEST_FONT:
            _draw_text(text, axes, scale)


def _scale(scene: Scene, axes: Axes) -> float:
    """Return how many points of paper a point of the scene is, so that texts shrink with it."""
    figure = _figure_of(axes)
    if figure.get_layout_engine() is not None:
        figure.draw_without_rendering()
    box = axes.get_window_extent()
    points = POINTS_PER_INCH / figure.dpi
    return min(box.width * points / scene.width, box.height * points / scene.height)


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

    for node in scene.nodes:
        circle = Circle(
            (node.x, node.y),
            node.radius,
            facecolor=node.fill,
            edgecolor=node.outline,
            linewidth=node.width * scale,
            zorder=NODES_AT,
        )
        circle.set_gid(f"node:{node.label}")
        axes.add_patch(circle)


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


def _draw_text(text: Text, axes: Axes, scale: float) -> None:
    artist = axes.text(
        text.x,
        text.y,
        text.text,
        fontproperties=_font_of(text.size * scale, text.bold),
        color=text.color,
        horizontalalignment=text.align,
        verticalalignment="center",
        zorder=TEXTS_AT,
        # A label is not a formula: a $ in it is a $.
        parse_math=False,
        **_GROUNDS[text.ground](scale),
    )
    artist.set_gid(f"{text.role}:{text.of}")


def _box(scale: float) -> dict[str, Any]:
    look = {"boxstyle": "square,pad=0.05", "facecolor": style.PAPER, "edgecolor": "none"}
    return {"bbox": look}


def _dashed_box(scale: float) -> dict[str, Any]:
    look = {"boxstyle": "round,pad=0.15", "facecolor": style.PAPER, "edgecolor": style.OUTLINE}
    return {"bbox": {**look, "linestyle": DASHES, "linewidth": 0.7 * scale}}


_GROUNDS = {"none": lambda scale: {}, "box": _box, "dashed": _dashed_box}
