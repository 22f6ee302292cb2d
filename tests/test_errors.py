"""Whatever is refused is refused by name, with the remedy, and leaves everything as it was."""

import inspect
from functools import partial

import networkx as nx
import numpy as np
import pytest

import neurosim as ns

NAN, INF = float("nan"), float("inf")
SGD, TANH = ns.SGD(0.1), ns.TanhNeuron


class NeedsNeuron(ns.Neuron):
    """A kind whose parameter has no default."""

    @staticmethod
    def activate(z, slope):
        """Return slope z."""
        return slope * z


class SelfNeuron(ns.Neuron):
    """A kind whose formula is no static function."""

    def activate(self, z):
        """Return z."""
        return z


class BranchingNeuron(ns.Neuron):
    """A kind whose formula takes floats only."""

    @staticmethod
    def activate(z):
        """Return max(0, z)."""
        return z if z > 0 else 0.0


def one_input():
    """A network of one input."""
    return ns.Network.layered([1, 1], hidden=TANH, output=TANH, rng=0)


def two_outputs():
    """A network of two inputs and two outputs."""
    return ns.Network.layered([2, 2], hidden=TANH, output=TANH, rng=0)


def float32():
    """A network that holds float32."""
    return ns.Network.layered([2, 3, 1], hidden=TANH, output=TANH, rng=0, dtype="float32")


def probable():
    """A network whose output is a probability."""
    loss = ns.BinaryCrossEntropy()
    return ns.Network.layered([1, 1], hidden=TANH, output=ns.SigmoidNeuron, loss=loss, rng=0)


def two_perceptron_layers():
    """What the perceptron rule cannot train."""
    return ns.Network.layered([1, 1, 1], hidden=ns.Perceptron, output=ns.Perceptron, rng=0)


def backward_after_forward(net, x, y):
    """Run a pass, and back with other targets."""
    net.forward(x)
    try:
        net.backward(y)
    finally:
        net.last_pass = None


def predict_with_nan(net):
    """Predict while a parameter is NaN, which only a person's own hand can make it."""
    before = net.parameters[4]
    net.parameters[4] = NAN
    try:
        net.predict([1.0, 2.0])
    finally:
        net.parameters[4] = before


def connect_twice(net):
    """Give two edges of one tie two weights."""
    twin = net.copy()
    twin.connect("input[0]", "output[0]", weight=1.0, tied="t")
    twin.connect("input[1]", "output[0]", weight=2.0, tied="t")


def nodes_only(*nodes):
    """A graph without edges."""
    graph = nx.DiGraph()
    graph.add_nodes_from(nodes)
    return graph


def chain(*nodes, neuron=TANH):
    """A path; all but the first node are neurons."""
    graph = nx.DiGraph()
    nx.add_path(graph, nodes)
    for node in nodes[1:]:
        graph.nodes[node]["neuron"] = neuron
    return graph


def cyclic():
    """x -> a -> b -> c -> a."""
    graph = chain("x", "a", "b", "c")
    graph.add_edge("c", "a")
    return graph


def looped():
    """x -> a -> a."""
    graph = chain("x", "a")
    graph.add_edge("a", "a")
    return graph


def attribute_all(graph):
    """The same graph, where every node is a neuron."""
    nx.set_node_attributes(graph, TANH, "neuron")
    return graph


def kindless_middle():
    """x -> y -> z, where y has no kind."""
    graph = chain("x", "y", "z")
    del graph.nodes["y"]["neuron"]
    return graph


def kinds_for_all():
    """x -> y, where x has a kind, too."""
    return attribute("x", "neuron", TANH)


def attribute(node, name, value):
    """x -> y, and an attribute of one of them."""
    graph = chain("x", "y")
    graph.nodes[node][name] = value
    return graph


def weighted(**attributes):
    """x -> y, and attributes of the edge."""
    graph = chain("x", "y")
    graph.edges["x", "y"].update(attributes)
    return graph


def tied(*weights):
    """x -> y -> z with one tie and these weights."""
    graph = chain("x", "y", "z")
    for edge, weight in zip(graph.edges, weights, strict=True):
        graph.edges[edge].update(tied="t", weight=weight)
    return graph


def coupled_chain():
    """x -> s -> t, where s and t are softmax neurons of one layer."""
    graph = chain("x", "s", "t", neuron=ns.SoftmaxNeuron)
    nx.set_node_attributes(graph, {"s": "out", "t": "out"}, "layer")
    return graph


def layered_nodes(of_x, of_y):
    """x -> y with these layers."""
    graph = chain("x", "y")
    nx.set_node_attributes(graph, {"x": of_x, "y": of_y}, "layer")
    return graph


def level_name():
    """x -> y -> z, where z is in a layer of the name that y's level has."""
    graph = chain("x", "y", "z")
    graph.nodes["z"]["layer"] = "level1"
    return graph


def skipping():
    """x -> h -> y and x -> y; h and y, of one level's layer, do not read the same."""
    graph = chain("x", "h", "y")
    graph.add_edge("x", "y")
    graph.nodes["h"]["layer"] = graph.nodes["y"]["layer"] = "both"
    return ns.Network.from_graph(graph, rng=0)


