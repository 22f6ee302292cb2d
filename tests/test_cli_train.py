"""``neurosim train`` and ``neurosim predict``: run as a person runs them, on files."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import neurosim as ns

ROOT = Path(ns.__file__).parent.parent
PEOPLE = ROOT / "scenarios" / "data" / "people.csv"
TOWNS = ["Graz", "Linz", "Vienna"]


def neurosim(*arguments, folder):
    """Run the command line in a folder."""
    command = [sys.executable, "-m", "neurosim", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg", "HOME": str(folder)},
    )


def write(folder, content, name="data.csv"):
    """Write a file."""
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def trained(folder, *arguments):
    """Train; return the report as data."""
    result = neurosim("train", *arguments, "--json", folder=folder)
    assert (result.returncode, result.stderr) == (0, "")
    return json.loads(result.stdout)


def predicted(folder, *arguments):
    """Predict; return the rows."""
    result = neurosim("predict", *arguments, folder=folder)
    assert (result.returncode, result.stderr) == (0, "")
    return list(csv.DictReader(result.stdout.splitlines()))


def people():
    """The inputs and targets of the survey, without neurosim's reader."""
    with PEOPLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    numbers = [[float(row["education"]), float(row["income"])] for row in rows]
    towns = [[float(row["town"] == town) for town in TOWNS] for row in rows]
    return np.hstack([numbers, towns]), np.array([[float(row["dates"])] for row in rows])


# -- regression -----------------------------------------------------------------------------------


def test_regression_on_a_table_is_far_better_than_the_mean(tmp_path):
    """The README's example: model and curve are written, the report has the baseline beside it."""
    arguments = ["train", PEOPLE, "--target", "dates", "--hidden", "5,5", "--neuron", "relu"]
    result = neurosim(*arguments, "--epochs", "200", "--save", "dates.json", folder=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[:4] == [
        "people.csv: 200 rows, 160 to learn from and 40 held back to validate",
        "  inputs    education, income, town (Graz, Linz, Vienna)",
        "  target    dates: numbers, so regression",
        "  network   Network(5-5-5-1, 66 parameters, MeanSquaredError()), hidden ReLUNeurons",
    ]
    assert lines[-1] == "wrote dates.json and dates_learning.svg"
    table = {line[:26].strip(): line.split()[-2:] for line in lines if line.startswith("  ")}
    error, baseline = (float(value) for value in table["mean absolute error"])
    assert error < 1 < 5 < baseline
    assert (tmp_path / "dates_learning.svg").read_text().startswith("<?xml")
    again = neurosim(*arguments, "--epochs", "200", "--save", "again.json", folder=tmp_path)
    assert again.stdout == result.stdout.replace("dates.json and dates_", "again.json and again_")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "dates.json").read_bytes()
    assert (tmp_path / "again_learning.svg").read_bytes() == (
        tmp_path / "dates_learning.svg"
    ).read_bytes()


def test_what_the_command_does_is_what_the_library_does_by_hand(tmp_path):
    """The same rows, scalers, network and seed give the same model, scores and predictions."""
    report = trained(
        tmp_path, PEOPLE, "--target", "dates", "--seed", "3", "--epochs", "20", "--save", "m.json"
    )
    X, Y = people()
    split, start = np.random.default_rng(3).spawn(2)
    order = split.permutation(200)
    # The first row of each town in that order is kept to learn from.
    kept = [next(i for i in order if X[i, 2 + k]) for k in range(3)]
    held_back = sorted([i for i in order if i not in kept][:40])
    rows = [i for i in range(200) if i not in held_back]
    offset, sigma = X[rows].mean(axis=0), X[rows].std(axis=0)
    offset[2:], sigma[2:] = 0.0, 1.0
    net = ns.Network.layered([5, 5, 5, 1], hidden=ns.ReLUNeuron, output=ns.LinearNeuron, rng=start)
    scaler = ns.Standardizer()
    scaler.take(offset, 1 / sigma, "by hand")
    net.scale(inputs=scaler, outputs=ns.Standardizer())
    history = net.fit(
        X[rows], Y[rows], optimizer=ns.Adam(0.01), epochs=20, batch_size=32,
        validation=(X[held_back], Y[held_back]),
    )  # fmt: skip
    loaded = ns.load(tmp_path / "m.json")
    np.testing.assert_allclose(loaded.parameters, net.parameters, rtol=1e-9)
    assert report["loss"] == pytest.approx([history.loss[0], history.loss[-1]], rel=1e-9)
    predictions = net.predict(X[held_back])
    scores = report["scores"]["dates"]
    assert scores["network"]["mean absolute error"] == pytest.approx(
        np.abs(predictions - Y[held_back]).mean(), rel=1e-9
    )
    mean = Y[rows].mean()
    assert scores["baseline"]["mean absolute error"] == pytest.approx(
        np.abs(mean - Y[held_back]).mean(), rel=1e-12
    )
    assert scores["baseline_is"] == f"always the mean, {mean:.6g}"
    told = predicted(tmp_path, "m.json", PEOPLE)
    wanted = loaded.predict(X).ravel()
    np.testing.assert_allclose([float(row["dates"]) for row in told], wanted, rtol=1e-13)
    assert list(told[0]) == ["dates"]


