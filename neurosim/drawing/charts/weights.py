"""Weight matrices as heat maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from neurosim.checks import finite_array, short
from neurosim.drawing.charts.cells import draw_cells, name_cells, room_for_names, write_cells
from neurosim.drawing.charts.colors import map_and_norm
from neurosim.drawing.charts.sheet import Sheet
from neurosim.drawing.style import number_text
from neurosim.errors import ArgumentError, ArgumentTypeError
from neurosim.layers import BaseLayer, InputLayer
from neurosim.network import Network

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.drawing.charts.look import Look

__all__ = ["draw_weights", "finite_numbers", "layers_of"]

WHAT = {"weights": "parameters", "gradients": "gradient"}
CELL_WIDTH, CELL_HEIGHT = 0.5, 0.27
SMALLEST, LARGEST = 1.7, 6.5
FRAME_WIDTH, FRAME_HEIGHT, BAR = 0.3, 0.5, 0.9
MOST_CELLS = 10_000
"""Numbers of larger matrices are not even measured."""


class _Matrix(NamedTuple):
    """One layer's numbers: a row per source, and the biases below."""

    title: str
    cells: Any
    rows: list[str]
    columns: list[str]


def draw_weights(
    net: Any,
    what: str = "weights",
    *,
    ax: Any = None,
    path: Any = None,
    title: str | None = None,
    style: str = "screen",
) -> Axes:
    """Draw the weight matrices of a network, or that of one layer, as heat maps.

    A row per source and a column per neuron, as ``layer.weights`` has them; the last row is the
    biases. Blue is positive, orange negative, and all panels share one scale. Where there is no
    edge, the cell is empty. Numbers are written where they fit.

    Parameters
    ----------
    net : Network or Layer
        A layer is one of ``net.layers``.
    what : {"weights", "gradients"}
    ax : matplotlib Axes, optional
        Where to draw one layer.
    path : optional
        A ``.png``, ``.svg`` or ``.pdf`` file to write.
    title : str, optional
    style : {"screen", "paper", "slide", "dark"}
        Inks and sizes; "paper" is for a column, "slide" twice as large as "screen".

    Returns
    -------
    matplotlib.axes.Axes
        That of the first layer; all of them are in its ``.figure.axes``.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        It is no network and no layer of one, or several layers are to go into one Axes.

    Examples
    --------
    >>> import neurosim as ns
    >>> output = ns.Layer(1, ns.SigmoidNeuron, weights=[[20.0], [20.0]], biases=[-30.0])
    >>> net = ns.Network([ns.InputLayer(2), output])
    >>> axes = ns.draw_weights(net)
    >>> [text.get_text() for text in axes.texts]
    ['20', '20', '−30']
    """
    whose = "draw_weights"
    sheet = Sheet(whose, ax, path, title, style)
    if what not in WHAT:
        raise ArgumentError(f"{whose}: what must be 'weights' or 'gradients'; got {short(what)}.")
    layers = layers_of(net, whose)
    sheet.require_one(len(layers), "draw one layer, such as net.layers[1], or leave ax out")
    finite_numbers(layers[0], what, whose)
    matrices = [_matrix(layer, what) for layer in layers]
    known = np.concatenate([m.cells[np.isfinite(m.cells)] for m in matrices])
    scale = map_and_norm(known, sheet.look.inks, signed=True)
    sizes = [_size(matrix, sheet.look) for matrix in matrices]
    whole = sum(width for width, _ in sizes) + BAR, max(height for _, height in sizes)
    ratios = {"width_ratios": [width for width, _ in sizes]}
    with sheet.panels(1, len(layers), whole, **ratios) as panels:
        pictures = [draw_cells(a, m.cells, scale) for a, m in zip(panels, matrices, strict=True)]
        panels[-1].figure.colorbar(pictures[-1], ax=panels, label=what.removesuffix("s"))
        alone = title if len(layers) == 1 else None
        for axes, matrix in zip(panels, matrices, strict=True):
            axes.set_title(alone or matrix.title)
        _write(panels, pictures, matrices, sheet)
    return panels[0]


def layers_of(net: Any, whose: str) -> list[Any]:
    """Return the layers with weights of a network, or a layer alone."""
    if isinstance(net, Network):
        return list(net.layers[1:])
    if isinstance(net, InputLayer):
        raise ArgumentError(
            f"{whose}: {net!r} has no weights, as nothing feeds it; take net.layers[1] or a later "
            "one."
        )
    if isinstance(net, BaseLayer):
        return [net]
    raise ArgumentTypeError(
        f"{whose}: the first argument must be a network or one of net.layers; got {short(net)}."
    )


def finite_numbers(layer: Any, what: str, whose: str) -> None:
    """Raise where a parameter, or a gradient, of the layer's network is NaN or infinite."""
    network = layer.place.network
    network.require_finite_parameters(whose)
    if what == "gradients":
        finite_array(network.gradient, f"{whose}: the gradient")


def _matrix(layer: Any, what: str) -> _Matrix:
    """Return the numbers of a layer, NaN where there is no edge."""
    place = layer.place
    network, sources = place.network, place.sources
    vector = getattr(network, WHAT[what])
    cells = np.full((len(sources) + 1, len(layer)), np.nan)
    rows = {source: row for row, source in enumerate(sources)}
    for column, number in enumerate(place.numbers.tolist()):
        feeding, slots, bias = network.wiring.incoming(number)
        cells[[rows[source] for source in feeding.tolist()], column] = vector[slots]
        cells[-1, column] = vector[bias]
    names = [*(network.labels[source] for source in sources), "bias"]
    title = f"{layer.name}: {len(sources)} → {len(layer)}"
    return _Matrix(title, cells, names, list(layer.labels))


def _size(matrix: _Matrix, look: Look) -> tuple[float, float]:
    rows, columns = matrix.cells.shape
    width = min(max(SMALLEST, CELL_WIDTH * columns), LARGEST)
    height = min(max(SMALLEST, CELL_HEIGHT * rows), LARGEST)
    beside, below = room_for_names(matrix.rows, matrix.columns, width / columns, look)
    return width + beside + FRAME_WIDTH, height + below + FRAME_HEIGHT


def _write(panels: list[Axes], pictures: list[Any], matrices: list[_Matrix], sheet: Sheet) -> None:
    """Write names and numbers, once the panels have the place that they will keep."""
    look = sheet.look
    drawn = list(zip(panels, pictures, matrices, strict=True))
    for axes, _, matrix in drawn:
        name_cells(axes, matrix.rows, matrix.columns, look)
        axes.axhline(len(matrix.rows) - 1.5, color=look.inks.paper, linewidth=look.pt(3.0))
    if sheet.given is None:
        panels[0].figure.draw_without_rendering()  # type: ignore[union-attr]
    for axes, picture, matrix in drawn:
        if matrix.cells.size <= MOST_CELLS:
            texts = [[_text(value) for value in row] for row in matrix.cells.tolist()]
            write_cells(axes, picture, matrix.cells, texts, look)


def _text(value: float) -> str:
    return number_text(value, 2) if np.isfinite(value) else ""
