"""The numbers of a pass, where they still belong to the network's parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from neurosim.errors import ArgumentError, PassError

if TYPE_CHECKING:
    from neurosim.engines.traversal import Pass
    from neurosim.network import Network

__all__ = ["Values"]


@dataclass(frozen=True)
class Values:
    """The numbers of one sample, by neuron; empty where there are none to show.

    Attributes
    ----------
    activation, z, delta : dict
        By neuron number; an input has no z.
    gradient : dict
        By entry of the parameters: that of the whole batch.
    dropped : frozenset of int
        The neurons that dropout has set to 0 in this sample.
    note : str
        Which sample they are of, where the pass had several.
    n : int
        The number of samples that the gradient is of.
    """

    activation: dict[int, float] = field(default_factory=dict)
    z: dict[int, float] = field(default_factory=dict)
    delta: dict[int, float] = field(default_factory=dict)
    gradient: dict[int, float] = field(default_factory=dict)
    dropped: frozenset[int] = frozenset()
    note: str = ""
    n: int = 1

    @classmethod
    def of(cls, network: Network, sample: int | None) -> Values:
        """Return what may be shown without misleading anyone.

        That is nothing before a pass, after the parameters have changed since it, and of the
        neurons in a batch unless one `sample` of it is asked for: no mean over samples stands in
        for them. A gradient is that of the whole batch.
        """
        run = network.last_pass
        if run is None or not run.belongs_to(network.parameters):
            _refuse_sample(sample)
            return cls()
        gradient = {} if run.delta is None else dict(enumerate(network.gradient.tolist()))
        if run.single:
            check_sample(sample, 1)
            return cls._of_sample(run, None, gradient)
        if sample is None:
            return cls(gradient=gradient, n=run.n)
        check_sample(sample, run.n)
        note = f"sample {sample} of {run.n}, counted from 0"
        return cls._of_sample(run, sample, gradient, note)

    @classmethod
    def _of_sample(
        cls, run: Pass, sample: int | None, gradient: dict[int, float], note: str = ""
    ) -> Values:
        parts = (run.activation, run.z, run.delta)
        activation, z, delta = (_numbers(values, sample) for values in parts)
        masks = {i: float(m if sample is None else m[sample]) for i, m in run.masks.items()}
        dropped = frozenset(number for number, mask in masks.items() if mask == 0)
        return cls(activation, z, delta, gradient, dropped, note, run.n)


def _numbers(values: Any, sample: int | None) -> dict[int, float]:
    known = {} if values is None else {i: v for i, v in enumerate(values) if v is not None}
    return {i: float(v if sample is None else v[sample]) for i, v in known.items()}


def _refuse_sample(sample: int | None) -> None:
    if sample is not None:
        raise PassError(
            f"Network.draw: sample={sample} asks for the numbers of a pass, but there is none that "
            "belongs to the parameters as they are now; call net.forward(X) first."
        )


def check_sample(sample: int | None, n: int, pass_: str = "the last pass") -> None:
    """Raise where a batch of n samples has no sample of this number."""
    if sample is not None and sample >= n:
        raise ArgumentError(
            f"Network.draw: sample must be below {n}, the number of samples of {pass_}; "
            f"got {sample}."
        )
