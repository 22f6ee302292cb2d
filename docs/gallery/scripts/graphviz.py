"""As text for Graphviz.

``dot`` lays it out anew, ``neato -n2`` keeps the places.
"""

import neurosim as ns

net = ns.Network.layered([2, 2, 1], hidden=ns.SigmoidNeuron, output=ns.SigmoidNeuron, rng=1)
net.draw("graphviz.dot")
