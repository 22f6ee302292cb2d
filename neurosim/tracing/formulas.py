"""The formulas of kinds and losses, written over the operands of a step.

Two sources: a *textbook* formula, where a kind or a loss states one, and the *definition* that the
engines run, which is written down by running it on expressions. The textbook's is shown with
numbers only where it can be evaluated and agrees with the engine's number, as it may overflow or
lose all digits where the definition does not.
"""

from __future__ import annotations

import ast
import math
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.functions import FLOAT, NUMPY, bind
from neurosim.tracing.expression import ATOM, NEGATIVE, TEXT, Expression, operand
from neurosim.tracing.symbols import Symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import CodeType

    from neurosim.neurons import Kind
    from neurosim.tracing.operands import Operands
    from neurosim.tracing.snapshot import Snapshot

__all__ = [
    "activation",
    "agrees",
    "chained",
    "derivative",
    "loss_by_a",
    "loss_delta",
    "loss_part",
    "loss_textbook",
    "slope_symbol",
    "textbook",
]

# What running a formula on expressions may raise, where it does more than arithmetic.
_UNWRITABLE = (TypeError, AttributeError, ValueError, ArithmeticError, LookupError, NameError)
_NAMES = {**TEXT, "max": TEXT["maximum"], "min": TEXT["minimum"], "sum": TEXT["total"]}


def agrees(expression: Expression, value: float, tolerance: float) -> bool:
    """Whether Python can evaluate the expression, and gets the engine's number."""
    if not expression.sound:
        return False
    return math.isclose(expression.value, value, rel_tol=tolerance) or expression.value == value


@cache
def _tree(formula: str) -> ast.expr | None:
    """Return what the text of a formula means to Python; None where that is nothing."""
    try:
        return ast.parse(formula, mode="eval").body
    except SyntaxError:
        return None


@cache
def _code(formula: str) -> CodeType | None:
    tree = _tree(formula)
    return None if tree is None else compile(ast.Expression(tree), "<formula>", "eval")


def textbook(formula: str, operands: Mapping[str, Any]) -> Any:
    """Return a formula given as text, written over these operands; None where that fails.

    >>> from neurosim.tracing.expression import number
    >>> textbook("1 / (1 + exp(-z))", {"z": number(0.5)}).text
    '1 / (1 + exp(-0.5))'
    >>> textbook("1 if z is the largest else 0", {"z": number(0.5)})
    """
    code = _code(formula) if formula else None
    if code is None:
        return None
    try:
        with np.errstate(all="ignore"):
            found = eval(code, {"__builtins__": {}, **_NAMES, **operands})
        return found if isinstance(found, np.ndarray) else operand(found)
    except _UNWRITABLE:
        return None


def _defined(function: Callable[..., Any], *operands: Any) -> Any:
    """Return a definition, written over the operands; None where it does more than arithmetic."""
    try:
        with np.errstate(all="ignore"):
            found = bind(function, TEXT)(*operands)
        return found if isinstance(found, np.ndarray) and found.ndim else operand(found)
    except _UNWRITABLE:
        return None


def results(function: Callable[..., Any], *operands: Any) -> tuple[Expression, ...] | None:
    """Return what a definition of several results gives, each written over the operands."""
    try:
        with np.errstate(all="ignore"):
            return tuple(operand(found) for found in bind(function, TEXT)(*operands))
    except _UNWRITABLE:
        return None


def _written(
    function: Callable[..., Any], given: tuple[Expression, ...], operands: Operands, symbol: Symbol
) -> Expression:
    """Return a definition, written over what is given, or else the bare number under a name."""
    written = _defined(function, *given)
    if written is not None:
        return operand(written)
    return operands.leaf(symbol, _plain(function, *(x.value for x in given)))


def _plain(function: Callable[..., Any], *values: float) -> float:
    try:
        return float(bind(function, FLOAT)(*values))
    except (OverflowError, ZeroDivisionError, ValueError):
        with np.errstate(all="ignore"):
            return float(bind(function, NUMPY)(*map(np.float64, values)))


def _parameters(kind: Kind, operands: Operands) -> dict[str, Expression]:
    return {name: operands.leaf(name, value) for name, value in kind.parameters}


# -- kinds of neuron ---------------------------------------------------------------------------


def activation(operands: Operands, who: int) -> Expression:
    """Return a of a neuron: f(z), times its mask where dropout is at work."""
    snapshot = operands.snapshot
    if snapshot.is_input(who):
        return operands.masked(who, operands.own_a(who))
    return operands.masked(who, _own_activation(operands, who))


