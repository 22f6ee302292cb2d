"""How neurons are grouped and named.

``ns.Layer(...)`` is a recipe. The network makes layers of its own from the recipes, with the
neurons and live matrices, and leaves the recipes as they are; ``net.layers`` holds its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.checks import counted, finite_array, instance_of, short, whole_number
from neurosim.errors import ArgumentError, ArgumentTypeError, LabelError, ShapeError
from neurosim.initializers import Initializer, Zeros
from neurosim.neurons import InputNeuron, Kind, Neuron
from neurosim.normalization import BatchNormalization

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["BaseLayer", "InputLayer", "Layer"]


def checked_label(label: object, what: str) -> str:
    """Return `label` where it can be one: a text, not empty, without ``->`` and ``=``."""
    if not isinstance(label, str):
        raise ArgumentTypeError(f"{what} must be a text; got {short(label)}.")
    if not label or "->" in label or "=" in label:
        raise LabelError(
            f"{what} must not be empty and contain neither '->' nor '='; got {label!r}."
        )
    return label


class BaseLayer:
    """What input layers and layers of neurons share. This class is abstract."""

    def __init__(self, n: int, name: str | None, labels: Iterable[str] | None) -> None:
        what = f"{type(self).__name__}{f' {name!r}' if name else ''}"
        self.size = whole_number(n, f"{what}: the number of neurons")
        self.name = None if name is None else checked_label(name, f"{what}: name")
        self.given_labels = None if labels is None else self._checked_labels(labels, what)
        self._place: Any = None

    def _checked_labels(self, labels: Iterable[str], what: str) -> tuple[str, ...]:
        if isinstance(labels, str) or not np.iterable(labels):
            raise ArgumentTypeError(
                f"{what}: labels must be a list of {counted(self.size, 'text')}; "
                f"got {short(labels)}."
            )
        given = tuple(checked_label(label, f"{what}: a label") for label in labels)
        if len(given) != self.size:
            raise ShapeError(
                f"{what}: labels must be {self.size}, one per neuron; got {len(given)}."
            )
        return given

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the neurons: those given, else ``name[0]``, ``name[1]``, ..."""
        if self.given_labels is not None:
            return self.given_labels
        return tuple(f"{self.name}[{index}]" for index in range(self.size))

    @property
    def place(self) -> Any:
        """Where the numbers live (a `places.LayerPlace`); a recipe has no such place."""
        if self._place is None:
            raise ArgumentError(
                f"{self!r} is a recipe and has no neurons of its own; ask the layer of the "
                "network, net.layers[...]."
            )
        return self._place

    @property
    def neurons(self) -> tuple[Neuron, ...]:
        """The neurons, in order."""
        return tuple(self.place.neurons)

    @property
    def activations(self) -> Any:
        """The activations of the last pass, ``(size,)`` or ``(n, size)``; None before any."""
        return self.place.activations

    @property
    def deltas(self) -> Any:
        """The deltas of the last backward pass, ``(size,)`` or ``(n, size)``; None before any."""
        return self.place.deltas

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[Neuron]:
        return iter(self.neurons)


@final
class InputLayer(BaseLayer):
    """The inputs of a network.

    Parameters
    ----------
    n : int
        How many.
    labels : sequence of str, optional
        A unique name for each, without ``->`` and ``=``; ``input[0]``, ... where none is given.

    Examples
    --------
    >>> InputLayer(2, labels=["education", "income"])
    InputLayer(2, labels=['education', 'income'])
    """

    def __init__(self, n: int, labels: Iterable[str] | None = None, *, name: str = "input") -> None:
        super().__init__(n, name, labels)

    @property
    def weights(self) -> None:
        """None: nothing feeds an input."""
        return None

    @property
    def biases(self) -> None:
        """None: an input has no bias."""
        return None

    @property
    def kind(self) -> Kind:
        """The kind of the neurons: `InputNeuron`."""
        return Kind(InputNeuron)

    def __repr__(self) -> str:
        labels = "" if self.given_labels is None else f", labels={list(self.given_labels)}"
        return f"InputLayer({self.size}{labels})"


