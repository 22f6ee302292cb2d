"""What is attached to a network beside its neurons and edges: scalers, regularizers, a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.checks import short
from neurosim.configuration.entries import WHAT, a_list, check_keys, require
from neurosim.configuration.named import class_named, scaler_named
from neurosim.errors import ArgumentError
from neurosim.regularizers import Regularizer
from neurosim.tables import Schema

if TYPE_CHECKING:
    from neurosim.network import Network

__all__ = ["attach", "attachments"]


def attachments(network: Network) -> dict[str, Any]:
    """Return what is attached to a network, beside its neurons and edges, as plain data."""
    table = {} if network.table is None else {"table": network.table.config()}
    return {**scaling_config(network), **regularizers_config(network), **table}


def attach(network: Network, data: dict[str, Any], classes: dict[str, type]) -> None:
    """Attach what plain data tells; the opposite of `attachments`."""
    scale_as(network, data.get("scaling", {}), classes)
    regularize_as(network, data.get("regularizers", []), classes)
    if "table" in data:
        table_as(network, data["table"])


def table_as(network: Network, config: Any) -> None:
    """Attach the schema of a table that plain data tells; the opposite of `Schema.config`."""
    what = f"{WHAT}: table"
    schema = Schema.from_config(config, what)
    schema.check_sizes(len(network.wiring.inputs), len(network.wiring.outputs), what)
    network.table = schema


def regularizers_config(network: Network) -> dict[str, Any]:
    """Return the entry that tells a network's regularizers; nothing where there are none."""
    told = [
        {"regularizer": type(regularizer).__name__, **regularizer.config()}
        | ({} if numbers is None else {"neurons": [network.labels[i] for i in numbers.tolist()]})
        for regularizer, numbers in network.regularization.entries
    ]
    return {"regularizers": told} if told else {}


def regularize_as(network: Network, config: Any, classes: dict[str, type]) -> None:
    """Attach the regularizers that plain data names; the opposite of `regularizers_config`."""
    for position, entry in enumerate(a_list(config, f"{WHAT}: regularizers")):
        what = f"{WHAT}: regularizers[{position}]"
        require(entry, dict, what, "a dict")
        kind = class_named(classes, entry.get("regularizer"), Regularizer, f"{what}: regularizer")
        given = {k: v for k, v in entry.items() if k not in ("regularizer", "neurons")}
        try:
            regularizer: Regularizer = kind(**given)
        except TypeError:
            raise ArgumentError(f"{what} has wrong parameters: {short(entry)}.") from None
        network.regularize(regularizer, entry.get("neurons"))


def scaling_config(network: Network) -> dict[str, Any]:
    """Return the entry that tells a network's scalers; nothing where there are none."""
    sides = {"inputs": network.input_scaler, "outputs": network.output_scaler}
    told = {side: scaler.config() for side, scaler in sides.items() if scaler is not None}
    return {"scaling": told} if told else {}


def scale_as(network: Network, config: Any, classes: dict[str, type]) -> None:
    """Attach the scalers that plain data names; the opposite of `scaling_config`."""
    what = f"{WHAT}: scaling"
    require(config, dict, what, "a dict of inputs and outputs")
    check_keys(config, {"inputs", "outputs"}, what)
    named = {side: scaler_named(entry, classes, what) for side, entry in config.items()}
    network.scale(**named)
