"""Threads that compute one batch together: each takes shares of its samples.

How many shares there are depends on the work and on how many threads may be used, never on which
thread comes first: every share has its own tables and its own gradient, and they are added up in
order. So a training is the same bit for bit whenever it is run with as many threads.

The functions below run in machine code, where threads do not hold Python's lock.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "Team",
    "all_done",
    "awaited",
    "claim",
    "done",
    "helped",
    "opened",
    "over",
    "share",
    "shares",
    "team_of",
    "threads",
]

address: Any = None
claimed: Any = None
publish: Any = None
rest: Any = None
watched: Any = None

# A share's bounds lie between registers, see `vectors`.
_ALIGNED = 16
# Looks at a number that another thread will write, before the core is left to others.
_LOOKS = 2000
# Multiply-adds of one pass, in units of 8 bytes, that a share must have, and bytes of a row of its
# tables. Below, what threads cost (they wait for each other twice a batch, and add up their
# gradients) is more than they save: what is done once per edge, each of them does.
_WORTHWHILE, _NARROWEST = 400_000, 256


class Team(NamedTuple):
    """What threads share, and who of them this one is.

    Attributes
    ----------
    who : int
        0 leads.
    signals : (1 + 2 shares, 8) array
        In a cache line each: the batch that is open, and of every share the last batch for which
        it was claimed and done. Batches are counted from 1 here; -1 is the end.
    gradients : (shares - 1, n_parameters) array
        Of the shares; that of the first is the network's own.
    losses : (shares,) array
    rest : int
        The address of the system's function that leaves the core to another thread, or 0.
    """

    who: int
    signals: Any
    gradients: Any
    losses: Any
    rest: int


# -- in machine code ------------------------------------------------------------------------------


def share(n: int, shares: int, k: int) -> int:
    """Return the first of the n samples of a batch that is in the k-th share."""
    return min(n, (n * k // shares + _ALIGNED - 1) // _ALIGNED * _ALIGNED)


def opened(team: Any, b: int) -> None:
    """Let the others begin with a batch."""
    publish(address(team.signals, 0), b + 1)


def over(team: Any) -> None:
    """Let the others go."""
    publish(address(team.signals, 0), -1)


def awaited(team: Any, b: int, last: int) -> int:
    """Return the batch that is open, once it is b or a later one; `last` when all are over."""
    now = wait(team, 0, b + 1)
    return last if now < 0 else now - 1


def wait(team: Any, row: int, wanted: int) -> int:
    """Return a signal as soon as it is as large as wanted, or negative."""
    place, looks = address(team.signals, row), 0
    now = watched(place)
    while 0 <= now < wanted:
        looks += 1
        if looks > _LOOKS and team.rest != 0:
            rest(team.rest)
        now = watched(place)
    return now  # type: ignore[no-any-return]


def claim(team: Any, b: int) -> int:
    """Return a share of a batch that is now this thread's to compute, or -1."""
    n = len(team.losses)
    for i in range(n):
        k = (team.who + i) % n
        if claimed(address(team.signals, 1 + 2 * k), b, b + 1):
            return k  # type: ignore[no-any-return]
    return -1


def done(team: Any, k: int, b: int) -> None:
    """Tell that a share is computed."""
    publish(address(team.signals, 2 + 2 * k), b + 1)


def all_done(team: Any, b: int) -> None:
    """Wait until all shares of a batch are computed."""
    for k in range(len(team.losses)):
        wait(team, 2 + 2 * k, b + 1)


# -- in Python ------------------------------------------------------------------------------------


def threads() -> int:
    """Return how many threads may be used: the cores of this process, or NUMBA_NUM_THREADS.

    Process pools, such as joblib's and `neurosim.search`'s, set that variable for their workers.
    """
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # Not on every system.
        cores = os.cpu_count() or 1
    named = os.environ.get("NUMBA_NUM_THREADS", "")
    return max(1, min(cores, int(named))) if named.isdigit() else cores


def shares(n_edges: int, n: int, itemsize: int) -> int:
    """Return into how many shares a batch of n samples is cut."""
    worthwhile = n_edges * n * itemsize // (8 * _WORTHWHILE)
    return max(1, min(threads(), worthwhile, n * itemsize // _NARROWEST))


def team_of(batch: int, gradients: Any) -> Team:
    """Return a new team, before the first batch."""
    n = len(gradients) + 1
    signals = np.full((1 + 2 * n, 8), batch, dtype=np.int64)
    return Team(0, signals, gradients, np.zeros(n), _resting())


@contextmanager
def helped(team: Team, run: Callable[[Team], Any], helpers: int) -> Iterator[None]:
    """Have other threads help while the leader runs; they are gone afterwards."""
    others = [
        threading.Thread(target=run, args=(team._replace(who=who),), daemon=True)
        for who in range(1, helpers + 1)
    ]
    try:
        for thread in others:
            thread.start()
        yield
    finally:
        team.signals[0, 0] = -1
        for thread in others:
            if thread.ident is not None:
                thread.join()


@cache
def _resting() -> int:
    """Return the address of what leaves the core to another thread."""
    try:
        windows = sys.platform == "win32"
        system = ctypes.CDLL("kernel32" if windows else None)
        function = system.SwitchToThread if windows else system.sched_yield
        return ctypes.cast(function, ctypes.c_void_p).value or 0
    except (OSError, AttributeError):
        return 0
