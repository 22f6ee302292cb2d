"""Stand-ins for arrays and numbers, which write down what a formula does to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from neurosim.functions import NUMPY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["LARGEST", "RECORDED", "TOTAL", "WHERE", "Node", "Special", "Tape"]

# What an array's ** does with these exponents.
_POWERS: dict[float, Any] = {2.0: np.square, 0.5: np.sqrt, -1.0: np.reciprocal}


class _NotRecordedError(Exception):
    """The formula does something that cannot be written down."""


def _refuse(self: Any, *args: Any, **options: Any) -> Any:
    raise _NotRecordedError


class Node(NDArrayOperatorsMixin):
    """Stands for an array of a dtype, or for a number, whose dtype is None."""

    def __init__(self, tape: Tape, dtype: Any, *, reduced: bool = False) -> None:
        self.tape, self.dtype = tape, dtype
        # Whether it has been added up along the first axis.
        self.reduced = reduced

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, **options: Any) -> Any:
        if method != "__call__" or options:
            raise _NotRecordedError
        return self.tape.call(ufunc, operands)

    # Nothing else may be done with a stand-in: a branch or a loop would be written down wrongly.
    __bool__ = __array__ = __array_function__ = __iter__ = __len__ = __getitem__ = _refuse
    __hash__ = object.__hash__


class Special:
    """Stands in a tape for a function that is no ufunc."""

    def __init__(self, function: Callable[..., Any], *, reduces: bool, elementwise: bool) -> None:
        self.function, self.reduces, self.elementwise = function, reduces, elementwise

    def __call__(self, *operands: Any) -> Any:
        """Write the step down where a stand-in is among the operands; else do it."""
        nodes = [x for x in operands if isinstance(x, Node)]
        return nodes[0].tape.call(self, operands) if nodes else self.function(*operands)


WHERE = Special(np.where, reduces=False, elementwise=True)
_ERF = Special(NUMPY["erf"], reduces=False, elementwise=True)
LARGEST = Special(np.maximum.reduce, reduces=True, elementwise=False)
TOTAL = Special(np.add.reduce, reduces=True, elementwise=False)
_FIRST_LARGEST = Special(NUMPY["first_largest"], reduces=False, elementwise=False)

RECORDED: dict[str, Callable[..., Any]] = {
    **NUMPY,
    "where": WHERE,
    "erf": _ERF,
    "largest": LARGEST,
    "total": TOTAL,
    "first_largest": _FIRST_LARGEST,
}


class Tape:
    """What was done to the stand-ins: (function, operands, node) by node, every step once."""

    def __init__(self, dtype: Any, inputs: Sequence[Any]) -> None:
        self.dtype = np.dtype(dtype)
        self.inputs = [Node(self, kind) for kind in inputs]
        self.steps: list[tuple[Any, tuple[Any, ...], Node]] = []
        self.results: tuple[Any, ...] = ()
        self._known: dict[Any, Node] = {}

    def call(self, function: Any, operands: Sequence[Any]) -> Any:
        """Write down one step; return what stands for its result."""
        for operand in operands:
            if not isinstance(operand, Node) and type(operand) not in (float, int):
                raise _NotRecordedError
        if function is np.power and type(operands[1]) is not Node and _is_array(operands[0]):
            function, operands = _power(function, operands)
        if function is np.multiply and 1.0 in [x for x in operands if type(x) is float]:
            other = next((x for x in operands if isinstance(x, Node)), None)
            if other is not None and other.dtype == self.dtype:
                return other  # 1.0 x is x, to the last bit.
        # -0.0 == 0.0, yet they are two numbers.
        key = (function, *(x if isinstance(x, Node) else repr(x) for x in operands))
        if key not in self._known:
            node = Node(self, self._dtype_of(function, operands))
            arrays = [x for x in operands if _is_array(x)]
            reduces = isinstance(function, Special) and function.reduces
            node.reduced = reduces or (bool(arrays) and all(x.reduced for x in arrays))
            self._known[key] = node
            self.steps.append((function, tuple(operands), node))
        return self._known[key]

    def _dtype_of(self, function: Any, operands: Sequence[Any]) -> Any:
        if not any(_is_array(x) for x in operands):
            if isinstance(function, Special):
                raise _NotRecordedError
            return None
        if isinstance(function, Special):
            numbers = operands[1:] if function is WHERE else operands
            if function is WHERE and not (_is_array(operands[0]) and operands[0].dtype == bool):
                raise _NotRecordedError
            if any(_is_array(x) and x.dtype != self.dtype for x in numbers):
                raise _NotRecordedError
            return self.dtype
        with np.errstate(all="ignore"):
            given = [np.empty(0, x.dtype) if _is_array(x) else 1.0 for x in operands]
            return function(*given).dtype


def _is_array(operand: Any) -> bool:
    return isinstance(operand, Node) and operand.dtype is not None


def _power(function: Any, operands: Sequence[Any]) -> tuple[Any, Sequence[Any]]:
    short = _POWERS.get(operands[1])
    return (function, operands) if short is None else (short, operands[:1])
