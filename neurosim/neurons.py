"""What one neuron computes: z = w . x + b, then its activation.

A kind of neuron is one class with two static functions, written over the names of
`neurosim.functions`: ``activate(z, *parameters)`` and ``derivative(z, a, *parameters)``. Every
engine, trace, drawing and check reads these two and nothing else. To add a kind, write::

    class SoftsignNeuron(ns.Neuron):
        symbol = "s/s"

        @staticmethod
        def activate(z):
            return z / (1 + abs(z))

        @staticmethod
        def derivative(z, a):
            return 1 / ((1 + abs(z)) * (1 + abs(z)))

Arguments of `activate` after z are the kind's parameters, with their defaults:
``functools.partial(ns.LeakyReLUNeuron, slope=0.1)`` is a kind, too.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cache, partial
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, final

import numpy as np

from neurosim.checks import finite_array
from neurosim.errors import (
    ArgumentError,
    ArgumentTypeError,
    NoDerivativeError,
    NotFiniteError,
    ShapeError,
)
from neurosim.functions import (
    NUMPY,
    abs,
    bind,
    exp,
    first_largest,
    largest,
    maximum,
    tanh,
    total,
    where,
)
from neurosim.initializers import He, Initializer, Xavier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "CoupledNeuron",
    "HardmaxNeuron",
    "InputNeuron",
    "Kind",
    "LeakyReLUNeuron",
    "LinearNeuron",
    "Neuron",
    "Perceptron",
    "ReLUNeuron",
    "SigmoidNeuron",
    "SoftmaxNeuron",
    "TanhNeuron",
]


@dataclass(eq=False)
class _Alone:
    """The place of a neuron that belongs to no network; in one, it is a `places.NeuronPlace`."""

    weights: Any
    bias: float
    label: str | None = None
    layer: str | None = None
    index: int | None = None
    z: Any = None
    activation: Any = None
    delta: Any = None
    weight_gradients: Any = None
    bias_gradient: Any = None


class Neuron(ABC):
    """A neuron: weights, a bias and a kind of activation. This class is abstract.

    Parameters
    ----------
    weights : sequence of float, optional
        One per input.
    bias : float
        Added to the weighted sum.
    **parameters : float
        The kind's own parameters, such as the slope of `LeakyReLUNeuron`.

    Attributes
    ----------
    z, activation, delta : float, array or None
        In a network, the numbers of the last pass: floats after one sample, ``(n,)`` arrays after
        a batch, None before any pass. ``delta`` is dJ/dz (of an input neuron, dJ/dx).
    """

    symbol: ClassVar[str] = "f"
    """What a drawing writes for the kind."""
    formula: ClassVar[str] = ""
    """The activation as a book writes it, in z and the parameters; a trace shows it."""
    initializer: ClassVar[Initializer] = Xavier()
    """What the weights of this kind start from where nothing else is said."""
    probability: ClassVar[bool] = False
    """Whether the activation lies in [0, 1], as a cross entropy wants it."""
    instead: ClassVar[str] = "a kind that states a derivative"
    """What to use where a gradient is wanted; for kinds without a derivative."""

    def __init__(self, weights: Any = (), bias: float = 0.0, **parameters: float) -> None:
        kind = Kind.of(partial(type(self), **parameters), type(self).__name__)
        self._parameters = dict(kind.parameters)
        name = type(self).__name__
        self._place: Any = _Alone(
            finite_array(weights, f"{name}: weights", dimensions=1).copy(),
            float(finite_array(bias, f"{name}: bias", dimensions=0)),
        )

    @staticmethod
    @abstractmethod
    def activate(z: Any, *parameters: Any) -> Any:
        """Return the activation for the weighted sum z."""

    @staticmethod
    def derivative(z: Any, a: Any, *parameters: Any) -> Any:
        """Return da/dz at z, where the activation is a; at a kink the left derivative."""
        raise NoDerivativeError("This kind of neuron states no derivative.")

    @classmethod
    def differentiable(cls) -> bool:
        """Return whether the kind states a derivative."""
        return cls.derivative is not Neuron.derivative

    @classmethod
    def parameter_defaults(cls) -> dict[str, float]:
        """Return the names and defaults of the kind's own parameters.

        >>> LeakyReLUNeuron.parameter_defaults()
        {'slope': 0.01}
        """
        arguments = list(inspect.signature(cls.activate).parameters.values())[1:]
        return {
            argument.name: argument.default
            for argument in arguments
            if argument.kind is not argument.VAR_POSITIONAL
        }

    def __call__(self, x: Any) -> Any:
        """Return the activation for the inputs x: a float, or an array for a batch of rows.

        z = w . x + b, and then `activate`; both are kept as ``z`` and ``activation`` of a neuron
        that stands alone.

        >>> neuron = SigmoidNeuron(weights=[0.3, 0.2, 0.4, 0.3], bias=-0.8)
        >>> round(neuron([0.1, 0.3, 0.2, 0.1]), 4), round(neuron.z, 4)
        (0.3543, -0.6)
        """
        name = type(self).__name__
        values = finite_array(x, f"{name}: the inputs")
        weights = np.asarray(self.weights)
        if values.ndim not in (1, 2) or values.shape[-1] != len(weights):
            raise ShapeError(
                f"{name}: the inputs must be ({len(weights)},) for one sample or "
                f"(n, {len(weights)}) for a batch, as the neuron has {len(weights)} weights; "
                f"got {values.shape}."
            )
        with np.errstate(all="ignore"):
            z = values @ weights + self.bias
            a = self._activate_alone(z)
        if not np.isfinite(a).all():
            raise NotFiniteError(
                f"{name}: the activation is not a finite number, as some number on the way is too "
                "large; scale the inputs or use smaller weights."
            )
        if values.ndim == 1:
            z, a = float(z), float(a)
        if isinstance(self._place, _Alone):
            self._place.z, self._place.activation = z, a
        return a

    def _activate_alone(self, z: Any) -> Any:
        return bind(type(self).activate, NUMPY)(z, *self._parameters.values())

    @property
    def parameters(self) -> dict[str, float]:
        """The kind's own parameters by name, such as ``{"slope": 0.01}``; a copy."""
        return dict(self._parameters)

    @property
    def label(self) -> str | None:
        """The neuron's unique name in its network; None while it stands alone."""
        label: str | None = self._place.label
        return label

    @property
    def layer(self) -> str | None:
        """The name of its layer."""
        layer: str | None = self._place.layer
        return layer

    @property
    def index(self) -> int | None:
        """Its position in its layer, from 0."""
        index: int | None = self._place.index
        return index

    @property
    def weights(self) -> Any:
        """The incoming weights, in order of the edges; assignment writes through."""
        return self._place.weights

    @weights.setter
    def weights(self, values: Any) -> None:
        self._place.weights = self._checked_weights(values)

    def _checked_weights(self, values: Any) -> Any:
        what = f"{type(self).__name__}{f' {self.label!r}' if self.label else ''}: weights"
        array = finite_array(values, what, dimensions=1)
        if self.label is not None and len(array) != len(self.weights):
            raise ShapeError(
                f"{what} must be ({len(self.weights)},), one per incoming edge; got {array.shape}."
            )
        return array.copy()

    @property
    def bias(self) -> Any:
        """The bias; assignment writes through. An input neuron has none."""
        return self._place.bias

    @bias.setter
    def bias(self, value: float) -> None:
        name = f"{type(self).__name__}{f' {self.label!r}' if self.label else ''}"
        self._place.bias = float(finite_array(value, f"{name}: bias", dimensions=0))

    @property
    def z(self) -> Any:
        """The weighted sum of the last pass."""
        return self._place.z

    @property
    def activation(self) -> Any:
        """The activation of the last pass."""
        return self._place.activation

    @property
    def delta(self) -> Any:
        """The derivative of the loss by z, of the last backward pass."""
        return self._place.delta

    @property
    def weight_gradients(self) -> Any:
        """The derivatives of the loss by the incoming weights; for tied ones the shared total."""
        return self._place.weight_gradients

    @property
    def bias_gradient(self) -> Any:
        """The derivative of the loss by the bias."""
        return self._place.bias_gradient

    def __str__(self) -> str:
        return self.label if self.label is not None else repr(self)

    def __repr__(self) -> str:
        parts = [] if self.label is None else [repr(self.label)]
        if not isinstance(self, InputNeuron):
            weights = np.array2string(np.asarray(self.weights), separator=", ", threshold=8)
            parts += [f"weights={weights}", f"bias={self.bias:.6g}"]
        parts += [f"{name}={value!r}" for name, value in self._parameters.items()]
        if isinstance(self.activation, float):
            parts.append(f"activation={self.activation:.6g}")
        return f"{type(self).__name__}({', '.join(parts)})"


