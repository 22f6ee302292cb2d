"""From top to bottom.

For a page that is higher than wide.
"""

import neurosim as ns

net = ns.Network.layered([3, 4, 4, 2], hidden=ns.TanhNeuron, output=ns.SigmoidNeuron, rng=5)
net.forward([0.2, -0.5, 1.0])
net.draw("downwards.svg", direction="down", show={"weights": False})
