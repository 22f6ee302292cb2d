"""``neurosim step``: by lines in a pipe, and by keys at a pseudo-terminal."""

import os
import re
import select
import signal
import subprocess
import sys
import time

import pytest

import neurosim as ns
from neurosim.cli.keys import Keys

pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")

CODES = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def model(tmp_path):
    """A saved network."""
    path = tmp_path / "net.json"
    net = ns.Network.layered([2, 2, 1], hidden=ns.SigmoidNeuron, output=ns.SigmoidNeuron, rng=1)
    net.save(path)
    return path


def command(model, *more):
    """The command line, as a person types it."""
    given = ["--input", "0,1", "--target", "1", "--rate", "0.5", *more]
    return [sys.executable, "-m", "neurosim", "step", str(model), *given]


def piped(model, typed, *more):
    """Run it with lines from a pipe."""
    return subprocess.run(
        command(model, *more), input=typed, capture_output=True, text=True, check=False
    )


def titles(text):
    """The headings of what was shown."""
    return re.findall(r"^(\d+/\d+ .*?)\s*$", CODES.sub("", text), re.MULTILINE)


class Terminal:
    """A program at a pseudo-terminal, and what it has shown."""

    def __init__(self, arguments):
        self.handle, self.end_of_it = pty.openpty()
        environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
        # The leader of a session who opens a terminal is who its Ctrl-C reaches.
        tty = os.ttyname(self.end_of_it)
        script = f'exec "$0" "$@" <{tty} >{tty} 2>&1'
        self.process = subprocess.Popen(
            ["sh", "-c", script, *arguments], env=environment, start_new_session=True
        )
        self.shown = ""

    def wait_for(self, text):
        """Read until a text is shown."""
        limit = time.monotonic() + 20
        while text not in CODES.sub("", self.shown):
            assert time.monotonic() < limit, f"{text!r} is not in {self.shown!r}"
            if select.select([self.handle], [], [], 1)[0]:
                self.shown += os.read(self.handle, 65536).decode()

    def type(self, keys):
        """Type keys, after which something new is waited for."""
        self.shown = ""
        os.write(self.handle, keys.encode())

    def end(self):
        """Wait for the end; return the exit status."""
        try:
            return self.process.wait(60)
        finally:
            os.close(self.handle)
            os.close(self.end_of_it)


@pytest.fixture
def terminal(model):
    """It, at its first numbers."""
    opened = Terminal(command(model))
    opened.wait_for("1/15 forward: hidden1[0]")
    yield opened
    if opened.process.poll() is None:
        opened.process.kill()
        opened.process.wait()


def test_lines_from_a_pipe(model):
    """Next, back, jumps and other groupings, by whole words or by letters, and then the end."""
    run = piped(model, "n\nback\n\nj delta\njump hidden1[1]\n2\nl\nf\nby layer\nq\nn\n")
    assert (run.returncode, run.stderr) == (0, "")
    assert titles(run.stdout) == [
        "1/15 forward: hidden1[0]",
        "2/15 forward: hidden1[1]",
        "1/15 forward: hidden1[0]",
        "2/15 forward: hidden1[1]",
        "5/15 delta: output[0]",
        "7/15 delta: hidden1[1]",
        "2/15 forward: hidden1[1]",
        "15/15 update: output[0]",
        "1/15 forward: hidden1[0]",
        "1/10 forward: hidden1",
    ]
    assert "\x1b" not in run.stdout


def test_the_place_stays_when_the_grouping_changes(model):
    """Going by another grouping shows what is about the same number."""
    run = piped(model, "j delta\nby term\nby neuron\nby step\n")
    assert [title.split(" ", 1)[1] for title in titles(run.stdout)[1:]] == [
        "delta: output[0]",
        "delta: output[0]",
        "delta: output[0]",
        "delta: output[0]",
    ]


