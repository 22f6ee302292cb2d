"""What goes on inside a network while it trains: every batch's loss, and the health of layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.checks import whole_number
from neurosim.engines.traversal import TraversalEngine
from neurosim.functions import numpy_functions
from neurosim.learning.callbacks import Callback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.learning.callbacks import Run
    from neurosim.network import Network

__all__ = ["BatchLoss", "Diagnostics"]

FLAT = 0.01
"""An activation whose slope |f'(z)| is below this is saturated."""


@final
class BatchLoss(Callback):
    """Records the loss of every batch before its update, in ``history.batch_loss``."""

    def __init__(self) -> None:
        self._losses: list[float] = []

    def on_start(self, run: Run) -> None:
        """Begin anew."""
        self._losses = []

    def on_batch(self, run: Run) -> None:
        """Note the loss."""
        self._losses.append(run.batch_loss)

    def on_epoch(self, run: Run) -> None:
        """Hand over those of an epoch that has ended, so that one that diverged leaves none."""
        run.history.batch_loss += self._losses
        self._losses = []


@final
class Diagnostics(Callback):
    """Records after every epoch, layer by layer, whether learning still gets through.

    ``history.diagnostics`` then holds

    - ``"gradient_norm"``: the length of the gradient of the layer's weights and biases, in the
      last update of the epoch;
    - ``"saturation"``: the share of the activations, over neurons and samples, at which the
      neuron is flat, abs(f'(z)) < 0.01, so that hardly any gradient passes (of a ReLU, those that
      are zero);
    - ``"dead"``: the share of the neurons with f'(z) = 0 at every sample, which no gradient can
      wake.

    Layers of softmax, and of neurons without a derivative, have the first only.

    Parameters
    ----------
    n_samples : int
        The training samples that saturation and dead neurons are measured on: the first so many,
        without dropout, and with running averages where sums are normalized.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network.layered([1, 2, 1], hidden=ns.ReLUNeuron, output=ns.LinearNeuron, rng=1)
    >>> net.layers[1].weights, net.layers[1].biases = [[1.0, -1.0]], [0.0, -9.0]
    >>> X, Y = [[1.0], [2.0]], [[1.0], [2.0]]
    >>> history = net.fit(X, Y, optimizer=ns.SGD(0.01), callbacks=ns.Diagnostics())
    >>> history.diagnostics["dead"]
    {'hidden1': [0.5], 'output': [0.0]}
    """

    def __init__(self, n_samples: int = 1000) -> None:
        self.n_samples = whole_number(n_samples, "Diagnostics: n_samples")

    def on_epoch(self, run: Run) -> None:
        """Record."""
        network = run.network
        slopes = _slopes(network, run.samples[0][: self.n_samples])
        for name, members, slots in _layers(network):
            norm = float(np.linalg.norm(network.gradient[slots]))
            self._add(run, "gradient_norm", name, norm)
            if all(number in slopes for number in members):
                own = np.array([slopes[number] for number in members])
                self._add(run, "saturation", name, float(np.mean(own < FLAT)))
                self._add(run, "dead", name, float(np.mean((own == 0).all(axis=1))))

    def _add(self, run: Run, quantity: str, layer: str, value: float) -> None:
        layers = run.history.diagnostics.setdefault(quantity, {})
        layers.setdefault(layer, []).append(value)

    def __repr__(self) -> str:
        return f"Diagnostics(n_samples={self.n_samples})"


def _layers(network: Network) -> Iterator[tuple[str, list[int], Any]]:
    """Yield the name of every layer after the input, its neurons, and their parameters' entries."""
    for layer in network.layers[1:]:
        members = layer.place.numbers.tolist()
        # An entry that tied edges share counts once.
        yield str(layer.name), members, np.unique(network.directory.slots(layer, True, True))


def _slopes(network: Network, X: Any) -> dict[int, Any]:
    """Return abs(f'(z)) for every sample, by neuron; coupled ones have no slope of their own."""
    run = network.engine(TraversalEngine).forward(X, single=False)
    functions = numpy_functions(network.dtype)
    slopes = {}
    for block in network.wiring.blocks:
        if block.kind.coupled or not block.kind.neuron.differentiable():
            continue
        derive = block.kind.formula("derivative", functions)
        for number in block.targets.tolist():
            slope = derive(run.u[number], run.activation[number])
            slopes[number] = np.abs(slope + np.zeros(len(X), dtype=X.dtype))
    return slopes
