"""What every form of a model file shares: a head, a version, and a digest."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from neurosim.errors import ModelFileError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.network import Network

__all__ = ["Format", "canonical", "check_head", "damaged", "digest", "foreign", "head", "parsed"]

VERSION = 1

_READERS = {"network": "ns.load", "checkpoint": "ns.resume"}


class Format(ABC):
    """A form of model file. This class is abstract."""

    suffix: ClassVar[str]

    @abstractmethod
    def content(self, network: Network) -> bytes:
        """Return what is written."""

    @abstractmethod
    def network(self, content: bytes, file: str, kinds: Iterable[type]) -> Network:
        """Return the network, or raise `ModelFileError`; `file` is its name, for messages."""


def head() -> dict[str, Any]:
    """Return what every file begins with."""
    return {"neurosim": "network", "version": VERSION}


def digest(parts: Iterable[bytes]) -> str:
    """Return the SHA-256 of some parts, their lengths included."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "little"))
        total.update(part)
    return total.hexdigest()


def canonical(data: Any) -> bytes:
    """Return the one JSON text that stands for `data`."""
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()


def parsed(content: bytes, file: str) -> Any:
    """Return what a JSON text says, or raise `ModelFileError`."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise foreign(file) from None


def check_head(data: Any, file: str, wanted: str = "network") -> None:
    """Raise `ModelFileError` where this is not what is wanted, or of another version."""
    found = data.get("neurosim") if isinstance(data, dict) else None
    if found != wanted and isinstance(found, str) and found in _READERS:
        raise ModelFileError(
            f"{file!r} is a {found}, not a {wanted}; read it with {_READERS[found]}."
        )
    if found != wanted:
        raise foreign(file)
    if data.get("version") != VERSION:
        raise ModelFileError(
            f"{file!r} is of version {data.get('version')!r}, but this neurosim reads version "
            f"{VERSION}; install the neurosim that wrote it."
        )


def foreign(file: str) -> ModelFileError:
    """Return the error for a file that is something else, or broken."""
    return ModelFileError(
        f"{file!r} is no network saved by neurosim, or it is damaged; use a good copy."
    )


def damaged(file: str) -> ModelFileError:
    """Return the error for a file whose digest does not match."""
    return ModelFileError(
        f"{file!r} is damaged or was changed by hand: its digest does not match. Use a good copy; "
        "to write a network by hand use Network.from_config."
    )
