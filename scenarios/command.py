"""The command line of the scenarios: ``python -m scenarios`` and ``python -m scenarios.NAME``."""

from __future__ import annotations

import argparse
import difflib
import importlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import neurosim as ns
from scenarios import NAMES
from scenarios.plots import folder
from scenarios.report import heading, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Main = Callable[..., dict[str, Any]]

__all__ = ["run_all", "run_one"]


def run_all(arguments: Sequence[str] | None = None) -> int:
    """Run the scenarios named on the command line, or all; return the exit code."""
    parser = _parser("scenarios", "Run the scenarios: numbers as tables, figures as files.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; or all")
    options = parser.parse_args(arguments)
    for name in options.names:
        if name not in NAMES:
            parser.error(f"there is no scenario {name!r}; {_nearest(name)}")
    names = options.names or NAMES
    say(f"Running {len(names)} of {len(NAMES)} scenarios; figures go to {options.out}.")
    began = time.perf_counter()
    skipped = [name for name in names if not _finished(name, options)]
    _closing(names, skipped, time.perf_counter() - began)
    return 0


def run_one(main: Main) -> int:
    """Run one scenario with the options of the command line; return the exit code."""
    name = Path(sys.argv[0]).stem
    options = _parser(f"scenarios.{name}", f"Run the scenario {name}.").parse_args()
    try:
        main(out=options.out, quick=options.quick)
    except ns.MissingExtraError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser(program: str, about: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"python -m {program}", description=about, allow_abbrev=False
    )
    parser.add_argument(
        "--out", default="figures", type=_folder, help="folder of the figures (figures)"
    )
    parser.add_argument("--quick", action="store_true", help="train far less, to see that it runs")
    return parser


def _folder(path: str) -> Path:
    try:
        return folder(path)
    except OSError as error:
        raise argparse.ArgumentTypeError(
            f"cannot make the folder {path!r}: {error.strerror}"
        ) from error


def _nearest(name: str) -> str:
    close = difflib.get_close_matches(name, NAMES, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(NAMES)}"


def _finished(name: str, options: argparse.Namespace) -> bool:
    """Run one scenario; say why where an optional package is missing."""
    heading(f"== {name} ==")
    began = time.perf_counter()
    try:
        importlib.import_module(f"scenarios.{name}").main(out=options.out, quick=options.quick)
    except ns.MissingExtraError as error:
        say(f"Skipped. {error}")
        return False
    print(f"({name}: {time.perf_counter() - began:.1f} s)")
    return True


def _closing(names: Sequence[str], skipped: Sequence[str], seconds: float) -> None:
    heading("== done ==")
    say(f"{len(names) - len(skipped)} scenarios in {seconds:.0f} s.")
    if skipped:
        say(f"Skipped: {', '.join(skipped)} (see above for what to install).")
