"""When to end a training before its last epoch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, final

from neurosim.checks import finite_number, short, whole_number
from neurosim.errors import ArgumentError, ArgumentTypeError
from neurosim.learning.callbacks import Callback

if TYPE_CHECKING:
    from neurosim.learning.callbacks import Run

__all__ = ["EarlyStopping", "StopWhen"]


@final
class EarlyStopping(Callback):
    """Ends a training that no longer improves, and brings back the parameters of the best epoch.

    An epoch is better than the best so far where the monitored number is smaller by more than
    `minimum_change`. After `patience` epochs in a row that are not, training ends. However it
    ends, save by an error, the network has the parameters of the best epoch; what the optimizer
    remembers stays that of the last.

    Parameters
    ----------
    patience : int
        How many epochs without an improvement are waited for.
    minimum_change : float
        What does not count as an improvement.
    monitor : str
        ``"validation_loss"``, ``"loss"`` (which is measured before the updates of its epoch), or
        the name of a metric.
    larger_is_better : bool
        Whether the number is to grow, as an accuracy.

    Attributes
    ----------
    best : float
        The best number so far.
    best_epoch : int or None
        Its epoch, counted as in the history.
    best_parameters : array or None
    best_averages : array or None
        Those of batch normalization, of the best epoch.

    Examples
    --------
    >>> import neurosim as ns
    >>> X, Y = ns.datasets.xor()
    >>> net = ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    >>> stop = ns.EarlyStopping(patience=5)
    >>> history = net.fit(
    ...     X[:3],
    ...     Y[:3],
    ...     optimizer=ns.SGD(0.1),
    ...     epochs=500,
    ...     validation=(X[3:], Y[3:]),
    ...     callbacks=[stop],
    ... )
    >>> len(history) == stop.best_epoch + 1 + 5
    True
    >>> net.loss_of(X[3:], Y[3:]) == min(history.validation_loss) == stop.best
    True
    """

    def __init__(
        self,
        patience: int = 10,
        minimum_change: float = 0.0,
        monitor: str = "validation_loss",
        *,
        larger_is_better: bool = False,
    ) -> None:
        self.patience = whole_number(patience, "EarlyStopping: patience")
        what = "EarlyStopping: minimum_change"
        self.minimum_change = finite_number(minimum_change, what, at_least=0)
        self.monitor = _checked_name(monitor, "EarlyStopping: monitor")
        self.larger_is_better = bool(larger_is_better)
        self._begin()

    def _begin(self) -> None:
        self.best = -math.inf if self.larger_is_better else math.inf
        self.best_epoch: int | None = None
        self.best_parameters: Any = None
        self.best_averages: Any = None
        self.waited = 0

    def check(self, run: Run) -> None:
        """Raise where the monitored number is not recorded."""
        _require_recorded(self.monitor, run, "EarlyStopping: monitor")

    def on_start(self, run: Run) -> None:
        """Begin anew, unless the training goes on with a history."""
        if not len(run.history):
            self._begin()
        if self.waited >= self.patience:
            run.stop()

    def on_epoch(self, run: Run) -> None:
        """Keep the parameters where they are the best so far, else lose patience."""
        value = run.history.values_of(self.monitor)[-1]
        gain = value - self.best if self.larger_is_better else self.best - value
        if gain > self.minimum_change:
            self.best, self.best_epoch, self.waited = value, run.epoch, 0
            self.best_parameters = run.network.parameters.copy()
            if len(run.network.wiring.normalized):
                self.best_averages = run.network.averages.copy()
            return
        self.waited += 1
        if self.waited >= self.patience:
            run.stop()

    def on_end(self, run: Run) -> None:
        """Bring back the best parameters."""
        if self.best_parameters is not None:
            run.network.parameters[:] = self.best_parameters
        if self.best_averages is not None:
            run.network.averages[:] = self.best_averages

    def state(self) -> dict[str, Any]:
        """Return the best so far, and how long was waited for a better one."""
        kept = {"best": self.best, "best_epoch": self.best_epoch, "waited": self.waited}
        if self.best_parameters is None:
            return kept
        kept["best_parameters"] = self.best_parameters
        if self.best_averages is not None:
            kept["best_averages"] = self.best_averages.ravel()
        return kept

    def restore(self, state: dict[str, Any]) -> None:
        """Take back what `state` returned."""
        self.best, self.best_epoch = state["best"], state["best_epoch"]
        self.waited, self.best_parameters = state["waited"], state.get("best_parameters")
        averages = state.get("best_averages")
        self.best_averages = None if averages is None else averages.reshape(2, -1)

    def __repr__(self) -> str:
        more = ", larger_is_better=True" if self.larger_is_better else ""
        return (
            f"EarlyStopping(patience={self.patience}, minimum_change={self.minimum_change}, "
            f"monitor={self.monitor!r}{more})"
        )


@final
class StopWhen(Callback):
    """Ends a training that is good enough, or that hardly moves; any one of the limits does.

    Parameters
    ----------
    loss : float, optional
        The training loss is this or smaller.
    metric : (str, float), optional
        The name of a metric, or ``"validation_loss"``, and the number that it must reach.
    change_below : float, optional
        The training loss differs by less than this from that of the epoch before.
    larger_is_better : bool, optional
        Whether the metric is to grow to its number, as an accuracy does; a loss is to fall.

    Examples
    --------
    >>> import neurosim as ns
    >>> X, Y = ns.datasets.gates("and")
    >>> net = ns.Network([ns.InputLayer(2), ns.Layer(1, ns.Perceptron, initializer=ns.Zeros())])
    >>> len(net.fit(X, Y, optimizer=ns.PerceptronRule(), epochs=99, callbacks=ns.StopWhen(loss=0)))
    6
    """

    def __init__(
        self,
        *,
        loss: float | None = None,
        metric: tuple[str, float] | None = None,
        change_below: float | None = None,
        larger_is_better: bool = True,
    ) -> None:
        if loss is None and metric is None and change_below is None:
            raise ArgumentError("StopWhen: give at least one of loss, metric and change_below.")
        self.loss = None if loss is None else finite_number(loss, "StopWhen: loss", at_least=0)
        self.metric = None if metric is None else _checked_metric(metric)
        self.change_below = (
            None
            if change_below is None
            else finite_number(change_below, "StopWhen: change_below", above=0)
        )
        falls = self.metric is not None and self.metric[0] in ("loss", "validation_loss")
        self.larger_is_better = bool(larger_is_better) and not falls

    def check(self, run: Run) -> None:
        """Raise where the metric is not recorded."""
        if self.metric is not None:
            _require_recorded(self.metric[0], run, "StopWhen: metric")

    def on_epoch(self, run: Run) -> None:
        """Stop where a limit is reached."""
        if self._is_small(run) or self._is_reached(run) or self._hardly_moves(run):
            run.stop()

    def _is_small(self, run: Run) -> bool:
        return self.loss is not None and run.history.loss[-1] <= self.loss

    def _is_reached(self, run: Run) -> bool:
        if self.metric is None:
            return False
        name, wanted = self.metric
        value = run.history.values_of(name)[-1]
        return value >= wanted if self.larger_is_better else value <= wanted

    def _hardly_moves(self, run: Run) -> bool:
        losses = run.history.loss
        if self.change_below is None or len(losses) < 2:
            return False
        return abs(losses[-1] - losses[-2]) < self.change_below

    def __repr__(self) -> str:
        limits = {"loss": self.loss, "metric": self.metric, "change_below": self.change_below}
        given = [f"{name}={value!r}" for name, value in limits.items() if value is not None]
        if self.metric is not None and not self.larger_is_better:
            given.append("larger_is_better=False")
        return f"StopWhen({', '.join(given)})"


def _checked_name(name: Any, what: str) -> str:
    if not isinstance(name, str):
        raise ArgumentTypeError(
            f"{what} must be a name such as 'validation_loss' or 'accuracy'; got {short(name)}."
        )
    return name


def _checked_metric(metric: Any) -> tuple[str, float]:
    if not isinstance(metric, tuple | list) or len(metric) != 2:
        raise ArgumentTypeError(
            "StopWhen: metric must be a name and a number, such as ('accuracy', 0.95); "
            f"got {short(metric)}."
        )
    name = _checked_name(metric[0], "StopWhen: metric")
    return name, finite_number(metric[1], f"StopWhen: metric {name!r}")


def _require_recorded(name: str, run: Run, what: str) -> None:
    if name in run.records:
        return
    remedy = f"pass net.fit metrics=[...] with a function named {name}"
    if name == "validation_loss":
        remedy = "pass net.fit validation=0.2 or a pair (X, Y)"
    raise ArgumentError(
        f"{what} {name!r} is not recorded in this training, only {', '.join(run.records)}; "
        f"{remedy}."
    )
