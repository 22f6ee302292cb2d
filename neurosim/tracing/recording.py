"""What one learning step was recorded from, so that all of it can be computed again."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.engines.traversal import TraversalEngine
from neurosim.tracing.phases import delta, forward, gradient, layers, loss, update
from neurosim.tracing.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.learning.learner import Optimizer
    from neurosim.network import Network
    from neurosim.tracing.steps import Step
    from neurosim.tracing.watch import Watch

__all__ = ["Recording", "private_copy"]


def private_copy(network: Network) -> Network:
    """Return a network of its own, with its own storage and streams, and without a pass.

    What never changes, its wiring, is shared.
    """
    known = {id(network.last_pass): None, id(network.wiring): network.wiring}
    copied: Network = deepcopy(network, known)
    return copied


@final
@dataclass(frozen=True)
class Recording:
    """A network as it was before one learning step, and what went into that step.

    Attributes
    ----------
    before : Network
        A copy, which nothing else holds. It is never run.
    X : (n, n_inputs) array
        Checked and scaled: the numbers that the neurons get.
    Y : (n, n_outputs) array or None
        Likewise; None where the forward pass alone was recorded.
    optimizer : Optimizer or None
    single : bool
        Whether x was one sample, which the graph engine computes with Python floats.
    training : bool
        Whether dropout and the statistics of the batch were at work.
    per_sample : bool
        Whether the 1/n of the mean is left out of deltas, and put before the sum of the gradient.
    by_layer : bool
        Whether the steps are about layers, rather than neurons and edges.
    watch : Watch or None
        What the steps are about; None is everything.
    """

    before: Network
    X: Any
    Y: Any
    optimizer: Optimizer | None = None
    single: bool = False
    training: bool = False
    per_sample: bool = False
    by_layer: bool = False
    watch: Watch | None = None

    @staticmethod
    def of(network: Network, X: Any, Y: Any, optimizer: Any = None, **how: Any) -> Recording:
        """Return a recording of copies: nobody's later changes reach it."""
        before, own = private_copy(network), deepcopy(optimizer)
        if before.memory is not None and before.memory.learner is optimizer:
            before.memory.learner = own
        rows, targets = np.array(X), None if Y is None else np.array(Y)
        return Recording(before, rows, targets, own, **how)

    def again(self, before: Network) -> Recording:
        """Return a recording of the same samples, with another network before it."""
        return replace(self, before=before)

    @cached_property
    def _taken(self) -> tuple[Network, Snapshot]:
        # Random streams and the memory of the optimizer move on in the copy alone.
        network = private_copy(self.before)
        return network, self._run(network)

    @property
    def network(self) -> Network:
        """The network as it was, showing the numbers of the step: z, activation, delta, gradient.

        It has its own storage, so that nobody else's training changes it. It belongs to the
        trace: make a `Network.copy` of it before you change it.
        """
        return self._taken[0]

    @property
    def snapshot(self) -> Snapshot:
        """All numbers of the step."""
        return self._taken[1]

    def steps(self) -> Iterator[Step]:
        """Yield the steps, in the order of computation."""
        snapshot, watch = self.snapshot, self.watch
        if self.by_layer:
            yield from layers.steps(snapshot)
            return
        for phase in (forward, loss, delta, gradient, update) if self.backward else (forward,):
            yield from (
                phase.steps(snapshot)
                if watch is None
                else filter(watch.covers, phase.steps(snapshot))
            )

    @property
    def backward(self) -> bool:
        """Whether there is a backward pass."""
        return self.Y is not None

    @cached_property
    def _by_key(self) -> dict[tuple[Any, ...], Step]:
        return {step.key: step for step in self.steps()}

    def step(self, key: tuple[Any, ...]) -> Step | None:
        """Return the step with this `Step.key`, or None."""
        return self._by_key.get(key)

    def _run(self, network: Network) -> Snapshot:
        engine = network.engine(TraversalEngine)
        engine.rng = deepcopy(network.streams.dropout) if self.training else None
        masks = engine.masks(len(self.X))
        run = engine.forward(self.X, single=self.single, masks=masks, training=self.training)
        network.last_pass = run
        snapshot = Snapshot(network, per_sample=self.per_sample, watch=self.watch)
        snapshot.take_forward(run)
        if self.Y is None:
            return snapshot
        gradient = np.array(engine.backward(run, self.Y), dtype=network.dtype)
        with np.errstate(all="ignore"):
            network.regularization.add_gradient(network.wiring, network.parameters, gradient)
        network.gradient[:] = gradient
        snapshot.take_backward(run, self.Y, gradient)
        if self.optimizer is not None:
            self.optimizer.check(network)
            snapshot.take_update(network, self.optimizer, gradient)
        return snapshot
