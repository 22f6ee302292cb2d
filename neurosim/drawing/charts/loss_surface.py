"""The loss over two parameters, or two directions, and the path of training on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from neurosim.checks import finite_array, short, whole_number
from neurosim.drawing.charts.colors import sequential
from neurosim.drawing.charts.directions import Directions, points_of
from neurosim.drawing.charts.sheet import MAP_SIZE, Sheet
from neurosim.drawing.charts.slice import limits_around
from neurosim.drawing.style import number_text
from neurosim.errors import ArgumentError, NotFiniteError, ShapeError
from neurosim.samples import checked_samples

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.drawing.charts.look import Look
    from neurosim.network import Network

__all__ = ["draw_loss_surface"]

RESOLUTION = 61
BANDS, MOST_POINTS = 12, 60
DECADES, FLOOR = 100.0, 1e-3
"""A loss that spans more than this is banded by factors, not by differences."""
THREE_D_SIZE = (5.6, 4.6)


def draw_loss_surface(
    net: Network,
    a: Any,
    b: Any,
    X: Any,
    Y: Any,
    *,
    path_of: Any = None,
    three_d: bool = False,
    limits: Any = None,
    resolution: int = RESOLUTION,
    ax: Any = None,
    path: Any = None,
    title: str | None = None,
    style: str = "screen",
) -> Axes:
    """Draw the mean loss over two parameters, all others as they are, with a path of training.

    Parameters
    ----------
    net : Network
        It stays as it is. A ring marks the first point of the path, a star the present parameters.
    a, b : edge or bias, or (n_parameters,) arrays
        Such as ``"x->y"``, ``("x", "y")``, ``net["x", "y"]`` and ``"y.bias"``; or two directions,
        along which steps from the present parameters are counted.
    X, Y : arrays
        The samples of the loss, which is without penalties.
    path_of : WeightHistory, or (n, n_parameters) array, optional
        Where training was. Each point is drawn where the plane comes nearest to it, which is the
        point itself where only a and b have moved.
    three_d : bool
        Whether it is drawn as a surface in space, instead of as contours.
    limits : (low, high), or one such pair per axis, optional
        What is drawn; a little more than the path spans, else 1 or the parameter's own size to
        both sides.
    resolution : int
        Points computed along each axis.
    ax, path : optional
        Where to draw (an Axes with ``projection="3d"`` for three dimensions), and a ``.png``,
        ``.svg`` or ``.pdf`` file to write.
    title : str, optional
    style : {"screen", "paper", "slide", "dark"}
        Inks and sizes; "paper" is for a column, "slide" twice as large as "screen".

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    UnknownEdgeError, UnknownNeuronError, ArgumentError, ShapeError
        The axes are unknown or the same, or the path does not fit.
    NotFiniteError
        The loss overflows everywhere.

    Source: Li et al., "Visualizing the Loss Landscape of Neural Nets", 2018, for two directions.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network([ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]])])
    >>> weights = ns.WeightHistory()
    >>> X, Y = [[0.0], [1.0], [2.0]], [[1.0], [2.0], [3.0]]
    >>> history = net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=50, callbacks=weights)
    >>> axes = ns.draw_loss_surface(
    ...     net, "input[0]->output[0]", "output[0].bias", X, Y, path_of=weights
    ... )
    >>> axes.get_xlabel(), axes.get_ylabel()
    ('input[0]->output[0]', 'output[0].bias')
    """
    whose = "draw_loss_surface"
    sheet = Sheet(whose, ax, path, title, style)
    sheet.require_projection(three_d)
    plane = Directions.of(net, a, b, whose)
    way = None if path_of is None else points_of(path_of, plane, whose)
    window = _window(limits, plane, way, whose)
    n = whole_number(resolution, f"{whose}: resolution", at_least=3)
    us, vs = np.meshgrid(*(np.linspace(low, high, n) for low, high in window))
    drawn = _drawn(_Losses(net, plane, X, Y, whose), us, vs, way)
    draw = _draw_surface if three_d else _draw_contours
    options = {"subplot_kw": {"projection": "3d"}} if three_d else {}
    with sheet.axes(THREE_D_SIZE if three_d else MAP_SIZE, **options) as axes:
        draw(axes, drawn, sheet.look)
        axes.set(xlabel=plane.labels[0], ylabel=plane.labels[1], xlim=window[0], ylim=window[1])
    return axes


class _Drawn(NamedTuple):
    """The losses of a grid; the path and the present point, each a row of u, v and the loss."""

    us: Any
    vs: Any
    losses: Any
    way: Any
    here: list[float]
    label: str


class _Losses:
    """The loss at points of the plane, computed on a copy of the network."""

    def __init__(self, net: Network, plane: Directions, X: Any, Y: Any, whose: str) -> None:
        self.samples = checked_samples(net, X, Y, whose)
        net.require_finite_parameters(whose)
        self.copy, self.plane, self.whose = net.copy(), plane, whose

    def at(self, u: float, v: float) -> float:
        """Return the loss at a point; NaN where it overflows."""
        self.copy.parameters[:] = self.plane.parameters(u, v)
        loss = self.copy.mean_loss(*self.samples)
        return loss if np.isfinite(loss) else float("nan")

    def over(self, us: Any, vs: Any) -> Any:
        """Return the losses of a grid, at least one of them finite."""
        points = zip(us.ravel().tolist(), vs.ravel().tolist(), strict=True)
        losses = np.array([self.at(u, v) for u, v in points]).reshape(us.shape)
        if not np.isfinite(losses).any():
            raise NotFiniteError(
                f"{self.whose}: the loss is not a finite number anywhere within the limits; "
                "narrow them, or scale the inputs."
            )
        return losses


def _drawn(losses: _Losses, us: Any, vs: Any, way: Any) -> _Drawn:
    here = losses.plane.origin.tolist()
    if way is not None:
        way = np.vstack([way.T, [losses.at(u, v) for u, v in way.tolist()]])
    label = f"loss ({type(losses.copy.loss).__name__})"
    return _Drawn(us, vs, losses.over(us, vs), way, [*here, losses.at(*here)], label)


def _window(limits: Any, plane: Directions, way: Any, whose: str) -> list[tuple[float, float]]:
    if limits is None:
        return [_around(plane, way, axis) for axis in (0, 1)]
    array = finite_array(limits, f"{whose}: limits")
    pairs = np.tile(array, (2, 1)) if array.shape == (2,) else array
    if pairs.shape != (2, 2):
        raise ShapeError(
            f"{whose}: limits must be (low, high) or one such pair for a and one for b; got "
            f"{short(limits)}."
        )
    if not (pairs[:, 0] < pairs[:, 1]).all():
        raise ArgumentError(f"{whose}: limits must go from low to high; got {short(limits)}.")
    return [(float(low), float(high)) for low, high in pairs]


def _around(plane: Directions, way: Any, axis: int) -> tuple[float, float]:
    here = float(plane.origin[axis])
    if way is None:
        reach = max(1.0, abs(here))
        return here - reach, here + reach
    # The path stands in the middle half, so that what is around it can be seen.
    return limits_around(np.append(way[:, axis], here), margin=0.4)


def _levels(losses: Any) -> Any:
    """Return the borders of the bands: factors apart, or as the rings of a bowl lie evenly."""
    low, high = float(np.nanmin(losses)), float(np.nanmax(losses))
    if not high > low:
        return np.array([low - 0.5, low + 0.5])
    if low >= 0 and high > DECADES * low:
        # A grid meets the bottom of a bowl by chance: what lies below the floor is one band.
        floor = max(low, FLOOR * high)
        return np.append(low, np.geomspace(floor, high, BANDS)[int(floor == low) :])
    return low + (high - low) * np.linspace(0.0, 1.0, BANDS + 1) ** 2


def _draw_contours(axes: Axes, drawn: _Drawn, look: Look) -> None:
    from matplotlib.colors import BoundaryNorm

    levels, cmap = _levels(drawn.losses), sequential(look.inks)
    surface = (drawn.us, drawn.vs, np.ma.masked_invalid(drawn.losses))
    scale: dict[str, Any] = {"levels": levels, "norm": BoundaryNorm(levels, cmap.N)}
    bands = axes.contourf(*surface, cmap=cmap, **scale)
    if len(levels) > 2:
        lines: dict[str, Any] = {"colors": look.inks.paper, "linewidths": look.pt(0.4)}
        axes.contour(*surface, levels=levels[1:-1], **lines)
    bar = axes.figure.colorbar(bands, ax=axes, label=drawn.label, ticks=levels[::3])
    bar.ax.set_yticklabels([number_text(level, 2) for level in levels[::3].tolist()])
    bar.ax.minorticks_off()
    if drawn.way is not None:
        _mark_way(axes, list(drawn.way[:2]), look)
    axes.plot(*drawn.here[:2], "*", **_star(look))


def _draw_surface(axes: Any, drawn: _Drawn, look: Look) -> None:
    # What is drawn later is drawn above, so that the surface does not hide the path.
    axes.computed_zorder = False
    mesh: dict[str, Any] = {"rcount": 61, "ccount": 61, "linewidth": 0, "alpha": 0.9}
    # Its lowest part, where a training ends, is no ground that one would see through.
    mesh["cmap"] = sequential(look.inks, start=0.18)
    axes.plot_surface(drawn.us, drawn.vs, drawn.losses, **mesh)
    if drawn.way is not None:
        _mark_way(axes, list(drawn.way), look)
    axes.plot(*([value] for value in drawn.here), "*", **_star(look))
    axes.set_zlabel(drawn.label, labelpad=look.pt(6.0))
    axes.xaxis.labelpad = axes.yaxis.labelpad = look.pt(6.0)
    axes.locator_params(nbins=5)
    axes.view_init(elev=32, azim=-56)
    axes.set_box_aspect((1.0, 1.0, 0.75), zoom=0.92)


def _mark_way(axes: Any, columns: list[Any], look: Look) -> None:
    """Draw a path: a ring where it begins, points while they can be told apart."""
    few, color = len(columns[0]) <= MOST_POINTS, look.inks.negative
    axes.plot(
        *columns,
        "o-" if few else "-",
        color=color,
        linewidth=look.pt(1.6),
        markersize=look.pt(3.2),
        zorder=4,
    )
    axes.plot(
        *(column[:1] for column in columns),
        "o",
        color=color,
        markersize=look.pt(7.0),
        markerfacecolor=look.inks.paper,
        markeredgewidth=look.pt(1.5),
        zorder=5,
    )


def _star(look: Look) -> dict[str, Any]:
    edge = {"markeredgecolor": look.inks.paper, "markeredgewidth": look.pt(0.8)}
    return {"color": look.inks.negative_ink, "markersize": look.pt(13.0), "zorder": 6, **edge}
