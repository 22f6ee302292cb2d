"""Check a person's numbers of one learning step, and name the likely mistake."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neurosim.checks import short
from neurosim.configuration import known_classes
from neurosim.errors import ArgumentError, ModelFileError, nearest
from neurosim.files import read_bytes
from neurosim.learning.optimizers import SGD
from neurosim.storage import load
from neurosim.storage.learners import learner_named
from neurosim.tracing.exercises import check_work

if TYPE_CHECKING:
    from typing import Final

__all__ = ["add_arguments", "run"]

FORMAT: Final = """\
ANSWERS.json holds what neurosim.check_work takes:

  {"model": "net.json",               a file of Network.save, beside this one
   "input": [0.05, 0.10],             one sample, or a list of them
   "target": [0.01, 0.99],
   "learning_rate": 0.5,              of SGD, where the update was done, too
   "answers": {"hidden1[0]": {"z": "0.3775", "a": "0.5933", "delta": "0.0088"},
               "input[0]->hidden1[0]": {"gradient": "0.00044", "new": "0.14978"},
               "loss": {"value": "0.298371109", "new": "0.291027774"}}}

In place of "learning_rate" there may be "optimizer": its class and arguments, such as
{"class": "Adam", "learning_rate": 0.01}. "tolerance" and "per_sample" are as in
neurosim.check_work. A number may be text, which keeps its digits; null is no answer.
"""

_NEEDED = ("model", "input", "target", "answers")
_KNOWN = (*_NEEDED, "learning_rate", "optimizer", "tolerance", "per_sample")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``neurosim check-work ANSWERS.json``."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = FORMAT
    parser.add_argument(
        "answers",
        metavar="ANSWERS.json",
        help="model, input, target, learning_rate and answers, as below",
    )


def run(options: argparse.Namespace) -> int:
    """Print the report; 0 where every number is right, else 1."""
    work = _work(options.answers)
    network = load(Path(options.answers).parent / _text(work["model"], options.answers))
    report = check_work(
        network,
        work["input"],
        work["target"],
        work["answers"],
        _optimizer(work, options.answers),
        tolerance=work.get("tolerance"),
        per_sample=bool(work.get("per_sample", False)),
    )
    print(report)
    return 0 if report.ok else 1


def _work(file: str) -> dict[str, Any]:
    try:
        work = json.loads(read_bytes(Path(file)))
    except (ValueError, RecursionError) as error:
        raise ModelFileError(f"{file!r} is no JSON ({error}).") from None
    if not isinstance(work, dict):
        raise ArgumentError(f"{file!r} must hold an object with {_listed()}; got {short(work)}.")
    for name in work:
        if name not in _KNOWN:
            raise ArgumentError(f"{file!r}: {name!r} is not known. {nearest(name, _KNOWN)}")
    missing = [name for name in _NEEDED if name not in work]
    if missing:
        raise ArgumentError(f"{file!r} must hold {_listed()}; {missing[0]!r} is missing.")
    return work


def _text(model: Any, file: str) -> str:
    if not isinstance(model, str):
        raise ArgumentError(f"{file!r}: model must be a file name; got {short(model)}.")
    return model


def _listed() -> str:
    return ", ".join(repr(name) for name in _NEEDED[:-1]) + f" and {_NEEDED[-1]!r}"


def _optimizer(work: dict[str, Any], file: str) -> Any:
    if "optimizer" in work:
        config = work["optimizer"]
        if not isinstance(config, dict) or not isinstance(config.get("class"), str):
            raise ArgumentError(
                f'{file!r}: optimizer must be such as {{"class": "SGD", "learning_rate": 0.5}}; '
                f"got {short(config)}."
            )
        return learner_named(config, known_classes(()), f"{file!r}")
    return SGD(work["learning_rate"]) if "learning_rate" in work else None
