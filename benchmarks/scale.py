"""How time and memory of a step grow: with edges, with the batch, with depth."""

from __future__ import annotations

import time
import tracemalloc
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from benchmarks.timing import span

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CURVES"]

_WORK = 0.3  # seconds that a point may take, beside its first step


def _by_edges() -> list[dict[str, float]]:
    """Square layers, batch 32: from 100 to 10 million edges."""
    widths = [6, 18, 58, 183, 577, 1826]
    return [_point(3 * w * w, [w, w, w, w], 32) for w in widths]


def _by_batch() -> list[dict[str, float]]:
    """64-64-64-64, batches of 1 to 8,192 samples."""
    return [_point(n, [64, 64, 64, 64], n) for n in (1, 8, 64, 512, 4096, 8192)]


def _by_depth() -> list[dict[str, float]]:
    """Layers of 32, batch 32: 2 to 512 of them."""
    return [_point(depth, [32] * (depth + 1), 32) for depth in (2, 8, 32, 128, 512)]


def _point(x: float, sizes: list[int], batch: int) -> dict[str, float]:
    """Return time and memory of a step of Adam in float32."""
    kinds: Any = {"hidden": ns.ReLUNeuron, "output": ns.LinearNeuron}
    net = ns.Network.layered(sizes, **kinds, rng=1, dtype="float32")
    rng = np.random.default_rng(0)
    X = rng.normal(size=(batch, sizes[0])).astype(np.float32)
    Y = rng.normal(size=(batch, sizes[-1])).astype(np.float32)

    def fit(steps: int) -> None:
        net.fit(X, Y, optimizer=ns.Adam(1e-5), epochs=steps)

    tracemalloc.start()
    fit(1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    needed = 4 * (4 * net.parameters.size + 2 * batch * sum(sizes))
    seconds = _per_step(fit)
    print(
        f"  {x:>12,.0f}  {span(seconds):>9} a step, {peak / 2**20:9.2f} MiB, "
        f"{peak / needed:5.2f} x (parameters, gradient, Adam's two, two batches of activations)",
        flush=True,
    )
    return {"x": x, "seconds": seconds, "bytes": float(peak), "needed": float(needed)}


def _per_step(fit: Callable[[int], None]) -> float:
    begin = time.perf_counter()
    fit(1)
    steps = max(1, int(_WORK / 3 / (time.perf_counter() - begin)))
    runs = []
    for _ in range(3):
        begin = time.perf_counter()
        fit(steps)
        runs.append((time.perf_counter() - begin) / steps)
    return min(runs)


def _announced(curve: Callable[[], list[dict[str, float]]]) -> Callable[[], dict[str, Any]]:
    def run() -> dict[str, Any]:
        print(f"\n{curve.__doc__}", flush=True)
        return {"title": curve.__doc__, "points": curve()}

    return run


CURVES = {
    "edges": _announced(_by_edges),
    "batch": _announced(_by_batch),
    "depth": _announced(_by_depth),
}
"""What grows, by name."""
