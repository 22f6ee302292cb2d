"""The laws of the scenarios: their numbers, their files, their manners."""

import ast
import importlib
import inspect
import json
import math
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import pytest

import neurosim as ns
import scenarios
from scenarios.command import run_all

HERE = Path(scenarios.__file__).parent
SOURCES = sorted(HERE.glob("*.py"))


@pytest.fixture(scope="module")
def gray_pixels(ran):
    """The numbers of the scenario."""
    return ran("gray_pixels")[0]


@pytest.fixture(scope="module")
def seven_four_three(ran):
    """The numbers of the scenario."""
    return ran("seven_four_three")[0]


@pytest.fixture(scope="module")
def xor(ran):
    """The numbers of the scenario."""
    return ran("xor")[0]


@pytest.fixture(scope="module")
def delta_function(ran):
    """The numbers of the scenario."""
    return ran("delta_function")[0]


@pytest.fixture(scope="module")
def linear(ran):
    """The numbers of the linear model of the dating scenario."""
    return ran("dating")[0]["linear"]


@pytest.fixture(scope="module")
def networks(ran):
    """The numbers of the networks of the dating scenario."""
    return ran("dating")[0]["networks"]


@pytest.fixture(scope="module")
def digits(ran):
    """The numbers of the scenario."""
    return ran("digits")[0]


each = pytest.mark.parametrize("name", scenarios.NAMES)


# What every scenario does


@each
def test_a_scenario_writes_the_files_that_it_names(ran, name):
    """Every file named is there, is no empty one, and is called after the scenario."""
    numbers, out = ran(name)
    assert sorted(path.name for path in out.iterdir()) == sorted(numbers["files"])
    for path in out.iterdir():
        assert path.name.startswith(f"{name}_")
        assert path.suffix in {".svg", ".png", ".gif", ".html"}
        assert path.stat().st_size > 1000


@each
def test_a_scenario_returns_plain_data(ran, name):
    """The numbers are dicts, lists, texts and Python's own numbers, so that JSON can hold them."""
    numbers, _ = ran(name)
    assert _is_plain(numbers)
    json.dumps(numbers, allow_nan=False)


def _is_plain(value):
    if type(value) is dict:
        return all(type(k) in (str, int) and _is_plain(v) for k, v in value.items())
    if type(value) in (list, tuple):
        return all(map(_is_plain, value))
    return value is None or type(value) in (bool, int, float, str)


@each
def test_main_takes_a_folder_and_whether_to_be_quick(name):
    """The signature is main(out="figures", quick=False)."""
    main = importlib.import_module(f"scenarios.{name}").main
    defaults = {k: p.default for k, p in inspect.signature(main).parameters.items()}
    assert defaults == {"out": "figures", "quick": False}


