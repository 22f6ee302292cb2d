"""A network before a change and after it, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.drawing.backends.axes import draw_scene, figure_of
from neurosim.drawing.backends.page import POINTS_PER_INCH, Page
from neurosim.drawing.canvas import new_figure, styled
from neurosim.drawing.saving import FIGURE_SUFFIXES, save_figure
from neurosim.drawing.traced import trace_scene
from neurosim.files import checked_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from neurosim.edge import Edge
    from neurosim.network import Network
    from neurosim.tracing import Trace
    from neurosim.whatif import BeforeAfter

__all__ = ["draw_before_after"]

REACHED = ("weight", "bias", "gamma", "frozen", "z", "a")
"""What changes on the way to the loss; on the way back from there, nearly everything does."""


def draw_before_after(result: BeforeAfter, path: Any, options: dict[str, Any]) -> list[Axes]:
    """Draw both networks of a comparison; see `BeforeAfter.draw`."""
    whose = "BeforeAfter.draw"
    file = None if path is None else checked_path(path, FIGURE_SUFFIXES, f"{whose}: path")
    traces = {"before": result.before, "after": result.after}
    with styled():
        pages = [
            Page.of(trace_scene(trace, **_options(result, trace, name, options)))
            for name, trace in traces.items()
        ]
        drawn = _side_by_side(pages, kept=file is None)
        if file is not None:
            save_figure(figure_of(drawn[0]), file)
    return drawn


def _options(
    result: BeforeAfter, trace: Trace, title: str, given: dict[str, Any]
) -> dict[str, Any]:
    own: dict[str, Any] = {"title": title}
    if trace.snapshot.n > 1:
        own["sample"] = 0
    reached = _reached(result, trace)
    if reached:
        own["highlight"] = reached
    return {**own, **given}


def _reached(result: BeforeAfter, trace: Trace) -> list[Any]:
    """Return what of a network the change has reached on its way forwards."""
    network, found = trace.network, []
    for one in result.differences:
        if one.quantity in REACHED:
            owner = one.subject if one.subject in network else one.subject.rpartition(".")[0]
            found += [network[owner]] if owner in network else []
    return list(dict.fromkeys([*found, *_carrying(result, network)]))


def _carrying(result: BeforeAfter, network: Network) -> Iterator[Edge]:
    """Yield the edges from an activation that has changed to a sum that has."""
    a, z = ({one.subject for one in result.of(quantity=quantity)} for quantity in "az")
    for target, (incoming, _) in result.before.snapshot.rows.items():
        for source, _ in incoming:
            ends = network.neurons[source], network.neurons[target]
            if ends[0].label in a and ends[1].label in z and ends in network:
                yield network[ends]


def _side_by_side(pages: list[Page], *, kept: bool) -> list[Axes]:
    """Draw scenes into one figure that has room for all."""
    width, height = sum(page.width for page in pages), max(page.height for page in pages)
    size = (width / POINTS_PER_INCH, height / POINTS_PER_INCH)
    figure = new_figure(size, kept=kept, facecolor=pages[0].scene.paper)
    drawn, left = [], 0.0
    for page in pages:
        box = (left / width, 1 - page.height / height, page.width / width, page.height / height)
        axes = figure.add_axes(box)
        draw_scene(page.scene, axes)
        drawn.append(axes)
        left += page.width
    return drawn
