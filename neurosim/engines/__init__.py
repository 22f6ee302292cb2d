"""The engines: different ways to compute the same numbers from one definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.checks import short
from neurosim.engines.base import Engine
from neurosim.engines.choice import EnginePlan, planned
from neurosim.engines.compiled import CompiledEngine
from neurosim.engines.traversal import TraversalEngine
from neurosim.engines.vectorized import VectorizedEngine
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from neurosim.network import Network

__all__ = [
    "CompiledEngine",
    "Engine",
    "EnginePlan",
    "TraversalEngine",
    "VectorizedEngine",
    "chosen_engine",
    "planned",
]

ENGINES: tuple[type[Engine], ...] = (TraversalEngine, VectorizedEngine, CompiledEngine)


def chosen_engine(
    network: Network, name: Any, batch: int = 1, steps: int = 1, optimizer: Any = None
) -> Engine:
    """Return the engine that a person asks `fit` for; ``"auto"`` is the one that is planned.

    An optimizer given here is to learn within the compiled engine, if that is taken.
    """
    if isinstance(name, str) and name == "auto":
        name = planned(network, batch, steps, optimizer).engine
    for engine in ENGINES:
        if isinstance(name, str) and name == engine.name:
            made = network.engine(engine)
            if isinstance(made, CompiledEngine) and optimizer is not None:
                made.require(optimizer)
            return made
    names = ", ".join(repr(engine.name) for engine in ENGINES)
    raise ArgumentError(f"Network.fit: engine must be 'auto' or one of {names}; got {short(name)}.")
