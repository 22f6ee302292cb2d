"""Tell which BLAS kernels NumPy uses, whether others are faster, and what to set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from neurosim.blas import examine_blas

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``neurosim doctor-blas``, which takes nothing."""


def run(options: argparse.Namespace) -> int:
    """Print the report."""
    print(examine_blas())
    return 0