def test_several_targets_and_a_linear_network(tmp_path):
    """Each target has its scores and its column of predictions; without hidden layers it is linear."""
    rows = "".join(f"{i},{(7 * i) % 11},{2 * i + 1},{((7 * i) % 11) - i}\n" for i in range(40))
    write(tmp_path, "a,b,sum,difference\n" + rows)
    report = trained(
        tmp_path, "data.csv", "--target", "sum", "--target", "difference", "--hidden", "0",
        "--epochs", "400", "--rate", "0.05", "--save", "m.npz",
    )  # fmt: skip
    assert report["network"] == "Network(2-2, 6 parameters, MeanSquaredError())"
    assert all(report["scores"][name]["network"]["R2"] > 0.999 for name in ("sum", "difference"))
    write(tmp_path, "b,a\n3,10\n", "new.csv")
    row = predicted(tmp_path, "m.npz", "new.csv")[0]
    assert float(row["sum"]) == pytest.approx(21, abs=0.1)
    assert float(row["difference"]) == pytest.approx(-7, abs=0.1)


def test_losses_by_name(tmp_path):
    """--loss takes any loss of neurosim, in any spelling, and decides what the target is."""
    rows = "".join(f"{i},{int(i > 20)}\n" for i in range(40))
    write(tmp_path, "x,y\n" + rows)
    for loss, task, output in (
        (None, "classes 0, 1 (few whole numbers; for regression pass --loss MeanSquaredError)", 1),
        ("mean_squared_error", "regression, as the loss is MeanSquaredError()", 1),
        ("huber", "regression, as the loss is Huber(delta=1.0)", 1),
        ("CategoricalCrossEntropy", "classes 0, 1, as the loss is CategoricalCrossEntropy()", 2),
        ("hinge", "classes 0, 1, as the loss is Hinge()", 1),
    ):
        chosen = [] if loss is None else ["--loss", loss]
        report = trained(
            tmp_path, "data.csv", "--target", "y", "--epochs", "60", *chosen, "--save", "m.json"
        )
        assert report["task"] == task
        assert len(ns.load(tmp_path / "m.json").layers[-1].neurons) == output
        told = [float(row["y"]) for row in predicted(tmp_path, "m.json", "data.csv")]
        assert np.mean(np.abs(np.array(told) - [i > 20 for i in range(40)])) < 0.25


# -- classes --------------------------------------------------------------------------------------


def test_classes_of_text_are_predicted_by_name(tmp_path):
    """Three classes make softmax outputs; predictions are names, with their probability."""
    report = trained(tmp_path, PEOPLE, "--target", "town", "--epochs", "150", "--save", "town.json")
    assert report["task"] == "classes Graz, Linz, Vienna"
    assert report["targets"] == [{"column": "town", "classes": TOWNS}]
    scores = report["scores"]["town"]
    assert scores["network"]["accuracy"] > 0.9 > 0.7 > scores["baseline"]["accuracy"]
    assert scores["baseline_is"] == "always 'Vienna'"
    net = ns.load(tmp_path / "town.json")
    assert net.layers[-1].labels == ("town[Graz]", "town[Linz]", "town[Vienna]")
    X, Y = people()
    outputs = net.predict(np.hstack([X[:, :2], Y]))
    told = predicted(tmp_path, "town.json", PEOPLE)
    assert [row["town"] for row in told] == ns.class_names(outputs, TOWNS)
    shares = [float(row["town_probability"]) for row in told]
    np.testing.assert_allclose(shares, outputs.max(axis=1), rtol=1e-13)


