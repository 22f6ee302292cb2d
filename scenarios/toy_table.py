"""The toy table: ten rows of five numbers, two classes, and ten numbers to predict."""

from __future__ import annotations

import numpy as np

__all__ = ["CLASSES", "TARGETS", "X"]

X = np.array(
    [
        [1, 1, 1, 0, 0],
        [1, 2, 1, 0, -1],
        [2, 1, 1, -1, 0],
        [2, 2, 2, 0, 0],
        [1, 2, 2, 0, -1],
        [0, 0, 0, 1, 1],
        [-1, 0, 0, 2, 1],
        [0, -1, 0, 1, 2],
        [-1, -1, 0, 2, 2],
        [0, -1, 0, 1, 1],
    ],
    dtype=np.float64,
)
"""Ten samples of five inputs."""
CLASSES = np.array([[0, 1]] * 5 + [[1, 0]] * 5, dtype=np.float64)
"""The class of every row, one-hot: the first five (0, 1), the others (1, 0)."""
TARGETS = np.array([1, 2, 2, 4, 3, 0, 1, 1, 2, 0], dtype=np.float64)[:, np.newaxis]
"""The number that every row stands for."""
