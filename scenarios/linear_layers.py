"""Two linear layers are one, and two ReLUs added make a bend.

U(W x + b) + c = V x + d with V = U W and d = U b + c: without a bent activation between them, many
layers can do no more than one. (Layers here hold the transposed matrices, z = x W + b.)
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

DEGREE, MASTER = 16.0, 18.0
YEARS = np.arange(0.0, 26.0)[:, np.newaxis]
EPOCHS, QUICK_EPOCHS = 4000, 800
SEEDS = range(10)


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Multiply two layers into one; bend a line with ReLUs, by hand and learned."""
    where = folder(out)
    same = _two_are_one()
    bends = _bends()
    learned, curves = _learned(QUICK_EPOCHS if quick else EPOCHS)
    files = [
        _draw_bends(where / "linear_layers_bends.svg", bends),
        _draw_learned(where / "linear_layers_learned.svg", curves),
        _draw_network(where / "linear_layers_network.svg"),
    ]
    return {
        "two_are_one": same,
        "bends": {name: values.tolist() for name, (_, values) in bends.items()},
        "learned": learned,
        "files": wrote(files),
    }


# -- two linear layers are one ------------------------------------------------------------------


def _two_are_one() -> dict[str, Any]:
    """Multiply the layers of a 3-4-2 network of linear neurons; compare it with the one layer."""
    heading("Two linear layers are one: U(Wx + b) + c = Vx + d")
    rng = np.random.default_rng(0)
    two = ns.Network.layered([3, 4, 2], hidden=ns.LinearNeuron, output=ns.LinearNeuron, rng=0)
    first, second = _layer(two, 1), _layer(two, 2)
    first.biases, second.biases = rng.normal(size=4), rng.normal(size=2)
    # Layers hold W and U transposed: x (W U) = U^T (W^T x).
    combined, d = first.weights @ second.weights, first.biases @ second.weights + second.biases
    one = ns.Network(
        [ns.InputLayer(3), ns.Layer(2, ns.LinearNeuron, weights=combined, biases=d)],
    )
    X = rng.normal(size=(1000, 3))
    by_two, by_one = two.predict(X), one.predict(X)
    apart = float(np.abs(by_two - by_one).max())
    table(
        ["x", "U(Wx + b) + c", "Vx + d"],
        [
            (_numbers(x), _numbers(a), _numbers(b))
            for x, a, b in zip(X[:4], by_two[:4], by_one[:4], strict=True)
        ],
    )
    say(
        f"Over {len(X)} random inputs they differ by {apart:.1e} at most. The two layers have "
        f"{len(two.parameters)} parameters, the one that does the same {len(one.parameters)}."
    )
    return {
        "largest_difference": apart,
        "parameters": [len(two.parameters), len(one.parameters)],
        "V": combined.tolist(),
        "d": d.tolist(),
    }


def _layer(net: ns.Network, k: int) -> Any:
    return net.layers[k]


def _numbers(values: Any) -> str:
    return " ".join(f"{value:7.4f}" for value in values)


# -- ReLUs added --------------------------------------------------------------------------------


def relus(weights: Any, biases: Any, heights: Any) -> ns.Network:
    """Return the network that adds ReLUs: sum of height max(0, weight x + bias)."""
    hidden = ns.Layer(len(weights), ns.ReLUNeuron, weights=[weights], biases=biases)
    output = ns.Layer(1, ns.LinearNeuron, labels=["dates"], weights=np.array([heights]).T)
    return ns.Network([ns.InputLayer(1, labels=["education"]), hidden, output])


def _bent() -> ns.Network:
    return relus([1.0, 1.0], [0.0, -DEGREE], [0.25, 1.25])


def _bends() -> dict[str, tuple[str, Floats]]:
    """Add ReLUs set by hand; return for each sum its formula and its values over the years."""
    heading("Two ReLUs added make a bend: degrees rewarded")
    shapes = {
        "one ReLU": ("0.25 max(0, x)", relus([1.0], [0.0], [0.25])),
        "two ReLUs: a bend": ("0.25 max(0, x) + 1.25 max(0, x - 16)", _bent()),
        "two ReLUs: a step": (
            "4 max(0, x - 15) - 4 max(0, x - 16)",
            relus([1.0, 1.0], [1 - DEGREE, -DEGREE], [4.0, -4.0]),
        ),
        "four ReLUs: two degrees": (
            "a step of 4 at 16 years, one of 3 at 18",
            relus([1.0] * 4, [1 - DEGREE, -DEGREE, 1 - MASTER, -MASTER], [4.0, -4.0, 3.0, -3.0]),
        ),
    }
    bends = {name: (formula, net.predict(YEARS)[:, 0]) for name, (formula, net) in shapes.items()}
    at = [0, 8, 15, 16, 17, 18, 20, 25]
    table(
        ["years of education", *(str(year) for year in at)],
        [(name, *(f"{values[year]:g}" for year in at)) for name, (_, values) in bends.items()],
    )
    say(
        "One ReLU is a straight line over all years. A second one that wakes up at 16 years adds "
        "its slope from there on: the line bends, and every year after the degree counts 1.5 "
        "instead of 0.25. With the sign turned it ends what the first began: a step, by which the "
        "degree itself is rewarded."
    )
    return bends


