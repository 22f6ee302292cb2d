"""The training loop: epochs, batches, what is recorded, and when it has to stop."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import short, whole_number
from neurosim.engines import chosen_engine
from neurosim.errors import ArgumentError, ArgumentTypeError, DivergedError
from neurosim.learning.callbacks import Callback, EachEpoch, Run
from neurosim.learning.divergence import divergence_message, is_finite
from neurosim.learning.history import History
from neurosim.learning.learner import Learner
from neurosim.learning.metrics import checked_metrics, measured
from neurosim.randomness import Streams
from neurosim.samples import sample_tables, scaled_samples
from neurosim.units import newly_fitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from neurosim.engines.base import Engine
    from neurosim.network import Network

__all__ = ["fit"]


def fit(
    network: Network,
    X: Any,
    Y: Any,
    *,
    optimizer: Any,
    epochs: int = 1,
    batch_size: int | None = None,
    shuffle: bool = True,
    validation: Any = None,
    callbacks: Iterable[Any] = (),
    metrics: Iterable[Any] = (),
    engine: str = "auto",
    rng: Any = None,
    progress: bool = False,
) -> History:
    """Train a network; this is `Network.fit`.

    Parameters
    ----------
    network : Network
    X, Y : (n, n_inputs) and (n, n_outputs) arrays
    optimizer : Optimizer or rule
        Such as ``ns.SGD(0.1)``. The object that trained the network last goes on where it ended.
    epochs : int
        How often every sample is visited.
    batch_size : int or None
        Samples per update, the last batch maybe fewer; None is one batch of all, in their order.
    shuffle : bool
        Whether batches are drawn in a new order every epoch.
    validation : (X, Y), optional
        Samples whose loss is recorded after every epoch. Scalers never see them: those that
        `Network.scale` attached are fitted to X and Y alone.
    callbacks : iterable
        `Callback`s, or plain functions called with the `Run` after every epoch.
    metrics : iterable of functions
        Recorded after every epoch.
    engine : {"auto", "graph", "vectorized"}
        All give the same numbers; ``"graph"`` also leaves those of the last batch on the neurons.
    rng : int, numpy.random.Generator or None
        None goes on with the network's own.
    progress : bool
        Whether a progress bar is shown.

    Returns
    -------
    History

    Raises
    ------
    DivergedError
        A loss or parameter stopped being finite. The network holds the parameters of the last
        finite epoch, and a gradient of zeros.
    """
    tables = sample_tables(network, X, Y, "Network.fit")
    learner = _checked_learner(optimizer, network)
    n_epochs = whole_number(epochs, "Network.fit: epochs", at_least=0)
    size = None if batch_size is None else whole_number(batch_size, "Network.fit: batch_size")
    if not isinstance(shuffle, bool | np.bool_):
        raise ArgumentTypeError(
            f"Network.fit: shuffle must be True or False; got {short(shuffle)}."
        )
    listeners = _checked_callbacks(callbacks)
    computing = chosen_engine(network, engine)
    network.require_finite_parameters("Network.fit")
    with newly_fitted(network, *tables, "Network.fit"):
        samples = scaled_samples(network, *tables, "Network.fit")
        watch = _Watch(network, samples, tables[1], validation, metrics)
        streams = network.streams if rng is None else Streams.of(rng, "Network.fit")
    computing.load(*samples)
    network.last_pass = None
    run = Run(network, learner, History())
    order = _Batches(len(samples[0]), size, shuffle, streams.shuffle)
    with np.errstate(all="ignore"):
        _train(run, computing, order, samples[0], n_epochs, listeners, watch, progress)
    return run.history


def _train(
    run: Run,
    engine: Engine,
    order: _Batches,
    X: Any,
    epochs: int,
    listeners: list[Callback],
    watch: _Watch,
    progress: bool,
) -> None:
    network, history = run.network, run.history
    before, memory = network.parameters.copy(), run.optimizer.memory(network)
    loaded = engine.samples()
    try:
        for listener in listeners:
            listener.on_start(run)
        for epoch in _counted(epochs, progress, history):
            run.epoch = epoch
            np.copyto(before, network.parameters)
            rate = run.optimizer.rate(memory)
            loss = _one_epoch(run, engine, order, listeners)
            _require_same(network, engine, loaded)
            if not (math.isfinite(loss) and is_finite(network.parameters)):
                raise _diverged(run, X, loss, rate)
            memory.epoch += 1
            history.loss.append(loss)
            history.learning_rate.append(rate)
            watch.record(history)
            for listener in listeners:
                listener.on_epoch(run)
            _require_same(network, engine, loaded)
            if run.stopped:
                break
        for listener in listeners:
            listener.on_end(run)
    except DivergedError:
        _go_back(network, before)
        raise
    except BaseException:
        # Ctrl-C, or an error in a callback, may come within an epoch that has run away.
        if not is_finite(network.parameters):
            _go_back(network, before)
        raise


def _require_same(network: Network, engine: Engine, loaded: tuple[Any, Any]) -> None:
    """Raise where a callback has changed what the training was prepared for."""
    same = network.engine(type(engine)) is engine
    if not (same and all(a is b for a, b in zip(engine.samples(), loaded, strict=True))):
        raise ArgumentError(
            "Network.fit: a callback changed the network's edges or its loss, or trained it, in "
            "the middle of a training; end that with run.stop(), make the change after fit has "
            "returned, and call fit again."
        )


def _go_back(network: Network, parameters: Any) -> None:
    network.parameters[:] = parameters
    network.gradient[:] = 0.0
    network.last_pass = network.memory = None


def _one_epoch(run: Run, engine: Engine, order: _Batches, listeners: list[Callback]) -> float:
    """Visit every sample once; return the mean of the losses before each update."""
    total = 0.0
    for rows, n in order:
        run.batch_loss = run.optimizer.learn(run.network, engine, rows)
        total += run.batch_loss * n
        for listener in listeners:
            listener.on_batch(run)
    return total / order.n_samples


def _diverged(run: Run, X: Any, loss: float, rate: float) -> DivergedError:
    message = divergence_message(run.network, rate, X, loss, run.history)
    return DivergedError(message, epoch=len(run.history), history=run.history)


class _Batches:
    """The rows of every batch of an epoch, with how many they are; None stands for all rows."""

    def __init__(
        self, n_samples: int, size: int | None, shuffle: bool, rng: np.random.Generator
    ) -> None:
        self.n_samples, self.size, self.shuffle, self.rng = n_samples, size, shuffle, rng

    def __iter__(self) -> Iterator[tuple[Any, int]]:
        if self.size is None:
            yield None, self.n_samples
            return
        order = self.rng.permutation(self.n_samples) if self.shuffle else None
        for begin in range(0, self.n_samples, self.size):
            end = min(begin + self.size, self.n_samples)
            yield (slice(begin, end) if order is None else order[begin:end]), end - begin


class _Watch:
    """What is computed and recorded after every epoch.

    The samples are scaled; `wanted` are their targets in the person's units, for the metrics.
    """

    def __init__(
        self, network: Network, samples: Any, wanted: Any, validation: Any, metrics: Any
    ) -> None:
        self.network = network
        self.metrics = checked_metrics(metrics, "Network.fit")
        self.samples, self.wanted = samples, wanted
        self.validates = validation is not None
        if self.validates:
            if not isinstance(validation, tuple | list) or len(validation) != 2:
                raise ArgumentTypeError(
                    f"Network.fit: validation must be a pair (X, Y); got {short(validation)}."
                )
            X, Y = validation
            what = "Network.fit: validation"
            inputs, self.wanted = sample_tables(network, X, Y, what)
            self.samples = scaled_samples(network, inputs, self.wanted, what)

    def record(self, history: History) -> None:
        """Append to the history."""
        if self.validates:
            history.validation_loss.append(self.network.mean_loss(*self.samples))
        if self.metrics:
            predictions = self.network.predictions(self.samples[0])
            values = measured(self.metrics, self.wanted, predictions, "Network.fit")
            for name, value in values.items():
                history.metrics.setdefault(name, []).append(value)


def _checked_learner(optimizer: Any, network: Network) -> Learner:
    if not isinstance(optimizer, Learner):
        raise ArgumentTypeError(
            f"Network.fit: optimizer must be such as ns.SGD(0.1); got {short(optimizer)}."
        )
    optimizer.check(network)
    return optimizer


def _checked_callbacks(callbacks: Any) -> list[Callback]:
    given = callbacks if np.iterable(callbacks) else [callbacks]
    return [_checked_callback(callback) for callback in given]


def _checked_callback(callback: Any) -> Callback:
    if isinstance(callback, Callback):
        return callback
    if callable(callback) and not isinstance(callback, type):
        return EachEpoch(callback)
    raise ArgumentTypeError(
        f"Network.fit: a callback must be a ns.Callback or a function; got {short(callback)}."
    )


def _counted(epochs: int, progress: bool, history: History) -> Iterator[int]:
    if not progress:
        yield from range(epochs)
        return
    from tqdm import tqdm

    with tqdm(range(epochs), unit="epoch") as bar:
        for epoch in bar:
            yield epoch
            if history.loss:
                bar.set_postfix_str(f"loss {history.loss[-1]:.4g}", refresh=False)
