"""A training on its way, in a file: what it takes to go on as if it had never stopped.

A checkpoint is a NPZ file, read without pickle and with a digest inside like a saved model's:
``network`` holds the bytes of such a model, ``start`` and ``gradient`` and ``memory.*`` (what the
optimizer remembers) one number per parameter, ``callback<i>.*`` the arrays that callbacks keep,
``about`` the optimizer, counts, history and the states of the random streams as a JSON text, and
``digest`` the SHA-256 of all others.
"""

from __future__ import annotations

import dataclasses
import io
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, final

import numpy as np

from neurosim.checks import instance_of, whole_number
from neurosim.configuration import known_classes
from neurosim.errors import ArgumentError, ModelFileError, NeurosimError
from neurosim.files import checked_path, read_bytes, write_atomically
from neurosim.learning.callbacks import Callback
from neurosim.learning.history import History
from neurosim.network import Network
from neurosim.storage.format import VERSION, canonical, check_head, damaged, foreign, parsed
from neurosim.storage.learners import LEARNING, learner_config, learner_named
from neurosim.storage.npzfile import NPZFile, read_arrays, total_digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.learning.callbacks import Run
    from neurosim.learning.learner import Learner

__all__ = ["Checkpoint", "Resumed", "resume"]

_STREAMS = ("initial", "shuffle", "dropout")
_GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


class Resumed(NamedTuple):
    """What `resume` returns: pass all three to `Network.fit`, of the network itself."""

    network: Network
    optimizer: Learner
    history: History


@final
class Checkpoint(Callback):
    """Writes a training into a file, so that `resume` goes on with it bit for bit.

    The file holds the network with its scalers, the optimizer with its schedule and what it
    remembers, the states of the random streams, the history, and what callbacks such as
    `EarlyStopping` keep. It is replaced as a whole: after a crash the last complete one is there.

    Parameters
    ----------
    path : str or path
        A ``.npz`` file.
    every : int
        It is written after every so many epochs.

    Raises
    ------
    ArgumentError
        By `Network.fit`, before it begins: the learning rate is a plain function, which no file
        can hold.

    Examples
    --------
    >>> import neurosim as ns, tempfile
    >>> X, Y = ns.datasets.xor()
    >>> def training():
    ...     net = ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    ...     return net, {"optimizer": ns.Adam(0.01), "batch_size": 2}
    >>> net, options = training()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = f"{folder}/run.npz"
    ...     _ = net.fit(X, Y, epochs=4, callbacks=ns.Checkpoint(path), **options)
    ...     net, optimizer, history = ns.resume(path)
    >>> history = net.fit(X, Y, optimizer=optimizer, history=history, batch_size=2, epochs=6)
    >>> uninterrupted, options = training()
    >>> history == uninterrupted.fit(X, Y, epochs=10, **options)
    True
    >>> bool((net.parameters == uninterrupted.parameters).all())
    True
    """

    hears_last: ClassVar[bool] = True

    def __init__(self, path: Any, every: int = 1) -> None:
        self.path = checked_path(path, [".npz"], "Checkpoint: path")
        self.every = whole_number(every, "Checkpoint: every")

    def check(self, run: Run) -> None:
        """Raise where the optimizer or a random stream cannot be written."""
        learner_config(run.optimizer, "Checkpoint")
        _stream_states(run)
        if not self.path.parent.is_dir():
            raise ModelFileError(
                f"{str(self.path)!r} cannot be written (there is no such folder); choose a folder "
                "that exists and that you may write to."
            )

    def on_epoch(self, run: Run) -> None:
        """Write, where it is time to."""
        if len(run.history) % self.every == 0:
            run.network.require_finite_parameters("Checkpoint")
            write_atomically(self.path, _content(run))

    def __repr__(self) -> str:
        return f"Checkpoint({str(self.path)!r}, every={self.every})"


# -- writing --------------------------------------------------------------------------------------


