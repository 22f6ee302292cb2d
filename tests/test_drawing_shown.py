"""The laws of what a drawing says: gradients, fills, shapes, formulas, marks, and the legend."""

import numpy as np
import pytest
from drawn import (
    all_kinds,
    closed_figures,
    dropped,
    gallery,
    layered,
    normalized,
    passed,
    skips,
    tied,
    two_two_one,
)
from test_layout import overlaps

import neurosim as ns
from neurosim.drawing.network import network_scene
from neurosim.drawing.style import number_text
from neurosim.drawing.themes import THEMES

__all__ = ["closed_figures"]

INKS = THEMES["screen"].inks


def said(scene, role):
    """The texts of a role, by what they are about."""
    return {text.of: text.text for text in scene.texts if text.role == role}


# Two values at once -----------------------------------------------------------------------------


def test_gradients_stand_on_edges_and_under_nodes():
    """Each is the derivative of the loss by that parameter, in the ink of derivatives."""
    net = passed()
    scene = network_scene(net, show=["gradients"])
    wanted = {edge: net[edge].gradient for edge in scene.edges.labels}
    wanted_text = {edge: number_text(gradient) for edge, gradient in wanted.items()}
    biases = {n.label: f"∂J/∂b = {number_text(n.bias_gradient)}" for n in net.neurons[2:]}
    assert said(scene, "gradient") == wanted_text | biases
    assert {t.color for t in scene.texts} == {INKS.derivative}


def test_weight_and_gradient_stand_in_two_lines():
    """The weight above in the ink of its sign, the gradient under it; the legend says which."""
    net = passed()
    scene = network_scene(net, show=["weights", "gradients", "legend"])
    at = {
        role: {t.of: t for t in scene.texts if t.role == role and "->" in t.of}
        for role in ("weight", "gradient")
    }
    assert set(at["weight"]) == set(at["gradient"]) == set(scene.edges.labels)
    for edge, weight in at["weight"].items():
        gradient = at["gradient"][edge]
        assert weight.x == gradient.x
        assert weight.y > gradient.y
        assert weight.color == INKS.of_number(net[edge].weight)
        assert gradient.text == f"∂ {number_text(net[edge].gradient)}"
    assert "on an edge: ∂loss/∂weight" in said(scene, "legend")


def test_the_gradient_of_a_batch_is_called_so():
    """It is that of all samples, also beside the numbers of one."""
    net = two_two_one()
    net.forward([[0, 1], [1, 1]])
    net.backward([[1], [0]])
    scene = network_scene(net, sample=1, show={"gradients": True})
    assert "on an edge: ∂loss/∂weight of the batch of 2" in said(scene, "legend")
    assert said(scene, "gradient")["output[0]"] == (
        f"∂J/∂b = {number_text(net['output[0]'].bias_gradient)}"
    )


def test_a_gradient_from_before_an_update_is_not_shown():
    """Once a parameter has changed, it is none of these parameters, and the legend says so."""
    net = passed()
    ns.SGD(0.5).step(net)
    scene = network_scene(net, show={"gradients": True})
    assert not said(scene, "gradient")
    assert "no numbers of the last pass: the parameters have changed since" in said(scene, "legend")


def test_the_legend_says_why_numbers_are_missing():
    """No pass, a batch, no backward pass: each is told where the numbers were asked for."""
    net, show = two_two_one(), {"activations": True, "deltas": True}
    assert "no numbers of a pass: there was none" in said(network_scene(net, show=show), "legend")
    net.forward([0, 1])
    legend = said(network_scene(net, show=show), "legend")
    assert "no backward pass, so no derivatives" in legend
    net.forward([[0, 1], [1, 0]])
    legend = said(network_scene(net, show=show), "legend")
    assert "a batch of 2: sample=k shows the numbers of one" in legend


# Colours ----------------------------------------------------------------------------------------


