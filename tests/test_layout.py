"""The laws of a drawing's layout, checked on the artists of gallery networks and random graphs."""

from contextlib import suppress
from itertools import combinations, pairwise

import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
import pytest
from drawn import (
    circles,
    closed_figures,
    edges,
    gallery,
    joined_within,
    layered,
    lines,
    skips,
    texts,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wirings import cases

import neurosim as ns
from neurosim.drawing import draw_network
from neurosim.drawing.columns import columns_of, drawn_edges
from neurosim.drawing.crossings import crossings, untangled
from neurosim.drawing.lanes import Lanes
from neurosim.drawing.levels import levels_of
from neurosim.drawing.options import Options
from neurosim.drawing.stacking import spread

__all__ = ["closed_figures"]

directions = pytest.mark.parametrize("direction", ["right", "down"])
quickly = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

# What must not be -------------------------------------------------------------------------------

HALF_A_PIXEL = 0.5


def overlaps(ax):
    """Return what touches but must not: texts, nodes and the frame."""
    frame = ax.figure.bbox
    boxes = [(text.get_gid(), text.get_window_extent()) for text in ax.texts]
    found = [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if _meet(a, b)]
    found += [(of, "frame") for of, box in boxes if _leaves(box, frame)]
    discs = {label: circle.get_window_extent() for label, circle in circles(ax).items()}
    for label, disc in discs.items():
        found += [(of, label) for of, box in boxes if _covers(box, disc) and not _own(of, label)]
        found += [(label, "frame")] if _leaves(disc, frame) else []
    found += [
        (one, other) for (one, a), (other, b) in combinations(discs.items(), 2) if _meet(a, b)
    ]
    return found


def _meet(a, b):
    common = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    return min(common) > HALF_A_PIXEL


def _leaves(box, frame):
    inside = (box.x0 - frame.x0, box.y0 - frame.y0, frame.x1 - box.x1, frame.y1 - box.y1)
    return min(inside) < -HALF_A_PIXEL


def _covers(box, disc):
    centre = np.array([(disc.x0 + disc.x1) / 2, (disc.y0 + disc.y1) / 2])
    nearest = np.clip(centre, (box.x0, box.y0), (box.x1, box.y1))
    return np.hypot(*(nearest - centre)) < disc.width / 2 - HALF_A_PIXEL


def _own(of, label):
    role, _, about = of.partition(":")
    return role in {"symbol", "activation"} and about == label


def run_through(ax, net):
    """Return the edges that meet the circle of a neuron that they do not join."""
    nodes = circles(ax)
    found = []
    for ends, (way, _, _) in edges(ax, net).items():
        fine = np.linspace(0, len(way) - 1, 40 * len(way))
        x, y = (np.interp(fine, np.arange(len(way)), way[:, k]) for k in (0, 1))
        for label in set(nodes) - set(ends):
            centre, radius = nodes[label].center, nodes[label].radius
            if np.hypot(x - centre[0], y - centre[1]).min() <= radius:
                found.append((ends, label))
    return found


def leads_on(ax, net, direction):
    """Whether every edge leads right, or down, all the way."""
    along, sign = (0, 1) if direction == "right" else (1, -1)
    ways = [way for way, _, _ in edges(ax, net).values()]
    return all((sign * np.diff(way[:, along]) > -1e-9).all() for way in ways)


def check(net, direction, **options):
    """Check all that must hold of every drawing; return its axes."""
    ax = draw_network(net, direction=direction, max_neurons=100, **options)
    assert not overlaps(ax)
    assert set(circles(ax)) == set(net.labels)
    if net.wiring.n_edges:
        assert not run_through(ax, net)
        assert leads_on(ax, net, direction)
        pairs = zip(net.wiring.edges.sources, net.wiring.edges.targets, strict=True)
        assert set(edges(ax, net)) == {(net.labels[s], net.labels[t]) for s, t in pairs}
    plt.close(ax.figure)
    return ax


def wide_open(net):
    """Return options that write everything there is."""
    net.forward(np.linspace(-1, 1, len(net.wiring.inputs)))
    return {"title": "Everything", "show": {"z": True, "weights": True, "labels": True}}


# In general -------------------------------------------------------------------------------------


@gallery
@directions
def test_nothing_overlaps_in_the_gallery(make, direction):
    """In both directions texts, nodes and frame are apart, and no edge runs through a node."""
    check(make(), direction, title="A network")


@gallery
@directions
def test_nothing_overlaps_where_all_is_written(make, direction):
    """Nor with several notes at every node and two numbers on every edge that has room."""
    net = make()
    options = wide_open(net)
    with suppress(ns.NoDerivativeError):
        net.backward(np.eye(len(net.wiring.outputs))[0])
    options["show"] |= dict.fromkeys(("gradients", "deltas", "formulas", "shapes"), True)
    check(net, direction, **options)


@directions
@quickly
@given(case=cases(plain=True))
def test_nothing_overlaps_in_random_graphs(direction, case):
    """Whatever the wiring: skips, several outputs, constants, neurons that nobody reads."""
    check(case.network(), direction)


@directions
@quickly
@given(case=cases())
def test_nothing_overlaps_in_random_graphs_with_long_labels_and_notes(direction, case):
    """Labels of many letters, and under every node its bias and z."""
    names = {node: f"the neuron which is known as {node}" for node in case.graph}
    case.graph = nx.relabel_nodes(case.graph, names)
    case.inputs, case.outputs = ([names[n] for n in ns_] for ns_ in (case.inputs, case.outputs))
    net = case.network()
    check(net, direction, **wide_open(net))


def random_graph(n, p, seed):
    """A graph of n neurons in which any may read any earlier one."""
    rng = np.random.default_rng(seed)
    graph = nx.DiGraph()
    graph.add_nodes_from(f"x{i}" for i in range(3))
    for i in range(3, n):
        before = list(graph)
        graph.add_node(f"n{i}", neuron=ns.TanhNeuron, bias=0.1)
        read = [node for node in before if rng.random() < p] or [before[int(rng.integers(i))]]
        graph.add_edges_from((node, f"n{i}") for node in read)
    return ns.Network.from_graph(graph, inputs=["x0", "x1", "x2"], rng=0)


@directions
@pytest.mark.parametrize(("n", "p", "seed"), [(12, 0.3, 0), (25, 0.12, 1), (40, 0.06, 2)])
def test_nothing_overlaps_in_larger_graphs(direction, n, p, seed):
    """Also of 40 neurons with many edges that skip columns, which share their lanes."""
    check(random_graph(n, p, seed), direction)


@directions
@pytest.mark.parametrize("keep", ["ends", "strongest"])
def test_nothing_overlaps_where_neurons_are_left_out(direction, keep):
    """Ellipses and their counts are apart from the nodes, whether these are large or small."""
    for most, size in ((7, 64), (60, 200)):
        net = layered(size, 20, 3)
        ax = draw_network(net, direction=direction, keep=keep, max_neurons=most)
        assert not overlaps(ax)


# Levels -----------------------------------------------------------------------------------------


def network_of(edges_, **options):
    """Return a network of these edges, "a>b" each."""
    graph = nx.DiGraph([pair.split(">") for pair in edges_.split()])
    for node in graph:
        if graph.pred[node]:
            graph.nodes[node]["neuron"] = ns.TanhNeuron
    return ns.Network.from_graph(graph, rng=0, **options)


def levels(net):
    """Return the level of every neuron by label."""
    return dict(zip(net.labels, levels_of(net).tolist(), strict=True))


def test_a_neuron_stands_where_edges_are_short():
    """Inputs first, outputs that nobody reads last, others beside the side with more edges."""
    net = network_of("x>a a>b b>c c>y x>p p>y2 a>s x>h h>y h>y2")
    assert levels(net) == {"x": 0, "a": 1, "b": 2, "c": 3, "y": 4, "p": 1, "y2": 4, "s": 4, "h": 3}


def test_layers_that_a_person_made_are_columns():
    """Also where a skip edge is added, and with names in a graph; a joined layer is split up."""
    net = layered(2, 3, 3, 1)
    net.connect("hidden1[0]", "output[0]", weight=1.0)
    assert levels(net) == {label: k for k, layer in enumerate(net.layers) for label in layer.labels}
    assert levels(joined_within()) == {
        "input[0]": 0,
        "input[1]": 0,
        "hidden1[0]": 1,
        "hidden1[1]": 2,
        "output[0]": 3,
    }


@quickly
@given(case=cases())
def test_every_edge_leads_to_a_later_level(case):
    """Whatever the wiring, and levels are counted without a gap."""
    net = case.network()
    found, pairs = levels_of(net), net.wiring.edges
    assert (found[pairs.sources] < found[pairs.targets]).all()
    assert set(found.tolist()) == set(range(int(found.max()) + 1))


def test_the_heading_of_a_level_says_only_what_is_true():
    """A column with all of a layer, and no other neuron, has its name; others have none."""
    ax = draw_network(network_of("x>a a>b b>y x>y2"))
    assert set(texts(ax, "layer")) == {"input", "level2"}


# Crossings --------------------------------------------------------------------------------------


def test_an_untangled_graph_has_no_crossing():
    """Where an order without crossings exists, as of a tree, it is found."""
    columns = [["r"], ["a", "b"], ["b1", "a1", "b2", "a2"]]
    links = [[("r", "a"), ("r", "b")], [("a", "a1"), ("a", "a2"), ("b", "b1"), ("b", "b2")]]
    assert crossings(columns, links) == 3
    assert crossings(untangled(columns, links, [True, False, False]), links) == 0


@given(seed=st.integers(0, 10**6))
@quickly
def test_untangling_never_adds_crossings_and_loses_nothing(seed):
    """The order is one of the same items, with no more crossings; it depends on nothing else."""
    rng = np.random.default_rng(seed)
    columns = [[("node", (k, i)) for i in range(rng.integers(1, 7))] for k in range(4)]
    links = [
        [(a, b) for a in left for b in right if rng.random() < 0.4]
        for left, right in pairwise(columns)
    ]
    in_order = [True, False, bool(rng.integers(2)), False]
    found = untangled(columns, links, in_order)
    assert crossings(found, links) <= crossings(columns, links)
    assert [sorted(column) for column in found] == columns
    assert all(
        one == other for one, other, kept in zip(found, columns, in_order, strict=True) if kept
    )
    assert found == untangled(columns, links, in_order)


def test_crossings_are_counted_as_pairs_that_cross():
    """Against the definition, on a random graph: (a - c) (b - d) < 0."""
    rng = np.random.default_rng(3)
    left, right = [f"a{i}" for i in range(9)], [f"b{i}" for i in range(7)]
    pairs = [(a, b) for a in left for b in right if rng.random() < 0.4]
    places = [(left.index(a), right.index(b)) for a, b in pairs]
    wanted = sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(places, 2))
    assert crossings([left, right], [pairs]) == wanted


