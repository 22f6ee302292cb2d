"""The laws of drawings that compare two states of a network."""

import numpy as np
import pytest
from drawn import closed_figures, gallery, skips, tied, two_two_one
from matplotlib.colors import to_rgb

import neurosim as ns
from neurosim.drawing import style
from neurosim.drawing.network import network_scene

__all__ = ["closed_figures"]


def by_role(scene, role):
    """The texts of a role, by what they are about."""
    return {text.of: text.text for text in scene.texts if text.role == role}


@gallery
def test_colour_and_width_are_those_of_the_change(make):
    """Blue has grown, orange has fallen, grey is as before; the larger the change, the wider."""
    net, rng = make(), np.random.default_rng(0)
    before = net.parameters - rng.normal(size=len(net.parameters)).round(1)
    edges = network_scene(net, compare=before).edges
    slots = {e.label: e.slot for e in (net[label] for label in edges.labels)}
    change = np.array([net.parameters[slots[x]] - before[slots[x]] for x in edges.labels])
    assert edges.weights == pytest.approx(change)
    hues = {1.0: style.POSITIVE, -1.0: style.NEGATIVE, 0.0: style.ZERO}
    assert [to_rgb(c) for c in edges.colors] == [to_rgb(hues[x]) for x in np.sign(change)]
    assert (np.diff(edges.widths[np.argsort(np.abs(change))]) >= -1e-12).all()


def test_numbers_say_what_was_and_what_is():
    """On edges and under nodes; what has not changed is written once, a small change as such."""
    net = two_two_one()
    before = net.copy()
    net["input[0]", "hidden1[0]"].weight = 0.5
    net["output[0]"].bias = -0.25
    net["input[1]", "hidden1[0]"].weight = -0.2780000
    scene = network_scene(net, compare=before)
    numbers = by_role(scene, "weight")
    assert numbers["input[0]->hidden1[0]"] == "−0.453 → 0.5"
    assert numbers["hidden1[0]->output[0]"] == "−1.89"
    assert numbers["input[1]->hidden1[0]"] == "−0.278 +7.17e−7"
    assert by_role(scene, "bias")["output[0]"] == "b = 0 → −0.25"


def test_the_legend_speaks_of_the_change():
    """It says which colour is which, and what the width is."""
    net = tied()
    before = net.parameters - 0.5
    assert list(by_role(network_scene(net, compare=before), "legend")) == [
        "weight has grown",
        "width: |change|, at most 0.5",
        "name = number: tied, one shared weight",
        "frozen",
        "before → after",
    ]
    bar = by_role(network_scene(net, compare=before, show=["colorbar"]), "colorbar")
    assert list(bar) == ["change of weight"]


def test_a_network_and_its_parameters_mean_the_same():
    """`compare` takes either; the two are left as they are."""
    net = two_two_one()
    old = net.copy()
    net.parameters[:] += 0.25
    vector, other = (network_scene(net, compare=c).edges for c in (old.parameters, old))
    assert vector.weights.tolist() == other.weights.tolist() == pytest.approx([0.25] * 6)


def test_a_diverged_state_can_be_compared():
    """What is not a number is drawn as such."""
    net = two_two_one()
    before = net.parameters.copy()
    net.parameters[0] = np.nan
    scene = network_scene(net, compare=before)
    assert "not a number" in by_role(scene, "legend")
    assert "−0.453 → nan" in by_role(scene, "weight").values()


REFUSED = {
    "wiring": (
        lambda: skips(),
        ns.ArgumentError,
        "Network.draw: compare must be a network of the same labels and edges, so that every "
        "weight has one to be compared with; take net.copy() or net.parameters.copy() before the "
        "change. Here are 5 neurons and 6 edges, there 10 neurons and 21 edges.",
    ),
    "shape": (
        lambda: [1.0, 2.0],
        ns.ShapeError,
        "Network.draw: compare must hold the network's 9 parameters, shape (9,); got shape (2,).",
    ),
    "no numbers": (
        lambda: "before",
        ns.ArgumentError,
        "Network.draw: compare must be a network, or its parameters as an array; got 'before'.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_compared_is_refused(case):
    """Another wiring, another number of parameters, and what holds none."""
    make, error, message = REFUSED[case]
    with pytest.raises(ns.NeurosimError) as caught:
        two_two_one().draw(compare=make())
    assert type(caught.value) is error
    assert str(caught.value) == message
