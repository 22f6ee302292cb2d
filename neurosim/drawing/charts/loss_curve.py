"""The loss along one weight, with the tangent that the gradient gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.drawing.charts.sheet import PANEL_SIZE, Sheet
from neurosim.drawing.style import number_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.drawing.charts.look import Look
    from neurosim.whatif import LossCurve

__all__ = ["draw_loss_curve"]

MARGIN = 0.08
"""What is shown above and below the curve, as a share of what it spans."""


def draw_loss_curve(
    curve: LossCurve,
    *,
    ax: Any = None,
    path: Any = None,
    title: str | None = None,
    style: str = "screen",
) -> Axes:
    """Draw a curve of `loss_along`; `LossCurve.plot` documents the arguments."""
    sheet = Sheet("LossCurve.plot", ax, path, title, style)
    look = sheet.look
    with sheet.axes(PANEL_SIZE) as axes:
        axes.plot(curve.values, curve.losses, color=look.inks.positive, label="loss")
        window = _window(curve)
        if curve.smooth:
            _draw_tangent(axes, curve, look)
        axes.plot([curve.value], [curve.loss], "o", **_here(look))
        axes.set(xlabel=curve.label, ylabel=f"loss ({curve.objective})")
        axes.set(xlim=(curve.values[0], curve.values[-1]), ylim=window)
        axes.legend(loc="best", frameon=True, framealpha=0.85)
    return axes


def _window(curve: LossCurve) -> tuple[float, float]:
    """Return from where to where the losses go: a tangent may leave it."""
    known = np.append(curve.losses, curve.loss)
    low, high = float(np.nanmin(known)), float(np.nanmax(known))
    room = MARGIN * (high - low) or max(1e-3, 0.1 * abs(high))
    return low - room, high + room


def _draw_tangent(axes: Axes, curve: LossCurve, look: Look) -> None:
    axes.plot(
        curve.values,
        curve.tangent(curve.values),
        "--",
        color=look.inks.negative,
        linewidth=look.pt(1.4),
        label=f"tangent: slope {number_text(curve.slope)}",
    )


def _here(look: Look) -> dict[str, Any]:
    edge = {"markeredgecolor": look.inks.paper, "markeredgewidth": look.pt(0.8)}
    return {"color": look.inks.negative_ink, "markersize": look.pt(8.0), "zorder": 5, **edge}
