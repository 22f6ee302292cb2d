"""The usual hand-written NumPy: what people write who know the formulas and want to be done.

Layers are matrices, every operation makes a new array, the bias is added by broadcasting.
"""

from __future__ import annotations

from typing import Any

import numpy as np


class HandWritten:
    """ReLU layers and a linear or softmax output, trained by gradient descent."""

    def __init__(self, weights: list[Any], biases: list[Any], *, softmax: bool) -> None:
        self.weights = [weight.copy() for weight in weights]
        self.biases = [bias.copy() for bias in biases]
        self.softmax = softmax

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
        """Take one step of gradient descent; return the loss before it."""
        zs, activations = self.forward(X)
        a, n = activations[-1], len(X)
        if self.softmax:
            loss, delta = -np.sum(Y * np.log(a)) / n, (a - Y) / n
        else:
            loss, delta = np.sum((a - Y) ** 2) / n, 2 * (a - Y) / n
        for k in reversed(range(len(self.weights))):
            dW, db = activations[k].T @ delta, delta.sum(axis=0)
            if k:
                delta = (delta @ self.weights[k].T) * (zs[k - 1] > 0)
            self.weights[k] -= rate * dW
            self.biases[k] -= rate * db
        return float(loss)
