"""The looks of a drawing: its inks and its sizes, as data that goes through the plan.

Lengths are points at a drawing's natural size. A theme with pages says on which of them a
drawing must go; see `neurosim.drawing.pages`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from neurosim.drawing import style
from neurosim.drawing.style import MARGIN, Sizes

__all__ = ["THEMES", "Inks", "Theme"]


@dataclass(frozen=True)
class Inks:
    """The colours of a drawing.

    Attributes
    ----------
    paper : str
        The ground.
    ink, quiet, derivative : str
        Of texts; the last of deltas and gradients, the derivatives of the loss.
    positive, negative, zero : str
        Of edges. Blue against orange stays apart for every common kind of colour blindness, and
        in grey print.
    positive_ink, negative_ink, zero_ink : str
        The same hues for numbers, readable on the ground.
    input_fill, neuron_fill, unread_fill, outline, unread_outline : str
        Of nodes; `unread` are those that lead to no output.
    """

    paper: str
    ink: str
    quiet: str
    derivative: str
    positive: str
    negative: str
    zero: str
    positive_ink: str
    negative_ink: str
    zero_ink: str
    input_fill: str
    neuron_fill: str
    unread_fill: str
    outline: str
    unread_outline: str

    def sign(self, value: float) -> str:
        """Return the colour of an edge with this number."""
        return self.positive if value > 0 else self.negative if value < 0 else self.zero

    def of_number(self, value: float) -> str:
        """Return the colour of a text with this number."""
        return self.positive_ink if value > 0 else self.negative_ink if value < 0 else self.zero_ink

    def fill(self, share: float) -> str:
        """Return the colour of a node, from -1 over 0 to 1; texts stay readable on all of them."""
        return blended(self.neuron_fill, self.sign(share), MOST_FILLED * min(1.0, abs(share)))


MOST_FILLED = 0.55
"""As a part of the full colour."""


def blended(ground: str, color: str, part: float) -> str:
    """Return `part` of a colour over a ground.

    >>> blended("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = ((int(c[k : k + 2], 16) for c in (ground, color)) for k in (1, 3, 5))
    return "#" + "".join(f"{round(a + part * (b - a)):02x}" for a, b in pairs)


@dataclass(frozen=True)
class Theme:
    """One of the styles of a drawing.

    Attributes
    ----------
    inks : Inks
    roomy, compact : Sizes
        For small networks, and where layers are long.
    longest_roomy : int
        Columns of more neurons are drawn compactly.
    digits : int
        Significant digits, where the person does not say.
    pages : tuple of (width, height)
        In points; the first that the drawing fits on is taken, and without pages its own size.
    whole : bool
        Whether the drawing takes all of a page. Else it takes the width of the first one, or as
        much of the others as it needs.
    scale : float
        By which the composed drawing is multiplied.
    margin : float
        What is left free around the drawing.
    tight : bool
        Whether short labels stand above nodes in the first and the last column, too.
    """

    inks: Inks
    roomy: Sizes
    compact: Sizes
    longest_roomy: int = 8
    digits: int = 3
    pages: tuple[tuple[float, float], ...] = ()
    whole: bool = False
    scale: float = 1.0
    margin: float = MARGIN
    tight: bool = False


_LIGHT = Inks(
    paper=style.PAPER,
    ink=style.INK,
    quiet=style.QUIET_INK,
    derivative=style.DELTA_INK,
    positive=style.POSITIVE,
    negative=style.NEGATIVE,
    zero=style.ZERO,
    positive_ink=style.POSITIVE_INK,
    negative_ink=style.NEGATIVE_INK,
    zero_ink=style.ZERO_INK,
    input_fill=style.INPUT_FILL,
    neuron_fill=style.NEURON_FILL,
    unread_fill=style.UNREAD_FILL,
    outline=style.OUTLINE,
    unread_outline=style.UNREAD_OUTLINE,
)
_DARK = Inks(
    paper="#14191f",
    ink="#e8eef4",
    quiet="#a3b0bd",
    derivative="#cfa8f2",
    positive="#4f9fe8",
    negative="#f08f3c",
    zero="#7d8791",
    positive_ink="#8cc5f8",
    negative_ink="#f8b27c",
    zero_ink="#b4bcc4",
    input_fill="#28313a",
    neuron_fill="#14191f",
    unread_fill="#1b2128",
    outline="#c3cdd7",
    unread_outline="#5b6670",
)
# Print: no text is smaller than 7 points, after `PRINTED` has made everything smaller.
PRINTED = 0.7
_PRINTED = Sizes(
    radius=20.0,
    inside=10.5,
    label=10.5,
    note=10.0,
    number=10.0,
    between=11.0,
    gap=80.0,
    widest=4.2,
    thinnest=0.7,
    faintest=0.35,
    title=13.0,
    layer_name=11.5,
    layer_kind=10.0,
    legend=10.0,
    smallest_inside=10.0,
)
_PRINTED_COMPACT = replace(
    _PRINTED, radius=11.0, label=10.0, between=5.0, widest=2.6, thinnest=0.3, faintest=0.1
)
# A slide, to be read from the last row: no text is smaller than 18 points.
_SHOWN = Sizes(
    radius=36.0,
    inside=19.0,
    label=19.0,
    note=18.0,
    number=18.0,
    between=12.0,
    gap=180.0,
    widest=7.5,
    thinnest=1.2,
    faintest=0.35,
    title=30.0,
    layer_name=21.0,
    layer_kind=18.0,
    legend=18.0,
    smallest_inside=18.0,
    line=1.8,
)
_SHOWN_COMPACT = replace(
    _SHOWN, radius=13.0, label=18.0, between=5.0, widest=4.0, thinnest=0.4, faintest=0.1
)
COLUMN_WIDTH, PAGE = 3.3 * 72, (7.0 * 72, 9.0 * 72)
SLIDE = (13.333 * 72, 7.5 * 72)

THEMES = {
    "screen": Theme(_LIGHT, style.ROOMY, style.COMPACT),
    "paper": Theme(
        replace(_LIGHT, quiet="#525c66"),
        _PRINTED,
        _PRINTED_COMPACT,
        pages=((COLUMN_WIDTH, PAGE[1]), PAGE),
        scale=PRINTED,
        margin=5.0,
        tight=True,
    ),
    "slide": Theme(
        replace(_LIGHT, quiet="#525c66"),
        _SHOWN,
        _SHOWN_COMPACT,
        longest_roomy=5,
        digits=2,
        pages=(SLIDE,),
        whole=True,
    ),
    "dark": Theme(_DARK, style.ROOMY, style.COMPACT),
}
"""The themes, by the name of the style."""
