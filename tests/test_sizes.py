"""Networks that cannot fit into memory are refused before anything of them is made."""

import tracemalloc

import pytest

import neurosim as ns
from neurosim.building import size

HUGE = 10**12
ONE = {"layer": "output", "neurons": 1, "kind": "LinearNeuron"}


@pytest.fixture(autouse=True)
def eight_gigabytes(monkeypatch):
    """A machine of 8 GB."""
    monkeypatch.setattr(size, "memory_size", lambda: 8 * 10**9)


MAKERS = {
    "layered": lambda: ns.Network.layered([HUGE, 1], hidden=None, output=ns.LinearNeuron),
    "layers": lambda: ns.Network([ns.InputLayer(HUGE), ns.Layer(1, ns.LinearNeuron)]),
    "layer dicts": lambda: ns.Network.from_config([{"layer": "input", "neurons": HUGE}, ONE]),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_absurd_sizes_are_refused_at_once(make):
    """The message says the size, what it needs, what there is, and which layer is to blame; and
    no memory has been asked for.
    """
    tracemalloc.start()
    try:
        with pytest.raises(ns.ArgumentError) as caught:
            make()
        assert tracemalloc.get_traced_memory()[1] < 1e6
    finally:
        tracemalloc.stop()
    assert str(caught.value) == (
        "Network: the layers have 1,000,000,000,001 neurons and 1,000,000,000,001 parameters, "
        "which need at least 124,000 GB, but this machine has 8 GB; make the layers smaller, above "
        "all layers[0] with its 1,000,000,000,000 neurons."
    )


def test_many_weights_between_modest_layers_are_counted():
    """Parameters are (n_before + 1) n summed over the layers; they are what is too much here."""
    with pytest.raises(ns.ArgumentError, match=r"200,000 neurons and 10,000,100,000 parameters"):
        ns.Network.layered([100_000, 100_000], hidden=None, output=ns.LinearNeuron)


def test_what_fits_is_made(monkeypatch):
    """A network is refused only where its bytes, 24 a parameter and 100 a neuron, exceed memory."""
    needed = size.bytes_needed([2, 3, 1])
    assert needed == 24 * (3 * 3 + 4 * 1) + 100 * 6
    monkeypatch.setattr(size, "memory_size", lambda: needed)
    ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron)
    monkeypatch.setattr(size, "memory_size", lambda: needed - 1)
    with pytest.raises(ns.ArgumentError):
        ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron)


def test_this_machine_has_some_memory(monkeypatch):
    """The size of the memory is the system's answer, or 64 GiB where it has none."""
    monkeypatch.undo()
    assert size.memory_size() > 2**28
    monkeypatch.delattr("os.sysconf", raising=False)
    assert size.memory_size() == 64 * 2**30
