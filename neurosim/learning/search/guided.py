"""Settings proposed one after another by Optuna, each in the light of those tried before."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from neurosim.checks import short, whole_number
from neurosim.errors import ArgumentTypeError, MissingExtraError
from neurosim.learning.search.settings import checked_job, checked_names, checked_seeds
from neurosim.learning.search.table import SearchTable, mean_loss
from neurosim.learning.search.workers import workers
from neurosim.randomness import generator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from neurosim.learning.learner import Learner
    from neurosim.network import Network

__all__ = ["optuna_search"]


def optuna_search(
    make: Callable[..., Network],
    space: Mapping[str, Callable[[Any], Any]],
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
    """Train a network for settings that Optuna proposes; else as `random_search`.

    Parameters
    ----------
    make, X, Y, validation, optimizer, epochs, batch_size, callbacks, seeds, n_jobs
        As for `grid_search`; the seeds of one setting share the processes.
    space : dict of functions
        By name a function of Optuna's trial, such as
        ``lambda trial: trial.suggest_float("rate", 1e-4, 1.0, log=True)``.
    n : int
        How many settings.
    rng : int, numpy.random.Generator or None
        Seeds Optuna's sampler, a tree-structured Parzen estimator.

    Returns
    -------
    SearchTable

    Raises
    ------
    MissingExtraError
        Optuna is not installed.

    Source: Akiba et al., "Optuna: A Next-generation Hyperparameter Optimization Framework", 2019.
    """
    what = "optuna_search"
    job = checked_job(make, X, Y, validation, optimizer, epochs, batch_size, callbacks, what)
    names = checked_names(space, f"{what}: space")
    for name in names:
        if not callable(space[name]):
            raise ArgumentTypeError(
                f"{what}: space[{name!r}] must be a function of Optuna's trial, such as lambda "
                f"trial: trial.suggest_float({name!r}, 0.001, 1.0); got {short(space[name])}."
            )
    count, numbers = whole_number(n, f"{what}: n"), checked_seeds(seeds, what)
    seed = int(generator(rng, what).integers(2**31))
    groups = []
    with _quiet_optuna() as optuna, workers(job, n_jobs, what) as run:
        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
        for _ in range(count):
            proposal = study.ask()
            setting = {name: space[name](proposal) for name in names}
            groups.append(run([(setting, number) for number in numbers]))
            loss = mean_loss(groups[-1])
            failed = optuna.trial.TrialState.FAIL
            study.tell(proposal, *((loss,) if math.isfinite(loss) else (None, failed)))
    return SearchTable(groups)


@contextmanager
def _quiet_optuna() -> Iterator[Any]:
    """Give Optuna, without its reports on standard error, and leave its settings as they were."""
    try:
        import optuna
    except ImportError:
        raise MissingExtraError(
            'optuna_search needs Optuna; install it with `pip install "neurosim[optuna]"`, or '
            "use ns.random_search."
        ) from None
    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        yield optuna
    finally:
        optuna.logging.set_verbosity(level)
