"""What every neuron is: weights, a bias, a place for its numbers, and one activation."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from neurosim.checks import counted, finite_array
from neurosim.definitions import defaults_of
from neurosim.errors import ArgumentError, NoDerivativeError, NotFiniteError, ShapeError
from neurosim.functions import NUMPY, bind
from neurosim.initializers import Xavier
from neurosim.neurons.definition import checked_parameters

if TYPE_CHECKING:
    from neurosim.initializers import Initializer

__all__ = ["Neuron"]


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
    mask: Any = 1.0
    weight_gradients: Any = None
    bias_gradient: Any = None
    gamma: Any = None
    gamma_gradient: Any = None
    averages: Any = None
    normalized: Any = None

    def sum(self, products: Any) -> Any:
        """Return w . x + b."""
        return products + self.bias


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
        name = type(self).__name__
        self._parameters = checked_parameters(type(self), parameters, name)
        self._place: Any = _Alone(
            finite_array(weights, f"{name}: weights", dimensions=1).copy(),
            float(finite_array(bias, f"{name}: bias", dimensions=0)),
        )

    @staticmethod
    @abstractmethod
    def activate(z: Any, *parameters: Any) -> Any:
        """Return the activation for the weighted sum z."""

    @classmethod
    def derivative(cls, z: Any, a: Any, *parameters: Any) -> Any:
        """Return da/dz at z, where the activation is a; at a kink the left derivative.

        A kind states it as a static function; without one no gradient passes.
        """
        raise NoDerivativeError(f"{cls.__name__} has no derivative. Use {cls.instead}.")

    @classmethod
    def differentiable(cls) -> bool:
        """Return whether the kind states a derivative."""
        return next(base for base in cls.__mro__ if "derivative" in vars(base)) is not Neuron

    @classmethod
    def parameter_defaults(cls) -> dict[str, float]:
        """Return the names and defaults of the kind's own parameters.

        >>> import neurosim as ns
        >>> ns.LeakyReLUNeuron.parameter_defaults()
        {'slope': 0.01}
        """
        return defaults_of(cls.activate, 1)

    def __call__(self, x: Any) -> Any:
        """Return the activation for the inputs x: a float, or an array for a batch of rows.

        z = w . x + b, and then `activate`; both are kept as ``z`` and ``activation`` of a neuron
        that stands alone.

        >>> import neurosim as ns
        >>> neuron = ns.SigmoidNeuron(weights=[0.3, 0.2, 0.4, 0.3], bias=-0.8)
        >>> round(neuron([0.1, 0.3, 0.2, 0.1]), 4), round(neuron.z, 4)
        (0.3543, -0.6)
        """
        name = type(self).__name__
        values = finite_array(x, f"{name}: the inputs")
        weights = np.asarray(self.weights)
        if values.ndim not in (1, 2) or values.shape[-1] != len(weights):
            raise ShapeError(
                f"{name}: the inputs must be ({len(weights)},) for one sample or "
                f"(n, {len(weights)}) for a batch, as the neuron has "
                f"{counted(len(weights), 'weight')}; "
                f"got {values.shape}."
            )
        with np.errstate(all="ignore"):
            z = self._place.sum(values @ weights)
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
        self._place.bias = self._checked_bias(value)

    def _checked_bias(self, value: Any) -> float:
        name = f"{type(self).__name__}{f' {self.label!r}' if self.label else ''}"
        return float(finite_array(value, f"{name}: bias", dimensions=0))

    @property
    def gamma(self) -> Any:
        """Of a normalized neuron the factor of its sum, else None; assignment writes through."""
        return self._place.gamma

    @gamma.setter
    def gamma(self, value: float) -> None:
        if isinstance(self._place, _Alone):
            raise ArgumentError(
                f"{type(self).__name__}: gamma belongs to a neuron of a layer made with "
                "normalization=ns.BatchNormalization(); one that stands alone has none."
            )
        self._place.gamma = value

    @property
    def beta(self) -> Any:
        """Of a normalized neuron what is added to its normalized sum: its bias; else None."""
        return None if self.gamma is None else self.bias

    @property
    def gamma_gradient(self) -> Any:
        """The derivative of the loss by gamma; None where the sum is not normalized."""
        return self._place.gamma_gradient

    @property
    def running_mean(self) -> Any:
        """Of a normalized neuron the average of z that inference takes; else None."""
        averages = self._place.averages
        return None if averages is None else averages[0]

    @property
    def running_variance(self) -> Any:
        """Of a normalized neuron the average of the variance of z; else None."""
        averages = self._place.averages
        return None if averages is None else averages[1]

    @property
    def batch_mean(self) -> Any:
        """The mean of z over the batch of the last pass, if that was one in training."""
        one = self._place.normalized
        return float(one.mean[0]) if one is not None and one.training else None

    @property
    def batch_variance(self) -> Any:
        """The variance of z over the batch of the last pass, if that was one in training."""
        one = self._place.normalized
        return float(one.variance[0]) if one is not None and one.training else None

    @property
    def normalized(self) -> Any:
        """(z - mean) / sqrt(variance + epsilon) of the last pass; None where z is not."""
        one = self._place.normalized
        if one is None:
            return None
        return float(one.zhat[0]) if isinstance(self.z, float) else one.zhat

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
    def mask(self) -> Any:
        """What dropout multiplied the activation by in the last pass; 1 where none was at work."""
        return self._place.mask

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
        parts += self._own_numbers()
        parts += [f"{name}={value!r}" for name, value in self._parameters.items()]
        if isinstance(self.activation, float):
            parts.append(f"activation={self.activation:.6g}")
        return f"{type(self).__name__}({', '.join(parts)})"

    def _own_numbers(self) -> list[str]:
        weights = np.array2string(np.asarray(self.weights), separator=", ", threshold=8)
        numbers = [f"weights={weights}", f"bias={self.bias:.6g}"]
        return numbers if self.gamma is None else [*numbers, f"gamma={self.gamma:.6g}"]
