"""The laws of the scenarios about learning: their numbers against theory and plain arithmetic."""

import importlib
import math
import sys
from itertools import pairwise

import numpy as np
import pytest

import neurosim as ns
from scenarios import toy_table


@pytest.fixture(scope="module")
def numbers(ran):
    """Give the numbers of a scenario's quick form, by name."""
    return lambda name: ran(name)[0]


def sigmoid(z):
    """1 / (1 + exp(-z)), of one float."""
    return 1 / (1 + math.exp(-z))


CASES = [(0, 0), (0, 1), (1, 0), (1, 1)]


# logic_gates


@pytest.mark.parametrize(
    ("name", "start"), [("zero weights", (0, 0, 0)), ("(.5, 1; .2)", (0.5, 1, 0.2))]
)
def test_and_by_logistic_regression_is_that_of_plain_arithmetic(numbers, name, start):
    """100 epochs of w -= mean of (a - y) x at rate 1 give the scenario's errors and predictions."""
    w1, w2, b = start
    errors = []
    for _ in range(100):
        rows = [(x1, x2, x1 * x2, sigmoid(w1 * x1 + w2 * x2 + b)) for x1, x2 in CASES]
        errors.append(-sum(math.log(a if y else 1 - a) for *_, y, a in rows) / 4)
        w1 -= sum((a - y) * x1 for x1, _, y, a in rows) / 4
        w2 -= sum((a - y) * x2 for _, x2, y, a in rows) / 4
        b -= sum(a - y for *_, y, a in rows) / 4
    run = numbers("logic_gates")["logistic"][name]
    assert run["errors"] == pytest.approx(errors, rel=1e-9)
    assert run["learned"] == pytest.approx([w1, w2, b], rel=1e-9)
    expected = [sigmoid(w1 * x1 + w2 * x2 + b) for x1, x2 in CASES]
    assert run["prediction"] == pytest.approx(expected, rel=1e-9)
    assert [a > 0.5 for a in run["prediction"]] == [y == 1 for y in run["Y"]]
    assert run["Y"] == [0, 0, 0, 1]


def test_from_zero_weights_the_first_error_is_ln_2(numbers):
    """A neuron that answers 0.5 to all has the cross entropy ln 2."""
    errors = numbers("logic_gates")["logistic"]["zero weights"]["errors"]
    assert errors[0] == pytest.approx(math.log(2), rel=1e-15)


GATES = {"and": [0, 0, 0, 1], "or": [0, 1, 1, 1], "nand": [1, 1, 1, 0], "xor": [0, 1, 1, 0]}


@pytest.mark.parametrize("gate", GATES)
def test_the_perceptron_rule_is_that_of_plain_arithmetic(numbers, gate):
    """w += (y - a) x and b += y - a, case by case, gives the weights after 60 epochs."""
    w1 = w2 = b = 0
    for _ in range(60):
        for (x1, x2), y in zip(CASES, GATES[gate], strict=True):
            error = y - (w1 * x1 + w2 * x2 + b > 0)
            w1, w2, b = w1 + error * x1, w2 + error * x2, b + error
    run = numbers("logic_gates")["perceptron"][gate]
    assert run["learned"] == [w1, w2, b]


@pytest.mark.parametrize("gate", ["and", "or", "nand"])
def test_a_perceptron_learns_and_or_nand(numbers, gate):
    """After the epochs it needed all answers are right, and stay so."""
    run = numbers("logic_gates")["perceptron"][gate]
    assert run["output"] == GATES[gate]
    assert set(run["wrong"][run["epochs_needed"] - 1 :]) == {0}


def test_a_perceptron_fails_on_xor(numbers):
    """No line parts the four cases: some answer is wrong after every epoch."""
    run = numbers("logic_gates")["perceptron"]["xor"]
    assert run["epochs_needed"] is None
    assert min(run["wrong"]) >= 1
    assert run["output"] != GATES["xor"]


# toy_classification and toy_regression


