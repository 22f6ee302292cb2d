"""The laws of a drawing's options, files and settings, and of the curves of training."""

import subprocess
import sys
import time

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawn import (
    circles,
    closed_figures,
    layered,
    lines,
    passed,
    roles,
    skips_passed,
    texts,
    two_two_one,
)

import neurosim as ns
from neurosim.drawing import draw_history, draw_network, style
from neurosim.drawing.options import SHOWN

__all__ = ["closed_figures"]

# Options ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_each_thing_can_be_shown_alone(name):
    """`show=[name]` draws that and the nodes and edges, nothing else."""
    singular = {"biases": "bias", "titles": "layer", "z": "z", "legend": "legend"}
    role = singular.get(name, name.removesuffix("s"))
    ax = draw_network(passed() if name != "symbols" else two_two_one(), show=[name])
    assert roles(ax) - {"kind"} == {role}
    assert len(circles(ax)) == 5


def test_nothing_can_be_shown():
    """`show=[]` draws nodes and edges alone."""
    ax = draw_network(passed(), show=[])
    assert not ax.texts
    assert len(lines(ax).get_segments()) == 6


def test_a_large_layer_has_an_ellipsis():
    """The first and the last neurons are drawn, and the number of those left out is written."""
    net = layered(64, 3)
    ax = draw_network(net, max_neurons=7)
    inputs = [label for label in circles(ax) if label.startswith("input")]
    assert inputs == [f"input[{i}]" for i in (0, 1, 2, 61, 62, 63)]
    assert texts(ax, "left out") == {"input": "58 more"}
    assert texts(ax, "kind")["input"] == "64 inputs"
    assert len(lines(ax).get_segments()) == 18


def test_the_title_stands_on_top():
    """Every line of the title is over everything else."""
    ax = draw_network(two_two_one(), title="XOR\nlearned")
    titles = [text for text in ax.texts if text.get_gid().startswith("title:")]
    assert {text.get_text() for text in titles} == {"XOR", "learned"}
    lowest = min(text.get_position()[1] for text in titles)
    assert all(t.get_position()[1] < lowest for t in ax.texts if t not in titles)


def test_figsize_is_the_size_of_the_figure():
    """The drawing is fitted into it, its texts with it."""
    small, large = (draw_network(two_two_one(), figsize=size) for size in [(3, 2), (6, 4)])
    assert tuple(small.figure.get_size_inches()) == (3, 2)
    ratios = {
        round(b.get_fontsize() / a.get_fontsize(), 6)
        for a, b in zip(small.texts, large.texts, strict=True)
    }
    assert ratios == {2.0}


