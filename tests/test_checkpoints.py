"""A training that was cut short goes on as if it had not been."""

import contextlib
import functools
import json
import zipfile

import networkx as nx
import numpy as np
import pytest
import wirings
from hypothesis import given, settings
from hypothesis import strategies as st

import neurosim as ns
from neurosim.storage.npzfile import read_arrays, total_digest


def network(**options):
    """A small network, always the same."""
    layers = {"hidden": ns.TanhNeuron, "output": ns.LinearNeuron}
    return ns.Network.layered([2, 4, 1], **layers, rng=1, **options)


def table(n=11):
    """Samples of two inputs, always the same."""
    rng = np.random.default_rng(3)
    return rng.normal(size=(n, 2)), rng.normal(size=(n, 1))


def state(net):
    """Return all that a training leaves in a network."""
    memory = net.memory
    return (
        net.parameters.tobytes(),
        net.gradient.tobytes(),
        net.frozen.tobytes(),
        net.start.tobytes(),
        {name: vector.tobytes() for name, vector in memory.vectors.items()},
        (memory.step, memory.epoch, repr(memory.learner)),
        json.dumps({k: v.bit_generator.state for k, v in vars(net.streams).items()}),
    )


def interrupted(path, make, optimizer, X, Y, *, at, of, callbacks=list, **options):
    """Return network and history of a training that was resumed after `at` of its epochs."""
    checkpoint = ns.Checkpoint(path)
    first = [*callbacks(), checkpoint]
    make().fit(X, Y, optimizer=optimizer, epochs=at, callbacks=first, **options)
    again = callbacks()
    net, optimizer, history = ns.resume(path, callbacks=again)
    options.pop("rng", None)
    history = net.fit(
        X,
        Y,
        optimizer=optimizer,
        epochs=of - len(history),
        history=history,
        callbacks=[*again, checkpoint],
        **options,
    )
    return net, history


def compare(path, make, new_optimizer, X, Y, *, at=3, of=7, callbacks=list, **options):
    """Assert that the resumed training is the uninterrupted one, bit for bit."""
    net, history = interrupted(
        path, make, new_optimizer(), X, Y, at=at, of=of, callbacks=callbacks, **options
    )
    twin = make()
    wanted = twin.fit(X, Y, optimizer=new_optimizer(), epochs=of, callbacks=callbacks(), **options)
    assert history == wanted
    if options.get("rng") is None:
        assert state(net) == state(twin)
    assert net.parameters.tobytes() == twin.parameters.tobytes()
    assert net.predict(X).tobytes() == twin.predict(X).tobytes()


def test_every_optimizer_goes_on_bit_for_bit(optimizer, engine, tmp_path):
    """Parameters, gradient, memory, streams and history are those of the uninterrupted run."""
    new = functools.partial(type(optimizer), optimizer.learning_rate)
    compare(tmp_path / "run.npz", network, new, *table(), batch_size=3, engine=engine)


SCHEDULES = [
    ns.ConstantRate(0.05),
    ns.InverseTimeDecay(0.05, 0.5, per_step=True),
    ns.ExponentialDecay(0.05, 0.9),
    ns.InverseSquareRootDecay(0.05, 0.5),
    ns.StaircaseDecay(0.05, every=2, per_step=True),
    ns.WarmUp(4, ns.ExponentialDecay(0.05, per_step=True)),
]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=repr)
def test_every_schedule_goes_on(schedule, tmp_path):
    """The rate goes on where it was, by epoch and by step."""
    compare(
        tmp_path / "run.npz",
        network,
        lambda: ns.Momentum(schedule, beta=0.8),
        *table(),
        batch_size=4,
    )


@pytest.mark.parametrize("rng", [None, 7, "MT19937", "Philox", "SFC64"])
def test_shuffles_go_on_whatever_they_are_drawn_from(rng, tmp_path):
    """A training with its own ``rng`` goes on without naming it again."""
    if isinstance(rng, str):
        bits = getattr(np.random, rng)

        def new():
            return np.random.Generator(bits(5))
    else:

        def new():
            return rng

    X, Y = table()
    options = {"epochs": 3, "batch_size": 2, "callbacks": ns.Checkpoint(tmp_path / "a.npz")}
    network().fit(X, Y, optimizer=ns.SGD(0.1), rng=new(), **options)
    net, optimizer, history = ns.resume(tmp_path / "a.npz")
    net.fit(X, Y, optimizer=optimizer, history=history, epochs=4, batch_size=2)
    twin = network()
    wanted = twin.fit(X, Y, optimizer=ns.SGD(0.1), rng=new(), epochs=7, batch_size=2)
    assert history == wanted
    assert net.parameters.tobytes() == twin.parameters.tobytes()


