"""Networks to draw, and what a drawing of one holds; for the tests of `neurosim.drawing`."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle

import neurosim as ns

# Networks ---------------------------------------------------------------------------------------


def two_two_one():
    """The smallest network that learns XOR."""
    kinds = {"hidden": ns.SigmoidNeuron, "output": ns.SigmoidNeuron}
    return ns.Network.layered([2, 2, 1], **kinds, rng=1)


def passed():
    """The same after a forward and a backward pass of one sample."""
    net = two_two_one()
    net.forward([0, 1])
    net.backward([1])
    return net


def deep():
    """Three hidden layers of five, with labels of the survey."""
    hidden = [ns.Layer(5, ns.ReLUNeuron) for _ in range(3)]
    inputs = ns.InputLayer(2, labels=["education (years)", "income (hundreds)"])
    return ns.Network([inputs, *hidden, ns.Layer(1, ns.LinearNeuron, labels=["dates"])], rng=2)


def deep_passed():
    """The same after a pass."""
    net = deep()
    net.forward([12.0, 30.0])
    net.backward([20.0])
    return net


def skips():
    """Skip edges, several kinds, two outputs and a neuron that nobody reads."""
    graph = nx.DiGraph()
    for name in ("h1", "h2", "h3", "spy"):
        graph.add_node(name, neuron=ns.TanhNeuron, bias=0.1)
    graph.add_node("k1", neuron=ns.ReLUNeuron)
    graph.add_node("k2", neuron=ns.SigmoidNeuron, bias=-0.3)
    graph.add_node("price", neuron=ns.LinearNeuron)
    graph.add_node("risk", neuron=ns.SigmoidNeuron)
    graph.add_edges_from((x, h) for x in ("x1", "x2") for h in ("h1", "h2", "h3"))
    graph.add_edges_from((h, k) for h in ("h1", "h2", "h3") for k in ("k1", "k2"))
    graph.add_edges_from((k, y) for k in ("k1", "k2") for y in ("price", "risk"))
    graph.add_edges_from([("h3", "spy"), ("x1", "price"), ("x2", "k2"), ("h2", "risk")])
    graph.add_edge("x2", "risk")
    return ns.Network.from_graph(graph, outputs=["price", "risk"], rng=3)


def skips_passed():
    """The same after a pass."""
    net = skips()
    net.forward([0.5, -1.0])
    net.backward([1.0, 0.0])
    return net


def tied():
    """Two shared weights, two frozen edges and a frozen bias."""
    graph = nx.DiGraph()
    for i in range(3):
        graph.add_node(f"c{i}", neuron=ns.ReLUNeuron, bias=0.5, frozen=i == 0)
    graph.add_node("y", neuron=ns.LinearNeuron)
    for i, weight in enumerate([0.4, -0.9, 0.0]):
        graph.add_edge(f"x{i}", f"c{i}", tied="w1", weight=0.7)
        graph.add_edge(f"x{i + 1}", f"c{i}", tied="w2", weight=-1.2)
        graph.add_edge(f"c{i}", "y", weight=weight, frozen=i < 2)
    return ns.Network.from_graph(graph, rng=0)


def long_labels():
    """Labels that are longer than a column is wide."""
    inputs = ns.InputLayer(
        3, labels=["education (years)", "income per month ($, thousands)", "age"]
    )
    hidden = ns.Layer(2, ns.TanhNeuron, labels=["willingness to travel", "time (hours per week)"])
    output = ns.Layer(2, ns.SoftmaxNeuron, labels=["accepts the offer", "declines it politely"])
    return ns.Network([inputs, hidden, output], rng=5)


def layered(*sizes):
    """Sigmoid layers of these sizes."""
    kinds = {"hidden": ns.SigmoidNeuron, "output": ns.SoftmaxNeuron}
    return ns.Network.layered(sizes, **kinds, rng=4)


def seven_four_three():
    """7-4-3 after a pass."""
    net = layered(7, 4, 3)
    net.forward(np.linspace(0, 1, 7))
    net.backward([0, 1, 0])
    return net


def digits():
    """64-16-10."""
    return layered(64, 16, 10)


def joined_within():
    """An edge between two neurons of one layer."""
    net = two_two_one()
    net.connect("hidden1[0]", "hidden1[1]", weight=0.5)
    return net


GALLERY = [
    two_two_one,
    passed,
    deep,
    deep_passed,
    skips,
    skips_passed,
    tied,
    long_labels,
    seven_four_three,
    digits,
    joined_within,
]
gallery = pytest.mark.parametrize("make", GALLERY, ids=lambda make: make.__name__)

# Figures ----------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def closed_figures():
    """Leave no figure to pyplot, which keeps those of drawings without a file."""
    mpl.use("Agg")
    yield
    plt.close("all")


# What a drawing holds ---------------------------------------------------------------------------


def texts(ax, role=None):
    """Return the texts of a role by what they are about."""
    pairs = [(*text.get_gid().split(":", 1), text) for text in ax.texts]
    return {of: text.get_text() for kind, of, text in pairs if kind == role}


def roles(ax):
    """Return the roles that texts have."""
    return {text.get_gid().split(":", 1)[0] for text in ax.texts}


def circles(ax):
    """Return the nodes by label."""
    found = [patch for patch in ax.patches if isinstance(patch, Circle)]
    return {patch.get_gid().removeprefix("node:"): patch for patch in found}


def lines(ax):
    """Return the one collection that holds all edges."""
    (found,) = [item for item in ax.collections if isinstance(item, LineCollection)]
    return found


def edges(ax, net):
    """Return the way, colour, opacity and width of every edge, by (source, target)."""
    centres = {label: np.array(circle.center) for label, circle in circles(ax).items()}
    drawn = lines(ax)

    def at(point):
        return min(centres, key=lambda label: float(np.hypot(*(centres[label] - point))))

    looks = zip(drawn.get_segments(), drawn.get_colors(), drawn.get_linewidths(), strict=True)
    return {(at(way[0]), at(way[-1])): (way, color, width) for way, color, width in looks}
