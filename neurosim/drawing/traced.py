"""A network at one step of a trace: what is known by then, and what this step is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from neurosim.checks import short, whole_number
from neurosim.drawing.canvas import styled
from neurosim.drawing.composition import scene_of
from neurosim.drawing.measure import measure
from neurosim.drawing.network import show_scene
from neurosim.drawing.options import Options
from neurosim.drawing.values import Values, check_sample
from neurosim.errors import ArgumentError
from neurosim.tracing.steps import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes

    from neurosim.drawing.scene import Scene
    from neurosim.network import Network
    from neurosim.tracing.trace import Trace

__all__ = ["draw_trace", "trace_scene"]

MOST_SAMPLES = 8
"""For the numbers of so many samples of a batch room is left."""


def draw_trace(
    trace: Trace, path: Any = None, *, step: Any = None, ax: Any = None, **options: Any
) -> Axes:
    """Draw the network of a trace with the numbers of the trace, whatever it has become since.

    Parameters
    ----------
    trace : Trace
    path, ax
        As in `draw_network`.
    step : int or Step, optional
        Shows what is known after this step, updates included, and lets what it was made of
        stand out. At every step everything stands in the same place. Without `step`, all numbers
        of the forward and the backward pass are shown.
    **options
        Those of `draw_network`. Of a batch, `sample` is that of the step where none is given.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError
        The trace has no such step.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network.layered([2, 2, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
    >>> trace = net.trace([0, 1], [1])
    >>> axes = draw_trace(trace, step=0)
    >>> [text.get_text() for text in axes.texts if text.get_text().startswith("z")]
    ['z = −0.278']
    """
    chosen, compose = _composing(trace, step, options)
    return show_scene(compose, path, ax, chosen.figsize, "Trace.draw")


def trace_scene(trace: Trace, step: Any = None, **options: Any) -> Scene:
    """Return a drawing of a trace as data; see `draw_trace`."""
    _, compose = _composing(trace, step, options)
    with styled():
        return compose()


def _composing(
    trace: Trace, step: Any, given: dict[str, Any]
) -> tuple[Options, Callable[[], Scene]]:
    """Return the options, and what makes the scene."""
    options, network = Options.of(given), trace.network
    if step is None:
        return options, lambda: scene_of(network, options, measure)
    position = _position(trace, step)
    one = trace[position]
    sample = _sample(network, one, options.sample)
    options = replace(options, show={"z": True, **options.show})
    if options.highlight is None:
        options = replace(options, highlight=one)
    values, parameters = _known(trace, position, sample)
    states = list(_states(trace, options.sample))
    return options, lambda: scene_of(
        network, options, measure, values, parameters=parameters, states=states
    )


def _states(trace: Trace, asked: int | None) -> Iterator[tuple[Values, Any]]:
    """Yield all numbers that drawings of the steps may have, before and after an update.

    With room for them, nothing moves from step to step.
    """
    run = trace.network.last_pass
    n = 1 if run is None else min(run.n, MOST_SAMPLES)
    for sample in range(n) if asked is None else [asked]:
        values, after = _known(trace, len(trace) - 1, sample)
        yield values, trace.network.parameters.copy()
        yield values, after


def _position(trace: Trace, step: Any) -> int:
    """Return the number of a step."""
    if isinstance(step, Step):
        if step not in trace:
            raise ArgumentError(f"Trace.draw: step must be one of this trace; got {short(step)}.")
        return trace.index(step)
    number = whole_number(step, "Trace.draw: step", at_least=0)
    if number >= len(trace):
        raise ArgumentError(
            f"Trace.draw: step must be below {len(trace)}, the number of steps of the trace; "
            f"got {number}."
        )
    return number


def _sample(network: Network, step: Step, asked: int | None) -> int | None:
    """Return the sample to show: that of the step, where no other is asked for."""
    run = network.last_pass
    n = 1 if run is None else run.n
    check_sample(asked, n, "the trace")
    if asked is not None or step.sample is not None:
        return step.sample if asked is None else asked
    return 0 if n == 1 else None


def _known(trace: Trace, last: int, sample: int | None) -> tuple[Values, Any]:
    """Return the numbers known after a step, and the parameters as they are then."""
    network = trace.network
    everything = Values.of(network, sample)
    inputs = {i: a for i, a in everything.activation.items() if network.wiring.is_input(i)}
    found: dict[str, dict[int, float]] = {"z": {}, "a": inputs, "delta": {}, "gradient": {}}
    parameters, updated = network.parameters.copy(), False
    for step in trace[: last + 1]:
        if step.quantity == "new":
            parameters[network.directory.parameters(step.subject)[0]] = step.value
            updated = True
        elif step.quantity == "gradient":
            slot = network.directory.parameters(step.subject)[0]
            found["gradient"][slot] = step.value
        elif step.quantity in found and step.sample == sample:
            found[step.quantity][network.directory.neuron(step.subject)] = step.value
    notes = [everything.note, "the pass: from before the update" if updated else ""]
    values = Values(
        found["a"],
        found["z"],
        found["delta"],
        found["gradient"],
        everything.dropped,
        "; ".join(note for note in notes if note),
        everything.n,
    )
    return values, parameters
