"""Which engine a training is given, and why: a small model of what a step costs.

Its constants were measured on one core of a server processor of 2024. On another machine all of
them change by a similar factor, so that the comparison holds where it is clear; where it is not,
either engine will do.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, final

from neurosim.blas import loaded_blas
from neurosim.engines.compiled.folder import cache_folder
from neurosim.engines.compiled.team import shares
from neurosim.errors import CompilationError, MissingExtraError

if TYPE_CHECKING:
    from neurosim.network import Network

__all__ = ["EnginePlan", "planned"]

# The compiled engine, seconds: a batch, a row of the tables, an edge, and a number of an edge's
# source (in all three passes). The last is a load and a multiplication of vectors, and takes twice
# as long, as an edge does, where tables and parameters are too large for a core's second cache.
_BATCH, _ROW, _FAR, _CACHE = 0.3e-6, 15e-9, 2.0, 1 << 20
_EDGE = {"float64": 4e-9, "float32": 2.5e-9}
_NUMBER = {"float64": 0.15e-9, "float32": 0.04e-9}
# In both engines, a neuron's activation and slope for one sample.
_COMPUTED = {"float64": 0.5e-9, "float32": 0.25e-9}
# The vectorized engine: a batch and a block of neurons are some NumPy calls of about 1 us each; a
# dense block then runs at what a matrix product reaches, a sparse one gathers row after row.
_CALLS, _BLOCK = 5e-6, 4e-6
_PRODUCT = {"float64": 0.1e-9, "float32": 0.04e-9}
_GATHERED = {"float64": 3e-9, "float32": 1.5e-9}
# The graph engine visits every edge three times with NumPy, or Python floats.
_VISITED = 3e-6
# What starting the compiled engine takes: compiling it the first time ever on a machine, loading
# numba and what was kept, and nothing once it runs in this process.
_COMPILING, _LOADING = 10.0, 1.5
# It has to save so many times what it takes to start.
_WORTHWHILE = 2.0


@final
@dataclass(frozen=True)
class EnginePlan:
    """Which engine ``engine="auto"`` takes, and why; ``str(plan)`` tells.

    Attributes
    ----------
    engine : str
        The name of the engine taken.
    reason : str
    n_neurons, n_edges : int
    density : float
        The share of the edges into neurons that are computed together, as matrices.
    batch, steps : int
        Samples of an update, and the number of updates that are planned for.
    seconds : dict of float
        The estimated time of one step with every engine, by name.
    starting : float
        Seconds that starting the compiled engine takes.
    threads : int
        That the engine taken uses itself, apart from those of BLAS.
    """

    engine: str
    reason: str
    n_neurons: int
    n_edges: int
    density: float
    batch: int
    steps: int
    dtype: str
    seconds: dict[str, float]
    starting: float
    threads: int

    def __str__(self) -> str:
        times = ", ".join(f"{name} {_told(t)}" for name, t in self.seconds.items())
        return (
            f"engine {self.engine!r}: {self.reason}\n"
            f"  network  {self.n_neurons} neurons, {self.n_edges} edges, {self.density:.0%} of "
            f"them in matrices, {self.dtype}\n"
            f"  work     {self.steps} steps of {self.batch} samples\n"
            f"  a step   {times} (estimated)\n"
            f"  start    {_told(self.starting)} for the compiled engine\n"
            f"  threads  {self.threads} of its own; matrix products by {self.blas}"
        )

    __repr__ = __str__

    @property
    def blas(self) -> str:
        """What computes NumPy's matrix products: library, kernels and threads."""
        return str(loaded_blas() or "a BLAS that does not tell its name")


def planned(network: Network, batch: int, steps: int, optimizer: Any = None) -> EnginePlan:
    """Return which engine is taken for so many steps of so many samples."""
    seconds = _seconds(network, batch)
    starting, wiring = _starting(network), network.wiring
    engine, reason = _chosen(network, seconds, starting, steps, optimizer)
    dense = sum(block.n_edges for block in wiring.blocks if block.dense and len(block.targets) > 1)
    return EnginePlan(
        engine,
        reason,
        wiring.n_neurons,
        wiring.n_edges,
        dense / max(wiring.n_edges, 1),
        batch,
        steps,
        str(network.dtype),
        seconds,
        starting,
        _threads(network, batch) if engine == "compiled" else 1,
    )


def _threads(network: Network, batch: int) -> int:
    """Return how many threads of the compiled engine share a batch."""
    wiring = network.wiring
    return 1 if len(wiring.normalized) else shares(wiring.n_edges, batch, network.dtype.itemsize)


def _chosen(
    network: Network, seconds: dict[str, float], starting: float, steps: int, optimizer: Any
) -> tuple[str, str]:
    saved = steps * (seconds["vectorized"] - seconds["compiled"])
    if saved <= 0:
        return "vectorized", "a step is mostly matrix products, which it computes fastest."
    if find_spec("numba") is None:
        return "vectorized", (
            f"the compiled engine would save about {_told(saved)}, but numba is not installed; "
            "pip install 'neurosim[fast]'."
        )
    if saved < _WORTHWHILE * starting:
        return "vectorized", (
            f"the compiled engine would save about {_told(saved)}, and takes about "
            f"{_told(starting)} to start."
        )
    try:
        from neurosim.engines.compiled import CompiledEngine

        network.engine(CompiledEngine).require(optimizer)
    except (CompilationError, MissingExtraError) as error:
        return "vectorized", str(error)
    return "compiled", f"it saves about {_told(saved)}."


def _seconds(network: Network, batch: int) -> dict[str, float]:
    """Return the estimated time of one step with every engine."""
    wiring, dtype = network.wiring, str(network.dtype)
    compiled = _BATCH + wiring.n_neurons * _ROW
    each_edge = _EDGE[dtype] + batch * _NUMBER[dtype] / _threads(network, batch)
    compiled += wiring.n_edges * each_edge * (_FAR if _is_large(network, batch) else 1.0)
    computed = wiring.n_neurons * batch * _COMPUTED[dtype]
    compiled, vectorized = compiled + computed, _CALLS + computed
    for block in wiring.blocks:
        each = _PRODUCT if block.dense else _GATHERED
        vectorized += _BLOCK + block.n_edges * batch * each[dtype]
    graph = 1e-4 + wiring.n_edges * (_VISITED + batch * 1e-9)
    return {"compiled": compiled, "vectorized": vectorized, "graph": graph}


def _is_large(network: Network, batch: int) -> bool:
    """Whether the sums, activations, deltas and parameters exceed a core's second cache."""
    numbers = 3 * network.wiring.n_neurons * min(batch, 64) + 2 * len(network.parameters)
    return bool(numbers * network.dtype.itemsize > _CACHE)


def _starting(network: Network) -> float:
    """Return about how long it takes until the compiled engine runs."""
    compiler = sys.modules.get("neurosim.engines.compiled.compiler")
    if compiler is not None and compiler.running(str(network.dtype)):
        return 0.05
    try:
        kept = any(cache_folder().glob("__pycache__/*.nbc"))
    except (OSError, RuntimeError):
        kept = False
    return _LOADING if kept else _COMPILING


def _told(seconds: float) -> str:
    """Return a time in the unit that suits it."""
    for unit, name in ((1.0, "s"), (1e-3, "ms"), (1e-6, "us")):
        if seconds >= unit:
            return f"{seconds / unit:.3g} {name}"
    return f"{seconds / 1e-9:.3g} ns"
