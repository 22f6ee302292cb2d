"""Small multiples: one network at several times of its training, side by side, on one scale."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import whole_number
from neurosim.drawing import legend
from neurosim.drawing.captions import Line
from neurosim.drawing.composition import composed
from neurosim.drawing.difference import checked_state, parameters_before
from neurosim.drawing.key import drawn_key
from neurosim.drawing.measure import measure
from neurosim.drawing.network import show_scene
from neurosim.drawing.options import Options
from neurosim.drawing.pages import moved, scaled
from neurosim.drawing.plan import Plan
from neurosim.drawing.scene import Edges, Scene, Text
from neurosim.drawing.values import Values
from neurosim.errors import ArgumentError, ArgumentTypeError
from neurosim.learning.weight_history import WeightHistory
from neurosim.network import Network

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_multiples"]

MOST_DRAWN, WIDEST_ROW = 6, 3
SPACE = 14.0
# What every one of them would repeat, unless it is asked for; and what belongs to one state only.
_REPEATED = {"titles": False, "labels": False, "biases": False, "weights": False}
_OF_A_PASS = dict.fromkeys(("activations", "fills", "z", "deltas", "gradients"), False)


def draw_multiples(
    network: Network,
    states: Any,
    path: Any,
    columns: int | None,
    ax: Any,
    options: dict[str, Any],
) -> Axes:
    """Draw one network in several states; see `neurosim.drawing.training.draw_training`."""
    chosen = Options.of(options)
    if not isinstance(network, Network):
        raise ArgumentTypeError("draw_training: network must be a Network, as net in net.fit(...).")
    found = _states(network, states)
    across = min(WIDEST_ROW, len(found))
    if columns is not None:
        across = min(whole_number(columns, "draw_training: columns"), len(found))
    return show_scene(
        lambda: _scene(network, found, across, chosen), path, ax, chosen.figsize, "draw_training"
    )


# -- states -------------------------------------------------------------------------------------


def _states(network: Network, given: Any) -> dict[str, Any]:
    """Return the parameters of every state by its title."""
    if isinstance(given, WeightHistory):
        return _recorded(network, given)
    if isinstance(given, Mapping):
        named = {str(title): state for title, state in given.items()}
    elif isinstance(given, Sequence) and not isinstance(given, str):
        named = {f"state {number}": state for number, state in enumerate(given)}
    else:
        raise ArgumentTypeError(
            "draw_training: states must be a WeightHistory, or a list or dict of parameters or "
            "networks, such as {'start': before, 'end': net}."
        )
    if not named:
        raise ArgumentError("draw_training: states must hold at least one; got none.")
    return {title: _parameters(network, state) for title, state in named.items()}


def _parameters(network: Network, state: Any) -> Any:
    if isinstance(state, Network):
        return parameters_before(network, state)
    return checked_state(network, state, "draw_training: a state")


def _recorded(network: Network, history: WeightHistory) -> dict[str, Any]:
    """Return some of the recorded epochs: the first, the last, and between them."""
    if history.slots != list(range(len(network.parameters))):
        raise ArgumentError(
            "draw_training: the WeightHistory must hold every parameter of this network, so that "
            "it can be drawn; make it without watch=, and give it to net.fit as a callback."
        )
    last = len(history.epochs) - 1
    rows = np.unique(np.linspace(0, last, min(MOST_DRAWN, last + 1)).round().astype(int))
    return {f"epoch {history.epochs[row]}": history.values[row] for row in rows.tolist()}


# -- scenes -------------------------------------------------------------------------------------


def _scene(network: Network, states: dict[str, Any], across: int, options: Options) -> Scene:
    """Return the drawings of all states in rows, and one legend under them."""
    show = {**_REPEATED, **options.show, **_OF_A_PASS}
    inner = replace(options, show={**show, "legend": False, "colorbar": False}, title=None)
    shared = _largest(network, states, options)
    plans = [_plan(network, state, inner, shared) for state in states.values()]
    scenes = [
        _titled(_trimmed(composed(plan), plan.theme.margin), title, plan)
        for plan, title in zip(plans, states, strict=True)
    ]
    whole = _in_rows(scenes, across, network.wiring.n_neurons)
    outer = replace(options, show=show)
    whole = _explained(whole, [_plan(network, s, outer, shared) for s in states.values()])
    if options.title is not None:
        whole = _titled(whole, options.title, plans[0], large=True)
    return scaled(whole, plans[0].theme.scale)


def _plan(network: Network, state: Any, options: Options, largest: float | None) -> Plan:
    return Plan.of(network, options, measure, Values(), parameters=state, largest=largest)


def _largest(network: Network, states: dict[str, Any], options: Options) -> float:
    plans = (_plan(network, state, options, None) for state in states.values())
    return max(legend.largest_of(plan) for plan in plans)


def _trimmed(scene: Scene, margin: float) -> Scene:
    """Return a scene without the margin under it, and with less over it, for a title."""
    return replace(scene, bottom=scene.bottom + margin, top=scene.top - margin / 2)


def _titled(scene: Scene, title: str, plan: Plan, *, large: bool = False) -> Scene:
    """Return a scene with a line over it."""
    size = plan.sizes.title if large else plan.sizes.layer_name
    line = Line(title, "title", size, plan.inks.ink, bold=True)
    width, height = plan.size_of(line)
    middle, half = (scene.left + scene.right) / 2, max(scene.width, width) / 2
    place = (middle, scene.top + height / 2 + (SPACE / 2 if large else 0.0))
    text = Text(title, *place, size, line.color, bold=True, role="title", of=title)
    top = place[1] + height / 2 + SPACE / 2
    return replace(
        scene, texts=[*scene.texts, text], left=middle - half, right=middle + half, top=top
    )


def _in_rows(scenes: list[Scene], across: int, n_neurons: int) -> Scene:
    """Return scenes side by side, in cells of one size."""
    width = max(scene.width for scene in scenes) + SPACE
    height = max(scene.height for scene in scenes) + SPACE
    placed = [
        _numbered(
            moved(
                scene,
                (k % across) * width + (width - scene.width) / 2 - scene.left,
                -(k // across) * height - scene.top,
            ),
            k * n_neurons,
        )
        for k, scene in enumerate(scenes)
    ]
    rows = math.ceil(len(scenes) / across)
    first = placed[0]
    return replace(
        first,
        nodes=[node for scene in placed for node in scene.nodes],
        edges=_joined([scene.edges for scene in placed]),
        texts=[text for scene in placed for text in scene.texts],
        strokes=[stroke for scene in placed for stroke in scene.strokes],
        left=0.0,
        right=across * width,
        top=SPACE / 2,
        bottom=SPACE - rows * height,
        description=f"{len(scenes)} times in one training. {first.description}",
    )


def _numbered(scene: Scene, shift: int) -> Scene:
    """Return a scene whose neurons have numbers of their own."""
    edges = scene.edges
    return replace(
        scene,
        nodes=[replace(node, number=node.number + shift) for node in scene.nodes],
        edges=replace(edges, sources=edges.sources + shift, targets=edges.targets + shift),
    )


def _joined(parts: list[Edges]) -> Edges:
    def all_of(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts])

    return Edges(
        labels=[label for part in parts for label in part.labels],
        sources=all_of("sources"),
        targets=all_of("targets"),
        paths=[path for part in parts for path in part.paths],
        weights=all_of("weights"),
        widths=all_of("widths"),
        alphas=all_of("alphas"),
        colors=[color for part in parts for color in part.colors],
        dashed=all_of("dashed"),
    )


def _explained(scene: Scene, plans: list[Plan]) -> Scene:
    """Return a scene with a legend under it: all that any of the drawings needs."""
    entries = list(dict.fromkeys(e for plan in plans for e in legend.entries_of(plan)))
    key = drawn_key(plans[0], entries, scene.left, scene.right, scene.bottom)
    return replace(
        scene,
        texts=[*scene.texts, *key.texts],
        strokes=[*scene.strokes, *key.strokes],
        rectangles=[*scene.rectangles, *key.rectangles],
        bottom=key.bottom - SPACE,
    )
