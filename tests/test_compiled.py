"""The compiled engine: its functions, its cache, what it refuses, and when it is chosen."""

import subprocess
import sys
import threading
from types import FunctionType

import door
import numpy as np
import pytest

import neurosim as ns
from neurosim.functions import NUMPY

pytest.importorskip("numba")

from neurosim.engines import CompiledEngine, VectorizedEngine, choice
from neurosim.engines.compiled import engine as engine_module
from neurosim.engines.compiled import mathematics, team
from neurosim.engines.compiled.compiler import compiler_for
from neurosim.engines.compiled.folder import cache_folder, fingerprint
from neurosim.learning import compiled_epochs


def over(x, out):
    """Fill out with a formula of x."""
    for i in range(len(x)):
        out[i] = formula(x[i])  # noqa: F821


def compiled_over(name, dtype):
    """A loop over one of the compiled functions."""
    compiler = compiler_for(dtype)
    names = {"formula": compiler.formula(mathematics.SCALAR[name])}
    loop = FunctionType(over.__code__, {**globals(), **names})
    return compiler.numba.njit(error_model="numpy", fastmath={"contract"})(loop)


def numbers(dtype):
    """Numbers of every size and sign, and what is hardest among them."""
    rng, fine = np.random.default_rng(3), np.finfo(dtype)
    sizes = 10.0 ** rng.integers(-320 if dtype == "float64" else -44, 4, 100_000)
    ends = [
        fine.max,
        fine.tiny,
        fine.smallest_subnormal,
        np.inf,
        1.0,
        0.0,
        88.7,
        103.9,
        709.7,
        745.1,
    ]
    with np.errstate(over="ignore"):
        x = np.concatenate(
            [rng.normal(size=100_000) * sizes, np.linspace(-800, 800, 50_001), ends, [np.nan]]
        ).astype(dtype)
    return np.concatenate([x, -x])


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", ["exp", "log", "log1p", "tanh", "sqrt", "erf"])
def test_functions_are_numpys(name, dtype):
    """In float64 to 1e-14 of the result, in float32 to 5e-7, from denormals to infinity and NaN."""
    x = numbers(dtype)
    got = np.empty_like(x)
    compiled_over(name, dtype)(x, got)
    with np.errstate(all="ignore"):
        wanted = NUMPY[name](x.astype(np.float64)).astype(dtype)
    tiny = np.finfo(dtype).tiny
    finite = np.isfinite(wanted)
    assert np.array_equal(got[~finite], wanted[~finite], equal_nan=True)
    error = np.abs(got[finite] - wanted[finite]) / np.maximum(np.abs(wanted[finite]), tiny)
    assert error.max() <= {"float64": 1e-14, "float32": 5e-7}[dtype]


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_a_nan_stays_on_either_side(name):
    """The larger and the smaller of two numbers is NaN where one of them is, as in NumPy."""
    function = compiler_for("float64").formula(mathematics.SCALAR[name])
    for x in (1.0, -1.0, np.nan, np.inf):
        for y in (0.0, np.nan, -np.inf):
            assert np.array_equal(function(x, y), NUMPY[name](x, y), equal_nan=True)


