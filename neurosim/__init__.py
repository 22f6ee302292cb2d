"""neurosim: neural networks as objects, every number shown, and trained for real.

A network is made once and then seen in many ways::

    import neurosim as ns

    net = ns.Network.layered([2, 2, 1], hidden=ns.SigmoidNeuron, output=ns.SigmoidNeuron, rng=1)
    net.forward([0, 1])  # the graph engine: every neuron shows z and activation
    net.backward([1])  # ... and delta, and the gradient of every weight
    ns.SGD(0.5).step(net)  # one update by hand
    net.fit(X, Y, optimizer=ns.SGD(0.5), epochs=1000)  # real training
    net.graph, net.draw("net.svg"), print(net.trace([0, 1], [1]))

The architecture on one page
----------------------------
*One definition.* A kind of neuron states ``activate`` and ``derivative`` once, over the names of
`neurosim.functions`; a loss states ``loss`` and ``derivative``. Everything else reads these.

*One storage.* ``net.parameters`` and ``net.gradient`` are flat vectors. An edge and a bias are
entries of them, a layer's matrix is a view, tied edges share an entry.

======================  =========================================================================
errors, checks          what can go wrong; what an argument must be
functions               the functions formulas are written in, and how engines bind them
neurons, losses         the kinds: what one neuron computes, what training makes small
initializers            how weights start
layers                  how neurons are grouped and named
wiring, grouping        who feeds whom, which entry each edge is; what is computed at once
building                from layers, graphs and arrays to the structure of a network
network                 the network; places, edge, graph, directory are its live views
engines                 traversal (the specification) and vectorized (NumPy)
learning                the training loop, optimizers, rules, history, metrics
tracing, drawing        consumers: every number of a step; figures of the live network
gradcheck               derivatives against finite differences
configuration, storage  a network as plain data, and in files
datasets                small data sets, made from a seed or read from files
cli                     the command line
======================  =========================================================================
"""

from neurosim import datasets, errors, functions
from neurosim.edge import Edge
from neurosim.errors import (
    ArgumentError,
    ArgumentTypeError,
    DivergedError,
    LabelError,
    LiveGraphError,
    LossError,
    MissingExtraError,
    ModelFileError,
    NeurosimError,
    NoDerivativeError,
    NotFiniteError,
    PassError,
    ShapeError,
    UnknownEdgeError,
    UnknownLayerError,
    UnknownNeuronError,
    WiringError,
)
from neurosim.gradcheck import GradientReport, check_gradient, numerical_derivative
from neurosim.initializers import Constant, Glorot, He, Initializer, Normal, Xavier, Zeros
from neurosim.layers import InputLayer, Layer
from neurosim.learning.callbacks import Callback, Run
from neurosim.learning.history import History
from neurosim.learning.metrics import accuracy, mean_absolute_error
from neurosim.learning.optimizers import SGD, Learner, Optimizer
from neurosim.learning.rules import PerceptronRule
from neurosim.losses import (
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    Loss,
    MeanSquaredError,
    QuadraticCost,
)
from neurosim.network import Network
from neurosim.neurons import (
    CoupledNeuron,
    HardmaxNeuron,
    InputNeuron,
    LeakyReLUNeuron,
    LinearNeuron,
    Neuron,
    Perceptron,
    ReLUNeuron,
    SigmoidNeuron,
    SoftmaxNeuron,
    TanhNeuron,
)
from neurosim.storage import load
from neurosim.tracing import Step, Trace

__version__ = "0.1.0"

__all__ = [
    "SGD",
    "ArgumentError",
    "ArgumentTypeError",
    "BinaryCrossEntropy",
    "Callback",
    "CategoricalCrossEntropy",
    "Constant",
    "CoupledNeuron",
    "DivergedError",
    "Edge",
    "Glorot",
    "GradientReport",
    "HardmaxNeuron",
    "He",
    "History",
    "Initializer",
    "InputLayer",
    "InputNeuron",
    "LabelError",
    "Layer",
    "LeakyReLUNeuron",
    "Learner",
    "LinearNeuron",
    "LiveGraphError",
    "Loss",
    "LossError",
    "MeanSquaredError",
    "MissingExtraError",
    "ModelFileError",
    "Network",
    "Neuron",
    "NeurosimError",
    "NoDerivativeError",
    "Normal",
    "NotFiniteError",
    "Optimizer",
    "PassError",
    "Perceptron",
    "PerceptronRule",
    "QuadraticCost",
    "ReLUNeuron",
    "Run",
    "ShapeError",
    "SigmoidNeuron",
    "SoftmaxNeuron",
    "Step",
    "TanhNeuron",
    "Trace",
    "UnknownEdgeError",
    "UnknownLayerError",
    "UnknownNeuronError",
    "WiringError",
    "Xavier",
    "Zeros",
    "accuracy",
    "check_gradient",
    "datasets",
    "errors",
    "functions",
    "load",
    "mean_absolute_error",
    "numerical_derivative",
]
