"""Checking a person's numbers of one learning step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosim.checks import finite_number, instance_of
from neurosim.errors import ArgumentError
from neurosim.network import Network
from neurosim.tracing.exercises.answers import read_answers
from neurosim.tracing.exercises.arrays import is_arrays, read_gradients
from neurosim.tracing.exercises.diagnosis import SMALL, Settled, Sheet, diagnosed, joined
from neurosim.tracing.exercises.report import CheckedAnswer, WorkReport
from neurosim.tracing.exercises.textbook import Textbook
from neurosim.tracing.recorder import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neurosim.tracing.exercises.answers import Answer
    from neurosim.tracing.exercises.diagnosis import Diagnosis
    from neurosim.tracing.exercises.textbook import LearningStep
    from neurosim.tracing.trace import Trace

__all__ = ["check_trace", "check_work"]

# A number computed from a rounded one is off by a few times what that one is off by,
_CARRIED = 4.0
# but by no more than this share of itself.
_MOST = 0.02
# Of more wrong numbers that have nothing to do with each other the causes are not looked for:
# in a small network, and in a larger one.
_EXAMINED = (5, 2)


def check_work(
    network: Network,
    x: Any,
    y: Any,
    answers: Any,
    optimizer: Any = None,
    *,
    tolerance: float | None = None,
    per_sample: bool = False,
    training: bool = False,
) -> WorkReport:
    """Check a person's numbers of one learning step, and name the likely mistake.

    Every number is compared with the right one and, where that fails, with what follows from the
    person's own earlier numbers. A mistake is named only where it gives the very number handed in.

    Parameters
    ----------
    network : Network
        It stays as it is. Its loss says what the convention is: `MeanSquaredError` has no 1/2,
        `QuadraticCost` has.
    x, y : arrays
        One sample and its targets, or a batch.
    answers : mapping
        Numbers by subject and quantity, as many as there are: ``{"hidden1[0]": {"z": ..., "a":
        ..., "delta": ...}, "input[0]->hidden1[0]": {"gradient": ..., "new": ...}, "output[0].bias":
        {"gradient": ...}, "loss": {"value": ..., "new": ...}}``. ``new`` is the value after the
        update, of the loss that of the same samples after it. A number may be text, which keeps
        its digits ("0.50"); None is no answer. Of a batch z, a and delta are lists.

        Or the gradients of your own code: ``{"dW1": ..., "db1": ...}`` or ``[dW1, db1, ...]``
        with dW ``(n_in, n_out)``, or a PyTorch module after ``backward()``.
    optimizer : Optimizer, optional
        Whose update the numbers called ``new`` are about.
    tolerance : float, optional
        How far a number may be off; otherwise half a unit in the last digit given.
    per_sample : bool
        Whether deltas leave out the 1/n of the mean over a batch, as some books have it.
    training : bool
        Whether dropout and batch statistics are at work, as in `Network.trace`.

    Returns
    -------
    WorkReport
        ``.ok``, ``.first_wrong``, ``.mistake``; print it to read it.

    Raises
    ------
    UnknownNeuronError, UnknownEdgeError
        An answer is about something that does not exist.
    ArgumentError, ArgumentTypeError, NotFiniteError, ShapeError
        There is no answer, no target or no optimizer, or an answer is no number.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network(
    ...     [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])]
    ... )
    >>> work = {"output[0]": {"a": 7, "delta": 4}, "input[0]->output[0]": {"gradient": 8}}
    >>> report = ns.check_work(net, [2.0], [9.0], work)
    >>> report
    WorkReport(ok=False, first_wrong=('output[0]', 'delta'), mistake='sign')
    >>> print(report)
    1 of 3 numbers right.
    Right: a of output[0].
    <BLANKLINE>
    First wrong: delta of output[0] is -4; you have 4.
      Likely mistake (sign): The derivative of the loss has the wrong sign: y - a in place of a - y.
      That gives 4 = 4.
    <BLANKLINE>
    Consistent with it, so wrong for the same reason: gradient of input[0]->output[0].
    """
    instance_of(network, Network, "check_work: network", "ns.Network([...])")
    if y is None:
        raise ArgumentError("check_work: y must be the targets, as loss and deltas need them.")
    trace = record(network, x, y, optimizer, training=training)
    return check_trace(trace, answers, tolerance, per_sample=per_sample, what="check_work: answers")


def check_trace(
    trace: Trace,
    answers: Any,
    tolerance: float | None = None,
    *,
    per_sample: bool = False,
    what: str = "Trace.check: answers",
) -> WorkReport:
    """Check a person's numbers against a trace; this is `Trace.check`."""
    snapshot = trace.snapshot
    if not snapshot.has_targets:
        raise ArgumentError(f"{what}: the trace has no targets; record it with net.trace(x, y).")
    if tolerance is not None:
        finite_number(tolerance, f"{what.partition(':')[0]}: tolerance", at_least=0)
    right = Textbook(snapshot).run()
    if is_arrays(answers):
        given = read_gradients(trace.network, answers, what)
        order = {key: i for i, key in enumerate(right.computed)}
        given.sort(key=lambda answer: order[answer.key])
    else:
        given = read_answers(answers, right, what)
    sheet = Sheet(right, given, tolerance, per_sample or snapshot.per_sample)
    return WorkReport(_checked(sheet))


