"""XOR: by hand, learned from 20 random starts, and why it cannot be learned from zeros.

By hand, one hidden neuron is OR, the other NAND, and the output is AND of the two, which is XOR.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios.command import run_one
from scenarios.plots import BLACK, BLUE, GRAY, ORANGE, folder, mark_cases, sheet
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["main"]

SEEDS = range(20)
LEARNING_RATE = 2.0
FILM_SEED, FILM_STEPS = 1, 400


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Show the hand-set network, learn XOR from 20 seeds and from zeros, and draw all of it."""
    where = folder(out)
    X, Y = ns.datasets.xor()
    by_hand = hand_set()
    nets = [_random(seed) for seed in SEEDS]
    epochs = 1500 if quick else 5000
    by_hand_numbers = _truth_table(by_hand, X, Y)
    learned, losses = _learned(nets, X, Y, epochs)
    with_three = _with_three_hidden(X, Y, epochs)
    zero_start = _zero_start(X, Y)
    start = _random(0)
    trace_steps = _traced(start, X[1], Y[1])
    solved = learned["solved_by_seed"]
    files = [
        _draw_graph(where / "xor_graph.svg", by_hand, "XOR by hand, after a pass with (0, 1)"),
        _draw_graph(where / "xor_step.svg", start, "A random start, after a pass with (0, 1)"),
        _draw_losses(where / "xor_learning.svg", losses, solved),
        _draw_surfaces(where / "xor_surface.png", by_hand, nets, solved, X, Y),
        _filmed(where / "xor_training.gif", X, Y, frames=3 if quick else 24),
    ]
    return {
        "hand_set": by_hand_numbers,
        "learned": learned,
        "solved_with_three_hidden": with_three,
        "zero_start": zero_start,
        "trace_steps": trace_steps,
        "files": wrote(files),
    }


def hand_set() -> ns.Network:
    """Return the network whose weights are set by hand: OR, NAND, and AND of the two."""
    return ns.Network(
        [
            ns.InputLayer(2, labels=["x1", "x2"]),
            ns.Layer(
                2,
                ns.SigmoidNeuron,
                labels=["OR", "NAND"],
                weights=[[20.0, -20.0], [20.0, -20.0]],
                biases=[-10.0, 30.0],
            ),
            ns.Layer(1, ns.SigmoidNeuron, labels=["AND"], weights=[[20.0], [20.0]], biases=[-30.0]),
        ]
    )


def _random(seed: int, hidden: int = 2) -> ns.Network:
    return ns.Network.layered(
        [2, hidden, 1],
        hidden=ns.SigmoidNeuron,
        output=ns.SigmoidNeuron,
        loss=ns.BinaryCrossEntropy(),
        rng=seed,
    )


def _truth_table(net: ns.Network, X: Any, Y: Any) -> dict[str, Any]:
    """Compute all four cases by traversal, one by one, and vectorized, all at once."""
    heading("XOR by hand: hidden neurons OR and NAND, output AND")
    vectorized = net.predict(X)[:, 0].tolist()
    traversal, rows = [], []
    for x, y, fast in zip(X.tolist(), Y[:, 0].tolist(), vectorized, strict=True):
        slow = float(net.forward(x)[0])
        traversal.append(slow)
        hidden = [neuron.activation for neuron in net.layers[1].neurons]
        rows.append((*(f"{v:g}" for v in x), *(f"{v:.2f}" for v in (*hidden, slow, fast)), int(y)))
    table(["x1", "x2", "OR", "NAND", "by traversal", "vectorized", "XOR"], rows)
    apart = max(abs(a - b) for a, b in zip(traversal, vectorized, strict=True))
    say(f"Traversal and vectorized engine differ by {apart:.1e} at most.")
    return {"traversal": traversal, "vectorized": vectorized, "largest_difference": apart}


