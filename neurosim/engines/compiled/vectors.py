"""The two loops in which the time goes, on whole vector registers.

Written by hand, as the compiler would load and store the common row once per edge: here it stays
in registers over all edges. A row is cut into strips of 8, 4, 2 and 1 registers of 64 bytes (two or
four on processors with smaller ones). Rows are padded to whole registers; the padding of a table
holds zeros, or numbers that only meet zeros.

This module imports numba; it is itself imported only where numba is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LANES", "row_products", "weighed_rows"]

LANES = {32: 16, 64: 8}
"""Numbers in a register of 64 bytes, by their bits."""

_FUSED = ("contract",)


class _Loop:
    """What both loops share: arrays as pointers, and strips of a row."""

    def __init__(self, context: Any, builder: Any, kind: Any, n: Any) -> None:
        self.context, self.builder, self.kind = context, builder, kind
        self.lanes = LANES[kind.bitwidth]
        self.number = ir.DoubleType() if kind.bitwidth == 64 else ir.FloatType()
        self.vector = ir.VectorType(self.number, self.lanes)
        self.n_registers = builder.udiv(
            builder.add(n, self.whole(self.lanes - 1)), self.whole(self.lanes)
        )

    def whole(self, value: int) -> Any:
        """Return a whole number."""
        return ir.Constant(ir.IntType(64), value)

    def array(self, kind: Any, value: Any) -> Any:
        """Return an array's fields."""
        return self.context.make_array(kind)(self.context, self.builder, value)

    def row(self, table: Any, row: Any) -> Any:
        """Return a pointer to a row of a table."""
        b = self.builder
        start = b.ptrtoint(table.data, ir.IntType(64))
        stride = b.extract_value(table.strides, 0)
        return b.inttoptr(b.add(start, b.mul(row, stride)), self.vector.as_pointer())

    def index(self, pointer: Any, e: Any) -> Any:
        """Return the whole number at e of an int32 array."""
        return self.builder.sext(self.builder.load(self.builder.gep(pointer, [e])), ir.IntType(64))

    def load(self, row: Any, register: Any) -> Any:
        """Return one register of a row."""
        value = self.builder.load(self.builder.gep(row, [register]))
        value.align = self.kind.bitwidth // 8
        return value

    def store(self, value: Any, row: Any, register: Any) -> None:
        """Put one register back."""
        self.builder.store(value, self.builder.gep(row, [register])).align = self.kind.bitwidth // 8

    def place(self) -> Any:
        """Return a place for a register; the compiler keeps it in one."""
        made: Any = cgutils
        return made.alloca_once(self.builder, self.vector)

    def splat(self, number: Any) -> Any:
        """Return a register full of one number."""
        nothing = ir.Constant(self.vector, ir.Undefined)
        one = self.builder.insert_element(nothing, number, ir.Constant(ir.IntType(32), 0))
        mask = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(one, nothing, mask)

    def sum(self, value: Any) -> Any:
        """Return the sum of a register, halves added again and again."""
        lanes, b = self.lanes, self.builder
        while lanes > 1:
            lanes //= 2
            parts = [
                b.shuffle_vector(value, value, self._numbers(range(low, low + lanes)))
                for low in (0, lanes)
            ]
            value = b.fadd(*parts)
        return b.extract_element(value, ir.Constant(ir.IntType(32), 0))

    @staticmethod
    def _numbers(values: range) -> Any:
        return ir.Constant(ir.VectorType(ir.IntType(32), len(values)), list(values))

    def strips(self) -> Iterator[tuple[Any, int]]:
        """Yield, inside a loop, the first register of a strip and how many it has."""
        b, begin = self.builder, self.whole(0)
        for width in (8, 4, 2, 1):
            count = b.udiv(b.sub(self.n_registers, begin), self.whole(width))
            with cgutils.for_range(b, count) as loop:
                yield b.add(begin, b.mul(loop.index, self.whole(width))), width
            begin = b.add(begin, b.mul(count, self.whole(width)))


def _weighed_rows(
    context: Any,
    out: Any,
    row: Any,
    first: Any,
    table: Any,
    rows: Any,
    slots: Any,
    w: Any,
    begin: Any,
    end: Any,
    n: Any,
) -> Any:
    """out[row] = first + the sum over the edges e of w[slots[e]] table[rows[e]]."""
    signature = types.void(out, types.int64, w.dtype, table, rows, slots, w, *[types.int64] * 3)

    def generate(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        out_, row_, first_, table_, rows_, slots_, w_, begin_, end_, n_ = arguments
        loop = _Loop(context, b, w.dtype, n_)
        target = loop.row(loop.array(out, out_), row_)
        source = loop.array(table, table_)
        places, entries = loop.array(rows, rows_).data, loop.array(slots, slots_).data
        weights, count = loop.array(w, w_).data, b.sub(end_, begin_)
        for register, width in loop.strips():
            sums = [loop.place() for _ in range(width)]
            for total in sums:
                b.store(loop.splat(first_), total)
            with cgutils.for_range(b, count) as edges:
                e = b.add(begin_, edges.index)
                weight = loop.splat(b.load(b.gep(weights, [loop.index(entries, e)])))
                origin = loop.row(source, loop.index(places, e))
                for u, total in enumerate(sums):
                    a = loop.load(origin, b.add(register, loop.whole(u)))
                    product = b.fmul(weight, a, flags=_FUSED)
                    b.store(b.fadd(b.load(total), product, flags=_FUSED), total)
            for u, total in enumerate(sums):
                loop.store(b.load(total), target, b.add(register, loop.whole(u)))
        return context.get_dummy_value()

    return signature, generate


def _row_products(
    context: Any,
    gradient: Any,
    delta: Any,
    row: Any,
    table: Any,
    rows: Any,
    slots: Any,
    begin: Any,
    end: Any,
    n: Any,
) -> Any:
    """gradient[slots[e]] += the sum over the samples of delta[row] table[rows[e]]."""
    signature = types.void(gradient, delta, types.int64, table, rows, slots, *[types.int64] * 3)

    def generate(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        gradient_, delta_, row_, table_, rows_, slots_, begin_, end_, n_ = arguments
        loop = _Loop(context, b, gradient.dtype, n_)
        own = loop.row(loop.array(delta, delta_), row_)
        source = loop.array(table, table_)
        places, entries = loop.array(rows, rows_).data, loop.array(slots, slots_).data
        gradients, count = loop.array(gradient, gradient_).data, b.sub(end_, begin_)
        for register, width in loop.strips():
            deltas = [loop.load(own, b.add(register, loop.whole(u))) for u in range(width)]
            with cgutils.for_range(b, count) as edges:
                e = b.add(begin_, edges.index)
                origin = loop.row(source, loop.index(places, e))
                total = ir.Constant(loop.vector, [0.0] * loop.lanes)
                for u, d in enumerate(deltas):
                    a = loop.load(origin, b.add(register, loop.whole(u)))
                    total = b.fadd(total, b.fmul(d, a, flags=_FUSED), flags=_FUSED)
                place = b.gep(gradients, [loop.index(entries, e)])
                b.store(b.fadd(b.load(place), loop.sum(total)), place)
        return context.get_dummy_value()

    return signature, generate


weighed_rows = intrinsic(_weighed_rows)
row_products = intrinsic(_row_products)
