"""Callbacks that come with the library: when to stop, what to print, what else to record."""

import io

import numpy as np
import pytest

import neurosim as ns


class Script(ns.Learner):
    """Learns nothing; lets the parameters count its updates and reports losses from a list."""

    def __init__(self, losses):
        super().__init__(1.0)
        self.losses = list(losses)

    def learn(self, network, engine, rows):
        """Return the next loss; every parameter becomes the number of updates."""
        memory = self.memory(network)
        loss = self.losses[memory.step]
        memory.step += 1
        network.parameters[:] = memory.step
        return loss


def scripted(losses, **options):
    """Return a network that has run through these losses, and its history."""
    net = ns.Network.layered([1, 1], hidden=None, output=ns.LinearNeuron, rng=1)
    history = net.fit([[1.0]], [[1.0]], optimizer=Script(losses), epochs=len(losses), **options)
    return net, history


# -- early stopping -----------------------------------------------------------------------------


def test_early_stopping_brings_back_the_best_epoch():
    """After `patience` epochs without a smaller number it stops; the parameters are those after
    the best epoch.
    """
    stop = ns.EarlyStopping(2, monitor="loss")
    net, history = scripted([5.0, 4.0, 3.0, 3.5, 3.0, 1.0], callbacks=stop)
    assert len(history) == 5
    assert net.parameters.tolist() == [3.0, 3.0]
    assert (stop.best, stop.best_epoch, stop.waited) == (3.0, 2, 2)


def test_a_small_change_is_no_improvement():
    """Only what is smaller by more than `minimum_change` counts."""
    stop = ns.EarlyStopping(2, minimum_change=0.5, monitor="loss")
    net, history = scripted([5.0, 4.8, 4.5, 1.0], callbacks=stop)
    assert len(history) == 3
    assert net.parameters.tolist() == [1.0, 1.0]


def test_patience_begins_anew_with_each_improvement():
    """An improvement within the patience is waited for again; and the end of all epochs brings
    back the best, too.
    """
    stop = ns.EarlyStopping(2, monitor="loss")
    net, history = scripted([5.0, 6.0, 4.0, 6.0, 3.0, 6.0], callbacks=stop)
    assert len(history) == 6
    assert net.parameters.tolist() == [5.0, 5.0]


def test_a_metric_may_have_to_grow(engine):
    """With ``larger_is_better`` the best epoch is that of the largest number."""
    X, Y = ns.datasets.xor()
    net = ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.SigmoidNeuron, rng=1)
    stop = ns.EarlyStopping(200, monitor="accuracy", larger_is_better=True)
    history = net.fit(
        X,
        Y,
        optimizer=ns.SGD(1.0),
        epochs=300,
        metrics=[ns.accuracy],
        callbacks=[stop],
        engine=engine,
    )
    best = max(history.metrics["accuracy"])
    assert stop.best == best
    assert stop.best_epoch == history.metrics["accuracy"].index(best)
    assert net.evaluate(X, Y, [ns.accuracy])["accuracy"] == best


def test_early_stopping_serves_one_training_after_another():
    """A new training begins anew; one that goes on with a history keeps waiting."""
    stop = ns.EarlyStopping(3, monitor="loss")
    scripted([1.0, 2.0], callbacks=stop)
    _, history = scripted([5.0, 4.0, 4.5], callbacks=stop)
    assert (stop.best, stop.best_epoch, stop.waited) == (4.0, 1, 1)
    net = ns.Network.layered([1, 1], hidden=None, output=ns.LinearNeuron, rng=1)
    script = Script([9.0] * 9)
    net.fit([[1.0]], [[1.0]], optimizer=script, epochs=9, history=history, callbacks=stop)
    assert len(history) == 5
    net.fit([[1.0]], [[1.0]], optimizer=script, epochs=9, history=history, callbacks=stop)
    assert len(history) == 5


def test_divergence_leaves_the_last_finite_epoch_not_the_best(net, batch, engine):
    """The promise of `DivergedError` holds; the best parameters are at hand."""
    X, Y = batch
    stop = ns.EarlyStopping(1000, monitor="loss")
    twin = net.copy()
    with pytest.raises(ns.DivergedError) as caught:
        net.fit(X, Y, optimizer=ns.SGD(1e4), epochs=1000, callbacks=stop, engine=engine)
    twin.fit(X, Y, optimizer=ns.SGD(1e4), epochs=caught.value.epoch, engine=engine)
    assert np.array_equal(net.parameters, twin.parameters)
    assert np.isfinite(stop.best_parameters).all()


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_an_interruption_passes_all_callbacks(net, batch, engine, tmp_path, error):
    """Ctrl-C reaches the caller with finite parameters, whatever else looks on."""

    class Stop(ns.Callback):
        def on_batch(self, run):
            if run.epoch == 2:
                raise error

    callbacks = [
        ns.EarlyStopping(5, monitor="loss"),
        ns.StopWhen(loss=0),
        ns.BatchLoss(),
        ns.Diagnostics(),
        ns.Checkpoint(tmp_path / "run.npz"),
        Stop(),
    ]
    with pytest.raises(error):
        net.fit(*batch, optimizer=ns.SGD(0.1), epochs=5, callbacks=callbacks, engine=engine)
    assert np.isfinite(net.parameters).all()
    assert len(ns.resume(tmp_path / "run.npz").history) == 2


