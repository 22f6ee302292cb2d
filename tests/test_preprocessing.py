"""Scalers and one-hot: exact formulas, measured on training data only, carried with the model."""

import copy
import json
import pickle

import door
import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn import preprocessing

import neurosim as ns
from neurosim.storage import FORMATS

SUFFIXES = [form.suffix for form in FORMATS]
SCALERS = [*door.concrete(ns.Scaler), lambda: ns.MinMaxScaler(-2.0, 5.0)]
TABLE = np.array([[1.0, -5.0], [2.0, 0.0], [3.0, 5.0], [6.0, 20.0]])


def sizes(low=-1e6, high=1e6):
    """Numbers that are 0 or of a size between 1e-3 and `high`."""
    return st.floats(low, high).map(lambda x: x if abs(x) > 1e-3 else 0.0)


@pytest.fixture(params=SCALERS, ids=lambda make: repr(make()))
def scaler(request):
    """Every scaler of the door, new."""
    return request.param()


def made(*, dtype="float64", outputs=1):
    """A small network for people: years and euros in, euros out."""
    layers = [
        ns.InputLayer(2, labels=["year", "income"]),
        ns.Layer(3, ns.TanhNeuron),
        ns.Layer(outputs, ns.LinearNeuron, labels=[f"rent{j}" for j in range(outputs)]),
    ]
    return ns.Network(layers, rng=5, dtype=dtype)


def wired():
    """A graph with a skip and a tie, with the same inputs and outputs."""
    graph = nx.DiGraph()
    graph.add_nodes_from(["year", "income"])
    graph.add_node("h", neuron=ns.TanhNeuron)
    graph.add_node("rent0", neuron=ns.LinearNeuron)
    graph.add_edge("year", "h", tied="t")
    graph.add_edge("income", "h", tied="t")
    graph.add_edge("h", "rent0")
    graph.add_edge("year", "rent0")
    return ns.Network.from_graph(graph, rng=5)


def people(n=12, seed=0):
    """Years near 2000, incomes near 30000, rents near 800."""
    rng = np.random.default_rng(seed)
    X = np.column_stack([rng.integers(1990, 2020, n), rng.normal(3e4, 9e3, n)])
    return X, (rng.normal(800.0, 50.0, n) + X[:, 1] / 100).reshape(-1, 1)


# -- the scalers alone ----------------------------------------------------------------------------


@given(
    X=arrays.arrays(float, st.tuples(st.integers(2, 8), st.integers(1, 4)), elements=sizes()),
    which=st.sampled_from(SCALERS),
)
def test_the_inverse_undoes_the_scaling(X, which):
    """inverse(transform(X)) = X, to rounding of the largest number of the column."""
    X = np.vstack([X, X[:1] + 1.0])  # so that no column is constant
    scaler = which().fit(X)
    back = scaler.inverse(scaler.transform(X))
    size = np.abs(X).max(axis=0) + np.abs(scaler.offset)
    assert (np.abs(back - X) <= 1e-14 * size).all()


def test_the_formulas_are_those_of_scikit_learn():
    """Each scaler gives the numbers of scikit-learn's of the same formula."""
    X, new = people()[0], people(seed=1)[0]
    pairs = [
        (ns.MinMaxScaler(), preprocessing.MinMaxScaler()),
        (ns.MinMaxScaler(-1.0, 3.0), preprocessing.MinMaxScaler((-1.0, 3.0))),
        (ns.MeanCentering(), preprocessing.StandardScaler(with_std=False)),
        (ns.Standardizer(), preprocessing.StandardScaler()),
    ]
    for ours, theirs in pairs:
        np.testing.assert_allclose(
            ours.fit(X).transform(new), theirs.fit(X).transform(new), atol=1e-12
        )
        np.testing.assert_allclose(ours.inverse(new), theirs.inverse_transform(new), rtol=1e-12)


