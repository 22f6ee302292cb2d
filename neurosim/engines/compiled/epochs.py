"""Batch after batch, compiled: gradient, penalties, clipping, update; epoch after epoch."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from neurosim.engines.compiled.kernel import part
from neurosim.engines.compiled.sums import finite

__all__ = ["Learning", "Outcome", "Samples", "Schedule", "Vectors", "advance", "run"]

ZERO: Any = 0.0
address: Any = None
borrowed: Any = None
call: Any = None


class Learning(NamedTuple):
    """How a gradient becomes a step, and where an epoch's first numbers are kept.

    Attributes
    ----------
    update : int
        The address of the optimizer's formula; 0 leaves the parameters alone.
    states : (k + 1, n_parameters) array
        What the optimizer remembers, and in the last row 1 where a parameter is free.
    constants : array of float64
        The rate, the update's number, and the optimizer's own constants.
    frozen : bool
        Whether any parameter is.
    seen : (n_parameters,) array
        The gradient as the optimizer gets it.
    by_value, by_norm : float
        Limits of clipping, or 0.
    penalties : (n, 4) array
        Of each: the addresses of its formula and derivative, and its weights' entries, begin .. end.
    strengths : (n,) array
    entries : array
    before, averages_before : arrays
        What the parameters and running averages were when the epoch began.
    """

    update: int
    states: Any
    constants: Any
    frozen: bool
    seen: Any
    by_value: float
    by_norm: float
    penalties: Any
    strengths: Any
    entries: Any
    before: Any
    averages_before: Any


class Vectors(NamedTuple):
    """The network's numbers, which a run reads and writes."""

    parameters: Any
    gradient: Any
    averages: Any


class Samples(NamedTuple):
    """What is learned from; ``weights`` may be empty."""

    X: Any
    Y: Any
    weights: Any


class Schedule(NamedTuple):
    """Which batches come, in which order, at which rate.

    Attributes
    ----------
    orders : (1 or n_epochs, n_samples) array
        The samples in the order in which they are visited.
    masks : (n, k) array
        Of dropout, for the samples of all these batches in turn; or empty.
    rates : (last - batch,) array
    size : int
        Samples in a batch.
    step : int
        Updates made before.
    batch, last : int
        Counted from the beginning of the first epoch.
    """

    orders: Any
    masks: Any
    rates: Any
    size: int
    step: int
    batch: int
    last: int


class Outcome(NamedTuple):
    """What a run leaves: loss and penalty of every epoch, and in ``sums`` those of the samples of
    the epoch at hand, added up, and the last batch's loss.
    """

    sums: Any
    losses: Any
    penalties: Any


def keep(L: Any, net: Any) -> None:
    """Note the numbers with which an epoch begins."""
    for i in range(len(net.parameters)):
        L.before[i] = net.parameters[i]
    for i in range(net.averages.shape[1]):
        L.averages_before[0, i] = net.averages[0, i]
        L.averages_before[1, i] = net.averages[1, i]


def penalty_of(L: Learning, w: Any) -> float:
    """Return the sum of all penalties."""
    value = 0.0
    for i in range(len(L.penalties)):
        n = penalize(L, i, 0, w)
        for k in range(n):
            value += L.seen[k]
    return value


def penalize(L: Learning, i: int, which: int, w: Any) -> int:
    """Fill `seen` with one penalty (0) or derivative (1) of every weight it is for; return how many."""
    begin, end = L.penalties[i, 2], L.penalties[i, 3]
    n = end - begin
    for k in range(n):
        L.seen[k] = w[L.entries[begin + k]]
    there = address(L.seen, 0)
    call(L.penalties[i, which], there, there, there, address(L.strengths, i), 1, n, n)
    return n  # type: ignore[no-any-return]


def clip(L: Learning, n: int) -> None:
    """Cut the gradient that the optimizer will see."""
    if L.by_value > 0:
        for i in range(n):
            g = L.seen[i]
            g = L.by_value if g > L.by_value else g
            L.seen[i] = -L.by_value if g < -L.by_value else g
    if L.by_norm > 0:
        largest = 0.0
        for i in range(n):
            size = abs(L.seen[i])
            # A NaN stays; there is nothing to be shortened then.
            largest = size if (size > largest) | (size != size) else largest
        if not (0.0 < largest < np.inf):
            return
        squares = 0.0
        for i in range(n):
            squares += (L.seen[i] / largest) ** 2
        length = largest * np.sqrt(squares)
        if length > L.by_norm:
            for i in range(n):
                L.seen[i] *= L.by_norm / length


def advance(L: Learning, w: Any, gradient: Any, rate: float, step: int) -> None:
    """Add the penalties' part to the gradient, and update the parameters once."""
    n = len(w)
    for i in range(len(L.penalties)):
        begin = L.penalties[i, 2]
        for k in range(penalize(L, i, 1, w)):
            gradient[L.entries[begin + k]] += L.seen[k]
    seen = gradient
    if L.frozen or L.by_value > 0 or L.by_norm > 0:
        free = L.states[len(L.states) - 1]
        for i in range(n):
            L.seen[i] = gradient[i] if free[i] > 0 else ZERO
        clip(L, n)
        seen = L.seen
    L.constants[0], L.constants[1] = rate, step
    states, constants = address(L.states, 0), address(L.constants, 0)
    call(L.update, address(w, 0), address(seen, 0), states, constants, len(L.states), n, n)


def run(P: Any, t: Any, L: Any, net: Any, data: Any, plan: Any, out: Any) -> tuple[int, int]:
    """Learn from some batches, see `visit`."""
    return visit(
        borrowed(P),
        borrowed(t),
        borrowed(L),
        borrowed(net),
        borrowed(data),
        borrowed(plan),
        borrowed(out),
    )


def visit(P: Any, t: Any, L: Any, net: Any, data: Any, plan: Any, out: Any) -> tuple[int, int]:
    """Learn from the batches ``plan.batch`` .. ``plan.last``, counted from the first epoch's first.

    Returns
    -------
    tuple
        How many batches were learned from, and how it ended: 0 well, 1 with a batch's loss that is
        not finite, 2 with an epoch's loss or parameters that are not.
    """
    w, n_samples, size = net.parameters, plan.orders.shape[1], plan.size
    per_epoch = (n_samples + size - 1) // size
    whole = per_epoch == 1 and len(plan.orders) == 1 and n_samples <= t.weights.shape[1]
    drawn = 0
    for b in range(plan.batch, plan.last):
        epoch, low = b // per_epoch, (b % per_epoch) * size
        if low == 0:
            keep(L, net)
            out.sums[0] = out.sums[1] = 0.0
        high = min(low + size, n_samples)
        n, rows = high - low, plan.orders[epoch % len(plan.orders), low:high]
        out.sums[1] += penalty_of(L, w) * n
        for i in range(len(w)):
            net.gradient[i] = ZERO
        masks = plan.masks[drawn : drawn + n].T
        drawn += n
        loss = part(P, t, net, data, masks, rows, whole and b > plan.batch) / n
        out.sums[0] += loss * n
        out.sums[2] = loss
        if L.update:
            advance(L, w, net.gradient, plan.rates[b - plan.batch], plan.step + b - plan.batch + 1)
        if high == n_samples or not np.isfinite(loss):
            out.losses[epoch] = out.sums[0] / n_samples
            out.penalties[epoch] = out.sums[1] / n_samples
            if not np.isfinite(loss):
                out.losses[epoch] = loss
                return b - plan.batch + 1, 1
            if L.update and not (np.isfinite(out.losses[epoch]) and finite(w)):
                return b - plan.batch + 1, 2
    return plan.last - plan.batch, 0
