"""A share of the samples that is split off, and a history that goes on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import neurosim as ns


def table(n=20):
    """Samples of two inputs, always the same; the first input counts the rows."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(n, 2))
    X[:, 0] = np.arange(n)
    return X / n, rng.normal(size=(n, 1))


def network():
    """A small network, always the same."""
    return ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)


class Seen(ns.Callback):
    """Notes the samples that are trained with."""

    def on_start(self, run):
        """Note them."""
        self.X, self.Y = run.samples


@given(n=st.integers(2, 40), share=st.floats(0.01, 0.99), seed=st.integers(0, 99))
def test_a_share_is_split_off_by_the_stream_of_shuffles(n, share, seed):
    """The validation rows are the first round(share n) of a permutation of the stream of shuffles;
    the rest are trained with, in their order, and no row is in both.
    """
    X, Y = table(n)
    count, net, seen = round(share * n), network(), Seen()
    if not 0 < count < n:
        with pytest.raises(ns.ArgumentError):
            net.fit(X, Y, optimizer=ns.SGD(0.1), validation=share, rng=seed)
        return
    history = net.fit(
        X, Y, optimizer=ns.SGD(0.01), validation=share, rng=seed, callbacks=seen, epochs=2
    )
    _, shuffle, _ = np.random.default_rng(seed).spawn(3)
    assert history.validation_rows == sorted(shuffle.permutation(n)[:count].tolist())
    rest = [row for row in range(n) if row not in history.validation_rows]
    assert np.array_equal(seen.X, X[rest])
    rows = history.validation_rows
    assert history.validation_loss[-1] == net.loss_of(X[rows], Y[rows])


def test_a_share_is_as_good_as_the_pair(engine):
    """With a full batch, the rows given as a pair train the same network."""
    X, Y = table()
    net, twin = network(), network()
    history = net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=5, validation=0.25, engine=engine)
    chosen = np.isin(np.arange(20), history.validation_rows)
    assert chosen.sum() == 5
    wanted = twin.fit(
        X[~chosen],
        Y[~chosen],
        optimizer=ns.SGD(0.1),
        epochs=5,
        validation=(X[chosen], Y[chosen]),
        engine=engine,
    )
    assert np.array_equal(net.parameters, twin.parameters)
    assert history.validation_loss == wanted.validation_loss
    assert wanted.validation_rows == []


def test_scalers_never_see_the_rows_split_off():
    """A scaler is fitted to the rows that are trained with alone."""
    X, Y = table()
    net = network()
    net.scale(inputs=ns.Standardizer())
    history = net.fit(X, Y, optimizer=ns.SGD(0.1), validation=0.3)
    rest = np.delete(X, history.validation_rows, axis=0)
    wanted = ns.Standardizer().fit(rest)
    assert np.array_equal(net.input_scaler.offset, wanted.offset)
    assert np.array_equal(net.input_scaler.factor, wanted.factor)


def test_a_history_goes_on_with_the_same_rows():
    """With ``history=``, 3 epochs and 4 are 7: the rows, the numbers, the parameters."""
    X, Y = table()
    net, twin = network(), network()
    optimizer = ns.Adam(0.01)
    options = {"batch_size": 4, "validation": 0.2, "metrics": [ns.r2]}
    history = net.fit(X, Y, optimizer=optimizer, epochs=3, **options)
    again = net.fit(X, Y, optimizer=optimizer, epochs=4, history=history, **options)
    assert again is history
    assert history == twin.fit(X, Y, optimizer=ns.Adam(0.01), epochs=7, **options)
    assert net.parameters.tobytes() == twin.parameters.tobytes()


def test_epochs_are_counted_from_the_end_of_the_history():
    """A callback hears of epoch 3 after 3 epochs; so does who diverges."""
    X, Y = table()
    net, heard = network(), []
    history = net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=3)
    net.fit(
        X,
        Y,
        optimizer=ns.SGD(0.1),
        epochs=2,
        history=history,
        callbacks=lambda run: heard.append(run.epoch),
    )
    assert heard == [3, 4]
    with pytest.raises(ns.DivergedError) as caught:
        net.fit(X, Y, optimizer=ns.SGD(1e200), epochs=9, history=history)
    assert caught.value.epoch == len(history) >= 5
    assert caught.value.history is history