@settings(max_examples=40)
@given(case=wirings.cases(), engine=st.sampled_from(["graph", "vectorized"]))
def test_every_wiring_goes_on(case, engine, tmp_path_factory):
    """Ties, frozen parameters, skips and constant neurons included."""
    path = tmp_path_factory.mktemp("runs") / "run.npz"
    # Some of these random networks run away, the resumed one as the other.
    with contextlib.suppress(ns.DivergedError):
        compare(
            path,
            case.network,
            lambda: ns.Adam(0.001),
            case.X,
            case.Y,
            at=2,
            of=4,
            batch_size=2,
            engine=engine,
        )


def test_edges_made_and_cut_go_on(tmp_path):
    """A network that was rewired before it was trained goes on, too."""

    def make():
        net = network()
        net.connect("input[0]", "output[0]", 0.5)
        net.disconnect("input[1]", "hidden1[2]")
        net.freeze("hidden1[0]")
        return net

    compare(tmp_path / "run.npz", make, lambda: ns.Adam(0.01), *table(), batch_size=3)


def test_scalers_dropout_and_penalties_go_on(tmp_path, engine):
    """What is attached to the network is in the file, and masks are drawn from where they were."""

    def make():
        net = network(dtype="float32")
        net.scale(inputs=ns.Standardizer(), outputs=ns.MinMaxScaler())
        net.regularize(ns.Dropout(0.5), "hidden1")
        net.regularize(ns.L2(0.01))
        return net

    new = functools.partial(ns.Adam, 0.01, clip=ns.ClipByNorm(0.5))
    compare(tmp_path / "run.npz", make, new, *table(), batch_size=3, engine=engine)


def test_rows_metrics_and_early_stopping_go_on(tmp_path):
    """The rows split off are the same, callbacks keep waiting, and the best epoch is brought back
    though it was before the interruption.
    """
    X, Y = table(30)
    options = {"batch_size": 4, "validation": 0.3, "metrics": [ns.mean_absolute_error]}
    for at in (1, 5, 20):
        compare(
            tmp_path / "run.npz",
            network,
            lambda: ns.Adam(0.05),
            X,
            Y,
            at=at,
            of=200,
            callbacks=lambda: [ns.EarlyStopping(6), ns.BatchLoss(), ns.Diagnostics()],
            **options,
        )


def test_a_training_that_lost_its_patience_stays_so(tmp_path):
    """One that early stopping had ended is not trained any further; the best is brought back."""
    X, Y = table(30)
    path, net = tmp_path / "run.npz", network()
    stop = ns.EarlyStopping(2)
    options = {"epochs": 500, "validation": 0.3}
    # The checkpoint comes last, wherever it stands.
    callbacks = [ns.Checkpoint(path), stop]
    history = net.fit(X, Y, optimizer=ns.Adam(0.1), callbacks=callbacks, **options)
    assert len(history) < 500
    again = ns.EarlyStopping(2)
    resumed, optimizer, known = ns.resume(path, callbacks=again)
    assert known == history
    resumed.fit(X, Y, optimizer=optimizer, history=known, callbacks=again, **options)
    assert known == history
    assert resumed.parameters.tobytes() == net.parameters.tobytes()


