"""A step of a trace.

The delta of a hidden neuron, the first of the layer: what it is made of stands out, and nothing
is shown that is not known by then.
"""

import neurosim as ns

net = ns.Network.layered([2, 2, 2], hidden=ns.SigmoidNeuron, output=ns.SigmoidNeuron, rng=1)
trace = net.trace([0.05, 0.10], [0.01, 0.99], ns.SGD(0.5))
step = next(step for step in trace if step.kind == "delta" and step.subject == "hidden1[0]")
trace.draw("trace_step.svg", step=step, title="The delta of hidden1[0]")
