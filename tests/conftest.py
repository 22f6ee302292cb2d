"""Fixtures that walk the door, and how hard hypothesis searches."""

import importlib
import json
import os
import sys
from pathlib import Path

import door
import numpy as np
import pytest
from hypothesis import HealthCheck, settings

import neurosim as ns
from neurosim.engines import CompiledEngine

QUIRKS = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
settings.register_profile("laws", deadline=None, max_examples=100, suppress_health_check=QUIRKS)
# In continuous integration the same examples are tried every time.
settings.register_profile("ci", settings.get_profile("laws"), derandomize=True)
# To search harder: HYPOTHESIS_PROFILE=thorough
settings.register_profile("thorough", settings.get_profile("laws"), max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "laws"))


@pytest.fixture(autouse=True)
def no_figures_left():
    """Every test begins without figures of pyplot."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture(params=door.KINDS, ids=door.name_of)
def kind(request):
    """Every kind of neuron that computes."""
    return request.param


@pytest.fixture(params=door.SINGLE, ids=door.name_of)
def single_kind(request):
    """Every kind whose activation depends on its own z only."""
    return request.param


@pytest.fixture(params=door.COUPLED, ids=door.name_of)
def coupled_kind(request):
    """Every kind whose activation depends on its whole layer."""
    return request.param


@pytest.fixture(params=door.DIFFERENTIABLE, ids=door.name_of)
def smooth_kind(request):
    """Every kind that states a derivative."""
    return request.param


@pytest.fixture(params=door.LOSSES, ids=door.name_of)
def loss(request):
    """Every loss."""
    return request.param


@pytest.fixture(params=door.PAIRS, ids=lambda pair: "-".join(map(door.name_of, pair)))
def output_and_loss(request):
    """Every kind of output neuron with every loss that suits it."""
    return request.param


@pytest.fixture(params=door.INITIALIZERS, ids=door.name_of)
def initializer(request):
    """Every initializer."""
    return request.param


@pytest.fixture(params=door.OPTIMIZERS, ids=door.name_of)
def optimizer(request):
    """Every optimizer, new and at a small rate."""
    return door.made(request.param)


@pytest.fixture(params=door.ENGINE_CLASSES, ids=lambda engine: engine.name)
def engine_class(request):
    """Every engine's class; the compiled one where numba is installed."""
    if request.param is CompiledEngine:
        pytest.importorskip("numba")
    return request.param


@pytest.fixture
def engine(engine_class):
    """Every engine's name, as `fit` takes it."""
    return engine_class.name


@pytest.fixture(scope="session")
def reference():
    """Numbers of an independent library; its ``about`` states the conventions."""
    return json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))


@pytest.fixture
def net():
    """A small layered network, always the same."""
    return ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)


@pytest.fixture
def batch():
    """Seven samples for `net`, always the same: X and Y."""
    rng = np.random.default_rng(7)
    return rng.normal(size=(7, 2)), rng.normal(size=(7, 1))


@pytest.fixture(scope="session")
def ran(tmp_path_factory):
    """Give each scenario's numbers and the folder it wrote to; each runs once, when asked for."""
    known = {}

    def run(name):
        if name not in known:
            out = tmp_path_factory.mktemp(name)
            numbers = importlib.import_module(f"scenarios.{name}").main(out=out, quick=True)
            known[name] = numbers, out
        return known[name]

    return run
