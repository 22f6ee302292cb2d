"""The history of some weights.

How the weights of XOR's output neuron go over the epochs.
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
weights = ns.WeightHistory(net["output[0]"])
net.fit(X, Y, optimizer=ns.SGD(0.5), epochs=500, callbacks=weights)
ns.draw_weight_history(weights, path="weight_history.svg")
