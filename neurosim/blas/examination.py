"""What is loaded, what it reaches, and what to set."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from neurosim.blas.libraries import Blas, loaded_blas
from neurosim.blas.measured import product_rate, rate_with
from neurosim.blas.processor import VARIABLE, better_kernel, features, processor_name

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BlasReport", "examine_blas"]

_WORTH_IT = 1.1  # below it, other kernels are not worth a line in a shell's profile


@dataclass(frozen=True)
class BlasReport:
    """What `examine_blas` found; ``str`` explains it.

    Attributes
    ----------
    processor : str
    blas : Blas or None
        What NumPy multiplies with; None where it does not tell.
    rate : float
        10^9 floating-point operations a second of a float32 matrix product, as it is.
    other : str or None
        Kernels that the processor has the instructions for, and that were not taken.
    other_rate : float or None
        Their rate, in a process of its own; None where there are none, or where it failed.
    chosen : str or None
        What the environment variable ``OPENBLAS_CORETYPE`` asks for in this process.
    """

    processor: str
    blas: Blas | None
    rate: float
    other: str | None
    other_rate: float | None
    chosen: str | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing faster was found."""
        return self.other_rate is None or self.other_rate < _WORTH_IT * self.rate

    @property
    def line(self) -> str | None:
        """The line to set before Python starts; None where all is well."""
        return None if self.ok else f"export {VARIABLE}={self.other}"

    def __str__(self) -> str:
        return "\n".join([*self._found(), *self._advice()])

    def _found(self) -> list[str]:
        loaded = "a BLAS that does not tell its name" if self.blas is None else str(self.blas)
        found = [
            f"Processor: {self.processor}",
            f"NumPy {np.__version__} multiplies with {loaded}.",
            f"A float32 product of 1024 x 1024 matrices reaches {self.rate:.0f} GFLOP/s.",
        ]
        if self.other_rate is not None:
            ratio = self.other_rate / self.rate
            found.append(
                f"With {self.other} kernels it reaches {self.other_rate:.0f}: {ratio:.2f} x."
            )
        elif self.other is not None:
            found.append(f"{self.other} kernels could not be measured: this BLAS has none.")
        return found

    def _advice(self) -> list[str]:
        if self.ok:
            return ["Nothing to set: no faster kernels were found."]
        reason = (
            "This BLAS does not know the processor and took the kernels of an older one."
            if self.chosen is None
            else f"{VARIABLE} is set to {self.chosen} here, which asks for the slower ones."
        )
        return [
            f"{reason} Set",
            f"    {self.line}",
            "in the shell before Python starts. (BLAS reads it when NumPy is loaded: later is too "
            "late. The last digits of results may change, as sums are added up in another order.)",
        ]


def examine_blas(
    *,
    available: frozenset[str] | None = None,
    measure: Callable[[str], float | None] = rate_with,
) -> BlasReport:
    """Return which BLAS kernels NumPy uses, how fast they are, and whether others are faster.

    It multiplies matrices for a moment here, and once more in a process of its own. Nothing is
    changed.

    Parameters
    ----------
    available : frozenset of str, optional
        The processor's instructions; those that the system tells.
    measure : callable, optional
        ``measure(kernel)`` is the rate with other kernels, or None.

    Returns
    -------
    BlasReport

    References
    ----------
    OpenBLAS, "Runtime variables": ``OPENBLAS_CORETYPE``.

    Examples
    --------
    >>> import neurosim as ns
    >>> report = ns.examine_blas(measure=lambda kernel: None)
    >>> report.ok, report.line
    (True, None)
    """
    blas = loaded_blas()
    rate = product_rate()
    instructions = features() if available is None else available
    is_open = blas is not None and blas.name == "openblas"
    other = better_kernel(blas.kernel, instructions) if blas is not None and is_open else None
    other_rate = None if other is None else measure(other)
    chosen = os.environ.get(VARIABLE)
    return BlasReport(processor_name(), blas, rate, other, other_rate, chosen)
