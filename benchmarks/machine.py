"""What the figures were measured on: without it they say nothing."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import numpy as np


def machine() -> str:
    """Return processor, threads, BLAS and its kernel, and the versions."""
    try:
        from threadpoolctl import threadpool_info

        pools = [
            f"{pool['internal_api']} {pool.get('version')}, kernel {pool.get('architecture')}, "
            f"{pool['num_threads']} threads"
            for pool in threadpool_info()
        ]
    except ImportError:
        pools = ["BLAS unknown (install threadpoolctl)"]
    return (
        f"{_processor()}, {os.cpu_count()} cores; Python {platform.python_version()}, "
        f"NumPy {np.__version__}; {'; '.join(pools)}"
    )


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            names = [
                line.split(":", 1)[1].strip() for line in file if line.startswith("model name")
            ]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()
