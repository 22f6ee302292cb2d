"""All numbers of one learning step, taken once from the graph engine."""

from __future__ import annotations

from copy import deepcopy
from functools import cached_property
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.engines.traversal import TraversalEngine
from neurosim.tracing.symbols import Indexed, Symbol

if TYPE_CHECKING:
    from neurosim.engines.traversal import Pass
    from neurosim.learning.learner import Memory, Optimizer
    from neurosim.network import Network
    from neurosim.neurons import Kind
    from neurosim.tracing.watch import Watch

__all__ = ["Snapshot"]


@final
class Snapshot:
    """What a network held and computed: plain numbers, which stay as they are from then on.

    Numbers of a neuron are lists with an entry per sample, those of a parameter single floats.

    Attributes
    ----------
    labels : list of str
    kinds : list of Kind
    n : int
        The number of samples.
    tolerance : float
        How near a textbook's formula must come to the engine's number to be shown for it.
    position_of : list of (layer, position)
        Of every neuron, counted from 0; ``layer_names`` are the layers'.
    per_sample : bool
        Whether the 1/n of the mean is left out of deltas: see `Network.trace`.
    watch : Watch or None
        What steps are recorded about; None is everything.
    blocks, outgoing, column, coupled, partner, reached
        The plan of the graph engine, as `TraversalEngine` made it.
    z, activation, delta : lists of lists of float, by neuron number
    masks, unmasked : dicts of lists of float
        Of neurons with dropout at work: their masks, and their activations before.
    u : list of lists of float, by neuron number
        What f is applied to: z, or where z is normalized gamma zhat + beta.
    normalized : dict of Normalized
        Of neurons whose z is normalized; see `neurosim.normalization`.
    targets : list of lists of float, by output
    gradient, parameters, after : lists of float
        ``after`` are the parameters after the update, None where there is none.
    optimizer : Optimizer or None
    memory : Memory or None
        What the optimizer remembered before the update; ``memory_after`` what it does then.
    """

    def __init__(
        self, network: Network, *, per_sample: bool = False, watch: Watch | None = None
    ) -> None:
        wiring, engine = network.wiring, network.engine(TraversalEngine)
        self.labels = list(network.labels)
        self.kinds: list[Kind] = [wiring.kinds[kind] for kind in wiring.kind_of.tolist()]
        self.loss_kind = network.loss
        self.inputs, self.outputs, self.column = engine.inputs, engine.outputs, engine.column
        self.blocks, self.outgoing = engine.blocks, engine.outgoing
        self.coupled, self.partner = engine.coupled, engine.partner
        self.reached = engine.reached
        self.gamma_slots = engine.gamma_slots
        self.position_of: list[tuple[int, int]] = [
            (layer, position) for layer, position in network.position_of.tolist()
        ]
        self.layer_names = [layer.name or f"layer{k}" for k, layer in enumerate(network.layers)]
        self.block_of: list[int] = wiring.block_of[:, 0].tolist()
        self.tie_names = {slot: network.tie_names[tie] for slot, tie in wiring.tie_at.items()}
        self.parameters: list[float] = network.parameters.tolist()
        self.frozen: list[bool] = network.frozen.tolist()
        self.tolerance = 1e-12 if network.dtype == np.float64 else 1e-5
        self.has_targets, self.per_sample, self.watch = False, per_sample, watch
        self.regularization, self.wiring = network.regularization, wiring
        self.after: list[float] | None = None
        self.optimizer: Optimizer | None = None
        self.memory: Memory | None = None
        self.memory_after: Memory | None = None

    def take_forward(self, run: Pass) -> None:
        """Take the numbers of a forward pass."""
        self.n = run.n
        self.z = [_floats(values) for values in run.z]
        self.activation = [_floats(values) for values in run.activation]
        self.single = run.single
        self.u = [_floats(values) for values in run.u]
        self.normalized = dict(run.normalized)
        self.masks = {number: _floats(mask) for number, mask in run.masks.items()}
        self.unmasked = {number: _floats(values) for number, values in run.unmasked.items()}

    def take_backward(self, run: Pass, targets: Any, gradient: Any) -> None:
        """Take the numbers of a backward pass; targets are ``(n, n_outputs)``."""
        assert run.delta is not None
        assert run.loss is not None
        self.has_targets = True
        self.delta = [self._scaled(values) for values in run.delta]
        self.targets: list[list[float]] = targets.T.tolist()
        self.loss = float(run.loss)
        self.gradient: list[float] = gradient.tolist()

    def take_update(self, network: Network, optimizer: Optimizer, gradient: Any) -> None:
        """Make one update of copies of the parameters and of what the optimizer remembers."""
        self.optimizer, self.memory = deepcopy(optimizer), deepcopy(optimizer.remembered(network))
        after, self.memory_after = network.parameters.copy(), deepcopy(self.memory)
        with np.errstate(all="ignore"):
            self.seen: list[float] = optimizer.seen(gradient, network.frozen).tolist()
            optimizer.advance(after, gradient, network.frozen, self.memory_after)
        self.after = after.tolist()

    @cached_property
    def rows(self) -> dict[int, tuple[list[tuple[int, int]], int]]:
        """The edges into a neuron, as (source, slot), and the slot of its bias."""
        return {
            number: (incoming, bias) for block in self.blocks for number, incoming, bias in block
        }

    @cached_property
    def shown_rows(self) -> dict[int, tuple[list[tuple[int, int]], int]]:
        """The rows of the neurons with a parameter that is watched."""
        if self.watch is None:
            return self.rows
        targets = set(self.watch.parameters.values())
        return {number: row for number, row in self.rows.items() if number in targets}

    def shows(self, number: int) -> bool:
        """Whether z, a and delta of a neuron are watched."""
        return self.watch is None or number in self.watch.neurons

    @cached_property
    def edges_of(self) -> dict[int, list[tuple[int, int]]]:
        """The edges (source, target) that share each tied weight, in order of the engine."""
        edges: dict[int, list[tuple[int, int]]] = {slot: [] for slot in self.tie_names}
        for number, (incoming, _) in self.rows.items():
            for source, slot in incoming:
                if slot in edges:
                    edges[slot].append((source, number))
        return edges

    def own_activation(self, number: int) -> list[float]:
        """Return f(z) of a neuron, sample by sample, before dropout."""
        return self.unmasked.get(number, self.activation[number])

    def by_u(self, number: int) -> list[float]:
        """Return dJ/du of a neuron, sample by sample; delta where z is not normalized."""
        one = self.normalized.get(number)
        return self.delta[number] if one is None else self._scaled(one.by_u)

    @property
    def scale(self) -> float:
        """What deltas are multiplied by: n, where the 1/n of the mean is left out of them."""
        return float(self.n) if self.per_sample else 1.0

    def _scaled(self, values: Any) -> list[float]:
        found = _floats(values)
        return [self.n * value for value in found] if self.per_sample else found

    def members(self, number: int) -> list[int]:
        """Return the neurons that are computed together with this one."""
        return [member for member, _, _ in self.blocks[self.block_of[number]]]

    def is_input(self, number: int) -> bool:
        """Whether the neuron is an input."""
        return self.block_of[number] < 0

    def partnered(self, number: int) -> bool:
        """Whether the loss of this output is computed from its z."""
        return number in self.column and self.partner[self.block_of[number]]

    def indexed(self, letter: str, number: int) -> Indexed:
        """Return a letter that belongs to a neuron."""
        return Indexed(letter, self.labels[number], (self.position_of[number],))

    def indexed_edge(self, letter: str, source: int, target: int) -> Indexed:
        """Return a letter that belongs to an edge."""
        at = self.position_of[source], self.position_of[target]
        return Indexed(letter, self.edge(source, target), at)

    def symbol(self, letter: str, number: int) -> Symbol:
        """Return the symbol of a neuron's number that all samples share."""
        return Symbol(self.indexed(letter, number))

    def edge(self, source: int, target: int) -> str:
        """Return the label of an edge."""
        return f"{self.labels[source]}->{self.labels[target]}"


def _floats(values: Any) -> list[float]:
    """Return a float per sample; an input has no z, and so none."""
    if values is None:
        return []
    return [float(value) for value in np.atleast_1d(values)]
