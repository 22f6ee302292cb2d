"""The player's page as a file: what is in it, how large it is, what it refuses."""

import re
from html import unescape

import numpy as np
import pytest
import wirings
from hypothesis import given, settings
from pages import data_of, digits, small, softmax, training

import neurosim as ns
from neurosim.tracing.player.page import MOST_IN_NOTEBOOKS, page_of, training_page_of


@pytest.mark.parametrize("trace", [small, softmax], ids=["small", "softmax"])
def test_a_page_holds_every_number_of_its_trace_exactly(trace):
    """The values of all steps, bit for bit, and of all quantities that their equations name."""
    trace = trace()
    data = data_of(page_of(trace, 6, "labels"))
    (frame,) = data["frames"]
    assert frame["values"] == [step.value for step in trace]
    named = {
        token.value
        for step in trace
        for token in step.equation.tokens(step.equation.numbers)
        if token.symbol is not None
    }
    assert named <= set(frame["quantities"])
    assert data["left_out"] == ""


def _bare(arithmetic):
    """Arithmetic without the brackets of negative numbers, which the page sets again."""
    return re.sub(r"\((-(?:[\d.]+(?:e[+-]?\d+)?|inf))\)", r"\1", arithmetic)


def _rebuilt(data, side, word):
    return "".join(data["texts"][-1 - token] if token < 0 else word(token) for token in side)


def _name(data, quantity):
    symbol = data["symbols"][data["quantities"][quantity][0]]
    return "".join(
        f"{data['texts'][part[0]]}[{data['texts'][data['owners'][part[1]][0]]}]"
        if isinstance(part, list)
        else data["texts"][part]
        for part in symbol
    )


@given(case=wirings.cases())
@settings(max_examples=25)
def test_equations_come_out_of_the_tables_as_they_went_in(case):
    """On any wiring, the symbols and the numbers of every step, and the terms of its sum."""
    trace = case.network().trace(case.X, case.Y, ns.Adam(0.1))
    data = data_of(page_of(trace, 6, "labels"))
    (frame,) = data["frames"]
    values = [float(value) for value in frame["quantities"]]
    terms = iter(frame["terms"])
    for step, row in zip(trace, frame["equations"], strict=True):
        symbols, numbers, explanation, _, places = data["equations"][row]
        left = step.symbolic.split(" = ")[0]
        names = _rebuilt(data, data["sides"][symbols], lambda q: _name(data, q))
        assert f"{left} = {names}" == step.symbolic
        arithmetic = _rebuilt(data, data["sides"][numbers], lambda q: repr(values[q]))
        expected = step.substituted.removeprefix(f"{left} = ").rpartition(" = ")[0]
        assert _bare(arithmetic) == _bare(expected)
        assert data["texts"][explanation] == step.explanation
        found = [float(next(terms)) for _ in places[::2]]
        assert found == [term.value for term in step.equation.terms]
    assert list(terms) == []


def test_a_page_has_the_groups_of_its_trace():
    """By equation, neuron and layer: the titles and starts of `Trace.by`."""
    trace = softmax()
    data = data_of(page_of(trace, 6, "labels"))
    for by in ("step", "neuron", "layer"):
        starts, titles = data["groups"][by]
        groups = trace.by(by)
        assert [data["texts"][title] for title in titles] == [group.title for group in groups]
        assert [trace[start] for start in starts] == [group.steps[0] for group in groups]


def test_a_page_asks_nothing_of_a_network():
    """No address in it but the namespace of SVG; and a policy that lets nothing be loaded."""
    page = page_of(small(), 6, "labels")
    assert page.replace("http://www.w3.org/2000/svg", "").count("://") == 0
    assert "default-src 'none'" in page


def test_a_large_page_is_small():
    """64-16-10 stays under 3 MB, and nothing is left out."""
    page = page_of(digits(), 6, "labels")
    assert len(page.encode()) < 3e6
    assert data_of(page)["left_out"] == ""


