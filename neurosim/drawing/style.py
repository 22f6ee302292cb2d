"""Colours and sizes of drawings, and how a number is written in them.

Lengths are points at a drawing's natural size, so that a text of size 9 is 9 points high there;
everything shrinks and grows together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

__all__ = ["COMPACT", "RC", "ROOMY", "Sizes", "number_text", "sign_color", "sign_ink"]

# Blue against orange stays apart for every common kind of colour blindness, and in grey print.
POSITIVE, NEGATIVE, ZERO = "#2a78c2", "#e8751a", "#a6a6a6"
# The same hues for text, dark enough to read on white.
POSITIVE_INK, NEGATIVE_INK, ZERO_INK = "#17548f", "#ad4b00", "#5f5f5f"

INK, QUIET_INK, DELTA_INK = "#1f2933", "#5d6873", "#7a3e9d"
PAPER = "#ffffff"
INPUT_FILL, NEURON_FILL, UNREAD_FILL = "#eef1f4", "#ffffff", "#f7f7f7"
OUTLINE, UNREAD_OUTLINE = "#37424d", "#c2c8ce"
OUTLINE_WIDTH, OUTPUT_WIDTH = 1.1, 2.0

MARGIN = 12.0
LABEL_LENGTH, INNER_LABEL_LENGTH = 48, 32  # longer labels are shortened in their middle
FONT = "DejaVu Sans"  # comes with matplotlib, so that a drawing looks the same everywhere
RESOLUTION = 200  # dots per inch of a PNG
LARGEST_SIDE = 30.0  # inches; what is larger is drawn smaller

RC: Any = {
    "font.family": [FONT],
    "text.usetex": False,
    "mathtext.fontset": "dejavusans",
    "axes.unicode_minus": True,
    "axes.linewidth": 0.8,
    "axes.edgecolor": QUIET_INK,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.facecolor": PAPER,
    "figure.facecolor": PAPER,
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
    "xtick.color": QUIET_INK,
    "ytick.color": QUIET_INK,
    "text.color": INK,
    "legend.frameon": False,
    "savefig.bbox": None,
    "savefig.facecolor": "auto",
    "savefig.transparent": False,
    "path.effects": [],
    "path.sketch": None,
    # The same drawing gives the same bytes.
    "svg.hashsalt": "neurosim",
    "svg.fonttype": "path",
}


@dataclass(frozen=True)
class Sizes:
    """How large everything is: `ROOMY` for small networks, `COMPACT` where layers are long.

    Attributes
    ----------
    radius : float
        Of a node.
    inside, label, note, number : float
        Sizes of the texts inside a node, of its label, under it, and on an edge.
    between : float
        What is left free between the nodes of a column.
    gap : float
        The least distance of two columns.
    widest, thinnest : float
        The widths of the largest and of the smallest weight.
    faintest : float
        The opacity of the smallest weight.
    title, layer_name, layer_kind, legend : float
        Sizes of the texts around the network.
    smallest_inside : float
        A text that would have to be smaller to fit into its node is left out.
    line : float
        The width of outlines, as a multiple.
    """

    radius: float
    inside: float
    label: float
    note: float
    number: float
    between: float
    gap: float
    widest: float
    thinnest: float
    faintest: float
    title: float = 14.0
    layer_name: float = 11.0
    layer_kind: float = 9.5
    legend: float = 9.0
    smallest_inside: float = 5.5
    line: float = 1.0


ROOMY = Sizes(20.0, 10.5, 9.5, 9.0, 9.0, 13.0, 120.0, 4.2, 0.7, 0.35)
COMPACT = Sizes(14.0, 8.5, 8.5, 7.5, 7.5, 6.0, 120.0, 2.6, 0.3, 0.10)


def sign_color(value: float) -> str:
    """Return the colour of an edge with this weight."""
    return POSITIVE if value > 0 else NEGATIVE if value < 0 else ZERO


def sign_ink(value: float) -> str:
    """Return the colour of a number with this sign."""
    return POSITIVE_INK if value > 0 else NEGATIVE_INK if value < 0 else ZERO_INK


def number_text(value: float, digits: int = 3) -> str:
    """Return a number to some significant digits, as a book prints it.

    >>> number_text(0.35434369), number_text(-20.0), number_text(123456.0), number_text(1.5e-7)
    ('0.354', '−20', '123456', '1.5e−7')
    """
    number = float(value)
    if not math.isfinite(number):
        return str(number).replace("-", "−")
    text = _scientific(number, digits)
    if number == 0 or 1e-4 <= abs(float(text)) < 1e6:
        text = _plain(float(text), number, digits)
    return text.replace("-", "−")


def _scientific(number: float, digits: int) -> str:
    mantissa, exponent = f"{number:.{digits - 1}e}".split("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(exponent)}"


def _plain(rounded: float, number: float, digits: int) -> str:
    if rounded == 0:
        return "0"
    # Digits before the point are all shown: 1234.5 is 1234, not 1230.
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    text = f"{number:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
