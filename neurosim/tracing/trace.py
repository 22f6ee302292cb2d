"""The steps of one learning step, in the order of computation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, final, overload

from neurosim.checks import short, whole_number
from neurosim.errors import ArgumentError, UnknownEdgeError, UnknownNeuronError, nearest
from neurosim.files import checked_path, write_atomically
from neurosim.tracing.render import RENDERERS
from neurosim.tracing.render.json import steps_of
from neurosim.tracing.steps import KINDS, QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.tracing.steps import Step

__all__ = ["Trace"]


@final
class Trace(Sequence["Step"]):
    """What `Network.trace` recorded: a sequence of `Step`s, never computed again.

    ``print(trace)`` shows it; a slice of it is a trace, too.

    Parameters
    ----------
    steps : iterable of Step

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network(
    ...     [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])]
    ... )
    >>> trace = net.trace([2.0], [9.0], ns.SGD(0.05))
    >>> trace
    Trace(9 steps: 2 forward, 1 loss, 2 delta, 2 gradient, 2 update)
    >>> print(trace.of("input[0]->output[0]"))
    Gradient
      dJ/dw[input[0]->output[0]] = delta[output[0]]*a[input[0]]
                                 = (-4)*2
                                 = -8
    <BLANKLINE>
    Update
      w_new[input[0]->output[0]] = w[input[0]->output[0]] - rate*dJ/dw[input[0]->output[0]]
                                 = 3 - 0.05*(-8)
                                 = 3.4
    """

    def __init__(self, steps: Iterable[Step]) -> None:
        self._steps = tuple(steps)

    @overload
    def __getitem__(self, key: int) -> Step: ...

    @overload
    def __getitem__(self, key: slice) -> Trace: ...

    def __getitem__(self, key: int | slice) -> Step | Trace:
        return Trace(self._steps[key]) if isinstance(key, slice) else self._steps[key]

    def __len__(self) -> int:
        return len(self._steps)

    def of(
        self, subject: str | None = None, quantity: str | None = None, sample: int | None = None
    ) -> Trace:
        """Return the steps about one thing; whatever is None does not matter.

        Parameters
        ----------
        subject : str
            A neuron's label, ``"source->target"``, ``"label.bias"`` or ``"loss"``.
        quantity : str
            z, a, loss, delta, gradient or new.
        sample : int
            The row of a batch; steps about the whole batch are then left out.

        Raises
        ------
        UnknownNeuronError, UnknownEdgeError
            No step of the trace is about this subject; the message has the nearest.
        ArgumentError
            No kind of step has this quantity.

        Examples
        --------
        >>> import neurosim as ns
        >>> net = ns.Network.layered([1, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
        >>> [step.quantity for step in net.trace([2.0], [9.0]).of("output[0]")]
        ['z', 'a', 'delta']
        """
        if subject is not None:
            self._require(subject)
        if quantity is not None and quantity not in QUANTITIES:
            known = ", ".join(QUANTITIES)
            raise ArgumentError(
                f"Trace.of: quantity must be one of {known}; got {short(quantity)}."
            )
        wanted = {"subject": subject, "quantity": quantity, "sample": sample}
        named = {name: value for name, value in wanted.items() if value is not None}
        return Trace(
            step
            for step in self._steps
            if all(getattr(step, name) == value for name, value in named.items())
        )

    def _require(self, subject: str) -> None:
        subjects = dict.fromkeys(step.subject for step in self._steps)
        if subject not in subjects:
            error = UnknownEdgeError if "->" in str(subject) else UnknownNeuronError
            hint = nearest(str(subject), subjects)
            raise error(f"Trace.of: there is no step about {subject!r}. {hint}")

    def text(self, digits: int = 6) -> str:
        """Return the trace as text for a terminal, rounded to significant digits."""
        whole_number(digits, "Trace.text: digits")
        return RENDERERS[".txt"](self, digits)

    def json(self) -> str:
        """Return the trace as JSON; see `neurosim.tracing.render.json`."""
        return RENDERERS[".json"](self, 0)

    @staticmethod
    def from_json(text: str | bytes) -> Trace:
        """Return the trace that `json` or a saved ``.json`` file holds: equal step by step.

        Raises
        ------
        ModelFileError
            The text is damaged, or something else.

        Examples
        --------
        >>> import neurosim as ns
        >>> net = ns.Network.layered([1, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
        >>> trace = net.trace([2.0], [9.0])
        >>> Trace.from_json(trace.json()) == trace
        True
        """
        return Trace(steps_of(text))

    def save(self, path: Any, digits: int = 6) -> None:
        """Write the trace to a file, whole or not at all.

        Parameters
        ----------
        path : path
            Its suffix says in which form: ``.txt``, or ``.json`` at full precision.
        digits : int
            Significant digits of a form that a person reads.

        Raises
        ------
        ArgumentError
            The suffix is unknown.
        ModelFileError
            The file cannot be written; an old one is as it was.
        """
        file = checked_path(path, RENDERERS, "Trace.save: path")
        whole_number(digits, "Trace.save: digits")
        content = RENDERERS[file.suffix.lower()](self, digits)
        write_atomically(file, (content.rstrip("\n") + "\n").encode())

    def __eq__(self, other: object) -> bool:
        return self._steps == other._steps if isinstance(other, Trace) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._steps)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        counts = Counter(step.kind for step in self._steps)
        kinds = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])
        steps = "1 step" if len(self) == 1 else f"{len(self)} steps"
        return f"Trace({steps}{': ' if kinds else ''}{kinds})"