def _own_activation(operands: Operands, who: int) -> Expression:
    snapshot = operands.snapshot
    kind, value = snapshot.kinds[who], snapshot.own_activation(who)[operands.sample]
    if kind.coupled:
        return _coupled_activation(operands, who, value)
    z = operands.written_u(who)
    parameters = _parameters(kind, operands)
    if operands.symbols and kind.neuron.formula:
        return _renamed(kind.neuron.formula, {"z": z})
    written = textbook(kind.neuron.formula, {"z": z, **parameters})
    if written is None or not agrees(written, value, snapshot.tolerance):
        written = _defined(kind.neuron.activate, z, *parameters.values())
    called = Symbol(snapshot.indexed("u" if who in snapshot.normalized else "z", who))
    return _or_leaf(written, operands, called.around(f"{kind.name}(", ")"), value)


def _coupled_activation(operands: Operands, who: int, value: float) -> Expression:
    snapshot = operands.snapshot
    kind, members = snapshot.kinds[who], snapshot.members(who)
    z = np.array([operands.written_u(member) for member in members], dtype=object)
    parameters = _parameters(kind, operands)
    written = None
    if operands.symbols and kind.neuron.formula:
        written = textbook(kind.neuron.formula, {"z": z, **parameters})
        if written is None:
            return _renamed(kind.neuron.formula, {"z": operands.written_u(who)})
    if written is None:
        written = _defined(kind.neuron.activate, z, *parameters.values())
    symbol = Symbol(f"{kind.name}(layer)")
    return _or_leaf(_at(written, members.index(who)), operands, symbol, value)


def _renamed(formula: str, operands: Mapping[str, Expression]) -> Expression:
    """Return the textbook's formula as it stands, with the operands' own names in it."""
    own = rf"\b({'|'.join(operands)})\b"
    pieces = re.split(own, formula)
    level = ATOM if isinstance(_tree(formula), ast.Call) else NEGATIVE
    # Every other piece is a name.
    named = tuple(operands[piece] if i % 2 else piece for i, piece in enumerate(pieces))
    return Expression(named, math.nan, level)


def _at(written: Any, position: int) -> Any:
    return None if written is None else operand(np.asarray(written, dtype=object)[position])


def _or_leaf(written: Any, operands: Operands, symbol: Symbol, value: float) -> Expression:
    """Return what could be written, or else the bare number."""
    return operands.leaf(symbol, value) if written is None else operand(written)


def derivative(operands: Operands, who: int) -> Expression:
    """Return s'(z) of a neuron that is not coupled; s'(u) where z is normalized."""
    snapshot = operands.snapshot
    kind = snapshot.kinds[who]
    given = (operands.u(who), operands.own_a(who), *_parameters(kind, operands).values())
    symbol = slope_symbol(snapshot, who)
    return _written(kind.neuron.derivative, given, operands, symbol)


def slope_symbol(snapshot: Snapshot, who: int) -> Symbol:
    """Return what the slope of a neuron is called: s'(z[o]), or s'(u[o]) where z is normalized."""
    letter = "u" if who in snapshot.normalized else "z"
    return snapshot.symbol(letter, who).around("s'(", ")")


def chained(operands: Operands, who: int, by_activation: list[Expression]) -> Expression:
    """Return delta (dJ/du, where z is normalized) of a coupled neuron, given dJ/da of its layer."""
    snapshot = operands.snapshot
    kind, members = snapshot.kinds[who], snapshot.members(who)
    z = np.array([operands.apart().u(member) for member in members], dtype=object)
    a = np.array([operands.own_a(member) for member in members], dtype=object)
    parameters = _parameters(kind, operands).values()
    chain = kind.neuron.chain  # type: ignore[attr-defined]
    written = _defined(chain, z, a, np.array(by_activation, dtype=object), *parameters)
    value = snapshot.by_u(who)[operands.sample]
    symbol = Symbol(f"{kind.name}'(layer)")
    return _or_leaf(_at(written, members.index(who)), operands, symbol, value)


# -- losses ------------------------------------------------------------------------------------


def loss_textbook(operands: Operands, who: int) -> Any:
    """Return one output's part of one sample's loss as a book has it, or None."""
    formula = operands.snapshot.loss_kind.formula
    named = {"a": operands.a(who), "y": operands.y(who), **_loss_parameters(operands)}
    if operands.symbols and _has_cases(formula):
        # One text for all samples: which case holds depends on the numbers.
        return _renamed(formula, named)
    return textbook(formula, named)


def _loss_parameters(operands: Operands) -> dict[str, Expression]:
    parameters = operands.snapshot.loss_kind.parameters
    return {name: operands.leaf(name, value) for name, value in parameters.items()}


