"""Real handwritten digits: scikit-learn's 1,797 scans of 8 x 8 pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

import neurosim as ns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Classes = NDArray[np.int64]

__all__ = ["scans"]


def scans(who: str) -> tuple[Floats, Classes]:
    """Return the scans as rows of 64 pixels from 0 to 1, and which digit each is.

    Parameters
    ----------
    who : str
        The scenario that asks, which is named where scikit-learn is missing.
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise ns.MissingExtraError(
            f"{who}: the scans come with scikit-learn, which is not installed; install "
            "it with: pip install -e '.[scenarios]'"
        ) from error
    known = load_digits()
    return known.data / 16.0, known.target.astype(np.int64)
