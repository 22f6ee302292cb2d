"""The program ``neurosim``: the command line in a process with the fastest BLAS kernels."""

from __future__ import annotations

import os
import sys

from neurosim.blas import better_kernel, loaded_blas
from neurosim.blas.processor import VARIABLE, features
from neurosim.cli import main

__all__ = ["run"]

# Commands that multiply large matrices; for others a second start would cost more than it gains.
_HEAVY = ("predict", "train")


def run() -> int:
    """Run the command line; return the exit status.

    BLAS chooses its kernels when NumPy is loaded, which has happened. So where the processor has
    the instructions for better ones, and nobody has chosen, a heavy command starts once more.
    """
    kernel = _missed_kernel()
    if kernel is not None:
        os.execve(sys.executable, sys.orig_argv, {**os.environ, VARIABLE: kernel})
    return main()


def _missed_kernel() -> str | None:
    if VARIABLE in os.environ or not set(_HEAVY).intersection(sys.argv[1:2]):
        return None
    blas = loaded_blas()
    if blas is None or blas.name != "openblas":
        return None
    return better_kernel(blas.kernel, features())
