"""What a person types: keys at a terminal, else lines."""

from __future__ import annotations

import codecs
import os
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Keys", "Lines", "Typing", "typing"]

ENTER, BACKSPACE, END = ("\r", "\n"), ("\x7f", "\b"), "\x04"
SEQUENCE = re.compile(r"\x1b(?:\[[0-9;]*|O)[A-Za-z~]")
ARROWS = {"C": "next", "B": "next", "D": "back", "A": "back", "H": "first", "F": "last"}


class Typing(Protocol):
    """Where commands come from."""

    def command(self) -> str:
        """Return the next command; EOFError where there is none."""

    def line(self, prompt: str) -> str:
        """Return the answer to a question."""


@final
class Lines:
    """Commands from a pipe or a file, a line each."""

    def command(self) -> str:
        """Return the next line, without its end."""
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip()

    def line(self, prompt: str) -> str:
        """Return the next line; nobody sees a question."""
        return self.command()


@final
class Keys:
    """Commands at a terminal, a key each, without Enter.

    Parameters
    ----------
    handle : int
        The file of the terminal.
    """

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._typed = ""

    def command(self) -> str:
        """Return the next key; of an arrow its meaning."""
        code = SEQUENCE.match(self._more())
        if code is not None:
            self._typed = self._typed[code.end() :]
            return ARROWS.get(code[0][-1], "help")
        key = self._key()
        if key == END:
            raise EOFError
        if key.isdecimal():
            # A number has more digits than one.
            return key + self.line(key)
        return "next" if key in (*ENTER, " ") else key

    def line(self, prompt: str) -> str:
        """Return what is typed until Enter, shown as it is typed."""
        self._show(prompt)
        text = ""
        while (key := self._key()) not in ENTER:
            if key == END:
                raise EOFError
            if key in BACKSPACE and text:
                text = text[:-1]
                self._show("\b \b")
            elif key.isprintable():
                text += key
                self._show(key)
        self._show("\n")
        return text.strip()

    def _show(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    def _key(self) -> str:
        key, self._typed = self._more()[0], self._typed[1:]
        return key

    def _more(self) -> str:
        while not self._typed:
            read = os.read(self._handle, 1024)
            if not read:
                raise EOFError
            self._typed = self._decoder.decode(read)
        return self._typed


@contextmanager
def typing() -> Iterator[Typing]:
    """Give keys, where standard input is a terminal that can give them; else lines."""
    try:
        import termios
        import tty

        handle = sys.stdin.fileno()
        before: Any = termios.tcgetattr(handle)
    except (ImportError, OSError, ValueError, termios.error):
        yield Lines()
        return
    try:
        # What has been typed already counts.
        tty.setcbreak(handle, termios.TCSADRAIN)
        yield Keys(handle)
    finally:
        termios.tcsetattr(handle, termios.TCSADRAIN, before)
