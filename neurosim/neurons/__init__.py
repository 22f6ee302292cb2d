"""What one neuron computes: z = w . x + b, then its activation.

A kind of neuron is one class with two static functions, written over the names of
`neurosim.functions`: ``activate(z, *parameters)`` and ``derivative(z, a, *parameters)``. Every
engine, trace, drawing and check reads these two and nothing else. To add a kind, write::

    class SoftsignNeuron(ns.Neuron):
        symbol = "s/s"

        @staticmethod
        def activate(z):
            return z / (1 + abs(z))

        @staticmethod
        def derivative(z, a):
            return 1 / ((1 + abs(z)) * (1 + abs(z)))

Arguments of `activate` after z are the kind's parameters, with their defaults:
``functools.partial(ns.LeakyReLUNeuron, slope=0.1)`` is a kind, too.
"""

from neurosim.neurons.coupled import CoupledNeuron
from neurosim.neurons.kind import Kind
from neurosim.neurons.linear import InputNeuron, LinearNeuron
from neurosim.neurons.neuron import Neuron
from neurosim.neurons.rectifiers import ELUNeuron, LeakyReLUNeuron, ReLUNeuron
from neurosim.neurons.shares import HardmaxNeuron, SoftmaxNeuron
from neurosim.neurons.sigmoids import SigmoidNeuron, TanhNeuron
from neurosim.neurons.smooth import GELUNeuron, SoftplusNeuron, SwishNeuron
from neurosim.neurons.threshold import Perceptron

__all__ = [
    "CoupledNeuron",
    "ELUNeuron",
    "GELUNeuron",
    "HardmaxNeuron",
    "InputNeuron",
    "Kind",
    "LeakyReLUNeuron",
    "LinearNeuron",
    "Neuron",
    "Perceptron",
    "ReLUNeuron",
    "SigmoidNeuron",
    "SoftmaxNeuron",
    "SoftplusNeuron",
    "SwishNeuron",
    "TanhNeuron",
]
