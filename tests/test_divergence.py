"""Training that runs away is caught, explained, and undone."""

import math
import pickle

import numpy as np
import pytest

import neurosim as ns


def survey_network():
    """A line through education and income, from W = (0.1, 0.1)."""
    layer = ns.Layer(1, ns.LinearNeuron, weights=[[0.1], [0.1]], labels=["dates"])
    return ns.Network([ns.InputLayer(2, labels=["education", "income"]), layer], rng=1)


def survey():
    """Three people: years of education, income, and dates."""
    return np.array([[10.0, 9900.0], [2.0, 100.0], [20.0, 4000.0]]), np.array(
        [[40.0], [4.0], [30.0]]
    )


def diverged(net, X, Y, **options):
    """Return the error with which training stops."""
    with pytest.raises(ns.DivergedError) as caught:
        net.fit(X, Y, epochs=1000, **options)
    return caught.value


@pytest.mark.parametrize("batch_size", [None, 2], ids=["full batch", "batches of 2"])
def test_the_network_keeps_the_last_finite_epoch(engine, batch_size):
    """The parameters left are exactly those of a twin trained for `error.epoch` epochs, and the
    history is that of the finite ones.
    """
    X, Y = survey()
    net, twin = survey_network(), survey_network()
    options = {"optimizer": ns.SGD(1e-6), "engine": engine, "batch_size": batch_size}
    error = diverged(net, X, Y, **options)
    history = twin.fit(X, Y, epochs=error.epoch, **options)
    assert error.epoch > 0
    assert net.parameters.tobytes() == twin.parameters.tobytes()
    assert np.isfinite(net.parameters).all()
    assert error.history.loss == history.loss
    assert len(error.history) == error.epoch
    assert all(math.isfinite(loss) for loss in error.history.loss)
    assert not net.gradient.any()
    with pytest.raises(ns.DivergedError):
        twin.fit(X, Y, epochs=1, **options)


def test_the_message_names_epoch_number_and_cause():
    """Unscaled inputs are named with their scales; the loss, or the first bad parameter, too."""
    net = survey_network()
    error = diverged(net, *survey(), optimizer=ns.SGD(1e-6))
    assert str(error) == (
        f"Network.fit: training diverged in epoch {error.epoch} (counted from 0): the loss became "
        f"inf, up from {error.history.loss[0]:.6g} in epoch 0. Likely cause: the inputs are not scaled: "
        "'income' reaches 9900 while 'education' reaches 20, and the gradient of a weight grows "
        "with its input, so that of 'income' is the huge one and the learning rate 1e-06 "
        "overshoots. Bring all inputs to a size near 1 (divide 'income' by 9900, say), or use a "
        "far smaller rate. The network holds the parameters of the last finite epoch, "
        f"{error.epoch - 1}."
    )
    assert isinstance(error, ArithmeticError)
    assert isinstance(error, ns.NeurosimError)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.epoch, again.history) == (str(error), error.epoch, error.history)


def test_scaled_inputs_blame_the_learning_rate(net, batch):
    """With inputs near 1, the learning rate is what is too large."""
    X, Y = batch
    error = diverged(net, X, Y, optimizer=ns.SGD(1e8))
    assert str(error).startswith(f"Network.fit: training diverged in epoch {error.epoch} (counted ")
    assert str(error).endswith(
        "Likely cause: the learning rate 1e+08 is too large for this network (the inputs reach "
        f"{np.abs(X).max():g}, which is no problem). Try a rate ten times smaller. The network "
        f"holds the parameters of the last finite epoch, {error.epoch - 1}."
    )


def test_a_first_epoch_may_diverge(net, batch, engine):
    """Where already the first epoch is not finite, the start is what is left."""
    start = net.parameters.copy()
    error = diverged(net, batch[0], batch[1] * 1e200, optimizer=ns.SGD(0.1), engine=engine)
    assert (error.epoch, len(error.history)) == (0, 0)
    assert np.array_equal(net.parameters, start)
    assert "diverged in epoch 0 (counted from 0): the loss became inf at once." in str(error)
    assert str(error).endswith(
        "The network holds the parameters of the last finite epoch, its start."
    )


def test_a_parameter_that_overflows_is_named():
    """Where the loss is still finite, the first parameter that is not is named."""
    layer = ns.Layer(1, ns.LinearNeuron, weights=[[1e150]], biases=[0.0])
    net = ns.Network([ns.InputLayer(1), layer])
    error = diverged(net, [[1.0]], [[0.0]], optimizer=ns.SGD(1e300))
    assert "the parameter 'input[0]->output[0]' became -inf at once" in str(error)
    assert net.parameters.tolist() == [1e150, 0.0]


def test_a_step_by_hand_never_leaves_a_bad_number():
    """`step` refuses an update that is not finite, names the parameter, and changes nothing."""
    layer = ns.Layer(1, ns.LinearNeuron, weights=[[1e150]], biases=[0.0])
    net = ns.Network([ns.InputLayer(1), layer])
    net.forward([1.0])
    net.backward([0.0])
    with pytest.raises(ns.DivergedError) as caught:
        ns.SGD(1e200).step(net)
    assert str(caught.value) == (
        "SGD.step: the parameter 'input[0]->output[0]' would become -inf, as its gradient is "
        "2e+150; use a learning rate below 1e+200, or scale the inputs."
    )
    assert net.parameters.tolist() == [1e150, 0.0]


def test_the_graph_engine_shows_what_overflows():
    """By hand, numbers beyond the largest float are shown as inf, and warn nobody."""
    layers = [
        ns.InputLayer(1),
        ns.Layer(1, ns.LinearNeuron, weights=[[1e200]]),
        ns.Layer(1, ns.LinearNeuron, weights=[[1e200]]),
    ]
    net = ns.Network(layers)
    for x, y in (([1.0], [0.0]), ([[1.0]], [[0.0]])):
        assert np.isinf(net.forward(x)).all()
        assert net.backward(y) == math.inf


def test_predict_never_returns_a_bad_number():
    """`predict` refuses to return inf or NaN, and says which output and sample."""
    layers = [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[1e200]], labels=["y"])]
    net = ns.Network(layers)
    with pytest.raises(ns.NotFiniteError) as caught:
        net.predict([[1.0], [1e200]])
    assert str(caught.value) == (
        "Network.predict: the output 'y' for sample 1 is inf, as some number on the way is too "
        "large; scale the inputs or use smaller weights."
    )
    with pytest.raises(ns.NotFiniteError) as caught:
        ns.LinearNeuron(weights=[1e200])([1e200])
    assert str(caught.value) == (
        "LinearNeuron: the activation is not a finite number, as some number on the way is too "
        "large; scale the inputs or use smaller weights."
    )