def test_two_classes_are_one_sigmoid_output(tmp_path):
    """The probability is that of the class that is named, on either side of a half."""
    write(tmp_path, "x,bought\n" + "".join(f"{i},{'yes' if i > 9 else 'no'}\n" for i in range(20)))
    trained(tmp_path, "data.csv", "--target", "bought", "--epochs", "100", "--save", "m.json")
    net = ns.load(tmp_path / "m.json")
    assert (type(net.loss), net.layers[-1].labels) == (ns.BinaryCrossEntropy, ("bought[yes]",))
    result = neurosim(
        "predict", "m.json", "data.csv", "--json", "--save", "out.csv", folder=tmp_path
    )
    rows = json.loads(result.stdout)["rows"]
    for row, a in zip(rows, net.predict(np.arange(20.0).reshape(-1, 1)).ravel(), strict=True):
        assert row["bought"] == ("yes" if a > 0.5 else "no")
        assert row["bought_probability"] == pytest.approx(max(a, 1 - a), rel=1e-13)
    with (tmp_path / "out.csv").open(encoding="utf-8") as file:
        assert [row["bought"] for row in csv.DictReader(file)] == [row["bought"] for row in rows]


# -- tables as they are ---------------------------------------------------------------------------


def test_missing_values_take_the_means_of_the_training_rows(tmp_path):
    """With --impute mean, in training and in prediction, and the means are in the model."""
    rows = "".join(
        f"{'' if i % 7 == 1 else i},{'' if i % 9 == 2 else 'uv'[i % 2]},{i}\n" for i in range(60)
    )
    write(tmp_path, "x,t,y\n" + rows)
    arguments = ["data.csv", "--target", "y", "--validation", "0", "--epochs", "3"]
    report = trained(tmp_path, *arguments, "--impute", "mean", "--save", "m.json")
    there = [i for i in range(60) if i % 7 != 1]
    shares = [np.mean([i % 2 == k for i in range(60) if i % 9 != 2]) for k in (0, 1)]
    assert report["inputs"] == [
        {"column": "x", "means": [np.mean(there)]},
        {"column": "t", "categories": ["u", "v"], "means": pytest.approx(shares, rel=1e-15)},
    ]
    write(tmp_path, "x,t\n,\n5,u\n", "new.csv")
    told = [float(row["y"]) for row in predicted(tmp_path, "m.json", "new.csv")]
    net = ns.load(tmp_path / "m.json")
    X = [[np.mean(there), *report["inputs"][1]["means"]], [5, 1, 0]]
    np.testing.assert_allclose(told, net.predict(X).ravel(), rtol=1e-13)


def test_constant_and_ignored_columns_are_left_out_and_said(tmp_path):
    """The report says which and why; a new table may have them or not."""
    rows = "".join(f"{i},n{i},earth,{3 * i}\n" for i in range(30))
    write(tmp_path, "x,name,planet,y\n" + rows)
    result = neurosim(
        "train", "data.csv", "--target", "y", "--ignore", "name", "--epochs", "2",
        "--validation", "0", "--save", "m.json", folder=tmp_path,
    )  # fmt: skip
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines()[:4] == [
        "data.csv: 30 rows, all to learn from",
        "  inputs    x",
        "  left out  'planet': is 'earth' in every row to learn from",
        "  left out  'name': ignored",
    ]
    assert "y, on the rows it learned from" in result.stdout
    write(tmp_path, "x\n1\n", "new.csv")
    assert (
        predicted(tmp_path, "m.json", "new.csv") == predicted(tmp_path, "m.json", "data.csv")[1:2]
    )