REFUSED = {
    "a text": (
        {"validation": "some"},
        ns.ArgumentTypeError,
        "Network.fit: validation must be a pair (X, Y), or a share of the samples such as 0.2; "
        "got 'some'.",
    ),
    "all of them": (
        {"validation": 1.0},
        ns.ArgumentError,
        "Network.fit: validation must be a share between 0 and 1; got 1.0.",
    ),
    "not a number": (
        {"validation": float("nan")},
        ns.ArgumentError,
        "Network.fit: validation must be a share between 0 and 1; got nan.",
    ),
    "too few": (
        {"validation": 0.01},
        ns.ArgumentError,
        "Network.fit: validation=0.01 of 20 samples is 0, which leaves none to validate with; "
        "choose another share.",
    ),
    "too many": (
        {"validation": 0.99},
        ns.ArgumentError,
        "Network.fit: validation=0.99 of 20 samples is 20, which leaves none to train with; "
        "choose another share.",
    ),
    "other columns": (
        {"validation": (np.ones((3, 4)), np.ones((3, 1)))},
        ns.ShapeError,
        "Network.fit: validation: X must be (n, 2), as the network has 2 inputs; got (3, 4).",
    ),
    "no history": (
        {"history": [0.5]},
        ns.ArgumentTypeError,
        "Network.fit: history must be what an earlier net.fit returned; got [0.5].",
    ),
    "a history of other numbers": (
        {"history": ns.History(loss=[0.5], learning_rate=[0.1], validation_loss=[0.6])},
        ns.ArgumentError,
        "Network.fit: history holds loss, validation_loss, but this training records loss; give "
        "the same validation and metrics, or leave history out.",
    ),
    "a history of more samples": (
        {"history": ns.History(validation_rows=[3, 20]), "validation": 0.2},
        ns.ArgumentError,
        "Network.fit: history validated with row 20 of its samples, but X has 20 rows; go on with "
        "the samples that the training began with, or leave history out.",
    ),
}


@pytest.mark.parametrize(("options", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_split_or_gone_on_with_is_refused(options, error, message):
    """The message says why; parameters, scalers and random streams are as before."""
    X, Y = table()
    net, twin = network(), network()
    net.scale(inputs=ns.Standardizer())
    with pytest.raises(error) as caught:
        net.fit(X, Y, optimizer=ns.SGD(0.1), **options)
    assert str(caught.value) == message
    assert np.array_equal(net.parameters, twin.parameters)
    assert not net.input_scaler.fitted
    assert net.streams.shuffle.bit_generator.state == twin.streams.shuffle.bit_generator.state


def test_a_refused_callback_leaves_the_stream_as_it_was():
    """What is found out after the rows were drawn leaves the stream of shuffles where it was."""
    net, twin = network(), network()
    with pytest.raises(ns.ArgumentError):
        net.fit(
            *table(),
            optimizer=ns.SGD(0.1),
            validation=0.2,
            callbacks=ns.EarlyStopping(monitor="accuracy"),
        )
    assert net.streams.shuffle.bit_generator.state == twin.streams.shuffle.bit_generator.state


def test_a_validation_loss_that_overflows_is_recorded(engine):
    """It is inf in the history and the training goes on, as its own loss is finite; early stopping
    sees no improvement.
    """
    layers = [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[1.0]])]
    apart = [[1e200]], [[0.0]]
    options = {"optimizer": ns.SGD(0.01), "validation": apart, "engine": engine}
    history = ns.Network(layers).fit([[1.0], [2.0]], [[1.0], [2.5]], epochs=6, **options)
    assert history.validation_loss == [float("inf")] * 6
    assert np.isfinite(history.loss).all()
    stop = ns.EarlyStopping(patience=3)
    stopped = ns.Network(layers).fit(
        [[1.0], [2.0]], [[1.0], [2.5]], epochs=6, callbacks=[stop], **options
    )
    assert stopped.validation_loss == [float("inf")] * 3