@pytest.mark.parametrize("kind", door.OPTIMIZERS, ids=door.name_of)
@pytest.mark.parametrize("batch_size", [None, 3])
@pytest.mark.parametrize("clip", [None, ns.ClipByNorm(0.01), ns.ClipByValue(0.01)], ids=repr)
def test_every_optimizer_learns_as_by_hand(net, batch, kind, batch_size, clip):
    """With penalties, dropout, clipping and frozen weights, many epochs within the compiled engine
    leave the parameters, memory and history of the vectorized one.
    """
    results = []
    for engine in ("vectorized", "compiled"):
        twin, optimizer = net.copy(), kind(0.01, clip=clip)
        twin.regularize(ns.L2(0.01))
        twin.regularize(ns.L1(0.001), "output")
        twin.regularize(ns.Dropout(0.3), "hidden1")
        twin.freeze("hidden1[1]")
        history = twin.fit(
            *batch, optimizer=optimizer, epochs=40, batch_size=batch_size, engine=engine, rng=3
        )
        results.append((twin, history))
    (one, first), (two, second) = results
    np.testing.assert_allclose(two.parameters, one.parameters, rtol=1e-9)
    np.testing.assert_allclose(second.loss, first.loss, rtol=1e-9)
    np.testing.assert_allclose(second.penalty, first.penalty, rtol=1e-9)
    assert second.learning_rate == first.learning_rate
    assert (two.memory.step, two.memory.epoch) == (one.memory.step, one.memory.epoch)
    for name, vector in one.memory.vectors.items():
        np.testing.assert_allclose(two.memory.vectors[name], vector, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("per_step", [False, True])
def test_schedules_count_as_they_do_elsewhere(net, batch, per_step):
    """A schedule's rates are those of the same epochs and steps, recorded and used."""
    histories = []
    for engine in ("vectorized", "compiled"):
        rate = ns.ExponentialDecay(0.1, 0.9, per_step=per_step)
        twin = net.copy()
        histories.append(
            twin.fit(*batch, optimizer=ns.SGD(rate), epochs=9, batch_size=2, engine=engine, rng=1)
        )
    assert histories[0].learning_rate == histories[1].learning_rate
    np.testing.assert_allclose(histories[0].loss, histories[1].loss, rtol=1e-9)


@pytest.mark.parametrize("batch_size", [None, 2])
def test_a_divergence_is_told_alike(net, batch, batch_size):
    """A training that runs away ends in the same epoch with the same message, parameters and
    random streams, whether epochs are learned one by one or many at a time.
    """
    told = []
    for engine in ("vectorized", "compiled"):
        twin = net.copy()
        with pytest.raises(ns.DivergedError) as error:
            twin.fit(
                *batch,
                optimizer=ns.SGD(30.0),
                epochs=900,
                batch_size=batch_size,
                engine=engine,
                rng=4,
            )
        told.append((error.value, twin))
    (first, one), (second, two) = told
    assert first.epoch == second.epoch
    assert len(first.history) == len(second.history) == first.epoch
    assert str(first).split("up from")[0] == str(second).split("up from")[0]
    np.testing.assert_allclose(two.parameters, one.parameters, rtol=1e-6)
    assert (two.gradient == 0).all()


def test_shuffles_and_masks_go_on_where_they_would(net, batch):
    """After a divergence in the middle of many prepared epochs, the random streams stand where
    they stand after the same epochs one by one.
    """
    after = []
    for engine in ("vectorized", "compiled"):
        twin = net.copy()
        twin.regularize(ns.Dropout(0.2), "hidden1")
        with pytest.raises(ns.DivergedError):
            twin.fit(*batch, optimizer=ns.SGD(1e5), epochs=900, batch_size=2, engine=engine)
        after.append((twin.streams.shuffle.random(), twin.streams.dropout.random()))
    assert after[0] == after[1]


def test_wirings_share_one_kernel(net, batch):
    """Another wiring, another slope and another rate compile nothing."""
    compiler = compiler_for("float64")
    net.copy().fit(*batch, optimizer=ns.SGD(0.1), engine="compiled")
    before = len(compiler.callbacks), len(compiler._outer)
    other = ns.Network.layered([2, 5, 4, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    other.disconnect("input[0]", "hidden1[0]")
    other.fit(*batch, optimizer=ns.SGD(0.02), engine="compiled")
    assert (len(compiler.callbacks), len(compiler._outer)) == before


class UncompiledNeuron(ns.Neuron):
    """A kind that runs in Python only, as it imports something when it is called."""

    @staticmethod
    def activate(z):
        """Return tanh(z)."""
        import neurosim.functions as functions

        return functions.tanh(z)

    @staticmethod
    def derivative(z, a):
        """Return 1 - a^2."""
        return 1.0 - a * a


def test_what_cannot_be_compiled_is_told(batch):
    """A formula that is no machine code is named with the reason, and nothing has changed."""
    net = ns.Network.layered([2, 3, 1], hidden=UncompiledNeuron, output=ns.LinearNeuron, rng=1)
    before = net.parameters.copy()
    with pytest.raises(ns.CompilationError) as error:
        net.fit(*batch, optimizer=ns.SGD(0.1), engine="compiled")
    message = str(error.value)
    assert message.startswith(
        "Network.fit: engine='compiled' cannot compile UncompiledNeuron.activate: "
    )
    assert message.endswith(
        "Write it over neurosim.functions, or use engine='auto', which takes another engine."
    )
    assert np.array_equal(net.parameters, before)
    plan = net.plan(epochs=10**9)
    assert plan.engine == "vectorized"
    assert "cannot compile UncompiledNeuron.activate" in str(plan)
    net.fit(*batch, optimizer=ns.SGD(0.1), engine="auto")


class UncompiledSGD(ns.Optimizer):
    """Steps downhill, at a rate that it looks up in a dictionary."""

    @staticmethod
    def update(w, g, t, rate):
        """Return the step."""
        return (rate * FACTORS["step"] * g,)


class UncompiledPenalty(ns.WeightPenalty):
    """The sum of squares, with a factor that it looks up in a dictionary."""

    @staticmethod
    def penalty(w, strength):
        """Return what a weight costs."""
        return strength * FACTORS["penalty"] * w * w

    @staticmethod
    def derivative(w, strength):
        """Return its derivative."""
        return strength * 2.0 * FACTORS["penalty"] * w


FACTORS = {"step": 0.5, "penalty": 0.25}


@pytest.mark.parametrize("regularizer", [None, UncompiledPenalty(0.1)], ids=door.name_of)
@pytest.mark.parametrize("kind", [ns.SGD, UncompiledSGD])
def test_what_is_learned_by_may_be_no_machine_code(monkeypatch, net, batch, regularizer, kind):
    """A person's optimizer or penalty that cannot be compiled is told before anything has changed,
    and makes "auto" take another engine, which the plan knows.
    """
    monkeypatch.setattr(choice, "_WORTHWHILE", 0.0)
    monkeypatch.setattr(choice, "_seconds", lambda network, batch: dict(SECONDS))
    net.regularize(regularizer)
    optimizer, before = kind(0.1), net.parameters.copy()
    if regularizer is None and kind is ns.SGD:
        assert net.plan(optimizer=optimizer).engine == "compiled"
        return
    with pytest.raises(ns.CompilationError) as error:
        net.fit(*batch, optimizer=optimizer, engine="compiled")
    assert np.array_equal(net.parameters, before)
    assert net.memory is None
    plan = net.plan(optimizer=optimizer)
    assert (plan.engine, plan.reason) == ("vectorized", str(error.value))
    twin = net.copy()
    history = net.fit(*batch, optimizer=optimizer, epochs=3, engine="auto", rng=1)
    other = twin.fit(*batch, optimizer=kind(0.1), epochs=3, engine="vectorized", rng=1)
    assert history.loss == other.loss


SECONDS = {"compiled": 1e-6, "vectorized": 1.0, "graph": 2.0}


def test_a_plan_is_for_an_optimizer(net):
    """Anything else is refused."""
    with pytest.raises(ns.ArgumentTypeError) as error:
        net.plan(optimizer="SGD")
    assert str(error.value) == "Network.plan: optimizer must be such as ns.SGD(0.1); got 'SGD'."


def test_the_plan_knows_small_from_large():
    """Long trainings of small or odd networks are compiled, short ones and large matrices not."""
    small = ns.Network.layered([2, 5, 5, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron)
    large = ns.Network.layered([500, 500, 9], hidden=ns.TanhNeuron, output=ns.LinearNeuron)
    assert small.plan(epochs=10**8).engine == "compiled"
    assert small.plan(epochs=1).engine == "vectorized"
    assert large.plan(n_samples=500, epochs=10**6).engine == "vectorized"
    assert str(small.plan(epochs=1)).startswith("engine 'vectorized': the compiled engine would")


def test_the_name_of_kept_code_holds_its_formula():
    """Another number in a formula is another fingerprint; the same formula is the same."""
    made = [eval(f"lambda z: z * {slope}") for slope in ("0.5", "0.25", "0.5")]
    assert fingerprint(made[0]) == fingerprint(made[2]) != fingerprint(made[1])


PROGRAM = """
import numpy as np, neurosim as ns
net = ns.Network.layered([1, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
net.fit(np.ones((3, 1)), np.ones((3, 1)), optimizer=ns.SGD(0.1), engine="compiled")
print(repr(net.parameters.tolist()))
"""


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path, monkeypatch):
    """Without a place to keep compiled code it is compiled and used all the same."""
    nowhere = tmp_path / "a file"
    nowhere.write_text("in the way")
    monkeypatch.setenv("NEUROSIM_CACHE", str(nowhere))
    assert cache_folder() == nowhere
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_engines_answer_without_numba(monkeypatch, net, batch):
    """Where numba is missing, the compiled engine says what to install, and "auto" what it lacks."""
    monkeypatch.setitem(sys.modules, "numba", None)
    net.forget_engines()
    with pytest.raises(ns.MissingExtraError) as error:
        net.fit(*batch, optimizer=ns.SGD(0.1), engine="compiled")
    assert str(error.value) == (
        "Network.fit: engine='compiled' needs numba; install it with: pip install 'neurosim[fast]'."
    )
    assert CompiledEngine not in net._engines


@pytest.fixture(params=[1, 2, 3], ids="{} threads".format)
def n_threads(request, monkeypatch):
    """So many threads, however many cores there are, and however little there is to do."""
    monkeypatch.setattr(team, "threads", lambda: request.param)
    monkeypatch.setattr(team, "_WORTHWHILE", 1)
    monkeypatch.setattr(team, "_NARROWEST", 128)
    monkeypatch.setattr(engine_module, "_ALONE", 0)
    return request.param


def crowded(seed=5, n=107):
    """A network with dropout, penalties and coupled outputs, and its samples."""
    rng = np.random.default_rng(seed)
    net = ns.Network.layered(
        [3, 20, 20, 3],
        hidden=ns.TanhNeuron,
        output=ns.SoftmaxNeuron,
        loss=ns.CategoricalCrossEntropy(),
        rng=1,
    )
    net.regularize(ns.L2(0.01))
    net.regularize(ns.Dropout(0.2), "hidden1")
    return net, rng.normal(size=(n, 3)), np.eye(3)[rng.integers(3, size=n)]


@pytest.mark.parametrize("batch_size", [None, 50])
def test_threads_change_nothing(n_threads, batch_size):
    """A batch in shares leaves the numbers of the whole one, and twice the same bit for bit."""
    results = []
    for engine in ("vectorized", "compiled", "compiled"):
        net, X, Y = crowded()
        history = net.fit(
            X, Y, optimizer=ns.Adam(0.01), epochs=30, batch_size=batch_size, engine=engine, rng=3
        )
        results.append((net.parameters, history.loss))
    (one, first), (two, second), (three, third) = results
    np.testing.assert_allclose(two, one, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(second, first, rtol=1e-11)
    assert np.array_equal(two, three)
    assert second == third


def test_a_gradient_in_shares_is_the_whole_one(n_threads):
    """Every entry to 1e-12, of a sparse network with weighed samples, also of few rows."""
    net, X, Y = crowded()
    net.disconnect("input[0]", "hidden1[0]")
    weights, gradients = np.linspace(0, 2, len(X)), []
    for kind in (VectorizedEngine, CompiledEngine):
        engine = net.engine(kind)
        engine.load(X, Y, None, weights)
        losses = [engine.gradient(rows) for rows in (None, slice(0, 70), slice(0, 5))]
        gradients.append([*losses, *net.gradient])
        engine.gradient()
        gradients[-1] += list(net.gradient)
    np.testing.assert_allclose(gradients[1], gradients[0], rtol=1e-12, atol=1e-14)


def test_normalized_batches_are_left_whole(n_threads):
    """What couples the samples of a batch is one thread's work."""
    net, _, _ = crowded()
    assert net.engine(CompiledEngine).shares(100) == n_threads
    hidden = ns.Layer(4, ns.TanhNeuron, normalization=ns.BatchNormalization())
    net = ns.Network([ns.InputLayer(3), hidden, ns.Layer(2, ns.LinearNeuron)])
    assert net.engine(CompiledEngine).shares(100) == 1


def test_a_divergence_ends_all_threads(n_threads):
    """When a training runs away, the helpers are gone, and the network has gone back."""
    _, X, _ = crowded()
    net = ns.Network.layered([3, 20, 2], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    before = threading.active_count()
    with pytest.raises(ns.DivergedError):
        net.fit(X, X[:, :2], optimizer=ns.SGD(1e5), epochs=500, engine="compiled")
    assert np.isfinite(net.parameters).all()
    assert threading.active_count() == before


def test_an_interruption_keeps_whole_epochs(n_threads, monkeypatch):
    """Ctrl-C in the middle of a stretch is heard at its end: the parameters are finite, those of
    whole batches, no thread is left, and training goes on with the same optimizer.
    """
    net, X, Y = crowded()
    optimizer, compiled, runs = ns.Adam(0.01), net.engine(CompiledEngine), []
    run = compiled._run

    class Interrupted:
        signatures = ("compiled",)

        def __call__(self, *given):
            done = run(*given)
            runs.append(given)
            if given[-1].who == 0 and len(runs) > 3 * n_threads:
                raise KeyboardInterrupt
            return done

    net.fit(X, Y, optimizer=optimizer, epochs=1, engine="compiled")
    monkeypatch.setattr(compiled, "_run", Interrupted())
    before = threading.active_count(), net.parameters.copy()
    with pytest.raises(KeyboardInterrupt):
        net.fit(X, Y, optimizer=optimizer, epochs=10**6, engine="compiled")
    assert threading.active_count() == before[0]
    assert np.isfinite(net.parameters).all()
    assert not np.array_equal(net.parameters, before[1])
    monkeypatch.undo()
    net.fit(X, Y, optimizer=optimizer, epochs=2, engine="compiled")


@pytest.mark.parametrize("batch_size", [None, 50])
def test_an_interrupted_stretch_is_taken_back(monkeypatch, batch_size):
    """After Ctrl-C parameters, memory and random streams belong together: training goes on as if
    it had been asked for the epochs that were noted down, and then for more.
    """
    (net, X, Y), optimizer = crowded(), ns.Adam(0.01)
    twin, history = net.copy(), ns.History()
    options = {"batch_size": batch_size, "engine": "compiled"}
    compiled, runs = net.engine(CompiledEngine), []
    run = compiled.run

    def interrupted(*given):
        done = run(*given)
        runs.append(done)
        if len(runs) > 5:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(compiled, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        net.fit(X, Y, optimizer=optimizer, epochs=10**6, history=history, **options)
    monkeypatch.undo()
    assert net.memory.epoch == len(history.loss) > 1
    net.fit(X, Y, optimizer=optimizer, epochs=3, history=history, **options)
    whole = twin.fit(X, Y, optimizer=ns.Adam(0.01), epochs=len(history.loss), **options)
    assert net.parameters.tobytes() == twin.parameters.tobytes()
    assert history.loss == whole.loss


@pytest.mark.parametrize("per_epoch", [1, 3, 6, 7, 10])
def test_stretches_grow_whatever_the_number_of_batches(monkeypatch, per_epoch):
    """Where time is no matter, every stretch is several times as long as the one before."""
    net = ns.Network.layered([1, 2, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    X, runs = np.ones((per_epoch, 1)), []
    run = net.engine(CompiledEngine).run

    def noted(learning, plan, outcome):
        runs.append(plan.last - plan.batch)
        return run(learning, plan, outcome)

    monkeypatch.setattr(net.engine(CompiledEngine), "run", noted)
    monkeypatch.setattr(compiled_epochs, "_SECONDS", 1e9)
    net.fit(X, X, optimizer=ns.SGD(0.001), epochs=5000, batch_size=1, engine="compiled")
    assert sum(runs) == 5000 * per_epoch
    assert len(runs) < 12


def test_threads_are_what_the_process_may_use(monkeypatch):
    """Never more than the cores of the process, and as many as NUMBA_NUM_THREADS says."""
    monkeypatch.delenv("NUMBA_NUM_THREADS", raising=False)
    cores = team.threads()
    assert cores >= 1
    for named, wanted in (("1", 1), ("10000", cores), ("", cores)):
        monkeypatch.setenv("NUMBA_NUM_THREADS", named)
        assert team.threads() == wanted


def test_small_networks_have_one_thread():
    """Where threads would wait for each other longer than they work, there is one."""
    assert team.shares(n_edges=80, n=100, itemsize=8) == 1
    assert team.shares(n_edges=10**6, n=8, itemsize=8) == 1


def test_a_second_process_compiles_nothing():
    """What one process has compiled, others load."""
    lines = f"from neurosim.engines import CompiledEngine\n{PROGRAM}\nrun = net.engine(CompiledEngine)._run\n"
    lines += "print(dict(run.stats.cache_hits), dict(run.stats.cache_misses))"
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", lines], capture_output=True, text=True, check=True
        )
    hits, misses = done.stdout.splitlines()[-1].split("} {")
    assert "array" in hits
    assert misses == "}"
