"""How much room a drawing has."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["USUAL", "Room"]


class Room(NamedTuple):
    """Which part of the usual distances there is, and what else is done to need less.

    Attributes
    ----------
    along : float
        Between layers.
    across : float
        In long layers the size of nodes, and what is free between them.
    storeys : int
        On how many the titles of layers stand, one beside the other above the next.
    small : int
        1 where nodes become smaller in short layers, too, and texts at nodes go; 2 where they
        are dots, which steep edges pass.
    """

    along: float = 1.0
    across: float = 1.0
    storeys: int = 1
    small: int = 0


USUAL = Room()
