"""What is to be done: networks with their weights and data, which every contestant gets alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

import neurosim as ns


@dataclass(frozen=True, eq=False)
class Layered:
    """A layered network of ReLUs with a linear or softmax output, and its data.

    Attributes
    ----------
    sizes : tuple of int
    samples, batch : int
    dtype : str
    softmax, adam : bool
        Else linear outputs with the squared error, and plain gradient descent.
    """

    sizes: tuple[int, ...]
    samples: int
    batch: int
    dtype: str
    softmax: bool
    adam: bool
    rate: float = 1e-3

    def network(self) -> ns.Network:
        """Return the network, the same every time."""
        return ns.Network.layered(
            list(self.sizes),
            hidden=ns.ReLUNeuron,
            output=ns.SoftmaxNeuron if self.softmax else ns.LinearNeuron,
            loss=ns.CategoricalCrossEntropy() if self.softmax else ns.MeanSquaredError(),
            rng=1,
            dtype=self.dtype,
        )

    @property
    def optimizer(self) -> Any:
        """What trains it."""
        return ns.Adam(self.rate) if self.adam else ns.SGD(self.rate)

    @cached_property
    def X(self) -> Any:
        """The inputs."""
        rng = np.random.default_rng(0)
        return rng.normal(size=(self.samples, self.sizes[0])).astype(self.dtype)

    @cached_property
    def Y(self) -> Any:
        """The targets: one of the classes, or numbers."""
        rng = np.random.default_rng(1)
        if self.softmax:
            classes = rng.integers(self.sizes[-1], size=self.samples)
            return np.eye(self.sizes[-1], dtype=self.dtype)[classes]
        return rng.normal(size=(self.samples, self.sizes[-1])).astype(self.dtype)

    @cached_property
    def _layers(self) -> Any:
        return self.network().layers[1:]

    @property
    def weights(self) -> list[Any]:
        """The matrices of the start, (n_inputs, n_neurons)."""
        return [np.array(layer.weights) for layer in self._layers]

    @property
    def biases(self) -> list[Any]:
        """The biases of the start."""
        return [np.array(layer.biases) for layer in self._layers]


@dataclass(frozen=True, eq=False)
class Level:
    """The neurons of a graph that are computed at once, and the edges into them.

    Attributes
    ----------
    first, size : int
        The neurons are ``first, first + 1, ...``.
    sources, targets, edges : arrays
        The neuron that each edge comes from, the place of its target in the level, and its number;
        in order of the targets.
    """

    first: int
    size: int
    sources: Any
    targets: Any
    edges: Any


@dataclass(frozen=True, eq=False)
class Graph:
    """A random graph whose edges skip over any number of levels, and its data."""

    n_inputs: int = 500
    n_levels: int = 19
    level_size: int = 500
    n_edges: int = 95_000
    n_outputs: int = 500
    samples: int = 64
    rate: float = 1e-3

    @cached_property
    def _edges(self) -> tuple[Any, Any]:
        """Sources and targets, every target in order, no edge twice."""
        rng = np.random.default_rng(2)
        n = self.n_inputs + self.n_levels * self.level_size
        each = self.n_edges // (self.n_levels * self.level_size)
        sources, targets = [], []
        for target in range(self.n_inputs, n):
            before = self.n_inputs + (target - self.n_inputs) // self.level_size * self.level_size
            # One from the level before, so that the levels are what they seem; any others.
            near = rng.integers(before - self.level_size, before)
            others = rng.choice(before, size=each, replace=False)
            sources.append(np.unique(np.append(others[others != near][: each - 1], near)))
            targets.append(np.full(len(sources[-1]), target))
        return np.concatenate(sources), np.concatenate(targets)

    @property
    def n_neurons(self) -> int:
        """All neurons, inputs included."""
        return self.n_inputs + self.n_levels * self.level_size

    @cached_property
    def weights(self) -> Any:
        """A weight for every edge."""
        rng = np.random.default_rng(3)
        return (0.3 * rng.normal(size=len(self._edges[0]))).astype(np.float32)

    @cached_property
    def biases(self) -> Any:
        """A bias for every neuron that is no input."""
        return np.zeros(self.n_neurons - self.n_inputs, dtype=np.float32)

    @cached_property
    def levels(self) -> list[Level]:
        """The levels."""
        sources, targets = self._edges
        levels = []
        for first in range(self.n_inputs, self.n_neurons, self.level_size):
            edges = np.flatnonzero((targets >= first) & (targets < first + self.level_size))
            levels.append(
                Level(first, self.level_size, sources[edges], targets[edges] - first, edges)
            )
        return levels

    @cached_property
    def X(self) -> Any:
        """The inputs."""
        rng = np.random.default_rng(4)
        return rng.normal(size=(self.samples, self.n_inputs)).astype(np.float32)

    @cached_property
    def Y(self) -> Any:
        """The targets."""
        rng = np.random.default_rng(5)
        return rng.normal(size=(self.samples, self.n_outputs)).astype(np.float32)

    def network(self) -> ns.Network:
        """Return the network."""
        sources, targets = self._edges
        hidden = self.n_neurons - self.n_outputs
        kinds: list[Any] = [None] * self.n_inputs
        kinds += [ns.ReLUNeuron] * (hidden - self.n_inputs) + [ns.LinearNeuron] * self.n_outputs
        return ns.Network.from_edges(
            sources,
            targets,
            kinds=kinds,
            weights=self.weights,
            biases=np.concatenate([np.zeros(self.n_inputs, np.float32), self.biases]),
            inputs=np.arange(self.n_inputs),
            outputs=np.arange(hidden, self.n_neurons),
            dtype="float32",
        )
