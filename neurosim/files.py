"""Writing files so that a crash leaves the old one, and reading them with plain messages."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neurosim.checks import short
from neurosim.errors import ArgumentError, ArgumentTypeError, ModelFileError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["checked_path", "read_bytes", "write_atomically"]


def checked_path(path: Any, suffixes: Iterable[str], what: str) -> Path:
    """Return `path` as a `Path` whose suffix is one of those known.

    >>> checked_path("net.JSON", [".json", ".npz"], "Network.save: path").name
    'net.JSON'
    """
    if not isinstance(path, str | os.PathLike):
        raise ArgumentTypeError(f"{what} must be a file name; got {short(path)}.")
    file, known = Path(path), list(suffixes)
    if file.suffix.lower() not in known:
        raise ArgumentError(f"{what} must end in {' or '.join(known)}; got {str(file)!r}.")
    return file


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole: into a new one in the same folder, which then takes its place.

    Raises
    ------
    ModelFileError
        The folder is missing or cannot be written to; an old file is as it was.
    """
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as error:
        raise ModelFileError(
            f"{str(path)!r} cannot be written ({error.strerror}); choose a folder that exists and "
            "that you may write to."
        ) from None
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    # There is no way to ask for it but to set it.
    mask = os.umask(0)
    os.umask(mask)
    return mask


def read_bytes(path: Path) -> bytes:
    """Return what is in a file, or raise `ModelFileError` with the reason."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelFileError(f"{str(path)!r} cannot be read ({error.strerror}).") from None
    except ValueError as error:
        raise ModelFileError(f"{str(path)!r} cannot be read ({error}).") from None
