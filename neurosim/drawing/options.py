"""What a person may choose about a drawing, checked."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from neurosim.checks import finite_number, short, whole_number
from neurosim.errors import ArgumentError, ArgumentTypeError

__all__ = ["SHOWN", "Options"]

SHOWN: dict[str, str] = {
    "titles": "the name, size and kind of every layer, over its column",
    "labels": "the label of every neuron",
    "symbols": "the kind's symbol inside a node, where no activation is shown",
    "weights": "the number on every edge, between layers with few edges and room for all",
    "biases": "b = ... under a node",
    "activations": "the activation inside a node",
    "z": "z = ... under a node",
    "deltas": "the delta under a node",
    "legend": "what the colours and marks mean",
}
"""What can be shown, by name. Without `show` it is all that fits but z."""


@dataclass(frozen=True)
class Options:
    """The options of `draw_network`; see there.

    >>> Options.of({"show": ["weights"], "digits": 2}).show
    frozenset({'weights'})
    """

    show: frozenset[str] | None = None
    sample: int | None = None
    title: str | None = None
    figsize: tuple[float, float] | None = None
    digits: int = 3
    max_neurons: int = 16

    @classmethod
    def of(cls, given: dict[str, Any]) -> Options:
        """Return the options, or say which one is unknown or wrong."""
        known = [field.name for field in fields(cls)]
        for name in given:
            if name not in known:
                raise ArgumentTypeError(
                    f"Network.draw has no option {name!r}; its options: path, ax, "
                    f"{', '.join(known)}."
                )
        checked: dict[str, Any] = {name: _CHECKS[name](value) for name, value in given.items()}
        return cls(**checked)

    def asks_for(self, name: str, otherwise: bool = True) -> bool:
        """Whether `name` is to be shown; `otherwise` where the person did not say."""
        return otherwise if self.show is None else name in self.show


def _show(value: Any) -> frozenset[str] | None:
    if value is None:
        return None
    if isinstance(value, str):
        raise ArgumentTypeError(
            f"Network.draw: show must be a list of names, such as [{value!r}]; got {value!r}."
        )
    try:
        names = list(value)
    except TypeError:
        raise ArgumentTypeError(
            f"Network.draw: show must be a list of names; got {short(value)}."
        ) from None
    for name in names:
        if not isinstance(name, str) or name not in SHOWN:
            raise ArgumentError(
                f"Network.draw: show must name things out of {', '.join(SHOWN)}; got {short(name)}."
            )
    return frozenset(names)


def _sample(value: Any) -> int | None:
    return None if value is None else whole_number(value, "Network.draw: sample", at_least=0)


def _title(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ArgumentTypeError(f"Network.draw: title must be a text; got {short(value)}.")
    return value


def _figsize(value: Any) -> tuple[float, float] | None:
    if value is None:
        return None
    try:
        width, height = value
    except (TypeError, ValueError):
        raise ArgumentTypeError(
            f"Network.draw: figsize must be (width, height) in inches; got {short(value)}."
        ) from None
    return (
        finite_number(width, "Network.draw: the width of figsize", above=0),
        finite_number(height, "Network.draw: the height of figsize", above=0),
    )


def _digits(value: Any) -> int:
    return whole_number(value, "Network.draw: digits")


def _max_neurons(value: Any) -> int:
    # The first, the ellipsis and the last.
    return whole_number(value, "Network.draw: max_neurons", at_least=3)


_CHECKS = {
    "show": _show,
    "sample": _sample,
    "title": _title,
    "figsize": _figsize,
    "digits": _digits,
    "max_neurons": _max_neurons,
}
