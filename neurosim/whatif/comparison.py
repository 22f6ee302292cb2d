"""Every number of a step, before a change of the network and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, final

import numpy as np

from neurosim.checks import instance_of, short
from neurosim.errors import ArgumentError, ArgumentTypeError, PassError
from neurosim.learning.learner import Optimizer
from neurosim.network import Network
from neurosim.samples import checked_inputs, checked_targets
from neurosim.tracing import Trace
from neurosim.tracing.recording import Recording
from neurosim.tracing.watch import require_few
from neurosim.whatif.interventions import Intervention

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BeforeAfter", "Difference", "before_after"]

WHOSE = "before_after"
MOST_SHOWN, DIGITS = 60, 6
Key = tuple[str, str, int | None]


class Difference(NamedTuple):
    """One number that has changed.

    Attributes
    ----------
    subject, quantity, sample
        As of a `Step`; further quantities are ``weight``, ``bias``, ``gamma`` and ``frozen``.
    before, after : float or None
        None where there is no such number, such as the gradient of an edge that is cut.
    """

    subject: str
    quantity: str
    sample: int | None
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """How much was added; None where there is no number before or after."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@final
class BeforeAfter:
    """What a change of a network does: ``print`` it for the table.

    Attributes
    ----------
    before, after : Trace
        The step of the network, and that of the changed copy; ``after.network`` is that.
    change : object
        What was done.
    differences : tuple of Difference
        Every number that is not the same: parameters first, then in the order of computation.
        What differs by rounding alone is the same.
    """

    def __init__(self, before: Trace, after: Trace, change: Any) -> None:
        self.before, self.after, self.change = before, after, change
        self.differences = tuple(_differences(before, after))

    @property
    def loss(self) -> tuple[float, float] | None:
        """The mean loss before and after, or None without targets."""
        traces = (self.before, self.after)
        if not self.before.snapshot.has_targets:
            return None
        one, other = (trace.snapshot.loss for trace in traces)
        return one, other

    @property
    def outputs(self) -> tuple[Any, Any]:
        """The outputs ``(n, n_outputs)`` before and after, as the output neurons have them."""
        one, other = (
            np.array([trace.snapshot.activation[i] for i in trace.snapshot.outputs]).T
            for trace in (self.before, self.after)
        )
        return one, other

    def of(self, subject: str | None = None, quantity: str | None = None) -> list[Difference]:
        """Return the differences of one subject, one quantity, or both."""
        return [
            one
            for one in self.differences
            if subject in (None, one.subject) and quantity in (None, one.quantity)
        ]

    def draw(self, path: Any = None, **options: Any) -> Any:
        """Draw both networks with their numbers, side by side; what the change reaches stands out.

        Parameters
        ----------
        path : a ``.png``, ``.svg`` or ``.pdf`` file to write, optional
        **options
            Those of `Network.draw`, for both.

        Returns
        -------
        list of matplotlib.axes.Axes
            Before and after.
        """
        from neurosim.drawing.before_after import draw_before_after

        return draw_before_after(self, path, options)

    def __str__(self) -> str:
        if not self.differences:
            return f"{self._title}: no number changes."
        shown = self.differences[:MOST_SHOWN]
        several = self.before.snapshot.n > 1
        rows = [("", "before", "after", "change"), *(_row(one, several) for one in shown)]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        lines = [
            f"{row[0]:<{widths[0]}}"
            + "".join(f"  {cell:>{w}}" for cell, w in zip(row[1:], widths[1:], strict=True))
            for row in rows
        ]
        more = len(self.differences) - len(shown)
        last = [f"... and {more} more, in .differences"] if more else []
        return "\n".join([self._title, *(line.rstrip() for line in lines), *last])

    @property
    def _title(self) -> str:
        if isinstance(self.change, Intervention):
            return repr(self.change)
        name = getattr(self.change, "__name__", "")
        return name if name.isidentifier() else "The change"

    def __repr__(self) -> str:
        return f"BeforeAfter({self._title}: {len(self.differences)} numbers differ)"


