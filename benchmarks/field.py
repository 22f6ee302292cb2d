"""Who takes part: neurosim's engines, and every peer that is installed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import neurosim as ns
from benchmarks.timing import Contestant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.work import Graph, Layered

__all__ = ["Field"]


class Field:
    """The contestants of one row, and who is missing.

    Attributes
    ----------
    contestants : list of Contestant
    missing : list of str
        Peers that are not installed.
    """

    def __init__(self) -> None:
        self.contestants: list[Contestant] = []
        self.missing: list[str] = []

    def add(self, name: str, run: Callable[[int], object], chunk: int = 1) -> None:
        """Take somebody in."""
        self.contestants.append(Contestant(name, run, chunk))

    def engine(self, name: str, work: Layered | Graph, engine: str, **options: Any) -> None:
        """Take one of neurosim's engines in, if it is installed."""
        optimizer = getattr(work, "optimizer", None) or ns.SGD(work.rate)
        net, X, Y = work.network(), work.X, work.Y
        batch = getattr(work, "batch", len(X))
        per_epoch = len(X) // batch

        def run(steps: int) -> None:
            net.fit(
                X,
                Y,
                optimizer=optimizer,
                epochs=steps // per_epoch,
                batch_size=None if batch == len(X) else batch,
                shuffle=False,
                engine=engine,
                **options,
            )

        try:
            run(per_epoch)
        except ns.errors.MissingExtraError:
            self.missing.append(name)
            return
        self.add(name, run, per_epoch)

    def peer(self, name: str, module: str, make: Callable[[Any], Iterator[Any]]) -> None:
        """Take a peer in: ``make(module)`` yields (name, run) or (name, run, chunk)."""
        try:
            peer = import_module(f"benchmarks.peers.{module}")
        except ImportError:
            self.missing.append(name)
            return
        for given in make(peer):
            self.add(*given)
