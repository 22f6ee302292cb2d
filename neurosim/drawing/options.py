"""What a person may choose about a drawing, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from neurosim.checks import finite_number, short, whole_number
from neurosim.errors import ArgumentError, ArgumentTypeError

__all__ = ["DIRECTIONS", "KEPT", "MEANINGS", "NOTATIONS", "SHOWN", "STYLES", "Options"]

MEANINGS: dict[str, str] = {
    "titles": "the name, size and kind of every layer, over its column",
    "formulas": "what a layer computes, such as a = σ(xW + b), under its title",
    "shapes": "the shape of every layer's weights, between the columns",
    "labels": "the label of every neuron",
    "symbols": "the kind's symbol inside a node, where no activation is shown",
    "weights": "the number on every edge, between layers with few edges and room for all",
    "biases": "b = ... under a node; β = ... and γ = ... where its sum is normalized",
    "activations": "the activation inside a node",
    "fills": "the activation as the colour of a node",
    "z": "z = ... under a node",
    "deltas": "the delta under a node",
    "gradients": "the derivative of the loss by the weight, on every edge, and by the bias",
    "marks": "what is frozen, tied, dropped out",
    "colorbar": "the colours of the edges, and of the nodes, with their numbers",
    "legend": "what the colours and marks mean",
}
"""What can be shown, by name, and what that is."""
SHOWN = tuple(MEANINGS)

KEPT = {
    "ends": "of a large layer, the first and the last neurons",
    "strongest": "of a large layer, the neurons with the largest weights",
}
DIRECTIONS = {"right": "layers from left to right", "down": "layers from top to bottom"}
STYLES = {
    "screen": "for a web page and a notebook",
    "paper": "at the width of a column, or of a page, with texts of 7 points and more",
    "slide": "on a slide of 13.33 x 7.5 inches",
    "dark": "on a dark ground",
}
NOTATIONS = {"labels": "neurons by their labels", "math": "neurons by symbols, as in a book"}


@dataclass(frozen=True)
class Options:
    """The options of `draw_network`; see there.

    >>> Options.of({"show": ["weights"], "digits": 2}).asks_for("legend")
    False
    >>> Options.of({"show": {"legend": False}}).asks_for("weights")
    True
    """

    show: Mapping[str, bool] = field(default_factory=dict)
    sample: int | None = None
    title: str | None = None
    figsize: tuple[float, float] | None = None
    digits: int | None = None
    max_neurons: int = 16
    keep: str = "ends"
    threshold: float = 0.0
    direction: str = "right"
    style: str = "screen"
    notation: str = "labels"
    highlight: Any = None
    feeding: bool = False
    compare: Any = None

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
        if checked.get("feeding") and checked.get("highlight") is None:
            raise ArgumentError(
                "Network.draw: feeding=True highlights what feeds the highlighted neurons; say "
                "which, such as highlight='output[0]'."
            )
        return cls(**checked)

    def asks_for(self, name: str, otherwise: bool = True) -> bool:
        """Whether `name` is to be shown; `otherwise` where the person did not say."""
        return self.show.get(name, otherwise)


def _show(value: Any) -> Mapping[str, bool]:
    """Return what is said of each thing: of all of them by a list, of some by a mapping."""
    if value is None:
        return {}
    if isinstance(value, str):
        raise ArgumentTypeError(
            f"Network.draw: show must be a list of names, such as [{value!r}]; got {value!r}."
        )
    try:
        names = list(value)
    except TypeError:
        raise ArgumentTypeError(
            f"Network.draw: show must be a list of names, or a dict such as {{'z': True}}; "
            f"got {short(value)}."
        ) from None
    for name in names:
        if not isinstance(name, str) or name not in SHOWN:
            raise ArgumentError(
                f"Network.draw: show must name things out of {', '.join(SHOWN)}; got {short(name)}."
            )
    if isinstance(value, Mapping):
        return {name: _boolean(on, f"show[{name!r}]") for name, on in value.items()}
    return {name: name in names for name in SHOWN}


def _boolean(value: Any, what: str) -> bool:
    if not isinstance(value, bool):
        raise ArgumentTypeError(f"Network.draw: {what} must be True or False; got {short(value)}.")
    return value


def _feeding(value: Any) -> bool:
    return _boolean(value, "feeding")


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


def _digits(value: Any) -> int | None:
    return None if value is None else whole_number(value, "Network.draw: digits")


def _max_neurons(value: Any) -> int:
    # The first, the ellipsis and the last.
    return whole_number(value, "Network.draw: max_neurons", at_least=3)


def _threshold(value: Any) -> float:
    return finite_number(value, "Network.draw: threshold", at_least=0)


def _keep(value: Any) -> str:
    return _one_of(value, KEPT, "keep")


def _direction(value: Any) -> str:
    return _one_of(value, DIRECTIONS, "direction")


def _style(value: Any) -> str:
    return _one_of(value, STYLES, "style")


def _notation(value: Any) -> str:
    return _one_of(value, NOTATIONS, "notation")


def _one_of(value: Any, known: Mapping[str, str], what: str) -> str:
    if not isinstance(value, str) or value not in known:
        names = " or ".join(repr(name) for name in known)
        raise ArgumentError(f"Network.draw: {what} must be {names}; got {short(value)}.")
    return value


def _as_it_is(value: Any) -> Any:
    # What it may be depends on the network.
    return value


_CHECKS = {
    "show": _show,
    "sample": _sample,
    "title": _title,
    "figsize": _figsize,
    "digits": _digits,
    "max_neurons": _max_neurons,
    "keep": _keep,
    "threshold": _threshold,
    "direction": _direction,
    "style": _style,
    "notation": _notation,
    "highlight": _as_it_is,
    "feeding": _feeding,
    "compare": _as_it_is,
}