def test_the_training_data_end_up_where_they_should():
    """Min-max fills [low, high]; centring has mean 0; standardizing has variance 1 with 1/n."""
    assert ns.MinMaxScaler().fit(TABLE).transform(TABLE)[[0, -1]].tolist() == [[0, 0], [1, 1]]
    filled = ns.MinMaxScaler(-1.0, 3.0).fit(TABLE).transform(TABLE)
    np.testing.assert_allclose([filled.min(axis=0), filled.max(axis=0)], [[-1, -1], [3, 3]])
    centred = ns.MeanCentering().fit(TABLE).transform(TABLE)
    assert centred.tolist() == (TABLE - TABLE.mean(axis=0)).tolist()
    standard = ns.Standardizer().fit(TABLE).transform(TABLE)
    np.testing.assert_allclose(standard.mean(axis=0), 0.0, atol=1e-15)
    np.testing.assert_allclose((standard**2).sum(axis=0) / len(TABLE), 1.0)


def test_one_sample_stays_one_sample(scaler):
    """A 1-D x is one sample, and comes back 1-D, as the row of a table does."""
    scaler.fit(TABLE)
    assert np.array_equal(scaler.transform(TABLE[0]), scaler.transform(TABLE)[0])
    assert np.array_equal(scaler.inverse(TABLE[0]), scaler.inverse(TABLE)[0])


def test_fitting_returns_the_scaler_and_leaves_the_data(scaler):
    """fit(X) is the scaler, knows it is fitted, may be done again, and X stays as it was."""
    X = TABLE.copy()
    assert not scaler.fitted
    assert scaler.fit(X) is scaler
    assert scaler.fitted
    scaler.transform(X)
    assert np.array_equal(X, TABLE)
    assert scaler.fit(2 * X).fit(X) == scaler.fit(X)


def test_a_scaler_is_plain_data(scaler):
    """from_config(config()) is the same scaler, fitted or not, through JSON bit for bit."""
    for one in (scaler, copy.deepcopy(scaler).fit(people()[0])):
        twin = ns.Scaler.from_config(json.loads(json.dumps(one.config())))
        assert twin == one
        assert repr(twin) == repr(one)
        assert twin.fitted == one.fitted
    assert one != scaler
    assert np.array_equal(twin.transform(TABLE), one.transform(TABLE))


def test_a_scaler_is_readable():
    """The repr shows the parameters, and to how many columns it was fitted."""
    assert repr(ns.MinMaxScaler(-1, 1)) == "MinMaxScaler(low=-1.0, high=1.0)"
    fitted = ns.MinMaxScaler().fit(TABLE)
    assert repr(fitted) == "MinMaxScaler(low=0.0, high=1.0, fitted to 2 columns)"
    assert repr(ns.Standardizer().fit(TABLE[:, :1])) == "Standardizer(fitted to 1 column)"


def test_every_scaler_refuses_a_constant_column(scaler):
    """A column without spread is named, nothing is divided by, and nothing has changed."""
    name = type(scaler).__name__
    X = np.column_stack([TABLE, [0.1] * 4])
    ending = (
        f"is 0.1 in every row, so {name} finds no spread in it and there is nothing to learn from "
        "it; leave the column out."
    )
    with pytest.raises(ns.ArgumentError) as error:
        scaler.fit(X)
    assert str(error.value) == f"{name}.fit: X: column 2 {ending}"
    with pytest.raises(ns.ArgumentError) as error:
        scaler.fit(X, labels=["height", "weight", "gravity"])
    assert str(error.value) == f"{name}.fit: X: column 'gravity' {ending}"
    assert not scaler.fitted