def test_a_network_of_ones_own_is_filled(tmp_path):
    """With ``network=`` the numbers go into that one, whose nodes need not be texts."""

    def make():
        graph = nx.DiGraph()
        for node in ((1, 0), (1, 1)):
            graph.add_node(node, neuron=ns.TanhNeuron, bias=0.1)
            graph.add_edge((0, 0), node, weight=0.5 + node[1])
        graph.add_node((2, 0), neuron=ns.LinearNeuron)
        graph.add_edges_from([((1, 0), (2, 0)), ((1, 1), (2, 0))], weight=0.7)
        return ns.Network.from_graph(graph, rng=1)

    X, Y = table()
    path, twin = tmp_path / "run.npz", make()
    options = {"batch_size": 2, "epochs": 3}
    make().fit(X[:, :1], Y, optimizer=ns.Adam(), callbacks=ns.Checkpoint(path), **options)
    net = make()
    resumed, optimizer, history = ns.resume(path, network=net)
    assert resumed is net
    net.fit(X[:, :1], Y, optimizer=optimizer, history=history, **options)
    twin.fit(X[:, :1], Y, optimizer=ns.Adam(), epochs=6, batch_size=2)
    assert state(net) == state(twin)
    assert net[1, 0].label == "(1, 0)"


class OwnDecay(ns.Schedule):
    """A person's own schedule."""

    def __init__(self, start):
        super().__init__()
        self.start = start

    def rate(self, count):
        """Return start / (1 + count)."""
        return self.start / (1 + count)


class OwnDescent(ns.Optimizer):
    """A person's own optimizer."""

    def __init__(self, learning_rate, factor=2.0):
        super().__init__(learning_rate)
        self.factor = factor

    @staticmethod
    def update(w, g, t, rate, factor):
        """Return the step."""
        return (factor * rate * g,)


def test_ones_own_classes_are_passed(tmp_path):
    """Optimizers and schedules of a person's own are found among `kinds`."""
    X, Y = table()
    path, net, twin = tmp_path / "run.npz", network(), network()
    net.fit(X, Y, optimizer=OwnDescent(OwnDecay(0.1)), callbacks=ns.Checkpoint(path), epochs=2)
    with pytest.raises(ns.ModelFileError) as caught:
        ns.resume(path)
    assert str(caught.value).startswith(
        f"{str(path)!r} holds no training that can go on: ns.resume: 'OwnDescent' is not known."
    )
    assert str(caught.value).endswith("A class of your own is passed with kinds=[...].")
    net, optimizer, history = ns.resume(path, [OwnDescent, OwnDecay])
    net.fit(X, Y, optimizer=optimizer, history=history, epochs=2)
    twin.fit(X, Y, optimizer=OwnDescent(OwnDecay(0.1)), epochs=4)
    assert state(net) == state(twin)


def test_it_is_written_every_so_many_epochs(tmp_path):
    """After 2, 4 and 6 of 7 epochs; the file holds the last of these."""
    path = tmp_path / "run.npz"
    network().fit(*table(), optimizer=ns.SGD(0.1), epochs=7, callbacks=ns.Checkpoint(path, 2))
    assert len(ns.resume(path).history) == 6
    assert [file.name for file in tmp_path.iterdir()] == ["run.npz"]


def test_divergence_leaves_the_last_finite_checkpoint(tmp_path, engine):
    """What is in the file can go on: it is from before the training ran away."""
    path, net = tmp_path / "run.npz", network()
    with pytest.raises(ns.DivergedError) as caught:
        net.fit(
            *table(),
            optimizer=ns.SGD(1e4),
            epochs=999,
            callbacks=ns.Checkpoint(path),
            engine=engine,
        )
    resumed = ns.resume(path)
    assert len(resumed.history) == caught.value.epoch
    assert resumed.network.parameters.tobytes() == net.parameters.tobytes()


def test_a_crash_while_writing_leaves_the_file_before(tmp_path, monkeypatch):
    """The file is replaced as a whole or not at all."""
    path = tmp_path / "run.npz"
    network().fit(*table(), optimizer=ns.SGD(0.1), epochs=3, callbacks=ns.Checkpoint(path))
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", lambda file: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        network().fit(*table(), optimizer=ns.SGD(0.2), epochs=3, callbacks=ns.Checkpoint(path))
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["run.npz"]


# -- what cannot be written, and what cannot be read ----------------------------------------------


class Forgetful(ns.Optimizer):
    """Keeps no argument."""

    def __init__(self, learning_rate, factor):
        super().__init__(learning_rate)

    @staticmethod
    def update(w, g, t, rate):
        """Return the step."""
        return (rate * g,)


