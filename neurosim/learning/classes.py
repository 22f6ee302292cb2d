"""Classes as columns of zeros and ones, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import finite_array, short
from neurosim.errors import ArgumentError, ArgumentTypeError, ShapeError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["class_names", "one_hot"]


def one_hot(labels: Any, classes: Iterable[Any] | None = None) -> tuple[Any, list[Any]]:
    """Return a column per class, 1 where a sample is of it and else 0, and the classes.

    Parameters
    ----------
    labels : sequence of texts or numbers
        The class of every sample.
    classes : iterable, optional
        The classes in the order of the columns; those that occur, sorted, where none are given.

    Returns
    -------
    Y : (n, n_classes) array
    classes : list

    Raises
    ------
    ArgumentError
        A label is none of the classes, or missing.

    Examples
    --------
    >>> Y, classes = one_hot(["dog", "cat", "dog"])
    >>> Y
    array([[0., 1.],
           [1., 0.],
           [0., 1.]])
    >>> classes, class_names([0.2, 0.8], classes)
    (['cat', 'dog'], 'dog')
    """
    given = _plain(labels, "one_hot: labels")
    known = _sorted(given) if classes is None else _distinct(classes)
    column = {label: j for j, label in enumerate(known)}
    Y = np.zeros((len(given), len(known)))
    for i, label in enumerate(given):
        if label not in column:
            raise ArgumentError(
                f"one_hot: labels[{i}] is {label!r}, which is none of the classes. "
                + nearest(str(label), [str(name) for name in known])
            )
        Y[i, column[label]] = 1.0
    return Y, known


def class_names(Y: Any, classes: Iterable[Any]) -> Any:
    """Return the class of every row: that of its largest number, the first of equal ones.

    Parameters
    ----------
    Y : (n, n_classes) array, or (n_classes,) for one sample
        One-hot targets, or predictions. A single column tells two classes apart: the second is
        where it exceeds 0.5.
    classes : iterable
        In the order of the columns, as `one_hot` returns them.

    Returns
    -------
    list of classes; one class for one sample

    Examples
    --------
    >>> class_names([[0.9, 0.1], [0.3, 0.7]], ["cat", "dog"])
    ['cat', 'dog']
    """
    known = _distinct(classes)
    table = finite_array(Y, "class_names: Y")
    n_columns = 1 if len(known) == 2 and table.shape[-1:] == (1,) else len(known)
    if table.ndim not in (1, 2) or table.shape[-1] != n_columns:
        raise ShapeError(
            f"class_names: Y must be (n, {len(known)}), a column for each of the classes; "
            f"got {table.shape}."
        )
    rows = table.reshape(-1, n_columns)
    places = (rows[:, 0] > 0.5).astype(int) if n_columns == 1 else rows.argmax(axis=1)
    found = [known[place] for place in places.tolist()]
    return found[0] if table.ndim == 1 else found


def _plain(values: Any, what: str) -> list[Any]:
    """Return values as a list of Python's own texts and numbers, none of them missing."""
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise ArgumentTypeError(f"{what} must be a list, one per sample; got {short(values)}.")
    plain = values.tolist() if hasattr(values, "tolist") else list(values)
    plain = [value.item() if isinstance(value, np.generic) else value for value in plain]
    if not plain:
        raise ShapeError(f"{what} must hold at least one; got none.")
    for i, value in enumerate(plain):
        # NaN is the one value that is not equal to itself.
        if value is None or (isinstance(value, float) and value != value):
            raise ArgumentError(f"{what}[{i}] is missing ({value!r}); leave the sample out.")
        if not isinstance(value, str | int | float):
            raise ArgumentTypeError(f"{what}[{i}] must be a text or number; got {short(value)}.")
    return plain


def _sorted(labels: list[Any]) -> list[Any]:
    try:
        return sorted(set(labels))
    except TypeError:
        raise ArgumentTypeError(
            "one_hot: labels must be all texts or all numbers; got both. Give their order with "
            "classes=[...]."
        ) from None


def _distinct(classes: Any) -> list[Any]:
    known = _plain(classes, "classes")
    if len(set(known)) < len(known):
        twice = next(name for name in known if known.count(name) > 1)
        raise ArgumentError(f"classes must be different; got {twice!r} more than once.")
    return known