def activations(scene):
    """The activations by label, and whether each stands inside its node."""
    nodes = {node.label: node for node in scene.nodes}
    return {
        text.of: (text.text, abs(text.y - nodes[text.of].y) < nodes[text.of].radius / 2)
        for text in scene.texts
        if text.role == "activation"
    }


@pytest.mark.parametrize("sizes", [(2, 3, 3), (9, 3, 3)])
def test_an_activation_that_has_no_room_in_its_node_stands_under_it(sizes):
    """The others of its column stay inside; asked for, it is so in long layers, too."""
    kinds = {"hidden": ns.LinearNeuron, "output": ns.SoftmaxNeuron}
    net = ns.Network.layered(sizes, **kinds, rng=1)
    net.forward([-123456.0, *[1.5] * (sizes[0] - 1)])
    scene = network_scene(net, style="paper", show={"activations": True})
    found = activations(scene)
    assert set(found) == {node.label for node in scene.nodes}
    assert found["input[0]"] == ("a = −123456", False)
    assert {text.split(" = ")[-1] for text, inside in found.values() if not inside} >= {"−123456"}
    assert all(text.startswith("a = ") != inside for text, inside in found.values())
    assert not overlaps(net.draw(style="paper", show={"activations": True}))


def test_a_long_symbol_stands_in_two_lines():
    """In the nodes of a paper, that is softmax; on a screen it has room in one."""
    net = ns.Network.layered([2, 3], hidden=ns.TanhNeuron, output=ns.SoftmaxNeuron, rng=1)

    def symbols(style):
        scene = network_scene(net, style=style)
        return [text.text for text in scene.texts if text.role == "symbol"]

    assert symbols("screen") == ["x", "x", *["softmax"] * 3]
    assert symbols("paper") == ["x", "x", *["soft", "max"] * 3]


def test_a_fill_is_the_activation():
    """0 is the colour of the ground; the larger |a|, the fuller, in the colour of its sign."""
    net = layered(3, 2)
    net.forward([-2.0, 0.0, 1.0])
    fill = {n.label: n.fill for n in network_scene(net, show=["fills"]).nodes}
    assert fill["input[0]"] == INKS.fill(-1.0)
    assert fill["input[1]"] == INKS.neuron_fill
    assert fill["input[2]"] == INKS.fill(0.5)


@gallery
def test_a_colour_bar_is_symmetrical_and_has_its_numbers(make):
    """From -largest over 0 to largest, in the colours of the edges on their ground."""
    net = make()
    scene = network_scene(net, show=["colorbar"])
    slots = [net[label].slot for label in scene.edges.labels]
    largest = float(np.abs(net.parameters[slots]).max())
    texts = [t.text for t in scene.texts if t.role == "colorbar"]
    assert texts == ["weight", number_text(-largest), "0", number_text(largest)]
    colors = [r.fill for r in sorted(scene.rectangles, key=lambda r: r.x)]
    assert (colors[0], colors[-1]) == (INKS.negative, INKS.positive)
    places = [t.x for t in scene.texts if t.role == "colorbar" and t.text == "0"]
    bar = scene.rectangles[0]
    assert places == pytest.approx([bar.x + bar.width / 2])


def test_what_is_not_finite_is_drawn_as_such():
    """NaN is grey and as wide as the largest, and the legend names it."""
    net = two_two_one()
    net.parameters[0] = np.nan
    scene = network_scene(net)
    at = scene.edges.labels.index("input[0]->hidden1[0]")
    assert scene.edges.colors[at] == INKS.zero
    assert scene.edges.widths[at] == scene.edges.widths.max()
    assert "not a number" in said(scene, "legend")


# Layers -----------------------------------------------------------------------------------------


def test_shapes_are_those_of_the_weights():
    """W of layer l is inputs x neurons, of the whole layers; none where it is no matrix."""
    net = layered(20, 7, 4)
    texts = [t.text for t in network_scene(net, show=["shapes"]).texts if t.role == "shape"]
    assert texts == ["W^{(1)}: 20 × 7", "W^{(2)}: 7 × 4"]
    graph = network_scene(skips(), show=["shapes"])
    assert [t.text for t in graph.texts if t.role == "shape"] == ["W^{(1)}: 2 × 3"]


