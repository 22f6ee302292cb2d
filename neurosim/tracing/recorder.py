"""Recording one learning step."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import instance_of
from neurosim.engines.traversal import TraversalEngine
from neurosim.errors import ArgumentError
from neurosim.learning.learner import Optimizer
from neurosim.samples import checked_inputs, checked_targets
from neurosim.tracing.phases import delta, forward, gradient, loss, update
from neurosim.tracing.snapshot import Snapshot
from neurosim.tracing.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.engines.traversal import Pass
    from neurosim.network import Network
    from neurosim.tracing.steps import Step

__all__ = ["record"]


def record(
    network: Network, x: Any, y: Any, optimizer: Any = None, *, training: bool = False
) -> Trace:
    """Return every number of one learning step of the network, which stays as it is.

    Parameters
    ----------
    network : Network
    x : (n_inputs,) or (n, n_inputs) array
        One sample, or a batch.
    y : (n_outputs,) or (n, n_outputs) array, or None
        The targets. None records the forward pass alone, which any network has.
    optimizer : Optimizer, optional
        Whose update to show; it stays as it is, too.
    training : bool
        Whether dropout is at work, with the masks that the next training step would draw, and
        batch normalization takes the mean and variance of x; else it takes its running averages.

    Returns
    -------
    Trace

    Raises
    ------
    ShapeError, NotFiniteError, LossError
        The samples do not fit the network.
    NoDerivativeError
        There are targets, but a neuron through which no gradient passes.
    ArgumentTypeError
        The optimizer is none.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network(
    ...     [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])]
    ... )
    >>> trace = record(net, [2.0], [9.0], ns.SGD(0.05))
    >>> [step.value for step in trace]
    [7.0, 7.0, 4.0, -4.0, -12.0, -8.0, -4.0, 3.4, 1.2]
    >>> net.parameters
    array([3., 1.])
    """
    what = "Network.trace"
    if optimizer is not None:
        optimizer = instance_of(optimizer, Optimizer, f"{what}: optimizer", "ns.SGD(0.1)")
    X, single = checked_inputs(network, x, f"{what}: x")
    Y = None if y is None else checked_targets(network, y, len(X), single, f"{what}: y")
    if Y is None and optimizer is not None:
        raise ArgumentError(f"{what}: an optimizer needs targets; give y, too.")
    network.require_finite_parameters(what)
    run = _forward(network, X, single, training)
    return Trace(_steps(_snapshot(network, run, Y, optimizer)))


def _forward(network: Network, X: Any, single: bool, training: bool) -> Pass:
    engine = network.engine(TraversalEngine)
    # The stream itself must not move on: a trace changes nothing.
    engine.rng = deepcopy(network.streams.dropout) if training else None
    return engine.forward(X, single=single, masks=engine.masks(len(X)), training=training)


def _snapshot(network: Network, run: Pass, Y: Any, optimizer: Optimizer | None) -> Snapshot:
    snapshot, engine = Snapshot(network), network.engine(TraversalEngine)
    snapshot.take_forward(run)
    if Y is None:
        return snapshot
    gradient_of_loss = np.array(engine.backward(run, Y), dtype=network.dtype)
    network.regularization.add_gradient(network.wiring, network.parameters, gradient_of_loss)
    snapshot.take_backward(run, Y, gradient_of_loss)
    if optimizer is not None:
        optimizer.check(network)
        snapshot.take_update(network, optimizer, gradient_of_loss)
    return snapshot


def _steps(snapshot: Snapshot) -> Iterator[Step]:
    yield from forward.steps(snapshot)
    if snapshot.has_targets:
        for phase in (loss, delta, gradient, update):
            yield from phase.steps(snapshot)
