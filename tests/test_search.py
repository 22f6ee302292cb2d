"""Searching: nothing is changed by it, the same is found by any number of processes."""

import math
import os
import pickle
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import neurosim as ns

X, Y = ns.datasets.survey(rng=1)
BOWL = ([[1.0], [-1.0]], [0.0, 0.0])  # J = w^2 + b^2


def make(width=2, rng=None):
    """A network for the survey."""
    net = ns.Network.layered([2, width, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=rng)
    net.scale(inputs=ns.Standardizer(), outputs=ns.Standardizer())
    return net


def line(rng=None):
    """One linear neuron at w = 1, b = 1."""
    output = ns.Layer(1, ns.LinearNeuron, weights=[[1.0]], biases=[1.0])
    return ns.Network([ns.InputLayer(1), output], rng=rng)


@pytest.fixture
def quick():
    """What makes a search over the survey short."""
    return {"epochs": 3, "seeds": (0, 1)}


# -- the learning rate ------------------------------------------------------------------------------


def test_rates_grow_by_the_same_factor_and_each_has_the_loss_after_its_update():
    """In the bowl w^2 + b^2 an update multiplies w and b by 1 - 2 rate, and the loss by its square."""
    sweep = ns.learning_rate_finder(line(), *BOWL, optimizer=ns.SGD(1), low=1e-3, high=0.1, steps=9)
    rates = 1e-3 * 100 ** (np.arange(9) / 8)
    assert sweep.rates == pytest.approx(rates)
    assert sweep.losses == pytest.approx(2.0 * np.cumprod((1 - 2 * rates) ** 2))
    assert sweep.start == 2.0
    assert not sweep.ran_away
    assert sweep.suggestion == pytest.approx(0.01)
    assert repr(sweep) == "RateSweep(0.001 to 0.1, to the end; suggestion 0.01)"


def test_a_rate_that_is_too_large_ends_the_sweep():
    """Beyond rate 1 the bowl throws w out; the sweep ends at ten times the loss of the start."""
    sweep = ns.learning_rate_finder(
        line(), *BOWL, optimizer=ns.SGD(1), low=1e-3, high=1e9, steps=500
    )
    assert sweep.ran_away
    assert len(sweep.rates) == len(sweep.losses) < 500
    assert max(sweep.losses) <= 10 * sweep.start
    assert 0 < sweep.suggestion < 0.1


@pytest.mark.parametrize("batch_size", [None, 16])
def test_its_suggestion_trains(batch_size):
    """At the suggested rate training goes down quickly, with batches and without."""
    sweep = ns.learning_rate_finder(
        make(8, rng=0), X, Y, optimizer=ns.SGD(1), high=100.0, batch_size=batch_size, rng=1
    )
    history = make(8, rng=0).fit(
        X, Y, optimizer=ns.SGD(sweep.suggestion), epochs=60, batch_size=batch_size
    )
    assert history.loss[-1] < 0.1 * sweep.start


@pytest.mark.parametrize("low", [1e300, 1e3])
def test_a_sweep_that_never_goes_down_suggests_nothing(low):
    """Where even the lowest rate runs away there is no suggestion and no curve."""
    sweep = ns.learning_rate_finder(line(), *BOWL, optimizer=ns.SGD(1), low=low, high=low * 10)
    assert sweep.suggestion is None
    assert repr(sweep) == "RateSweep(ran away at once)"
    with pytest.raises(ns.ArgumentError) as caught:
        sweep.plot()
    assert str(caught.value) == (
        "RateSweep.plot: the training ran away at the first rate, so there is nothing to draw; "
        "call learning_rate_finder with a lower low."
    )


def test_the_network_and_the_optimizer_stay_as_they_are(optimizer):
    """Parameters, gradient, memory, random streams and scalers of the network do not change."""
    net, twin = make(rng=3), make(rng=3)
    net.fit(X, Y, optimizer=optimizer, epochs=2, batch_size=16)
    twin.fit(X, Y, optimizer=optimizer, epochs=2, batch_size=16)
    before, rate = pickle.dumps(net.memory.vectors), optimizer.learning_rate
    ns.learning_rate_finder(net, X, Y, optimizer=optimizer, batch_size=16)
    assert np.array_equal(net.parameters, twin.parameters)
    assert np.array_equal(net.gradient, twin.gradient)
    assert pickle.dumps(net.memory.vectors) == before
    assert (net.memory.learner, optimizer.learning_rate) == (optimizer, rate)
    for each in (net, twin):
        each.fit(X, Y, optimizer=optimizer, epochs=1, batch_size=16)
    assert np.array_equal(net.parameters, twin.parameters)
    fresh = make(rng=3)
    ns.learning_rate_finder(fresh, X, Y, optimizer=optimizer)
    assert not fresh.input_scaler.fitted


def test_one_seed_gives_one_sweep():
    """The batches come from rng, or else from a copy of the network's own streams."""
    find = partial(ns.learning_rate_finder, X=X, Y=Y, optimizer=ns.SGD(1), batch_size=8)
    net = make(rng=0)
    assert find(net) == find(net)
    assert find(net, rng=5) == find(net, rng=5) != find(net, rng=6)


def test_the_curve_is_drawn_on_logarithmic_scales():
    """The curve, the loss at the start and the suggestion stand in one figure, or in one's own."""
    from matplotlib.figure import Figure

    sweep = ns.learning_rate_finder(line(), *BOWL, optimizer=ns.SGD(1), high=0.1)
    given = Figure().add_subplot()
    assert sweep.plot(given) is given
    axes = sweep.plot()
    start, curve, suggestion = axes.get_lines()
    assert start.get_ydata()[0] == sweep.start
    assert curve.get_xydata().tolist() == [
        list(p) for p in zip(sweep.rates, sweep.losses, strict=True)
    ]
    assert suggestion.get_xdata()[0] == sweep.suggestion
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("learning rate", "loss after the update")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"low": 1.0, "high": 0.1},
            ns.ArgumentError,
            "learning_rate_finder: low must be below high; got low=1.0 and high=0.1.",
        ),
        (
            {"low": 0},
            ns.ArgumentError,
            "learning_rate_finder: low must be a finite number greater than 0; got 0.",
        ),
        (
            {"steps": 1},
            ns.ArgumentError,
            "learning_rate_finder: steps must be a whole number from 2; got 1.",
        ),
        (
            {"optimizer": 0.1},
            ns.ArgumentTypeError,
            "learning_rate_finder: optimizer must be such as ns.SGD(0.1); got 0.1.",
        ),
        (
            {"net": None},
            ns.ArgumentTypeError,
            "learning_rate_finder: net must be such as ns.Network([...]); got None.",
        ),
    ],
)
def test_a_finder_says_what_it_needs(arguments, error, message):
    """Messages name the argument, what it must be and what it is."""
    with pytest.raises(error) as caught:
        ns.learning_rate_finder(
            **{"net": line(), "X": BOWL[0], "Y": BOWL[1], "optimizer": ns.SGD(1), **arguments}
        )
    assert str(caught.value) == message