def test_formulas_say_what_layers_compute():
    """Of every kind in the door, with its own function."""
    scene = network_scene(two_two_one(), show=["formulas"])
    assert list(said(scene, "formula").values()) == [
        r"a^{(1)} = σ(x W^{(1)} + b^{(1)})",
        r"a^{(2)} = σ(a^{(1)} W^{(2)} + b^{(2)})",
    ]
    net = all_kinds()
    formulas = said(network_scene(net, show=["formulas"], max_neurons=100), "formula")
    assert set(formulas) == {layer.name for layer in net.layers[1:]}
    assert formulas["SoftmaxNeuron"].split(" = ")[1].startswith("softmax(")
    assert formulas["HardmaxNeuron"].split(" = ")[1].startswith("Hardmax(")
    assert "(" not in formulas["LinearNeuron"].split(" = ")[1].split("W")[0].replace("a^{(", "")


def test_a_normalized_layer_shows_gamma_and_beta():
    """Its bias is beta; its title and its formula say that it is normalized."""
    net = normalized()
    scene = network_scene(net, show={"formulas": True})
    neuron = net["hidden1[0]"]
    assert said(scene, "gamma")["hidden1[0]"] == f"γ = {number_text(neuron.gamma)}"
    assert said(scene, "bias")["hidden1[0]"] == f"β = {number_text(neuron.beta)}"
    assert said(scene, "bias")["output[0]"].startswith("b = ")
    assert said(scene, "layer note") == {"hidden1": "normalized"}
    wanted = r"a^{(1)} = tanh(\gamma \cdot norm(x W^{(1)}) + \beta)"
    assert said(scene, "formula")["hidden1"] == wanted


def test_what_dropout_has_set_to_0_is_dashed():
    """Its circle is dashed, and the legend and the title say why."""
    net = dropped()
    gone = [n for n in net.neurons if n.layer == "hidden1" and n.mask == 0]
    scene = network_scene(net)
    assert gone
    assert len([s for s in scene.strokes if s.dashed and len(s.points) > 2]) == len(gone) + 1
    assert "dropped out" in said(scene, "legend")
    assert said(scene, "layer note") == {"hidden1": "dropout 0.5"}
    plain = network_scene(net, show={"marks": False})
    assert not [s for s in plain.strokes if s.dashed]
    assert not said(plain, "layer note")


def test_marks_can_be_left_out():
    """Without them frozen edges are solid, and tied ones have no name."""
    marked, plain = (network_scene(tied(), show={"marks": on}) for on in (True, False))
    assert marked.edges.dashed.sum() == 2
    assert not plain.edges.dashed.any()
    assert said(plain, "weight")["x0->c0"] == "0.7"
    assert "frozen" not in said(plain, "legend")


def test_symbols_of_neurons_are_those_of_books():
    """Input i is x_i, neuron j of layer l is a_j^(l), and both are set as formulas."""
    scene = network_scene(two_two_one(), notation="math")
    assert said(scene, "label") == {
        "input[0]": "x_{1}",
        "input[1]": "x_{2}",
        "hidden1[0]": "a_{1}^{(1)}",
        "hidden1[1]": "a_{2}^{(1)}",
        "output[0]": "a_{1}^{(2)}",
    }
    assert all(text.math for text in scene.texts if text.role == "label")


def test_a_threshold_is_told():
    """The legend says how many edges are not drawn."""
    scene = network_scene(two_two_one(), threshold=0.5)
    assert len(scene.edges) == 3
    assert "3 edges of |weight| below 0.5 not drawn" in said(scene, "legend")


@gallery
def test_a_drawing_is_described_in_a_sentence(make):
    """For readers who do not see it: how many neurons and edges, in which layers."""
    net = make()
    description = network_scene(net).description
    assert f"{net.wiring.n_neurons:,} neurons" in description
    assert f"{net.wiring.n_edges:,} edges" in description
