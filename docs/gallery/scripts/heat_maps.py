"""Weight matrices as heat maps.

A row for each source, a column for each neuron, biases in the last row; one scale for all.
"""

import neurosim as ns

X, Y = ns.datasets.moons(200, noise=0.1, rng=1)
net = ns.Network.layered(
    [2, 6, 6, 1],
    hidden=ns.TanhNeuron,
    output=ns.SigmoidNeuron,
    loss=ns.BinaryCrossEntropy(),
    rng=1,
)
net.fit(X, Y, optimizer=ns.Adam(0.02), epochs=200)
ns.draw_weights(net, path="heat_maps.svg")