class CoupledNeuron(Neuron):
    """A neuron whose activation depends on its whole layer. This class is abstract.

    ``activate(z)`` takes the z of all coupled neurons along the first axis, and `chain` carries
    a gradient back through it, exactly.
    """

    @staticmethod
    def chain(z: Any, a: Any, gradient: Any, *parameters: Any) -> Any:
        """Return dJ/dz for all coupled neurons, given ``gradient`` = dJ/da for all of them."""
        raise NoDerivativeError("This kind of neuron states no derivative.")

    @classmethod
    def derivative(cls, z: Any, a: Any, *parameters: Any) -> Any:
        """Return the Jacobian of one sample: [i, j] is da_i/dz_j.

        >>> SoftmaxNeuron.derivative(np.zeros(2), np.array([0.5, 0.5]))
        array([[ 0.25, -0.25],
               [-0.25,  0.25]])
        """
        rows = np.eye(len(a), dtype=np.asarray(a).dtype)
        return np.array([cls.chain(z, a, row, *parameters) for row in rows])

    @classmethod
    def differentiable(cls) -> bool:
        """Return whether the kind states `chain`."""
        return cls.chain is not CoupledNeuron.chain

    def _activate_alone(self, z: Any) -> Any:
        return super()._activate_alone(np.asarray(z)[np.newaxis])[0]