REFUSED = {
    "colour": (
        {"colour": "red"},
        ns.ArgumentTypeError,
        "Network.draw has no option 'colour'; its options: path, ax, show, sample, title, figsize, "
        "digits, max_neurons.",
    ),
    "unknown thing": (
        {"show": ["weights", "gradients"]},
        ns.ArgumentError,
        "Network.draw: show must name things out of titles, labels, symbols, weights, biases, "
        "activations, z, deltas, legend; got 'gradients'.",
    ),
    "one text": (
        {"show": "weights"},
        ns.ArgumentTypeError,
        "Network.draw: show must be a list of names, such as ['weights']; got 'weights'.",
    ),
    "no list": (
        {"show": 3},
        ns.ArgumentTypeError,
        "Network.draw: show must be a list of names; got 3.",
    ),
    "no pass": (
        {"sample": 0},
        ns.PassError,
        "Network.draw: sample=0 asks for the numbers of a pass, but there is none that belongs to "
        "the parameters as they are now; call net.forward(X) first.",
    ),
    "title": (
        {"title": 3},
        ns.ArgumentTypeError,
        "Network.draw: title must be a text; got 3.",
    ),
    "figsize": (
        {"figsize": 3},
        ns.ArgumentTypeError,
        "Network.draw: figsize must be (width, height) in inches; got 3.",
    ),
    "no width": (
        {"figsize": (0, 3)},
        ns.ArgumentError,
        "Network.draw: the width of figsize must be a finite number greater than 0; got 0.",
    ),
    "digits": (
        {"digits": 0},
        ns.ArgumentError,
        "Network.draw: digits must be a positive whole number; got 0.",
    ),
    "max_neurons": (
        {"max_neurons": 2},
        ns.ArgumentError,
        "Network.draw: max_neurons must be a whole number from 3; got 2.",
    ),
    "ax": (
        {"ax": "here"},
        ns.ArgumentTypeError,
        "Network.draw: ax must be a matplotlib Axes, such as plt.subplots()[1]; got 'here'.",
    ),
    "path": (
        {"path": 3},
        ns.ArgumentTypeError,
        "Network.draw: path must be a file name; got 3.",
    ),
    "suffix": (
        {"path": "net.jpg"},
        ns.ArgumentError,
        "Network.draw: path must end in .pdf or .png or .svg; got 'net.jpg'.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused(case):
    """Each wrong option is refused with what it must be, and what is known."""
    options, error, message = REFUSED[case]
    with pytest.raises(ns.NeurosimError) as caught:
        two_two_one().draw(**options)
    assert type(caught.value) is error
    assert str(caught.value) == message


def test_a_sample_that_does_not_exist_is_refused():
    """`sample` counts from 0 to the number of samples less one."""
    net = passed()
    assert texts(draw_network(net, sample=0), "activation")
    with pytest.raises(ns.ArgumentError) as caught:
        net.draw(sample=1)
    assert str(caught.value) == (
        "Network.draw: sample must be below 1, the number of samples of the last pass; got 1."
    )


def test_too_many_layers_are_refused():
    """A chain of 300 neurons would be a strip that nobody can read."""
    n = 300
    net = ns.Network.from_edges(
        range(n), range(1, n + 1), kinds=ns.TanhNeuron, inputs=[0], outputs=[n], rng=0
    )
    with pytest.raises(ns.ArgumentError) as caught:
        net.draw()
    assert str(caught.value) == (
        "Network.draw: the network has 301 layers, one after the other, and a drawing holds at "
        "most 200; draw a smaller network."
    )


# Files and settings -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suffix", "magic"), [(".png", b"\x89PNG\r\n"), (".svg", b"<?xml"), (".pdf", b"%PDF")]
)
def test_the_suffix_says_the_format(tmp_path, suffix, magic):
    """A file begins as its format does; an old one is replaced, and nothing else is left."""
    path = tmp_path / f"net{suffix.upper()}"
    path.write_text("old")
    ax = passed().draw(path)
    assert path.read_bytes().startswith(magic)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert ax.figure.axes == [ax]


@pytest.mark.parametrize("suffix", [".svg", ".pdf", ".png"])
def test_the_same_drawing_gives_the_same_bytes(tmp_path, suffix):
    """No date and no random name is in a file."""
    files = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for file in files:
        skips_passed().draw(file)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_file_that_cannot_be_written_is_an_error(tmp_path):
    """The message names the file and the remedy."""
    path = tmp_path / "missing" / "net.png"
    with pytest.raises(ns.ModelFileError) as caught:
        two_two_one().draw(path)
    assert str(caught.value) == (
        f"'{path}' cannot be written (No such file or directory); choose a folder that exists and "
        "that you may write to."
    )


def test_the_persons_settings_are_untouched(tmp_path):
    """rcParams are the same afterwards, and their style is not ours."""
    with mpl.rc_context({"text.color": "red", "font.size": 30, "lines.linewidth": 9}):
        before = dict(mpl.rcParams)
        ax = two_two_one().draw(tmp_path / "net.svg")
        ns.History(loss=[1.0, 0.5]).plot()
        assert dict(mpl.rcParams) == before
        assert max(text.get_fontsize() for text in ax.texts) < 20
        assert "red" not in {text.get_color() for text in ax.texts}


def test_what_becomes_no_file_is_shown_by_pyplot(tmp_path):
    """Without path and ax the figure is pyplot's current one; with a path pyplot knows of none."""
    two_two_one().draw(tmp_path / "net.svg")
    assert plt.get_fignums() == []
    for draw in (two_two_one().draw, ns.History(loss=[1.0, 0.5]).plot):
        ax = draw()
        assert plt.gcf() is ax.figure
    assert len(plt.get_fignums()) == 2
    two_two_one().draw(ax=ax)
    assert len(plt.get_fignums()) == 2


def test_a_drawing_goes_into_the_persons_axes():
    """With `ax` it is drawn there, fitted into them, beside what else the figure shows."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    try:
        right.plot([1, 2, 3])
        assert two_two_one().draw(ax=left) is left
        frame = left.get_window_extent()
        assert len(right.lines) == 1
        for text in left.texts:
            box = text.get_window_extent()
            assert frame.x0 <= box.x0 < box.x1 <= frame.x1
    finally:
        plt.close(figure)


def test_import_neurosim_does_not_load_matplotlib():
    """Only drawing needs matplotlib, and so only drawing waits for it."""
    code = "import sys, neurosim, neurosim.drawing; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_large_networks_are_drawn_in_time(tmp_path):
    """784-128-10 takes less than two seconds, in one collection of edges."""
    net = layered(784, 128, 10)
    begin = time.perf_counter()
    ax = net.draw(tmp_path / "net.png")
    assert time.perf_counter() - begin < 2
    assert len(lines(ax).get_segments()) == 15 * 15 + 15 * 10


def test_numbers_that_are_not_finite_are_drawn():
    """A diverged network can be looked at: inf and nan are written as such."""
    net = two_two_one()
    net.parameters[:3] = [np.inf, -np.inf, np.nan]
    shown = set(texts(draw_network(net), "weight").values())
    assert {"inf", "−inf", "nan"} <= shown


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0, 3, "0"),
        (-0.0, 3, "0"),
        (0.99951, 3, "1"),
        (-0.35434, 3, "−0.354"),
        (12.345, 3, "12.3"),
        (1234.5, 3, "1234"),
        (0.000592, 3, "0.000592"),
        (5.92e-5, 3, "5.92e−5"),
        (2e9, 3, "2e9"),
        (1 / 3, 6, "0.333333"),
        (0.25, 1, "0.2"),
    ],
)
def test_numbers_are_written_as_books_print_them(value, digits, text):
    """Significant digits without trailing zeros, a true minus sign, all digits before the point."""
    assert style.number_text(value, digits) == text


# Curves -----------------------------------------------------------------------------------------


def test_a_history_is_drawn_over_its_epochs():
    """One curve of the loss, epoch k at k, with named axes and no legend for a single curve."""
    ax = draw_history(ns.History(loss=[0.5, 0.4, 0.3]))
    assert ax.lines[0].get_xydata().tolist() == [[0, 0.5], [1, 0.4], [2, 0.3]]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")
    assert ax.get_yscale() == "linear"
    assert ax.get_legend() is None


def test_validation_losses_have_a_curve_and_a_legend():
    """Two curves are told apart by a legend."""
    ax = ns.History(loss=[0.5, 0.4], validation_loss=[0.6, 0.5]).plot()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["loss", "validation loss"]


@pytest.mark.parametrize(
    ("loss", "scale"),
    [([1.0, 1e-3], "log"), ([1.0, 0.02], "linear"), ([1.0, 0.0], "linear"), ([1.0], "linear")],
)
def test_more_than_two_decades_are_logarithmic(loss, scale):
    """The scale is logarithmic where the loss spans more than a factor of 100 and is never 0."""
    assert draw_history(ns.History(loss=loss)).get_yscale() == scale


def test_a_history_goes_into_the_persons_axes():
    """With `ax` it is drawn there."""
    ax = draw_history(ns.History(loss=[1.0, 0.5]))
    assert draw_history(ns.History(loss=[2.0]), ax=ax) is ax
    assert ax.lines[1].get_marker() == "o"


def test_a_history_without_epochs_is_refused():
    """There is nothing to draw, and the message says what to do."""
    with pytest.raises(ns.ArgumentError) as caught:
        ns.History().plot()
    assert str(caught.value) == (
        "History.plot: there are no epochs to draw; train with net.fit(X, Y, ...) first."
    )
