"""7-4-3, after a pass.

Labels that people know, an activation in every node and the numbers on the edges that have room.
"""

import neurosim as ns

measured = ["pH", "sugar", "acid", "sulphur", "salt", "alcohol", "density"]
net = ns.Network(
    [
        ns.InputLayer(7, labels=measured),
        ns.Layer(4, ns.SigmoidNeuron),
        ns.Layer(3, ns.SoftmaxNeuron, labels=["poor", "fair", "fine"]),
    ],
    loss=ns.CategoricalCrossEntropy(),
    rng=4,
)
net.forward([0.6, 0.1, 0.4, 0.8, 0.2, 0.9, 0.5])
net.draw("seven_four_three.svg")
