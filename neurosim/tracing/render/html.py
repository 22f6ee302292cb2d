"""A trace as one page to play, which works by itself; see `neurosim.tracing.player`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from neurosim.tracing.trace import Trace

__all__ = ["render"]


def render(trace: Trace, digits: int, notation: str = "labels") -> str:
    """Return a trace as a page, with so many significant digits and a notation to begin with."""
    # It draws, and drawing reads traces.
    from neurosim.tracing.player import page_of

    return page_of(trace, digits, notation)
