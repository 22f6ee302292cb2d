"""The program ``neurosim``: the command line in a process with the fastest BLAS kernels."""

from __future__ import annotations

import sys

from neurosim.blas import restart_with_better_kernels
from neurosim.cli import main

__all__ = ["run"]

# Commands that multiply large matrices; for others a second start would cost more than it gains.
_HEAVY = ("predict", "train")


def run() -> int:
    """Run the command line; return the exit status."""
    if set(_HEAVY).intersection(sys.argv[1:2]):
        restart_with_better_kernels()
    return main()
