"""The same command once more, with better kernels."""

from __future__ import annotations

import os
import sys

from neurosim.blas.libraries import loaded_blas
from neurosim.blas.processor import VARIABLE, better_kernel, features

__all__ = ["restart_with_better_kernels"]


def restart_with_better_kernels() -> None:
    """Start this program again where its BLAS took kernels of an older processor.

    BLAS chooses when NumPy is loaded, which has happened. Nothing is done where somebody has
    chosen kernels, or where the processor lacks an instruction that better ones need. Only for a
    program of one's own, before it does anything: a library must not.
    """
    kernel = _missed_kernel()
    if kernel is not None:
        os.execve(sys.executable, sys.orig_argv, {**os.environ, VARIABLE: kernel})


def _missed_kernel() -> str | None:
    if VARIABLE in os.environ:
        return None
    blas = loaded_blas()
    if blas is None or blas.name != "openblas":
        return None
    return better_kernel(blas.kernel, features())
