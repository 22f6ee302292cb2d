"""A training as small multiples; what draws them is imported only then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from neurosim.network import Network

__all__ = ["draw_training"]


def draw_training(
    network: Network,
    states: Any,
    path: Any = None,
    *,
    columns: int | None = None,
    ax: Any = None,
    **options: Any,
) -> Axes:
    """Draw one network at several times of its training, all with the same widths and colours.

    Parameters
    ----------
    network : Network
        Whose wiring is drawn; it stays as it is.
    states : WeightHistory, or mapping or sequence of states
        A `WeightHistory` of everything, of which at most six epochs are drawn, the first and the
        last among them; or states with their titles as ``{"start": before, "end": after}``, each
        the parameters as an array or a network of the same wiring.
    path, ax
        As in `draw_network`.
    columns : int, optional
        How many stand in a row; three at most, where nothing is said.
    **options
        Those of `draw_network`; the numbers of a pass belong to one state at most, and are not
        shown. With ``compare=before`` every drawing shows the change since then.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError, ArgumentTypeError, ShapeError
        There is no state, or one is of another wiring.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network.layered([2, 2, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
    >>> weights, sgd = ns.WeightHistory(), ns.SGD(0.1)
    >>> history = net.fit([[0, 1]], [[1]], optimizer=sgd, epochs=10, callbacks=weights)
    >>> axes = ns.draw_training(net, weights)
    >>> [text.get_text() for text in axes.texts if "epoch" in text.get_text()][::5]
    ['epoch 0', 'epoch 10']
    """
    from neurosim.drawing.multiples import draw_multiples

    return draw_multiples(network, states, path, columns, ax, options)
