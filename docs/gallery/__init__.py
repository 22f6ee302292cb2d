"""The gallery: figures by neurosim's public names alone, one script each.

``python -m docs.gallery`` draws them all, ``python -m docs.gallery path kinds`` some of them, and
writes the page with all. To add one, write a script in ``scripts/``: a docstring with a title and
a caption, and code that writes one file of the script's name. Then put its name below.
"""

from __future__ import annotations

__all__ = ["NAMES", "SECTIONS"]

SECTIONS = {
    "Networks": (
        "xor_by_hand",
        "symbols",
        "seven_four_three",
        "deep",
        "any_wiring",
        "tied_and_frozen",
        "normalized_and_dropped",
        "downwards",
    ),
    "Large networks": (
        "mnist_sized",
        "digits_network",
    ),
    "What stands out, what has changed": (
        "path",
        "feeding",
        "trace_step",
        "difference",
        "small_multiples",
    ),
    "Styles and files": (
        "paper",
        "slide",
        "dark",
        "tikz",
        "graphviz",
    ),
    "What a network answers": (
        "decision_boundary",
        "three_classes",
        "response",
        "function_curves",
        "confusion",
        "kinds",
    ),
    "How it learns": (
        "loss_curves",
        "loss_surface",
        "loss_surface_3d",
        "weight_history",
        "histograms",
        "heat_maps",
        "weight_images",
    ),
}
"""The scripts, by the section of the page in which they stand."""
NAMES = tuple(name for names in SECTIONS.values() for name in names)
