"""A trace as JSON, exact, which loads back.

The schema, version 2::

    {"neurosim": "trace", "version": 2, "recording": null or RECORDING, "digest": null or text,
     "steps": [STEP, ...]}

    STEP = {"kind": "forward" | "loss" | "delta" | "gradient" | "update",
            "subject": a neuron's label, "source->target", "label.bias", "label.gamma", "loss",
                or a layer's name, where the trace was recorded by layer,
            "quantity": "z" | "a" | "loss" | "delta" | "gradient" | "new",
            "sample": a whole number, or null for the whole batch,
            "value": NUMBER, "before": NUMBER or null,
            "symbolic": text, "substituted": text,
            "terms": [[label, NUMBER], ...],
            "explanation": text}

    NUMBER = a number, or "inf", "-inf" or "nan", which JSON has no numbers for

RECORDING is what `neurosim.tracing.stored` documents: the network as it was, X, Y and the
optimizer. It is null where no file can hold it; "digest" is its SHA-256, which guards it. Version
1, which is read, too, has the steps alone.
"""

from __future__ import annotations

import json
import math
from functools import partial
from typing import TYPE_CHECKING, Any

from neurosim.errors import ModelFileError
from neurosim.tracing.steps import KINDS, Step, Words
from neurosim.tracing.stored import Stored, digest_of, recording_config

if TYPE_CHECKING:
    from neurosim.tracing.trace import Trace

__all__ = ["float_of", "number", "parts_of", "render", "sample_of", "stored_of", "text_of"]

VERSION = 2
_NOT_FINITE = ("inf", "-inf", "nan")


def render(trace: Trace, digits: int = 0, notation: str = "") -> str:
    """Return a trace as JSON, at full precision and by label, whatever is asked for."""
    recording = recording_config(trace.recording) if trace.recorded else None
    data = {
        "neurosim": "trace",
        "version": VERSION,
        "recording": recording,
        "digest": None if recording is None else digest_of(recording),
        "steps": [_data(step) for step in trace],
    }
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _data(step: Step) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "subject": step.subject,
        "quantity": step.quantity,
        "sample": step.sample,
        "value": number(step.value),
        "before": None if step.before is None else number(step.before),
        "symbolic": step.symbolic,
        "substituted": step.substituted,
        "terms": [[label, number(value)] for label, value in step.terms],
        "explanation": step.explanation,
    }


def number(value: float) -> float | str:
    """Return a number as JSON has it."""
    return value if math.isfinite(value) else repr(value)


def parts_of(text: str | bytes, kinds: list[type]) -> tuple[list[Step], Stored | None]:
    """Return the steps that a JSON text holds, and what they were recorded from, if it is told.

    Raises
    ------
    ModelFileError
        The text is no trace, or damaged.
    """
    try:
        data = json.loads(text)
        if data["neurosim"] != "trace":
            raise ValueError
        if data["version"] in (1, VERSION):
            stored = stored_of(data, kinds)
            return [_step(one, stored) for one in data["steps"]], stored
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError):
        raise ModelFileError(
            "Trace.from_json: the text is no trace saved by neurosim, or it is damaged; use a "
            "good copy, or record it again with net.trace."
        ) from None
    raise ModelFileError(
        f"Trace.from_json: the trace is of version {data['version']!r}, but this neurosim reads "
        f"versions 1 to {VERSION}; install the neurosim that wrote it."
    )


def stored_of(data: dict[str, Any], kinds: list[type]) -> Stored | None:
    """Return what a trace was recorded from; None where the file does not tell it."""
    recording = data.get("recording")
    if recording is not None and data["digest"] != digest_of(recording):
        raise ValueError
    return None if recording is None else Stored(recording, kinds)


def _step(data: dict[str, Any], stored: Stored | None) -> Step:
    if data["kind"] not in KINDS or len(text_of(data["substituted"]).split(" = ")) != 3:
        raise ValueError
    sample, before = data["sample"], data["before"]
    key = text_of(data["subject"]), text_of(data["quantity"]), sample_of(sample)
    return Step(
        data["kind"],
        *key,
        float_of(data["value"]),
        None if before is None else float_of(before),
        source=Words(
            text_of(data["symbolic"]),
            text_of(data["substituted"]),
            tuple((text_of(label), float_of(value)) for label, value in data["terms"]),
            text_of(data["explanation"]),
        ),
        twin=None if stored is None else partial(stored.step, key),
    )


def sample_of(sample: Any) -> int | None:
    """Return the number of a sample, or None; anything else is a TypeError."""
    return None if sample is None else int(_of(int, sample))


def text_of(value: Any) -> str:
    """Return a text; anything else is a TypeError."""
    text: str = _of(str, value)
    return text


def float_of(value: Any) -> float:
    """Return a number that JSON has; anything else is a TypeError."""
    return float(value) if value in _NOT_FINITE else float(_of((int, float), value))


def _of(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError
    return value