@final
class Layer(BaseLayer):
    """Neurons of one kind, each reading the whole layer before: z = x W + b.

    Parameters
    ----------
    n : int
        How many neurons.
    neuron : kind
        A class such as `SigmoidNeuron`, or ``functools.partial(LeakyReLUNeuron, slope=0.1)``.
    name : str, optional
        ``hidden1``, ``hidden2``, ..., and ``output`` for the last, where none is given.
    weights : array, optional
        ``(n_inputs, n)``; ``weights[i, j]`` joins neuron i of the layer before to neuron j.
        Drawn by the initializer where none are given.
    biases : array, optional
        ``(n,)``; from `bias_initializer`, else 0, where none are given.
    initializer, bias_initializer : Initializer, optional
        The kind's own (He for ReLU and its relatives, else Xavier), and zeros.
    labels : sequence of str, optional
        A unique name for each neuron; ``name[0]``, ... where none is given.
    normalization : BatchNormalization, optional
        Brings z to mean 0 and variance 1 before the activation. z = x W is then without biases,
        which are beta, added afterwards.

    Examples
    --------
    >>> import neurosim as ns
    >>> ns.Layer(3, ns.ReLUNeuron)
    Layer(3, ReLUNeuron)
    """

    def __init__(
        self,
        n: int,
        neuron: Any,
        *,
        name: str | None = None,
        weights: Any = None,
        biases: Any = None,
        initializer: Initializer | None = None,
        bias_initializer: Initializer | None = None,
        labels: Iterable[str] | None = None,
        normalization: BatchNormalization | None = None,
    ) -> None:
        super().__init__(n, name, labels)
        what = f"Layer{f' {name!r}' if name else ''}"
        self.kind: Kind | None = Kind.of(neuron, f"{what}: neuron")
        if self.kind.neuron is InputNeuron:
            raise ArgumentTypeError(
                f"{what}: neuron must be a kind that computes; inputs are made by ns.InputLayer(n)."
            )
        if normalization is not None:
            checked: BatchNormalization = instance_of(
                normalization,
                BatchNormalization,
                f"{what}: normalization",
                "ns.BatchNormalization()",
            )
            self.kind = replace(self.kind, normalization=checked)
        self.given_weights = self._given(weights, f"{what}: weights", 2)
        self.given_biases = self._given(biases, f"{what}: biases", 1)
        self.initializer = self._initializer(initializer, self.kind.neuron.initializer, what)
        self.bias_initializer = self._initializer(bias_initializer, Zeros(), what)

    def _given(self, values: Any, what: str, dimensions: int) -> Any:
        if values is None:
            return None
        array = finite_array(values, what, dimensions=dimensions).copy()
        # How many rows the weights must have is known to the network, which checks their shape.
        if dimensions == 1 and len(array) != self.size:
            raise ShapeError(f"{what} must be ({self.size},), one per neuron; got {array.shape}.")
        return array

    def _initializer(self, given: Any, otherwise: Initializer, what: str) -> Initializer:
        if given is None:
            return otherwise
        checked: Initializer = instance_of(
            given, Initializer, f"{what}: an initializer", "ns.Normal(0.01)"
        )
        return checked

    @classmethod
    def _of_network(
        cls, name: str, labels: tuple[str, ...] | None, size: int, kind: Kind | None
    ) -> Layer:
        """Return a layer as a network holds it; of a graph it may mix kinds (`kind` is None)."""
        layer = cls.__new__(cls)
        layer.size, layer.name, layer.given_labels, layer.kind = size, name, labels, kind
        layer.given_weights = layer.given_biases = None
        layer._place = None
        return layer

    @property
    def weights(self) -> Any:
        """The matrix ``(n_inputs, n)``: a live view; assignment writes through.

        In a graph, rows belong to all sources of the layer, with 0 where there is no edge; where
        such a matrix is no view of the parameters it is read-only.
        """
        return self.given_weights if self._place is None else self._place.weights

    @weights.setter
    def weights(self, values: Any) -> None:
        self.place.weights = values

    @property
    def biases(self) -> Any:
        """The biases ``(n,)``: a live view; assignment writes through."""
        return self.given_biases if self._place is None else self._place.biases

    @biases.setter
    def biases(self, values: Any) -> None:
        self.place.biases = values

    @property
    def normalization(self) -> BatchNormalization | None:
        """What normalizes the sums of all its neurons, if anything."""
        return None if self.kind is None else self.kind.normalization

    @property
    def gammas(self) -> Any:
        """Of a normalized layer the factors ``(n,)``: a live view; assignment writes through."""
        return self.place.gammas

    @gammas.setter
    def gammas(self, values: Any) -> None:
        self.place.gammas = values

    @property
    def gamma_gradients(self) -> Any:
        """The derivatives of the loss by the gammas of a normalized layer."""
        return self.place.gamma_gradients

    @property
    def z(self) -> Any:
        """The weighted sums of the last pass, ``(size,)`` or ``(n, size)``; None before any."""
        return self.place.z

    @property
    def weight_gradients(self) -> Any:
        """The derivatives of the loss by the weights, of the same shape."""
        return self.place.weight_gradients

    @property
    def bias_gradients(self) -> Any:
        """The derivatives of the loss by the biases."""
        return self.place.bias_gradients

    def __repr__(self) -> str:
        kind = "several kinds" if self.kind is None else str(self.kind)
        name = "" if self.name is None else f", name={self.name!r}"
        labels = "" if self.given_labels is None else f", labels={list(self.given_labels)}"
        own = "" if self.normalization is None else f", normalization={self.normalization!r}"
        return f"Layer({self.size}, {kind}{name}{labels}{own})"
