"""What of a learning step is recorded, and how many steps that makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

from neurosim.checks import short
from neurosim.edge import Edge
from neurosim.errors import ArgumentError, ArgumentTypeError
from neurosim.layers import BaseLayer
from neurosim.neurons import Neuron

if TYPE_CHECKING:
    from neurosim.network import Network
    from neurosim.tracing.steps import Step

__all__ = ["MOST_STEPS", "Watch", "require_few"]

MOST_STEPS = 1_000_000
"""No more steps than this are recorded at once."""


@final
class Watch:
    """A watch list: the subjects that steps are recorded about.

    An edge, also as ``(source, target)``, stands for its weight, a neuron for its numbers, its bias
    and the edges into it, a layer for its neurons, and ``"loss"`` for the loss. ``"label.bias"``
    and ``"label.gamma"`` stand for those alone.

    Attributes
    ----------
    entries : list of str
        The list as text, which makes an equal one.
    neurons : dict
        The numbers of the neurons whose z, a and delta are watched, in order.
    parameters : dict
        By subject: the number of the neuron that each watched parameter belongs to.
    loss : bool
    """

    def __init__(self, network: Network, watch: Any, what: str) -> None:
        self._network = network
        self.entries: list[str] = []
        self.neurons: dict[int, None] = {}
        self.parameters: dict[str, int] = {}
        self.loss = False
        for entry in _entries(watch, what):
            self._add(entry)

    def _add(self, entry: Any) -> None:
        directory = self._network.directory
        if isinstance(entry, str) and directory.find(entry) is None:
            self._add_text(entry)
        elif isinstance(entry, tuple) and directory.find(entry) is None:
            self._add_text(directory.item(entry).label)
        elif isinstance(entry, Edge):
            self._add_text(entry.label)
        else:
            numbers = directory.neurons(entry)
            self.entries += [self._network.labels[number] for number in numbers]
            self._add_neurons(numbers)

    def _add_text(self, entry: str) -> None:
        directory = self._network.directory
        label, _, ending = entry.rpartition(".")
        if entry == "loss":
            self.loss = True
        elif "->" in entry:
            edge = directory.item(entry)
            entry = edge.label
            self.parameters[entry] = directory.neuron(edge.target)
        elif ending in ("bias", "gamma") and directory.find(label) is not None:
            # It raises where the neuron has none.
            directory.parameters(entry)
            self.parameters[entry] = directory.neuron(label)
        else:
            self._add_neurons(directory.neurons(entry))
        self.entries.append(entry)

    def _add_neurons(self, numbers: list[int]) -> None:
        wiring, labels = self._network.wiring, self._network.labels
        for number in numbers:
            self.neurons[number] = None
            if wiring.is_input(number):
                continue
            own = labels[number]
            names = [f"{labels[source]}->{own}" for source in wiring.incoming(number)[0].tolist()]
            endings = ["bias", "gamma"] if wiring.gamma_slots[number] >= 0 else ["bias"]
            for name in [*names, *(f"{own}.{ending}" for ending in endings)]:
                self.parameters[name] = number

    def covers(self, step: Step) -> bool:
        """Whether a step is about something that is watched."""
        if step.kind in ("gradient", "update"):
            return step.subject in self.parameters
        return self.loss if step.kind == "loss" else True


def _entries(watch: Any, what: str) -> list[Any]:
    single = isinstance(watch, str | Neuron | Edge | BaseLayer)
    if single or not hasattr(watch, "__iter__"):
        raise ArgumentTypeError(
            f"{what} must be a list of edges, neurons, layers and 'loss', such as "
            f"['input[0]->hidden1[0]', 'loss']; got {short(watch)}."
        )
    entries = list(watch)
    if not entries:
        raise ArgumentError(
            f"{what} is empty, so that nothing would be recorded; name edges, neurons, layers or "
            "'loss', or leave it out to record everything."
        )
    return entries


def require_few(
    network: Network, watch: Watch | None, n: int, passes: str, what: str, times: int = 1
) -> None:
    """Raise `ArgumentError` before too many steps are recorded.

    Parameters
    ----------
    n : int
        The number of samples.
    passes : str
        ``"forward"``, ``"backward"`` or ``"update"``: how far a learning step goes.
    times : int
        The number of learning steps.
    """
    count = times * _count(network, watch, n, passes)
    if count > MOST_STEPS:
        layers = "" if times > 1 else 'whole layers with by="layer", '
        raise ArgumentError(
            f"{what}: this would record {count:,} steps, more than {MOST_STEPS:,}; record fewer "
            f"samples, {layers}or some of it with a watch list such as "
            f"watch=[{network.labels[-1]!r}, 'loss']."
        )


def _count(network: Network, watch: Watch | None, n: int, passes: str) -> int:
    wiring = network.wiring
    if watch is None:
        neurons, inputs = wiring.n_neurons, len(wiring.inputs)
        normalized = len(wiring.normalized)
        parameters, loss = wiring.n_edges + neurons - inputs + normalized, 1
    else:
        neurons = len(watch.neurons)
        inputs = sum(wiring.is_input(number) for number in watch.neurons)
        parameters, loss = len(watch.parameters), int(watch.loss)
    forward = 2 * n * (neurons - inputs)
    if passes == "forward":
        return forward
    return forward + n * neurons + loss + parameters * (2 if passes == "update" else 1)
