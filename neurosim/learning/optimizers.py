"""How a gradient becomes a change of the parameters: each rule is one elementwise formula.

In the formulas g is the gradient of the loss by one parameter w, t = 1, 2, ... counts the updates,
and the last thing that `update` returns is the step: w -= step. Every optimizer takes ``clip=``,
see `neurosim.learning.clipping`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, final

from neurosim.checks import finite_number
from neurosim.errors import ArgumentError
from neurosim.functions import sqrt
from neurosim.learning.learner import Optimizer

if TYPE_CHECKING:
    from neurosim.learning.clipping import Clipping

__all__ = ["SGD", "AdaGrad", "Adam", "AdamW", "Momentum", "Nesterov", "RMSprop"]


def _beta(value: Any, what: str) -> float:
    beta = finite_number(value, what, at_least=0)
    if beta >= 1:
        raise ArgumentError(f"{what} must lie in [0, 1); got {value!r}.")
    return beta


@final
class SGD(Optimizer):
    """Gradient descent: w -= rate g.

    Parameters
    ----------
    learning_rate : float, Schedule or function
        How far a step follows the gradient.

    Examples
    --------
    >>> SGD.update(1.0, 0.5, 1, 0.1)
    (0.05,)
    """

    formula = "rate * g"

    def __init__(self, learning_rate: Any, *, clip: Clipping | None = None) -> None:
        super().__init__(learning_rate, clip)

    @staticmethod
    def update(w: Any, g: Any, t: int, rate: float) -> tuple[Any, ...]:
        """Return rate g."""
        return (rate * g,)


class _WithVelocity(Optimizer):
    """What Momentum and Nesterov share: v, a running mean of the gradients. Abstract."""

    state_names: ClassVar[tuple[str, ...]] = ("v",)
    shown: ClassVar[tuple[str, ...]] = ("v", "step")

    def __init__(
        self, learning_rate: Any, beta: float = 0.9, *, clip: Clipping | None = None
    ) -> None:
        super().__init__(learning_rate, clip)
        self.beta = _beta(beta, f"{type(self).__name__}: beta")


@final
class Momentum(_WithVelocity):
    """A running mean of the gradients leads: v = beta v + (1 - beta) g, w -= rate v.

    Parameters
    ----------
    learning_rate : float, Schedule or function
    beta : float
        The share of the old velocity that is kept; v averages over about 1 / (1 - beta) updates.

    Source: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.

    Examples
    --------
    >>> Momentum.update(1.0, 0.5, 1, 0.1, 0.0, 0.5)
    (0.25, 0.025)
    """

    formula = "rate * v"

    @staticmethod
    def update(w: Any, g: Any, t: int, rate: float, v: Any, beta: float) -> tuple[Any, ...]:
        """Return v and the step."""
        v = beta * v + (1.0 - beta) * g
        return v, rate * v


@final
class Nesterov(_WithVelocity):
    """Momentum that looks ahead: v = beta v + (1 - beta) g, w -= rate (beta v + (1 - beta) g).

    The form whose gradient is taken at w itself: the new velocity is applied once more to the
    present gradient, which is where the next step of `Momentum` would lead.

    Parameters
    ----------
    learning_rate : float, Schedule or function
    beta : float

    Source: Nesterov, 1983; in this form Sutskever et al., "On the importance of initialization and
    momentum in deep learning", 2013.

    Examples
    --------
    >>> Nesterov.update(1.0, 0.5, 1, 0.1, 0.0, 0.5)
    (0.25, 0.037500000000000006)
    """

    formula = "rate * (beta * v + (1 - beta) * g)"

    @staticmethod
    def update(w: Any, g: Any, t: int, rate: float, v: Any, beta: float) -> tuple[Any, ...]:
        """Return v and the step."""
        v = beta * v + (1.0 - beta) * g
        return v, rate * (beta * v + (1.0 - beta) * g)


@final
class AdaGrad(Optimizer):
    """Steps that shrink with all gradients so far: s = s + g^2, w -= rate g / (sqrt(s) + epsilon).

    Parameters
    ----------
    learning_rate : float, Schedule or function
    epsilon : float
        Keeps the quotient finite.

    Source: Duchi, Hazan, Singer, "Adaptive Subgradient Methods", 2011.
    """

    state_names: ClassVar[tuple[str, ...]] = ("s",)
    shown: ClassVar[tuple[str, ...]] = ("s", "step")
    formula = "rate * g / (sqrt(s) + epsilon)"

    def __init__(
        self, learning_rate: Any = 0.01, epsilon: float = 1e-8, *, clip: Clipping | None = None
    ) -> None:
        super().__init__(learning_rate, clip)
        self.epsilon = finite_number(epsilon, "AdaGrad: epsilon", above=0)

    @staticmethod
    def update(w: Any, g: Any, t: int, rate: float, s: Any, epsilon: float) -> tuple[Any, ...]:
        """Return s and the step."""
        s = s + g * g
        return s, rate * g / (sqrt(s) + epsilon)


@final
class RMSprop(Optimizer):
    """Steps of about one size: s = beta s + (1 - beta) g^2, w -= rate g / (sqrt(s) + epsilon).

    Parameters
    ----------
    learning_rate : float, Schedule or function
    beta : float
    epsilon : float

    Source: Tieleman, Hinton, "Neural Networks for Machine Learning", lecture 6e, 2012.
    """

    state_names: ClassVar[tuple[str, ...]] = ("s",)
    shown: ClassVar[tuple[str, ...]] = ("s", "step")
    formula = "rate * g / (sqrt(s) + epsilon)"

    def __init__(
        self,
        learning_rate: Any,
        beta: float = 0.9,
        epsilon: float = 1e-8,
        *,
        clip: Clipping | None = None,
    ) -> None:
        super().__init__(learning_rate, clip)
        self.beta = _beta(beta, "RMSprop: beta")
        self.epsilon = finite_number(epsilon, "RMSprop: epsilon", above=0)

    @staticmethod
    def update(
        w: Any, g: Any, t: int, rate: float, s: Any, beta: float, epsilon: float
    ) -> tuple[Any, ...]:
        """Return s and the step."""
        s = beta * s + (1.0 - beta) * (g * g)
        return s, rate * g / (sqrt(s) + epsilon)


class _AdamLike(Optimizer):
    """What Adam and AdamW share. Abstract."""

    state_names: ClassVar[tuple[str, ...]] = ("m", "v")
    shown: ClassVar[tuple[str, ...]] = ("m", "v", "m_hat", "v_hat", "step")

    def __init__(
        self, learning_rate: Any, beta1: float, beta2: float, epsilon: float, clip: Clipping | None
    ) -> None:
        super().__init__(learning_rate, clip)
        name = type(self).__name__
        self.beta1 = _beta(beta1, f"{name}: beta1")
        self.beta2 = _beta(beta2, f"{name}: beta2")
        self.epsilon = finite_number(epsilon, f"{name}: epsilon", above=0)


@final
class Adam(_AdamLike):
    """Momentum and RMSprop together, both corrected for their start at zero.

    m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
    w -= rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon).

    Parameters
    ----------
    learning_rate : float, Schedule or function
    beta1, beta2 : float
    epsilon : float

    Source: Kingma, Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 1.

    Examples
    --------
    >>> *_, m_hat, v_hat, step = Adam.update(1.0, 0.5, 1, 0.1, 0.0, 0.0, 0.9, 0.999, 1e-8)
    >>> round(m_hat, 6), round(v_hat, 6), round(step, 6)
    (0.5, 0.25, 0.1)
    """

    formula = "rate * m_hat / (sqrt(v_hat) + epsilon)"

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        *,
        clip: Clipping | None = None,
    ) -> None:
        super().__init__(learning_rate, beta1, beta2, epsilon, clip)

    @staticmethod
    def update(
        w: Any,
        g: Any,
        t: int,
        rate: float,
        m: Any,
        v: Any,
        beta1: float,
        beta2: float,
        epsilon: float,
    ) -> tuple[Any, ...]:
        """Return m, v, both corrected, and the step."""
        m = beta1 * m + (1.0 - beta1) * g
        v = beta2 * v + (1.0 - beta2) * (g * g)
        m_hat = m / (1.0 - beta1**t)
        v_hat = v / (1.0 - beta2**t)
        # rate m_hat / (sqrt(v_hat) + epsilon), with the corrections drawn out of the vectors.
        root = (1.0 - beta2**t) ** 0.5
        step = (rate * root / (1.0 - beta1**t)) * m / (sqrt(v) + epsilon * root)
        return m, v, m_hat, v_hat, step


@final
class AdamW(_AdamLike):
    """Adam with weight decay apart from the gradient: w -= rate (m_hat / (...) + decay w).

    Parameters
    ----------
    learning_rate : float, Schedule or function
    beta1, beta2 : float
    epsilon : float
    decay : float
        The share of a parameter, times the rate, that every update takes away; biases included.

    Source: Loshchilov, Hutter, "Decoupled Weight Decay Regularization", 2019, algorithm 2.
    """

    formula = "rate * (m_hat / (sqrt(v_hat) + epsilon) + decay * w)"

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        decay: float = 0.01,
        *,
        clip: Clipping | None = None,
    ) -> None:
        super().__init__(learning_rate, beta1, beta2, epsilon, clip)
        self.decay = finite_number(decay, "AdamW: decay", at_least=0)

    @staticmethod
    def update(
        w: Any,
        g: Any,
        t: int,
        rate: float,
        m: Any,
        v: Any,
        beta1: float,
        beta2: float,
        epsilon: float,
        decay: float,
    ) -> tuple[Any, ...]:
        """Return m, v, both corrected, and the step."""
        m = beta1 * m + (1.0 - beta1) * g
        v = beta2 * v + (1.0 - beta2) * (g * g)
        m_hat = m / (1.0 - beta1**t)
        v_hat = v / (1.0 - beta2**t)
        # rate (m_hat / (sqrt(v_hat) + epsilon) + decay w), the corrections out of the vectors.
        root = (1.0 - beta2**t) ** 0.5
        quotient = (root / (1.0 - beta1**t)) * m / (sqrt(v) + epsilon * root)
        return m, v, m_hat, v_hat, rate * (quotient + decay * w)
