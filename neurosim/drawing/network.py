"""The drawing of a network: in matplotlib's Axes, in files and in notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.drawing.backends import WRITERS, Page, draw_scene, svg_of
from neurosim.drawing.backends.axes import figure_of
from neurosim.drawing.backends.page import POINTS_PER_INCH
from neurosim.drawing.canvas import checked_axes, new_figure, styled
from neurosim.drawing.composition import scene_of
from neurosim.drawing.measure import measure
from neurosim.drawing.options import Options
from neurosim.drawing.saving import FIGURE_SUFFIXES, save_figure
from neurosim.errors import NeurosimError
from neurosim.files import checked_path, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.axes import Axes

    from neurosim.drawing.scene import Scene
    from neurosim.network import Network

__all__ = ["draw_network", "network_scene", "network_svg", "show_scene"]

SUFFIXES = tuple(sorted({*FIGURE_SUFFIXES, *WRITERS}))
MOST_EDGES, MOST_DRAWN = 2_000_000, 5_000
"""What notebooks draw unasked: of a network with so many edges, so many, and nothing larger."""


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
        A file to write: ``.png``, ``.pdf``, ``.svg`` with texts that can be selected, ``.tex``
        with a TikZ picture that compiles by itself, or ``.dot`` or ``.gv`` for Graphviz. With
        `ax`, the first three hold all of its figure.
    ax : matplotlib Axes, optional
        Where to draw. Without it there is a new figure of fitting size: where no file is written
        either, one that ``plt.show()`` and notebooks show, and pyplot keeps until
        ``plt.close()``; otherwise one that pyplot does not know.
    show : iterable of str or dict, optional
        A list says all that is shown, a dict such as ``{"z": True, "legend": False}`` what is
        different from what is shown without it. To choose from, for the layers: ``titles,
        formulas, shapes``; for the neurons: ``labels, symbols, biases, activations, fills, z,
        deltas``; for the edges: ``weights, gradients``; for both: ``marks`` (frozen, tied,
        dropped out), ``colorbar, legend``. On request only: formulas, shapes, fills, z,
        gradients, colorbar. Numbers stand on the edges between two layers where these are at
        most 16 (64 where they are asked for) and there is room for all of them, and layers of
        more than 8 neurons are drawn without texts at every node.
    sample : int, optional
        Of a pass with a batch, the sample whose numbers are shown; without it, none are. A
        gradient is that of the whole batch.
    title : str, optional
    figsize : (width, height), optional
        Of the new figure, in inches; the drawing is fitted into it.
    digits : int, optional
        Significant digits of the numbers; 3, and 2 on a slide.
    max_neurons : int
        Of a larger layer some neurons are drawn, and an ellipsis; 16.
    keep : {"ends", "strongest"}
        Which: the first and the last, or those with the largest weights.
    threshold : float
        Edges with smaller |weight| are not drawn, and the legend says how many.
    direction : {"right", "down"}
        Where edges lead.
    style : {"screen", "paper", "slide", "dark"}
        ``paper`` fits a column of 3.3 inches or else a page, ``slide`` 13.33 x 7.5 inches; no
        text on them is smaller than 7 and 18 points: rather, what is not asked for is left out,
        and of deep networks titles stand on several storeys, and nodes are small.
    notation : {"labels", "math"}
        Whether neurons have their labels, or symbols such as x_1.
    highlight : label, neuron, layer, edge, Step, or a list of these, optional
        What stands out, while the rest fades: an edge as ``"a->b"``; of a list of neurons, such
        as a path, the edges between them, too; of a step of a trace all that it was made of.
    feeding : bool
        Whether everything that feeds what is highlighted stands out, too.
    compare : Network or array, optional
        A former state, ``net.copy()`` or ``net.parameters.copy()``: colours, widths and numbers
        are those of the change since then.

    Returns
    -------
    matplotlib.axes.Axes
        Of the drawing.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        An option, a thing to show or the suffix of the file is unknown, or a value is no value;
        or there would be more than 20,000 edges, which `threshold` and `max_neurons` leave out.
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
    return show_scene(
        lambda: scene_of(network, chosen, measure), path, ax, chosen.figsize, "Network.draw"
    )


def show_scene(compose: Callable[[], Scene], path: Any, ax: Any, figsize: Any, whose: str) -> Axes:
    """Draw what `compose` returns, in a figure and a file; see `draw_network`."""
    file = None if path is None else checked_path(path, SUFFIXES, f"{whose}: path")
    given = checked_axes(ax, whose)
    with styled():
        scene = compose()
        page = Page.of(scene, figsize)
        axes = given or _new_axes(page, figsize, kept=file is None)
        draw_scene(page.scene if given is None else scene, axes)
        if file is not None:
            _write(page, axes, file, whole=given is not None)
    return axes


def network_scene(network: Network, **options: Any) -> Scene:
    """Return the drawing of a network as data; the options are those of `draw_network`.

    >>> from neurosim import Network, SigmoidNeuron
    >>> net = Network.layered([2, 2, 1], hidden=SigmoidNeuron, output=SigmoidNeuron, rng=1)
    >>> [node.label for node in network_scene(net).nodes][:2]
    ['input[0]', 'input[1]']
    """
    chosen = Options.of(options)
    with styled():
        return scene_of(network, chosen, measure)


def network_svg(network: Network, **options: Any) -> str | None:
    """Return what a notebook shows of a network: an ``<svg>`` element, or None.

    None is returned where a network cannot be drawn usefully, such as one of thousands of layers.
    """
    if network.wiring.n_edges > MOST_EDGES:
        return None
    try:
        scene = network_scene(network, **options)
    except NeurosimError:
        return None
    return svg_of(scene) if len(scene.edges) <= MOST_DRAWN else None


def _new_axes(page: Page, figsize: tuple[float, float] | None, *, kept: bool) -> Axes:
    """Return axes that fill a figure of their own."""
    size = (page.width / POINTS_PER_INCH, page.height / POINTS_PER_INCH)
    figure = new_figure(figsize or size, kept=kept, facecolor=page.scene.paper)
    return figure.add_axes((0.0, 0.0, 1.0, 1.0))


def _write(page: Page, axes: Axes, file: Path, *, whole: bool) -> None:
    """Write the drawing; where it is `whole`, with what else the person's figure shows."""
    suffix = file.suffix.lower()
    if suffix in WRITERS and not (whole and suffix in FIGURE_SUFFIXES):
        write_atomically(file, WRITERS[suffix](page).encode(errors="replace"))
    else:
        save_figure(figure_of(axes), file)