SAMPLES = {
    "X text": (
        ns.NotFiniteError,
        lambda net, X, Y: net.predict("abc"),
        "Network.predict: X must be numbers; got 'abc'.",
    ),
    "X list of text": (
        ns.NotFiniteError,
        lambda net, X, Y: net.predict(["a", "b"]),
        "Network.predict: X must be numbers; got ['a', 'b'].",
    ),
    "X text in a table": (
        ns.NotFiniteError,
        lambda net, X, Y: net.fit([["1", "2"]], Y, optimizer=SGD),
        "Network.fit: X must be numbers; got [['1', '2']].",
    ),
    "X objects with text": (
        ns.NotFiniteError,
        lambda net, X, Y: net.predict(np.array([1.0, "2"], dtype=object)),
        "Network.predict: X must be numbers; got array([1.0, '2'], dtype=object).",
    ),
    "X nan": (
        ns.NotFiniteError,
        lambda net, X, Y: net.fit([[1.0, NAN]] * 7, Y, optimizer=SGD),
        "Network.fit: X must be finite numbers; got nan at [0, 1].",
    ),
    "X infinite": (
        ns.NotFiniteError,
        lambda net, X, Y: net.forward([INF, 0.0]),
        "Network.forward: X must be finite numbers; got inf at [0].",
    ),
    "X nothing": (
        ns.NotFiniteError,
        lambda net, X, Y: net.predict(None),
        "Network.predict: X must be numbers; got None.",
    ),
    "X complex": (
        ns.NotFiniteError,
        lambda net, X, Y: net.predict([1j, 2.0]),
        "Network.predict: X must be numbers; got [1j, 2.0].",
    ),
    "X dates": (
        ns.NotFiniteError,
        lambda net, X, Y: net.predict(
            np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]")
        ),
        "Network.predict: X must be numbers; got array(['2020-01-01', '2020-01-02'], "
        "dtype='datetime64[D]').",
    ),
    "X huge whole number": (
        ns.NotFiniteError,
        lambda net, X, Y: net.predict([10**400, 1]),
        "Network.predict: X must be numbers; got "
        "[10000000000000000000000000000000000000000000000000000000....",
    ),
    "X masked": (
        ns.NotFiniteError,
        lambda net, X, Y: net.predict(np.ma.masked_array([1.0, 2.0], [True, False])),
        "Network.predict: X must be numbers; got a masked array with gaps.",
    ),
    "X ragged": (
        ns.ShapeError,
        lambda net, X, Y: net.predict([[1.0, 2.0], [3.0]]),
        "Network.predict: X must be numbers, in rows of equal length; got [[1.0, 2.0], [3.0]].",
    ),
    "X dict": (
        ns.NotFiniteError,
        lambda net, X, Y: net.predict({"a": 1}),
        "Network.predict: X must be numbers; got {'a': 1}.",
    ),
    "X set": (
        ns.NotFiniteError,
        lambda net, X, Y: net.predict({1.0}),
        "Network.predict: X must be numbers; got {1.0}.",
    ),
    "X empty": (
        ns.ShapeError,
        lambda net, X, Y: net.predict([]),
        "Network.predict: X must hold at least one sample; got shape (0,).",
    ),
    "X no rows": (
        ns.ShapeError,
        lambda net, X, Y: net.fit(np.zeros((0, 2)), np.zeros((0, 1)), optimizer=SGD),
        "Network.fit: X must hold at least one sample; got shape (0, 2).",
    ),
    "X single number": (
        ns.ShapeError,
        lambda net, X, Y: net.predict(3.0),
        "Network.predict: X must be (2,) for one sample or (n, 2) for a batch; got ().",
    ),
    "X 3-D": (
        ns.ShapeError,
        lambda net, X, Y: net.forward(np.zeros((2, 2, 2))),
        "Network.forward: X must be (2,) for one sample or (n, 2) for a batch; got (2, 2, 2).",
    ),
    "X wrong sample": (
        ns.ShapeError,
        lambda net, X, Y: net.predict([1.0, 2.0, 3.0]),
        "Network.predict: X is one sample of 3 numbers, but the network has 2 inputs.",
    ),
    "X wrong features": (
        ns.ShapeError,
        lambda net, X, Y: net.predict(np.zeros((4, 3))),
        "Network.predict: X must be (n, 2), as the network has 2 inputs; got (4, 3).",
    ),
    "X turned": (
        ns.ShapeError,
        lambda net, X, Y: net.predict(np.zeros((2, 4))),
        "Network.predict: X must be (n, 2), as the network has 2 inputs; got (2, 4). "
        "Did you mean X.T?",
    ),
    "X flat beside one input": (
        ns.ShapeError,
        lambda net, X, Y: one_input().predict([1.0, 2.0, 3.0]),
        "Network.predict: X is one sample of 3 numbers, but the network has 1 input. "
        "For 3 samples of one input pass X.reshape(-1, 1).",
    ),
    "Y text": (
        ns.NotFiniteError,
        lambda net, X, Y: net.fit(X, ["a"] * 7, optimizer=SGD),
        "Network.fit: Y must be numbers; got ['a', 'a', 'a', 'a', 'a', 'a', 'a'].",
    ),
    "Y nan": (
        ns.NotFiniteError,
        lambda net, X, Y: net.loss_of(X, np.full((7, 1), NAN)),
        "Network.loss_of: Y must be finite numbers; got nan at [0, 0].",
    ),
    "Y wrong columns": (
        ns.ShapeError,
        lambda net, X, Y: net.fit(X, np.zeros((7, 2)), optimizer=SGD),
        "Network.fit: Y must be (7, 1), as the network has 1 output and X is 7 "
        "samples; got (7, 2).",
    ),
    "Y wrong length": (
        ns.ShapeError,
        lambda net, X, Y: net.fit(X, Y[:6], optimizer=SGD),
        "Network.fit: Y must have one row per sample; X has 7 rows and Y has 6.",
    ),
    "Y flat wrong length": (
        ns.ShapeError,
        lambda net, X, Y: net.fit(X, Y.ravel()[:6], optimizer=SGD),
        "Network.fit: Y must have one row per sample; X has 7 rows and Y has 6.",
    ),
    "Y flat beside several outputs": (
        ns.ShapeError,
        lambda net, X, Y: two_outputs().fit(X, Y.ravel(), optimizer=SGD),
        "Network.fit: Y must be (7, 2), as the network has 2 outputs and X is 7 samples; got (7,).",
    ),
    "Y 3-D": (
        ns.ShapeError,
        lambda net, X, Y: net.loss_of(X, np.zeros((7, 1, 1))),
        "Network.loss_of: Y must be (7, 1), as the network has 1 output and X is 7 "
        "samples; got (7, 1, 1).",
    ),
    "Y empty": (
        ns.ShapeError,
        lambda net, X, Y: net.loss_of(X, []),
        "Network.loss_of: Y must have one row per sample; X has 7 rows and Y has 0.",
    ),
    "Y single number": (
        ns.ShapeError,
        lambda net, X, Y: net.loss_of(X[0], 1.0),
        "Network.loss_of: Y must be (1,), as the network has 1 output and X is one "
        "1-D sample; got ().",
    ),
    "Y table beside a sample": (
        ns.ShapeError,
        lambda net, X, Y: net.loss_of(X[0], [[1.0]]),
        "Network.loss_of: Y must be (1,), as the network has 1 output and X is one "
        "1-D sample; got (1, 1).",
    ),
    "Y nothing": (
        ns.NotFiniteError,
        lambda net, X, Y: net.loss_of(X, None),
        "Network.loss_of: Y must be numbers; got None.",
    ),
    "Y of a pass": (
        ns.ShapeError,
        lambda net, X, Y: backward_after_forward(net, X, Y[:3]),
        "Network.backward: Y must have one row per sample; X has 7 rows and Y has 3.",
    ),
    "Y of a sample": (
        ns.ShapeError,
        lambda net, X, Y: backward_after_forward(net, X[0], [1.0, 2.0]),
        "Network.backward: Y must be (1,), as the network has 1 output and X is one "
        "1-D sample; got (2,).",
    ),
    "too large for float32": (
        ns.NotFiniteError,
        lambda net, X, Y: float32().predict([1e300, 0.0]),
        "Network.predict: X must be finite numbers; got 1e+300 at [0], which float32 cannot hold.",
    ),
    "neuron wrong inputs": (
        ns.ShapeError,
        lambda net, X, Y: ns.SigmoidNeuron(weights=[1.0, 2.0])([1.0]),
        "SigmoidNeuron: the inputs must be (2,) for one sample or (n, 2) for a batch,"
        " as the neuron has 2 weights; got (1,).",
    ),
    "neuron text": (
        ns.NotFiniteError,
        lambda net, X, Y: ns.SigmoidNeuron(weights=[1.0])(["a"]),
        "SigmoidNeuron: the inputs must be numbers; got ['a'].",
    ),
    "neuron 3-D": (
        ns.ShapeError,
        lambda net, X, Y: ns.SigmoidNeuron(weights=[1.0])(np.zeros((1, 1, 1))),
        "SigmoidNeuron: the inputs must be (1,) for one sample or (n, 1) for a batch,"
        " as the neuron has 1 weight; got (1, 1, 1).",
    ),
}
VALUES = {
    "layer weights turned": (
        ns.ShapeError,
        lambda net, X, Y: ns.Network(
            [ns.InputLayer(2), ns.Layer(5, TANH, weights=np.ones((5, 2))), ns.Layer(1, TANH)]
        ),
        "Layer 'hidden1': weights must be (2, 5), as the layer before has 2 neurons "
        "and this one 5; got (5, 2). Did you mean weights.T?",
    ),
    "layer weights wrong": (
        ns.ShapeError,
        lambda net, X, Y: ns.Network(
            [ns.InputLayer(2), ns.Layer(5, TANH, weights=np.ones((2, 3)))]
        ),
        "Layer 'output': weights must be (2, 5), as the layer before has 2 neurons "
        "and this one 5; got (2, 3).",
    ),
    "layer weights flat": (
        ns.ShapeError,
        lambda net, X, Y: ns.Layer(2, TANH, weights=[1.0, 2.0]),
        "Layer: weights must be a table of numbers; got shape (2,).",
    ),
    "layer weights nan": (
        ns.NotFiniteError,
        lambda net, X, Y: ns.Layer(1, TANH, weights=[[NAN]]),
        "Layer: weights must be finite numbers; got nan at [0, 0].",
    ),
    "layer weights text": (
        ns.NotFiniteError,
        lambda net, X, Y: ns.Layer(1, TANH, weights=[["a"]]),
        "Layer: weights must be numbers; got [['a']].",
    ),
    "layer weights ragged": (
        ns.ShapeError,
        lambda net, X, Y: ns.Layer(2, TANH, name="h", weights=[[1.0], [1.0, 2.0]]),
        "Layer 'h': weights must be numbers, in rows of equal length; got [[1.0], [1.0, 2.0]].",
    ),
    "layer biases wrong": (
        ns.ShapeError,
        lambda net, X, Y: ns.Layer(2, TANH, biases=[1.0, 2.0, 3.0]),
        "Layer: biases must be (2,), one per neuron; got (3,).",
    ),
    "layer biases table": (
        ns.ShapeError,
        lambda net, X, Y: ns.Layer(2, TANH, biases=[[1.0, 2.0]]),
        "Layer: biases must be one row of numbers; got shape (1, 2).",
    ),
    "layer biases infinite": (
        ns.NotFiniteError,
        lambda net, X, Y: ns.Layer(1, TANH, biases=[INF]),
        "Layer: biases must be finite numbers; got inf at [0].",
    ),
    "layer initializer": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Layer(1, TANH, initializer="he"),
        "Layer: an initializer must be such as ns.Normal(0.01); got 'he'.",
    ),
    "layer bias initializer class": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Layer(1, TANH, bias_initializer=ns.Constant),
        "Layer: an initializer must be made with its arguments, such as "
        "ns.Normal(0.01); got the class Constant.",
    ),
    "assigned weights turned": (
        ns.ShapeError,
        lambda net, X, Y: setattr(net.layers[1], "weights", np.ones((3, 2))),
        "Layer 'hidden1': weights must be (2, 3), as the layer before has 2 neurons "
        "and this one 3; got (3, 2). Did you mean weights.T?",
    ),
    "assigned weights flat": (
        ns.ShapeError,
        lambda net, X, Y: setattr(net.layers[1], "weights", np.ones(6)),
        "Layer 'hidden1': weights must be a table of numbers; got shape (6,).",
    ),
    "assigned weights nan": (
        ns.NotFiniteError,
        lambda net, X, Y: setattr(net.layers[1], "weights", np.full((2, 3), NAN)),
        "Layer 'hidden1': weights must be finite numbers; got nan at [0, 0].",
    ),
    "assigned weights without edge": (
        ns.ArgumentError,
        lambda net, X, Y: setattr(skipping().layers[-1], "weights", np.ones((2, 2))),
        "Layer 'both': there is no edge 'h' -> 'h', so its weight must be 0; got 1.0."
        " Make the edge with net.connect.",
    ),
    "assigned biases wrong": (
        ns.ShapeError,
        lambda net, X, Y: setattr(net.layers[1], "biases", [1.0]),
        "Layer 'hidden1': biases must be (3,), one per neuron; got (1,).",
    ),
    "assigned biases text": (
        ns.NotFiniteError,
        lambda net, X, Y: setattr(net.layers[1], "biases", "abc"),
        "Layer 'hidden1': biases must be numbers; got 'abc'.",
    ),
    "neuron weights wrong": (
        ns.ShapeError,
        lambda net, X, Y: setattr(net["hidden1[0]"], "weights", [1.0]),
        "TanhNeuron 'hidden1[0]': weights must be (2,), one per incoming edge; got (1,).",
    ),
    "neuron weights nan": (
        ns.NotFiniteError,
        lambda net, X, Y: setattr(net["hidden1[0]"], "weights", [NAN, 1.0]),
        "TanhNeuron 'hidden1[0]': weights must be finite numbers; got nan at [0].",
    ),
    "neuron bias text": (
        ns.NotFiniteError,
        lambda net, X, Y: setattr(net["hidden1[0]"], "bias", "a"),
        "TanhNeuron 'hidden1[0]': bias must be a number; got 'a'.",
    ),
    "neuron bias list": (
        ns.ShapeError,
        lambda net, X, Y: setattr(net["hidden1[0]"], "bias", [1.0]),
        "TanhNeuron 'hidden1[0]': bias must be a single number; got shape (1,).",
    ),
    "neuron bias of an input": (
        ns.ArgumentError,
        lambda net, X, Y: setattr(net["input[0]"], "bias", 1.0),
        "InputNeuron 'input[0]' has no bias; give the bias to a neuron that reads it.",
    ),
    "neuron weights of an input": (
        ns.ArgumentError,
        lambda net, X, Y: setattr(net["input[0]"], "weights", [1.0]),
        "InputNeuron 'input[0]' has no weights; give the weights to a neuron that reads it.",
    ),
    "no neuron weights of an input": (
        ns.ArgumentError,
        lambda net, X, Y: setattr(net["input[0]"], "weights", []),
        "InputNeuron 'input[0]' has no weights; give the weights to a neuron that reads it.",
    ),
    "weights of an input alone": (
        ns.ArgumentError,
        lambda net, X, Y: setattr(ns.InputNeuron(), "weights", [1.0]),
        "An InputNeuron has no weights; give the weights to a neuron that reads it.",
    ),
    "bias of an input alone": (
        ns.ArgumentError,
        lambda net, X, Y: setattr(ns.InputNeuron(), "bias", 1.0),
        "An InputNeuron has no bias; give the bias to a neuron that reads it.",
    ),
    "edge weight infinite": (
        ns.NotFiniteError,
        lambda net, X, Y: setattr(net["input[0]", "hidden1[0]"], "weight", INF),
        "Edge 'input[0]->hidden1[0]': weight must be a finite number; got inf.",
    ),
    "edge weight nothing": (
        ns.NotFiniteError,
        lambda net, X, Y: setattr(net["input[0]", "hidden1[0]"], "weight", None),
        "Edge 'input[0]->hidden1[0]': weight must be a number; got None.",
    ),
    "edge gradient nan": (
        ns.NotFiniteError,
        lambda net, X, Y: setattr(net["input[0]", "hidden1[0]"], "gradient", NAN),
        "Edge 'input[0]->hidden1[0]': gradient must be a finite number; got nan.",
    ),
    "parameters wrong": (
        ns.ShapeError,
        lambda net, X, Y: setattr(net, "parameters", [1.0]),
        "Network: parameters must be (13,); got (1,).",
    ),
    "parameters nan": (
        ns.NotFiniteError,
        lambda net, X, Y: setattr(net, "parameters", np.full(13, NAN)),
        "Network: parameters must be finite numbers; got nan at [0].",
    ),
    "parameters table": (
        ns.ShapeError,
        lambda net, X, Y: setattr(net, "parameters", np.ones((13, 1))),
        "Network: parameters must be one row of numbers; got shape (13, 1).",
    ),
    "parameters too large for float32": (
        ns.NotFiniteError,
        lambda net, X, Y: setattr(float32(), "parameters", np.full(13, 1e300)),
        "Network: parameters must be finite numbers; got 1e+300 at [0], which float32 cannot hold.",
    ),
    "parameters set to nan by hand": (
        ns.NotFiniteError,
        lambda net, X, Y: predict_with_nan(net),
        "Network.predict: the parameter 'input[1]->hidden1[1]' is nan; set it to a "
        "finite number, or call net.reset().",
    ),
    "alone weights": (
        ns.ShapeError,
        lambda net, X, Y: ns.LinearNeuron(weights=3.0),
        "LinearNeuron: weights must be one row of numbers; got shape ().",
    ),
    "alone bias": (
        ns.NotFiniteError,
        lambda net, X, Y: ns.LinearNeuron(bias=NAN),
        "LinearNeuron: bias must be a finite number; got nan.",
    ),
    "constant": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Constant("a"),
        "Constant: value must be a number; got 'a'.",
    ),
    "constant nan": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Constant(NAN),
        "Constant: value must be a finite number; got nan.",
    ),
    "normal": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Normal(-1.0),
        "Normal: scale must be a finite number that is not negative; got -1.0.",
    ),
    "normal text": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Normal("wide"),
        "Normal: scale must be a number that is not negative; got 'wide'.",
    ),
}
LAYERS = {
    "no neurons": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Layer(0, TANH),
        "Layer: the number of neurons must be a positive whole number; got 0.",
    ),
    "negative": (
        ns.ArgumentError,
        lambda net, X, Y: ns.InputLayer(-1),
        "InputLayer 'input': the number of neurons must be a positive whole number; got -1.",
    ),
    "fraction": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Layer(2.0, TANH),
        "Layer: the number of neurons must be a positive whole number; got 2.0.",
    ),
    "true": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Layer(True, TANH),
        "Layer: the number of neurons must be a positive whole number; got True.",
    ),
    "text size": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.InputLayer("2"),
        "InputLayer 'input': the number of neurons must be a positive whole number; got '2'.",
    ),
    "no kind: text": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Layer(1, "SigmoidNeuron"),
        "Layer: neuron must be a kind of neuron, such as ns.SigmoidNeuron; got 'SigmoidNeuron'.",
    ),
    "no kind: class": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Layer(1, dict),
        "Layer: neuron must be a kind of neuron, such as ns.SigmoidNeuron; got <class 'dict'>.",
    ),
    "no kind: abstract": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Layer(1, ns.Neuron),
        "Layer: neuron must be a kind that states activate; Neuron is abstract. Use "
        "ns.SigmoidNeuron or another kind, or write your own.",
    ),
    "no kind: none": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Layer(1, None, name="h"),
        "Layer 'h': neuron must be a kind of neuron, such as ns.SigmoidNeuron; got None.",
    ),
    "no kind: input": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Layer(1, ns.InputNeuron),
        "Layer: neuron must be a kind that computes; inputs are made by ns.InputLayer(n).",
    ),
    "unknown parameter of a kind": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Layer(1, partial(ns.LeakyReLUNeuron, slop=0.1)),
        "Layer: neuron: LeakyReLUNeuron has no parameter 'slop'; its parameters: slope.",
    ),
    "parameter of a kind not finite": (
        ns.NotFiniteError,
        lambda net, X, Y: ns.Layer(1, partial(ns.LeakyReLUNeuron, slope=NAN)),
        "Layer: neuron: slope must be a finite number; got nan.",
    ),
    "parameter of a kind text": (
        ns.NotFiniteError,
        lambda net, X, Y: ns.LeakyReLUNeuron(slope="a"),
        "LeakyReLUNeuron: slope must be a number; got 'a'.",
    ),
    "parameter of a kind by position": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Layer(1, partial(ns.LeakyReLUNeuron, 0.1)),
        "Layer: neuron must be a kind of neuron, such as ns.SigmoidNeuron; got "
        f"{partial(ns.LeakyReLUNeuron, 0.1)!r}.",
    ),
    "parameter of a kind missing": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Layer(1, NeedsNeuron),
        "Layer: neuron: NeedsNeuron needs its parameter 'slope'; write "
        "functools.partial(NeedsNeuron, slope=...).",
    ),
    "kind with self": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Layer(1, SelfNeuron),
        "Layer: neuron: SelfNeuron.activate must be a static function of z; write "
        "@staticmethod above it, and leave out self.",
    ),
    "kind with if": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Layer(1, BranchingNeuron),
        "BranchingNeuron.activate must take arrays as well as floats, but: The truth "
        "value of an array with more than one element is ambiguous. Use a.any() or "
        "a.all(). Write it over neurosim.functions: where(z > 0, ...) for if, maximum"
        " for max, exp for math.exp.",
    ),
    "name no text": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Layer(1, TANH, name=5),
        "Layer 5: name must be a text; got 5.",
    ),
    "name with arrow": (
        ns.LabelError,
        lambda net, X, Y: ns.Layer(1, TANH, name="a->b"),
        "Layer 'a->b': name must not be empty and contain neither '->' nor '='; got 'a->b'.",
    ),
    "name empty": (
        ns.LabelError,
        lambda net, X, Y: ns.Layer(1, TANH, name=""),
        "Layer: name must not be empty and contain neither '->' nor '='; got ''.",
    ),
    "label with equals": (
        ns.LabelError,
        lambda net, X, Y: ns.Layer(1, TANH, labels=["a=b"]),
        "Layer: a label must not be empty and contain neither '->' nor '='; got 'a=b'.",
    ),
    "label with arrow": (
        ns.LabelError,
        lambda net, X, Y: ns.InputLayer(1, labels=["a->b"]),
        "InputLayer 'input': a label must not be empty and contain neither '->' nor "
        "'='; got 'a->b'.",
    ),
    "label no text": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Layer(1, TANH, labels=[5]),
        "Layer: a label must be a text; got 5.",
    ),
    "labels too few": (
        ns.ShapeError,
        lambda net, X, Y: ns.Layer(2, TANH, labels=["a"]),
        "Layer: labels must be 2, one per neuron; got 1.",
    ),
    "labels as one text": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Layer(2, TANH, labels="ab"),
        "Layer: labels must be a list of 2 texts; got 'ab'.",
    ),
    "labels no list": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Layer(2, TANH, labels=5),
        "Layer: labels must be a list of 2 texts; got 5.",
    ),
    "duplicate labels": (
        ns.LabelError,
        lambda net, X, Y: ns.Network(
            [ns.InputLayer(1, labels=["a"]), ns.Layer(1, TANH, labels=["a"])]
        ),
        "Network: two neurons have the label 'a'; labels must be unique.",
    ),
    "duplicate default label": (
        ns.LabelError,
        lambda net, X, Y: ns.Network([ns.InputLayer(1, labels=["output[0]"]), ns.Layer(1, TANH)]),
        "Network: two neurons have the label 'output[0]'; labels must be unique.",
    ),
    "duplicate names": (
        ns.LabelError,
        lambda net, X, Y: ns.Network(
            [ns.InputLayer(1), ns.Layer(1, TANH, name="a"), ns.Layer(1, TANH, name="a")]
        ),
        "Network: two layers have the name 'a'; give one another name=...",
    ),
    "name of the input": (
        ns.LabelError,
        lambda net, X, Y: ns.Network([ns.InputLayer(1), ns.Layer(1, TANH, name="input")]),
        "Network: two layers have the name 'input'; give one another name=...",
    ),
    "no layers": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network([]),
        "Network: layers must be an input layer and at least one layer of neurons, "
        "such as [ns.InputLayer(2), ns.Layer(1, ns.SigmoidNeuron)]; got 0 of them.",
    ),
    "layers no list": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network(ns.InputLayer),
        "Network: layers must be a list such as [ns.InputLayer(2), ns.Layer(1, "
        "ns.SigmoidNeuron)]; got <class 'neurosim.layers.InputLayer'>.",
    ),
    "layers as text": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network("2-3-1"),
        "Network: layers must be a list such as [ns.InputLayer(2), ns.Layer(1, "
        "ns.SigmoidNeuron)]; got '2-3-1'.",
    ),
    "no input layer": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network([ns.Layer(1, TANH), ns.Layer(1, TANH)]),
        "Network: layers[0] must be a layer such as ns.InputLayer(2); got Layer(1, TanhNeuron).",
    ),
    "input layer twice": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network([ns.InputLayer(1), ns.InputLayer(1)]),
        "Network: layers[1] must be a layer such as ns.Layer(5, ns.ReLUNeuron); got InputLayer(1).",
    ),
    "one layer": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network([ns.InputLayer(1)]),
        "Network: layers must be an input layer and at least one layer of neurons, "
        "such as [ns.InputLayer(2), ns.Layer(1, ns.SigmoidNeuron)]; got 1 of them.",
    ),
    "layer of another network": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network(list(net.layers)),
        "Network: layers[0] is the layer 'input' of another network; make a recipe "
        "for it, such as ns.InputLayer(2), or copy that network with net.copy().",
    ),
    "a class for a layer": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network([ns.InputLayer(1), ns.SigmoidNeuron]),
        "Network: layers[1] must be a layer such as ns.Layer(5, ns.ReLUNeuron); got "
        f"{ns.SigmoidNeuron!r}.",
    ),
    "sizes number": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.layered(3, hidden=TANH, output=TANH),
        "Network.layered: sizes must be a list such as [2, 5, 1]; got 3.",
    ),
    "sizes text": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.layered("231", hidden=TANH, output=TANH),
        "Network.layered: sizes must be a list such as [2, 5, 1]; got '231'.",
    ),
    "sizes one": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.layered([3], hidden=TANH, output=TANH),
        "Network.layered: sizes must be a list such as [2, 5, 1]; got [3].",
    ),
    "sizes zero": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.layered([2, 0, 1], hidden=TANH, output=TANH),
        "Network.layered: sizes[1] must be a positive whole number; got 0.",
    ),
    "sizes fraction": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.layered([2, 1.5], hidden=TANH, output=TANH),
        "Network.layered: sizes[1] must be a positive whole number; got 1.5.",
    ),
    "loss text": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.layered([1, 1], hidden=TANH, output=TANH, loss="mse"),
        "Network: loss must be such as ns.MeanSquaredError(); got 'mse'.",
    ),
    "loss of another kind": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.layered([1, 1], hidden=TANH, output=TANH, loss=ns.SGD(0.1)),
        "Network: loss must be such as ns.MeanSquaredError(); got SGD(learning_rate=0.1).",
    ),
    "loss assigned": (
        ns.ArgumentTypeError,
        lambda net, X, Y: setattr(net, "loss", "mse"),
        "Network: loss must be such as ns.MeanSquaredError(); got 'mse'.",
    ),
    "dtype": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.layered([1, 1], hidden=TANH, output=TANH, dtype="float16"),
        'Network: dtype must be "float64" or "float32"; got \'float16\'.',
    ),
    "dtype nothing": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.layered([1, 1], hidden=TANH, output=TANH, dtype=None),
        'Network: dtype must be "float64" or "float32"; got None.',
    ),
    "dtype no type": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.layered([1, 1], hidden=TANH, output=TANH, dtype="floaty"),
        'Network: dtype must be "float64" or "float32"; got \'floaty\'.',
    ),
    "rng text": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.layered([1, 1], hidden=TANH, output=TANH, rng="1"),
        "Network: rng must be a whole number, a numpy.random.Generator or None; got '1'.",
    ),
    "rng true": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.layered([1, 1], hidden=TANH, output=TANH, rng=True),
        "Network: rng must be a whole number, a numpy.random.Generator or None; got True.",
    ),
    "rng negative": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.layered([1, 1], hidden=TANH, output=TANH, rng=-1),
        "Network: rng must not be negative; got -1.",
    ),
    "rng fraction": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.layered([1, 1], hidden=TANH, output=TANH, rng=1.5),
        "Network: rng must be a whole number, a numpy.random.Generator or None; got 1.5.",
    ),
    "cross entropy on linear": (
        ns.LossError,
        lambda net, X, Y: ns.Network.layered(
            [1, 1], hidden=TANH, output=ns.LinearNeuron, loss=ns.BinaryCrossEntropy()
        ),
        "BinaryCrossEntropy: the outputs must be probabilities, but neuron "
        "'output[0]' is a LinearNeuron. Use SigmoidNeuron there, or "
        "loss=ns.MeanSquaredError().",
    ),
    "categorical on tanh": (
        ns.LossError,
        lambda net, X, Y: ns.Network.layered(
            [1, 2], hidden=TANH, output=TANH, loss=ns.CategoricalCrossEntropy()
        ),
        "CategoricalCrossEntropy: the outputs must be probabilities, but neuron "
        "'output[0]' is a TanhNeuron. Use SoftmaxNeuron there, or "
        "loss=ns.MeanSquaredError().",
    ),
    "cross entropy assigned": (
        ns.LossError,
        lambda net, X, Y: setattr(net, "loss", ns.BinaryCrossEntropy()),
        "BinaryCrossEntropy: the outputs must be probabilities, but neuron "
        "'output[0]' is a LinearNeuron. Use SigmoidNeuron there, or "
        "loss=ns.MeanSquaredError().",
    ),
    "target beyond one": (
        ns.LossError,
        lambda net, X, Y: probable().fit([[1.0], [2.0]], [[0.5], [1.5]], optimizer=SGD),
        "BinaryCrossEntropy: targets must lie in [0, 1]; got Y[1, 0] = 1.5. Scale "
        "them, or use loss=ns.MeanSquaredError().",
    ),
    "target below zero": (
        ns.LossError,
        lambda net, X, Y: probable().loss_of([1.0], [-0.25]),
        "BinaryCrossEntropy: targets must lie in [0, 1]; got Y[0, 0] = -0.25. Scale "
        "them, or use loss=ns.MeanSquaredError().",
    ),
}
GRAPHS = {
    "no graph": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.from_graph([("a", "b")]),
        "Network.from_graph: digraph must be a networkx.DiGraph; got [('a', 'b')].",
    ),
    "undirected": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.from_graph(nx.Graph([("a", "b")])),
        "Network.from_graph: digraph must be a networkx.DiGraph; got a Graph.",
    ),
    "multigraph": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.from_graph(nx.MultiDiGraph([("a", "b")])),
        "Network.from_graph: digraph must be a networkx.DiGraph; got a MultiDiGraph.",
    ),
    "no nodes": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.from_graph(nx.DiGraph()),
        "Network.from_graph: the graph has no nodes; add some neurons first.",
    ),
    "no edges": (
        ns.WiringError,
        lambda net, X, Y: ns.Network.from_graph(nodes_only("a", "b")),
        "Network: there are no outputs; name at least one with outputs=[...].",
    ),
    "kind missing": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.from_graph(nx.DiGraph([("x", "y")])),
        "Network.from_graph: node 'y': neuron is missing; say which kind it is, such "
        "as graph.add_node('y', neuron=ns.SigmoidNeuron).",
    ),
    "no kind": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.from_graph(chain("x", "y", neuron="sigmoid")),
        "Network.from_graph: node 'y': neuron must be a kind of neuron, such as "
        "ns.SigmoidNeuron; got 'sigmoid'.",
    ),
    "kind abstract": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.from_graph(chain("x", "y", neuron=ns.CoupledNeuron)),
        "Network.from_graph: node 'y': neuron must be a kind that states activate; "
        "CoupledNeuron is abstract. Use ns.SigmoidNeuron or another kind, or write "
        "your own.",
    ),
    "cycle": (
        ns.WiringError,
        lambda net, X, Y: ns.Network.from_graph(cyclic()),
        "Network: the edges run in a circle, a -> b -> c -> a; remove one of them, as"
        " every neuron must be computed after its sources.",
    ),
    "cycle alone": (
        ns.WiringError,
        lambda net, X, Y: ns.Network.from_graph(
            attribute_all(nx.DiGraph([("a", "b"), ("b", "a")]))
        ),
        "Network: the edges run in a circle, a -> b -> a; remove one of them, as "
        "every neuron must be computed after its sources.",
    ),
    "self-loop": (
        ns.WiringError,
        lambda net, X, Y: ns.Network.from_graph(looped()),
        "Network: neuron 'a' has an edge to itself; a feed-forward network computes "
        "every neuron once, so remove that edge.",
    ),
    "into an input": (
        ns.WiringError,
        lambda net, X, Y: ns.Network.from_graph(kindless_middle(), inputs=["x", "y"]),
        "Network: the edge 'x' -> 'y' leads into an input neuron; remove it, or leave"
        " 'y' out of the inputs.",
    ),
    "input with a kind": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.from_graph(kinds_for_all()),
        "Network.from_graph: node 'x' is an input, as no edge leads into it, but its "
        "neuron is TanhNeuron. Give it an edge, leave out its neuron, or say which "
        "nodes are the inputs with inputs=[...].",
    ),
    "input kind inside": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.from_graph(chain("x", "y", neuron=ns.InputNeuron)),
        "Network.from_graph: node 'y': neuron is InputNeuron, but the node is no "
        "input; add it to inputs=[...] and remove the edges into it, or give it a "
        "kind that computes.",
    ),
    "input with a bias": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.from_graph(attribute("x", "bias", 1.0)),
        "Network.from_graph: node 'x' is an input and has no bias; give the bias to a"
        " neuron that reads it.",
    ),
    "input is output": (
        ns.WiringError,
        lambda net, X, Y: ns.Network.from_graph(chain("x", "y"), outputs=["x", "y"]),
        "Network: neuron 'x' is an input and an output; let a LinearNeuron read it "
        "and be the output.",
    ),
    "inputs unknown": (
        ns.UnknownNeuronError,
        lambda net, X, Y: ns.Network.from_graph(chain("input", "y"), inputs=["imput"]),
        "Network.from_graph: inputs names 'imput', which is no node. Did you mean 'input'?",
    ),
    "outputs unknown": (
        ns.UnknownNeuronError,
        lambda net, X, Y: ns.Network.from_graph(chain("x", "y"), outputs=[3]),
        "Network.from_graph: outputs names 3, which is no node. Known: 'x', 'y'.",
    ),
    "outputs unhashable": (
        ns.UnknownNeuronError,
        lambda net, X, Y: ns.Network.from_graph(chain("x", "y"), outputs=[["y"]]),
        "Network.from_graph: outputs names ['y'], which is no node. Known: 'x', 'y'.",
    ),
    "outputs number": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.from_graph(chain("x", "y"), outputs=5),
        "Network.from_graph: outputs must be a list of nodes; got 5.",
    ),
    "outputs twice": (
        ns.LabelError,
        lambda net, X, Y: ns.Network.from_graph(chain("x", "y"), outputs=["y", "y"]),
        "Network: outputs names neuron 'y' twice.",
    ),
    "no inputs": (
        ns.WiringError,
        lambda net, X, Y: ns.Network.from_graph(kinds_for_all(), inputs=[]),
        "Network: there are no inputs; name at least one with inputs=[...].",
    ),
    "no outputs": (
        ns.WiringError,
        lambda net, X, Y: ns.Network.from_graph(chain("x", "y"), outputs=[]),
        "Network: there are no outputs; name at least one with outputs=[...].",
    ),
    "same label": (
        ns.LabelError,
        lambda net, X, Y: ns.Network.from_graph(nodes_only(1, "1")),
        "Network: two neurons have the label '1'; labels must be unique.",
    ),
    "label with arrow": (
        ns.LabelError,
        lambda net, X, Y: ns.Network.from_graph(chain("x", "a->b")),
        "Network.from_graph: the label of a node must not be empty and contain "
        "neither '->' nor '='; got 'a->b'.",
    ),
    "label with equals": (
        ns.LabelError,
        lambda net, X, Y: ns.Network.from_graph(chain("x", "a=b")),
        "Network.from_graph: the label of a node must not be empty and contain "
        "neither '->' nor '='; got 'a=b'.",
    ),
    "label empty": (
        ns.LabelError,
        lambda net, X, Y: ns.Network.from_graph(chain("x", "")),
        "Network.from_graph: the label of a node must not be empty and contain "
        "neither '->' nor '='; got ''.",
    ),
    "bias nan": (
        ns.NotFiniteError,
        lambda net, X, Y: ns.Network.from_graph(attribute("y", "bias", NAN)),
        "Network.from_graph: node 'y': bias must be a finite number; got nan.",
    ),
    "bias text": (
        ns.NotFiniteError,
        lambda net, X, Y: ns.Network.from_graph(attribute("y", "bias", "big")),
        "Network.from_graph: node 'y': bias must be a number; got 'big'.",
    ),
    "weight infinite": (
        ns.NotFiniteError,
        lambda net, X, Y: ns.Network.from_graph(weighted(weight=INF)),
        "Network.from_graph: edge 'x' -> 'y': weight must be a finite number; got inf.",
    ),
    "weight text": (
        ns.NotFiniteError,
        lambda net, X, Y: ns.Network.from_graph(weighted(weight="a")),
        "Network.from_graph: edge 'x' -> 'y': weight must be a number; got 'a'.",
    ),
    "weight list": (
        ns.ShapeError,
        lambda net, X, Y: ns.Network.from_graph(weighted(weight=[1.0])),
        "Network.from_graph: edge 'x' -> 'y': weight must be a single number; got shape (1,).",
    ),
    "frozen edge": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.from_graph(weighted(frozen="no")),
        "Network.from_graph: edge 'x' -> 'y': frozen must be True or False; got 'no'.",
    ),
    "frozen bias": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.from_graph(attribute("y", "frozen", 1)),
        "Network.from_graph: node 'y': frozen must be True or False; got 1.",
    ),
    "ties differ": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.from_graph(tied(1.0, 2.0)),
        "Network: the edges tied as 't' share one weight, but are given 1.0 and 2.0; "
        "give them one, or different ties.",
    ),
    "coupled feed each other": (
        ns.WiringError,
        lambda net, X, Y: ns.Network.from_graph(coupled_chain()),
        "Network: neuron 't' is coupled with the other SoftmaxNeurons of its layer, "
        "but one of them feeds another; give them different 'layer' attributes.",
    ),
    "layer mixed with inputs": (
        ns.LabelError,
        lambda net, X, Y: ns.Network.from_graph(layered_nodes("l", "l")),
        "Network: the layer 'l' holds inputs and other neurons; give the others another 'layer'.",
    ),
    "layer named like a level": (
        ns.LabelError,
        lambda net, X, Y: ns.Network.from_graph(level_name()),
        "Network: 'level1' is the name of the layer of neuron 'y', which names none; "
        "give the layer that is named so another 'layer'.",
    ),
    "edges unequal": (
        ns.ShapeError,
        lambda net, X, Y: ns.Network.from_edges(
            [0, 1], [2], kinds=TANH, inputs=[0, 1], outputs=[2]
        ),
        "Network.from_edges: sources and targets must be equally long; got 2 and 1.",
    ),
    "edges ragged": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.from_edges(
            [[0], [1, 2]], [1, 2], kinds=TANH, inputs=[0], outputs=[2]
        ),
        "Network.from_edges: sources must be a list or array of neuron numbers, "
        "counted from 0; got [[0], [1, 2]].",
    ),
    "edges of floats": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.from_edges([0.0], [1.0], kinds=TANH, inputs=[0], outputs=[1]),
        "Network.from_edges: sources must be a list or array of neuron numbers, "
        "counted from 0; got [0.0].",
    ),
    "edges of text": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.from_edges(["a"], ["b"], kinds=TANH, inputs=[0], outputs=[1]),
        "Network.from_edges: sources must be a list or array of neuron numbers, "
        "counted from 0; got ['a'].",
    ),
    "edges table": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.from_edges([[0]], [[1]], kinds=TANH, inputs=[0], outputs=[1]),
        "Network.from_edges: sources must be a list or array of neuron numbers, "
        "counted from 0; got [[0]].",
    ),
    "edges number": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.from_edges(0, 1, kinds=TANH, inputs=[0], outputs=[1]),
        "Network.from_edges: sources must be a list or array of neuron numbers, "
        "counted from 0; got 0.",
    ),
    "edges negative": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.from_edges([-1], [1], kinds=TANH, inputs=[0], outputs=[1]),
        "Network.from_edges: sources must hold neuron numbers from 0; got -1.",
    ),
    "edges too large for any": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.from_edges(
            [0], np.array([2**63], dtype="uint64"), kinds=TANH, inputs=[0], outputs=[1]
        ),
        "Network.from_edges: targets must hold neuron numbers from 0; got 9223372036854775808.",
    ),
    "edges far apart": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.from_edges([0], [10**12], kinds=TANH, inputs=[0], outputs=[1]),
        "Network.from_edges: neurons must be counted from 0 without large gaps; got "
        "the number 1000000000000.",
    ),
    "edges twice": (
        ns.WiringError,
        lambda net, X, Y: ns.Network.from_edges(
            [0, 0], [1, 1], kinds=TANH, inputs=[0], outputs=[1]
        ),
        "Network: there are two edges '0' -> '1'; two neurons are joined by one edge,"
        " so add the two weights up.",
    ),
    "edges in a circle": (
        ns.WiringError,
        lambda net, X, Y: ns.Network.from_edges(
            [0, 1, 2], [1, 2, 1], kinds=TANH, inputs=[0], outputs=[2]
        ),
        "Network: the edges run in a circle, 1 -> 2 -> 1; remove one of them, as "
        "every neuron must be computed after its sources.",
    ),
    "edges to itself": (
        ns.WiringError,
        lambda net, X, Y: ns.Network.from_edges(
            [0, 1], [1, 1], kinds=TANH, inputs=[0], outputs=[1]
        ),
        "Network: neuron '1' has an edge to itself; a feed-forward network computes "
        "every neuron once, so remove that edge.",
    ),
    "edges into an input": (
        ns.WiringError,
        lambda net, X, Y: ns.Network.from_edges(
            [0, 1], [1, 0], kinds=TANH, inputs=[0], outputs=[1]
        ),
        "Network: the edge '1' -> '0' leads into an input neuron; remove it, or leave"
        " '0' out of the inputs.",
    ),
    "edges without inputs": (
        ns.WiringError,
        lambda net, X, Y: ns.Network.from_edges([0], [1], kinds=TANH, inputs=[], outputs=[1]),
        "Network: there are no inputs; name at least one with inputs=[...].",
    ),
    "edges kinds missing": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.from_edges(
            [0, 1], [1, 2], kinds={1: TANH}, inputs=[0], outputs=[2]
        ),
        "Network.from_edges: kinds must name every neuron; neuron 2 is missing.",
    ),
    "edges kinds by name": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.from_edges(
            [0], [1], kinds={"1": TANH}, inputs=[0], outputs=[1]
        ),
        "Network.from_edges: the keys of kinds must be a list or array of neuron "
        "numbers, counted from 0; got ['1'].",
    ),
    "edges kinds too few": (
        ns.ShapeError,
        lambda net, X, Y: ns.Network.from_edges([0], [1], kinds=[None], inputs=[0], outputs=[1]),
        "Network.from_edges: kinds must be one kind for all neurons, or one for each "
        "of the 2; got 1.",
    ),
    "edges kinds none": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.from_edges(
            [0], [1], kinds=[None, None], inputs=[0], outputs=[1]
        ),
        "Network.from_edges: kinds[1] must be a kind of neuron, such as "
        "ns.SigmoidNeuron; got None.",
    ),
    "edges kind for an input": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.from_edges(
            [0], [1], kinds=[TANH, TANH], inputs=[0], outputs=[1]
        ),
        "Network.from_edges: kinds[0] must be ns.InputNeuron or None, as neuron 0 is "
        f"an input; got {TANH!r}.",
    ),
    "edges input kind inside": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.from_edges(
            [0], [1], kinds=[None, ns.InputNeuron], inputs=[0], outputs=[1]
        ),
        "Network.from_edges: kinds[1] is InputNeuron, but 1 is not in inputs.",
    ),
    "edges weights too few": (
        ns.ShapeError,
        lambda net, X, Y: ns.Network.from_edges(
            [0], [1], kinds=TANH, inputs=[0], outputs=[1], weights=[]
        ),
        "Network.from_edges: weights must be (1,), one per edge; got (0,).",
    ),
    "edges weights nan": (
        ns.NotFiniteError,
        lambda net, X, Y: ns.Network.from_edges(
            [0], [1], kinds=TANH, inputs=[0], outputs=[1], weights=[NAN]
        ),
        "Network.from_edges: weights must be finite numbers; got nan at [0].",
    ),
    "edges biases too few": (
        ns.ShapeError,
        lambda net, X, Y: ns.Network.from_edges(
            [0], [1], kinds=TANH, inputs=[0], outputs=[1], biases=[1.0]
        ),
        "Network.from_edges: biases must be (2,), one per neuron (those of inputs are"
        " not used); got (1,).",
    ),
}
CHANGES = {
    "unknown neuron": (
        ns.UnknownNeuronError,
        lambda net, X, Y: net["hiden1[0]"],
        "Network: there is no neuron 'hiden1[0]'. Did you mean 'hidden1[0]' or "
        "'hidden1[2]' or 'hidden1[1]'?",
    ),
    "unknown neuron far": (
        ns.UnknownNeuronError,
        lambda net, X, Y: net["zebra"],
        "Network: there is no neuron 'zebra'. Known: 'input[0]', 'input[1]', 'hidden1[0]', ....",
    ),
    "unknown number": (
        ns.UnknownNeuronError,
        lambda net, X, Y: net[7],
        "Network: there is no neuron '7'. Known: 'input[0]', 'input[1]', 'hidden1[0]', ....",
    ),
    "unknown list": (
        ns.UnknownNeuronError,
        lambda net, X, Y: net[["input[0]"]],
        "Network: there is no neuron \"['input[0]']\". Did you mean 'input[0]' or 'input[1]'?",
    ),
    "unknown edge": (
        ns.UnknownEdgeError,
        lambda net, X, Y: net["input[0]", "output[0]"],
        "Network: there is no edge 'input[0]' -> 'output[0]'. Edges into 'output[0]' "
        "come from 'hidden1[0]', 'hidden1[1]', 'hidden1[2]'.",
    ),
    "unknown edge into an input": (
        ns.UnknownEdgeError,
        lambda net, X, Y: net["hidden1[0]", "input[0]"],
        "Network: there is no edge 'hidden1[0]' -> 'input[0]'. No edge leads into 'input[0]'.",
    ),
    "unknown edge by arrow": (
        ns.UnknownNeuronError,
        lambda net, X, Y: net["input[0]->nothing"],
        "Network: there is no neuron 'nothing'. Known: 'input[0]', 'input[1]', 'hidden1[0]', ....",
    ),
    "unknown layer": (
        ns.UnknownNeuronError,
        lambda net, X, Y: net.freeze("hidden7"),
        "Network: there is no neuron, edge or layer 'hidden7'. Did you mean 'hidden1'"
        " or 'hidden1[2]' or 'hidden1[1]'?",
    ),
    "freeze unknown number": (
        ns.UnknownNeuronError,
        lambda net, X, Y: net.freeze(3),
        "Network: there is no neuron '3'. Known: 'input[0]', 'input[1]', 'hidden1[0]', ....",
    ),
    "freeze inputs": (
        ns.ArgumentError,
        lambda net, X, Y: net.freeze("input"),
        "Network: 'input' holds inputs only, which have no weights and no bias; name "
        "the neurons or layers that read them.",
    ),
    "freeze an input": (
        ns.ArgumentError,
        lambda net, X, Y: net.unfreeze("input[0]"),
        "Network: 'input[0]' holds inputs only, which have no weights and no bias; "
        "name the neurons or layers that read them.",
    ),
    "freeze an edge of another network": (
        ns.UnknownEdgeError,
        lambda net, X, Y: net.freeze(net.copy()["input[0]", "hidden1[0]"]),
        "Network: the edge 'input[0]->hidden1[0]' belongs to another network; use "
        "net['input[0]->hidden1[0]'] of this one.",
    ),
    "freeze a recipe": (
        ns.UnknownLayerError,
        lambda net, X, Y: net.freeze(ns.Layer(1, TANH)),
        "Network: Layer(1, TanhNeuron) is no layer of this network; use "
        "net.layers[...] or its name.",
    ),
    "connect existing": (
        ns.WiringError,
        lambda net, X, Y: net.connect("input[0]", "hidden1[0]"),
        "Network.connect: the edge 'input[0]->hidden1[0]' exists; set its weight with"
        " net['input[0]->hidden1[0]'].weight = ...",
    ),
    "connect itself": (
        ns.WiringError,
        lambda net, X, Y: net.connect("hidden1[0]", "hidden1[0]"),
        "Network.connect: the edge 'hidden1[0]->hidden1[0]' would join a neuron to "
        "itself; name another target.",
    ),
    "connect into an input": (
        ns.WiringError,
        lambda net, X, Y: net.connect("hidden1[0]", "input[0]"),
        "Network.connect: the edge 'hidden1[0]->input[0]' would lead into an input, "
        "which X fills; name another target.",
    ),
    "connect a circle": (
        ns.WiringError,
        lambda net, X, Y: net.connect("output[0]", "hidden1[0]"),
        "Network: the edges run in a circle, hidden1[0] -> output[0] -> hidden1[0]; "
        "remove one of them, as every neuron must be computed after its sources.",
    ),
    "connect unknown": (
        ns.UnknownNeuronError,
        lambda net, X, Y: net.connect("input[0]", "outputs[0]"),
        "Network: there is no neuron 'outputs[0]'. Did you mean 'output[0]' or 'input[0]'?",
    ),
    "connect nan": (
        ns.NotFiniteError,
        lambda net, X, Y: net.connect("input[0]", "output[0]", weight=NAN),
        "Network.connect: edge 'input[0]->output[0]': weight must be a finite number; got nan.",
    ),
    "connect text": (
        ns.NotFiniteError,
        lambda net, X, Y: net.connect("input[0]", "output[0]", weight="a"),
        "Network.connect: edge 'input[0]->output[0]': weight must be a number; got 'a'.",
    ),
    "connect another weight than its tie": (
        ns.ArgumentError,
        lambda net, X, Y: connect_twice(net),
        "Network.connect: edge 'input[1]->output[0]': the edges tied as 't' share the"
        " weight 1.0; got 2.0. Leave the weight out, or use another tie.",
    ),
    "disconnect unknown": (
        ns.UnknownEdgeError,
        lambda net, X, Y: net.disconnect("input[0]", "output[0]"),
        "Network: there is no edge 'input[0]' -> 'output[0]'. Edges into 'output[0]' "
        "come from 'hidden1[0]', 'hidden1[1]', 'hidden1[2]'.",
    ),
}
TRAINING = {
    "rate zero": (
        ns.ArgumentError,
        lambda net, X, Y: ns.SGD(0),
        "SGD: learning_rate must be a finite number greater than 0; got 0.",
    ),
    "rate negative": (
        ns.ArgumentError,
        lambda net, X, Y: ns.SGD(-0.1),
        "SGD: learning_rate must be a finite number greater than 0; got -0.1.",
    ),
    "rate nan": (
        ns.ArgumentError,
        lambda net, X, Y: ns.SGD(NAN),
        "SGD: learning_rate must be a finite number greater than 0; got nan.",
    ),
    "rate infinite": (
        ns.ArgumentError,
        lambda net, X, Y: ns.SGD(INF),
        "SGD: learning_rate must be a finite number greater than 0; got inf.",
    ),
    "rate text": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.SGD("0.1"),
        "SGD: learning_rate must be a number greater than 0; got '0.1'.",
    ),
    "rate true": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.SGD(True),
        "SGD: learning_rate must be a number greater than 0; got True.",
    ),
    "rate list": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.SGD([0.1]),
        "SGD: learning_rate must be a number greater than 0; got [0.1].",
    ),
    "rate of the rule": (
        ns.ArgumentError,
        lambda net, X, Y: ns.PerceptronRule(0),
        "PerceptronRule: learning_rate must be a finite number greater than 0; got 0.",
    ),
    "optimizer text": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer="sgd"),
        "Network.fit: optimizer must be such as ns.SGD(0.1); got 'sgd'.",
    ),
    "optimizer class": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=ns.SGD),
        "Network.fit: optimizer must be such as ns.SGD(0.1); got <class "
        "'neurosim.learning.optimizers.SGD'>.",
    ),
    "optimizer nothing": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=None),
        "Network.fit: optimizer must be such as ns.SGD(0.1); got None.",
    ),
    "optimizer number": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=0.1),
        "Network.fit: optimizer must be such as ns.SGD(0.1); got 0.1.",
    ),
    "epochs fraction": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, epochs=2.5),
        "Network.fit: epochs must be a whole number from 0; got 2.5.",
    ),
    "epochs float": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, epochs=10.0),
        "Network.fit: epochs must be a whole number from 0; got 10.0.",
    ),
    "epochs negative": (
        ns.ArgumentError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, epochs=-1),
        "Network.fit: epochs must be a whole number from 0; got -1.",
    ),
    "epochs nothing": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, epochs=None),
        "Network.fit: epochs must be a whole number from 0; got None.",
    ),
    "batch zero": (
        ns.ArgumentError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, batch_size=0),
        "Network.fit: batch_size must be a positive whole number; got 0.",
    ),
    "batch fraction": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, batch_size=1.5),
        "Network.fit: batch_size must be a positive whole number; got 1.5.",
    ),
    "batch true": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, batch_size=True),
        "Network.fit: batch_size must be a positive whole number; got True.",
    ),
    "engine unknown": (
        ns.ArgumentError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, engine="cuda"),
        "Network.fit: engine must be 'auto' or one of 'graph', 'vectorized', 'compiled'; got 'cuda'.",
    ),
    "engine nothing": (
        ns.ArgumentError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, engine=None),
        "Network.fit: engine must be 'auto' or one of 'graph', 'vectorized', 'compiled'; got None.",
    ),
    "shuffle text": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, shuffle="no"),
        "Network.fit: shuffle must be True or False; got 'no'.",
    ),
    "validation no pair": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, validation=3),
        "Network.fit: validation must be a pair (X, Y), or a share of the samples such as 0.2; got 3.",
    ),
    "validation wrong": (
        ns.ShapeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, validation=(X, Y[:3])),
        "Network.fit: validation: Y must have one row per sample; X has 7 rows and Y has 3.",
    ),
    "callback text": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, callbacks=["stop"]),
        "Network.fit: a callback must be a ns.Callback or a function; got 'stop'.",
    ),
    "callback class": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, callbacks=[ns.Callback]),
        "Network.fit: a callback must be a ns.Callback or a function; got <class "
        "'neurosim.learning.callbacks.Callback'>.",
    ),
    "callback number": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, callbacks=5),
        "Network.fit: a callback must be a ns.Callback or a function; got 5.",
    ),
    "metric text": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, metrics="accuracy"),
        "Network.fit: metrics must be a list of functions such as ns.accuracy; got 'accuracy'.",
    ),
    "metric number": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.evaluate(X, Y, [3]),
        "Network.evaluate: a metric must be a function such as ns.accuracy; got 3.",
    ),
    "metrics of one name": (
        ns.ArgumentError,
        lambda net, X, Y: net.evaluate(X, Y, [ns.accuracy, ns.accuracy]),
        "Network.evaluate: metrics must have different names, and none may be 'loss';"
        " got 'accuracy' once too often. Name them with def.",
    ),
    "rng of fit": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, rng="seed"),
        "Network.fit: rng must be a whole number, a numpy.random.Generator or None; got 'seed'.",
    ),
    "accuracy shapes": (
        ns.ShapeError,
        lambda net, X, Y: ns.accuracy([[0.0], [1.0]], [[0.0, 1.0]]),
        "accuracy: Y and predictions must both be (n, n_outputs); got (2, 1) and (1, 2).",
    ),
    "accuracy text": (
        ns.NotFiniteError,
        lambda net, X, Y: ns.accuracy(["a"], ["a"]),
        "accuracy: Y must be numbers; got ['a'].",
    ),
    "rule on sigmoid": (
        ns.ArgumentError,
        lambda net, X, Y: net.fit(X, Y, optimizer=ns.PerceptronRule()),
        "PerceptronRule: every neuron must be a Perceptron, but 'hidden1[0]' is a "
        "TanhNeuron; use ns.SGD for it.",
    ),
    "rule on two layers": (
        ns.ArgumentError,
        lambda net, X, Y: two_perceptron_layers().fit(
            [[1.0]], [[1.0]], optimizer=ns.PerceptronRule()
        ),
        "PerceptronRule: every Perceptron must read inputs only, but 'output[0]' "
        "reads other neurons; the rule cannot train more than one layer.",
    ),
    "step without a network": (
        ns.ArgumentTypeError,
        lambda net, X, Y: SGD.step("net"),
        "SGD.step: network must be such as ns.Network([...]); got 'net'.",
    ),
    "check without a network": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.check_gradient("net", X, Y),
        "check_gradient: network must be such as ns.Network([...]); got 'net'.",
    ),
    "check tolerance": (
        ns.ArgumentError,
        lambda net, X, Y: ns.check_gradient(net, X, Y, tolerance=0),
        "check_gradient: tolerance must be a finite number greater than 0; got 0.",
    ),
    "check samples": (
        ns.ShapeError,
        lambda net, X, Y: ns.check_gradient(net, X, Y[:2]),
        "check_gradient: Y must have one row per sample; X has 7 rows and Y has 2.",
    ),
    "derivative of no function": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.numerical_derivative(3, 2.0),
        "numerical_derivative: f must be a function; got 3.",
    ),
    "derivative at text": (
        ns.NotFiniteError,
        lambda net, X, Y: ns.numerical_derivative(abs, "a"),
        "numerical_derivative: x must be numbers; got 'a'.",
    ),
    "derivative step": (
        ns.ArgumentError,
        lambda net, X, Y: ns.numerical_derivative(abs, 1.0, h=0),
        "numerical_derivative: h must be a finite number greater than 0; got 0.",
    ),
    "derivative of several": (
        ns.NotFiniteError,
        lambda net, X, Y: ns.numerical_derivative(lambda x: [x, x], 1.0),
        "numerical_derivative: f(x) must be one number; got shape (2,).",
    ),
    "derivative not finite": (
        ns.NotFiniteError,
        lambda net, X, Y: ns.numerical_derivative(lambda x: NAN, 1.0),
        "numerical_derivative: f(x) must be finite numbers; got nan.",
    ),
}