def test_the_toy_table_is_the_given_one():
    """Ten rows of five; the first five are (0, 1), the others (1, 0)."""
    given = (
        "1 1 1 0 0 | 1 2 1 0 -1 | 2 1 1 -1 0 | 2 2 2 0 0 | 1 2 2 0 -1 |"
        "0 0 0 1 1 | -1 0 0 2 1 | 0 -1 0 1 2 | -1 -1 0 2 2 | 0 -1 0 1 1"
    )
    assert toy_table.X.tolist() == [[float(v) for v in row.split()] for row in given.split("|")]
    assert toy_table.CLASSES.tolist() == [[0, 1]] * 5 + [[1, 0]] * 5
    assert toy_table.TARGETS[:, 0].tolist() == [1, 2, 2, 4, 3, 0, 1, 1, 2, 0]


def test_toy_losses_are_the_cross_entropies_of_the_outputs(numbers):
    """First and last loss are the means of -ln of the probability of the right class."""
    run = numbers("toy_classification")
    for when in ("first", "last"):
        outputs = run[f"{when}_outputs"]
        assert [sum(pair) for pair in outputs] == pytest.approx([1.0] * 10, rel=1e-12)
        right = [a[1] for a in outputs[:5]] + [a[0] for a in outputs[5:]]
        loss = -sum(map(math.log, right)) / 10
        assert run[f"{when}_loss"][0] == pytest.approx(loss, rel=1e-12)


def test_every_start_learns_the_toy_classes(numbers):
    """All ten rows are right after 100 passes, from each of 20 starts, and the loss has fallen."""
    run = numbers("toy_classification")
    assert run["accuracy"] == [1.0] * 20
    for first, last in zip(run["first_loss"], run["last_loss"], strict=True):
        assert last < first / 4


def test_toy_losses_are_the_squared_errors_of_the_outputs(numbers):
    """First and last loss are the means of (output - target)^2."""
    run = numbers("toy_regression")
    for when in ("first", "last"):
        pairs = zip(run[f"{when}_outputs"], [1, 2, 2, 4, 3, 0, 1, 1, 2, 0], strict=True)
        loss = sum((a - y) ** 2 for a, y in pairs) / 10
        assert run[f"{when}_loss"][0] == pytest.approx(loss, rel=1e-12)


def test_most_starts_beat_the_best_line_on_the_toy_numbers(numbers):
    """The variance of the targets is 1.44, a line leaves less, and most networks less than it."""
    run = numbers("toy_regression")
    assert run["baselines"]["mean"] == pytest.approx(1.44, rel=1e-12)
    assert run["baselines"]["linear"] < run["baselines"]["mean"]
    assert sum(loss < run["baselines"]["linear"] for loss in run["last_loss"]) > 10
    assert all(
        last < first for first, last in zip(run["first_loss"], run["last_loss"], strict=True)
    )


def test_rate_01_is_too_high_for_single_rows(numbers):
    """Row by row some starts diverge, and no other ends better than the full batch does."""
    run = numbers("toy_regression")
    one_by_one = run["one_by_one"]
    assert one_by_one["diverged"] > 0
    assert one_by_one["diverged"] + len(one_by_one["losses"]) == 20
    assert min(one_by_one["losses"]) > max(run["last_loss"])


# linear_layers


def test_two_linear_layers_are_one(numbers):
    """U(Wx + b) + c = Vx + d for every x; 3 x 4 + 4 + 4 x 2 + 2 parameters do what 8 do."""
    same = numbers("linear_layers")["two_are_one"]
    assert same["largest_difference"] < 1e-12
    assert same["parameters"] == [26, 8]


def test_relus_added_bend(numbers):
    """The slope is 0.25 up to 16 years and 1.5 after; two of opposite sign make a step."""
    bends = numbers("linear_layers")["bends"]
    bend = bends["two ReLUs: a bend"]
    assert bend == pytest.approx([0.25 * x + 1.25 * max(0, x - 16) for x in range(26)])
    assert bends["two ReLUs: a step"] == [0.0] * 16 + [4.0] * 10
    assert bends["four ReLUs: two degrees"] == [0.0] * 16 + [4.0] * 2 + [7.0] * 8