@final
class InputNeuron(Neuron):
    """An input: its activation is the number that comes in. It has no weights and no bias."""

    symbol = "x"
    formula = "x"

    def __init__(self) -> None:
        super().__init__()

    def __call__(self, x: Any) -> Any:
        """Return the input itself."""
        return x

    @staticmethod
    def activate(z: Any) -> Any:
        """Return the input itself."""
        return z

    @staticmethod
    def derivative(z: Any, a: Any) -> Any:
        """Return 1: delta is dJ/dx."""
        return 1.0


@final
class LinearNeuron(Neuron):
    """a = z, with derivative 1: a regression's output.

    >>> LinearNeuron(weights=[3.0], bias=1.0)([2.0])
    7.0
    """

    symbol = "lin"
    formula = "z"

    @staticmethod
    def activate(z: Any) -> Any:
        """Return z."""
        return z

    @staticmethod
    def derivative(z: Any, a: Any) -> Any:
        """Return 1."""
        return 1.0


@final
class Perceptron(Neuron):
    """a = 1 where z > 0, else 0: it decides. It runs forward, but has no useful derivative.

    Source: Rosenblatt, "The Perceptron", 1958.

    >>> Perceptron(weights=[1.0, 1.0], bias=-1.5)([1, 1])
    1.0
    """

    symbol = "step"
    formula = "1 if z > 0 else 0"
    probability = True
    instead = "SigmoidNeuron, its smooth relative, or train a layer of them with PerceptronRule"

    @staticmethod
    def activate(z: Any) -> Any:
        """Return 1 where z > 0, else 0; a NaN stays one."""
        return where(z > 0, 1.0, where(z <= 0, 0.0, z))


@final
class SigmoidNeuron(Neuron):
    """a = 1 / (1 + exp(-z)), with derivative a (1 - a).

    The form used never takes exp of a positive number, so that |z| = 1000 gives no overflow.

    >>> float(SigmoidNeuron.activate(0.0)), float(SigmoidNeuron.activate(-1000.0))
    (0.5, 0.0)
    """

    symbol = "σ"
    formula = "1 / (1 + exp(-z))"
    probability = True

    @staticmethod
    def activate(z: Any) -> Any:
        """Return 1 / (1 + exp(-z))."""
        e = exp(-abs(z))
        return where(z >= 0, 1.0, e) / (1.0 + e)

    @staticmethod
    def derivative(z: Any, a: Any) -> Any:
        """Return a (1 - a)."""
        return a * (1.0 - a)


