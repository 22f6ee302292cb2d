"""How weights start: every initializer draws from a normal distribution of its own scale.

A sum of n inputs has n times the variance of one of its terms, so a weight's variance must shrink
as 1/n for the signal to keep its size from layer to layer. `Xavier` does that for neurons that are
nearly linear around zero (sigmoid, tanh, softmax, linear); `He` doubles it, because ReLU throws
half of the signal away. Each kind of neuron names its default in its attribute ``initializer``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import finite_array, finite_number
from neurosim.errors import ShapeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Constant", "Glorot", "He", "Initializer", "Normal", "Xavier", "Zeros", "drawn"]


class Initializer(ABC):
    """What a weight starts from. A subclass states `scale`, or `draw` itself."""

    @abstractmethod
    def scale(self, n_in: Any, n_out: Any) -> Any:
        """Return the standard deviation for a neuron of `n_in` inputs in a layer of `n_out`."""

    def draw(
        self, rng: np.random.Generator, shape: tuple[int, ...], n_in: Any, n_out: Any
    ) -> NDArray[np.float64]:
        """Return an array of `shape`, normally distributed with mean 0 and deviation `scale`.

        Parameters
        ----------
        rng : numpy.random.Generator
            The only source of randomness.
        shape : tuple of int
            What is drawn: ``(n_in, n_neurons)`` for a layer.
        n_in, n_out : int or array
            Incoming edges of a neuron; neurons that one source feeds.
        """
        return np.asarray(rng.normal(size=shape) * self.scale(n_in, n_out))

    def __repr__(self) -> str:
        values = ", ".join(repr(value) for value in vars(self).values())
        return f"{type(self).__name__}({values})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), tuple(vars(self).values())))


class Constant(Initializer):
    """Every weight starts at one `value`.

    Neurons of a layer that start equal get equal gradients and stay equal: use it for biases,
    or to show just that.

    >>> Constant(0.5).draw(np.random.default_rng(0), (2,), 2, 1)
    array([0.5, 0.5])
    """

    def __init__(self, value: float) -> None:
        self.value = finite_number(value, "Constant: value")

    def scale(self, n_in: Any, n_out: Any) -> Any:
        """Return 0: a constant does not vary."""
        return 0.0

    def draw(
        self, rng: np.random.Generator, shape: tuple[int, ...], n_in: Any, n_out: Any
    ) -> NDArray[np.float64]:
        """Return an array of `shape` filled with the value; draws nothing from `rng`."""
        return np.full(shape, self.value)


class Zeros(Initializer):
    """Every weight starts at 0, the default of biases.

    >>> Zeros().draw(np.random.default_rng(0), (2,), 2, 1)
    array([0., 0.])
    """

    def scale(self, n_in: Any, n_out: Any) -> Any:
        """Return 0."""
        return 0.0

    def draw(
        self, rng: np.random.Generator, shape: tuple[int, ...], n_in: Any, n_out: Any
    ) -> NDArray[np.float64]:
        """Return zeros of `shape`; draws nothing from `rng`."""
        return np.zeros(shape)


class Normal(Initializer):
    """Normal with one fixed standard deviation, `deviation`, whatever the size of the layer.

    >>> Normal(0.01)
    Normal(0.01)
    """

    def __init__(self, scale: float = 0.01) -> None:
        self.deviation = finite_number(scale, "Normal: scale", at_least=0)

    def scale(self, n_in: Any, n_out: Any) -> Any:
        """Return the fixed deviation."""
        return self.deviation


class He(Initializer):
    """Normal with variance 2 / n_in, the default of ReLU and its relatives.

    Source: He, Zhang, Ren, Sun, "Delving Deep into Rectifiers", 2015, equation 10.

    >>> float(He().scale(8, 3))
    0.5
    """

    def scale(self, n_in: Any, n_out: Any) -> Any:
        """Return sqrt(2 / n_in)."""
        return np.sqrt(2.0 / np.maximum(n_in, 1))


class Xavier(Initializer):
    """Normal with variance 1 / n_in, the default of every kind without a kink at zero.

    Source: LeCun, Bottou, Orr, Mueller, "Efficient BackProp", 1998, section 4.6.

    >>> float(Xavier().scale(4, 3))
    0.5
    """

    def scale(self, n_in: Any, n_out: Any) -> Any:
        """Return sqrt(1 / n_in)."""
        return np.sqrt(1.0 / np.maximum(n_in, 1))


class Glorot(Initializer):
    """Normal with variance 2 / (n_in + n_out): a compromise of the two directions of a pass.

    Source: Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural
    networks", 2010, equation 12.

    >>> float(Glorot().scale(5, 3))
    0.5
    """

    def scale(self, n_in: Any, n_out: Any) -> Any:
        """Return sqrt(2 / (n_in + n_out))."""
        return np.sqrt(2.0 / np.maximum(n_in + n_out, 1))


def drawn(
    initializer: Initializer,
    rng: np.random.Generator,
    shape: tuple[int, ...],
    n_in: Any,
    n_out: Any,
) -> Any:
    """Return what an initializer draws, which may be a person's own, once it is checked."""
    what = f"{initializer!r}: what draw returns"
    values = finite_array(initializer.draw(rng, shape, n_in, n_out), what)
    if values.shape != shape:
        raise ShapeError(f"{what} must be {shape}; got {values.shape}.")
    return values
