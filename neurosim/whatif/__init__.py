"""What if: what another weight, a cut edge or a neuron held still would do; nothing is changed.

=============  ==============================================================================
curve          `loss_along`: the loss along one weight, and the tangent that the gradient gives
interventions  `Change`, `Cut`, `Clamp`, `Freeze`: what is done to a copy of the network
clamped        a neuron that answers one number, whatever it reads
comparison     `before_after`: every number of a step, before such an intervention and after it
=============  ==============================================================================
"""

from neurosim.whatif.comparison import BeforeAfter, Difference, before_after
from neurosim.whatif.curve import LossCurve, loss_along
from neurosim.whatif.interventions import Change, Clamp, Cut, Freeze, Intervention

__all__ = [
    "BeforeAfter",
    "Change",
    "Clamp",
    "Cut",
    "Difference",
    "Freeze",
    "Intervention",
    "LossCurve",
    "before_after",
    "loss_along",
]