BAD_CALLS = [
    (lambda: ns.MinMaxScaler(1, 0), "MinMaxScaler: low must be below high; got low=1 and high=0."),
    (lambda: ns.MinMaxScaler(low="a"), "MinMaxScaler: low must be a number; got 'a'."),
    (
        lambda: ns.Standardizer().transform(TABLE),
        "Standardizer.transform: the scaler has not measured its columns yet; call scaler.fit(X) "
        "with the training data first.",
    ),
    (
        lambda: ns.Standardizer().inverse(TABLE),
        "Standardizer.inverse: the scaler has not measured its columns yet; call scaler.fit(X) "
        "with the training data first.",
    ),
    (
        lambda: ns.Standardizer().fit(TABLE).transform(np.ones((4, 3))),
        "Standardizer.transform: X must be (n, 2), or (2,) for one sample, as the scaler was "
        "fitted to 2 columns; got (4, 3).",
    ),
    (
        lambda: ns.Standardizer().fit(TABLE[:, :1]).inverse([1.0, 2.0, 3.0]),
        "Standardizer.inverse: X must be (n, 1), or (1,) for one sample, as the scaler was fitted "
        "to 1 column; got (3,). For one column pass X.reshape(-1, 1).",
    ),
    (
        lambda: ns.MeanCentering().fit([[1.0, np.nan], [2.0, 3.0]]),
        "MeanCentering.fit: X must be finite numbers; got nan at [0, 1].",
    ),
    (
        lambda: ns.MeanCentering().fit(TABLE).transform([[1.0, np.inf]]),
        "MeanCentering.transform: X must be finite numbers; got inf at [0, 1].",
    ),
    (
        lambda: ns.MeanCentering().fit([["a"], ["b"]]),
        "MeanCentering.fit: X must be numbers; got [['a'], ['b']].",
    ),
    (
        lambda: ns.MeanCentering().fit([1.0, 2.0]),
        "MeanCentering.fit: X must be a table (n, n_columns); got shape (2,). For one column pass "
        "X.reshape(-1, 1).",
    ),
    (
        lambda: ns.MeanCentering().fit([[1.0, 2.0]]),
        "MeanCentering.fit: X must have at least two rows and a column to be measured; got shape "
        "(1, 2).",
    ),
    (
        lambda: ns.MinMaxScaler().fit([[-1.5e308], [1.5e308]]),
        "MinMaxScaler.fit: X: column 0 reaches from -1.5e+308 to 1.5e+308, which floats cannot "
        "scale; change its unit.",
    ),
    (
        lambda: ns.Standardizer().fit([[0.0], [5e-324]]),
        "Standardizer.fit: X: column 0 reaches from 0.0 to 5e-324, which floats cannot scale; "
        "change its unit.",
    ),
    (
        lambda: ns.MinMaxScaler().fit([[0.0], [1e-200]]).transform([[1e200]]),
        "MinMaxScaler.transform: X holds numbers that are too large for floats then.",
    ),
    (
        lambda: ns.Scaler.from_config({"scaler": "Standardiser"}),
        "Scaler.from_config: scaler 'Standardiser' is not known. Did you mean 'Standardizer'? A "
        "class of your own is passed with kinds=[...].",
    ),
    (
        lambda: ns.Scaler.from_config({"scaler": "Standardizer", "low": 1}),
        "Scaler.from_config: a scaler has wrong parameters: {'scaler': 'Standardizer', 'low': 1}.",
    ),
    (
        lambda: ns.Scaler.from_config({"scaler": "Standardizer", "offset": [1.0]}),
        "Scaler.from_config: a scaler has both offset and factor, or neither.",
    ),
    (
        lambda: ns.Scaler.from_config({"scaler": "Standardizer", "offset": [1.0], "factor": [0.0]}),
        "Scaler.from_config: offset and factor must be one number per column each, no factor 0; "
        "got [1.] and [0.].",
    ),
    (
        lambda: ns.Scaler.from_config("Standardizer"),
        "Scaler.from_config: a scaler must be a dict; got 'Standardizer'.",
    ),
]


@pytest.mark.parametrize(("call", "message"), BAD_CALLS)
def test_scalers_say_what_is_wrong(call, message):
    """Every misuse gets one plain message with its remedy."""
    with pytest.raises(ns.NeurosimError) as error:
        call()
    assert str(error.value) == message


# -- classes --------------------------------------------------------------------------------------


def test_one_hot_and_back():
    """class_names(one_hot(labels)) is the labels, for texts and numbers, lists and arrays."""
    for labels in (["b", "a", "b"], [3, 1, 1], np.array(["x", "y"]), np.array([2.0, 0.5])):
        Y, classes = ns.one_hot(labels)
        assert classes == sorted(set(np.asarray(labels).tolist()))
        assert Y.sum(axis=1).tolist() == [1.0] * len(labels)
        assert ns.class_names(Y, classes) == list(labels)
    Y, classes = ns.one_hot(["no", "yes"], classes=["yes", "no", "perhaps"])
    assert (Y.tolist(), classes) == ([[0, 1, 0], [1, 0, 0]], ["yes", "no", "perhaps"])


