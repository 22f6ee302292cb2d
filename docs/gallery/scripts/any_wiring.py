"""Any wiring.

An acyclic graph with skips, several kinds of neuron and two outputs: edges that skip a column pass
round its neurons, not through them.
"""

import networkx as nx

import neurosim as ns

graph = nx.DiGraph()
kinds = {"h1": ns.TanhNeuron, "h2": ns.TanhNeuron, "h3": ns.TanhNeuron, "k1": ns.ReLUNeuron}
kinds |= {"k2": ns.SigmoidNeuron, "price": ns.LinearNeuron, "risk": ns.SigmoidNeuron}
for name, kind in kinds.items():
    graph.add_node(name, neuron=kind, bias=0.1)
graph.add_edges_from((x, h) for x in ("area", "age") for h in ("h1", "h2", "h3"))
graph.add_edges_from((h, k) for h in ("h1", "h2", "h3") for k in ("k1", "k2"))
graph.add_edges_from((k, y) for k in ("k1", "k2") for y in ("price", "risk"))
graph.add_edges_from([("area", "price"), ("age", "k2"), ("age", "risk"), ("h2", "risk")])
net = ns.Network.from_graph(graph, rng=3)
net.forward([0.5, -1.0])
net.draw("any_wiring.svg", show={"weights": False})