def test_linear_layers_reach_the_best_line_and_no_further(numbers):
    """One and three linear layers end at the loss of the best line, ReLUs far below."""
    learned = numbers("linear_layers")["learned"]
    years = np.arange(26.0)
    wanted = 0.25 * years + 1.25 * np.maximum(0, years - 16)
    line = np.polynomial.Polynomial.fit(years, wanted, 1)(years)
    best = float(np.mean((line - wanted) ** 2))
    assert learned["best_line"] == pytest.approx(best, rel=1e-9)
    for name in ("1-1 linear", "1-5-5-1 linear"):
        assert min(learned["losses"][name]) == pytest.approx(best, rel=1e-3)
        assert min(learned["losses"][name]) > best * (1 - 1e-9)
    assert min(learned["losses"]["1-2-1 ReLU"]) < best / 10


# learning_rate


@pytest.mark.parametrize(
    ("name", "rate"),
    [("too slow", 0.01), ("right", 0.3), ("swinging in", 0.9), ("swinging upwards", 1.05)],
)
def test_on_the_bowl_every_update_multiplies_w(numbers, name, rate):
    """From w = -6 on J = w^2, w after t updates is -6 (1 - 2 rate)^t."""
    way = numbers("learning_rate")["bowl"][name]
    assert way == pytest.approx([-6 * (1 - 2 * rate) ** t for t in range(13)], rel=1e-12)


def test_descent_on_a_round_bowl_is_straight(numbers):
    """On x^2 + y^2 both shrink by 1 - 2 rate, so that x / y stays."""
    way = numbers("learning_rate")["round_bowl"]
    for t, (x, y) in enumerate(way):
        assert (x, y) == pytest.approx((-6 * 0.8**t, 4 * 0.8**t), rel=1e-12)


@pytest.mark.parametrize("rate", ["0.02", "0.1"])
def test_the_cliff_is_descended_as_plain_arithmetic_does(numbers, rate):
    """w -= rate J'(w) with J = (w - 1)^2 + (3 s(20 w))^2, for the first 20 updates."""
    way, w = numbers("learning_rate")["cliff"][rate]["w"], -6.0
    for seen in way[:21]:
        assert seen == pytest.approx(w, rel=1e-9)
        s = sigmoid(20 * w)
        w -= float(rate) * (2 * (w - 1) + 2 * 9 * s * 20 * s * (1 - s))


def test_the_cliff_throws_the_weight_back(numbers):
    """At rate 0.1 a step from the wall leads far back; at 0.02 the weight settles at its foot."""
    cliff = numbers("learning_rate")["cliff"]
    assert abs(cliff["0.1"]["from"]) < 0.1
    assert cliff["0.1"]["to"] < -4
    settled = cliff["0.02"]["w"][-20:]
    assert max(settled) - min(settled) < 1e-3
    assert -0.2 < settled[-1] < 0


def test_a_linear_model_diverges_above_two_over_the_curvature(numbers):
    """Of the rates from 1e-7 to 1, those below 2 / curvature hold and those above diverge."""
    sweep = numbers("learning_rate")["sweep"]
    assert (sweep["rates"][0], sweep["rates"][-1]) == pytest.approx((1e-7, 1.0))
    for name, limit in sweep["limits"].items():
        for rate, loss in zip(sweep["rates"], sweep["losses"][name], strict=True):
            assert (loss is None) == (rate > limit)


def test_the_best_rate_lies_between_too_slow_and_too_large(numbers):
    """At 1e-7 hardly anything is learned, and the best rate is none of the two ends."""
    sweep = numbers("learning_rate")["sweep"]
    for name, losses in sweep["losses"].items():
        best = losses[sweep["rates"].index(sweep["best"][name])]
        assert losses[0] > 5 * best
        assert 1e-7 < sweep["best"][name] < 1


# batch_sizes


def test_a_hundred_samples_make_so_many_updates(numbers):
    """1 full batch, 4 mini-batches of 32 (the last of 4), 100 single samples per epoch."""
    sizes = numbers("batch_sizes")["sizes"]
    assert [run["updates_per_epoch"] for run in sizes.values()] == [1, 4, 100]


def test_small_batches_come_near_sooner_and_settle_less(numbers):
    """After one epoch the smallest are nearest, in the last the largest; noise goes with size."""
    full, mini, single = numbers("batch_sizes")["sizes"].values()
    key = "apart_after_1_epoch"
    assert single[key] < mini[key] < full[key]
    key = "apart_in_last_epoch"
    assert full[key] < mini[key] < single[key]
    key = "spread_of_last_losses"
    assert full[key] == 0 < mini[key] < single[key]


