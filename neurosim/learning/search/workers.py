"""Trials one after another, or in parallel processes; the results are the same."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from neurosim.checks import short, whole_number
from neurosim.engines.compiled.team import threads
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from neurosim.learning.search.trial import Job, Trial

    Run = Callable[[Sequence[tuple[dict[str, Any], int]]], list[Trial]]

__all__ = ["workers"]


@contextmanager
def workers(job: Job, n_jobs: Any, what: str) -> Iterator[Run]:
    """Give a function that runs trials, each a setting and a seed, and keeps their order.

    Processes are started anew ("spawn"), everywhere, so that nothing depends on what the calling
    program has done before. When it is interrupted, they end with it.
    """
    n = whole_number(n_jobs, f"{what}: n_jobs")
    if n == 1:
        yield lambda trials: [job.run(*trial) for trial in trials]
        return
    for name in ("make", "optimizer", "callbacks"):
        _require_sendable(getattr(job, name), name, what)
    others = multiprocessing.active_children()
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(n, mp_context=context, initializer=_begin, initargs=(job, n))

    def run(trials: Sequence[tuple[dict[str, Any], int]]) -> list[Trial]:
        for setting, _ in trials:
            for name, value in setting.items():
                _require_sendable(value, name, what)
        return list(pool.map(_run, trials))

    try:
        yield run
    except BrokenProcessPool:
        raise ArgumentError(_broken(n, what)) from None
    except BaseException:
        for process in multiprocessing.active_children():
            if process not in others:
                process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _require_sendable(value: Any, name: str, what: str) -> None:
    try:
        pickle.dumps(value)
    except (pickle.PicklingError, AttributeError, TypeError):
        raise ArgumentError(
            f"{what}: {name} is sent to other processes, and must be made of functions and "
            f"classes that stand at the top of a module; got {short(value)}. Move them there, or "
            "use n_jobs=1."
        ) from None


def _broken(n: int, what: str) -> str:
    return (
        f"{what}: a process ended before its work was done. A program that uses n_jobs={n} must "
        'call it under `if __name__ == "__main__":`, and make must stand in a file, as every '
        "process reads the program's file anew; or memory ran out. n_jobs=1 needs none of this."
    )


# What a process works on, since it was started.
_job: Any = None


def _begin(job: Job, n: int) -> None:
    """Prepare one of n new processes; on Ctrl-C it ends at once in silence, and with its parent."""
    global _job
    _job = job
    # All of them together take no more threads than one would.
    os.environ["NUMBA_NUM_THREADS"] = str(max(1, threads() // n))
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _run(trial: tuple[dict[str, Any], int]) -> Trial:
    result: Trial = _job.run(*trial)
    return result
