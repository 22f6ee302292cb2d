"""Going through a trace: by term, neuron, layer or step, forwards and back."""

import networkx as nx
import pytest
import wirings
from hypothesis import given
from test_tracing import mazur

import neurosim as ns
from neurosim.tracing.groups import GROUPINGS


def traced():
    """Mazur's step."""
    return mazur().trace([0.05, 0.10], [0.01, 0.99], ns.SGD(0.5))


def test_by_neuron():
    """z and a of a neuron come together, then deltas, gradients and updates, neuron by neuron."""
    groups = traced().by("neuron")
    assert [group.title for group in groups] == [
        *(f"forward: {label}" for label in ("h1", "h2", "o1", "o2")),
        "loss",
        *(f"delta: {label}" for label in ("o1", "o2", "h1", "h2", "i1", "i2")),
        *(f"gradient: {label}" for label in ("h1", "h2", "o1", "o2")),
        *(f"update: {label}" for label in ("h1", "h2", "o1", "o2")),
    ]
    assert [step.quantity for step in groups[0].steps] == ["z", "a"]
    assert groups[11].subjects == ("i1->h1", "i2->h1", "h1.bias")


def test_by_layer():
    """All neurons of a layer come together."""
    names = [layer.name for layer in mazur().layers]
    hidden, output = names[1:]
    assert [group.title for group in traced().by("layer")] == [
        f"forward: {hidden}",
        f"forward: {output}",
        "loss",
        f"delta: {output}",
        f"delta: {hidden}",
        f"delta: {names[0]}",
        f"gradient: {hidden}",
        f"gradient: {output}",
        f"update: {hidden}",
        f"update: {output}",
    ]


def test_by_term():
    """The terms of a sum come one after the other with the sum so far, then the step whole."""
    z, bias, whole = traced().by("term")[1:4]
    assert (z.title, z.subjects) == ("forward: h1, term 2 of 3", ("i2->h1", "i2"))
    assert str(z) == "forward: h1, term 2 of 3: w[i2->h1]*a[i2] = 0.020000000000000004"
    assert bias.term.running == whole.steps[0].value == z.term.running + 0.35
    assert whole.term is None


@pytest.mark.parametrize("by", GROUPINGS)
@given(case=wirings.cases())
def test_groups_leave_nothing_out(by, case):
    """On any wiring, in any grouping, every step comes, in order; only terms come before theirs."""
    trace = case.network().trace(case.X, case.Y, ns.SGD(0.1))
    groups = trace.by(by)
    told = [step for group in groups if group.term is None for step in group.steps]
    assert told == list(trace)
    assert all(group.steps[0].kind == group.kind for group in groups)
    assert all(step.sample == group.sample for group in groups for step in group.steps)


def test_labels_that_look_like_biases():
    """A neuron may be called ``a.bias``: it is its own group."""
    graph = nx.DiGraph()
    graph.add_node("a.bias", neuron=ns.LinearNeuron)
    graph.add_edge("x", "a.bias")
    trace = ns.Network.from_graph(graph, rng=1).trace([1.0], [0.0])
    assert trace.by("neuron")[0].title == "forward: a.bias"


def test_steps_alone_are_grouped_by_neuron_but_not_by_layer():
    """Layers are known to the network only."""
    alone = ns.Trace(traced())
    assert [g.title for g in alone.by("neuron")] == [g.title for g in traced().by("neuron")]
    with pytest.raises(ns.ArgumentError, match="made of steps alone"):
        alone.by("layer")


@pytest.mark.parametrize("by", ["edge", None, 3, ["term"]])
def test_unknown_groupings(by):
    """A grouping that is not known is refused with those that are."""
    with pytest.raises(ns.ArgumentError) as error:
        traced().by(by)
    assert str(error.value) == (
        f"Trace.by: by must be one of 'step', 'term', 'neuron', 'layer'; got {by!r}."
    )


def test_a_walk_goes_both_ways():
    """next and back move by one and stay at the ends; first, last and jump go anywhere."""
    walk = traced().walk("neuron")
    assert (walk.at_start, walk.at_end, len(walk)) == (True, False, 19)
    assert walk.back() is walk.current is walk[0]
    assert walk.next() is walk[1]
    assert walk.back() is walk[0]
    assert walk.last() is walk[-1]
    assert walk.at_end
    assert walk.next() is walk[18]
    assert walk.jump(3).title == "forward: o2"
    assert walk.jump(-2).title == "update: o1"
    assert walk.first() is walk[:1][0]
    assert repr(walk) == "Walk('forward: h1', 1 of 19)"


def test_a_walk_jumps_to_what_is_named():
    """A kind or a subject leads to the next group about it, and round again."""
    walk = traced().walk("neuron")
    assert [walk.jump("h1").title for _ in range(3)] == ["delta: h1", "forward: h1", "delta: h1"]
    assert walk.jump("update").title == "update: h1"
    assert walk.jump("h1->o2").title == "update: o2"
    # By term, what a term is made of is lit, but the group is about its step.
    assert traced().walk("term").jump("i1").kind == "delta"


@pytest.mark.parametrize(
    ("where", "error", "message"),
    [
        (
            19,
            ns.ArgumentError,
            "Walk.jump: where must be a position from 0 to 18, a kind of step or a label; got 19.",
        ),
        (
            True,
            ns.ArgumentError,
            "Walk.jump: where must be a position from 0 to 18, a kind of step or a label; got "
            "True.",
        ),
        (
            "h1->o7",
            ns.UnknownEdgeError,
            "Walk.jump: there is no step about 'h1->o7'. Did you mean 'h1->o2' or 'h1->o1' or "
            "'h2->o2'?",
        ),
        (
            "dleta",
            ns.UnknownNeuronError,
            "Walk.jump: there is no step about 'dleta'. Did you mean 'delta'?",
        ),
    ],
)
def test_bad_jumps(where, error, message):
    """A jump to nowhere is refused, and the walk stays where it is."""
    walk = traced().walk("neuron")
    walk.next()
    with pytest.raises(error) as caught:
        walk.jump(where)
    assert str(caught.value) == message
    assert walk.position == 1


def test_a_walk_needs_a_step():
    """There is nothing to walk through in a trace of no steps."""
    with pytest.raises(ns.ArgumentError) as error:
        ns.Trace([]).walk()
    assert str(error.value) == "Trace.walk: the trace has no steps; record one with net.trace."