def test_a_dense_layer_keeps_its_order():
    """The first neuron of every layer is on top, or on the left."""
    net = layered(5, 4, 6, 2)
    for direction, axis, sign in (("right", 1, -1), ("down", 0, 1)):
        nodes = circles(draw_network(net, direction=direction))
        for layer in net.layers:
            places = [nodes[label].center[axis] for label in layer.labels]
            assert (sign * np.diff(places) > 0).all()


# Heights ----------------------------------------------------------------------------------------


@given(
    wishes=st.lists(st.floats(-100, 100), min_size=1, max_size=6),
    weight=st.floats(0.1, 10.0),
    apart=st.floats(0.0, 30.0),
)
@quickly
def test_heights_keep_their_distance_and_are_nearest_to_the_wishes(wishes, weight, apart):
    """Distances hold, and no feasible neighbour of the solution has a smaller sum of squares."""
    weights = [weight if k % 2 else 1.0 for k in range(len(wishes))]
    found = np.array(spread(wishes, weights, [apart] * (len(wishes) - 1)))
    assert (-np.diff(found) >= apart - 1e-9).all()

    def loss(heights):
        return float(np.sum(weights * (heights - wishes) ** 2))

    rng = np.random.default_rng(0)
    for step in rng.normal(0, 1.0, size=(50, len(wishes))):
        other = found + step
        if (-np.diff(other) >= apart).all():
            assert loss(other) >= loss(found) - 1e-9


