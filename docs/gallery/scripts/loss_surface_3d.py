"""The loss as a landscape.

The weights of XOR's output neuron, as a surface in space, with the way of the training on it.
"""

import neurosim as ns

X, Y = ns.datasets.xor()
net = ns.Network.layered(
    [2, 2, 1],
    hidden=ns.SigmoidNeuron,
    output=ns.SigmoidNeuron,
    loss=ns.BinaryCrossEntropy(),
    rng=3,
)
weights = ns.WeightHistory(every=10)
net.fit(X, Y, optimizer=ns.SGD(2.0), epochs=1000, callbacks=weights)
ns.draw_loss_surface(
    net,
    "hidden1[0]->output[0]",
    "hidden1[1]->output[0]",
    X,
    Y,
    path_of=weights,
    three_d=True,
    path="loss_surface_3d.png",
)
