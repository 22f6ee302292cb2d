"""Where the numbers of a batch lie: tables with a row per neuron, and the samples themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.programs import Scratch

if TYPE_CHECKING:
    from neurosim.engines.plan import Plan
    from neurosim.wiring import Wiring

__all__ = ["Samples", "Tables"]

# Up to so many numbers are copied beside a column of ones, which brings their readers' biases; with
# more, adding the biases costs less than the copy.
_FEW_NUMBERS = 1 << 14


@final
class Tables:
    """Room for batches of up to n samples, whatever their sizes: they share it.

    Rows of inputs are left out where nobody looks them up there.
    """

    def __init__(self, plan: Plan, n: int, dtype: Any, *, dropout: bool) -> None:
        n_inputs = int(plan.ones[0])
        # What row 0 of the tables is in the plan.
        self.first = 0 if plan.gathered or dropout else n_inputs
        self.plan, self.n, self.dtype, self.dropout = plan, n, np.dtype(dtype), dropout
        self.scratch = Scratch(dtype)
        self._room: dict[str, Any] = {}
        self._incoming: Any = None

    def table(self, name: str, n: int) -> Any:
        """Return a table ``(n_rows, n)``, which other batches have under the same name."""
        n_rows = self.plan.n_rows - self.first
        if name not in self._room:
            self._room[name] = np.zeros(n_rows * self.n, dtype=self.dtype)
        return self._room[name][: n_rows * n].reshape(n_rows, n)

    def incoming(self, n_rows: int, n: int) -> Any:
        """Return room for what one block, of so many rows, is handed by the only one after it."""
        if self._incoming is None:
            most = max(span.stop - span.start for span in self.plan.spans)
            self._incoming = np.empty(most * self.n, dtype=self.dtype)
        return self._incoming[: n_rows * n].reshape(n_rows, n)

    def rows(self, numbers: Any) -> Any:
        """Return the rows of some neurons."""
        return self.plan.row_of[numbers] - self.first

    def span(self, span: slice) -> slice:
        """Return rows of the plan as rows of the tables."""
        return slice(span.start - self.first, span.stop - self.first)

    @property
    def zeros(self) -> int:
        """The row of zeros."""
        return self.plan.zeros - self.first

    def lay_out(self, n: int) -> None:
        """Write the rows that no step writes, for batches of n samples."""
        A = self.table("A", n)
        A[self.plan.ones - self.first] = 1.0
        for name in self._room:
            self.table(name, n)[self.zeros] = 0.0
        if self.dropout:
            self.table("M", n)[:] = 1.0


@final
class Samples:
    """The samples of a batch as the steps read them.

    Attributes
    ----------
    X : (n, n_inputs) array, or (n, n_inputs + 1)
        With a column of ones where these are few numbers. Else it may be the person's own.
    Y : (n, n_outputs) array
    weights : (n,) array or None
        How much each sample counts.
    """

    def __init__(self, wiring: Wiring, n: int, dtype: Any, *, weighed: bool, owned: bool) -> None:
        n_inputs = len(wiring.inputs)
        self.folded, self._owned = n * n_inputs <= _FEW_NUMBERS, owned
        self._room = np.empty((0, 0), dtype=dtype)
        self._shape = (n, n_inputs)
        self.X = np.ones((n, n_inputs + 1), dtype=dtype) if self.folded else self._room
        self.inputs = self.X[:, :n_inputs]
        self.Y = np.empty((n, len(wiring.outputs)), dtype=dtype)
        self.weights = np.empty(n, dtype=dtype) if weighed else None

    def take_inputs(self, X: Any, rows: Any) -> None:
        """Take some rows of X: all for None, else those of a slice or index array."""
        by_index = isinstance(rows, np.ndarray)
        given = self._taken(X, rows) if by_index else X if rows is None else X[rows]
        if self.folded:
            self.inputs[...] = given
            return
        if self._owned and not by_index:
            self._make_room()
            self._room[...] = given
            given = self._room
        self.X = self.inputs = given

    def _taken(self, X: Any, rows: Any) -> Any:
        self._make_room()
        # "wrap" writes into `out` at once, where the usual "raise" takes a copy; -1 is the last.
        return np.take(X, rows, 0, self._room, "wrap")

    def _make_room(self) -> None:
        if self._room.shape != self._shape:
            self._room = np.empty(self._shape, dtype=self.Y.dtype)

    def take_targets(self, Y: Any, weights: Any, rows: Any) -> None:
        """Take some rows of Y and some weights."""
        if isinstance(rows, np.ndarray):
            np.take(Y, rows, 0, self.Y, "wrap")
        else:
            self.Y[...] = Y if rows is None else Y[rows]
        if self.weights is not None:
            self.weights[...] = weights if rows is None else weights[rows]