def before_after(
    net: Network, change: Any, X: Any = None, Y: Any = None, *, optimizer: Any = None
) -> BeforeAfter:
    """Return what a change of the network does to every number of a step; the network stays.

    Parameters
    ----------
    net : Network
    change : Intervention, callable or Network
        `Change`, `Cut`, `Clamp` or `Freeze`; or a function that takes a copy of the network and
        changes it, or returns another one; or a network that has been changed already.
    X : (n_inputs,) or (n, n_inputs) array, optional
        The samples; those of the network's last pass where none are given.
    Y : (n_outputs,) or (n, n_outputs) array, optional
        Their targets. Without them there are no loss, deltas and gradients.
    optimizer : Optimizer, optional
        Whose update is compared, too: without one, a frozen weight makes no difference.

    Returns
    -------
    BeforeAfter

    Raises
    ------
    UnknownNeuronError, UnknownEdgeError, ArgumentError
        What is to be changed is not in the network, or cannot be changed so.
    PassError
        There are no samples, and there was no pass.

    Examples
    --------
    >>> import neurosim as ns
    >>> output = ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])
    >>> net = ns.Network([ns.InputLayer(1), output])
    >>> print(ns.before_after(net, ns.Change("output[0]", bias=2.0), [2.0], [9.0]))
    Change('output[0]', bias=2.0)
                                   before  after  change
    output[0] bias                      1      2      +1
    output[0] z                         7      8      +1
    output[0] a                         7      8      +1
    loss                                4      1      -3
    output[0] delta                    -4     -2      +2
    input[0] delta                    -12     -6      +6
    input[0]->output[0] gradient       -8     -4      +4
    output[0].bias gradient            -4     -2      +2
    """
    if not isinstance(net, Network):
        raise ArgumentTypeError(f"{WHOSE}: net must be a Network; got {short(net)}.")
    if optimizer is not None:
        optimizer = instance_of(optimizer, Optimizer, f"{WHOSE}: optimizer", "ns.SGD(0.1)")
    rows, targets, single = _samples(net, X, Y)
    if optimizer is not None and targets is None:
        raise ArgumentError(f"{WHOSE}: an optimizer needs targets; give Y, too.")
    changed = _changed(net, change)
    moved = change.inputs(net, rows) if isinstance(change, Intervention) else rows
    before = _trace(net, rows, targets, optimizer, single)
    return BeforeAfter(before, _trace(changed, moved, targets, optimizer, single), change)


def _samples(net: Network, X: Any, Y: Any) -> tuple[Any, Any, bool]:
    """Return the inputs and targets, checked and scaled, and whether it is a single sample."""
    if X is not None:
        rows, single = checked_inputs(net, X, f"{WHOSE}: X")
        return rows, _targets(net, Y, len(rows), single), single
    run = net.last_pass
    if run is None:
        raise PassError(
            f"{WHOSE}: there are no samples to compute with; give X and Y, or call net.forward(X) "
            "and net.backward(Y) first."
        )
    columns = [np.atleast_1d(run.own_activation(i)) for i in net.wiring.inputs.tolist()]
    rows = np.array(columns, dtype=net.dtype).T.copy()
    if Y is not None or run.targets is None:
        return rows, _targets(net, Y, run.n, run.single), run.single
    known = np.array([np.atleast_1d(y) for y in run.targets], dtype=net.dtype)
    return rows, known.T.copy(), run.single


def _targets(net: Network, Y: Any, n: int, single: bool) -> Any:
    return None if Y is None else checked_targets(net, Y, n, single, f"{WHOSE}: Y")