def test_a_chain_is_a_straight_line():
    """Neurons that follow each other stand at one height."""
    nodes = circles(draw_network(network_of("x>a a>b b>c c>y")))
    assert len({round(circle.center[1], 6) for circle in nodes.values()}) == 1


# Lanes ------------------------------------------------------------------------------------------


def many_skips():
    """Eight layers of four, each joined to the next, and 40 edges that skip layers."""
    rng, graph = np.random.default_rng(0), nx.DiGraph()
    for k in range(8):
        for i in range(4):
            graph.add_node(f"n{k}{i}", **({"neuron": ns.TanhNeuron, "layer": f"l{k}"} if k else {}))
            graph.add_edges_from((f"n{k - 1}{j}", f"n{k}{i}") for j in range(4) if k)
    while graph.number_of_edges() < 7 * 16 + 40:
        first, last = sorted(rng.integers(0, 8, 2).tolist())
        if last > first + 1:
            graph.add_edge(f"n{first}{rng.integers(4)}", f"n{last}{rng.integers(4)}")
    return ns.Network.from_graph(graph, rng=0)


@directions
def test_many_skip_edges_share_lanes_and_stay_low(direction):
    """40 skip edges over all levels do not make a drawing higher than twice as high."""
    net = many_skips()
    ax = check(net, direction)
    plain = draw_network(layered(*[4] * 8), direction=direction)
    across = 1 if direction == "right" else 0
    sizes = [np.ptp([c.center[across] for c in circles(a).values()]) for a in (ax, plain)]
    assert sizes[0] < 2 * sizes[1]


