"""What `fit` can train with, and what it remembers between two updates.

An optimizer states one elementwise formula, ``update``, over the names of `neurosim.functions`,
as a kind of neuron states its activation. `fit` runs it on whole vectors and a trace on single
numbers, so that what is shown is what is done. Frozen parameters are left alone: to the optimizer
their gradient is zero, and their step is not taken.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from neurosim.checks import instance_of, short
from neurosim.engines.base import require_derivatives
from neurosim.errors import ArgumentError, DivergedError, PassError
from neurosim.functions import NUMPY, bind
from neurosim.learning.clipping import Clipping
from neurosim.learning.divergence import is_finite
from neurosim.learning.schedules import Schedule, as_schedule
from neurosim.learning.updates import Update
from neurosim.network import Network

if TYPE_CHECKING:
    from neurosim.engines.base import Engine

__all__ = ["Learner", "Memory", "Optimizer"]

# Arguments of an optimizer that its formula does not see.
_NO_CONSTANTS = ("learning_rate", "clip")


class Memory:
    """What a learner remembers of one network: flat vectors beside the parameters, and counts.

    Attributes
    ----------
    learner : Learner
        Whose memory it is.
    vectors : dict of arrays
        By name, such as Adam's ``m`` and ``v``; entry i belongs to ``net.parameters[i]``.
    step, epoch : int
        Updates made, and epochs finished.
    """

    def __init__(self, learner: Learner, parameters: Any) -> None:
        self.learner = learner
        self.vectors = {name: np.zeros_like(parameters) for name in learner.state_names}
        self.step = 0
        self.epoch = 0
        # How the learner makes its updates, where it has made some.
        self.update: Update | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "update": None}

    def __deepcopy__(self, memo: Any) -> Memory:
        # A copied network may go on with the same learner, which holds no numbers itself.
        twin = Memory.__new__(Memory)
        twin.learner = self.learner
        twin.vectors = {name: vector.copy() for name, vector in self.vectors.items()}
        twin.step, twin.epoch, twin.update = self.step, self.epoch, None
        return twin

    def of(self, slot: int) -> dict[str, float]:
        """Return what is remembered of one parameter, by name."""
        return {name: float(vector[slot]) for name, vector in self.vectors.items()}

    def move(self, n: int, old: Any, new: Any) -> None:
        """Follow the parameters to other entries, after an edge was made or cut."""
        for name, vector in self.vectors.items():
            moved = np.zeros(n, dtype=vector.dtype)
            moved[new] = vector[old]
            self.vectors[name] = moved

    def __repr__(self) -> str:
        names = ", ".join(self.vectors) or "nothing"
        return f"Memory({names}; step {self.step}, epoch {self.epoch}; of {self.learner!r})"


class Learner(ABC):
    """Whatever `fit` can train with: an optimizer, or a rule of its own. Abstract.

    Parameters
    ----------
    learning_rate : float, Schedule or function
        A positive number, a `Schedule`, or a function of the epoch.
    """

    state_names: ClassVar[tuple[str, ...]] = ()
    """The vectors that are remembered between two updates."""

    def __init__(self, learning_rate: Any) -> None:
        self.learning_rate = learning_rate

    @property
    def learning_rate(self) -> Any:
        """The number, schedule or function that was given; it may be set to another."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, rate: Any) -> None:
        self._schedule = as_schedule(rate, f"{type(self).__name__}: learning_rate")
        self._learning_rate = rate

    @property
    def schedule(self) -> Schedule:
        """The learning rate as a schedule, whatever was given."""
        return self._schedule

    def check(self, network: Network) -> None:
        """Raise where this learner cannot train the network."""

    def check_weights(self, weights: Any) -> None:
        """Raise where samples are weighed, but this learner counts all alike."""
        if weights is not None:
            raise ArgumentError(
                f"{type(self).__name__} counts every sample alike; leave sample_weights and "
                "class_weights out, or use an optimizer such as ns.SGD(0.1)."
            )

    def remembered(self, network: Network) -> Memory:
        """Return what is remembered of a network; nothing yet where another learner trained it."""
        known = network.memory
        if known is None or known.learner is not self:
            return Memory(self, network.parameters)
        return known

    def memory(self, network: Network) -> Memory:
        """Return what is remembered of a network, which keeps it from then on."""
        network.memory = self.remembered(network)
        return network.memory

    def rate(self, memory: Memory) -> float:
        """Return the learning rate of the next update."""
        return self._schedule(memory.step if self._schedule.per_step else memory.epoch)

    @abstractmethod
    def learn(self, network: Network, engine: Engine, rows: Any) -> float:
        """Learn from some of the samples loaded into `engine`; return their loss before that."""

    def config(self) -> dict[str, Any]:
        """Return the arguments that make an equal learner."""
        own = {name: value for name, value in vars(self).items() if not name.startswith("_")}
        return {"learning_rate": self.learning_rate, **own}

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.config().items())
        return f"{type(self).__name__}({values})"


