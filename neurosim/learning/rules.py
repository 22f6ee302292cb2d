"""Rules that learn without a gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.engines.vectorized import VectorizedEngine
from neurosim.errors import ArgumentError
from neurosim.learning.learner import Learner
from neurosim.neurons import Perceptron
from neurosim.samples import checked_samples

if TYPE_CHECKING:
    from neurosim.engines.base import Engine
    from neurosim.network import Network

__all__ = ["PerceptronRule"]


@final
class PerceptronRule(Learner):
    """Rosenblatt's rule: w += rate (y - a) x and b += rate (y - a), sample by sample.

    It trains an output layer of Perceptrons that read the inputs directly; where the classes can
    be told apart by a line, it finds one in a finite number of mistakes.

    Parameters
    ----------
    learning_rate : float, Schedule or function
        1 unless told.

    Source: Rosenblatt, "Principles of Neurodynamics", 1962.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network([ns.InputLayer(2), ns.Layer(1, ns.Perceptron, initializer=ns.Zeros())])
    >>> X, Y = ns.datasets.gates("and")
    >>> history = net.fit(X, Y, optimizer=ns.PerceptronRule(), epochs=10)
    >>> net.predict(X).ravel()
    array([0., 0., 0., 1.])
    """

    def __init__(self, learning_rate: Any = 1.0) -> None:
        super().__init__(learning_rate)

    def check(self, network: Network) -> None:
        """Raise where the network is no single layer of Perceptrons."""
        wiring = network.wiring
        for block in wiring.blocks:
            if block.kind.neuron is not Perceptron:
                label = network.labels[int(block.targets[0])]
                raise ArgumentError(
                    f"PerceptronRule: every neuron must be a Perceptron, but {label!r} is a "
                    f"{block.kind.name}; use ns.SGD for it."
                )
            if not np.isin(block.sources, wiring.inputs).all():
                label = network.labels[int(block.targets[0])]
                raise ArgumentError(
                    f"PerceptronRule: every Perceptron must read inputs only, but {label!r} reads "
                    "other neurons; the rule cannot train more than one layer."
                )

    def learn(self, network: Network, engine: Engine, rows: Any) -> float:
        """Visit these samples one by one; return their mean loss before each one's update."""
        X, Y = engine.samples(rows)
        losses = [self._visit(network, x, y) for x, y in zip(X, Y, strict=True)]
        return float(np.mean(losses))

    def step(self, network: Network, x: Any, y: Any) -> float:
        """Learn from one sample by hand; return its loss before that.

        Parameters
        ----------
        network : Network
            A single layer of Perceptrons.
        x, y : (n_inputs,) and (n_outputs,) arrays
        """
        self.check(network)
        rows, targets = checked_samples(network, x, y, "PerceptronRule.step")
        network.require_finite_parameters("PerceptronRule.step")
        losses = [self._visit(network, *pair) for pair in zip(rows, targets, strict=True)]
        return float(np.mean(losses))

    def _visit(self, network: Network, x: Any, y: Any) -> float:
        """Learn from one sample that is checked and scaled."""
        rows, wiring = x.reshape(1, -1), network.wiring
        loss = network.mean_loss(rows, y.reshape(1, -1))
        (outputs,) = network.engine(VectorizedEngine).predict(rows)
        memory = self.memory(network)
        rate = self.rate(memory)
        memory.step += 1
        place = {int(number): i for i, number in enumerate(wiring.inputs)}
        change = np.zeros_like(network.parameters)
        for target, a, wanted in zip(wiring.outputs.tolist(), outputs, y, strict=True):
            sources, weights, bias = wiring.incoming(target)
            error = rate * (wanted - a)
            change[weights] += error * x[[place[s] for s in sources.tolist()]]
            change[bias] += error
        network.parameters[:] += np.where(network.frozen, 0.0, change)
        return loss
