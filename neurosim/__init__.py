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
functions, erf          the functions formulas are written in, and how engines bind them
definitions             what a class states as a formula, checked
recording, programs     formulas as lists of NumPy calls, for the vectorized engine and optimizers
neurons, losses         the kinds: what one neuron computes, what training makes small
initializers            how weights start
regularizers            penalties and dropout; regularization is what a network has of them
layers                  how neurons are grouped and named
wiring, grouping        who feeds whom, which entry each edge is; what is computed at once
building                from layers, graphs and arrays to the structure of a network
network                 the network; places, edge, graph, directory are its live views
fine_tuning             a trained network with another output layer
samples, mapped, units  the data that come in, checked, from files too; a person's units
engines                 traversal (the specification), vectorized (NumPy), compiled (numba)
learning                the training loop, its callbacks, optimizers, rules, metrics, scalers;
                        search: which rate, width, depth, optimizer
estimators              scikit-learn's manners; imported by its own name, as it needs an extra
tracing, drawing        consumers: every number of a step; figures of the live network
whatif                  the loss along one weight; a step before a change and after it
gradcheck               derivatives against finite differences
configuration, storage  a network as plain data, and in files
datasets                small data sets, made from a seed or read from files
tables                  a person's own table, and what a model keeps of it
blas                    which matrix kernels NumPy uses, and whether others are faster
cli                     the command line
======================  =========================================================================
"""

from neurosim import datasets, errors, functions
from neurosim.blas import BlasReport, examine_blas
from neurosim.drawing.charts import (
    draw_confusion,
    draw_decision_boundary,
    draw_function,
    draw_histograms,
    draw_kind,
    draw_kinds,
    draw_loss_surface,
    draw_response,
    draw_weight_history,
    draw_weight_images,
    draw_weights,
)
from neurosim.drawing.training import draw_training
from neurosim.edge import Edge
from neurosim.engines import EnginePlan
from neurosim.errors import (
    ArgumentError,
    ArgumentTypeError,
    CompilationError,
    DivergedError,
    LabelError,
    LiveGraphError,
    LossError,
    MissingExtraError,
    ModelFileError,
    NeurosimError,
    NoDerivativeError,
    NotFiniteError,
    NotFittedError,
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
from neurosim.learning.averages import ExponentialAverage
from neurosim.learning.callbacks import Callback, Run
from neurosim.learning.classes import class_names, one_hot
from neurosim.learning.clipping import ClipByNorm, ClipByValue, Clipping
from neurosim.learning.diagnostics import BatchLoss, Diagnostics
from neurosim.learning.history import History
from neurosim.learning.learner import Learner, Memory, Optimizer
from neurosim.learning.metrics import (
    accuracy,
    confusion_matrix,
    f1,
    mean_absolute_error,
    mean_squared_error,
    precision,
    r2,
    recall,
)
from neurosim.learning.optimizers import SGD, AdaGrad, Adam, AdamW, Momentum, Nesterov, RMSprop
from neurosim.learning.preprocessing import MeanCentering, MinMaxScaler, Scaler, Standardizer
from neurosim.learning.printing import PrintEvery
from neurosim.learning.rules import DeltaRule, PerceptronRule
from neurosim.learning.schedules import (
    ConstantRate,
    ExponentialDecay,
    InverseSquareRootDecay,
    InverseTimeDecay,
    Schedule,
    StaircaseDecay,
    WarmUp,
)
from neurosim.learning.search import (
    RateSweep,
    SearchTable,
    grid_search,
    grow_layer,
    learning_rate_finder,
    optuna_search,
    random_search,
)
from neurosim.learning.stopping import EarlyStopping, StopWhen
from neurosim.learning.weight_history import WeightHistory
from neurosim.losses import (
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    Hinge,
    Huber,
    Loss,
    MeanAbsoluteError,
    MeanSquaredError,
    QuadraticCost,
)
from neurosim.network import Network
from neurosim.neurons import (
    CoupledNeuron,
    ELUNeuron,
    GELUNeuron,
    HardmaxNeuron,
    InputNeuron,
    LeakyReLUNeuron,
    LinearNeuron,
    Neuron,
    Perceptron,
    ReLUNeuron,
    SigmoidNeuron,
    SoftmaxNeuron,
    SoftplusNeuron,
    SwishNeuron,
    TanhNeuron,
)
from neurosim.normalization import BatchNormalization
from neurosim.regularizers import L1, L2, Dropout, Regularizer, WeightPenalty
from neurosim.storage import load
from neurosim.storage.checkpoints import Checkpoint, resume
from neurosim.tracing import Step, Trace, TrainingTrace, trace_training
from neurosim.tracing.exercises import MISTAKES, WorkReport, Worksheet, check_work, worksheet
from neurosim.whatif import (
    BeforeAfter,
    Change,
    Clamp,
    Cut,
    Freeze,
    Intervention,
    LossCurve,
    before_after,
    loss_along,
)

__version__ = "0.1.0"

__all__ = [
    "L1",
    "L2",
    "MISTAKES",
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "ArgumentError",
    "ArgumentTypeError",
    "BatchLoss",
    "BatchNormalization",
    "BeforeAfter",
    "BinaryCrossEntropy",
    "BlasReport",
    "Callback",
    "CategoricalCrossEntropy",
    "Change",
    "Checkpoint",
    "Clamp",
    "ClipByNorm",
    "ClipByValue",
    "Clipping",
    "CompilationError",
    "Constant",
    "ConstantRate",
    "CoupledNeuron",
    "Cut",
    "DeltaRule",
    "Diagnostics",
    "DivergedError",
    "Dropout",
    "ELUNeuron",
    "EarlyStopping",
    "Edge",
    "EnginePlan",
    "ExponentialAverage",
    "ExponentialDecay",
    "Freeze",
    "GELUNeuron",
    "Glorot",
    "GradientReport",
    "HardmaxNeuron",
    "He",
    "Hinge",
    "History",
    "Huber",
    "Initializer",
    "InputLayer",
    "InputNeuron",
    "Intervention",
    "InverseSquareRootDecay",
    "InverseTimeDecay",
    "LabelError",
    "Layer",
    "LeakyReLUNeuron",
    "Learner",
    "LinearNeuron",
    "LiveGraphError",
    "Loss",
    "LossCurve",
    "LossError",
    "MeanAbsoluteError",
    "MeanCentering",
    "MeanSquaredError",
    "Memory",
    "MinMaxScaler",
    "MissingExtraError",
    "ModelFileError",
    "Momentum",
    "Nesterov",
    "Network",
    "Neuron",
    "NeurosimError",
    "NoDerivativeError",
    "Normal",
    "NotFiniteError",
    "NotFittedError",
    "Optimizer",
    "PassError",
    "Perceptron",
    "PerceptronRule",
    "PrintEvery",
    "QuadraticCost",
    "RMSprop",
    "RateSweep",
    "ReLUNeuron",
    "Regularizer",
    "Run",
    "Scaler",
    "Schedule",
    "SearchTable",
    "ShapeError",
    "SigmoidNeuron",
    "SoftmaxNeuron",
    "SoftplusNeuron",
    "StaircaseDecay",
    "Standardizer",
    "Step",
    "StopWhen",
    "SwishNeuron",
    "TanhNeuron",
    "Trace",
    "TrainingTrace",
    "UnknownEdgeError",
    "UnknownLayerError",
    "UnknownNeuronError",
    "WarmUp",
    "WeightHistory",
    "WeightPenalty",
    "WiringError",
    "WorkReport",
    "Worksheet",
    "Xavier",
    "Zeros",
    "accuracy",
    "before_after",
    "check_gradient",
    "check_work",
    "class_names",
    "confusion_matrix",
    "datasets",
    "draw_confusion",
    "draw_decision_boundary",
    "draw_function",
    "draw_histograms",
    "draw_kind",
    "draw_kinds",
    "draw_loss_surface",
    "draw_response",
    "draw_training",
    "draw_weight_history",
    "draw_weight_images",
    "draw_weights",
    "errors",
    "examine_blas",
    "f1",
    "functions",
    "grid_search",
    "grow_layer",
    "learning_rate_finder",
    "load",
    "loss_along",
    "mean_absolute_error",
    "mean_squared_error",
    "numerical_derivative",
    "one_hot",
    "optuna_search",
    "precision",
    "r2",
    "random_search",
    "recall",
    "resume",
    "trace_training",
    "worksheet",
]