class Optimizer(Learner):
    """Learns from the gradient. A subclass states `update`. This class is abstract.

    Parameters
    ----------
    learning_rate : float, Schedule or function
    clip : Clipping, optional
        Cuts the gradient first: ``ns.ClipByValue(limit)`` or ``ns.ClipByNorm(limit)``.
    """

    shown: ClassVar[tuple[str, ...]] = ("step",)
    """What `update` returns: the vectors remembered first, what lies between, the step last."""
    formula: ClassVar[str] = ""
    """The step as a book writes it, in w, g, t, rate, what is shown and the constants."""

    @staticmethod
    @abstractmethod
    def update(w: Any, g: Any, t: int, rate: float, *numbers: Any) -> tuple[Any, ...]:
        """Return what `shown` names, for a parameter w with the gradient g in update t = 1, 2, ...

        The last is the step: w -= step. After `rate` come the numbers remembered, in order of
        `state_names`, and then the optimizer's own constants, in order of its arguments.
        """

    def __init__(self, learning_rate: Any, clip: Clipping | None = None) -> None:
        super().__init__(learning_rate)
        name = type(self).__name__
        self._clip = (
            clip
            if clip is None
            else instance_of(clip, Clipping, f"{name}: clip", "ns.ClipByNorm(1.0)")
        )

    @property
    def clip(self) -> Clipping | None:
        """What cuts the gradient before the update, if anything."""
        return self._clip

    def config(self) -> dict[str, Any]:
        """Return the arguments that make an equal optimizer."""
        return super().config() | ({} if self._clip is None else {"clip": self._clip})

    def check_weights(self, weights: Any) -> None:
        """Any weights will do: the gradient is that of the weighed loss."""

    def seen(self, gradient: Any, frozen: Any) -> Any:
        """Return the gradient as `update` gets it: zero where frozen, and clipped."""
        seen = np.where(frozen, 0.0, gradient) if frozen.any() else gradient
        return seen if self._clip is None else self._clip.clipped(seen)

    def check(self, network: Network) -> None:
        """Raise `NoDerivativeError` where no gradient can pass."""
        require_derivatives(network.wiring, network.labels)

    def constants(self) -> dict[str, float]:
        """Return the numbers that the formula takes after those remembered, by name."""
        return {name: v for name, v in self.config().items() if name not in _NO_CONSTANTS}

    def step(self, network: Network) -> None:
        """Update the parameters once from ``network.gradient``: one step by hand.

        The gradient is taken as it stands, whether `Network.backward`, `Network.fit` or you wrote
        it, also where the parameters have changed since: for a step downhill from where they are
        now call ``forward`` and ``backward`` before every step.

        Raises
        ------
        PassError
            No gradient has been computed or written yet: all of it is 0, and neither a backward
            pass nor a training has made it so.
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
        self._require_gradient(network)
        memory, w = self.memory(network), network.parameters
        before, vectors = w.copy(), {name: v.copy() for name, v in memory.vectors.items()}
        with np.errstate(all="ignore"):
            self._update(network, memory)
            if is_finite(w):
                return
        after = w.copy()
        w[:] = before
        memory.step -= 1
        for name, vector in vectors.items():
            memory.vectors[name][:] = vector
        slot = int(np.flatnonzero(~np.isfinite(after))[0])
        remedy = f"; use a learning rate below {self.rate(memory)}, or scale the inputs"
        if not np.isfinite(network.gradient[slot]):
            remedy = ", and no learning rate helps there; scale the inputs, or use smaller weights"
        raise DivergedError(
            f"{type(self).__name__}.step: the parameter {network.parameter_label(slot)!r} "
            f"would become {after[slot]}, as its gradient is {network.gradient[slot]}{remedy}."
        )

    def _require_gradient(self, network: Network) -> None:
        run = network.last_pass
        known = network.memory is not None or (run is not None and run.delta is not None)
        if not known and not network.gradient.any():
            raise PassError(
                f"{type(self).__name__}.step: network has no gradient yet; call net.forward(X) "
                "and net.backward(Y) first."
            )

    def learn(self, network: Network, engine: Engine, rows: Any) -> float:
        """Compute the gradient of these samples and update the parameters once."""
        loss = engine.gradient(rows)
        if network.regularization:
            w, g = network.parameters, network.gradient
            network.regularization.add_gradient(network.wiring, w, g)
        self._update(network, self.memory(network))
        return loss

    def _update(self, network: Network, memory: Memory) -> None:
        """Do what `advance` does, written down once for this network."""
        update = memory.update
        if update is None or not update.serves(self, network, memory):
            memory.update = update = Update(self, network, memory)
        if not update.recorded:
            self.advance(network.parameters, network.gradient, network.frozen, memory)
            return
        rate = self.rate(memory)
        memory.step += 1
        update.run(self, network, rate, memory.step)

    def _require_shown(self, results: Any) -> None:
        if not isinstance(results, tuple) or len(results) != len(self.shown):
            got = f"{len(results)} of them" if isinstance(results, tuple) else short(results)
            names = ", ".join(self.shown)
            raise ArgumentError(
                f"{type(self).__name__}.update must return a tuple of what `shown` names, "
                f"({names}{',' * (len(self.shown) == 1)}), the step last; got {got}."
            )

    def advance(self, w: Any, g: Any, frozen: Any, memory: Memory) -> None:
        """Update parameters and memory once, in place and piece by piece."""
        rate = self.rate(memory)
        update, constants = bind(self.update, NUMPY), tuple(self.constants().values())
        free = ~frozen if frozen.any() else None
        kept = list(memory.vectors.values())
        results = update(w, self.seen(g, frozen), memory.step + 1, rate, *kept, *constants)
        self._require_shown(results)
        memory.step += 1
        for vector, result in zip(kept, results, strict=False):
            vector[:] = result
        w -= results[-1] if free is None else np.where(free, results[-1], 0.0)
