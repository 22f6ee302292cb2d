"""Data made from a formula and, all but the gates, from chance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from neurosim.checks import finite_array, finite_number, short, whole_number
from neurosim.errors import ArgumentError, ArgumentTypeError, ShapeError, nearest

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import ArrayLike, NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Data: TypeAlias = tuple[Floats, Floats]

__all__ = ["blobs", "gates", "moons", "ring", "survey", "xor"]

# What each gate answers to (0, 0), (0, 1), (1, 0) and (1, 1).
_GATES = {
    "and": (0, 0, 0, 1),
    "or": (0, 1, 1, 1),
    "nand": (1, 1, 1, 0),
    "nor": (1, 0, 0, 0),
    "xor": (0, 1, 1, 0),
    "xnor": (1, 0, 0, 1),
}


def gates(*names: str) -> Data:
    """The truth tables of logic gates, one column of `Y` per gate.

    Parameters
    ----------
    *names : str
        One or more of ``"and"``, ``"or"``, ``"nand"``, ``"nor"``, ``"xor"`` and ``"xnor"``, in
        small or capital letters. All six, in this order, when none is given.

    Returns
    -------
    X : ndarray of shape (4, 2)
        The inputs (0, 0), (0, 1), (1, 0), (1, 1).
    Y : ndarray of shape (4, n_gates)
        What each gate answers to them: 0 or 1.

    Raises
    ------
    ArgumentError
        There is no gate of this name.

    Examples
    --------
    >>> X, Y = gates("and", "or")
    >>> for x, y in zip(X.tolist(), Y.tolist(), strict=True):
    ...     print(x, y)
    [0.0, 0.0] [0.0, 0.0]
    [0.0, 1.0] [0.0, 1.0]
    [1.0, 0.0] [0.0, 1.0]
    [1.0, 1.0] [1.0, 1.0]
    """
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float64)
    answers = [_answers(name) for name in names or _GATES]
    return X, np.array(answers, dtype=np.float64).T.copy()


def xor() -> Data:
    """Exclusive or: 1 where exactly one input is 1; no single neuron can learn it.

    Returns
    -------
    X : ndarray of shape (4, 2)
        The inputs (0, 0), (0, 1), (1, 0), (1, 1).
    Y : ndarray of shape (4, 1)
        0, 1, 1, 0.

    References
    ----------
    M. Minsky, S. Papert: Perceptrons. MIT Press, 1969.

    Examples
    --------
    >>> X, Y = xor()
    >>> Y.ravel().tolist()
    [0.0, 1.0, 1.0, 0.0]
    """
    return gates("xor")


def survey(
    n: int = 100,
    *,
    noise: float = 0.01,
    income_unit: float = 1,
    rng: int | Generator | None = None,
) -> Data:
    """Ask `n` people for their education and income, and count the dates they had.

    ``dates = (0.8 education + 0.003 income + 2) (1 + noise e)``, where e is standard normal.
    Education is a whole number of years from 0 to 25; income, per month, is one of 0, 100, ...,
    9,900. The two differ in scale by a factor of 400, which is the point: gradient descent on
    the raw numbers overflows or gets stuck, and in hundreds of income it does neither.

    Parameters
    ----------
    n : int
        The number of people.
    noise : float
        The relative standard deviation of the dates; 0 gives the formula's exact values.
    income_unit : float
        Income is told in this unit: 1, or 100 for hundreds. The people and their dates do not
        depend on it.
    rng : int, numpy.random.Generator or None
        Where chance comes from.

    Returns
    -------
    X : ndarray of shape (n, 2)
        Years of education, and income divided by `income_unit`.
    Y : ndarray of shape (n, 1)
        Dates.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        An argument is not what is said above.

    Examples
    --------
    >>> X, Y = survey(3, noise=0, rng=0)
    >>> hundreds, _ = survey(3, noise=0, rng=0, income_unit=100)
    >>> bool((100 * hundreds[:, 1] == X[:, 1]).all())
    True
    >>> bool(np.allclose(Y[:, 0], X @ [0.8, 0.003] + 2, rtol=1e-15))
    True
    """
    n = whole_number(n, "datasets.survey: n")
    noise = finite_number(noise, "datasets.survey: noise", at_least=0)
    unit = finite_number(income_unit, "datasets.survey: income_unit", above=0)
    generator = _generator(rng, "datasets.survey: rng")
    education = generator.integers(0, 26, size=n).astype(np.float64)
    income = 100.0 * generator.integers(0, 100, size=n)
    dates = 0.8 * education + 0.003 * income + 2
    dates *= 1 + noise * generator.standard_normal(n)
    return np.column_stack([education, income / unit]), dates[:, None]


def ring(n: int = 200, *, noise: float = 0.0, rng: int | Generator | None = None) -> Data:
    """A disc of points in a ring of points: no straight line separates them.

    The disc has radius 0.5; the ring reaches from radius 0.75 to 1. Both are filled evenly: as
    area grows with r^2, the squared radius is what is uniform.

    Parameters
    ----------
    n : int
        The number of points, half of them (or one more) in the disc.
    noise : float
        The standard deviation of what is added to each coordinate.
    rng : int, numpy.random.Generator or None
        Where chance comes from.

    Returns
    -------
    X : ndarray of shape (n, 2)
        The points, in random order.
    Y : ndarray of shape (n, 1)
        0 in the disc, 1 in the ring.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        An argument is not what is said above.

    Examples
    --------
    >>> X, Y = ring(100, rng=0)
    >>> radius = np.hypot(X[:, 0], X[:, 1])
    >>> bool(((radius > 0.6) == (Y[:, 0] == 1)).all())
    True
    """
    n = whole_number(n, "datasets.ring: n")
    noise = finite_number(noise, "datasets.ring: noise", at_least=0)
    generator = _generator(rng, "datasets.ring: rng")
    labels = _balanced_labels(n, 2, generator)
    smallest, largest = np.array([0.0, 0.75])[labels], np.array([0.5, 1.0])[labels]
    radius = np.sqrt(generator.uniform(smallest**2, largest**2))
    angle = generator.uniform(0, 2 * math.pi, size=n)
    X = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return X + noise * generator.standard_normal((n, 2)), labels[:, None].astype(np.float64)


def moons(n: int = 200, *, noise: float = 0.1, rng: int | Generator | None = None) -> Data:
    """Two half circles that reach into each other: a curve separates them, a line does not.

    The upper moon is ``(cos t, sin t)``, the lower ``(1 - cos t, 0.5 - sin t)``, with t uniform
    from 0 to pi.

    Parameters
    ----------
    n : int
        The number of points, half of them (or one more) in the upper moon.
    noise : float
        The standard deviation of what is added to each coordinate.
    rng : int, numpy.random.Generator or None
        Where chance comes from.

    Returns
    -------
    X : ndarray of shape (n, 2)
        The points, in random order.
    Y : ndarray of shape (n, 1)
        0 in the upper moon, 1 in the lower.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        An argument is not what is said above.

    Examples
    --------
    >>> X, Y = moons(100, noise=0, rng=0)
    >>> upper = X[Y[:, 0] == 0]
    >>> bool(np.allclose(np.hypot(upper[:, 0], upper[:, 1]), 1))
    True
    """
    n = whole_number(n, "datasets.moons: n")
    noise = finite_number(noise, "datasets.moons: noise", at_least=0)
    generator = _generator(rng, "datasets.moons: rng")
    labels = _balanced_labels(n, 2, generator)
    angle = generator.uniform(0, math.pi, size=n)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    X = np.where(labels[:, None] == 0, upper, [1, 0.5] - upper)
    return X + noise * generator.standard_normal((n, 2)), labels[:, None].astype(np.float64)


def blobs(
    n: int = 150,
    *,
    centers: int | ArrayLike = 3,
    spread: float = 1.0,
    rng: int | Generator | None = None,
) -> Data:
    """Gaussian clusters, one class each, in as many dimensions as their centers have.

    ``x = center + spread e``, where e is standard normal in each coordinate.

    Parameters
    ----------
    n : int
        The number of points, shared out evenly.
    centers : int or array of shape (n_classes, n_inputs)
        The centers; or their number k, which puts them evenly on a circle of radius 4 in the
        plane, the first at (4, 0).
    spread : float
        The standard deviation of each coordinate about its center.
    rng : int, numpy.random.Generator or None
        Where chance comes from.

    Returns
    -------
    X : ndarray of shape (n, n_inputs)
        The points, in random order.
    Y : ndarray of shape (n, n_classes)
        One-hot: 1 in the column of the point's class, 0 elsewhere.

    Raises
    ------
    ArgumentError, ArgumentTypeError, ShapeError, NotFiniteError
        An argument is not what is said above.

    Examples
    --------
    >>> X, Y = blobs(6, centers=[[0, 0], [5, 5]], spread=0, rng=0)
    >>> bool((X == Y @ [[0, 0], [5, 5]]).all())
    True
    >>> Y.sum(axis=0).tolist()
    [3.0, 3.0]
    """
    n = whole_number(n, "datasets.blobs: n")
    spread = finite_number(spread, "datasets.blobs: spread", at_least=0)
    places = _centers(centers)
    generator = _generator(rng, "datasets.blobs: rng")
    labels = _balanced_labels(n, len(places), generator)
    X = places[labels] + spread * generator.standard_normal((n, places.shape[1]))
    return X, np.eye(len(places))[labels]


def _answers(name: str) -> tuple[int, ...]:
    """Return what the gate of this name answers to the four inputs."""
    if not isinstance(name, str):
        raise ArgumentTypeError(
            f'datasets.gates: a name must be a string such as "and"; got {short(name)}.'
        )
    if name.lower() not in _GATES:
        raise ArgumentError(
            f"datasets.gates: there is no gate {short(name)}. "
            + nearest(name.lower(), _GATES, examples=len(_GATES))
        )
    return _GATES[name.lower()]


def _balanced_labels(n: int, n_classes: int, generator: Generator) -> NDArray[np.int64]:
    """Return class numbers in random order, each as often as the others, give or take one."""
    return generator.permutation(np.arange(n, dtype=np.int64) % n_classes)


def _centers(centers: int | ArrayLike) -> Floats:
    """Return the centers of `blobs` as an array of shape (n_classes, n_inputs)."""
    what = "datasets.blobs: centers"
    if np.isscalar(centers) or centers is None:
        k = whole_number(centers, what)
        angle = 2 * math.pi * np.arange(k) / k
        return 4 * np.column_stack([np.cos(angle), np.sin(angle)])
    places: Floats = finite_array(centers, what, dimensions=2)
    if places.size == 0:
        raise ShapeError(f"{what} must be (n_classes, n_inputs); got {places.shape}.")
    return places


def _generator(rng: object, what: str) -> Generator:
    """Return the generator that `rng` stands for."""
    if isinstance(rng, np.random.Generator):
        return rng
    if rng is None:
        return np.random.default_rng()
    wanted = "a whole number of at least 0, a numpy.random.Generator or None"
    if isinstance(rng, bool) or not isinstance(rng, int | np.integer):
        raise ArgumentTypeError(f"{what} must be {wanted}; got {short(rng)}.")
    if rng < 0:
        raise ArgumentError(f"{what} must be {wanted}; got {rng}.")
    return np.random.default_rng(rng)
