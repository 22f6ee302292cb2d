"""How the numbers of every layer are spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import short, whole_number
from neurosim.drawing.charts.sheet import Sheet
from neurosim.drawing.charts.weights import finite_numbers, layers_of
from neurosim.drawing.style import number_text
from neurosim.errors import ArgumentError, PassError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.drawing.charts.look import Look

__all__ = ["draw_histograms"]

WIDTH, HEIGHT, FOOT = 4.6, 1.25, 0.6
BINS = 40
OF_PASS = {"activations": "net.forward(X)", "deltas": "net.forward(X) and net.backward(Y)"}
WHAT = ("weights", "biases", "gradients", *OF_PASS)


def draw_histograms(
    net: Any,
    what: str = "weights",
    *,
    bins: int = BINS,
    ax: Any = None,
    path: Any = None,
    title: str | None = None,
    style: str = "screen",
) -> Axes:
    """Draw a histogram of weights, gradients or activations for every layer, on one axis.

    Parameters
    ----------
    net : Network or Layer
        A layer is one of ``net.layers``.
    what : {"weights", "biases", "gradients", "activations", "deltas"}
        Gradients are those of weights and biases of the last step or backward pass; activations
        and deltas those of the last pass of the graph engine.
    bins : int
        All panels share them.
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
    ArgumentError
        `what` is unknown, or several layers are to go into one Axes.
    PassError
        There is no pass that belongs to the parameters.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network.layered([9, 50, 3], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    >>> [axes.get_title(loc="left") for axes in ns.draw_histograms(net).figure.axes]
    ['hidden1', 'output']
    """
    whose = "draw_histograms"
    sheet = Sheet(whose, ax, path, title, style)
    layers = layers_of(net, whose)
    sheet.require_one(len(layers), "draw one layer, such as net.layers[1], or leave ax out")
    n_bins = whole_number(bins, f"{whose}: bins")
    finite_numbers(layers[0], what, whose)
    numbers = [_numbers(layer, what, whose) for layer in layers]
    edges = np.histogram_bin_edges(np.concatenate(numbers), n_bins)
    size = (WIDTH, HEIGHT * len(layers) + FOOT)
    with sheet.panels(len(layers), 1, size, sharex=True) as panels:
        for axes, layer, values in zip(panels, layers, numbers, strict=True):
            _draw(axes, values, edges, sheet.look)
            axes.set_title((title if len(layers) == 1 else None) or layer.name, loc="left")
            axes.set_ylabel("count")
        panels[-1].set_xlabel(_singular(what))
    return panels[0]


def _numbers(layer: Any, what: str, whose: str) -> Any:
    if what not in WHAT:
        known = ", ".join(repr(name) for name in WHAT)
        raise ArgumentError(f"{whose}: what must be one of {known}; got {short(what)}.")
    network = layer.place.network
    if what in OF_PASS:
        run = network.last_pass
        values = getattr(layer, what) if run and run.belongs_to(network.parameters) else None
        if values is None:
            raise PassError(
                f"{whose}: no pass with {what} belongs to the parameters; call {OF_PASS[what]} "
                "first."
            )
        return np.ravel(values)
    vector = network.gradient if what == "gradients" else network.parameters
    slots = network.directory.slots(layer, what != "biases", what != "weights")
    # An entry that tied edges share counts once.
    return vector[np.unique(slots)]


def _draw(axes: Axes, values: Any, edges: Any, look: Look) -> None:
    counts, _ = np.histogram(values, edges)
    axes.stairs(counts, edges, fill=True, color=look.inks.positive)
    axes.axvline(0.0, color=look.inks.zero, linewidth=look.pt(0.8), zorder=0)
    mean, spread = number_text(np.mean(values)), number_text(np.std(values))
    # The minus of a mean is one of the font's, not a hyphen.
    note = f"{len(values)} numbers, mean {mean}, spread {spread}"
    axes.set_title(note, loc="right", fontsize=look.pt(8.0), color=look.inks.quiet)


def _singular(what: str) -> str:
    return {"biases": "bias"}.get(what, what.removesuffix("s"))
