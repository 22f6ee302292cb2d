"""What a class of neurons states, checked: its formulas and their parameters."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.definitions import parameter_values, require_array_formula, require_static
from neurosim.functions import NUMPY, bind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from neurosim.neurons.neuron import Neuron

__all__ = ["checked_parameters", "filled_formula"]

_Parameters = tuple[tuple[str, float], ...]


def checked_parameters(neuron: type[Neuron], given: dict[str, Any], whose: str) -> dict[str, float]:
    """Return the parameters of a kind, those given and else the defaults, and check its formulas.

    Parameters
    ----------
    neuron : type
        The kind's class.
    given : dict
        Values for some parameters.
    whose : str
        The object and argument, for the message.

    Raises
    ------
    ArgumentTypeError
        A formula is no static function.
    ArgumentError
        A parameter is unknown, missing or no finite number, or a formula does not take arrays.
    """
    name = neuron.__name__
    require_static(neuron, ("activate", "derivative", "chain"), "z", f"{whose}: ")
    values = parameter_values(
        neuron.parameter_defaults(),
        given,
        subject=f"{whose}: {name}",
        whose=whose,
        written=f"functools.partial({name}, {{}}=...)",
    )
    _require_array_formulas(neuron, tuple(values.items()))
    return values


def filled_formula(
    neuron: type[Neuron],
    name: str,
    parameters: _Parameters,
    namespace: Mapping[str, Callable[..., Any]],
) -> Callable[..., Any]:
    """Return ``activate``, ``derivative`` or ``chain``, bound, its parameters filled in."""
    function = bind(getattr(neuron, name), namespace)
    if not parameters:
        return function  # type: ignore[no-any-return]
    values = tuple(value for _, value in parameters)
    if name == "activate":
        return lambda z: function(z, *values)
    return lambda *numbers: function(*numbers, *values)


@cache
def _require_array_formulas(neuron: type[Neuron], parameters: _Parameters) -> None:
    z = np.array([[-1.5, 0.0, 0.5], [2.0, 0.25, -0.5]])
    numbers: dict[str, tuple[Any, ...]] = {"activate": (z,)}
    if neuron.differentiable():
        coupled = hasattr(neuron, "chain")
        numbers |= {"chain": (z, z, z)} if coupled else {"derivative": (z, z)}
    for name, given in numbers.items():
        formula = filled_formula(neuron, name, parameters, NUMPY)
        require_array_formula(formula, given, f"{neuron.__name__}.{name}", "z > 0")