# -- grids and random choices -----------------------------------------------------------------------


def test_every_combination_is_tried_with_every_seed(quick):
    """Rows are the combinations, runs are rows times seeds; each run is what fit gives by hand."""
    grid = {"width": [1, 3], "learning_rate": [0.01, 0.1]}
    table = ns.grid_search(make, grid, X, Y, optimizer=ns.SGD(1), batch_size=8, **quick)
    assert len(table) == len(table.rows) == 4
    assert [(run["width"], run["learning_rate"], run["seed"]) for run in table.runs] == [
        (width, rate, seed) for width in (1, 3) for rate in (0.01, 0.1) for seed in (0, 1)
    ]
    run = table.runs[3]
    net = make(1, rng=1)
    history = net.fit(X, Y, optimizer=ns.SGD(0.1), epochs=3, batch_size=8, validation=0.25, rng=1)
    assert run["loss"] == history.validation_loss[-1]
    assert run["training_loss"] == history.loss[-1]


def test_rows_are_means_over_the_seeds_and_the_best_comes_first(quick):
    """A row's loss is the mean of its runs, and rows are sorted by it."""
    table = ns.grid_search(make, {"width": [1, 2, 3]}, X, Y, **quick)
    losses = [row["loss"] for row in table]
    assert losses == sorted(losses)
    for row in table:
        own = [run["loss"] for run in table.runs if run["width"] == row["width"]]
        assert row["loss"] == pytest.approx(np.mean(own))
        assert row["spread"] == pytest.approx(np.std(own))
    assert table.best == {"width": table.rows[0]["width"]}
    assert repr(table) == f"SearchTable(3 settings, 6 runs, loss {losses[0]:.6g})"


