"""A function, learned.

What a network with one input answers along it, with the samples.
"""

import numpy as np

import neurosim as ns

x = np.linspace(-3, 3, 40)
net = ns.Network.layered([1, 12, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=3)
net.fit(x[:, None], np.sin(2 * x)[:, None], optimizer=ns.Adam(0.02), epochs=3000)
ns.draw_function(net, x[:, None], np.sin(2 * x)[:, None], path="function_curves.svg")
