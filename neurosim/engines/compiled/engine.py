"""The compiled engine: the traversal as machine code, whole epochs at a time.

Numba is loaded when an engine is made. See the package's docstring for how the parts hang together.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from neurosim.engines.base import Engine
from neurosim.engines.compiled.compiler import compiler_for
from neurosim.engines.compiled.epochs import (
    Learning,
    Outcome,
    Samples,
    Schedule,
    Vectors,
    run,
)
from neurosim.engines.compiled.formulas import penalty_formulas, update_formula
from neurosim.engines.compiled.kernel import Tables
from neurosim.engines.compiled.program import Program, program_of
from neurosim.engines.compiled.team import helped, shares, team_of
from neurosim.engines.vectorized import VectorizedEngine
from neurosim.errors import MissingExtraError

if TYPE_CHECKING:
    from neurosim.network import Network

__all__ = ["CompiledEngine"]

# Tables of one block of samples should fit into a core's second cache; but short rows cost more
# for every edge, and rows are best as long as some vectors.
_TABLE_NUMBERS, _SHORTEST, _LONGEST = 1 << 17, 64, 512
# Multiply-adds of one pass that take about as long as to start a thread.
_ALONE = 2_000_000


class CompiledEngine(Engine):
    """Neurons in topological order, edges one by one, samples side by side, in machine code."""

    name: ClassVar[str] = "compiled"

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        _require_numba()
        self.program: Program = program_of(network)
        self.compiler = compiler_for(str(network.dtype))
        self._run = self.compiler.function(run)
        self._tables: dict[tuple[int, int], Any] = {}
        self._gradients = np.zeros((0, len(network.parameters)), dtype=network.dtype)
        self._no_weights = np.zeros(0, dtype=network.dtype)
        self._no_rates = np.zeros(1)
        self._idle: Learning | None = None
        self._no_masks = np.zeros((0, 0), dtype=network.dtype)

    def load(
        self, X: Any, Y: Any, rng: np.random.Generator | None = None, weights: Any = None
    ) -> None:
        """Make X and Y the samples that `gradient` and `learn` speak of."""
        super().load(X, Y, rng, weights)
        dtype = self.network.dtype
        self._X, self._Y = np.ascontiguousarray(X), np.ascontiguousarray(Y)
        self._weights = self._no_weights if weights is None else np.array(weights, dtype=dtype)
        self._all = np.arange(len(X))

    def predict(self, X: Any) -> Any:
        """Return the outputs ``(n, n_outputs)``, by the vectorized engine."""
        return self.network.engine(VectorizedEngine).predict(X)

    def loss(self, X: Any, Y: Any) -> float:
        """Return the mean loss of these samples, by the vectorized engine."""
        return self.network.engine(VectorizedEngine).loss(X, Y)

    def gradient(self, rows: Any = None) -> float:
        """Fill ``network.gradient`` for these samples; return their mean loss."""
        order = self._all if rows is None else np.ascontiguousarray(self._all[rows])
        drawn = self.masks(len(order))
        masks = self._no_masks if drawn is None else np.ascontiguousarray(drawn[1].T)
        outcome = self.outcome(1)
        if self._idle is None:
            self._idle = self._learning_nothing()
        plan = Schedule(order[np.newaxis], masks, self._no_rates, len(order), 0, 0, 1)
        self.run(self._idle, plan, outcome)
        return float(outcome.losses[0])

    def run(self, learning: Learning, plan: Schedule, outcome: Outcome) -> tuple[int, int]:
        """Learn from some batches, see `neurosim.engines.compiled.epochs.run`."""
        network = self.network
        vectors = Vectors(network.parameters, network.gradient, network.averages)
        data = Samples(self._X, self._Y, self._weights)
        size = min(plan.size, plan.orders.shape[1])
        n_shares = self.shares(size)
        team = team_of(plan.batch, self._gradients_of(n_shares))
        given = self.program, self.tables(size, n_shares), learning, vectors, data, plan, outcome
        if not self._run.signatures:
            self._begin(*given, team)
        # Nobody helps where starting a thread takes as long as the work.
        many = plan.last - plan.batch > 1 or self.network.wiring.n_edges * size > _ALONE
        with helped(team, partial(self._run, *given), n_shares - 1 if many else 0):
            batches, how = self._run(*given, team)
        return int(batches), int(how)

    def _begin(self, *given: Any) -> None:
        """Compile what runs, or load it; tell how long it took."""
        start = time.perf_counter()
        self._run.compile(tuple(map(self.compiler.numba.typeof, given)))
        self.compiler.seconds += time.perf_counter() - start
        self.compiler.tell()

    def shares(self, n: int) -> int:
        """Return how many threads share a batch of n samples; what couples them is left whole."""
        wiring, itemsize = self.network.wiring, self.network.dtype.itemsize
        return 1 if len(wiring.normalized) else shares(wiring.n_edges, n, itemsize)

    def _gradients_of(self, n_shares: int) -> Any:
        """Return room for the gradients of all shares but the first."""
        if len(self._gradients) != n_shares - 1:
            n = len(self.network.parameters)
            self._gradients = np.zeros((n_shares - 1, n), dtype=self.network.dtype)
        return self._gradients

    def outcome(self, n_epochs: int) -> Outcome:
        """Return where a run over so many epochs puts its losses."""
        return Outcome(np.zeros(3), np.zeros(n_epochs), np.zeros(n_epochs))

    def require(self, optimizer: Any = None) -> None:
        """Raise `CompilationError` where a penalty or the optimizer's update is no machine code."""
        dtype = str(self.network.dtype)
        for penalty, _ in self.network.regularization.penalties(self.network.wiring):
            penalty_formulas(dtype, penalty)
        if optimizer is not None:
            update_formula(dtype, optimizer)

    def learning(
        self,
        optimizer: Any,
        states: Any,
        frozen: Any,
        penalties: Any,
        before: Any,
        averages: Any,
    ) -> Learning:
        """Return how an optimizer learns, in the form that `run` takes.

        Parameters
        ----------
        optimizer : Optimizer
        states : (k + 1, n_parameters) array
            Its memory, and in the last row 1 where a parameter is free.
        frozen : bool
            Whether any is not.
        penalties : list of (WeightPenalty, parts)
        before, averages : arrays
            Where the numbers with which an epoch began are put.
        """
        network, dtype = self.network, self.network.dtype
        rows, entries = self._penalties(penalties)
        clip = optimizer.clip
        limit = 0.0 if clip is None else clip.limit
        return Learning(
            update=update_formula(str(dtype), optimizer),
            states=states,
            constants=np.array([0.0, 0.0, *optimizer.constants().values()]),
            frozen=bool(frozen),
            seen=np.empty_like(network.parameters),
            by_value=limit if type(clip).__name__ == "ClipByValue" else 0.0,
            by_norm=limit if type(clip).__name__ == "ClipByNorm" else 0.0,
            penalties=rows,
            strengths=np.array([one.strength for one, _ in penalties], dtype=dtype),
            entries=entries,
            before=before,
            averages_before=averages,
        )

    def _penalties(self, penalties: Any) -> tuple[Any, Any]:
        """Return the formulas of penalties with the bounds of their entries, and the entries."""
        dtype, rows, numbers = str(self.network.dtype), [], np.arange(len(self.network.parameters))
        entries, end = [np.zeros(0, dtype=np.int64)], 0
        for penalty, parts in penalties:
            own = [numbers[part] for part in parts]
            begin, end = end, end + sum(map(len, own))
            rows.append((*penalty_formulas(dtype, penalty), begin, end))
            entries += own
        return np.array(rows, dtype=np.int64).reshape(-1, 4), np.concatenate(entries)

    def _learning_nothing(self) -> Learning:
        none, network = np.zeros(0, dtype=self.network.dtype), self.network
        return Learning(
            update=0,
            states=none.reshape(1, 0),
            constants=np.zeros(2),
            frozen=False,
            seen=none,
            by_value=0.0,
            by_norm=0.0,
            penalties=np.zeros((0, 4), dtype=np.int64),
            strengths=none,
            entries=np.zeros(0, dtype=np.int64),
            before=np.empty_like(network.parameters),
            averages_before=np.empty_like(network.averages),
        )

    def tables(self, n: int, n_shares: int) -> Any:
        """Return tables for batches of n samples; where sums are normalized they hold all n."""
        size = most = -(-n // n_shares // 16) * 16 if n_shares > 1 else n
        if not len(self.network.wiring.normalized):
            fitting = _TABLE_NUMBERS // self.network.wiring.n_neurons
            size = min(most, max(_SHORTEST, min(_LONGEST, fitting // 16 * 16)))
        if (size, n_shares) not in self._tables:
            if len(self._tables) > 1:
                self._tables.pop(next(iter(self._tables)))
            self._tables[size, n_shares] = self._made(size, n_shares)
        return self._tables[size, n_shares]

    def _made(self, size: int, n: int) -> Any:
        wiring, dtype = self.network.wiring, self.network.dtype
        widest = max((len(block.targets) for block in wiring.blocks), default=1)
        rows, n_normalized = wiring.n_neurons, len(wiring.normalized)
        A = _table(n, rows, size, dtype)
        return Tables(
            Z=_table(n, rows, size, dtype),
            A=A,
            unmasked=_table(n, rows, size, dtype) if self.program.drops else A,
            D=_table(n, rows, size, dtype),
            Y=_table(n, len(wiring.outputs), size, dtype),
            own=_table(n, max(widest, len(wiring.outputs)), size, dtype),
            weights=np.ones((n, 1, size), dtype=dtype),
            zhat=_table(n, n_normalized, size, dtype),
            spread=np.zeros((n, n_normalized), dtype=dtype),
            # A cache line each.
            used=np.zeros((n, 8), dtype=np.int64),
        )


def _table(n: int, n_rows: int, n_columns: int, dtype: Any) -> Any:
    """Return n tables of zeros whose rows begin where a cache line begins, and fill whole ones."""
    in_line = 64 // dtype.itemsize
    n_columns = -(-n_columns // in_line) * in_line
    size = n * n_rows * n_columns
    numbers = np.zeros(size + in_line, dtype=dtype)
    begin = -numbers.ctypes.data % 64 // dtype.itemsize
    return numbers[begin : begin + size].reshape(n, n_rows, n_columns)


def _require_numba() -> None:
    try:
        import numba  # noqa: F401
    except ImportError:
        raise MissingExtraError(
            "Network.fit: engine='compiled' needs numba; install it with: pip install "
            "'neurosim[fast]'."
        ) from None
