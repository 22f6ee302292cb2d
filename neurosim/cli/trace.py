"""Show every number of one learning step of a model."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from neurosim.cli.values import numbers
from neurosim.learning.optimizers import SGD
from neurosim.storage import load
from neurosim.tracing.symbols import NOTATIONS

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``neurosim trace MODEL --input 0,1 --target 1 [--save FILE]`` and the rest."""
    parser.add_argument("model", metavar="MODEL", help="a .json or .npz file of Network.save")
    parser.add_argument("--input", metavar="0,1", required=True, help="one sample")
    parser.add_argument("--target", metavar="1", required=True, help="its targets")
    parser.add_argument("--rate", type=float, help="show the update of SGD at this learning rate")
    parser.add_argument(
        "--notation", choices=list(NOTATIONS), default="labels", help="how symbols are written"
    )
    parser.add_argument("--save", metavar="FILE", help=".txt or .json; printed where left out")


def run(options: argparse.Namespace) -> int:
    """Print the trace, or write it to a file."""
    network = load(options.model)
    optimizer = None if options.rate is None else SGD(options.rate)
    x, y = numbers(options.input, "--input"), numbers(options.target, "--target")
    trace = network.trace(x, y, optimizer)
    if options.save is None:
        print(trace.text(notation=options.notation, color=_wants_color()))
    else:
        trace.save(options.save, notation=options.notation)
        print(f"wrote {options.save}")
    return 0


def _wants_color() -> bool:
    # https://no-color.org: whoever sets it wants none.
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
