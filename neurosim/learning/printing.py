"""A line every few epochs, for who wants to read along."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, final

from neurosim.checks import short, whole_number
from neurosim.errors import ArgumentTypeError
from neurosim.learning.callbacks import Callback

if TYPE_CHECKING:
    from neurosim.learning.callbacks import Run

__all__ = ["PrintEvery"]


@final
class PrintEvery(Callback):
    """Writes what was recorded in the epochs 0, k, 2 k, ... and in the last, a line each.

    Parameters
    ----------
    k : int
    file : text file, optional
        Whatever has a ``write`` method; standard output where none is given.

    Examples
    --------
    >>> import neurosim as ns
    >>> X, Y = ns.datasets.gates("and")
    >>> net = ns.Network([ns.InputLayer(2), ns.Layer(1, ns.LinearNeuron, initializer=ns.Zeros())])
    >>> history = net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=6, callbacks=ns.PrintEvery(3))
    epoch 0: loss 0.25
    epoch 3: loss 0.137462
    epoch 5: loss 0.121163
    """

    def __init__(self, k: int, file: Any = None) -> None:
        self.k = whole_number(k, "PrintEvery: k")
        if file is not None and not callable(getattr(file, "write", None)):
            raise ArgumentTypeError(
                "PrintEvery: file must be an open text file, such as sys.stderr; "
                f"got {short(file)}."
            )
        self.file = file
        self._written = -1

    def on_start(self, run: Run) -> None:
        """Begin anew."""
        self._written = len(run.history) - 1

    def on_epoch(self, run: Run) -> None:
        """Write a line where it is time for one."""
        if run.epoch % self.k == 0:
            self._write(run)

    def on_end(self, run: Run) -> None:
        """Write the last epoch, if it has not been written yet."""
        if self._written < len(run.history) - 1:
            self._write(run)

    def _write(self, run: Run) -> None:
        self._written = run.epoch
        numbers = [
            f"{name.replace('_', ' ')} {run.history.values_of(name)[-1]:.6g}"
            for name in run.records
        ]
        out = sys.stdout if self.file is None else self.file
        out.write(f"epoch {run.epoch}: {', '.join(numbers)}\n")

    def __repr__(self) -> str:
        return f"PrintEvery({self.k})"
