"""What `neurosim train` says in the end, as data and as text."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.drawing.canvas import styled

if TYPE_CHECKING:
    import argparse

    from neurosim.cli.train import Samples
    from neurosim.learning.history import History
    from neurosim.network import Network

__all__ = ["as_data", "as_text", "curve"]


def as_data(
    options: argparse.Namespace,
    network: Network,
    samples: Samples,
    history: History,
    written: list[str],
) -> dict[str, Any]:
    """Return the report as plain data."""
    held_back = len(samples.X_validation)
    X, Y = (samples.X_validation, samples.Y_validation) if held_back else (samples.X, samples.Y)
    always, words = samples.task.baseline(samples.Y)
    scores = samples.task.scores(Y, network.predict(X))
    baseline = samples.task.scores(Y, np.tile(always, (len(Y), 1)))
    return {
        "data": options.data,
        "rows": {"training": len(samples.X), "validation": held_back},
        "inputs": [entry.config() for entry in samples.schema.inputs],
        "left_out": {**samples.left_out, **dict.fromkeys(options.ignore, "ignored")},
        "targets": [target.config() for target in samples.schema.targets],
        "task": samples.task.why,
        "network": repr(network),
        "hidden": network.kind_of(len(samples.schema.labels)).name
        if len(network.layers) > 2
        else None,
        "epochs": options.epochs,
        "batch_size": options.batch_size,
        "learning_rate": options.rate,
        "seed": options.seed,
        "loss": [history.loss[0], history.loss[-1]],
        "validation_loss": [history.validation_loss[0], history.validation_loss[-1]]
        if held_back
        else None,
        "scores": {
            name: {"network": scores[name], "baseline": baseline[name], "baseline_is": words[name]}
            for name in scores
        },
        "written": written,
    }


def as_text(report: dict[str, Any]) -> str:
    """Return the report for a person to read."""
    rows = report["rows"]
    training, validation = rows["training"], rows["validation"]
    lines = [f"{Path(report['data']).name}: {training + validation} rows, {_split(rows)}"]
    lines += [f"  inputs    {', '.join(map(_input, report['inputs']))}"]
    lines += [f"  left out  {name!r}: {why}" for name, why in report["left_out"].items()]
    names = ", ".join(target["column"] for target in report["targets"])
    lines += [f"  target    {names}: {report['task']}"]
    hidden = f", hidden {report['hidden']}s" if report["hidden"] else ""
    lines += [f"  network   {report['network']}{hidden}"]
    lines += [f"  training  {_training(report)}"]
    held_back = "the row held back" if validation == 1 else f"the {validation} rows held back"
    where = held_back if validation else "the rows it learned from"
    for name, scores in report["scores"].items():
        lines += ["", *_scores(name, where, scores)]
    return "\n".join([*lines, "", f"wrote {' and '.join(report['written'])}"])


def _split(rows: dict[str, int]) -> str:
    if not rows["validation"]:
        return "all to learn from"
    return f"{rows['training']} to learn from and {rows['validation']} held back to validate"


def _input(entry: dict[str, Any]) -> str:
    if "categories" not in entry:
        return str(entry["column"])
    names = entry["categories"]
    told = ", ".join(names[:6]) + (f", ... {len(names)} in all" if len(names) > 6 else "")
    return f"{entry['column']} ({told})"


def _training(report: dict[str, Any]) -> str:
    told = [("loss", report["loss"]), ("validation loss", report["validation_loss"])]
    losses = [f"{name} {pair[0]:.4g} -> {pair[1]:.4g}" for name, pair in told if pair is not None]
    return (
        f"{report['epochs']} epochs, batches of {report['batch_size']}, Adam at "
        f"{report['learning_rate']:g}; {', '.join(losses)}"
    )


def _scores(name: str, where: str, scores: dict[str, Any]) -> list[str]:
    """Return a table of the network's scores, those of the baseline beside it."""
    title, other = f"{name}, on {where}", scores["baseline_is"]
    width = max(len(title), *(2 + len(metric) for metric in scores["network"]))
    lines = [f"{title:{width}}  {'network':>10}  {other:>10}"]
    for metric, value in scores["network"].items():
        beside = scores["baseline"][metric]
        lines.append(f"{'  ' + metric:{width}}  {value:10.4g}  {beside:{max(10, len(other))}.4g}")
    return lines


def curve(history: History) -> bytes:
    """Return the learning curve as SVG; the same numbers give the same bytes."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    buffer = io.BytesIO()
    axes = history.plot()
    try:
        with styled(), mpl.rc_context({"svg.hashsalt": "neurosim"}):
            axes.figure.savefig(buffer, format="svg", metadata={"Date": None})
    finally:
        plt.close(axes.figure)
    return buffer.getvalue()
