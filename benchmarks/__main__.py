"""Print every benchmark: medians of side-by-side rounds, their spread, and ratios."""

from __future__ import annotations

from benchmarks.machine import machine
from benchmarks.training_step import BENCHMARKS


def main() -> None:
    """Run and print."""
    print(machine())
    for benchmark in BENCHMARKS:
        print(f"\n{benchmark.__doc__}")
        timings = benchmark()
        for timing in timings:
            print(timing.line(timings[0].median))


if __name__ == "__main__":
    main()
