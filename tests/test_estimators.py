"""The estimators keep scikit-learn's promises, and their networks are networks like any other."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import make_blobs
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.utils.estimator_checks import parametrize_with_checks

import neurosim as ns
from neurosim.estimators import NeuralClassifier, NeuralRegressor

ESTIMATORS = [NeuralClassifier, NeuralRegressor]
COLORS = np.array(["blue", "green", "red"])


@pytest.fixture
def blobs():
    """Three groups of points that a line each tells apart, and their colours."""
    X, places = make_blobs(90, centers=[[0, 0], [8, 0], [0, 8]], random_state=0)
    return X, COLORS[places]


@pytest.fixture
def plane():
    """Numbers that are a linear function of two columns, in units far from 1."""
    X = np.random.default_rng(3).normal(50.0, 20.0, size=(60, 2))
    return X, 1000.0 + 30.0 * X[:, 0] - 10.0 * X[:, 1]


@parametrize_with_checks([NeuralClassifier(), NeuralRegressor()])
def test_scikit_learns_checks(estimator, check):
    """Every check of scikit-learn's `check_estimator` holds, none is expected to fail."""
    check(estimator)


def test_two_classes_have_one_sigmoid_output_and_more_have_softmax(blobs):
    """Two classes: the output is the probability of the second; more: one output for each."""
    X, y = blobs
    several = NeuralClassifier(epochs=20, random_state=0).fit(X, y)
    assert repr(several.network_) == "Network(2-16-3, 99 parameters, CategoricalCrossEntropy())"
    assert np.array_equal(several.predict_proba(X), several.network_.predict(X))
    two = y != "red"
    pair = NeuralClassifier(epochs=20, random_state=0).fit(X[two], y[two])
    assert repr(pair.network_) == "Network(2-16-1, 65 parameters, BinaryCrossEntropy())"
    assert np.array_equal(pair.predict_proba(X)[:, 1], pair.network_.predict(X)[:, 0])
    assert pair.classes_.tolist() == ["blue", "green"]


def test_probabilities_and_classes_agree(blobs):
    """Rows of `predict_proba` add up to 1, and `predict` is the most probable class."""
    X, y = blobs
    model = NeuralClassifier(epochs=20, random_state=0).fit(X, y)
    probabilities = model.predict_proba(X)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(len(X)))
    assert np.array_equal(model.predict(X), model.classes_[probabilities.argmax(axis=1)])
    assert model.score(X, y) == 1.0


def test_between_equally_probable_classes_it_is_the_first():
    """Where the one output is exactly 0.5, the class is the first."""
    model = NeuralClassifier(hidden=(), random_state=0).fit([[-1.0], [1.0]], ["no", "yes"])
    model.network_.parameters[:] = 0.0
    assert model.predict_proba([[3.0]]).tolist() == [[0.5, 0.5]]
    assert model.predict([[3.0]]).tolist() == ["no"]


def test_a_regressor_without_hidden_layers_finds_the_least_squares(plane):
    """A linear network, trained long enough, predicts what linear regression does, in its units."""
    X, y = plane
    model = NeuralRegressor(hidden=(), batch_size=None, optimizer=ns.SGD(0.1), random_state=0)
    expected = LinearRegression().fit(X, y).predict(X)
    assert model.fit(X, y).predict(X) == pytest.approx(expected, rel=1e-9)


def test_predictions_have_as_many_dimensions_as_the_targets(plane):
    """(n,) for a y of one dimension, (n, 1) for one column, (n, k) for k columns."""
    X, y = plane
    model = NeuralRegressor(epochs=2, random_state=0)
    columns = np.column_stack([y, -y])
    assert model.fit(X, y).predict(X).shape == (60,)
    assert model.fit(X, y.reshape(-1, 1)).predict(X).shape == (60, 1)
    assert model.fit(X, columns).predict(X).shape == (60, 2)


def test_one_seed_gives_one_network(blobs):
    """An int gives the same parameters every time; a RandomState, as scikit-learn has it, moves."""
    X, y = blobs
    model = NeuralClassifier(epochs=3, random_state=1)
    first = model.fit(X, y).network_.parameters
    assert np.array_equal(first, clone(model).fit(X, y).network_.parameters)
    model.set_params(random_state=np.random.RandomState(1))
    first = model.fit(X, y).network_.parameters
    assert not np.array_equal(first, model.fit(X, y).network_.parameters)
    model.set_params(random_state=np.random.RandomState(1))
    assert np.array_equal(first, model.fit(X, y).network_.parameters)


