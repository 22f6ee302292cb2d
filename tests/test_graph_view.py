"""The live graph is a networkx.DiGraph, and what is derived from it an ordinary one."""

import copy
import pickle
import time

import networkx as nx
import numpy as np
import pytest
import wirings
from hypothesis import given

import neurosim as ns

CUT = "cut a neuron off with net.disconnect(source, target)"
GIVEN = "neurons are given when a network is made"
CONNECT = "use net.connect(source, target, weight=...)"
DISCONNECT = "use net.disconnect(source, target)"

MUTATIONS = {
    "add_node": (GIVEN, lambda g: g.add_node("new")),
    "add_nodes_from": (GIVEN, lambda g: g.add_nodes_from(["new"])),
    "remove_node": (CUT, lambda g: g.remove_node(next(iter(g)))),
    "remove_nodes_from": (CUT, lambda g: g.remove_nodes_from(list(g))),
    "add_edge": (CONNECT, lambda g: g.add_edge(*list(g)[:2], weight=1.0)),
    "add_edges_from": (CONNECT, lambda g: g.add_edges_from([tuple(g)[:2]])),
    "add_weighted_edges_from": (CONNECT, lambda g: g.add_weighted_edges_from([(1, 2, 3)])),
    "remove_edge": (DISCONNECT, lambda g: g.remove_edge(*next(iter(g.edges)))),
    "remove_edges_from": (DISCONNECT, lambda g: g.remove_edges_from(list(g.edges))),
    "update": (CONNECT, lambda g: g.update(nx.path_graph(3, nx.DiGraph))),
    "clear": (DISCONNECT, lambda g: g.clear()),
    "clear_edges": (DISCONNECT, lambda g: g.clear_edges()),
    "nx.add_path": (GIVEN, lambda g: nx.add_path(g, [1, 2])),
    "relabel in place": (
        GIVEN,
        lambda g: nx.relabel_nodes(g, {n: n.label for n in g}, copy=False),
    ),
}


def edges_of(graph):
    """Every edge by labels, with its weight."""
    return {(str(u), str(v)): data["weight"] for u, v, data in graph.edges(data=True)}


def assert_ordinary(graph):
    """It is networkx's own class, with plain dicts, and may be changed."""
    assert type(graph) in (nx.DiGraph, nx.Graph)
    assert all(type(data) is dict for _, data in graph.nodes(data=True))
    assert all(type(data) is dict for _, _, data in graph.edges(data=True))
    graph.add_edge("new", "newer", weight=1.0)
    graph.remove_node(next(iter(graph)))
    graph.clear()


@pytest.mark.parametrize(("remedy", "mutate"), MUTATIONS.values(), ids=MUTATIONS)
def test_the_live_graph_refuses_mutation(net, remedy, mutate):
    """Changing the structure raises, says which call to use, and changes nothing."""
    graph = net.graph
    before = edges_of(graph), list(graph.nodes)
    with pytest.raises(ns.LiveGraphError) as caught:
        mutate(graph)
    assert str(caught.value) == (
        "net.graph is the live view of a network and cannot be mutated; "
        f"{remedy}, or take a copy: net.graph.copy()."
    )
    assert (edges_of(graph), list(graph.nodes)) == before


def test_its_nodes_are_neurons_and_its_edges_synapses(net):
    """Nodes are the neurons, input first; every edge holds weight and gradient as floats."""
    graph = net.graph
    assert isinstance(graph, nx.DiGraph)
    assert net.graph is graph
    assert list(graph) == net.neurons
    assert graph.number_of_edges() == 9
    u, v = net["input[0]"], net["hidden1[0]"]
    assert graph.edges[u, v] == {
        "weight": net[u, v].weight,
        "gradient": 0.0,
        "frozen": False,
    }
    assert dict(graph.nodes[v]) == {"neuron": ns.TanhNeuron, "label": "hidden1[0]"} | {
        "layer": "hidden1",
        "bias": 0.0,
    }
    assert dict(graph.nodes[u]) == {
        "neuron": ns.InputNeuron,
        "label": "input[0]",
        "layer": "input",
    }
    assert repr(graph) == "<net.graph: 6 neurons, 9 edges>"


DERIVED = {
    "copy": lambda g: g.copy(),
    "copy.copy": copy.copy,
    "copy.deepcopy": copy.deepcopy,
    "pickle": lambda g: pickle.loads(pickle.dumps(g)),
    "nx.DiGraph": nx.DiGraph,
    "class": lambda g: g.__class__(g),
    "subgraph": lambda g: g.subgraph(list(g)).copy(),
    "edge_subgraph": lambda g: g.edge_subgraph(list(g.edges)).copy(),
    "relabel": lambda g: nx.relabel_nodes(g, {n: n.label for n in g}),
    "to_directed": lambda g: g.to_directed(),
    "compose": lambda g: nx.compose(g, nx.DiGraph()),
    "ego_graph": lambda g: nx.compose_all(nx.ego_graph(g, n, radius=9) for n in list(g)[:2]),
}


