"""What neurons answer, over one input: function curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import whole_number
from neurosim.drawing.charts.colors import class_color
from neurosim.drawing.charts.responses import responses, samples
from neurosim.drawing.charts.sheet import PANEL_SIZE, Sheet
from neurosim.drawing.charts.slice import Slice

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.drawing.charts.look import Look
    from neurosim.network import Network

__all__ = ["draw_function"]

RESOLUTION = 1001
LINE_WIDTH = 1.8
DASHES = ("-", "--", "-.", ":")
FEW, MOST_NAMED = 2, 12
"""Curves whose legend finds room among them, and curves that have one at all."""


def draw_function(
    net: Network,
    X: Any = None,
    Y: Any = None,
    *,
    neuron: Any = None,
    at: Any = None,
    limits: Any = None,
    resolution: int = RESOLUTION,
    ax: Any = None,
    path: Any = None,
    title: str | None = None,
    style: str = "screen",
) -> Axes:
    """Draw what the outputs, or other neurons, answer along one input, with the samples.

    Parameters
    ----------
    net : Network
        It stays as it is, its last pass included.
    X : (n, n_inputs) array, optional
        Samples; without Y short strokes at the foot of the chart.
    Y : (n, n_outputs) array, optional
        Their targets, drawn as points; of one `neuron` one number each.
    neuron : label or neuron, or a list of them, optional
        The outputs where none is named; a layer's name means all its neurons.
    at : dict, optional
        Values of inputs that are held fixed, such as ``{"age": 30.0}``; one must be left free.
    limits : (low, high), optional
        Of the input; a little more than X spans, else -2 to 2.
    resolution : int
        Points computed along the axis.
    ax, path, title, style
        As for `draw_decision_boundary`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError, ShapeError, UnknownNeuronError
        Not one input is free, a neuron is unknown, or samples do not fit.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network.layered([1, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    >>> axes = ns.draw_function(net, neuron="hidden1")
    >>> [line.get_label() for line in axes.lines]
    ['hidden1[0]', 'hidden1[1]', 'hidden1[2]']
    """
    whose = "draw_function"
    sheet = Sheet(whose, ax, path, title, style)
    line = Slice.of(net, at, 1, whose)
    numbers = net.wiring.outputs.tolist() if neuron is None else net.directory.neurons(neuron)
    one = None if neuron is None else numbers[0]
    table, targets = samples(net, X, Y, one, whose)
    ((low, high),) = line.limits(limits, table, whose)
    xs = np.linspace(low, high, whole_number(resolution, f"{whose}: resolution", at_least=2))
    values = responses(net, line.rows(xs), numbers, whose)
    labels = [net.labels[number] for number in numbers]
    crowded = FEW < len(labels) <= MOST_NAMED
    with sheet.axes(sheet.with_legend(PANEL_SIZE, labels) if crowded else PANEL_SIZE) as axes:
        _draw_curves(axes, xs, values, labels, sheet.look)
        if 1 < len(labels) <= MOST_NAMED:
            axes.legend(**(sheet.legend_place if crowded else {}))
        if table is not None:
            _draw_samples(axes, table[:, line.free[0]], targets, len(labels), sheet.look)
        axes.set(xlabel=line.labels[0], xlim=(low, high))
    return axes


def _draw_curves(axes: Axes, xs: Any, values: Any, labels: list[str], look: Look) -> None:
    for k, label in enumerate(labels):
        dashes = DASHES[k % len(DASHES)]
        line: dict[str, Any] = {"linestyle": dashes, "linewidth": look.pt(LINE_WIDTH)}
        axes.plot(xs, values[:, k], color=class_color(k, look.inks), label=label, **line)
    axes.set_ylabel(labels[0] if len(labels) == 1 else "activation")


def _draw_samples(axes: Axes, xs: Any, targets: Any, n_curves: int, look: Look) -> None:
    if targets is None:
        foot: dict[str, Any] = {"transform": axes.get_xaxis_transform(), "zorder": 1}
        foot |= {"color": look.inks.quiet, "markersize": look.pt(9.0)}
        axes.plot(xs, np.zeros(len(xs)), "|", **foot)
        return
    dots: dict[str, Any] = {
        "markersize": look.pt(4.5),
        "markeredgecolor": look.inks.paper,
        "markeredgewidth": look.pt(0.6),
        "alpha": 0.8,
        "zorder": 1,
    }
    for k in range(targets.shape[1]):
        # Samples of one output belong to none of several curves of other neurons.
        own = targets.shape[1] == n_curves
        color = class_color(k, look.inks) if own else look.inks.quiet
        axes.plot(xs, targets[:, k], "o", color=color, **dots)
