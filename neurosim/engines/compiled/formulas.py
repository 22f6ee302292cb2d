"""A kind's, loss's or optimizer's formula as machine code at an address.

Each is compiled by itself, from its own definition, into a loop over a table, so that one kernel
calls whatever a network needs, a person's own formulas as well. A table has k rows, n columns in
use, and `stride` places per row. Parameters are read when it runs: another slope is no other code.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from neurosim.engines.compiled.compiler import compiler_for
from neurosim.errors import CompilationError

if TYPE_CHECKING:
    from neurosim.losses import Loss
    from neurosim.neurons import Kind
    from neurosim.regularizers import WeightPenalty

__all__ = ["kind_formulas", "loss_formulas", "penalty_formulas", "update_formula"]

# -- loops: these names are put in when they are compiled -----------------------------------------

COUNT = 0
read: Any = None
formula: Any = None
carray: Any = None


def of_one(x: Any, y: Any, out: Any, constants: Any, k: int, n: int, stride: int) -> None:
    """out = formula(x)."""
    X, o, c = carray(x, k * stride), carray(out, k * stride), read(carray(constants, COUNT))
    for r in range(k):
        xs, outs = X[r * stride :], o[r * stride :]
        for s in range(n):
            outs[s] = formula(xs[s], c)


def of_two(x: Any, y: Any, out: Any, constants: Any, k: int, n: int, stride: int) -> None:
    """out = formula(x, y)."""
    X, Y, o = carray(x, k * stride), carray(y, k * stride), carray(out, k * stride)
    c = read(carray(constants, COUNT))
    for r in range(k):
        xs, ys, outs = X[r * stride :], Y[r * stride :], o[r * stride :]
        for s in range(n):
            outs[s] = formula(xs[s], ys[s], c)


def times_slope(x: Any, y: Any, out: Any, constants: Any, k: int, n: int, stride: int) -> None:
    """out = out formula(x, y)."""
    X, Y, o = carray(x, k * stride), carray(y, k * stride), carray(out, k * stride)
    c = read(carray(constants, COUNT))
    for r in range(k):
        xs, ys, outs = X[r * stride :], Y[r * stride :], o[r * stride :]
        for s in range(n):
            outs[s] *= formula(xs[s], ys[s], c)


def of_one_table(x: Any, y: Any, out: Any, constants: Any, k: int, n: int, stride: int) -> None:
    """out = formula(x) for coupled neurons."""
    X, o = carray(x, (k, stride))[:, :n], carray(out, (k, stride))[:, :n]
    o[:] = formula(X.copy(), read(carray(constants, COUNT)))


def of_two_tables(x: Any, y: Any, out: Any, constants: Any, k: int, n: int, stride: int) -> None:
    """out = formula(x, y) for coupled neurons."""
    X, Y = carray(x, (k, stride))[:, :n], carray(y, (k, stride))[:, :n]
    o = carray(out, (k, stride))[:, :n]
    o[:] = formula(X.copy(), Y.copy(), read(carray(constants, COUNT)))


def chained(x: Any, y: Any, out: Any, constants: Any, k: int, n: int, stride: int) -> None:
    """out = formula(x, y, out) for coupled neurons."""
    X, Y = carray(x, (k, stride))[:, :n], carray(y, (k, stride))[:, :n]
    o = carray(out, (k, stride))[:, :n]
    o[:] = formula(X.copy(), Y.copy(), o.copy(), read(carray(constants, COUNT)))


def updated(x: Any, y: Any, out: Any, constants: Any, k: int, n: int, stride: int) -> None:
    """w -= step for the parameters x with gradients y; `out` holds states, then what is free."""
    W, g, states = carray(x, n), carray(y, n), carray(out, (k, stride))
    c = read(carray(constants, COUNT))
    for i in range(n):
        step = formula(W[i], g[i], states, i, c)
        W[i] = W[i] - step if states[k - 1, i] > 0 else W[i]


# -- the formulas of each noun --------------------------------------------------------------------


def kind_formulas(dtype: str, kind: Kind, *, slope: bool) -> tuple[int, int]:
    """Return the addresses of `activate` and, where asked for, of the derivative or chain, or 0."""
    neuron, count = kind.neuron, len(kind.parameters)
    coupled = kind.coupled
    activate = _address(
        dtype, neuron, "activate", of_one_table if coupled else of_one, 1, count, coupled
    )
    if not slope:
        return activate, 0
    if coupled:
        return activate, _address(dtype, neuron, "chain", chained, 3, count, coupled)
    return activate, _address(dtype, neuron, "derivative", times_slope, 2, count)


def loss_formulas(dtype: str, loss: Loss, *, from_z: bool, coupled: bool) -> tuple[int, int]:
    """Return the addresses of the loss and its derivative, in a or in z."""
    names = ("loss_from_z", "derivative_by_z") if from_z else ("loss", "derivative")
    loop, count = of_two_tables if coupled else of_two, len(loss.parameters)
    first, second = (_address(dtype, type(loss), n, loop, 2, count, coupled) for n in names)
    return first, second


def penalty_formulas(dtype: str, penalty: WeightPenalty) -> tuple[int, int]:
    """Return the addresses of a penalty and its derivative."""
    first, second = (
        _address(dtype, type(penalty), n, of_one, 1, 1) for n in ("penalty", "derivative")
    )
    return first, second


def update_formula(dtype: str, optimizer: Any) -> int:
    """Return the address of an optimizer's update, whose constants begin with the rate and t."""
    states, constants = len(optimizer.state_names), len(optimizer.constants())
    lines = [
        "def formula(w, g, states, i, c):",
        "    r = own(w, g, c[1], c[0]"
        + "".join(f", states[{j}, i]" for j in range(states))
        + "".join(f", c[{j + 2}]" for j in range(constants))
        + ")",
        *(f"    states[{j}, i] = r[{j}]" for j in range(states)),
        "    return r[-1]",
    ]
    return _compiled(dtype, type(optimizer), "update", updated, lines, constants + 2)