# -- learned ------------------------------------------------------------------------------------


def _learned(epochs: int) -> tuple[dict[str, Any], dict[str, Floats]]:
    """Fit the bend with one linear layer, with three, and with two ReLUs in between."""
    heading(f"The bend learned: Adam, {epochs} epochs, the best of {len(SEEDS)} random starts")
    wanted = _bent().predict(YEARS)
    shapes = {
        "1-1 linear": ([1, 1], ns.LinearNeuron),
        "1-5-5-1 linear": ([1, 5, 5, 1], ns.LinearNeuron),
        "1-2-1 ReLU": ([1, 2, 1], ns.ReLUNeuron),
    }
    runs = {name: _runs(sizes, kind, wanted, epochs) for name, (sizes, kind) in shapes.items()}
    line = _best_line(wanted)
    table(
        ["network", "parameters", "least loss", "median loss"],
        [
            (name, n, f"{min(losses):.6f}", f"{float(np.median(losses)):.6f}")
            for name, (n, losses, _) in runs.items()
        ],
    )
    say(
        f"The best straight line leaves {line:.6f}: what one linear layer reaches is also all that "
        "three of them can reach. Two ReLUs can follow the bend, from starts that leave both "
        "alive and let them bend apart."
    )
    numbers = {
        "best_line": line,
        "losses": {name: losses for name, (_, losses, _) in runs.items()},
    }
    return numbers, {"wanted": wanted[:, 0], **{name: best for name, (*_, best) in runs.items()}}


def _runs(sizes: list[int], kind: Any, Y: Floats, epochs: int) -> tuple[int, list[float], Floats]:
    """Return the number of parameters, the loss of every start, and the best one's outputs."""
    nets = [_fitted(sizes, kind, Y, epochs, seed) for seed in SEEDS]
    losses = [float(np.mean((net.predict(YEARS) - Y) ** 2)) for net in nets]
    best = nets[int(np.argmin(losses))]
    return len(best.parameters), losses, best.predict(YEARS)[:, 0]


def _fitted(sizes: list[int], kind: Any, Y: Floats, epochs: int, seed: int) -> ns.Network:
    net = ns.Network.layered(sizes, hidden=kind, output=ns.LinearNeuron, rng=seed)
    net.scale(inputs=ns.Standardizer(), outputs=ns.Standardizer())
    net.fit(YEARS, Y, optimizer=ns.Adam(0.02), epochs=epochs)
    return net


def _best_line(Y: Floats) -> float:
    design = np.column_stack([YEARS, np.ones(len(YEARS))])
    best = np.linalg.lstsq(design, Y, rcond=None)[0]
    return float(np.mean((design @ best - Y) ** 2))


# -- figures ------------------------------------------------------------------------------------


def _draw_bends(path: Path, bends: dict[str, tuple[str, Floats]]) -> Path:
    with sheet(path, 2, 2, size=(11, 7), sharex=True) as axes:
        for ax, (name, (formula, values)) in zip(axes.flat, bends.items(), strict=True):
            ax.plot(YEARS[:, 0], values, color=BLUE, linewidth=2.5)
            ax.set_title(f"{name}\n{formula}", fontsize=12.5)
        for ax in axes.flat[1:]:
            ax.axvline(DEGREE, color=GRAY, linestyle=":", linewidth=1.2)
        axes[1, 1].axvline(MASTER, color=GRAY, linestyle=":", linewidth=1.2)
        for ax in axes[:, 0]:
            ax.set_ylabel("dates")
        for ax in axes[-1]:
            ax.set_xlabel("years of education, x")
    return path


def _draw_learned(path: Path, curves: dict[str, Floats]) -> Path:
    looks: dict[str, dict[str, Any]] = {
        "wanted": {"color": BLACK, "marker": "o", "linestyle": "none", "markersize": 5},
        "1-1 linear": {"color": BLUE, "linewidth": 5, "alpha": 0.4},
        "1-5-5-1 linear": {"color": BLUE, "linestyle": "--", "linewidth": 1.6},
        "1-2-1 ReLU": {"color": ORANGE},
    }
    with sheet(path, size=(8, 4.8)) as ax:
        for name, values in curves.items():
            ax.plot(YEARS[:, 0], values, label=name, **looks[name])
        ax.set(xlabel="years of education", ylabel="dates")
        ax.set_title("Three linear layers are one straight line; two ReLUs bend it")
        ax.legend()
    return path


def _draw_network(path: Path) -> Path:
    """Draw the bend set by hand, with the activations for 20 years of education."""
    net = _bent()
    net.forward([20.0])
    net.draw(path, title="The bend at 16 years, asked about 20 years of education")
    return path


if __name__ == "__main__":
    sys.exit(run_one(main))
