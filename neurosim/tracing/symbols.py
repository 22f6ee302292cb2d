"""What numbers are called: by the person's labels, or with a book's indices.

A `Symbol` is written in a notation. ``"labels"`` names neurons by label: ``w[x->h]``, ``a[h]``.
``"book"`` counts, as Nielsen does: the layer is the superscript, the input layer being layer 1, and
neurons are counted from 1 within theirs, the target before the source::

    w_jk^l       from neuron k of layer l - 1 to neuron j of layer l
    w_jk^(m->l)  from neuron k of layer m, where an edge skips layers or stays in one
    b_j^l, z_j^l, a_j^l, delta_j^l  of neuron j of layer l
    y_j          the target of output j

From an index of two digits on there is a comma between the two: ``w_12,3^2``. The layers are those
of ``net.layers``, which every wiring has; a number of sample 3 of a batch has ``(3)`` behind it.

Source: Nielsen, "Neural Networks and Deep Learning", 2015, chapter 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, final

from neurosim.checks import short
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NOTATIONS", "Indexed", "Symbol", "checked_notation"]


class Indexed(NamedTuple):
    """A letter with what it belongs to.

    Attributes
    ----------
    letter : str
        ``"w"``, ``"b"``, ``"z"``, ``"a"``, ``"delta"``, ``"w_new"`` and the like.
    subject : str
        The label of a neuron, or ``"source->target"``.
    at : tuple of (layer, position)
        Counted from 0: of the neuron; of an edge its source and its target. The target value of
        an output has no layer: None.
    """

    letter: str
    subject: str
    at: tuple[tuple[int | None, int], ...]

    @property
    def by_label(self) -> str:
        """The letter with the label."""
        return f"{self.letter}[{self.subject}]"

    @property
    def below(self) -> str:
        """The book's subscript: the position, of an edge the target's before the source's."""
        numbers = [str(position + 1) for _, position in reversed(self.at)]
        return ("," if any(len(number) > 1 for number in numbers) else "").join(numbers)

    @property
    def above(self) -> str:
        """The book's superscript: the layer; ``m->l`` where an edge skips layers, or "" for y."""
        layers = [layer + 1 for layer, _ in self.at if layer is not None]
        if len(layers) == 2 and layers[1] - layers[0] != 1:
            return f"{layers[0]}->{layers[1]}"
        return str(layers[-1]) if layers else ""

    @property
    def by_book(self) -> str:
        """The letter with the book's indices."""
        above = f"({self.above})" if "->" in self.above else self.above
        return f"{self.letter}_{self.below}{'^' if above else ''}{above}"


@final
class Symbol:
    """The name of a number: text, and letters that belong to neurons or edges.

    Examples
    --------
    >>> w = Indexed("w", "x->h", ((0, 0), (1, 1)))
    >>> Symbol("dJ/d", w).written("labels"), Symbol("dJ/d", w).written("book")
    ('dJ/dw[x->h]', 'dJ/dw_21^2')
    """

    __slots__ = ("_by_label", "parts")

    def __init__(self, *parts: str | Indexed) -> None:
        self.parts = parts
        # Asked for again and again, as every equation is written with labels first.
        self._by_label = self._joined("labels")

    def _joined(self, notation: str) -> str:
        write = NOTATIONS[notation]
        return "".join([part if isinstance(part, str) else write(part) for part in self.parts])

    @property
    def subjects(self) -> tuple[str, ...]:
        """The labels of the neurons and edges that it belongs to."""
        return tuple(part.subject for part in self.parts if isinstance(part, Indexed))

    def written(self, notation: str = "labels") -> str:
        """Return it as text, in a notation."""
        return self._by_label if notation == "labels" else self._joined(notation)

    def around(self, before: str, after: str = "") -> Symbol:
        """Return it with text before and after it.

        >>> Symbol(Indexed("z", "o", ((1, 0),))).around("s'(", ")").written("book")
        "s'(z_1^2)"
        """
        return Symbol(before, *self.parts, after)

    def __str__(self) -> str:
        return self.written()

    def __repr__(self) -> str:
        return f"Symbol({', '.join(map(repr, self.parts))})"


NOTATIONS: dict[str, Callable[[Indexed], str]] = {
    "labels": lambda one: one.by_label,
    "book": lambda one: one.by_book,
}
"""How a letter and what it belongs to are written, by notation."""


def checked_notation(notation: object, what: str) -> str:
    """Return a notation that is known, or raise `ArgumentError`."""
    if isinstance(notation, str) and notation in NOTATIONS:
        return notation
    known = " or ".join(repr(name) for name in NOTATIONS)
    raise ArgumentError(f"{what}: notation must be {known}; got {short(notation)}.")