@final
class TanhNeuron(Neuron):
    """a = tanh(z), with derivative 1 - a^2.

    >>> TanhNeuron.activate(0.0), TanhNeuron.derivative(0.0, 0.0)
    (0.0, 1.0)
    """

    symbol = "tanh"
    formula = "tanh(z)"

    @staticmethod
    def activate(z: Any) -> Any:
        """Return tanh(z)."""
        return tanh(z)

    @staticmethod
    def derivative(z: Any, a: Any) -> Any:
        """Return 1 - a^2."""
        return 1.0 - a * a


@final
class ReLUNeuron(Neuron):
    """a = max(0, z), with derivative 1 where z > 0, else 0 (at 0 the left one).

    >>> ReLUNeuron.activate(-2.0), ReLUNeuron.derivative(0.0, 0.0)
    (0.0, 0.0)
    """

    symbol = "ReLU"
    formula = "max(0, z)"
    initializer = He()

    @staticmethod
    def activate(z: Any) -> Any:
        """Return max(0, z)."""
        return maximum(z, 0.0)

    @staticmethod
    def derivative(z: Any, a: Any) -> Any:
        """Return 1 where z > 0, else 0."""
        return where(z > 0, 1.0, 0.0)


@final
class LeakyReLUNeuron(Neuron):
    """a = z where z > 0, else slope z; the derivative is 1 or slope (at 0 slope, the left one).

    >>> LeakyReLUNeuron(weights=[1.0], slope=0.1)([-5.0])
    -0.5
    """

    symbol = "lReLU"
    formula = "z if z > 0 else slope * z"
    initializer = He()

    @staticmethod
    def activate(z: Any, slope: Any = 0.01) -> Any:
        """Return z where z > 0, else slope z."""
        return where(z > 0, z, slope * z)

    @staticmethod
    def derivative(z: Any, a: Any, slope: Any = 0.01) -> Any:
        """Return 1 where z > 0, else slope."""
        return where(z > 0, 1.0, slope)


@final
class SoftmaxNeuron(CoupledNeuron):
    """a_i = exp(z_i) / sum_j exp(z_j) over the neurons of its layer: shares that add up to 1.

    da_j/dz_i = a_j ((i = j) - a_i), cross terms included, whatever the loss.

    >>> SoftmaxNeuron.activate(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """

    symbol = "softmax"
    formula = "exp(z) / sum(exp(z))"
    probability = True

    @staticmethod
    def activate(z: Any) -> Any:
        """Return the shares, computed from z - max z so that nothing overflows."""
        e = exp(z - largest(z))
        return e / total(e)

    @staticmethod
    def chain(z: Any, a: Any, gradient: Any) -> Any:
        """Return dJ/dz_i = a_i (dJ/da_i - sum_j a_j dJ/da_j)."""
        return a * (gradient - total(a * gradient))


@final
class HardmaxNeuron(CoupledNeuron):
    """a = 1 for the largest z of its layer (the first of several), else 0. No derivative.

    >>> HardmaxNeuron.activate(np.array([1.0, 3.0, 3.0]))
    array([0., 1., 0.])
    """

    symbol = "max"
    formula = "1 if z is the first largest else 0"
    probability = True
    instead = "SoftmaxNeuron, its smooth relative"

    @staticmethod
    def activate(z: Any) -> Any:
        """Return 1 at the first largest z, else 0."""
        return first_largest(z)


