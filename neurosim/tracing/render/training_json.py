"""A training trace as JSON, exact, which loads back.

The schema, version 1::

    {"neurosim": "training trace", "version": 1, "recording": null or RECORDING,
     "digest": null or text, "loss": [NUMBER, ...], "learning_rate": [NUMBER, ...],
     "histories": [{"subject": text, "quantity": text, "sample": a whole number or null,
                    "values": [NUMBER, ...]}, ...]}

NUMBER and RECORDING are those of `neurosim.tracing.render.json`: the recording is that of the first
step, from which all others can be computed again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from neurosim.errors import ModelFileError
from neurosim.tracing.histories import Histories
from neurosim.tracing.render.json import float_of, number, sample_of, stored_of, text_of
from neurosim.tracing.stored import digest_of, recording_config

if TYPE_CHECKING:
    from neurosim.tracing.recording import Recording
    from neurosim.tracing.stored import Stored

__all__ = ["parts_of", "render"]

VERSION = 1


def render(histories: Histories, first: Recording | None) -> str:
    """Return a training trace as JSON."""
    recording = None if first is None else recording_config(first)
    data = {
        "neurosim": "training trace",
        "version": VERSION,
        "recording": recording,
        "digest": None if recording is None else digest_of(recording),
        "loss": [number(value) for value in histories.loss],
        "learning_rate": [number(value) for value in histories.learning_rate],
        "histories": [
            {**dict(zip(_KEY, key, strict=True)), "values": [number(value) for value in values]}
            for key, values in histories.table.items()
        ],
    }
    return json.dumps(data, ensure_ascii=False, allow_nan=False) + "\n"


_KEY = ("subject", "quantity", "sample")


def parts_of(text: str | bytes, kinds: list[type]) -> tuple[Histories, Stored | None]:
    """Return the numbers that a JSON text holds, and what they were recorded from."""
    try:
        data = json.loads(text)
        if data["neurosim"] != "training trace":
            raise ValueError
        if data["version"] == VERSION:
            return _histories(data), stored_of(data, kinds)
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError):
        raise ModelFileError(
            "TrainingTrace.from_json: the text is no training trace saved by neurosim, or it is "
            "damaged; use a good copy, or record it again with ns.trace_training."
        ) from None
    raise ModelFileError(
        f"TrainingTrace.from_json: the trace is of version {data['version']!r}, but this neurosim "
        f"reads version {VERSION}; install the neurosim that wrote it."
    )


def _histories(data: dict[str, Any]) -> Histories:
    loss, rates = ([float_of(value) for value in data[key]] for key in ("loss", "learning_rate"))
    table = {
        (text_of(one["subject"]), text_of(one["quantity"]), sample_of(one["sample"])): [
            float_of(value) for value in one["values"]
        ]
        for one in data["histories"]
    }
    if not loss or any(len(values) != len(loss) for values in (rates, *table.values())):
        raise ValueError
    return Histories(loss, rates, table)