@cache
def _has_cases(formula: str) -> bool:
    """Whether a formula is arithmetic whose text depends on the numbers: ``if``, or ``abs``."""
    tree = _tree(formula)
    return tree is not None and any(
        isinstance(node, ast.IfExp) or (isinstance(node, ast.Name) and node.id == "abs")
        for node in ast.walk(tree)
    )


def loss_part(operands: Operands, who: int) -> Expression:
    """Return one output's part of one sample's loss as the engine computes it."""
    snapshot, loss = operands.snapshot, operands.snapshot.loss_kind
    from_z = snapshot.partnered(who)
    if from_z and snapshot.kinds[who].coupled:
        return _coupled_loss_part(operands, who)
    given = operands.u(who) if from_z else operands.a(who)
    y = operands.y(who)
    function: Callable[..., Any] = loss.loss_from_z if from_z else loss.loss
    symbol = snapshot.symbol("a", who).around(f"{type(loss).__name__}(", ")")
    return _written(function, (given, y, *_loss_parameters(operands).values()), operands, symbol)


def _coupled_loss_part(operands: Operands, who: int) -> Expression:
    snapshot, loss = operands.snapshot, operands.snapshot.loss_kind
    members = snapshot.members(who)
    z = np.array([operands.u(member) for member in members], dtype=object)
    symbol = snapshot.symbol("a", who).around(f"{type(loss).__name__}(", ")")
    targets = _layer_targets(operands, members)
    return _of_layer(loss.loss_from_z, z, targets, members.index(who), operands, symbol)


def _of_layer(
    function: Callable[..., Any],
    given: Any,
    targets: Any,
    position: int,
    operands: Operands,
    symbol: Symbol,
) -> Expression:
    """Return one entry of a function of a loss and all coupled neurons."""
    parameters = _loss_parameters(operands).values()
    written = _defined(function, given, targets, *parameters)
    if written is not None:
        return operand(written[position])
    values = [np.array([x.value for x in layer]) for layer in (given, targets)]
    with np.errstate(all="ignore"):
        plain = bind(function, NUMPY)(*values, *(x.value for x in parameters))
    return operands.leaf(symbol, float(plain[position]))


def _layer_targets(operands: Operands, members: list[int]) -> Any:
    """Return the targets of coupled neurons; 0 for one that is no output."""
    column = operands.snapshot.column
    found = [operands.y(i) if i in column else operand(0.0) for i in members]
    return np.array(found, dtype=object)


def penalty_by_w(operands: Operands, slot: int, symbol: Symbol) -> list[Expression]:
    """Return the derivatives of the penalties on a weight."""
    snapshot, found = operands.snapshot, []
    for regularizer in snapshot.regularization.penalties_of(snapshot.wiring, slot):
        w, name = operands.leaf(symbol, snapshot.parameters[slot]), type(regularizer).__name__
        strength = operands.leaf(f"strength({name})", regularizer.strength)
        called = symbol.around(f"d{name}/d")
        found.append(_written(regularizer.derivative, (w, strength), operands, called))
    return found


def loss_by_a(operands: Operands, who: int) -> Expression:
    """Return the derivative of one output's part of the loss by its activation."""
    loss = operands.snapshot.loss_kind
    a, y = operands.a(who), operands.y(who)
    symbol = operands.snapshot.symbol("a", who).around("dloss/d")
    given = (a, y, *_loss_parameters(operands).values())
    return _written(loss.derivative, given, operands, symbol)


def loss_delta(operands: Operands, who: int) -> Expression:
    """Return the derivative by z of a loss that is computed from z: a - y, where that holds."""
    target = _layer_targets(operands, [who])[0]
    short: Expression = operands.a(who) - target
    apart = operands.apart()
    defined = _defined_delta(apart, who)
    if agrees(short, defined.value, operands.snapshot.tolerance):
        return short
    operands.terms.update(apart.terms)
    return defined


def _defined_delta(operands: Operands, who: int) -> Expression:
    snapshot, loss = operands.snapshot, operands.snapshot.loss_kind
    symbol = snapshot.symbol("z", who).around(f"d{type(loss).__name__}/d")
    if snapshot.kinds[who].coupled:
        members = snapshot.members(who)
        a = np.array([operands.a(member) for member in members], dtype=object)
        targets = _layer_targets(operands, members)
        return _of_layer(loss.derivative_by_z, a, targets, members.index(who), operands, symbol)
    one, y = operands.a(who), operands.y(who)
    given = (one, y, *_loss_parameters(operands).values())
    return _written(loss.derivative_by_z, given, operands, symbol)
