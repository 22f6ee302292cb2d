"""How neurons are grouped and named."""

from functools import partial

import numpy as np
import pytest

import neurosim as ns


def test_z_is_x_w_plus_b():
    """W[i, j] joins neuron i of the layer before to neuron j of this one: z = x W + b."""
    rng = np.random.default_rng(0)
    W, b, x = rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=3)
    net = ns.Network([ns.InputLayer(3), ns.Layer(2, ns.TanhNeuron, weights=W, biases=b)])
    net.forward(x)
    np.testing.assert_allclose(net.layers[1].z, x @ W + b, rtol=1e-14)
    for i in range(3):
        for j in range(2):
            assert net[f"input[{i}]", f"output[{j}]"].weight == W[i, j]
    assert net["output[1]"].weights.tolist() == W[:, 1].tolist()


def test_layers_and_neurons_are_named():
    """Layers are input, hidden1, ..., output unless named; labels are name[i] unless given."""
    layers = [
        ns.InputLayer(2, labels=["education", "income"]),
        ns.Layer(2, ns.TanhNeuron),
        ns.Layer(1, ns.TanhNeuron, name="middle"),
        ns.Layer(2, ns.TanhNeuron, labels=["up", "down"]),
        ns.Layer(1, ns.LinearNeuron),
    ]
    net = ns.Network(layers)
    assert [layer.name for layer in net.layers] == [
        "input",
        "hidden1",
        "middle",
        "hidden3",
        "output",
    ]
    assert net.labels == [
        *("education", "income", "hidden1[0]", "hidden1[1]"),
        *("middle[0]", "up", "down", "output[0]"),
    ]
    assert (net["down"].layer, net["down"].index) == ("hidden3", 1)
    assert [n.label for n in net.layers[3]] == ["up", "down"]
    assert len(net.layers[3]) == 2
    assert net.layers[3].neurons[1] is net["down"]


def test_recipes_stay_as_they_are():
    """A recipe may serve in several networks and places; each network has layers of its own."""
    recipe = ns.Layer(2, ns.SigmoidNeuron, weights=[[1, 2], [3, 4]], biases=[5, 6])
    nets = [ns.Network([ns.InputLayer(2), recipe, recipe], rng=1) for _ in range(2)]
    nets[0].layers[1].weights[:] = 0.0
    nets[0].layers[1].biases = [0.0, 0.0]
    assert recipe.weights.tolist() == [[1, 2], [3, 4]]
    assert recipe.biases.tolist() == [5, 6]
    assert nets[1].layers[1].weights.tolist() == nets[1].layers[2].weights.tolist()
    assert nets[0].layers[2].weights.tolist() == [[1, 2], [3, 4]]
    assert recipe.name is None


def test_given_arrays_are_copied():
    """Weights and biases given to a layer stay the person's own arrays."""
    W, b = np.ones((2, 2)), np.zeros(2)
    layer = ns.Layer(2, ns.TanhNeuron, weights=W, biases=b)
    W[:], b[:] = 7.0, 7.0
    net = ns.Network([ns.InputLayer(2), layer])
    assert net.layers[1].weights.tolist() == [[1, 1], [1, 1]]
    assert not net.layers[1].biases.any()


def test_one_line_is_the_same_network():
    """`Network.layered` is `Network` of an InputLayer and Layers."""
    short = ns.Network.layered([2, 3, 1], hidden=ns.ReLUNeuron, output=ns.LinearNeuron, rng=4)
    layers = [ns.InputLayer(2), ns.Layer(3, ns.ReLUNeuron), ns.Layer(1, ns.LinearNeuron)]
    assert np.array_equal(short.parameters, ns.Network(layers, rng=4).parameters)
    assert short.labels == ns.Network(layers).labels
    generated = ns.Network.layered(
        (n for n in np.array([2, 3, 1])), hidden=ns.ReLUNeuron, output=ns.LinearNeuron, rng=4
    )
    assert np.array_equal(generated.parameters, short.parameters)


def test_layers_show_the_numbers_of_the_last_pass(net, batch):
    """z, activations and deltas are (size,) after one sample, (n, size) after a batch."""
    hidden, (X, Y) = net.layers[1], batch
    assert (hidden.z, hidden.activations, hidden.deltas) == (None, None, None)
    net.forward(X[0])
    assert hidden.deltas is None
    net.backward(Y[0])
    assert hidden.z.shape == hidden.activations.shape == hidden.deltas.shape == (3,)
    net.forward(X)
    net.backward(Y)
    assert hidden.z.shape == hidden.activations.shape == hidden.deltas.shape == (7, 3)
    np.testing.assert_allclose(hidden.activations, np.tanh(hidden.z))
    np.testing.assert_allclose(hidden.weight_gradients, X.T @ hidden.deltas, rtol=1e-12)
    np.testing.assert_allclose(hidden.bias_gradients, hidden.deltas.sum(axis=0), rtol=1e-12)
    np.testing.assert_array_equal(net.layers[0].activations, X)
    assert net.layers[0].deltas.shape == (7, 2)


def test_layers_are_described():
    """A layer shows its size, kind, name and labels, as a recipe and in a network."""
    assert repr(ns.InputLayer(2)) == "InputLayer(2)"
    assert repr(ns.InputLayer(1, labels=["x"])) == "InputLayer(1, labels=['x'])"
    kind = partial(ns.LeakyReLUNeuron, slope=0.1)
    assert repr(ns.Layer(2, kind)) == "Layer(2, LeakyReLUNeuron(slope=0.1))"
    assert repr(ns.Layer(1, ns.TanhNeuron, name="h", labels=["y"])) == (
        "Layer(1, TanhNeuron, name='h', labels=['y'])"
    )
    net = ns.Network([ns.InputLayer(1), ns.Layer(1, kind)])
    assert repr(net.layers[1]) == "Layer(1, LeakyReLUNeuron(slope=0.1), name='output')"


def test_a_recipe_has_no_numbers():
    """A recipe belongs to no network, and says where the neurons are."""
    with pytest.raises(ns.ArgumentError) as caught:
        list(ns.Layer(2, ns.TanhNeuron))
    assert str(caught.value) == (
        "Layer(2, TanhNeuron) is a recipe and has no neurons of its own; ask the layer of the "
        "network, net.layers[...]."
    )
