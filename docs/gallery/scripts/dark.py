"""On a dark ground.

The colours keep their meaning, and their contrast.
"""

import neurosim as ns

net = ns.Network.layered([2, 3, 2], hidden=ns.TanhNeuron, output=ns.SoftmaxNeuron, rng=7)
net.forward([0.5, -1.0])
net.draw("dark.svg", style="dark")
