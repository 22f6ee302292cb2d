"""Where a network decides for which class, over two inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from neurosim.checks import finite_number, short, whole_number
from neurosim.drawing.charts.colors import class_color
from neurosim.drawing.charts.responses import responses, samples
from neurosim.drawing.charts.sheet import Sheet
from neurosim.drawing.charts.slice import Slice
from neurosim.drawing.style import number_text
from neurosim.drawing.themes import blended
from neurosim.errors import ArgumentTypeError, ShapeError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.drawing.charts.look import Look
    from neurosim.network import Network

__all__ = ["draw_decision_boundary", "grid_of", "mark_samples"]

RESOLUTION = 200
TINT, FULLEST = 0.30, 0.65
SIZE = (4.1, 3.9)
MARKS = ("o", "s", "^", "D", "v", "P", "X", "p")
MARK_SIZE = 5.0


class _Answer(NamedTuple):
    """What a network answers over a plane.

    Attributes
    ----------
    margins : (resolution, resolution, n_classes) array
        The class of the largest is the answer.
    names : list of str
        Of the classes.
    most : float
        By which the largest can exceed the next.
    """

    margins: Any
    names: list[str]
    most: float

    @property
    def certainty(self) -> Any:
        """By how much the largest margin exceeds the next, as a part of the most."""
        *_, second, first = np.moveaxis(np.sort(self.margins, axis=-1), -1, 0)
        return np.clip((first - second) / self.most, 0.0, 1.0)


def draw_decision_boundary(
    net: Network,
    X: Any = None,
    Y: Any = None,
    *,
    neuron: Any = None,
    at: Any = None,
    limits: Any = None,
    threshold: float = 0.5,
    classes: Any = None,
    certainty: bool = False,
    resolution: int = RESOLUTION,
    ax: Any = None,
    path: Any = None,
    title: str | None = None,
    style: str = "screen",
) -> Axes:
    """Draw the regions of two inputs in which a network answers each class, with the samples.

    With several outputs the class is that of the largest, the first of equal ones; with one
    output, or one `neuron`, it is whether the activation exceeds the threshold.

    Parameters
    ----------
    net : Network
        It stays as it is, its last pass included.
    X : (n, n_inputs) array, optional
        Samples, drawn as points where their two free inputs are.
    Y : (n, n_outputs) array, optional
        Their targets, from which the points have colour and mark; of a `neuron` one number each.
    neuron : label or neuron, optional
        Whose boundary is drawn, instead of that of the outputs.
    at : dict, optional
        Values of inputs that are held fixed, such as ``{"age": 30.0}``; two must be left free.
    limits : (low, high), or one such pair per axis, optional
        What part of the plane is drawn; a little more than X spans, else -2 to 2.
    threshold : float
        0 where the targets are -1 and 1.
    classes : list of str, optional
        Names for the legend.
    certainty : bool
        Whether colours are the fuller, the farther the activation is from the threshold, or the
        largest output above the next: of probabilities as a part of the most that can be, of
        other activations as a part of the most in the drawing.
    resolution : int
        Points computed along each axis.
    ax, path : optional
        Where to draw, and a ``.png``, ``.svg`` or ``.pdf`` file to write.
    title : str, optional
    style : {"screen", "paper", "slide", "dark"}
        Inks and sizes; "paper" is for a column, "slide" twice as large as "screen".

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError, ShapeError, UnknownNeuronError
        Not two inputs are free, or samples, names or limits do not fit.

    Examples
    --------
    >>> import neurosim as ns
    >>> output = ns.Layer(1, ns.SigmoidNeuron, weights=[[20.0], [20.0]], biases=[-30.0])
    >>> net = ns.Network([ns.InputLayer(2), output])
    >>> axes = ns.draw_decision_boundary(net, *ns.datasets.gates("and"))
    >>> [text.get_text() for text in axes.get_legend().get_texts()]
    ['output[0] ≤ 0.5', 'output[0] > 0.5']
    """
    whose = "draw_decision_boundary"
    sheet = Sheet(whose, ax, path, title, style)
    limit = finite_number(threshold, f"{whose}: threshold")
    if not isinstance(certainty, bool):
        raise ArgumentTypeError(
            f"{whose}: certainty must be True or False; got {short(certainty)}."
        )
    plane = Slice.of(net, at, 2, whose)
    table, targets = samples(net, X, Y, neuron, whose)
    window = plane.limits(limits, table, whose)
    rows = plane.rows(*(v.ravel() for v in grid_of(window, resolution, whose)))
    answer = _answer(net, neuron, rows, limit, classes, whose)
    with sheet.axes(sheet.with_legend(SIZE, answer.names)) as axes:
        _draw_regions(axes, answer, window, sheet.look, certainty)
        if table is not None:
            wanted = None if targets is None else _classes(targets, limit)
            mark_samples(axes, table[:, list(plane.free)], wanted, sheet.look)
        axes.set(xlabel=plane.labels[0], ylabel=plane.labels[1], xlim=window[0], ylim=window[1])
        legend = axes.legend(handles=_handles(answer.names, sheet.look), **sheet.legend_place)
        if certainty:
            legend.set_title("the fuller, the surer")
    return axes


def grid_of(window: list[tuple[float, float]], resolution: Any, whose: str) -> Any:
    """Return the two coordinates of the points of a grid, each ``(resolution, resolution)``."""
    n = whole_number(resolution, f"{whose}: resolution", at_least=2)
    return np.meshgrid(*(np.linspace(low, high, n) for low, high in window))


def _answer(
    net: Network, neuron: Any, rows: Any, threshold: float, classes: Any, whose: str
) -> _Answer:
    outputs = net.wiring.outputs.tolist()
    numbers = outputs if neuron is None else [net.directory.neuron(neuron)]
    values = responses(net, rows, numbers, whose)
    names = [net.labels[number] for number in numbers]
    if len(numbers) == 1:
        text = number_text(threshold)
        names = [f"{names[0]} ≤ {text}", f"{names[0]} > {text}"]
        values = np.hstack([np.full_like(values, threshold), values])
    side = round(len(rows) ** 0.5)
    margins, names = values.reshape(side, side, -1), _checked_names(classes, names, whose)
    return _Answer(margins, names, _most(net, numbers, margins, threshold))


def _most(net: Network, numbers: list[int], margins: Any, threshold: float) -> float:
    """Return by how much the largest margin can exceed the next: of probabilities in theory."""
    kinds = [net.kind_of(n).neuron for n in numbers if not net.wiring.is_input(n)]
    probabilities = len(kinds) == len(numbers) and all(kind.probability for kind in kinds)
    if probabilities and net.output_scaler is None:
        return max(threshold, 1.0 - threshold) if len(numbers) == 1 else 1.0
    *_, second, first = np.moveaxis(np.sort(margins, axis=-1), -1, 0)
    return float((first - second).max()) or 1.0


def _checked_names(classes: Any, names: list[str], whose: str) -> list[str]:
    if classes is None:
        return names
    if isinstance(classes, str) or not np.iterable(classes):
        raise ArgumentTypeError(
            f"{whose}: classes must be a list of {len(names)} names; got {short(classes)}."
        )
    given = [str(name) for name in classes]
    if len(given) != len(names):
        raise ShapeError(f"{whose}: classes must be {len(names)} names; got {len(given)}.")
    return given


def _classes(targets: Any, threshold: float) -> Any:
    if targets.shape[1] == 1:
        return (targets[:, 0] > threshold).astype(np.int64)
    return targets.argmax(axis=1)


def _draw_regions(
    axes: Axes, answer: _Answer, window: list[tuple[float, float]], look: Look, certainty: bool
) -> None:
    n = answer.margins.shape[-1]
    classes = answer.margins.argmax(axis=-1)
    square: dict[str, Any] = {"origin": "lower", "aspect": "auto", "interpolation": "nearest"}
    square["extent"] = (*window[0], *window[1])
    if certainty:
        axes.imshow(_shaded(classes, FULLEST * answer.certainty, n, look), **square)
    else:
        axes.imshow(classes, **_tinted(n, look), **square)
    xs, ys = (np.linspace(low, high, len(classes)) for low, high in window)
    for k in range(n):
        others = np.delete(answer.margins, k, axis=-1).max(axis=-1)
        margin = answer.margins[..., k] - others
        # Between two classes the line of one is that of the other.
        if margin.min() < 0 < margin.max() and (n > 2 or k == 1):
            axes.contour(
                xs, ys, margin, levels=[0.0], colors=look.inks.ink, linewidths=look.pt(1.3)
            )


def _tinted(n: int, look: Look) -> dict[str, Any]:
    from matplotlib.colors import ListedColormap

    inks = look.inks
    tints = [blended(inks.paper, class_color(k, inks), TINT) for k in range(n)]
    return {"cmap": ListedColormap(tints), "vmin": -0.5, "vmax": n - 0.5}


def _shaded(classes: Any, parts: Any, n: int, look: Look) -> Any:
    """Return red, green and blue of every point: so large a part of its class's colour."""
    from matplotlib.colors import to_rgb

    paper = np.array(to_rgb(look.inks.paper))
    full = np.array([to_rgb(class_color(k, look.inks)) for k in range(n)])
    return paper + parts[..., np.newaxis] * (full[classes] - paper)


def mark_samples(axes: Axes, points: Any, classes: Any, look: Look) -> None:
    """Draw samples as points: hue and mark say the class, a light edge sets them off."""
    marks: dict[str, Any] = {
        "linestyle": "none",
        "markersize": look.pt(MARK_SIZE),
        "markeredgecolor": look.inks.paper,
        "markeredgewidth": look.pt(0.7),
        "zorder": 3,
    }
    if classes is None:
        axes.plot(*points.T, "o", color=look.inks.ink, **marks)
        return
    for k in np.unique(classes).tolist():
        color, mark = class_color(k, look.inks), MARKS[k % len(MARKS)]
        axes.plot(*points[classes == k].T, mark, color=color, **marks)


def _handles(names: list[str], look: Look) -> list[Any]:
    """Return the entries of the legend: hue and mark of every class."""
    from matplotlib.lines import Line2D

    return [
        Line2D(
            [],
            [],
            linestyle="none",
            marker=MARKS[k % len(MARKS)],
            color=class_color(k, look.inks),
            markersize=look.pt(MARK_SIZE + 1),
            label=name,
        )
        for k, name in enumerate(names)
    ]
