"""The loss along one weight, and the tangent that the gradient gives."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import Any, final

import numpy as np

from neurosim.checks import finite_array, finite_number, instance_of, short, whole_number
from neurosim.engines.traversal import TraversalEngine
from neurosim.errors import ArgumentError, NoDerivativeError, NotFiniteError, ShapeError
from neurosim.network import Network
from neurosim.samples import checked_samples

__all__ = ["LossCurve", "loss_along"]

POINTS = 101


@final
@dataclass(frozen=True, eq=False, repr=False)
class LossCurve:
    """The loss as a function of one parameter, all others as they are.

    Attributes
    ----------
    label : str
        ``source->target``, ``label.bias`` or ``label.gamma``.
    values : (points,) array
        Of the parameter.
    losses : (points,) array
        The loss at each; NaN where it overflows. With regularizers, their penalty is in it.
    value, loss : float
        The parameter as it is, and the loss there.
    objective : str
        What the loss is called: ``MeanSquaredError``, ``MeanSquaredError + penalty``.
    """

    label: str
    values: Any
    losses: Any
    value: float
    loss: float
    objective: str
    _slope: float | NoDerivativeError

    @property
    def slope(self) -> float:
        """The gradient: the derivative of the loss by the parameter, at `value`.

        Raises
        ------
        NoDerivativeError
            The gradient would have to pass a neuron that has none.
        """
        if isinstance(self._slope, NoDerivativeError):
            raise self._slope
        return self._slope

    @property
    def smooth(self) -> bool:
        """Whether there is a slope."""
        return not isinstance(self._slope, NoDerivativeError)

    def tangent(self, values: Any) -> Any:
        """Return loss + slope (w - value): what the gradient says of the loss at other values."""
        return self.loss + self.slope * (np.asarray(values, dtype=np.float64) - self.value)

    def plot(
        self, ax: Any = None, *, path: Any = None, title: str | None = None, style: str = "screen"
    ) -> Any:
        """Draw the curve, the point where the network is, and the tangent there.

        Parameters
        ----------
        ax : matplotlib Axes to draw into, optional
        path : a ``.png``, ``.svg`` or ``.pdf`` file to write, optional
        title : str, optional
        style : {"screen", "paper", "slide", "dark"}

        Returns
        -------
        matplotlib.axes.Axes
        """
        from neurosim.drawing.charts.loss_curve import draw_loss_curve

        return draw_loss_curve(self, ax=ax, path=path, title=title, style=style)

    def __repr__(self) -> str:
        slope = f", slope={self._slope:.6g}" if isinstance(self._slope, float) else ""
        return (
            f"LossCurve({self.label!r} = {self.value:.6g}: loss={self.loss:.6g}{slope}, "
            f"{len(self.values)} points)"
        )


def loss_along(
    net: Network, edge: Any, X: Any, Y: Any, *, span: Any = None, points: int = POINTS
) -> LossCurve:
    """Return the loss along one weight or bias, and the slope that backpropagation gives there.

    J(w) for many values of w, and its tangent J(w0) + dJ/dw (w - w0) at the present one.

    Parameters
    ----------
    net : Network
        It stays as it is.
    edge : edge, bias or gamma
        ``"source->target"``, ``(source, target)``, ``"label.bias"`` or ``"label.gamma"``. A tied
        edge stands for its shared weight.
    X, Y : arrays
        The samples of the loss.
    span : (low, high) or float, optional
        From where to where the parameter goes, or how far to both sides of where it is; 1, or its
        own size where that is larger.
    points : int
        How many values, evenly spaced.

    Returns
    -------
    LossCurve
        ``.values``, ``.losses``, ``.slope``, ``.plot()``.

    Raises
    ------
    UnknownEdgeError, UnknownNeuronError
        Nothing of that name is in the network.
    ArgumentError, ShapeError
        It stands for several parameters, or the span is none.
    NotFiniteError
        The loss overflows everywhere.

    Examples
    --------
    >>> import neurosim as ns
    >>> output = ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])
    >>> net = ns.Network([ns.InputLayer(1), output])
    >>> curve = ns.loss_along(net, "input[0]->output[0]", [2.0], [9.0], span=1.0, points=3)
    >>> curve.values, curve.losses, curve.slope
    (array([2., 3., 4.]), array([16.,  4.,  0.]), -8.0)
    """
    instance_of(net, Network, "loss_along: net", "ns.Network([...])")
    slot = net.directory.parameter(edge)
    rows, targets = checked_samples(net, X, Y, "loss_along")
    net.require_finite_parameters("loss_along")
    value = float(net.parameters[slot])
    low, high = _limits(span, value)
    values = np.linspace(low, high, whole_number(points, "loss_along: points", at_least=2))
    copy = net.copy()
    losses = np.array([_loss(copy, slot, at, rows, targets) for at in values.tolist()])
    if not np.isfinite(losses).any():
        raise NotFiniteError(
            "loss_along: the loss is not a finite number anywhere within the span; narrow it, or "
            "scale the inputs."
        )
    name = type(net.loss).__name__
    return LossCurve(
        net.parameter_label(slot),
        values,
        losses,
        value,
        _loss(copy, slot, value, rows, targets),
        f"{name} + penalty" if net.penalty() else name,
        _slope(copy, slot, rows, targets),
    )


def _limits(span: Any, value: float) -> tuple[float, float]:
    what = "loss_along: span"
    if span is None or isinstance(span, Real):
        reach = max(1.0, abs(value)) if span is None else finite_number(span, what, above=0)
        return value - reach, value + reach
    pair = finite_array(span, what)
    if pair.shape != (2,):
        raise ShapeError(
            f"{what} must be (low, high), or one number, how far to go to both sides; got "
            f"{short(span)}."
        )
    if not pair[0] < pair[1]:
        raise ArgumentError(f"{what} must go from low to high; got {short(span)}.")
    return float(pair[0]), float(pair[1])


def _loss(copy: Network, slot: int, value: float, rows: Any, targets: Any) -> float:
    """Return the loss with one parameter at a value, which it keeps; NaN where it overflows."""
    copy.parameters[slot] = value
    with np.errstate(all="ignore"):
        loss = copy.mean_loss(rows, targets) + copy.penalty()
    return loss if np.isfinite(loss) else float("nan")


def _slope(copy: Network, slot: int, rows: Any, targets: Any) -> float | NoDerivativeError:
    engine = copy.engine(TraversalEngine)
    try:
        gradient = np.array(engine.backward(engine.forward(rows, single=False), targets))
    except NoDerivativeError as error:
        return error
    copy.regularization.add_gradient(copy.wiring, copy.parameters, gradient)
    return float(gradient[slot])
