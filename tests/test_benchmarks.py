"""Laws of the benchmarks: everybody does the same work, and what the README says was measured."""

import json

import numpy as np
import pytest

import neurosim as ns
from benchmarks import report
from benchmarks.peers.usual_numpy import HandWritten
from benchmarks.timing import Contestant, Timing, side_by_side, span
from benchmarks.training import ROWS
from benchmarks.work import Graph, Layered

SMALL = Layered((3, 4, 2), 12, 4, "float64", softmax=True, adam=True)


def test_the_readme_says_what_was_measured():
    """The table of the README is the one that the committed results make."""
    results = json.loads(report.RESULTS.read_text(encoding="utf-8"))
    readme = report.README.read_text(encoding="utf-8")
    assert report.with_table(readme, results) == readme
    assert set(results["rows"]) == {row.name for row in ROWS}


@pytest.mark.parametrize("adam", [False, True])
@pytest.mark.parametrize("softmax", [False, True])
def test_the_usual_numpy_takes_the_same_steps(softmax, adam):
    """The hand-written contestant ends where neurosim ends."""
    work = Layered((3, 4, 2), 12, 4, "float64", softmax=softmax, adam=adam, rate=0.05)
    net = work.network()
    options = {"epochs": 5, "batch_size": 4, "shuffle": False}
    net.fit(work.X, work.Y, optimizer=work.optimizer, **options)
    twin = HandWritten(work.weights, work.biases, softmax=softmax, adam=adam)
    for step in range(15):
        rows = slice(4 * (step % 3), 4 * (step % 3) + 4)
        twin.step(work.X[rows], work.Y[rows], work.rate)
    for layer, weights in zip(net.layers[1:], twin.weights, strict=True):
        np.testing.assert_allclose(layer.weights, weights, rtol=1e-9, atol=1e-12)


def test_the_random_graph_is_what_its_row_says():
    """It has 10,000 neurons and about 95,000 edges, in levels that are what they seem."""
    work = Graph()
    net = work.network()
    assert net.wiring.n_neurons == work.n_neurons == 10_000
    assert 94_000 <= net.wiring.n_edges <= 96_000
    assert all((level.sources < level.first).all() for level in work.levels)
    assert sum(len(level.edges) for level in work.levels) == net.wiring.n_edges
    skips = [len(np.unique(level.sources // work.level_size)) for level in work.levels]
    assert skips == list(range(1, work.n_levels + 1))


def test_peers_that_are_missing_are_named():
    """A row says who is not installed."""
    from benchmarks.field import Field

    field = Field()
    field.peer("nobody", "no_such_peer", lambda peer: iter([]))
    assert field.missing == ["nobody"]
    assert field.contestants == []


def test_contestants_take_turns():
    """Every contestant does every round, in multiples of its chunk."""
    done = {"a": [], "b": []}

    def busy(name):
        def run(steps):
            done[name].append(steps)
            for _ in range(steps):
                np.linalg.inv(np.eye(60))

        return run

    timings = side_by_side([Contestant("a", busy("a")), Contestant("b", busy("b"), 7)], rounds=2)
    assert [timing.name for timing in timings] == ["a", "b"]
    assert all(len(timing.rounds) == 2 and timing.median > 0 for timing in timings)
    assert all(steps % 7 == 0 for steps in done["b"])


def test_a_line_shows_median_spread_and_ratio():
    """A row reads: who, median, from fastest to slowest, ratio."""
    line = Timing("me", (1e-6, 2e-6, 4e-6)).line(1e-6)
    assert line.split() == ["me", "2", "us", "(1", "us", "-", "4", "us)", "2.00", "x"]
    assert [span(value) for value in (3e-9, 2.5e-6, 0.0331, 4.2)] == [
        "3 ns",
        "2.5 us",
        "33.1 ms",
        "4.2 s",
    ]


def test_an_engine_without_its_extra_is_missing(monkeypatch):
    """A benchmark without numba goes on without the compiled engine."""
    from benchmarks.field import Field

    def refuse(*given, **options):
        raise ns.errors.MissingExtraError("no numba")

    monkeypatch.setattr(ns.Network, "fit", refuse)
    field = Field()
    field.engine("compiled", SMALL, "compiled")
    assert field.missing == ["compiled"]
