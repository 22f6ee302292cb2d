"""What Python cannot say and the compiler can: bits, calls of addresses, what threads share.

This module imports numba; it is itself imported only where numba is there.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

__all__ = [
    "address",
    "borrowed",
    "call",
    "claimed",
    "exponent",
    "power_of_two",
    "publish",
    "rest",
    "significand",
    "watched",
]

# By width: bits of the significand, bias of the exponent, bits of sqrt(1/2), and 1.5 2^bits.
_FORMATS = {
    64: (52, 1023, 0x3FE6A09E667F3BCD, 6755399441055744.0),
    32: (23, 127, 0x3F3504F3, 12582912.0),
}


def _format(x: Any) -> tuple[Any, Any, int, int, int, float]:
    width = x.bitwidth
    floating = ir.DoubleType() if width == 64 else ir.FloatType()
    return ir.IntType(width), floating, *_FORMATS[width]


def _power_of_two(context: Any, n: Any) -> Any:
    """2^n for a whole n: n + 1.5 2^52 has n in its last bits, from where it is shifted up."""
    integer, floating, bits, bias, _, shifter = _format(n)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        shifted = builder.fadd(arguments[0], ir.Constant(floating, shifter))
        whole = builder.shl(builder.bitcast(shifted, integer), ir.Constant(integer, bits))
        return builder.bitcast(builder.add(whole, ir.Constant(integer, bias << bits)), floating)

    return n(n), generate


def _above_root(builder: Any, x: Any, kind: Any) -> tuple[Any, Any, int, int, int]:
    """The bits of x, moved so that the exponent changes at sqrt(1/2) instead of 1."""
    integer, floating, bits, bias, root, _ = _format(kind)
    one = bias << bits
    moved = builder.add(builder.bitcast(x, integer), ir.Constant(integer, one - root))
    return moved, floating, bits, bias, root


def _significand(context: Any, x: Any) -> Any:
    """The m of x = 2^k m, sqrt(1/2) <= m < sqrt(2)."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        moved, floating, bits, _, root = _above_root(builder, arguments[0], x)
        integer = moved.type
        low = builder.and_(moved, ir.Constant(integer, (1 << bits) - 1))
        return builder.bitcast(builder.add(low, ir.Constant(integer, root)), floating)

    return x(x), generate


def _exponent(context: Any, x: Any) -> Any:
    """The k of x = 2^k m."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        moved, floating, bits, bias, _ = _above_root(builder, arguments[0], x)
        integer = moved.type
        k = builder.sub(builder.lshr(moved, ir.Constant(integer, bits)), ir.Constant(integer, bias))
        return builder.sitofp(k, floating)

    return x(x), generate


def _call(
    context: Any,
    address: Any,
    x: Any,
    y: Any,
    out: Any,
    constants: Any,
    k: Any,
    n: Any,
    stride: Any,
) -> Any:
    """Call the compiled formula at an address; x, y, out and constants are addresses, too."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        integer, pointer = ir.IntType(64), ir.IntType(8).as_pointer()
        function = ir.FunctionType(ir.VoidType(), [pointer] * 4 + [integer] * 3)
        given = [builder.inttoptr(value, pointer) for value in arguments[1:5]]
        target = builder.inttoptr(arguments[0], function.as_pointer())
        builder.call(target, [*given, *arguments[5:]])
        return context.get_dummy_value()

    return types.void(*(types.int64,) * 8), generate


def _address(context: Any, table: Any, row: Any) -> Any:
    """Where a row of an array lies."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(table)(context, builder, arguments[0])
        start = builder.ptrtoint(array.data, ir.IntType(64))
        stride = builder.extract_value(array.strides, 0)
        return builder.add(start, builder.mul(arguments[1], stride))

    return types.int64(table, types.int64), generate


def _borrowed(context: Any, group: Any) -> Any:
    """A named tuple whose arrays nobody counts references to: its owner outlives the call.

    Counting costs an atomic instruction wherever an array is read from a tuple.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        value = arguments[0]
        for i, kind in enumerate(group.types):
            if isinstance(kind, types.Array):
                array = builder.extract_value(value, i)
                for field in (0, 1):
                    nobody = ir.Constant(array.type.elements[field], None)
                    array = builder.insert_value(array, nobody, field)
                value = builder.insert_value(value, array, i)
        return value

    return group(group), generate


def _watched(context: Any, place: Any) -> Any:
    """The whole number at an address, as another thread has left it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        return builder.load_atomic(pointer, "seq_cst", 8)

    return types.int64(types.int64), generate


def _publish(context: Any, place: Any, value: Any) -> Any:
    """Put a whole number at an address; who sees it sees all that was written before."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        builder.store_atomic(arguments[1], pointer, "seq_cst", 8)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate


def _claimed(context: Any, place: Any, old: Any, new: Any) -> Any:
    """Whether the number at an address was `old`; it is `new` then. Only one thread hears yes."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        pair = builder.cmpxchg(pointer, arguments[1], arguments[2], "seq_cst", "seq_cst")
        return builder.extract_value(pair, 1)

    return types.boolean(*(types.int64,) * 3), generate


def _rest(context: Any, function: Any) -> Any:
    """Let another thread have the core: call the system's function at an address."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        function = ir.FunctionType(ir.IntType(32), [])
        builder.call(builder.inttoptr(arguments[0], function.as_pointer()), [])
        return context.get_dummy_value()

    return types.void(types.int64), generate


address = intrinsic(_address)
borrowed = intrinsic(_borrowed)
power_of_two = intrinsic(_power_of_two)
significand = intrinsic(_significand)
exponent = intrinsic(_exponent)
call = intrinsic(_call)
claimed = intrinsic(_claimed)
publish = intrinsic(_publish)
rest = intrinsic(_rest)
watched = intrinsic(_watched)
