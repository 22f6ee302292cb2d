"""From results to files: JSON, a figure, and the table of the README."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

from benchmarks.machine import described
from benchmarks.timing import span

__all__ = ["FIGURE", "README", "RESULTS", "save", "table", "with_table"]

HERE = Path(__file__).parent
RESULTS, FIGURE, README = HERE / "results.json", HERE / "results.svg", HERE.parent / "README.md"
BEGIN, END = "<!-- speed: begin -->", "<!-- speed: end -->"


def save(results: dict[str, Any]) -> None:
    """Write the results, the figure, and the README's table; what was not run is kept."""
    if RESULTS.exists():
        old = json.loads(RESULTS.read_text(encoding="utf-8"))
        results["rows"] = {**old["rows"], **results["rows"]}
        results["curves"] = {**old["curves"], **results["curves"]}
        results["startup"] = results["startup"] or old["startup"]
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    text = README.read_text(encoding="utf-8")
    README.write_text(with_table(text, results), encoding="utf-8")
    draw(results)
    print(f"\nwrote {RESULTS.name}, {FIGURE.name} and the table in {README.name}")


def with_table(readme: str, results: dict[str, Any]) -> str:
    """Return the README with the table of these results between its marks."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table(results)}\n{END}{after}"


def table(results: dict[str, Any]) -> str:
    """Return the training rows as a Markdown table: medians per step."""
    lines = ["| one training step | neurosim | others |", "| --- | --- | --- |"]
    for row in results["rows"].values():
        ours, others = [], []
        for timing in row["timings"]:
            name, ours_too = timing["name"], timing["name"].startswith("neurosim")
            if name == "neurosim, auto":
                continue
            text = f"{name.removeprefix('neurosim, ')} {span(timing['median'])}"
            (ours if ours_too else others).append(text)
        lines.append(f"| {row['title']} | {'<br>'.join(ours)} | {'<br>'.join(others)} |")
    return "\n".join([*lines, "", f"Measured on {described(results['machine'])}."])


def draw(results: dict[str, Any]) -> None:
    """Draw every row as bars of time per step, and the curves of scale under them."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    rows, curves = list(results["rows"].values()), list(results["curves"].values())
    with mpl.rc_context({"svg.hashsalt": "neurosim", "svg.fonttype": "path", "font.size": 8}):
        heights = [0.3 * len(row["timings"]) + 0.5 for row in rows]
        figure = plt.figure(figsize=(9, sum(heights) + 3 * bool(curves)), layout="constrained")
        grid = figure.add_gridspec(
            len(rows) + bool(curves), 3, height_ratios=[*heights, *([3.0] if curves else [])]
        )
        for k, row in enumerate(rows):
            _bars(figure.add_subplot(grid[k, :]), row)
        for k, curve in enumerate(curves[:3]):
            _curve(figure.add_subplot(grid[len(rows), k]), curve)
        figure.savefig(FIGURE, metadata={"Date": None})
        plt.close(figure)


def _bars(axes: Any, row: dict[str, Any]) -> None:
    timings = sorted(row["timings"], key=lambda timing: -timing["median"])
    names = [timing["name"] for timing in timings]
    medians = [timing["median"] for timing in timings]
    colors = ["#2a78c2" if name.startswith("neurosim") else "#a6a6a6" for name in names]
    axes.barh(names, medians, color=colors)
    axes.set_xscale("log")
    axes.set_xlim(min(medians) / 2, max(medians) * 3)
    axes.xaxis.set_visible(False)
    for k, median in enumerate(medians):
        axes.text(median * 1.05, k, span(median), va="center")
    title = textwrap.fill(f"{row['title']}: time per step, logarithmic", 80)
    axes.set_title(title, loc="left", fontsize=8, fontweight="bold")
    axes.spines[["top", "right", "bottom"]].set_visible(False)


def _curve(axes: Any, curve: dict[str, Any]) -> None:
    points = curve["points"]
    xs = [point["x"] for point in points]
    axes.loglog(xs, [point["seconds"] for point in points], "o-", color="#2a78c2", ms=3)
    axes.set_ylabel("seconds per step", color="#2a78c2")
    right = axes.twinx()
    right.loglog(xs, [point["bytes"] / 2**20 for point in points], "s--", color="#ad4b00", ms=3)
    right.set_ylabel("MiB at most", color="#ad4b00")
    axes.set_title(textwrap.fill(curve["title"].rstrip("."), 32), loc="left", fontsize=7)