def test_names_of_predictions():
    """The class is the largest output's, the first of equal ones; one output is cut at 0.5."""
    assert ns.class_names([[0.4, 0.4, 0.2], [0.1, 0.2, 0.7]], [1, 2, 3]) == [1, 3]
    assert ns.class_names([0.1, 0.9], ["no", "yes"]) == "yes"
    assert ns.class_names([[0.5], [0.6]], ["no", "yes"]) == ["no", "yes"]


BAD_CLASSES = [
    (
        lambda: ns.one_hot(["cat", "dgo"], classes=["cat", "dog"]),
        "one_hot: labels[1] is 'dgo', which is none of the classes. Did you mean 'dog'?",
    ),
    (
        lambda: ns.one_hot([7], classes=[1, 2]),
        "one_hot: labels[0] is 7, which is none of the classes. Known: '1', '2'.",
    ),
    (
        lambda: ns.one_hot([1.0, np.nan]),
        "one_hot: labels[1] is missing (nan); leave the sample out.",
    ),
    (
        lambda: ns.one_hot(["a", None]),
        "one_hot: labels[1] is missing (None); leave the sample out.",
    ),
    (lambda: ns.one_hot([]), "one_hot: labels must hold at least one; got none."),
    (lambda: ns.one_hot("abc"), "one_hot: labels must be a list, one per sample; got 'abc'."),
    (
        lambda: ns.one_hot([["a"], ["b"]]),
        "one_hot: labels[0] must be a text or number; got ['a'].",
    ),
    (
        lambda: ns.one_hot(["a", 1]),
        "one_hot: labels must be all texts or all numbers; got both. Give their order with "
        "classes=[...].",
    ),
    (
        lambda: ns.one_hot(["a"], classes=["a", "a"]),
        "classes must be different; got 'a' more than once.",
    ),
    (
        lambda: ns.class_names([[1.0, 0.0]], ["a", "b", "c"]),
        "class_names: Y must be (n, 3), a column for each of the classes; got (1, 2).",
    ),
]


@pytest.mark.parametrize(("call", "message"), BAD_CLASSES)
def test_classes_say_what_is_wrong(call, message):
    """A label that is unknown, missing or no label is named, with the nearest class."""
    with pytest.raises(ns.NeurosimError) as error:
        call()
    assert str(error.value) == message


# -- carried with the network ---------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_network_with_scalers_is_one_trained_on_scaled_data(dtype, engine, scaler):
    """The same parameters bit for bit, and the predictions of the other through the inverse."""
    X, Y = people()
    held = people(5, seed=1)
    net, hand = made(dtype=dtype), made(dtype=dtype)
    net.scale(inputs=scaler, outputs=ns.MinMaxScaler(-1, 1))
    inputs, outputs = copy.deepcopy(scaler).fit(X), ns.MinMaxScaler(-1, 1).fit(Y)
    how = {"optimizer": ns.SGD(0.01), "epochs": 5, "batch_size": 5, "engine": engine}
    history = net.fit(X, Y, validation=held, **how)
    scaled_held = inputs.transform(held[0]), outputs.transform(held[1])
    by_hand = hand.fit(inputs.transform(X), outputs.transform(Y), validation=scaled_held, **how)
    assert np.array_equal(net.parameters, hand.parameters)
    assert history == by_hand
    assert net.input_scaler == inputs
    assert net.output_scaler == outputs
    new = people(4, seed=2)[0]
    wanted = outputs.inverse(hand.predict(inputs.transform(new)))
    assert np.array_equal(net.predict(new), wanted)
    assert np.array_equal(net.forward(new), outputs.inverse(hand.forward(inputs.transform(new))))