# optimizers


def test_the_exponential_average_of_1_to_100(numbers):
    """Sum of (1 - beta) beta^k (100 - k), over 1 - beta^100 where corrected; 95.5 is the mean."""
    averages = numbers("optimizers")["averages"]
    for beta in (0.9, 0.98):
        plain = sum((1 - beta) * beta**k * (100 - k) for k in range(100))
        assert averages[f"{beta:g}, as it is"][-1] == pytest.approx(plain, rel=1e-12)
        corrected = averages[f"{beta:g}, corrected"]
        assert corrected[-1] == pytest.approx(plain / (1 - beta**100), rel=1e-12)
        assert corrected[0] == pytest.approx(1.0, rel=1e-12)
    assert f"{averages['0.9, corrected'][-1]:.3f}" == "91.003"
    assert averages["mean_of_last_ten"][-1] == 95.5


def test_in_the_valley_the_gradient_alone_gets_stuck(numbers):
    """SGD, Momentum and Nesterov end far above the least loss; Adam comes within a tenth."""
    valley = numbers("optimizers")["valley"]
    least, last = valley["least_loss"], valley["last_loss"]
    for name in ("SGD", "Momentum", "Nesterov"):
        assert last[name] > 500 * least
        assert valley["last_w"][name][0] < 0.2
    assert last["Adam"] < 1.1 * least
    assert all(loss > least for loss in last.values())
    assert min(last, key=last.get) == "Adam"


def test_sgds_rate_in_the_valley_is_bounded_by_its_curvature(numbers):
    """The best rate that was found lies below 2 / curvature, which is 1e5 times that along."""
    valley = numbers("optimizers")["valley"]
    along, across = valley["curvatures"]
    assert across / along > 1e5
    assert valley["rates"]["SGD"] < 2 / across


def test_sgd_leaves_the_saddle_as_plain_arithmetic_does(numbers):
    """w1 -= rate dJ/dw1 and w2 -= rate dJ/dw2 for J = (1 - w1 w2)^2 arrive at the same weights."""
    w1, w2 = -1.0, 1.05
    arrived = None
    for t in range(400):
        error = 1 - w1 * w2
        arrived = t if arrived is None and error**2 < 0.001 else arrived
        w1, w2 = w1 + 0.05 * 2 * error * w2, w2 + 0.05 * 2 * error * w1
    sgd = numbers("optimizers")["saddle"]["SGD"]
    assert sgd["last_w"] == pytest.approx([w1, w2], rel=1e-9)
    assert sgd["updates_to_arrive"] == arrived


def test_all_but_adagrad_leave_the_saddle(numbers):
    """AdaGrad's steps have shrunk too far by then; the others reach the curve w1 w2 = 1."""
    saddle = numbers("optimizers")["saddle"]
    assert saddle["AdaGrad"]["updates_to_leave"] is None
    for name, run in saddle.items():
        if name != "AdaGrad":
            assert math.prod(run["last_w"]) == pytest.approx(1, abs=0.1)


# decay


def test_every_rate_is_that_of_its_formula(numbers):
    """Epochs count from 0, so that all but the warm-up begin at 0.1."""
    run = numbers("decay")
    assert run["rates_apart_from_formula"] < 1e-12
    rates = run["rates"]
    assert all(r[0] == 0.1 for name, r in rates.items() if not name.startswith("WarmUp"))
    assert rates["InverseTimeDecay"][2] == pytest.approx(0.1 / 2, rel=1e-12)
    assert rates["ExponentialDecay"][2] == pytest.approx(0.1 * 0.9025, rel=1e-12)
    assert rates["InverseSquareRootDecay"][3] == pytest.approx(0.1 / 2, rel=1e-12)
    assert rates["StaircaseDecay"][9:11] == [0.1, 0.05]
    assert max(rates["WarmUp, then exponential"]) == rates["WarmUp, then exponential"][5] == 0.1


