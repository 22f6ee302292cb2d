"""How a network comes to be: from layers, from a networkx graph, from arrays of edges.

Every way ends in a `Structure`: the wiring, the start parameters, and the names.
"""

from neurosim.building.arrays import from_edge_arrays
from neurosim.building.digraph import from_digraph
from neurosim.building.layered import checked_sizes, from_layers
from neurosim.building.structure import Structure
from neurosim.building.wired import rewired

__all__ = [
    "Structure",
    "checked_sizes",
    "from_digraph",
    "from_edge_arrays",
    "from_layers",
    "rewired",
]
