"""The laws of `neurosim.drawing`, checked on the artists that it makes."""

from itertools import combinations

import numpy as np
import pytest
from drawn import (
    circles,
    closed_figures,
    deep,
    digits,
    edges,
    gallery,
    lines,
    passed,
    roles,
    skips,
    texts,
    tied,
    two_two_one,
)
from matplotlib.colors import to_rgb

import neurosim as ns
from neurosim.drawing import draw_network, style
from neurosim.drawing.options import SHOWN

__all__ = ["closed_figures"]

# Too much to draw -------------------------------------------------------------------------------


def test_too_many_edges_are_not_drawn(tmp_path):
    """A hundred thousand edges hide one another; which options leave some out is said."""
    net = ns.Network.layered([784, 128, 10], hidden=ns.ReLUNeuron, output=ns.ReLUNeuron, rng=1)
    with pytest.raises(ns.ArgumentError) as caught:
        draw_network(net, tmp_path / "all.png", max_neurons=800)
    assert str(caught.value) == (
        "Network.draw: a drawing holds at most 20,000 edges; this one would have 101,632. Set "
        "threshold= to leave out weak edges, or a smaller max_neurons= to draw fewer neurons of "
        "every layer."
    )
    assert list(tmp_path.iterdir()) == []
    strong = float(np.sort(np.abs(net.parameters[net.wiring.edge_slots]))[-500])
    lines = draw_network(net, max_neurons=800, threshold=strong).collections[0]
    assert len(lines.get_paths()) == 500


# Places and labels ------------------------------------------------------------------------------


@gallery
def test_every_edge_leads_to_the_right(make):
    """A node stands to the right of everything that feeds it, and every edge is drawn."""
    net = make()
    ax = draw_network(net, max_neurons=100)
    found = edges(ax, net)
    pairs = net.wiring.edges
    labels = net.labels
    wanted = {
        (labels[s], labels[t])
        for s, t in zip(pairs.sources.tolist(), pairs.targets.tolist(), strict=True)
    }
    assert set(found) == wanted
    assert all((np.diff(way[:, 0]) >= 0).all() for way, _, _ in found.values())


@gallery
def test_every_neuron_is_a_circle_and_no_two_touch(make):
    """Nodes have room: the centres of any two are more than a diameter apart."""
    net = make()
    nodes = circles(draw_network(net, max_neurons=100))
    assert set(nodes) == set(net.labels)
    for one, other in combinations(nodes.values(), 2):
        assert np.hypot(*np.subtract(one.center, other.center)) > 2 * one.radius


@gallery
def test_no_edge_runs_through_a_node(make):
    """An edge meets the circles of its own two neurons and no other's, skip edges included."""
    net = make()
    ax = draw_network(net, max_neurons=100)
    nodes = circles(ax)
    for ends, (way, _, _) in edges(ax, net).items():
        fine = np.linspace(0, len(way) - 1, 40 * len(way))
        x, y = (np.interp(fine, np.arange(len(way)), way[:, k]) for k in (0, 1))
        for label in set(nodes) - set(ends):
            centre, radius = nodes[label].center, nodes[label].radius
            assert np.hypot(x - centre[0], y - centre[1]).min() > radius


@gallery
def test_no_text_overlaps_a_text_a_node_or_the_frame(make):
    """Texts cover neither each other nor a node that they do not stand in, and all is in frame."""
    ax = draw_network(make(), title="A network")
    frame = ax.figure.bbox
    boxes = [(text.get_gid(), text.get_window_extent()) for text in ax.texts]
    for (one, a), (other, b) in combinations(boxes, 2):
        inside = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        assert min(inside) < 0.5, (one, other)
    for of, box in boxes:
        assert frame.x0 <= box.x0 < box.x1 <= frame.x1, of
        assert frame.y0 <= box.y0 < box.y1 <= frame.y1, of
    for label, circle in circles(ax).items():
        disc = circle.get_window_extent()
        centre, radius = (disc.x0 + disc.x1) / 2, disc.width / 2
        middle = (disc.y0 + disc.y1) / 2
        for of, box in boxes:
            nearest = np.clip(centre, box.x0, box.x1), np.clip(middle, box.y0, box.y1)
            apart = np.hypot(nearest[0] - centre, nearest[1] - middle)
            own = of.split(":", 1)[0] in {"symbol", "activation"} and of.endswith(f":{label}")
            assert own or apart > radius - 0.5, (of, label)


