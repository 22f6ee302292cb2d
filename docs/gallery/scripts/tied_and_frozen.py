"""Shared and frozen weights.

A convolution by hand: three neurons share two weights. What is frozen is dashed.
"""

import networkx as nx

import neurosim as ns

graph = nx.DiGraph()
for i in range(3):
    graph.add_node(f"window {i}", neuron=ns.ReLUNeuron, bias=0.5, frozen=i == 0)
graph.add_node("sum", neuron=ns.LinearNeuron)
for i in range(3):
    graph.add_edge(f"pixel {i}", f"window {i}", tied="left", weight=0.7)
    graph.add_edge(f"pixel {i + 1}", f"window {i}", tied="right", weight=-1.2)
    graph.add_edge(f"window {i}", "sum", weight=1.0, frozen=True)
net = ns.Network.from_graph(graph, inputs=[f"pixel {i}" for i in range(4)])
net.draw("tied_and_frozen.svg")
