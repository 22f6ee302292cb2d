"""Rules by hand: the perceptron's and Widrow and Hoff's, beside gradient descent."""

import networkx as nx
import numpy as np
import pytest

import neurosim as ns


def linear(n_outputs=1, loss=None, **options):
    """A single layer of linear neurons that read two inputs, always the same."""
    layer = ns.Layer(n_outputs, ns.LinearNeuron)
    return ns.Network([ns.InputLayer(2), layer], loss=loss or ns.QuadraticCost(), rng=3, **options)


def samples(n_outputs=1):
    """Nine samples, always the same."""
    rng = np.random.default_rng(5)
    return rng.normal(size=(9, 2)), rng.normal(size=(9, n_outputs))


@pytest.mark.parametrize("n_outputs", [1, 3])
@pytest.mark.parametrize("batch_size", [1, 4])
def test_the_delta_rule_is_gradient_descent_sample_by_sample(n_outputs, batch_size, engine):
    """It equals SGD on the quadratic cost with batches of one, in the same order of samples,
    whatever its own batches are; losses, too.
    """
    X, Y = samples(n_outputs)
    net, twin = linear(n_outputs), linear(n_outputs)
    net.freeze("output[0]", biases=False)
    twin.freeze("output[0]", biases=False)
    options = {"epochs": 4, "shuffle": True, "engine": engine}
    history = net.fit(X, Y, optimizer=ns.DeltaRule(0.05), batch_size=batch_size, **options)
    # There is one permutation per epoch, whatever the size of the batches.
    wanted = twin.fit(X, Y, optimizer=ns.SGD(0.05), batch_size=1, **options)
    np.testing.assert_allclose(net.parameters, twin.parameters, rtol=1e-12)
    np.testing.assert_allclose(history.loss, wanted.loss, rtol=1e-12)


def test_the_delta_rule_by_hand():
    """w += rate (y - a) x, b += rate (y - a): 3 + 0.1 * 2 * 2 and 1 + 0.1 * 2; the loss reported
    is the network's own.
    """
    layer = ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])
    net = ns.Network([ns.InputLayer(1), layer], loss=ns.MeanSquaredError())
    assert ns.DeltaRule(0.1).step(net, [2.0], [9.0]) == 4.0
    np.testing.assert_allclose(net.parameters, [3.4, 1.2], rtol=1e-15)


@pytest.mark.parametrize("rule", [ns.DeltaRule(0.1), ns.PerceptronRule(0.5)])
def test_tied_edges_into_one_neuron_add_up(rule):
    """A weight that two inputs share moves by the sum of both parts."""
    graph = nx.DiGraph()
    graph.add_node("y", neuron=rule.kind, bias=0.0)
    graph.add_edge("u", "y", weight=-1.0, tied="w")
    graph.add_edge("v", "y", weight=-1.0, tied="w")
    net = ns.Network.from_graph(graph)
    a = net.predict([2.0, 3.0])[0]
    rule.step(net, [2.0, 3.0], [1.0])
    rate = rule.learning_rate
    assert a != 1.0
    assert net["u", "y"].weight == pytest.approx(-1.0 + rate * (1.0 - a) * 5.0)
    assert net["v", "y"].weight == net["u", "y"].weight
    assert net["y"].bias == pytest.approx(rate * (1.0 - a))


@pytest.mark.parametrize("rule", [ns.DeltaRule(0.1), ns.PerceptronRule()])
def test_a_schedule_counts_samples_and_epochs(rule):
    """A rule's rate follows a schedule; updates are counted sample by sample."""
    kind = rule.kind
    net = ns.Network([ns.InputLayer(2), ns.Layer(1, kind)], rng=1)
    rule.learning_rate = ns.StaircaseDecay(0.1, every=1)
    X, Y = ns.datasets.gates("and")
    history = net.fit(X, Y, optimizer=rule, epochs=3)
    assert history.learning_rate == [0.1, 0.05, 0.025]
    assert (net.memory.step, net.memory.epoch) == (12, 3)


def test_a_rule_refuses_what_it_cannot_train():
    """Other kinds and deeper networks are refused by name, with the remedy; nothing changes."""
    net = ns.Network.layered([2, 1], hidden=None, output=ns.SigmoidNeuron, rng=1)
    before = net.parameters.copy()
    with pytest.raises(ns.ArgumentError) as caught:
        net.fit(*samples(), optimizer=ns.DeltaRule(0.1))
    assert str(caught.value) == (
        "DeltaRule: every neuron must be a LinearNeuron, but 'output[0]' is a SigmoidNeuron; use "
        "ns.SGD for it."
    )
    deep = ns.Network.layered([2, 2, 1], hidden=ns.LinearNeuron, output=ns.LinearNeuron, rng=1)
    with pytest.raises(ns.ArgumentError) as caught:
        ns.DeltaRule(0.1).step(deep, [1.0, 1.0], [1.0])
    assert str(caught.value) == (
        "DeltaRule: every LinearNeuron must read inputs only, but 'output[0]' reads other neurons; "
        "the rule cannot train more than one layer."
    )
    assert np.array_equal(net.parameters, before)


def test_the_delta_rule_that_overshoots_is_caught():
    """A rate that is too large diverges like any other, and the last finite parameters are left."""
    net = linear()
    with pytest.raises(ns.DivergedError) as caught:
        net.fit(*samples(), optimizer=ns.DeltaRule(50.0), epochs=1000)
    twin = linear()
    twin.fit(*samples(), optimizer=ns.DeltaRule(50.0), epochs=caught.value.epoch)
    assert np.array_equal(net.parameters, twin.parameters)
    assert np.isfinite(net.parameters).all()
