"""A path stands out.

How an input reaches an output: the neurons of a path, and the edges between them.
"""

import neurosim as ns

net = ns.Network.layered([3, 4, 4, 2], hidden=ns.TanhNeuron, output=ns.SigmoidNeuron, rng=5)
net.forward([0.2, -0.5, 1.0])
net.draw("path.svg", highlight=["input[1]", "hidden1[2]", "hidden2[0]", "output[1]"])
