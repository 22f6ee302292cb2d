"""A network as JSON: ``{"neurosim": "network", "version": 1, "digest": ..., "network": ...}``.

The network is the configuration that `neurosim.configuration` documents.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, final

from neurosim.configuration import config_of, network_of
from neurosim.errors import NeurosimError
from neurosim.storage.format import (
    Format,
    canonical,
    check_head,
    damaged,
    digest,
    foreign,
    head,
    parsed,
)
from neurosim.storage.memories import memory_of, recall, split_kinds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.network import Network

__all__ = ["JSONFile"]


@final
class JSONFile(Format):
    """Readable and exact."""

    suffix: ClassVar[str] = ".json"

    def content(self, network: Network) -> bytes:
        """Return the JSON text."""
        parts = {"network": config_of(network)}
        known = memory_of(network)
        if known is not None:
            about, vectors = known
            parts["memory"] = {**about, "vectors": {n: v.tolist() for n, v in vectors.items()}}
        data = {**head(), "digest": _digest(parts), **parts}
        return json.dumps(data, indent=1).encode() + b"\n"

    def network(self, content: bytes, file: str, kinds: Iterable[type]) -> Network:
        """Return the network that a JSON text holds."""
        data = parsed(content, file)
        check_head(data, file)
        if data.get("digest") != _digest(data):
            raise damaged(file)
        _require_numbers(data["network"], file)
        learning, others = split_kinds(kinds)
        network = network_of(data["network"], kinds=others)
        if "memory" in data:
            try:
                recall(network, data["memory"], data["memory"]["vectors"], learning)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                # Only a file made to do harm comes here: its digest is right, its content is not.
                if isinstance(error, NeurosimError):
                    raise
                raise foreign(file) from None
        return network


def _require_numbers(config: Any, file: str) -> None:
    """Refuse a file that leaves numbers out, or claims other sizes, before anything is made."""
    try:
        layers = config.get("layers")
        if layers is None:
            complete = all("weight" in edge for edge in config["edges"])
        else:
            sizes = [layer["neurons"] for layer in layers]
            complete = all(
                len(layer["weights"]) == n_in
                and all(len(row) == n_out for row in layer["weights"])
                and len(layer["biases"]) == n_out
                for layer, n_in, n_out in zip(layers[1:], sizes, sizes[1:], strict=False)
            )
    except (AttributeError, KeyError, TypeError):
        raise foreign(file) from None
    if not complete:
        raise foreign(file)


def _digest(data: dict[str, Any]) -> str:
    # Files from before there was a memory have the digest of the network alone.
    parts = [data.get("network"), *([data["memory"]] if "memory" in data else [])]
    return digest(canonical(part) for part in parts)
