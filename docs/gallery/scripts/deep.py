"""Five hidden layers.

A deep network before training: the colours are the signs of the weights, the widths their sizes.
"""

import neurosim as ns

net = ns.Network.layered([4, 6, 6, 6, 6, 6, 2], hidden=ns.ReLUNeuron, output=ns.LinearNeuron, rng=2)
net.draw("deep.svg", show={"weights": False, "biases": False})
