"""The laws of the scenarios about tracing: their numbers, by plain arithmetic and as printed."""

import math

import pytest

import neurosim as ns
from scenarios.chain_rule import Output, SquareNeuron


@pytest.fixture(scope="module")
def mazur(ran):
    """The numbers of the scenario."""
    return ran("mazur")[0]


@pytest.fixture(scope="module")
def chain_rule(ran):
    """The numbers of the scenario."""
    return ran("chain_rule")[0]


# mazur


def sigmoid(z):
    """1 / (1 + exp(-z)), of one float."""
    return 1 / (1 + math.exp(-z))


def worked_out():
    """z, a and delta by plain arithmetic, and gradients and new weights from them."""
    i1, i2, t1, t2, rate = 0.05, 0.10, 0.01, 0.99, 0.5
    z = {"h1": 0.15 * i1 + 0.20 * i2 + 0.35, "h2": 0.25 * i1 + 0.30 * i2 + 0.35}
    a = {name: sigmoid(value) for name, value in z.items()}
    z["o1"] = 0.40 * a["h1"] + 0.45 * a["h2"] + 0.60
    z["o2"] = 0.50 * a["h1"] + 0.55 * a["h2"] + 0.60
    a |= {name: sigmoid(z[name]) for name in ("o1", "o2")}
    slope = {name: value * (1 - value) for name, value in a.items()}
    d = {"o1": (a["o1"] - t1) * slope["o1"], "o2": (a["o2"] - t2) * slope["o2"]}
    d["h1"] = (0.40 * d["o1"] + 0.50 * d["o2"]) * slope["h1"]
    d["h2"] = (0.45 * d["o1"] + 0.55 * d["o2"]) * slope["h2"]
    neurons = {name: {"z": z[name], "a": a[name], "delta": d[name]} for name in z}
    start = {
        "i1->h1": (0.15, i1 * d["h1"]),
        "i2->h1": (0.20, i2 * d["h1"]),
        "i1->h2": (0.25, i1 * d["h2"]),
        "i2->h2": (0.30, i2 * d["h2"]),
        "h1->o1": (0.40, a["h1"] * d["o1"]),
        "h2->o1": (0.45, a["h2"] * d["o1"]),
        "h1->o2": (0.50, a["h1"] * d["o2"]),
        "h2->o2": (0.55, a["h2"] * d["o2"]),
    }
    return neurons, {e: {"gradient": g, "new": w - rate * g} for e, (w, g) in start.items()}


def test_the_worked_example_is_plain_arithmetic(mazur):
    """Every z, a, delta, gradient and new weight is that of a few lines of arithmetic."""
    neurons, weights = worked_out()
    for ours, expected in ((mazur["neurons"], neurons), (mazur["weights"], weights)):
        assert ours.keys() == expected.keys()
        for name, numbers in expected.items():
            assert ours[name] == pytest.approx(numbers, rel=1e-12)


def test_the_eight_new_weights_are_those_printed(mazur):
    """As the example prints them, to eight decimals."""
    new = [f"{numbers['new']:.8f}" for numbers in mazur["weights"].values()]
    assert new == [
        "0.14978072",
        "0.19956143",
        "0.24975114",
        "0.29950229",
        "0.35891648",
        "0.40866619",
        "0.51130127",
        "0.56137012",
    ]


def test_the_losses_before_and_after_the_step(mazur):
    """0.298371109, as printed, and 0.291027774, which is what the printed weights give."""
    losses = {name: f"{value:.9f}" for name, value in mazur["loss"].items()}
    assert losses == {"before": "0.298371109", "traced": "0.298371109", "after": "0.291027774"}


def test_the_loss_widely_printed_has_a_story(mazur):
    """0.291027924 is what comes out where weights are updated before the deltas."""
    assert mazur["checked"] == {
        "ok": False,
        "first_wrong": ("loss", "new"),
        "mistake": "updated_too_early",
    }


# chain_rule


def test_the_chain_rule_classic(chain_rule):
    """J = 3 (a + b c) at 5, 3, 2: 33, and dJ/da 3, dJ/db 6, dJ/dc 9, in both networks."""
    expected = {"J": 33, "dJ/da": 3, "dJ/db": 6, "dJ/dc": 9}
    for numbers in (chain_rule["by_weight"], chain_rule["by_squares"]):
        assert {name: numbers[name] for name in expected} == expected
    assert chain_rule["by_weight"]["dJ/dv"] == 3
    assert [chain_rule["by_squares"][name] for name in ("(b + c)^2", "(b - c)^2", "v")] == [
        25,
        1,
        11,
    ]


def test_the_parts_of_the_paths_add_up(chain_rule):
    """b and c reach J by two paths, 2 (b + c) / 4 * 3 and -2 (b - c) / 4 * 3 for b, a by one."""
    assert chain_rule["paths"] == {"a": [3.0], "b": [7.5, -1.5], "c": [7.5, 1.5]}


def test_small_changes_tell_the_same(chain_rule):
    """J is linear in each input, so that a quotient of differences is the derivative."""
    assert chain_rule["nudged"] == pytest.approx({"a": 3, "b": 6, "c": 9}, rel=1e-9)


def test_the_scenarios_own_kind_and_loss_are_right_in_every_engine():
    """The square and the output as the loss, against finite differences and engine by engine."""
    net = ns.Network.layered(
        [2, 3, 1], hidden=SquareNeuron, output=ns.LinearNeuron, loss=Output(), rng=1
    )
    X, Y = [[0.5, -1.0], [2.0, 0.3]], [[0.0], [0.0]]
    assert ns.check_gradient(net, X, Y).ok
    twin = net.copy()
    net.fit(X, Y, optimizer=ns.SGD(0.01), epochs=3, engine="graph")
    twin.fit(X, Y, optimizer=ns.SGD(0.01), epochs=3, engine="vectorized")
    assert net.parameters == pytest.approx(twin.parameters, rel=1e-12)
