"""What the figures were measured on: without it they say nothing."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from typing import Any

from neurosim.blas import loaded_blas
from neurosim.blas.processor import processor_name

PACKAGES = ("neurosim", "numpy", "numba", "jax", "torch", "scipy", "ffnet", "micrograd")


def machine() -> dict[str, Any]:
    """Return processor, cores, BLAS with its kernel and threads, and the versions, as data."""
    return {
        "processor": processor_name(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "python": platform.python_version(),
        "blas": str(loaded_blas() or "unknown"),
        "versions": {name: version for name in PACKAGES if (version := _version(name))},
    }


def described(found: dict[str, Any]) -> str:
    """Return the machine as one line."""
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    return (
        f"{found['processor']}, {found['cores']} cores; BLAS of NumPy: {found['blas']}; "
        f"Python {found['python']}, {versions}"
    )


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