def test_a_setting_varies_the_training_and_the_network():
    """optimizer, learning_rate, epochs and batch_size go to training, all else to make."""
    seen = []

    def note(run):
        seen.append((type(run.optimizer), run.optimizer.learning_rate, run.network.layers[1].size))

    adam, momentum = ns.Adam(0.01), ns.Momentum(0.1)
    grid = {"width": [2, 3], "optimizer": [adam, momentum], "epochs": [1], "batch_size": [None]}
    ns.grid_search(make, grid, X, Y, seeds=[0], callbacks=note)
    assert seen == [
        (ns.Adam, 0.01, 2),
        (ns.Momentum, 0.1, 2),
        (ns.Adam, 0.01, 3),
        (ns.Momentum, 0.1, 3),
    ]
    seen.clear()
    ns.grid_search(make, {"learning_rate": [0.5]}, X, Y, seeds=[0], epochs=1, callbacks=[note])
    assert seen == [(ns.Adam, 0.5, 2)]
    assert (adam.learning_rate, momentum.learning_rate) == (0.01, 0.1)


def test_each_training_has_callbacks_of_its_own():
    """One that waits for patience does so in every run, and the best parameters count."""
    stop = ns.EarlyStopping(patience=1)
    table = ns.grid_search(
        make, {"learning_rate": [2.0, 0.1]}, X, Y, callbacks=[stop], epochs=20, seeds=[0, 1]
    )
    assert stop.best_epoch is None
    net = make(rng=1)
    own = ns.EarlyStopping(patience=1)
    net.fit(X, Y, optimizer=ns.Adam(2.0), epochs=20, validation=0.25, callbacks=own, rng=1)
    assert table.runs[1]["loss"] == pytest.approx(own.best)


def test_a_training_that_diverges_is_a_row():
    """It has an infinite loss and the reason, and stands last; the others are not touched."""
    grid = {"learning_rate": [1e6, 0.01]}
    table = ns.grid_search(
        line, grid, *BOWL, validation=BOWL, optimizer=ns.SGD(1), epochs=200, seeds=[0]
    )
    good, bad = table.rows
    assert good["learning_rate"] == 0.01
    assert (good["diverged"], good["reason"]) == (0, "")
    assert (bad["loss"], bad["spread"], bad["diverged"]) == (math.inf, math.inf, 1)
    assert bad["reason"].startswith("Network.fit: training diverged in epoch ")
    assert str(table).split("\n")[2].split() == ["1e+06", "inf", "inf", "inf", "1"]
    with pytest.raises(ns.DivergedError) as caught:
        ns.grid_search(
            line,
            {"learning_rate": [1e6]},
            *BOWL,
            validation=BOWL,
            optimizer=ns.SGD(1),
            epochs=200,
            seeds=[0],
        ).best
    assert str(caught.value) == (
        "SearchTable.best: every setting diverged with at least one seed. The first says: "
        + bad["reason"]
    )


def test_a_table_reads_as_one():
    """Printed, it has a line of names and a line for every row; classes go by their names."""
    trials = [
        ns.learning.search.trial.Trial({"kind": kind, "width": 2}, 0, loss, 1.0)
        for kind, loss in ((ns.TanhNeuron, 0.5), (ns.ReLUNeuron, 0.25))
    ]
    table = ns.SearchTable([[trial] for trial in trials])
    assert str(table) == (
        "      kind  width  loss  spread  training_loss  diverged\n"
        "ReLUNeuron      2  0.25       0              1         0\n"
        "TanhNeuron      2   0.5       0              1         0"
    )


