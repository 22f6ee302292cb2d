"""Saturation: the sigmoid's flat ends, weights that move together, and ReLUs that die.

Three ways in which an activation hinders learning: where it is flat no gradient passes; where all
outputs are positive, all weights of the next neuron get gradients of one sign; and a ReLU that is
0 for every sample has no gradient at all and stays as it is for ever.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios import saturation_figures as figures
from scenarios.command import run_one
from scenarios.descent import Way, descend
from scenarios.plots import folder
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["main"]

FLAT_STARTS = {"w = 0.6, b = 0.9": (0.6, 0.9), "w = 2, b = 2": (2.0, 2.0)}
FLAT_LOSSES = {"squared error": ns.QuadraticCost(), "cross entropy": ns.BinaryCrossEntropy()}
FLAT_RATE, FLAT_EPOCHS = 0.15, 300
HIDDEN, HIGH_RATES, LOW_RATE = 20, (1.0, 3.0, 10.0), 0.1
HIGH_EPOCHS, LOW_EPOCHS = 100, 300
KINDS = {
    "ReLU": ns.ReLUNeuron,
    "leaky ReLU, slope 0.01": partial(ns.LeakyReLUNeuron, slope=0.01),
    "leaky ReLU, slope 0.1": partial(ns.LeakyReLUNeuron, slope=0.1),
}
SEEDS = range(5)


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Measure all three, and draw them."""
    where = folder(out)
    slopes = _slopes()
    flat = _flat()
    ways = {name: _together(shift) for name, shift in {"sigmoid": 0.0, "centred": 0.5}.items()}
    together = _say_together(ways)
    seeds = SEEDS[:2] if quick else SEEDS
    died = _died(seeds)
    files = [
        figures.draw_flat(where / "saturation_flat.svg", flat),
        figures.draw_together(where / "saturation_together.svg", ways),
        figures.draw_dying(where / "saturation_dying.svg", died["runs"], HIGH_EPOCHS),
    ]
    return {
        "slopes": slopes,
        "flat": flat,
        "together": together,
        "dying": died["numbers"],
        "files": wrote(files),
    }


# -- flat ends ----------------------------------------------------------------------------------


def _slopes() -> dict[str, float]:
    """Return the sigmoid's derivative at some z."""
    heading("The sigmoid's flat ends: s'(z) = s(z) (1 - s(z))")
    at = [0.0, 1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 20.0]
    activations = [float(ns.SigmoidNeuron(weights=[1.0], bias=0.0)([z])) for z in at]
    slopes = [
        float(ns.SigmoidNeuron.derivative(z, a)) for z, a in zip(at, activations, strict=True)
    ]
    table(
        ["z", "s(z)", "s'(z)"],
        [(f"{z:g}", f"{a:.6f}", s) for z, a, s in zip(at, activations, slopes, strict=True)],
    )
    say("At best a quarter of the gradient passes, and at z = 10 a twenty-thousandth.")
    return {f"{z:g}": slope for z, slope in zip(at, slopes, strict=True)}


def _flat() -> dict[str, list[float]]:
    """Teach one neuron to answer 0 to an input of 1; return its output before every epoch."""
    heading(f"One sigmoid neuron learns to answer 0 to 1: rate {FLAT_RATE:g}, {FLAT_EPOCHS} epochs")
    runs = {
        f"{loss_name}, {start_name}": _outputs(start, loss)
        for loss_name, loss in FLAT_LOSSES.items()
        for start_name, start in FLAT_STARTS.items()
    }
    at = (0, 50, 100, 150, 200, 250, 300)
    table(
        ["output before epoch", *(str(epoch) for epoch in at)],
        [(name, *(f"{outputs[i]:.3f}" for i in at)) for name, outputs in runs.items()],
    )
    say(
        "From w = 2, b = 2 the neuron is badly wrong, and with squared error it learns slowest "
        "just then: its delta carries s'(z), which is small there. Cross entropy has delta = "
        "a - y, without s'(z), and begins at once. (The example of Nielsen's chapter 3.)"
    )
    return runs


def _outputs(start: tuple[float, float], loss: ns.Loss) -> list[float]:
    w, b = start
    layer = ns.Layer(1, ns.SigmoidNeuron, weights=[[w]], biases=[b])
    net = ns.Network([ns.InputLayer(1), layer], loss=loss)
    outputs = [float(net.predict([1.0])[0])]
    net.fit(
        [[1.0]],
        [[0.0]],
        optimizer=ns.SGD(FLAT_RATE),
        epochs=FLAT_EPOCHS,
        callbacks=[lambda run: outputs.append(float(run.network.predict([1.0])[0]))],
    )
    return outputs


# -- weights moving together --------------------------------------------------------------------


def _together(shift: float) -> Way:
    """Learn a1 - a2 from two outputs of sigmoid neurons, less `shift`, sample by sample."""
    z = np.random.default_rng(3).normal(size=(200, 2))
    first = ns.Layer(2, ns.SigmoidNeuron, weights=np.eye(2))
    outputs = ns.Network([ns.InputLayer(2), first]).predict(z)
    wanted = outputs[:, :1] - outputs[:, 1:]
    layer = ns.Layer(1, ns.LinearNeuron, weights=[[-1.0], [1.0]])
    net = ns.Network([ns.InputLayer(2), layer], rng=0)
    net.freeze(weights=False)
    way = descend(net, outputs - shift, wanted, ns.SGD(0.4), epochs=3, batch_size=1)
    return Way(way.parameters[:, :2], way.losses)