def _learned(
    nets: list[ns.Network], X: Any, Y: Any, epochs: int
) -> tuple[dict[str, Any], list[list[float]]]:
    """Train one network per seed, full batch, and count which answer all four cases right.

    Returns the numbers, and the losses epoch by epoch.
    """
    heading(f"XOR learned: 2-2-1 sigmoid, cross entropy, SGD({LEARNING_RATE:g}), {epochs} epochs")
    losses = [_trained(net, X, Y, epochs) for net in nets]
    outputs = [net.predict(X)[:, 0].tolist() for net in nets]
    solved = [_solves(net, X, Y) for net in nets]
    steepest = [float(np.abs(net.gradient).max()) for net in nets]
    table(
        ["seed", "loss", "max |gradient|", *(f"({a:g}, {b:g})" for a, b in X.tolist()), "solved"],
        [
            (seed, f"{loss[-1]:.4f}", f"{slope:.1e}", *(f"{a:.2f}" for a in output), _yes(done))
            for seed, loss, slope, output, done in zip(
                SEEDS, losses, steepest, outputs, solved, strict=True
            )
        ],
    )
    _say_learned(solved, losses)
    numbers = {
        "solved": sum(solved),
        "solved_by_seed": solved,
        "outputs": outputs,
        "steepest": steepest,
        "loss": [loss[-1] for loss in losses],
    }
    return numbers, losses


def _yes(done: bool) -> str:
    return "yes" if done else "NO"


def _say_learned(solved: list[bool], losses: list[list[float]]) -> None:
    stuck = [loss[-1] for loss, done in zip(losses, solved, strict=True) if not done]
    say(f"{sum(solved)} of {len(solved)} random starts solve XOR.")
    if stuck:
        say(
            f"The other {len(stuck)} end at a loss of {min(stuck):.4f} to {max(stuck):.4f}, about "
            f"(ln 2) / 2 = {np.log(2) / 2:.4f}: two cases are right, and the other two share the "
            "answer 0.5. The gradient is nearly zero there, so more epochs change little; another "
            "start does."
        )


def _solves(net: ns.Network, X: Any, Y: Any) -> bool:
    return bool(net.evaluate(X, Y, [ns.accuracy])["accuracy"] == 1.0)


def _with_three_hidden(X: Any, Y: Any, epochs: int) -> int:
    """Train 2-3-1 from the same seeds; return how many solve XOR."""
    nets = [_random(seed, hidden=3) for seed in SEEDS]
    for net in nets:
        _trained(net, X, Y, epochs)
    solved = sum(_solves(net, X, Y) for net in nets)
    say(f"With three hidden neurons, the same seeds: {solved} of {len(nets)} solve it.")
    return solved


def _trained(net: ns.Network, X: Any, Y: Any, epochs: int) -> list[float]:
    return net.fit(X, Y, optimizer=ns.SGD(LEARNING_RATE), epochs=epochs).loss


def _zero_start(X: Any, Y: Any) -> dict[str, Any]:
    """Train from zeros, on the full batch and sample by sample: the hidden neurons stay equal."""
    heading("XOR from all-zero weights")
    full, single = _zeros(), _zeros()
    gradient = _gradient(full, X, Y)
    full.fit(X, Y, optimizer=ns.SGD(LEARNING_RATE), epochs=1000)
    single.fit(X, Y, optimizer=ns.SGD(LEARNING_RATE), epochs=1000, batch_size=1)
    pairs = {"full batch": full, "sample by sample": single}
    table(
        ["after 1000 epochs", "neuron", "from x1", "from x2", "bias", "to output", "outputs"],
        [
            row
            for name, net in pairs.items()
            for row in _hidden_rows(name, net, net.predict(X)[:, 0].tolist())
        ],
    )
    say(
        "From zeros every gradient of the full batch is exactly "
        f"{max(abs(g) for g in gradient):g}, as the four errors cancel: nothing moves. Sample by "
        "sample the weights do move, but both hidden neurons get the same gradient every time and "
        "stay equal: two neurons do the work of one, and one cannot do XOR. Random starts break "
        "the tie."
    )
    return {
        "gradient": gradient,
        "full_batch": _hidden(full),
        "sample_by_sample": _hidden(single),
        "outputs": {name: net.predict(X)[:, 0].tolist() for name, net in pairs.items()},
    }


def _zeros() -> ns.Network:
    layers = [ns.Layer(n, ns.SigmoidNeuron, initializer=ns.Zeros()) for n in (2, 1)]
    return ns.Network([ns.InputLayer(2), *layers], loss=ns.BinaryCrossEntropy(), rng=0)


def _gradient(net: ns.Network, X: Any, Y: Any) -> list[float]:
    net.forward(X)
    net.backward(Y)
    return [float(g) for g in net.gradient]


