"""Figures of the live network and of its training.

A drawing is made in two steps. `composition` turns a network into a `scene`, which is plain data:
where every node, edge and text is, how large and in which colour, in points at the drawing's
natural size. A back-end draws the data: in matplotlib's Axes, as SVG, as TikZ or as text for
Graphviz. Nothing here changes the network, and matplotlib is imported only when something is drawn.

=========  ==================================================================================
style      colours and sizes; how a number is written
options    what a person may choose, checked
levels     after which others a neuron stands; columns: which are drawn, and which left out
values     the numbers of a pass, if they still belong to the parameters
highlight  what stands out; difference: what has changed since another state
themes     inks and sizes of every style; pages: a drawing on a slide, or as wide as a column;
           room: how near together everything stands there
plan       what is shown of this network, and how large
names      neurons and layers by symbols
captions   the texts at every node; headings: those over the columns
placing    where the texts of a node stand; ellipses: what stands for neurons left out
lanes      how edges that skip columns pass them; crossings: the order with few of those
heights    how high everything stands in its column; stacking: so that edges are level
numbers    where on its edge each number has room
layout     where the columns are, and the ways of the edges
strands    the edges: their numbers, colours and widths
legend     what the marks mean; key: that, drawn
scene      a drawing as data; composition puts it together; standing: with everything in one
           place in several states
measure    how large a text is; formulas: what is set in one
backends   what draws a scene; see there for what a page's scripts can rely on in an SVG
network    a network in the caller's Axes, in files and in notebooks
traced     a network at one step of a trace; training, multiples: at several times of a training
before_after  a network before a change and after it, side by side
film       a learning step and a training as films
canvas     matplotlib's figures and settings, without side effects
saving     a figure as a file
charts     decision boundaries, responses, loss surfaces, weights, confusion, ...
curves     training, as curves; sweep: that of one search for the learning rate
=========  ==================================================================================
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from neurosim.drawing.curves import draw_history
    from neurosim.drawing.network import draw_network
    from neurosim.drawing.sweep import draw_sweep
    from neurosim.drawing.traced import draw_trace
    from neurosim.drawing.training import draw_training

__all__ = ["draw_history", "draw_network", "draw_sweep", "draw_trace", "draw_training"]

# Who does not draw need not wait for what draws.
_MODULES = {
    "draw_history": "curves",
    "draw_network": "network",
    "draw_sweep": "sweep",
    "draw_trace": "traced",
    "draw_training": "training",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
