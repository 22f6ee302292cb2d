"""For a slide.

All of a slide, with texts that can be read from the last row.
"""

import neurosim as ns

net = ns.Network.layered([2, 3, 2], hidden=ns.TanhNeuron, output=ns.SoftmaxNeuron, rng=7)
net.forward([0.5, -1.0])
net.draw("slide.svg", style="slide")
