"""What a drawing shows: the person's options, and what fits this network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.drawing.columns import Column, Drawn, columns_of, drawn_edges
from neurosim.drawing.difference import parameters_before
from neurosim.drawing.highlight import Highlight
from neurosim.drawing.room import USUAL, Room
from neurosim.drawing.style import Sizes, number_text
from neurosim.drawing.themes import THEMES, Inks, Theme
from neurosim.drawing.values import Values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from neurosim.drawing.boxes import Measure
    from neurosim.drawing.options import Options
    from neurosim.network import Network

    Floats = NDArray[Any]

__all__ = ["Plan"]

MOST_COMPACT = 32
"""Columns of more neurons have smaller nodes."""
DOT = 0.45
"""The radius of a dot, as a part of that of the node whose place it takes."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A network, what of it is drawn, and how large.

    Attributes
    ----------
    network : Network
    options : Options
    measure : callable
        How large a text is.
    columns : list of Column
    edges : Drawn
    values : Values
        The numbers of a pass.
    sizes : Sizes
    theme : Theme
    parameters : array
        Those drawn; the network's own, unless another state of it is drawn.
    before : array or None
        The parameters that these are compared with.
    highlight : Highlight or None
    largest : float or None
        The number of the widest edge, where several drawings have one scale.
    room : Room
        How near together everything stands.
    """

    network: Network
    options: Options
    measure: Measure
    columns: list[Column]
    edges: Drawn
    values: Values
    sizes: Sizes
    theme: Theme
    parameters: Floats
    before: Floats | None = None
    highlight: Highlight | None = None
    largest: float | None = None
    room: Room = USUAL

    @classmethod
    def of(
        cls,
        network: Network,
        options: Options,
        measure: Measure,
        values: Values | None = None,
        *,
        parameters: Floats | None = None,
        largest: float | None = None,
        room: Room = USUAL,
    ) -> Plan:
        """Return the plan of a drawing; see `neurosim.drawing.composition.scene_of`.

        With less `room`, layers are nearer together, and nodes are smaller.
        """
        shown = network.parameters if parameters is None else parameters
        highlight = Highlight.of(network, options.highlight, feeding=options.feeding)
        wanted = frozenset() if highlight is None else highlight.neurons
        columns = columns_of(network, options, shown, wanted)
        theme = THEMES[options.style]
        longest = max(len(column.members) for column in columns)
        return cls(
            network,
            options,
            measure,
            columns,
            drawn_edges(network, columns, options.threshold, shown),
            Values.of(network, options.sample) if values is None else values,
            _sizes(theme, longest, room),
            theme,
            shown,
            parameters_before(network, options.compare),
            highlight,
            largest,
            room,
        )

    @cached_property
    def longest(self) -> int:
        """How many neurons the longest column has."""
        return max(len(column.members) for column in self.columns)

    @property
    def roomy(self) -> bool:
        """Whether there is room for texts at every node."""
        return self.longest <= self.theme.longest_roomy and not self.room.small

    @property
    def inks(self) -> Inks:
        """The colours."""
        return self.theme.inks

    @cached_property
    def edge_numbers(self) -> Floats:
        """What the colour and width of every edge tell: its weight, or how that has changed."""
        return self.change(self.edges.slots)

    def change(self, slots: Any) -> Floats:
        """Return parameters, or how they have changed where they are compared."""
        now = np.asarray(self.parameters[slots], dtype=np.float64)
        if self.before is None:
            return now
        with np.errstate(invalid="ignore"):
            change: Floats = now - self.before[slots]
        return change

    def shows(self, name: str) -> bool:
        """Whether something out of `SHOWN` is drawn."""
        small = _SMALL - {"weights"} if self.room.small else _SMALL
        fits = name not in _ON_REQUEST and (self.roomy or name in small)
        return self.options.asks_for(name, fits)

    def fades(self, number: int) -> bool:
        """Whether a neuron is none of those that stand out."""
        return self.highlight is not None and number not in self.highlight.neurons

    def text(self, number: float) -> str:
        """Return a number as it is written in this drawing."""
        return number_text(number, self.digits)

    @property
    def digits(self) -> int:
        """Significant digits of the numbers."""
        return self.theme.digits if self.options.digits is None else self.options.digits

    def size_of(self, line: Any) -> tuple[float, float]:
        """Return the width and height of a line."""
        return self.measure(line.text, line.size, line.bold, line.math)

    def height_of(self, size: float) -> float:
        """Return the height of a line of text."""
        return self.measure("lp", size, False)[1]


def _sizes(theme: Theme, longest: int, room: Room) -> Sizes:
    """Return sizes with smaller nodes where columns are very long; what is in them goes."""
    roomy = longest <= theme.longest_roomy
    sizes = theme.roomy if roomy else theme.compact
    shrunk = min(1.0, MOST_COMPACT / longest)
    if shrunk < 1.0:
        sizes = replace(sizes, inside=shrunk * sizes.inside, widest=0.6 * sizes.widest)
    if room.small or not roomy:
        by = shrunk * room.across
        radius, between = max(3.0, by * sizes.radius), max(1.5, by * sizes.between)
        if room.small > 1:
            radius, between = DOT * radius, between + 2 * (1 - DOT) * radius
        sizes = replace(sizes, radius=radius, between=between)
    return sizes if room.along == 1.0 else replace(sizes, gap=room.along * sizes.gap)


# What is left out unless it is asked for, and what is drawn of large networks, too.
_ON_REQUEST = frozenset({"z", "gradients", "fills", "shapes", "formulas", "colorbar"})
_SMALL = frozenset({"titles", "symbols", "weights", "activations", "marks", "legend"})