def _address(
    dtype: str, owner: type, name: str, loop: Any, given: int, count: int, coupled: bool = False
) -> int:
    """Return where a formula lies that takes so many numbers and so many parameters."""
    numbers = ", ".join("xyz"[:given])
    constants = "".join(f", c[{j}]" for j in range(count))
    lines = [f"def formula({numbers}, c):", f"    return own({numbers}{constants})"]
    return _compiled(dtype, owner, name, loop, lines, count, coupled)


def _compiled(
    dtype: str,
    owner: type,
    name: str,
    loop: Any,
    lines: list[str],
    count: int,
    coupled: bool = False,
) -> int:
    """Compile a loop around a class's formula; the lines adapt its arguments."""
    compiler = compiler_for(dtype)
    key = owner, name, loop
    if key not in compiler.callbacks:
        errors = compiler.numba.core.errors
        refused = errors.NumbaError, errors.UnsupportedBytecodeError, TypeError, NotImplementedError
        adapted = compiler.formula(_adapter(lines, getattr(owner, name)), coupled=coupled)
        # Read once, before the loop: nothing then says that storing a result might change them.
        numbers = ", ".join(f"c[{j}]" for j in range(max(count, 1)))
        reader = _adapter(["def formula(c):", f"    return ({numbers},)"], None)
        names = {"COUNT": max(count, 1), "formula": adapted, "read": compiler.formula(reader)}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                made = compiler.callback(loop, compiler.signature(loop is updated), names)
        except refused as error:
            raise CompilationError(
                f"Network.fit: engine='compiled' cannot compile {owner.__name__}.{name}: "
                f"{_reason(error)} Write it over neurosim.functions, or use engine='auto', which "
                "takes another engine."
            ) from None
        compiler.callbacks[key] = made
    return int(compiler.callbacks[key].address)


def _adapter(lines: list[str], own: Any) -> Any:
    """Return a function of one form around a formula, so that loops need not know its arguments."""
    names: dict[str, Any] = {"own": own, "__name__": __name__}
    exec("\n".join(lines), names)
    return names["formula"]


def _reason(error: BaseException) -> str:
    """Return what a compiler's long message comes down to, in one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(("Failed in", "During:", "File"))]
    return (telling or lines or [type(error).__name__])[0].rstrip(".:") + "."
