"""Loss: the mean over the samples of the sum over the outputs, its convention written out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from neurosim.tracing.expression import total
from neurosim.tracing.formulas import agrees, loss_part, loss_textbook
from neurosim.tracing.operands import words
from neurosim.tracing.steps import Step
from neurosim.tracing.symbols import Symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from neurosim.tracing.expression import Expression
    from neurosim.tracing.operands import Operands
    from neurosim.tracing.snapshot import Snapshot
    from neurosim.tracing.steps import Words

__all__ = ["steps"]


def steps(snapshot: Snapshot) -> Iterator[Step]:
    """Yield the one loss."""
    source = partial(_words, snapshot)
    yield Step("loss", "loss", "loss", None, snapshot.loss, source=source)


def _words(snapshot: Snapshot) -> Words:
    return words(Symbol("loss"), _equation, snapshot, None, snapshot.loss, _explanation(snapshot))


def _equation(operands: Operands) -> Expression:
    snapshot = operands.snapshot
    book = _mean(operands, loss_textbook)
    if book is not None and (operands.symbols or _fits(book, snapshot)):
        return book
    operands.terms.clear()
    engine = _mean(operands, loss_part)
    assert engine is not None
    return engine


def _fits(book: Expression, snapshot: Snapshot) -> bool:
    return agrees(book, snapshot.loss, snapshot.tolerance)


def _mean(operands: Operands, part: Callable[[Operands, int], Any]) -> Expression | None:
    """Return the loss with `part` for each output; None where that cannot be written."""
    # In the engine's order, in which the sum of one sample comes out bit for bit.
    outputs = [who for who in operands.snapshot.rows if who in operands.snapshot.column]
    if part(operands.apart(), outputs[0]) is None:
        return None
    mean: Expression = (
        operands.over_samples(lambda: total(part(operands, who) for who in outputs)) / operands.n
    )
    return mean


def _explanation(snapshot: Snapshot) -> str:
    outputs = "1 output" if len(snapshot.outputs) == 1 else f"{len(snapshot.outputs)} outputs"
    samples = "1 sample" if snapshot.n == 1 else f"{snapshot.n} samples"
    formula = snapshot.loss_kind.formula
    return (
        f"{repr(snapshot.loss_kind).removesuffix('()')}: the mean over {samples} of the sum over "
        f"{outputs} of {formula or 'the loss of each'}."
    )
