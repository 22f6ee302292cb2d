"""Data larger than memory: arrays in files, and functions that yield batches."""

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest

import neurosim as ns


@pytest.fixture
def in_file(tmp_path):
    """Give an array as a `numpy.memmap` of a file that holds it."""

    def mapped(array):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.npy"
        np.save(path, array)
        return np.load(path, mmap_mode="r")

    return mapped


def small(dtype="float64", rng=1, **options):
    """A network of 3 inputs and 2 outputs."""
    kinds = {"hidden": ns.TanhNeuron, "output": ns.LinearNeuron}
    return ns.Network.layered([3, 4, 2], **kinds, rng=rng, dtype=dtype, **options)


def samples(n=23, dtype="float64"):
    """Samples for `small`."""
    rng = np.random.default_rng(5)
    return rng.normal(size=(n, 3)).astype(dtype), rng.normal(size=(n, 2)).astype(dtype)


def batches_of(X, Y, size):
    """A function that yields the samples in their order."""

    def stream():
        for begin in range(0, len(X), size):
            yield X[begin : begin + size], Y[begin : begin + size]

    return stream


def assert_same(one, other, engine="vectorized"):
    """Two networks that were trained have the same numbers, bit for bit.

    The compiled engine learns whole epochs of what is in memory, and else single batches: there
    the numbers agree to rounding.
    """
    tolerance = {"rtol": 1e-9, "atol": 1e-12} if engine == "compiled" else {"rtol": 0, "atol": 0}
    for name in ("parameters", "gradient", "averages"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), **tolerance)
    for name, vector in one.memory.vectors.items():
        np.testing.assert_allclose(vector, other.memory.vectors[name], **tolerance)


def assert_same_history(one, other, engine):
    """Two histories are equal, those of the compiled engine to rounding."""
    if engine != "compiled":
        assert one == other
    for name in ("loss", "penalty", "validation_loss"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-10)
    assert one.validation_rows == other.validation_rows


