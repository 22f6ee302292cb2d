"""The laws of highlights: what stands out, and that the rest only fades."""

import pytest
from drawn import closed_figures, gallery, passed, skips, two_two_one
from test_layout import overlaps

import neurosim as ns
from neurosim.drawing.network import network_scene
from neurosim.drawing.strands import FADED
from neurosim.drawing.traced import trace_scene

__all__ = ["closed_figures"]

PATH = ["input[0]", "hidden1[1]", "output[0]"]


def lit(scene):
    """The labels of the nodes and edges that stand out."""
    nodes = {node.label for node in scene.nodes if node.alpha == 1.0}
    alphas = zip(scene.edges.labels, scene.edges.alphas.tolist(), strict=True)
    return nodes, {label for label, alpha in alphas if alpha > FADED}


@pytest.mark.parametrize(
    ("what", "nodes", "edges"),
    [
        ("hidden1[0]", {"hidden1[0]"}, set()),
        ("hidden1", {"hidden1[0]", "hidden1[1]"}, set()),
        (PATH, set(PATH), {"input[0]->hidden1[1]", "hidden1[1]->output[0]"}),
        ("input[0]->hidden1[0]", {"input[0]", "hidden1[0]"}, {"input[0]->hidden1[0]"}),
        (("input[0]", "hidden1[0]"), {"input[0]", "hidden1[0]"}, {"input[0]->hidden1[0]"}),
        (
            ["input[0]->hidden1[0]", "output[0]"],
            {"input[0]", "hidden1[0]", "output[0]"},
            {"input[0]->hidden1[0]"},
        ),
    ],
)
def test_what_is_named_stands_out(what, nodes, edges):
    """Neurons, layers, edges and lists of them; of neurons alone, the edges between them, too."""
    assert lit(network_scene(two_two_one(), highlight=what)) == (nodes, edges)


def test_objects_of_the_network_stand_for_themselves():
    """A neuron, an edge and a layer of the network mean what their names mean."""
    net = two_two_one()
    pairs = [
        (net["hidden1[0]"], "hidden1[0]"),
        (net["input[0]", "hidden1[0]"], "input[0]->hidden1[0]"),
        (net.layers[1], "hidden1"),
    ]
    for item, name in pairs:
        assert lit(network_scene(net, highlight=item)) == lit(network_scene(net, highlight=name))


def test_everything_that_feeds_a_neuron_stands_out():
    """`feeding=True` adds all neurons from which a way leads to it, and the edges of these ways."""
    nodes, edges = lit(network_scene(skips(), highlight="k2", feeding=True))
    assert nodes == {"x1", "x2", "h1", "h2", "h3", "k2"}
    inner = {f"{x}->{h}" for x in ("x1", "x2") for h in ("h1", "h2", "h3")}
    assert edges == inner | {"h1->k2", "h2->k2", "h3->k2", "x2->k2"}


def test_a_step_of_a_trace_stands_out_with_what_it_was_made_of():
    """z reads the edges into its neuron; a weight's gradient its two neurons."""
    net = two_two_one()
    trace = net.trace([0, 1], [1], ns.SGD(0.5))
    z = trace.of("hidden1[0]", "z")[0]
    into = {"input[0]->hidden1[0]", "input[1]->hidden1[0]"}
    assert lit(network_scene(net, highlight=z)) == ({"input[0]", "input[1]", "hidden1[0]"}, into)
    update = trace.of("hidden1[0]->output[0]", "new")[0]
    wanted = ({"hidden1[0]", "output[0]"}, {"hidden1[0]->output[0]"})
    assert lit(network_scene(net, highlight=update)) == wanted
    bias = trace.of("output[0].bias", "gradient")[0]
    assert lit(network_scene(net, highlight=bias)) == ({"output[0]"}, set())


@gallery
def test_a_highlight_moves_nothing(make):
    """Places, sizes and texts are those of the drawing without it; only opacities differ."""
    net = make()
    plain, faded = network_scene(net), network_scene(net, highlight=net.labels[-1], feeding=True)
    assert [(n.label, n.x, n.y, n.fill) for n in plain.nodes] == [
        (n.label, n.x, n.y, n.fill) for n in faded.nodes
    ]
    assert [(t.text, t.x, t.y, t.size) for t in plain.texts] == [
        (t.text, t.x, t.y, t.size) for t in faded.texts
    ]
    frames = [(s.left, s.bottom, s.right, s.top) for s in (plain, faded)]
    assert frames[0] == frames[1]


@pytest.mark.parametrize("style", ["screen", "paper", "slide"])
@pytest.mark.parametrize("show", [{}, {"gradients": True, "labels": True}])
def test_nothing_moves_from_step_to_step_of_a_trace(style, show):
    """Nodes and frame stay, whatever is known by then, and however wide numbers are."""
    kinds = {"hidden": ns.TanhNeuron, "output": ns.SigmoidNeuron}
    for X, Y in (([0.125, 1], [1, 0]), ([[0, 1], [-12.25, 0.001]], [[1, 0], [0, 1]])):
        trace = ns.Network.layered([2, 3, 2], **kinds, rng=1).trace(X, Y)
        scenes = [trace_scene(trace, k, style=style, show=show) for k in range(0, len(trace), 4)]
        frames = {(one.left, one.bottom, one.right, one.top) for one in scenes}
        assert len(frames) == 1
        assert len({tuple((node.x, node.y) for node in one.nodes) for one in scenes}) == 1
        # Texts come one after the other.
        assert len({len(one.texts) for one in scenes}) > 1
        # What there is room for is not in the way of anything.
        assert not overlaps(trace.draw(step=len(trace) // 2, style=style, show=show))


def test_texts_fade_with_what_they_are_about():
    """The number on a faded edge and the texts at a faded node fade; titles do not."""
    scene = network_scene(passed(), highlight=PATH)
    faded = {text.of for text in scene.texts if text.alpha == FADED}
    edges = {"input[0]->hidden1[0]", "input[1]->hidden1[0]", "input[1]->hidden1[1]"}
    assert faded == {"input[1]", "hidden1[0]", "hidden1[0]->output[0]"} | edges


def test_a_highlighted_neuron_of_a_large_layer_is_drawn():
    """It is not among those that an ellipsis stands for."""
    net = ns.Network.layered([40, 2], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=0)
    labels = {n.label for n in network_scene(net, highlight="input[20]", max_neurons=6).nodes}
    assert "input[20]" in labels


@pytest.mark.parametrize(
    ("what", "error", "message"),
    [
        (
            "hidden9",
            ns.UnknownNeuronError,
            "Network: there is no neuron, edge or layer 'hidden9'. Did you mean 'hidden1' or "
            "'hidden1[1]' or 'hidden1[0]'?",
        ),
        (
            "input[0]->output[0]",
            ns.UnknownEdgeError,
            "Network: there is no edge 'input[0]' -> 'output[0]'. Edges into 'output[0]' come "
            "from 'hidden1[0]', 'hidden1[1]'.",
        ),
    ],
)
def test_what_is_not_there_cannot_stand_out(what, error, message):
    """The message has the nearest labels."""
    with pytest.raises(error) as caught:
        two_two_one().draw(highlight=what)
    assert str(caught.value) == message
