"""Formulas written down once, and run as NumPy calls that write into buffers.

NumPy evaluates ``a * (1.0 - a)`` with a new array for every operation. A `Program` runs a formula
once on stand-ins, which write down what is done to them; *bound* to arrays, it is a list of calls
such as ``np.multiply(x, y, out)``, whose results in between lie in a few small buffers that stay
in the processor's cache. The calls are those that NumPy would make, in the same order, and so give
the same bits. A formula that cannot be written down is called as it stands.
"""

from __future__ import annotations

import math
import operator
from functools import partial
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.functions import numpy_functions
from neurosim.recording import LARGEST, RECORDED, TOTAL, WHERE, Node, Special, Tape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Call = Callable[[], Any]
    Formula = Callable[[Mapping[str, Callable[..., Any]]], Callable[..., Any]]

__all__ = ["Numbers", "Program", "Scratch"]

# Numbers that an elementwise program works on at a time.
PIECE = 1 << 14

_ON_NUMBERS: dict[Any, Callable[..., Any]] = {
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.divide: operator.truediv,
    np.power: operator.pow,
    np.negative: operator.neg,
}


@final
class Scratch:
    """Buffers that calls share: what one leaves in them, no other reads.

    Parameters
    ----------
    dtype : dtype
        That of the constants.
    """

    def __init__(self, dtype: Any) -> None:
        self.dtype = np.dtype(dtype)
        self._buffers: list[Any] = []
        self._constants: dict[str, Any] = {}

    def buffer(self, index: int, shape: tuple[int, ...], dtype: Any) -> Any:
        """Return a view of buffer number `index`, of any shape and dtype."""
        n_bytes = math.prod(shape) * np.dtype(dtype).itemsize
        while len(self._buffers) <= index:
            self._buffers.append(np.empty(0, dtype=np.uint8))
        if len(self._buffers[index]) < n_bytes:
            self._buffers[index] = np.empty(n_bytes, dtype=np.uint8)
        return self._buffers[index][:n_bytes].view(dtype).reshape(shape)

    def constant(self, value: float, shape: tuple[int, ...]) -> Any:
        """Return an array that is full of one number."""
        n, name = math.prod(shape), repr(value)
        if len(self._constants.get(name, ())) < n:
            self._constants[name] = np.full(n, value, dtype=self.dtype)
        return self._constants[name][:n].reshape(shape)


@final
class Numbers:
    """The numbers of a program, such as a learning rate, which may change between two runs."""

    def __init__(self, tape: Tape) -> None:
        given = [node for node in tape.inputs if node.dtype is None]
        self._place: dict[Node, int] = {node: i for i, node in enumerate(given)}
        self._values: list[Any] = [0.0] * len(given)
        self._steps: list[tuple[Any, list[int], int]] = []
        self._dtype = tape.dtype
        self._cells: dict[Node, Any] = {}
        for function, operands, node in tape.steps:
            if node.dtype is None:
                places = [self._place_of(x) for x in operands]
                self._place[node] = self._added(0.0)
                self._steps.append((_on_numbers(function), places, self._place[node]))

    def _added(self, value: Any) -> int:
        self._values.append(value)
        return len(self._values) - 1

    def _place_of(self, operand: Any) -> int:
        return self._place[operand] if isinstance(operand, Node) else self._added(operand)

    def cell(self, node: Any) -> Any:
        """Return the array, of one number, in which calls find the number."""
        if node not in self._cells:
            self._cells[node] = np.zeros((), dtype=self._dtype)
        return self._cells[node]

    def set(self, *numbers: Any) -> None:
        """Set the numbers given, in the order of the formula's arguments; compute the others."""
        values = self._values
        values[: len(numbers)] = numbers
        for function, places, place in self._steps:
            values[place] = function(*[values[i] for i in places])
        for node, cell in self._cells.items():
            cell[...] = values[self._place[node]]


def _on_numbers(function: Any) -> Callable[..., Any]:
    known = _ON_NUMBERS.get(function)
    return known if known is not None else lambda *numbers: float(function(*numbers))


