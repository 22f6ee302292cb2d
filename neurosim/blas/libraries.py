"""Which BLAS NumPy has loaded."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Blas", "loaded_blas"]


@dataclass(frozen=True)
class Blas:
    """A BLAS library in this process.

    Attributes
    ----------
    name, version : str
        Such as ``openblas`` and ``0.3.31``.
    kernel : str
        What its kernels were made for, such as ``Haswell``; "unknown" where it does not tell.
    threads : int
        How many it uses at most.
    """

    name: str
    version: str
    kernel: str
    threads: int

    def __str__(self) -> str:
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        return f"{self.name} {self.version}, {self.kernel} kernels, {threads}"


def loaded_blas() -> Blas | None:
    """Return the BLAS that NumPy multiplies with, or None where none tells of itself.

    >>> loaded_blas() is None or loaded_blas().threads >= 1
    True
    """
    from threadpoolctl import threadpool_info

    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    # scipy brings a BLAS of its own; NumPy's lies in its own folder.
    pools.sort(key=lambda pool: "numpy" not in pool["filepath"])
    if not pools:
        return None
    pool = pools[0]
    return Blas(
        pool["internal_api"],
        pool["version"] or "of unknown version",
        pool.get("architecture") or "unknown",
        pool["num_threads"],
    )