def test_scaling_helps():
    """A network that learns nothing from raw numbers learns them scaled, in their own units."""
    X, Y = people(60)
    net, raw = made(), made()
    net.scale(inputs=ns.Standardizer, outputs=ns.Standardizer)
    for one in (net, raw):
        one.fit(X, Y, optimizer=ns.SGD(0.1), epochs=300)
    r2, raw_r2 = (one.evaluate(X, Y, [ns.r2])["r2"] for one in (net, raw))
    assert r2 > 0.7
    assert raw_r2 < 0.1


def test_only_training_data_are_measured():
    """Validation samples change no scaler; a second fit uses the scalers as they are."""
    X, Y = people()
    far = X + 1000.0, Y + 1000.0
    net = made()
    net.scale(inputs=ns.MinMaxScaler(), outputs=ns.MinMaxScaler())
    net.fit(X, Y, optimizer=ns.SGD(0.01), validation=far)
    measured = ns.MinMaxScaler().fit(X), ns.MinMaxScaler().fit(Y)
    assert (net.input_scaler, net.output_scaler) == measured
    net.fit(*far, optimizer=ns.SGD(0.01))
    assert (net.input_scaler, net.output_scaler) == measured


@pytest.mark.parametrize("maker", [made, wired])
def test_every_method_scales_once(maker):
    """forward, backward, loss_of, evaluate, trace and check_gradient see numbers scaled once."""
    X, Y = people(6)
    net, hand = maker(), maker()
    inputs, outputs = ns.Standardizer().fit(X), ns.MinMaxScaler().fit(Y)
    net.scale(inputs, outputs)
    rows, targets = inputs.transform(X), outputs.transform(Y)
    assert np.array_equal(net.forward(X), outputs.inverse(hand.forward(rows)))
    assert net["income"].activation.tolist() == rows[:, 1].tolist()
    assert net.backward(Y) == hand.backward(targets)
    assert np.array_equal(net.gradient, hand.gradient)
    assert net.loss_of(X, Y) == hand.loss_of(rows, targets)
    assert net.loss_of(X[0], Y[0]) == hand.loss_of(rows[0], targets[0])
    assert str(net.trace(X, Y)) == str(hand.trace(rows, targets))
    ours, theirs = ns.check_gradient(net, X, Y), ns.check_gradient(hand, rows, targets)
    assert ours.ok
    assert np.array_equal(ours.numerical, theirs.numerical, equal_nan=True)
    assert net.predict(X[0]).shape == net.forward(X[0]).shape == (1,)
    assert np.array_equal(net.predict(X[0]), net.predict(X[:1])[0])


def test_metrics_are_in_the_persons_units():
    """evaluate and fit(metrics=) give what a metric gives for Y and predict(X); the loss is scaled."""
    X, Y = people()
    held = people(5, seed=1)
    net = made()
    net.scale(ns.Standardizer(), ns.Standardizer())
    seen = []

    def keep(targets, predictions):
        seen.append(targets)
        return 0.0

    metrics = [ns.mean_absolute_error, ns.r2, keep]
    history = net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=2, metrics=metrics, validation=held)
    predicted = net.predict(held[0])
    for metric in metrics[:2]:
        value = metric(held[1], predicted)
        assert history.metrics[metric.__name__][-1] == value
        assert net.evaluate(*held, [metric])[metric.__name__] == value
    assert np.array_equal(seen[0], held[1])
    assert history.validation_loss[-1] == net.loss_of(*held) == net.evaluate(*held)["loss"]
    scaled = net.output_scaler.transform(held[1]) - net.output_scaler.transform(predicted)
    assert net.loss_of(*held) == pytest.approx(float(np.mean(scaled**2)))
    trained = net.fit(X, Y, optimizer=ns.SGD(0.1), metrics=[ns.r2])
    assert trained.metrics["r2"] == [ns.r2(Y, net.predict(X))]