def _content(run: Run) -> bytes:
    network, memory = run.network, run.optimizer.memory(run.network)
    states = [(type(c).__name__, c.state()) for c in run.callbacks if c.state()]
    about = {
        "neurosim": "checkpoint",
        "version": VERSION,
        "optimizer": learner_config(run.optimizer, "Checkpoint"),
        "step": memory.step,
        "epoch": memory.epoch,
        "streams": _stream_states(run),
        "history": dataclasses.asdict(run.history),
        "callbacks": [
            {"callback": name, **{k: v for k, v in state.items() if not _is_array(v)}}
            for name, state in states
        ],
    }
    arrays = {
        "network": np.frombuffer(NPZFile().content(network, memory=False), dtype=np.uint8),
        "start": network.start,
        "gradient": network.gradient,
        **{f"memory.{name}": vector for name, vector in memory.vectors.items()},
        **{
            f"callback{i}.{name}": value
            for i, (_, state) in enumerate(states)
            for name, value in state.items()
            if _is_array(value)
        },
        "about": np.frombuffer(canonical(about), dtype=np.uint8),
    }
    arrays["digest"] = np.frombuffer(total_digest(arrays).encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)


def _stream_states(run: Run) -> dict[str, Any]:
    # Start weights, as `connect` draws them, come from the network's own stream in any case.
    streams = {**vars(run.streams), "initial": run.network.streams.initial}
    return {name: _stream_state(streams[name]) for name in _STREAMS}


def _stream_state(stream: np.random.Generator) -> dict[str, Any]:
    state: Any = stream.bit_generator.state
    if state["bit_generator"] not in _GENERATORS:
        raise ArgumentError(
            f"Checkpoint: rng is a {state['bit_generator']}, whose state no file can hold; use a "
            f"generator of numpy's own ({', '.join(_GENERATORS)})."
        )
    told: dict[str, Any] = _listed(state)
    return told


def _listed(state: Any) -> Any:
    """Return nested dicts with lists in the place of arrays, and Python's whole numbers."""
    if isinstance(state, dict):
        return {key: _listed(value) for key, value in state.items()}
    return state.tolist() if isinstance(state, np.ndarray | np.generic) else state


# -- reading --------------------------------------------------------------------------------------