def test_names_that_labels_cannot_have_still_train(tmp_path):
    """Columns named with = and ->, or like hidden neurons, are inputs like others."""
    for header in ("a=1,a->b,y", "a=1,a:1,y", "hidden1[0],b,y"):
        write(tmp_path, header + "\n" + "".join(f"{i},{i % 3},{i}\n" for i in range(30)))
        report = trained(tmp_path, "data.csv", "--target", "y", "--epochs", "1", "--save", "m.json")
        assert [entry["column"] for entry in report["inputs"]] == header.split(",")[:2]
        assert len(predicted(tmp_path, "m.json", "data.csv")) == 30


def test_check_reads_a_table_by_the_columns_of_the_model(tmp_path):
    """Check on a trained model takes texts and classes as predict does."""
    trained(tmp_path, PEOPLE, "--target", "town", "--epochs", "5", "--neuron", "tanh", "--save", "m.json")  # fmt: skip
    result = neurosim("check", "m.json", PEOPLE, folder=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert "The gradient agrees with central differences" in result.stdout


# -- bad input ------------------------------------------------------------------------------------

GOOD = "x,z,t,y\n" + "".join(f"{i},{i * i % 7},{'ab'[i % 2]},{2 * i + 1}\n" for i in range(30))
LOSSES = (
    "'BinaryCrossEntropy', 'CategoricalCrossEntropy', 'Hinge', 'Huber', 'MeanAbsoluteError', "
    "'MeanSquaredError', 'QuadraticCost'"
)

BAD_TABLES = [
    ("", "'data.csv' is empty."),
    (
        "1,2,3\n4,5,6\n",
        "'data.csv' has no header: its first row is '1,2,3'. Write the names of the columns above "
        "the data.",
    ),
    ("x,x,y\n1,2,3\n", "'data.csv': columns 1 and 2 have one name, 'x'; rename one of them."),
    ("x,y\n1,2\n3\n", "'data.csv', row 3 has 1 cell, but the header names 2 columns."),
    (
        "x,y\n1,2\n3,4,5\n",
        "'data.csv', row 3 has 3 cells, but the header names 2 columns. Does a number have a "
        "decimal comma (1,5 instead of 1.5)?",
    ),
    (
        "x,z\n1,2\n",
        "--target 'y' is no column of 'data.csv'. Known: 'x', 'z'.",
    ),
    (
        "x,y\n1,5\n2,5\n",
        "'data.csv': the target 'y' is 5 in every row; there is nothing to learn.",
    ),
    ("x,y\n1,\n2,\n", "'data.csv', row 2, column 'y': missing; fill it in or delete the row, as a "
     "target cannot be guessed."),
    (
        "x,y\n1,5\n2,\n",
        "'data.csv', row 3, column 'y': missing; fill it in or delete the row, as a target cannot "
        "be guessed.",
    ),
    (
        "x,y\n1,5\n,6\n3,7\n",
        "'data.csv', row 3, column 'x': missing; fill it in, delete the row, leave the column out "
        "with --ignore 'x', or pass --impute mean.",
    ),
    (
        b"x,y\n1,2\n3,\xe9\n",
        "'data.csv', row 3: no text in UTF-8; save the table as CSV in UTF-8.",
    ),
    (
        'x,y\n"1,5",2\n',
        "'data.csv', row 2, column 'x': '1,5' has a decimal comma; write numbers with a point: "
        "1.5.",
    ),
    (
        "x;y\n1,5;2\n",
        "'data.csv' has one column, 'x;y', if columns are separated by ','; pass --separator ';'.",
    ),
    (
        "x,y\n1,2\nabc,3\n",
        "'data.csv', row 3, column 'x': 'abc' is no number, as others in this column are; correct "
        "it, or leave it empty where it is missing. If they are categories, train with --text "
        "'x'.",
    ),
    ("y\n1\n2\n3\n", "'data.csv' has no column to learn from beside the target."),
    (
        "x,y\n1,2\n3,4\n",
        "'data.csv' has no row to validate with, as each is the only one of a class or category; "
        "pass --validation 0.",
    ),
    (
        "x,y\n" + "".join(f"{i},n{i}\n" for i in range(30)),
        "'data.csv': the target 'y' has 30 different values in 30 rows; these are no classes.",
    ),
]  # fmt: skip
BAD_OPTIONS = [
    (["--ignore", "w"], "--ignore 'w' is no column of 'data.csv'. Known: 'x', 'z', 't', ...."),
    (["--target", "y"], "--target 'y' is given twice, or is to be ignored, too."),
    (
        ["--target", "t"],
        "neurosim train: several targets must all be numbers, with a loss for numbers; train a "
        "network for each of 'y', 't'.",
    ),
    (["--loss", "mse"], f"--loss 'mse' is not known. Known: {LOSSES}."),
    (
        ["--loss", "MeanSquareError"],
        "--loss 'MeanSquareError' is not known. Did you mean 'MeanSquaredError' or "
        "'MeanAbsoluteError'?",
    ),
    (["--neuron", "sigmod"], "--neuron 'sigmod' is not known. Did you mean 'sigmoid'?"),
    (
        ["--hidden", "5;5"],
        "--hidden must be the number of neurons of every hidden layer, such as 5,5, or 0 for none; "
        "got '5;5'.",
    ),
    (["--rate", "-1"], "Adam: learning_rate must be a finite number greater than 0; got -1.0."),
    (["--epochs", "0"], "--epochs must be a positive whole number; got 0."),
    (["--batch-size", "0"], "--batch-size must be a positive whole number; got 0."),
    (["--seed", "-1"], "--seed must be a whole number from 0; got -1."),
    (["--validation", "1"], "--validation must be a share below 1, such as 0.2; got 1.0."),
    (["--separator", ";;"], "--separator must be one character, such as ';'; got ';;'."),
    (["--save", "m.txt"], "--save must end in .json or .npz; got 'm.txt'."),
    (
        ["--save", "nowhere/m.json"],
        "'nowhere/m.json' cannot be written (its folder is missing or write-protected); choose a "
        "folder that exists and that you may write to.",
    ),
    (
        ["--save", "folder.json"],
        "'folder.json' cannot be written (it is a folder); choose a folder that exists and that "
        "you may write to.",
    ),
]


def refused(folder, *arguments):
    """Run what is bad input; return the one line that says so."""
    result = neurosim(*arguments, folder=folder)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("neurosim: ").removesuffix("\n")


@pytest.mark.parametrize(("content", "message"), BAD_TABLES, ids=range(len(BAD_TABLES)))
def test_a_bad_table_is_one_line_and_status_two(tmp_path, content, message):
    """The line names the file, the row and the column; nothing is written."""
    write(tmp_path, content)
    assert refused(tmp_path, "train", "data.csv", "--target", "y", "--save", "m.json") == message
    assert [path.name for path in tmp_path.iterdir()] == ["data.csv"]


@pytest.mark.parametrize(("options", "message"), BAD_OPTIONS, ids=range(len(BAD_OPTIONS)))
def test_a_bad_option_is_one_line_and_status_two(tmp_path, options, message):
    """The line names the option, what it must be, and what it got; nothing is written."""
    write(tmp_path, GOOD)
    (tmp_path / "folder.json").mkdir()
    arguments = ["train", "data.csv", "--target", "y", "--save", "m.json", *options]
    assert refused(tmp_path, *arguments) == message
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.csv", "folder.json"]


def test_bad_tables_to_predict_are_one_line_and_status_two(tmp_path):
    """Other columns, unknown categories, missing values and wrong files are refused, and named."""
    write(tmp_path, GOOD)
    trained(tmp_path, "data.csv", "--target", "y", "--epochs", "1", "--save", "m.json")
    ns.Network.layered([1, 1], hidden=None, output=ns.LinearNeuron).save(tmp_path / "plain.json")
    for content, message in (
        ("x,z\n1,2\n", "'new.csv' has other columns than the training table: it lacks 't'."),
        (
            "x,z,tt\n1,2,b\n",
            "'new.csv' has other columns than the training table: it lacks 't' and it has 'tt', "
            "which the training table had not. Did you mean 't'?",
        ),
        (
            "t,x,z\na,1,2\nc,1,2\n",
            "'new.csv', row 3, column 't': 'c' does not occur in the training table. "
            "Known: 'a', 'b'.",
        ),
        (
            "t,x,z\na,1,\n",
            "'new.csv', row 2, column 'z': missing; fill it in or delete the row (a model trained "
            "with --impute mean takes the mean of the column).",
        ),
        ("t,x,z\n", "'new.csv' has a header, but no rows below it."),
    ):
        write(tmp_path, content, "new.csv")
        assert refused(tmp_path, "predict", "m.json", "new.csv") == message
    write(tmp_path, "t,x,z\na,1,2\n", "new.csv")
    for arguments, message in (
        (
            ["predict", "plain.json", "new.csv"],
            "'plain.json' was not made by neurosim train: it does not know which columns of a "
            "table are its inputs. Train it on a table with neurosim train, or use net.predict in "
            "Python.",
        ),
        (
            ["predict", "new.csv", "m.json"],
            "'new.csv' is a table; the model comes first: neurosim predict MODEL NEW.csv.",
        ),
        (
            ["predict", "m.json", "m.json"],
            "'m.json' is a model file, no table; give a CSV file here.",
        ),
        (
            ["train", "m.json", "--target", "y", "--save", "n.json"],
            "'m.json' is a model file, no table; give a CSV file here.",
        ),
        (
            ["check", "plain.json", "m.json"],
            "'m.json' is a model file, no table; give a CSV file here.",
        ),
        (
            ["predict", "m.json", "new.csv", "--save", "new.csv"],
            "--save 'new.csv' is the table itself; choose another name.",
        ),
        (
            ["predict", "m.json", "new.csv", "--save", "nowhere/out.csv"],
            "'nowhere/out.csv' cannot be written (No such file or directory); choose a folder that "
            "exists and that you may write to.",
        ),
        (
            ["predict", "m.json", "new.csv", "--save", "out.json"],
            "--save must end in .csv; got 'out.json'.",
        ),
    ):
        assert refused(tmp_path, *arguments) == message


def test_help_tells_the_options(tmp_path):
    """Both commands explain themselves and exit with 0."""
    for command, words in (("train", ["--target", "--impute"]), ("predict", ["--save", "--json"])):
        result = neurosim(command, "--help", folder=tmp_path)
        assert result.returncode == 0
        assert all(word in result.stdout for word in words)


# -- memory ---------------------------------------------------------------------------------------

PEAK = r"""
import re, sys
from pathlib import Path
from neurosim.cli import main
status = main(sys.argv[1:])
# Not getrusage, whose maximum begins with that of the process that started this one.
found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
print(1024 * int(found[1]), file=sys.stderr)
sys.exit(status)
"""


def peak(folder, *arguments):
    """Return the largest memory, in bytes, that a command takes in a process of its own."""
    command = [sys.executable, "-c", PEAK, *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert run.returncode == 0, run.stderr
    return int(run.stderr.split()[-1])


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is of Linux")
def test_a_large_table_takes_a_small_multiple_of_its_size(tmp_path):
    """Training on and predicting a table of some 20 MB takes less than 5 times its size more."""
    numbers = np.random.default_rng(1).random((100_000, 20))
    lines = [",".join(f"{value:.8f}" for value in row) for row in numbers]
    header = ",".join(f"c{i}" for i in range(20))
    write(tmp_path, "\n".join([header, *lines]))
    write(tmp_path, "\n".join([header, *lines[:100]]), "small.csv")
    size = (tmp_path / "data.csv").stat().st_size
    assert size > 20e6
    common = ["--target", "c0", "--epochs", "1", "--batch-size", "1024", "--save", "m.json"]
    training = peak(tmp_path, "train", "data.csv", *common)
    # Predicting a few rows takes the least: not even the learning curve's matplotlib.
    least = peak(tmp_path, "predict", "m.json", "small.csv", "--save", "out.csv")
    assert training - least < 5 * size
    assert peak(tmp_path, "predict", "m.json", "data.csv", "--save", "out.csv") - least < 5 * size
