"""The usual hand-written NumPy: what people write who know the formulas and want to be done.

Layers are matrices, every operation makes a new array, the bias is added by broadcasting.
"""

from __future__ import annotations

from typing import Any

import numpy as np


class HandWritten:
    """ReLU layers and a linear or softmax output, trained by gradient descent or Adam."""

    def __init__(
        self, weights: list[Any], biases: list[Any], *, softmax: bool, adam: bool = False
    ) -> None:
        self.weights = [weight.copy() for weight in weights]
        self.biases = [bias.copy() for bias in biases]
        self.softmax, self.adam, self.t = softmax, adam, 0
        arrays = [*self.weights, *self.biases]
        self.m = [np.zeros_like(w) for w in arrays]
        self.v = [np.zeros_like(w) for w in arrays]

    def forward(self, X: Any) -> tuple[list[Any], list[Any]]:
        """Return z and a of every layer."""
        zs, activations = [], [X]
        for k, (W, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            z = activations[-1] @ W + b
            zs.append(z)
            activations.append(self._last(z) if k == len(self.weights) - 1 else np.maximum(z, 0))
        return zs, activations

    def _last(self, z: Any) -> Any:
        if not self.softmax:
            return z
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def step(self, X: Any, Y: Any, rate: float) -> float:
        """Take one step; return the loss before it."""
        zs, activations = self.forward(X)
        a, n = activations[-1], len(X)
        if self.softmax:
            loss, delta = -np.sum(Y * np.log(a)) / n, (a - Y) / n
        else:
            loss, delta = np.sum((a - Y) ** 2) / n, 2 * (a - Y) / n
        self.t += 1
        for k in reversed(range(len(self.weights))):
            dW, db = activations[k].T @ delta, delta.sum(axis=0)
            if k:
                delta = (delta @ self.weights[k].T) * (zs[k - 1] > 0)
            self._update(k, self.weights[k], dW, rate)
            self._update(k + len(self.weights), self.biases[k], db, rate)
        return float(loss)

    def _update(self, i: int, w: Any, g: Any, rate: float) -> None:
        if not self.adam:
            w -= rate * g
            return
        self.m[i] = 0.9 * self.m[i] + 0.1 * g
        self.v[i] = 0.999 * self.v[i] + 0.001 * g**2
        m_hat = self.m[i] / (1 - 0.9**self.t)
        v_hat = self.v[i] / (1 - 0.999**self.t)
        w -= rate * m_hat / (np.sqrt(v_hat) + 1e-8)
