"""How the gradients are spread.

The gradients of every layer of a deep sigmoid network before training: they vanish towards the
input.
"""

import neurosim as ns

X, Y = ns.datasets.moons(100, rng=1)
net = ns.Network.layered(
    [2, 20, 20, 20, 1],
    hidden=ns.SigmoidNeuron,
    output=ns.SigmoidNeuron,
    loss=ns.BinaryCrossEntropy(),
    rng=1,
)
net.forward(X)
net.backward(Y)
ns.draw_histograms(net, "gradients", path="histograms.svg")
