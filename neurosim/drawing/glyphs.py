"""Letters that a font does not have: other fonts for them, and at worst a replacement sign."""

from __future__ import annotations

from functools import cache
from typing import Any

__all__ = ["drawable", "fallbacks"]

# Fonts of many scripts, as systems have them; those that are there are asked in this order.
_FALLBACKS = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Noto Sans",
    "Hiragino Sans",
    "PingFang SC",
    "Yu Gothic",
    "Microsoft YaHei",
    "Malgun Gothic",
    "Nirmala UI",
    "Segoe UI Symbol",
    "WenQuanYi Zen Hei",
    "IPAexGothic",
    "Arial Unicode MS",
)
REPLACEMENT = "\ufffd"


@cache
def fallbacks() -> tuple[str, ...]:
    """Return the fonts of this system that have letters which the usual font has not."""
    from matplotlib.font_manager import fontManager

    present = {font.name for font in fontManager.ttflist}
    return tuple(name for name in _FALLBACKS if name in present)


def drawable(text: str) -> str:
    r"""Return a text whose signs can all be drawn; those that cannot become replacement signs.

    >>> drawable("a\x00b") == "a\ufffdb"
    True
    """
    import matplotlib as mpl

    if text.isascii() and text.isprintable():
        return text
    known = _known(tuple(mpl.rcParams["font.family"]))
    return "".join(char if ord(char) in known else REPLACEMENT for char in text)


@cache
def _known(families: tuple[str, ...]) -> frozenset[int]:
    """Return the signs of some fonts, by code point."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    # A bare name would be read as a pattern, in which hyphens mean something.
    found = [findfont(FontProperties(family=[family])) for family in families]
    fonts: list[Any] = [get_font(file) for file in found]
    return frozenset(code for font in fonts for code in font.get_charmap())
