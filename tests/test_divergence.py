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
        "overshoots. Bring all inputs to a size near 1, e.g. net.scale(inputs=ns.Standardizer()), or "
        "use a far smaller rate. The network holds the parameters of the last finite epoch, "
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


def test_targets_of_some_size_should_be_scaled_too(net, batch):
    """Targets that are large, though not huge, are a second thing to mend."""
    X, Y = batch[0], np.full_like(batch[1], 1000.0)
    error = diverged(net, X, Y, optimizer=ns.SGD(1e8))
    assert (
        "Likely cause: the learning rate 1e+08 is too large for this network (the inputs reach "
        f"{np.abs(X).max():g}, which is no problem). Try a rate ten times smaller, and scale the "
        "targets, which reach 1000, e.g. net.scale(outputs=ns.Standardizer()). The network holds "
    ) in str(error)


@pytest.mark.parametrize(
    ("size", "remedy"),
    [
        (2.0, "Scale them, e.g. net.scale(outputs=ns.Standardizer())"),
        (
            50.0,
            "Scale both, e.g. net.scale(inputs=ns.Standardizer(), outputs=ns.Standardizer())",
        ),
    ],
    ids=["small inputs", "large inputs"],
)
def test_unscaled_targets_are_the_cause(size, remedy):
    """Where the targets are the large numbers, they are named with the remedy, which helps."""
    X = np.linspace(-size, size, 8).reshape(-1, 1)
    Y = np.linspace(0.0, 1e9, 8).reshape(-1, 1)
    layers = [ns.InputLayer(1), ns.Layer(3, ns.TanhNeuron), ns.Layer(1, ns.LinearNeuron)]
    net = ns.Network(layers, loss=ns.MeanSquaredError(), rng=1)
    error = diverged(net, X, Y, optimizer=ns.SGD(10.0))
    last = f"{error.epoch - 1}"
    assert str(error) == (
        f"Network.fit: training diverged in epoch {error.epoch} (counted from 0): the loss became "
        f"inf, up from {error.history.loss[0]:.6g} in epoch 0. Likely cause: the targets reach "
        f"1e+09 while the inputs reach {size:g}, and every gradient grows with the error, which is "
        "as large as the targets at first, so that the learning rate 10 overshoots. "
        f"{remedy}, or use a far smaller rate. The network holds the parameters of the last finite "
        f"epoch, {last}."
    )


@pytest.mark.parametrize("batch_size", [1, 2, 3])
def test_the_first_bad_batch_is_named(engine, batch_size):
    """The epoch ends at the first batch whose loss is not finite, and that value is told; in one
    batch of all samples it is just the loss.
    """
    layer = ns.Layer(1, ns.LinearNeuron, weights=[[1.0]], biases=[0.0])
    net = ns.Network([ns.InputLayer(1), layer], loss=ns.MeanSquaredError())
    X, Y = [[0.0], [1e160], [1.0]], [[0.0], [0.0], [0.0]]
    seen = []

    class Look(ns.Callback):
        def on_batch(self, run):
            seen.append(run.batch_loss)

    options = {"batch_size": batch_size, "shuffle": False, "callbacks": Look(), "engine": engine}
    error = diverged(net, X, Y, optimizer=ns.SGD(0.1), **options)
    counted, batch, n_seen = {
        1: ("counted from 0, like the batches", " of batch 1", 2),
        2: ("counted from 0, like the batches", " of batch 0", 1),
        3: ("counted from 0", "", 1),
    }[batch_size]
    assert str(error) == (
        f"Network.fit: training diverged in epoch 0 ({counted}): the loss{batch} became inf at "
        "once. Likely cause: the inputs are not scaled: 'input[0]' reaches 1e+160, and the "
        "gradient of a weight grows with its input, so that of 'input[0]' is the huge one and the "
        "learning rate 0.1 overshoots. Bring all inputs to a size near 1, e.g. "
        "net.scale(inputs=ns.Standardizer()), or use a far smaller rate. The network holds the "
        "parameters of the last finite epoch, its start."
    )
    assert len(seen) == n_seen
    assert net.parameters.tolist() == [1.0, 0.0]
    assert error.history.loss == []


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


@pytest.mark.parametrize("bad", [math.inf, math.nan])
def test_no_rate_helps_a_gradient_that_is_not_finite(bad):
    """Where the gradient itself is not finite, the remedy is another."""
    layer = ns.Layer(1, ns.LinearNeuron, weights=[[1.0]], biases=[0.0])
    net = ns.Network([ns.InputLayer(1), layer])
    net.gradient[:] = [bad, 1.0]
    with pytest.raises(ns.DivergedError) as caught:
        ns.SGD(1e-300).step(net)
    assert str(caught.value) == (
        f"SGD.step: the parameter 'input[0]->output[0]' would become {-bad}, as its gradient is "
        f"{bad}, and no learning rate helps there; scale the inputs, or use smaller weights."
    )
    assert net.parameters.tolist() == [1.0, 0.0]


def test_errors_too_large_to_square_are_infinite():
    """The mean of squares beyond the largest float is inf, and warns nobody."""
    assert ns.mean_squared_error([[0.0]], [[1e200]]) == math.inf
    assert ns.mean_absolute_error([[-1.7e308]], [[1.7e308]]) == math.inf


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
