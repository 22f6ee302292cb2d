"""One training step of a small and of a larger network, beside the usual hand-written NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

import neurosim as ns
from benchmarks.handwritten import HandWritten
from benchmarks.timing import Timing, side_by_side


def _twin(net: ns.Network, *, softmax: bool) -> HandWritten:
    layers: Any = net.layers[1:]
    return HandWritten([la.weights for la in layers], [la.biases for la in layers], softmax=softmax)


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
    """2-5-5-5-1 ReLU, one sample by hand: forward, backward, update, on the graph engine."""
    net = ns.Network.layered([2, 5, 5, 5, 1], hidden=ns.ReLUNeuron, output=ns.LinearNeuron, rng=1)
    x, y, optimizer = [0.5, -0.25], [1.0], ns.SGD(1e-3)

    def by_graph(steps: int) -> None:
        for _ in range(steps):
            net.forward(x)
            net.backward(y)
            optimizer.step(net)

    return side_by_side({"neurosim, graph": (by_graph, 500)})


def large() -> list[Timing]:
    """784-256-128-10, ReLU and softmax, batch 128, SGD, float32: per step."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1280, 784)).astype(np.float32)
    Y = np.eye(10, dtype=np.float32)[rng.integers(10, size=1280)]
    net = ns.Network.layered(
        [784, 256, 128, 10],
        hidden=ns.ReLUNeuron,
        output=ns.SoftmaxNeuron,
        loss=ns.CategoricalCrossEntropy(),
        rng=1,
        dtype="float32",
    )
    other = _twin(net, softmax=True)
    rate = 1e-3

    def by_hand(epochs: int) -> None:
        for _ in range(epochs // 10):
            for begin in range(0, len(X), 128):
                other.step(X[begin : begin + 128], Y[begin : begin + 128], rate)

    def vectorized(epochs: int) -> None:
        net.fit(X, Y, optimizer=ns.SGD(rate), epochs=epochs // 10, batch_size=128, shuffle=False)

    return side_by_side(
        {"usual hand-written NumPy": (by_hand, 50), "neurosim, vectorized": (vectorized, 50)}
    )


BENCHMARKS = (small, single_sample, large)
