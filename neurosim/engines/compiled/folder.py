"""Where compiled code is kept, and under which name.

The name holds a fingerprint of every instruction and number that was compiled in, so that a formula
that has changed is compiled anew. Numba keeps, beside a file of that name, what it made of it, and
tells processors apart.
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

__all__ = ["cache_folder", "fingerprint", "kept_under", "sources"]


def cache_folder() -> Path:
    """Return where compiled code is kept: ``$NEUROSIM_CACHE``, else the system's usual place."""
    named = os.environ.get("NEUROSIM_CACHE")
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "neurosim" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "neurosim"


def kept_under(function: Any, key: str) -> Any:
    """Return the function as if it came from a file in the folder; itself if there is none."""
    try:
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{function.__name__}_{key}.py"
        if not file.exists():
            file.write_text(f"# The compiled forms of {function.__qualname__} lie beside.\n")
    except (OSError, RuntimeError):
        return function
    twin = FunctionType(
        function.__code__.replace(co_filename=str(file)),
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    twin.__module__ = function.__module__
    return twin


def fingerprint(function: Any, *more: Any) -> str:
    """Return a short name for what a bound function computes, the same in every process."""
    digest = hashlib.sha256(repr(more).encode())
    _digest(function, digest, set())
    return digest.hexdigest()[:20]


@cache
def sources() -> str:
    """Return a fingerprint of this package's own files, which everything compiled rests on."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _digest(value: Any, digest: Any, seen: set[int]) -> None:
    bound = getattr(value, "bound", value)
    if isinstance(bound, FunctionType):
        if id(bound) in seen:
            return
        seen.add(id(bound))
        _digest_code(bound.__code__, digest, seen)
        for cell in bound.__closure__ or ():
            _digest(cell.cell_contents, digest, seen)
        for name in bound.__code__.co_names:
            digest.update(name.encode())
            _digest(bound.__globals__.get(name), digest, seen)
    elif isinstance(bound, int | float | str | tuple) or hasattr(bound, "dtype"):
        digest.update(f"{type(bound).__name__} {bound!r}".encode())
    else:
        known = getattr(bound, "__qualname__", None) or getattr(bound, "__name__", None)
        digest.update(f"{type(bound).__name__} {known}".encode())


def _digest_code(code: CodeType, digest: Any, seen: set[int]) -> None:
    digest.update(code.co_code)
    for constant in code.co_consts[_has_docstring(code) :]:
        if isinstance(constant, CodeType):
            _digest_code(constant, digest, seen)
        else:
            _digest(constant, digest, seen)


def _has_docstring(code: CodeType) -> int:
    return int(bool(code.co_consts) and isinstance(code.co_consts[0], str))
