"""The page: one HTML text with everything in it, that asks nothing of any network."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from neurosim.errors import ArgumentError, NeurosimError
from neurosim.tracing.player.frames import Frame, frame_of
from neurosim.tracing.player.picture import Picture
from neurosim.tracing.player.steps import groupings, left_out, row
from neurosim.tracing.player.tables import Tables
from neurosim.tracing.render.json import number
from neurosim.tracing.steps import KINDS, QUANTITIES
from neurosim.tracing.trace import Trace

if TYPE_CHECKING:
    from neurosim.tracing.training import TrainingTrace

__all__ = ["notebook_html", "page_of", "training_page_of"]

SCRIPTS = ("numbers", "formulas", "story", "picture", "curve", "panels", "player")
"""The scripts of `static/`, in the order in which they stand in the page."""
MOST_NUMBERS, MOST_FRAMES = 100_000, 200
"""So many numbers of a training a page holds, in so many learning steps."""
MOST_DIGITS = 17
"""With so many, a number is itself."""
LONGEST_TITLE = 60
MOST_IN_NOTEBOOKS, NOTEBOOK_FRAMES = 4_000, 50
"""So many steps, or learning steps of a training, a notebook shows: every cell keeps a page."""


def page_of(trace: Trace, digits: int, notation: str) -> str:
    """Return a trace as a page.

    Parameters
    ----------
    trace : Trace
    digits : int
        Significant digits, to begin with.
    notation : {"labels", "book"}
        To begin with, too.

    Raises
    ------
    ArgumentError
        The trace has no steps, or does not know the network that they were recorded from.
    """
    if not len(trace):
        raise ArgumentError(
            "Trace.save: the trace has no steps, so that a page would show nothing; record one "
            "with net.trace(x, y)."
        )
    tables, picture = Tables(), Picture(trace)
    frame = frame_of(trace, tables, picture)
    data = _story(trace, frame, tables)
    data |= {"frames": [frame.data], "left_out": left_out(trace, frame.steps)}
    return _page(trace, tables, picture, data, digits, notation)


def training_page_of(
    training: TrainingTrace, digits: int, notation: str, most_frames: int = MOST_FRAMES
) -> str:
    """Return a training trace as a page, with the loss as a curve to go along.

    The equations of so many learning steps are in it as there is room for, evenly spaced, the
    first and the last among them; the curve is whole.
    """
    first = training[0]
    tables, picture = Tables(), Picture(first)
    frame = frame_of(first, tables, picture)
    data = _story(first, frame, tables)
    kept = _kept(len(training), min(most_frames, MOST_NUMBERS // frame.numbers))
    others = (_again(training[k], frame, tables, picture) for k in kept[1:])
    data |= {
        "frames": [frame.data, *others],
        "kept": kept,
        "loss": [number(value) for value in training.loss],
        "left_out": f"{left_out(first, frame.steps)} {_skipped(training, kept)}".strip(),
    }
    return _page(first, tables, picture, data, digits, notation)


def _again(trace: Trace, like: Frame, tables: Tables, picture: Picture) -> dict[str, Any]:
    """Return another learning step with the same steps; inputs that are the same are left out."""
    chosen = {step.key for step in like.steps}
    same = Trace((step for step in trace if step.key in chosen), trace.recording)
    data = frame_of(same, tables, picture).data
    if data["inputs"] == like.data["inputs"]:
        del data["inputs"]
    return data


def _kept(steps: int, most: int) -> list[int]:
    """Return which learning steps a page has: all, or `most` of them, but at least the ends.

    >>> _kept(5, 9), _kept(1000, 3), _kept(1000, 0), _kept(1, 9)
    ([0, 1, 2, 3, 4], [0, 500, 999], [0, 999], [0])
    """
    most = max(2, min(steps, most))
    return sorted({round(k * (steps - 1) / (most - 1)) for k in range(most)})


def _skipped(training: TrainingTrace, kept: list[int]) -> str:
    if len(kept) == len(training):
        return ""
    return (
        f"Of {len(training):,} learning steps, the page has the loss of all and the equations of "
        f"{len(kept):,}, evenly spaced; training[k].save(...) writes any other."
    )


def _story(trace: Trace, frame: Frame, tables: Tables) -> dict[str, Any]:
    """Return what all learning steps of a page share."""
    return {
        "steps": [row(step, tables) for step in frame.steps],
        "groups": groupings(Trace(frame.steps, trace.recording), tables),
    }


def _page(
    trace: Trace,
    tables: Tables,
    picture: Picture,
    data: dict[str, Any],
    digits: int,
    notation: str,
) -> str:
    data |= {
        "digits": min(digits, MOST_DIGITS),
        "notation": notation,
        "samples": trace.snapshot.n,
        "kinds": KINDS,
        "quantity_names": QUANTITIES,
        "texts": tables.texts.entries,
        "owners": tables.owners.entries,
        "symbols": tables.symbols.entries,
        "quantities": tables.quantities.entries,
        "sides": tables.sides.entries,
        "equations": tables.equations.entries,
        "picture": picture.description,
    }
    title = _title(trace, len(data.get("loss", [None])))
    parts = {
        "TITLE": escape(title),
        "STYLE": _static("player.css"),
        "SCRIPT": "\n".join(_static(f"{name}.js") for name in SCRIPTS),
        "PICTURE": picture.svg or "<p class='note'>The network is too large to be drawn here.</p>",
        "DATA": _embedded(data),
    }
    before, *rest = _static("player.html").split("{{")
    return before + "".join(_filled(piece, parts) for piece in rest)


def _filled(piece: str, parts: dict[str, str]) -> str:
    name, after = piece.split("}}", 1)
    return parts[name] + after


def _title(trace: Trace, learning_steps: int) -> str:
    """Return what the page is called: 2-3-1 are the sizes of the layers."""
    several = "One learning step" if learning_steps == 1 else f"{learning_steps:,} learning steps"
    sizes = "-".join(str(len(layer)) for layer in trace.network.layers)
    return f"{several} of a {sizes} network" if len(sizes) < LONGEST_TITLE else several


@cache
def _static(name: str) -> str:
    return (files(__package__) / "static" / name).read_text(encoding="utf-8")


def _embedded(data: dict[str, Any]) -> str:
    """Return JSON that ends no script element, whatever labels are in it."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def notebook_html(trace: Trace | TrainingTrace) -> str | None:
    """Return what a notebook shows: the page in a frame of its own, so that several go together.

    None of a trace that is too long to be kept in every notebook it is looked at in, or that does
    not know its network.
    """
    if isinstance(trace, Trace) and not 0 < len(trace) <= MOST_IN_NOTEBOOKS:
        return None
    try:
        page = _notebook_page(trace)
    except NeurosimError:
        return None
    return (
        '<iframe title="A trace, step by step" sandbox="allow-scripts" loading="lazy" '
        'style="width:100%;height:680px;border:1px solid #8888;border-radius:6px" '
        f'srcdoc="{escape(page)}"></iframe>'
    )


def _notebook_page(trace: Trace | TrainingTrace) -> str:
    if isinstance(trace, Trace):
        return page_of(trace, 6, "labels")
    return training_page_of(trace, 6, "labels", NOTEBOOK_FRAMES)
