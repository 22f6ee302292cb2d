"""The laws of drawings of a training: small multiples, and steps of a trace."""

import numpy as np
import pytest
from drawn import closed_figures, texts, two_two_one
from test_layout import overlaps

import neurosim as ns
from neurosim.drawing.style import number_text
from neurosim.drawing.traced import draw_trace, trace_scene

__all__ = ["closed_figures"]

X, Y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]


def trained(epochs=20, **options):
    """A network, and the history of its weights."""
    net, weights = two_two_one(), ns.WeightHistory(**options)
    net.fit(X, Y, optimizer=ns.Adam(0.1), epochs=epochs, callbacks=weights)
    return net, weights


def titles(ax):
    """The titles, in the order in which they are drawn."""
    return [t.get_text() for t in ax.texts if t.get_gid().startswith("title:")]


# Small multiples --------------------------------------------------------------------------------


def test_at_most_six_epochs_are_drawn_first_and_last_among_them():
    """Evenly between the start and the end; all where there are fewer."""
    net, weights = trained()
    assert titles(ns.draw_training(net, weights)) == [f"epoch {k}" for k in (0, 4, 8, 12, 16, 20)]
    net, weights = trained(epochs=2)
    assert titles(ns.draw_training(net, weights)) == ["epoch 0", "epoch 1", "epoch 2"]


def test_all_have_one_scale():
    """Widths and opacities stand for the same weights in all of them."""
    net = two_two_one()
    half = net.parameters / 2
    ax = ns.draw_training(net, {"half": half, "whole": net})
    widths = ax.collections[0].get_linewidths()
    assert len(widths) == 12
    alone = net.draw().collections[0].get_linewidths()
    assert max(widths) == pytest.approx(max(alone))
    assert max(widths[:6]) < max(widths[6:])
    largest = number_text(float(np.abs(net.parameters).max()))
    assert f"width: |weight|, at most {largest}" in texts(ax, "legend")


@pytest.mark.parametrize("style", ["screen", "paper", "slide", "dark"])
@pytest.mark.parametrize("columns", [None, 1, 2])
def test_nothing_overlaps(style, columns):
    """Texts, nodes and the frame are apart, in any number of columns."""
    net, weights = trained()
    show = {"weights": True, "colorbar": True}
    looks = {"style": style, "columns": columns, "show": show, "title": "XOR"}
    ax = ns.draw_training(net, weights, **looks)
    assert not overlaps(ax)
    assert titles(ax)[-1] == "XOR"


def test_states_are_compared_with_one():
    """With `compare` every drawing is that of the change since then."""
    net, weights = trained()
    ax = ns.draw_training(net, weights, compare=weights.values[0])
    assert any(text.startswith("width: |change|") for text in texts(ax, "legend"))


def test_files_are_written_in_every_format(tmp_path):
    """It is a scene as any other."""
    net, weights = trained(epochs=3)
    for suffix in (".png", ".svg", ".pdf", ".tex", ".dot"):
        ns.draw_training(net, weights, tmp_path / f"training{suffix}")
        assert (tmp_path / f"training{suffix}").stat().st_size > 1000


REFUSED = {
    "nothing": (
        [],
        ns.ArgumentError,
        "draw_training: states must hold at least one; got none.",
    ),
    "no states": (
        3,
        ns.ArgumentTypeError,
        "draw_training: states must be a WeightHistory, or a list or dict of parameters or "
        "networks, such as {'start': before, 'end': net}.",
    ),
    "shape": (
        [[1.0]],
        ns.ShapeError,
        "draw_training: a state must hold the network's 9 parameters, shape (9,); got shape (1,).",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_state_is_refused(case):
    """The message says what may be given."""
    states, error, message = REFUSED[case]
    with pytest.raises(ns.NeurosimError) as caught:
        ns.draw_training(two_two_one(), states)
    assert type(caught.value) is error
    assert str(caught.value) == message


def test_a_history_of_some_weights_is_refused():
    """The others would have to be invented."""
    net, weights = trained(watch="output[0]")
    with pytest.raises(ns.ArgumentError) as caught:
        ns.draw_training(net, weights)
    assert str(caught.value) == (
        "draw_training: the WeightHistory must hold every parameter of this network, so that it "
        "can be drawn; make it without watch=, and give it to net.fit as a callback."
    )


# Traces -----------------------------------------------------------------------------------------


def written(scene, role):
    """The texts of a role, by what they are about."""
    return {text.of: text.text for text in scene.texts if text.role == role}


def test_a_trace_is_drawn_as_the_network_was():
    """Its numbers are shown whatever the network has become since."""
    net = two_two_one()
    trace = net.trace([0, 1], [1], ns.SGD(0.5))
    before = number_text(net["hidden1[0]", "output[0]"].weight)
    net.parameters[:] = 0.0
    ax = trace.draw()
    assert texts(ax, "weight")["hidden1[0]->output[0]"] == before
    activation = trace.of("output[0]", "a")[0].value
    assert texts(ax, "activation")["output[0]"] == number_text(activation)


def test_a_step_shows_what_is_known_by_then():
    """After the k-th step the numbers of the first k, and of no other; inputs from the start."""
    net = two_two_one()
    trace = net.trace([0, 1], [1], ns.SGD(0.5))
    roles = {"z": "z", "a": "activation", "delta": "delta"}
    for k, step in enumerate(trace):
        scene = trace_scene(trace, k, show={"gradients": True})
        for quantity, role in roles.items():
            known = {s.subject: s.value for s in trace[: k + 1] if s.quantity == quantity}
            shown = written(scene, role)
            assert set(known) == set(shown) - ({"input[0]", "input[1]"} - set(known))
            assert all(shown[x].endswith(number_text(value)) for x, value in known.items())
        if step.quantity == "new" and "->" in step.subject:
            assert written(scene, "weight")[step.subject] == number_text(step.value)


def test_a_step_is_named_by_its_number_or_itself():
    """The n-th step and the step itself mean the same drawing."""
    trace = two_two_one().trace([0, 1], [1])
    one, other = trace_scene(trace, 3), trace_scene(trace, trace[3])
    assert [(t.text, t.x, t.y, t.alpha) for t in one.texts] == [
        (t.text, t.x, t.y, t.alpha) for t in other.texts
    ]


def test_numbers_from_before_the_update_are_called_so():
    """After the first update z and a belong to the old parameters, and the legend says it."""
    trace = two_two_one().trace([0, 1], [1], ns.SGD(0.5))
    last, none = trace_scene(trace, len(trace) - 1), trace_scene(trace, 0)
    assert "the pass: from before the update" in written(last, "legend")
    assert "the pass: from before the update" not in written(none, "legend")


def test_a_step_of_a_batch_shows_its_own_sample():
    """Steps of sample 1 show z and a of sample 1."""
    trace = two_two_one().trace([[0, 1], [1, 1]], [[1], [0]])
    step = next(s for s in trace if s.sample == 1 and s.quantity == "a")
    scene = trace_scene(trace, step)
    assert written(scene, "activation")[step.subject] == number_text(step.value)
    assert "sample 1 of 2, counted from 0" in written(scene, "legend")


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (99, "Trace.draw: step must be below 17, the number of steps of the trace; got 99."),
        ("first", "Trace.draw: step must be a whole number from 0; got 'first'."),
    ],
)
def test_a_step_that_is_not_there_is_refused(step, message):
    """The message says how many there are."""
    trace = two_two_one().trace([0, 1], [1])[:17]
    with pytest.raises(ns.NeurosimError) as caught:
        draw_trace(trace, step=step)
    assert str(caught.value) == message
