"""Batch after batch, compiled: gradient, penalties, clipping, update; epoch after epoch."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from neurosim.engines.compiled.kernel import part, tables_of
from neurosim.engines.compiled.sums import finite
from neurosim.engines.compiled.team import (
    all_done,
    awaited,
    claim,
    done,
    opened,
    over,
    share,
)

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
        Of each: the addresses of its formula and derivative, and its part of `entries`.
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
    """What a run leaves: loss and penalty of every epoch.

    In ``sums`` are those of the samples of the epoch at hand, added up, and the last batch's loss.
    """

    sums: Any
    losses: Any
    penalties: Any


def batches(plan: Schedule) -> int:
    """Return how many batches an epoch has."""
    return (plan.orders.shape[1] + plan.size - 1) // plan.size  # type: ignore[no-any-return]


def bounds(plan: Schedule, b: int) -> tuple[int, int]:
    """Return where a batch lies in the order of its epoch."""
    low = b % batches(plan) * plan.size
    return low, min(low + plan.size, plan.orders.shape[1])


def visited(plan: Schedule, b: int) -> int:
    """Return how many samples come before a batch, counted from the first epoch's first."""
    low, _ = bounds(plan, b)
    return b // batches(plan) * plan.orders.shape[1] + low  # type: ignore[no-any-return]


def keep(rule: Any, net: Any) -> None:
    """Note the numbers with which an epoch begins."""
    for i in range(len(net.parameters)):
        rule.before[i] = net.parameters[i]
    for i in range(net.averages.shape[1]):
        rule.averages_before[0, i] = net.averages[0, i]
        rule.averages_before[1, i] = net.averages[1, i]


def penalty_of(rule: Learning, w: Any) -> float:
    """Return the sum of all penalties."""
    value = 0.0
    for i in range(len(rule.penalties)):
        n = penalize(rule, i, 0, w)
        for k in range(n):
            value += rule.seen[k]
    return value


def penalize(rule: Learning, i: int, which: int, w: Any) -> int:
    """Fill `seen` with a penalty (0) or derivative (1) of every weight; return how many."""
    begin, end = rule.penalties[i, 2], rule.penalties[i, 3]
    n = end - begin
    for k in range(n):
        rule.seen[k] = w[rule.entries[begin + k]]
    there = address(rule.seen, 0)
    call(rule.penalties[i, which], there, there, there, address(rule.strengths, i), 1, n, n)
    return n  # type: ignore[no-any-return]


def clip(rule: Learning, n: int) -> None:
    """Cut the gradient that the optimizer will see."""
    if rule.by_value > 0:
        for i in range(n):
            g = rule.seen[i]
            g = min(g, rule.by_value)
            rule.seen[i] = max(g, -rule.by_value)
    if rule.by_norm > 0:
        largest = 0.0
        for i in range(n):
            size = abs(rule.seen[i])
            # A NaN stays; there is nothing to be shortened then.
            largest = size if (size > largest) | (size != size) else largest
        if not (0.0 < largest < np.inf):
            return
        squares = 0.0
        for i in range(n):
            squares += (rule.seen[i] / largest) ** 2
        length = largest * np.sqrt(squares)
        if length > rule.by_norm:
            for i in range(n):
                rule.seen[i] *= rule.by_norm / length


def advance(rule: Learning, w: Any, gradient: Any, rate: float, step: int) -> None:
    """Add the penalties' part to the gradient, and update the parameters once."""
    n = len(w)
    for i in range(len(rule.penalties)):
        begin = rule.penalties[i, 2]
        for k in range(penalize(rule, i, 1, w)):
            gradient[rule.entries[begin + k]] += rule.seen[k]
    seen = gradient
    if rule.frozen or rule.by_value > 0 or rule.by_norm > 0:
        free = rule.states[len(rule.states) - 1]
        for i in range(n):
            rule.seen[i] = gradient[i] if free[i] > 0 else ZERO
        clip(rule, n)
        seen = rule.seen
    rule.constants[0], rule.constants[1] = rate, step
    states, constants = address(rule.states, 0), address(rule.constants, 0)
    call(rule.update, address(w, 0), address(seen, 0), states, constants, len(rule.states), n, n)