@pytest.mark.parametrize("derive", DERIVED.values(), ids=DERIVED)
def test_what_is_derived_is_an_ordinary_graph(net, derive):
    """Copies have the same edges and weights, plain dicts, and a life of their own."""
    derived = derive(net.graph)
    assert edges_of(derived) == edges_of(net.graph)
    before = edges_of(net.graph)
    nx.set_edge_attributes(derived, 99.0, "weight")
    assert edges_of(net.graph) == before
    assert_ordinary(derived)


def test_a_copy_holds_what_each_edge_says_of_itself():
    """Ties, frozen edges and a person's own attributes come along, edge by edge."""
    graph = nx.DiGraph(name="pair")
    graph.add_edge("x", "y", weight=2.0, tied="t")
    graph.add_edge("x", "z", weight=2.0, tied="t", frozen=True)
    graph.add_edge("y", "z", weight=3.0)
    graph.add_nodes_from(["y", "z"], neuron=ns.TanhNeuron)
    net = ns.Network.from_graph(graph)
    net.graph.edges[net["y"], net["z"]]["colour"] = "red"
    net.graph.graph["title"] = "two"
    net.forward([1.0])
    net.backward([0.0])
    copied = net.graph.copy()
    assert copied.graph == {"title": "two"}
    assert list(copied.edges(data=True)) == [
        (u, v, data.copy()) for u, v, data in net.graph.edges(data=True)
    ]
    assert copied.edges[net["y"], net["z"]]["colour"] == "red"
    assert copied.edges[net["x"], net["y"]]["tied"] == "t"
    assert net.graph.copy(as_view=True).edges[net["y"], net["z"]]["weight"] == 3.0


TURNED = {
    "reverse": lambda g: g.reverse(),
    "to_undirected": lambda g: g.to_undirected(),
    "to_undirected reciprocal": lambda g: g.to_undirected(reciprocal=True),
    "line_graph": nx.line_graph,
    "transitive_closure": nx.transitive_closure,
    "transitive_reduction": nx.transitive_reduction,
    "complement": nx.complement,
    "empty class": lambda g: g.__class__(),
    "condensation": nx.condensation,
    "contracted": lambda g: nx.contracted_nodes(g, *list(g)[:2]),
    "quotient": lambda g: nx.quotient_graph(g, [{n} for n in g], create_using=nx.DiGraph),
}


@pytest.mark.parametrize("derive", TURNED.values(), ids=TURNED)
def test_networkx_builds_graphs_of_it(net, derive):
    """Reversals, closures, line graphs, ... are ordinary graphs, too."""
    derived = derive(net.graph)
    assert type(derived) in (nx.DiGraph, nx.Graph)
    assert all(isinstance(data, dict) for _, _, data in derived.edges(data=True))
    derived.add_edge("new", "newer")
    assert net.graph.number_of_edges() == 9


def test_networkx_reads_it(net):
    """Algorithms see the weights of the moment."""
    graph = net.graph
    net.parameters = np.arange(1.0, 1 + len(net.parameters))
    order = list(nx.topological_sort(graph))
    assert all(order.index(u) < order.index(v) for u, v in graph.edges)
    assert nx.is_directed_acyclic_graph(graph)
    assert nx.dag_longest_path_length(graph, weight=None) == 2
    x, y = net["input[0]"], net["output[0]"]
    path = nx.shortest_path(graph, x, y, weight="weight")
    total = sum(net[u, v].weight for u, v in nx.utils.pairwise(path))
    assert nx.shortest_path_length(graph, x, y, weight="weight") == total
    net[path[0], path[1]].weight = 1000.0
    assert nx.shortest_path(graph, x, y, weight="weight") != path
    matrix = nx.to_numpy_array(graph)
    assert matrix[0, 2] == net[net.neurons[0], net.neurons[2]].weight
    assert nx.ancestors(graph, y) == set(net.neurons) - {y}
    assert len(list(nx.all_simple_paths(graph, x, y))) == 3
    assert nx.pagerank(graph, weight=None)[y] == max(nx.pagerank(graph, weight=None).values())
    assert graph.subgraph([x, y]).number_of_edges() == 0
    assert graph.reverse(copy=False).has_edge(y, path[1])
    assert nx.to_dict_of_dicts(graph)[x][path[1]]["weight"] == 1000.0
    assert nx.node_link_data(graph)["directed"]


def test_attributes_are_written_through_networkx(net):
    """networkx's setters write into the vectors; a person's own attributes are kept beside."""
    graph = net.graph
    nx.set_edge_attributes(graph, 2.0, "weight")
    assert all(net[u, v].weight == 2.0 for u, v in graph.edges)
    nx.set_edge_attributes(graph, "red", "colour")
    edge = next(iter(graph.edges))
    assert graph.edges[edge]["colour"] == "red"
    assert set(graph.edges[edge]) == {"weight", "gradient", "frozen", "colour"}
    assert len(graph.edges[edge]) == 4
    del graph.edges[edge]["colour"]
    assert "colour" not in graph.edges[edge]
    graph.edges[edge]["frozen"] = True
    assert net[edge].frozen
    graph.edges[edge]["frozen"] = False
    assert not net[edge].frozen
    graph.edges[edge]["gradient"] = 3
    assert net.gradient[net[edge].slot] == 3.0


