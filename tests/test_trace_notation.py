"""Equations taken apart: by label and by a book's indices, leaf by leaf, term by term."""

import networkx as nx
import numpy as np
import pytest
import wirings
from hypothesis import given
from test_tracing import evaluated, mazur, scale

import neurosim as ns
from neurosim.tracing.symbols import Indexed, Symbol


def test_mazur_in_a_books_notation():
    """Layers count from the input layer, 1; the target's index stands before the source's."""
    trace = mazur().trace([0.05, 0.10], [0.01, 0.99], ns.SGD(0.5))
    told = {(step.subject, step.quantity): step.line("book", digits=4) for step in trace}
    assert tuple(told["h1", "z"]) == (
        "z_1^2",
        "w_11^2*a_1^1 + w_12^2*a_2^1 + b_1^2",
        "0.15*0.05 + 0.2*0.1 + 0.35",
        "0.3775",
    )
    assert told["h2", "delta"][:2] == (
        "delta_2^2",
        "(w_12^3*delta_1^3 + w_22^3*delta_2^3)*s'(z_2^2)",
    )
    assert told["loss", "loss"][:2] == (
        "loss",
        "((a_1^3 - y_1)**2 / 2 + (a_2^3 - y_2)**2 / 2) / n",
    )
    assert told["h1->o2", "gradient"][:2] == ("dJ/dw_21^3", "delta_2^3*a_1^2")
    assert told["h1->o2", "new"][:2] == (
        "w_new_21^3",
        "w_21^3 - rate*dJ/dw_21^3",
    )


