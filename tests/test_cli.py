"""The command line: run as a person runs it, as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import neurosim as ns

if TYPE_CHECKING:
    from pathlib import Path


def neurosim(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    command = [sys.executable, "-m", "neurosim", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A saved network of two inputs and one output."""
    layers = [
        ns.InputLayer(2, labels=["education", "income"]),
        ns.Layer(2, ns.SigmoidNeuron),
        ns.Layer(1, ns.LinearNeuron, labels=["dates"]),
    ]
    path = tmp_path / "net.json"
    ns.Network(layers, rng=1).save(path)
    return path


def test_check_reports_the_gradient_of_a_table(model, tmp_path):
    """Check exits with 0 where the gradient is right, with columns by position or by name."""
    data = tmp_path / "data.csv"
    data.write_text("1,2,3\n4,5,6\n")
    by_position = neurosim("check", model, data)
    assert (by_position.returncode, by_position.stderr) == (0, "")
    assert by_position.stdout.startswith(
        "Network(2-2-1, 9 parameters, MeanSquaredError()), 2 of 2 rows\n"
        "The gradient agrees with central differences: 9 parameters checked"
    )
    data.write_text("name,dates,income,education\nann,3,2,1\nbob,6,5,4\n")
    by_name = neurosim("check", model, data)
    assert (by_name.returncode, by_name.stdout) == (0, by_position.stdout)


BAD_TABLES = [
    ("", "{data!r} is empty."),
    ("a,b,c\n", "{data!r} has a header, but no rows of numbers."),
    (
        "1,2\n",
        "{data!r} must have 3 columns, inputs first (education, income, dates), or a header that "
        "names them; got 2 columns.",
    ),
    ("a,b,c\n1,2,3\n1,x,3\n", "{data!r}, row 3, column 2: 'x' is no number."),
    ("1,2,3\n1,2\n", "{data!r}, row 2: 2 columns, but 3 needed."),
    ("1,x,3\n4,5,6\n", "{data!r}, row 1, column 2: 'x' is no number."),
    ("1,,3\n4,5,6\n", "{data!r}, row 1, column 2: '' is no number."),
    ("\n\n1,x,3\n", "{data!r}, row 3, column 2: 'x' is no number."),
    ("a,b,c\n\n1,2,3\n  \n\n4,5,1_0\n", "{data!r}, row 6, column 3: '1_0' is no number."),
    ('"a\nb",b,c\n1,2,3\n1,2\n', "{data!r}, row 4: 2 columns, but 3 needed."),
    ("1,2,nan\n", "check_gradient: Y must be finite numbers; got nan at [0, 0]."),
]


@pytest.mark.parametrize(("text", "message"), BAD_TABLES)
def test_a_bad_table_is_one_line_and_status_two(model, tmp_path, text, message):
    """A table that cannot be used gives one line that names the place, and status 2."""
    data = tmp_path / "data.csv"
    data.write_text(text)
    result = neurosim("check", model, data)
    assert result.returncode == 2
    assert result.stderr == "neurosim: " + message.format(data=str(data)) + "\n"


def test_bad_usage_is_one_line_and_status_two(model, tmp_path):
    """Unknown commands, missing arguments and missing files give one line and status 2."""
    calls = [
        (),
        ("fly",),
        ("check", model),
        ("check", model, "nowhere.csv"),
        ("check", tmp_path / "nowhere.json", "data.csv"),
        ("trace", model, "--input", "0,x", "--target", "1"),
        ("trace", model, "--input", "0", "--target", "1"),
        ("trace", model, "--input", "0,1", "--target", "1", "--rate", "-1"),
        ("draw", model, "--save", tmp_path / "net.bmp"),
    ]
    for call in calls:
        result = neurosim(*call)
        assert result.returncode == 2, call
        assert len(result.stderr.splitlines()) == 1, result.stderr
        assert result.stderr.startswith("neurosim"), result.stderr


def test_a_header_that_names_all_labels_may_hold_numbers(model, tmp_path):
    """A column that is not learned from may be called 2020."""
    data = tmp_path / "data.csv"
    data.write_text("2020,dates,income,education\n7,3,2,1\n")
    result = neurosim("check", model, data)
    assert (result.returncode, result.stderr) == (0, "")
    assert "1 of 1 rows" in result.stdout


@pytest.mark.parametrize("name", ["trace", "draw"])
@pytest.mark.parametrize(
    ("x", "y"), [("-1,2", "-0.5"), ("-.5,-2", "-1e-3"), ("-1,-2.5e3", "-1"), ("1,-2", "3")]
)
def test_negative_numbers_are_values(model, tmp_path, name, x, y):
    """A number or a list that begins with a minus is a value, as it is behind an equals sign."""
    path = tmp_path / ("t.json" if name == "trace" else "net.svg")
    apart = neurosim(name, model, "--input", x, "--target", y, "--save", path)
    assert (apart.returncode, apart.stderr) == (0, "")
    if name == "trace":
        told = path.read_text()
        assert (
            neurosim(name, model, f"--input={x}", f"--target={y}", "--save", path).returncode == 0
        )
        assert path.read_text() == told


