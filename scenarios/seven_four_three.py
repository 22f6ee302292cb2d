"""A 7-4-3 sigmoid network, forward, one sample: every z and a, by neuron and by matrix.

By neuron, z_j = sum over i of w_ij x_i + b_j; by matrix, z = x W + b. Both are the same numbers.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import neurosim as ns
from scenarios.command import run_one
from scenarios.plots import folder
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Numbers = list[dict[str, Any]]

__all__ = ["main"]

SAMPLE = [0.1, 0.9, 0.4, 0.7, 0.2, 0.6, 0.3]
SEED = 743


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Compute the network twice, compare, and draw it with its activations."""
    net = ns.Network.layered([7, 4, 3], hidden=ns.SigmoidNeuron, output=ns.SigmoidNeuron, rng=SEED)
    net.forward(SAMPLE)
    by_neuron = [_as_neurons_say(neuron) for layer in net.layers[1:] for neuron in layer.neurons]
    by_matrix = _by_matrix(net)
    predicted = net.predict(SAMPLE)
    heading("A 7-4-3 sigmoid network, one sample forward")
    difference = _show(by_neuron, by_matrix)
    path = folder(out) / "seven_four_three_network.svg"
    net.draw(path, title="7-4-3 sigmoid network, one sample forward")
    return {
        "by_neuron": by_neuron,
        "by_matrix": by_matrix,
        "largest_difference": difference,
        "outputs": predicted.tolist(),
        "files": wrote([path]),
    }


def _as_neurons_say(neuron: Any) -> dict[str, Any]:
    return {"neuron": neuron.label, "z": neuron.z, "a": neuron.activation}


def _by_matrix(net: ns.Network) -> Numbers:
    """Compute layer after layer: z = a W + b, a = 1 / (1 + exp(-z))."""
    a = np.array(SAMPLE)
    found: Numbers = []
    layers: Any = net.layers[1:]
    for layer in layers:
        z: Floats = a @ layer.weights + layer.biases
        a = 1 / (1 + np.exp(-z))
        found += [
            {"neuron": label, "z": float(z_j), "a": float(a_j)}
            for label, z_j, a_j in zip(layer.labels, z, a, strict=True)
        ]
    return found


def _show(by_neuron: Numbers, by_matrix: Numbers) -> float:
    """Print both side by side; return the largest difference."""
    pairs = list(zip(by_neuron, by_matrix, strict=True))
    table(
        ["neuron", "z by neuron", "z by matrix", "a by neuron", "a by matrix"],
        [
            (one["neuron"], *(f"{row[q]:.12f}" for q in ("z", "a") for row in (one, other)))
            for one, other in pairs
        ],
    )
    difference: float = max(abs(one[q] - other[q]) for one, other in pairs for q in ("z", "a"))
    say(f"The largest difference between the two is {difference:.1e}, the rounding of float64.")
    return difference


if __name__ == "__main__":
    sys.exit(run_one(main))
