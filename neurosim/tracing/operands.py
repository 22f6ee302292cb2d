"""The numbers of a step as operands: by name for the symbols, by value for the arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from neurosim.tracing.equation import Equation
from neurosim.tracing.expression import (
    ATOM,
    PRODUCT,
    SUM,
    TEXT,
    Expression,
    constant,
    named,
    number,
    total,
)
from neurosim.tracing.steps import Words
from neurosim.tracing.symbols import Indexed, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

    from neurosim.tracing.snapshot import Snapshot

__all__ = ["Operands", "words"]


@final
class Operands:
    """Hands out the numbers of a snapshot, and keeps a list of them.

    Every equation is written once, over these; it is read twice, for the symbols and for the
    numbers.

    Parameters
    ----------
    snapshot : Snapshot
    sample : int or None
        None where the step is about the whole batch: see `over_samples`.
    symbols : bool
        Whether numbers are written by name.

    Attributes
    ----------
    terms : dict
        The numbers handed out so far, by name.
    """

    def __init__(self, snapshot: Snapshot, sample: int | None, *, symbols: bool) -> None:
        self.snapshot, self.symbols = snapshot, symbols
        self.sample = 0 if sample is None else sample
        self.terms: dict[str, float] = {}
        self._mark = ""

    def leaf(self, name: Symbol | str, value: float) -> Expression:
        """Return one number, which is then one of the `terms`."""
        symbol = name if isinstance(name, Symbol) else Symbol(name)
        self.terms.setdefault(symbol.written(), value)
        return named(symbol, value) if self.symbols else number(value, symbol)

    def part(self, name: Symbol | str, expression: Expression) -> Expression:
        """Return a part of the equation that has a name: one of the `terms`, too."""
        symbol = name if isinstance(name, Symbol) else Symbol(name)
        self.terms.setdefault(symbol.written(), expression.value)
        return named(symbol, expression.value) if self.symbols else expression

    def _of(self, letter: str, who: int) -> Symbol:
        """Return the symbol of a neuron's number, which may differ from sample to sample."""
        return Symbol(self.snapshot.indexed(letter, who), self._mark)

    def weight(self, source: int, target: int, slot: int) -> Expression:
        """Return the weight of an edge."""
        symbol = Symbol(self.snapshot.indexed_edge("w", source, target))
        return self.leaf(symbol, self.snapshot.parameters[slot])

    def bias(self, who: int, slot: int) -> Expression:
        """Return the bias of a neuron, which is called beta where its sum is normalized."""
        letter = "beta" if who in self.snapshot.normalized else "b"
        return self.leaf(self.snapshot.symbol(letter, who), self.snapshot.parameters[slot])

    def z(self, who: int) -> Expression:
        """Return the weighted sum of a neuron."""
        return self.leaf(self._of("z", who), self.snapshot.z[who][self.sample])

    def u(self, who: int) -> Expression:
        """Return what f is applied to: z, or the normalized u."""
        if who not in self.snapshot.normalized:
            return self.z(who)
        return self.leaf(self._of("u", who), self.snapshot.u[who][self.sample])

    def written_u(self, who: int) -> Expression:
        """Return what f is applied to, written out: gamma (z - mean) / sqrt(...) + beta."""
        if who not in self.snapshot.normalized:
            return self.z(who)
        one = self.snapshot.normalized[who]
        mean = self.leaf(self.snapshot.symbol("mean", who), float(one.mean[0]))
        zhat = (self.z(who) - mean) / self._spread(who)
        u: Expression = self.gamma(who) * zhat + self.bias(who, self.snapshot.rows[who][1])
        # A symbol of a formula is replaced as it stands, so that it must hold together.
        return Expression(("(", u, ")"), u.value, ATOM, u.sound) if self.symbols else u

    def gamma(self, who: int) -> Expression:
        """Return the factor of a normalized sum."""
        slot = self.snapshot.gamma_slots[who]
        return self.leaf(self.snapshot.symbol("gamma", who), self.snapshot.parameters[slot])

    def _spread(self, who: int) -> Expression:
        normalization = self.snapshot.kinds[who].normalization
        assert normalization is not None
        variance = float(self.snapshot.normalized[who].variance[0])
        variance_of = self.leaf(self.snapshot.symbol("var", who), variance)
        spread: Expression = TEXT["sqrt"](variance_of + self.leaf("epsilon", normalization.epsilon))
        return spread

    def zhat(self, who: int) -> Expression:
        """Return (z - mean) / sqrt(var + epsilon) of a neuron."""
        value = float(self.snapshot.normalized[who].zhat[self.sample])
        return self.leaf(self._of("zhat", who), value)

    def by_u(self, who: int) -> Expression:
        """Return dJ/du of a normalized neuron, else its delta."""
        if who not in self.snapshot.normalized:
            return self.delta(who)
        return self.leaf(self._of("dJ/du", who), self.snapshot.by_u(who)[self.sample])

    def through_normalization(self, who: int, by_u: Expression) -> Expression:
        """Return delta = dJ/dz of a neuron, given dJ/du; they are one where z is not normalized."""
        one = self.snapshot.normalized.get(who)
        if one is None:
            return by_u
        slope = self.gamma(who) / self._spread(who)
        if one.training:
            by, zhat = (self.snapshot.indexed(letter, who) for letter in ("dJ/du", "zhat"))
            scale = self.snapshot.scale
            mean = self.leaf(Symbol("mean(", by, ")"), scale * float(one.mean_by_u[0]))
            tilted = scale * float(one.mean_by_u_zhat[0])
            tilt = self.leaf(Symbol("mean(", by, "*", zhat, ")"), tilted)
            by_u = by_u - mean - self.zhat(who) * tilt
        delta: Expression = slope * by_u
        return delta

    def a(self, who: int) -> Expression:
        """Return the activation of a neuron."""
        return self.leaf(self._of("a", who), self.snapshot.activation[who][self.sample])

    def own_a(self, who: int) -> Expression:
        """Return f(z) of a neuron: its activation before dropout."""
        if who not in self.snapshot.masks:
            return self.a(who)
        return self.leaf(self._of("f", who), self.snapshot.own_activation(who)[self.sample])

    def masked(self, who: int, expression: Expression) -> Expression:
        """Return the expression times what dropout multiplies the neuron's activation by."""
        if who not in self.snapshot.masks:
            return expression
        mask = self.leaf(self._of("m", who), self.snapshot.masks[who][self.sample])
        product: Expression = expression * mask
        return product

    def delta(self, who: int) -> Expression:
        """Return the delta of a neuron."""
        return self.leaf(self._of("delta", who), self.snapshot.delta[who][self.sample])

    def y(self, who: int) -> Expression:
        """Return the target of an output."""
        column = self.snapshot.column[who]
        # A target has no layer: a book counts the outputs.
        y = Indexed("y", self.snapshot.labels[who], ((None, column),))
        return self.leaf(Symbol(y, self._mark), self.snapshot.targets[column][self.sample])

    @property
    def n(self) -> Expression:
        """The number of samples."""
        n = float(self.snapshot.n)
        self.terms.setdefault("n", n)
        return named(Symbol("n"), n) if self.symbols else constant(n)

    def mean(self, expression: Expression) -> Expression:
        """Return the part of the mean that is one sample's: divided by n, unless left out."""
        if self.snapshot.n == 1 or self.snapshot.per_sample:
            return expression
        return _divided(expression, self.n)

    def over_samples(self, part: Callable[[], Expression]) -> Expression:
        """Return the sum of `part` over the samples: in symbols as words, else written out.

        The number of sample 3 is then named ``a[o](3)``.
        """
        if self.snapshot.n == 1:
            return part()
        if self.symbols:
            one = part()
            return Expression(("sum over samples of ", one.inside(PRODUCT)), one.value, SUM)
        return total(self._sample(sample, part) for sample in range(self.snapshot.n))

    def _sample(self, sample: int, part: Callable[[], Expression]) -> Expression:
        self.sample, self._mark = sample, f"({sample})"
        return part()

    def apart(self) -> Operands:
        """Return operands for the same sample that keep a list of their own."""
        return Operands(self.snapshot, self.sample, symbols=self.symbols)


def _divided(expression: Expression, n: Expression) -> Expression:
    quotient: Expression = expression / n
    return quotient


def words(
    left: Symbol,
    equation: Callable[[Operands], Expression],
    snapshot: Snapshot,
    sample: int | None,
    value: float,
    explanation: str,
) -> Words:
    """Return what is written about a step whose right-hand side is `equation`."""
    names = Operands(snapshot, sample, symbols=True)
    numbers = Operands(snapshot, sample, symbols=False)
    symbolic, substituted = equation(names), equation(numbers)
    name = left.written()
    return Words(
        f"{name} = {symbolic.text}",
        f"{name} = {substituted.text} = {value!r}",
        tuple(numbers.terms.items()),
        explanation,
        Equation(left, symbolic, substituted, value),
    )
