"""In a book's symbols.

Neurons as symbols, what every layer computes, and the shapes of its weights.
"""

import neurosim as ns

net = ns.Network.layered([3, 4, 2], hidden=ns.TanhNeuron, output=ns.SoftmaxNeuron, rng=3)
net.draw(
    "symbols.svg",
    notation="math",
    show=["titles", "formulas", "shapes", "labels", "symbols", "legend"],
)
