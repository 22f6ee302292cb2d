"""The training loop: epochs, batches, what is recorded, and when it has to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import flag, short, whole_number
from neurosim.engines import CompiledEngine, VectorizedEngine, chosen_engine
from neurosim.errors import ArgumentError, ArgumentTypeError, DivergedError
from neurosim.learning.callbacks import Callback, Run, checked_callbacks
from neurosim.learning.compiled_epochs import CompiledEpochs, suits
from neurosim.learning.divergence import divergence_message, is_finite
from neurosim.learning.epochs import Batches, Ended, Epochs
from neurosim.learning.history import History
from neurosim.learning.learner import Learner
from neurosim.learning.streams import (
    LoadedBatches,
    StreamedBatches,
    check_stream,
    is_stream,
    no_samples,
    require_scaled,
)
from neurosim.learning.validation import Division
from neurosim.learning.watch import Watch
from neurosim.learning.weighting import weights_of_samples
from neurosim.mapped import in_files
from neurosim.randomness import Streams
from neurosim.samples import sample_tables, scaled_samples
from neurosim.units import newly_fitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from neurosim.engines.base import Engine
    from neurosim.learning.order import Order
    from neurosim.network import Network

__all__ = ["fit"]


def fit(
    network: Network,
    X: Any,
    Y: Any = None,
    *,
    optimizer: Any,
    epochs: int = 1,
    batch_size: int | None = None,
    shuffle: bool = True,
    validation: Any = None,
    callbacks: Callback | Iterable[Any] = (),
    metrics: Iterable[Any] = (),
    sample_weights: Any = None,
    class_weights: dict[int, float] | None = None,
    history: History | None = None,
    engine: str = "auto",
    rng: Any = None,
    progress: bool = False,
) -> History:
    """Train a network; this is `Network.fit`.

    Called again with the same optimizer object, it goes on where it ended: 3 epochs and 4 are 7.

    Parameters
    ----------
    network : Network
    X, Y : (n, n_inputs) and (n, n_outputs) arrays
        A `numpy.memmap` stays in its file: every batch is read, checked and scaled when its turn
        comes, and the numbers are those of arrays in memory, bit for bit, or in the compiled
        engine, which is made for whole epochs in memory, to rounding. Or X is a function that
        returns an iterator of batches (X, Y), called without arguments at the start of every
        epoch, and Y is left out: nothing has to know all samples, their number or order.
    optimizer : Optimizer or rule
        Such as ``ns.SGD(0.1)``. The object that trained the network last goes on where it ended.
    epochs : int
        How often every sample is visited.
    batch_size : int or None
        Samples per update, the last batch maybe fewer; None is one batch of all, in their order.
    shuffle : bool
        Whether batches are drawn in a new order every epoch.
    validation : (X, Y) or float, optional
        Samples whose loss is recorded after every epoch, or the share of X and Y that is split
        off for this: of n samples the first round(share n) of a permutation that the stream of
        shuffles draws before the first epoch. `History.validation_rows` tells which rows they
        are. They are never trained with, and scalers never see them: those that `Network.scale`
        attached are fitted to the other samples alone. A loss of them that overflows is recorded
        as inf and does not end the training: that has not run away while its own loss and the
        parameters are finite; `EarlyStopping` sees no improvement in it.
    callbacks : iterable
        `Callback`s, or plain functions called with the `Run` after every epoch.
    metrics : iterable of functions
        Recorded after every epoch.
    sample_weights : (n,) array, optional
        How much each sample counts: J = 1/n sum of weight_i loss_i. `History.loss` is that J;
        metrics and validation count every sample alike.
    class_weights : dict, optional
        A weight for every class, by its number, which all its samples get: the column of the
        largest target, and with one output 1 where the target exceeds 0.5, else 0.
    history : History, optional
        That of an earlier training, which this one goes on with: epochs are counted from its end
        and added to it, and a share for validation is the same rows again.
    engine : {"auto", "graph", "vectorized", "compiled"}
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
    NotFiniteError, ShapeError, LossError
        Samples are not what the network needs. Where they are read batch by batch, this may be
        found in the middle of an epoch: the network then holds the parameters that the epoch
        began with, and the optimizer starts anew.
    """
    stream = X if is_stream(X) else None
    if stream is None:
        tables = sample_tables(network, X, Y, "Network.fit", whole=False)
    else:
        check_stream(Y, batch_size, sample_weights, validation, metrics)
        tables = no_samples(network)
    if stream is not None or in_files(*tables):
        require_scaled(network)
    learner = _checked_learner(optimizer, network)
    n_epochs = whole_number(epochs, "Network.fit: epochs", at_least=0)
    size = None if batch_size is None else whole_number(batch_size, "Network.fit: batch_size")
    shuffle = flag(shuffle, "Network.fit: shuffle")
    progress = flag(progress, "Network.fit: progress")
    listeners = checked_callbacks(callbacks, "Network.fit")
    record = _checked_history(history)
    computing = _chosen(network, engine, learner, tables, size, n_epochs)
    network.require_finite_parameters("Network.fit")
    streams = network.streams if rng is None else Streams.of(rng, "Network.fit")
    weights: Any = class_weights
    if stream is None:
        given = sample_weights, class_weights
        weights = weights_of_samples(network, tables[1], *given, "Network.fit")
    learner.check_weights(weights)
    division = Division(network, tables, validation, streams.shuffle, record.validation_rows)
    with newly_fitted(network, *division.training, "Network.fit"):
        samples = scaled_samples(network, *division.training, "Network.fit")
        watch = Watch(network, samples, division, metrics)
        watch.check(record)
        run = Run(
            network,
            learner,
            record,
            samples=samples,
            records=watch.records,
            callbacks=listeners,
            streams=streams,
        )
        for listener in listeners:
            listener.check(run)
    division.settle()
    record.validation_rows = division.rows
    network.last_pass = None
    order: Order
    if stream is None:
        if weights is not None:
            weights = np.delete(weights, division.rows)
        order = Batches(len(samples[0]), size, shuffle, streams.shuffle)
        order = _loaded(computing, samples, order, streams, weights)
    else:
        order = StreamedBatches(run, computing, stream, class_weights)
    with np.errstate(all="ignore"):
        _train(run, computing, order, n_epochs, watch, progress)
    return record


def _chosen(
    network: Network, engine: Any, learner: Learner, tables: Any, size: int | None, epochs: int
) -> Engine:
    n = len(tables[0])
    if n and not in_files(*tables):
        batch = min(size or n, n)
        inside = learner if suits(learner) else None
        return chosen_engine(network, engine, batch, epochs * -(-n // batch), inside)
    # The compiled engine is at its best within whole epochs, which must be in memory for that.
    by_itself = isinstance(engine, str) and engine == "auto"
    return chosen_engine(network, VectorizedEngine.name if by_itself else engine)


def _loaded(
    engine: Engine, samples: tuple[Any, Any], order: Batches, streams: Streams, weights: Any
) -> Order:
    """Load the samples, or have every batch loaded from its file when its turn comes."""
    if in_files(*samples):
        return LoadedBatches(engine, samples, order, streams, weights)
    engine.load(*samples, rng=streams.dropout, weights=weights)
    order.loaded = engine.samples()
    return order


def _train(
    run: Run,
    engine: Engine,
    order: Order,
    epochs: int,
    watch: Watch,
    progress: bool,
) -> None:
    network, listeners = run.network, run.callbacks
    learning = _epochs_of(run, engine, order)
    # Where nobody looks on after every epoch, several may be learned at a time.
    alone = not (listeners or watch.looks or progress)
    try:
        _tell(listeners, "on_start", run)
        left = 0 if run.stopped else epochs
        for _ in _counted(left, progress, run.history):
            run.epoch = len(run.history)
            ended = learning.learn(left if alone else 1)
            _require_same(network, engine, order, listeners)
            _record(run, order, ended, watch)
            left -= len(ended.losses)
            _tell(listeners, "on_epoch", run)
            _require_same(network, engine, order, listeners)
            if run.stopped or (alone and not left):
                break
        _tell(listeners, "on_end", run)
    except DivergedError:
        _go_back(network, learning.before, learning.averages)
        raise
    except BaseException:
        # Ctrl-C, or an error in a callback, may come within an epoch that has run away.
        # What a broken-off epoch learned is taken back, too.
        if order.failed or not is_finite(network.parameters):
            _go_back(network, learning.before, learning.averages)
        raise


def _record(run: Run, order: Order, ended: Ended, watch: Watch) -> None:
    """Write down the epochs that have ended; raise `DivergedError` after those that were finite."""
    memory, history = run.optimizer.memory(run.network), run.history
    memory.epoch += len(ended.losses)
    for loss, rate in zip(ended.losses, ended.rates, strict=True):
        watch.record(history, loss, rate)
    if run.network.regularization:
        history.penalty += ended.penalties
    if ended.diverged is not None:
        loss, rate, batch = ended.diverged
        raise _diverged(run, order.loaded, loss, rate, batch)


def _epochs_of(run: Run, engine: Engine, order: Order) -> Epochs:
    """Return epochs within the engine, where it can and nobody hears of single batches."""
    inside = suits(run.optimizer)
    if inside and isinstance(engine, CompiledEngine) and isinstance(order, Batches):
        return CompiledEpochs(run, engine, order)
    return Epochs(run, engine, order)


def _tell(listeners: list[Callback], event: str, run: Run) -> None:
    for listener in listeners:
        getattr(listener, event)(run)


def _require_same(
    network: Network, engine: Engine, order: Order, listeners: list[Callback]
) -> None:
    """Raise where a callback has changed what the training was prepared for."""
    if not listeners:
        return
    same = network.engine(type(engine)) is engine
    if not (same and order.holds(engine)):
        raise ArgumentError(
            "Network.fit: a callback changed the network's edges or its loss, or trained it, in "
            "the middle of a training; end that with run.stop(), make the change after fit has "
            "returned, and call fit again."
        )


def _go_back(network: Network, parameters: Any, averages: Any) -> None:
    network.parameters[:] = parameters
    network.averages[:] = averages
    network.gradient[:] = 0.0
    network.last_pass = network.memory = None


def _diverged(
    run: Run, samples: tuple[Any, Any], loss: float, rate: float, batch: int | None
) -> DivergedError:
    message = divergence_message(run.network, rate, samples, loss, run.history, batch)
    return DivergedError(message, epoch=len(run.history), history=run.history)


def _checked_learner(optimizer: Any, network: Network) -> Learner:
    if not isinstance(optimizer, Learner):
        raise ArgumentTypeError(
            f"Network.fit: optimizer must be such as ns.SGD(0.1); got {short(optimizer)}."
        )
    optimizer.check(network)
    return optimizer


def _checked_history(history: Any) -> History:
    if history is None:
        return History()
    if not isinstance(history, History):
        raise ArgumentTypeError(
            f"Network.fit: history must be what an earlier net.fit returned; got {short(history)}."
        )
    return history


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
