"""What is written over the columns, and between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from neurosim.drawing.captions import Line, shortened
from neurosim.drawing.names import formula_of, shape_of

if TYPE_CHECKING:
    from neurosim.drawing.columns import Column
    from neurosim.drawing.plan import Plan

__all__ = ["headings_of", "shapes_of"]


def headings_of(plan: Plan) -> list[list[Line]]:
    """Return the lines over every column, from top to bottom."""
    return [[*_titles(plan, column), *_formula(plan, column)] for column in plan.columns]


def shapes_of(plan: Plan) -> list[Line | None]:
    """Return what stands between every two columns: the shape of the weights."""
    return [_shape(plan, *pair) for pair in zip(plan.columns, plan.columns[1:], strict=False)]


def _titles(plan: Plan, column: Column) -> list[Line]:
    if not plan.shows("titles"):
        return []
    sizes, inks = plan.sizes, plan.inks
    lines = [Line(_what(column), "kind", sizes.layer_kind, inks.quiet)]
    if column.named:
        name = shortened(column.layer.name or "")
        lines.insert(0, Line(name, "layer", sizes.layer_name, inks.ink, bold=True))
    more = ", ".join(_more(plan, column))
    return [*lines, Line(more, "layer note", sizes.layer_kind, inks.quiet)] if more else lines


def _what(column: Column) -> str:
    """Return how many neurons of which kind stand in a column."""
    layer, many = column.layer, column.size != 1
    part = column.named and column.size != layer.size
    count = f"{column.size} of {layer.size}" if part else f"{column.size:,}"
    if column.kind is None:
        return f"{count} neuron{'s' if many else ''}, several kinds"
    kind = str(column.kind).replace("Neuron", "", 1)
    return f"{count} {'inputs' if many else 'input'}" if kind == "Input" else f"{count} × {kind}"


def _more(plan: Plan, column: Column) -> list[str]:
    """Return what else a layer does: in a line of its own, as it is seldom."""
    found = []
    if column.kind is not None and column.kind.normalization is not None:
        found.append("normalized")
    rates = plan.network.dropout_rates if plan.shows("marks") else None
    if rates is not None:
        shares = {float(rates[number]) for number in column.members}
        if len(shares) == 1 and max(shares) > 0:
            found.append(f"dropout {plan.text(shares.pop())}")
    return found


def _formula(plan: Plan, column: Column) -> list[Line]:
    formula = formula_of(plan.network, column) if plan.shows("formulas") else ""
    size, ink = plan.sizes.layer_kind, plan.inks.ink
    return [Line(formula, "formula", size, ink, math=True)] if formula else []


def _shape(plan: Plan, before: Column, after: Column) -> Line | None:
    if not (plan.shows("shapes") and before.named and after.named) or {before.size, after.size} - {
        before.layer.size,
        after.layer.size,
    }:
        return None
    layer = int(plan.network.position_of[after.members[0], 0])
    shape = shape_of(plan.network, layer)
    if not shape:
        return None
    return Line(shape, "shape", plan.sizes.layer_kind, plan.inks.quiet, math=True)
