"""A network as plain data: dicts, lists, texts and numbers, exact and readable.

A layered network::

    {
        "dtype": "float64",
        "loss": "MeanSquaredError",
        "layers": [
            {"layer": "input", "name": "input", "neurons": 2},
            {
                "layer": "dense",
                "name": "hidden1",
                "neurons": 3,
                "kind": "ReLUNeuron",
                "weights": [[...], [...]],
                "biases": [...],
            },
            {
                "layer": "output",
                "name": "output",
                "neurons": 1,
                "kind": "LinearNeuron",
                "weights": [[...], [...], [...]],
                "biases": [...],
            },
        ],
    }

Weights and biases may be left out: they are then drawn. ``labels`` (a list) and ``parameters`` of
a kind (``{"slope": 0.1}``) may be given. The list of layers alone is a configuration, too, and
an entry of it may name the ``loss``. Any other network::

    {
        "dtype": "float64",
        "loss": "MeanSquaredError",
        "inputs": ["x"],
        "outputs": ["y"],
        "neurons": [
            {"label": "x", "kind": "InputNeuron"},
            {"label": "y", "kind": "TanhNeuron", "bias": 0.5, "layer": "output"},
        ],
        "edges": [{"source": "x", "target": "y", "weight": 2.0, "tied": "a"}],
    }

A layer of normalized sums has ``"normalization": {"normalization": "BatchNormalization",
"momentum": 0.9, "epsilon": 1e-8}`` and the lists ``gammas``, ``running_means`` and
``running_variances``, beside biases, which are beta; such a neuron of any other network has the
same ``normalization``, and ``gamma``, ``running_mean`` and ``running_variance``.

``frozen`` lists parameters that training leaves alone: ``"x->y"`` for a weight, ``"y.bias"``,
``"y.gamma"``; and where all of them are, ``"y.weights"`` for those into a neuron, and
``"hidden1.weights"``, ``"hidden1.biases"`` and ``"hidden1.gammas"`` for a layer. A
loss with parameters of its own is written ``{"loss": "Huber", "delta": 1.0}``. Scalers are written
``"scaling": {"inputs": {"scaler": "Standardizer", "offset": [...], "factor": [...]}}``, and the
same for ``"outputs"``; without offset and factor a scaler is not fitted yet. Regularizers are
``"regularizers": [{"regularizer": "L2", "strength": 0.01}, {"regularizer": "Dropout", "rate": 0.5,
"neurons": ["hidden1[0]", ...]}]``; without neurons they are about the whole network.
``"table"`` tells the columns of the table that the network was trained on; see
`neurosim.tables.schema`.
"""

from neurosim.configuration.attached import attach, attachments
from neurosim.configuration.named import kind_named, known_classes, loss_named, scaler_named
from neurosim.configuration.reading import network_of
from neurosim.configuration.writing import config_of, kind_config, loss_config

__all__ = [
    "attach",
    "attachments",
    "config_of",
    "kind_config",
    "kind_named",
    "known_classes",
    "loss_config",
    "loss_named",
    "network_of",
    "scaler_named",
]
