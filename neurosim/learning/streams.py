"""Samples that are brought batch by batch: those in a file, and those that a function yields.

Every batch is loaded into the engine by itself, so that no more than two are in memory: the last
one and the next.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import short
from neurosim.errors import ArgumentError, ArgumentTypeError, LossError, NotFittedError
from neurosim.learning.metrics import checked_metrics
from neurosim.learning.order import Order
from neurosim.learning.weighting import weights_of_classes
from neurosim.samples import sample_tables, scaled_samples

if TYPE_CHECKING:
    from neurosim.engines.base import Engine
    from neurosim.learning.callbacks import Run
    from neurosim.network import Network
    from neurosim.randomness import Streams

__all__ = [
    "LoadedBatches",
    "StreamedBatches",
    "check_stream",
    "is_stream",
    "no_samples",
    "require_scaled",
]


def is_stream(X: Any) -> bool:
    """Whether X is a function that returns an iterator of batches.

    Raises
    ------
    ArgumentTypeError
        It is such an iterator itself, or a function that needs arguments.
    """
    if isinstance(X, Iterator):
        raise ArgumentTypeError(
            f"Network.fit: X is {short(X)}, which can be gone through once only, while every "
            "epoch visits every sample; pass the function that makes it, as in "
            "net.fit(batches, ...) rather than net.fit(batches(), ...)."
        )
    if not callable(X) or hasattr(X, "__array__"):
        return False
    try:
        inspect.signature(X).bind()
    except TypeError as error:
        raise ArgumentTypeError(
            "Network.fit: X is called without arguments at the start of every epoch, but "
            f"{short(X)} needs some ({error}); pass a function that needs none."
        ) from None
    except ValueError:
        pass  # Some functions written in C do not tell.
    return True


def check_stream(
    Y: Any, batch_size: Any, sample_weights: Any, validation: Any, metrics: Any
) -> None:
    """Raise where `fit` was told what only arrays can be told."""
    refused = {
        "Y": (Y, "it yields pairs (X, Y)"),
        "batch_size": (batch_size, "its batches are taken as they come"),
        "sample_weights": (sample_weights, "nobody knows its samples beforehand"),
    }
    for name, (value, why) in refused.items():
        if value is not None:
            raise ArgumentError(
                f"Network.fit: {name} must be left out where X is a function that yields batches, "
                f"as {why}."
            )
    if validation is None and checked_metrics(metrics, "Network.fit"):
        raise ArgumentError(
            "Network.fit: metrics of batches that a function yields need samples to be measured "
            "on; give validation=(X, Y)."
        )
    if validation is not None and not isinstance(validation, tuple | list):
        raise ArgumentError(
            "Network.fit: validation must be a pair (X, Y) where X is a function that yields "
            f"batches, as no share of them can be split off; got {short(validation)}."
        )


def no_samples(network: Network) -> tuple[Any, Any]:
    """Return empty tables: what is known of a stream before it begins."""
    wiring, dtype = network.wiring, network.dtype
    return np.empty((0, len(wiring.inputs)), dtype), np.empty((0, len(wiring.outputs)), dtype)


def require_scaled(network: Network) -> None:
    """Raise where a scaler would have to measure samples that are never in memory at once."""
    for name, side in (("input_scaler", "X"), ("output_scaler", "Y")):
        scaler = getattr(network, name)
        if scaler is not None and not scaler.fitted:
            raise NotFittedError(
                f"Network.fit: net.{name}, {scaler!r}, must have measured its columns before "
                f"samples are read batch by batch; call net.{name}.fit({side}) with as many rows "
                "as memory holds."
            )


class LoadedBatches(Order):
    """Loads every batch into the engine when its turn comes, from tables that may be in files.

    Parameters
    ----------
    engine : Engine
    samples : pair of tables
        In memory, or `MappedTable`s.
    rows : iterable
        Yields (rows, number of samples) of every batch.
    streams : Streams
        What masks are drawn from.
    weights : (n,) array or None
    """

    def __init__(
        self, engine: Engine, samples: tuple[Any, Any], rows: Any, streams: Streams, weights: Any
    ) -> None:
        self.engine, self.samples, self.rows = engine, samples, rows
        self.streams, self.weights = streams, weights
        self.n_samples = len(samples[0])

    def __iter__(self) -> Iterator[tuple[Any, int]]:
        batches = self.batches()
        while True:
            try:
                batch = next(batches, None)
            except Exception:
                self.failed = True
                raise
            if batch is None:
                return
            X, Y, weights = batch
            untouched = self.loaded is None or self.holds(self.engine)
            self.engine.load(X, Y, rng=self.streams.dropout, weights=weights)
            if untouched:
                self.loaded = self.engine.samples()
            yield None, len(X)

    def batches(self) -> Iterator[tuple[Any, Any, Any]]:
        """Yield X, Y and weights of every batch of an epoch, checked and scaled."""
        for rows, _ in self.rows:
            key = slice(None) if rows is None else rows
            X, Y = (table[key] for table in self.samples)
            yield X, Y, None if self.weights is None else self.weights[key]


class StreamedBatches(LoadedBatches):
    """The batches that a function yields; `n_samples` is infinite until it has yielded all."""

    def __init__(self, run: Run, engine: Engine, stream: Any, class_weights: Any) -> None:
        super().__init__(engine, run.samples, (), run.streams, None)
        self.run, self.stream, self.class_weights = run, stream, class_weights
        self.epoch = 0

    def batches(self) -> Iterator[tuple[Any, Any, Any]]:
        """Yield X, Y and weights of every batch of an epoch, checked and scaled."""
        self.n_samples, n = math.inf, 0
        for number, batch in enumerate(self._new_iterator()):
            X, Y, weights = self._checked(batch, f"Network.fit: batch {number} of the stream")
            n, self.run.samples = n + len(X), (X, Y)
            yield X, Y, weights
        if not n:
            raise ArgumentError(
                f"Network.fit: the stream yielded no batch in epoch {self.epoch} of this training; "
                "its function must return a new iterator every time that it is called."
            )
        self.n_samples = n
        self.epoch += 1

    def _new_iterator(self) -> Iterator[Any]:
        batches = self.stream()
        if not np.iterable(batches):
            raise ArgumentTypeError(
                "Network.fit: the function given as X must return an iterator of batches (X, Y); "
                f"got {short(batches)}."
            )
        return iter(batches)

    def _checked(self, batch: Any, what: str) -> tuple[Any, Any, Any]:
        if not (isinstance(batch, tuple | list) and len(batch) == 2):
            raise ArgumentTypeError(f"{what} must be a pair (X, Y); got {short(batch)}.")
        network, given = self.run.network, sample_tables(self.run.network, batch[0], batch[1], what)
        try:
            X, Y = scaled_samples(network, *given, what)
        except LossError as error:
            raise LossError(f"{what}: {error}") from None
        if self.class_weights is None:
            return X, Y, None
        weights = weights_of_classes(given[1], self.class_weights, f"{what}: class_weights")
        return X, Y, weights.astype(network.dtype)
