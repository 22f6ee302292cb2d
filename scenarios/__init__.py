"""Worked scenarios: each trains, shows and draws one thing, by neurosim's public names alone.

``python -m scenarios`` runs them all, ``python -m scenarios.xor`` one. A scenario is a module here
with ``main(out="figures", quick=False)``, which prints its numbers, writes ``out/<name>_*`` and
returns the numbers as plain data. To add one, write the module and put its name below.
"""

from __future__ import annotations

__all__ = ["NAMES"]

NAMES = (
    "gray_pixels",
    "seven_four_three",
    "chain_rule",
    "mazur",
    "logic_gates",
    "xor",
    "delta_function",
    "linear_layers",
    "toy_classification",
    "toy_regression",
    "learning_rate",
    "batch_sizes",
    "optimizers",
    "decay",
    "saturation",
    "initialization",
    "batch_normalization",
    "regularization",
    "deep_binary",
    "dating",
    "digits",
    "transfer",
)
"""Every scenario, from one neuron to real data: the order in which they run."""
