"""An optimizer or rule, with its schedule and clipping, as plain data.

``{"class": "SGD", "learning_rate": {"class": "ExponentialDecay", "start": 0.1, ...}}``
"""

from __future__ import annotations

import inspect
from typing import Any

from neurosim.checks import short
from neurosim.errors import ArgumentError, nearest
from neurosim.learning.clipping import Clipping
from neurosim.learning.learner import Learner
from neurosim.learning.schedules import PlainFunction, Schedule

__all__ = ["LEARNING", "learner_config", "learner_named"]

LEARNING = (Learner, Schedule, Clipping)
"""What a learner's plain data may name."""


def learner_config(learner: Learner, what: str) -> dict[str, Any]:
    """Return a learner as plain data.

    Raises
    ------
    ArgumentError
        It holds something that no file can, such as a plain function for its learning rate.
    """
    name = type(learner).__name__
    own = {key: _plain(value, f"{what}: {name}: {key}") for key, value in learner.config().items()}
    told = {"class": name, **own}
    again = learner_named(told, _classes_in(learner), what)
    if again.config() != learner.config():
        raise _not_made_again(name, what)
    return told


def _plain(value: Any, what: str) -> Any:
    if isinstance(value, PlainFunction) or (not isinstance(value, LEARNING) and callable(value)):
        raise ArgumentError(
            f"{what} is a plain function, which no file can hold; use a schedule such as "
            "ns.ExponentialDecay(0.1), or write yours as a class derived from ns.Schedule."
        )
    if isinstance(value, LEARNING):
        wanted = inspect.signature(type(value)).parameters
        own = {k: _plain(v, f"{what}: {k}") for k, v in vars(value).items() if k in wanted}
        return {"class": type(value).__name__, **own}
    if value is not None and not isinstance(value, bool | int | float | str):
        raise ArgumentError(f"{what} must be a number to be kept in a file; got {short(value)}.")
    return value


def _classes_in(learner: Learner) -> dict[str, type]:
    """Return the classes of a learner and of what it is made of, by name."""
    found: dict[str, type] = {}
    waiting: list[Any] = [learner]
    for value in waiting:
        if isinstance(value, LEARNING):
            found[type(value).__name__] = type(value)
            own = value.config() if isinstance(value, Learner) else vars(value)
            waiting += own.values()
    return found


def learner_named(config: Any, classes: dict[str, type], what: str) -> Learner:
    """Return the learner that plain data names; the opposite of `learner_config`."""
    made = _made(config, classes, what)
    if not isinstance(made, Learner):
        raise ArgumentError(f"{what}: {config['class']} is no optimizer or rule.")
    return made


def _made(config: Any, classes: dict[str, type], what: str) -> Any:
    if not isinstance(config, dict):
        return config
    cls = classes.get(config["class"])
    if cls is None or not issubclass(cls, LEARNING):
        known = [name for name, known in classes.items() if issubclass(known, LEARNING)]
        raise ArgumentError(
            f"{what}: {config['class']!r} is not known. {nearest(config['class'], known)} "
            "A class of your own is passed with kinds=[...]."
        )
    given = {key: _made(value, classes, what) for key, value in config.items() if key != "class"}
    try:
        return cls(**given)
    except TypeError:
        raise _not_made_again(config["class"], what) from None


def _not_made_again(name: str, what: str) -> ArgumentError:
    return ArgumentError(
        f"{what}: {name} cannot be made again from its attributes; let each argument of its "
        "__init__ be kept in an attribute of the same name."
    )
