"""One learning step of a 2-2-2 network that many people first compute by hand, traced whole.

The network, its weights, the sample and the rate are those of Matt Mazur, "A Step by Step
Backpropagation Example", 2015: half the squared error, and biases that stay as they are. The loss
after the step is widely printed as 0.291027924. It is 0.291027774: the other number comes out where
the output weights are updated before the hidden deltas are computed from them.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import neurosim as ns
from scenarios.command import run_one
from scenarios.plots import folder
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["main"]

SAMPLE, TARGETS = [0.05, 0.10], [0.01, 0.99]
LEARNING_RATE = 0.5
WIDELY_PRINTED = 0.291027924


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Trace the step, make it, check the number widely printed, and draw and save the trace."""
    where = folder(out)
    net = _network()
    trace = net.trace(SAMPLE, TARGETS, ns.SGD(LEARNING_RATE))
    heading("A 2-2-2 sigmoid network, one learning step at the rate 0.5, biases frozen")
    neurons = _neurons(trace)
    weights = _weights(trace)
    losses = _losses(net, trace)
    checked = _checked(net)
    drawing, player = where / "mazur_step.svg", where / "mazur_trace.html"
    shown = ["labels", "weights", "gradients", "activations", "deltas"]
    trace.draw(drawing, show=shown, digits=4, title="One learning step: weights and gradients")
    trace.save(player)
    say("Open mazur_trace.html in a browser to step through every number.")
    return {
        "neurons": neurons,
        "weights": weights,
        "loss": losses,
        "checked": checked,
        "files": wrote([drawing, player]),
    }


def _network() -> ns.Network:
    """Return the network as printed: neurons h1, h2 and o1, o2, and no bias that learns."""
    hidden, output = (
        ns.Layer(2, ns.SigmoidNeuron, labels=labels, weights=weights, biases=biases)
        for labels, weights, biases in (
            (["h1", "h2"], [[0.15, 0.25], [0.20, 0.30]], [0.35, 0.35]),
            (["o1", "o2"], [[0.40, 0.50], [0.45, 0.55]], [0.60, 0.60]),
        )
    )
    inputs = ns.InputLayer(2, labels=["i1", "i2"])
    net = ns.Network([inputs, hidden, output], loss=ns.QuadraticCost())
    net.freeze(weights=False, biases=True)
    return net


def _value(trace: ns.Trace, subject: str, quantity: str) -> float:
    (step,) = trace.of(subject, quantity)
    return step.value


def _neurons(trace: ns.Trace) -> dict[str, dict[str, float]]:
    """Tell z, a and delta of every neuron that computes."""
    quantities = ("z", "a", "delta")
    found = {
        name: {quantity: _value(trace, name, quantity) for quantity in quantities}
        for name in ("h1", "h2", "o1", "o2")
    }
    rows = [(name, *(f"{number:.9f}" for number in n.values())) for name, n in found.items()]
    table(["neuron", *quantities], rows)
    print("\n".join(f"  {line}" for line in str(trace.of("h1", "delta")).splitlines()))
    return found


def _weights(trace: ns.Trace) -> dict[str, dict[str, float]]:
    """Tell the gradient of every weight, and the weight after the step."""
    edges = [step.subject for step in trace.of(quantity="new") if "->" in step.subject]
    found = {
        edge: {
            "gradient": _value(trace, edge, "gradient"),
            "new": _value(trace, edge, "new"),
        }
        for edge in edges
    }
    heading("The eight weights")
    rows = [(edge, f"{n['gradient']:.9f}", f"{n['new']:.8f}") for edge, n in found.items()]
    table(["weight", "gradient", "after the step"], rows)
    return found


def _losses(net: ns.Network, trace: ns.Trace) -> dict[str, float]:
    """Make the step on a copy; return the loss before and after it."""
    stepped = net.copy()
    stepped.forward(SAMPLE)
    before = stepped.backward(TARGETS)
    ns.SGD(LEARNING_RATE).step(stepped)
    after = stepped.loss_of(SAMPLE, TARGETS)
    say(f"The step takes the loss from {before:.9f} to {after:.9f}.")
    return {"before": before, "traced": _value(trace, "loss", "loss"), "after": after}


def _checked(net: ns.Network) -> dict[str, Any]:
    """Hand in the loss that is widely printed."""
    answers = {"loss": {"new": WIDELY_PRINTED}}
    report = ns.check_work(net, SAMPLE, TARGETS, answers, ns.SGD(LEARNING_RATE))
    heading(f"Handed in: a loss of {WIDELY_PRINTED} after the step")
    print(report)
    return {"ok": report.ok, "first_wrong": report.first_wrong, "mistake": report.mistake}


if __name__ == "__main__":
    sys.exit(run_one(main))
