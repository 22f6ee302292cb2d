"""Where the numbers of a network's neurons and layers live: in its two flat vectors.

A `NeuronPlace` and a `LayerPlace` know which entries are theirs; they hold no numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import counted, finite_array
from neurosim.errors import ArgumentError, ShapeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from neurosim.layers import BaseLayer
    from neurosim.network import Network
    from neurosim.neurons import Neuron
    from neurosim.normalization import Normalized

__all__ = ["LayerPlace", "NeuronPlace"]


def _shown(value: Any) -> Any:
    """Return a number of a pass; an array as a view that cannot be written to."""
    return _read_only(value.view()) if isinstance(value, np.ndarray) else value


def _read_only(array: Any) -> Any:
    array.flags.writeable = False
    return array


def _view(vector: Any, slots: Any) -> Any:
    """Return the entries as a live view where they are evenly spaced, else a read-only copy."""
    return vector[slots] if isinstance(slots, slice) else _read_only(vector[slots])


class NeuronPlace:
    """The place of one neuron, by its number."""

    __slots__ = ("_network", "_number")

    def __init__(self, network: Network, number: int) -> None:
        self._network = network
        self._number = number

    @property
    def network(self) -> Network:
        """The network that the neuron belongs to."""
        return self._network

    @property
    def number(self) -> int:
        """The neuron's number in the wiring."""
        return self._number

    @property
    def label(self) -> str:
        """The neuron's label."""
        return self._network.labels[self._number]

    @property
    def layer(self) -> str | None:
        """The name of its layer."""
        layer = int(self._network.position_of[self._number][0])
        return self._network.layers[layer].name

    @property
    def index(self) -> int:
        """Its position in the layer."""
        return int(self._network.position_of[self._number][1])

    def _slots(self) -> tuple[Any, int]:
        wiring = self._network.wiring
        if wiring.is_input(self._number):
            raise ArgumentError(
                f"InputNeuron {self.label!r} has no bias; give the bias to a neuron that reads it."
            )
        return wiring.incoming(self._number)[1:]

    def _entries(self, vector: Any) -> Any:
        if self._network.wiring.is_input(self._number):
            return _read_only(vector[:0].copy())
        return _view(vector, self._slots()[0])

    @property
    def weights(self) -> Any:
        """The incoming weights."""
        return self._entries(self._network.parameters)

    @weights.setter
    def weights(self, values: Any) -> None:
        if not self._network.wiring.is_input(self._number):
            self._network.write(self._slots()[0], values, f"Neuron {self.label!r}: weights")

    @property
    def weight_gradients(self) -> Any:
        """The gradients of the incoming weights."""
        return self._entries(self._network.gradient)

    @property
    def bias(self) -> float | None:
        """The bias; None for inputs."""
        if self._network.wiring.is_input(self._number):
            return None
        return float(self._network.parameters[self._slots()[1]])

    @bias.setter
    def bias(self, value: float) -> None:
        what, dtype = f"Neuron {self.label!r}: bias", self._network.dtype
        number = finite_array(value, what, dimensions=0, dtype=dtype)
        self._network.parameters[self._slots()[1]] = number

    @property
    def bias_gradient(self) -> float | None:
        """The gradient of the bias; None for inputs."""
        if self._network.wiring.is_input(self._number):
            return None
        return float(self._network.gradient[self._slots()[1]])

    @property
    def _gamma_slot(self) -> int:
        return int(self._network.wiring.gamma_slots[self._number])

    @property
    def gamma(self) -> float | None:
        """The factor of a normalized sum; None where it is not normalized."""
        slot = self._gamma_slot
        return None if slot < 0 else float(self._network.parameters[slot])

    @gamma.setter
    def gamma(self, value: float) -> None:
        what = f"Neuron {self.label!r}: gamma"
        if self._gamma_slot < 0:
            raise ArgumentError(
                f"{what} is a factor of normalized sums, but this neuron's are not; make its layer "
                "with normalization=ns.BatchNormalization()."
            )
        number = finite_array(value, what, dimensions=0, dtype=self._network.dtype)
        self._network.parameters[self._gamma_slot] = number

    @property
    def gamma_gradient(self) -> float | None:
        """The gradient of gamma; None where the sum is not normalized."""
        slot = self._gamma_slot
        return None if slot < 0 else float(self._network.gradient[slot])

    @property
    def averages(self) -> tuple[float, float] | None:
        """The running mean and variance; None where the sum is not normalized."""
        if self._gamma_slot < 0:
            return None
        mean, variance = self._network.averages[:, self._number].tolist()
        return mean, variance

    @property
    def normalized(self) -> Normalized | None:
        """The numbers of the normalization in the last pass."""
        run = self._network.last_pass
        return None if run is None else run.normalized.get(self._number)

    def sum(self, products: Any) -> Any:
        """Return what f is applied to: w . x + b, or gamma zhat + beta with running averages."""
        normalization = self._network.kind_of(self._number).normalization
        if normalization is None:
            return products + self.bias
        mean, variance = self._network.averages[:, self._number]
        one = normalization.by_averages(products, mean, variance)
        return one.scaled(self.gamma, self.bias)

    @property
    def z(self) -> Any:
        """The weighted sum of the last pass."""
        run = self._network.last_pass
        return None if run is None else _shown(run.z[self._number])

    @property
    def activation(self) -> Any:
        """The activation of the last pass."""
        run = self._network.last_pass
        return None if run is None else _shown(run.activation[self._number])

    @property
    def mask(self) -> Any:
        """What dropout multiplied the activation by in the last pass."""
        run = self._network.last_pass
        return 1.0 if run is None else run.masks.get(self._number, 1.0)

    @property
    def delta(self) -> Any:
        """The delta of the last backward pass."""
        run = self._network.last_pass
        return None if run is None or run.delta is None else _shown(run.delta[self._number])


