"""Which settings to try: all of a grid, or some at random."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import finite_array, instance_of, short, whole_number
from neurosim.errors import ArgumentError, ArgumentTypeError
from neurosim.learning.learner import Learner
from neurosim.learning.optimizers import Adam
from neurosim.learning.search.table import SearchTable
from neurosim.learning.search.trial import RESERVED, Job
from neurosim.learning.search.workers import workers
from neurosim.randomness import generator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from neurosim.learning.search.trial import Trial
    from neurosim.network import Network

__all__ = [
    "checked_job",
    "checked_names",
    "checked_seeds",
    "grid_search",
    "in_groups",
    "random_search",
]


def grid_search(
    make: Callable[..., Network],
    grid: Mapping[str, Sequence[Any]],
    X: Any,
    Y: Any,
    *,
    validation: Any = 0.25,
    optimizer: Learner | None = None,
    epochs: int = 100,
    batch_size: int | None = None,
    callbacks: Iterable[Any] = (),
    seeds: Iterable[int] = (0, 1, 2),
    n_jobs: int = 1,
) -> SearchTable:
    """Train a network for every combination of a grid, several times over; compare them.

    Parameters
    ----------
    make : function
        Returns the network of one setting: it is called with the setting's entries by name and
        with ``rng``, a seed, but without those entries that are about the training:
        ``optimizer``, ``learning_rate``, ``epochs`` and ``batch_size``.
    grid : dict of lists
        What to try, by name.
    X, Y : (n, n_inputs) and (n, n_outputs) arrays
    validation : float or (X, Y)
        As for `Network.fit`. One seed splits off the same samples for every setting.
    optimizer : Learner or None
        None is ``ns.Adam(0.01)``; a ``learning_rate`` in the grid takes the place of its own.
    epochs, batch_size, callbacks
        As for `Network.fit`. Every training has copies of the callbacks to itself.
    seeds : sequence of int
        Each setting is tried with each: start weights, split and shuffles come from the seed.
    n_jobs : int
        How many processes share the work. The results are the same for any number. With more
        than one, `make` must stand at the top of a module, and a program must call this under
        ``if __name__ == "__main__":``.

    Returns
    -------
    SearchTable
        A training that diverges is a row with an infinite loss and the reason.

    Examples
    --------
    >>> import neurosim as ns
    >>> X, Y = ns.datasets.survey(rng=1)
    >>> def make(width, rng):
    ...     sizes = [2, width, 1]
    ...     net = ns.Network.layered(sizes, hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=rng)
    ...     net.scale(inputs=ns.Standardizer(), outputs=ns.Standardizer())
    ...     return net
    >>> grid = {"width": [1, 4], "learning_rate": [0.001, 0.1]}
    >>> table = ns.grid_search(make, grid, X, Y, seeds=(0, 1))
    >>> table.best["learning_rate"]
    0.1
    """
    what = "grid_search"
    job = checked_job(make, X, Y, validation, optimizer, epochs, batch_size, callbacks, what)
    names = checked_names(grid, f"{what}: grid")
    columns = [_checked_values(grid[name], f"{what}: grid[{name!r}]") for name in names]
    settings = [dict(zip(names, values, strict=True)) for values in itertools.product(*columns)]
    return _searched(job, settings, seeds, n_jobs, what)


def random_search(
    make: Callable[..., Network],
    space: Mapping[str, Any],
    X: Any,
    Y: Any,
    *,
    n: int = 20,
    rng: Any = None,
    validation: Any = 0.25,
    optimizer: Learner | None = None,
    epochs: int = 100,
    batch_size: int | None = None,
    callbacks: Iterable[Any] = (),
    seeds: Iterable[int] = (0, 1, 2),
    n_jobs: int = 1,
) -> SearchTable:
    """Train a network for settings drawn at random; else as `grid_search`.

    Of many entries few matter; a random choice tries a new value of each in every setting, where
    a grid repeats the same few.

    Parameters
    ----------
    make, X, Y, validation, optimizer, epochs, batch_size, callbacks, seeds, n_jobs
        As for `grid_search`.
    space : dict
        By name a list to choose from, or a function that draws from a `numpy.random.Generator`,
        such as ``lambda rng: 10 ** rng.uniform(-4, 0)``.
    n : int
        How many settings.
    rng : int, numpy.random.Generator or None
        Draws the settings.

    Returns
    -------
    SearchTable

    Source: Bergstra, Bengio, "Random Search for Hyper-Parameter Optimization", 2012.

    Examples
    --------
    >>> import neurosim as ns
    >>> X, Y = ns.datasets.gates("and")
    >>> def make(rng):
    ...     return ns.Network.layered([2, 1], hidden=None, output=ns.SigmoidNeuron, rng=rng)
    >>> space = {"learning_rate": lambda rng: 10 ** rng.uniform(-4, 0)}
    >>> table = ns.random_search(make, space, X, Y, n=5, rng=1, validation=(X, Y), seeds=[0])
    >>> rates = [row["learning_rate"] for row in table]
    >>> rates == sorted(rates, reverse=True)
    True
    """
    what = "random_search"
    job = checked_job(make, X, Y, validation, optimizer, epochs, batch_size, callbacks, what)
    names = checked_names(space, f"{what}: space")
    draws = [_drawing(space[name], f"{what}: space[{name!r}]") for name in names]
    stream, count = generator(rng, what), whole_number(n, f"{what}: n")
    settings = [
        {name: draw(stream) for name, draw in zip(names, draws, strict=True)} for _ in range(count)
    ]
    return _searched(job, settings, seeds, n_jobs, what)


def _searched(
    job: Job, settings: list[dict[str, Any]], seeds: Any, n_jobs: Any, what: str
) -> SearchTable:
    numbers = checked_seeds(seeds, what)
    with workers(job, n_jobs, what) as run:
        trials = run([(setting, seed) for setting in settings for seed in numbers])
    return SearchTable(in_groups(trials, len(numbers)))


def in_groups(trials: Sequence[Trial], size: int) -> list[Sequence[Trial]]:
    """Return trials in lists of so many: those of one setting."""
    return [trials[begin : begin + size] for begin in range(0, len(trials), size)]


def checked_job(
    make: Any,
    X: Any,
    Y: Any,
    validation: Any,
    optimizer: Any,
    epochs: Any,
    batch_size: Any,
    callbacks: Any,
    what: str,
) -> Job:
    """Return what all trials have in common; what only `Network.fit` can check, it will."""
    if not callable(make):
        raise ArgumentTypeError(
            f"{what}: make must be a function that returns a network; got {short(make)}."
        )
    if validation is None:
        raise ArgumentTypeError(
            f"{what}: validation must be a pair (X, Y), or a share of the samples such as 0.25, "
            "as settings are compared by it; got None."
        )
    inputs = finite_array(X, f"{what}: X", dimensions=2)
    targets = finite_array(Y, f"{what}: Y")
    learner = Adam(0.01) if optimizer is None else optimizer
    instance_of(learner, Learner, f"{what}: optimizer", "ns.Adam(0.01)")
    n = whole_number(epochs, f"{what}: epochs")
    several = tuple(callbacks) if np.iterable(callbacks) else (callbacks,)
    return Job(make, inputs, targets, validation, learner, n, batch_size, several)


def checked_seeds(seeds: Any, what: str) -> list[int]:
    """Return seeds as a list of whole numbers."""
    given = list(seeds) if np.iterable(seeds) else []
    if not given:
        raise ArgumentError(f"{what}: seeds must be a list of seeds; got {short(seeds)}.")
    return [whole_number(seed, f"{what}: a seed", at_least=0) for seed in given]


def checked_names(given: Any, what: str) -> list[str]:
    """Return the names of what is varied."""
    if not isinstance(given, dict) or not given:
        raise ArgumentTypeError(
            f'{what} must be a dict, such as {{"learning_rate": [0.01, 0.1]}}; got {short(given)}.'
        )
    for name in given:
        if not isinstance(name, str):
            raise ArgumentTypeError(f"{what}: a name must be a text; got {short(name)}.")
        if name in RESERVED:
            raise ArgumentError(
                f"{what}: {name!r} cannot be varied, as the table needs the name, and settings "
                "are compared by one loss and by the same seeds; take another name."
            )
    return list(given)


def _checked_values(values: Any, what: str) -> list[Any]:
    if isinstance(values, str) or not np.iterable(values) or not len(list(values)):
        raise ArgumentTypeError(f"{what} must be a list of what to try; got {short(values)}.")
    return _plain(values)


def _plain(values: Any) -> list[Any]:
    """Return values as a list; NumPy's numbers as Python's own."""
    return [value.item() if isinstance(value, np.generic) else value for value in values]


def _drawing(values: Any, what: str) -> Callable[[np.random.Generator], Any]:
    if callable(values) and not isinstance(values, type):
        return lambda rng: _plain([values(rng)])[0]
    choices = _checked_values(values, what)
    return lambda rng: choices[int(rng.integers(len(choices)))]
