"""Derivatives against finite differences: whether a gradient is what it says it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import finite_array, finite_number, instance_of
from neurosim.engines.base import partnered, require_derivatives
from neurosim.engines.traversal import Pass, TraversalEngine
from neurosim.errors import ArgumentTypeError, NotFiniteError
from neurosim.functions import NUMPY, bind
from neurosim.network import Network
from neurosim.samples import checked_samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from neurosim.neurons import Kind

__all__ = ["GradientReport", "check_gradient", "numerical_derivative"]

# Gradients below this share of the largest are compared with it, not with themselves.
_SHARE = 1e-3
# Two losses closer than this share of them are equal as far as floating point can tell.
_ROUNDING = 16 * np.finfo(np.float64).eps


@dataclass(frozen=True)
class GradientReport:
    """What `check_gradient` found.

    Attributes
    ----------
    ok : bool
        Whether every error is below `tolerance`.
    worst : str or None
        The parameter with the largest error: ``source->target`` or ``label.bias``.
    max_relative_error : float
        |a - n| / max(|a|, |n|, 1e-3 max |gradient|), of that parameter.
    analytic, numerical : arrays
        The gradient by backpropagation and by differences; NaN where skipped.
    skipped : int
        Parameters at a kink (of ReLU, say), where differences mean nothing.
    tolerance : float
    """

    ok: bool
    worst: str | None
    max_relative_error: float
    analytic: Any
    numerical: Any
    skipped: int
    tolerance: float

    def __str__(self) -> str:
        verdict = "agrees with" if self.ok else "DIFFERS FROM"
        checked = len(self.analytic) - self.skipped
        text = f"The gradient {verdict} central differences: {checked} parameters checked"
        text += f", {self.skipped} at a kink skipped" if self.skipped else ""
        if self.worst is None:
            return text + "."
        return (
            f"{text}; the largest relative error is {self.max_relative_error:.2e}, of {self.worst} "
            f"(allowed {self.tolerance:.0e})."
        )

    def __repr__(self) -> str:
        return (
            f"GradientReport(ok={self.ok}, worst={self.worst!r}, "
            f"max_relative_error={self.max_relative_error:.3g}, skipped={self.skipped})"
        )


def check_gradient(network: Network, X: Any, Y: Any, *, tolerance: float = 1e-5) -> GradientReport:
    """Compare the graph engine's gradient with central differences, parameter by parameter.

    n = (J(p + h) - J(p - h)) / 2h with h = 1e-5 max(1, |p|). The network stays as it is. Of a
    float32 network the differences are taken in float64. Normalized sums take running averages.

    Parameters
    ----------
    network : Network
    X, Y : arrays
        One sample or a batch.
    tolerance : float
        The largest relative error that is still right.

    Returns
    -------
    GradientReport

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network.layered([2, 2, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    >>> ns.check_gradient(net, [0.5, -1.0], [1.0]).ok
    True
    """
    instance_of(network, Network, "check_gradient: network", "ns.Network([...])")
    rows, targets = checked_samples(network, X, Y, "check_gradient")
    finite_number(tolerance, "check_gradient: tolerance", above=0)
    network.require_finite_parameters("check_gradient")
    require_derivatives(network.wiring, network.labels)
    twin = _twin(network)
    rows, targets = rows.astype(np.float64), targets.astype(np.float64)
    engine = twin.engine(TraversalEngine)
    run = engine.forward(rows, single=False)
    analytic = np.array(engine.backward(run, targets))
    twin.regularization.add_gradient(twin.wiring, twin.parameters, analytic)
    with np.errstate(all="ignore"):
        numerical, kinks = _differences(twin, rows, targets, analytic)
    return _report(network, analytic, np.where(kinks, np.nan, numerical), tolerance)


def _twin(network: Network) -> Network:
    """Return a float64 copy to try steps on, so that the network never changes."""
    twin = network.copy()
    twin.dtype = np.dtype(np.float64)
    twin._parameters = twin._parameters.astype(np.float64)
    twin._gradient = twin._gradient.astype(np.float64)
    twin.averages = twin.averages.astype(np.float64)
    return twin


def _differences(network: Network, X: Any, Y: Any, analytic: Any) -> tuple[Any, Any]:
    """Return the central difference of every parameter, and whether a kink lies in between."""
    engine, kinks, wiring = network.engine(TraversalEngine), _Kinks(network, Y), network.wiring
    penalty = network.regularization.penalty
    parameters, targets = network.parameters, list(Y.T)
    numerical, skipped = np.empty_like(parameters), np.zeros(len(parameters), dtype=bool)
    for slot, value in enumerate(parameters.tolist()):
        h = 1e-5 * max(1.0, abs(value))
        runs, penalties = [], []
        for moved in (value + h, value - h):
            parameters[slot] = moved
            runs.append(engine.forward(X, single=False))
            penalties.append(penalty(wiring, parameters))
        parameters[slot] = value
        above, below = (
            engine.loss_of_pass(run, targets) + added
            for run, added in zip(runs, penalties, strict=True)
        )
        numerical[slot] = (above - below) / (2 * h)
        # A difference that is all rounding says nothing against the gradient.
        noise = _ROUNDING * max(abs(above), abs(below)) / (2 * h)
        if abs(numerical[slot] - analytic[slot]) <= noise:
            numerical[slot] = analytic[slot]
        skipped[slot] = kinks.between(*runs) or kinks.of_penalty(slot, value, h)
    return numerical, skipped


class _Kinks:
    """Finds jumps of a derivative between two passes: of any kind, and of the loss."""

    def __init__(self, network: Network, Y: Any) -> None:
        self.regularization, self.wiring = network.regularization, network.wiring
        self.loss_slope = network.loss.bound("derivative", NUMPY)
        computed_from_z = [partnered(block, network.loss) for block in self.wiring.blocks]
        self.targets = [
            (number, y)
            for number, y in zip(self.wiring.outputs.tolist(), Y.T, strict=True)
            if not computed_from_z[int(self.wiring.block_of[number, 0])]
        ]
        self.slopes = [
            (block.targets.tolist(), _slope(block.kind))
            for block in network.wiring.blocks
            if not block.kind.coupled and block.kind.neuron.differentiable()
        ]

    def of_penalty(self, slot: int, w: float, h: float) -> bool:
        """Whether the derivative of a penalty jumps within h of a parameter w."""
        return any(
            _jumps(
                lambda x, p=penalty: bind(p.derivative, NUMPY)(x, p.strength),
                np.array([w - h]),
                np.array([w + h]),
            )
            for penalty in self.regularization.penalties_of(self.wiring, slot)
        )

    def between(self, above: Pass, below: Pass) -> bool:
        """Whether a neuron's derivative, or the loss's, jumps between the two passes."""
        return any(
            _jumps(slope, below.u[i], above.u[i]) for numbers, slope in self.slopes for i in numbers
        ) or any(
            _jumps(self.loss_slope, below.activation[i], above.activation[i], y)
            for i, y in self.targets
        )


def _slope(kind: Kind) -> Callable[[Any], Any]:
    """Return the derivative of a kind as a function of z alone."""
    activate, derivative = (kind.formula(name, NUMPY) for name in ("activate", "derivative"))
    return lambda z: derivative(z, activate(z))


def _jumps(slope: Callable[..., Any], low: Any, high: Any, *given: Any) -> bool:
    """Whether `slope` jumps between low and high: a jump stays when the interval is halved.

    ``given`` are numbers that the slope takes besides, which stay as they are.
    """
    first = _rise(slope, low, high, *given)
    suspicious = first > 1e-7
    if not suspicious.any():
        return False
    low, high, first = low[suspicious], high[suspicious], first[suspicious]
    given = tuple(x[suspicious] for x in given)
    for _ in range(30):
        middle = 0.5 * (low + high)
        in_lower = _rise(slope, low, middle, *given) > _rise(slope, middle, high, *given)
        low, high = np.where(in_lower, low, middle), np.where(in_lower, middle, high)
    return bool((_rise(slope, low, high, *given) > 0.4 * first).any())


def _rise(slope: Callable[..., Any], low: Any, high: Any, *given: Any) -> Any:
    """Return the size of the difference of `slope` at high and low, for every number."""
    return np.abs(slope(high, *given) - slope(low, *given)) + 0.0 * low


def _report(network: Network, analytic: Any, numerical: Any, tolerance: float) -> GradientReport:
    floor = _SHARE * float(np.abs(analytic).max(initial=0.0))
    size = np.fmax(np.maximum(np.abs(analytic), floor), np.abs(numerical))
    errors = np.abs(analytic - numerical) / np.where(size > 0, size, 1.0)
    skipped = int(np.isnan(errors).sum())
    if skipped == len(errors):
        return GradientReport(True, None, 0.0, analytic, numerical, skipped, tolerance)
    worst = int(np.nanargmax(errors))
    error = float(errors[worst])
    label = network.parameter_label(worst)
    return GradientReport(error <= tolerance, label, error, analytic, numerical, skipped, tolerance)


def numerical_derivative(f: Callable[[Any], Any], x: Any, *, h: float = 1e-5) -> Any:
    """Return the derivative of a person's own function by central differences.

    (f(x + h) - f(x - h)) / 2h, with h scaled by max(1, |x|).

    Parameters
    ----------
    f : callable
        Takes what x is, and returns a number.
    x : float or array
        Where. For an array, the gradient by every entry comes back.
    h : float
        The step.

    Returns
    -------
    float or array of the shape of x

    Examples
    --------
    >>> round(numerical_derivative(lambda x: x**2, 4.0), 6)
    8.0
    """
    if not callable(f):
        raise ArgumentTypeError(f"numerical_derivative: f must be a function; got {f!r}.")
    step = finite_number(h, "numerical_derivative: h", above=0)
    at = finite_array(x, "numerical_derivative: x")
    if at.ndim == 0:
        value = float(at)
        wide = step * max(1.0, abs(value))
        return (_value(f, value + wide) - _value(f, value - wide)) / (2 * wide)
    slopes = np.empty_like(at)
    for place in np.ndindex(at.shape):
        wide = step * max(1.0, abs(at[place]))
        above, below = at.copy(), at.copy()
        above[place] += wide
        below[place] -= wide
        slopes[place] = (_value(f, above) - _value(f, below)) / (2 * wide)
    return slopes


def _value(f: Callable[[Any], Any], x: Any) -> float:
    value = finite_array(f(x), "numerical_derivative: f(x)")
    if value.size != 1:
        raise NotFiniteError(
            f"numerical_derivative: f(x) must be one number; got shape {value.shape}."
        )
    return float(value.reshape(()))