OPTIONS = {
    "batches": {"batch_size": 5},
    "in order": {"batch_size": 5, "shuffle": False},
    "one batch": {},
    "a share to validate": {"batch_size": 4, "validation": 0.3, "metrics": [ns.r2]},
    "weights": {"batch_size": 4, "sample_weights": np.arange(23.0)},
    "classes": {"batch_size": 4, "class_weights": {0: 1.0, 1: 3.0}},
    "a seed": {"batch_size": 6, "rng": 3},
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("files", ["XY", "X", "Y"])
def test_a_file_trains_as_memory_does(in_file, engine, options, files):
    """Samples in files give the same numbers as in memory, in every engine."""
    X, Y = samples()
    nets = [small(), small()]
    given = in_file(X) if "X" in files else X, in_file(Y) if "Y" in files else Y
    histories = [
        net.fit(*data, optimizer=ns.Adam(0.01), epochs=3, engine=engine, **options)
        for net, data in zip(nets, [(X, Y), given], strict=True)
    ]
    assert_same(*nets, engine)
    assert_same_history(*histories, engine)


@pytest.mark.parametrize("stored", ["float64", "float32", "int16"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_file_may_have_any_dtype(in_file, stored, dtype):
    """Numbers are brought to the network's dtype as they are read, scaled ones by way of float64."""
    X, Y = ((10 * table).astype(stored) for table in samples())
    nets = [small(dtype), small(dtype)]
    for net, data in zip(nets, [(X, Y), (in_file(X), in_file(Y))], strict=True):
        inputs, outputs = ns.Standardizer().fit(X), ns.MinMaxScaler().fit(Y)
        net.scale(inputs=inputs, outputs=outputs)
        net.fit(*data, optimizer=ns.SGD(0.01), epochs=2, batch_size=4)
    assert_same(*nets)


def test_all_that_draws_masks_or_averages_is_the_same_from_a_file(in_file, engine):
    """Dropout draws the same masks, and batch normalization sees the same batches."""
    nets = []
    for brought in (samples(), tuple(map(in_file, samples()))):
        hidden = ns.Layer(6, ns.TanhNeuron, normalization=ns.BatchNormalization())
        output = ns.Layer(2, ns.LinearNeuron)
        net = ns.Network([ns.InputLayer(3), hidden, output], rng=1)
        net.regularize(ns.L2(0.01))
        net.layers[1].dropout = 0.3
        net.fit(*brought, optimizer=ns.SGD(0.1), epochs=3, batch_size=6, engine=engine)
        nets.append(net)
    assert_same(*nets, engine)


def test_a_stream_trains_as_arrays_in_that_order(engine):
    """A function that yields batches trains as `fit` with them, unshuffled, bit for bit."""
    X, Y = samples()
    nets = [small(), small()]
    options = {"optimizer": ns.Momentum(0.05), "epochs": 4, "engine": engine}
    first = nets[0].fit(X, Y, batch_size=5, shuffle=False, **options)
    second = nets[1].fit(batches_of(X, Y, 5), **options)
    assert_same(*nets, engine)
    assert_same_history(first, second, engine)


def test_a_stream_is_asked_anew_for_every_epoch():
    """The function is called once per epoch, and may yield other batches, of other sizes."""
    X, Y = samples()
    asked = []

    def stream():
        asked.append(len(asked))
        for low, high in pairwise([0, 1, 4, 20, len(asked) + 20]):
            yield X[low:high], Y[low:high]

    seen = []
    net = small()
    history = net.fit(
        stream,
        optimizer=ns.SGD(0.1),
        epochs=3,
        validation=(X, Y),
        metrics=[ns.r2],
        callbacks=[ns.BatchLoss(), lambda run: seen.append(len(run.samples[0]))],
    )
    assert asked == [0, 1, 2]
    assert seen == [1, 2, 3]
    assert len(history.batch_loss) == 12
    assert set(history.metrics) == {"r2"}
    wanted = np.dot(history.batch_loss[:4], [1, 3, 16, 1]) / 21
    assert history.loss[0] == pytest.approx(wanted, rel=1e-12)
    assert history.validation_loss[-1] == net.loss_of(X, Y)


def test_a_stream_knows_classes_rates_and_penalties(engine):
    """Class weights, schedules, regularizers and rules work as with arrays."""
    X, Y = samples()
    options = {"epochs": 3, "class_weights": {0: 0.0, 1: 2.0}, "engine": engine}
    nets, histories = [small(), small()], []
    for net, data in zip(nets, [(X, Y), (batches_of(X, Y, 1),)], strict=True):
        net.regularize(ns.L2(0.1))
        more = {"batch_size": 1, "shuffle": False} if len(data) == 2 else {}
        optimizer = ns.SGD(ns.ExponentialDecay(0.1, 0.9))
        histories.append(net.fit(*data, optimizer=optimizer, **options, **more))
    assert_same(*nets, engine)
    assert_same_history(*histories, engine)


def test_a_rule_learns_from_a_stream():
    """The perceptron rule visits the samples of every batch."""
    X, Y = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0.0], [0], [0], [1]])
    net = ns.Network([ns.InputLayer(2), ns.Layer(1, ns.Perceptron)], rng=1)
    net.fit(batches_of(X, Y, 3), optimizer=ns.PerceptronRule(), epochs=20)
    assert np.array_equal(net.predict(X), Y)


