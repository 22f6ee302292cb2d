"""Going through a trace, forwards and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, final, overload

from neurosim.checks import short
from neurosim.errors import ArgumentError, UnknownEdgeError, UnknownNeuronError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.tracing.groups import Group

__all__ = ["Walk"]


@final
class Walk(Sequence["Group"]):
    """A place in the groups of a trace: what a person who steps through it is looking at.

    Parameters
    ----------
    groups : iterable of Group

    Attributes
    ----------
    position : int
        The number of the current group, from 0.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network.layered([1, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
    >>> walk = net.trace([2.0], [9.0]).walk(by="neuron")
    >>> walk.current.title, walk.next().title, walk.back().title
    ('forward: output[0]', 'loss', 'forward: output[0]')
    >>> walk.jump("delta").title, walk.position
    ('delta: output[0]', 2)
    """

    def __init__(self, groups: Iterable[Group]) -> None:
        self._groups = tuple(groups)
        if not self._groups:
            raise ArgumentError("Trace.walk: the trace has no steps; record one with net.trace.")
        self.position = 0

    @overload
    def __getitem__(self, key: int) -> Group: ...

    @overload
    def __getitem__(self, key: slice) -> tuple[Group, ...]: ...

    def __getitem__(self, key: int | slice) -> Group | tuple[Group, ...]:
        return self._groups[key]

    def __len__(self) -> int:
        return len(self._groups)

    @property
    def current(self) -> Group:
        """The group that the walk is at."""
        return self._groups[self.position]

    @property
    def at_start(self) -> bool:
        """Whether there is nothing before."""
        return self.position == 0

    @property
    def at_end(self) -> bool:
        """Whether there is nothing after."""
        return self.position == len(self) - 1

    def next(self) -> Group:
        """Go one on, and return the group there; at the end stay."""
        return self._go(self.position + 1)

    def back(self) -> Group:
        """Go one back, and return the group there; at the start stay."""
        return self._go(self.position - 1)

    def first(self) -> Group:
        """Go to the start."""
        return self._go(0)

    def last(self) -> Group:
        """Go to the end."""
        return self._go(len(self) - 1)

    def _go(self, position: int) -> Group:
        self.position = min(max(position, 0), len(self) - 1)
        return self.current

    def jump(self, where: Any) -> Group:
        """Go somewhere, and return the group there.

        Parameters
        ----------
        where : int or str
            A position; or a kind of step or a subject, such as ``"delta"`` or ``"hidden1[0]"``:
            the next group about it, from the start again where none follows.

        Raises
        ------
        ArgumentError
            There is no such position.
        UnknownNeuronError, UnknownEdgeError
            No group is about this.
        """
        if isinstance(where, str):
            return self._go(self._found(where))
        whole = isinstance(where, int) and not isinstance(where, bool)
        if not whole or not -len(self) <= where < len(self):
            raise ArgumentError(
                f"Walk.jump: where must be a position from 0 to {len(self) - 1}, a kind of step "
                f"or a label; got {short(where)}."
            )
        return self._go(where % len(self))

    def _found(self, where: str) -> int:
        behind = range(self.position + 1)
        for position in (*range(self.position + 1, len(self)), *behind):
            group = self._groups[position]
            # What a term is made of is lit, but the group is about its step.
            if where == group.kind or any(where == step.subject for step in group.steps):
                return int(position)
        known = [name for group in self._groups for name in (group.kind, *group.subjects)]
        error = UnknownEdgeError if "->" in where else UnknownNeuronError
        hint = nearest(where, dict.fromkeys(known))
        raise error(f"Walk.jump: there is no step about {where!r}. {hint}")

    def __repr__(self) -> str:
        return f"Walk({self.current.title!r}, {self.position + 1} of {len(self)})"