def test_the_perceptron_rule_scales_once():
    """By hand and in fit the rule learns from samples scaled once."""
    X = np.array([[100.0, 1.0], [200.0, 5.0], [300.0, 2.0], [400.0, 4.0]])
    Y = np.array([[0.0], [0.0], [1.0], [1.0]])
    nets = [
        ns.Network([ns.InputLayer(2), ns.Layer(1, ns.Perceptron, initializer=ns.Zeros())])
        for _ in range(3)
    ]
    scaler = ns.MinMaxScaler().fit(X)
    nets[0].scale(inputs=scaler)
    nets[1].scale(inputs=ns.MinMaxScaler())
    rule = ns.PerceptronRule()
    by_hand = [rule.step(nets[0], x, y) for x, y in zip(X, Y, strict=True)]
    history = nets[1].fit(X, Y, optimizer=rule, epochs=1)
    hand = nets[2].fit(scaler.transform(X), Y, optimizer=rule, epochs=1)
    assert np.array_equal(nets[0].parameters, nets[2].parameters)
    assert np.array_equal(nets[1].parameters, nets[2].parameters)
    assert history.loss == hand.loss == [np.mean(by_hand)]


def test_large_numbers_keep_their_precision_in_float32():
    """Scaling happens in float64 before float32: seconds since 1970 stay apart by a second."""
    X = 1.7e9 + np.arange(5.0).reshape(-1, 1)
    layer = ns.Layer(1, ns.LinearNeuron, weights=[[1.0]])
    net = ns.Network([ns.InputLayer(1), layer], dtype="float32")
    net.scale(ns.MeanCentering().fit(X), ns.MeanCentering().fit(X))
    assert net.predict(X).tolist() == X.tolist()


# -- files and copies -----------------------------------------------------------------------------


@pytest.fixture(params=[made, wired])
def trained(request):
    """A layered network, and a graph, trained with scalers."""
    net = request.param()
    net.scale(inputs=ns.Standardizer(), outputs=ns.MinMaxScaler(-1.0, 1.0))
    net.fit(*people(), optimizer=ns.SGD(0.05), epochs=3)
    return net


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_carries_the_scalers(trained, suffix, tmp_path):
    """What is loaded predicts bit for bit the same, in the person's units, and goes on training."""
    path = tmp_path / f"net{suffix}"
    trained.save(path)
    twin = ns.load(path)
    X, Y = people(9, seed=3)
    assert twin.input_scaler == trained.input_scaler
    assert twin.output_scaler == trained.output_scaler
    assert np.array_equal(twin.predict(X), trained.predict(X))
    for net in (twin, trained):
        net.fit(X, Y, optimizer=ns.SGD(0.05))
    assert np.array_equal(twin.parameters, trained.parameters)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_carries_scalers_that_are_not_fitted(suffix, tmp_path):
    """A network saved before training is loaded with scalers that its training will fit."""
    net = made()
    net.scale(inputs=ns.MinMaxScaler(low=-3.0))
    net.save(tmp_path / f"net{suffix}")
    twin = ns.load(tmp_path / f"net{suffix}")
    assert repr(twin.input_scaler) == "MinMaxScaler(low=-3.0, high=1.0)"
    assert twin.output_scaler is None


def test_the_digest_covers_the_scalers(trained, tmp_path):
    """A scaler changed by hand in a file is noticed."""
    path = tmp_path / "net.json"
    trained.save(path)
    data = json.loads(path.read_text())
    data["network"]["scaling"]["inputs"]["offset"][0] += 1.0
    path.write_text(json.dumps(data))
    with pytest.raises(ns.ModelFileError, match="its digest does not match"):
        ns.load(path)


def test_copies_carry_the_scalers(trained):
    """config, copy, deepcopy and pickle keep the scalers, and each copy has its own."""
    X = people(9, seed=3)[0]
    config = json.loads(json.dumps(trained.config()))
    twins = [
        ns.Network.from_config(config),
        trained.copy(),
        copy.deepcopy(trained),
        pickle.loads(pickle.dumps(trained)),
    ]
    wanted = trained.predict(X)
    trained.input_scaler.fit(X)
    for twin in twins:
        assert np.array_equal(twin.predict(X), wanted)
    assert not np.array_equal(trained.predict(X), wanted)
    assert twins[0].config() == config
    assert "scaling" not in made().config()