def _say_together(ways: dict[str, Way]) -> dict[str, Any]:
    heading("All-positive outputs move weights together: learning a1 - a2 sample by sample")
    numbers = {name: _agreement(way) for name, way in ways.items()}
    table(
        ["inputs", "updates that move both weights the same way", "updates until 0.1 from (1, -1)"],
        [
            (
                {"sigmoid": "a, from 0 to 1", "centred": "a - 1/2, from -1/2 to 1/2"}[name],
                f"{n['same_direction']:.0%}",
                n["updates_needed"] or "more than 600",
            )
            for name, n in numbers.items()
        ],
    )
    say(
        "The gradient by a weight is delta times its input. Where all inputs are positive, one "
        "sample raises all weights or lowers all: to raise one and lower the other they have to "
        "zigzag. Outputs around zero, as tanh's (tanh(z/2) / 2 is just s(z) - 1/2), are free of "
        "it. (They are also smaller, and so the steps are: compare the paths, not their speed.)"
    )
    return numbers


def _agreement(way: Way) -> dict[str, Any]:
    moves = np.diff(way.parameters, axis=0)
    moved = moves[(moves != 0).all(axis=1)]
    apart = np.hypot(*(way.parameters - [1.0, -1.0]).T)
    near = np.flatnonzero(apart < 0.1)
    return {
        "same_direction": float(np.mean(moved[:, 0] * moved[:, 1] > 0)),
        "updates_needed": int(near[0]) if len(near) else None,
    }


# -- dying --------------------------------------------------------------------------------------


def _died(seeds: range) -> dict[str, Any]:
    """Train at a high rate, then at a low one; count the neurons that are off for all samples."""
    heading("ReLUs dying at a high rate, and leaky ones rescued")
    say(
        f"2-{HIDDEN}-1 on the ring: {HIGH_EPOCHS} epochs at a high rate, then {LOW_EPOCHS} at "
        f"{LOW_RATE:g}. Off: neurons of {HIDDEN} with z <= 0 for every sample."
    )
    runs = {
        (kind, rate): [_run(kind, rate, seed) for seed in seeds]
        for kind in KINDS
        for rate in HIGH_RATES
    }
    rows: list[dict[str, Any]] = [
        {"kind": kind, "rate": rate, **{key: [run[key] for run in those] for key in MEASURED}}
        for (kind, rate), those in runs.items()
    ]
    table(
        ["kind", "high rate", "off after it", "off at the end", "loss after it", "loss at the end"],
        [
            (
                row["kind"],
                f"{row['rate']:g}",
                *(_several(row[key]) for key in ("off_high", "off_low")),
                *(_several(row[key], ".2f") for key in ("loss_high", "loss_low")),
            )
            for row in rows
        ],
    )
    late = _late_rescue(seeds)
    say(
        f"Each cell: {len(seeds)} random starts. A network whose answer is always 0.5 has the loss "
        "ln 2 = 0.69. A dead ReLU gets a gradient of exactly 0 from every sample, so the low rate "
        "cannot wake it. A leaky one still passes a share of the gradient on: with slope 0.1 the "
        "same starts come through and learn, with slope 0.01 the share is too small here. Dead "
        f"ReLUs made leaky (slope 0.1) afterwards end at {_several(late, '.2f')}: a leak helps "
        "from the beginning, hardly as a cure."
    )
    return {"numbers": {"rows": rows, "late_rescue": late}, "runs": runs}


MEASURED = ("off_high", "off_low", "loss_high", "loss_low", "changed_while_off")


def _several(values: list[Any], form: str = "") -> str:
    return " ".join(f"{value:{form}}" for value in values)


def _network(kind: str, seed: int) -> ns.Network:
    return ns.Network.layered(
        [2, HIDDEN, 1],
        hidden=KINDS[kind],
        output=ns.SigmoidNeuron,
        loss=ns.BinaryCrossEntropy(),
        rng=seed,
    )


def _ring() -> tuple[Floats, Floats]:
    return ns.datasets.ring(300, noise=0.05, rng=0)


def _off(net: ns.Network) -> Any:
    """Return which hidden neurons have no positive z for any sample."""
    net.forward(_ring()[0])
    hidden: Any = net.layers[1]
    return (hidden.z <= 0).all(axis=0)


def _run(kind: str, rate: float, seed: int) -> dict[str, Any]:
    X, Y = _ring()
    net = _network(kind, seed)
    hidden: Any = net.layers[1]
    losses = net.fit(X, Y, optimizer=ns.SGD(rate), epochs=HIGH_EPOCHS).loss
    off, before, loss = _off(net), hidden.weights.copy(), net.loss_of(X, Y)
    losses += net.fit(X, Y, optimizer=ns.SGD(LOW_RATE), epochs=LOW_EPOCHS).loss
    return {
        "losses": losses,
        "off_high": int(off.sum()),
        "off_low": int(_off(net).sum()),
        "loss_high": loss,
        "loss_low": net.loss_of(X, Y),
        "changed_while_off": float(np.abs(hidden.weights - before)[:, off].max(initial=0.0)),
    }


def _late_rescue(seeds: range) -> list[float]:
    """Give the parameters of networks that died to leaky ones, and train these on."""
    X, Y = _ring()
    losses = []
    for seed in seeds:
        dead, leaky = _network("ReLU", seed), _network("leaky ReLU, slope 0.1", seed)
        dead.fit(X, Y, optimizer=ns.SGD(HIGH_RATES[-1]), epochs=HIGH_EPOCHS)
        leaky.parameters = dead.parameters
        leaky.fit(X, Y, optimizer=ns.SGD(LOW_RATE), epochs=LOW_EPOCHS)
        losses.append(leaky.loss_of(X, Y))
    return losses


if __name__ == "__main__":
    sys.exit(run_one(main))
