"""One number of a learning step, with the equation that it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, final

from neurosim.errors import ArgumentError
from neurosim.tracing.equation import Line, rounded
from neurosim.tracing.symbols import checked_notation

if TYPE_CHECKING:
    from collections.abc import Callable

    from neurosim.tracing.equation import Equation

__all__ = ["KINDS", "QUANTITIES", "Step", "Words"]

KINDS = ("forward", "loss", "delta", "gradient", "update")
"""The kinds of step, in the order of computation."""
QUANTITIES = ("z", "a", "loss", "delta", "gradient", "new")
"""What a step tells of its subject."""


class Words(NamedTuple):
    """What is written about a step; see `Step`."""

    symbolic: str
    substituted: str
    terms: tuple[tuple[str, float], ...]
    explanation: str
    equation: Equation | None = None


@final
@dataclass(frozen=True, eq=False, repr=False)
class Step:
    """One number of a learning step. Its words are written when they are first asked for.

    Attributes
    ----------
    kind : str
        ``"forward"``, ``"loss"``, ``"delta"``, ``"gradient"`` or ``"update"``.
    subject : str
        A neuron's label, ``"source->target"``, ``"label.bias"``, ``"label.gamma"`` or ``"loss"``.
    quantity : str
        ``"z"``, ``"a"``, ``"loss"``, ``"delta"``, ``"gradient"`` or ``"new"``.
    sample : int or None
        The row of the batch, 0 for a single sample; None where the number belongs to all of them
        (loss, gradient, update).
    value : float
        The engine's own number; of an update the new value.
    before : float or None
        Of an update the old value.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network(
    ...     [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])]
    ... )
    >>> step = net.trace([2.0], [9.0])[0]
    >>> step
    Step('forward', 'output[0]', 'z', 7.0, sample=0)
    >>> step.symbolic
    'z[output[0]] = w[input[0]->output[0]]*a[input[0]] + b[output[0]]'
    >>> step.substituted
    'z[output[0]] = 3.0*2.0 + 1.0 = 7.0'
    """

    kind: str
    subject: str
    quantity: str
    sample: int | None
    value: float
    before: float | None = None
    source: Words | Callable[[], Words] = field(kw_only=True)
    twin: Callable[[], Step | None] | None = field(default=None, kw_only=True)

    @cached_property
    def words(self) -> Words:
        """The equation, the terms and the explanation."""
        return self.source if isinstance(self.source, Words) else self.source()

    @property
    def symbolic(self) -> str:
        """The equation in symbols, ``left = expression``."""
        return self.words.symbolic

    @property
    def substituted(self) -> str:
        """The equation with this step's numbers, ``left = expression = value``.

        The expression is plain Python arithmetic at full precision over ``+ - * / **`` and exp,
        log, tanh, sqrt, erf, max, min, which evaluates to the value: wherever the engine works on
        Python floats bit for bit, else to 1e-12 of the terms added up. (1e-5 in float32.)
        """
        return self.words.substituted

    @property
    def equation(self) -> Equation:
        """The equation taken apart: its sides, their pieces, their names in either notation.

        Of a trace that was loaded from a file it is computed again from what was recorded there.

        Raises
        ------
        ArgumentError
            The step was loaded from a file that tells its texts alone.
        """
        if self.words.equation is not None:
            return self.words.equation
        twin = None if self.twin is None else self.twin()
        if twin is None:
            raise ArgumentError(
                f"Step.equation: {self!r} comes from a file that holds the texts of its equation "
                "alone; use step.symbolic and step.substituted, or record it again."
            )
        return twin.equation

    def line(
        self, notation: str = "labels", digits: int | None = None, most: int | None = None
    ) -> Line:
        """Return the equation as texts: ``left = symbols = numbers = value``.

        Parameters
        ----------
        notation : {"labels", "book"}
            See `neurosim.tracing.symbols`.
        digits : int or None
            Significant digits; None is full precision.
        most : int or None
            Of a sum with more terms the first two and the last are written, and between them how
            many there are more: ``0.5*2 + 0.1*4 + ... (97 more) ... + 3``. None writes all.

        Examples
        --------
        >>> import neurosim as ns
        >>> net = ns.Network.layered([1, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
        >>> net.trace([2.0], [9.0])[0].line("book", digits=3).symbols
        'w_11^2*a_1^1 + b_1^2'
        """
        checked_notation(notation, "Step.line")
        long = self.twin is not None and most is not None and len(self.terms) > most
        if notation != "labels" or long or self.words.equation is not None:
            return self.equation.line(notation, digits, most)
        left, numbers, value = self.substituted.split(" = ")
        symbols = self.symbolic.removeprefix(f"{left} = ")
        return Line(left, symbols, rounded(numbers, digits), rounded(value, digits))

    @property
    def terms(self) -> tuple[tuple[str, float], ...]:
        """The numbers that the value was made of, as ``(label, value)``."""
        return self.words.terms

    @property
    def explanation(self) -> str:
        """What the number is, in one plain sentence."""
        return self.words.explanation

    @property
    def key(self) -> tuple[str, str, int | None]:
        """Subject, quantity and sample, which no other step of its trace shares."""
        return self.subject, self.quantity, self.sample

    def _content(self) -> tuple[Any, ...]:
        # As text, a NaN is equal to itself.
        return (
            *(self.kind, self.subject, self.quantity, self.sample),
            *(repr(self.value), repr(self.before), repr(self.words[:4])),
        )

    def __eq__(self, other: object) -> bool:
        return self._content() == other._content() if isinstance(other, Step) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.kind, self.subject, self.quantity, self.sample, repr(self.value)))

    def __repr__(self) -> str:
        sample = "" if self.sample is None else f", sample={self.sample}"
        before = "" if self.before is None else f", before={self.before!r}"
        names = f"{self.kind!r}, {self.subject!r}, {self.quantity!r}"
        return f"Step({names}, {self.value!r}{sample}{before})"

    def __str__(self) -> str:
        left, *right = self.line(digits=6)
        return " = ".join([left, *Line(left, *right).right])