@pytest.mark.parametrize(
    ("error", "change", "message"),
    [
        (
            ns.NotFiniteError,
            lambda net, u, v: net.graph.edges[u, v].update(weight=float("nan")),
            "Edge 'input[0]->hidden1[0]': weight must be a finite number; got nan.",
        ),
        (
            ns.NotFiniteError,
            lambda net, u, v: net.graph.edges[u, v].update(weight="a"),
            "Edge 'input[0]->hidden1[0]': weight must be a number; got 'a'.",
        ),
        (
            ns.ArgumentTypeError,
            lambda net, u, v: net.graph.edges[u, v].update(frozen=1),
            "net.graph: frozen must be True or False; got 1.",
        ),
        (
            ns.LiveGraphError,
            lambda net, u, v: net.graph.edges[u, v].update(tied="t"),
            "net.graph: ties are made when a network is; use net.disconnect(source, target) and "
            "net.connect(source, target, tied=...).",
        ),
        (
            ns.LiveGraphError,
            lambda net, u, v: net.graph.edges[u, v].clear(),
            "net.graph: 'weight' belongs to the network and cannot be deleted; take a copy, "
            "net.graph.copy(), to change it freely.",
        ),
        (
            ns.LiveGraphError,
            lambda net, u, v: net.graph.nodes[v].update(neuron=ns.ReLUNeuron),
            "net.graph: 'neuron' of a node belongs to the network; change a copy, "
            "net.graph.copy(), and make a network of it with Network.from_graph.",
        ),
        (
            ns.ArgumentError,
            lambda net, u, v: net.graph.nodes[u].update(bias=1.0),
            "InputNeuron 'input[0]' has no bias; give the bias to a neuron that reads it.",
        ),
    ],
    ids=["nan", "text", "frozen", "tied", "delete", "kind", "bias of an input"],
)
def test_attributes_are_checked(net, error, change, message):
    """What belongs to the network takes only what the network takes."""
    u, v = net["input[0]"], net["hidden1[0]"]
    before = net.parameters.copy()
    with pytest.raises(error) as caught:
        change(net, u, v)
    assert str(caught.value) == message
    assert np.array_equal(net.parameters, before)


@given(case=wirings.cases())
def test_the_graph_of_a_network_makes_it_again(case):
    """`Network.from_graph(net.graph)` has the same neurons, edges, ties and frozen parameters, and
    computes the same.
    """
    net = case.network()
    inputs = [net.neurons[i] for i in net.wiring.inputs]
    outputs = [net.neurons[i] for i in net.wiring.outputs]
    again = ns.Network.from_graph(net.graph, inputs=inputs, outputs=outputs, loss=net.loss)
    assert again.labels == net.labels
    assert edges_of(again.graph) == edges_of(net.graph)
    assert np.array_equal(again.predict(case.X), net.predict(case.X))
    for u, v in net.graph.edges:
        edge, twin = net[u, v], again[u.label, v.label]
        assert (twin.tied, twin.frozen) == (edge.tied, edge.frozen)
        assert again[u, v] == twin
    for neuron in net.neurons:
        assert again[neuron].label == neuron.label
        if neuron.bias is not None:
            assert again[neuron].bias == neuron.bias
    assert sorted(again.frozen) == sorted(net.frozen)


def test_it_follows_the_network_in_place(net):
    """After `connect` and `disconnect` the same graph object shows the new structure, caches of
    networkx included; a person's own attributes stay.
    """
    graph = net.graph
    adjacency, degree = graph.adj, graph.degree
    x, y = net["input[0]"], net["output[0]"]
    kept = graph.edges[x, net["hidden1[0]"]]
    kept["colour"] = "red"
    assert not graph.has_edge(x, y)
    net.connect("input[0]", "output[0]", weight=5.0)
    assert net.graph is graph
    assert graph.edges[x, y]["weight"] == adjacency[x][y]["weight"] == 5.0
    assert degree[y] == 4
    assert graph.edges[x, net["hidden1[0]"]]["colour"] == "red"
    assert kept["weight"] == net[x, net["hidden1[0]"]].weight
    net.disconnect("input[0]", "output[0]")
    assert not graph.has_edge(x, y)
    assert y not in adjacency[x]
    assert list(graph.pred[y]) == list(net.layers[1])


def test_deriving_takes_ordinary_time():
    """to_undirected, reverse and copies of 10,000 edges take no second: no edge copies the net."""
    net = ns.Network.layered([100, 100, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=0)
    graph = net.graph
    begin = time.perf_counter()
    for derive in (nx.DiGraph.copy, nx.DiGraph.reverse, nx.DiGraph.to_undirected):
        assert derive(graph).number_of_edges() == 10_100
    assert time.perf_counter() - begin < 3
