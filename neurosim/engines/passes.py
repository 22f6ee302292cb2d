"""The numbers of one pass of the graph engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from neurosim.normalization import Normalized

__all__ = ["NO_ANSWER", "Pass", "as_arrays", "as_floats"]

# What Python floats raise where IEEE arithmetic, and so NumPy, has an answer: inf or NaN.
NO_ANSWER = (OverflowError, ZeroDivisionError, ValueError)


class Pass:
    """The numbers of one pass, by neuron number: floats for one sample, arrays for a batch.

    Attributes
    ----------
    z, activation, delta : list
        ``z`` of an input is None; ``delta`` is None before the backward pass.
    u : list
        What f is applied to: z, or where z is normalized u.
    normalized : dict of Normalized
        Of the neurons whose z is normalized; its numbers are arrays even of one sample.
    single : bool
        Whether the pass was made for one sample, given as a 1-D x.
    n : int
        The number of samples.
    loss : float or None
    stamp : bytes
        The parameters that the pass was made with.
    """

    def __init__(self, n_neurons: int, n: int, single: bool, stamp: bytes) -> None:
        self.n, self.single, self.stamp = n, single, stamp
        self.z: list[Any] = [None] * n_neurons
        self.u: list[Any] = [None] * n_neurons
        self.activation: list[Any] = [None] * n_neurons
        self._delta: list[Any] | None = None
        # Fills in the deltas of the inputs, which no other number needs, when they are asked for.
        self.rest: Callable[[Pass, list[Any]], None] | None = None
        # The parameters of a pass of one sample as floats, until its backward pass.
        self.parameters: list[float] | None = None
        self.targets: Any = None
        self.loss: float | None = None
        # Of neurons with dropout: what their activation was multiplied by, and what it was before.
        self.masks: dict[int, Any] = {}
        self.unmasked: dict[int, Any] = {}
        self.normalized: dict[int, Normalized] = {}
        # How much each sample counts; None where all count alike.
        self.weights: Any = None

    @classmethod
    def of_one(cls, z: list[Any], a: list[Any], stamp: bytes, parameters: list[float]) -> Pass:
        """Return a pass of one sample without dropout or normalization."""
        run = cls(0, 1, True, stamp)
        run.z, run.u, run.activation, run.parameters = z, z, a, parameters
        return run

    @property
    def delta(self) -> list[Any] | None:
        """The delta of every neuron; None before the backward pass."""
        if self.rest is not None and self._delta is not None:
            rest, self.rest = self.rest, None
            rest(self, self._delta)
        return self._delta

    @delta.setter
    def delta(self, values: list[Any] | None) -> None:
        self._delta, self.rest = values, None

    def __getstate__(self) -> dict[str, Any]:
        # Asking for the deltas completes them: a copy stands alone.
        return {**vars(self), "_delta": self.delta, "rest": None, "parameters": None}

    def weighed(self, part: Any) -> Any:
        """Return the parts of the samples, each times how much its sample counts."""
        return part if self.weights is None else part * self.weights

    def in_mean(self, part: Any) -> Any:
        """Return what a sample's part is in the mean over the samples: weight part / n."""
        return self.weighed(part) / self.n

    def own_activation(self, number: int) -> Any:
        """Return f(z) of a neuron, before dropout."""
        return self.unmasked.get(number, self.activation[number])

    def belongs_to(self, parameters: Any) -> bool:
        """Whether the pass was made with exactly these parameters."""
        return bool(self.stamp == parameters.tobytes())

    def own_gradient(self, source: int, target: int) -> float:
        """Return one edge's own part of its weight's gradient: sum of a_source delta_target."""
        if self.delta is None:
            raise AssertionError("own_gradient is asked for after a backward pass only")
        return float(np.dot(self.activation[source], self.delta[target]))


def as_floats(run: Pass) -> Pass:
    """Return a pass of one sample, made on arrays, as one on floats; it is changed in place."""
    for values in (run.z, run.u, run.activation, run.delta or []):
        values[:] = [value if value is None else float(value[0]) for value in values]
    run.masks = {number: float(mask[0]) for number, mask in run.masks.items()}
    run.unmasked = {number: float(value[0]) for number, value in run.unmasked.items()}
    return run


def as_arrays(run: Pass, dtype: Any) -> Pass:
    """Return a pass of one sample, made on floats, as another one on arrays."""
    arrays = Pass(len(run.z), run.n, False, run.stamp)
    arrays.z = [value if value is None else np.array([value], dtype=dtype) for value in run.z]
    arrays.u = [value if value is None else np.array([value], dtype=dtype) for value in run.u]
    arrays.normalized = run.normalized
    arrays.activation = [np.array([value], dtype=dtype) for value in run.activation]
    arrays.masks = {n: np.array([mask], dtype=dtype) for n, mask in run.masks.items()}
    arrays.unmasked = {n: np.array([value], dtype=dtype) for n, value in run.unmasked.items()}
    return arrays
