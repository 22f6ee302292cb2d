"""The graph engine's loops for one sample, as the source of two Python functions.

Neuron i goes by ``z2``, ``a2`` and ``d2`` (its delta), parameter k by ``p[k]``, column c of the
targets by ``y0``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.engines.expressions import WRITTEN, written
from neurosim.engines.formulas import Formulas
from neurosim.functions import FLOAT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from neurosim.engines.traversal import TraversalEngine

__all__ = ["Source", "backward_source", "forward_source"]

# The compiler goes as deep as a sum has terms.
_TERMS = 40


@final
class Source:
    """The lines of one function, and the names that they speak of.

    Parameters
    ----------
    header : str
        The line with ``def``.
    engine : TraversalEngine
    """

    def __init__(self, header: str, engine: TraversalEngine) -> None:
        self.lines = [header]
        self.names: dict[str, Any] = {**FLOAT, "array": np.array, "sum_up": np.sum}
        blocks, loss = engine.network.wiring.blocks, engine.network.loss
        self.engine, self.formulas = engine, engine.formulas[True]
        self._stand_ins = Formulas(blocks, loss, WRITTEN, WRITTEN)
        self._ours = [_is_ours(block.kind.neuron) for block in blocks]
        self._our_loss = _is_ours(type(loss))

    def add(self, line: str) -> None:
        """Write one more line."""
        self.lines.append(f"    {line}")

    def sum(self, name: str, terms: list[str]) -> None:
        """Write ``name = 0.0 + ...``: the terms added up one after the other."""
        total = "0.0"
        for first in range(0, max(1, len(terms)), _TERMS):
            self.add(f"{name} = {' + '.join([total, *terms[first : first + _TERMS]])}")
            total = name

    def of_kind(self, name: str, index: int, *names: str) -> str:
        """Write lines that compute a formula of a block's kind; return what its result goes by."""
        stand_in = getattr(self._stand_ins, name)[index] if self._ours[index] else None
        return self._formula(stand_in, getattr(self.formulas, name)[index], names)

    def of_loss(self, name: str, *names: str) -> str:
        """Write lines that compute a formula of the loss; return what its result goes by."""
        stand_in = getattr(self._stand_ins, name) if self._our_loss else None
        return self._formula(stand_in, getattr(self.formulas, name), names)

    def _formula(self, stand_in: Any, formula: Any, names: tuple[str, ...]) -> str:
        lines = None if stand_in is None else written(stand_in, *names)
        if lines is None:
            return self.call(formula, *names)
        for line in lines[0]:
            self.add(line)
        return lines[1]

    def call(self, function: Any, *arguments: str) -> str:
        """Return a call of a function."""
        name = f"f{len(self.names)}"
        self.names[name] = function
        return f"{name}({', '.join(arguments)})"

    def function(self, name: str) -> Callable[..., Any]:
        """Return the function."""
        exec(compile("\n".join(self.lines), f"<{name} of one sample>", "exec"), self.names)
        function: Callable[..., Any] = self.names[name]
        return function


def _is_ours(cls: type) -> bool:
    """Whether the library states the formulas of a class.

    A person's own are called as they stand: they may draw random numbers, or count their calls.
    """
    return cls.__module__.partition(".")[0] == __name__.partition(".")[0]


def _listed(names: Iterable[str]) -> str:
    return f"[{', '.join(names)}]"


def _array(names: Iterable[str]) -> str:
    return f"array({_listed(names)})"


def forward_source(engine: TraversalEngine) -> Source:
    """Return the source of a function of the parameters and x that returns z and a."""
    source = Source("def forward(p, x):", engine)
    n = engine.network.wiring.n_neurons
    source.add(f"{_listed(f'a{i}' for i in engine.inputs)} = x")
    for index, (block, coupled) in enumerate(zip(engine.blocks, engine.coupled, strict=True)):
        for number, incoming, bias in block:
            terms = [f"p[{slot}] * a{i}" for i, slot in incoming]
            source.sum(f"z{number}", [*terms, f"p[{bias}]"])
        _activations(source, index, [number for number, _, _ in block], coupled)
    inputs = set(engine.inputs)
    z = _listed("None" if i in inputs else f"z{i}" for i in range(n))
    source.add(f"return {z}, {_listed(f'a{i}' for i in range(n))}")
    return source


def _activations(source: Source, index: int, numbers: list[int], coupled: bool) -> None:
    if coupled:
        together = source.call(source.formulas.activate[index], _array(f"z{i}" for i in numbers))
        source.add(f"{_listed(f'a{i}' for i in numbers)} = {together}.tolist()")
        return
    for number in numbers:
        source.add(f"a{number} = {source.of_kind('activate', index, f'z{number}')} + 0.0")


