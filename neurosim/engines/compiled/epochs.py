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


def run(p: Any, t: Any, rule: Any, net: Any, data: Any, plan: Any, out: Any) -> tuple[int, int]:
    """Learn from some batches, see `visit`."""
    return visit(
        borrowed(p),
        borrowed(t),
        borrowed(rule),
        borrowed(net),
        borrowed(data),
        borrowed(plan),
        borrowed(out),
    )


def visit(p: Any, t: Any, rule: Any, net: Any, data: Any, plan: Any, out: Any) -> tuple[int, int]:
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
            keep(rule, net)
            out.sums[0] = out.sums[1] = 0.0
        high = min(low + size, n_samples)
        n, rows = high - low, plan.orders[epoch % len(plan.orders), low:high]
        out.sums[1] += penalty_of(rule, w) * n
        for i in range(len(w)):
            net.gradient[i] = ZERO
        masks = plan.masks[drawn : drawn + n].T
        drawn += n
        loss = part(p, t, net, data, masks, rows, whole and b > plan.batch) / n
        out.sums[0] += loss * n
        out.sums[2] = loss
        if rule.update:
            advance(
                rule, w, net.gradient, plan.rates[b - plan.batch], plan.step + b - plan.batch + 1
            )
        if high == n_samples or not np.isfinite(loss):
            out.losses[epoch] = out.sums[0] / n_samples
            out.penalties[epoch] = out.sums[1] / n_samples
            if not np.isfinite(loss):
                out.losses[epoch] = loss
                return b - plan.batch + 1, 1
            if rule.update and not (np.isfinite(out.losses[epoch]) and finite(w)):
                return b - plan.batch + 1, 2
    return plan.last - plan.batch, 0
