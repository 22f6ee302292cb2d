"""Exercise sheets: the equations of one learning step, with blanks for some of its numbers."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

from neurosim.checks import instance_of, short, whole_number
from neurosim.errors import ArgumentError, ArgumentTypeError, nearest
from neurosim.files import checked_path, write_atomically
from neurosim.network import Network
from neurosim.randomness import generator
from neurosim.tracing.exercises import sheets
from neurosim.tracing.exercises.checking import check_trace
from neurosim.tracing.recorder import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neurosim.tracing.exercises.report import WorkReport
    from neurosim.tracing.steps import Step
    from neurosim.tracing.trace import Trace

__all__ = ["Blank", "Worksheet", "worksheet"]

# Words for what may be left blank, beside the quantities themselves.
_PLURALS = {
    "deltas": "delta",
    "gradients": "gradient",
    "updates": "new",
    "activations": "a",
    "sums": "z",
}
_FORMS = {".md": sheets.markdown, ".tex": sheets.latex, ".html": sheets.page}


@final
@dataclass(frozen=True)
class Blank:
    """One blank of a sheet.

    Attributes
    ----------
    number : int
        As the sheet shows it, from 1.
    step : Step
        The step whose value is left out.
    """

    number: int
    step: Step

    @property
    def subject(self) -> str:
        """What the number is about."""
        return self.step.subject

    @property
    def quantity(self) -> str:
        """What of it, as answers call it: the value of the loss is ``"value"``."""
        return "value" if self.step.quantity == "loss" else self.step.quantity

    def __repr__(self) -> str:
        return f"Blank({self.number}: {self.subject} {self.quantity})"


@final
class Worksheet:
    """A sheet with blanks, and its key.

    Attributes
    ----------
    trace : Trace
        The learning step that the sheet is about.
    blanks : tuple of Blank
    digits : int
        The significant digits of the numbers that are shown.
    """

    def __init__(self, trace: Trace, blanks: Sequence[Blank], digits: int = 6) -> None:
        self.trace, self.blanks, self.digits = trace, tuple(blanks), digits

    def answers(self) -> dict[str, dict[str, Any]]:
        """Return what is to be filled in, for `check`: None for every blank."""
        return self._by_subject(None)

    @property
    def key(self) -> dict[str, dict[str, Any]]:
        """The same, filled in with the right numbers."""
        return self._by_subject(self.digits)

    def _by_subject(self, digits: int | None) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        n = len(self.trace.snapshot.z[self.trace.snapshot.outputs[0]])
        for blank in self.blanks:
            value = None if digits is None else blank.step.value
            numbers = found.setdefault(blank.subject, {})
            if blank.step.sample is None or n == 1:
                numbers[blank.quantity] = value
            else:
                numbers.setdefault(blank.quantity, [None] * n)[blank.step.sample] = value
        return found

    def check(self, answers: Any, tolerance: float | None = None) -> WorkReport:
        """Check a sheet that was filled in; see `neurosim.check_work`."""
        return check_trace(self.trace, answers, tolerance, what="Worksheet.check: answers")

    def markdown(self, *, key: bool = False) -> str:
        """Return the sheet, or its key, as Markdown."""
        return sheets.markdown(self, key)

    def latex(self, *, key: bool = False) -> str:
        """Return the sheet, or its key, as a LaTeX document."""
        return sheets.latex(self, key)

    def html(self, *, key: bool = False) -> str:
        """Return the sheet, or its key, as one HTML page that works offline."""
        return sheets.page(self, key)

    def save(self, path: Any, *, key: bool = False) -> None:
        """Write the sheet, or its key, to a ``.md``, ``.tex`` or ``.html`` file.

        Raises
        ------
        ArgumentError
            The suffix is unknown.
        ModelFileError
            The file cannot be written; an old one is as it was.
        """
        file = checked_path(path, _FORMS, "Worksheet.save: path")
        write_atomically(file, _FORMS[file.suffix.lower()](self, key).encode())

    def _repr_html_(self) -> str:
        return (
            f'<iframe style="width:100%;height:40em;border:0" srcdoc="{self._srcdoc()}"></iframe>'
        )

    def _srcdoc(self) -> str:
        return html.escape(self.html(), quote=True)

    def __str__(self) -> str:
        return self.markdown()

    def __repr__(self) -> str:
        blanks = "1 blank" if len(self.blanks) == 1 else f"{len(self.blanks)} blanks"
        return f"Worksheet({blanks}, {len(self.trace)} numbers)"


def worksheet(
    network: Network,
    x: Any,
    y: Any,
    *,
    blanks: Any = "deltas",
    optimizer: Any = None,
    digits: int = 6,
    rng: Any = None,
) -> Worksheet:
    """Return an exercise sheet about one learning step, with blanks to fill in.

    Parameters
    ----------
    network : Network
    x, y : arrays
        One sample and its targets, or a batch.
    blanks : str, tuple, list or int
        What is left blank: a quantity (``"z"``, ``"a"``, ``"loss"``, ``"delta"``, ``"gradient"``,
        ``"new"``, or their plurals ``"deltas"``, ``"gradients"``, ``"updates"``), a subject
        (``"hidden1[0]"``), a pair ``(subject, quantity)``, ``"all"``, a list of these, or a number
        of blanks to choose at random.
    optimizer : Optimizer, optional
        Whose update the sheet goes on to.
    digits : int
        The significant digits of the numbers that are shown.
    rng : int or Generator, optional
        What a number of blanks is chosen with.

    Returns
    -------
    Worksheet
        With ``.markdown()``, ``.latex()``, ``.html()``, ``.save(path)``; its ``.key``; and
        ``.check(answers)``, which grades what was filled in.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        There is nothing of this name to leave blank.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network(
    ...     [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])]
    ... )
    >>> sheet = ns.worksheet(net, [2.0], [9.0], blanks=["deltas", "gradients"])
    >>> sheet
    Worksheet(4 blanks, 7 numbers)
    >>> sheet.answers()["output[0]"], sheet.key["output[0]"]
    ({'delta': None}, {'delta': -4.0})
    >>> sheet.check({"output[0]": {"delta": -4}}).ok
    True
    """
    instance_of(network, Network, "worksheet: network", "ns.Network([...])")
    if y is None:
        raise ArgumentError("worksheet: y must be the targets, as loss and deltas need them.")
    whole_number(digits, "worksheet: digits")
    trace = record(network, x, y, optimizer)
    chosen = _chosen(trace, blanks, rng)
    return Worksheet(trace, [Blank(i, step) for i, step in enumerate(chosen, 1)], digits)


def _chosen(trace: Trace, blanks: Any, rng: Any) -> list[Step]:
    """Return the steps to be left blank, in the order of the trace."""
    # What an input is stays on the sheet: nothing could be computed without it.
    steps = [step for step in trace if not _is_given(trace, step)]
    if isinstance(blanks, int) and not isinstance(blanks, bool):
        count = min(whole_number(blanks, "worksheet: blanks"), len(steps))
        drawn = generator(rng, "worksheet: rng").choice(len(steps), count, replace=False)
        return [steps[i] for i in sorted(drawn.tolist())]
    names = list(blanks) if isinstance(blanks, list) else [blanks]
    for name in names:
        _require_known(steps, name)
    chosen = [step for step in steps if any(_matches(step, name) for name in names)]
    if not chosen:
        raise ArgumentError("worksheet: blanks must name something; got an empty list.")
    return chosen


def _is_given(trace: Trace, step: Step) -> bool:
    labels = [trace.snapshot.labels[who] for who in trace.snapshot.inputs]
    return step.quantity == "a" and step.subject in labels


def _matches(step: Step, name: Any) -> bool:
    if isinstance(name, tuple):
        subject, quantity = name if len(name) == 2 else (None, None)
        return step.subject == subject and bool(_quantity_of(quantity) == step.quantity)
    return name in ("all", step.subject) or bool(_quantity_of(name) == step.quantity)


def _quantity_of(name: Any) -> Any:
    return "loss" if name == "value" else _PLURALS.get(name, name)


def _require_known(steps: list[Step], name: Any) -> None:
    parts = name if isinstance(name, tuple) else (name,)
    if not all(isinstance(part, str) for part in parts):
        raise ArgumentTypeError(
            'worksheet: blanks must be such as "deltas", "hidden1[0]", ("hidden1[0]", "z") or 3; '
            f"got {short(name)}."
        )
    if any(_matches(step, name) for step in steps):
        return
    known = ["all", *_PLURALS, *dict.fromkeys(step.subject for step in steps)]
    more = " A new value needs the optimizer, too." if _wants_update(name) else ""
    wanted = name if isinstance(name, str) else str(name[0]) if name else ""
    raise ArgumentError(
        f"worksheet: there is nothing called {name!r} to leave blank.{more} "
        f"{nearest(wanted, known)}"
    )


def _wants_update(name: Any) -> bool:
    return (name[-1:] == ("new",)) if isinstance(name, tuple) else _quantity_of(name) == "new"