# -- StopWhen -------------------------------------------------------------------------------------


STOPS = {
    "loss": ({"loss": 3.0}, [5.0, 4.0, 3.0, 2.0], 3),
    "change": ({"change_below": 0.2}, [5.0, 4.0, 3.9, 2.0], 3),
    "any one": ({"change_below": 0.2, "loss": 4.0}, [5.0, 4.0, 3.9, 2.0], 2),
    "none": ({"loss": 1.0, "change_below": 1e-9}, [5.0, 4.0, 3.9, 2.0], 4),
}


@pytest.mark.parametrize(("limits", "losses", "wanted"), STOPS.values(), ids=STOPS)
def test_training_stops_when_one_limit_is_reached(limits, losses, wanted):
    """A loss that is small enough, or that hardly moves, ends training after that epoch."""
    net, history = scripted(losses, callbacks=ns.StopWhen(**limits))
    assert len(history) == wanted
    assert net.parameters.tolist() == [wanted, wanted]


def test_a_metric_is_reached_from_the_side_that_is_worse():
    """An accuracy grows to its number, an error falls to it, as a validation loss always does."""
    X, Y = ns.datasets.xor()

    def epochs(metric, **options):
        net = ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.SigmoidNeuron, rng=1)
        return net.fit(
            X,
            Y,
            optimizer=ns.SGD(1.0),
            epochs=2000,
            metrics=[ns.accuracy, ns.mean_absolute_error],
            validation=(X, Y),
            callbacks=ns.StopWhen(metric=metric, **options),
        )

    history = epochs(("accuracy", 1.0))
    assert history.metrics["accuracy"].index(1.0) == len(history) - 1
    history = epochs(("mean_absolute_error", 0.3), larger_is_better=False)
    assert [error <= 0.3 for error in history.metrics["mean_absolute_error"]].index(True) == (
        len(history) - 1
    )
    history = epochs(("validation_loss", 0.1))
    assert [loss <= 0.1 for loss in history.validation_loss].index(True) == len(history) - 1


# -- PrintEvery -----------------------------------------------------------------------------------


def test_lines_are_written_every_k_epochs_and_for_the_last(capsys):
    """Epochs 0, k, 2 k, ... and the last one have a line each, on standard output or elsewhere."""
    scripted([5.0, 4.0, 3.0, 2.0, 1.0, 0.5], callbacks=ns.PrintEvery(2))
    lines = ["epoch 0: loss 5", "epoch 2: loss 3", "epoch 4: loss 1", "epoch 5: loss 0.5"]
    assert capsys.readouterr().out.splitlines() == lines
    file = io.StringIO()
    scripted([5.0, 4.0, 3.0], callbacks=ns.PrintEvery(2, file=file))
    assert file.getvalue() == "epoch 0: loss 5\nepoch 2: loss 3\n"
    assert capsys.readouterr().out == ""


def test_a_line_tells_all_that_is_recorded(net, batch, capsys):
    """Loss, validation loss and metrics are named."""
    history = net.fit(
        *batch,
        optimizer=ns.SGD(0.1),
        validation=0.3,
        metrics=[ns.mean_absolute_error],
        callbacks=ns.PrintEvery(1),
    )
    assert capsys.readouterr().out == (
        f"epoch 0: loss {history.loss[0]:.6g}, validation loss {history.validation_loss[0]:.6g}, "
        f"mean absolute error {history.metrics['mean_absolute_error'][0]:.6g}\n"
    )


# -- what is recorded on request ------------------------------------------------------------------


def test_batch_losses_are_recorded_on_request(net, batch, engine):
    """One number per batch; their mean over the samples is the loss of the epoch."""
    history = net.fit(
        *batch,
        optimizer=ns.SGD(0.1),
        epochs=2,
        batch_size=4,
        callbacks=ns.BatchLoss(),
        engine=engine,
    )
    first, second, *later = history.batch_loss
    assert len(later) == 2
    assert (4 * first + 3 * second) / 7 == history.loss[0]
    assert net.fit(*batch, optimizer=ns.SGD(0.1)).batch_loss == []


