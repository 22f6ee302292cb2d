"""What training has changed.

Every weight before and after 500 epochs; colour and width are those of the change.
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
before = net.copy()
net.fit(X, Y, optimizer=ns.SGD(0.5), epochs=500)
net.draw("difference.svg", compare=before, title="XOR: what 500 epochs have changed")
