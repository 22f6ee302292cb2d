"""What one neuron answers, over two inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.drawing.charts.boundary import RESOLUTION, grid_of, mark_samples
from neurosim.drawing.charts.colors import ink_on, map_and_norm
from neurosim.drawing.charts.responses import input_table, neuron_or_only_output, responses
from neurosim.drawing.charts.sheet import MAP_SIZE, Sheet
from neurosim.drawing.charts.slice import Slice

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.network import Network

__all__ = ["draw_response"]

LINES = 7


def draw_response(
    net: Network,
    neuron: Any = None,
    X: Any = None,
    *,
    at: Any = None,
    limits: Any = None,
    resolution: int = RESOLUTION,
    colorbar: bool = True,
    ax: Any = None,
    path: Any = None,
    title: str | None = None,
    style: str = "screen",
) -> Axes:
    """Draw the activation of one neuron over two inputs, as colours with contour lines.

    Activations of both signs are blue above zero and orange below; those of one sign go from
    paper to blue. Probabilities always go from 0 to 1, so that two maps can be compared.

    Parameters
    ----------
    net : Network
        It stays as it is, its last pass included.
    neuron : label or neuron, optional
        Any neuron; the output where there is only one.
    X : (n, n_inputs) array, optional
        Samples, drawn as points.
    at, limits, resolution, ax, path, title, style
        As for `draw_decision_boundary`.
    colorbar : bool
        Whether a colour bar says what the colours are.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError, ShapeError, UnknownNeuronError
        Not two inputs are free, the neuron is unknown, or samples do not fit.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    >>> axes = ns.draw_response(net, "hidden1[2]", limits=(-3, 3))
    >>> axes.get_xlabel(), axes.figure.axes[1].get_ylabel()
    ('input[0]', 'activation of hidden1[2]')
    """
    whose = "draw_response"
    sheet = Sheet(whose, ax, path, title, style)
    plane = Slice.of(net, at, 2, whose)
    number = neuron_or_only_output(net, neuron, whose)
    table = input_table(net, X, whose)
    window = plane.limits(limits, table, whose)
    xs, ys = grid_of(window, resolution, whose)
    values = responses(net, plane.rows(xs.ravel(), ys.ravel()), [number], whose).reshape(xs.shape)
    scale = map_and_norm(_span(net, number, values), sheet.look.inks, signed=_both_signs(values))
    with sheet.axes(MAP_SIZE) as axes:
        picture = _draw_map(axes, values, window, scale)
        lines = _draw_lines(axes, (xs, ys, values), scale, sheet.look.pt(0.8))
        if table is not None:
            mark_samples(axes, table[:, list(plane.free)], None, sheet.look)
        axes.set(xlabel=plane.labels[0], ylabel=plane.labels[1], xlim=window[0], ylim=window[1])
        if colorbar:
            label = f"activation of {net.labels[number]}"
            bar = axes.figure.colorbar(picture, ax=axes, label=label)
            if lines is not None:
                # The bar says which line is which, as labels on steep slopes would touch.
                bar.add_lines(lines)
    return axes


def _both_signs(values: Any) -> bool:
    return bool(values.min() < 0 < values.max())


def _span(net: Network, number: int, values: Any) -> Any:
    """Return numbers that span the colours: the values, of a probability 0 and 1."""
    is_output = number in net.wiring.outputs.tolist()
    in_units = is_output and net.output_scaler is not None
    probability = not net.wiring.is_input(number) and net.kind_of(number).neuron.probability
    return np.array([0.0, 1.0]) if probability and not in_units else values


def _draw_map(axes: Axes, values: Any, window: list[tuple[float, float]], scale: Any) -> Any:
    cmap, norm = scale
    look: dict[str, Any] = {"origin": "lower", "aspect": "auto", "interpolation": "bilinear"}
    return axes.imshow(values, cmap=cmap, norm=norm, extent=(*window[0], *window[1]), **look)


def _draw_lines(axes: Axes, surface: Any, scale: Any, width: float) -> Any:
    from matplotlib.ticker import MaxNLocator

    (cmap, norm), values = scale, surface[-1]
    levels = np.asarray(MaxNLocator(LINES).tick_values(values.min(), values.max()))
    levels = levels[(levels > values.min()) & (levels < values.max())]
    if not len(levels):
        return None
    inks = [ink_on(cmap(norm(level))) for level in levels.tolist()]
    return axes.contour(*surface, levels=levels, colors=inks, linewidths=width)
