"""What a person waits for before the first number: import, making a network, the first step."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from benchmarks.timing import span

if TYPE_CHECKING:
    from collections.abc import Callable

_CLOCK = (
    "import time; begin = time.perf_counter(); import {name}; print(time.perf_counter() - begin)"
)


def startup() -> dict[str, float]:
    """Print and return seconds, by what is waited for."""
    print("\nBefore the first number")
    seconds = {
        "import numpy": _import("numpy"),
        "import neurosim (with NumPy)": _import("neurosim"),
        "make 784-256-128-10": _best(lambda: _layered()),
        "its first step (vectorized)": _first_step(),
        "make a graph of 1,000,000 edges from arrays": _made(1_000_000),
        "make a graph of 10,000,000 edges from arrays": _made(10_000_000),
        "the networkx view of 100,000 edges": _view(),
    }
    for name, value in seconds.items():
        print(f"  {name:48} {span(value):>10}")
    return seconds


def _import(name: str) -> float:
    command = [sys.executable, "-c", _CLOCK.format(name=name)]
    runs = [float(subprocess.check_output(command)) for _ in range(7)]
    return statistics.median(runs)


def _best(make: Callable[[], Any], rounds: int = 5) -> float:
    return min(_seconds(make) for _ in range(rounds))


def _seconds(make: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    make()
    return time.perf_counter() - begin


def _layered() -> ns.Network:
    kinds: Any = {"hidden": ns.ReLUNeuron, "output": ns.SoftmaxNeuron}
    return ns.Network.layered([784, 256, 128, 10], **kinds, rng=1, dtype="float32")


def _first_step() -> float:
    net = _layered()
    X, Y = np.zeros((128, 784), np.float32), np.eye(10, dtype=np.float32)[np.zeros(128, int)]
    return _seconds(lambda: net.fit(X, Y, optimizer=ns.Adam(), engine="vectorized"))


def _edges(n_edges: int) -> tuple[int, Any, Any]:
    """Return how many neurons there are, and the ends of about so many edges between them."""
    n = max(100, n_edges // 50)
    rng = np.random.default_rng(0)
    targets = np.sort(rng.integers(n // 10, n, size=n_edges))
    sources = (rng.random(n_edges) * np.minimum(targets, n * 9 // 10)).astype(np.int64)
    pairs = np.unique(targets * n + sources)
    targets, sources = np.divmod(pairs, n)
    return n, sources, targets


def _from_edges(n: int, sources: Any, targets: Any) -> ns.Network:
    return ns.Network.from_edges(
        sources,
        targets,
        kinds=ns.ReLUNeuron,
        weights=np.full(len(sources), 0.1),
        inputs=np.arange(n // 10),
        outputs=np.arange(n * 9 // 10, n),
    )


def _made(n_edges: int) -> float:
    edges = _edges(n_edges)
    return _best(lambda: _from_edges(*edges), 3)


def _view() -> float:
    net = _from_edges(*_edges(100_000))
    return _seconds(lambda: net.graph.number_of_edges())
