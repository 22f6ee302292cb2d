"""What a network is trained to make small.

A loss adds up, for every sample, a number per output, and takes the mean over the samples:
J = 1/n sum over samples, sum over outputs of ``loss(a, y)``. A loss states ``loss(a, y)`` and
``derivative(a, y)`` once, over the names of `neurosim.functions`, and every engine binds these two.
Arguments after a and y are the loss's parameters, with their defaults: ``ns.Huber(delta=0.5)``.

A cross entropy with its own kind of output neuron (``partner``) is computed from z instead, in
every engine, so that delta = (a - y) / n stays exact where the activation has no digits left.
"""

from neurosim.losses.absolute import Huber, MeanAbsoluteError
from neurosim.losses.cross_entropy import BinaryCrossEntropy, CategoricalCrossEntropy, CrossEntropy
from neurosim.losses.loss import Loss
from neurosim.losses.margin import Hinge
from neurosim.losses.squared import MeanSquaredError, QuadraticCost

__all__ = [
    "BinaryCrossEntropy",
    "CategoricalCrossEntropy",
    "CrossEntropy",
    "Hinge",
    "Huber",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "QuadraticCost",
]