def test_edges_that_skip_layers_tell_both():
    """A skip from layer 1 to layer 3 is w_jk^(1->3); two digits are parted by a comma."""
    graph = nx.DiGraph()
    graph.add_node("h", neuron=ns.TanhNeuron)
    graph.add_node("y", neuron=ns.LinearNeuron)
    graph.add_edges_from([("x", "h"), ("h", "y"), ("x", "y")])
    trace = ns.Network.from_graph(graph, rng=1).trace([2.0], [9.0])
    assert trace.of("y", "z")[0].line("book").symbols == "w_11^3*a_1^2 + w_11^(1->3)*a_1^1 + b_1^3"
    wide = ns.Network.layered([12, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
    symbols = wide.trace(np.ones(12), [0.5])[0].line("book").symbols
    assert symbols.startswith("w_11^2*a_1^1")
    assert "w_1,12^2*a_12^1" in symbols


def test_a_number_of_one_sample_says_which():
    """In a batch the number of sample 1 has (1) behind it, in either notation."""
    net = ns.Network.layered([1, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
    step = net.trace([[2.0], [1.0]], [0.5, 0.1]).of("input[0]->output[0]", "gradient")[0]
    terms = step.equation.terms
    assert [term.symbols.text for term in terms] == [
        "delta[output[0]](0)*a[input[0]](0)",
        "delta[output[0]](1)*a[input[0]](1)",
    ]


@given(case=wirings.cases())
def test_the_equation_is_the_text(case):
    """On any wiring the equation by label, at full precision, is what symbolic and substituted
    say; the book's has as many pieces; every name belongs to neurons and edges of the network.
    """
    net = case.network()
    labels = {*net.labels, *(f"{u}->{v}" for u, v in net.graph.edges)}
    for step in net.trace(case.X, case.Y, ns.Adam(0.1)):
        equation, line = step.equation, step.line()
        assert step.symbolic == f"{line.left} = {line.symbols}"
        assert step.substituted == f"{line.left} = {line.numbers} = {line.value}"
        for side in (equation.symbols, equation.numbers):
            tokens, book = list(equation.tokens(side)), list(equation.tokens(side, "book"))
            assert len(tokens) == len(book)
            assert {s for t in tokens if t.symbol for s in t.symbol.subjects} <= labels


@given(case=wirings.cases())
def test_terms_add_up(case):
    """On any wiring the terms of z, and of a gradient, add up to it, and so does the running sum."""
    for step in case.network().trace(case.X, case.Y):
        terms = step.equation.terms
        if not terms:
            continue
        assert [term.running for term in terms] == np.cumsum([t.value for t in terms]).tolist()
        if step.quantity == "z":
            assert terms[-1].running == evaluated(step)
            assert abs(terms[-1].running - step.value) <= 1e-12 * scale(
                step.substituted.split(" = ")[1]
            )


def test_the_terms_of_a_delta_are_those_in_its_brackets():
    """delta = (w d + w d) s'(z): the two products are its terms."""
    delta = mazur().trace([0.05, 0.10], [0.01, 0.99]).of("h1", "delta")[0]
    assert [term.symbols.text for term in delta.equation.terms] == [
        "w[h1->o1]*delta[o1]",
        "w[h1->o2]*delta[o2]",
    ]


def test_a_token_tells_what_it_is():
    """A piece has its text, and where it is a number its symbol and its value."""
    equation = mazur().trace([0.05, 0.10], [0.01, 0.99])[0].equation
    first, times, second, *_ = equation.tokens(equation.numbers, digits=2)
    assert (first.text, str(first.symbol), first.value) == ("0.15", "w[i1->h1]", 0.15)
    assert (times.text, times.symbol, times.value) == ("*", None, None)
    assert second.symbol.subjects == ("i1",)


def test_a_symbol_shows_its_parts():
    """A symbol's repr tells the pieces that it is made of."""
    symbol = Symbol("dJ/d", Indexed("b", "o", ((2, 4),)))
    assert repr(symbol) == "Symbol('dJ/d', Indexed(letter='b', subject='o', at=((2, 4),)))"
    assert symbol.written("book") == "dJ/db_5^3"


def test_text_in_a_books_notation_and_in_colour():
    """The text is the same with colours, but for the codes; notation and digits are options."""
    trace = mazur().trace([0.05, 0.10], [0.01, 0.99])[:1]
    assert trace.text(3, notation="book") == (
        "Forward\n"
        "  z_1^2 = w_11^2*a_1^1 + w_12^2*a_2^1 + b_1^2\n"
        "        = 0.15*0.05 + 0.2*0.1 + 0.35\n"
        "        = 0.378"
    )
    colored = trace.text(3, notation="book", color=True)
    assert colored.startswith("\x1b[1;4mForward\x1b[0m\n  \x1b[36mz_1^2\x1b[0m = ")
    plain = colored
    for code in ("\x1b[1;4m", "\x1b[36m", "\x1b[2m", "\x1b[1m", "\x1b[0m"):
        plain = plain.replace(code, "")
    assert plain == trace.text(3, notation="book")


@pytest.mark.parametrize("notation", ["nielsen", None, 3, ["book"]])
def test_unknown_notations(notation):
    """A notation that is not known is refused with those that are."""
    trace = mazur().trace([0.05, 0.10], [0.01, 0.99])
    for call, what in ((trace.text, "Trace.text"), (trace[0].line, "Step.line")):
        with pytest.raises(ns.ArgumentError) as error:
            call(notation=notation)
        assert str(error.value) == (
            f"{what}: notation must be 'labels' or 'book'; got {notation!r}."
        )


@given(case=wirings.cases())
def test_deltas_of_each_samples_own_loss(case):
    """With per_sample deltas are n times as large, gradients and updates are the same numbers, and
    every equation still gives its value.
    """
    net, n = case.network(), len(case.X)
    usual = net.trace(case.X, case.Y, ns.SGD(0.1))
    own = net.trace(case.X, case.Y, ns.SGD(0.1), per_sample=True)
    for step, other in zip(usual, own, strict=True):
        factor = n if step.kind == "delta" else 1
        assert other.value == factor * step.value
        arithmetic = other.substituted.split(" = ")[1]
        assert np.abs(evaluated(other) - other.value) <= 1e-12 * scale(arithmetic)


def test_per_sample_says_so():
    """The gradient is then written as the mean, and explained so."""
    net = ns.Network.layered([1, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
    trace = net.trace([[2.0], [1.0]], [0.5, 0.1], per_sample=True)
    step = trace.of("input[0]->output[0]", "gradient")[0]
    assert step.symbolic == (
        "dJ/dw[input[0]->output[0]] = (sum over samples of delta[output[0]]*a[input[0]]) / n"
    )
    assert step.explanation == (
        "The delta of output[0] times what the edge carries, a[input[0]], the mean over the 2 "
        "samples."
    )