def _checked(sheet: Sheet) -> list[CheckedAnswer]:
    """Return the verdicts in order: right, following from a mistake before, or a mistake."""
    wrong = [answer for answer in sheet.answers if not _is_right(sheet, answer)]
    right = [answer for answer in sheet.answers if _is_right(sheet, answer)]
    carried = _Carried(sheet, right, wrong)
    most = _EXAMINED[len(sheet.snapshot.labels) > SMALL]
    found: list[CheckedAnswer] = []
    before: list[Answer] = []
    for answer in sheet.answers:
        expected = sheet.number(sheet.right, answer)
        if _is_right(sheet, answer):
            found.append(CheckedAnswer(answer, expected, "right"))
            continue
        if carried.explains(answer):
            found.append(CheckedAnswer(answer, expected, "follows"))
        else:
            settled = Settled(right, before, wrong[len(before) + 1 :])
            few = sum(one.verdict == "wrong" for one in found) < most
            diagnosis = diagnosed(sheet, answer, settled) if few else None
            carried.learn(diagnosis)
            found.append(CheckedAnswer(answer, expected, "wrong", diagnosis, few))
        before = [*before, answer]
    return found


def _is_right(sheet: Sheet, answer: Answer) -> bool:
    return sheet.reproduces(sheet.right, answer) and not answer.transposed


class _Carried:
    """What follows from the mistakes found so far."""

    def __init__(self, sheet: Sheet, right: Sequence[Answer], wrong: Sequence[Answer]) -> None:
        self.sheet, self.found = sheet, False
        self.steps: list[LearningStep] = []
        self.transposed = False
        self.pins = sheet.pins(wrong, given=True)
        rounded = sheet.pins(right, given=True)
        snapshot = sheet.snapshot
        # From the person's own wrong numbers; from all of their numbers; from the right ones alone.
        self.own = Textbook(snapshot, self.pins)
        self.all_own = Textbook(snapshot, joined(self.pins, rounded))
        self.rounded = Textbook(snapshot, rounded)
        relative = [one.half / abs(one.given) for one in wrong if one.given]
        self.slack = min(_MOST, _CARRIED * max(relative, default=0.0))

    def learn(self, diagnosis: Diagnosis | None) -> None:
        """Take in the mistake behind one more wrong number; None is an unknown one."""
        self.found = True
        if diagnosis is None:
            return
        self.steps += diagnosis.steps
        self.transposed = self.transposed or diagnosis.name == "transposed"
        kind, snapshot = diagnosis.kind, self.sheet.snapshot
        # The same mistake once more, on top of the person's own numbers.
        self.steps += [kind(snapshot, self.pins, None, variant) for variant in diagnosis.variants]

    def explains(self, answer: Answer) -> bool:
        """Whether a wrong number follows from the mistakes before it."""
        if not self.found:
            return False
        sheet = self.sheet
        if answer.transposed:
            return self.transposed and sheet.reproduces(sheet.right, answer)
        return (
            self._nearer(self.own, sheet.right, answer)
            or self._nearer(self.all_own, self.rounded, answer)
            or any(self._gives(step, answer) for step in self.steps)
        )

    def _gives(self, step: LearningStep, answer: Answer) -> bool:
        # To its digits is enough here: that the mistake was made is known already.
        return self.sheet.explains(step, answer) or self.sheet.reproduces(step, answer)

    def _nearer(self, step: LearningStep, without: LearningStep, answer: Answer) -> bool:
        """Whether a step gives the number, and comes nearer to it than one without the mistake."""
        sheet = self.sheet
        off = abs(sheet.number(step, answer) - answer.given)
        nearer = off < abs(sheet.number(without, answer) - answer.given)
        return nearer and sheet.reproduces(step, answer, self.slack)
