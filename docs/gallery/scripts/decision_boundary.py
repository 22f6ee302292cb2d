"""A decision boundary.

What a network answers everywhere, with the samples that it has learned from.
"""

import neurosim as ns

X, Y = ns.datasets.moons(200, noise=0.15, rng=1)
net = ns.Network.layered(
    [2, 8, 8, 1],
    hidden=ns.TanhNeuron,
    output=ns.SigmoidNeuron,
    loss=ns.BinaryCrossEntropy(),
    rng=1,
)
net.fit(X, Y, optimizer=ns.Adam(0.02), epochs=400)
ns.draw_decision_boundary(net, X, Y, path="decision_boundary.png", title="Two moons")
