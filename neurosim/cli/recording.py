"""One learning step of a model, recorded as a command line asks."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from neurosim.cli.names import optimizer_called
from neurosim.cli.values import numbers
from neurosim.storage import load
from neurosim.tracing.symbols import NOTATIONS

if TYPE_CHECKING:
    import argparse

    from neurosim.tracing.trace import Trace

__all__ = ["add_arguments", "recorded", "wants_color"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``MODEL --input 0,1 --target 1 [--rate R] [--optimizer NAME] ...``."""
    add = parser.add_argument
    add("model", metavar="MODEL", help="a .json or .npz file of Network.save")
    add("--input", metavar="0,1", required=True, help="one sample")
    add("--target", metavar="1", required=True, help="its targets")
    add("--rate", type=float, metavar="R", help="show the update at this learning rate")
    add("--optimizer", metavar="NAME", help="whose update: sgd, adam, ...; sgd where left out")
    add("--digits", type=int, default=6, metavar="N", help="significant digits; 6")
    add("--notation", choices=list(NOTATIONS), default="labels", help="how symbols are written")


def recorded(options: argparse.Namespace) -> Trace:
    """Return the trace that is asked for."""
    network = load(options.model)
    x, y = numbers(options.input, "--input"), numbers(options.target, "--target")
    return network.trace(x, y, optimizer_called(options.optimizer, options.rate))


def wants_color() -> bool:
    """Whether standard output shows colours, and they are wanted."""
    # https://no-color.org: whoever sets it wants none.
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
