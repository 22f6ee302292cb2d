"""What the vectorized engine does to be fast changes no number."""

import tracemalloc

import numpy as np
import pytest

import neurosim as ns
from neurosim.engines import TraversalEngine, VectorizedEngine


def random_graph(n_inputs=6, n=120, n_edges=900, seed=0, **options):
    """A graph whose neurons have sources, and readers, in very different numbers."""
    rng = np.random.default_rng(seed)
    targets = n_inputs + ((n - n_inputs) * rng.random(n_edges) ** 2).astype(int)
    sources = (rng.random(n_edges) * targets).astype(int)
    pairs = np.unique(sources * n + targets)
    kinds = {i: [ns.TanhNeuron, ns.ReLUNeuron][i % 2] for i in range(n_inputs, n)}
    return ns.Network.from_edges(
        pairs // n,
        pairs % n,
        kinds=kinds,
        inputs=range(n_inputs),
        outputs=[n - 1, n - 3, n_inputs + 1],
        rng=seed,
        **options,
    )


def gradients(net, X, Y, rows=None):
    """Return loss and gradient of both engines."""
    results = []
    for kind in (TraversalEngine, VectorizedEngine):
        engine = net.engine(kind)
        engine.load(X, Y)
        results.append((engine.gradient(rows), net.gradient.copy()))
    return results


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n", [1, 3, 40, 3000])
def test_rectangles_of_sparse_edges_add_nothing(n, seed):
    """Whatever the numbers of edges of the neurons and the size of the batch, which cut them into
    groups, loss and gradient are those of the graph engine.
    """
    net = random_graph(seed=seed)
    rng = np.random.default_rng(seed)
    X, Y = rng.normal(size=(n, 6)), rng.normal(size=(n, 3))
    (loss, gradient), (own_loss, own) = gradients(net, X, Y)
    assert np.isclose(own_loss, loss, rtol=1e-12)
    np.testing.assert_allclose(own, gradient, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(net.predict(X), net.forward(X), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("n_inputs", [2, 70])
def test_batches_of_several_sizes_share_their_tables(n_inputs):
    """After a larger or a smaller batch, by slice or by index, a batch gives the same bits as on
    an engine of its own, few inputs or many.
    """
    net = ns.Network.layered(
        [n_inputs, 30, 20, 3], hidden=ns.SigmoidNeuron, output=ns.LinearNeuron, rng=1
    )
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(1000, n_inputs)), rng.normal(size=(1000, 3))
    kept = net.engine(VectorizedEngine)
    kept.load(X, Y)
    order = rng.permutation(1000)
    for rows in (order[:32], order[:8], None, slice(8, 40), order[-32:], slice(992, 1000), None):
        loss = kept.gradient(rows)
        gradient = net.gradient.copy()
        net.forget_engines()
        fresh = net.engine(VectorizedEngine)
        fresh.load(X, Y)
        assert fresh.gradient(rows) == loss
        assert np.array_equal(net.gradient, gradient)


@pytest.mark.parametrize("output", [ns.LinearNeuron, ns.SoftmaxNeuron, ns.SigmoidNeuron])
def test_large_batches_go_piece_by_piece(output):
    """A batch of many times the size of a piece has the gradient of the graph engine."""
    net = ns.Network.layered([3, 9, 8, 4], hidden=ns.SwishNeuron, output=output, rng=1)
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(9001, 3)), rng.dirichlet(np.ones(4), size=9001)
    (loss, gradient), (own_loss, own) = gradients(net, X, Y)
    assert np.isclose(own_loss, loss, rtol=1e-12)
    np.testing.assert_allclose(own, gradient, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("n_inputs", [3, 70])
def test_the_samples_stay_as_they_are(n_inputs):
    """Neither dropped inputs nor a training write into a person's X and Y."""
    net = ns.Network.layered([n_inputs, 8, 1], hidden=ns.ReLUNeuron, output=ns.LinearNeuron, rng=1)
    net.regularize(ns.Dropout(0.5), "input")
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(300, n_inputs)), rng.normal(size=(300, 1))
    before = X.copy(), Y.copy()
    for options in ({}, {"batch_size": 32}, {"batch_size": 7, "shuffle": False}):
        net.fit(X, Y, optimizer=ns.SGD(0.01), epochs=2, **options)
    assert np.array_equal(X, before[0])
    assert np.array_equal(Y, before[1])


def test_a_rate_of_dropout_may_be_set_to_nothing():
    """Dropout whose rate is set to 0 in the middle of a training drops nothing from then on."""
    dropout = ns.Dropout(0.5)

    def stop_dropping(run):
        dropout.rate = 0.0

    nets = []
    for engine in ("graph", "vectorized"):
        dropout.rate = 0.5
        net = ns.Network.layered([2, 6, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
        net.regularize(dropout)
        X, Y = np.ones((4, 2)), np.ones((4, 1))
        options = {"callbacks": [stop_dropping], "engine": engine, "rng": 3}
        net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=4, **options)
        nets.append(net)
    np.testing.assert_allclose(nets[0].parameters, nets[1].parameters, rtol=1e-12)


def test_an_optimizer_may_be_changed_in_the_middle():
    """A constant set by a callback holds from the next update on, in every engine."""
    results = []
    for engine in ("graph", "vectorized"):
        net = ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
        optimizer = ns.Momentum(0.1, beta=0.9)

        def change(run, optimizer=optimizer):
            optimizer.beta = 0.5
            run.network.freeze("output[0]")

        X, Y = np.ones((4, 2)), np.ones((4, 1))
        net.fit(X, Y, optimizer=optimizer, epochs=4, callbacks=[change], engine=engine)
        results.append(net.parameters.copy())
    np.testing.assert_allclose(results[0], results[1], rtol=1e-12)


@pytest.mark.parametrize(
    ("sizes", "batch", "optimizer", "n_vectors"),
    [
        ([784, 256, 128, 10], 128, ns.Adam(1e-3), 2),
        ([20, 300, 300, 5], 2048, ns.SGD(1e-3), 0),
    ],
)
def test_a_training_takes_little_memory(sizes, batch, optimizer, n_vectors):
    """A training takes at most 1.5 times the memory of the parameters, their gradient, what the
    optimizer remembers, and the activations of two batches.
    """
    net = ns.Network.layered(
        sizes, hidden=ns.ReLUNeuron, output=ns.LinearNeuron, rng=1, dtype="float32"
    )
    rng = np.random.default_rng(0)
    X = rng.normal(size=(4 * batch, sizes[0])).astype("float32")
    Y = rng.normal(size=(4 * batch, sizes[-1])).astype("float32")
    parameters, activations = net.parameters.nbytes, 4 * batch * sum(sizes)
    tracemalloc.start()
    try:
        net.fit(X, Y, optimizer=optimizer, epochs=2, batch_size=batch, engine="vectorized")
        # Parameters and gradient were there before.
        peak = tracemalloc.get_traced_memory()[1] + 2 * parameters
    finally:
        tracemalloc.stop()
    assert peak <= 1.5 * ((2 + n_vectors) * parameters + 2 * activations)
