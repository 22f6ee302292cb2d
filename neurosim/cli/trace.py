"""Show every number of one learning step of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from neurosim.cli import recording
from neurosim.cli.recording import recorded, wants_color

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]

FILMS = (".gif", ".mp4")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``neurosim trace MODEL --input 0,1 --target 1 [--save FILE]`` and the rest."""
    recording.add_arguments(parser)
    parser.add_argument(
        "--save",
        metavar="FILE",
        help=".html, .md, .tex, .json, .txt, .gif or .mp4; printed where left out",
    )


def run(options: argparse.Namespace) -> int:
    """Print the trace, or write it to a file."""
    trace = recorded(options)
    how = {"digits": options.digits, "notation": options.notation}
    if options.save is None:
        print(trace.text(**how, color=wants_color()))
        return 0
    write = trace.animate if options.save.lower().endswith(FILMS) else trace.save
    write(options.save, **how)
    print(f"wrote {options.save}")
    return 0