def test_random_settings_come_from_one_seed(quick):
    """A list is chosen from, a function draws; one rng gives the same settings."""
    space = {"width": [1, 2, 3], "learning_rate": lambda rng: 10 ** rng.uniform(-3, -1)}
    tables = [ns.random_search(make, space, X, Y, n=6, rng=4, **quick) for _ in range(2)]
    assert tables[0].runs == tables[1].runs
    assert len(tables[0]) == 6
    rates = {row["learning_rate"] for row in tables[0]}
    assert len(rates) == 6
    assert all(1e-3 < rate < 0.1 for rate in rates)
    assert {row["width"] for row in tables[0]} <= {1, 2, 3}


# -- growth -----------------------------------------------------------------------------------------


def grown(size, rng):
    """A network that always predicts the size it was made with."""
    output = ns.Layer(1, ns.LinearNeuron, weights=[[0.0]], biases=[float(size)])
    net = ns.Network([ns.InputLayer(1), output], rng=rng)
    net.freeze()
    return net


@pytest.mark.parametrize(
    ("improvement", "tried", "best"),
    [(0.0, [0, 1, 2, 3, 4], 3), (0.5, [0, 1, 2, 3, 4], 3), (0.6, [0, 1], 0)],
)
def test_a_layer_grows_while_that_helps(improvement, tried, best):
    """With the target 3 the losses are 9, 4, 1, 0, 1; growth ends at the first that is no gain."""
    sample = ([[0.0]], [[3.0]])
    table = ns.grow_layer(
        grown,
        *sample,
        name="size",
        sizes=range(9),
        improvement=improvement,
        validation=sample,
        epochs=1,
    )
    assert sorted({run["size"] for run in table.runs}) == tried
    assert table.best == {"size": best}


def test_growth_goes_on_over_sizes_that_diverge():
    """A finite loss is better than an infinite one, and what was tried is told."""
    table = ns.grow_layer(
        fragile, *BOWL, name="size", sizes=[0, 1], validation=BOWL, epochs=300, seeds=[0],
        optimizer=ns.SGD(0.5),
    )  # fmt: skip
    assert table.best == {"size": 1}
    assert table.rows[1]["loss"] == math.inf


def fragile(size, rng):
    """A network that diverges at rate 0.5, if its size is 0."""
    net = line(rng)
    net.scale(inputs=ns.MinMaxScaler(0.0, 100.0 if size == 0 else 1.0))
    return net


# -- processes --------------------------------------------------------------------------------------


def test_any_number_of_processes_finds_the_same(quick):
    """Two processes give the runs of one, bit for bit and in the same order, diverged or not."""
    grid = {"width": [1, 2], "learning_rate": [0.1, 1e200]}
    search = partial(ns.grid_search, make, grid, X, Y, optimizer=ns.SGD(1), batch_size=8, **quick)
    one, two = search(n_jobs=1), search(n_jobs=2)
    assert one.runs == two.runs
    assert str(one) == str(two)
    grow = partial(ns.grow_layer, make, X, Y, sizes=[1, 2, 4], **quick)
    assert grow(n_jobs=1).runs == grow(n_jobs=2).runs


def broken(width, rng):
    """No network."""
    raise ns.ArgumentError(f"broken: width {width} is none of mine.")


def test_an_error_of_the_person_comes_back_from_a_process():
    """What make raises is raised by the search, whichever process it ran in."""
    for n_jobs in (1, 2):
        with pytest.raises(ns.ArgumentError) as caught:
            ns.grid_search(broken, {"width": [1]}, X, Y, n_jobs=n_jobs)
        assert str(caught.value) == "broken: width 1 is none of mine."


def dying(rng):
    """End the process."""
    os._exit(3)


