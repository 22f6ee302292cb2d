"""Kinds of neuron: activation and derivative, as curves."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim import neurons
from neurosim.drawing.charts.sheet import PANEL_SIZE, Sheet
from neurosim.errors import ArgumentError
from neurosim.functions import NUMPY
from neurosim.neurons import InputNeuron, Kind, Neuron

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.drawing.charts.look import Look

__all__ = ["draw_kind", "draw_kinds"]

REACH, POINTS = 4.0, 1601
JUMP = 0.2
"""A step between two neighbouring points by this share of the whole span is a jump."""
COLUMNS, PANEL = 4, (2.5, 2.0)
LINE_WIDTH = 1.9
NONE = "no derivative"


def draw_kind(
    kind: Any,
    *,
    reach: float = REACH,
    ax: Any = None,
    path: Any = None,
    title: str | None = None,
    style: str = "screen",
) -> Axes:
    """Draw the activation of a kind of neuron over z, and its derivative.

    Of coupled kinds, such as softmax, the neuron is one of two, the other's z is 0, and the
    derivative is da/dz by the neuron's own z.

    Parameters
    ----------
    kind : kind
        Such as ``ns.ReLUNeuron`` or ``functools.partial(ns.LeakyReLUNeuron, slope=0.1)``.
    reach : float
        z goes from -reach to reach.
    ax, path : optional
        Where to draw, and a ``.png``, ``.svg`` or ``.pdf`` file to write.
    title : str, optional
        Else the kind's name.
    style : {"screen", "paper", "slide", "dark"}
        Inks and sizes; "paper" is for a column, "slide" twice as large as "screen".

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentTypeError
        It is no kind of neuron.

    Examples
    --------
    >>> import neurosim as ns
    >>> axes = ns.draw_kind(ns.Perceptron)
    >>> [text.get_text() for text in axes.get_legend().get_texts()]
    ['activation', 'no derivative']
    """
    whose = "draw_kind"
    sheet = Sheet(whose, ax, path, title, style)
    chosen, span = Kind.of(kind, f"{whose}: kind"), _reach(reach, whose)
    with sheet.axes(PANEL_SIZE) as axes:
        _draw(axes, chosen, span, sheet.look)
        axes.set(xlabel="z", title=str(chosen))
        axes.legend()
    return axes


def draw_kinds(
    kinds: Any = None,
    *,
    reach: float = REACH,
    path: Any = None,
    title: str | None = None,
    style: str = "screen",
) -> Axes:
    """Draw activation and derivative of many kinds of neuron, a panel each.

    Parameters
    ----------
    kinds : list of kinds, optional
        All that the library has.
    reach, path, title, style
        As for `draw_kind`.

    Returns
    -------
    matplotlib.axes.Axes
        The first; all of them are in its ``.figure.axes``.

    Examples
    --------
    >>> import neurosim as ns
    >>> axes = ns.draw_kinds([ns.SigmoidNeuron, ns.TanhNeuron, ns.ReLUNeuron])
    >>> [panel.get_title() for panel in axes.figure.axes]
    ['SigmoidNeuron', 'TanhNeuron', 'ReLUNeuron']
    """
    whose = "draw_kinds"
    sheet = Sheet(whose, None, path, title, style)
    given = _own_kinds() if kinds is None else list(kinds)
    chosen, span = [Kind.of(kind, f"{whose}: kinds") for kind in given], _reach(reach, whose)
    if not chosen:
        raise ArgumentError(f"{whose}: kinds must hold at least one kind; got an empty list.")
    columns = min(COLUMNS, len(chosen))
    rows = -(-len(chosen) // columns)
    size = (PANEL[0] * columns, PANEL[1] * rows + 0.35)
    with sheet.panels(rows, columns, size, sharex=True) as panels:
        for axes in panels[len(chosen) :]:
            axes.remove()
        for axes, one in zip(panels, chosen, strict=False):
            _draw(axes, one, span, sheet.look)
            axes.set_title(str(one), fontsize=sheet.look.pt(8.5))
            if not one.neuron.differentiable():
                axes.text(
                    0.96 * span,
                    0.5,
                    NONE,
                    fontsize=sheet.look.pt(8.5),
                    ha="right",
                    va="center",
                    color=sheet.look.inks.negative_ink,
                )
        _label_outside(panels[: len(chosen)], columns, sheet.look)
    return panels[0]


def _label_outside(panels: list[Axes], columns: int, look: Look) -> None:
    """Label z under the lowest panel of every column, and say once what the lines are."""
    from matplotlib.lines import Line2D

    for axes in panels[-columns:]:
        axes.tick_params(labelbottom=True)
        axes.set_xlabel("z")
    looks: dict[str, tuple[str, Any]] = {
        "activation": (look.inks.positive, "-"),
        "derivative": (look.inks.negative, "--"),
    }
    handles = [
        Line2D([], [], color=color, linestyle=dashes, linewidth=look.pt(LINE_WIDTH), label=name)
        for name, (color, dashes) in looks.items()
    ]
    figure: Any = panels[0].figure
    figure.legend(handles=handles, loc="outside lower right", ncols=2)


def _own_kinds() -> list[type[Neuron]]:
    """Return every kind of the library that computes."""
    classes = [getattr(neurons, name) for name in neurons.__all__]
    return [
        item
        for item in classes
        if issubclass(item, Neuron) and not inspect.isabstract(item) and item is not InputNeuron
    ]


def _reach(reach: Any, whose: str) -> float:
    from neurosim.checks import finite_number

    return finite_number(reach, f"{whose}: reach", above=0)


def _draw(axes: Axes, kind: Kind, reach: float, look: Look) -> None:
    z = np.linspace(-reach, reach, POINTS)
    activation, derivative = _curves(kind, z)
    axes.axhline(0.0, color=look.inks.zero, linewidth=look.pt(0.8), zorder=0)
    axes.axvline(0.0, color=look.inks.zero, linewidth=look.pt(0.8), zorder=0)
    axes.set_xticks([-reach, -reach / 2, 0.0, reach / 2, reach])
    line: dict[str, Any] = {"linewidth": look.pt(LINE_WIDTH)}
    axes.plot(z, _broken(activation), color=look.inks.positive, label="activation", **line)
    if derivative is None:
        axes.plot([], [], " ", label=NONE)
    else:
        axes.plot(
            z, _broken(derivative), "--", color=look.inks.negative, label="derivative", **line
        )


def _curves(kind: Kind, z: Any) -> tuple[Any, Any]:
    """Return activation and derivative at every z; None for a derivative that is not stated."""
    activate = kind.formula("activate", NUMPY)
    stated = kind.neuron.differentiable()
    if kind.coupled:
        pair = np.stack([z, np.zeros_like(z)])
        a = activate(pair)
        own = np.stack([np.ones_like(z), np.zeros_like(z)])
        slope = kind.formula("chain", NUMPY)(pair, a, own)[0] if stated else None
        return a[0], slope
    a = activate(z) + np.zeros_like(z)
    return a, kind.formula("derivative", NUMPY)(z, a) + np.zeros_like(z) if stated else None


def _broken(values: Any) -> Any:
    """Return a curve with a gap at every jump, where a line would tell of values between."""
    steps = np.abs(np.diff(values))
    span = float(values.max() - values.min())
    curve = values.astype(np.float64)
    if span:
        curve[1:][steps > JUMP * span] = np.nan
    return curve
