"""The IDX format, in which the well-known files of handwritten digits come."""

from __future__ import annotations

import gzip
import math
import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np

from neurosim.checks import short, whole_number
from neurosim.errors import ArgumentTypeError, ModelFileError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["read_idx"]

# The third byte of an IDX file tells how its numbers are written: most significant byte first.
_IDX_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_IDX_MAX_DIMENSIONS = 32
_CHUNK = 1 << 20


def read_idx(path: str | os.PathLike[str], *, max_bytes: int = 1 << 30) -> NDArray[Any]:
    """Read a file in IDX, the format of the well-known files of 28x28 handwritten digits.

    The file's header is never trusted with memory: only numbers that are really in the file
    take up any, and at most `max_bytes`.

    Parameters
    ----------
    path : str or path-like
        The file, as it is or packed with gzip (which its first bytes tell, not its name).
    max_bytes : int
        The largest array that is read; a small packed file can hold a very large one.

    Returns
    -------
    ndarray
        The numbers in the shape and type of the file: images are (n, 28, 28) and labels (n,),
        both uint8.

    Raises
    ------
    ModelFileError
        The file is missing, no IDX file, damaged, cut short, too long, or too large.
    ArgumentError, ArgumentTypeError
        `path` is no path, or `max_bytes` no positive whole number.

    Notes
    -----
    A header of four bytes (0, 0, type, number of dimensions), each dimension as a big-endian
    unsigned 32-bit integer, then the numbers, the last index running fastest.

    References
    ----------
    Y. LeCun, C. Cortes, C. Burges: The MNIST database of handwritten digits, 1998.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "labels.idx"
    ...     _ = path.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1]))
    ...     labels = read_idx(path)
    >>> labels
    array([7, 2, 1], dtype=uint8)

    What a network learns from: ``X = images.reshape(len(images), -1) / 255`` and
    ``Y = np.eye(10)[labels]``.
    """
    max_bytes = whole_number(max_bytes, "datasets.read_idx: max_bytes")
    if not isinstance(path, str | os.PathLike):
        raise ArgumentTypeError(f"datasets.read_idx: path must be a path; got {short(path)}.")
    file = Path(path)
    try:
        with _open_unpacked(file) as stream:
            return _read_stream(file, stream, max_bytes)
    except ModelFileError:
        raise
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _idx_error(file, f"is a damaged gzip file: {error}. Get it again.") from error
    except (OSError, ValueError) as error:  # a path with a zero byte is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise _idx_error(file, f"cannot be read: {reason}. Check the path.") from error


def _idx_error(file: Path, problem: str) -> ModelFileError:
    """Return the error that says what is wrong with this file."""
    return ModelFileError(f"datasets.read_idx: '{file}' {problem}")


def _open_unpacked(file: Path) -> BinaryIO:
    """Open a file for reading, unpacking it on the way if it begins like a gzip file."""
    if file.exists() and not file.is_file():
        raise _idx_error(file, "is a folder or a device, not a file. Check the path.")
    with file.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    return cast("BinaryIO", gzip.open(file, "rb")) if packed else file.open("rb")


def _read_stream(file: Path, stream: BinaryIO, max_bytes: int) -> NDArray[Any]:
    """Return the array in an open IDX file."""
    dtype, shape = _read_header(file, stream)
    expected = math.prod(shape) * dtype.itemsize  # Python's integers: the product cannot overflow
    promise = f"its header promises {' x '.join(map(str, shape))} numbers of type {dtype.name}"
    if expected == 0:
        raise _idx_error(file, f"is empty: {promise}.")
    if expected > max_bytes:
        raise _idx_error(
            file, f"is too large: {promise}, {expected} bytes. Raise max_bytes if that is true."
        )
    data = _read_at_most(stream, expected + 1)
    if len(data) < expected:
        raise _idx_error(
            file,
            f"is cut short: {promise}, {expected} bytes, but only {len(data)} follow. "
            "Get it again.",
        )
    if len(data) > expected:
        raise _idx_error(
            file, f"is too long: {promise}, {expected} bytes, but more follow. Get it again."
        )
    array = np.frombuffer(data, dtype=dtype).reshape(shape)
    return array.astype(dtype.newbyteorder("="), copy=False)


def _read_header(file: Path, stream: BinaryIO) -> tuple[np.dtype[Any], tuple[int, ...]]:
    """Return the type of the numbers and the shape that an IDX file begins with."""
    magic = stream.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _IDX_TYPES:
        begins = magic.hex(" ") or "nothing"
        raise _idx_error(
            file,
            f"is no IDX file: it begins with {begins}, but an IDX file with 00 00, one of "
            f"{', '.join(f'{code:02x}' for code in _IDX_TYPES)}, and the number of dimensions.",
        )
    n_dimensions = magic[3]
    if not 1 <= n_dimensions <= _IDX_MAX_DIMENSIONS:
        raise _idx_error(
            file, f"has {n_dimensions} dimensions; it must have 1 to {_IDX_MAX_DIMENSIONS}."
        )
    header = stream.read(4 * n_dimensions)
    if len(header) < 4 * n_dimensions:
        raise _idx_error(file, "is cut short: it ends within its header. Get it again.")
    shape = tuple(int(size) for size in np.frombuffer(header, dtype=">u4"))
    return np.dtype(_IDX_TYPES[magic[2]]), shape


def _read_at_most(stream: BinaryIO, n_bytes: int) -> bytearray:
    """Read `n_bytes`, or as many as there are, taking no more memory than that."""
    data = bytearray()
    while len(data) < n_bytes and (chunk := stream.read(min(_CHUNK, n_bytes - len(data)))):
        data += chunk
    return data
