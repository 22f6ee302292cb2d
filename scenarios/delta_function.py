"""A bump made of two neurons, and many bumps added up to approximate a function.

A steep sigmoid s(k (x - c)) is a step up at c. A step up at the left edge minus a step up at the
right edge is a bump; with enough bumps of the right heights, a network follows any continuous
function on an interval. Source: Nielsen, "Neural Networks and Deep Learning", 2015, chapter 4.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios.command import run_one
from scenarios.plots import BLACK, BLUE, GRAY, ORANGE, folder, sheet
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["main"]

LEFT, RIGHT = 0.0, 3.0
STEEPNESS = 1000.0
COUNTS = (3, 6, 12, 24, 48, 96)
DRAWN = (6, 24, 96)


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Show one bump, then add up more and more of them."""
    where = folder(out)
    single = bump()
    numbers = _one_bump(single)
    traced = _traced(single)
    added = _many_bumps()
    files = [
        _draw_network(where / "delta_function_network.svg", single),
        _draw_bump(where / "delta_function_bump.svg", single),
        _draw_sums(where / "delta_function_sums.svg"),
        _draw_errors(where / "delta_function_errors.svg", added),
    ]
    return {**numbers, "trace_steps": traced, **added, "files": wrote(files)}


def bump() -> ns.Network:
    """Return the network that answers 0.69 for 0.4 < x < 0.5 and 0.5 elsewhere."""
    return ns.Network(
        [
            ns.InputLayer(1, labels=["x"]),
            ns.Layer(
                2,
                ns.SigmoidNeuron,
                labels=["step at 0.4", "step at 0.5"],
                weights=[[1000.0, 1000.0]],
                biases=[-400.0, -500.0],
            ),
            ns.Layer(1, ns.SigmoidNeuron, labels=["bump"], weights=[[0.8], [-0.8]], biases=[0.0]),
        ]
    )


def wave(x: Any) -> Any:
    """Return the function to approximate: sin(2x) + x / 2."""
    return np.sin(2 * x) + x / 2


def bumps(count: int) -> ns.Network:
    """Return `count` bumps side by side on [0, 3), as high as the function in their middles."""
    edges = np.linspace(LEFT, RIGHT, count + 1)
    heights = wave((edges[:-1] + edges[1:]) / 2)
    # At its edge a step is only half up, so the outermost lie a little outside of the interval.
    edges[[0, -1]] += [-0.02, 0.02]
    # Each bump is a step up at its left edge and one down at its right edge.
    steps = np.column_stack([edges[:-1], edges[1:]]).ravel()
    ups_and_downs = np.column_stack([heights, -heights]).ravel()
    return ns.Network(
        [
            ns.InputLayer(1, labels=["x"]),
            ns.Layer(
                len(steps),
                ns.SigmoidNeuron,
                weights=np.full((1, len(steps)), STEEPNESS),
                biases=-STEEPNESS * steps,
            ),
            ns.Layer(1, ns.LinearNeuron, weights=ups_and_downs[:, np.newaxis]),
        ]
    )


def _one_bump(net: ns.Network) -> dict[str, Any]:
    heading("One bump: steps up at 0.4 and 0.5, weighed 0.8 and -0.8")
    xs = [0.0, 0.2, 0.39, 0.41, 0.45, 0.49, 0.51, 1.0, 2.0, 2.99]
    rows, values = [], []
    for x in xs:
        values.append(float(net.forward([x])[0]))
        hidden = [neuron.activation for neuron in net.layers[1].neurons]
        rows.append((f"{x:.2f}", *(f"{value:.2f}" for value in (*hidden, values[-1]))))
    table(["x", "step at 0.4", "step at 0.5", "output"], rows)
    say("Outside the two steps cancel and sigmoid(0) = 0.5; inside it is sigmoid(0.8) = 0.69.")
    return {"x": xs, "bump": values}


def _traced(net: ns.Network) -> int:
    """Print how the output at x = 0.45 comes about; return the number of steps."""
    heading("The bump at x = 0.45, number by number")
    trace = net.trace([0.45], [0.69])
    forward = [step for step in trace if step.kind == "forward"]
    for step in forward:
        print(f"  {step.symbolic}\n      {step.substituted}")
    return len(forward)


