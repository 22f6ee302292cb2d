"""What an engine promises."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from neurosim.errors import NoDerivativeError
from neurosim.regularization import masks

if TYPE_CHECKING:
    import numpy as np

    from neurosim.losses import Loss
    from neurosim.network import Network
    from neurosim.wiring import Block, Wiring

__all__ = ["Engine", "partnered", "require_derivatives"]


class Engine(ABC):
    """Computes outputs, losses and gradients of one network. This class is abstract.

    An engine reads ``network.parameters`` and writes ``network.gradient``, and keeps nothing of
    them for itself, so that parameters may change between any two calls. It is made for one
    wiring: the network makes another engine after `connect` and `disconnect`. Whoever calls it
    has checked the data: finite numbers, ``(n, n_inputs)`` and ``(n, n_outputs)``, of the
    network's dtype.
    """

    name: ClassVar[str]

    def __init__(self, network: Network) -> None:
        self.network = network
        self.rng: np.random.Generator | None = None
        self.weights: Any = None

    @abstractmethod
    def predict(self, X: Any) -> Any:
        """Return the outputs ``(n, n_outputs)`` for the inputs X."""

    def load(
        self, X: Any, Y: Any, rng: np.random.Generator | None = None, weights: Any = None
    ) -> None:
        """Make X and Y the samples that `gradient` speaks of.

        ``rng`` draws the masks of dropout; ``weights`` say how much each sample counts.
        """
        self.X, self.Y, self.rng, self.weights = X, Y, rng, weights

    def weights_of(self, rows: Any = None) -> Any:
        """Return the weights of some of the samples loaded; None where all count alike."""
        return self.weights if rows is None or self.weights is None else self.weights[rows]

    def masks(self, n: int) -> tuple[Any, Any] | None:
        """Draw the masks of dropout for n samples; None where nothing is dropped."""
        rates = None if self.rng is None else self.network.dropout_rates
        if rates is None or self.rng is None:
            return None
        return masks(rates, n, self.rng, self.network.dtype)

    def samples(self, rows: Any = None) -> tuple[Any, Any]:
        """Return some of the samples loaded: all for None, else those of a slice or index array."""
        return (self.X, self.Y) if rows is None else (self.X[rows], self.Y[rows])

    @abstractmethod
    def gradient(self, rows: Any = None) -> float:
        """Fill ``network.gradient`` for these samples (None: all); return their mean loss.

        This is training: dropout is at work, and batch normalization takes the batch's statistics.
        """

    @abstractmethod
    def loss(self, X: Any, Y: Any) -> float:
        """Return the mean loss of these samples; the gradient stays as it is."""


def partnered(block: Block, loss: Loss) -> bool:
    """Whether the loss of output neurons in this block is computed from z."""
    return block.kind.neuron is loss.partner


def require_derivatives(wiring: Wiring, labels: Any) -> None:
    """Raise `NoDerivativeError` where a gradient would have to pass a neuron without one."""
    for block in wiring.blocks:
        kind = block.kind
        if kind.neuron.differentiable() or not wiring.reached[block.targets].any():
            continue
        number = int(block.targets[wiring.reached[block.targets]][0])
        raise NoDerivativeError(
            f"Neuron {labels[number]!r}: {kind.name} has no derivative, so no gradient can pass "
            f"through it. Use {kind.neuron.instead}."
        )
