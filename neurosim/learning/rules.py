"""Rules of a single layer, from before the gradient had that name: w += rate (y - a) x."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, final

import numpy as np

from neurosim.engines.vectorized import VectorizedEngine
from neurosim.errors import ArgumentError
from neurosim.learning.learner import Learner
from neurosim.neurons import LinearNeuron, Perceptron
from neurosim.samples import checked_samples

if TYPE_CHECKING:
    from neurosim.engines.base import Engine
    from neurosim.network import Network
    from neurosim.neurons import Neuron

__all__ = ["DeltaRule", "PerceptronRule"]


class _ErrorRule(Learner):
    """w += rate (y - a) x and b += rate (y - a), sample by sample. Abstract.

    A subclass states which kind of neuron it is a rule for.
    """

    kind: ClassVar[type[Neuron]]

    def check(self, network: Network) -> None:
        """Raise where the network is no single layer of the rule's kind."""
        rule, wiring, kind = type(self).__name__, network.wiring, self.kind.__name__
        for block in wiring.blocks:
            label = network.labels[int(block.targets[0])]
            if block.kind.neuron is not self.kind:
                raise ArgumentError(
                    f"{rule}: every neuron must be a {kind}, but {label!r} is a "
                    f"{block.kind.name}; use ns.SGD for it."
                )
            if block.kind.normalization is not None:
                raise ArgumentError(
                    f"{rule}: {label!r} is normalized, which the rule knows nothing of; use ns.SGD "
                    "for it, or a layer without normalization."
                )
            if not np.isin(block.sources, wiring.inputs).all():
                raise ArgumentError(
                    f"{rule}: every {kind} must read inputs only, but {label!r} reads "
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
            A single layer of neurons of the rule's kind.
        x, y : (n_inputs,) and (n_outputs,) arrays
        """
        self.check(network)
        what = f"{type(self).__name__}.step"
        rows, targets = checked_samples(network, x, y, what)
        network.require_finite_parameters(what)
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
            # Two edges into one neuron may share a weight; both parts count.
            np.add.at(change, weights, error * x[[place[s] for s in sources.tolist()]])
            change[bias] += error
        network.parameters[:] += np.where(network.frozen, 0.0, change)
        return loss


@final
class PerceptronRule(_ErrorRule):
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

    kind: ClassVar[type[Neuron]] = Perceptron

    def __init__(self, learning_rate: Any = 1.0) -> None:
        super().__init__(learning_rate)


@final
class DeltaRule(_ErrorRule):
    """Widrow and Hoff's rule (LMS): w += rate (y - a) x and b += rate (y - a), sample by sample.

    The formula of `PerceptronRule`, with the activation of a linear neuron in the place of a
    decision: a = z. It is gradient descent on half the squared error of one sample,
    J = (a - y)^2 / 2 with dJ/dw = (a - y) x, and so the same as ``SGD(rate)`` on `QuadraticCost`
    with ``batch_size=1``. The network's own loss is only reported.

    Parameters
    ----------
    learning_rate : float, Schedule or function

    Source: Widrow, Hoff, "Adaptive Switching Circuits", 1960.

    Examples
    --------
    One neuron, w = 3 and b = 1, sees x = 2 and y = 9: a = 7, so that w grows by 0.1 * 2 * 2.

    >>> import neurosim as ns
    >>> layer = ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])
    >>> net = ns.Network([ns.InputLayer(1), layer])
    >>> ns.DeltaRule(0.1).step(net, [2.0], [9.0])
    4.0
    >>> net.parameters.round(3)
    array([3.4, 1.2])
    """

    kind: ClassVar[type[Neuron]] = LinearNeuron
