"""From a network to its scene: what is shown, laid out, and put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from neurosim.drawing import legend, style
from neurosim.drawing.captions import Caption, Line, captions_of, shortened
from neurosim.drawing.heights import label_height, note_heights
from neurosim.drawing.layout import Layout, arranged
from neurosim.drawing.numbers import MOST_NUMBERS, MOST_UNASKED
from neurosim.drawing.plan import Plan
from neurosim.drawing.scene import Edges, Node, Scene, Stroke, Text

if TYPE_CHECKING:
    from neurosim.drawing.boxes import Measure
    from neurosim.drawing.columns import Column
    from neurosim.drawing.options import Options
    from neurosim.network import Network

__all__ = ["scene_of"]

LABEL_GAP, TITLE_GAP, LINE_GAP, LEGEND_GAP, INSIDE_GAP = 6.0, 16.0, 3.0, 16.0, 0.6


def scene_of(network: Network, options: Options, measure: Measure) -> Scene:
    """Return the drawing of a network as data; the network stays as it is."""
    return _Composer(Plan.of(network, options, measure)).scene()


class _Composer:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.captions = captions_of(plan)
        self.headings = [_heading(plan, column) for column in plan.columns]
        self.number_texts = _number_texts(plan)
        self.layout = arranged(plan, self.captions, self._number_sizes(), self._heading_widths())
        self.texts: list[Text] = []
        self.strokes: list[Stroke] = []

    def scene(self) -> Scene:
        """Return everything, from the inside to the outside."""
        nodes = [_node(self.plan, number, *at) for number, at in self.layout.node.items()]
        self._caption_nodes()
        self._number_edges()
        self._mark_ellipses()
        left, right = self._sides()
        top = self._add_headings(self.layout.top)
        left, right, top = self._add_title(left, right, top)
        bottom = self._add_legend(left, right, self.layout.bottom)
        m = style.MARGIN
        frame = (left - m, bottom - m, right + m, top + m)
        edges = _edges(self.plan, self.layout)
        return Scene(nodes, edges, self.texts, self.strokes, [], *frame)

    def _size(self, line: Line) -> tuple[float, float]:
        return self.plan.measure(line.text, line.size, line.bold)

    def _add(
        self, line: Line, x: float, y: float, of: str, align: str = "center", ground: str = "none"
    ) -> None:
        self.texts.append(
            Text(line.text, x, y, line.size, line.color, align, line.bold, line.role, of, ground)
        )

    # -- nodes ----------------------------------------------------------------------------------

    def _caption_nodes(self) -> None:
        for number, (x, y) in self.layout.node.items():
            caption, of = self.captions[number], self.plan.network.labels[number]
            self._add_inside(caption, x, y, of)
            self._add_label(caption, x, y, of)
            heights = note_heights(y, caption, self.plan)
            for line, height in zip(caption.notes, heights, strict=True):
                self._add(line, x, height, of, ground="dashed" if line.dashed else "box")

    def _add_inside(self, caption: Caption, x: float, y: float, of: str) -> None:
        steps = [self._size(line)[1] + INSIDE_GAP for line in caption.inside]
        top = y + sum(steps) / 2
        for line, step in zip(caption.inside, steps, strict=True):
            self._add(line, x, top - step / 2, of)
            top -= step

    def _add_label(self, caption: Caption, x: float, y: float, of: str) -> None:
        if caption.label is None:
            return
        radius = self.plan.sizes.radius
        if caption.side == "above":
            height = label_height(y, caption.label.size, self.plan)
            self._add(caption.label, x, height, of, ground="box")
        elif caption.side == "left":
            self._add(caption.label, x - radius - LABEL_GAP, y, of, "right")
        else:
            self._add(caption.label, x + radius + LABEL_GAP, y, of, "left")

    def _mark_ellipses(self) -> None:
        for position, (x, y) in self.layout.ellipsis.items():
            column = self.plan.columns[position]
            size = self.plan.sizes.label
            more = Line(f"{column.left_out:,} more", "left out", size, style.QUIET_INK)
            dots = Line("⋮", "ellipsis", size * 1.5, style.QUIET_INK, bold=True)
            of = column.layer.name or ""
            self._add(dots, x, y + size * 0.75, of)
            self._add(more, x, y - size * 0.65, of, ground="box")

    # -- edges ----------------------------------------------------------------------------------

    def _number_sizes(self) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        size = self.plan.sizes.number
        sizes = np.zeros((len(self.number_texts), 2))
        for edge, text in enumerate(self.number_texts):
            if text:
                sizes[edge] = self.plan.measure(text, size, False)
        return sizes

    def _number_edges(self) -> None:
        labels, edges = self.plan.network.labels, self.plan.edges
        for edge, box in self.layout.numbers.items():
            of = f"{labels[edges.sources[edge]]}->{labels[edges.targets[edge]]}"
            weight = float(self.plan.network.parameters[edges.slots[edge]])
            ink = style.sign_ink(weight)
            line = Line(self.number_texts[edge], "weight", self.plan.sizes.number, ink)
            self._add(line, box.x, box.y, of, ground="box")

    # -- around them ----------------------------------------------------------------------------

    def _heading_widths(self) -> list[float]:
        return [max((self._size(line)[0] for line in h), default=0.0) for h in self.headings]

    def _sides(self) -> tuple[float, float]:
        """Return how far the columns reach with their headings and the labels beside them."""
        x, radius = self.layout.x, self.plan.sizes.radius
        half = [max(radius, width / 2) for width in self._heading_widths()]
        left = min(at - w for at, w in zip(x, half, strict=True))
        right = max(at + w for at, w in zip(x, half, strict=True))
        for text in self.texts:
            width = self.plan.measure(text.text, text.size, text.bold)[0]
            before, after = {"left": (0.0, 1.0), "right": (1.0, 0.0)}.get(text.align, (0.5, 0.5))
            left, right = min(left, text.x - before * width), max(right, text.x + after * width)
        return left, right

    def _add_headings(self, top: float) -> float:
        """Add the names of the columns; return how far up they reach."""
        if not any(self.headings):
            return top
        base = top + TITLE_GAP
        reach = base
        for x, heading, column in zip(self.layout.x, self.headings, self.plan.columns, strict=True):
            y = base
            for line in reversed(heading):
                height = self._size(line)[1]
                self._add(line, x, y + height / 2, column.layer.name or "")
                y += height + LINE_GAP
            reach = max(reach, y - LINE_GAP)
        return reach

    def _add_title(self, left: float, right: float, top: float) -> tuple[float, float, float]:
        title = self.plan.options.title
        if title is None:
            return left, right, top
        lines = [Line(text, "title", style.TITLE, bold=True) for text in title.splitlines()]
        middle, half, top = (left + right) / 2, (right - left) / 2, top + TITLE_GAP
        for line in reversed(lines):
            width, height = self._size(line)
            self._add(line, middle, top + height / 2, "")
            half, top = max(half, width / 2), top + height + LINE_GAP
        return middle - half, middle + half, top - LINE_GAP

    def _add_legend(self, left: float, right: float, bottom: float) -> float:
        if not self.plan.shows("legend"):
            return bottom
        height = self.plan.height_of(style.LEGEND)
        y = bottom - LEGEND_GAP
        for row in legend.rows_of(self.plan, self.layout.numbers, right - left):
            for x, entry in row:
                self._add_entry(entry, (left + right) / 2 + x, y - height / 2)
            y -= height + LINE_GAP
        return min(bottom, y + LINE_GAP)

    def _add_entry(self, entry: legend.Entry, x: float, y: float) -> None:
        if entry.color is not None:
            mark = entry.mark(x, y)
            self.strokes.append(Stroke(mark, entry.color, entry.width, entry.dashed))
        line = Line(entry.text, "legend", style.LEGEND, style.QUIET_INK)
        self._add(line, x + entry.swatch, y, entry.text, "left")


def _heading(plan: Plan, column: Column) -> list[Line]:
    """Return the lines over a column, from top to bottom."""
    if not plan.shows("titles"):
        return []
    layer = column.layer
    return [
        Line(shortened(layer.name or ""), "layer", style.LAYER_NAME, bold=True),
        Line(_what(column), "kind", style.LAYER_KIND, style.QUIET_INK),
    ]


def _what(column: Column) -> str:
    """Return how many neurons of which kind stand in a column."""
    layer, many = column.layer, column.size != 1
    count = f"{column.size:,}" if column.size == layer.size else f"{column.size} of {layer.size}"
    if column.kind is None:
        return f"{count} neuron{'s' if many else ''}, several kinds"
    kind = str(column.kind).replace("Neuron", "", 1)
    return f"{count} {'inputs' if many else 'input'}" if kind == "Input" else f"{count} × {kind}"


def _number_texts(plan: Plan) -> list[str]:
    """Return what is written on every edge; an empty text where there cannot be room for it."""
    texts = [""] * len(plan.edges)
    if not plan.shows("weights") or not texts:
        return texts
    network, slots = plan.network, plan.edges.slots
    most = MOST_NUMBERS if plan.options.show is not None else MOST_UNASKED
    _, group, counts = np.unique(
        plan.edges.columns, axis=0, return_inverse=True, return_counts=True
    )
    for edge in np.flatnonzero(counts[group.reshape(-1)] <= most).tolist():
        slot = int(slots[edge])
        number = style.number_text(float(network.parameters[slot]), plan.options.digits)
        tie = network.tie_name(slot)
        texts[edge] = number if tie is None else f"{shortened(tie)} = {number}"
    return texts


def _node(plan: Plan, number: int, x: float, y: float) -> Node:
    wiring = plan.network.wiring
    fill = style.INPUT_FILL if wiring.is_input(number) else style.NEURON_FILL
    outline, width = style.OUTLINE, style.OUTLINE_WIDTH
    if number in wiring.outputs:
        width = style.OUTPUT_WIDTH
    if not wiring.reached[number]:
        fill, outline = style.UNREAD_FILL, style.UNREAD_OUTLINE
    label = plan.network.labels[number]
    return Node(number, label, x, y, plan.sizes.radius, fill, outline, width)


def _edges(plan: Plan, layout: Layout) -> Edges:
    network, drawn, sizes = plan.network, plan.edges, plan.sizes
    weights = np.asarray(network.parameters[drawn.slots], dtype=np.float64)
    # What is not finite is drawn as if it were the largest.
    size = np.where(np.isfinite(weights), np.abs(weights), np.inf)
    largest = size[np.isfinite(size)].max(initial=0.0)
    share = np.minimum(size / largest, 1.0) if largest > 0 else np.where(size > 0, 1.0, 0.0)
    order = np.argsort(share, kind="stable")
    labels = network.labels
    pairs = zip(drawn.sources[order].tolist(), drawn.targets[order].tolist(), strict=True)
    return Edges(
        [f"{labels[source]}->{labels[target]}" for source, target in pairs],
        drawn.sources[order],
        drawn.targets[order],
        [layout.paths[edge] for edge in order.tolist()],
        weights[order],
        sizes.thinnest + (sizes.widest - sizes.thinnest) * share[order],
        sizes.faintest + (1.0 - sizes.faintest) * share[order],
        [style.sign_color(weight) for weight in weights[order].tolist()],
        network.frozen[drawn.slots][order],
    )