@pytest.mark.parametrize("shuffle", [True, False])
def test_training_from_a_file_takes_the_memory_of_batches(tmp_path, shuffle):
    """`fit`, `loss_of`, `predict` and `evaluate` never hold more of a file than some rows."""
    n, wide = 40_000, 50
    X = np.lib.format.open_memmap(tmp_path / "X.npy", "w+", np.float32, (n, wide))
    Y = np.lib.format.open_memmap(tmp_path / "Y.npy", "w+", np.float32, (n, 1))
    X[:], Y[:] = np.arange(wide) / wide, 0.5
    net = ns.Network.layered([wide, 4, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    tracemalloc.start()
    net.fit(X, Y, optimizer=ns.SGD(0.01), epochs=2, batch_size=64, shuffle=shuffle)
    _, peak = tracemalloc.get_traced_memory()
    # The order takes 8 bytes a sample; the samples themselves would take 16 MB in float64.
    assert peak < 8 * n * shuffle + 400_000
    tracemalloc.reset_peak()
    net.fit(batches_of(X, Y, 64), optimizer=ns.SGD(0.01), epochs=2)
    _, peak = tracemalloc.get_traced_memory()
    assert peak < 700_000
    tracemalloc.stop()


def test_what_is_computed_from_a_file_is_that_of_memory(in_file):
    """`predict`, `loss_of` and `evaluate` give the numbers of arrays in memory, bit for bit."""
    X, Y = samples(dtype="float32")
    net = small()
    mapped = in_file(X), in_file(Y)
    assert np.array_equal(net.predict(mapped[0]), net.predict(X))
    assert net.loss_of(*mapped) == net.loss_of(X, Y)
    assert net.evaluate(*mapped, [ns.r2]) == net.evaluate(X, Y, [ns.r2])
    assert np.array_equal(net.predict(mapped[0][0]), net.predict(X[0]))
    assert np.array_equal(net.forward(mapped[0]), net.forward(X))


def test_files_are_read_some_rows_at_a_time(in_file, monkeypatch):
    """However large a file is, what is read at once is a piece of it."""
    from neurosim.engines import vectorized

    X, Y = samples()
    net = small()
    wanted = net.predict(X), net.loss_of(X, Y)
    read = []
    own = ns.mapped.MappedTable.__getitem__

    def spy(table, key):
        read.append(len(part := own(table, key)))
        return part

    monkeypatch.setattr(ns.mapped.MappedTable, "__getitem__", spy)
    monkeypatch.setattr(vectorized, "_PREDICT_NUMBERS", 60)
    mapped = in_file(X), in_file(Y)
    np.testing.assert_allclose(net.predict(mapped[0]), wanted[0], rtol=1e-12)
    assert net.loss_of(*mapped) == pytest.approx(wanted[1], rel=1e-12)
    assert max(read) < 10


def test_a_column_of_targets_may_be_flat(in_file):
    """A 1-D file of targets is n samples of one output, as in memory."""
    X, Y = samples()
    nets = [ns.Network.layered([3, 1], hidden=None, output=ns.LinearNeuron, rng=1) for _ in "ab"]
    for net, data in zip(nets, [(X, Y[:, 0]), (in_file(X), in_file(Y[:, 0]))], strict=True):
        net.fit(*data, optimizer=ns.SGD(0.1), batch_size=4)
    assert_same(*nets)


# -- what goes wrong ----------------------------------------------------------------------------


def test_a_bad_number_in_a_file_is_named_and_the_epoch_taken_back(in_file, engine):
    """The message names the row of the file; parameters are those that the epoch began with."""
    X, Y = samples()
    X[17, 1] = np.nan
    net, twin = small(), small()
    with pytest.raises(ns.NotFiniteError) as caught:
        net.fit(in_file(X), in_file(Y), optimizer=ns.SGD(0.1), batch_size=4, engine=engine)
    assert str(caught.value) == "Network.fit: X must be finite numbers; got nan at [17, 1]."
    assert np.array_equal(net.parameters, twin.parameters)
    assert not net.gradient.any()
    assert net.memory is None


def test_a_bad_number_that_is_met_later_leaves_the_epochs_before():
    """Two epochs are good, and the third is taken back; the history has two."""
    X, Y = samples()
    good, history, calls = small(), ns.History(), []

    def stream():
        calls.append(1)
        yield X[:10], Y[:10]
        yield (X if len(calls) < 3 else X * np.inf)[10:], Y[10:]

    good.fit(stream, optimizer=ns.SGD(0.1), epochs=2)
    calls.clear()
    net = small()
    with np.errstate(invalid="ignore"), pytest.raises(ns.NotFiniteError, match="batch 1 of the"):
        net.fit(stream, optimizer=ns.SGD(0.1), epochs=5, history=history)
    assert np.array_equal(net.parameters, good.parameters)
    assert len(history) == 2


def test_a_target_that_does_not_suit_the_loss_is_named(in_file):
    """Of a file the row is named, of a stream the batch."""
    X, Y = samples()
    Y = (Y > 0).astype(float)
    Y[9, 1] = 3.0
    kinds = {"hidden": ns.TanhNeuron, "output": ns.SigmoidNeuron}
    net = ns.Network.layered([3, 2], **kinds, loss=ns.BinaryCrossEntropy(), rng=1)
    end = "targets must lie in [0, 1]; got Y[{}, 1] = 3.0. Scale them, or use"
    end += " loss=ns.MeanSquaredError()."
    with pytest.raises(ns.LossError) as caught:
        net.fit(in_file(X), in_file(Y), optimizer=ns.SGD(0.1), batch_size=4)
    start = "Network.fit: Y: row 9, taken alone: BinaryCrossEntropy: "
    assert str(caught.value) == start + end.format(0)
    with pytest.raises(ns.LossError) as caught:
        net.fit(batches_of(X, Y, 4), optimizer=ns.SGD(0.1))
    start = "Network.fit: batch 2 of the stream: BinaryCrossEntropy: "
    assert str(caught.value) == start + end.format(1)


def test_validation_in_a_file_is_checked_before_the_first_epoch(in_file):
    """What is bad there is found before anything has changed."""
    X, Y = samples()
    bad = X.copy()
    bad[3, 0] = np.inf
    net, heard = small(), []
    with pytest.raises(ns.NotFiniteError) as caught:
        net.fit(
            X,
            Y,
            optimizer=ns.SGD(0.1),
            validation=(in_file(bad), in_file(Y)),
            callbacks=[lambda run: heard.append(run.epoch)],
        )
    wanted = "Network.fit: validation: X must be finite numbers; got inf at [3, 0]."
    assert (str(caught.value), heard) == (wanted, [])


def message_of(error, *data, net=None, **options):
    """What `fit` says; the network stays as it is."""
    net = small() if net is None else net
    before = net.parameters.copy()
    with pytest.raises(error) as caught:
        net.fit(*data, **{"optimizer": ns.SGD(0.1), **options})
    assert np.array_equal(net.parameters, before)
    return str(caught.value)


def test_a_generator_is_refused():
    """It could be gone through once only: the function that makes it is wanted."""
    generator = batches_of(*samples(), 5)()
    assert message_of(ns.ArgumentTypeError, generator).startswith(
        "Network.fit: X is <generator object batches_of.<locals>.stream at"
    )
    assert message_of(ns.ArgumentTypeError, iter([])).endswith(
        ", which can be gone through once only, while every epoch visits every sample; pass the "
        "function that makes it, as in net.fit(batches, ...) rather than net.fit(batches(), ...)."
    )


def test_a_function_with_arguments_is_refused():
    """It is called without any."""

    def batches(size):
        """Yield nothing."""

    text = message_of(ns.ArgumentTypeError, batches)
    assert text.startswith(
        "Network.fit: X is called without arguments at the start of every epoch, but <function "
    )
    assert text.endswith(
        " needs some (missing a required argument: 'size'); pass a function that needs none."
    )


WRONG_STREAMS = {
    "must return an iterator": (
        lambda: 5,
        "Network.fit: the function given as X must return an iterator of batches (X, Y); got 5.",
    ),
    "empty": (
        list,
        "Network.fit: the stream yielded no batch in epoch 0 of this training; its function must "
        "return a new iterator every time that it is called.",
    ),
    "no pair": (
        lambda: [np.zeros((2, 3))],
        "Network.fit: batch 0 of the stream must be a pair (X, Y); got array([[0., 0., 0.], "
        "[0., 0., 0.]]).",
    ),
    "columns": (
        lambda: [(np.zeros((2, 3)), np.zeros((2, 2))), (np.zeros((2, 4)), np.zeros((2, 2)))],
        "Network.fit: batch 1 of the stream: X must be (n, 3), as the network has 3 inputs; got "
        "(2, 4).",
    ),
    "rows": (
        lambda: [(np.zeros((4, 3)), np.zeros((2, 2)))],
        "Network.fit: batch 0 of the stream: Y must have one row per sample; X has 4 rows and Y "
        "has 2.",
    ),
    "an empty batch": (
        lambda: [(np.zeros((0, 3)), np.zeros((0, 2)))],
        "Network.fit: batch 0 of the stream: X must hold at least one sample; got shape (0, 3).",
    ),
    "not finite": (
        lambda: [(np.ones((2, 3)), np.zeros((2, 2))), (np.ones((2, 3)), [[0, 0], [0, np.inf]])],
        "Network.fit: batch 1 of the stream: Y must be finite numbers; got inf at [1, 1].",
    ),
}


@pytest.mark.parametrize(("stream", "message"), WRONG_STREAMS.values(), ids=WRONG_STREAMS)
def test_a_wrong_stream_is_named(stream, message):
    """Messages name the batch, and the network is as it was before the epoch."""
    assert message_of(ns.NeurosimError, stream) == message


def test_an_exhausted_stream_is_told():
    """A function that returns the same iterator again has nothing to give in the second epoch."""
    X, Y = samples()
    iterator = iter([(X, Y)])
    net, history = small(), ns.History()
    with pytest.raises(ns.ArgumentError, match="no batch in epoch 1 of this training"):
        net.fit(lambda: iterator, optimizer=ns.SGD(0.1), epochs=3, history=history)
    assert len(history) == 1


REFUSED = {
    "Y": "it yields pairs (X, Y)",
    "batch_size": "its batches are taken as they come",
    "sample_weights": "nobody knows its samples beforehand",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_only_arrays_can_be_told_is_refused(name):
    """Targets, a batch size and weights of samples are the stream's own affair."""
    text = message_of(ns.ArgumentError, batches_of(*samples(), 5), **{name: [1]})
    assert text == (
        f"Network.fit: {name} must be left out where X is a function that yields batches, as "
        f"{REFUSED[name]}."
    )


def test_a_share_of_a_stream_cannot_be_split_off():
    """Validation and metrics need samples of their own."""
    stream = batches_of(*samples(), 5)
    assert message_of(ns.ArgumentError, stream, validation=0.2) == (
        "Network.fit: validation must be a pair (X, Y) where X is a function that yields batches, "
        "as no share of them can be split off; got 0.2."
    )
    assert message_of(ns.ArgumentError, stream, metrics=[ns.r2]) == (
        "Network.fit: metrics of batches that a function yields need samples to be measured on; "
        "give validation=(X, Y)."
    )


@pytest.mark.parametrize("streamed", [True, False])
def test_scalers_must_have_measured_before(in_file, streamed):
    """To measure its columns a scaler needs them in memory."""
    X, Y = samples()
    net = small()
    net.scale(inputs=ns.Standardizer())
    data = (batches_of(X, Y, 5),) if streamed else (in_file(X), in_file(Y))
    assert message_of(ns.NotFittedError, *data, net=net) == (
        "Network.fit: net.input_scaler, Standardizer(), must have measured its columns before "
        "samples are read batch by batch; call net.input_scaler.fit(X) with as many rows as "
        "memory holds."
    )
    net.input_scaler.fit(X)
    net.fit(*data, optimizer=ns.SGD(0.1))


def test_a_stream_that_diverges_names_the_batch():
    """`DivergedError` names the epoch and the batch, and parameters are the last finite ones."""
    X, Y = samples()
    net = small()
    with pytest.raises(ns.DivergedError, match=r"the loss of batch \d became") as caught:
        net.fit(batches_of(X, 1e200 * Y, 5), optimizer=ns.SGD(0.1), epochs=3)
    assert "Likely cause: the targets reach" in str(caught.value)
    assert np.array_equal(net.parameters, small().parameters)


def test_an_error_of_the_persons_own_comes_through():
    """What the function itself raises is not touched; the epoch is taken back."""
    X, Y = samples()

    def stream():
        yield X, Y
        raise OSError("the disk is gone")

    assert message_of(OSError, stream) == "the disk is gone"


def test_a_callback_that_trains_in_between_is_told(in_file):
    """Samples loaded by somebody else are noticed, as with arrays."""
    X, Y = samples()

    class Meddler(ns.Callback):
        """Trains the network in the middle of its training."""

        def on_batch(self, run):
            """Train, once."""
            if run.network.memory.step == 1:
                run.network.fit(X, Y, optimizer=run.optimizer)

    with pytest.raises(ns.ArgumentError, match="a callback changed the network's edges"):
        small().fit(
            in_file(X), in_file(Y), optimizer=ns.SGD(0.1), batch_size=4, callbacks=[Meddler()]
        )


def test_ctrl_c_leaves_what_has_been_learned():
    """An interrupt within a stream keeps the steps made, as with arrays."""
    X, Y = samples()

    def stream():
        yield X, Y
        raise KeyboardInterrupt

    net, twin = small(), small()
    with pytest.raises(KeyboardInterrupt):
        net.fit(stream, optimizer=ns.SGD(0.1))
    twin.fit(X, Y, optimizer=ns.SGD(0.1))
    assert np.array_equal(net.parameters, twin.parameters)
