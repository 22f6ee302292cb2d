"""The training loop: epochs, batches, what is recorded, and who may look on."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import neurosim as ns


class Spy(ns.Learner):
    """Learns nothing, and notes the samples that it was shown."""

    def __init__(self):
        super().__init__(1.0)
        self.batches = []

    def learn(self, network, engine, rows):
        """Note the samples; the loss is the first input's mean."""
        X, _ = engine.samples(rows)
        self.batches.append(X[:, 0].tolist())
        return float(np.mean(X[:, 0]))


def one_input():
    """A network of one input and one output."""
    return ns.Network.layered([1, 1], hidden=None, output=ns.LinearNeuron, rng=2)


@given(
    n=st.integers(1, 12),
    batch_size=st.none() | st.integers(1, 15),
    shuffle=st.booleans(),
    epochs=st.integers(0, 3),
)
def test_every_sample_is_visited_once_per_epoch(n, batch_size, shuffle, epochs):
    """Batches have the size asked for, the last one maybe fewer; without shuffling, and in one
    full batch, samples keep their order.
    """
    X, spy = np.arange(float(n)).reshape(-1, 1), Spy()
    history = one_input().fit(
        X, X, optimizer=spy, batch_size=batch_size, shuffle=shuffle, epochs=epochs
    )
    size = n if batch_size is None else batch_size
    per_epoch = -(-n // size)
    assert len(history) == epochs
    assert len(spy.batches) == per_epoch * epochs
    for epoch in range(epochs):
        batches = spy.batches[epoch * per_epoch : (epoch + 1) * per_epoch]
        assert [len(b) for b in batches[:-1]] == [size] * (per_epoch - 1)
        visited = [x for b in batches for x in b]
        assert sorted(visited) == X.ravel().tolist()
        if batch_size is None or not shuffle:
            assert visited == X.ravel().tolist()
        # The mean over the samples, not over the batches.
        assert history.loss[epoch] == pytest.approx(np.mean(X))


def test_shuffles_differ_from_epoch_to_epoch():
    """Every epoch has an order of its own; `rng` settles them, and None goes on with the last."""
    X, orders = np.arange(50.0).reshape(-1, 1), []
    net = one_input()
    for rng in (7, 7, None, None):
        spy = Spy()
        net.fit(X, X, optimizer=spy, batch_size=50, epochs=2, rng=rng)
        orders.append(spy.batches)
    assert orders[0] == orders[1]
    assert orders[0][0] != orders[0][1]
    assert orders[2] != orders[3]
    spy = Spy()
    one_input().fit(X, X, optimizer=spy, batch_size=50, epochs=2)
    assert spy.batches == orders[2]


def test_the_loss_is_that_before_each_update(net, batch, engine):
    """History's loss is the mean over the epoch's samples of what each batch had before its
    update; `gradient` is the last step's.
    """
    X, Y = batch
    twin = net.copy()
    history = net.fit(
        X, Y, optimizer=ns.SGD(0.1), epochs=2, batch_size=3, shuffle=False, engine=engine
    )
    wanted = []
    for _ in range(2):
        total = 0.0
        for begin in (0, 3, 6):
            twin.forward(X[begin : begin + 3])
            total += twin.backward(Y[begin : begin + 3]) * len(X[begin : begin + 3])
            ns.SGD(0.1).step(twin)
        wanted.append(total / 7)
    np.testing.assert_allclose(history.loss, wanted, rtol=1e-12)
    np.testing.assert_allclose(net.parameters, twin.parameters, rtol=1e-12)
    np.testing.assert_allclose(net.gradient, twin.gradient, rtol=1e-10)
    assert history.learning_rate == [0.1, 0.1]
    assert history.penalty == []
    assert all(type(loss) is float for loss in history.loss)


def test_the_graph_engine_leaves_its_numbers_on_the_neurons(net, batch):
    """After training by traversal the neurons show the last batch; the fast engine shows none."""
    X, Y = batch
    net.fit(X, Y, optimizer=ns.SGD(0.1), engine="graph", batch_size=4, shuffle=False)
    assert net["output[0]"].activation.shape == (3,)
    net.fit(X, Y, optimizer=ns.SGD(0.1), engine="vectorized")
    assert net["output[0]"].activation is None


def test_no_epoch_changes_nothing(net, batch):
    """`epochs=0` is an empty history and the same parameters."""
    before = net.parameters.copy()
    history = net.fit(*batch, optimizer=ns.SGD(0.1), epochs=0)
    assert (len(history), history.loss) == (0, [])
    assert repr(history) == "History(no epochs)"
    assert np.array_equal(net.parameters, before)


def test_two_runs_are_one_long_run(net, batch, engine):
    """Training goes on where it was: 3 + 4 epochs are 7, for the shuffles, too."""
    twin = net.copy()
    options = {"batch_size": 2, "engine": engine}
    for epochs in (3, 4):
        net.fit(*batch, optimizer=ns.SGD(0.1), epochs=epochs, **options)
    twin.fit(*batch, optimizer=ns.SGD(0.1), epochs=7, **options)
    assert np.array_equal(net.parameters, twin.parameters)


def test_full_batch_steps_are_gradient_descent(optimizer, batch):
    """`step` by hand, and `fit` with one full batch, are the same for every optimizer."""
    nets = [
        ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
        for _ in range(2)
    ]
    X, Y = batch
    optimizers = optimizer, type(optimizer)(optimizer.learning_rate)
    nets[0].fit(X, Y, optimizer=optimizers[0], epochs=4, engine="graph")
    for _ in range(4):
        nets[1].forward(X)
        nets[1].backward(Y)
        optimizers[1].step(nets[1])
    np.testing.assert_allclose(nets[0].parameters, nets[1].parameters, rtol=1e-12)


def test_sgd_is_w_minus_rate_times_gradient(net, batch):
    """w = w - rate g, for every parameter that is not frozen."""
    net.freeze("hidden1[0]")
    net.forward(batch[0])
    net.backward(batch[1])
    wanted = net.parameters - 0.3 * np.where(net.frozen, 0.0, net.gradient)
    ns.SGD(0.3).step(net)
    assert np.array_equal(net.parameters, wanted)


def test_one_optimizer_may_serve_networks_of_both_precisions(batch):
    """An optimizer keeps nothing of one network that would disturb another."""
    optimizer, trained = ns.SGD(0.1), []
    for dtype in ("float32", "float64", "float32"):
        net = ns.Network.layered(
            [2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1, dtype=dtype
        )
        net.fit(*batch, optimizer=optimizer, epochs=2)
        trained.append(net.parameters)
    assert np.array_equal(trained[0], trained[2])
    np.testing.assert_allclose(trained[0], trained[1], rtol=1e-4)


# -- what is recorded ---------------------------------------------------------------------------


def test_validation_and_metrics_are_recorded_after_each_epoch(net, batch):
    """The losses of the validation samples, and metrics of them, one number per epoch."""
    X, Y = batch
    twin = net.copy()

    def worst(Y, predictions):
        return np.abs(Y - predictions).max()

    history = net.fit(
        X[:4],
        Y[:4],
        optimizer=ns.SGD(0.1),
        epochs=3,
        validation=(X[4:], Y[4:]),
        metrics=[ns.mean_absolute_error, worst],
    )
    for epoch in range(3):
        twin.fit(X[:4], Y[:4], optimizer=ns.SGD(0.1))
        wanted = twin.evaluate(X[4:], Y[4:], [ns.mean_absolute_error, worst])
        assert history.validation_loss[epoch] == wanted["loss"]
        assert history.metrics["mean_absolute_error"][epoch] == wanted["mean_absolute_error"]
        assert history.metrics["worst"][epoch] == wanted["worst"]
    assert repr(history) == (
        f"History(3 epochs, loss {history.loss[0]:.6g} -> {history.loss[2]:.6g}, "
        f"validation loss {history.validation_loss[2]:.6g})"
    )


def test_metrics_without_validation_are_of_the_training_samples(net, batch):
    """Without validation samples, metrics tell of what was trained with; one may stand alone."""
    history = net.fit(*batch, optimizer=ns.SGD(0.1), metrics=ns.mean_absolute_error)
    wanted = net.evaluate(*batch, ns.mean_absolute_error)["mean_absolute_error"]
    assert history.metrics == {"mean_absolute_error": [wanted]}
    assert history.validation_loss == []


def test_accuracy_is_the_share_of_right_classes():
    """With several outputs the class is that of the largest; with one, whether it exceeds 0.5."""
    assert ns.accuracy([[0], [1], [1], [0]], [[0.1], [0.9], [0.2], [0.5]]) == 0.75
    assert ns.accuracy([1, 0], [0.7, 0.6]) == 0.5
    Y, predictions = np.eye(3), [[0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.1, 0.2, 0.7]]
    assert ns.accuracy(Y, predictions) == pytest.approx(2 / 3)
    assert ns.mean_absolute_error([[1.0, 2.0]], [[1.5, 1.0]]) == 0.75


# -- who may look on ----------------------------------------------------------------------------


def test_callbacks_are_called_in_order(net, batch):
    """on_start, then on_batch and on_epoch with the history at hand, then on_end; a function is
    called after each epoch.
    """
    heard = []

    class Listener(ns.Callback):
        def on_start(self, run):
            heard.append(("start", len(run.history)))

        def on_batch(self, run):
            heard.append(("batch", run.epoch, run.batch_loss))

        def on_epoch(self, run):
            heard.append(("epoch", run.epoch, run.history.loss[-1]))

        def on_end(self, run):
            heard.append(("end", len(run.history)))

    counted = []
    history = net.fit(
        *batch,
        optimizer=ns.SGD(0.1),
        epochs=2,
        batch_size=4,
        callbacks=[Listener(), lambda run: counted.append(run.epoch)],
    )
    names = [event[0] for event in heard]
    assert names == ["start", "batch", "batch", "epoch", "batch", "batch", "epoch", "end"]
    assert [event[2] for event in heard if event[0] == "epoch"] == history.loss
    losses = [event[2] for event in heard if event[0] == "batch"]
    assert (4 * losses[0] + 3 * losses[1]) / 7 == pytest.approx(history.loss[0])
    assert counted == [0, 1]


def test_a_callback_may_stop_the_training(net, batch):
    """`Run.stop` ends the training after the present epoch; one callback may stand alone."""

    def stop(run):
        if run.epoch == 2:
            run.stop()

    twin = net.copy()
    history = net.fit(*batch, optimizer=ns.SGD(0.1), epochs=100, callbacks=stop)
    assert len(history) == 3
    twin.fit(*batch, optimizer=ns.SGD(0.1), epochs=3)
    assert np.array_equal(net.parameters, twin.parameters)


CHANGES = {
    "an edge": lambda net, X, Y, engine: net.connect("input[0]", "output[0]"),
    "the loss": lambda net, X, Y, engine: setattr(net, "loss", ns.QuadraticCost()),
    "a training": lambda net, X, Y, engine: net.fit(
        X[:2], Y[:2], optimizer=ns.SGD(0.1), engine=engine
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("when", ["on_batch", "on_epoch"])
def test_a_callback_may_not_change_what_is_trained(net, batch, engine, change, when):
    """Edges, loss and samples are settled when training begins; a callback that changes them ends
    it with an error, and the network goes on as it then is.
    """
    X, Y = batch
    listener = ns.Callback()
    setattr(listener, when, lambda run: change(net, X, Y, engine))
    with pytest.raises(ns.ArgumentError) as caught:
        net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=3, engine=engine, callbacks=listener)
    assert str(caught.value) == (
        "Network.fit: a callback changed the network's edges or its loss, or trained it, in the "
        "middle of a training; end that with run.stop(), make the change after fit has returned, "
        "and call fit again."
    )
    assert np.isfinite(net.fit(X, Y, optimizer=ns.SGD(0.1), engine=engine).loss[0])


def test_progress_is_shown_on_request(net, batch, capsys):
    """Nothing is printed unless asked; a progress bar counts epochs on standard error."""
    net.fit(*batch, optimizer=ns.SGD(0.1), epochs=3)
    assert capsys.readouterr() == ("", "")
    net.fit(*batch, optimizer=ns.SGD(0.1), epochs=3, progress=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "3/3" in shown.err


class InterruptionError(Exception):
    """What a callback may raise."""


@pytest.mark.parametrize("error", [KeyboardInterrupt, InterruptionError])
@pytest.mark.parametrize("rate", [0.1, 1e160], ids=["calm", "running away"])
def test_an_interruption_leaves_finite_parameters(net, batch, engine, error, rate):
    """Whatever a callback raises reaches the caller, and the parameters are finite numbers, even
    within an epoch that has run away.
    """

    class Stop(ns.Callback):
        count = 0

        def on_batch(self, run):
            self.count += 1
            if self.count == 2:
                raise error

    options = {"batch_size": 1, "epochs": 5, "engine": engine, "callbacks": [Stop()]}
    with pytest.raises(error):
        net.fit(*batch, optimizer=ns.SGD(rate), **options)
    assert np.isfinite(net.parameters).all()
    assert np.isfinite(net.predict(batch[0])).all()
    assert np.isfinite(net.gradient).all()


TRAIN_UNTIL_INTERRUPTED = """
import sys, numpy as np, neurosim as ns
net = ns.Network.layered([5, 20, 20, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
rng = np.random.default_rng(0)
X, Y = rng.normal(size=(200, 5)), rng.normal(size=(200, 1))
start = net.parameters.copy()
begun = lambda run: run.epoch or print("begun", flush=True)
try:
    net.fit(X, Y, optimizer=ns.SGD(0.01), epochs=10**9, engine=sys.argv[1], callbacks=[begun])
except KeyboardInterrupt:
    assert np.isfinite(net.parameters).all() and not np.array_equal(net.parameters, start)
    net.fit(X, Y, optimizer=ns.SGD(0.01), epochs=1, engine=sys.argv[1])
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_returns_to_the_caller(engine):
    """A real SIGINT during `fit` raises KeyboardInterrupt at the caller, whose network goes on."""
    process = subprocess.Popen(
        [sys.executable, "-c", TRAIN_UNTIL_INTERRUPTED, engine], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline().strip() == "begun"
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    finally:
        process.kill()
        process.stdout.close()
    assert (process.returncode, out.strip()) == (0, "interrupted")


# -- learning -----------------------------------------------------------------------------------


def test_and_is_learned_by_logistic_regression(engine):
    """From zero, 100 full-batch epochs at rate 1: only (1, 1) is above 0.5."""
    layer = ns.Layer(1, ns.SigmoidNeuron, initializer=ns.Zeros())
    net = ns.Network([ns.InputLayer(2), layer], loss=ns.BinaryCrossEntropy())
    X, Y = ns.datasets.gates("and")
    history = net.fit(X, Y, optimizer=ns.SGD(1.0), epochs=100, engine=engine)
    assert (net.predict(X).ravel() > 0.5).tolist() == [False, False, False, True]
    assert history.loss[0] == pytest.approx(np.log(2))
    assert history.loss == sorted(history.loss, reverse=True)


@pytest.mark.parametrize("gate", ["and", "or", "nand", "nor"])
@pytest.mark.parametrize("batch_size", [None, 1, 3])
def test_the_perceptron_rule_learns_what_a_line_divides(gate, batch_size, engine):
    """AND, OR, NAND, NOR are learned from zero in a few epochs, in every engine."""
    net = ns.Network([ns.InputLayer(2), ns.Layer(1, ns.Perceptron, initializer=ns.Zeros())], rng=0)
    X, Y = ns.datasets.gates(gate)
    history = net.fit(
        X, Y, optimizer=ns.PerceptronRule(), epochs=25, batch_size=batch_size, engine=engine
    )
    assert np.array_equal(net.predict(X), Y)
    assert history.loss[-1] == 0.0


def test_the_perceptron_rule_never_learns_xor():
    """No line divides XOR: after any number of epochs some sample is wrong."""
    net = ns.Network([ns.InputLayer(2), ns.Layer(1, ns.Perceptron)], rng=0)
    X, Y = ns.datasets.xor()
    wrong = []
    net.fit(
        X,
        Y,
        optimizer=ns.PerceptronRule(),
        epochs=50,
        callbacks=[lambda run: wrong.append(np.abs(net.predict(X) - Y).sum())],
    )
    assert min(wrong) >= 1


def test_the_perceptron_rule_by_hand():
    """w += rate (y - a) x and b += rate (y - a), for each output; frozen ones stay."""
    layer = ns.Layer(2, ns.Perceptron, weights=[[0.0, 1.0], [0.0, 1.0]], biases=[0.0, 0.0])
    net = ns.Network([ns.InputLayer(2), layer])
    net.freeze("output[1]", weights=False)
    assert ns.PerceptronRule(0.5).step(net, [2.0, 3.0], [1.0, 0.0]) == 2.0
    assert net.layers[1].weights.tolist() == [[1.0, 0.0], [1.5, -0.5]]
    assert net.layers[1].biases.tolist() == [0.5, 0.0]


def test_learners_are_described(optimizer):
    """An optimizer shows its numbers."""
    name = type(optimizer).__name__
    optimizer_again = eval(repr(optimizer), vars(ns))
    assert repr(optimizer).startswith(f"{name}(learning_rate={optimizer.learning_rate!r}")
    assert repr(optimizer_again) == repr(optimizer)
    assert vars(optimizer_again) == vars(optimizer)
    assert repr(ns.PerceptronRule()) == "PerceptronRule(learning_rate=1.0)"
