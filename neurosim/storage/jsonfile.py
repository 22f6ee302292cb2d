"""A network as JSON: ``{"neurosim": "network", "version": 1, "digest": ..., "network": ...}``.

The network is the configuration that `neurosim.configuration` documents.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar, final

from neurosim.configuration import config_of, network_of
from neurosim.storage.format import Format, canonical, check_head, damaged, digest, head, parsed

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
        config = config_of(network)
        data = {**head(), "digest": digest([canonical(config)]), "network": config}
        return json.dumps(data, indent=1).encode() + b"\n"

    def network(self, content: bytes, file: str, kinds: Iterable[type]) -> Network:
        """Return the network that a JSON text holds."""
        data = parsed(content, file)
        check_head(data, file)
        if data.get("digest") != digest([canonical(data.get("network"))]):
            raise damaged(file)
        return network_of(data["network"], kinds=kinds)
