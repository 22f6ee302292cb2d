r"""Neurons and layers by symbols: x_1, a_2^{(1)}, and what a layer computes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from neurosim.neurons import LinearNeuron

if TYPE_CHECKING:
    from neurosim.drawing.columns import Column
    from neurosim.network import Network
    from neurosim.neurons import Kind

__all__ = ["formula_of", "is_dense", "shape_of", "symbol_of"]


def symbol_of(network: Network, number: int) -> str:
    r"""Return the symbol of a neuron: input i is x_i, neuron j of layer l is a_j^{(l)}.

    >>> import neurosim as ns
    >>> net = ns.Network.layered([2, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
    >>> symbol_of(net, 1), symbol_of(net, 2)
    ('x_{2}', 'a_{1}^{(1)}')
    """
    if network.wiring.is_input(number):
        return f"x_{{{network.wiring.inputs.tolist().index(number) + 1}}}"
    layer, index = network.position_of[number].tolist()
    return f"a_{{{index + 1}}}^{{({layer})}}"


def formula_of(network: Network, column: Column) -> str:
    r"""Return what the neurons of a column compute; empty for inputs and for several kinds.

    >>> import neurosim as ns
    >>> from neurosim.drawing.columns import columns_of
    >>> from neurosim.drawing.options import Options
    >>> net = ns.Network.layered([2, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
    >>> formula_of(net, columns_of(net, Options(), net.parameters)[1])
    'a^{(1)} = tanh(x W^{(1)} + b^{(1)})'
    """
    if column.kind is None or network.wiring.is_input(column.members[0]):
        return ""
    layer = int(network.position_of[column.members[0], 0])
    read = "x" if layer == 1 else f"a^{{({layer - 1})}}"
    z = f"{read} W^{{({layer})}}" if is_dense(network, layer) else "z"
    if column.kind.normalization is not None:
        z = rf"\gamma \cdot norm({z}) + \beta"
    elif z != "z":
        z = f"{z} + b^{{({layer})}}"
    return f"a^{{({layer})}} = {_applied(column.kind, z)}"


def _applied(kind: Kind, z: str) -> str:
    if issubclass(kind.neuron, LinearNeuron):
        return z
    symbol = kind.neuron.symbol
    word = symbol if symbol.isalpha() and symbol != "max" else str(kind).partition("(")[0]
    return f"{word.removesuffix('Neuron')}({z})"


def is_dense(network: Network, layer: int) -> bool:
    """Whether every neuron of a layer reads all of the layer before, and nothing else."""
    if layer == 0 or network.wiring.sizes is not None:
        return layer > 0
    of, edges = network.position_of[:, 0], network.wiring.edges
    into = of[edges.targets] == layer
    sizes = [int((of == k).sum()) for k in (layer - 1, layer)]
    from_before = of[edges.sources[into]] == layer - 1
    return bool(from_before.all()) and len(from_before) == int(np.prod(sizes))


def shape_of(network: Network, layer: int) -> str:
    """Return the shape of a layer's weights, as a formula; empty where they are no matrix."""
    if not is_dense(network, layer):
        return ""
    n_inputs, n = (network.layers[k].size for k in (layer - 1, layer))
    return f"W^{{({layer})}}: {n_inputs} × {n}"
