"""From a network to its scene: what is shown, laid out, and put together."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.drawing import legend
from neurosim.drawing.captions import Caption, Line, captions_of
from neurosim.drawing.headings import headings_of, shapes_of
from neurosim.drawing.key import drawn_key
from neurosim.drawing.layout import Layout, arranged
from neurosim.drawing.pages import paged
from neurosim.drawing.placing import texts_at
from neurosim.drawing.plan import Plan
from neurosim.drawing.scene import Node, Rectangle, Scene, Stroke, Text
from neurosim.drawing.standing import in_one_frame, roomiest
from neurosim.drawing.strands import FADED, edges_of, number_lines
from neurosim.drawing.themes import THEMES, blended

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neurosim.drawing.boxes import Measure
    from neurosim.drawing.options import Options
    from neurosim.drawing.values import Values
    from neurosim.network import Network

__all__ = ["composed", "scene_of"]

TITLE_GAP, LINE_GAP, INSIDE_GAP = 16.0, 3.0, 0.6
OUTLINE_WIDTH, OUTPUT_WIDTH = 1.1, 2.0
LEADING = 1.06


def scene_of(
    network: Network,
    options: Options,
    measure: Measure,
    values: Values | None = None,
    *,
    parameters: Any = None,
    largest: float | None = None,
    states: Sequence[tuple[Values, Any]] = (),
) -> Scene:
    """Return the drawing of a network as data; the network stays as it is.

    Parameters
    ----------
    network : Network
    options : Options
    measure : callable
        How large a text is.
    values : Values, optional
        The numbers at neurons and edges, such as those of a trace; without them, those of the
        last pass, where they belong to the parameters.
    parameters : array, optional
        Another state of the network, which is drawn instead of its own.
    largest : float, optional
        The number that the widest edge stands for, where several drawings have one scale.
    states : sequence of (Values, array)
        Numbers and parameters that there must be room for, too: drawings with the same ones have
        everything in the same place.
    """
    plan = partial(Plan.of, network, parameters=parameters, largest=largest)
    return paged(
        lambda chosen, room: composed(plan(chosen, measure, values, room=room), states),
        options,
        THEMES[options.style],
    )


def composed(plan: Plan, states: Sequence[tuple[Values, Any]] = ()) -> Scene:
    """Return what a plan shows, at its natural size, where it stands in other states, too."""
    others = [replace(plan, values=values, parameters=now) for values, now in states]
    composers = [_Composer(each) for each in (plan, *others)]
    layout = arranged(
        plan,
        roomiest(plan, [each.captions for each in composers]),
        np.max([each.number_sizes() for each in composers], axis=0),
        composers[0].heading_widths(),
    )
    return in_one_frame([each.scene(layout) for each in composers])


class _Composer:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.captions = captions_of(plan)
        self.headings, self.shapes = headings_of(plan), shapes_of(plan)
        self.numbers = number_lines(plan)
        self.layout = Layout()
        self.texts: list[Text] = []
        self.strokes: list[Stroke] = []
        self.rectangles: list[Rectangle] = []
        edges = plan.edges
        lit = (
            None
            if plan.highlight is None
            else plan.highlight.of_edges(edges.sources, edges.targets)
        )
        self.lit = np.ones(len(edges), dtype=bool) if lit is None else lit

    def scene(self, layout: Layout) -> Scene:
        """Return everything, from the inside to the outside."""
        self.layout = layout
        nodes = [self._node(number, *at) for number, at in self.layout.node.items()]
        self._caption_nodes()
        self._number_edges()
        self._mark_ellipses()
        left, right = self._sides()
        if self.plan.options.direction == "down":
            left, top = self._add_side_headings(left), self.layout.top
        else:
            top = self._add_headings(self.layout.top)
        left, right, top = self._add_title(left, right, top)
        bottom = self._add_legend(left, right, self.layout.bottom)
        m = self.plan.theme.margin
        return Scene(
            nodes,
            edges_of(self.plan, self.layout),
            self.texts,
            self.strokes,
            self.rectangles,
            *(left - m, bottom - m, right + m, top + m),
            paper=self.plan.inks.paper,
            description=_description(self.plan),
        )

    def _size(self, line: Line) -> tuple[float, float]:
        return self.plan.size_of(line)

    def _add(
        self,
        line: Line,
        x: float,
        y: float,
        of: str,
        align: str = "center",
        ground: str = "none",
        *,
        faded: bool = False,
    ) -> None:
        looks = (line.size, line.color, align, line.bold, line.role, of, ground, line.math)
        self.texts.append(Text(line.text, x, y, *looks, FADED if faded else 1.0))

    # -- nodes ----------------------------------------------------------------------------------

    def _node(self, number: int, x: float, y: float) -> Node:
        plan, inks, wiring = self.plan, self.plan.inks, self.plan.network.wiring
        outline, width = inks.outline, OUTLINE_WIDTH
        if number in wiring.outputs:
            width = OUTPUT_WIDTH
        if not wiring.reached[number]:
            outline = inks.unread_outline
        alpha = FADED if plan.fades(number) else 1.0
        if number in plan.values.dropped and plan.shows("marks"):
            # The circle is dashed, which a node's own outline cannot be.
            color = blended(inks.paper, outline, alpha)
            circle = legend.circle(x, y, plan.sizes.radius)
            self.strokes.append(Stroke(circle, color, width * plan.sizes.line, dashed=True))
            outline = inks.paper
        label = plan.network.labels[number]
        looks = (plan.sizes.radius, self._fill(number), outline, width * plan.sizes.line, alpha)
        return Node(number, label, x, y, *looks)

    def _fill(self, number: int) -> str:
        plan, inks = self.plan, self.plan.inks
        known = plan.values.activation if plan.shows("fills") else {}
        if number in known:
            value = known[number]
            if np.isnan(value):
                return inks.unread_fill
            return inks.fill(float(np.clip(value / legend.largest_activation(plan), -1.0, 1.0)))
        if plan.network.wiring.is_input(number):
            return inks.input_fill
        return inks.neuron_fill if plan.network.wiring.reached[number] else inks.unread_fill

    def _caption_nodes(self) -> None:
        for number, (x, y) in self.layout.node.items():
            caption, of = self.captions[number], self.plan.network.labels[number]
            faded = self.plan.fades(number)
            self._add_inside(caption, x, y, of, faded)
            for placed in texts_at(self.plan, caption):
                text = placed.moved(x, y)
                ground = "dashed" if text.line.dashed else "box"
                if text.line is caption.label and self._stands_free(caption):
                    ground = "none"
                self._add(text.line, text.x, text.y, of, text.align, ground, faded=faded)

    def _stands_free(self, caption: Caption) -> bool:
        """Whether a label stands where no edges are."""
        free = {"right": {"left", "right"}, "down": {"above"}}
        return caption.side in free[self.plan.options.direction]

    def _add_inside(self, caption: Caption, x: float, y: float, of: str, faded: bool) -> None:
        steps = [self._size(line)[1] + INSIDE_GAP for line in caption.inside]
        top = y + sum(steps) / 2
        for line, step in zip(caption.inside, steps, strict=True):
            self._add(line, x, top - step / 2, of, faded=faded)
            top -= step

    def _mark_ellipses(self) -> None:
        for ellipsis in self.layout.ellipses:
            of = self.plan.columns[ellipsis.column].layer.name or ""
            for line, dy in ellipsis.lines:
                self._add(line, ellipsis.x, ellipsis.y + dy, of, ground="box")

    # -- edges ----------------------------------------------------------------------------------

    def number_sizes(self) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """Return the width and height of what stands on every edge, one line on the other."""
        sizes = np.zeros((len(self.numbers), 2))
        for edge, lines in enumerate(self.numbers):
            if lines:
                both = np.array([self._size(line) for line in lines])
                sizes[edge] = both[:, 0].max(), LEADING * both[:, 1].sum()
        return sizes

    def _number_edges(self) -> None:
        labels, edges = self.plan.network.labels, self.plan.edges
        for edge, box in self.layout.numbers.items():
            of = f"{labels[edges.sources[edge]]}->{labels[edges.targets[edge]]}"
            heights = [LEADING * self._size(line)[1] for line in self.numbers[edge]]
            y = box.y + sum(heights) / 2
            for line, height in zip(self.numbers[edge], heights, strict=True):
                faded = not self.lit[edge]
                self._add(line, box.x, y - height / 2, of, ground="box", faded=faded)
                y -= height

    # -- around them ----------------------------------------------------------------------------

    def heading_widths(self) -> list[float]:
        """Return the width of what stands over every column."""
        return [max((self._size(line)[0] for line in h), default=0.0) for h in self.headings]

    def _sides(self) -> tuple[float, float]:
        """Return how far nodes, their texts, edges and headings over columns reach."""
        left, right = self.layout.left, self.layout.right
        if self.plan.options.direction == "right":
            for x, width in zip(self.layout.at, self.heading_widths(), strict=True):
                left, right = min(left, x - width / 2), max(right, x + width / 2)
        return left, right

    def _add_headings(self, top: float) -> float:
        """Add the names of the columns, over the shapes; return how far up they reach."""
        base = top + TITLE_GAP
        shapes = [line for line in self.shapes if line is not None]
        if shapes:
            height = self._size(shapes[0])[1]
            for x0, x1, shape in zip(self.layout.at, self.layout.at[1:], self.shapes, strict=False):
                if shape is not None:
                    self._add(shape, (x0 + x1) / 2, base + height / 2, "")
            base += height + 2 * LINE_GAP
        if not any(self.headings):
            return base - 2 * LINE_GAP if shapes else top
        heights = [[self._size(line)[1] + LINE_GAP for line in h] for h in self.headings]
        storey, storeys = max(sum(column) for column in heights), self.plan.room.storeys
        reach = base + storey * storeys
        columns = zip(self.layout.at, self.headings, heights, self.plan.columns, strict=True)
        for k, (x, heading, steps, column) in enumerate(columns):
            y = reach - storey * (k % storeys)
            for line, step in zip(heading, steps, strict=True):
                self._add(line, x, y - step / 2, column.layer.name or "")
                y -= step
        return reach

    def _add_side_headings(self, left: float) -> float:
        """Add the names of the rows to their left, and the shapes between them."""
        middle = self.layout.at
        placed = [
            (y, heading, column.layer.name or "")
            for y, heading, column in zip(middle, self.headings, self.plan.columns, strict=True)
        ]
        placed += [
            ((y0 + y1) / 2, [shape], "")
            for y0, y1, shape in zip(middle, middle[1:], self.shapes, strict=False)
            if shape is not None
        ]
        lines = [line for _, heading, _ in placed for line in heading]
        if not lines:
            return left
        right = left - TITLE_GAP
        for y, heading, of in placed:
            heights = [self._size(line)[1] + LINE_GAP for line in heading]
            top = y + sum(heights) / 2
            for line, height in zip(heading, heights, strict=True):
                self._add(line, right, top - height / 2, of, "right")
                top -= height
        return right - max(self._size(line)[0] for line in lines)

    def _add_title(self, left: float, right: float, top: float) -> tuple[float, float, float]:
        title = self.plan.options.title
        if title is None:
            return left, right, top
        size, ink = self.plan.sizes.title, self.plan.inks.ink
        lines = [Line(text, "title", size, ink, bold=True) for text in title.splitlines()]
        middle, half, top = (left + right) / 2, (right - left) / 2, top + TITLE_GAP
        for line in reversed(lines):
            width, height = self._size(line)
            self._add(line, middle, top + height / 2, "")
            half, top = max(half, width / 2), top + height + LINE_GAP
        return middle - half, middle + half, top - LINE_GAP

    def _add_legend(self, left: float, right: float, bottom: float) -> float:
        roles = {text.role for text in self.texts}
        entries = legend.entries_of(self.plan, self.layout.numbers, roles)
        key = drawn_key(self.plan, entries, left, right, bottom)
        self.texts += key.texts
        self.strokes += key.strokes
        self.rectangles += key.rectangles
        return key.bottom


def _description(plan: Plan) -> str:
    """Say in one sentence what is drawn."""
    network, compared = plan.network, plan.before is not None
    sizes = "-".join(f"{layer.size}" for layer in network.layers)
    what = "how the weights have changed" if compared else "their weights"
    return (
        f"A neural network of {network.wiring.n_neurons:,} neurons in layers {sizes}, with "
        f"{network.wiring.n_edges:,} edges and {what} as colour and width."
    )