@dataclass(frozen=True)
class Kind:
    """A kind of neuron with values for its parameters: what a layer or a graph's node names.

    >>> Kind.of(partial(LeakyReLUNeuron, slope=0.1), "example")
    Kind(LeakyReLUNeuron, slope=0.1)
    """

    neuron: type[Neuron]
    parameters: tuple[tuple[str, float], ...] = ()

    @staticmethod
    def of(kind: object, whose: str) -> Kind:
        """Return the kind that a class, a `functools.partial` of one, or a neuron stands for.

        Parameters
        ----------
        kind : object
            What the person gave.
        whose : str
            The object and argument, for the message.

        Raises
        ------
        ArgumentTypeError
            It is no kind of neuron.
        ArgumentError
            It has a parameter that the kind does not know, or one that is no finite number.
        """
        if isinstance(kind, Kind):
            return kind
        if isinstance(kind, Neuron):
            return Kind(type(kind), tuple(kind.parameters.items()))
        given = dict(kind.keywords) if isinstance(kind, partial) else {}
        neuron = kind.func if isinstance(kind, partial) and not kind.args else kind
        if not (isinstance(neuron, type) and issubclass(neuron, Neuron)):
            raise ArgumentTypeError(
                f"{whose} must be a kind of neuron, such as ns.SigmoidNeuron; got {kind!r}."
            )
        if inspect.isabstract(neuron):
            raise ArgumentTypeError(
                f"{whose} must be a kind that states activate; {neuron.__name__} is abstract. "
                "Use ns.SigmoidNeuron or another kind, or write your own."
            )
        _require_static(neuron, whose)
        found = Kind(neuron, tuple(_parameter_values(neuron, given, whose).items()))
        _require_array_formulas(found)
        return found

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.neuron.__name__

    @property
    def coupled(self) -> bool:
        """Whether the activation depends on the neuron's whole layer."""
        return issubclass(self.neuron, CoupledNeuron)

    @property
    def recipe(self) -> Any:
        """The kind as a person writes it: the class, or a partial of it."""
        return partial(self.neuron, **dict(self.parameters)) if self.parameters else self.neuron

    def formula(self, name: str, namespace: Mapping[str, Callable[..., Any]]) -> Callable[..., Any]:
        """Return ``activate``, ``derivative`` or ``chain``, bound, its parameters filled in."""
        function = bind(getattr(self.neuron, name), namespace)
        if not self.parameters:
            return function  # type: ignore[no-any-return]
        values = tuple(value for _, value in self.parameters)
        if name == "activate":
            return lambda z: function(z, *values)
        return lambda *numbers: function(*numbers, *values)

    def make(self, place: Any) -> Neuron:
        """Return a neuron of this kind whose numbers live at `place`."""
        neuron = self.neuron.__new__(self.neuron)
        neuron._place = place
        neuron._parameters = dict(self.parameters)
        return neuron

    def __repr__(self) -> str:
        values = "".join(f", {name}={value!r}" for name, value in self.parameters)
        return f"Kind({self.name}{values})"

    def __str__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.parameters)
        return f"{self.name}({values})" if values else self.name


@cache
def _require_array_formulas(kind: Kind) -> None:
    """Raise `ArgumentError` where a formula, maybe a person's own, does not take arrays."""
    z = np.array([[-1.5, 0.0, 0.5], [2.0, 0.25, -0.5]])
    formulas: list[tuple[str, tuple[Any, ...]]] = [("activate", (z,))]
    if kind.neuron.differentiable():
        formulas.append(("chain", (z, z, z)) if kind.coupled else ("derivative", (z, z)))
    for name, numbers in formulas:
        try:
            with np.errstate(all="ignore"):
                np.broadcast_to(kind.formula(name, NUMPY)(*numbers), z.shape)
        except (TypeError, ValueError) as error:
            raise ArgumentError(
                f"{kind.name}.{name} must take arrays as well as floats, but: {error}. Write it "
                "over neurosim.functions: where(z > 0, ...) for if, maximum for max, exp for "
                "math.exp."
            ) from None


def _require_static(neuron: type[Neuron], whose: str) -> None:
    for name in ("activate", "derivative", "chain"):
        if isinstance(inspect.getattr_static(neuron, name, None), FunctionType):
            raise ArgumentTypeError(
                f"{whose}: {neuron.__name__}.{name} must be a static function of z; write "
                "@staticmethod above it, and leave out self."
            )


def _parameter_values(neuron: type[Neuron], given: dict[str, Any], whose: str) -> dict[str, float]:
    values: dict[str, Any] = dict(neuron.parameter_defaults())
    for name, value in given.items():
        if name not in values:
            known = ", ".join(values) or "none"
            raise ArgumentError(
                f"{whose}: {neuron.__name__} has no parameter {name!r}; its parameters: {known}."
            )
        values[name] = float(finite_array(value, f"{whose}: {name}", dimensions=0))
    for name, value in values.items():
        if value is inspect.Parameter.empty:
            raise ArgumentError(
                f"{whose}: {neuron.__name__} needs its parameter {name!r}; write "
                f"functools.partial({neuron.__name__}, {name}=...)."
            )
    return values