class Halving(ns.Scaler):
    """A person's own scaler: to a share of the largest size."""

    def __init__(self, share=0.5):
        self.share = share

    def measure(self, X):
        """Return 0, and share / max |x|."""
        return np.zeros(X.shape[1]), self.share / np.abs(X).max(axis=0)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_scaler_of_ones_own(suffix, tmp_path):
    """A class that states `measure` is trained with, shown and saved as neurosim's own are."""
    X, Y = people()
    net = made()
    net.scale(inputs=Halving(0.25))
    net.fit(X, Y, optimizer=ns.SGD(1e-4))
    assert repr(net.input_scaler) == "Halving(share=0.25, fitted to 2 columns)"
    net.forward(X)
    assert net["year"].activation.max() == pytest.approx(0.25)
    path = tmp_path / f"net{suffix}"
    net.save(path)
    assert np.array_equal(ns.load(path, kinds=[Halving]).predict(X), net.predict(X))
    with pytest.raises(ns.ModelFileError, match="scaler 'Halving' is not known"):
        ns.load(path)


# -- what can go wrong ----------------------------------------------------------------------------


def test_a_scaler_that_is_not_fitted_is_told():
    """Everything but fit refuses a scaler that has measured nothing, and runs no pass."""
    X, Y = people()
    net = made()
    net.scale(outputs=ns.Standardizer())
    ending = (
        "needs net.output_scaler, Standardizer(), which has not measured its columns yet; train "
        "with net.fit, or call net.output_scaler.fit(Y) with the training data."
    )
    calls = {
        "Network.forward: X": lambda: net.forward(X),
        "Network.predict: X": lambda: net.predict(X),
        "Network.loss_of: X": lambda: net.loss_of(X, Y),
        "Network.evaluate: X": lambda: net.evaluate(X, Y),
        "Network.trace: x": lambda: net.trace(X, Y),
        "check_gradient: X": lambda: ns.check_gradient(net, X, Y),
    }
    for what, call in calls.items():
        with pytest.raises(ns.NotFittedError) as error:
            call()
        assert str(error.value) == f"{what} {ending}"
    assert net.last_pass is None
    net.output_scaler = None
    assert net.predict(X).shape == (12, 1)


def test_fit_names_the_constant_column():
    """A constant input or target is named by its label; no scaler and no parameter has changed."""
    X, Y = people()
    net = made()
    net.scale(inputs=ns.MinMaxScaler(), outputs=ns.Standardizer())
    before = net.parameters.copy()
    constant = np.column_stack([X[:, 0], np.full(12, 7.0)])
    with pytest.raises(ns.ArgumentError) as error:
        net.fit(constant, Y, optimizer=ns.SGD(0.1))
    assert str(error.value) == (
        "Network.fit: X: column 'income' is 7.0 in every row, so MinMaxScaler finds no spread in "
        "it and there is nothing to learn from it; leave the column out."
    )
    with pytest.raises(ns.ArgumentError) as error:
        net.fit(X, np.full(12, 3.0), optimizer=ns.SGD(0.1))
    assert str(error.value) == (
        "Network.fit: Y: column 'rent0' is 3.0 in every row, so Standardizer finds no spread in "
        "it and there is nothing to learn from it; leave the column out."
    )
    assert not net.input_scaler.fitted
    assert not net.output_scaler.fitted
    assert np.array_equal(net.parameters, before)


@pytest.mark.parametrize(
    "wrong",
    [
        {"validation": (np.ones((2, 3)), np.ones((2, 1)))},
        {"validation": 3},
        {"metrics": [3]},
        {"epochs": -1},
        {"batch_size": 0},
        {"callbacks": [3]},
        {"engine": "fast"},
        {"rng": "seed"},
    ],
    ids=str,
)
def test_a_fit_that_is_refused_fits_no_scaler(wrong):
    """Where an argument of fit is wrong the scalers stay as they were."""
    net = made()
    net.scale(inputs=ns.Standardizer(), outputs=ns.Standardizer())
    with pytest.raises(ns.NeurosimError):
        net.fit(*people(), **{"optimizer": ns.SGD(0.1), **wrong})
    assert not net.input_scaler.fitted
    assert not net.output_scaler.fitted