def test_layers_stand_in_columns_and_the_first_neuron_on_top():
    """The neurons of a layer have one x and falling y; columns are in order of the layers."""
    net = deep()
    nodes = circles(draw_network(net))
    columns = [[nodes[label].center for label in layer.labels] for layer in net.layers]
    xs = [{x for x, _ in column} for column in columns]
    assert [len(x) for x in xs] == [1] * 5
    assert sorted(x.pop() for x in xs) == [column[0][0] for column in columns]
    assert all(np.diff([y for _, y in column]).max(initial=-1) < 0 for column in columns)


def test_labels_symbols_biases_and_titles_are_written():
    """Without a pass a node shows its kind's symbol; labels, biases and layers are named."""
    net = deep()
    net["dates"].bias = -0.25
    ax = draw_network(net)
    assert texts(ax, "label") == {label: label for label in net.labels}
    assert texts(ax, "symbol") == {n.label: type(n).symbol for n in net.neurons}
    assert texts(ax, "bias")["dates"] == "b = −0.25"
    assert "education (years)" not in texts(ax, "bias")
    assert texts(ax, "layer") == {layer.name: layer.name for layer in net.layers}
    assert texts(ax, "kind") == {
        "input": "2 inputs",
        "hidden1": "5 × ReLU",
        "hidden2": "5 × ReLU",
        "hidden3": "5 × ReLU",
        "output": "1 × Linear",
    }


def test_a_dollar_in_a_label_is_a_dollar():
    """Labels are no formulas; even a single or a double $ is written as it is."""
    net = ns.Network(
        [ns.InputLayer(2, labels=["cost ($)", "$a_1$"]), ns.Layer(1, ns.LinearNeuron)], rng=0
    )
    assert {"cost ($)", "$a_1$"} <= set(texts(draw_network(net), "label").values())


# Weights ----------------------------------------------------------------------------------------


@gallery
def test_colour_is_the_sign_and_width_and_opacity_the_size(make):
    """Blue is positive, orange negative, grey zero; the larger |w|, the wider and less clear."""
    net = make()
    found = edges(draw_network(net), net)
    hues = {1: style.POSITIVE, -1: style.NEGATIVE, 0: style.ZERO}
    sized = []
    for ends, (_, color, width) in found.items():
        weight = net[ends].weight
        assert tuple(color[:3]) == pytest.approx(to_rgb(hues[int(np.sign(weight))]))
        sized.append((abs(weight), width, color[3]))
    size, width, alpha = np.array(sorted(sized)).T
    grows = np.diff(size) > 0
    assert (np.diff(width)[grows] > 0).all()
    assert (np.diff(alpha)[grows] > 0).all()


def test_every_weight_of_small_networks_is_written_on_its_edge():
    """2-2-1, and 2-5-5-5-1 on request, show each number on its own edge."""
    for net, show in ((two_two_one(), None), (deep(), ["weights", "labels"]), (skips(), None)):
        ax = draw_network(net, show=show)
        numbers = texts(ax, "weight")
        assert len(numbers) == net.wiring.n_edges
        ways = edges(ax, net)
        for text in ax.texts:
            role, of = text.get_gid().split(":", 1)
            if role == "weight":
                ends = tuple(of.split("->"))
                assert text.get_text() == style.number_text(net[ends].weight)
                way, _, _ = ways[ends]
                x, y = text.get_position()
                assert np.interp(x, way[:, 0], way[:, 1]) == pytest.approx(y, abs=1e-6)


def test_more_than_16_numbers_in_a_gap_are_written_on_request():
    """2-5-5-5-1 has the numbers of its first and last edges; 25 would hide the edges."""
    net = deep()
    written = set(texts(draw_network(net), "weight"))
    pairs = [(net.layers[k].labels, net.layers[k + 1].labels) for k in (0, -2)]
    assert written == {f"{s}->{t}" for before, after in pairs for s in before for t in after}
    assert len(texts(draw_network(net, show=["weights"]), "weight")) == net.wiring.n_edges


@gallery
def test_texts_at_nodes_stand_on_paper(make):
    """Labels above nodes, biases and deltas have a ground, so that no edge runs through them."""
    net = make()
    inner = {label for layer in net.layers[1:-1] for label in layer.labels}
    for text in draw_network(net).texts:
        role, of = text.get_gid().split(":", 1)
        if role in {"bias", "delta"} or (role == "label" and text.get_ha() == "center"):
            assert text.get_bbox_patch().get_facecolor()[:3] == to_rgb(style.PAPER), (role, of)
        assert role != "label" or of not in inner or text.get_ha() == "center"


