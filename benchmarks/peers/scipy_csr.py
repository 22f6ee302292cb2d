"""SciPy's sparse matrices: one for every level of a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_matrix

if TYPE_CHECKING:
    from benchmarks.work import Graph


def graph(work: Graph) -> Any:
    """Return ``run(steps)``: products with sparse matrices, the gradient at their entries."""
    X, Y = np.ascontiguousarray(work.X.T), np.ascontiguousarray(work.Y.T)
    n_inputs, n = X.shape
    weights, biases = work.weights.copy(), work.biases.copy()
    A = np.zeros((n_inputs + len(biases), n), dtype=np.float32)
    D = np.zeros_like(A)  # noqa: N806 (a matrix)
    A[:n_inputs] = X

    def matrix(level: Any) -> Any:
        shape = (level.size, level.first)
        return csr_matrix((weights[level.edges], (level.targets, level.sources)), shape=shape)

    def step() -> None:
        matrices = [matrix(level) for level in work.levels]
        for level, W in zip(work.levels, matrices, strict=True):
            begin = level.first - n_inputs
            z = W @ A[: level.first] + biases[begin : begin + level.size, None]
            rows = slice(level.first, level.first + level.size)
            A[rows] = z if level is work.levels[-1] else np.maximum(z, 0)
        D[:] = 0
        D[-work.n_outputs :] = 2 * (A[-work.n_outputs :] - Y) / n
        for level, W in zip(reversed(work.levels), reversed(matrices), strict=True):
            rows = slice(level.first, level.first + level.size)
            if level is not work.levels[-1]:
                D[rows] *= A[rows] > 0
            D[: level.first] += W.T @ D[rows]
            parts = np.einsum("en,en->e", D[rows][level.targets], A[level.sources])
            weights[level.edges] -= work.rate * parts
            begin = level.first - n_inputs
            biases[begin : begin + level.size] -= work.rate * D[rows].sum(axis=1)

    def run(steps: int) -> None:
        for _ in range(steps):
            step()

    return run
