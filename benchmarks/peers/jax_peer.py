"""JAX: one jitted step, and a jitted loop of steps (``lax.scan``)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

if TYPE_CHECKING:
    from benchmarks.work import Graph, Layered

CHUNK = 100
"""Steps that ``lax.scan`` does at once."""

jax.config.update("jax_enable_x64", True)


def _loss(parameters: Any, x: Any, y: Any, softmax: bool) -> Any:
    a = x
    for k, (W, b) in enumerate(parameters):
        z = a @ W + b
        a = z if k == len(parameters) - 1 else jnp.maximum(z, 0)
    if softmax:
        return -jnp.sum(y * jax.nn.log_softmax(a)) / len(x)
    return jnp.sum((a - y) ** 2) / len(x)


def _updated(state: Any, gradients: Any, rate: float, adam: bool) -> Any:
    parameters, m, v, t = state
    each = partial(jax.tree.map)
    if not adam:
        return each(lambda p, g: p - rate * g, parameters, gradients), m, v, t
    t = t + 1
    m = each(lambda m, g: 0.9 * m + 0.1 * g, m, gradients)
    v = each(lambda v, g: 0.999 * v + 0.001 * g * g, v, gradients)
    c1, c2 = 1 - 0.9**t, 1 - 0.999**t
    new = each(
        lambda p, m, v: (p - rate * (m / c1) / (jnp.sqrt(v / c2) + 1e-8)).astype(p.dtype),
        *(parameters, m, v),
    )
    return new, m, v, t


class _Loop:
    def __init__(self, state: Any, step: Any, batches: Any) -> None:
        self.state, self.batches = state, batches
        self.step = jax.jit(step, donate_argnums=0)
        self.scan = jax.jit(
            lambda state, xs: jax.lax.scan(lambda s, b: (step(s, *b), None), state, xs)[0],
            donate_argnums=0,
        )
        picked = np.arange(CHUNK) % len(batches[0])
        self.chunk = tuple(part[picked] for part in batches)
        self.pairs = [tuple(part[k] for part in batches) for k in range(len(batches[0]))]

    def by_steps(self, steps: int) -> None:
        """Call the jitted step, again and again."""
        for step in range(steps):
            self.state = self.step(self.state, *self.pairs[step % len(self.pairs)])
        jax.block_until_ready(self.state)

    def by_scan(self, steps: int) -> None:
        """Call the jitted loop."""
        for _ in range(steps // CHUNK):
            self.state = self.scan(self.state, self.chunk)
        jax.block_until_ready(self.state)


def layered(work: Layered) -> _Loop:
    """Return the loop of a layered network."""
    parameters = [
        (jnp.array(W), jnp.array(b)) for W, b in zip(work.weights, work.biases, strict=True)
    ]
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    t = jnp.zeros((), dtype=work.dtype)
    batches = tuple(
        jnp.array(part.reshape(-1, work.batch, part.shape[1])) for part in (work.X, work.Y)
    )

    def step(state: Any, x: Any, y: Any) -> Any:
        gradients = jax.grad(_loss)(state[0], x, y, work.softmax)
        return _updated(state, gradients, work.rate, work.adam)

    return _Loop((parameters, zeros, jax.tree.map(jnp.copy, zeros), t), step, batches)


def graph(work: Graph) -> _Loop:
    """Return the loop of a graph: a level at a time, by gathering and ``segment_sum``."""
    X, Y = work.X.T.copy(), work.Y.T.copy()

    def loss(parameters: Any, x: Any, y: Any) -> Any:
        weights, biases = parameters
        table = x
        for level in work.levels:
            terms = table[level.sources] * weights[level.edges, None]
            z = jax.ops.segment_sum(
                terms, level.targets, num_segments=level.size, indices_are_sorted=True
            )
            begin = level.first - len(x)
            z = z + biases[begin : begin + level.size, None]
            a = z if level is work.levels[-1] else jnp.maximum(z, 0)
            table = jnp.concatenate([table, a])
        return jnp.sum((table[-work.n_outputs :] - y) ** 2) / x.shape[1]

    def step(state: Any, x: Any, y: Any) -> Any:
        gradients = jax.grad(loss)(state[0], x, y)
        return _updated(state, gradients, work.rate, adam=False)

    parameters = (jnp.array(work.weights), jnp.array(work.biases))
    state = (parameters, None, None, None)
    return _Loop(state, step, (jnp.array(X[None]), jnp.array(Y[None])))