def test_numbers_without_room_are_left_out():
    """Between 16 and 10 neurons 160 numbers could not be told apart, so there are none."""
    assert "weight" not in roles(draw_network(digits()))


def test_frozen_is_dashed_and_a_tie_is_named():
    """Frozen edges are dashed, a frozen bias has a dashed frame, a tied number has its name."""
    net = tied()
    ax = draw_network(net)
    dashed = [style_of[1] is not None for style_of in lines(ax).get_linestyle()]
    named = dict(zip(edges(ax, net), dashed, strict=True))
    assert {ends for ends, is_dashed in named.items() if is_dashed} == {("c0", "y"), ("c1", "y")}
    numbers = texts(ax, "weight")
    assert numbers["x0->c0"] == "w1 = 0.7"
    assert numbers["x1->c0"] == "w2 = −1.2"
    framed = {
        text.get_gid(): text.get_bbox_patch().get_edgecolor()[3] > 0
        for text in ax.texts
        if text.get_gid().startswith("bias:")
    }
    assert framed == {"bias:c0": True, "bias:c1": False, "bias:c2": False, "bias:y": False}


def test_the_legend_says_what_is_drawn_and_nothing_else():
    """Only marks that occur are explained."""
    assert list(texts(draw_network(tied()), "legend")) == [
        "positive weight",
        "negative weight",
        "weight 0",
        "width: |weight|, at most 1.2",
        "name = number: tied, one shared weight",
        "frozen",
    ]
    assert not any(
        "tied" in text for text in texts(draw_network(tied(), show=["legend"]), "legend")
    )
    net = skips()
    net.parameters[:] = np.abs(net.parameters) + 1e-3
    legend = list(texts(draw_network(net), "legend"))
    assert legend[0] == "positive weight"
    assert legend[2:] == ["leads to no output"]


def test_a_neuron_that_nobody_reads_is_grey():
    """Its outline differs from that of the neurons that lead to an output."""
    nodes = circles(draw_network(skips()))
    grey = {k for k, n in nodes.items() if n.get_edgecolor()[:3] == to_rgb(style.UNREAD_OUTLINE)}
    assert grey == {"spy"}


# The numbers of a pass --------------------------------------------------------------------------


def test_after_a_pass_nodes_show_activations_and_deltas():
    """Every activation stands in its node and every delta under it, of inputs too."""
    net = passed()
    ax = draw_network(net, digits=4)
    number = {n.label: n for n in net.neurons}
    assert texts(ax, "activation") == {
        label: style.number_text(n.activation, 4) for label, n in number.items()
    }
    assert texts(ax, "delta") == {
        label: f"δ = {style.number_text(n.delta, 4)}" for label, n in number.items()
    }
    assert "symbol" not in roles(ax)
    assert "z" not in roles(ax)
    assert texts(draw_network(net, show=["z"]), "z") == {
        label: f"z = {style.number_text(n.z)}" for label, n in number.items() if n.z is not None
    }


def test_after_forward_alone_there_are_no_deltas():
    """What is not known is not shown."""
    net = two_two_one()
    net.forward([0, 1])
    assert {"activation"} == roles(draw_network(net)) & {"activation", "delta"}


@pytest.mark.parametrize("show", [None, SHOWN])
def test_a_stale_pass_shows_nothing(show):
    """Once a parameter has changed, no number of the pass is drawn, not even on request."""
    net = passed()
    ns.SGD(0.5).step(net)
    assert not roles(draw_network(net, show=show)) & {"activation", "delta", "z"}


def test_a_batch_shows_nothing_but_the_sample_asked_for():
    """No mean stands in for the samples; with sample=k the numbers are those of row k."""
    net = two_two_one()
    net.forward([[0, 0], [0, 1], [1, 0]])
    net.backward([[0], [1], [1]])
    assert not roles(draw_network(net)) & {"activation", "delta"}
    ax = draw_network(net, sample=2)
    assert texts(ax, "activation")["input[0]"] == "1"
    assert texts(ax, "delta")["output[0]"] == f"δ = {style.number_text(net['output[0]'].delta[2])}"
    assert "sample 2 of 3, counted from 0" in texts(ax, "legend")


@gallery
def test_drawing_leaves_the_network_as_it_is(make):
    """Parameters, gradient and the last pass are the same objects with the same numbers."""
    net = make()
    run, vectors = net.last_pass, (net.parameters, net.gradient)
    before = [vector.tobytes() for vector in vectors]
    draw_network(net)
    assert net.last_pass is run
    assert net.parameters is vectors[0]
    assert net.gradient is vectors[1]
    assert [vector.tobytes() for vector in vectors] == before
