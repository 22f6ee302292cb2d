"""What feeds a neuron.

One neuron of the second layer and everything that it depends on; the rest fades.
"""

import neurosim as ns

net = ns.Network.layered([4, 5, 4, 2], hidden=ns.ReLUNeuron, output=ns.SigmoidNeuron, rng=6)
for weak in ("hidden1[1]", "hidden1[3]"):
    net.disconnect(weak, "hidden2[2]")
net.draw("feeding.svg", highlight="hidden2[2]", feeding=True, show={"weights": False})
