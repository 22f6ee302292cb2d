"""The traversal, compiled: `neurosim.engines.traversal` on arrays, some samples at a time.

All of these are plain functions, read best beside the traversal; `Compiler` makes machine code of
them. Tables have a row per neuron and a column per sample.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from neurosim.engines.compiled.program import (
    ACTIVATE,
    BY_LOSS,
    CONSTANTS,
    COUPLED,
    DERIVE,
    FIRST,
    FROM_Z,
    LAST,
    LOSS,
    NORMALIZED,
    OUTPUTS,
    OUTPUTS_END,
    REACHED,
    READ,
)
from neurosim.engines.compiled.sums import product, total

__all__ = ["Tables", "part", "tables_of"]

ZERO: Any = 0.0
address: Any = None
call: Any = None
row_products: Any = None
weighed_rows: Any = None


class Tables(NamedTuple):
    """The numbers of the samples at hand.

    Without dropout `unmasked` is A itself. `own` holds what one formula returns at a time, `used`
    the number of columns that were last in use. Made outside, every one has a first axis more: a
    batch is computed in shares, and each has its own.
    """

    Z: Any
    A: Any
    unmasked: Any
    D: Any
    Y: Any
    own: Any
    weights: Any
    zhat: Any
    spread: Any
    used: Any


def tables_of(t: Tables, k: int) -> Tables:
    """Return the tables of one share."""
    return Tables(
        t.Z[k],
        t.A[k],
        t.unmasked[k],
        t.D[k],
        t.Y[k],
        t.own[k],
        t.weights[k],
        t.zhat[k],
        t.spread[k],
        t.used[k],
    )


def gather(p: Any, t: Tables, data: Any, rows: Any, begin: int, n: int) -> None:
    """Fetch the samples rows[begin .. begin + n]."""
    for i in range(p.n_inputs):
        for s in range(n):
            t.unmasked[i, s] = data.X[rows[begin + s], i]
    for j in range(t.Y.shape[0]):
        for s in range(n):
            t.Y[j, s] = data.Y[rows[begin + s], j]
    if len(data.weights):
        for s in range(n):
            t.weights[0, s] = data.weights[rows[begin + s]]


def drop(p: Any, t: Tables, masks: Any, first: int, last: int, begin: int, n: int) -> None:
    """Dropout: a = f(z) m."""
    for r in range(first, last):
        m = p.mask_rows[r]
        if m >= 0 and len(masks):
            for s in range(n):
                t.A[r, s] = t.unmasked[r, s] * masks[m, begin + s]
        else:
            for s in range(n):
                t.A[r, s] = t.unmasked[r, s]


def normalize(p: Any, t: Tables, b: int, row: int, w: Any, averages: Any, n: int) -> None:
    """u = gamma (z - mean) / sqrt(variance + epsilon) + beta; the averages move on."""
    k = p.blocks[b, NORMALIZED] + row - p.blocks[b, FIRST]
    mean = total(t.Z, row, n) / n
    for s in range(n):
        t.zhat[k, s] = t.Z[row, s] - mean
    variance = product(t.zhat, k, t.zhat, k, n) / n
    spread = np.sqrt(variance + p.epsilon[b])
    gamma, beta = w[p.gammas[row]], w[p.biases[row]]
    for s in range(n):
        t.zhat[k, s] /= spread
        t.Z[row, s] = gamma * t.zhat[k, s] + beta
    t.spread[k] = spread
    i, kept = p.numbers[row], p.momentum[b]
    averages[0, i] = kept * averages[0, i] + (1 - kept) * mean
    averages[1, i] = kept * averages[1, i] + (1 - kept) * variance


def denormalize(p: Any, t: Tables, b: int, row: int, w: Any, gradient: Any, n: int) -> None:
    """Turn dJ/du into dJ/dz; fill the gradients of beta and gamma."""
    k = p.blocks[b, NORMALIZED] + row - p.blocks[b, FIRST]
    by_beta, by_gamma = total(t.D, row, n), product(t.D, row, t.zhat, k, n)
    slope = w[p.gammas[row]] / t.spread[k]
    for s in range(n):
        t.D[row, s] = slope * (t.D[row, s] - by_beta / n - t.zhat[k, s] * (by_gamma / n))
    gradient[p.biases[row]] += by_beta
    gradient[p.gammas[row]] += by_gamma


def forward(p: Any, t: Tables, w: Any, averages: Any, masks: Any, begin: int, n: int) -> None:
    """z_j = sum of w_ij a_i + b_j and a_j = f(z_j), block by block."""
    if p.drops:
        drop(p, t, masks, 0, p.n_inputs, begin, n)
    stride = t.Z.shape[1]
    for b in range(len(p.blocks)):
        first, last = p.blocks[b, FIRST], p.blocks[b, LAST]
        normalized = p.blocks[b, NORMALIZED] >= 0
        for row in range(first, last):
            start = ZERO if normalized else w[p.biases[row]]
            low, high = p.starts[row], p.starts[row + 1]
            weighed_rows(t.Z, row, start, t.A, p.sources, p.slots, w, low, high, n)
            if normalized:
                normalize(p, t, b, row, w, averages, n)
        constants = address(p.constants, p.blocks[b, CONSTANTS])
        z, a = address(t.Z, first), address(t.unmasked, first)
        call(p.blocks[b, ACTIVATE], z, z, a, constants, last - first, n, stride)
        if p.drops:
            drop(p, t, masks, first, last, begin, n)


def spread_targets(p: Any, t: Tables, b: int, n: int) -> None:
    """Fill `own` with a target for every neuron of a block: 0 for those that are no outputs."""
    k = p.blocks[b, LAST] - p.blocks[b, FIRST]
    for r in range(k):
        for s in range(n):
            t.own[r, s] = ZERO
    for j in range(p.blocks[b, OUTPUTS], p.blocks[b, OUTPUTS_END]):
        row, column = p.output_rows[j] - p.blocks[b, FIRST], p.output_columns[j]
        for s in range(n):
            t.own[row, s] = t.Y[column, s]


def loss_rows(p: Any, t: Tables, b: int, which: int, n: int) -> int:
    """Fill `own` with the LOSS of a block's outputs, or with its derivative; return how many rows.

    One row per output, or, where a coupled block's loss is computed from z, one per neuron.
    """
    first, last, stride = p.blocks[b, FIRST], p.blocks[b, LAST], t.Z.shape[1]
    constants = address(p.constants, p.loss_constants)
    from_z = p.blocks[b, FROM_Z] != 0
    if from_z and p.blocks[b, COUPLED]:
        spread_targets(p, t, b, n)
        x = address(t.Z, first) if which == LOSS else address(t.unmasked, first)
        own = address(t.own, 0)
        call(p.blocks[b, which], x, own, own, constants, last - first, n, stride)
        return last - first  # type: ignore[no-any-return]
    begin, end = p.blocks[b, OUTPUTS], p.blocks[b, OUTPUTS_END]
    for j in range(begin, end):
        row = p.output_rows[j]
        x = address(t.Z, row) if from_z and which == LOSS else address(t.A, row)
        y, own = address(t.Y, p.output_columns[j]), address(t.own, j - begin)
        call(p.blocks[b, which], x, y, own, constants, 1, n, stride)
    return end - begin  # type: ignore[no-any-return]


def loss_of(p: Any, t: Tables, weighed: bool, n: int) -> float:
    """Return the loss, added up over the samples."""
    value = 0.0
    for b in range(len(p.blocks)):
        if p.blocks[b, OUTPUTS] == p.blocks[b, OUTPUTS_END]:
            continue
        for k in range(loss_rows(p, t, b, LOSS, n)):
            value += product(t.own, k, t.weights, 0, n) if weighed else total(t.own, k, n)
    return value


def add_loss(p: Any, t: Tables, b: int, weighed: bool, n_all: int, n: int) -> None:
    """Add the loss's own part to a block's dJ/da, or to its delta where that is from z."""
    first, coupled = p.blocks[b, FIRST], p.blocks[b, FROM_Z] and p.blocks[b, COUPLED]
    for k in range(loss_rows(p, t, b, BY_LOSS, n)):
        row = first + k if coupled else p.output_rows[p.blocks[b, OUTPUTS] + k]
        for s in range(n):
            part = t.own[k, s] * t.weights[0, s] if weighed else t.own[k, s]
            t.D[row, s] += part / n_all


def backward(
    p: Any,
    t: Tables,
    w: Any,
    gradient: Any,
    masks: Any,
    weighed: bool,
    begin: int,
    n: int,
    n_all: int,
) -> None:
    """delta_j = (dJ/da_j + sum of w_jk delta_k) f'(z_j); add every entry's gradient."""
    stride = t.Z.shape[1]
    for b in range(len(p.blocks) - 1, -1, -1):
        if not p.blocks[b, REACHED]:
            continue
        first, last = p.blocks[b, FIRST], p.blocks[b, LAST]
        has_outputs, from_z = (
            p.blocks[b, OUTPUTS] < p.blocks[b, OUTPUTS_END],
            p.blocks[b, FROM_Z] != 0,
        )
        for row in range(first, last):
            low, high = p.reader_starts[row], p.reader_starts[row + 1]
            weighed_rows(t.D, row, ZERO, t.D, p.readers, p.reader_slots, w, low, high, n)
        if has_outputs and not from_z:
            add_loss(p, t, b, weighed, n_all, n)
        if p.blocks[b, READ] or not from_z:
            if p.drops and len(masks):
                mask_back(p, t, masks, first, last, begin, n)
            constants = address(p.constants, p.blocks[b, CONSTANTS])
            z, a, d = address(t.Z, first), address(t.unmasked, first), address(t.D, first)
            call(p.blocks[b, DERIVE], z, a, d, constants, last - first, n, stride)
        if has_outputs and from_z:
            add_loss(p, t, b, weighed, n_all, n)
        for row in range(first, last):
            if p.blocks[b, NORMALIZED] >= 0:
                denormalize(p, t, b, row, w, gradient, n)
            else:
                gradient[p.biases[row]] += total(t.D, row, n)
            low, high = p.starts[row], p.starts[row + 1]
            row_products(gradient, t.D, row, t.A, p.sources, p.slots, low, high, n)


def mask_back(p: Any, t: Tables, masks: Any, first: int, last: int, begin: int, n: int) -> None:
    """dJ/df(z) = dJ/da m."""
    for r in range(first, last):
        m = p.mask_rows[r]
        if m >= 0:
            for s in range(n):
                t.D[r, s] *= masks[m, begin + s]


def clear(t: Tables, n: int) -> None:
    """Let what lies behind n columns be zeros: there the rows of fuller batches were longer."""
    for r in range(t.A.shape[0]):
        for s in range(n, t.A.shape[1]):
            t.A[r, s] = t.unmasked[r, s] = t.D[r, s] = ZERO
    t.used[0] = n


def part(
    p: Any,
    t: Tables,
    net: Any,
    gradient: Any,
    data: Any,
    masks: Any,
    rows: Any,
    n_all: int,
    fetched: bool,
) -> float:
    """Add the gradient of the samples `rows` of a batch of `n_all`; return their loss, added up.

    `fetched` says that the tables hold just these samples already.
    """
    value, size = 0.0, t.weights.shape[1]
    weighed = len(data.weights) > 0
    for begin in range(0, len(rows), size):
        n = min(size, len(rows) - begin)
        if n != t.used[0]:
            clear(t, n)
        if not fetched:
            gather(p, t, data, rows, begin, n)
        forward(p, t, net.parameters, net.averages, masks, begin, n)
        value += loss_of(p, t, weighed, n)
        backward(p, t, net.parameters, gradient, masks, weighed, begin, n, n_all)
    return value