def resume(
    path: Any,
    kinds: Iterable[type] = (),
    *,
    callbacks: Iterable[Callback] = (),
    network: Network | None = None,
) -> Resumed:
    """Return the network, the optimizer and the history of a training that `Checkpoint` wrote.

    Go on with ``net.fit(X, Y, optimizer=optimizer, history=history, epochs=the rest, ...)``, with
    the samples and settings that it began with: all numbers are then those that the uninterrupted
    training would have had, bit for bit. With dropout or shuffling leave ``rng`` out.

    Parameters
    ----------
    path : str or path
    kinds : iterable of classes
        The person's own neurons, losses, scalers, optimizers and schedules that it uses.
    callbacks : iterable of Callback
        New ones like those of the training, such as ``ns.EarlyStopping(10)``: they take back what
        theirs kept, and are then passed to `Network.fit` as well.
    network : Network, optional
        One of the same wiring, which is filled with the checkpoint's numbers in the place of a new
        one being made: for a graph whose nodes are not texts, say.

    Returns
    -------
    Resumed
        ``network, optimizer, history``.

    Raises
    ------
    ModelFileError
        The file is missing, empty, foreign, damaged, or of a later version.
    ArgumentError
        The checkpoint is of another network, or of other callbacks.
    """
    file = checked_path(path, [".npz"], "ns.resume: path")
    name, own = str(file), list(kinds)
    if network is not None:
        instance_of(network, Network, "ns.resume: network", "ns.Network([...])")
    arrays = _arrays(read_bytes(file), name)
    about = parsed(arrays["about"].tobytes(), name)
    check_head(about, name, "checkpoint")
    listeners = [callback for callback in _listeners(callbacks) if callback.state()]
    try:
        loaded, optimizer = _made(about, arrays, name, own)
        history = History(**about["history"])
        kept = [(state.pop("callback"), state) for state in about["callbacks"]]
    except ModelFileError:
        raise
    except (NeurosimError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelFileError(f"{name!r} holds no training that can go on: {error}") from error
    _check_callbacks([callback for callback, _ in kept], listeners, name)
    if network is not None:
        loaded = _filled(network, loaded, name)
    for i, listener in enumerate(listeners):
        parts = {k.split(".", 1)[1]: v for k, v in arrays.items() if k.startswith(f"callback{i}.")}
        listener.restore(kept[i][1] | parts)
    return Resumed(loaded, optimizer, history)


def _arrays(content: bytes, name: str) -> dict[str, Any]:
    if not content:
        raise ModelFileError(f"{name!r} is empty; it is no checkpoint written by neurosim.")
    arrays = read_arrays(content, name)
    if not {"about", "digest"} <= set(arrays):
        raise foreign(name)
    if arrays["digest"].tobytes() != total_digest(arrays).encode():
        raise damaged(name)
    return arrays


def _listeners(callbacks: Any) -> list[Callback]:
    given = list(callbacks) if np.iterable(callbacks) else [callbacks]
    return [
        instance_of(callback, Callback, "ns.resume: callbacks", "[ns.EarlyStopping(10)]")
        for callback in given
    ]


def _made(
    about: dict[str, Any], arrays: dict[str, Any], name: str, kinds: list[type]
) -> tuple[Network, Learner]:
    learners = [kind for kind in kinds if _is_learning(kind)]
    others = [kind for kind in kinds if not _is_learning(kind)]
    classes = known_classes(others) | {kind.__name__: kind for kind in learners}
    network = NPZFile().network(arrays["network"].tobytes(), name, others)
    network.start[:] = arrays["start"]
    network.gradient[:] = arrays["gradient"]
    optimizer = learner_named(about["optimizer"], classes, "ns.resume")
    memory = optimizer.memory(network)
    memory.step, memory.epoch = about["step"], about["epoch"]
    for key, vector in memory.vectors.items():
        vector[:] = arrays[f"memory.{key}"]
    for stream in _STREAMS:
        setattr(network.streams, stream, _stream(about["streams"][stream]))
    return network, optimizer


def _is_learning(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, LEARNING)


def _stream(state: dict[str, Any]) -> np.random.Generator:
    if state["bit_generator"] not in _GENERATORS:
        raise ValueError(f"{state['bit_generator']!r} is no generator of numpy's")
    bits = getattr(np.random, state["bit_generator"])()
    bits.state = state
    return np.random.Generator(bits)


def _check_callbacks(had: list[str], listeners: list[Callback], name: str) -> None:
    given = [type(listener).__name__ for listener in listeners]
    if listeners and had != given:
        raise ArgumentError(
            f"ns.resume: callbacks must be like those of the training in {name!r}, which are "
            f"{', '.join(had) or 'none'}; got {', '.join(given)}."
        )


def _filled(network: Network, loaded: Network, name: str) -> Network:
    if not _same(network, loaded):
        raise ArgumentError(
            f"ns.resume: {name!r} is a checkpoint of another network, {loaded!r}; network is "
            f"{network!r}, or differs in labels, kinds or edges. Leave network out to get the one "
            "that was trained."
        )
    for vector in ("parameters", "gradient", "start", "frozen", "averages"):
        getattr(network, vector)[:] = getattr(loaded, vector)
    network.input_scaler, network.output_scaler = loaded.input_scaler, loaded.output_scaler
    network.memory, network.streams = loaded.memory, loaded.streams
    network.regularization = loaded.regularization
    network.forget_engines()
    network.last_pass = None
    return network


def _same(one: Network, other: Network) -> bool:
    """Whether two networks have the same neurons, edges, ties, loss and dtype."""
    wirings = one.wiring, other.wiring
    tables = [
        (
            w.inputs,
            w.outputs,
            w.edges.sources,
            w.edges.targets,
            w.edge_slots,
            w.bias_slots,
            w.gamma_slots,
        )
        for w in wirings
    ]
    kinds = [[net.kind_of(i) for i in range(net.wiring.n_neurons)] for net in (one, other)]
    return (
        repr(one) == repr(other)
        and one.dtype == other.dtype
        and list(one.labels) == list(other.labels)
        and kinds[0] == kinds[1]
        and all(np.array_equal(a, b) for a, b in zip(*tables, strict=True))
    )
