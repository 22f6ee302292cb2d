"""The edges of a drawing: their numbers, colours and widths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from neurosim.drawing.captions import Line, change_text, shortened
from neurosim.drawing.legend import largest_of
from neurosim.drawing.numbers import MOST_NUMBERS, MOST_UNASKED
from neurosim.drawing.scene import Edges

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from neurosim.drawing.layout import Layout
    from neurosim.drawing.plan import Plan

__all__ = ["FADED", "edges_of", "number_lines"]

MANY_EDGES = 1000
FADED = 0.13
"""The opacity of what does not stand out, as a part of what it would be."""


def number_lines(plan: Plan) -> list[tuple[Line, ...]]:
    """Return what is written on every edge; nothing where there cannot be room for it."""
    lines: list[tuple[Line, ...]] = [()] * len(plan.edges)
    wanted = [name for name in _LINES if plan.shows(name)]
    if not wanted or not lines:
        return lines
    asked = any(plan.options.show.get(name) for name in wanted)
    _, group, counts = np.unique(
        plan.edges.columns, axis=0, return_inverse=True, return_counts=True
    )
    few = counts[group.reshape(-1)] <= (MOST_NUMBERS if asked else MOST_UNASKED)
    for edge in np.flatnonzero(few).tolist():
        slot = int(plan.edges.slots[edge])
        written = (_LINES[name](plan, slot) for name in wanted)
        lines[edge] = tuple(line for line in written if line is not None)
    return lines


def _weight(plan: Plan, slot: int) -> Line:
    number = change_text(plan, slot)
    tie = plan.network.tie_name(slot) if plan.shows("marks") else None
    text = number if tie is None else f"{shortened(tie)} = {number}"
    ink = plan.inks.of_number(float(plan.change(slot)))
    return Line(text, "weight", plan.sizes.number, ink)


def _gradient(plan: Plan, slot: int) -> Line | None:
    if slot not in plan.values.gradient:
        return None
    text = plan.text(plan.values.gradient[slot])
    if plan.shows("weights"):
        text = f"∂ {text}"  # so that the two are told apart in print, too
    return Line(text, "gradient", plan.sizes.number, plan.inks.derivative)


_LINES: dict[str, Callable[[Plan, int], Line | None]] = {"weights": _weight, "gradients": _gradient}


def edges_of(plan: Plan, layout: Layout) -> Edges:
    """Return the edges as they are drawn, the largest last."""
    drawn, sizes = plan.edges, plan.sizes
    numbers = plan.edge_numbers
    share = _shares(numbers, largest_of(plan))
    crowd = max(1.0, len(drawn) / MANY_EDGES)
    # Of many edges the small ones would hide the large ones.
    faintest, clear = sizes.faintest / crowd, share ** (1.0 + np.log10(crowd))
    alphas = (faintest + (1.0 - faintest) * clear) * _lit(plan)
    order = np.argsort(share * (alphas > FADED), kind="stable")
    labels, inks = plan.network.labels, plan.inks
    pairs = zip(drawn.sources[order].tolist(), drawn.targets[order].tolist(), strict=True)
    marked = plan.network.frozen[drawn.slots][order] & plan.shows("marks")
    return Edges(
        [f"{labels[source]}->{labels[target]}" for source, target in pairs],
        drawn.sources[order],
        drawn.targets[order],
        [layout.paths[edge] for edge in order.tolist()],
        numbers[order],
        sizes.thinnest + (sizes.widest - sizes.thinnest) * share[order],
        alphas[order],
        [inks.sign(number) for number in numbers[order].tolist()],
        marked,
    )


def _shares(numbers: NDArray[np.float64], largest: float) -> NDArray[np.float64]:
    """Return sizes from 0 to 1; what is not finite is drawn as if it were the largest."""
    size = np.where(np.isfinite(numbers), np.abs(numbers), np.inf)
    if largest > 0:
        share: NDArray[np.float64] = np.minimum(size / largest, 1.0)
        return share
    return np.where(size > 0, 1.0, 0.0)


def _lit(plan: Plan) -> NDArray[np.float64]:
    if plan.highlight is None:
        return np.ones(len(plan.edges))
    lit = plan.highlight.of_edges(plan.edges.sources, plan.edges.targets)
    return np.where(lit, 1.0, FADED)
