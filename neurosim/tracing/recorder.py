"""Recording one learning step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.checks import instance_of, short
from neurosim.errors import ArgumentError
from neurosim.learning.learner import Optimizer
from neurosim.samples import checked_inputs, checked_targets
from neurosim.tracing.recording import Recording
from neurosim.tracing.trace import Trace
from neurosim.tracing.watch import Watch, require_few

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.network import Network

__all__ = ["record"]


def record(
    network: Network,
    x: Any,
    y: Any,
    optimizer: Any = None,
    *,
    training: bool = False,
    by: str | None = None,
    watch: Iterable[Any] | None = None,
    per_sample: bool = False,
) -> Trace:
    """Return every number of one learning step of the network, which stays as it is.

    Parameters
    ----------
    network : Network
    x : (n_inputs,) or (n, n_inputs) array
        One sample, or a batch.
    y : (n_outputs,) or (n, n_outputs) array, or None
        The targets. None records the forward pass alone, which any network has.
    optimizer : Optimizer, optional
        Whose update to show; it stays as it is, too.
    training : bool
        Whether dropout is at work, with the masks that the next training step would draw, and
        batch normalization takes the mean and variance of x; else it takes its running averages.
    by : {None, "layer"}
        ``"layer"`` records whole layers, as matrices told by their norms, rather than every
        neuron and edge.
    watch : list, optional
        What to record, of edges, neurons, layers and ``"loss"``: see `neurosim.tracing.watch`.
    per_sample : bool
        Whether deltas are those of each sample's own loss, as books that leave 1/n out have them;
        a gradient is then their mean, the same number as ever.

    Returns
    -------
    Trace

    Raises
    ------
    ShapeError, NotFiniteError, LossError
        The samples do not fit the network.
    NoDerivativeError
        There are targets, but a neuron through which no gradient passes.
    ArgumentTypeError
        The optimizer is none.
    ArgumentError
        There would be more than a million steps.
    UnknownNeuronError, UnknownEdgeError
        The watch list names what the network has not.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network(
    ...     [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])]
    ... )
    >>> trace = record(net, [2.0], [9.0], ns.SGD(0.05))
    >>> [step.value for step in trace]
    [7.0, 7.0, 4.0, -4.0, -12.0, -8.0, -4.0, 3.4, 1.2]
    >>> net.parameters
    array([3., 1.])
    """
    what = "Network.trace"
    if optimizer is not None:
        optimizer = instance_of(optimizer, Optimizer, f"{what}: optimizer", "ns.SGD(0.1)")
    X, single = checked_inputs(network, x, f"{what}: x")
    Y = None if y is None else checked_targets(network, y, len(X), single, f"{what}: y")
    if Y is None and optimizer is not None:
        raise ArgumentError(f"{what}: an optimizer needs targets; give y, too.")
    network.require_finite_parameters(what)
    if by not in (None, "layer"):
        raise ArgumentError(f'{what}: by must be None or "layer"; got {short(by)}.')
    seen = None if watch is None else Watch(network, watch, f"{what}: watch")
    if by is None:
        passes = "forward" if Y is None else "backward" if optimizer is None else "update"
        require_few(network, seen, len(X), passes, what)
    elif seen is not None:
        raise ArgumentError(f'{what}: give by="layer" or a watch list, not both.')
    recording = Recording.of(
        network,
        X,
        Y,
        optimizer,
        single=single,
        training=training,
        per_sample=per_sample,
        by_layer=by is not None,
        watch=seen,
    )
    return Trace(recording.steps(), recording)
