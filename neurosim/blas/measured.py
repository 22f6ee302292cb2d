"""How fast a matrix product is, in this process and in one with other kernels."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from time import perf_counter

import numpy as np

from neurosim.blas.libraries import loaded_blas
from neurosim.blas.processor import VARIABLE

__all__ = ["product_rate", "rate_with"]

_PATIENCE = 60.0  # seconds for a process that needs one
_ASK = "import json; from neurosim.blas.measured import told_rate; print(json.dumps(told_rate()))"


def product_rate(size: int = 1024, rounds: int = 8) -> float:
    """Return how fast a float32 matrix product is, in 10^9 multiplications and additions a second.

    The best of some rounds, as other work on the machine can only slow one down.
    """
    rng = np.random.default_rng(0)
    A = rng.random((size, size), dtype=np.float32)
    product, best = np.empty_like(A), float("inf")
    for _ in range(rounds):
        begin = perf_counter()
        np.matmul(A, A, out=product)
        best = min(best, perf_counter() - begin)
    return 2.0 * size**3 / best / 1e9


def told_rate() -> tuple[str, float]:
    """Return the kernels of this process, and its rate."""
    blas = loaded_blas()
    return "unknown" if blas is None else blas.kernel, product_rate()


def rate_with(kernel: str) -> float | None:
    """Return the rate of a new process with other kernels; None where it does not take them."""
    command = [sys.executable, "-c", _ASK]
    try:
        answer = subprocess.run(
            command,
            env={**os.environ, VARIABLE: kernel},
            capture_output=True,
            timeout=_PATIENCE,
            check=True,
        )
        taken, rate = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return float(rate) if taken == kernel else None
