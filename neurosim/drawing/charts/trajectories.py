"""How weights and biases moved while a network trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.checks import short
from neurosim.drawing.charts.colors import class_color
from neurosim.drawing.charts.sheet import PANEL_SIZE, Sheet
from neurosim.errors import ArgumentError, ArgumentTypeError
from neurosim.learning.weight_history import WeightHistory

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.drawing.charts.look import Look

__all__ = ["draw_weight_history"]

MOST_NAMED = 10
DASHES = ("-", "--", "-.", ":")
LINE_WIDTH, THIN = 1.8, 0.7


def draw_weight_history(
    history: Any,
    *,
    ax: Any = None,
    path: Any = None,
    title: str | None = None,
    style: str = "screen",
) -> Axes:
    """Draw the weights and biases that a `WeightHistory` recorded, against the epochs.

    Up to ten have a colour and a name each. Of more, those that end positive are blue, and the
    others orange.

    Parameters
    ----------
    history : WeightHistory
        One that was among the callbacks of a training.
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
    ArgumentError, ArgumentTypeError
        It is no `WeightHistory`, or one that has not seen a training.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    >>> weights = ns.WeightHistory(["hidden1[0]->output[0]", "output[0].bias"])
    >>> X, Y = ns.datasets.gates("xor")
    >>> history = net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=20, callbacks=weights)
    >>> axes = ns.draw_weight_history(weights)
    >>> [line.get_label() for line in axes.lines]
    ['hidden1[0]->output[0]', 'output[0].bias']
    """
    whose = "draw_weight_history"
    sheet = Sheet(whose, ax, path, title, style)
    if not isinstance(history, WeightHistory):
        raise ArgumentTypeError(
            f"{whose}: history must be a ns.WeightHistory that was among the callbacks of "
            f"net.fit; got {short(history)}."
        )
    if not history.epochs:
        raise ArgumentError(
            f"{whose}: nothing has been recorded yet; train with net.fit(X, Y, ..., "
            "callbacks=[the WeightHistory]) first."
        )
    few = len(history.labels) <= MOST_NAMED
    with sheet.axes(sheet.with_legend(PANEL_SIZE, history.labels) if few else PANEL_SIZE) as axes:
        _draw(axes, history, sheet.look)
        axes.set(xlabel="epochs trained", ylabel="parameter")
        if few:
            axes.legend(**sheet.legend_place)
    return axes


def _draw(axes: Axes, history: WeightHistory, look: Look) -> None:
    from matplotlib.ticker import MaxNLocator

    values, few = history.values, len(history.labels) <= MOST_NAMED
    marker = "o" if len(history.epochs) == 1 else ""
    for k, label in enumerate(history.labels):
        color = class_color(k, look.inks) if few else look.inks.sign(values[-1, k])
        named: dict[str, Any] = {"linestyle": DASHES[k % len(DASHES)]}
        named |= {"linewidth": look.pt(LINE_WIDTH)}
        many: dict[str, Any] = {"linewidth": look.pt(THIN), "alpha": 0.6}
        line = named if few else many
        axes.plot(history.epochs, values[:, k], color=color, marker=marker, label=label, **line)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
