"""What one neuron answers.

The activation of a hidden neuron over the plane of the inputs: the line at which it turns.
"""

import neurosim as ns

X, Y = ns.datasets.ring(200, noise=0.1, rng=1)
net = ns.Network.layered(
    [2, 4, 1],
    hidden=ns.TanhNeuron,
    output=ns.SigmoidNeuron,
    loss=ns.BinaryCrossEntropy(),
    rng=2,
)
net.fit(X, Y, optimizer=ns.Adam(0.03), epochs=300)
ns.draw_response(net, "hidden1[0]", limits=(-1.6, 1.6), path="response.png")
