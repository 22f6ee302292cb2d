"""One learning step by hand.

Every number of one sample's forward and backward pass, each where it belongs: sums, activations
and deltas at the neurons, weights and gradients on the edges.
"""

import neurosim as ns

net = ns.Network.layered([2, 2, 1], hidden=ns.SigmoidNeuron, output=ns.SigmoidNeuron, rng=1)
net.forward([0, 1])
net.backward([1])
net.draw("xor_by_hand.svg", show={"z": True, "gradients": True}, title="XOR: the sample (0, 1)")
