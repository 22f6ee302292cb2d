"""The truth about BLAS, the library that multiplies NumPy's matrices.

OpenBLAS chooses its kernels when NumPy is loaded, by a list of processors that it knows; on a
newer one it may take kernels that use half of it. This part tells which were taken, measures
whether others are faster, and says what to set. Nothing here changes a process that runs.

===========  ==================================================================================
processor    what the processor can do, as far as the system tells
libraries    which BLAS is loaded, with which kernels and how many threads
measured     how fast a matrix product is, here and in a process with other kernels
examination  all of it together, and the advice
restart      a program of one's own, started again with the better ones
===========  ==================================================================================
"""

from neurosim.blas.examination import BlasReport, examine_blas
from neurosim.blas.libraries import loaded_blas
from neurosim.blas.processor import better_kernel
from neurosim.blas.restart import restart_with_better_kernels

__all__ = [
    "BlasReport",
    "better_kernel",
    "examine_blas",
    "loaded_blas",
    "restart_with_better_kernels",
]