def test_a_page_says_what_it_leaves_out():
    """Of a very long trace the first steps of every kind are there, and the rest is counted."""
    net = ns.Network.layered([3, 4, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    trace = net.trace(np.zeros((2000, 3)), np.zeros((2000, 1)), ns.SGD(0.1))
    page = page_of(trace, 6, "labels")
    data = data_of(page)
    kept = [data["kinds"][kind] for kind, *_ in data["steps"]]
    forward, delta = 20_000 - kept.count("forward"), 16_000 - kept.count("delta")
    gradient, update = 21 - kept.count("gradient"), 21 - kept.count("update")
    assert forward > 0
    assert kept.count("loss") == 1
    assert update == 0
    told = f"{forward:,} of 20,000 forward steps, {delta:,} of 16,000 delta steps"
    if gradient:
        told += f", {gradient} of 21 gradient steps"
    assert data["left_out"] == (
        f"Left out of this page: {told}, the last of their kind. A trace with a watch list, of "
        'fewer samples or with by="layer" is shown whole.'
    )
    assert len(page.encode()) < 4e6


def test_labels_do_no_harm():
    """What a label says ends no script and begins no element."""
    hostile = ["</script><script>alert(1)</script>", "%_$", "<!--", "{{DATA}}", "'\"&amp;"]
    net = ns.Network(
        [
            ns.InputLayer(4, labels=hostile[:4]),
            ns.Layer(1, ns.LinearNeuron, labels=hostile[4:]),
        ],
        rng=1,
    )
    page = page_of(net.trace([1.0, 2.0, 3.0, 4.0], [1.0], ns.SGD(0.1)), 6, "labels")
    clean = page_of(small(), 6, "labels")
    assert page.count("<script") == clean.count("<script")
    assert page.count("</script") == clean.count("</script")
    assert page.count("<!--") == clean.count("<!--")
    assert set(hostile) <= set(data_of(page)["texts"])


def test_save_writes_the_page(tmp_path):
    """By its suffix, in either case, of traces and of trainings; digits and notation begin so."""
    trace, file = small(), tmp_path / "t.HTML"
    trace.save(file, digits=3, notation="book")
    assert file.read_text(encoding="utf-8") == page_of(trace, 3, "book")
    data = data_of(file.read_text(encoding="utf-8"))
    assert (data["digits"], data["notation"]) == (3, "book")
    course = training(3)
    course.save(tmp_path / "training.html")
    assert (tmp_path / "training.html").read_text() == training_page_of(course, 4, "labels")


def test_a_trace_without_steps_is_refused(tmp_path):
    """There would be nothing to play, and the old file stays."""
    file = tmp_path / "t.html"
    file.write_text("old")
    with pytest.raises(ns.ArgumentError) as caught:
        small()[:0].save(file)
    assert str(caught.value) == (
        "Trace.save: the trace has no steps, so that a page would show nothing; record one with "
        "net.trace(x, y)."
    )
    assert file.read_text() == "old"


def test_a_trace_without_its_network_is_refused(tmp_path):
    """The page draws it."""
    with pytest.raises(ns.ArgumentError) as caught:
        ns.Trace(list(small())).save(tmp_path / "t.html")
    assert str(caught.value) == (
        "Trace: this trace was made of steps alone, without the network that they were recorded "
        "from; record it with net.trace(x, y)."
    )
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_refused(tmp_path):
    """A folder that is missing, and digits that are none."""
    with pytest.raises(ns.ModelFileError):
        small().save(tmp_path / "nowhere" / "t.html")
    for course in (small(), training(2)):
        name = type(course).__name__
        with pytest.raises(ns.ArgumentError, match=f"^{name}.save: digits must be"):
            course.save(tmp_path / "t.html", digits=0)


def test_a_loaded_trace_plays_like_the_recorded_one(tmp_path):
    """The page of a trace from a file is that of the trace."""
    trace = small()
    again = ns.Trace.from_json(trace.json())
    assert page_of(again, 6, "labels") == page_of(trace, 6, "labels")


def test_a_part_of_a_trace_is_a_page():
    """A slice, watched steps, a forward pass alone, and a trace by layer."""
    net = ns.Network.layered([2, 2, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
    traces = [
        small()[3:9],
        net.trace([1.0, 2.0], [0.5], ns.SGD(0.1), watch=["hidden1[0]", "loss"]),
        net.trace([1.0, 2.0], None),
        net.trace([1.0, 2.0], [0.5], ns.SGD(0.1), by="layer"),
    ]
    for trace in traces:
        (frame,) = data_of(page_of(trace, 6, "labels"))["frames"]
        assert frame["values"] == [step.value for step in trace]


def test_a_training_has_every_loss_and_the_numbers_of_its_steps():
    """Frame by frame those of the traces; the curve is whole."""
    course = training(5)
    data = data_of(training_page_of(course, 6, "labels"))
    assert data["loss"] == course.loss
    assert data["kept"] == [0, 1, 2, 3, 4]
    for frame, trace in zip(data["frames"], course, strict=True):
        assert frame["values"] == [step.value for step in trace]


def test_a_long_training_says_which_steps_it_has():
    """Evenly spaced, with both ends; the losses are all there."""
    course = training(400)
    data = data_of(training_page_of(course, 6, "labels", most_frames=5))
    assert data["kept"] == [0, 100, 200, 299, 399]
    assert len(data["loss"]) == 400
    assert data["left_out"] == (
        "Of 400 learning steps, the page has the loss of all and the equations of 5, evenly "
        "spaced; training[k].save(...) writes any other."
    )


def test_infinite_numbers_are_told(tmp_path):
    """A training that overflows is a page all the same, and its numbers are words in JSON."""
    net = ns.Network([ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]])])
    course = ns.trace_training(net, [[1e150]], [[0.0]], ns.SGD(1.0), 4)
    course.save(tmp_path / "t.html")
    loss = data_of((tmp_path / "t.html").read_text())["loss"]
    assert [float(value) for value in loss[:2]] == course.loss[:2]
    assert "inf" in loss


def test_a_notebook_shows_a_page_in_a_frame_of_its_own():
    """The frame holds the page, escaped; it may run scripts and nothing else."""
    trace = small()
    shown = trace._repr_html_()
    assert shown.startswith("<iframe ")
    assert 'sandbox="allow-scripts"' in shown
    assert unescape(shown.split('srcdoc="')[1].split('"')[0]) == page_of(trace, 6, "labels")
    assert training(2)._repr_html_().startswith("<iframe ")


def test_a_notebook_shows_long_or_bare_traces_as_text():
    """None, so that the notebook takes the repr."""
    net = ns.Network.layered([3, 4, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    trace = net.trace(np.zeros((300, 3)), np.zeros((300, 1)))
    assert len(trace) > MOST_IN_NOTEBOOKS
    assert trace._repr_html_() is None
    assert trace[:0]._repr_html_() is None
    assert ns.Trace(list(small()))._repr_html_() is None
