"""Many learning steps, recorded one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, final, overload

from neurosim.checks import instance_of, short, whole_number
from neurosim.errors import ArgumentError, UnknownEdgeError, UnknownNeuronError, nearest
from neurosim.files import checked_path, write_atomically
from neurosim.learning.learner import Optimizer
from neurosim.network import Network
from neurosim.samples import checked_inputs, checked_targets
from neurosim.storage.memories import checked_kinds
from neurosim.tracing.course import Course
from neurosim.tracing.histories import Histories
from neurosim.tracing.recording import Recording
from neurosim.tracing.render import training_json, training_tables
from neurosim.tracing.trace import Trace
from neurosim.tracing.watch import Watch, require_few

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["TrainingTrace", "trace_training"]

# Without names for them, so many parameters are told in a line of text.
_FEW = 8


def trace_training(
    net: Network,
    X: Any,
    Y: Any,
    optimizer: Optimizer,
    steps: int,
    watch: Iterable[Any] | None = None,
    *,
    per_sample: bool = False,
) -> TrainingTrace:
    """Train a copy of a network, and record every step; the network stays as it is.

    Every step is one of all samples, with dropout and the statistics of the batch at work as in
    `Network.fit`, whose numbers these are. Where they overflow, recording goes on: what is told
    then is infinite or NaN, as it is.

    Parameters
    ----------
    net : Network
    X, Y : (n, n_inputs) and (n, n_outputs) arrays
        The samples; one sample may be given as 1-D arrays.
    optimizer : Optimizer
        Such as ``ns.SGD(0.1)``; it stays as it is, too.
    steps : int
        How many updates are made.
    watch : list, optional
        What to record, of edges, neurons, layers and ``"loss"``; everything without it. A neuron
        stands for its numbers, its bias and the edges into it, a layer for its neurons.
    per_sample : bool
        As in `Network.trace`.

    Returns
    -------
    TrainingTrace

    Raises
    ------
    ArgumentError
        There would be more than a million numbers, or a watch list of nothing.
    UnknownNeuronError, UnknownEdgeError
        The watch list names what the network has not.

    Examples
    --------
    >>> import neurosim as ns
    >>> net = ns.Network(
    ...     [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])]
    ... )
    >>> training = ns.trace_training(net, [2.0], [9.0], ns.SGD(0.05), steps=3)
    >>> training.loss[:2], training.history("input[0]->output[0]", "gradient")[:2]
    ([4.0, 1.0], [-8.0, -4.0])
    >>> print(training.text(names={"w": "input[0]->output[0]", "b": "output[0].bias"}))
    iteration 0: loss=4 w=3 dw=-8 b=1 db=-4
    iteration 1: loss=1 w=3.4 dw=-4 b=1.2 db=-2
    iteration 2: loss=0.25 w=3.6 dw=-2 b=1.3 db=-1
    >>> training[1].of("output[0]", "z")[0].substituted
    'z[output[0]] = 3.4*2.0 + 1.2 = 8.0'
    """
    what = "ns.trace_training"
    net = instance_of(net, Network, f"{what}: net", "ns.Network([...])")
    optimizer = instance_of(optimizer, Optimizer, f"{what}: optimizer", "ns.SGD(0.1)")
    whole_number(steps, f"{what}: steps")
    rows, single = checked_inputs(net, X, f"{what}: X")
    targets = checked_targets(net, Y, len(rows), single, f"{what}: Y")
    net.require_finite_parameters(what)
    optimizer.check(net)
    seen = None if watch is None else Watch(net, watch, f"{what}: watch")
    require_few(net, seen, len(rows), "update", what, times=steps)
    how = {"single": single, "per_sample": per_sample, "watch": seen}
    course = Course(Recording.of(net, rows, targets, optimizer, training=True, **how), steps)
    return TrainingTrace(Histories.of(course.recordings()), course)


@final
class TrainingTrace(Sequence[Trace]):
    """What `ns.trace_training` recorded: a sequence with a `Trace` for every step.

    The numbers are kept; the equations of a step are written down when it is asked for.

    Parameters
    ----------
    histories : Histories
    course : Course, or function that makes one, or None
        Which computes a step again.
    """

    def __init__(
        self, histories: Histories, course: Course | Callable[[], Course] | None = None
    ) -> None:
        self._histories, self._course = histories, course

    @property
    def course(self) -> Course:
        """The training, which can be gone through again.

        Raises
        ------
        ArgumentError
            The trace comes from a file that tells its numbers alone.
        """
        if self._course is None:
            raise ArgumentError(
                "TrainingTrace: this trace comes from a file that holds numbers alone, without "
                "the network that they were recorded from; record it with ns.trace_training."
            )
        if not isinstance(self._course, Course):
            self._course = self._course()
        return self._course

    @property
    def loss(self) -> list[float]:
        """The loss of every step, before its update."""
        return list(self._histories.loss)

    @property
    def learning_rate(self) -> list[float]:
        """The learning rate of every step."""
        return list(self._histories.learning_rate)

    @property
    def network(self) -> Network:
        """The network as it was before the first step; it belongs to the trace."""
        return self.course.first.before

    @property
    def trained(self) -> Network:
        """A network as it is after the last step; its numbers may be infinite or NaN."""
        return self.course.end

    @overload
    def __getitem__(self, key: int) -> Trace: ...

    @overload
    def __getitem__(self, key: slice) -> list[Trace]: ...

    def __getitem__(self, key: int | slice) -> Trace | list[Trace]:
        if isinstance(key, slice):
            return [self[k] for k in range(len(self))[key]]
        return _trace(self.course.recording(range(len(self))[key]))

    def __iter__(self) -> Iterator[Trace]:
        return map(_trace, self.course.recordings())

    def __len__(self) -> int:
        return len(self._histories.loss)

    def history(self, subject: str, quantity: str, sample: int | None = None) -> list[float]:
        """Return how a number changed from step to step.

        Parameters
        ----------
        subject : str
            ``"source->target"``, ``"label.bias"``, ``"label.gamma"``, a neuron's label or
            ``"loss"``.
        quantity : str
            Of an edge ``"weight"``, of a bias ``"bias"``, of a gamma ``"gamma"``: before the
            update. ``"gradient"``; ``"new"``, after the update; of a neuron ``"z"``, ``"a"``,
            ``"delta"``; ``"loss"``.
        sample : int, optional
            The row of X, where the number differs from sample to sample and there are several.

        Returns
        -------
        list of float

        Raises
        ------
        UnknownNeuronError, UnknownEdgeError
            Nothing was recorded about this subject.
        ArgumentError
            It has no such quantity, or sample.
        """
        known = self._histories.subjects
        if subject not in known:
            error = UnknownEdgeError if "->" in str(subject) else UnknownNeuronError
            raise error(
                f"TrainingTrace.history: nothing was recorded about {short(subject)}. "
                f"{nearest(str(subject), known)}"
            )
        return list(self._histories.values(subject, quantity, sample))

    def lines(
        self,
        names: Mapping[str, str] | None = None,
        *,
        digits: int = 4,
        at: Iterable[int] | None = None,
    ) -> list[str]:
        """Return a line per step: ``iteration 100: loss=0.5 W1=0.1 dW1=-0.02``.

        Parameters
        ----------
        names : dict, optional
            What to call weights and biases: ``{"W1": "x->y", "b": "y.bias"}``; ``dW1`` is then
            the gradient. Without it all that were recorded go by their labels, up to eight.
        digits : int
            Significant digits.
        at : iterable of int, optional
            Which steps, counted from 0; all without it.
        """
        whole_number(digits, "TrainingTrace.lines: digits")
        columns = self._columns(names)
        chosen = range(len(self)) if at is None else [self._position(k) for k in at]
        return [
            " ".join(
                [f"iteration {k}:", *(f"{name}={v[k]:.{digits}g}" for name, v in columns.items())]
            )
            for k in chosen
        ]

    def _columns(self, names: Mapping[str, str] | None) -> dict[str, list[float]]:
        columns = {"loss": self.loss}
        own = names is not None
        for name, subject in (names if names is not None else self._default_names()).items():
            columns[name] = self.history(subject, _held(subject))
            columns[f"d{name}" if own else f"d({name})"] = self.history(subject, "gradient")
        return columns

    def _default_names(self) -> dict[str, str]:
        found = self._histories.parameters
        return {name: name for name in found} if len(found) <= _FEW else {}

    def _position(self, k: Any) -> int:
        whole = isinstance(k, int) and not isinstance(k, bool)
        if not whole or not 0 <= k < len(self):
            raise ArgumentError(
                f"TrainingTrace.lines: at must name steps from 0 to {len(self) - 1}; "
                f"got {short(k)}."
            )
        return int(k)

    def text(self, digits: int = 4, *, names: Mapping[str, str] | None = None) -> str:
        """Return all `lines` as one text."""
        return "\n".join(self.lines(names, digits=digits))

    def json(self) -> str:
        """Return the trace as JSON; see `neurosim.tracing.render.training_json`."""
        recorded = self._course is not None
        return training_json.render(self._histories, self.course.first if recorded else None)

    @staticmethod
    def from_json(text: str | bytes, kinds: Iterable[type] = ()) -> TrainingTrace:
        """Return the trace that `json` or a saved ``.json`` file holds.

        Parameters
        ----------
        text : str or bytes
        kinds : iterable of classes
            The person's own, as for `Trace.from_json`.

        Raises
        ------
        ModelFileError
            The text is damaged, or something else.
        """
        own = checked_kinds(kinds, "TrainingTrace.from_json")
        histories, stored = training_json.parts_of(text, own)
        if stored is None:
            return TrainingTrace(histories)
        return TrainingTrace(histories, lambda: Course(stored(), len(histories.loss)))

    def save(self, path: Any, digits: int = 4, *, names: Mapping[str, str] | None = None) -> None:
        """Write the trace to a file, whole or not at all.

        Parameters
        ----------
        path : path
            ``.txt``; ``.md`` or ``.tex`` with tables; ``.json`` at full precision.
            With ``.html`` a page to play that works by itself, where the curve of the loss leads
            to every learning step; of a long training, to some of them, evenly spaced.
        digits, names
            Of texts and tables: see `lines`. Of a page digits, too.
        """
        suffixes = [".html", ".txt", *training_tables.RENDERERS, ".json"]
        file = checked_path(path, suffixes, "TrainingTrace.save: path")
        whole_number(digits, "TrainingTrace.save: digits")
        content = self._written(file.suffix.lower(), digits, names)
        write_atomically(file, (content.rstrip("\n") + "\n").encode())

    def _written(self, suffix: str, digits: int, names: Mapping[str, str] | None) -> str:
        if suffix in training_tables.RENDERERS:
            return training_tables.RENDERERS[suffix](self._columns(names), digits)
        if suffix != ".html":
            return self.text(digits, names=names) if suffix == ".txt" else self.json()
        from neurosim.tracing.player import training_page_of

        return training_page_of(self, digits, "labels")

    def animate(
        self,
        path: Any,
        *,
        fps: float = 10.0,
        frames: int = 60,
        style: str = "screen",
        **options: Any,
    ) -> None:
        """Write a film of the training: weights and loss, with two inputs the decision surface.

        Parameters
        ----------
        path : path
            ``.gif``, or ``.mp4`` where the program ffmpeg is installed.
        fps : float
            Frames per second.
        frames : int
            How many at most; they are spread over the training.
        style : {"screen", "paper", "slide", "dark"}
        **options
            Of the drawing, as in `Network.draw`.

        Raises
        ------
        MissingExtraError
            An .mp4 is asked for, but there is no ffmpeg.
        ArgumentError
            The suffix or an option is unknown, or there are more than 1000 frames.
        """
        from neurosim.drawing.film import animate_training

        animate_training(self, path, fps=fps, frames=frames, style=style, **options)

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str | None:
        """Show the training in a notebook, to be played there."""
        from neurosim.tracing.player import notebook_html

        return notebook_html(self)

    def __repr__(self) -> str:
        loss = self._histories.loss
        return f"TrainingTrace({len(self)} steps, loss {loss[0]:.4g} to {loss[-1]:.4g})"


def _trace(recording: Recording) -> Trace:
    return Trace(recording.steps(), recording)


def _held(subject: str) -> str:
    """Return what the number of a parameter is called before its update."""
    return "weight" if "->" in subject else subject.rpartition(".")[2]
