"""A network in one table: layers, shapes, parameter counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from neurosim.network import Network

__all__ = ["summary"]

_HEAD = ("layer", "neurons", "kind", "weights", "biases", "gammas", "frozen")


def summary(network: Network) -> str:
    """Return the table as a text to print.

    Gammas have a column where some sums are normalized. Weights of a layer that reads one whole
    layer are given as a shape, others as a count.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    >>> print(net.summary())
    layer    neurons  kind          weights  biases  frozen
    input          2  InputNeuron         -       -       -
    hidden1        3  TanhNeuron      2 x 3       3       0
    output         1  LinearNeuron    3 x 1       1       0
    13 parameters (9 weights, 4 biases), 13 trained; loss MeanSquaredError()
    """
    rows = [_HEAD, *(_row(network, k) for k in range(len(network.layers)))]
    if not len(network.wiring.normalized):
        rows = [(*row[:5], *row[6:]) for row in rows]
    widths = [max(len(row[c]) for row in rows) for c in range(len(rows[0]))]
    lines = ["  ".join(_cell(row, c, widths[c]) for c in range(len(row))).rstrip() for row in rows]
    return "\n".join([*lines, _total(network)])


def _cell(row: tuple[str, ...], column: int, width: int) -> str:
    return row[column].ljust(width) if column in (0, 2) else row[column].rjust(width)


def _row(network: Network, k: int) -> tuple[str, ...]:
    layer: Any = network.layers[k]
    kind = "several kinds" if layer.kind is None else str(layer.kind)
    name, size = str(layer.name), str(layer.size)
    if k == 0:
        return name, size, kind, "-", "-", "-", "-"
    slots, shape = _weight_slots(network, layer)
    biases = network.wiring.bias_slots[layer.place.numbers]
    gammas = network.wiring.gamma_slots[layer.place.numbers]
    gammas = gammas[gammas >= 0]
    frozen = sum(int(network.frozen[entries].sum()) for entries in (slots, biases, gammas))
    return name, size, kind, shape, str(layer.size), str(len(gammas)), str(frozen)


def _weight_slots(network: Network, layer: Any) -> tuple[Any, str]:
    wiring, numbers = network.wiring, layer.place.numbers
    block = wiring.blocks[int(wiring.block_of[numbers[0], 0])]
    if block.dense and np.array_equal(block.targets, numbers):
        return block.all_slots[:-1].ravel(), f"{len(block.sources)} x {len(numbers)}"
    entries = np.arange(wiring.n_parameters)
    own = [entries[wiring.incoming(number)[1]] for number in numbers.tolist()]
    # A tied weight counts once in the layer.
    slots = np.unique(np.concatenate(own)) if own else entries[:0]
    return slots, str(len(slots))


def _total(network: Network) -> str:
    count, biases = network.wiring.n_parameters, int((network.wiring.bias_slots >= 0).sum())
    gammas = len(network.wiring.normalized)
    also = f", {gammas} gammas" if gammas else ""
    trained = count - int(network.frozen.sum())
    return (
        f"{count} parameters ({count - biases - gammas} weights, {biases} biases{also}), "
        f"{trained} trained; "
        f"loss {network.loss!r}"
    )
