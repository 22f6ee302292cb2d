"""Batch normalization and dropout.

One sample of a pass in training: scales and shifts under the normalized neurons, and the neurons
that dropout has set to 0 in this pass.
"""

import neurosim as ns

net = ns.Network(
    [
        ns.InputLayer(2),
        ns.Layer(4, ns.TanhNeuron, normalization=ns.BatchNormalization()),
        ns.Layer(4, ns.ReLUNeuron),
        ns.Layer(1, ns.LinearNeuron),
    ],
    rng=8,
)
net.regularize(ns.Dropout(0.5), "hidden2")
net.forward([[0, 1], [1, 0], [1, 1]], training=True)
net.draw("normalized_and_dropped.svg", sample=1, show={"weights": False})