@final
class Program:
    """A formula, to be bound to arrays.

    Parameters
    ----------
    formula : callable
        Takes a namespace of functions, as `neurosim.functions.bind` does, and returns a function of
        the inputs that returns one result or a tuple of them.
    inputs : str
        A letter for every argument: ``a`` for an array, ``b`` for one of bools, ``n`` for a number.
    dtype : dtype

    Attributes
    ----------
    elementwise : bool
        Whether every number of a result depends on the numbers at its own place alone.

    Examples
    --------
    >>> program = Program(lambda functions: lambda z: 1.0 - z * z, "a", "float64")
    >>> z, out = np.array([0.5, 2.0]), np.empty(2)
    >>> for call in program.bind([z], [out], Scratch("float64")):
    ...     _ = call()
    >>> out
    array([ 0.75, -3.  ])
    """

    def __init__(self, formula: Formula, inputs: str, dtype: Any) -> None:
        self.plain = formula(numpy_functions(dtype))
        kinds = {"a": np.dtype(dtype), "b": np.dtype(bool), "n": None}
        tape: Tape | None = Tape(dtype, [kinds[letter] for letter in inputs])
        assert tape is not None
        try:
            results = formula(RECORDED)(*tape.inputs)
            tape.results = results if isinstance(results, tuple) else (results,)
            if not all(_fits(x, tape) for x in tape.results):
                tape = None
        except Exception:  # noqa: BLE001 - whatever goes wrong here, the formula itself will tell
            tape = None
        self.tape = tape
        special = [f for f, _, _ in tape.steps if isinstance(f, Special)] if tape else []
        self.elementwise = tape is not None and all(f.elementwise for f in special)
        if tape is not None and not self._agrees(inputs, dtype):
            self.tape, self.elementwise = None, False

    @property
    def identity(self) -> bool:
        """Whether the first result is the first input as it is."""
        return self.tape is not None and self.tape.results[0] is self.tape.inputs[0]

    def _agrees(self, inputs: str, dtype: Any) -> bool:
        """Whether the calls give what the formula gives, to the last bit, on a few numbers."""
        if "n" in inputs:
            return True
        few = np.array([[-1.5, 0.0, 0.25], [2.0, 0.5, -0.75]], dtype=dtype)
        given = [few > 0 if letter == "b" else few + i / 8 for i, letter in enumerate(inputs)]
        with np.errstate(all="ignore"):
            wanted = self.plain(*[x.copy() for x in given])
            wanted = wanted if isinstance(wanted, tuple) else (wanted,)
            outs = [np.zeros_like(few) for _ in wanted]
            for call in self.bind(given, outs, Scratch(dtype)):
                call()
        return all(
            np.array_equal(out, np.broadcast_to(x, few.shape), equal_nan=True)
            for out, x in zip(outs, wanted, strict=True)
        )

    def numbers(self) -> Numbers:
        """Return the program's numbers, for `bind`."""
        assert self.tape is not None
        return Numbers(self.tape)

    def bind(
        self,
        inputs: Sequence[Any],
        outs: Sequence[Any],
        scratch: Scratch,
        numbers: Numbers | None = None,
        *,
        once: bool = False,
    ) -> list[Call]:
        """Return calls that fill `outs` with the results, piece by piece.

        Parameters
        ----------
        inputs, outs : sequences of arrays of one shape
            An array may be both, as it is; else they do not overlap. Inputs that are numbers are
            None here. An out that is None is not wanted.
        scratch : Scratch
        numbers : Numbers, optional
            Of a program that has some.
        once : bool
            Whether the calls are made once only: few numbers take less time as the formula stands.
        """
        if self.tape is None or (once and self._n_numbers(inputs) <= PIECE):
            return [partial(_fill, self.plain, tuple(inputs), tuple(outs))]
        calls: list[Call] = []
        for part in self._pieces([*inputs, *outs]):
            own = [None if x is None else _part(x, part) for x in inputs]
            kept = [None if x is None else _part(x, part) for x in outs]
            calls += _Binding(self.tape, own, kept, scratch, numbers).calls
        return calls

    def _n_numbers(self, arrays: Sequence[Any]) -> int:
        return max(0 if x is None else x.size for x in arrays)

    def _pieces(self, arrays: Sequence[Any]) -> list[Any]:
        first = next(x for x in arrays if x is not None)
        flat = all(x is None or x.flags.c_contiguous for x in arrays)
        if first.size <= PIECE or not (self.elementwise and flat):
            return [None]
        return [slice(low, low + PIECE) for low in range(0, first.size, PIECE)]


def _part(array: Any, part: Any) -> Any:
    return array if part is None else array.reshape(-1)[part]


def _fits(result: Any, tape: Tape) -> bool:
    if not isinstance(result, Node):
        return type(result) in (float, int)
    return result.dtype == tape.dtype and not result.reduced


def _fill(function: Callable[..., Any], inputs: Any, outs: Any) -> None:
    results = function(*inputs)
    results = results if isinstance(results, tuple) else (results,)
    for out, result in zip(outs, results, strict=True):
        if out is not None:
            out[...] = result


