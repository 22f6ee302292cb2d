"""The steps of one learning step, in the order of computation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, final, overload

from neurosim.checks import short, whole_number
from neurosim.errors import ArgumentError, UnknownEdgeError, UnknownNeuronError, nearest
from neurosim.files import checked_path, write_atomically
from neurosim.storage.memories import checked_kinds
from neurosim.tracing.contributions import contributions
from neurosim.tracing.equation import MOST_TERMS
from neurosim.tracing.groups import groups
from neurosim.tracing.paths import paths
from neurosim.tracing.recording import Recording
from neurosim.tracing.render import RENDERERS, json, latex, markdown, text
from neurosim.tracing.render.json import parts_of
from neurosim.tracing.steps import KINDS, QUANTITIES
from neurosim.tracing.symbols import checked_notation
from neurosim.tracing.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from neurosim.network import Network
    from neurosim.tracing.contributions import Contribution
    from neurosim.tracing.exercises import WorkReport
    from neurosim.tracing.groups import Group
    from neurosim.tracing.paths import Paths
    from neurosim.tracing.snapshot import Snapshot
    from neurosim.tracing.steps import Step

__all__ = ["Trace"]


@final
class Trace(Sequence["Step"]):
    """What `Network.trace` recorded: a sequence of `Step`s, never computed again.

    ``print(trace)`` shows it; a slice of it is a trace, too.

    Parameters
    ----------
    steps : iterable of Step
    recording : Recording or function that makes one, optional
        What they were recorded from; `network` and `snapshot` need it.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network(
    ...     [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])]
    ... )
    >>> trace = net.trace([2.0], [9.0], ns.SGD(0.05))
    >>> trace
    Trace(9 steps: 2 forward, 1 loss, 2 delta, 2 gradient, 2 update)
    >>> print(trace.of("input[0]->output[0]"))
    Gradient
      dJ/dw[input[0]->output[0]] = delta[output[0]]*a[input[0]]
                                 = (-4)*2
                                 = -8
    <BLANKLINE>
    Update
      w_new[input[0]->output[0]] = w[input[0]->output[0]] - rate*dJ/dw[input[0]->output[0]]
                                 = 3 - 0.05*(-8)
                                 = 3.4
    """

    def __init__(
        self,
        steps: Iterable[Step],
        recording: Recording | Callable[[], Recording] | None = None,
    ) -> None:
        self._steps = tuple(steps)
        self._recording = recording

    @overload
    def __getitem__(self, key: int) -> Step: ...

    @overload
    def __getitem__(self, key: slice) -> Trace: ...

    def __getitem__(self, key: int | slice) -> Step | Trace:
        return self._with(self._steps[key]) if isinstance(key, slice) else self._steps[key]

    def _with(self, steps: Iterable[Step]) -> Trace:
        """Return some of the steps, with what they were recorded from."""
        return Trace(steps, self._recording)

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def recorded(self) -> bool:
        """Whether the trace knows what it was recorded from, rather than its steps alone."""
        return self._recording is not None

    @property
    def recording(self) -> Recording:
        """What the steps were recorded from: the network before them, X, Y, the optimizer.

        Raises
        ------
        ArgumentError
            The trace was made of steps alone.
        """
        if self._recording is None:
            raise ArgumentError(
                "Trace: this trace was made of steps alone, without the network that they were "
                "recorded from; record it with net.trace(x, y)."
            )
        if not isinstance(self._recording, Recording):
            self._recording = self._recording()
        return self._recording

    @property
    def network(self) -> Network:
        """The network as it was when it was recorded, showing the numbers of the step.

        It has its own storage, so that later training does not change it. It belongs to the
        trace: make a copy of it (`Network.copy`) before you change it.

        Examples
        --------
        >>> import neurosim as ns
        >>> net = ns.Network.layered([1, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
        >>> trace = net.trace([2.0], [9.0])
        >>> trace.network["output[0]"].delta == trace.of("output[0]", "delta")[0].value
        True
        """
        return self.recording.network

    @property
    def snapshot(self) -> Snapshot:
        """All numbers of the step by neuron number: see `neurosim.tracing.snapshot`."""
        return self.recording.snapshot

    def of(
        self, subject: str | None = None, quantity: str | None = None, sample: int | None = None
    ) -> Trace:
        """Return the steps about one thing; whatever is None does not matter.

        Parameters
        ----------
        subject : str
            A neuron's label, ``"source->target"``, ``"label.bias"`` or ``"loss"``.
        quantity : str
            z, a, loss, delta, gradient or new.
        sample : int
            The row of a batch; steps about the whole batch are then left out.

        Raises
        ------
        UnknownNeuronError, UnknownEdgeError
            No step of the trace is about this subject; the message has the nearest.
        ArgumentError
            No kind of step has this quantity.

        Examples
        --------
        >>> import neurosim as ns
        >>> net = ns.Network.layered([1, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
        >>> [step.quantity for step in net.trace([2.0], [9.0]).of("output[0]")]
        ['z', 'a', 'delta']
        """
        if subject is not None:
            self._require(subject)
        if quantity is not None and quantity not in QUANTITIES:
            known = ", ".join(QUANTITIES)
            raise ArgumentError(
                f"Trace.of: quantity must be one of {known}; got {short(quantity)}."
            )
        wanted = {"subject": subject, "quantity": quantity, "sample": sample}
        named = {name: value for name, value in wanted.items() if value is not None}
        return self._with(
            step
            for step in self._steps
            if all(getattr(step, name) == value for name, value in named.items())
        )

    def _require(self, subject: str) -> None:
        subjects = dict.fromkeys(step.subject for step in self._steps)
        if subject not in subjects:
            error = UnknownEdgeError if "->" in str(subject) else UnknownNeuronError
            hint = nearest(str(subject), subjects)
            raise error(f"Trace.of: there is no step about {subject!r}. {hint}")

    def by(self, by: str) -> list[Group]:
        """Return the steps in groups, in the order of computation.

        Parameters
        ----------
        by : {"term", "neuron", "layer", "step"}
            ``"term"``: of every step the terms of its sum one after the other, each with the sum
            as far as it goes, then the step whole. ``"neuron"``: z and a of a neuron together,
            then its delta, then the gradients of its bias and of the edges into it, and so their
            updates. ``"layer"``: the same of all neurons of a layer. ``"step"``: one by one.

        Returns
        -------
        list of Group

        Examples
        --------
        >>> import neurosim as ns
        >>> output = ns.Layer(1, ns.LinearNeuron, weights=[[3.0], [2.0]], biases=[1.0])
        >>> trace = ns.Network([ns.InputLayer(2), output]).trace([2.0, 1.0], [9.0])
        >>> for group in trace.by("term")[:4]:
        ...     print(group, group.term.running if group.term else group.steps[0].value)
        forward: output[0], term 1 of 3: w[input[0]->output[0]]*a[input[0]] = 6.0 6.0
        forward: output[0], term 2 of 3: w[input[1]->output[0]]*a[input[1]] = 2.0 8.0
        forward: output[0], term 3 of 3: b[output[0]] = 1.0 9.0
        forward: output[0] 9.0
        """
        return list(groups(self, by))

    def walk(self, by: str = "step") -> Walk:
        """Return a place in the groups of `by`, to go forwards, back and anywhere."""
        return Walk(groups(self, by))

    def contributions(self, subject: str) -> list[Contribution]:
        """Return what each sample of the batch contributes to a gradient.

        Parameters
        ----------
        subject : str
            ``"source->target"``, ``"label.bias"`` or ``"label.gamma"``. Of a tied edge it is the
            gradient of the shared weight.

        Returns
        -------
        list of (sample, value)
            They add up to the gradient. The last has the sample None, where the weight has a
            penalty: its derivative, which belongs to no sample.

        Examples
        --------
        >>> import neurosim as ns
        >>> output = ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])
        >>> trace = ns.Network([ns.InputLayer(1), output]).trace([[2.0], [1.0]], [9.0, 5.0])
        >>> [(part.sample, part.value) for part in trace.contributions("input[0]->output[0]")]
        [(0, -4.0), (1, -1.0)]
        >>> trace.of("input[0]->output[0]")[0].value
        -5.0
        """
        return contributions(self, subject)

    def paths(self, what: Any, k: int | None = None, sample: int | None = None) -> Paths:
        """Return a derivative of the loss as a sum over all paths to it, by the chain rule.

        dJ/dw_ij = sum over the paths from z_j to J of a_i times the product along the path of
        the slopes s'(z), the weights w, and dJ/da of the output (dJ/dz = (a - y)/n where loss and
        output are partners). Through a softmax the path may change to any neuron of the layer,
        by da_k/dz_j; dropout's mask m is a factor.

        Parameters
        ----------
        what : edge, bias, gamma or neuron
            ``"source->target"``, ``"label.bias"``, ``"label.gamma"``; of a neuron's label it is
            its delta, dJ/dz, and of an input's dJ/dx.
        k : int, optional
            How many to list, the largest first. Without it all are listed; where there are more
            than 10,000, the 10 largest.
        sample : int, optional
            One sample of a batch, and its part of the gradient; otherwise each path is summed
            over the samples. A neuron of a batch needs it.

        Returns
        -------
        Paths
            A sequence of `Path`, with ``.total``, which is backpropagation's number, ``.count``,
            which is found without listing them, and ``.draw()``.

        Raises
        ------
        UnknownNeuronError, UnknownEdgeError
            Nothing of that name is in the network.
        ArgumentError
            The trace has no targets, k or the sample is out of range, or a path passes a
            normalization by the statistics of the batch, which no product per path describes.

        Examples
        --------
        >>> import neurosim as ns
        >>> hidden = ns.Layer(2, ns.LinearNeuron, weights=[[1.0, 3.0]])
        >>> output = ns.Layer(1, ns.LinearNeuron, weights=[[2.0], [-1.0]])
        >>> trace = ns.Network([ns.InputLayer(1), hidden, output]).trace([2.0], [0.0])
        >>> print(trace.paths("input[0]"))
        delta[input[0]] = 4: 2 paths
        <BLANKLINE>
        1. input[0] -> hidden1[1] -> output[0]
             w[input[0]->hidden1[1]]*s'(z[hidden1[1]])*w[hidden1[1]->output[0]]*s'(z[output[0]])*dJ/da[output[0]]
           = 3*1*(-1)*1*(-4)
           = 12
        <BLANKLINE>
        2. input[0] -> hidden1[0] -> output[0]
             w[input[0]->hidden1[0]]*s'(z[hidden1[0]])*w[hidden1[0]->output[0]]*s'(z[output[0]])*dJ/da[output[0]]
           = 1*1*2*1*(-4)
           = -8
        """
        return paths(self, what, k, sample)

    def text(
        self,
        digits: int = 6,
        *,
        notation: str = "labels",
        color: bool = False,
        most_terms: int | None = MOST_TERMS,
    ) -> str:
        """Return the trace as text for a terminal.

        Parameters
        ----------
        digits : int
            Numbers are rounded to so many significant digits; signs stay.
        notation : {"labels", "book"}
            ``w[x->h]``, or ``w_jk^l`` as a book counts: see `neurosim.tracing.symbols`.
        color : bool
            Whether the codes of a terminal's colours are in it.
        most_terms : int or None
            Of a sum with more terms, such as that over a large batch, the first two and the last
            are written, with how many there are more: ``... (97 more) ...``. None writes all, as
            `Step.substituted` has them.
        """
        _check_written("Trace.text", digits, notation, most_terms)
        return text.render(self, digits, notation, color, most_terms)

    def markdown(
        self, digits: int = 6, *, notation: str = "labels", most_terms: int | None = MOST_TERMS
    ) -> str:
        r"""Return the trace as Markdown: every step a sentence and a formula.

        Parameters
        ----------
        digits, notation, most_terms
            As for `text`.

        Examples
        --------
        >>> import neurosim as ns
        >>> net = ns.Network.layered([1, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
        >>> print(net.trace([2.0], [9.0])[1:2].markdown(3, notation="book").split("aligned}")[1])
        <BLANKLINE>
        a_{1}^{2} &= \tanh(z_{1}^{2}) \\
        &= \tanh(-1.28) \\
        &= -0.857
        \end{
        """
        _check_written("Trace.markdown", digits, notation, most_terms)
        return markdown.render(self, digits, notation, most_terms)

    def latex(
        self,
        digits: int = 6,
        *,
        notation: str = "labels",
        document: bool = True,
        most_terms: int | None = MOST_TERMS,
    ) -> str:
        """Return the trace as LaTeX: a document, or its ``align*`` blocks for one of yours.

        Parameters
        ----------
        digits, notation, most_terms
            As for `text`.
        document : bool
            Whether it compiles as it is; without it, it needs amsmath where it is pasted.
        """
        _check_written("Trace.latex", digits, notation, most_terms)
        return latex.render(self, digits, notation, document, most_terms)

    def json(self) -> str:
        """Return the trace as JSON; see `neurosim.tracing.render.json`."""
        return json.render(self)

    @staticmethod
    def from_json(text: str | bytes, kinds: Iterable[type] = ()) -> Trace:
        """Return the trace that `json` or a saved ``.json`` file holds: equal step by step.

        Parameters
        ----------
        text : str or bytes
        kinds : iterable of classes
            The person's own classes that the network and the optimizer use. Only what needs
            them, such as `network`, asks for them; the steps do without.

        Raises
        ------
        ModelFileError
            The text is damaged, or something else.

        Examples
        --------
        >>> import neurosim as ns
        >>> net = ns.Network.layered([1, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
        >>> trace = net.trace([2.0], [9.0])
        >>> Trace.from_json(trace.json()) == trace
        True
        """
        own = checked_kinds(kinds, "Trace.from_json")
        return Trace(*parts_of(text, own))

    def save(self, path: Any, digits: int = 6, *, notation: str = "labels") -> None:
        """Write the trace to a file, whole or not at all.

        Parameters
        ----------
        path : path
            Its suffix says in which form: ``.html``, a page to play that works by itself;
            ``.txt``, ``.md``, ``.tex`` (a document that compiles), or ``.json`` at full precision.
        digits : int
            Significant digits of a form that a person reads.
        notation : {"labels", "book"}
            How symbols are written there.

        Raises
        ------
        ArgumentError
            The suffix is unknown; or a page is asked for of a trace without steps, or without
            the network that they were recorded from.
        ModelFileError
            The file cannot be written; an old one is as it was.
        """
        file = checked_path(path, RENDERERS, "Trace.save: path")
        whole_number(digits, "Trace.save: digits")
        checked_notation(notation, "Trace.save")
        content = RENDERERS[file.suffix.lower()](self, digits, notation)
        write_atomically(file, (content.rstrip("\n") + "\n").encode())

    def draw(self, path: Any = None, *, step: Any = None, ax: Any = None, **options: Any) -> Any:
        """Draw the network as it was, with the numbers of this trace.

        Parameters
        ----------
        path : file, optional
        step : int or Step, optional
            What is known after this step is shown, and what it was made of stands out.
        ax : matplotlib Axes to draw into, optional
        **options
            `neurosim.drawing.draw_network`

        Returns
        -------
        matplotlib.axes.Axes
        """
        from neurosim.drawing import draw_trace

        return draw_trace(self, path, step=step, ax=ax, **options)

    def animate(
        self,
        path: Any,
        *,
        fps: float = 1.5,
        by: str = "neuron",
        digits: int = 3,
        notation: str = "labels",
        style: str = "screen",
        **options: Any,
    ) -> None:
        """Write a film of the step: forwards and back through the network, with the numbers.

        Parameters
        ----------
        path : path
            ``.gif``, or ``.mp4`` where the program ffmpeg is installed.
        fps : float
            Frames per second.
        by : {"term", "neuron", "layer", "step"}
            What a frame shows: see `by`.
        digits, notation
            Of the equations, as for `text`.
        style : {"screen", "paper", "slide", "dark"}
        **options
            Of the drawing, as in `Network.draw`.

        Raises
        ------
        MissingExtraError
            An .mp4 is asked for, but there is no ffmpeg.
        ArgumentError
            The suffix or an option is unknown, or there would be more than 1000 frames.
        """
        from neurosim.drawing.film import animate_trace

        animate_trace(
            *(self, path), fps=fps, by=by, digits=digits, notation=notation, style=style, **options
        )

    def check(self, answers: Any, tolerance: float | None = None) -> WorkReport:
        """Check a person's numbers of this step; see `neurosim.check_work`.

        Parameters
        ----------
        answers : mapping
            Numbers by subject and quantity, as many as there are.
        tolerance : float, optional
            How far a number may be off; otherwise half a unit in the last digit given.

        Returns
        -------
        WorkReport
        """
        from neurosim.tracing.exercises import check_trace

        return check_trace(self, answers, tolerance)

    def __eq__(self, other: object) -> bool:
        return self._steps == other._steps if isinstance(other, Trace) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._steps)

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str | None:
        """Show the trace in a notebook, to be played there; a very long one as text."""
        from neurosim.tracing.player import notebook_html

        return notebook_html(self)

    def __repr__(self) -> str:
        counts = Counter(step.kind for step in self._steps)
        kinds = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])
        steps = "1 step" if len(self) == 1 else f"{len(self)} steps"
        return f"Trace({steps}{': ' if kinds else ''}{kinds})"


def _check_written(what: str, digits: Any, notation: Any, most_terms: Any) -> None:
    whole_number(digits, f"{what}: digits")
    checked_notation(notation, what)
    if most_terms is not None:
        whole_number(most_terms, f"{what}: most_terms", at_least=3)