def begin(rule: Any, net: Any, out: Any, low: int, n: int) -> None:
    """Before a batch: note the numbers with which an epoch begins, and add up its penalty."""
    if low == 0:
        keep(rule, net)
        out.sums[0] = out.sums[1] = 0.0
    out.sums[1] += penalty_of(rule, net.parameters) * n


def work(
    p: Any, t: Any, net: Any, data: Any, plan: Any, team: Any, k: int, b: int, fetched: bool
) -> None:
    """Compute the k-th share of a batch: its gradient and its loss."""
    low, high = bounds(plan, b)
    first, last = share(high - low, len(team.losses), k), share(high - low, len(team.losses), k + 1)
    gradient = net.gradient if k == 0 else team.gradients[k - 1]
    for i in range(len(gradient)):
        gradient[i] = ZERO
    rows = plan.orders[b // batches(plan) % len(plan.orders), low + first : low + last]
    drawn = visited(plan, b) - visited(plan, plan.batch)
    masks = plan.masks[drawn + first : drawn + last].T
    own = tables_of(t, k)
    fits = fetched and last - first <= own.weights.shape[1]
    team.losses[k] = part(p, own, net, gradient, data, masks, rows, high - low, fits)


def end(rule: Any, net: Any, plan: Any, team: Any, out: Any, b: int) -> int:
    """After a batch: add up the shares in order, update the parameters, tell how it ended."""
    low, high = bounds(plan, b)
    n, n_samples = high - low, plan.orders.shape[1]
    value = team.losses[0]
    for k in range(1, len(team.losses)):
        value += team.losses[k]
        for i in range(len(net.gradient)):
            net.gradient[i] += team.gradients[k - 1, i]
    loss, epoch = value / n, b // batches(plan)
    out.sums[0] += loss * n
    out.sums[2] = loss
    if rule.update:
        rate, step = plan.rates[b - plan.batch], plan.step + b - plan.batch + 1
        advance(rule, net.parameters, net.gradient, rate, step)
    if high < n_samples and np.isfinite(loss):
        return 0
    out.losses[epoch] = out.sums[0] / n_samples
    out.penalties[epoch] = out.sums[1] / n_samples
    if not np.isfinite(loss):
        out.losses[epoch] = loss
        return 1
    well = np.isfinite(out.losses[epoch]) and finite(net.parameters)
    return 0 if well or not rule.update else 2


def run(
    p: Any, t: Any, rule: Any, net: Any, data: Any, plan: Any, out: Any, team: Any
) -> tuple[int, int]:
    """Learn from some batches, see `visit`."""
    return visit(
        borrowed(p),
        borrowed(t),
        borrowed(rule),
        borrowed(net),
        borrowed(data),
        borrowed(plan),
        borrowed(out),
        borrowed(team),
    )


def visit(
    p: Any, t: Any, rule: Any, net: Any, data: Any, plan: Any, out: Any, team: Any
) -> tuple[int, int]:
    """Learn from the batches ``plan.batch`` .. ``plan.last``, counted from the first epoch's first.

    The thread with ``team.who == 0`` leads: it opens every batch and ends it. All threads compute
    the shares that nobody has claimed yet, the leader too, so that it never waits for a thread
    that the system lets wait.

    Returns
    -------
    tuple
        How many batches were learned from, and how it ended: 0 well, 1 with a batch's loss that is
        not finite, 2 with an epoch's loss or parameters that are not.
    """
    leads, b, how = team.who == 0, plan.batch, 0
    whole = batches(plan) == 1 and len(plan.orders) == 1
    while b < plan.last and how == 0:
        if leads:
            low, high = bounds(plan, b)
            begin(rule, net, out, low, high - low)
            opened(team, b)
        else:
            b = awaited(team, b, plan.last)
        k = claim(team, b) if b < plan.last else -1
        while k >= 0:
            work(p, t, net, data, plan, team, k, b, whole and b > plan.batch)
            done(team, k, b)
            k = claim(team, b)
        if leads:
            all_done(team, b)
            how = end(rule, net, plan, team, out, b)
        b += 1
    if leads:
        over(team)
    return b - plan.batch, how
