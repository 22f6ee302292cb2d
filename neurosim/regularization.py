"""The regularizers of one network: which weights they penalize, which neurons they drop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import short
from neurosim.errors import ArgumentError, ArgumentTypeError
from neurosim.functions import NUMPY, bind
from neurosim.regularizers import Dropout, Regularizer, WeightPenalty

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from neurosim.network import Network
    from neurosim.wiring import Wiring

    Integers = NDArray[np.int64]

__all__ = ["Regularization", "attach", "masks"]

# More stretches of neighbouring entries than this are gathered by number instead.
_STRETCHES = 64


class Regularization:
    """What `Network.regularize` has attached; it is empty at first.

    Attributes
    ----------
    entries : tuple of (Regularizer, array or None)
        With the numbers of the neurons; None is all of the network.
    """

    def __init__(self, entries: tuple[tuple[Regularizer, Integers | None], ...] = ()) -> None:
        self.entries = entries
        self._for: Wiring | None = None
        self._penalties: list[tuple[WeightPenalty, list[Any]]] = []
        self._rates_for: Any = None
        self._rates: Any = None

    def __bool__(self) -> bool:
        return bool(self.entries)

    def with_(self, regularizer: Regularizer, numbers: Integers | None) -> Regularization:
        """Return this and one more."""
        return Regularization((*self.entries, (regularizer, numbers)))

    def penalties(self, wiring: Wiring) -> list[tuple[WeightPenalty, list[Any]]]:
        """Return the weight penalties, each with the parts of the parameters it is about."""
        if self._for is not wiring:
            self._for = wiring
            self._penalties = [
                (regularizer, _parts(_weights_into(wiring, numbers)))
                for regularizer, numbers in self.entries
                if isinstance(regularizer, WeightPenalty)
            ]
        return self._penalties

    def penalty(self, wiring: Wiring, w: Any) -> float:
        """Return the sum of all penalties for parameters w."""
        total = 0.0
        for regularizer, parts in self.penalties(wiring):
            formula = bind(regularizer.penalty, NUMPY)
            for part in parts:
                total += float(np.add.reduce(formula(w[part], regularizer.strength)))
        return total

    def add_gradient(self, wiring: Wiring, w: Any, g: Any) -> None:
        """Add the derivatives of the penalties by the parameters w to a gradient g, in place."""
        for regularizer, parts in self.penalties(wiring):
            formula = bind(regularizer.derivative, NUMPY)
            for part in parts:
                g[part] += formula(w[part], regularizer.strength)

    def penalties_of(self, wiring: Wiring, slot: int) -> list[WeightPenalty]:
        """Return the penalties on one parameter."""
        if not self.penalties(wiring):
            return []
        entry = np.zeros(wiring.n_parameters, dtype=bool)
        entry[slot] = True
        return [
            regularizer
            for regularizer, parts in self.penalties(wiring)
            if any(entry[part].any() for part in parts)
        ]

    def dropout_rates(self, wiring: Wiring) -> Any:
        """Return the share dropped of every neuron; of several the last that was attached.

        Without named neurons these are all but inputs and outputs. None where nothing is dropped.
        """
        chosen = tuple(r.rate for r, _ in self.entries if isinstance(r, Dropout))
        if (wiring, chosen) != self._rates_for:
            # `Wiring` is compared by identity, and a rate may be set to another.
            self._rates_for, self._rates = (wiring, chosen), self._dropout_rates(wiring)
        return self._rates

    def _dropout_rates(self, wiring: Wiring) -> Any:
        rates = np.zeros(wiring.n_neurons)
        for regularizer, numbers in self.entries:
            if not isinstance(regularizer, Dropout):
                continue
            if numbers is None:
                inner = np.ones(wiring.n_neurons, dtype=bool)
                inner[wiring.inputs] = inner[wiring.outputs] = False
                numbers = np.flatnonzero(inner)
            rates[numbers] = regularizer.rate
        return rates if rates.any() else None


def attach(network: Network, regularizer: Any, what: Any) -> None:
    """Attach a regularizer to a network; this is `Network.regularize`."""
    if regularizer is None:
        network.regularization = Regularization()
    else:
        if not isinstance(regularizer, Regularizer):
            raise ArgumentTypeError(
                "Network.regularize: regularizer must be such as ns.L2(0.01) or ns.Dropout(0.5); "
                f"got {short(regularizer)}."
            )
        numbers = None if what is None else np.array(network.directory.neurons(what))
        if isinstance(regularizer, Dropout) and numbers is not None:
            _refuse_outputs(network, numbers)
        network.regularization = network.regularization.with_(regularizer, numbers)
    network.forget_engines()


def _refuse_outputs(network: Network, numbers: Integers) -> None:
    outputs = np.intersect1d(numbers, network.wiring.outputs)
    if len(outputs):
        raise ArgumentError(
            f"Network.regularize: {network.labels[outputs[0]]!r} is an output, and outputs are "
            "never dropped; name hidden neurons or inputs."
        )


def masks(rates: Any, n: int, rng: np.random.Generator, dtype: Any) -> tuple[Integers, Any]:
    """Draw what activations are multiplied by: the neurons' numbers, and their masks ``(k, n)``."""
    numbers = np.flatnonzero(rates)
    kept = 1.0 - rates[numbers]
    # Sample by sample, so that the masks of a sample do not depend on how the table is laid out.
    drawn = rng.random((n, len(numbers))) < kept
    return numbers, np.ascontiguousarray((drawn / kept).T, dtype=dtype)


def _weights_into(wiring: Wiring, numbers: Integers | None) -> Integers:
    """Return the entries of the weights into some neurons, a shared one once, in order."""
    chosen = np.zeros(wiring.n_parameters, dtype=bool)
    if numbers is None:
        chosen[:] = True
        chosen[wiring.bias_slots[wiring.bias_slots >= 0]] = False
        chosen[wiring.gamma_slots[wiring.normalized]] = False
        return np.flatnonzero(chosen)
    for number in numbers.tolist():
        if not wiring.is_input(number):
            chosen[wiring.incoming(number)[1]] = True
    return np.flatnonzero(chosen)


def _parts(slots: Integers) -> list[Any]:
    """Return the entries as a few slices where they lie together, else as they are."""
    if not len(slots):
        return []
    stretches = np.split(slots, np.flatnonzero(np.diff(slots) != 1) + 1)
    if len(stretches) > _STRETCHES:
        return [slots]
    return [slice(int(stretch[0]), int(stretch[-1]) + 1) for stretch in stretches]
