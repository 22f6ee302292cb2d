"""A recording as plain data, from which everything but the steps can be computed again.

::

    {"network": CONFIG, "memory": null or {"optimizer": ..., "step": ..., "epoch": ..., "vectors":
        {name: [number, ...]}}, "dropout": null or the state of the generator that draws its masks,
     "X": [[number, ...], ...], "Y": likewise or null, "optimizer": null or {"class": ...},
     "single": bool, "training": bool, "per_sample": bool, "by_layer": bool,
     "watch": null or [label, ...]}

CONFIG is what `neurosim.configuration` documents, with all weights and biases; X and Y are scaled,
where the network has scalers: they are what the neurons get.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.configuration import config_of, known_classes, network_of
from neurosim.errors import ArgumentError, ModelFileError, NeurosimError
from neurosim.storage.format import canonical, digest
from neurosim.storage.learners import learner_config, learner_named
from neurosim.storage.memories import memory_of, recall, split_kinds
from neurosim.tracing.recording import Recording
from neurosim.tracing.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neurosim.network import Network
    from neurosim.tracing.steps import Step

__all__ = ["Stored", "digest_of", "recording_config", "recording_of"]

FLAGS = ("single", "training", "per_sample", "by_layer")
_BROKEN = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError)


@final
class Stored:
    """The recording that plain data tells, made when it is first asked for.

    Parameters
    ----------
    config : dict
        See `recording_config`.
    kinds : list of classes
        The person's own.
    """

    def __init__(self, config: Any, kinds: list[type]) -> None:
        self._config, self._kinds = config, kinds

    @cached_property
    def recording(self) -> Recording:
        """The recording."""
        return recording_of(self._config, self._kinds)

    def __call__(self) -> Recording:
        """Return the recording."""
        return self.recording

    def step(self, key: tuple[Any, ...]) -> Step | None:
        """Return the step with this `Step.key`, computed again."""
        return self.recording.step(key)


def digest_of(config: Any) -> str:
    """Return what a recording's plain data is checked by."""
    return digest([canonical(config)])


def recording_config(recording: Recording) -> dict[str, Any] | None:
    """Return a recording as plain data; None where no file can hold it.

    That is an optimizer with a plain function for its rate, or a parameter that is not finite.
    """
    network, optimizer = recording.before, recording.optimizer
    if not np.isfinite(network.parameters).all():
        return None
    try:
        told = None if optimizer is None else learner_config(optimizer, "Trace.json")
    except ArgumentError:
        return None
    return {
        "network": config_of(network),
        "memory": _memory_config(network),
        "dropout": _generator_config(network) if recording.training else None,
        "X": recording.X.tolist(),
        "Y": None if recording.Y is None else recording.Y.tolist(),
        "optimizer": told,
        "watch": None if recording.watch is None else recording.watch.entries,
        **{flag: getattr(recording, flag) for flag in FLAGS},
    }


def _memory_config(network: Network) -> dict[str, Any] | None:
    known = memory_of(network)
    if known is None:
        return None
    about, vectors = known
    return {**about, "vectors": {name: vector.tolist() for name, vector in vectors.items()}}


def _generator_config(network: Network) -> dict[str, Any] | None:
    """Return the state of the stream that draws masks; None where nothing is dropped."""
    if network.dropout_rates is None:
        return None
    state: dict[str, Any] = _plain(network.streams.dropout.bit_generator.state)
    return state


def _plain(state: Any) -> Any:
    if isinstance(state, dict):
        return {key: _plain(value) for key, value in state.items()}
    return state.tolist() if isinstance(state, np.ndarray | np.generic) else state


def recording_of(config: Any, kinds: Iterable[type] = ()) -> Recording:
    """Return the recording that plain data tells; the opposite of `recording_config`.

    Raises
    ------
    ModelFileError
        It tells none, or one with classes that are unknown here.
    """
    learning, others = split_kinds(kinds)
    try:
        network = network_of(config["network"], kinds=others)
        optimizer = _optimizer(config["optimizer"], learning)
        if config["memory"] is not None:
            recall(network, config["memory"], config["memory"]["vectors"], learning)
            _one_learner(network, optimizer, config)
        if config["dropout"] is not None:
            network.streams.dropout = _generator(config["dropout"])
        samples = {key: _array(config[key], network) for key in ("X", "Y")}
        flags = {flag: bool(config[flag]) for flag in FLAGS}
        seen = config["watch"]
        watch = None if seen is None else Watch(network, seen, "Trace.from_json: watch")
        return Recording(network, **samples, optimizer=optimizer, watch=watch, **flags)
    except NeurosimError as error:
        raise ModelFileError(
            f"Trace.from_json: the network of the trace cannot be made again: {error}"
        ) from None
    except _BROKEN:
        raise ModelFileError(
            "Trace.from_json: what the trace was recorded from is damaged; use a good copy."
        ) from None


def _optimizer(config: Any, learning: list[type]) -> Any:
    if config is None:
        return None
    own = {kind.__name__: kind for kind in learning}
    return learner_named(config, known_classes([]) | own, "Trace.from_json")


def _one_learner(network: Network, optimizer: Any, config: dict[str, Any]) -> None:
    """Let the optimizer be the one whose memory the network has, where it was."""
    assert network.memory is not None
    if optimizer is not None and config["optimizer"] == config["memory"]["optimizer"]:
        network.memory.learner = optimizer


def _generator(state: dict[str, Any]) -> np.random.Generator:
    kind: Any = getattr(np.random, state["bit_generator"])
    # A file names what is called: nothing but a generator's own kind.
    if not (isinstance(kind, type) and issubclass(kind, np.random.BitGenerator)):
        raise ValueError
    bits = kind()
    bits.state = state
    return np.random.Generator(bits)


def _array(rows: Any, network: Network) -> Any:
    return None if rows is None else np.array(rows, dtype=network.dtype)
