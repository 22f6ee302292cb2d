"""A derivative of the loss as a sum over all paths to it, each a product of named factors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final, overload

import numpy as np

from neurosim.checks import whole_number
from neurosim.engines.base import require_derivatives
from neurosim.errors import ArgumentError
from neurosim.tracing.derivatives import Derivatives
from neurosim.tracing.largest import largest
from neurosim.tracing.origins import origin_of

if TYPE_CHECKING:
    from neurosim.tracing.derivatives import Factor
    from neurosim.tracing.largest import Route
    from neurosim.tracing.origins import Origin
    from neurosim.tracing.snapshot import Snapshot
    from neurosim.tracing.trace import Trace

__all__ = ["Path", "Paths", "paths"]

MOST, MOST_ASKED, FEW = 10_000, 100_000, 10
"""So many paths are listed unasked, and asked; of more than are listed unasked, so few."""


@final
@dataclass(frozen=True, eq=False, repr=False)
class Path:
    """One way from a weight, a bias or a neuron to the loss.

    Attributes
    ----------
    neurons : tuple of str
        The labels of the neurons that it passes, an edge's own source first. Two neurons of one
        softmax layer may follow each other: each z of it acts on every a.
    factors : tuple of (name, value)
        Such as ``("w[hidden1[0]->output[0]]", 0.4)``. Over a batch a value that differs from
        sample to sample is an ``(n,)`` array.
    value : float
        The product of the factors, summed over the samples.
    """

    neurons: tuple[str, ...]
    factors: tuple[Factor, ...]
    value: float

    def __str__(self) -> str:
        names = "*".join(factor.name for factor in self.factors)
        lines = [" -> ".join(self.neurons), f"     {names}"]
        if not any(np.ndim(factor.value) for factor in self.factors):
            lines.append("   = " + "*".join(_written(factor.value) for factor in self.factors))
        return "\n".join([*lines, f"   = {self.value:.6g}"])

    def __repr__(self) -> str:
        return f"Path({' -> '.join(self.neurons)}, value={self.value!r})"


@final
class Paths(Sequence[Path]):
    """The paths whose values add up to a derivative of the loss, largest first.

    A slice of it has fewer paths of the same sum: ``trace.paths(...)[:3].draw()``.

    Attributes
    ----------
    symbol : str
        What a trace calls the derivative, such as ``dJ/dw[x->h]``.
    sample : int or None
        The one sample that it is about; None is the whole batch.
    total : float
        Backpropagation's number: what all paths, and the penalty, add up to. Of a tied edge it is
        this edge's own part of the gradient.
    penalty : float
        What the penalties on the weight, such as ``ns.L2``, add to the gradient apart from any
        path. It belongs to no sample, and on a tied edge to the shared weight, so that it is 0
        for these.
    count : int
        How many paths there are; ``len`` is how many are listed.
    trace : Trace
    """

    # A tuple's `count` asks how often an item occurs; no path occurs twice.
    count: int  # type: ignore[assignment]

    def __init__(
        self,
        listed: Sequence[Path],
        *,
        symbol: str,
        sample: int | None,
        total: float,
        penalty: float,
        count: int,
        trace: Trace,
    ) -> None:
        self._listed = tuple(listed)
        self.symbol, self.sample = symbol, sample
        self.total, self.penalty, self.count, self.trace = total, penalty, count, trace

    @overload
    def __getitem__(self, key: int) -> Path: ...

    @overload
    def __getitem__(self, key: slice) -> Paths: ...

    def __getitem__(self, key: int | slice) -> Path | Paths:
        if not isinstance(key, slice):
            return self._listed[key]
        about = {name: value for name, value in vars(self).items() if name != "_listed"}
        return Paths(self._listed[key], **about)

    def __len__(self) -> int:
        return len(self._listed)

    @property
    def rest(self) -> float:
        """What the paths that are not listed add up to."""
        if len(self) == self.count:
            return 0.0
        return self.total - self.penalty - math.fsum(path.value for path in self._listed)

    def draw(self, path: Any = None, *, ax: Any = None, **options: Any) -> Any:
        """Draw the listed paths on the network, with the numbers of the trace; all else fades.

        Parameters
        ----------
        path : file, optional
        ax : matplotlib Axes to draw into, optional
        **options
            `neurosim.drawing.draw_network`

        Returns
        -------
        matplotlib.axes.Axes

        Examples
        --------
        >>> import neurosim as ns
        >>> net = ns.Network.layered([1, 2, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
        >>> found = net.trace([1.0], [0.5]).paths("input[0]->hidden1[1]")
        >>> axes = found.draw(title="One path")
        """
        own = {"sample": self.sample, "highlight": self._passed()}
        own = {name: value for name, value in own.items() if value is not None}
        return self.trace.draw(path, ax=ax, **{**own, **options})

    def _passed(self) -> list[Any]:
        """Return the neurons and edges of the paths; a softmax passes on without an edge."""
        net, seen = self.trace.network, dict.fromkeys(n for path in self for n in path.neurons)
        pairs = dict.fromkeys(
            pair for path in self for pair in zip(path.neurons, path.neurons[1:], strict=False)
        )
        find = net.directory.find
        edges = [
            (net.neurons[u], net.neurons[v])
            for u, v in ((find(one), find(other)) for one, other in pairs)
            if u is not None and v is not None and net.wiring.slot(u, v) is not None
        ]
        return [*(net[label] for label in seen), *(net[pair] for pair in edges)]

    def __str__(self) -> str:
        lines = [f"{self.symbol} = {self.total:.6g}{self._of_what()}"]
        for number, path in enumerate(self, 1):
            lines += ["", f"{number}. {path}"]
        if len(self) < self.count:
            others = self.count - len(self)
            which = "The other path is" if others == 1 else f"The other {others} paths add up to"
            lines += ["", f"{which} {self.rest:.6g}"]
        if self.penalty:
            lines += ["", f"The penalty on the weight adds {self.penalty:.6g}"]
        return "\n".join(lines)

    def _of_what(self) -> str:
        paths = "1 path" if self.count == 1 else f"{self.count} paths"
        if not self.count:
            paths = "no path, as the loss does not depend on it"
        listed = f"; the {len(self)} largest" if len(self) < self.count else ""
        sample = "" if self.sample is None else f", sample {self.sample}"
        n = self.trace.snapshot.n
        over = f", each summed over {n} samples" if self.sample is None and n > 1 else ""
        return f"{sample}: {paths}{over}{listed}"

    def __repr__(self) -> str:
        listed = "" if len(self) == self.count else f", {len(self)} listed"
        return f"Paths({self.symbol} = {self.total!r}: {self.count} paths{listed})"


def paths(trace: Trace, what: Any, k: Any = None, sample: Any = None) -> Paths:
    """Return a derivative of the loss as a sum over paths; see `Trace.paths`."""
    snapshot = trace.snapshot
    if not snapshot.has_targets:
        network = trace.network
        require_derivatives(network.wiring, network.labels)
        raise ArgumentError(
            "Trace.paths: the trace has no gradients, as it was recorded without targets; give "
            "net.trace(x, y) both."
        )
    asked = None if k is None else _checked_k(k)
    which = None if sample is None else _checked_sample(sample, snapshot.n)
    origin = origin_of(trace.network, snapshot, what, which)
    derivatives = Derivatives(snapshot, origin.start, origin.sample)
    factors, count = origin.factors(derivatives), derivatives.count[origin.start]
    wanted = asked if asked is not None else MOST if count <= MOST else FEW
    remedy = "ask for those of one sample, with sample=0"
    routes = largest(derivatives, origin.start, factors, wanted, remedy)
    return Paths(
        [_path(snapshot, origin, factors, route) for route in routes],
        symbol=origin.symbol,
        sample=which,
        total=origin.total,
        penalty=origin.penalty,
        count=count,
        trace=trace,
    )


def _checked_k(k: Any) -> int:
    number = whole_number(k, "Trace.paths: k")
    if number > MOST_ASKED:
        raise ArgumentError(
            f"Trace.paths: k must be at most {MOST_ASKED}, the paths that can be listed; got "
            f"{number}."
        )
    return number


def _checked_sample(sample: Any, n: int) -> int:
    number = whole_number(sample, "Trace.paths: sample", at_least=0)
    if number >= n:
        raise ArgumentError(
            f"Trace.paths: sample must be below {n}, the number of samples; got {number}."
        )
    return number


def _path(snapshot: Snapshot, origin: Origin, factors: tuple[Factor, ...], route: Route) -> Path:
    numbers = [*origin.passed]
    for link in route.links:
        factors += link.factors
        if link.head is not None and link.head.number != numbers[-1]:
            numbers.append(link.head.number)
    labels = tuple(snapshot.labels[number] for number in numbers)
    product = np.atleast_1d(math.prod(factor.value for factor in factors))
    return Path(labels, factors, float(np.add.reduce(product)))


def _written(value: float) -> str:
    return f"({value:.6g})" if value < 0 else f"{value:.6g}"
