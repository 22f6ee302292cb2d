"""For a paper.

At the width of a column, 3.3 inches, with no text smaller than 7 points.
"""

import neurosim as ns

net = ns.Network.layered([2, 3, 2], hidden=ns.TanhNeuron, output=ns.SoftmaxNeuron, rng=7)
net.forward([0.5, -1.0])
net.draw("paper.svg", style="paper")
