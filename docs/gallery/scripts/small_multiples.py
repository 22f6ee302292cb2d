"""A training as small multiples.

The same network at six times of its training, all with the same widths and colours.
"""

import neurosim as ns

X, Y = ns.datasets.xor()
net = ns.Network.layered(
    [2, 3, 1],
    hidden=ns.TanhNeuron,
    output=ns.SigmoidNeuron,
    loss=ns.BinaryCrossEntropy(),
    rng=0,
)
weights = ns.WeightHistory(every=20)
net.fit(X, Y, optimizer=ns.SGD(0.5), epochs=500, callbacks=weights)
ns.draw_training(net, weights, "small_multiples.svg")
