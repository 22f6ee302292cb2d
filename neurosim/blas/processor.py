"""What the processor can do, and the OpenBLAS kernels that are made for that."""

from __future__ import annotations

from pathlib import Path

__all__ = ["KERNELS", "VARIABLE", "better_kernel", "features", "processor_name", "usable_kernels"]

VARIABLE = "OPENBLAS_CORETYPE"
"""The environment variable that OpenBLAS reads when it is loaded."""

KERNELS: dict[str, frozenset[str]] = {
    "SkylakeX": frozenset({"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl", "fma"}),
    "Haswell": frozenset({"avx2", "fma"}),
    "Sandybridge": frozenset({"avx"}),
}
"""Kernels for x86-64, the widest first, and the instructions without which they crash."""

_CPUINFO = Path("/proc/cpuinfo")


def _lines(name: str, cpuinfo: Path) -> list[str]:
    try:
        text = cpuinfo.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    pairs = (line.partition(":") for line in text.splitlines())
    return [value.strip() for key, _, value in pairs if key.strip() == name]


def features(cpuinfo: Path = _CPUINFO) -> frozenset[str]:
    """Return the instructions that every core has; none where the system does not tell."""
    cores = [frozenset(line.split()) for line in _lines("flags", cpuinfo)]
    return frozenset.intersection(*cores) if cores else frozenset()


def processor_name(cpuinfo: Path = _CPUINFO) -> str:
    """Return the processor's name, as the system tells it."""
    import platform

    names = _lines("model name", cpuinfo)
    return names[0] if names else platform.processor() or platform.machine() or "unknown"


def usable_kernels(available: frozenset[str]) -> list[str]:
    """Return the kernels all of whose instructions the processor has, the widest first.

    >>> usable_kernels(frozenset({"avx", "avx2", "fma"}))
    ['Haswell', 'Sandybridge']
    """
    return [name for name, needed in KERNELS.items() if needed <= available]


def better_kernel(taken: str, available: frozenset[str]) -> str | None:
    """Return the kernel that may be faster than the one that was taken; None where it is the best.

    >>> better_kernel("Haswell", KERNELS["SkylakeX"] | KERNELS["Haswell"])
    'SkylakeX'
    """
    usable = usable_kernels(available)
    if not usable or taken not in KERNELS or taken == usable[0]:
        return None
    return usable[0]
