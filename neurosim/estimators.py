"""Networks in scikit-learn's manners: for pipelines, grid searches and cross-validation.

Imported by name, as scikit-learn is an extra::

    from neurosim.estimators import NeuralClassifier, NeuralRegressor

Parameters are plain and are checked in `fit`; data are checked by scikit-learn, in its words.
After `fit`, ``network_`` is the network that was trained, to be drawn, traced and saved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.checks import flag, short
from neurosim.errors import ArgumentError, ArgumentTypeError, MissingExtraError
from neurosim.layers import InputLayer, Layer
from neurosim.learning.optimizers import Adam
from neurosim.learning.preprocessing import Standardizer
from neurosim.losses import BinaryCrossEntropy, CategoricalCrossEntropy, MeanSquaredError
from neurosim.network import Network
from neurosim.neurons import LinearNeuron, ReLUNeuron, SigmoidNeuron, SoftmaxNeuron

try:
    from sklearn.base import (
        BaseEstimator,
        ClassifierMixin,
        MultiOutputMixin,
        RegressorMixin,
        is_classifier,
    )
    from sklearn.model_selection import train_test_split
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError:
    raise MissingExtraError(
        "neurosim.estimators needs scikit-learn 1.6 or newer; install it with "
        '`pip install "neurosim[sklearn]"`.'
    ) from None

if TYPE_CHECKING:
    from neurosim.losses import Loss

__all__ = ["NeuralClassifier", "NeuralRegressor"]


class _NeuralEstimator(BaseEstimator):
    """What both estimators share. Abstract."""

    hidden: Any
    neuron: Any
    optimizer: Any
    epochs: Any
    batch_size: Any
    scale: Any
    regularizers: Any
    validation_fraction: Any
    callbacks: Any
    random_state: Any

    def _train(self, X: Any, Y: Any, output: Layer, loss: Loss) -> None:
        """Make the network for X and Y, and train it; the estimator keeps it when that is done."""
        layers = [InputLayer(X.shape[1]), *self._hidden_layers(), output]
        network = Network(layers, loss=loss, rng=self._seed())
        for regularizer in self._several("regularizers"):
            network.regularize(regularizer)
        X, Y, validation = self._divided(X, Y, network)
        self._scale(network, X, Y)
        self.history_ = network.fit(
            X,
            Y,
            optimizer=Adam(0.01) if self.optimizer is None else self.optimizer,
            epochs=self.epochs,
            batch_size=self.batch_size,
            validation=validation,
            callbacks=self._several("callbacks"),
        )
        self.network_ = network

    def _divided(self, X: Any, Y: Any, network: Network) -> tuple[Any, Any, Any]:
        """Return what is trained with, and the pair that is validated with, if there is one."""
        if self.validation_fraction is None:
            return X, Y, None
        X, X_apart, Y, Y_apart = train_test_split(
            X,
            Y,
            test_size=self.validation_fraction,
            random_state=int(network.streams.shuffle.integers(2**31)),
            stratify=Y if is_classifier(self) else None,
        )
        return X, Y, (X_apart, Y_apart)

    def _scale(self, network: Network, X: Any, Y: Any) -> None:
        what = type(self).__name__
        if flag(self.scale, f"{what}: scale"):
            outputs = None if is_classifier(self) else _standardizer(Y, f"{what}.fit: y")
            network.scale(inputs=_standardizer(X, f"{what}.fit: X"), outputs=outputs)

    def _hidden_layers(self) -> list[Layer]:
        given = self._several("hidden")
        return [item if isinstance(item, Layer) else Layer(item, self.neuron) for item in given]

    def _several(self, name: str) -> list[Any]:
        """Return a parameter that must be a tuple."""
        given = getattr(self, name)
        if isinstance(given, str) or not np.iterable(given):
            example = "(16,)" if name == "hidden" else "()"
            raise ArgumentTypeError(
                f"{type(self).__name__}: {name} must be a tuple, such as {example}; "
                f"got {short(given)}."
            )
        return list(given)

    def _seed(self) -> Any:
        """Return what stands for `random_state` in a network; None is a new seed every time."""
        state = self.random_state
        return int(state.randint(2**31 - 1)) if isinstance(state, np.random.RandomState) else state

    def _outputs(self, X: Any) -> Any:
        check_is_fitted(self)
        return self.network_.predict(validate_data(self, X, dtype=np.float64, reset=False))


def _standardizer(table: Any, what: str) -> Standardizer:
    """Return a fitted `Standardizer` that divides a constant column by 1 instead of by 0.

    `Scaler.fit` refuses such a column. A pipeline makes them unasked: a class that is missing in
    one fold, one-hot, is one.
    """
    constant = table.max(axis=0) == table.min(axis=0)
    with np.errstate(all="ignore"):
        offset = np.where(constant, table[0], table.mean(axis=0))
        factor = 1.0 / np.where(constant, 1.0, table.std(axis=0))
    usable = np.isfinite(offset) & np.isfinite(factor) & (factor > 0)
    if not usable.all():
        column = int(np.argmin(usable))
        raise ArgumentError(
            f"{what}: column {column} reaches from {table[:, column].min()} to "
            f"{table[:, column].max()}, which floats cannot scale; change its unit."
        )
    scaler = Standardizer()
    scaler.take(offset, factor, what)
    return scaler


@final
class NeuralClassifier(ClassifierMixin, _NeuralEstimator):
    """A layered network that learns classes by cross entropy.

    Two classes have one sigmoid output, the probability of the second; more have a softmax layer
    with an output for each.

    Parameters
    ----------
    hidden : tuple of int or Layer
        The hidden layers: sizes, or recipes such as ``ns.Layer(8, ns.TanhNeuron)``.
    neuron : kind
        Of the hidden layers that are given as sizes.
    optimizer : Optimizer or None
        None is ``ns.Adam(0.01)``.
    epochs : int
    batch_size : int or None
        Samples per update; None is all of them.
    scale : bool
        Whether every column is brought to mean 0 and variance 1, measured on the samples that are
        trained with, by a `Standardizer` that stays on the network. A constant column is only
        brought to 0.
    regularizers : tuple of Regularizer
        Such as ``(ns.L2(0.01), ns.Dropout(0.2))``; see `Network.regularize`.
    validation_fraction : float or None
        The share of the samples that is not trained with but validated with after every epoch,
        with the same shares of the classes; ``history_.validation_loss`` tells how well.
    callbacks : tuple
        As for `Network.fit`, such as ``(ns.EarlyStopping(10),)``.
    random_state : int, numpy.random.Generator, numpy.random.RandomState or None
        Start weights and the order of the samples. None is a new seed every time; NumPy's global
        one is left alone.

    Attributes
    ----------
    network_ : Network
        What was trained; `predict_proba` reads it as it is now.
    history_ : History
    classes_ : (n_classes,) array
        Sorted; their order is that of the columns of `predict_proba`.
    n_features_in_, feature_names_in_
        As scikit-learn has them.

    Examples
    --------
    >>> from neurosim.estimators import NeuralClassifier
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], ["equal", "odd", "odd", "equal"]
    >>> model = NeuralClassifier(hidden=(8,), random_state=0).fit(X, y)
    >>> model.predict(X)
    array(['equal', 'odd', 'odd', 'equal'], dtype='<U5')
    >>> model.network_
    Network(2-8-1, 33 parameters, BinaryCrossEntropy())
    """

    def __init__(
        self,
        hidden: Any = (16,),
        neuron: Any = ReLUNeuron,
        *,
        optimizer: Any = None,
        epochs: Any = 200,
        batch_size: Any = 32,
        scale: Any = True,
        regularizers: Any = (),
        validation_fraction: Any = None,
        callbacks: Any = (),
        random_state: Any = None,
    ) -> None:
        self.hidden = hidden
        self.neuron = neuron
        self.optimizer = optimizer
        self.epochs = epochs
        self.batch_size = batch_size
        self.scale = scale
        self.regularizers = regularizers
        self.validation_fraction = validation_fraction
        self.callbacks = callbacks
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> NeuralClassifier:
        """Train a new network; return the estimator.

        Parameters
        ----------
        X : (n, n_features) array
        y : (n,) array
            Classes: texts or numbers.

        Raises
        ------
        ArgumentError
            There is only one class.
        """
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        classes, places = np.unique(y, return_inverse=True)
        n = len(classes)
        if n < 2:
            raise ArgumentError(
                "NeuralClassifier.fit: y must hold two classes or more, or there is nothing to "
                f"tell apart; got one class, {classes.tolist()[0]!r}."
            )
        if n == 2:
            targets, output = places.reshape(-1, 1).astype(float), Layer(1, SigmoidNeuron)
            self._train(X, targets, output, BinaryCrossEntropy())
        else:
            targets, output = np.eye(n)[places], Layer(n, SoftmaxNeuron)
            self._train(X, targets, output, CategoricalCrossEntropy())
        self.classes_ = classes
        return self

    def predict_proba(self, X: Any) -> Any:
        """Return the probability of every class, ``(n, n_classes)``; every row adds up to 1."""
        outputs = self._outputs(X)
        return np.hstack([1.0 - outputs, outputs]) if outputs.shape[1] == 1 else outputs

    def predict(self, X: Any) -> Any:
        """Return the most probable class of every sample, the first of equals."""
        probabilities = self.predict_proba(X)
        return self.classes_[probabilities.argmax(axis=1)]


@final
class NeuralRegressor(MultiOutputMixin, RegressorMixin, _NeuralEstimator):
    """A layered network with linear outputs that learns numbers, one column or several.

    Parameters
    ----------
    hidden, neuron, optimizer, epochs, batch_size, regularizers, validation_fraction, callbacks
        As for `NeuralClassifier`, and so is `random_state`.
    scale : bool
        Whether the columns of X and of y are standardized; predictions are in the units of y.
    loss : Loss or None
        None is ``ns.MeanSquaredError()``.

    Attributes
    ----------
    network_, history_, n_features_in_, feature_names_in_
        As for `NeuralClassifier`.

    Examples
    --------
    >>> from neurosim.estimators import NeuralRegressor
    >>> X = [[0.0], [1.0], [2.0], [3.0]]
    >>> model = NeuralRegressor(hidden=(), random_state=0).fit(X, [100.0, 120.0, 140.0, 160.0])
    >>> model.predict([[1.5]]).round(3)
    array([130.])
    """

    def __init__(
        self,
        hidden: Any = (16,),
        neuron: Any = ReLUNeuron,
        *,
        loss: Any = None,
        optimizer: Any = None,
        epochs: Any = 200,
        batch_size: Any = 32,
        scale: Any = True,
        regularizers: Any = (),
        validation_fraction: Any = None,
        callbacks: Any = (),
        random_state: Any = None,
    ) -> None:
        self.hidden = hidden
        self.neuron = neuron
        self.loss = loss
        self.optimizer = optimizer
        self.epochs = epochs
        self.batch_size = batch_size
        self.scale = scale
        self.regularizers = regularizers
        self.validation_fraction = validation_fraction
        self.callbacks = callbacks
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> NeuralRegressor:
        """Train a new network; return the estimator.

        Parameters
        ----------
        X : (n, n_features) array
        y : (n,) or (n, n_outputs) array
            `predict` returns the same number of dimensions.
        """
        X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True)
        Y = np.asarray(y, dtype=np.float64).reshape(len(X), -1)
        loss = MeanSquaredError() if self.loss is None else self.loss
        self._train(X, Y, Layer(Y.shape[1], LinearNeuron), loss)
        self._flat = y.ndim == 1
        return self

    def predict(self, X: Any) -> Any:
        """Return the predictions in the units of y: ``(n,)`` or ``(n, n_outputs)`` as y was."""
        outputs = self._outputs(X)
        return outputs.ravel() if self._flat else outputs