def _hidden(net: ns.Network) -> list[list[float]]:
    """Return, for both hidden neurons, the two weights in, the bias, and the weight out."""
    output: Any = net.layers[-1]
    return [
        [*neuron.weights.tolist(), neuron.bias, float(weight)]
        for neuron, weight in zip(net.layers[1].neurons, output.weights[:, 0], strict=True)
    ]


def _hidden_rows(name: str, net: ns.Network, outputs: list[float]) -> list[tuple[object, ...]]:
    answers = " ".join(f"{value:.2f}" for value in outputs)
    return [
        (name, f"hidden1[{i}]", *(f"{value:.6f}" for value in values), answers)
        for i, values in enumerate(_hidden(net))
    ]


def _traced(net: ns.Network, x: Any, y: Any) -> int:
    """Print every number of one learning step of a random start; return how many there are."""
    heading("One learning step on (0, 1) -> 1, number by number (seed 0)")
    trace = net.trace(x, y, ns.SGD(LEARNING_RATE))
    print(trace)
    return len(trace)


def _draw_graph(path: Path, net: ns.Network, title: str) -> Path:
    """Draw the network with the activations and deltas of (0, 1) -> 1."""
    net.forward([0.0, 1.0])
    net.backward([1.0])
    net.draw(path, title=title)
    return path


def _draw_losses(path: Path, losses: list[list[float]], solved: list[bool]) -> Path:
    """Draw the losses of all seeds, apart by whether they solved XOR."""
    with sheet(path, size=(8.5, 4.8)) as ax:
        for loss, done in zip(losses, solved, strict=True):
            # Every tenth epoch is enough for the eye, and keeps the file small.
            look = {"color": BLUE} if done else {"color": ORANGE, "linestyle": "--"}
            ax.plot(range(0, len(loss), 10), loss[::10], linewidth=1.5, **look)
        ax.plot([], color=BLUE, label="solved")
        ax.plot([], color=ORANGE, linestyle="--", label="not solved")
        ax.axhline(np.log(2), color=GRAY, linestyle=":", label="answering 0.5 to all: ln 2")
        ax.set(xlabel="epoch", ylabel="cross entropy (nats per sample)", yscale="log")
        ax.set_title(f"XOR from {len(losses)} random starts: {sum(solved)} solve it")
        ax.legend()
    return path


def _draw_surfaces(
    path: Path, by_hand: ns.Network, nets: list[ns.Network], solved: list[bool], X: Any, Y: Any
) -> Path:
    """Draw the output over the plane: by hand, learned, and stuck (where one is)."""
    shown = [("set by hand", by_hand)]
    for name, wanted in (("learned", True), ("not solved", False)):
        if wanted in solved:
            seed = solved.index(wanted)
            shown.append((f"{name} (seed {SEEDS[seed]})", nets[seed]))
    with sheet(
        path, 1, len(shown), size=(4.1 * len(shown) + 1, 4.2), layout="compressed", sharey=True
    ) as axes:
        for ax, (title, net) in zip(axes, shown, strict=True):
            picture = _surface(ax, net)
            mark_cases(ax, X, Y)
            ax.set(title=title, xlabel="x1", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
        axes[0].set_ylabel("x2")
        axes[0].figure.colorbar(picture, ax=axes, label="output", pad=0.015)
    return path


def _surface(ax: Any, net: ns.Network) -> Any:
    line = np.linspace(-0.25, 1.25, 201)
    x1, x2 = np.meshgrid(line, line)
    output = net.predict(np.column_stack([x1.ravel(), x2.ravel()])).reshape(x1.shape)
    ax.contour(x1, x2, output, levels=[0.5], colors=BLACK, linewidths=1.5)
    extent = (line[0], line[-1], line[0], line[-1])
    return ax.imshow(output, origin="lower", extent=extent, vmin=0, vmax=1, cmap="cividis")


def _filmed(path: Path, X: Any, Y: Any, frames: int) -> Path:
    """Film a training: the weights, the regions of the two answers, and the loss."""
    training = ns.trace_training(
        _random(FILM_SEED), X, Y, ns.SGD(LEARNING_RATE), FILM_STEPS, ["loss"]
    )
    training.animate(path, frames=frames, fps=6)
    return path


if __name__ == "__main__":
    sys.exit(run_one(main))
