"""Time everything side by side: ``python -m benchmarks [ROW ...] [--rounds 7] [--save]``.

Prints medians, their spread, and ratios to the first; what is missing is named. With ``--save``
the results go to ``benchmarks/results.json``, from which the figure beside it and the table of the
README are made.
"""

from __future__ import annotations

import argparse
import gc
from typing import Any

from benchmarks.machine import described, machine
from benchmarks.report import save
from benchmarks.scale import CURVES
from benchmarks.startup import startup
from benchmarks.timing import side_by_side
from benchmarks.training import ROWS
from neurosim.blas import restart_with_better_kernels


def main() -> None:
    """Run and print."""
    options = _options()
    # For everybody who multiplies with NumPy; the kernels are printed.
    restart_with_better_kernels()
    found = machine()
    print(described(found))
    results: dict[str, Any] = {"machine": found, "rows": {}, "curves": {}, "startup": {}}
    for row in ROWS:
        if row.name in options.rows:
            results["rows"][row.name] = _timed(row, options.rounds)
    if "startup" in options.rows:
        results["startup"] = startup()
    for name, curve in CURVES.items():
        if name in options.rows:
            results["curves"][name] = curve()
    if options.save:
        save(results)


def _options() -> argparse.Namespace:
    names = [*(row.name for row in ROWS), "startup", *CURVES]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(names)}; all")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of each (7)")
    parser.add_argument("--save", action="store_true", help="write results, figure and README")
    options = parser.parse_args()
    for row in options.rows:
        if row not in names:
            parser.error(f"there is no row {row!r}; there are {', '.join(names)}")
    options.rows = options.rows or names
    return options


def _timed(row: Any, rounds: int) -> dict[str, Any]:
    print(f"\n{row.title}: per step", flush=True)
    field = row.field()
    # micrograd lets the garbage collector run often: it need not go through what is loaded.
    gc.collect()
    gc.freeze()
    timings = side_by_side(field.contestants, rounds)
    for timing in timings:
        print(timing.line(timings[0].median), flush=True)
    for name in field.missing:
        print(f"  {name}: not installed")
    return {
        "title": row.title,
        "timings": [timing.data() for timing in timings],
        "missing": field.missing,
    }


if __name__ == "__main__":
    main()
