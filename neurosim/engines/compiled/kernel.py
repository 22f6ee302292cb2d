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

__all__ = ["Tables", "part"]

ZERO: Any = 0.0
address: Any = None
call: Any = None
row_products: Any = None
weighed_rows: Any = None


class Tables(NamedTuple):
    """The numbers of the samples at hand.

    Without dropout `unmasked` is A itself. `own` holds what one formula returns at a time, `used`
    the number of columns that were last in use.
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


def gather(P: Any, t: Tables, data: Any, rows: Any, begin: int, n: int) -> None:
    """Fetch the samples rows[begin .. begin + n]."""
    for i in range(P.n_inputs):
        for s in range(n):
            t.unmasked[i, s] = data.X[rows[begin + s], i]
    for j in range(t.Y.shape[0]):
        for s in range(n):
            t.Y[j, s] = data.Y[rows[begin + s], j]
    if len(data.weights):
        for s in range(n):
            t.weights[0, s] = data.weights[rows[begin + s]]


def drop(P: Any, t: Tables, masks: Any, first: int, last: int, begin: int, n: int) -> None:
    """Dropout: a = f(z) m."""
    for r in range(first, last):
        m = P.mask_rows[r]
        if m >= 0 and len(masks):
            for s in range(n):
                t.A[r, s] = t.unmasked[r, s] * masks[m, begin + s]
        else:
            for s in range(n):
                t.A[r, s] = t.unmasked[r, s]


def normalize(P: Any, t: Tables, b: int, row: int, w: Any, averages: Any, n: int) -> None:
    """u = gamma (z - mean) / sqrt(variance + epsilon) + beta; the averages move on."""
    k = P.blocks[b, NORMALIZED] + row - P.blocks[b, FIRST]
    mean = total(t.Z, row, n) / n
    for s in range(n):
        t.zhat[k, s] = t.Z[row, s] - mean
    variance = product(t.zhat, k, t.zhat, k, n) / n
    spread = np.sqrt(variance + P.epsilon[b])
    gamma, beta = w[P.gammas[row]], w[P.biases[row]]
    for s in range(n):
        t.zhat[k, s] /= spread
        t.Z[row, s] = gamma * t.zhat[k, s] + beta
    t.spread[k] = spread
    i, kept = P.numbers[row], P.momentum[b]
    averages[0, i] = kept * averages[0, i] + (1 - kept) * mean
    averages[1, i] = kept * averages[1, i] + (1 - kept) * variance


def denormalize(P: Any, t: Tables, b: int, row: int, w: Any, gradient: Any, n: int) -> None:
    """Turn dJ/du into dJ/dz; fill the gradients of beta and gamma."""
    k = P.blocks[b, NORMALIZED] + row - P.blocks[b, FIRST]
    by_beta, by_gamma = total(t.D, row, n), product(t.D, row, t.zhat, k, n)
    slope = w[P.gammas[row]] / t.spread[k]
    for s in range(n):
        t.D[row, s] = slope * (t.D[row, s] - by_beta / n - t.zhat[k, s] * (by_gamma / n))
    gradient[P.biases[row]] += by_beta
    gradient[P.gammas[row]] += by_gamma


def forward(P: Any, t: Tables, w: Any, averages: Any, masks: Any, begin: int, n: int) -> None:
    """z_j = sum of w_ij a_i + b_j and a_j = f(z_j), block by block."""
    if P.drops:
        drop(P, t, masks, 0, P.n_inputs, begin, n)
    stride = t.Z.shape[1]
    for b in range(len(P.blocks)):
        first, last = P.blocks[b, FIRST], P.blocks[b, LAST]
        normalized = P.blocks[b, NORMALIZED] >= 0
        for row in range(first, last):
            start = ZERO if normalized else w[P.biases[row]]
            low, high = P.starts[row], P.starts[row + 1]
            weighed_rows(t.Z, row, start, t.A, P.sources, P.slots, w, low, high, n)
            if normalized:
                normalize(P, t, b, row, w, averages, n)
        constants = address(P.constants, P.blocks[b, CONSTANTS])
        z, a = address(t.Z, first), address(t.unmasked, first)
        call(P.blocks[b, ACTIVATE], z, z, a, constants, last - first, n, stride)
        if P.drops:
            drop(P, t, masks, first, last, begin, n)


def spread_targets(P: Any, t: Tables, b: int, n: int) -> None:
    """Fill `own` with a target for every neuron of a block: 0 for those that are no outputs."""
    k = P.blocks[b, LAST] - P.blocks[b, FIRST]
    for r in range(k):
        for s in range(n):
            t.own[r, s] = ZERO
    for j in range(P.blocks[b, OUTPUTS], P.blocks[b, OUTPUTS_END]):
        row, column = P.output_rows[j] - P.blocks[b, FIRST], P.output_columns[j]
        for s in range(n):
            t.own[row, s] = t.Y[column, s]


def loss_rows(P: Any, t: Tables, b: int, which: int, n: int) -> int:
    """Fill `own` with the loss (LOSS) or its derivative (BY_LOSS) of a block's outputs; return how many.

    One row per output, or, where a coupled block's loss is computed from z, one per neuron.
    """
    first, last, stride = P.blocks[b, FIRST], P.blocks[b, LAST], t.Z.shape[1]
    constants = address(P.constants, P.loss_constants)
    from_z = P.blocks[b, FROM_Z] != 0
    if from_z and P.blocks[b, COUPLED]:
        spread_targets(P, t, b, n)
        x = address(t.Z, first) if which == LOSS else address(t.unmasked, first)
        own = address(t.own, 0)
        call(P.blocks[b, which], x, own, own, constants, last - first, n, stride)
        return last - first  # type: ignore[no-any-return]
    begin, end = P.blocks[b, OUTPUTS], P.blocks[b, OUTPUTS_END]
    for j in range(begin, end):
        row = P.output_rows[j]
        x = address(t.Z, row) if from_z and which == LOSS else address(t.A, row)
        y, own = address(t.Y, P.output_columns[j]), address(t.own, j - begin)
        call(P.blocks[b, which], x, y, own, constants, 1, n, stride)
    return end - begin  # type: ignore[no-any-return]


def loss_of(P: Any, t: Tables, weighed: bool, n: int) -> float:
    """Return the loss, added up over the samples."""
    value = 0.0
    for b in range(len(P.blocks)):
        if P.blocks[b, OUTPUTS] == P.blocks[b, OUTPUTS_END]:
            continue
        for k in range(loss_rows(P, t, b, LOSS, n)):
            value += product(t.own, k, t.weights, 0, n) if weighed else total(t.own, k, n)
    return value


def add_loss(P: Any, t: Tables, b: int, weighed: bool, n_all: int, n: int) -> None:
    """Add the loss's own part to a block's dJ/da, or to its delta where that is from z."""
    first, coupled = P.blocks[b, FIRST], P.blocks[b, FROM_Z] and P.blocks[b, COUPLED]
    for k in range(loss_rows(P, t, b, BY_LOSS, n)):
        row = first + k if coupled else P.output_rows[P.blocks[b, OUTPUTS] + k]
        for s in range(n):
            part = t.own[k, s] * t.weights[0, s] if weighed else t.own[k, s]
            t.D[row, s] += part / n_all


def backward(
    P: Any,
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
    for b in range(len(P.blocks) - 1, -1, -1):
        if not P.blocks[b, REACHED]:
            continue
        first, last = P.blocks[b, FIRST], P.blocks[b, LAST]
        has_outputs, from_z = P.blocks[b, OUTPUTS] < P.blocks[b, OUTPUTS_END], P.blocks[b, FROM_Z] != 0
        for row in range(first, last):
            low, high = P.reader_starts[row], P.reader_starts[row + 1]
            weighed_rows(t.D, row, ZERO, t.D, P.readers, P.reader_slots, w, low, high, n)
        if has_outputs and not from_z:
            add_loss(P, t, b, weighed, n_all, n)
        if P.blocks[b, READ] or not from_z:
            if P.drops and len(masks):
                mask_back(P, t, masks, first, last, begin, n)
            constants = address(P.constants, P.blocks[b, CONSTANTS])
            z, a, d = address(t.Z, first), address(t.unmasked, first), address(t.D, first)
            call(P.blocks[b, DERIVE], z, a, d, constants, last - first, n, stride)
        if has_outputs and from_z:
            add_loss(P, t, b, weighed, n_all, n)
        for row in range(first, last):
            if P.blocks[b, NORMALIZED] >= 0:
                denormalize(P, t, b, row, w, gradient, n)
            else:
                gradient[P.biases[row]] += total(t.D, row, n)
            low, high = P.starts[row], P.starts[row + 1]
            row_products(gradient, t.D, row, t.A, P.sources, P.slots, low, high, n)


def mask_back(P: Any, t: Tables, masks: Any, first: int, last: int, begin: int, n: int) -> None:
    """dJ/df(z) = dJ/da m."""
    for r in range(first, last):
        m = P.mask_rows[r]
        if m >= 0:
            for s in range(n):
                t.D[r, s] *= masks[m, begin + s]


def clear(t: Tables, n: int) -> None:
    """Let what lies behind n columns be zeros: there the rows of fuller batches were longer."""
    for r in range(t.A.shape[0]):
        for s in range(n, t.A.shape[1]):
            t.A[r, s] = t.unmasked[r, s] = t.D[r, s] = ZERO
    t.used[0] = n


def part(P: Any, t: Tables, net: Any, data: Any, masks: Any, rows: Any, fetched: bool) -> float:
    """Add the gradient of a batch, the samples `rows`; return their loss, added up.

    `fetched` says that the tables hold just these samples already.
    """
    value, size = 0.0, t.weights.shape[1]
    weighed = len(data.weights) > 0
    for begin in range(0, len(rows), size):
        n = min(size, len(rows) - begin)
        if n != t.used[0]:
            clear(t, n)
        if not fetched:
            gather(P, t, data, rows, begin, n)
        forward(P, t, net.parameters, net.averages, masks, begin, n)
        value += loss_of(P, t, weighed, n)
        backward(P, t, net.parameters, net.gradient, masks, weighed, begin, n, len(rows))
    return value
