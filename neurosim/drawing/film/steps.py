"""A learning step as a film: forwards and back through the network, with the numbers."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import whole_number
from neurosim.drawing.backends import draw_scene
from neurosim.drawing.canvas import new_figure, styled
from neurosim.drawing.composition import scene_of
from neurosim.drawing.film.reel import Reel, even
from neurosim.drawing.measure import measure
from neurosim.drawing.options import Options
from neurosim.drawing.themes import THEMES
from neurosim.drawing.traced import MOST_SAMPLES
from neurosim.drawing.values import Values
from neurosim.errors import ArgumentError
from neurosim.tracing.equation import rounded, written
from neurosim.tracing.symbols import checked_notation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.drawing.scene import Scene, Text
    from neurosim.tracing.groups import Group
    from neurosim.tracing.steps import Step
    from neurosim.tracing.trace import Trace

__all__ = ["animate_trace"]

NARROWEST, WIDEST, HIGHEST = 6.4, 12.8, 9.6
"""Of the film, in inches of 100 dots."""
HEAD, LINE, FONT = 0.45, 0.2, 10.5
LETTERS = 10.8
"""So many are an inch wide."""
LINES = 8
"""So many lines of equations stand below the drawing."""
MOST_TERMS = 5
PHASES = ("forward", "loss", "delta", "gradient", "update")
_PASS = ("activation", "z", "delta")
_ROLE = {"a": "activation", "z": "z", "delta": "delta"}


@dataclass(frozen=True)
class Frame:
    """What is known at one moment of the film.

    Attributes
    ----------
    group : Group
    number, of : int
        The first is 1.
    sample : int
        Whose numbers are shown.
    known : frozenset of (role, label)
        Which texts at neurons.
    parameters : (n,) array
    """

    group: Group
    number: int
    of: int
    sample: int
    known: frozenset[tuple[str, str]]
    parameters: Any


def animate_trace(
    trace: Trace,
    path: Any,
    *,
    fps: float = 1.5,
    by: str = "neuron",
    digits: int = 3,
    notation: str = "labels",
    style: str = "screen",
    **options: Any,
) -> None:
    """Write a film of a trace; `Trace.animate` documents the arguments."""
    whose = "Trace.animate"
    reel = Reel(path, fps, whose)
    whole_number(digits, f"{whose}: digits")
    checked_notation(notation, whose)
    for name in ("highlight", "feeding", "compare", "figsize", "sample"):
        if name in options:
            raise ArgumentError(f"{whose} decides {name!r} itself; leave it out.")
    chosen = Options.of({**options, "style": style})
    if trace.recorded and trace.recording.by_layer:
        raise ArgumentError(
            f"{whose}: this trace tells layers by their norms, but a film shows neurons; record it "
            'without by="layer", which animate takes, too.'
        )
    groups = trace.by(by)
    reel.require_few(len(groups), 'Choose by="layer", or a part of the trace such as trace[:100].')
    if not groups:
        raise ArgumentError(f"{whose}: the trace has no steps; record one with net.trace.")
    with styled():
        _film(trace, groups, chosen, reel, _Words(digits, notation))


def _film(trace: Trace, groups: list[Group], options: Options, reel: Reel, words: _Words) -> None:
    inks = THEMES[options.style].inks
    studio = _Studio(trace, options)
    width, height = studio.size
    below = LINE * (LINES + 1)
    size = (even(width), even(height + HEAD + below))
    figure = new_figure(size, kept=False, facecolor=inks.paper)
    axes = figure.add_axes((0.0, below / size[1], 1.0, height / size[1]))
    with reel.recording(figure) as take:
        for frame in _frames(trace, groups):
            figure.texts.clear()
            axes.clear()
            draw_scene(studio.scene(frame), axes)
            _caption(figure, size, inks, frame, words)
            take()


def _frames(trace: Trace, groups: list[Group]) -> Iterator[Frame]:
    network = trace.network
    inputs = {("activation", network.labels[i]) for i in network.wiring.inputs.tolist()}
    known, parameters, sample = set(inputs), trace.recording.before.parameters.copy(), 0
    for number, group in enumerate(groups, start=1):
        if group.sample is not None and group.sample != sample:
            # Each sample goes through the network by itself.
            sample = group.sample
            known = inputs if group.kind == "forward" else inputs | _passed(trace, sample)
        if group.term is None:
            for step in group.steps:
                if step.quantity in _ROLE:
                    known = {*known, (_ROLE[step.quantity], step.subject)}
                elif step.quantity == "new":
                    slot = network.directory.parameters(step.subject)[0]
                    parameters[slot] = step.value
        yield Frame(group, number, len(groups), sample, frozenset(known), parameters.copy())


def _passed(trace: Trace, sample: int) -> set[tuple[str, str]]:
    """Return what the forward pass of a sample told."""
    return {
        (_ROLE[step.quantity], step.subject)
        for step in trace
        if step.kind == "forward" and step.sample == sample
    }


class _Studio:
    """Composes the scenes of a film, all with the same places and scales."""

    def __init__(self, trace: Trace, options: Options) -> None:
        self.trace, self.network = trace, trace.network
        show = {"z": True, "legend": False, **options.show}
        self.options = replace(options, show=show)
        recording = trace.recording
        after = [step.value for step in trace if step.quantity == "new"]
        finite = [abs(value) for value in after if np.isfinite(value)]
        held = np.abs(recording.before.parameters).max(initial=0.0)
        self.largest = max([float(held), *finite]) or None
        # What all frames have room for.
        self.states = list(self._states())
        self.whole = self._scene(self.network.parameters, None, 0)

    @property
    def size(self) -> tuple[float, float]:
        """The size of the drawing in the film, in inches."""
        width, height = self.whole.width / 72, self.whole.height / 72
        factor = min(max(1.0, NARROWEST / width), WIDEST / width, HIGHEST / height)
        return max(NARROWEST, width * factor), height * factor

    def _scene(self, parameters: Any, highlight: Any, sample: int) -> Scene:
        run = self.network.last_pass
        several = run is not None and run.n > 1
        values = Values.of(self.network, sample if several else None)
        options = replace(self.options, highlight=highlight)
        return scene_of(
            self.network,
            options,
            measure,
            values,
            parameters=parameters,
            largest=self.largest,
            states=self.states,
        )

    def _states(self) -> Iterator[tuple[Values, Any]]:
        """Yield the numbers of the samples with the parameters before and after the update."""
        run = self.network.last_pass
        several = run is not None and run.n > 1
        before = self.trace.recording.before.parameters
        after = before.copy()
        for step in self.trace:
            if step.quantity == "new":
                after[self.network.directory.parameters(step.subject)[0]] = step.value
        for sample in range(min(run.n, MOST_SAMPLES)) if several and run is not None else [None]:
            values = Values.of(self.network, sample)
            yield from ((values, parameters) for parameters in (before, after))

    def scene(self, frame: Frame) -> Scene:
        """Return the drawing with what is known."""
        group = frame.group
        lit: Any = list(group.steps) if group.term is None else list(_lit(group))
        scene = self._scene(frame.parameters, lit or None, frame.sample)
        texts = [text for text in scene.texts if _is_known(text, frame)]
        sides = self.whole
        return replace(
            scene,
            texts=texts,
            left=min(sides.left, scene.left),
            right=max(sides.right, scene.right),
            bottom=min(sides.bottom, scene.bottom),
            top=max(sides.top, scene.top),
        )


def _lit(group: Group) -> Iterator[str]:
    for subject in group.subjects:
        neuron = subject
        for ending in (".bias", ".gamma"):
            neuron = neuron.removesuffix(ending)
        yield neuron


def _is_known(text: Text, frame: Frame) -> bool:
    return text.role not in _PASS or (text.role, text.of) in frame.known


# -- in words ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Words:
    """How the equations under the drawing are written."""

    digits: int
    notation: str

    def lines(self, group: Group, width: int) -> list[str]:
        """Return what a group says, in lines of so many letters."""
        if group.term is not None:
            return _wrapped(self._term(group), width)
        if len(group.steps) > 2:
            return self._values(group.steps, width)
        return [line for step in group.steps for line in self._step(step, width)]

    def _step(self, step: Step, width: int) -> list[str]:
        line = step.line(self.notation, self.digits, MOST_TERMS)
        symbols, *numbers = line.right
        rest = _wrapped(f"= {' = '.join(numbers)}", width - 4)
        return [*_wrapped(f"{line.left} = {symbols}", width), *(f"    {one}" for one in rest)]

    def _term(self, group: Group) -> str:
        assert group.term is not None
        names, numbers = (
            written(side, self.notation, self.digits)
            for side in (group.term.symbols, group.term.numbers)
        )
        value, running = (
            rounded(repr(x), self.digits) for x in (group.term.value, group.term.running)
        )
        return f"{names} = {numbers} = {value}; the sum so far: {running}"

    def _values(self, steps: tuple[Step, ...], width: int) -> list[str]:
        told = [step.line(self.notation, self.digits, MOST_TERMS) for step in steps[: 3 * LINES]]
        lines = _wrapped(";  ".join(f"{line.left} = {line.value}" for line in told), width)
        if len(told) < len(steps) or len(lines) > LINES:
            lines = [*lines[: LINES - 1], "..."]
        return lines


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, subsequent_indent="    ", break_on_hyphens=False)


def _caption(
    figure: Any, size: tuple[float, float], inks: Any, frame: Frame, words: _Words
) -> None:
    width, height = size
    group = frame.group
    title = group.title[0].upper() + group.title[1:]
    if group.sample is not None and frame.group.sample:
        title += f", sample {group.sample}"
    top = 1 - 0.27 / height
    put = figure.text
    put(0.2 / width, top, title, size=13, weight="bold", color=inks.ink, parse_math=False)
    place = {"ha": "right", "color": inks.quiet, "size": FONT}
    put(1 - 0.2 / width, top, f"{frame.number} of {frame.of}", **place)
    lines = words.lines(group, int(width * LETTERS))
    if len(lines) > LINES:
        lines = [*lines[: LINES - 2], "    ...", lines[-1]]
    for i, line in enumerate(lines):
        y = (LINE * (LINES - i) + 0.12) / height
        put(0.3 / width, y, line, size=FONT, color=inks.ink, parse_math=False)
