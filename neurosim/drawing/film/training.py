"""A training as a film: the weights, the decision surface and the loss, step by step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from neurosim.checks import whole_number
from neurosim.drawing.backends import draw_scene
from neurosim.drawing.canvas import new_figure
from neurosim.drawing.charts.boundary import draw_decision_boundary
from neurosim.drawing.charts.look import Look
from neurosim.drawing.charts.response import draw_response
from neurosim.drawing.composition import scene_of
from neurosim.drawing.film.reel import Reel, even
from neurosim.drawing.measure import measure
from neurosim.drawing.options import Options
from neurosim.drawing.standing import widest_parameters
from neurosim.drawing.themes import THEMES
from neurosim.drawing.values import Values
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.drawing.scene import Scene
    from neurosim.network import Network
    from neurosim.tracing.training import TrainingTrace

__all__ = ["animate_training"]

HEIGHT, HEAD, CURVE = 4.6, 0.45, 1.7
WIDEST, SURFACE = 8.0, 4.6
"""Inches: of the drawing, of the loss below it, and of the surface beside it."""
RESOLUTION = 100
DECADES = 100.0


class _Moment(NamedTuple):
    """A network at one step of its training."""

    step: int
    network: Network


def animate_training(
    training: TrainingTrace,
    path: Any,
    *,
    fps: float = 10.0,
    frames: int = 60,
    style: str = "screen",
    **options: Any,
) -> None:
    """Write a film of a training; `TrainingTrace.animate` documents the arguments."""
    whose = "TrainingTrace.animate"
    reel = Reel(path, fps, whose)
    whole_number(frames, f"{whose}: frames", at_least=2)
    reel.require_few(frames, "Ask for fewer with frames=; they are spread over the training.")
    look = Look.of(style, whose)
    for name in ("highlight", "feeding", "compare", "figsize", "sample"):
        if name in options:
            raise ArgumentError(f"{whose} decides {name!r} itself; leave it out.")
    chosen = Options.of({"style": style, "show": {"legend": False}, **options})
    moments = list(_moments(training, frames))
    with look.on():
        _film(training, moments, chosen, reel, look)


def _moments(training: TrainingTrace, frames: int) -> list[_Moment]:
    """Return the network at evenly spread steps, the first and what training ended with."""
    last = len(training)
    wanted = sorted({round(k) for k in np.linspace(0, last, min(frames, last + 1))})
    found = [
        _Moment(k, recording.before)
        for k, recording in enumerate(training.course.recordings())
        if k in wanted
    ]
    # A drawing and a surface need finite numbers.
    moments = [*found, _Moment(last, training.trained)]
    return [one for one in moments if np.isfinite(one.network.parameters).all()]


def _film(
    training: TrainingTrace, moments: list[_Moment], options: Options, reel: Reel, look: Look
) -> None:
    scenes = _scenes(moments, options)
    largest = scenes[0]
    flat = len(training.network.wiring.inputs) == 2
    width = min(WIDEST, max(4.0, HEIGHT * largest.width / largest.height))
    beside = SURFACE if flat else 0.0
    size = (even(width + beside), even(HEAD + HEIGHT + CURVE))
    figure = new_figure(size, kept=False, facecolor=look.inks.paper)
    low, high = (CURVE + 0.0) / size[1], HEIGHT / size[1]
    drawing = figure.add_axes((0.0, low, width / size[0], high))
    curve = figure.add_axes(
        (0.75 / size[0], 0.5 / size[1], (size[0] - 1.0) / size[0], (CURVE - 0.65) / size[1])
    )
    surface = None
    if flat:
        place = ((width + 0.75) / size[0], low + 0.6 / size[1])
        surface = figure.add_axes((*place, (SURFACE - 1.0) / size[0], high - 0.75 / size[1]))
    with reel.recording(figure) as take:
        for moment, scene in zip(moments, scenes, strict=True):
            for axes in figure.axes:
                axes.clear()
            figure.texts.clear()
            draw_scene(scene, drawing)
            _draw_loss(curve, training.loss, moment.step, look)
            if surface is not None:
                _draw_surface(surface, training, moment.network, options.style)
            figure.text(
                0.2 / size[0],
                1 - 0.27 / size[1],
                _title(training, moment),
                size=13,
                weight="bold",
                color=look.inks.ink,
            )
            take()


def _title(training: TrainingTrace, moment: _Moment) -> str:
    if moment.step == len(training):
        return f"After {moment.step} steps"
    return f"Step {moment.step}: loss {training.loss[moment.step]:.4g}"


def _scenes(moments: list[_Moment], options: Options) -> list[Scene]:
    """Return the drawings, all with one scale of widths."""
    held = [np.abs(one.network.parameters).max(initial=0.0) for one in moments]
    largest = float(max(held)) or None
    digits = options.digits or THEMES[options.style].digits
    widest = widest_parameters([one.network.parameters for one in moments], measure, digits)
    common: dict[str, Any] = {"largest": largest, "states": [(Values(), widest)]}
    scenes = [scene_of(one.network, options, measure, **common) for one in moments]
    frame: dict[str, Any] = {
        "left": min(scene.left for scene in scenes),
        "bottom": min(scene.bottom for scene in scenes),
        "right": max(scene.right for scene in scenes),
        "top": max(scene.top for scene in scenes),
    }
    # However wide its numbers are, the network stands still.
    return [replace(scene, **frame) for scene in scenes]


def _draw_loss(axes: Axes, loss: list[float], step: int, look: Look) -> None:
    from matplotlib.ticker import MaxNLocator

    values = np.array(loss)
    finite = values[np.isfinite(values)]
    axes.plot(values, color=look.inks.positive, linewidth=look.pt(1.6))
    at = min(step, len(loss) - 1)
    axes.axvline(at, color=look.inks.quiet, linewidth=look.pt(0.8))
    axes.plot([at], values[[at]], "o", color=look.inks.negative)
    axes.set(xlabel="step", ylabel="loss", xlim=(-0.5, max(1.0, len(loss) - 0.5)))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if len(finite) and finite.min() > 0 and finite.max() > DECADES * finite.min():
        axes.set_yscale("log")


def _draw_surface(axes: Axes, training: TrainingTrace, network: Network, style: str) -> None:
    """Draw the classes where the targets are classes, else the first output."""
    X, Y = _units(training)
    options: dict[str, Any] = {"ax": axes, "style": style, "resolution": RESOLUTION}
    levels = set(np.unique(Y).tolist())
    if levels <= {0.0, 1.0} or levels <= {-1.0, 1.0}:
        threshold = 0.0 if -1.0 in levels else 0.5
        draw_decision_boundary(network, X, Y, threshold=threshold, **options)
        legend = axes.get_legend()
        assert legend is not None
        # Above the surface it covers no sample.
        axes.legend(
            handles=legend.legend_handles,
            loc="lower center",
            bbox_to_anchor=(0.5, 1.0),
            ncols=3,
            columnspacing=1.0,
        )
    else:
        output = network.labels[int(network.wiring.outputs[0])]
        draw_response(network, output, X, colorbar=False, title=output, **options)


def _units(training: TrainingTrace) -> tuple[Any, Any]:
    """Return the samples in the person's units, as the network takes them."""
    first = training.course.first
    X, Y, network = first.X, first.Y, first.before
    if network.input_scaler is not None:
        X = network.input_scaler.inverse(X)
    if network.output_scaler is not None:
        Y = network.output_scaler.inverse(Y)
    return X, Y
