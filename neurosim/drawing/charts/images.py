"""The weights of neurons that read images, as images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.checks import short, whole_number
from neurosim.drawing.charts.colors import map_and_norm
from neurosim.drawing.charts.sheet import Sheet
from neurosim.drawing.charts.weights import finite_numbers, layers_of
from neurosim.errors import ArgumentError, ShapeError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.drawing.charts.look import Look

__all__ = ["draw_weight_images"]

IMAGE, FRAME_WIDTH, FRAME_HEIGHT = 0.72, 1.2, 0.4
GAP, HEADROOM = 0.12, 0.28
"""Between images, and above each for its name, as shares of an image's side."""
TEXT_SIZE = 7.5


def draw_weight_images(
    layer: Any,
    shape: Any,
    *,
    columns: int | None = None,
    max_images: int = 64,
    ax: Any = None,
    path: Any = None,
    title: str | None = None,
    style: str = "screen",
) -> Axes:
    """Draw the incoming weights of every neuron of a layer as an image of its inputs.

    A neuron answers most to inputs that are large where its image is blue, and small where it is
    orange. All images share one scale.

    Parameters
    ----------
    layer : Layer
        One of ``net.layers`` that reads the pixels, mostly ``net.layers[1]``.
    shape : (height, width)
        Of the images; the pixels come row by row.
    columns : int, optional
        Images side by side; about as many as there are rows.
    max_images : int
        Of more neurons the first so many are drawn.
    ax, path : optional
        Where to draw, and a ``.png``, ``.svg`` or ``.pdf`` file to write.
    title : str, optional
    style : {"screen", "paper", "slide", "dark"}
        Inks and sizes; "paper" is for a column, "slide" twice as large as "screen".

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ShapeError, ArgumentError
        The neurons of the layer do not have height times width weights.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network.layered([64, 16, 10], hidden=ns.ReLUNeuron, output=ns.SoftmaxNeuron, rng=1)
    >>> axes = ns.draw_weight_images(net.layers[1], (8, 8))
    >>> len(axes.images)
    16
    """
    whose = "draw_weight_images"
    sheet = Sheet(whose, ax, path, title, style)
    (one,) = _single(layers_of(layer, whose), whose)
    finite_numbers(one, "weights", whose)
    images = _images(one, shape, whole_number(max_images, f"{whose}: max_images"), whose)
    width = round(len(images) ** 0.5 + 0.49)
    across = width if columns is None else whole_number(columns, f"{whose}: columns")
    rows = -(-len(images) // across)
    scale = map_and_norm(images, sheet.look.inks, signed=True)
    size = (IMAGE * min(across, len(images)) + FRAME_WIDTH, IMAGE * rows * 1.2 + FRAME_HEIGHT)
    heading = sheet.title or _what(one, len(images))
    with sheet.axes(sheet.with_title(size, heading)) as axes:
        for k, image in enumerate(images):
            picture = _place(axes, image, k // across, k % across, scale)
            _name(axes, picture, one.labels[k], sheet.look)
        _frame(axes, rows, min(across, len(images)), images.shape[1:])
        axes.set_title(heading)
        axes.figure.colorbar(picture, ax=axes, label="weight", shrink=0.9)
    return axes


def _single(layers: list[Any], whose: str) -> list[Any]:
    if len(layers) != 1:
        raise ArgumentError(
            f"{whose}: one layer must be named, as the network has {len(layers)} with weights; "
            "take net.layers[1] for the one that reads the inputs."
        )
    return layers


def _images(layer: Any, shape: Any, most: int, whose: str) -> Any:
    """Return the images ``(n, height, width)``."""
    n_inputs = len(layer.weights)
    try:
        height, width = (int(side) for side in shape)
    except (TypeError, ValueError):
        height = width = 0
    if height < 1 or width < 1 or height * width != n_inputs:
        raise ShapeError(
            f"{whose}: shape must be (height, width) with height * width = {n_inputs}, as so many "
            f"neurons feed layer {layer.name!r}; got {short(shape)}."
        )
    return layer.weights.T[:most].reshape(-1, height, width)


def _place(axes: Axes, image: Any, row: int, column: int, scale: Any) -> Any:
    """Draw one image, one unit wide and high."""
    cmap, norm = scale
    left, top = column * (1 + GAP), -row * (1 + GAP + HEADROOM)
    look: dict[str, Any] = {"cmap": cmap, "norm": norm, "interpolation": "nearest"}
    return axes.imshow(image, extent=(left, left + 1, top - 1, top), **look)


def _name(axes: Axes, picture: Any, label: str, look: Look) -> None:
    """Write a neuron's label above its image."""
    left, _, _, top = picture.get_extent()
    # The panel's title names the layer, so that the number alone is short and clear.
    name = label[label.rindex("[") :] if label.endswith("]") and "[" in label else label
    axes.text(
        left + 0.5,
        top + 0.04,
        name,
        fontsize=look.pt(TEXT_SIZE),
        color=look.inks.quiet,
        horizontalalignment="center",
        verticalalignment="bottom",
        parse_math=False,
        clip_on=False,
    )


def _frame(axes: Axes, rows: int, columns: int, shape: tuple[int, int]) -> None:
    height, width = shape
    axes.set_xlim(-GAP / 2, columns * (1 + GAP) - GAP / 2)
    axes.set_ylim(-rows * (1 + GAP + HEADROOM) + HEADROOM, HEADROOM)
    axes.set_aspect(height / width)
    axes.set_axis_off()


def _what(layer: Any, n: int) -> str:
    return f"{layer.name}: weights of " + (
        f"{n} neurons" if n == len(layer) else f"the first {n} of {len(layer)} neurons"
    )
