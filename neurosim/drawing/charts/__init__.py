"""Charts of a network, of its training and of its kinds of neuron, made with matplotlib.

Every function returns its matplotlib Axes. It draws into ``ax=``, or onto a figure of its own that
``plt.show()`` shows; with ``path=`` that figure becomes a file instead. Nothing changes the
network or matplotlib's settings.

=============  ==============================================================================
look           inks and sizes of a style
sheet          where a chart goes: a person's Axes, a figure of its own, a file
colors         the colour maps, and the hues of classes
slice          which inputs vary, and at what the others are held
responses      what neurons answer there
boundary       regions of classes over two inputs
response       one neuron over two inputs; function: neurons over one input
loss_surface   the loss over two parameters; directions: the plane that it is drawn on
loss_curve     the loss along one parameter, with its tangent
cells          a matrix with its numbers; weights and confusion draw theirs with it
images         the weights of neurons that read images
histograms     how the numbers of layers are spread
trajectories   weights over the epochs of a training
kinds          activation and derivative of kinds of neuron
=============  ==============================================================================
"""

from neurosim.drawing.charts.boundary import draw_decision_boundary
from neurosim.drawing.charts.confusion import draw_confusion
from neurosim.drawing.charts.function import draw_function
from neurosim.drawing.charts.histograms import draw_histograms
from neurosim.drawing.charts.images import draw_weight_images
from neurosim.drawing.charts.kinds import draw_kind, draw_kinds
from neurosim.drawing.charts.loss_surface import draw_loss_surface
from neurosim.drawing.charts.response import draw_response
from neurosim.drawing.charts.trajectories import draw_weight_history
from neurosim.drawing.charts.weights import draw_weights

__all__ = [
    "draw_confusion",
    "draw_decision_boundary",
    "draw_function",
    "draw_histograms",
    "draw_kind",
    "draw_kinds",
    "draw_loss_surface",
    "draw_response",
    "draw_weight_history",
    "draw_weight_images",
    "draw_weights",
]
