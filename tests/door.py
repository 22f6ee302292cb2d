"""What the door offers, found by walking it, so that whatever is new is tested unasked."""

import inspect

import numpy as np

import neurosim as ns
from neurosim.engines import ENGINES


def concrete(base):
    """Every class in the door that derives from `base` and is not abstract, in order."""
    found = [getattr(ns, name) for name in ns.__all__]
    classes = [item for item in found if isinstance(item, type) and issubclass(item, base)]
    return [item for item in classes if not inspect.isabstract(item) and item is not base]


def made(cls):
    """An object of a class from the door, with an argument only where it needs one."""
    try:
        return cls()
    except TypeError:
        return cls(0.01)


KINDS = [kind for kind in concrete(ns.Neuron) if kind is not ns.InputNeuron]
COUPLED = [kind for kind in KINDS if issubclass(kind, ns.CoupledNeuron)]
SINGLE = [kind for kind in KINDS if kind not in COUPLED]
DIFFERENTIABLE = [kind for kind in KINDS if kind.differentiable()]
UNDIFFERENTIABLE = [kind for kind in KINDS if not kind.differentiable()]
PROBABILITIES = [kind for kind in DIFFERENTIABLE if kind.probability]
LOSSES = [made(cls) for cls in concrete(ns.Loss)]
INITIALIZERS = [made(cls) for cls in concrete(ns.Initializer)]
OPTIMIZERS = concrete(ns.Optimizer)
ENGINE_CLASSES = list(ENGINES)


def name_of(item):
    """A test id: the name of a class, else that of an object's class."""
    return item.__name__ if isinstance(item, type) else type(item).__name__


def suits(loss, kind):
    """Whether an output neuron of this kind can be trained with this loss."""
    try:
        loss.check_outputs([ns.neurons.Kind.of(kind, "a test")], ["output"])
    except ns.LossError:
        return False
    return kind.differentiable()


def targets_for(loss, Y):
    """Targets that suit the loss, made of numbers between 0 and 1: these, or else signs."""
    try:
        loss.check_targets(Y)
    except ns.LossError:
        return np.where(Y > 0.5, 1.0, -1.0).astype(Y.dtype)
    return Y


PAIRS = [(kind, loss) for loss in LOSSES for kind in DIFFERENTIABLE if suits(loss, kind)]
