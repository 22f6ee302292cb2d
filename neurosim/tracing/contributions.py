"""What each sample of a batch contributes to a gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from neurosim.tracing.snapshot import Snapshot
    from neurosim.tracing.trace import Trace

__all__ = ["Contribution", "contributions"]


class Contribution(NamedTuple):
    """A sample's part of a gradient; ``sample`` is None for that of the penalties on a weight."""

    sample: int | None
    value: float


def contributions(trace: Trace, subject: str) -> list[Contribution]:
    """Return the parts of a gradient, sample by sample; see `Trace.contributions`."""
    snapshot = trace.snapshot
    if not snapshot.has_targets:
        raise ArgumentError(
            "Trace.contributions: the trace has no gradients, as it was recorded without targets; "
            "give net.trace(x, y) both."
        )
    network = trace.network
    slot = network.directory.parameter(subject)
    source, target = network.wiring.owner(slot)
    if source is not None:
        part = _of_weight(snapshot, slot, source, target)
    elif slot == snapshot.gamma_slots[target]:
        part = _of_gamma(snapshot, target)
    else:
        part = snapshot.by_u(target).__getitem__
    found = [Contribution(i, part(i) / snapshot.scale) for i in range(snapshot.n)]
    if not snapshot.regularization.penalties_of(snapshot.wiring, slot):
        return found
    rest = snapshot.gradient[slot] - sum(one.value for one in found)
    return [*found, Contribution(None, rest)]


def _of_weight(snapshot: Snapshot, slot: int, source: int, target: int) -> Callable[[int], float]:
    """Delta times a, added up over the edges that share the weight."""
    edges = snapshot.edges_of.get(slot, [(source, target)])
    delta, a = snapshot.delta, snapshot.activation
    return lambda i: sum(delta[end][i] * a[start][i] for start, end in edges)


def _of_gamma(snapshot: Snapshot, target: int) -> Callable[[int], float]:
    by_u, zhat = snapshot.by_u(target), snapshot.normalized[target].zhat
    return lambda i: by_u[i] * float(zhat[i])