def test_a_shared_lane_is_of_edges_from_one_neuron_or_to_one():
    """Otherwise nobody could tell where an edge leads."""
    net = many_skips()
    options = Options.of({})
    columns = columns_of(net, options, net.parameters)
    drawn = drawn_edges(net, columns, 0.0, net.parameters)
    lanes = Lanes.between(drawn)
    assert lanes.shared
    together = {}
    for edge, lane in lanes.of.items():
        together.setdefault(lane, []).append(edge)
    for group in together.values():
        assert 1 in (len(set(drawn.sources[group])), len(set(drawn.targets[group])))
    few = Lanes.between(drawn_edges(net, columns, 0.5, net.parameters))
    assert few.shared or len(set(few.of.values())) == len(few.of)


# What is left out -------------------------------------------------------------------------------


def test_the_strongest_neurons_are_kept_in_their_order():
    """Those with the largest sum of |weight|, and the counts tell how many are missing where."""
    net = layered(20, 1)
    net.layers[1].weights[:] = 0.01
    for place in (3, 4, 17):
        net.layers[1].weights[place] = -5.0
    ax = draw_network(net, keep="strongest", max_neurons=4)
    inputs = [label for label in circles(ax) if label.startswith("input")]
    assert inputs == ["input[3]", "input[4]", "input[17]"]
    written = [t.get_text() for t in ax.texts if t.get_gid() == "left out:input"]
    assert written == ["3 more", "12 more", "2 more"]
    heights = [circles(ax)[label].center[1] for label in inputs]
    assert (np.diff(heights) < 0).all()


def test_what_stands_out_is_drawn_whatever_is_left_out():
    """A highlighted neuron of a large layer is among those drawn."""
    ax = draw_network(layered(64, 3), highlight="input[30]", max_neurons=6)
    assert "input[30]" in circles(ax)
    assert [t.get_text() for t in ax.texts if t.get_gid() == "left out:input"] == [
        "27 more",
        "31 more",
    ]


def test_weak_edges_are_left_out_and_counted():
    """Below the threshold, not at it; what is no number stays."""
    net = layered(2, 2)
    net.layers[1].weights[:] = [[0.5, -0.2], [np.nan, 0.1]]
    ax = draw_network(net, threshold=0.2)
    assert len(lines(ax).get_segments()) == 3
    assert any("1 edge" in text for text in texts(ax, "legend"))


# Checkers against planted faults ----------------------------------------------------------------


def test_the_checkers_find_planted_faults():
    """A text moved onto another, a node or out of the frame is found, and an edge through one."""
    net = skips()
    ax = draw_network(net)
    label = next(t for t in ax.texts if t.get_gid() == "label:x1")
    home, centre = label.get_position(), circles(ax)["h1"].center
    for place in (next(t for t in ax.texts if t is not label).get_position(), centre, (-500, 0)):
        label.set_position(place)
        assert overlaps(ax)
    label.set_position(home)
    assert not overlaps(ax)
    ways = [np.array(way) for way in lines(ax).get_segments()]
    ways[0] = np.array([ways[0][0], circles(ax)["spy"].center, ways[0][-1]])
    lines(ax).set_segments(ways)
    assert run_through(ax, net)
