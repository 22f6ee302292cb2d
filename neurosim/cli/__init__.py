"""The command line: ``neurosim COMMAND ...``; every command is a file of this folder.

Exit status 0 on success, 2 on bad usage or bad input (one line on standard error), 1 where a
check fails or neurosim itself does.
"""

from __future__ import annotations

import argparse
import re
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from neurosim.cli import check, check_work, doctor_blas, draw, predict, step, trace, train
from neurosim.errors import NeurosimError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

COMMANDS = (check, check_work, doctor_blas, draw, predict, step, trace, train)


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line, and to which -1,2 is a value, not an option."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        # argparse itself knows -1 and -0.5 only: neither lists of numbers nor -1e-3.
        self._negative_number_matcher = re.compile(r"-(\.?\d|inf|nan)")

    def error(self, message: str) -> NoReturn:
        """Leave with status 2."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


class _Version(argparse.Action):
    """Print the version of the code that runs, installed or not."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        import neurosim

        print(f"neurosim {neurosim.__version__}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = _Parser(prog="neurosim", description="Neural networks as objects, every number shown.")
    top.add_argument("--version", action=_Version, nargs=0, help="show the version and leave")
    commands = top.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for command in COMMANDS:
        name = command.__name__.rpartition(".")[2].replace("_", "-")
        summary = (command.__doc__ or "").strip().splitlines()[0]
        sub = commands.add_parser(name, help=summary, description=summary)
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; return the exit status."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except NeurosimError as error:
        print(f"neurosim: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("neurosim: stopped; nothing was written", file=sys.stderr)
        # What shells give for a program that Ctrl-C ended.
        return 130
    except BrokenPipeError:
        # The reader of our output has gone; there is nobody left to tell.
        sys.stderr.close()
        return 1
