"""The chain rule on J = 3 (a + b c) at a = 5, b = 3, c = 2: dJ/da 3, dJ/db 6, dJ/dc 9, by networks.

A neuron adds up what it reads, each times a weight, and so there is no product neuron. The product
is there all the same, twice over:

- *weight times input.* With c as the input, b as a weight and a as a bias, the sum of one linear
  neuron is v = b c + a, and the next one, with the weight 3, is J.
- *squares.* Where a, b and c are all inputs, b c = ((b + c)^2 - (b - c)^2) / 4: two neurons that
  square what they read. b and c then reach J by two paths each, and the derivative is their sum.

The loss is the output itself, so that backpropagation's numbers are the derivatives of J.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, final

import networkx as nx

import neurosim as ns
from scenarios.command import run_one
from scenarios.plots import folder
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Output", "SquareNeuron", "main"]

A, B, C = 5.0, 3.0, 2.0
NUDGE = 0.001
EDGES = (
    ("a", "v", 1.0),
    ("b", "sum", 1.0),
    ("c", "sum", 1.0),
    ("b", "difference", 1.0),
    ("c", "difference", -1.0),
    ("sum", "v", 0.25),
    ("difference", "v", -0.25),
    ("v", "J", 3.0),
)
SHOWN = ("labels", "weights", "activations", "deltas")
# The output is the loss, whatever the target.
NO_TARGET = [0.0]


@final
class Output(ns.Loss):
    """J = a: the output itself; the target plays no part. The derivative is 1."""

    formula = "a"

    @staticmethod
    def loss(a: Any, y: Any) -> Any:
        """Return a."""
        return a

    @staticmethod
    def derivative(a: Any, y: Any) -> Any:
        """Return 1."""
        return 1.0


@final
class SquareNeuron(ns.Neuron):
    """a = z^2; da/dz = 2 z."""

    symbol = "z²"
    formula = "z**2"

    @staticmethod
    def activate(z: Any) -> Any:
        """Return z z."""
        return z * z

    @staticmethod
    def derivative(z: Any, a: Any) -> Any:
        """Return 2 z."""
        return 2 * z


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Take the derivatives in both networks, then by small changes, and draw both."""
    where = folder(out)
    by_weight, first = _by_weight()
    by_squares, paths, second = _by_squares()
    nudged = _nudged(second.network)
    files = [where / "chain_rule_weight.svg", where / "chain_rule_squares.svg"]
    shown = [*SHOWN, "biases", "gradients"]
    first.draw(files[0], title="J = 3 (a + b c): b is a weight, a is a bias", show=shown)
    second.draw(files[1], title="J = 3 (a + b c): b c from two squares", show=SHOWN)
    return {
        "by_weight": by_weight,
        "by_squares": by_squares,
        "paths": paths,
        "nudged": nudged,
        "files": wrote(files),
    }


# -- b is a weight ------------------------------------------------------------------------------


def _by_weight() -> tuple[dict[str, float], ns.Trace]:
    """Compute c -> v = b c + a -> J = 3 v, forward and backward."""
    heading("Weight times input: v = b c + a, J = 3 v")
    layers = [ns.InputLayer(1, labels=["c"]), _linear("v", B, A), _linear("J", 3.0)]
    trace = ns.Network(layers, loss=Output()).trace([C], NO_TARGET)
    numbers = {
        "J": _value(trace, "J", "a"),
        "dJ/dv": _value(trace, "v", "delta"),
        "dJ/da": _value(trace, "v.bias", "gradient"),
        "dJ/db": _value(trace, "c->v", "gradient"),
        "dJ/dc": _value(trace, "c", "delta"),
    }
    table(list(numbers), [list(numbers.values())])
    say("a is a bias, b a weight and c an input: dJ/da and dJ/db are gradients, dJ/dc is a delta.")
    return numbers, trace


def _linear(label: str, weight: float, bias: float = 0.0) -> ns.Layer:
    return ns.Layer(1, ns.LinearNeuron, labels=[label], weights=[[weight]], biases=[bias])


def _value(trace: ns.Trace, subject: str, quantity: str) -> float:
    (step,) = trace.of(subject, quantity)
    return step.value


# -- a, b and c are inputs ----------------------------------------------------------------------


def _by_squares() -> tuple[dict[str, float], dict[str, list[float]], ns.Trace]:
    """Compute b c from (b + c)^2 and (b - c)^2; b and c reach J by two paths each."""
    heading("Squares: b c = ((b + c)^2 - (b - c)^2) / 4")
    trace = _squares().trace([A, B, C], NO_TARGET)
    numbers = {
        "(b + c)^2": _value(trace, "sum", "a"),
        "(b - c)^2": _value(trace, "difference", "a"),
        "v": _value(trace, "v", "a"),
        "J": _value(trace, "J", "a"),
        **{f"dJ/d{name}": _value(trace, name, "delta") for name in "abc"},
    }
    table(list(numbers), [list(numbers.values())])
    paths = {name: [path.value for path in trace.paths(name)] for name in "abc"}
    rows = [
        (f"dJ/d{name}", " -> ".join(path.neurons), path.value)
        for name in "abc"
        for path in trace.paths(name)
    ]
    table(["derivative", "path", "its part"], rows)
    say("By the chain rule a path's part is the product of the slopes along it; the parts add up.")
    return numbers, paths, trace


def _squares() -> ns.Network:
    """Return the network of three inputs; a skips the squares."""
    graph = nx.DiGraph()
    graph.add_nodes_from("abc")
    graph.add_nodes_from(["sum", "difference"], neuron=SquareNeuron)
    graph.add_nodes_from(["v", "J"], neuron=ns.LinearNeuron)
    graph.add_weighted_edges_from(EDGES)
    return ns.Network.from_graph(graph, loss=Output())


def _nudged(net: ns.Network) -> dict[str, float]:
    """Change a, b and c by 0.001, one after the other; return how fast J changes.

    J is linear in each, so that the quotient is the derivative, but for rounding.
    """
    heading(f"Each input changed by {NUDGE:g}")
    start = [A, B, C]
    J = float(net.predict(start)[0])
    changed = {}
    for i, name in enumerate("abc"):
        nudged = [x + NUDGE * (i == k) for k, x in enumerate(start)]
        changed[name] = float(net.predict(nudged)[0])
    rates = {name: (value - J) / NUDGE for name, value in changed.items()}
    table(
        ["input", "J before", "J after", "quotient"],
        [(name, f"{J:g}", f"{changed[name]:.3f}", f"{rates[name]:.3f}") for name in "abc"],
    )
    return rates


if __name__ == "__main__":
    sys.exit(run_one(main))
