"""Training steps: one row of the table each, every contestant with the same work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import neurosim as ns
from benchmarks.field import Field
from benchmarks.peers.usual_numpy import HandWritten
from benchmarks.work import Graph, Layered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["ROWS", "Row"]


@dataclass(frozen=True)
class Row:
    """One row: its name, what is done, and who does it."""

    name: str
    title: str
    field: Callable[[], Field]


def _usual(work: Layered) -> Callable[[int], None]:
    """Return the usual hand-written NumPy."""
    twin = HandWritten(work.weights, work.biases, softmax=work.softmax, adam=work.adam)
    batches = [slice(k, k + work.batch) for k in range(0, len(work.X), work.batch)]

    def run(steps: int) -> None:
        for step in range(steps):
            rows = batches[step % len(batches)]
            twin.step(work.X[rows], work.Y[rows], work.rate)

    return run


def _engines(field: Field, work: Layered) -> None:
    field.add("usual hand-written NumPy", _usual(work))
    field.engine("neurosim, vectorized", work, "vectorized")
    field.engine("neurosim, compiled", work, "compiled")
    field.engine("neurosim, auto", work, "auto")


def _frameworks(field: Field, work: Layered) -> None:
    def jax(peer: Any) -> Iterator[Any]:
        yield "JAX, jit", peer.layered(work).by_steps
        yield "JAX, scan", peer.layered(work).by_scan, peer.CHUNK

    def torch(peer: Any) -> Iterator[Any]:
        yield f"PyTorch{', fused Adam' if work.adam else ''}", peer.layered(work)

    field.peer("JAX", "jax_peer", jax)
    field.peer("PyTorch", "pytorch", torch)


def _small() -> Field:
    work = Layered((2, 5, 5, 5, 1), 100, 100, "float64", softmax=False, adam=False)
    field = Field()
    _engines(field, work)
    _frameworks(field, work)
    field.peer("FANN", "fann", lambda peer: iter([("FANN", peer.layered(work))]))
    field.peer("ffnet", "ffnet_peer", lambda peer: iter([("ffnet", peer.layered(work))]))
    return field


def _single(sizes: tuple[int, ...]) -> Field:
    work = Layered(sizes, 1, 1, "float64", softmax=False, adam=False)
    field, net, optimizer = Field(), work.network(), ns.SGD(work.rate)
    x, y = work.X[0].tolist(), work.Y[0].tolist()

    def by_graph(steps: int) -> None:
        for _ in range(steps):
            net.forward(x)
            net.backward(y)
            optimizer.step(net)

    field.add("neurosim, graph", by_graph)
    field.peer("micrograd", "micrograd_peer", lambda p: iter([("micrograd", p.layered(work))]))
    return field


def _layered(sizes: tuple[int, ...], batches: int, batch: int) -> Field:
    work = Layered(sizes, batches * batch, batch, "float32", softmax=True, adam=True)
    field = Field()
    _engines(field, work)
    _frameworks(field, work)
    return field


def _graph() -> Field:
    work, field = Graph(), Field()
    field.engine("neurosim, vectorized", work, "vectorized")
    field.engine("neurosim, compiled", work, "compiled")
    field.engine("neurosim, auto", work, "auto")

    def torch(peer: Any) -> Iterator[Any]:
        yield "PyTorch, gather", peer.gather(work)
        yield "PyTorch, masked dense", peer.masked(work)

    field.peer("PyTorch", "pytorch", torch)
    field.peer("JAX", "jax_peer", lambda peer: iter([("JAX, jit", peer.graph(work).by_steps)]))
    field.peer("SciPy", "scipy_csr", lambda peer: iter([("SciPy CSR", peer.graph(work))]))
    return field


ROWS = (
    Row("small", "2-5-5-5-1 ReLU, 100 samples, full batch, SGD, float64", _small),
    Row(
        "one-sample-small",
        "2-5-5-5-1, one sample by hand: forward, backward, update, float64",
        lambda: _single((2, 5, 5, 5, 1)),
    ),
    Row(
        "one-sample-large",
        "64-32-10, one sample by hand: forward, backward, update, float64",
        lambda: _single((64, 32, 10)),
    ),
    Row("64-32-10", "64-32-10, batch 32, Adam, float32", lambda: _layered((64, 32, 10), 32, 32)),
    Row(
        "784-256-128-10",
        "784-256-128-10, batch 128, Adam, float32",
        lambda: _layered((784, 256, 128, 10), 8, 128),
    ),
    Row(
        "1024-2048-2048-10",
        "1024-2048-2048-10, batch 512, Adam, float32",
        lambda: _layered((1024, 2048, 2048, 10), 2, 512),
    ),
    Row(
        "graph",
        "random graph: 10,000 neurons, 95,000 edges, skips over all levels, ReLU, batch 64, SGD, "
        "float32",
        _graph,
    ),
)
"""Every row of the table."""
