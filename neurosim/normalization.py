"""Batch normalization: the weighted sums of a neuron brought to mean 0 and variance 1.

For every neuron, over the n samples of a batch, before the activation::

    zhat = (z - mean) / sqrt(variance + epsilon)        u = gamma zhat + beta        a = f(u)

with mean = 1/n sum z and variance = 1/n sum (z - mean)^2. z has no bias, which the mean would take
away again: the neuron's bias is beta. All samples share the statistics, and so, exactly::

    dJ/dz = gamma / sqrt(variance + epsilon)
            * (dJ/du - mean(dJ/du) - zhat mean(dJ/du zhat))
    dJ/dgamma = sum dJ/du zhat                           dJ/dbeta = sum dJ/du

At inference mean and variance are running averages: constants, without the last two terms.

Source: Ioffe, Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing
Internal Covariate Shift", 2015.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np

from neurosim.checks import finite_number
from neurosim.errors import ArgumentError

__all__ = ["BatchNormalization", "Normalized", "initial_averages"]


@final
@dataclass(frozen=True)
class BatchNormalization:
    """Normalizes the sums of a layer: u = gamma (z - mean) / sqrt(variance + epsilon) + beta.

    ``ns.Layer(n, kind, normalization=ns.BatchNormalization())`` makes it part of a layer. In
    training (`Network.fit`, and `forward` and `trace` with ``training=True``) mean and variance
    (biased: 1/n) are those of the batch; everywhere else they are averages that run along.
    gamma and beta, one of each per neuron, start at 1 and 0 and are learned; beta is the neuron's
    bias. Weight penalties leave both alone.

    Parameters
    ----------
    momentum : float
        In [0, 1): running = momentum running + (1 - momentum) batch, from 0 and 1.
    epsilon : float
        Positive; keeps the square root away from 0.

    Raises
    ------
    ArgumentError
        A number lies outside of its range.

    Source: Ioffe, Szegedy, "Batch Normalization", 2015.

    Examples
    --------
    >>> import neurosim as ns
    >>> layer = ns.Layer(1, ns.LinearNeuron, weights=[[2]], normalization=ns.BatchNormalization())
    >>> net = ns.Network([ns.InputLayer(1), layer])
    >>> net.forward([[1.0], [2.0], [3.0]], training=True).round(3)
    array([[-1.225],
           [ 0.   ],
           [ 1.225]])
    >>> neuron = net["output[0]"]
    >>> neuron.batch_mean, round(neuron.batch_variance, 3), round(neuron.running_mean, 3)
    (4.0, 2.667, 0.4)
    """

    momentum: float = 0.9
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        name = type(self).__name__
        momentum = finite_number(self.momentum, f"{name}: momentum", at_least=0)
        if momentum >= 1:
            raise ArgumentError(
                f"{name}: momentum must be below 1, as the averages would never move; "
                f"got {self.momentum!r}."
            )
        object.__setattr__(self, "momentum", momentum)
        epsilon = finite_number(self.epsilon, f"{name}: epsilon", above=0)
        object.__setattr__(self, "epsilon", epsilon)

    def config(self) -> dict[str, float]:
        """Return the arguments that make an equal one."""
        return {"momentum": self.momentum, "epsilon": self.epsilon}

    def __repr__(self) -> str:
        given = [f"{name}={value!r}" for name, value in self.config().items()]
        defaults = [f"{name}={value!r}" for name, value in BatchNormalization().config().items()]
        return f"BatchNormalization({', '.join(x for x in given if x not in defaults)})"

    def of_batch(self, z: Any) -> Normalized:
        """Return the sums z, ``(n,)`` or ``(k, n)``, normalized by their own mean and variance."""
        mean = z.mean(axis=-1, keepdims=True)
        centered = z - mean
        variance = (centered * centered).mean(axis=-1, keepdims=True)
        return Normalized(mean, variance, self._spread(variance), centered, training=True)

    def by_averages(self, z: Any, mean: Any, variance: Any) -> Normalized:
        """Return the sums z normalized by running averages, ``(1,)`` or ``(k, 1)``."""
        return Normalized(mean, variance, self._spread(variance), z - mean, training=False)

    def _spread(self, variance: Any) -> Any:
        return np.sqrt(variance + self.epsilon)

    def remember(self, averages: Any, numbers: Any, one: Normalized) -> None:
        """Let the running averages of some neurons, ``(2, n_neurons)``, move on to a batch."""
        for row, batch in zip(averages, (one.mean, one.variance), strict=True):
            row[numbers] = self.momentum * row[numbers] + (1 - self.momentum) * batch[..., 0]


@final
class Normalized:
    """The numbers of one normalization, of ``(n,)`` or ``(k, n)`` sums.

    Attributes
    ----------
    mean, variance, spread : ``(1,)`` or ``(k, 1)`` arrays
        ``spread`` is sqrt(variance + epsilon).
    zhat : array like z
    by_u : array like z, or None
        dJ/du, after a backward pass.
    training : bool
        Whether mean and variance are those of these very sums.
    """

    def __init__(
        self, mean: Any, variance: Any, spread: Any, centered: Any, *, training: bool
    ) -> None:
        self.mean, self.variance, self.spread = mean, variance, spread
        self.zhat = centered / spread
        self.training = training
        self.by_u: Any = None

    def scaled(self, gamma: Any, beta: Any) -> Any:
        """Return u = gamma zhat + beta."""
        return gamma * self.zhat + beta

    def chain(self, by_u: Any, gamma: Any) -> Any:
        """Return dJ/dz for dJ/du, which is kept."""
        self.by_u = np.array(by_u)
        slope = gamma / self.spread
        if not self.training:
            return slope * by_u
        return slope * (by_u - self.mean_by_u - self.zhat * self.mean_by_u_zhat)

    @property
    def mean_by_u(self) -> Any:
        """mean(dJ/du)."""
        return self.by_u.mean(axis=-1, keepdims=True)

    @property
    def mean_by_u_zhat(self) -> Any:
        """mean(dJ/du zhat)."""
        return (self.by_u * self.zhat).mean(axis=-1, keepdims=True)

    def by_gamma(self) -> Any:
        """Return dJ/dgamma = sum dJ/du zhat."""
        return (self.by_u * self.zhat).sum(axis=-1)

    def by_beta(self) -> Any:
        """Return dJ/dbeta = sum dJ/du."""
        return self.by_u.sum(axis=-1)


def initial_averages(n_neurons: int, dtype: Any) -> Any:
    """Return what running averages start from: means of 0 and variances of 1."""
    averages = np.zeros((2, n_neurons), dtype=dtype)
    averages[1] = 1.0
    return averages
