"""The formulas of a network's blocks, as the graph engine calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from neurosim.losses import Loss
    from neurosim.wiring import Block

__all__ = ["Formulas"]


class Formulas:
    """The formulas of a network's kinds and loss, bound for one sample or for a batch."""

    def __init__(
        self,
        blocks: tuple[Block, ...],
        loss: Loss,
        namespace: dict[str, Any],
        arrays: dict[str, Any],
    ) -> None:
        self.activate: list[Callable[..., Any]] = []
        self.derive: list[Callable[..., Any]] = []
        for block in blocks:
            # Coupled neurons are computed together, as an array even for one sample.
            own = arrays if block.kind.coupled else namespace
            self.activate.append(block.kind.formula("activate", own))
            back = "chain" if block.kind.coupled else "derivative"
            self.derive.append(block.kind.formula(back, own))
        self.loss = loss.bound("loss", namespace)
        self.loss_derivative = loss.bound("derivative", namespace)
        self.loss_from_z = loss.bound("loss_from_z", namespace)
        self.loss_delta = loss.bound("derivative_by_z", namespace)
