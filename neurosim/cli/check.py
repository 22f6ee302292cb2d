"""Check a model's gradient against finite differences on the rows of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from neurosim.checks import whole_number
from neurosim.cli.values import table
from neurosim.gradcheck import check_gradient
from neurosim.storage import load

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``neurosim check MODEL DATA.csv [--rows N]``."""
    parser.add_argument("model", metavar="MODEL", help="a .json or .npz file of Network.save")
    parser.add_argument("data", metavar="DATA.csv", help="inputs, then targets; or named columns")
    parser.add_argument("--rows", type=int, default=32, help="use the first N rows (default 32)")


def run(options: argparse.Namespace) -> int:
    """Print the report; 0 where the gradient is right, else 1."""
    network = load(options.model)
    count = whole_number(options.rows, "--rows")
    X, Y = table(options.data, network)
    report = check_gradient(network, X[:count], Y[:count])
    print(f"{network!r}, {min(count, len(X))} of {len(X)} rows")
    print(report)
    return 0 if report.ok else 1