class LayerPlace:
    """The place of one layer: the numbers of its neurons."""

    def __init__(self, network: Network, layer: BaseLayer, numbers: NDArray[np.int64]) -> None:
        self._network, self._layer = network, layer
        self.numbers = numbers

    @property
    def network(self) -> Network:
        """The network that the layer belongs to."""
        return self._network

    @property
    def neurons(self) -> tuple[Neuron, ...]:
        """The neurons."""
        everyone = self._network.neurons
        return tuple(everyone[number] for number in self.numbers.tolist())

    @property
    def sources(self) -> list[int]:
        """All neurons that feed the layer, by number, in order of their first edge."""
        incoming = self._network.wiring.incoming
        found: dict[int, None] = {}
        for number in self.numbers.tolist():
            found.update(dict.fromkeys(incoming(number)[0].tolist()))
        return list(found)

    def _whole_block(self) -> Any:
        """The dense block that is just this layer, if there is one."""
        wiring = self._network.wiring
        block = wiring.blocks[int(wiring.block_of[self.numbers[0], 0])]
        same = block.dense and np.array_equal(block.targets, self.numbers)
        return block if same else None

    def _matrix(self, vector: Any) -> Any:
        block = self._whole_block()
        if block is not None:
            m, k = len(block.sources), len(block.targets)
            return vector[block.first : block.first + m * k].reshape(m, k)
        rows = {source: row for row, source in enumerate(self.sources)}
        matrix = np.zeros((len(rows), len(self.numbers)), dtype=vector.dtype)
        for column, number in enumerate(self.numbers.tolist()):
            sources, slots, _ = self._network.wiring.incoming(number)
            matrix[[rows[source] for source in sources.tolist()], column] = vector[slots]
        return _read_only(matrix)

    def _column(self, vector: Any) -> Any:
        block = self._whole_block()
        if block is not None:
            return vector[block.all_slots[-1, 0] :][: len(block.targets)]
        return _read_only(vector[self._network.wiring.bias_slots[self.numbers]])

    @property
    def weights(self) -> Any:
        """The matrix of weights."""
        return self._matrix(self._network.parameters)

    @weights.setter
    def weights(self, values: Any) -> None:
        name = f"Layer {self._layer.name!r}"
        dtype = self._network.dtype
        given = finite_array(values, f"{name}: weights", dimensions=2, dtype=dtype)
        self._check_shape(name, given)
        block = self._whole_block()
        if block is not None:
            self.weights[:] = given
            return
        sources = self.sources
        for column, number in enumerate(self.numbers.tolist()):
            self._check_edges(name, given[:, column], number, sources)
        slots, entries = [], []
        rows = {source: row for row, source in enumerate(sources)}
        for column, number in enumerate(self.numbers.tolist()):
            feeding, own, _ = self._network.wiring.incoming(number)
            all_slots = np.arange(len(self._network.parameters))[own]
            slots.append(all_slots)
            entries.append(given[[rows[source] for source in feeding.tolist()], column])
        every_slot = np.concatenate(slots)
        self._network.write(every_slot, np.concatenate(entries), f"{name}: weights")

    def _check_shape(self, name: str, given: Any) -> None:
        shape = (len(self.sources), len(self.numbers))
        if given.shape == shape:
            return
        hint = " Did you mean weights.T?" if given.shape == shape[::-1] else ""
        before = f"the layer before has {counted(shape[0], 'neuron')} and this one {shape[1]}"
        if self._network.wiring.sizes is None:
            verb = "feeds" if shape[0] == 1 else "feed"
            before = f"{counted(shape[0], 'neuron')} {verb} this layer of {shape[1]}"
        raise ShapeError(f"{name}: weights must be {shape}, as {before}; got {given.shape}.{hint}")

    def _check_edges(self, name: str, column: Any, number: int, sources: list[int]) -> None:
        feeding = set(self._network.wiring.incoming(number)[0].tolist())
        for row, source in enumerate(sources):
            if source not in feeding and column[row] != 0:
                labels = self._network.labels
                raise ArgumentError(
                    f"{name}: there is no edge {labels[source]!r} -> {labels[number]!r}, so its "
                    f"weight must be 0; got {column[row]}. Make the edge with net.connect."
                )

    @property
    def biases(self) -> Any:
        """The biases."""
        return self._column(self._network.parameters)

    @biases.setter
    def biases(self, values: Any) -> None:
        name = f"Layer {self._layer.name!r}"
        dtype = self._network.dtype
        given = finite_array(values, f"{name}: biases", dimensions=1, dtype=dtype)
        if len(given) != len(self.numbers):
            raise ShapeError(
                f"{name}: biases must be ({len(self.numbers)},), one per neuron; got {given.shape}."
            )
        self._network.parameters[self._network.wiring.bias_slots[self.numbers]] = given

    def _factors(self, vector: Any) -> Any:
        wiring = self._network.wiring
        slots = wiring.gamma_slots[self.numbers]
        if not (slots >= 0).all():
            raise ArgumentError(
                f"Layer {self._layer.name!r} has no gammas, as its sums are not normalized; make "
                "it with normalization=ns.BatchNormalization()."
            )
        block = self._whole_block()
        return _read_only(vector[slots]) if block is None else vector[block.gammas]

    @property
    def gammas(self) -> Any:
        """The factors of normalized sums."""
        return self._factors(self._network.parameters)

    @gammas.setter
    def gammas(self, values: Any) -> None:
        held, what = self.gammas, f"Layer {self._layer.name!r}: gammas"
        given = finite_array(values, what, dimensions=1, dtype=self._network.dtype)
        if len(given) != len(held):
            raise ShapeError(f"{what} must be ({len(held)},), one per neuron; got {given.shape}.")
        self._network.parameters[self._network.wiring.gamma_slots[self.numbers]] = given

    @property
    def gamma_gradients(self) -> Any:
        """The gradients of the gammas."""
        return self._factors(self._network.gradient)

    @property
    def weight_gradients(self) -> Any:
        """The gradients of the weights."""
        return self._matrix(self._network.gradient)

    @property
    def bias_gradients(self) -> Any:
        """The gradients of the biases."""
        return self._column(self._network.gradient)

    def _of_pass(self, name: str) -> Any:
        run = self._network.last_pass
        values = None if run is None else getattr(run, name)
        if values is None or values[self.numbers[0]] is None:
            return None
        return np.array([values[number] for number in self.numbers.tolist()]).T

    @property
    def z(self) -> Any:
        """The weighted sums of the last pass."""
        return self._of_pass("z")

    @property
    def activations(self) -> Any:
        """The activations of the last pass."""
        return self._of_pass("activation")

    @property
    def deltas(self) -> Any:
        """The deltas of the last backward pass."""
        return self._of_pass("delta")
