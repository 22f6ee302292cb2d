"""`neurosim draw`: every option of a drawing, from the command line."""

import pytest
from drawn import passed, skips, two_two_one

from neurosim.cli import main


@pytest.fixture
def model(tmp_path):
    """A model in a file."""
    path = tmp_path / "model.json"
    skips().save(path)
    return str(path)


def drawn(capsys, model, path, *options):
    """The status, the file as text, and what is said on standard error."""
    status = main(["draw", model, "--save", str(path), *options])
    said = capsys.readouterr().err
    return status, path.read_text() if path.exists() else "", said


CHOICES = [
    ("--input", "0.5,-1"),
    ("--input", "0.5,-1", "--target", "1,0", "--show", "weights,activations,gradients,deltas"),
    ("--hide", "legend, titles"),
    ("--style", "dark", "--direction", "down", "--notation", "math"),
    ("--title", "100 % of <it>", "--figsize", "8,4", "--digits", "2"),
    ("--max-neurons", "3", "--keep", "strongest", "--threshold", "0.2"),
    ("--highlight", "k1", "--highlight", "x1->price", "--feeding"),
]


@pytest.mark.parametrize("suffix", [".svg", ".tex", ".dot"])
@pytest.mark.parametrize("options", CHOICES, ids=" ".join)
def test_every_option_draws(capsys, tmp_path, model, options, suffix):
    """Every option is taken, and a file is written in the format of its suffix."""
    status, text, said = drawn(capsys, model, tmp_path / f"net{suffix}", *options)
    assert (status, said) == (0, "")
    assert len(text) > 1000


def test_options_mean_what_they_mean_to_draw(capsys, tmp_path, model):
    """The file is the same, byte by byte, as that of `Network.draw` with the same options."""
    options = (
        "--input",
        "0.5,-1",
        "--show",
        "weights,labels",
        "--highlight",
        "k1",
        "--digits",
        "2",
    )
    _, text, _ = drawn(capsys, model, tmp_path / "a.svg", *options)
    net = skips()
    net.forward([0.5, -1])
    net.draw(tmp_path / "b.svg", show=["weights", "labels"], highlight=["k1"], digits=2)
    assert text == (tmp_path / "b.svg").read_text()


def test_hidden_things_are_left_out_and_the_rest_stays(capsys, tmp_path, model):
    """--hide leaves out what it names and nothing else."""
    _, with_all, _ = drawn(capsys, model, tmp_path / "a.svg")
    _, without, _ = drawn(capsys, model, tmp_path / "b.svg", "--hide", "legend")
    assert 'data-role="legend"' in with_all
    assert 'data-role="legend"' not in without
    assert 'data-role="weight"' in without


def test_two_models_are_compared(capsys, tmp_path):
    """--compare draws what has changed between two files."""
    for name, make in (("old", two_two_one), ("new", passed)):
        net = make()
        net.parameters[:] += 0.5 if name == "new" else 0.0
        net.save(tmp_path / f"{name}.json")
    arguments = (str(tmp_path / "new.json"), tmp_path / "net.svg")
    status, text, _ = drawn(capsys, *arguments, "--compare", str(tmp_path / "old.json"))
    assert status == 0
    assert "changed" in text


BAD = [
    (("--show", "weight"), "Network.draw: show must name things out of "),
    (("--input", "1"), "Network.forward: "),
    (("--figsize", "8"), "Network.draw: figsize must be (width, height) in inches; got [8.0]."),
    (("--highlight", "nobody"), "no neuron"),
    (("--max-neurons", "1"), "Network.draw: max_neurons must be a whole number from 3; got 1."),
    (("--digits", "0"), "Network.draw: digits must be a positive whole number; got 0."),
]


@pytest.mark.parametrize(("options", "message"), BAD, ids=[" ".join(bad[0]) for bad in BAD])
def test_a_bad_option_is_one_line_and_status_two(capsys, tmp_path, model, options, message):
    """What cannot be drawn is told in one line; nothing is written."""
    status, text, said = drawn(capsys, model, tmp_path / "net.svg", *options)
    assert (status, text) == (2, "")
    assert said.count("\n") == 1
    assert message in said, said


@pytest.mark.parametrize(
    "options", [("--style", "pretty"), ("--digits", "x"), ("--show", "z", "--hide", "z")]
)
def test_what_is_no_option_is_told_with_the_known_ones(capsys, tmp_path, model, options):
    """Values that the parser knows to be wrong leave with 2 and one line, too."""
    with pytest.raises(SystemExit) as left:
        drawn(capsys, model, tmp_path / "net.svg", *options)
    assert left.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