def backward_source(engine: TraversalEngine) -> Source:
    """Return the source of a function of the parameters, y, z and a.

    It returns the loss, the deltas (0.0 of the inputs), and the gradient.
    """
    source = Source("def backward(p, y, z, a):", engine)
    n = engine.network.wiring.n_neurons
    source.add(f"{_listed(f'y{column}' for column in range(len(engine.outputs)))} = y")
    for letter in "za":
        source.add(f"{_listed(f'{letter}{i}' for i in range(n))} = {letter}")
    _loss(source)
    delta = _deltas(source)
    gradient = _gradient(source, delta)
    source.add(f"return loss, {_listed(delta)}, {_listed(gradient)}")
    return source


def _loss(source: Source) -> None:
    engine, parts = source.engine, []
    for index, columns in enumerate(engine.outs):
        if columns and engine.coupled[index] and engine.partner[index]:
            parts.append(_loss_together(source, index))
            continue
        name, letter = ("loss_from_z", "z") if engine.partner[index] else ("loss", "a")
        for number, column in columns:
            part = source.of_loss(name, f"{letter}{number}", f"y{column}")
            source.add(f"part{column} = {part}")
            parts.append(f"part{column}")
    source.sum("loss", parts)


def _loss_together(source: Source, index: int) -> str:
    engine = source.engine
    numbers = [number for number, _, _ in engine.blocks[index]]
    targets = [f"y{engine.column[i]}" if i in engine.column else "0.0 * y0" for i in numbers]
    function = engine.formulas[False].loss_from_z
    parts = source.call(function, _array(f"z{i}" for i in numbers), _array(targets))
    return f"float(sum_up({parts}))"


def _deltas(source: Source) -> list[str]:
    engine = source.engine
    delta = ["0.0"] * engine.network.wiring.n_neurons
    for index in reversed(range(len(engine.blocks))):
        numbers = [number for number, _, _ in engine.blocks[index]]
        reached = [number for number in numbers if engine.reached[number]]
        for number in reached:
            _by_activation(source, index, number, delta)
            if not engine.coupled[index]:
                _delta(source, index, number)
        if engine.coupled[index] and reached:
            _deltas_together(source, index, numbers)
        for number in numbers if engine.coupled[index] and reached else reached:
            delta[number] = f"d{number}"
    return delta


def _by_activation(source: Source, index: int, number: int, delta: list[str]) -> None:
    """Write dJ/da_j: the neuron's part of the loss, and what its readers hand back."""
    engine, terms = source.engine, []
    column = engine.column.get(number)
    if column is not None and not engine.partner[index]:
        terms.append(source.of_loss("loss_derivative", f"a{number}", f"y{column}"))
    terms += [f"p[{slot}] * {delta[reader]}" for reader, slot in engine.outgoing[number]]
    source.sum(f"d{number}", terms)


def _delta(source: Source, index: int, number: int) -> None:
    """Write delta_j from dJ/da_j, which goes by the same name."""
    engine, name = source.engine, f"d{number}"
    column, partner = engine.column.get(number), engine.partner[index]
    if engine.outgoing[number] or not partner:
        slope = source.of_kind("derive", index, f"z{number}", f"a{number}")
        source.add(f"{name} = {name} * {slope}")
    if column is not None and partner:
        own = source.of_loss("loss_delta", f"a{number}", f"y{column}")
        source.add(f"{name} = {name} + {own}")


def _deltas_together(source: Source, index: int, numbers: list[int]) -> None:
    engine = source.engine
    a, together = _array(f"a{i}" for i in numbers), _array("0.0" for _ in numbers)
    from_z = engine.from_z(numbers)
    if any(engine.outgoing[i] for i in numbers) or not from_z:
        z, by_output = (
            _array(f"z{i}" for i in numbers),
            _array(f"d{i}" if engine.reached[i] else "0.0" for i in numbers),
        )
        together = source.call(source.formulas.derive[index], z, a, by_output)
    if from_z:
        y = [f"y{engine.column[i]}" if i in engine.column else "0.0" for i in numbers]
        own = source.call(engine.formulas[False].loss_delta, a, _array(y))
        together = f"({together} + {own})"
    source.add(f"{_listed(f'd{i}' for i in numbers)} = {together}.tolist()")


def _gradient(source: Source, delta: list[str]) -> list[str]:
    engine = source.engine
    terms: list[list[str]] = [[] for _ in range(engine.network.wiring.n_parameters)]
    alone = [False] * len(terms)
    for block, matrix in zip(engine.blocks, engine.matrices, strict=True):
        for number, incoming, bias in block:
            for i, slot in incoming:
                terms[slot].append(f"a{i} * {delta[number]}")
                alone[slot] = matrix is not None
            terms[bias].append(delta[number])
            alone[bias] = matrix is not None
    return [_entry(source, slot, own, alone[slot]) for slot, own in enumerate(terms)]


def _entry(source: Source, slot: int, terms: list[str], alone: bool) -> str:
    """Return what one entry of the gradient goes by; parameters of matrices have one term."""
    if alone:
        return terms[0]
    if len(terms) < _TERMS:
        return " + ".join(["0.0", *terms])
    source.sum(f"g{slot}", terms)
    return f"g{slot}"
