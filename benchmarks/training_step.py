"""One training step of a small and of a larger network, beside the usual hand-written NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from benchmarks.handwritten import HandWritten
from benchmarks.timing import Timing, side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable


def _twin(net: ns.Network, *, softmax: bool, adam: bool = False) -> HandWritten:
    layers: Any = net.layers[1:]
    weights, biases = [la.weights for la in layers], [la.biases for la in layers]
    return HandWritten(weights, biases, softmax=softmax, adam=adam)


def small() -> list[Timing]:
    """2-5-5-5-1 ReLU, 100 samples, full batch, SGD, float64: per step."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100, 2))
    Y = X[:, :1] * X[:, 1:]
    net = ns.Network.layered([2, 5, 5, 5, 1], hidden=ns.ReLUNeuron, output=ns.LinearNeuron, rng=1)
    other, graph = _twin(net, softmax=False), net.copy()
    rate = 1e-3

    def by_hand(steps: int) -> None:
        for _ in range(steps):
            other.step(X, Y, rate)

    return side_by_side(
        {
            "usual hand-written NumPy": (by_hand, 1000),
            "neurosim, vectorized": (
                lambda n: net.fit(X, Y, optimizer=ns.SGD(rate), epochs=n, engine="vectorized"),
                1000,
            ),
            "neurosim, graph": (
                lambda n: graph.fit(X, Y, optimizer=ns.SGD(rate), epochs=n, engine="graph"),
                50,
            ),
        }
    )


def single_sample() -> list[Timing]:
    """ReLU, one sample by hand: forward, backward, update, on the graph engine."""

    def by_graph(sizes: list[int]) -> Callable[[int], None]:
        net = ns.Network.layered(sizes, hidden=ns.ReLUNeuron, output=ns.LinearNeuron, rng=1)
        x, y, optimizer = [0.5] * sizes[0], [1.0] * sizes[-1], ns.SGD(1e-6)

        def run(steps: int) -> None:
            for _ in range(steps):
                net.forward(x)
                net.backward(y)
                optimizer.step(net)

        return run

    return side_by_side(
        {
            "neurosim, graph, 2-5-5-5-1": (by_graph([2, 5, 5, 5, 1]), 500),
            "neurosim, graph, 64-32-10": (by_graph([64, 32, 10]), 100),
        }
    )


def medium() -> list[Timing]:
    """64-32-10, ReLU and softmax, batch 32, Adam, float32: per step."""
    return _classifiers([64, 32, 10], 32, "Adam")


def large() -> list[Timing]:
    """784-256-128-10, ReLU and softmax, batch 128, SGD, float32: per step."""
    return _classifiers([784, 256, 128, 10], 128, "SGD")


def large_by_adam() -> list[Timing]:
    """784-256-128-10, ReLU and softmax, batch 128, Adam, float32: per step."""
    return _classifiers([784, 256, 128, 10], 128, "Adam")


def _classifiers(sizes: list[int], batch: int, rule: str) -> list[Timing]:
    rng = np.random.default_rng(0)
    n = 10 * batch
    X = rng.normal(size=(n, sizes[0])).astype(np.float32)
    Y = np.eye(sizes[-1], dtype=np.float32)[rng.integers(sizes[-1], size=n)]
    net = ns.Network.layered(
        sizes,
        hidden=ns.ReLUNeuron,
        output=ns.SoftmaxNeuron,
        loss=ns.CategoricalCrossEntropy(),
        rng=1,
        dtype="float32",
    )
    other = _twin(net, softmax=True, adam=rule == "Adam")
    rate = 1e-3
    optimizer = ns.Adam(rate) if rule == "Adam" else ns.SGD(rate)

    def by_hand(steps: int) -> None:
        for _ in range(steps // 10):
            order = rng.permutation(n)
            for begin in range(0, n, batch):
                rows = order[begin : begin + batch]
                other.step(X[rows], Y[rows], rate)

    def vectorized(steps: int) -> None:
        net.fit(
            X, Y, optimizer=optimizer, epochs=steps // 10, batch_size=batch, engine="vectorized"
        )

    steps = 50 if sizes[0] > 100 else 500
    return side_by_side(
        {"usual hand-written NumPy": (by_hand, steps), "neurosim, vectorized": (vectorized, steps)}
    )


def random_graph() -> list[Timing]:
    """10,000 neurons, 95,000 edges over all levels, ReLU, batch 64, SGD, float32: per step."""
    rng = np.random.default_rng(0)
    levels, width, n_edges, batch = 20, 500, 95_000, 64
    n = levels * width
    targets = rng.integers(width, n, size=n_edges)
    sources = (rng.random(n_edges) * (targets // width * width)).astype(np.int64)
    # Every neuron reads one of the level before; of two equal edges one is left out.
    first = np.arange(width, n)
    before = rng.integers(width, size=len(first)) + (first // width - 1) * width
    pairs = np.unique(np.append(sources * n + targets, before * n + first))
    net = ns.Network.from_edges(
        pairs // n,
        pairs % n,
        kinds=ns.ReLUNeuron,
        inputs=np.arange(width),
        outputs=np.arange(n - 10, n),
        rng=1,
        dtype="float32",
    )
    X = rng.normal(size=(4 * batch, width)).astype(np.float32)
    Y = rng.normal(size=(4 * batch, 10)).astype(np.float32)

    def vectorized(steps: int) -> None:
        optimizer = ns.SGD(1e-4)
        net.fit(X, Y, optimizer=optimizer, epochs=steps // 4, batch_size=batch, engine="vectorized")

    return side_by_side({"neurosim, vectorized": (vectorized, 16)})


BENCHMARKS = (small, single_sample, medium, large, large_by_adam, random_graph)