def test_a_process_that_dies_ends_the_search():
    """The search does not wait for it, and says what the cause may be."""
    with pytest.raises(ns.ArgumentError) as caught:
        ns.grid_search(dying, {"learning_rate": [0.1]}, X, Y, n_jobs=2)
    assert str(caught.value) == (
        "grid_search: a process ended before its work was done. A program that uses n_jobs=2 must "
        'call it under `if __name__ == "__main__":`, and make must stand in a file, as every '
        "process reads the program's file anew; or memory ran out. n_jobs=1 needs none of this."
    )


PROGRAM = """
import os
import numpy as np
import neurosim as ns

def make(rng):
    return ns.Network.layered([2, 1], hidden=None, output=ns.LinearNeuron, rng=rng)

class Marks(ns.Callback):
    def on_start(self, run):
        os.write(1, b"training\\n")

if __name__ == "__main__":
    X = np.ones((4, 2))
    try:
        ns.grid_search(
            make, {"learning_rate": [0.001] * 9}, X, X[:, 0], epochs=10**9, n_jobs=2,
            callbacks=[Marks()],
        )
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize(("sent", "said"), [("SIGINT", "interrupted"), ("SIGKILL", "")])
def test_ctrl_c_ends_it_with_its_processes(tmp_path, sent, said):
    """Whatever ends the program ends its processes at once; Ctrl-C does so in silence."""
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    program = subprocess.Popen(
        [sys.executable, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(ns.__file__).parent.parent)},
    )
    try:
        first = program.stdout.readline()
        program.send_signal(getattr(signal, sent))
        # The pipes close when the last of the processes has ended.
        rest, errors = program.communicate(timeout=20)
    finally:
        program.kill()
    assert first == "training\n"
    # After SIGKILL Python itself says that it cleans up.
    assert errors == "" or sent == "SIGKILL"
    assert rest.replace("training\n", "").strip() == said


# -- bad input --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"make": 3},
            ns.ArgumentTypeError,
            "grid_search: make must be a function that returns a network; got 3.",
        ),
        (
            {"make": lambda rng, **_: None},
            ns.ArgumentTypeError,
            "make must return a ns.Network; it returned a NoneType.",
        ),
        (
            {"grid": {}},
            ns.ArgumentTypeError,
            'grid_search: grid must be a dict, such as {"learning_rate": [0.01, 0.1]}; got {}.',
        ),
        (
            {"grid": {"width": 3}},
            ns.ArgumentTypeError,
            "grid_search: grid['width'] must be a list of what to try; got 3.",
        ),
        (
            {"grid": {"width": []}},
            ns.ArgumentTypeError,
            "grid_search: grid['width'] must be a list of what to try; got [].",
        ),
        (
            {"grid": {1: [2]}},
            ns.ArgumentTypeError,
            "grid_search: grid: a name must be a text; got 1.",
        ),
        (
            {"grid": {"loss": [1]}},
            ns.ArgumentError,
            "grid_search: grid: 'loss' cannot be varied, as the table needs the name, and "
            "settings are compared by one loss and by the same seeds; take another name.",
        ),
        (
            {"seeds": ()},
            ns.ArgumentError,
            "grid_search: seeds must be a list of seeds; got ().",
        ),
        (
            {"seeds": [0.5]},
            ns.ArgumentTypeError,
            "grid_search: a seed must be a whole number from 0; got 0.5.",
        ),
        (
            {"n_jobs": 0},
            ns.ArgumentError,
            "grid_search: n_jobs must be a positive whole number; got 0.",
        ),
        (
            {"validation": None},
            ns.ArgumentTypeError,
            "grid_search: validation must be a pair (X, Y), or a share of the samples such as "
            "0.25, as settings are compared by it; got None.",
        ),
        (
            {"X": [1.0, 2.0]},
            ns.ShapeError,
            "grid_search: X must be a table of numbers; got shape (2,).",
        ),
        (
            {"optimizer": "adam"},
            ns.ArgumentTypeError,
            "grid_search: optimizer must be such as ns.Adam(0.01); got 'adam'.",
        ),
        (
            {"epochs": 0},
            ns.ArgumentError,
            "grid_search: epochs must be a positive whole number; got 0.",
        ),
    ],
)
def test_a_search_says_what_it_needs(arguments, error, message):
    """Messages name the argument, what it must be and what it is; nothing is trained."""
    given = {"make": make, "grid": {"width": [1]}, "X": X, "Y": Y, "seeds": [0], **arguments}
    with pytest.raises(error) as caught:
        ns.grid_search(**given)
    assert str(caught.value) == message


class Inner:
    """Something that cannot be sent to another process."""

    def __init__(self):
        self.inside = lambda: None

    def __call__(self, rng, **setting):
        """Do nothing."""

    def __repr__(self):
        return "Inner()"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("make", {"make": Inner()}),
        ("callbacks", {"callbacks": [Inner()]}),
        ("width", {"grid": {"width": [Inner()]}}),
    ],
)
def test_what_cannot_be_sent_to_processes_is_named(name, arguments):
    """More than one process needs functions and classes from the top of a module."""
    given = {"make": make, "grid": {"width": [1]}, "X": X, "Y": Y, "n_jobs": 2, **arguments}
    with pytest.raises(ns.ArgumentError) as caught:
        ns.grid_search(**given)
    what = "(Inner(),)" if name == "callbacks" else "Inner()"
    assert str(caught.value) == (
        f"grid_search: {name} is sent to other processes, and must be made of functions and "
        f"classes that stand at the top of a module; got {what}. Move them there, or use n_jobs=1."
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sizes": []}, "grow_layer: sizes must be a list of numbers; got []."),
        ({"sizes": 3}, "grow_layer: sizes must be a list of numbers; got 3."),
        ({"name": 3}, "grow_layer: name must be a text; got 3."),
    ],
)
def test_growth_says_what_it_needs(arguments, message):
    """Messages name the argument, what it must be and what it is."""
    with pytest.raises(ns.ArgumentTypeError) as caught:
        ns.grow_layer(make, X, Y, **arguments)
    assert str(caught.value) == message


def test_numbers_from_numpy_are_taken_as_pythons():
    """A grid from np.geomspace gives rows with plain floats."""
    table = ns.grid_search(
        make, {"learning_rate": np.geomspace(0.01, 0.1, 2)}, X, Y, epochs=1, seeds=[0]
    )
    assert {type(row["learning_rate"]) for row in table} == {float}


def _rate(trial):
    return trial.suggest_float("rate", 1e-6, 1.0, log=True)


def test_optuna_proposes_settings():
    """The same seed proposes the same; a good rate is found; Optuna's own settings stay."""
    optuna = pytest.importorskip("optuna")
    level = optuna.logging.get_verbosity()
    options = {"n": 6, "rng": 1, "epochs": 20, "seeds": [0]}
    space = {"learning_rate": _rate, "width": lambda trial: trial.suggest_int("width", 1, 3)}
    tables = [ns.optuna_search(make, space, X, Y, **options) for _ in range(2)]
    assert tables[0].rows == tables[1].rows
    assert len(tables[0].rows) == 6
    assert tables[0].rows[0]["loss"] == min(row["loss"] for row in tables[0].rows)
    assert optuna.logging.get_verbosity() == level


def test_optuna_search_goes_on_after_a_divergence():
    """A setting that diverges is a row with an infinite loss, and the search goes on."""
    pytest.importorskip("optuna")
    space = {"learning_rate": lambda trial: trial.suggest_categorical("rate", [0.01, 1e12])}
    table = ns.optuna_search(
        make, space, X, Y, n=6, rng=1, epochs=30, seeds=[0], optimizer=ns.SGD(0.1)
    )
    assert len(table.rows) == 6


def test_optuna_search_says_what_it_needs():
    """A space that is no dict of functions is refused by name."""
    with pytest.raises(ns.ArgumentTypeError) as caught:
        ns.optuna_search(make, {"learning_rate": [0.1]}, X, Y)
    assert str(caught.value) == (
        "optuna_search: space['learning_rate'] must be a function of Optuna's trial, such as "
        "lambda trial: trial.suggest_float('learning_rate', 0.001, 1.0); got [0.1]."
    )