def test_an_epoch_that_diverged_leaves_no_batch_losses(net, batch):
    """The history holds those of finite epochs only."""
    with pytest.raises(ns.DivergedError) as caught:
        net.fit(*batch, optimizer=ns.SGD(1e4), epochs=999, batch_size=2, callbacks=ns.BatchLoss())
    history = caught.value.history
    assert len(history.batch_loss) == 4 * len(history)
    assert np.isfinite(history.batch_loss).all()


def test_gradient_norms_are_those_of_the_last_update(net, batch, engine):
    """Per layer, the length of the gradient of its weights and biases."""
    history = net.fit(
        *batch, optimizer=ns.SGD(0.1), epochs=2, callbacks=ns.Diagnostics(), engine=engine
    )
    for layer in net.layers[1:]:
        gradient = [*layer.place.weight_gradients.ravel(), *layer.place.bias_gradients]
        norms = history.diagnostics["gradient_norm"][layer.name]
        assert norms[1] == pytest.approx(np.linalg.norm(gradient), rel=1e-12)
        assert len(norms) == 2


def test_saturation_is_the_share_of_flat_activations():
    """A sigmoid is saturated where a (1 - a) < 0.01, a linear neuron never; a ReLU where it is 0,
    and dead where it is so for every sample.
    """
    layers = [
        ns.InputLayer(1),
        ns.Layer(2, ns.SigmoidNeuron, weights=[[100.0, 0.0]], biases=[0.0, 0.0]),
        ns.Layer(2, ns.ReLUNeuron, weights=[[0.0, 1.0], [0.0, 0.0]], biases=[-5.0, -0.4]),
        ns.Layer(1, ns.LinearNeuron),
    ]
    net = ns.Network(layers, rng=1)
    X = [[-1.0], [0.0], [1.0], [2.0]]
    history = net.fit(X, np.zeros((4, 1)), optimizer=ns.SGD(1e-12), callbacks=ns.Diagnostics())
    assert history.diagnostics["saturation"] == {
        "hidden1": [3 / 8],
        "hidden2": [5 / 8],
        "output": [0.0],
    }
    assert history.diagnostics["dead"] == {"hidden1": [0.0], "hidden2": [0.5], "output": [0.0]}
    few = net.fit(X, np.zeros((4, 1)), optimizer=ns.SGD(1e-12), callbacks=ns.Diagnostics(1))
    assert few.diagnostics["dead"]["hidden2"] == [1.0]


def test_what_has_no_slope_of_its_own_has_a_gradient_only():
    """Layers of softmax have a gradient norm, but no saturation."""
    X, Y = np.eye(3), np.eye(3)
    net = ns.Network.layered(
        [3, 2, 3],
        hidden=ns.TanhNeuron,
        output=ns.SoftmaxNeuron,
        loss=ns.CategoricalCrossEntropy(),
        rng=1,
    )
    diagnostics = net.fit(X, Y, optimizer=ns.SGD(0.1), callbacks=ns.Diagnostics()).diagnostics
    assert list(diagnostics["gradient_norm"]) == ["hidden1", "output"]
    assert list(diagnostics["saturation"]) == ["hidden1"]


def test_looking_on_changes_nothing(net, batch, engine):
    """All callbacks that only look leave the same parameters and numbers as none."""
    twin = net.copy()
    net.fit(
        *batch,
        optimizer=ns.Adam(0.01),
        epochs=5,
        batch_size=3,
        engine=engine,
        callbacks=[ns.Diagnostics(), ns.BatchLoss(), ns.PrintEvery(2, io.StringIO())],
    )
    twin.fit(*batch, optimizer=ns.Adam(0.01), epochs=5, batch_size=3, engine=engine)
    assert net.parameters.tobytes() == twin.parameters.tobytes()
    if engine == "graph":
        assert np.array_equal(net["output[0]"].activation, twin["output[0]"].activation)


# -- curves ---------------------------------------------------------------------------------------


def test_a_history_is_drawn_with_all_that_it_holds(net, batch):
    """A new figure has an axes each for losses, metrics, a rate that changes, and diagnostics; the
    losses alone go into the person's own axes.
    """
    history = net.fit(
        *batch,
        optimizer=ns.SGD(ns.StaircaseDecay(0.1, every=1)),
        epochs=3,
        batch_size=4,
        metrics=[ns.mean_absolute_error],
        callbacks=[ns.Diagnostics(), ns.BatchLoss()],
    )
    ax = history.plot()
    names = [axes.get_ylabel() for axes in ax.figure.axes]
    assert names == [
        "loss",
        "mean absolute error",
        "learning rate",
        "gradient norm",
        "saturation",
        "dead",
    ]
    assert ax.figure.axes[0] is ax
    assert [line.get_label() for line in ax.lines] == ["loss", "batch loss"]
    assert ax.lines[1].get_xdata().tolist() == pytest.approx([-0.25, 0.25, 0.75, 1.25, 1.75, 2.25])
    rates = ax.figure.axes[2].lines[0].get_xydata().tolist()
    assert rates == [[0, 0.1], [1, 0.05], [2, 0.025]]
    assert [line.get_label() for line in ax.figure.axes[3].lines] == ["hidden1", "output"]
    assert ax.figure.axes[-1].get_xlabel() == "epoch"
    own = ns.History(loss=[1.0]).plot()
    before = len(own.lines)
    assert history.plot(ax=own) is own
    assert (len(own.lines) - before, len(own.figure.axes)) == (2, 1)


