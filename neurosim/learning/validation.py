"""Which samples a network is trained with, and which only tell how well it does on others."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.checks import short
from neurosim.errors import ArgumentError, ArgumentTypeError
from neurosim.mapped import of_rows
from neurosim.samples import sample_tables

if TYPE_CHECKING:
    from neurosim.network import Network

__all__ = ["Division"]


@final
class Division:
    """The samples of one training, in the person's units.

    Of a share s of n samples, the first round(s n) entries of a permutation drawn from the stream
    of shuffles are validated with; the others are trained with, in the order that they came in.

    Attributes
    ----------
    training : pair of arrays
    validation : pair of arrays or None
    rows : list of int
        The rows of X that were split off, sorted; empty where none were.
    """

    def __init__(
        self,
        network: Network,
        tables: tuple[Any, Any],
        validation: Any,
        rng: np.random.Generator,
        known: list[int],
    ) -> None:
        self.training, self.validation, self.rows = tables, None, []
        self._rng, self._ahead = rng, rng
        if validation is None:
            return
        if isinstance(validation, tuple | list) and len(validation) == 2:
            X, Y = validation
            self.validation = sample_tables(network, X, Y, "Network.fit: validation", whole=False)
            return
        share = _checked_share(validation)
        n = len(tables[0])
        self.rows = _known(known, n) if known else self._drawn(share, n)
        chosen = np.zeros(n, dtype=bool)
        chosen[self.rows] = True
        self.training = (of_rows(tables[0], ~chosen), of_rows(tables[1], ~chosen))
        self.validation = (of_rows(tables[0], chosen), of_rows(tables[1], chosen))

    def _drawn(self, share: float, n: int) -> list[int]:
        count = round(share * n)
        if not 0 < count < n:
            raise ArgumentError(
                f"Network.fit: validation={share:g} of {n} samples is {count}, which leaves none "
                f"to {'train' if count else 'validate'} with; choose another share."
            )
        # The stream itself moves on only when everything else has been checked, too.
        self._ahead = deepcopy(self._rng)
        return sorted(self._ahead.permutation(n)[:count].tolist())

    def settle(self) -> None:
        """Let the stream go on from behind what was drawn."""
        self._rng.bit_generator.state = self._ahead.bit_generator.state


def _checked_share(validation: Any) -> float:
    is_number = isinstance(validation, float | np.floating)
    if not is_number:
        raise ArgumentTypeError(
            "Network.fit: validation must be a pair (X, Y), or a share of the samples such as "
            f"0.2; got {short(validation)}."
        )
    if not 0 < validation < 1:
        raise ArgumentError(
            f"Network.fit: validation must be a share between 0 and 1; got {validation!r}."
        )
    return float(validation)


def _known(rows: list[int], n: int) -> list[int]:
    if max(rows) >= n or len(rows) >= n:
        raise ArgumentError(
            f"Network.fit: history validated with row {max(rows)} of its samples, but X has {n} "
            "rows; go on with the samples that the training began with, or leave history out."
        )
    return rows
