"""A layer, or a network, that grows as long as that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import finite_number, short, whole_number
from neurosim.errors import ArgumentTypeError
from neurosim.learning.search.settings import checked_job, checked_seeds
from neurosim.learning.search.table import SearchTable, mean_loss
from neurosim.learning.search.workers import workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from neurosim.learning.learner import Learner
    from neurosim.network import Network

__all__ = ["grow_layer"]


def grow_layer(
    make: Callable[..., Network],
    X: Any,
    Y: Any,
    *,
    name: str = "width",
    sizes: Iterable[int] = (1, 2, 4, 8, 16, 32, 64),
    improvement: float = 0.01,
    validation: Any = 0.25,
    optimizer: Learner | None = None,
    epochs: int = 100,
    batch_size: int | None = None,
    callbacks: Iterable[Any] = (),
    seeds: Iterable[int] = (0, 1, 2),
    n_jobs: int = 1,
) -> SearchTable:
    """Train networks with one size growing, until the validation loss no longer improves.

    A size is an improvement where the mean validation loss is smaller than the best so far by
    more than the share `improvement` of it. The first that is none ends the search. Each network
    is trained from the start, with the same seeds.

    Parameters
    ----------
    make, X, Y, validation, optimizer, epochs, batch_size, callbacks, seeds, n_jobs
        As for `grid_search`; `make` is called with the size under its name, and ``rng``.
    name : str
        What grows: ``"width"`` widens a layer and ``"depth"`` adds one, where `make` reads it so.
    sizes : sequence of int
        In the order they are tried.
    improvement : float

    Returns
    -------
    SearchTable
        What was tried, the one that did not help included; ``.best[name]`` is the size to take.

    Examples
    --------
    >>> import neurosim as ns
    >>> X, Y = ns.datasets.xor()
    >>> def make(width, rng):
    ...     return ns.Network.layered(
    ...         [2, width, 1],
    ...         hidden=ns.TanhNeuron,
    ...         output=ns.SigmoidNeuron,
    ...         loss=ns.BinaryCrossEntropy(),
    ...         rng=rng,
    ...     )
    >>> sizes = [2, 4, 8, 16, 32]
    >>> table = ns.grow_layer(
    ...     make, X, Y, sizes=sizes, improvement=0.5, validation=(X, Y), optimizer=ns.Adam(0.1)
    ... )
    >>> [row["width"] for row in table], table.best  # 16 was tried, and hardly better
    ([16, 8, 4, 2], {'width': 8})
    """
    what = "grow_layer"
    job = checked_job(make, X, Y, validation, optimizer, epochs, batch_size, callbacks, what)
    if not isinstance(name, str):
        raise ArgumentTypeError(f"{what}: name must be a text; got {short(name)}.")
    steps = _checked_sizes(sizes, what)
    share = finite_number(improvement, f"{what}: improvement", at_least=0)
    numbers = checked_seeds(seeds, what)
    groups: list[Any] = []
    chosen: Any = None
    with workers(job, n_jobs, what) as run:
        for size in steps:
            groups.append(run([({name: size}, seed) for seed in numbers]))
            if chosen and not mean_loss(groups[-1]) < (1.0 - share) * mean_loss(chosen):
                break
            chosen = groups[-1]
    return SearchTable(groups, chosen)


def _checked_sizes(sizes: Any, what: str) -> list[int]:
    given = list(sizes) if np.iterable(sizes) else []
    if not given:
        raise ArgumentTypeError(f"{what}: sizes must be a list of numbers; got {short(sizes)}.")
    return [whole_number(size, f"{what}: a size", at_least=0) for size in given]
