"""How a gradient becomes a change of the parameters.

An optimizer sees two flat vectors and nothing of the network, so that it works with any wiring.
Frozen parameters are left alone: their gradient is taken to be zero.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.checks import finite_number, instance_of
from neurosim.engines.base import require_derivatives
from neurosim.errors import DivergedError
from neurosim.network import Network

if TYPE_CHECKING:
    from neurosim.engines.base import Engine

__all__ = ["SGD", "Learner", "Optimizer"]


class Learner(ABC):
    """Whatever `fit` can train with: an optimizer, or a rule of its own. Abstract."""

    def __init__(self, learning_rate: float) -> None:
        name = type(self).__name__
        self.learning_rate = finite_number(learning_rate, f"{name}: learning_rate", above=0)

    def check(self, network: Network) -> None:
        """Raise where this learner cannot train the network."""

    @abstractmethod
    def learn(self, network: Network, engine: Engine, rows: Any) -> float:
        """Learn from some of the samples loaded into `engine`; return their loss before that."""

    def __repr__(self) -> str:
        names = [n for n in vars(self) if not n.startswith("_")]
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__name__}({values})"


class Optimizer(Learner):
    """Learns from the gradient. A subclass states `change`. This class is abstract."""

    _change: Any = None

    def check(self, network: Network) -> None:
        """Raise `NoDerivativeError` where no gradient can pass."""
        require_derivatives(network.wiring, network.labels)

    @abstractmethod
    def change(self, gradient: Any, out: Any = None) -> Any:
        """Return what is added to the parameters for this gradient; both are flat.

        ``out`` is an array to return it in.
        """

    def explain(self, slot: int) -> tuple[str, dict[str, float]]:
        """Return what `change` is about to make of one parameter, for a trace to show.

        Parameters
        ----------
        slot : int
            The entry of the parameter.

        Returns
        -------
        formula : str
            The new value as Python arithmetic in ``w`` (the old one), ``g`` (its gradient) and
            names of the optimizer's own, such as ``"w - rate*(beta*v + (1 - beta)*g)"``. Where
            there is none, or it gives another number, a trace shows ``w + change``.
        numbers : dict
            The optimizer's own numbers by these names, as they are before the update.
        """
        return "", {}

    def step(self, network: Network) -> None:
        """Update the parameters once from ``network.gradient``: one step by hand.

        Raises
        ------
        DivergedError
            A parameter would stop being a finite number; nothing has changed then.

        Examples
        --------
        >>> import neurosim as ns
        >>> net = ns.Network(
        ...     [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])]
        ... )
        >>> prediction, loss = net.forward([2.0]), net.backward([9.0])
        >>> ns.SGD(0.05).step(net)
        >>> net.parameters.round(3)
        array([3.4, 1.2])
        """
        instance_of(network, Network, f"{type(self).__name__}.step: network", "ns.Network([...])")
        with np.errstate(all="ignore"):
            after = network.parameters + self.change(self._seen(network))
        if not np.isfinite(after).all():
            slot = int(np.flatnonzero(~np.isfinite(after))[0])
            raise DivergedError(
                f"{type(self).__name__}.step: the parameter {network.parameter_label(slot)!r} "
                f"would become {after[slot]}, as its gradient is {network.gradient[slot]}; use a "
                f"learning rate below {self.learning_rate}, or scale the inputs."
            )
        network.parameters[:] = after

    def learn(self, network: Network, engine: Engine, rows: Any) -> float:
        """Compute the gradient of these samples and update the parameters once."""
        loss = engine.gradient(rows)
        parameters = network.parameters
        held = self._change
        if held is None or (held.shape, held.dtype) != (parameters.shape, parameters.dtype):
            self._change = np.empty_like(parameters)
        parameters += self.change(self._seen(network), out=self._change)
        return loss

    def _seen(self, network: Network) -> Any:
        frozen = network.frozen
        return np.where(frozen, 0.0, network.gradient) if frozen.any() else network.gradient


@final
class SGD(Optimizer):
    """Gradient descent: w = w - rate g.

    Parameters
    ----------
    learning_rate : float
        How far a step follows the gradient.

    Examples
    --------
    >>> SGD(0.1).change(np.array([1.0, -2.0]))
    array([-0.1,  0.2])
    """

    def change(self, gradient: Any, out: Any = None) -> Any:
        """Return -rate g."""
        return np.multiply(gradient, -self.learning_rate, out=out)

    def explain(self, slot: int) -> tuple[str, dict[str, float]]:
        """Return w - rate g.

        >>> SGD(0.1).explain(0)
        ('w - rate*g', {'rate': 0.1})
        """
        return "w - rate*g", {"rate": self.learning_rate}
