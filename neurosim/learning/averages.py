"""The running mean on which momentum, RMSprop and Adam are built, alone and by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

from neurosim.checks import finite_array, finite_number
from neurosim.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ExponentialAverage"]


@final
class ExponentialAverage:
    """v_t = beta v_{t-1} + (1 - beta) x_t from v_0 = 0; corrected: v_t / (1 - beta^t).

    It weighs a number that is k steps old with (1 - beta) beta^k, and so looks back over about
    1 / (1 - beta) numbers: 10 for beta = 0.9, 50 for 0.98. Without the correction it starts too
    low, since v_0 = 0 is averaged in; the correction divides by the weight of what has been seen.

    Parameters
    ----------
    beta : float
        The share of the old average that is kept, from 0 to below 1.
    corrected : bool
        Whether the start at zero is corrected.

    Attributes
    ----------
    value : float or array
        The average so far.
    count : int
        How many numbers it has seen.

    Examples
    --------
    >>> round(ExponentialAverage(0.9).of(range(1, 101)), 3)  # the mean of 91..100 is 95.5
    91.003
    >>> average = ExponentialAverage(0.9, corrected=False)
    >>> [round(average.add(x), 3) for x in (1.0, 1.0, 1.0)]
    [0.1, 0.19, 0.271]
    """

    def __init__(self, beta: float = 0.9, corrected: bool = True) -> None:
        self.beta = finite_number(beta, "ExponentialAverage: beta", at_least=0)
        if self.beta >= 1:
            raise ArgumentError(
                f"ExponentialAverage: beta must lie in [0, 1); got {beta!r}. At 1 nothing new "
                "would ever be seen."
            )
        self.corrected = bool(corrected)
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.count = 0
        self._v: Any = 0.0

    @property
    def window(self) -> float:
        """About how many of the last numbers it looks back over: 1 / (1 - beta).

        >>> round(ExponentialAverage(0.98).window)
        50
        """
        return 1.0 / (1.0 - self.beta)

    @property
    def value(self) -> Any:
        """The average so far; 0 before anything was seen."""
        if not self.corrected or not self.count:
            return self._v
        return self._v / (1.0 - self.beta**self.count)

    def add(self, x: Any) -> Any:
        """See one more number or array; return the average."""
        seen = finite_array(x, "ExponentialAverage.add: x")
        self._v = self.beta * self._v + (1.0 - self.beta) * (
            float(seen) if seen.ndim == 0 else seen
        )
        self.count += 1
        return self.value

    def of(self, numbers: Iterable[Any]) -> Any:
        """See all of these; return the average."""
        for x in numbers:
            self.add(x)
        return self.value

    def __repr__(self) -> str:
        correction = "" if self.corrected else ", corrected=False"
        return f"ExponentialAverage({self.beta}{correction}; {self.count} seen, value {self.value})"
