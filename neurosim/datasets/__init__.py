"""Data to learn from, small enough to look at: logic gates, a survey, shapes in the plane.

Every function returns plain NumPy arrays: `X` of shape (n_samples, n_inputs) and `Y` of shape
(n_samples, n_outputs), both float64. Chance comes only from `rng`: an int, a
`numpy.random.Generator` or None. The samples drawn from one seed stay the same when the noise
changes, as the noise is drawn last. `read_idx` reads a person's own files of 28x28 digits.
"""

from neurosim.datasets.idx import read_idx
from neurosim.datasets.made import blobs, gates, moons, ring, survey, xor

__all__ = ["blobs", "gates", "moons", "read_idx", "ring", "survey", "xor"]
