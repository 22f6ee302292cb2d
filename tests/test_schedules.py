"""Schedules: their formulas, and what training makes of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

import neurosim as ns

X, Y = ns.datasets.xor()


def net() -> ns.Network:
    """A small network."""
    return ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.SigmoidNeuron, rng=1)


FORMULAS = [
    (ns.ConstantRate(0.3), lambda k: 0.3),
    (ns.InverseTimeDecay(0.2, 0.5), lambda k: 0.2 / (1 + 0.5 * k)),
    (ns.ExponentialDecay(0.2), lambda k: 0.2 * 0.95**k),
    (ns.InverseSquareRootDecay(0.2, 3.0), lambda k: 3.0 * 0.2 / math.sqrt(k + 1)),
    (ns.StaircaseDecay(0.8, every=3), lambda k: 0.8 * 0.5 ** (k // 3)),
    (ns.WarmUp(4, 0.5), lambda k: 0.5 * min(k + 1, 5) / 5),
    (
        ns.WarmUp(2, ns.ExponentialDecay(0.9, 0.5)),
        lambda k: 0.9 * (k + 1) / 3 if k < 2 else 0.9 * 0.5 ** (k - 2),
    ),
]


@pytest.mark.parametrize(("schedule", "formula"), FORMULAS, ids=lambda item: repr(item)[:30])
def test_the_rate_of_every_epoch(schedule, formula):
    """A fit runs epoch k at the formula's rate for k, and k counts from 0."""
    history = net().fit(X, Y, optimizer=ns.SGD(schedule), epochs=9)
    np.testing.assert_allclose(history.learning_rate, [formula(k) for k in range(9)], rtol=1e-15)


def test_a_plain_function_is_a_schedule():
    """A function of the epoch gives the rate."""
    history = net().fit(X, Y, optimizer=ns.SGD(lambda epoch: 1.0 / (epoch + 1)), epochs=4)
    assert history.learning_rate == [1.0, 0.5, 1 / 3, 0.25]


def test_per_step_counts_updates():
    """With per_step=True the rate falls with every update, not with every epoch."""
    by_hand, trained = net(), net()
    schedule = ns.InverseTimeDecay(0.5, 1.0, per_step=True)
    trained.fit(X, Y, optimizer=ns.SGD(schedule), epochs=2, batch_size=2, shuffle=False)
    for step in range(4):
        rows = slice(0, 2) if step % 2 == 0 else slice(2, 4)
        by_hand.forward(X[rows])
        by_hand.backward(Y[rows])
        ns.SGD(0.5 / (1 + step)).step(by_hand)
    np.testing.assert_allclose(trained.parameters, by_hand.parameters, rtol=1e-12)


def test_repr_makes_the_same():
    """The repr of a schedule is code that makes an equal one."""
    for schedule, _ in FORMULAS:
        assert eval(repr(schedule), vars(ns)) == schedule


WRONG = [
    (
        lambda: ns.InverseTimeDecay(-1.0),
        "InverseTimeDecay: start must be a finite number greater than 0; got -1.0.",
    ),
    (
        lambda: ns.InverseTimeDecay(1.0, -1.0),
        "InverseTimeDecay: decay must be a finite number that is not negative; got -1.0.",
    ),
    (
        lambda: ns.ExponentialDecay(1.0, 1.5),
        "ExponentialDecay: factor must lie above 0 and not above 1; got 1.5.",
    ),
    (
        lambda: ns.StaircaseDecay(1.0, 0),
        "StaircaseDecay: every must be a positive whole number; got 0.",
    ),
    (lambda: ns.WarmUp(3, "x"), "WarmUp: then must be a number greater than 0; got 'x'."),
    (
        lambda: net().fit(X, Y, optimizer=ns.SGD(lambda epoch: -1.0)),
        "The learning rate at 0 must be a finite number greater than 0; got -1.0.",
    ),
]


@pytest.mark.parametrize(("make", "message"), WRONG)
def test_numbers_outside_their_range_are_refused(make, message):
    """Rates, decays and lengths outside their range are named with what they must be."""
    with pytest.raises(ns.NeurosimError) as error:
        make()
    assert str(error.value) == message


def test_the_plain_and_the_exponential_mean():
    """Of 1..100 with beta 0.9 the exponential average is 91.0, the plain mean of the last ten 95.5."""
    assert round(ns.ExponentialAverage(0.9).of(range(1, 101)), 1) == 91.0
    assert np.mean(range(91, 101)) == 95.5
    by_hand = sum(0.1 * 0.9 ** (100 - x) * x for x in range(1, 101)) / (1 - 0.9**100)
    assert ns.ExponentialAverage(0.9).of(range(1, 101)) == pytest.approx(by_hand, rel=1e-14)


@pytest.mark.parametrize("beta", [0.0, 0.9, 0.98])
def test_the_correction_makes_a_constant_exact(beta):
    """The corrected average of equal numbers is that number from the first on; else (1 - beta^t)."""
    corrected, plain = ns.ExponentialAverage(beta), ns.ExponentialAverage(beta, corrected=False)
    for t in range(1, 60):
        assert corrected.add(3.0) == pytest.approx(3.0, rel=1e-13)
        assert plain.add(3.0) == pytest.approx(3.0 * (1 - beta**t), rel=1e-13)
