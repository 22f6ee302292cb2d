"""The vocabulary of what can go wrong.

Every error that a user can cause derives from `NeurosimError` and from the builtin that it
specialises, so that both ``except ns.NeurosimError`` and ``except ValueError`` work. The message
names the object and the argument, what it must be, what it got, and the remedy. Whoever raises
one leaves everything as it was.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ArgumentError",
    "ArgumentTypeError",
    "CompilationError",
    "DivergedError",
    "LabelError",
    "LiveGraphError",
    "LossError",
    "MissingExtraError",
    "ModelFileError",
    "NeurosimError",
    "NoDerivativeError",
    "NotFiniteError",
    "NotFittedError",
    "PassError",
    "ShapeError",
    "UnknownEdgeError",
    "UnknownLayerError",
    "UnknownNeuronError",
    "WiringError",
]


class NeurosimError(Exception):
    """Anything that neurosim refuses; ``str(error)`` is the plain message."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class ArgumentError(NeurosimError, ValueError):
    """An argument has the right type, but a value outside of what makes sense."""


class ArgumentTypeError(NeurosimError, TypeError):
    """An argument is of the wrong type: a string where an optimizer goes, say."""


class ShapeError(NeurosimError, ValueError):
    """Data, weights or biases have the wrong shape."""


class NotFiniteError(NeurosimError, ValueError):
    """Data, weights or biases hold NaN, infinity, or something that is no number."""


class NotFittedError(NeurosimError, ValueError):
    """A scaler was asked to scale before it had measured the training data."""


class LabelError(NeurosimError, ValueError):
    """A label or a layer's name is taken already, or holds ``->`` or ``=``."""


class WiringError(NeurosimError, ValueError):
    """Edges that no feed-forward network can have: a cycle, a self-loop, an edge into an input."""


class LossError(NeurosimError, ValueError):
    """The loss does not fit the output neurons or the targets."""


class PassError(NeurosimError, ValueError):
    """A backward pass or a step was asked for without the pass before it that it needs."""


class NoDerivativeError(NeurosimError, TypeError):
    """A gradient was asked for through a neuron that has no useful derivative."""


class LiveGraphError(NeurosimError, TypeError):
    """The live graph was asked to change its structure; the network does that."""


class UnknownNeuronError(NeurosimError, KeyError):
    """No neuron of the network has this label."""


class UnknownEdgeError(NeurosimError, KeyError):
    """The network has no edge between these two neurons."""


class UnknownLayerError(NeurosimError, KeyError):
    """The network has no layer of this name."""


class CompilationError(NeurosimError, TypeError):
    """A formula cannot be turned into machine code; the message tells the reason."""


class MissingExtraError(NeurosimError, ImportError):
    """An optional package is needed for this; the message says what to install."""


class ModelFileError(NeurosimError, OSError):
    """A file cannot be read or written, or is not an undamaged neurosim file."""


class DivergedError(NeurosimError, ArithmeticError):
    """Training stopped because a loss or a parameter was no longer a finite number.

    Attributes
    ----------
    epoch : int
        The first epoch (counted from 0) that was not finite; the network holds the parameters
        that ``fit(epochs=epoch)`` would have left.
    history : History
        What was recorded in the `epoch` finite epochs before it.
    """

    def __init__(self, message: str, *, epoch: int = 0, history: object = None) -> None:
        super().__init__(message)
        self.epoch = epoch
        self.history = history


def nearest(wanted: str, known: Iterable[str], *, examples: int = 3) -> str:
    """Say which known names are nearest to `wanted`, as the last sentence of a message.

    >>> nearest("hiden1[0]", ["hidden1[0]", "output[0]"])
    "Did you mean 'hidden1[0]'?"
    >>> nearest("x", ["output[0]"])
    "Known: 'output[0]'."
    """
    names = list(known)
    close = get_close_matches(wanted, names, n=examples)
    if close:
        return "Did you mean " + " or ".join(repr(name) for name in close) + "?"
    more = ", ..." if len(names) > examples else ""
    return "Known: " + ", ".join(repr(name) for name in names[:examples]) + more + "."
