"""As TikZ.

A LaTeX document that compiles by itself, with named neurons and colours to change by hand.
"""

import neurosim as ns

net = ns.Network.layered([2, 2, 1], hidden=ns.SigmoidNeuron, output=ns.SigmoidNeuron, rng=1)
net.draw("tikz.tex", notation="math", show=["labels", "symbols", "weights", "titles"])
