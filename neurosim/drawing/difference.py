"""What has changed between two states of one network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.checks import short
from neurosim.errors import ArgumentError, ShapeError
from neurosim.network import Network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

__all__ = ["checked_state", "parameters_before"]


def parameters_before(network: Network, other: Any) -> Floats | None:
    """Return the parameters to compare a network's with, one for one; None for None.

    Parameters
    ----------
    network : Network
    other : Network or array or None
        A network of the same wiring, such as a copy made before training, or a copy of its
        parameters.

    Raises
    ------
    ArgumentError
        The networks are wired differently.
    ShapeError
        The array has not one number for each parameter.
    """
    if other is None:
        return None
    if isinstance(other, Network):
        if not _same_wiring(network, other):
            raise ArgumentError(
                "Network.draw: compare must be a network of the same labels and edges, so that "
                "every weight has one to be compared with; take net.copy() or "
                f"net.parameters.copy() before the change. Here are {_what(network)}, there "
                f"{_what(other)}."
            )
        return np.array(other.parameters, dtype=np.float64)
    return checked_state(network, other, "Network.draw: compare")


def checked_state(network: Network, values: Any, what: str) -> Floats:
    """Return a vector of parameters as floats; they need not be finite."""
    try:
        vector = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ArgumentError(
            f"{what} must be a network, or its parameters as an array; got {short(values)}."
        ) from None
    if vector.shape != network.parameters.shape:
        n = len(network.parameters)
        raise ShapeError(
            f"{what} must hold the network's {n} parameters, shape ({n},); got shape "
            f"{vector.shape}."
        )
    return vector


def _same_wiring(one: Network, other: Network) -> bool:
    if one.labels != other.labels or one.parameters.shape != other.parameters.shape:
        return False
    pairs = [
        (one.wiring.edges.sources, other.wiring.edges.sources),
        (one.wiring.edges.targets, other.wiring.edges.targets),
        (one.wiring.edge_slots, other.wiring.edge_slots),
        (one.wiring.bias_slots, other.wiring.bias_slots),
    ]
    return all(np.array_equal(a, b) for a, b in pairs)


def _what(network: Network) -> str:
    return f"{network.wiring.n_neurons} neurons and {network.wiring.n_edges} edges"