def test_numpys_global_stream_is_left_alone(blobs):
    """random_state=None draws nothing from NumPy's global generator."""
    X, y = blobs
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    NeuralClassifier(epochs=1).fit(X, y)
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_columns_are_standardized_by_a_scaler_that_the_network_keeps(plane, tmp_path):
    """scale=True: mean 0, variance 1 by the network's own scalers, saved with it; else none."""
    X, y = plane
    model = NeuralRegressor(epochs=2, random_state=0).fit(X, y)
    assert model.network_.input_scaler == ns.Standardizer().fit(X)
    assert model.network_.output_scaler == ns.Standardizer().fit(y.reshape(-1, 1))
    model.network_.save(tmp_path / "net.json")
    assert np.array_equal(ns.load(tmp_path / "net.json").predict(X).ravel(), model.predict(X))
    model.set_params(scale=False, optimizer=ns.SGD(1e-9)).fit(X, y)
    assert model.network_.input_scaler is model.network_.output_scaler is None


def test_a_constant_column_is_brought_to_zero(plane):
    """A column that is the same in every row is centred and divided by 1, in X and in y."""
    X, _ = plane
    X = np.column_stack([X, np.full(len(X), 0.1)])
    model = NeuralRegressor(epochs=200, random_state=0).fit(X, np.full(len(X), 7.3))
    scaler = model.network_.input_scaler
    assert (scaler.transform(X)[:, 2] == 0.0).all()
    assert scaler.factor[2] == 1.0
    assert model.predict(X) == pytest.approx(np.full(len(X), 7.3), abs=0.05)


def test_layers_kinds_losses_and_regularizers_are_those_of_networks(plane):
    """hidden takes sizes and `Layer`s; neuron, loss, regularizers and callbacks are passed on."""
    X, y = plane
    epochs = []
    model = NeuralRegressor(
        hidden=(4, ns.Layer(3, ns.SigmoidNeuron, name="narrow")),
        neuron=ns.TanhNeuron,
        loss=ns.QuadraticCost(),
        optimizer=ns.Momentum(0.1),
        epochs=3,
        batch_size=None,
        callbacks=(lambda run: epochs.append(run.epoch),),
    ).fit(X, y)
    assert [str(layer.kind) for layer in model.network_.layers] == [
        "InputNeuron",
        "TanhNeuron",
        "SigmoidNeuron",
        "LinearNeuron",
    ]
    assert model.network_.layers[2].name == "narrow"
    assert model.network_.loss == ns.QuadraticCost()
    assert len(model.history_) == 3
    assert epochs == [0, 1, 2]


def test_a_penalty_shrinks_the_weights(plane):
    """A regularizer is attached to the network that is trained."""
    X, y = plane
    free = NeuralRegressor(hidden=(), epochs=50, random_state=0).fit(X, y)
    held = clone(free).set_params(regularizers=(ns.L2(1.0),)).fit(X, y)
    assert held.network_.penalty() > 0.0
    weights = [np.abs(model.network_.layers[1].weights).sum() for model in (held, free)]
    assert weights[0] < 0.9 * weights[1]


def test_a_share_of_every_class_is_validated_with(blobs):
    """validation_fraction is split off by class; neither weights nor scalers ever see it."""
    X, y = blobs
    seen = []
    model = NeuralClassifier(
        epochs=30,
        batch_size=None,
        validation_fraction=0.2,
        callbacks=(ns.EarlyStopping(5), lambda run: seen.append(run.samples)),
        random_state=0,
    ).fit(X, y)
    inputs, targets = seen[0]
    assert targets.sum(axis=0).tolist() == [24.0, 24.0, 24.0]
    assert len(model.history_.validation_loss) == len(model.history_)
    assert inputs.mean(axis=0) == pytest.approx([0.0, 0.0])
    again = clone(model).fit(X, y)
    assert again.history_.validation_loss == model.history_.validation_loss


