"""What a drawing shows: the person's options, and what fits this network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from neurosim.drawing.columns import Column, Drawn, columns_of, drawn_edges
from neurosim.drawing.style import COMPACT, ROOMY, Sizes
from neurosim.drawing.values import Values

if TYPE_CHECKING:
    from neurosim.drawing.boxes import Measure
    from neurosim.drawing.options import Options
    from neurosim.network import Network

__all__ = ["LONGEST_ROOMY", "Plan"]

LONGEST_ROOMY = 8
"""Columns of more neurons are drawn compactly."""


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
    """

    network: Network
    options: Options
    measure: Measure
    columns: list[Column]
    edges: Drawn
    values: Values
    sizes: Sizes

    @classmethod
    def of(cls, network: Network, options: Options, measure: Measure) -> Plan:
        """Return the plan of a drawing."""
        columns = columns_of(network, options.max_neurons)
        longest = max(len(column.members) for column in columns)
        return cls(
            network,
            options,
            measure,
            columns,
            drawn_edges(network, columns),
            Values.of(network, options.sample),
            ROOMY if longest <= LONGEST_ROOMY else COMPACT,
        )

    @property
    def roomy(self) -> bool:
        """Whether there is room for texts at every node."""
        return self.sizes is ROOMY

    def shows(self, name: str) -> bool:
        """Whether something out of `SHOWN` is drawn."""
        return self.options.asks_for(name, _FITS.get(name, True) and (self.roomy or name in _SMALL))

    def height_of(self, size: float) -> float:
        """Return the height of a line of text."""
        return self.measure("lp", size, False)[1]


# What is left out unless it is asked for, and what is drawn of large networks, too.
_FITS = {"z": False}
_SMALL = frozenset({"titles", "symbols", "weights", "activations", "legend"})
