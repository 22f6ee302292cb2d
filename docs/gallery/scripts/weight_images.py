"""Weights as images.

What every hidden neuron of the 64-16-10 looks for in an image of a digit.
"""

from sklearn.datasets import load_digits

import neurosim as ns

pixels, digits = load_digits(return_X_y=True)
Y, classes = ns.one_hot(digits)
net = ns.Network.layered(
    [64, 16, 10],
    hidden=ns.TanhNeuron,
    output=ns.SoftmaxNeuron,
    loss=ns.CategoricalCrossEntropy(),
    rng=1,
)
net.regularize(ns.L2(0.0001))
net.fit(
    pixels / 16,
    Y,
    optimizer=ns.Adam(0.01),
    epochs=20,
    batch_size=64,
    engine="vectorized",
)
ns.draw_weight_images(net.layers[1], (8, 8), path="weight_images.png")
