"""Networks in files: JSON to read, NPZ to be small. No pickle, nothing is executed.

A file carries a version and a digest (SHA-256) of its content, so that a damaged file is refused
and never loads wrong. What is loaded predicts bit for bit the same as what was saved. The random
streams and the start parameters are not in the file: `reset` of a loaded network goes back to the
parameters it was loaded with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.errors import ModelFileError, NeurosimError
from neurosim.files import checked_path, read_bytes, write_atomically
from neurosim.storage.jsonfile import JSONFile
from neurosim.storage.memories import checked_kinds
from neurosim.storage.npzfile import NPZFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.network import Network
    from neurosim.storage.format import Format

__all__ = ["load", "save"]

FORMATS: tuple[Format, ...] = (JSONFile(), NPZFile())


def save(network: Network, path: Any) -> None:
    """Write a network to a ``.json`` or ``.npz`` file, whole or not at all.

    Parameters
    ----------
    network : Network
    path : str or path
        The suffix chooses the form.

    Raises
    ------
    ArgumentError
        Another suffix.
    ModelFileError
        The file cannot be written; an old one is as it was.
    NotFiniteError
        A parameter is not finite.
    """
    file = checked_path(path, _suffixes(), "Network.save: path")
    network.require_finite_parameters("Network.save")
    write_atomically(file, _format(file.suffix).content(network))


def load(path: Any, kinds: Iterable[type] = ()) -> Network:
    """Return the network in a file that `Network.save` wrote.

    Parameters
    ----------
    path : str or path
        A ``.json`` or ``.npz`` file.
    kinds : iterable of classes
        The person's own neurons, losses and scalers that the network uses.

    Raises
    ------
    ModelFileError
        The file is missing, empty, foreign, damaged, or of a later version.
    """
    file = checked_path(path, _suffixes(), "ns.load: path")
    kinds = checked_kinds(kinds)
    content = read_bytes(file)
    if not content:
        raise ModelFileError(f"{str(file)!r} is empty; it is no network saved by neurosim.")
    try:
        return _format(file.suffix).network(content, str(file), kinds)
    except ModelFileError:
        raise
    except NeurosimError as error:
        raise ModelFileError(f"{str(file)!r} holds no network that can be made: {error}") from error


def _suffixes() -> list[str]:
    return [form.suffix for form in FORMATS]


def _format(suffix: str) -> Format:
    return next(form for form in FORMATS if form.suffix == suffix.lower())
