"""One sigmoid neuron looks at four gray pixels: z = w . x + b, and a = 1 / (1 + exp(-z))."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import neurosim as ns
from scenarios.command import run_one
from scenarios.plots import BLACK, BLUE, GRAY, folder, sheet
from scenarios.report import heading, say, table, wrote

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["main"]

PIXELS = [0.1, 0.3, 0.2, 0.1]
WEIGHTS = [0.3, 0.2, 0.4, 0.3]
BIAS = -0.8


def main(out: str | Path = "figures", quick: bool = False) -> dict[str, Any]:
    """Compute z and the activation term by term, and draw the pixels and the neuron."""
    neuron = ns.SigmoidNeuron(weights=WEIGHTS, bias=BIAS)
    activation = float(neuron(PIXELS))
    z = float(neuron.z)
    heading("A sigmoid neuron reads four gray pixels (0 is white, 1 is black)")
    _show(z, activation)
    path = folder(out) / "gray_pixels_neuron.svg"
    _draw(path, z, activation)
    return {"z": z, "activation": activation, "files": wrote([path])}


def _show(z: float, activation: float) -> None:
    terms = [
        (f"pixel {i}", x, w, round(w * x, 12))
        for i, (x, w) in enumerate(zip(PIXELS, WEIGHTS, strict=True))
    ]
    table(["input", "x", "w", "w x"], [*terms, ("bias", 1.0, BIAS, BIAS)])
    say(f"z = w . x + b = {z:.4f}, and the activation is 1 / (1 + exp(-z)) = {activation:.4f}.")


def _draw(path: Path, z: float, activation: float) -> None:
    with sheet(path, size=(9.7, 4.6)) as ax:
        ax.set(xlim=(-0.4, 9.3), ylim=(-0.5, 4.0), aspect="equal")
        ax.axis("off")
        _picture(ax)
        for i, (x, w) in enumerate(zip(PIXELS, WEIGHTS, strict=True)):
            _synapse(ax, 3.3 - i, x, w)
        _cell(ax, (6.1, 1.8), z, activation)


def _picture(ax: Any) -> None:
    """Draw the 2 x 2 picture, row by row, as the eye sees it."""
    for i, x in enumerate(PIXELS):
        corner = (i % 2 * 0.8 - 0.2, 1.8 - i // 2 * 0.8)
        ax.add_patch(_square(corner, 0.8, x))
        ax.text(corner[0] + 0.4, corner[1] + 0.4, str(i), ha="center", va="center", color=BLACK)
    ax.text(0.6, 2.85, "four pixels", ha="center", va="bottom")


def _synapse(ax: Any, y: float, x: float, w: float) -> None:
    """Draw one pixel as an input, and its edge, as thick as its weight is large."""
    ax.add_patch(_square((2.7, y - 0.3), 0.6, x))
    ax.text(3.0, y, f"{x:g}", ha="center", va="center")
    ax.plot([3.35, 5.4], [y, 1.8 + 0.2 * (y - 1.8)], color=BLUE, linewidth=12 * w, zorder=0)
    middle = 1.8 + 0.62 * (y - 1.8)
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    ax.text(4.3, middle, f"{w:g}", ha="center", va="center", color=BLUE, bbox=box)


def _cell(ax: Any, center: tuple[float, float], z: float, activation: float) -> None:
    """Draw the neuron as a circle, with its z, its bias and what it answers."""
    from matplotlib.patches import Circle

    x, y = center
    ax.add_patch(Circle(center, 0.75, facecolor="white", edgecolor=BLACK, linewidth=2))
    ax.text(x, y, f"z = {_signed(z, '.1f')}\n$\\sigma(z)$", ha="center", va="center")
    ax.text(x, y - 1.0, f"b = {_signed(BIAS, 'g')}", ha="center", va="top", color=GRAY)
    ax.annotate(
        "", (x + 1.5, y), (x + 0.78, y), arrowprops={"arrowstyle": "-|>", "color": BLACK, "lw": 2}
    )
    ax.text(x + 1.6, y, f"a = {activation:.3f}", ha="left", va="center")


def _signed(value: float, spec: str) -> str:
    """Return a number with a true minus sign, as in print."""
    return format(value, spec).replace("-", "\N{MINUS SIGN}")


def _square(corner: tuple[float, float], side: float, darkness: float) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle(corner, side, side, facecolor=str(1 - darkness), edgecolor=GRAY)


if __name__ == "__main__":
    sys.exit(run_one(main))