def _changed(net: Network, change: Any) -> Network:
    """Return the changed network, a copy; the network stays as it is."""
    if isinstance(change, Network):
        changed = change
    elif callable(change):
        changed = net.copy()
        found = change(changed)
        changed = found if isinstance(found, Network) else changed
    else:
        raise ArgumentTypeError(
            f"{WHOSE}: change must be such as ns.Change('a->b', weight=0.5), ns.Cut('a->b'), "
            "ns.Clamp('a', 0.0), ns.Freeze('a->b'), or a function that changes a copy of the "
            f"network; got {short(change)}."
        )
    for ends in ("inputs", "outputs"):
        ours, theirs = ([n.labels[i] for i in getattr(n.wiring, ends)] for n in (net, changed))
        if ours != theirs:
            raise ArgumentError(
                f"{WHOSE}: the changed network must have the same {ends}, {short(ours)}; got "
                f"{short(theirs)}."
            )
    return changed


def _trace(net: Network, X: Any, Y: Any, optimizer: Any, single: bool) -> Trace:
    net.require_finite_parameters(WHOSE)
    passes = "forward" if Y is None else "backward" if optimizer is None else "update"
    require_few(net, None, len(X), passes, WHOSE)
    recording = Recording.of(net, X, Y, optimizer, single=single)
    return Trace(recording.steps(), recording)


# -- what differs ------------------------------------------------------------------------------


def _differences(before: Trace, after: Trace) -> Iterator[Difference]:
    one, other = dict(_numbers(before)), dict(_numbers(after))
    tolerance = max(trace.snapshot.tolerance for trace in (before, after))
    sizes = _sizes(one, other)
    for key in {**one, **other}:
        a, b = one.get(key), other.get(key)
        gone = key[1] == "frozen" and (a is None or b is None)
        if not gone and not _same(a, b, tolerance * sizes[key[1]]):
            yield Difference(*key, a, b)


def _same(a: float | None, b: float | None, tolerance: float) -> bool:
    if a is None or b is None:
        return a is b
    return a == b or abs(a - b) <= tolerance or (a != a and b != b)


def _sizes(*tables: dict[Key, float]) -> dict[str, float]:
    """Return how large each quantity gets: what rounding is measured by."""
    sizes: dict[str, float] = {}
    for table in tables:
        for (_, quantity, _), value in table.items():
            if np.isfinite(value):
                sizes[quantity] = max(sizes.get(quantity, 0.0), abs(value))
            sizes.setdefault(quantity, 0.0)
    return sizes


def _numbers(trace: Trace) -> Iterator[tuple[Key, float]]:
    """Yield the parameters, and then the numbers of the steps."""
    network, snapshot = trace.network, trace.snapshot
    for number, (incoming, bias) in snapshot.rows.items():
        label, gamma = snapshot.labels[number], snapshot.gamma_slots[number]
        named = [(snapshot.edge(source, number), "weight", slot) for source, slot in incoming]
        named.append((label, "bias", bias))
        if gamma >= 0:
            named.append((label, "gamma", gamma))
        for subject, quantity, slot in named:
            yield (subject, quantity, None), snapshot.parameters[slot]
        for subject, quantity, slot in named:
            about = subject if quantity == "weight" else f"{subject}.{quantity}"
            yield (about, "frozen", None), float(network.frozen[slot])
    for number in snapshot.inputs:
        for sample, value in enumerate(snapshot.activation[number]):
            yield (snapshot.labels[number], "a", sample), value
    for step in trace:
        yield step.key, step.value


def _row(one: Difference, several: bool) -> tuple[str, str, str, str]:
    """Return a line of the table; of `several` samples it says which."""
    about = one.subject if one.quantity == "loss" else f"{one.subject} {one.quantity}"
    if several and one.sample is not None:
        about += f", sample {one.sample}"
    written = _yes_or_no if one.quantity == "frozen" else _number
    changed = one.quantity != "frozen" and one.change is not None
    change = f"{one.change:+.{DIGITS}g}" if changed else ""
    return about, written(one.before), written(one.after), change


def _number(value: float | None) -> str:
    # Adding 0 takes the sign off a zero.
    return "-" if value is None else f"{value + 0.0:.{DIGITS}g}"


def _yes_or_no(value: float | None) -> str:
    return "yes" if value else "no"