def test_falling_rates_settle_where_a_constant_one_does_not(numbers):
    """In the last ten epochs every falling rate has a fifth of the constant's excess, or less."""
    excess = numbers("decay")["excess"]
    late = {name: sum(run[-10:]) / 10 for name, run in excess.items()}
    constant = late.pop("constant")
    assert len(late) == 7
    for value in late.values():
        assert 0 < value < constant / 5


# saturation


def test_the_ends_of_the_sigmoid_are_flat(numbers):
    """s'(z) = exp(-z) / (1 + exp(-z))^2: 0.25 at 0, and near exp(-z) far out."""
    for z, slope in numbers("saturation")["slopes"].items():
        e = math.exp(-float(z))
        assert slope == pytest.approx(e / (1 + e) ** 2, rel=1e-6)


@pytest.mark.parametrize("start", [(0.6, 0.9), (2.0, 2.0)])
@pytest.mark.parametrize("loss", ["squared error", "cross entropy"])
def test_a_neuron_in_the_flat_learns_as_plain_arithmetic_does(numbers, start, loss):
    """delta = a a (1 - a) with half the squared error, a with cross entropy, for x = 1, y = 0."""
    w, b = start
    run = numbers("saturation")["flat"][f"{loss}, w = {w:g}, b = {b:g}"]
    assert len(run) == 301
    for seen in run:
        a = sigmoid(w + b)
        assert seen == pytest.approx(a, rel=1e-9)
        delta = a * a * (1 - a) if loss == "squared error" else a
        w, b = w - 0.15 * delta, b - 0.15 * delta


def test_squared_error_waits_in_the_flat_and_cross_entropy_does_not(numbers):
    """From w = 2, b = 2 the output is still above 0.9 after 100 epochs, or below 0.1."""
    flat = numbers("saturation")["flat"]
    assert flat["squared error, w = 2, b = 2"][100] > 0.9
    assert flat["cross entropy, w = 2, b = 2"][100] < 0.1


def test_positive_inputs_move_all_weights_the_same_way(numbers):
    """dJ/dw = delta a has one sign for all a > 0; around zero half of the updates do."""
    together = numbers("saturation")["together"]
    assert together["sigmoid"]["same_direction"] == 1.0
    assert 0.3 < together["centred"]["same_direction"] < 0.7


def test_relus_die_at_a_high_rate_and_stay_dead(numbers):
    """At rate 10 nearly all are off for every sample, get a gradient of 0, and never change."""
    rows = {(row["kind"], row["rate"]): row for row in numbers("saturation")["dying"]["rows"]}
    high = rows["ReLU", 10.0]
    assert min(high["off_high"]) >= 15
    assert high["off_low"] == high["off_high"]
    assert set(high["changed_while_off"]) == {0.0}
    assert min(high["loss_low"]) > 0.5
    for rate in (1.0, 3.0):
        assert set(rows["ReLU", rate]["off_high"]) == {0}
        assert max(rows["ReLU", rate]["loss_low"]) < 0.1


def test_leaky_relus_are_rescued(numbers):
    """With slope 0.1 fewer are off after the high rate, they still change, and the loss is low."""
    rows = {(row["kind"], row["rate"]): row for row in numbers("saturation")["dying"]["rows"]}
    dead, leaky = rows["ReLU", 10.0], rows["leaky ReLU, slope 0.1", 10.0]
    assert max(leaky["off_high"]) < min(dead["off_high"])
    assert min(leaky["changed_while_off"]) > 0
    assert max(leaky["loss_low"]) < min(dead["loss_low"]) / 2


# initialization


def test_relu_activations_scale_with_the_weights(numbers):
    """max(0, c z) = c max(0, z): c times the weights make c^k times the activations of layer k.

    Xavier's spread is 0.1 for 100 inputs, He's sqrt(2) times that, and all draws are the same.
    """
    spread = numbers("initialization")["spread"]["ReLU"]
    factors = {"normal, 0.01": 0.1, "He": math.sqrt(2), "too large: normal, 1": 10.0}
    for name, factor in factors.items():
        for k, (value, xavier) in enumerate(zip(spread[name], spread["Xavier"], strict=True)):
            assert value == pytest.approx(factor**k * xavier, rel=1e-9)
    assert spread["zeros"][1:] == [0.0] * 10


