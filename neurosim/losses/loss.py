"""What every loss is: one output's part of it, and its derivative."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from neurosim.definitions import (
    defaults_of,
    parameter_values,
    require_array_formula,
    require_static,
)
from neurosim.functions import NUMPY, bind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from neurosim.neurons import Kind, Neuron

__all__ = ["Loss"]

_FROM_A = ("loss", "derivative")
_FROM_Z = ("loss_from_z", "derivative_by_z")


class Loss(ABC):
    """J = mean over samples of the sum over outputs of ``loss(a, y)``. This class is abstract.

    Parameters
    ----------
    **parameters : float
        The loss's own parameters, such as the delta of `Huber`: what its static functions take
        after a and y.
    """

    formula: ClassVar[str] = ""
    """One output's part as a book writes it, in a, y and the parameters; a trace shows it."""
    partner: ClassVar[type[Neuron] | None] = None
    """The kind of output neuron for which the loss is computed from z."""

    _parameters: Mapping[str, float] = MappingProxyType({})

    def __init__(self, **parameters: float) -> None:
        name = type(self).__name__
        require_static(type(self), (*_FROM_A, *_FROM_Z), "a and y")
        self._parameters = parameter_values(
            self.parameter_defaults(),
            parameters,
            subject=name,
            whose=name,
            written=f"{name}({{}}=...)",
        )
        _require_array_formulas(self)

    @staticmethod
    @abstractmethod
    def loss(a: Any, y: Any, *parameters: Any) -> Any:
        """Return one output's part of one sample's loss."""

    @staticmethod
    @abstractmethod
    def derivative(a: Any, y: Any, *parameters: Any) -> Any:
        """Return the derivative of `loss` by a; at a kink the left one."""

    @staticmethod
    def loss_from_z(z: Any, y: Any, *parameters: Any) -> Any:
        """Return the same number as `loss`, computed from z of a `partner` neuron."""
        raise AssertionError("only a loss with a partner is computed from z")

    @staticmethod
    def derivative_by_z(a: Any, y: Any, *parameters: Any) -> Any:
        """Return the derivative of `loss_from_z` by z, where the activation is a."""
        raise AssertionError("only a loss with a partner is computed from z")

    def check_outputs(self, kinds: Sequence[Kind], labels: Sequence[str]) -> None:
        """Raise `LossError` where an output neuron's activation does not suit the loss."""

    def check_targets(self, Y: Any) -> None:
        """Raise `LossError` where a target does not suit the loss."""

    @classmethod
    def parameter_defaults(cls) -> dict[str, float]:
        """Return the names and defaults of the loss's own parameters.

        >>> import neurosim as ns
        >>> ns.Huber.parameter_defaults()
        {'delta': 1.0}
        """
        return defaults_of(cls.loss, 2)

    @property
    def parameters(self) -> dict[str, float]:
        """The loss's own parameters by name, such as ``{"delta": 1.0}``; a copy."""
        return {**self.parameter_defaults(), **self._parameters}

    def bound(self, name: str, namespace: Mapping[str, Callable[..., Any]]) -> Callable[..., Any]:
        """Return one of the static functions, bound, its parameters filled in.

        >>> import neurosim as ns
        >>> ns.Huber(delta=0.5).bound("derivative", ns.functions.FLOAT)(7.0, 9.0)
        -0.5
        """
        function = bind(getattr(self, name), namespace)
        values = tuple(self.parameters.values())
        if not values:
            return function  # type: ignore[no-any-return]
        return lambda a, y: function(a, y, *values)

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.parameters.items())
        return f"{type(self).__name__}({values})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Loss) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> Any:
        return type(self), tuple(self.parameters.items())


@cache
def _require_array_formulas(loss: Loss) -> None:
    """Raise `ArgumentError` where a formula, maybe a person's own, does not take arrays."""
    numbers = np.array([[0.25, 0.5], [0.75, 0.125]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    for name in _FROM_A if loss.partner is None else _FROM_A + _FROM_Z:
        formula = loss.bound(name, NUMPY)
        require_array_formula(formula, numbers, f"{type(loss).__name__}.{name}", "a > y")