class _Binding:
    """Turns the steps of a tape into calls, and finds buffers for what lies in between."""

    def __init__(
        self, tape: Tape, inputs: list[Any], outs: list[Any], scratch: Scratch, numbers: Any
    ) -> None:
        self.tape, self.scratch, self.numbers = tape, scratch, numbers
        self.shape = next(x.shape for x in [*inputs, *outs] if x is not None)
        self.calls: list[Call] = []
        self.at: dict[Node, Any] = dict(zip(tape.inputs, inputs, strict=True))
        self._held: dict[Node, int] = {}
        self._free: list[int] = []
        self._n_buffers = 0
        steps = [step for step in self._wanted(outs) if step[2].dtype is not None]
        last = self._last_uses(steps, outs)
        home = self._homes(steps, last, outs)
        for i, (function, operands, node) in enumerate(steps):
            self.at[node] = home[node] if node in home else self._take(node)
            self._step(function, operands, self.at[node])
            for operand in {id(x): x for x in operands if isinstance(x, Node)}.values():
                if last.get(operand) == i and operand in self._held:
                    self._free.append(self._held.pop(operand))
        for result, out in zip(tape.results, outs, strict=True):
            if out is not None and home.get(result) is not out:
                self.calls.append(partial(np.copyto, out, self._array(result)))

    def _wanted(self, outs: list[Any]) -> list[Any]:
        """Return the steps that some wanted result depends on."""
        wanted = {r for r, out in zip(self.tape.results, outs, strict=True) if out is not None}
        steps = []
        for step in reversed(self.tape.steps):
            if step[2] in wanted:
                wanted.update(x for x in step[1] if isinstance(x, Node))
                steps.append(step)
        return steps[::-1]

    def _last_uses(self, steps: list[Any], outs: list[Any]) -> dict[Node, int]:
        last = {x: i for i, step in enumerate(steps) for x in step[1] if isinstance(x, Node)}
        for result, out in zip(self.tape.results, outs, strict=True):
            if out is not None and isinstance(result, Node):
                last[result] = len(steps)
        return last

    def _homes(self, steps: list[Any], last: dict[Node, int], outs: list[Any]) -> dict[Any, Any]:
        """Return the outs that may be written at once: no input that lies there is read later."""
        made = {node: i for i, (_, _, node) in enumerate(steps)}
        homes: dict[Node, Any] = {}
        for result, out in zip(self.tape.results, outs, strict=True):
            if out is None or result not in made or result in homes:
                continue
            readers = [
                last.get(node, -1)
                for node in self.tape.inputs
                if self.at[node] is not None and np.may_share_memory(self.at[node], out)
            ]
            if all(reader <= made[result] for reader in readers):
                homes[result] = out
        return homes

    def _index(self) -> int:
        if self._free:
            return self._free.pop()
        self._n_buffers += 1
        return self._n_buffers - 1

    def _take(self, node: Node) -> Any:
        self._held[node] = self._index()
        shape = self.shape[1:] if node.reduced else self.shape
        return self.scratch.buffer(self._held[node], shape, node.dtype)

    def _array(self, operand: Any) -> Any:
        """Return what a call takes for an operand."""
        if not isinstance(operand, Node):
            return np.array(operand, dtype=self.tape.dtype)
        return self.numbers.cell(operand) if operand.dtype is None else self.at[operand]

    def _step(self, function: Any, operands: Any, out: Any) -> None:
        if function is WHERE:
            condition, yes, no = operands
            self._select(condition, yes, no, out)
        elif function is LARGEST or function is TOTAL:
            self._call(function.function, self.at[operands[0]], 0, None, out)
        elif isinstance(function, Special):
            self._call(_fill, function.function, (self.at[operands[0]],), (out,))
        elif function in (np.maximum, np.minimum):
            # NumPy is several times slower at these where one of the two is a single number.
            given = [
                self._array(x) if isinstance(x, Node) else self.scratch.constant(x, out.shape)
                for x in operands
            ]
            self.calls.append(partial(function, *given, out=out))
        else:
            self._call(function, *[self._array(x) for x in operands], out)

    def _call(self, function: Any, *arguments: Any) -> None:
        self.calls.append(partial(function, *arguments))

    def _select(self, condition: Node, yes: Any, no: Any, out: Any) -> None:
        """Fill out with `yes` where the condition holds, else `no`, exactly and without branches.

        In bits: no ^ ((yes ^ no) & mask), with a mask of ones where the condition holds.
        """
        chosen = self.at[condition]
        if (repr(yes), repr(no)) == ("1.0", "0.0"):
            self._call(np.copyto, out, chosen)
            return
        bits = np.dtype(f"i{self.tape.dtype.itemsize}")
        held = self._index(), self._index()
        mask, mixed = (self.scratch.buffer(i, out.shape, bits) for i in held)
        self._call(np.copyto, mask, chosen)
        self._call(np.negative, mask, mask)
        a, b = (self._array(x).view(bits) for x in (yes, no))
        if repr(no) == "0.0":
            self._call(np.bitwise_and, a, mask, out.view(bits))
        else:
            self._call(np.bitwise_xor, a, b, mixed)
            self._call(np.bitwise_and, mixed, mask, mixed)
            self._call(np.bitwise_xor, mixed, b, out.view(bits))
        self._free += held