def test_he_keeps_the_signal_of_relus(numbers):
    """After ten layers it is within a factor 4 of the inputs, Xavier's is 2^5 times smaller."""
    spread = numbers("initialization")["spread"]["ReLU"]
    assert 1 / 4 < spread["He"][10] / spread["He"][0] < 4
    assert spread["He"][10] / spread["Xavier"][10] == pytest.approx(32, rel=1e-9)


def test_small_weights_fade_and_large_ones_saturate_tanh(numbers):
    """Near zero tanh is linear, so 0.01 shrinks the signal to about a tenth per layer."""
    run = numbers("initialization")
    spread = run["spread"]["tanh"]
    for before, after in pairwise(spread["normal, 0.01"]):
        assert after / before == pytest.approx(0.1, rel=0.1)
    assert 0.1 < spread["Xavier"][10] < 1
    assert min(run["saturated"]["too large: normal, 1"]) > 0.5
    assert max(run["saturated"]["Xavier"]) < 0.1


def test_zeros_and_tiny_weights_do_not_learn(numbers):
    """The loss stays at ln 2, where He and Xavier fall below."""
    for kind, losses in numbers("initialization")["last_loss"].items():
        for name in ("zeros", "normal, 0.01"):
            assert losses[name] == pytest.approx(math.log(2), abs=1e-3), kind
        assert losses["He"] < losses["Xavier"] < 0.68


# deep_binary


def test_depth_bends_the_border_of_the_ring(numbers):
    """A line gets little more than half right; every hidden layer reaches a loss of 0.2 sooner."""
    depths = numbers("deep_binary")["depths"]
    assert depths[0]["held_out_right"] < 0.7
    for depth in (1, 2, 4):
        assert depths[depth]["held_out_right"] > 0.9
    soon = [depths[depth]["epoch_below_02"] for depth in (1, 2, 4)]
    assert soon == sorted(soon, reverse=True)


def test_parameters_of_deep_networks_are_counted(numbers):
    """2-1 has 3; 2-16-1 has 3 x 16 + 17, and every further layer 17 x 16 more."""
    depths = numbers("deep_binary")["depths"]
    expected = {0: 3, **{d: 3 * 16 + 17 + (d - 1) * 17 * 16 for d in (1, 2, 4)}}
    assert {depth: run["parameters"] for depth, run in depths.items()} == expected


# transfer


def test_the_first_digits_are_learned(numbers):
    """At least 95 % of the held-out 0-4."""
    assert min(numbers("transfer")["first_accuracy"]) > 0.95


def test_frozen_layers_stay_and_the_rest_is_free(numbers):
    """Frozen parameters are unchanged bit for bit; 5-9 are learned by those that are left."""
    run = numbers("transfer")
    assert run["frozen_unchanged"]
    output, hidden = 64 * 5 + 5, 64 * 64 + 64
    assert run["free_parameters"] == {
        "taken over, both frozen": output,
        "taken over, first frozen": output + hidden,
        "taken over, all free": output + 2 * hidden,
        "from scratch": output + 2 * hidden,
        "random, both frozen": output,
    }


def test_more_scans_teach_more(numbers):
    """From 20 scans of each digit more is right than from 1, and that is far above chance."""
    for ways in numbers("transfer")["right"].values():
        assert sum(ways[20]) > sum(ways[1])
        assert min(ways[20]) > 0.7


# all of them


@pytest.mark.parametrize("name", ["logic_gates", "toy_classification", "toy_regression"])
def test_svg_files_of_trained_networks_are_the_same_in_every_run(ran, name, tmp_path):
    """The same seeds give the same bytes."""
    _, out = ran(name)
    importlib.import_module(f"scenarios.{name}").main(out=tmp_path, quick=True)
    for path in tmp_path.glob("*.svg"):
        assert path.read_bytes() == (out / path.name).read_bytes()


def test_transfer_without_scikit_learn_says_what_to_install(monkeypatch, tmp_path):
    """The message names the scenario and the extra."""
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ns.MissingExtraError) as caught:
        importlib.import_module("scenarios.transfer").main(out=tmp_path, quick=True)
    assert str(caught.value) == (
        "scenarios.transfer: the scans come with scikit-learn, which is not installed; install it "
        "with: pip install -e '.[scenarios]'"
    )