def test_every_module_with_a_main_is_a_scenario():
    """A module that defines main(out, quick) is named in NAMES, and nothing else is."""
    with_main = {
        path.stem
        for path in SOURCES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name == "main"
    }
    assert with_main == set(scenarios.NAMES)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_scenario_uses_public_names_only(path):
    """A scenario imports neurosim as ns and nothing from inside it; what it asks for is public."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                assert not alias.name.startswith("neurosim.")
                assert alias.name != "neurosim" or alias.asname == "ns"
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] != "neurosim"
        elif isinstance(node, ast.Attribute):
            # Names such as __name__ are Python's own.
            assert not node.attr.startswith("_") or node.attr.endswith("__")
            if isinstance(node.value, ast.Name) and node.value.id == "ns":
                assert node.attr in ns.__all__


@pytest.mark.parametrize("name", ["gray_pixels", "seven_four_three", "delta_function"])
def test_svg_files_are_the_same_in_every_run(ran, name, tmp_path):
    """The same numbers give the same bytes: no date and no random ids."""
    _, out = ran(name)
    importlib.import_module(f"scenarios.{name}").main(out=tmp_path, quick=True)
    for path in tmp_path.glob("*.svg"):
        assert path.read_bytes() == (out / path.name).read_bytes()


def test_drawing_changes_no_setting_of_matplotlib(tmp_path):
    """rcParams after a scenario are those before it."""
    before = dict(mpl.rcParams)
    importlib.import_module("scenarios.gray_pixels").main(out=tmp_path)
    assert dict(mpl.rcParams) == before


# The command line


def run(*arguments):
    """Run Python on the project in another process."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", *arguments],
        cwd=HERE.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_all_scenarios_run_from_the_command_line(tmp_path):
    """python -m scenarios --quick --out DIR runs all, warns of nothing, and exits with 0."""
    done = run("scenarios", "--quick", "--out", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    for name in scenarios.NAMES:
        assert f"== {name} ==" in done.stdout
        assert list(tmp_path.glob(f"{name}_*"))


def test_one_scenario_runs_by_its_module(tmp_path):
    """python -m scenarios.NAME --out DIR runs that one only."""
    done = run("scenarios.gray_pixels", "--out", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["gray_pixels_neuron.svg"]


def refused(capsys, *arguments):
    """Return the last line on stderr with which arguments are refused, with exit code 2."""
    with pytest.raises(SystemExit) as caught:
        run_all(arguments)
    assert caught.value.code == 2
    return capsys.readouterr().err.splitlines()[-1]


def test_an_unknown_scenario_is_refused_with_the_nearest(capsys):
    """A misspelt name gives exit code 2 and the name that was meant, or all names."""
    assert refused(capsys, "digit") == (
        "python -m scenarios: error: there is no scenario 'digit'; did you mean 'digits'?"
    )
    assert refused(capsys, "zzz") == (
        f"python -m scenarios: error: there is no scenario 'zzz'; known: "
        f"{', '.join(scenarios.NAMES)}"
    )


def test_an_unknown_option_is_refused(capsys):
    """An option that is none gives exit code 2 and is named."""
    assert refused(capsys, "--fast") == (
        "python -m scenarios: error: unrecognized arguments: --fast"
    )


def test_a_folder_that_cannot_be_made_is_refused(capsys, tmp_path):
    """--out with the name of a file gives exit code 2, before anything runs."""
    path = tmp_path / "taken"
    path.write_text("", encoding="utf-8")
    assert refused(capsys, "--out", str(path)) == (
        f"python -m scenarios: error: argument --out: cannot make the folder {str(path)!r}: "
        "File exists"
    )


def test_without_scikit_learn_the_digits_are_skipped(capsys, monkeypatch, tmp_path):
    """The missing extra is named, and the other scenarios run."""
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    digits_module = importlib.import_module("scenarios.digits")
    with pytest.raises(ns.MissingExtraError) as caught:
        digits_module.main(out=tmp_path, quick=True)
    assert str(caught.value) == (
        "scenarios.digits: the scans come with scikit-learn, which is not installed; install it "
        "with: pip install -e '.[scenarios]'"
    )
    assert run_all(["digits", "gray_pixels", "--quick", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "Skipped. scenarios.digits: the scans come with scikit-learn" in printed
    assert "Skipped: digits (see above for what to install)." in printed
    assert [path.name for path in tmp_path.iterdir()] == ["gray_pixels_neuron.svg"]


# gray_pixels and seven_four_three


def test_the_neuron_on_four_pixels(gray_pixels):
    """z = 0.03 + 0.06 + 0.08 + 0.03 - 0.8 = -0.6, and 1 / (1 + exp(0.6)) = 0.354."""
    assert gray_pixels["z"] == pytest.approx(-0.6, abs=1e-15)
    assert gray_pixels["activation"] == pytest.approx(1 / (1 + math.exp(0.6)), rel=1e-15)
    assert f"{gray_pixels['activation']:.3f}" == "0.354"


def test_by_neuron_and_by_matrix_are_equal(seven_four_three):
    """All seven neurons have the same z and a by both ways, a = 1 / (1 + exp(-z))."""
    by_neuron, by_matrix = seven_four_three["by_neuron"], seven_four_three["by_matrix"]
    assert [row["neuron"] for row in by_neuron] == [row["neuron"] for row in by_matrix]
    assert len(by_neuron) == 4 + 3
    for one, other in zip(by_neuron, by_matrix, strict=True):
        assert one["z"] == pytest.approx(other["z"], rel=1e-13, abs=1e-15)
        assert one["a"] == pytest.approx(other["a"], rel=1e-13)
        assert one["a"] == pytest.approx(1 / (1 + math.exp(-one["z"])), rel=1e-13)
    assert seven_four_three["largest_difference"] < 1e-15
    outputs = [row["a"] for row in by_neuron[4:]]
    assert outputs == pytest.approx(seven_four_three["outputs"], rel=1e-13)


# xor


def test_xor_by_hand_is_its_truth_table(xor):
    """0.00 1.00 1.00 0.00 for the four cases, by traversal and vectorized."""
    for engine in ("traversal", "vectorized"):
        assert [f"{a:.2f}" for a in xor["hand_set"][engine]] == ["0.00", "1.00", "1.00", "0.00"]
    assert xor["hand_set"]["largest_difference"] < 1e-12


def test_xor_is_solved_where_all_four_answers_are_right(xor):
    """A seed counts as solved where every output is on the right side of 0.5, and most do."""
    learned = xor["learned"]
    right = [
        [a > 0.5 for a in outputs] == [False, True, True, False] for outputs in learned["outputs"]
    ]
    assert len(right) == 20
    assert right == learned["solved_by_seed"]
    assert sum(right) == learned["solved"]
    assert learned["solved"] >= 10


def test_an_unsolved_xor_rests_at_half_of_ln_2(xor):
    """Two cases right and two at 0.5 make (ln 2) / 2, whose slope is nearly zero."""
    learned = xor["learned"]
    pairs = zip(learned["loss"], learned["steepest"], learned["solved_by_seed"], strict=True)
    for loss, steepest, solved in pairs:
        assert solved or loss == pytest.approx(math.log(2) / 2, abs=0.01)
        assert solved or steepest < 0.01


def test_a_third_hidden_neuron_solves_no_fewer(xor):
    """The same seeds with three hidden neurons."""
    assert xor["learned"]["solved"] <= xor["solved_with_three_hidden"] <= 20


def test_from_zeros_the_full_batch_gradient_is_zero(xor):
    """The errors of the four cases cancel, so that no number ever changes."""
    zero = xor["zero_start"]
    assert set(zero["gradient"]) == {0.0}
    assert zero["full_batch"] == [[0.0] * 4] * 2
    assert zero["outputs"]["full batch"] == [0.5] * 4


def test_from_zeros_the_hidden_neurons_stay_equal(xor):
    """Sample by sample they move, and stay equal bit for bit, so XOR is not learned."""
    first, second = xor["zero_start"]["sample_by_sample"]
    assert first == second
    assert all(value != 0 for value in first)
    outputs = xor["zero_start"]["outputs"]["sample by sample"]
    assert [a > 0.5 for a in outputs] != [False, True, True, False]


# delta_function


def test_the_bump_is_half_outside_and_069_inside(delta_function):
    """sigmoid(0) outside of 0.4 < x < 0.5, sigmoid(0.8) = 0.69 inside."""
    for x, value in zip(delta_function["x"], delta_function["bump"], strict=True):
        inside = 0.4 < x < 0.5
        assert value == pytest.approx(1 / (1 + math.exp(-0.8 * inside)), abs=1e-4)
        assert f"{value:.2f}" == ("0.69" if inside else "0.50")


def test_the_error_falls_as_bumps_are_added(delta_function):
    """Twice as many bumps, about half the error, typical and largest."""
    assert delta_function["bumps"] == [3, 6, 12, 24, 48, 96]
    for errors in (delta_function["rms_error"], delta_function["largest_error"]):
        for before, after in pairwise(errors):
            assert 0.4 < after / before < 0.6


# dating: the linear model


def test_the_survey_and_start_weights_are_those_of_the_reference(reference):
    """The file of the scenario holds the reference's numbers, exactly."""
    ours = json.loads((HERE / "data" / "dating.json").read_text(encoding="utf-8"))
    del ours["about"]
    assert ours == {name: reference["dating"][name] for name in ours}


@pytest.mark.parametrize(
    ("rate", "known_as"),
    [
        ("1e-06", "income in units, lr 1e-6 (diverges)"),
        ("1e-07", "income in units, lr 1e-7 (diverges)"),
        ("1e-08", "income in units, lr 1e-8 (stuck)"),
        ("scaled", "income in hundreds, lr 1e-4"),
    ],
)
def test_the_linear_model_goes_the_reference_way(linear, reference, rate, known_as):
    """Loss, weights and bias at each watched iteration are the reference's."""
    run = linear["scaled"] if rate == "scaled" else linear["raw"][rate]
    known = reference["dating"]["linear"][known_as]
    shared = [i for i in run["seen"] if str(i) in known]
    assert len(shared) >= 4
    for i in shared:
        seen, expected = run["seen"][i], known[str(i)]
        # Each of thousands of steps rounds, and near zero b is a small difference of large sums.
        assert seen["loss"] == pytest.approx(expected["loss"], rel=1e-9)
        assert seen["w"] == pytest.approx(expected["w"], rel=1e-9)
        assert seen["b"] == pytest.approx(expected["b"], rel=1e-7, abs=1e-12)


def test_raw_income_overflows(linear):
    """At 1e-6 within 100 iterations, at 1e-7 within 300; at 1e-8 not at all."""
    raw = linear["raw"]
    assert raw["1e-06"]["diverged_at"] < 100
    assert 150 < raw["1e-07"]["diverged_at"] < 300
    assert raw["1e-08"]["diverged_at"] is None
    assert linear["scaled"]["diverged_at"] is None


@pytest.mark.parametrize("rate", ["1e-06", "1e-07"])
def test_the_story_of_divergence_names_income(linear, rate):
    """The message names the epoch, the scales seen, and whose gradient is the huge one."""
    run = linear["raw"][rate]
    assert (
        f"diverged in epoch {run['diverged_at']} (counted from 0): the loss became inf"
        in run["message"]
    )
    assert "'income' reaches 9900 while 'education' reaches 25" in run["message"]
    assert f"that of 'income' is the huge one and the learning rate {rate}" in run["message"]


def test_the_small_rate_gets_stuck(linear):
    """At 1e-8 the loss falls to 50 within ten iterations and then hardly moves."""
    seen = linear["raw"]["1e-08"]["seen"]
    assert seen[10]["loss"] == pytest.approx(50.0, abs=0.1)
    assert seen[10]["loss"] - seen[2000]["loss"] < 0.5


def test_the_traced_gradients_grow_and_turn(linear):
    """Every traced gradient is larger than the last and of the other sign; income's is largest."""
    steps = linear["traced"]["steps"]
    for before, after in pairwise(steps):
        for name in ("education->dates", "income->dates"):
            assert -8 < after[name] / before[name] < -5
    for step in steps:
        assert abs(step["income->dates"]) > 500 * abs(step["education->dates"])


def test_the_first_traced_gradient_is_the_first_step(linear, reference):
    """w after a step at 1e-7 is w - 1e-7 times the traced gradient."""
    after = reference["dating"]["linear"]["income in units, lr 1e-7 (diverges)"]["1"]
    first = linear["traced"]["steps"][0]
    assert 0.1 - 1e-7 * first["education->dates"] == pytest.approx(after["w"][0], rel=1e-12)
    assert 0.1 - 1e-7 * first["income->dates"] == pytest.approx(after["w"][1], rel=1e-12)
    assert -1e-7 * first["dates.bias"] == pytest.approx(after["b"], rel=1e-12)


def test_the_overflow_is_told_line_by_line(linear):
    """Loss, weights and gradients of an iteration stand in one line, until no number is left."""
    lines = linear["traced"]["lines"]
    assert lines[6] == (
        "iteration 100: loss=4.361e+156 W1=6.443e+71 dW1=4.316e+79 W2=3.608e+74 dW2=2.417e+82 "
        "b=5.464e+70 db=3.66e+78"
    )
    overflow = linear["traced"]["overflow"]
    assert lines[-3].startswith(f"iteration {overflow}: loss=inf ")
    assert "dW2=-inf" in lines[-3]
    assert "W2=inf" in lines[-2]
    assert "W1=nan" in lines[-1]


def test_the_curvature_tells_which_rates_converge(linear):
    """Rates above 2 / (largest curvature) overflowed, those below did not."""
    largest = {unit: c["largest_rate"] for unit, c in linear["curvature"].items()}
    assert 1e-8 < largest["units"] < 1e-7
    assert 1e-4 < largest["hundreds"] < 1e-3


def test_equations_are_printed_beside_the_true_one(linear):
    """What was learned, the best fit and the truth, in the same form."""
    assert linear["equations"]["the truth"] == ("dates = 0.800 education + 0.300 income + 2.000")
    w, b = linear["scaled"]["seen"][2000]["w"], linear["scaled"]["seen"][2000]["b"]
    assert b < 0.2
    assert w == pytest.approx([0.8, 0.3], rel=0.1)


# dating: the networks


@pytest.mark.parametrize("kind", ["ReLU", "sigmoid"])
def test_the_given_networks_have_the_known_losses(networks, reference, kind):
    """The losses before steps 0, 1, 10, 100, 1000, 2000 are the reference's to 1e-9."""
    known = reference["dating"]["loss_before_step"][
        {"ReLU": "ReLUNeuron", "sigmoid": "SigmoidNeuron"}[kind]
    ]
    losses = networks["given_start"][kind]["loss_before_step"]
    assert sorted(losses) == [0, 1, 10, 100, 1000, 2000]
    for i, loss in losses.items():
        assert loss == pytest.approx(known[str(i)], rel=1e-9)


def test_every_kind_depth_and_start_is_trained(networks):
    """Two kinds, two depths, the given start and random ones."""
    cases = {(run["kind"], run["hidden_layers"]) for run in networks["runs"]}
    assert cases == {("ReLU", 1), ("ReLU", 3), ("sigmoid", 1), ("sigmoid", 3)}
    for case in cases:
        starts = [r["start"] for r in networks["runs"] if (r["kind"], r["hidden_layers"]) == case]
        assert starts == ["given", "random 1", "random 2", "random 3"]


def test_positive_weights_leave_the_relus_linear(networks):
    """From the given start no z is negative for anyone, and the network is a plane."""
    for run in networks["runs"]:
        if run["kind"] == "ReLU" and run["start"] == "given":
            assert run["lowest_z_at_start"] > 0
        if run["kind"] == "ReLU" and run["lowest_z"] > 0:
            assert run["from_plane"] < 1e-9
            assert all(share == 0 for layer in run["inactive_share"] for share in layer)


def test_random_starts_bend_the_relus(networks):
    """From mixed signs some neurons are inactive for some people and active for others."""
    for run in networks["runs"]:
        if run["kind"] == "ReLU" and run["start"] != "given":
            assert any(0 < share < 1 for layer in run["inactive_share"] for share in layer)
            assert run["from_plane"] > 1e-3


def test_the_best_straight_line_loses_to_no_other_line(networks):
    """It fits the survey better than the truth does, and the noise is about 15 % of the dates."""
    baselines = networks["baselines"]
    assert baselines["linear_loss"] < baselines["truth_loss"] < baselines["mean_loss"]
    assert baselines["truth_error_from_noisy"] == pytest.approx(0.15 * 35, rel=0.25)


def test_errors_are_those_of_the_predictions(networks):
    """The error from the truth is that of 100 predictions against 0.8 * 22 + 0.3 income + 2."""
    for run in networks["runs"]:
        squares = [(p - (19.6 + 0.3 * income)) ** 2 for income, p in enumerate(run["predicted"])]
        assert len(squares) == 100
        assert run["error_from_truth"] == pytest.approx(math.sqrt(sum(squares) / 100), rel=1e-9)


# digits


def test_digits_are_read_right(digits):
    """At least 95 % of the held-out scans, in seconds."""
    assert min(digits["accuracy"]) >= 0.95
    assert max(digits["seconds"]) < 20


def test_the_confusion_matrix_counts_every_held_out_scan_once(digits):
    """Its sum is the number of scans; what is off its diagonal are the mistakes."""
    counts = digits["confusion"]
    total, right = sum(map(sum, counts)), sum(counts[i][i] for i in range(10))
    assert total == digits["test_scans"] == 450
    assert total - right == digits["mistakes"][0]
    assert right / total == pytest.approx(digits["accuracy"][0], rel=1e-12)


def test_traced_probabilities_add_up_to_one(digits):
    """Softmax: ten probabilities, all together 1."""
    assert len(digits["probabilities"]) == 10
    assert sum(digits["probabilities"]) == pytest.approx(1, rel=1e-12)


def test_batch_normalization(ran):
    """Unscaled inputs leave a deep plain network at ln 2 and with no spread at all; normalized, it
    keeps the spread in every layer and learns.
    """
    numbers, out = ran("batch_normalization")
    plain, normal = numbers["spread"].values()
    assert max(plain) < 1e-6
    assert min(normal) > 0.5
    assert numbers["last_loss"]["plain"] == pytest.approx(math.log(2), abs=0.01)
    assert numbers["last_loss"]["with batch normalization"] < 0.2
    assert numbers["accuracy"]["with batch normalization"] > 0.95
    assert (out / "batch_normalization_training.svg").exists()