OTHERS = {
    "freeze no flag": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.freeze(weights="no"),
        "Network.freeze: weights must be True or False; got 'no'.",
    ),
    "unfreeze no flag": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.unfreeze(biases=0),
        "Network.unfreeze: biases must be True or False; got 0.",
    ),
    "progress no flag": (
        ns.ArgumentTypeError,
        lambda net, X, Y: net.fit(X, Y, optimizer=SGD, progress="x"),
        "Network.fit: progress must be True or False; got 'x'.",
    ),
    "look up a neuron of another network": (
        ns.UnknownNeuronError,
        lambda net, X, Y: net[net.copy()["hidden1[0]"]],
        "Network: the TanhNeuron 'hidden1[0]' belongs to another network; use "
        "net['hidden1[0]'] of this one.",
    ),
    "connect a neuron of another network": (
        ns.UnknownNeuronError,
        lambda net, X, Y: net.connect(net.copy()["input[0]"], "output[0]"),
        "Network: the InputNeuron 'input[0]' belongs to another network; use net['input[0]'] of "
        "this one.",
    ),
    "a neuron alone": (
        ns.UnknownNeuronError,
        lambda net, X, Y: net[TANH()],
        "Network: the TanhNeuron given stands alone, in no network; use one of this network, such "
        "as net['input[0]'].",
    ),
    "a layer in place of a list": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network(ns.Layer(3, TANH)),
        "Network: layers must be a list such as [ns.InputLayer(2), ns.Layer(1, ns.SigmoidNeuron)]; "
        "got Layer(3, TanhNeuron).",
    ),
    "weights for one neuron before": (
        ns.ShapeError,
        lambda net, X, Y: ns.Network(
            [ns.InputLayer(1), ns.Layer(2, TANH, weights=np.ones((2, 2)))]
        ),
        "Layer 'output': weights must be (1, 2), as the layer before has 1 neuron and this one 2; "
        "got (2, 2).",
    ),
    "an input by name that computes": (
        ns.ArgumentError,
        lambda net, X, Y: ns.Network.from_graph(weighted(), inputs=["x", "y"]),
        "Network.from_graph: node 'y' is an input, as it is named in inputs=[...], but its neuron "
        "is TanhNeuron. Leave it out there, or leave out its neuron.",
    ),
    "frozen by networkx": (
        ns.LiveGraphError,
        lambda net, X, Y: nx.freeze(net.graph).add_edge("input[0]", "output[0]"),
        "net.graph is the live view of a network and cannot be mutated; use "
        "net.connect(source, target, weight=...), or take a copy: net.graph.copy().",
    ),
    "no list of kinds": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.Network.from_config(net.config(), kinds=TANH),
        "kinds must be a list of classes, such as [MyNeuron]; got "
        "<class 'neurosim.neurons.sigmoids.TanhNeuron'>.",
    ),
    "no network in loss_along": (
        ns.ArgumentTypeError,
        lambda net, X, Y: ns.loss_along("net", "a->b", X, Y),
        "loss_along: net must be such as ns.Network([...]); got 'net'.",
    ),
    "a step before any gradient": (
        ns.PassError,
        lambda net, X, Y: ns.Momentum(0.1).step(net),
        "Momentum.step: network has no gradient yet; call net.forward(X) and net.backward(Y) "
        "first.",
    ),
}

