"""The numbers that a person hands in, read and checked against what there is to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.checks import short
from neurosim.errors import (
    ArgumentError,
    ArgumentTypeError,
    ShapeError,
    UnknownEdgeError,
    UnknownNeuronError,
    nearest,
)
from neurosim.tracing.exercises.digits import decimals_of, half_unit, number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.tracing.exercises.textbook import Key, LearningStep

__all__ = ["Answer", "read_answers"]

# Words that people write for the same thing.
_SYNONYMS = {"activation": "a", "grad": "gradient", "loss": "value"}
_PER_SAMPLE = ("z", "a", "delta")


@final
@dataclass(frozen=True)
class Answer:
    """One number handed in.

    Attributes
    ----------
    subject, quantity : str
        What it is about, such as ``"hidden1[0]"`` and ``"delta"``.
    sample : int or None
        The row of a batch; None where there is one sample, or the number is about all of them.
    given : float
    half : float
        Half a unit in the last digit given.
    decimals : int
        The decimals given.
    coarse : bool
        Whether it came as a float of less than 64 bits.
    transposed : bool
        Whether it came in a matrix with rows for columns.
    """

    subject: str
    quantity: str
    sample: int | None
    given: float
    half: float = 0.0
    decimals: int = 17
    coarse: bool = False
    transposed: bool = False

    @property
    def key(self) -> Key:
        """Subject and quantity."""
        return self.subject, self.quantity

    @staticmethod
    def of(key: Key, sample: int | None, given: Any, what: str) -> Answer:
        """Return the answer that a number or a text is."""
        number = number_of(given, what)
        coarse = isinstance(given, np.floating) and given.dtype.itemsize < 8
        return Answer(*key, sample, number, half_unit(given), decimals_of(given), coarse)

    def __str__(self) -> str:
        at = "" if self.sample is None else f" of sample {self.sample}"
        return f"{_NAMES.get(self.key, self.quantity)}{_of(self.key)}{at}"


_NAMES = {("loss", "value"): "the loss", ("loss", "new"): "the loss after the update"}


def _of(key: Key) -> str:
    return "" if key in _NAMES else f" of {key[0]}"


def read_answers(answers: Any, right: LearningStep, what: str) -> list[Answer]:
    """Return the answers in the order of computation; what is None is left out.

    Parameters
    ----------
    answers : mapping
        From subjects to mappings from quantities to numbers.
    right : LearningStep
        The step, which says what there is to answer.
    what : str
        The argument, for messages.
    """
    if not isinstance(answers, Mapping):
        raise ArgumentTypeError(f"{what} must be {_EXAMPLE}; got {short(answers)}.")
    found = [
        answer
        for subject, numbers in answers.items()
        for answer in _about(subject, numbers, right, what)
    ]
    if not found:
        raise ArgumentError(f"{what} hold no number yet; they must be {_EXAMPLE}.")
    order = {key: i for i, key in enumerate(right.computed)}
    return sorted(found, key=lambda answer: (order[answer.key], answer.sample or 0))


_EXAMPLE = 'such as {"hidden1[0]": {"z": 0.38, "delta": "0.0088"}, "loss": {"value": 0.298}}'


def _about(subject: Any, numbers: Any, right: LearningStep, what: str) -> Iterator[Answer]:
    name = _subject(subject, right, what)
    place = f"{what}[{subject!r}]"
    if not isinstance(numbers, Mapping):
        raise ArgumentTypeError(
            f"{place} must hold numbers by quantity, such as {{{_quantities(name, right)[0]!r}: "
            f"0.5}}; got {short(numbers)}."
        )
    for quantity, given in numbers.items():
        key = name, _quantity(quantity, name, right, place)
        if given is not None:
            yield from _numbers(key, given, right, f"{place}[{quantity!r}]")


def _subject(subject: Any, right: LearningStep, what: str) -> str:
    """Return a subject as the trace calls it."""
    known = {name for name, _ in right.computed}
    for form in _forms(str(subject)):
        if form in known:
            return form
    is_edge = "->" in str(subject)
    error = UnknownEdgeError if is_edge else UnknownNeuronError
    kind = "an edge" if is_edge else "a neuron, a bias or the loss"
    names = list(dict.fromkeys(name for name, _ in right.computed if ("->" in name) == is_edge))
    raise error(
        f"{what}: {subject!r} is not {kind} of this network. {nearest(str(subject), names)}"
    )


def _forms(subject: str) -> Iterator[str]:
    yield subject
    if "->" in subject:
        yield "->".join(part.strip() for part in subject.split("->"))
    if subject.endswith(".b"):
        yield f"{subject}ias"


def _quantities(name: str, right: LearningStep) -> list[str]:
    return [quantity for subject, quantity in right.computed if subject == name]


def _quantity(quantity: Any, name: str, right: LearningStep, place: str) -> str:
    known = _quantities(name, right)
    wanted = quantity if quantity in known else _SYNONYMS.get(str(quantity))
    if wanted in known:
        return str(wanted)
    if quantity == "new" and right.snapshot.optimizer is None and _is_updated(name, right):
        raise ArgumentError(
            f"{place}: a new value needs the update; give the optimizer, too, such as "
            "optimizer=ns.SGD(0.5)."
        )
    listed = " and ".join([", ".join(known[:-1]), known[-1]] if known[1:] else known)
    raise ArgumentError(f"{place}: it has {listed}; got {quantity!r}.")


def _is_updated(name: str, right: LearningStep) -> bool:
    return name == "loss" or (name, "gradient") in right.computed


def _numbers(key: Key, given: Any, right: LearningStep, place: str) -> Iterator[Answer]:
    n = right.n
    if key[1] not in _PER_SAMPLE or (n == 1 and not _is_list(given)):
        yield Answer.of(key, None, given, place)
        return
    if not _is_list(given) or len(given) != n:
        raise ShapeError(
            f"{place} must be a list of {n} numbers, one per sample; got {short(given)}."
        )
    for sample, one in enumerate(given):
        if one is not None:
            name = f"{place}[{sample}]"
            yield Answer.of(key, None if right.snapshot.single else sample, one, name)


def _is_list(given: Any) -> bool:
    # A 0-dimensional array is a number.
    return (isinstance(given, Sequence) and not isinstance(given, str)) or getattr(
        given, "ndim", 0
    ) == 1
