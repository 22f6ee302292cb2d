"""What an entry of a configuration must be, and how it is named in messages."""

from __future__ import annotations

from typing import Any

from neurosim.checks import short
from neurosim.errors import ArgumentError, ArgumentTypeError, nearest

__all__ = ["WHAT", "a_list", "check_keys", "require"]

WHAT = "Network.from_config"


def require(value: Any, kind: type, what: str, wanted: str) -> None:
    """Raise where a value is not of a type; `what` is its place and `wanted` the words for it."""
    if not isinstance(value, kind):
        raise ArgumentTypeError(f"{what} must be {wanted}; got {short(value)}.")


def a_list(value: Any, what: str) -> list[Any]:
    """Return a list or tuple as a new list, or raise."""
    if not isinstance(value, list | tuple):
        raise ArgumentTypeError(f"{what} must be a list; got {short(value)}.")
    return list(value)


def check_keys(entry: dict[Any, Any], known: set[str], what: str) -> None:
    """Raise where an entry has a key that is not known, and name the nearest ones."""
    for key in entry:
        if key not in known:
            raise ArgumentError(
                f"{what} has an unknown entry {key!r}. {nearest(str(key), sorted(known))}"
            )
