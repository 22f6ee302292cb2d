"""Films: a learning step that goes through the network, and a training.

=========  ==========================================================================
reel       frames as a file, .gif or .mp4
steps      `animate_trace`: forwards and back through the network, with the numbers
training   `animate_training`: the weights, the decision surface and the loss
=========  ==========================================================================
"""

from __future__ import annotations

from neurosim.drawing.film.steps import animate_trace
from neurosim.drawing.film.training import animate_training

__all__ = ["animate_trace", "animate_training"]
