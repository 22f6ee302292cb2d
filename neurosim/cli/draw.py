"""Draw a model, with the numbers of a pass where an input is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from neurosim.cli.values import numbers
from neurosim.errors import ArgumentError
from neurosim.storage import load

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``neurosim draw MODEL --save FILE [--input 0,1] [--target 1]``."""
    parser.add_argument("model", metavar="MODEL", help="a .json or .npz file of Network.save")
    parser.add_argument("--save", metavar="FILE", required=True, help=".svg, .png or .pdf")
    parser.add_argument("--input", metavar="0,1", help="show the activations for this sample")
    parser.add_argument(
        "--target", metavar="1", help="and, with --input, the deltas for this target"
    )


def run(options: argparse.Namespace) -> int:
    """Write the drawing."""
    if options.input is None and options.target is not None:
        raise ArgumentError(
            f"--target {options.target} needs --input, as the deltas are those of one sample; add "
            "--input, such as --input 0,1, or leave --target out."
        )
    network = load(options.model)
    x, y = numbers(options.input, "--input"), numbers(options.target, "--target")
    if x is not None:
        network.forward(x)
        if y is not None:
            network.backward(y)
    network.draw(options.save)
    print(f"wrote {options.save}")
    return 0
