"""What a search tried, the best first."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING, Any, final

from neurosim.checks import short
from neurosim.errors import DivergedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from neurosim.learning.search.trial import Trial

__all__ = ["SearchTable"]


@final
class SearchTable:
    """A row for every setting, sorted by its mean validation loss; print it to read it.

    Attributes
    ----------
    rows : list of dict
        The setting's own entries, and ``loss`` (the mean over its seeds; inf if one diverged),
        ``spread`` (their standard deviation; inf if one diverged), ``training_loss`` (the mean),
        ``diverged`` (how many of the seeds did) and ``reason`` (that of the first that did).
    runs : list of dict
        One training each, in the order tried: the setting's own entries, ``seed``, ``loss``,
        ``training_loss`` and ``reason``.

    Examples
    --------
    >>> import neurosim as ns
    >>> X, Y = ns.datasets.gates("and")
    >>> def make(rng):
    ...     return ns.Network.layered([2, 1], hidden=None, output=ns.SigmoidNeuron, rng=rng)
    >>> rates = {"learning_rate": [0.1, 10.0, 1.0]}
    >>> table = ns.grid_search(
    ...     make, rates, X, Y, validation=(X, Y), optimizer=ns.SGD(1.0), seeds=(0, 1)
    ... )
    >>> print(table)
    learning_rate     loss     spread  training_loss  diverged
               10  0.00562  1.217e-05       0.005683         0
                1  0.05874  0.0009607        0.05919         0
              0.1   0.1839   0.001658         0.1844         0
    >>> table.best
    {'learning_rate': 10.0}
    """

    def __init__(
        self, groups: Sequence[Sequence[Trial]], chosen: Sequence[Trial] | None = None
    ) -> None:
        self.runs = [trial.row() for group in groups for trial in group]
        # Sorting is stable: of settings that do equally well, the one tried first comes first.
        ranked = sorted(groups, key=mean_loss)
        self.rows = [_row(group) for group in ranked]
        self._chosen = ranked[0] if chosen is None else chosen

    @property
    def best(self) -> dict[str, Any]:
        """The setting to take: that of the first row, or the last that `grow_layer` kept.

        Raises
        ------
        DivergedError
            Every setting diverged with one of its seeds.
        """
        if math.isfinite(mean_loss(self._chosen)):
            return dict(self._chosen[0].setting)
        raise DivergedError(
            "SearchTable.best: every setting diverged with at least one seed. The first says: "
            f"{self.rows[0]['reason']}"
        )

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows)

    def __str__(self) -> str:
        columns = [name for name in self.rows[0] if name != "reason"]
        cells = [columns, *([_text(row[name]) for name in columns] for row in self.rows)]
        widths = [max(len(row[c]) for row in cells) for c in range(len(columns))]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in cells
        ]
        return "\n".join(lines)

    def __repr__(self) -> str:
        count = "1 setting" if len(self) == 1 else f"{len(self)} settings"
        return f"SearchTable({count}, {len(self.runs)} runs, loss {self.rows[0]['loss']:.6g})"


def mean_loss(group: Sequence[Trial]) -> float:
    """Return the mean validation loss of the trials of one setting; inf if one diverged."""
    return math.fsum(trial.loss for trial in group) / len(group)


def _row(group: Sequence[Trial]) -> dict[str, Any]:
    mean = mean_loss(group)
    reasons = [trial.reason for trial in group if trial.reason]
    numbers = {
        "loss": mean,
        "spread": statistics.pstdev(trial.loss for trial in group) if not reasons else math.inf,
        "training_loss": math.fsum(trial.training_loss for trial in group) / len(group),
        "diverged": len(reasons),
        "reason": reasons[0] if reasons else "",
    }
    return {**group[0].setting, **numbers}


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return value.__name__ if isinstance(value, type) else short(value)