def test_a_bad_list_of_negative_numbers_is_told_as_any_other(model):
    """What begins with a minus and a digit is a value, so the message tells what is wrong in it."""
    result = neurosim("trace", model, "--input", "-1,x", "--target", "1")
    assert result.returncode == 2
    assert result.stderr == "neurosim: --input must be numbers such as 0,1; got '-1,x'.\n"


def test_draw_refuses_a_target_without_an_input(model, tmp_path):
    """Deltas are those of one sample, so --target alone is refused and nothing is drawn."""
    path = tmp_path / "net.svg"
    result = neurosim("draw", model, "--save", path, "--target", "1")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        "neurosim: --target 1 needs --input, as the deltas are those of one sample; add --input, "
        "such as --input 0,1, or leave --target out.\n"
    )
    assert not path.exists()


def test_version_is_that_of_the_library():
    """--version prints the library's name and version and exits with 0."""
    result = neurosim("--version")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"neurosim {ns.__version__}\n"


def test_the_version_needs_no_installation():
    """It is that of the code which runs: the metadata of installed packages are not asked."""
    code = "from importlib import metadata; metadata.version = None; import neurosim.cli as cli; "
    command = [sys.executable, "-c", code + "cli.main(['--version'])"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"neurosim {ns.__version__}\n"


FAULT = """
import sys
from neurosim.cli import check, main

def broken(*arguments):
    raise RuntimeError("a fault of neurosim")

check.check_gradient = broken
sys.exit(main(sys.argv[1:]))
"""


def test_a_fault_of_neurosim_itself_is_status_one(model, tmp_path):
    """What is no mistake of the user's keeps its traceback and leaves with 1, not with 2."""
    data = tmp_path / "data.csv"
    data.write_text("1,2,3\n")
    command = [sys.executable, "-c", FAULT, "check", str(model), str(data)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.endswith("RuntimeError: a fault of neurosim\n")


def test_help_lists_every_command():
    """--help names the commands with their summaries and exits with 0."""
    result = neurosim("--help")
    assert result.returncode == 0
    for name in ("check", "draw", "predict", "step", "trace", "train"):
        assert f"    {name}  " in result.stdout
        assert neurosim(name, "--help").returncode == 0


def test_trace_prints_or_writes_every_number(model, tmp_path):
    """Trace prints the steps of one sample, and writes them where told."""
    arguments = ("trace", model, "--input", "0,1", "--target", "1", "--rate", "0.1")
    printed = neurosim(*arguments)
    assert (printed.returncode, printed.stderr) == (0, "")
    assert "dates" in printed.stdout
    path = tmp_path / "t.json"
    written = neurosim(*arguments, "--save", path)
    assert (written.returncode, written.stdout) == (0, f"wrote {path}\n")
    assert path.read_text().lstrip().startswith("{")


@pytest.mark.parametrize(("suffix", "magic"), [(".svg", b"<?xml"), (".png", b"\x89PNG")])
def test_draw_writes_a_figure(model, tmp_path, suffix, magic):
    """Draw writes the form that the suffix names, with the numbers of a pass or without."""
    path = tmp_path / f"net{suffix}"
    for more in ((), ("--input", "0,1"), ("--input", "0,1", "--target", "1")):
        result = neurosim("draw", model, "--save", path, *more)
        assert (result.returncode, result.stderr) == (0, "")
        assert path.read_bytes().startswith(magic)


def test_trace_in_a_books_notation(model, tmp_path):
    """``--notation book`` counts layers and neurons; what is no terminal gets no colours."""
    arguments = ("trace", model, "--input", "0,1", "--target", "1", "--notation", "book")
    printed = neurosim(*arguments).stdout
    assert "z_1^2 = w_11^2*a_1^1 + w_12^2*a_2^1 + b_1^2" in printed
    assert "\x1b" not in printed
    assert neurosim(*arguments, "--save", tmp_path / "t.txt").returncode == 0
    assert (tmp_path / "t.txt").read_text(encoding="utf-8") == printed


def test_trace_writes_every_form(model, tmp_path):
    """By its suffix a file is a page, a document, data, text or a film; digits as asked for."""
    arguments = ("trace", model, "--input", "0,1", "--target", "1", "--optimizer", "adam")
    for suffix, begins in ((".md", b"# One"), (".tex", b"% Written"), (".gif", b"GIF89a")):
        path = tmp_path / f"t{suffix}"
        written = neurosim(*arguments, "--digits", "3", "--save", path)
        assert (written.stderr, written.stdout) == ("", f"wrote {path}\n")
        assert path.read_bytes().startswith(begins)
    assert "Adam" in (tmp_path / "t.md").read_text(encoding="utf-8")


def test_an_optimizer_needs_a_rate(model):
    """--optimizer takes the default rate where there is one, and else asks for --rate."""
    result = neurosim("trace", model, "--input", "0,1", "--target", "1", "--optimizer", "sgd")
    assert (result.returncode, result.stderr) == (
        2,
        "neurosim: --optimizer sgd needs --rate, its learning rate, such as 0.1.\n",
    )