def test_they_work_in_pipelines_searches_and_cross_validation(blobs):
    """make_pipeline, GridSearchCV and cross_val_score take them as any other estimator."""
    X, y = blobs
    model = NeuralClassifier(hidden=(4,), epochs=20, random_state=0)
    assert cross_val_score(model, X, y, cv=3).min() > 0.9
    grid = {
        "neuralclassifier__hidden": [(), (4,)],
        "neuralclassifier__optimizer": [ns.SGD(1e-9), ns.Adam(0.05)],
    }
    words = np.where(X > 4.0, "far", "near")
    pipeline = make_pipeline(OneHotEncoder(sparse_output=False), model)
    search = GridSearchCV(pipeline, grid, cv=3).fit(words, y)
    assert search.best_score_ > 0.9
    assert isinstance(search.best_params_["neuralclassifier__optimizer"], ns.Adam)
    assert search.predict(words).shape == (90,)


@pytest.mark.parametrize("make", ESTIMATORS, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize(
    ("argument", "given", "error", "message"),
    [
        ("hidden", 16, ns.ArgumentTypeError, "{}: hidden must be a tuple, such as (16,); got 16."),
        (
            "hidden",
            (0,),
            ns.ArgumentError,
            "Layer: the number of neurons must be a positive whole number; got 0.",
        ),
        ("scale", 1, ns.ArgumentTypeError, "{}: scale must be True or False; got 1."),
        (
            "regularizers",
            None,
            ns.ArgumentTypeError,
            "{}: regularizers must be a tuple, such as (); got None.",
        ),
        (
            "epochs",
            -1,
            ns.ArgumentError,
            "Network.fit: epochs must be a whole number from 0; got -1.",
        ),
        (
            "random_state",
            "one",
            ns.ArgumentTypeError,
            "Network: rng must be a whole number, a numpy.random.Generator or None; got 'one'.",
        ),
    ],
)
def test_a_bad_parameter_is_refused_by_fit(make, argument, given, error, message):
    """`fit` says what a parameter must be; the estimator stays as it was, fitted or not."""
    X, y = [[0.0], [1.0]], [0, 1]
    model = make(epochs=1).fit(X, y)
    network = model.network_
    model.set_params(**{argument: given})
    with pytest.raises(error) as caught:
        model.fit(X, y)
    assert str(caught.value) == message.format(make.__name__)
    assert model.network_ is network


def test_one_class_is_refused_and_the_classes_stay():
    """There must be two classes to tell apart."""
    model = NeuralClassifier(epochs=1).fit([[0.0], [1.0]], ["a", "b"])
    with pytest.raises(ns.ArgumentError) as caught:
        model.fit([[0.0], [1.0]], ["b", "b"])
    assert str(caught.value) == (
        "NeuralClassifier.fit: y must hold two classes or more, or there is nothing to tell "
        "apart; got one class, 'b'."
    )
    assert model.classes_.tolist() == ["a", "b"]


def test_a_column_that_floats_cannot_scale_is_named():
    """The message says which column of X or y, and how far it reaches."""
    with pytest.raises(ns.ArgumentError) as caught:
        NeuralRegressor().fit([[1.0, -1e300], [2.0, 1e300]], [1.0, 2.0])
    assert str(caught.value) == (
        "NeuralRegressor.fit: X: column 1 reaches from -1e+300 to 1e+300, which floats cannot "
        "scale; change its unit."
    )


def test_a_training_that_diverges_says_so(plane):
    """`DivergedError` comes out of `fit`."""
    with pytest.raises(ns.DivergedError):
        NeuralRegressor(optimizer=ns.SGD(1e6), random_state=0).fit(*plane)


@pytest.mark.parametrize("make", ESTIMATORS, ids=lambda cls: cls.__name__)
def test_before_fit_it_is_not_fitted(make):
    """`predict` before `fit` raises scikit-learn's own error, as its tools expect."""
    with pytest.raises(NotFittedError):
        make().predict([[0.0]])


def test_without_scikit_learn_the_import_says_what_to_install():
    """`MissingExtraError` names the extra, and `neurosim` itself needs no scikit-learn."""
    program = (
        "import sys\n"
        "sys.modules['sklearn.base'] = None\n"
        "import neurosim as ns\n"
        "try:\n"
        "    import neurosim.estimators\n"
        "except ns.MissingExtraError as error:\n"
        "    print(error)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout == (
        "neurosim.estimators needs scikit-learn 1.6 or newer; install it with "
        '`pip install "neurosim[sklearn]"`.\n'
    )