def test_a_constant_rate_is_not_drawn(net, batch):
    """A rate that stays as it is has no axes of its own."""
    history = net.fit(*batch, optimizer=ns.SGD(0.1), epochs=3)
    assert len(history.plot().figure.axes) == 1


# -- bad input ------------------------------------------------------------------------------------

BAD = {
    "no patience": (
        lambda: ns.EarlyStopping(0),
        "EarlyStopping: patience must be a positive whole number; got 0.",
    ),
    "a negative change": (
        lambda: ns.EarlyStopping(minimum_change=-1),
        "EarlyStopping: minimum_change must be a finite number that is not negative; got -1.",
    ),
    "a function to monitor": (
        lambda: ns.EarlyStopping(monitor=3),
        "EarlyStopping: monitor must be a name such as 'validation_loss' or 'accuracy'; got 3.",
    ),
    "no limit": (
        lambda: ns.StopWhen(),
        "StopWhen: give at least one of loss, metric and change_below.",
    ),
    "a negative loss": (
        lambda: ns.StopWhen(loss=-1.0),
        "StopWhen: loss must be a finite number that is not negative; got -1.0.",
    ),
    "no change": (
        lambda: ns.StopWhen(change_below=0),
        "StopWhen: change_below must be a finite number greater than 0; got 0.",
    ),
    "a metric without a number": (
        lambda: ns.StopWhen(metric="accuracy"),
        "StopWhen: metric must be a name and a number, such as ('accuracy', 0.95); got 'accuracy'.",
    ),
    "a metric of nothing": (
        lambda: ns.StopWhen(metric=("accuracy", None)),
        "StopWhen: metric 'accuracy' must be a number; got None.",
    ),
    "never": (
        lambda: ns.PrintEvery(0),
        "PrintEvery: k must be a positive whole number; got 0.",
    ),
    "a file name": (
        lambda: ns.PrintEvery(1, "log.txt"),
        "PrintEvery: file must be an open text file, such as sys.stderr; got 'log.txt'.",
    ),
    "no samples": (
        lambda: ns.Diagnostics(0),
        "Diagnostics: n_samples must be a positive whole number; got 0.",
    ),
}


@pytest.mark.parametrize(("make", "message"), BAD.values(), ids=BAD)
def test_bad_arguments_are_refused(make, message):
    """What a callback cannot work with is refused when it is made."""
    with pytest.raises(ns.NeurosimError) as caught:
        make()
    assert str(caught.value) == message


UNRECORDED = {
    "no validation": (
        ns.EarlyStopping(),
        "EarlyStopping: monitor 'validation_loss' is not recorded in this training, only loss; "
        "pass net.fit validation=0.2 or a pair (X, Y).",
    ),
    "no metric": (
        ns.StopWhen(metric=("accuracy", 0.9)),
        "StopWhen: metric 'accuracy' is not recorded in this training, only loss; pass net.fit "
        "metrics=[...] with a function named accuracy.",
    ),
}


@pytest.mark.parametrize(("callback", "message"), UNRECORDED.values(), ids=UNRECORDED)
def test_what_is_not_recorded_cannot_be_watched(net, batch, callback, message):
    """It is told before the first epoch, and nothing has changed."""
    before = net.parameters.copy()
    net.scale(inputs=ns.Standardizer())
    with pytest.raises(ns.ArgumentError) as caught:
        net.fit(*batch, optimizer=ns.SGD(0.1), callbacks=callback)
    assert str(caught.value) == message
    assert np.array_equal(net.parameters, before)
    assert not net.input_scaler.fitted


@pytest.mark.parametrize(
    "text",
    [
        "EarlyStopping(patience=3, minimum_change=0.1, monitor='loss')",
        "EarlyStopping(patience=3, minimum_change=0.0, monitor='r2', larger_is_better=True)",
        "StopWhen(loss=0.5, change_below=0.1)",
        "StopWhen(metric=('mae', 0.1), larger_is_better=False)",
        "PrintEvery(10)",
        "Diagnostics(n_samples=10)",
    ],
)
def test_callbacks_are_described(text):
    """A callback shows its settings as they are written."""
    assert repr(eval(text, vars(ns).copy())) == text