CASES = SAMPLES | VALUES | LAYERS | GRAPHS | CHANGES | TRAINING | OTHERS


def state_of(net):
    """Everything that a refusal must leave alone, as bytes and texts."""
    streams = (net.streams.initial, net.streams.shuffle, net.streams.dropout)
    return (
        net.parameters.tobytes(),
        net.gradient.tobytes(),
        net.frozen.tobytes(),
        net.start.tobytes(),
        tuple(net.labels),
        tuple(net.tie_names),
        repr(net),
        net.wiring,
        net.last_pass,
        tuple(str(stream.bit_generator.state) for stream in streams),
        frozenset((u.label, v.label) for u, v in net.graph.edges),
    )


@pytest.mark.parametrize(("error", "call", "message"), CASES.values(), ids=CASES)
def test_bad_input_is_refused(net, batch, error, call, message):
    """The error is just this one, a `NeurosimError`, its text names object, argument, what it
    must be, what it got and the remedy; and nothing is half-changed.
    """
    X, Y = batch
    before = state_of(net), X.tobytes(), Y.tobytes()
    with pytest.raises(ns.NeurosimError) as caught:
        call(net, X, Y)
    assert type(caught.value) is error
    assert str(caught.value) == message
    assert (state_of(net), X.tobytes(), Y.tobytes()) == before


def test_errors_are_the_builtins_that_they_specialise():
    """Every error derives from NeurosimError and from a builtin; str is the plain message."""
    builtins = (ValueError, KeyError, TypeError, OSError, ArithmeticError, ImportError)
    errors = [e for e in vars(ns.errors).values() if inspect.isclass(e)]
    errors = [e for e in errors if issubclass(e, ns.NeurosimError) and e is not ns.NeurosimError]
    assert len(errors) >= 15
    for error in errors:
        assert any(issubclass(error, builtin) for builtin in builtins), error
        assert getattr(ns, error.__name__) is error
        assert str(error("It's 'plain'.")) == "It's 'plain'."
        assert error.__doc__
