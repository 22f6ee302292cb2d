"""Figures of the live network and of its training.

A drawing is made in two steps. `composition` turns a network into a `scene`, which is plain data:
where every node, edge and text is, how large and in which colour, in points at the drawing's
natural size. A back-end draws the data; `network` does it with matplotlib. Nothing here changes
the network, and matplotlib is imported only when something is drawn.

=========  ==================================================================================
style      colours and sizes; how a number is written
options    what a person may choose, checked
columns    which neurons stand in which column, and which large layers leave out
values     the numbers of a pass, if they still belong to the parameters
plan       what is shown of this network, and how large
captions   the texts at every node
heights    how high everything stands in its column
numbers    where on its edge each number has room
layout     where the columns are, and the ways of the edges
legend     what the marks mean
scene      a drawing as data; composition puts it together
network    the scene in matplotlib, and in files
canvas     matplotlib's figures and settings, without side effects
curves     training, as curves; sweep: that of one search for the learning rate
=========  ==================================================================================
"""

from neurosim.drawing.curves import draw_history
from neurosim.drawing.network import draw_network
from neurosim.drawing.sweep import draw_sweep

__all__ = ["draw_history", "draw_network", "draw_sweep"]
