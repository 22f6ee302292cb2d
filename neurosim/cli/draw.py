"""Draw a model, with the numbers of a pass where an input is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.cli.values import numbers
from neurosim.drawing.options import DIRECTIONS, KEPT, NOTATIONS, SHOWN, STYLES
from neurosim.errors import ArgumentError
from neurosim.storage import load

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]

PLAIN = ("style", "direction", "notation", "keep", "digits", "max_neurons", "threshold", "title")
"""The options that `Network.draw` has by the same name."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``neurosim draw MODEL --save FILE [--input 0,1] [--target 1] [--show ...] ...``."""
    add = parser.add_argument
    add("model", metavar="MODEL", help="a .json or .npz file of Network.save")
    add(
        "--save",
        metavar="FILE",
        required=True,
        help=".svg, .png, .pdf, .tex (LaTeX with TikZ), or .dot or .gv (Graphviz)",
    )
    add("--input", metavar="0,1", help="show the activations for this sample")
    add("--target", metavar="1", help="and, with --input, the deltas for this target")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--show", metavar="A,B", help=f"show only these: {', '.join(SHOWN)}")
    shown.add_argument("--hide", metavar="A,B", help="show what fits, but not these")
    _add_looks(parser)
    _add_choices(parser)


def _add_looks(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--style", choices=list(STYLES), help="what the drawing is for")
    add("--direction", choices=list(DIRECTIONS), help="to the right, or down")
    add("--notation", choices=list(NOTATIONS), help="neurons by labels, or by symbols")
    add("--title", metavar="TEXT", help="written over the drawing")
    add("--figsize", metavar="W,H", help="width and height in inches")
    add("--digits", type=int, metavar="N", help="significant digits of numbers")


def _add_choices(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--max-neurons", type=int, metavar="N", help="leave out neurons of larger layers")
    add("--keep", choices=list(KEPT), help="which neurons of a large layer are drawn")
    add("--threshold", type=float, metavar="W", help="leave out edges with smaller |weight|")
    add(
        "--highlight",
        action="append",
        metavar="LABEL",
        help="let a neuron, a layer or an edge 'a->b' stand out; may be given several times",
    )
    add("--feeding", action="store_true", help="and all that feeds what stands out")
    add("--compare", metavar="MODEL", help="draw how the weights differ from this model's")


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
    network.draw(options.save, **_chosen(options))
    print(f"wrote {options.save}")
    return 0


def _chosen(options: argparse.Namespace) -> dict[str, Any]:
    """Return the options of `Network.draw` that were given."""
    found = {name: getattr(options, name) for name in PLAIN}
    if options.show is not None:
        found["show"] = _names(options.show)
    if options.hide is not None:
        found["show"] = dict.fromkeys(_names(options.hide), False)
    found["figsize"] = numbers(options.figsize, "--figsize")
    found["highlight"] = options.highlight
    found["feeding"] = options.feeding or None
    found["compare"] = None if options.compare is None else load(options.compare)
    return {name: value for name, value in found.items() if value is not None}


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
