"""Go through one learning step of a model, forwards and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, final

from neurosim.cli import recording
from neurosim.cli.keys import typing
from neurosim.cli.recording import recorded, wants_color
from neurosim.errors import ArgumentError, NeurosimError
from neurosim.tracing.equation import MOST_TERMS, Line, rounded, written
from neurosim.tracing.groups import GROUPINGS
from neurosim.tracing.render.text import Paint, lines

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from neurosim.cli.keys import Typing
    from neurosim.tracing.groups import Group
    from neurosim.tracing.trace import Trace

__all__ = ["Stepper", "add_arguments", "run"]

HELP = """\
  n, Enter, space, right   next          b, left   back
  f                        first         l         last
  j WHERE                  jump to a number, a neuron, an edge a->b, or a phase such as delta
  by WHAT                  go by term, neuron, layer or step; at a terminal: t, u, y, s
  h                        this help     q         quit"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``neurosim step MODEL --input 0,1 --target 1 [--by neuron]`` and the rest."""
    recording.add_arguments(parser)
    parser.add_argument("--by", choices=list(GROUPINGS), default="neuron", help="how far one goes")


def run(options: argparse.Namespace) -> int:
    """Show the first numbers, and then whatever is asked for."""
    trace = recorded(options)
    stepper = Stepper(trace, options.by, options.digits, options.notation, wants_color())
    with typing() as typed:
        try:
            print("n next, b back, j jump, h help, q quit")
            stepper.show()
            while True:
                stepper.obey(typed.command(), typed)
        except (EOFError, KeyboardInterrupt):
            return 0


@final
class Stepper:
    """A place in a trace, and what is shown of it.

    Parameters
    ----------
    trace : Trace
    by : str
    digits : int
    notation : str
    color : bool
    """

    def __init__(self, trace: Trace, by: str, digits: int, notation: str, color: bool) -> None:
        trace[:1].text(digits, notation=notation)  # raises where one of them is wrong
        self.trace, self.walk = trace, trace.walk(by)
        self.digits, self.notation, self.paint = digits, notation, Paint.of(color)

    def obey(self, command: str, typed: Typing) -> None:
        """Do what was typed, and show where that leads; what cannot be done is said."""
        name, _, rest = command.partition(" ")
        go = _COMMANDS.get(name)
        try:
            if go is not None:
                go(self, rest.strip(), typed)
            elif command.isdecimal():
                self.jump(command, typed)
            else:
                raise ArgumentError(f"{command!r} is not known; h shows what is.")
        except NeurosimError as error:
            print(f"  {error}")

    def next(self, rest: str, typed: Typing) -> None:
        """Go one on; at the end say so."""
        if self.walk.at_end:
            print("  That was the last; q quits, f goes to the first.")
            return
        self.walk.next()
        self.show()

    def back(self, rest: str, typed: Typing) -> None:
        """Go one back; at the start say so."""
        if self.walk.at_start:
            print("  That is the first.")
            return
        self.walk.back()
        self.show()

    def first(self, rest: str, typed: Typing) -> None:
        """Go to the start."""
        self.walk.first()
        self.show()

    def last(self, rest: str, typed: Typing) -> None:
        """Go to the end."""
        self.walk.last()
        self.show()

    def jump(self, rest: str, typed: Typing) -> None:
        """Go to a number, counted from 1, or to a subject."""
        where = rest or typed.line("jump to: ")
        if not where.isdecimal():
            self.walk.jump(where)
        elif 1 <= int(where) <= len(self.walk):
            self.walk.jump(int(where) - 1)
        else:
            raise ArgumentError(f"There are {len(self.walk)}, counted from 1; got {where}.")
        self.show()

    def by(self, rest: str, typed: Typing) -> None:
        """Go by something else from now on; the place stays."""
        walk = self.trace.walk(rest or typed.line(f"by ({', '.join(GROUPINGS)}): "))
        here = self.walk.current.steps[0].key
        walk.position = next(
            k for k, group in enumerate(walk) if any(step.key == here for step in group.steps)
        )
        self.walk = walk
        self.show()

    def help(self, rest: str, typed: Typing) -> None:
        """Say what can be typed."""
        print(HELP)

    def quit(self, rest: str, typed: Typing) -> NoReturn:
        """Leave."""
        raise EOFError

    def show(self) -> None:
        """Print the current numbers, with their equations and what they are."""
        group, paint = self.walk.current, self.paint
        title = group.title if not group.sample else f"{group.title}, sample {group.sample}"
        print(f"\n{self.walk.position + 1}/{len(self.walk)} {paint.on(paint.heading, title)}")
        if group.term is not None:
            print("\n".join(lines([self._term(group)], paint)))
            print(f"  the sum so far: {rounded(repr(group.term.running), self.digits)}")
            return
        told = [step.line(self.notation, self.digits, MOST_TERMS) for step in group.steps]
        print("\n".join(lines(told, paint)))
        if len(group.steps) <= 2:
            print("\n".join(f"  {paint.on(paint.symbols, s.explanation)}" for s in group.steps))

    def _term(self, group: Group) -> Line:
        assert group.term is not None
        symbols, numbers = (
            written(side, self.notation, self.digits)
            for side in (group.term.symbols, group.term.numbers)
        )
        return Line("term", symbols, numbers, rounded(repr(group.term.value), self.digits))


def _by(what: str) -> Callable[[Stepper, str, Typing], None]:
    return lambda stepper, rest, typed: stepper.by(what, typed)


_COMMANDS: dict[str, Callable[[Stepper, str, Typing], None]] = {
    **dict.fromkeys(("", "n", "next"), Stepper.next),
    **dict.fromkeys(("b", "back"), Stepper.back),
    **dict.fromkeys(("f", "first"), Stepper.first),
    **dict.fromkeys(("l", "last"), Stepper.last),
    **dict.fromkeys(("j", "jump"), Stepper.jump),
    "by": Stepper.by,
    **{
        key: _by(what)
        for key, what in zip("tuys", ("term", "neuron", "layer", "step"), strict=True)
    },
    **dict.fromkeys(("h", "?", "help"), Stepper.help),
    **dict.fromkeys(("q", "quit"), Stepper.quit),
}
