"""Weights of samples and classes: a weight is as good as repeating a sample."""

from __future__ import annotations

import numpy as np
import pytest
import wirings
from hypothesis import given

import neurosim as ns
from neurosim.engines import TraversalEngine, VectorizedEngine

ENGINES = ["graph", "vectorized"]


@given(case=wirings.cases())
def test_engines_agree_with_weights(case):
    """Loss and gradient with weights are the same in every engine, on any wiring."""
    net = case.network()
    weights = np.random.default_rng(0).uniform(0.0, 3.0, size=len(case.X))
    found = []
    for kind in (TraversalEngine, VectorizedEngine):
        engine = net.engine(kind)
        engine.load(case.X, case.Y, weights=weights)
        found.append((engine.gradient(), net.gradient.copy()))
    scale = wirings.scales(net, case.X, case.Y)
    assert abs(found[0][0] - found[1][0]) <= 1e-11 * (scale.loss + 1e-300)
    assert (np.abs(found[0][1] - found[1][1]) <= 1e-11 * (scale.gradient + 1e-300)).all()


@given(case=wirings.cases())
def test_a_weight_is_as_good_as_repeating_a_sample(case):
    """Weights 1, 2, 3, ... give the gradient of a batch with so many copies, up to the mean."""
    net = case.network()
    counts = np.arange(1, len(case.X) + 1)
    engine = net.engine(TraversalEngine)
    engine.load(case.X, case.Y, weights=counts.astype(float))
    loss, gradient = engine.gradient() * len(counts), net.gradient * len(counts)
    engine.load(np.repeat(case.X, counts, axis=0), np.repeat(case.Y, counts, axis=0))
    n = int(counts.sum())
    np.testing.assert_allclose(loss, engine.gradient() * n, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(gradient, net.gradient * n, rtol=1e-7, atol=1e-7)


def classes() -> tuple[ns.Network, np.ndarray, np.ndarray]:
    """A softmax network and uneven classes."""
    X, Y = ns.datasets.blobs(30, rng=1)
    keep = np.r_[np.flatnonzero(Y[:, 0])[:2], np.flatnonzero(Y[:, 1]), np.flatnonzero(Y[:, 2])]
    net = ns.Network.layered(
        [2, 4, 3],
        hidden=ns.TanhNeuron,
        output=ns.SoftmaxNeuron,
        loss=ns.CategoricalCrossEntropy(),
        rng=1,
    )
    return net, X[keep], Y[keep]


@pytest.mark.parametrize("engine", ENGINES)
def test_class_weights_are_sample_weights_by_class(engine):
    """A class's weight is that of each of its samples, also in mini-batches and with a split."""
    weights = {0: 5.0, 1: 1.0, 2: 0.5}
    nets = [classes()[0], classes()[0]]
    _, X, Y = classes()
    per_sample = np.array([weights[k] for k in np.argmax(Y, axis=1)])
    options = {"epochs": 3, "batch_size": 4, "engine": engine, "validation": 0.25}
    nets[0].fit(X, Y, optimizer=ns.Adam(0.01), class_weights=weights, **options)
    nets[1].fit(X, Y, optimizer=ns.Adam(0.01), sample_weights=per_sample, **options)
    assert np.array_equal(nets[0].parameters, nets[1].parameters)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_sample_of_no_weight_is_as_if_it_were_not_there(engine):
    """Weight 0 leaves a sample out, but for the n of the mean; equal weights change nothing."""
    nets = [classes()[0] for _ in range(4)]
    _, X, Y = classes()
    weights = np.r_[np.zeros(5), np.full(len(X) - 5, len(X) / (len(X) - 5))]
    for net, (x, y, w) in zip(
        nets,
        [(X, Y, weights), (X[5:], Y[5:], None), (X, Y, np.ones(len(X))), (X, Y, None)],
        strict=True,
    ):
        net.fit(x, y, optimizer=ns.SGD(0.1), epochs=5, sample_weights=w, engine=engine)
    np.testing.assert_allclose(nets[0].parameters, nets[1].parameters, rtol=1e-10, atol=1e-12)
    assert np.array_equal(nets[2].parameters, nets[3].parameters)


def test_one_output_has_the_classes_zero_and_one():
    """With one output the class is whether the target exceeds 0.5."""
    X, Y = ns.datasets.moons(20, rng=1)
    nets = [
        ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.SigmoidNeuron, rng=1)
        for _ in range(2)
    ]
    nets[0].fit(X, Y, optimizer=ns.SGD(0.1), class_weights={0: 1.0, 1: 3.0})
    nets[1].fit(X, Y, optimizer=ns.SGD(0.1), sample_weights=1.0 + 2.0 * Y[:, 0])
    assert np.array_equal(nets[0].parameters, nets[1].parameters)


WRONG = [
    (
        {"sample_weights": [1.0]},
        "Network.fit: sample_weights must be (22,), one per sample; got (1,).",
    ),
    (
        {"sample_weights": [-1.0] * 22},
        "Network.fit: sample_weights must not be negative; got -1.0 at 0.",
    ),
    (
        {"sample_weights": [0.0] * 22},
        "Network.fit: every sample has the weight 0, so nothing can be learned.",
    ),
    (
        {"class_weights": [1.0, 2.0]},
        "Network.fit: class_weights must be a dict such as {0: 1.0, 1: 5.0}; got [1.0, 2.0].",
    ),
    (
        {"class_weights": {0: 1.0, 7: 1.0}},
        "Network.fit: class_weights names the class 7; the classes are 0 to 2.",
    ),
    (
        {"class_weights": {0: 1.0, 1: 1.0}},
        "Network.fit: class_weights must name every class that occurs; 2 is missing.",
    ),
]


@pytest.mark.parametrize(("options", "message"), WRONG)
def test_weights_that_make_no_sense_are_refused(options, message):
    """Wrong lengths, negative weights and unknown classes are named; nothing has changed."""
    net, X, Y = classes()
    assert len(X) == 22
    before = net.parameters.copy()
    with pytest.raises(ns.NeurosimError) as error:
        net.fit(X, Y, optimizer=ns.SGD(0.1), **options)
    assert str(error.value) == message
    assert np.array_equal(net.parameters, before)


def test_a_rule_counts_every_sample_alike():
    """The perceptron rule refuses weights."""
    net = ns.Network([ns.InputLayer(2), ns.Layer(1, ns.Perceptron)])
    with pytest.raises(ns.ArgumentError) as error:
        net.fit([[0, 1]], [[1]], optimizer=ns.PerceptronRule(), sample_weights=[2.0])
    assert str(error.value) == (
        "PerceptronRule counts every sample alike; leave sample_weights and class_weights out, or "
        "use an optimizer such as ns.SGD(0.1)."
    )
