"""Three classes.

The class that the network would choose everywhere, and the borders between them.
"""

import neurosim as ns

X, Y = ns.datasets.blobs(150, centers=3, spread=1.2, rng=3)
net = ns.Network.layered(
    [2, 6, 3],
    hidden=ns.TanhNeuron,
    output=ns.SoftmaxNeuron,
    loss=ns.CategoricalCrossEntropy(),
    rng=1,
)
net.fit(X, Y, optimizer=ns.Adam(0.02), epochs=200)
ns.draw_decision_boundary(net, X, Y, path="three_classes.png")
