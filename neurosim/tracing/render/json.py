"""A trace as JSON, exact, which loads back.

The schema, version 1::

    {"neurosim": "trace", "version": 1, "steps": [STEP, ...]}

    STEP = {"kind": "forward" | "loss" | "delta" | "gradient" | "update",
            "subject": a neuron's label, "source->target", "label.bias" or "loss",
            "quantity": "z" | "a" | "loss" | "delta" | "gradient" | "new",
            "sample": a whole number, or null for the whole batch,
            "value": NUMBER, "before": NUMBER or null,
            "symbolic": text, "substituted": text,
            "terms": [[label, NUMBER], ...],
            "explanation": text}

    NUMBER = a number, or "inf", "-inf" or "nan", which JSON has no numbers for
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from neurosim.errors import ModelFileError
from neurosim.tracing.steps import KINDS, Step, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["render", "steps_of"]

VERSION = 1
_NOT_FINITE = ("inf", "-inf", "nan")


def render(steps: Sequence[Step], digits: int = 0) -> str:
    """Return the steps as JSON, at full precision whatever `digits` are."""
    data = {"neurosim": "trace", "version": VERSION, "steps": [_data(step) for step in steps]}
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _data(step: Step) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "subject": step.subject,
        "quantity": step.quantity,
        "sample": step.sample,
        "value": _number(step.value),
        "before": None if step.before is None else _number(step.before),
        "symbolic": step.symbolic,
        "substituted": step.substituted,
        "terms": [[label, _number(value)] for label, value in step.terms],
        "explanation": step.explanation,
    }


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else repr(value)


def steps_of(text: str | bytes) -> list[Step]:
    """Return the steps that a JSON text holds, or raise `ModelFileError`."""
    try:
        data = json.loads(text)
        if data["neurosim"] != "trace":
            raise ValueError
        if data["version"] == VERSION:
            return [_step(one) for one in data["steps"]]
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError):
        raise ModelFileError(
            "Trace.from_json: the text is no trace saved by neurosim, or it is damaged; use a "
            "good copy, or record it again with net.trace."
        ) from None
    raise ModelFileError(
        f"Trace.from_json: the trace is of version {data['version']!r}, but this neurosim reads "
        f"version {VERSION}; install the neurosim that wrote it."
    )


def _step(data: dict[str, Any]) -> Step:
    if data["kind"] not in KINDS or len(_text(data["substituted"]).split(" = ")) != 3:
        raise ValueError
    sample, before = data["sample"], data["before"]
    return Step(
        data["kind"],
        _text(data["subject"]),
        _text(data["quantity"]),
        None if sample is None else _of(int, sample),
        _float(data["value"]),
        None if before is None else _float(before),
        source=Words(
            _text(data["symbolic"]),
            _text(data["substituted"]),
            tuple((_text(label), _float(value)) for label, value in data["terms"]),
            _text(data["explanation"]),
        ),
    )


def _text(value: Any) -> str:
    text: str = _of(str, value)
    return text


def _float(value: Any) -> float:
    return float(value) if value in _NOT_FINITE else float(_of((int, float), value))


def _of(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError
    return value