def test_terms_are_told_with_the_sum_so_far(model):
    """By term, every term of a sum has its number and the sum as far as it goes."""
    run = piped(model, "n\n", "--by", "term", "--digits", "3", "--notation", "book")
    assert run.stdout.endswith(
        "2/43 forward: hidden1[0], term 2 of 3\n"
        "  term = w_12^2*a_2^1\n"
        "       = (-0.278)*1\n"
        "       = -0.278\n"
        "  the sum so far: -0.278\n"
    )


def test_what_cannot_be_done_is_said(model):
    """Nothing that is typed ends it but q and the end of input."""
    run = piped(model, "b\nl\nn\nj nobody\nj 99\nby edge\nfoo\nh\n")
    assert (run.returncode, run.stderr) == (0, "")
    for line in (
        "  That is the first.",
        "  That was the last; q quits, f goes to the first.",
        "  Walk.jump: there is no step about 'nobody'. Known: 'forward', 'hidden1[0]', "
        "'hidden1[1]', ....",
        "  There are 15, counted from 1; got 99.",
        "  Trace.by: by must be one of 'step', 'term', 'neuron', 'layer'; got 'edge'.",
        "  'foo' is not known; h shows what is.",
        "  h                        this help     q         quit",
    ):
        assert line in run.stdout.splitlines()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--digits", "0"), "neurosim: Trace.text: digits must be a positive whole number; got 0."),
        (
            ("--optimizer", "nobody"),
            "neurosim: --optimizer 'nobody' is not known. ",
        ),
        (("--input", "0"), "neurosim: Network.trace: x is one sample of 1 numbers"),
    ],
)
def test_bad_usage_is_one_line(model, more, message):
    """What is wrong with the command line is told before anything is shown."""
    run = piped(model, "", *more)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(message)
    assert run.stderr.count("\n") == 1


def test_keys_at_a_terminal(terminal):
    """A key is enough: letters, space, arrows; questions are answered with Enter; in colour."""
    assert "\x1b[1;4m" in terminal.shown
    for keys, shown in (
        ("n", "2/15 forward: hidden1[1]"),
        ("b", "1/15 forward: hidden1[0]"),
        (" ", "2/15 forward: hidden1[1]"),
        ("\x1b[C", "3/15 forward: output[0]"),
        ("\x1b[D", "2/15 forward: hidden1[1]"),
        ("\x1b[5~", "this help"),
        ("l", "15/15 update: output[0]"),
        ("f", "1/15 forward: hidden1[0]"),
        ("jhiddeX\x7fn1[1]\r", "2/15 forward: hidden1[1]"),
        ("12\r", "12/15 gradient: output[0]"),
        ("y", "gradient: output"),
        ("u", "12/15 gradient: output[0]"),
        ("nn", "14/15 update: hidden1[1]"),
    ):
        terminal.type(keys)
        terminal.wait_for(shown)
    terminal.type("q")
    assert terminal.end() == 0


@pytest.mark.parametrize("key", ["\x04", "\x03", "j\x04", "j\x03"])
def test_control_d_and_control_c_leave(terminal, key):
    """They end it with 0 and without a traceback, in a question, too."""
    terminal.type(key)
    assert terminal.end() == 0
    assert "Traceback" not in terminal.shown


def test_the_terminal_is_as_it_was(model):
    """After the end keys are shown again, and lines are lines."""
    import termios

    opened = Terminal(command(model))
    before = termios.tcgetattr(opened.handle)
    opened.wait_for("1/15 forward")
    os.kill(opened.process.pid, signal.SIGINT)
    assert opened.process.wait(60) == 0
    assert termios.tcgetattr(opened.handle)[3] == before[3]
    assert opened.end() == 0


def test_keys_come_in_pieces():
    """A letter of several bytes may be read in two; what is typed ahead waits."""
    reading, writing = os.pipe()
    keys = Keys(reading)
    os.write(writing, b"n7\xc3")
    assert keys.command() == "n"
    os.write(writing, b"\xb6\n\xc3")
    assert keys.command() == "7ö"
    os.close(writing)
    with pytest.raises(EOFError):
        keys.command()
    os.close(reading)
