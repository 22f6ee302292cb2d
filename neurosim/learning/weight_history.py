"""How weights and biases move while a network trains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.checks import whole_number
from neurosim.learning.callbacks import Callback

if TYPE_CHECKING:
    from neurosim.learning.callbacks import Run
    from neurosim.network import Network

__all__ = ["WeightHistory"]


@final
class WeightHistory(Callback):
    """Records weights and biases before training and after its epochs.

    Parameters
    ----------
    watch : list, optional
        Edges such as ``"a->b"`` or ``net["a", "b"]``, biases such as ``"b.bias"``, and neurons
        and layers, which stand for their incoming weights and biases. Everything where none is
        named.
    every : int
        After how many epochs each is recorded; the start and the end always are.

    Attributes
    ----------
    labels : list of str
        What is recorded: ``source->target``, ``label.bias`` or ``label.gamma``.
    epochs : list of int
        How many epochs had been trained; 0 is the start.
    values : (len(epochs), len(labels)) array
        The parameters then.

    Examples
    --------
    >>> import neurosim as ns
    >>> neuron = ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])
    >>> net = ns.Network([ns.InputLayer(1), neuron])
    >>> weights = ns.WeightHistory()
    >>> history = net.fit([[2.0]], [[9.0]], optimizer=ns.SGD(0.05), callbacks=weights)
    >>> weights.labels
    ['input[0]->output[0]', 'output[0].bias']
    >>> weights.values
    array([[3. , 1. ],
           [3.4, 1.2]])
    """

    def __init__(self, watch: Any = None, every: int = 1) -> None:
        self.watch = watch
        self.every = whole_number(every, "WeightHistory: every")
        self.labels: list[str] = []
        self.epochs: list[int] = []
        self.slots: list[int] = []
        self._rows: list[Any] = []

    @property
    def values(self) -> Any:
        """The parameters at every recorded epoch, ``(len(epochs), len(labels))``."""
        return np.array(self._rows, dtype=np.float64).reshape(len(self.epochs), len(self.labels))

    def check(self, run: Run) -> None:
        """Raise where something to watch is unknown."""
        self._watched(run.network)

    def on_start(self, run: Run) -> None:
        """Record the start; in a training that goes on, add to what is there."""
        slots = self._watched(run.network)
        if slots != self.slots or not self.epochs or self.epochs[-1] != run.epoch:
            self.slots, self.epochs, self._rows = slots, [], []
        self.labels = [run.network.parameter_label(slot) for slot in slots]
        if not self.epochs:
            self._record(run, run.epoch)

    def on_epoch(self, run: Run) -> None:
        """Record, where it is time."""
        if (run.epoch + 1) % self.every == 0:
            self._record(run, run.epoch + 1)

    def on_end(self, run: Run) -> None:
        """Record the end."""
        if self.epochs[-1] != len(run.history):
            self._record(run, len(run.history))

    def _record(self, run: Run, epoch: int) -> None:
        self.epochs.append(epoch)
        self._rows.append(run.network.parameters[self.slots].astype(np.float64))

    def _watched(self, network: Network) -> list[int]:
        """Return the entries of the parameters, each once, in the order they are named."""
        if self.watch is None:
            return list(range(len(network.parameters)))
        named = self.watch if isinstance(self.watch, list) else [self.watch]
        slots = [slot for key in named for slot in network.directory.parameters(key)]
        return list(dict.fromkeys(slots))

    def state(self) -> dict[str, Any]:
        """Return what has been recorded."""
        rows = np.array(self._rows, dtype=np.float64).ravel()
        epochs, slots = np.array(self.epochs, dtype=int), np.array(self.slots, dtype=int)
        return {"epochs": epochs, "slots": slots, "rows": rows}

    def restore(self, state: dict[str, Any]) -> None:
        """Take back what `state` returned."""
        self.epochs, self.slots = state["epochs"].tolist(), state["slots"].tolist()
        self._rows = list(state["rows"].reshape(len(self.epochs), len(self.slots)))

    def plot(self, ax: Any = None) -> Any:
        """Draw what was recorded against the epochs; see `draw_weight_history`."""
        from neurosim.drawing.charts import draw_weight_history

        return draw_weight_history(self, ax=ax)

    def __repr__(self) -> str:
        return f"WeightHistory({self.watch!r}, every={self.every})"