UNWRITABLE = {
    "a function": (
        lambda: ns.SGD(lambda epoch: 0.1),
        "Checkpoint: SGD: learning_rate is a plain function, which no file can hold; use a "
        "schedule such as ns.ExponentialDecay(0.1), or write yours as a class derived from "
        "ns.Schedule.",
    ),
    "a function after a warm-up": (
        lambda: ns.SGD(ns.WarmUp(3, lambda epoch: 0.1)),
        "Checkpoint: SGD: learning_rate: then is a plain function, which no file can hold; use a "
        "schedule such as ns.ExponentialDecay(0.1), or write yours as a class derived from "
        "ns.Schedule.",
    ),
    "no attribute": (
        lambda: Forgetful(0.1, 2.0),
        "Checkpoint: Forgetful cannot be made again from its attributes; let each argument of its "
        "__init__ be kept in an attribute of the same name.",
    ),
}


@pytest.mark.parametrize(("new", "message"), UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_no_file_can_hold_is_refused_before_training(new, message, tmp_path):
    """It is told at once; nothing is trained and nothing written."""
    net = network()
    with pytest.raises(ns.ArgumentError) as caught:
        net.fit(*table(), optimizer=new(), callbacks=ns.Checkpoint(tmp_path / "run.npz"))
    assert str(caught.value) == message
    assert np.array_equal(net.parameters, network().parameters)
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_to_is_refused_before_training(tmp_path):
    """A folder that does not exist, and another suffix."""
    path = tmp_path / "none" / "run.npz"
    with pytest.raises(ns.ModelFileError) as caught:
        network().fit(*table(), optimizer=ns.SGD(0.1), callbacks=ns.Checkpoint(path))
    assert str(caught.value) == (
        f"{str(path)!r} cannot be written (there is no such folder); choose a folder that exists "
        "and that you may write to."
    )
    with pytest.raises(ns.ArgumentError) as caught:
        ns.Checkpoint("run.json")
    assert str(caught.value) == "Checkpoint: path must end in .npz; got 'run.json'."
    with pytest.raises(ns.ArgumentError) as caught:
        ns.Checkpoint("run.npz", every=0)
    assert str(caught.value) == "Checkpoint: every must be a positive whole number; got 0."


@pytest.fixture
def written(tmp_path):
    """A checkpoint of `network`, trained with early stopping."""
    path = tmp_path / "run.npz"
    callbacks = [ns.EarlyStopping(9, monitor="loss"), ns.Checkpoint(path)]
    network().fit(*table(), optimizer=ns.Adam(), epochs=3, callbacks=callbacks)
    return path


def test_a_checkpoint_of_another_network_is_refused(written):
    """Other sizes, kinds, labels or edges; the network given stays as it is."""
    net = ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    before = net.parameters.copy()
    with pytest.raises(ns.ArgumentError) as caught:
        ns.resume(written, network=net)
    assert str(caught.value) == (
        f"ns.resume: {str(written)!r} is a checkpoint of another network, Network(2-4-1, 17 "
        "parameters, MeanSquaredError()); network is Network(2-3-1, 13 parameters, "
        "MeanSquaredError()), or differs in labels, kinds or edges. Leave network out to get the "
        "one that was trained."
    )
    assert np.array_equal(net.parameters, before)
    others = [
        ns.Network.layered([2, 4, 1], hidden=ns.SigmoidNeuron, output=ns.LinearNeuron),
        network(loss=ns.QuadraticCost()),
        network(dtype="float32"),
        ns.Network(
            [
                ns.InputLayer(2, labels=["a", "b"]),
                ns.Layer(4, ns.TanhNeuron),
                ns.Layer(1, ns.LinearNeuron),
            ]
        ),
    ]
    for other in others:
        with pytest.raises(ns.ArgumentError):
            ns.resume(written, network=other)


def test_a_checkpoint_of_other_callbacks_is_refused(written):
    """Those that keep something must be like those of the training; leaving all out is fine."""

    class Own(ns.Callback):
        def state(self):
            return {"n": 1}

    with pytest.raises(ns.ArgumentError) as caught:
        ns.resume(written, callbacks=[Own()])
    assert str(caught.value) == (
        f"ns.resume: callbacks must be like those of the training in {str(written)!r}, which are "
        "EarlyStopping; got Own."
    )
    with pytest.raises(ns.ArgumentTypeError):
        ns.resume(written, callbacks=[print])
    assert len(ns.resume(written).history) == 3


def test_models_and_checkpoints_are_not_taken_for_each_other(written, tmp_path):
    """A model is read by `load`, a checkpoint by `resume`, and each says so."""
    with pytest.raises(ns.ModelFileError) as caught:
        ns.load(written)
    assert str(caught.value) == (
        f"{str(written)!r} is a checkpoint, not a network; read it with ns.resume."
    )
    model = tmp_path / "model.npz"
    network().save(model)
    with pytest.raises(ns.ModelFileError) as caught:
        ns.resume(model)
    assert str(caught.value) == (
        f"{str(model)!r} is a network, not a checkpoint; read it with ns.load."
    )


def test_a_damaged_checkpoint_never_goes_on(written):
    """Any changed byte, a missing end, an empty or missing file: refused, with a plain message."""
    content = written.read_bytes()
    rng = np.random.default_rng(0)
    whole = ns.resume(written)
    for place in rng.integers(0, len(content), size=200).tolist():
        changed = bytearray(content)
        changed[place] ^= 1 << int(rng.integers(8))
        written.write_bytes(changed)
        try:
            resumed = ns.resume(written)
        except ns.ModelFileError:
            continue
        # Some bytes of a zip, such as dates, mean nothing.
        assert state(resumed.network) == state(whole.network)
        assert resumed.history == whole.history
    for end in (0, 1, 100, len(content) // 2, len(content) - 1):
        written.write_bytes(content[:end])
        with pytest.raises(ns.ModelFileError):
            ns.resume(written)
    written.write_bytes(b"")
    with pytest.raises(ns.ModelFileError) as caught:
        ns.resume(written)
    assert str(caught.value) == (
        f"{str(written)!r} is empty; it is no checkpoint written by neurosim."
    )
    written.unlink()
    with pytest.raises(ns.ModelFileError) as caught:
        ns.resume(written)
    assert str(caught.value) == (f"{str(written)!r} cannot be read (No such file or directory).")


def rewritten(path, change):
    """Write the checkpoint with another ``about``, and a digest that is right."""
    arrays = read_arrays(path.read_bytes(), str(path))
    about = json.loads(arrays["about"].tobytes())
    change(about)
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    arrays["digest"] = np.frombuffer(total_digest(arrays).encode(), dtype=np.uint8)
    np.savez(path, **arrays)


FORGED = {
    "another version": lambda about: about.update(version=99),
    "no version": lambda about: about.pop("version"),
    "no optimizer": lambda about: about.pop("optimizer"),
    "an optimizer that is none": lambda about: about["optimizer"].update({"class": "Path"}),
    "a schedule for an optimizer": lambda about: about.update(
        optimizer={"class": "ConstantRate", "start": 1.0}
    ),
    "an argument that is none": lambda about: about["optimizer"].update(never=1.0),
    "a negative rate": lambda about: about["optimizer"].update(learning_rate=-1.0),
    "a generator that is none": lambda about: about["streams"]["shuffle"].update(
        bit_generator="seed"
    ),
    "no streams": lambda about: about.pop("streams"),
    "a history of something": lambda about: about["history"].update(never=[1.0]),
    "no history": lambda about: about.pop("history"),
    "no callbacks": lambda about: about.pop("callbacks"),
    "callbacks of something": lambda about: about.update(callbacks=[1]),
    "a list": lambda about: about.update(optimizer=[1]),
}


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
def test_a_forged_checkpoint_is_refused(written, change):
    """A file whose digest is right, but whose content is not, raises `ModelFileError` only."""
    rewritten(written, change)
    with pytest.raises(ns.ModelFileError):
        ns.resume(written)


def test_a_checkpoint_holds_no_pickle(written):
    """Its members are rows of numbers, and are read without pickle."""
    with zipfile.ZipFile(written) as archive:
        names = sorted(info.filename for info in archive.infolist())
    assert names == [
        "about.npy",
        "callback0.best_parameters.npy",
        "digest.npy",
        "gradient.npy",
        "memory.m.npy",
        "memory.v.npy",
        "network.npy",
        "start.npy",
    ]
    with np.load(written, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "uf" for name in arrays.files)
