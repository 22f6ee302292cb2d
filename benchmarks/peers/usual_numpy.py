"""The usual hand-written NumPy: what people write who know the formulas and want to be done.

Layers are matrices, every operation makes a new array, the bias is added by broadcasting.
"""

from __future__ import annotations

from typing import Any

import numpy as np


class HandWritten:
    """ReLU layers and a linear or softmax output, trained by gradient descent or by Adam."""

    def __init__(self, weights: Any, biases: Any, *, softmax: bool, adam: bool = False) -> None:
        self.weights = [np.array(weight) for weight in weights]
        self.biases = [np.array(bias) for bias in biases]
        self.softmax, self.adam, self.t = softmax, adam, 0
        parameters = [*self.weights, *self.biases]
        self.m = [np.zeros_like(p) for p in parameters]
        self.v = [np.zeros_like(p) for p in parameters]

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
        by_weights, by_biases = [], []
        for k in reversed(range(len(self.weights))):
            by_weights.append(activations[k].T @ delta)
            by_biases.append(delta.sum(axis=0))
            if k:
                delta = (delta @ self.weights[k].T) * (zs[k - 1] > 0)
        self._update([*by_weights[::-1], *by_biases[::-1]], rate)
        return float(loss)

    def _update(self, gradients: list[Any], rate: float) -> None:
        self.t += 1
        parameters = [*self.weights, *self.biases]
        for k, (p, g) in enumerate(zip(parameters, gradients, strict=True)):
            if not self.adam:
                p -= rate * g
                continue
            self.m[k] = 0.9 * self.m[k] + 0.1 * g
            self.v[k] = 0.999 * self.v[k] + 0.001 * g**2
            m, v = self.m[k] / (1 - 0.9**self.t), self.v[k] / (1 - 0.999**self.t)
            p -= rate * m / (np.sqrt(v) + 1e-8)
