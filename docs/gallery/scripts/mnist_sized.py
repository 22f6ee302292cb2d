"""784-128-10.

Of large layers the first and the last neurons are drawn and the rest is counted; titles tell the
whole size.
"""

import neurosim as ns

net = ns.Network.layered([784, 128, 10], hidden=ns.ReLUNeuron, output=ns.SoftmaxNeuron, rng=1)
net.draw("mnist_sized.svg", show={"shapes": True, "colorbar": True})
