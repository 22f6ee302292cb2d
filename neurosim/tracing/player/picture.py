"""The drawing of a page, and the numbers that stand in it before the first step."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.tracing.trace import Trace

__all__ = ["Picture"]

MOST_DRAWN = 5_000
"""So many edges a browser still draws anew at every step without lag."""
# What the page says itself, or shows as colour.
_SHOWN = {"legend": False, "colorbar": False, "fills": False}
# Under the nodes of longer layers there is no room for z.
LONGEST = 8


@final
class Picture:
    """The network of a trace, drawn with all that fits.

    Parameters
    ----------
    trace : Trace
        Of a training, the first.

    Attributes
    ----------
    svg : str
        The drawing; "" of a network that cannot be drawn usefully.
    """

    def __init__(self, trace: Trace) -> None:
        self._network, self._first = trace.network, trace.snapshot
        self.svg = self._drawn() or ""

    def _drawn(self) -> str | None:
        from neurosim.drawing.network import network_svg

        run = self._network.last_pass
        sample = None if run is None or run.n == 1 else 0
        shown = {**_SHOWN, "z": max(map(len, self._network.layers)) <= LONGEST}
        return network_svg(self._network, show=shown, sample=sample)

    @cached_property
    def _slots(self) -> dict[str, int]:
        """The slots of weights and biases by their labels, where they are not too many."""
        snapshot, found = self._first, dict[str, int]()
        if self._network.wiring.n_edges > MOST_DRAWN:
            return found
        for number, (incoming, bias) in snapshot.rows.items():
            found |= {snapshot.edge(source, number): slot for source, slot in incoming}
            found[f"{snapshot.labels[number]}.bias"] = bias
            if number in snapshot.normalized:
                found[f"{snapshot.labels[number]}.gamma"] = snapshot.gamma_slots[number]
        return found

    @property
    def subjects(self) -> list[str]:
        """Of what `parameters` are."""
        return list(self._slots)

    def parameters(self, trace: Trace) -> list[float]:
        """Return the weights and biases before the first step."""
        held: list[float] = trace.snapshot.parameters
        return [held[slot] for slot in self._slots.values()]

    @property
    def input_labels(self) -> list[str]:
        """Of what `inputs` are."""
        return [self._network.labels[number] for number in self._network.wiring.inputs]

    def inputs(self, trace: Trace) -> Iterator[list[float]]:
        """Yield the activations of every input, sample by sample."""
        for number in self._network.wiring.inputs:
            yield trace.snapshot.activation[number]

    @property
    def layers(self) -> list[tuple[str, list[str]]]:
        """The names of the layers, and the labels of their neurons."""
        network = self._network
        names = [layer.name or f"layer{k}" for k, layer in enumerate(network.layers)]
        found: list[tuple[str, list[str]]] = [(name, []) for name in names]
        for label, (layer, _) in zip(network.labels, network.position_of.tolist(), strict=True):
            found[layer][1].append(label)
        return found

    @property
    def description(self) -> dict[str, Any]:
        """What the page has to know of the drawing."""
        return {
            "subjects": self.subjects,
            "inputs": self.input_labels,
            "layers": self.layers,
            "drawn": bool(self.svg),
        }