BAD_SCALES = [
    (
        lambda net: net.scale(inputs=3),
        "Network.scale: inputs must be such as ns.Standardizer(); got 3.",
    ),
    (
        lambda net: net.scale(inputs=ns.Standardizer(), outputs="minmax"),
        "Network.scale: outputs must be such as ns.Standardizer(); got 'minmax'.",
    ),
    (
        lambda net: net.scale(inputs=ns.Standardizer().fit(np.eye(3))),
        "Network.scale: inputs must be a scaler of 2 columns, as the network has 2 inputs; got "
        "Standardizer(fitted to 3 columns).",
    ),
    (
        lambda net: net.scale(outputs=ns.Standardizer().fit(np.eye(3))),
        "Network.scale: outputs must be a scaler of 1 column, as the network has 1 output; got "
        "Standardizer(fitted to 3 columns).",
    ),
    (
        lambda net: net.scale(*[ns.Standardizer()] * 2),
        "Network.scale: inputs and outputs must be two scalers, as each measures columns of its "
        "own; got one Standardizer() for both.",
    ),
    (
        lambda net: ns.Network.from_config({**net.config(), "scaling": {"input": {}}}),
        "Network.from_config: scaling has an unknown entry 'input'. Did you mean 'inputs'?",
    ),
    (
        lambda net: ns.Network.from_config({**net.config(), "scaling": 3}),
        "Network.from_config: scaling must be a dict of inputs and outputs; got 3.",
    ),
]


@pytest.mark.parametrize(("call", "message"), BAD_SCALES)
def test_attaching_says_what_is_wrong(call, message):
    """A thing that is no scaler, or one of other columns, is refused, and nothing is attached."""
    net = made()
    with pytest.raises(ns.NeurosimError) as error:
        call(net)
    assert str(error.value) == message
    assert net.input_scaler is None
    assert net.output_scaler is None


def test_attaching_one_keeps_the_other_and_ends_the_pass():
    """scale(None) leaves what is attached, and backward then wants a new forward pass."""
    X, Y = people()
    net = made()
    inputs, outputs = ns.Standardizer().fit(X), ns.Standardizer().fit(Y)
    net.scale(inputs=inputs)
    net.forward(X)
    net.scale(outputs=outputs)
    assert net.input_scaler is inputs
    assert net.output_scaler is outputs
    with pytest.raises(ns.PassError):
        net.backward(Y)


def test_scaled_numbers_must_be_finite_in_the_dtype():
    """A number that float32 cannot hold once it is scaled is named."""
    net = made(dtype="float32")
    net.scale(inputs=ns.MinMaxScaler().fit([[0.0, 0.0], [1e-30, 1.0]]))
    with pytest.raises(ns.NotFiniteError) as error:
        net.predict([[1e20, 0.0]])
    assert str(error.value) == (
        "Network.predict: X, scaled by MinMaxScaler(low=0.0, high=1.0, fitted to 2 columns), must "
        "be finite numbers; got 9.999999999999999e+49 at [0, 0], which float32 cannot hold."
    )


def test_divergence_speaks_of_the_scaled_inputs():
    """The scales that DivergedError names are those after scaling; the scalers stay fitted."""
    net = made()
    net.scale(inputs=ns.MinMaxScaler())
    X, Y = people()
    with pytest.raises(ns.DivergedError, match="the inputs reach 1, which is no problem"):
        net.fit(X, Y, optimizer=ns.SGD(100.0), epochs=500)
    assert net.input_scaler.fitted


def test_cross_entropy_wants_scaled_targets_in_its_range():
    """Targets that min-max brings into [0, 1] suit cross entropy, whatever their unit."""
    X = people()[0]
    Y = np.array([[1.0], [2.0]] * 6)
    layers = [ns.InputLayer(2), ns.Layer(1, ns.SigmoidNeuron)]
    net = ns.Network(layers, loss=ns.BinaryCrossEntropy(), rng=1)
    net.scale(inputs=ns.Standardizer(), outputs=ns.MinMaxScaler())
    net.fit(X, Y, optimizer=ns.SGD(0.1))
    assert ((net.predict(X) > 1.0) & (net.predict(X) < 2.0)).all()
    with pytest.raises(ns.LossError):
        net.loss_of(X, Y + 1.0)
