"""Loss and metrics of a training.

The losses of training and validation, the accuracy and the learning rate, epoch by epoch.
"""

import neurosim as ns

X, Y = ns.datasets.moons(200, noise=0.2, rng=1)
net = ns.Network.layered(
    [2, 8, 1],
    hidden=ns.TanhNeuron,
    output=ns.SigmoidNeuron,
    loss=ns.BinaryCrossEntropy(),
    rng=1,
)
history = net.fit(
    X,
    Y,
    optimizer=ns.Adam(ns.ExponentialDecay(0.05, 0.99)),
    epochs=150,
    validation=0.25,
    metrics=[ns.accuracy],
)
history.plot(path="loss_curves.svg")
