"""Draw the gallery and write its page: ``python -m docs.gallery [NAME ...]``."""

from __future__ import annotations

import argparse

import matplotlib as mpl

from docs.gallery import NAMES
from docs.gallery.building import HERE, draw
from docs.gallery.page import PAGE, page


def main() -> None:
    """Draw the figures that are named on the command line, or all, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m docs.gallery", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; or all")
    names = parser.parse_args().names or NAMES
    for name in names:
        if name not in NAMES:
            parser.error(f"there is no figure {name!r}; known: {', '.join(NAMES)}")
    mpl.use("Agg")
    for name in names:
        figure = draw(name)
        print(f"{name}: {figure.stat().st_size / 1000:.0f} kB")
    (HERE / PAGE).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