def _samples() -> Floats:
    return np.linspace(LEFT, RIGHT, 3000, endpoint=False)


def _many_bumps() -> dict[str, Any]:
    """Add up more and more bumps, and measure how far the sum is from the function."""
    heading("Many bumps added up: sin(2x) + x / 2 on [0, 3)")
    x = _samples()
    apart = [np.abs(bumps(n).predict(x[:, np.newaxis])[:, 0] - wave(x)) for n in COUNTS]
    worst = [float(e.max()) for e in apart]
    typical = [float(np.sqrt(np.mean(e**2))) for e in apart]
    table(
        ["bumps", "hidden neurons", "root mean square error", "largest error"],
        [(n, 2 * n, t, w) for n, t, w in zip(COUNTS, typical, worst, strict=True)],
    )
    say(
        "Twice as many bumps, half the error: at its edges a bump of width h is off by about h/2 "
        "times the slope of the function."
    )
    return {"bumps": list(COUNTS), "rms_error": typical, "largest_error": worst}


def _draw_network(path: Path, net: ns.Network) -> Path:
    net.forward([0.45])
    net.draw(path, title="The bump, at x = 0.45")
    return path


def _draw_bump(path: Path, net: ns.Network) -> Path:
    """Draw the two steps and the bump that they make."""
    x = np.linspace(LEFT, RIGHT, 1501)
    rows = x[:, np.newaxis]
    output = net.predict(rows)[:, 0]
    net.forward(rows)
    steps = net.layers[1].activations.T
    with sheet(path, 2, 1, size=(8.5, 5.6), sharex=True) as (above, below):
        for step, label, style in zip(
            steps, ("step at 0.4", "step at 0.5"), ((BLUE, "-"), (ORANGE, "--")), strict=True
        ):
            above.plot(x, step, color=style[0], linestyle=style[1], label=label)
        above.set(ylabel="activation", title="Two hidden neurons: steep sigmoids")
        above.legend(loc="center right")
        below.plot(x, output, color=BLACK)
        below.set(xlabel="x", ylabel="output", ylim=(0.45, 0.75), xlim=(LEFT, RIGHT))
        below.set_title(
            "The output, sigmoid(0.8 × their difference): 0.69 for 0.4 < x < 0.5, else 0.5"
        )
    return path


def _draw_sums(path: Path) -> Path:
    """Draw the function, and sums of few and of many bumps."""
    x = _samples()[::2]
    with sheet(path, 1, len(DRAWN), size=(13.5, 4.2), sharey=True) as axes:
        for ax, count in zip(axes, DRAWN, strict=True):
            total = bumps(count).predict(x[:, np.newaxis])[:, 0]
            ax.plot(x, total, color=ORANGE, linewidth=2.5, label="sum of bumps")
            ax.plot(x, wave(x), color=BLACK, linewidth=1.2, label="sin(2x) + x/2")
            ax.set(xlabel="x", title=f"{count} bumps")
        axes[0].set(ylabel="y", ylim=(-0.1, 1.95))
        axes[0].legend(loc="upper right")
    return path


def _draw_errors(path: Path, added: dict[str, Any]) -> Path:
    """Draw the errors against the number of bumps, both on logarithmic scales."""
    counts = added["bumps"]
    with sheet(path, size=(7.5, 4.8)) as ax:
        ax.loglog(counts, added["largest_error"], "s--", color=ORANGE, label="largest")
        ax.loglog(counts, added["rms_error"], "o-", color=BLUE, label="root mean square")
        guide = [added["rms_error"][0] * counts[0] / n for n in counts]
        ax.loglog(counts, guide, ":", color=GRAY, label="1 / number of bumps")
        ax.set_xticks(counts, [str(n) for n in counts])
        ax.set_xticks([], minor=True)
        ax.set(xlabel="number of bumps", ylabel="error (in units of y)")
        ax.set_title("The error falls as bumps are added", color=BLACK)
        ax.legend()
    return path


if __name__ == "__main__":
    sys.exit(run_one(main))
