"""What a training run reports, epoch by epoch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["History"]


@dataclass
class History:
    """One number per epoch of each quantity.

    Attributes
    ----------
    loss : list of float
        The mean over the epoch's samples of the data loss that each batch had before its update.
    penalty : list of float
        What regularizers added to it; empty without any.
    validation_loss : list of float
        The loss of the validation samples after the epoch; empty without any.
    metrics : dict of lists
        By name; those of the validation samples where there are some, else of the training ones.
    learning_rate : list of float
        The rate that the epoch ran at.
    batch_loss : list of float
        The loss of every batch before its update, where `BatchLoss` was among the callbacks.
    diagnostics : dict of dicts of lists
        By name and layer, where `Diagnostics` was among the callbacks.
    validation_rows : list of int
        The rows of X that ``fit(validation=0.2)`` did not train with; empty without such a share.
    """

    loss: list[float] = field(default_factory=list)
    penalty: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    metrics: dict[str, list[float]] = field(default_factory=dict)
    learning_rate: list[float] = field(default_factory=list)
    batch_loss: list[float] = field(default_factory=list)
    diagnostics: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    validation_rows: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.loss)

    def __repr__(self) -> str:
        if not self.loss:
            return "History(no epochs)"
        parts = [f"{len(self)} epochs", f"loss {self.loss[0]:.6g} -> {self.loss[-1]:.6g}"]
        if self.validation_loss:
            parts.append(f"validation loss {self.validation_loss[-1]:.6g}")
        return f"History({', '.join(parts)})"

    def values_of(self, name: str) -> list[float]:
        """Return one number per epoch of ``"loss"``, ``"validation_loss"`` or a metric.

        >>> History(loss=[2.0, 1.0], metrics={"accuracy": [0.5, 0.75]}).values_of("accuracy")
        [0.5, 0.75]
        """
        own = {"loss": self.loss, "validation_loss": self.validation_loss}
        return own[name] if name in own else self.metrics[name]

    def plot(
        self,
        ax: Any = None,
        *,
        path: Any = None,
        title: str | None = None,
        style: str = "screen",
    ) -> Any:
        """Draw the losses against the epochs, and beside them what else was recorded.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw the losses alone. Without it, a new figure has an axes each for the
            losses, every metric, the learning rate where it changes, and diagnostics.
        path : str or path, optional
            A ``.png``, ``.svg`` or ``.pdf`` file to write.
        title : str, optional
        style : {"screen", "paper", "slide", "dark"}

        Returns
        -------
        matplotlib.axes.Axes
            That of the losses; all of them are in its ``.figure.axes``.
        """
        from neurosim.drawing import draw_history

        return draw_history(self, ax=ax, path=path, title=title, style=style)
