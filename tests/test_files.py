"""Networks in files: exact, whole or not at all, and never loaded wrong."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from functools import partial

import networkx as nx
import numpy as np
import pytest

import neurosim as ns
from neurosim.storage import FORMATS

SUFFIXES = [form.suffix for form in FORMATS]


def layered() -> ns.Network:
    """A layered network with labels, a kind with a parameter, frozen entries and two outputs."""
    layers = [
        ns.InputLayer(3, labels=["a", "b", "c"]),
        ns.Layer(4, partial(ns.LeakyReLUNeuron, slope=0.2)),
        ns.Layer(2, ns.SoftmaxNeuron, labels=["yes", "no"]),
    ]
    net = ns.Network(layers, loss=ns.CategoricalCrossEntropy(), rng=3)
    net.freeze("hidden1[1]")
    net.freeze("a->hidden1[0]")
    return net


def wired() -> ns.Network:
    """A graph with a skip, a tie, a frozen edge, a coupled layer and a neuron nobody reads."""
    graph = nx.DiGraph()
    graph.add_nodes_from(["x1", "x2"])
    graph.add_node("h", neuron=ns.TanhNeuron, bias=0.25)
    graph.add_node("dead", neuron=ns.ReLUNeuron, bias=-0.5, frozen=True)
    graph.add_node("p", neuron=ns.SoftmaxNeuron, layer="classes")
    graph.add_node("q", neuron=ns.SoftmaxNeuron, layer="classes", bias=0.125)
    graph.add_edge("x1", "h", tied="t", weight=0.5)
    graph.add_edge("x2", "h", tied="t")
    graph.add_edge("x2", "dead", frozen=True)
    for target in ("p", "q"):
        graph.add_edge("h", target)
    graph.add_edge("x1", "q", weight=-1.5)
    return ns.Network.from_graph(graph, outputs=["p", "q"], rng=4)


def rewired() -> ns.Network:
    """A layered network that has been connected and disconnected by hand, in float32."""
    net = ns.Network.layered(
        [3, 5, 2], hidden=ns.ReLUNeuron, output=ns.LinearNeuron, rng=1, dtype="float32"
    )
    net.connect("input[0]", "output[1]", weight=0.5)
    net.disconnect("hidden1[2]", "output[0]")
    return net


def numbered() -> ns.Network:
    """A network from arrays of edges."""
    return ns.Network.from_edges(
        [0, 1, 0, 2, 1], [2, 2, 3, 3, 3], kinds=ns.SigmoidNeuron, inputs=[0, 1], outputs=[3], rng=2
    )


MAKERS = [layered, wired, rewired, numbered]


@pytest.fixture(params=MAKERS, ids=lambda maker: maker.__name__)
def net(request: pytest.FixtureRequest) -> ns.Network:
    """Every sort of network."""
    return request.param()


def inputs(net: ns.Network) -> np.ndarray:
    """Some samples for it."""
    return np.random.default_rng(0).normal(size=(7, len(net.wiring.inputs)))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_loaded_is_what_was_saved(net, suffix, tmp_path):
    """Saving and loading keeps every prediction, parameter, label, tie and frozen mark, bit for bit."""
    path = tmp_path / f"net{suffix}"
    net.save(path)
    twin = ns.load(path)
    assert np.array_equal(twin.predict(inputs(net)), net.predict(inputs(net)))
    assert np.array_equal(twin.parameters, net.parameters)
    assert np.array_equal(twin.frozen, net.frozen)
    assert twin.labels == net.labels
    assert [layer.name for layer in twin.layers] == [layer.name for layer in net.layers]
    assert (twin.loss, twin.dtype) == (net.loss, net.dtype)
    assert {(u.label, v.label): d.copy() for u, v, d in twin.graph.edges(data=True)} == {
        (u.label, v.label): d.copy() for u, v, d in net.graph.edges(data=True)
    }


def test_a_configuration_makes_the_same_network(net):
    """from_config(config()) is the same network, and the configuration is plain JSON."""
    config = json.loads(json.dumps(net.config()))
    twin = ns.Network.from_config(config)
    assert np.array_equal(twin.parameters, net.parameters)
    assert np.array_equal(twin.predict(inputs(net)), net.predict(inputs(net)))
    assert twin.config() == net.config()


FREEZING = {
    "one weight": ("a->hidden1[0]", {}, ["a->hidden1[0]"]),
    "a neuron": ("hidden1[1]", {}, ["hidden1[1].weights", "hidden1[1].bias"]),
    "the weights of a layer": ("hidden1", {"biases": False}, ["hidden1.weights"]),
    "the biases of a layer": ("output", {"weights": False}, ["output.biases"]),
    "everything": (
        None,
        {},
        ["hidden1.weights", "output.weights", "hidden1.biases", "output.biases"],
    ),
}


@pytest.mark.parametrize(("what", "which", "told"), FREEZING.values(), ids=FREEZING)
def test_what_is_frozen_as_a_whole_is_told_in_a_word(what, which, told):
    """Frozen layers and neurons are one text each, and are frozen again when they are read."""
    net = layered()
    net.unfreeze()
    net.freeze(what, **which)
    config = net.config()
    assert config["frozen"] == told
    assert np.array_equal(ns.Network.from_config(config).frozen, net.frozen)


def test_what_is_frozen_may_be_told_one_by_one(net):
    """A list of single edges and biases, as files of earlier versions have it, means the same."""
    net.freeze()
    single = [f"{u.label}->{v.label}" for u, v in net.graph.edges]
    single += [f"{neuron.label}.bias" for neuron in net.graph if neuron.bias is not None]
    twin = ns.Network.from_config({**net.config(), "frozen": single})
    assert twin.frozen.all()
    assert len(net.config()["frozen"]) < len(single)


def test_a_layer_goes_before_a_neuron_of_its_name():
    """Where a neuron is named like a layer, its frozen weights are told one by one."""
    graph = nx.DiGraph()
    graph.add_node("both", neuron=ns.TanhNeuron, layer="other")
    graph.add_node("y", neuron=ns.TanhNeuron, layer="both")
    graph.add_node("z", neuron=ns.TanhNeuron, layer="both")
    graph.add_edges_from((x, neuron) for neuron in ("both", "y", "z") for x in ("x1", "x2"))
    net = ns.Network.from_graph(graph, rng=1)
    net.freeze("both", biases=False)
    net.freeze("y", weights=False)
    assert net.config()["frozen"] == ["x1->both", "x2->both", "y.bias"]
    twin = ns.Network.from_config(net.config())
    assert np.array_equal(twin.frozen, net.frozen)
    twin = ns.Network.from_config({**net.config(), "frozen": ["both.weights"]})
    assert [twin["x1", label].frozen for label in ("both", "y", "z")] == [False, True, True]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "hidden1",
            "frozen must name 'source->target', 'label.bias' or 'layer.weights'; got 'hidden1'.",
        ),
        ("hidden1[0].gamma", "frozen names 'hidden1[0]', which has no gamma."),
        ("input.weights", "frozen names 'input', which has no weights."),
        ("a.biases", "frozen names 'a', which has no bias."),
    ],
)
def test_what_cannot_be_frozen_is_refused(name, message):
    """The message says what may be named, or what the neuron lacks."""
    with pytest.raises(ns.ArgumentError) as caught:
        ns.Network.from_config({**layered().config(), "frozen": [name]})
    assert str(caught.value) == f"Network.from_config: {message}"


def test_a_list_of_layers_is_a_configuration():
    """The plain list of layer dicts makes a network whose loss an entry names."""
    net = ns.Network.from_config(
        [
            {"layer": "input", "neurons": 5},
            {"layer": "dense", "neurons": 5, "kind": "ReLUNeuron"},
            {
                "layer": "output",
                "neurons": 2,
                "kind": "SoftmaxNeuron",
                "loss": "CategoricalCrossEntropy",
            },
        ],
        rng=1,
    )
    twin = ns.Network.layered(
        [5, 5, 2],
        hidden=ns.ReLUNeuron,
        output=ns.SoftmaxNeuron,
        loss=ns.CategoricalCrossEntropy(),
        rng=1,
    )
    assert repr(net) == repr(twin)
    assert np.array_equal(net.parameters, twin.parameters)


class Cube(ns.Neuron):
    """A kind of a person's own, with a parameter."""

    @staticmethod
    def activate(z, scale=1.0):
        """Return scale z^3."""
        return scale * z * z * z

    @staticmethod
    def derivative(z, a, scale=1.0):
        """Return 3 scale z^2."""
        return 3.0 * scale * z * z


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_kind_of_ones_own_loads_where_it_is_named(suffix, tmp_path):
    """A file with a person's own kind loads with kinds=[...] and says so without."""
    net = ns.Network([ns.InputLayer(1), ns.Layer(1, partial(Cube, scale=2.0), weights=[[3.0]])])
    path = tmp_path / f"net{suffix}"
    net.save(path)
    assert ns.load(path, kinds=[Cube]).predict([1.0]) == net.predict([1.0]) == 54.0
    with pytest.raises(ns.ModelFileError, match=r"kind 'Cube' is not known.*kinds=\[\.\.\.\]"):
        ns.load(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("maker", [layered, wired])
def test_every_damaged_byte_is_noticed(maker, suffix, tmp_path):
    """A file with any byte changed or cut off is refused, or loads exactly the same network."""
    net = maker()
    path, bad = tmp_path / f"net{suffix}", tmp_path / f"bad{suffix}"
    net.save(path)
    content = path.read_bytes()
    rng = np.random.default_rng(0)
    places = rng.choice(len(content), size=min(150, len(content)), replace=False)
    broken = [content[: len(content) // 2], content[:-1], content[1:], content + b"x", b"x"]
    for place in places.tolist():
        changed = bytearray(content)
        changed[place] ^= 1 << int(rng.integers(8))
        broken.append(bytes(changed))
    refused = 0
    for data in broken:
        bad.write_bytes(data)
        try:
            twin = ns.load(bad)
        except ns.ModelFileError:
            refused += 1
            continue
        assert np.array_equal(twin.parameters, net.parameters)
        assert twin.config() == net.config()
    assert refused > len(broken) // 3


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_cannot_be_a_network_is_refused(suffix, tmp_path):
    """Missing, empty and foreign files give one clear error."""
    path = tmp_path / f"net{suffix}"
    with pytest.raises(ns.ModelFileError) as error:
        ns.load(path)
    assert str(error.value) == f"{str(path)!r} cannot be read (No such file or directory)."
    path.write_bytes(b"")
    with pytest.raises(ns.ModelFileError) as error:
        ns.load(path)
    assert str(error.value) == f"{str(path)!r} is empty; it is no network saved by neurosim."
    for content in (b"hello", b"[1, 2]", b'{"a": 1}', b"[" * 100_000, b"PK\x03\x04" + b"\0" * 50):
        path.write_bytes(content)
        with pytest.raises(ns.ModelFileError) as error:
            ns.load(path)
        assert str(error.value) == (
            f"{str(path)!r} is no network saved by neurosim, or it is damaged; use a good copy."
        )


def test_a_changed_number_and_a_later_version_are_refused(tmp_path):
    """A JSON file edited by hand, or of another version, is refused with the remedy."""
    path = tmp_path / "net.json"
    layered().save(path)
    data = json.loads(path.read_text())
    data["network"]["layers"][1]["biases"][0] = 9.0
    path.write_text(json.dumps(data))
    with pytest.raises(ns.ModelFileError) as error:
        ns.load(path)
    assert str(error.value) == (
        f"{str(path)!r} is damaged or was changed by hand: its digest does not match. Use a good "
        "copy; to write a network by hand use Network.from_config."
    )
    path.write_text(json.dumps({**data, "version": 2}))
    with pytest.raises(ns.ModelFileError) as error:
        ns.load(path)
    assert str(error.value) == (
        f"{str(path)!r} is of version 2, but this neurosim reads version 1; install the neurosim "
        "that wrote it."
    )


def npz(path, **arrays):
    """Write arrays with a digest that is right."""
    from neurosim.storage.npzfile import total_digest

    arrays["digest"] = np.frombuffer(total_digest(arrays).encode(), dtype=np.uint8)
    np.savez(path, **arrays)


def about(**entries):
    """Return the member of that name."""
    text = json.dumps({"neurosim": "network", "version": 1, **entries})
    return np.frombuffer(text.encode(), dtype=np.uint8)


def test_hostile_archives_are_refused(tmp_path):
    """Pickles, bombs, lying headers and impossible indices with a right digest do no harm."""
    path = tmp_path / "net.npz"
    np.savez(path, about=np.array([{"a": 1}], dtype=object), digest=np.zeros(1, np.uint8))
    with pytest.raises(ns.ModelFileError, match="is no network saved by neurosim"):
        ns.load(path)
    np.savez_compressed(path, about=np.zeros(10_000_000, np.uint8), digest=np.zeros(1, np.uint8))
    with pytest.raises(ns.ModelFileError, match="is no network saved by neurosim"):
        ns.load(path)
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f8", "fortran_order": False, "shape": (10**15,)}
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("about.npy", header.getvalue())
        archive.writestr("digest.npy", header.getvalue())
    with pytest.raises(ns.ModelFileError, match="is no network saved by neurosim"):
        ns.load(path)
    huge = {"network": {"layers": [{"neurons": 10**9}, {"neurons": 10**9}]}}
    npz(path, about=about(**huge), parameters=np.zeros(3), frozen=np.zeros(3, bool))
    with pytest.raises(ns.ModelFileError, match="is no network saved by neurosim"):
        ns.load(path)
    npz(path, about=about(kinds=[], layers=[]), kind_of=np.array([5]))
    with pytest.raises(ns.ModelFileError):
        ns.load(path)


@pytest.mark.parametrize(
    ("sizes", "more"),
    [
        ((10**9, 1), {"weights": [[1.0]], "biases": [0.0]}),
        ((1, 10**10), {"weights": [[1.0]], "biases": [0.0]}),
        ((1, 10**10), {}),
        ((10**9, 1), {}),
        ((2, 1), {}),
        ((2, 1), {"weights": [[1.0], [1.0]]}),
        ((2, 1), {"weights": 3, "biases": [0.0]}),
    ],
)
def test_a_hostile_json_file_makes_nothing_huge(tmp_path, sizes, more):
    """A JSON file with a right digest that claims a billion neurons, or leaves its weights out, is
    refused before anything is made or drawn.
    """
    from neurosim.storage.format import canonical, digest

    layer = {"layer": "output", "neurons": sizes[1], "kind": "LinearNeuron", **more}
    network = {"layers": [{"layer": "input", "neurons": sizes[0]}, layer]}
    path = tmp_path / "net.json"
    data = {"neurosim": "network", "version": 1, "digest": digest([canonical(network)])}
    path.write_text(json.dumps({**data, "network": network}))
    with pytest.raises(ns.ModelFileError, match="is no network saved by neurosim"):
        ns.load(path)


def test_saving_says_what_is_wrong(tmp_path):
    """An unknown suffix, a folder that is missing and a name that is none are told apart."""
    net = layered()
    with pytest.raises(ns.ArgumentError) as error:
        net.save("net.pkl")
    assert str(error.value) == "Network.save: path must end in .json or .npz; got 'net.pkl'."
    with pytest.raises(ns.ArgumentTypeError) as error:
        net.save(3)
    assert str(error.value) == "Network.save: path must be a file name; got 3."
    path = tmp_path / "missing" / "net.json"
    with pytest.raises(ns.ModelFileError) as error:
        net.save(path)
    assert str(error.value) == (
        f"{str(path)!r} cannot be written (No such file or directory); choose a folder that "
        "exists and that you may write to."
    )
    net.parameters[0] = np.nan
    with pytest.raises(ns.NotFiniteError) as error:
        net.save(tmp_path / "net.json")
    assert str(error.value) == (
        "Network.save: the parameter 'a->hidden1[0]' is nan; set it to a finite number, or call "
        "net.reset()."
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_failed_save_leaves_the_old_file(suffix, tmp_path, monkeypatch):
    """When writing breaks off, the old file is whole and nothing else is left in the folder."""
    path = tmp_path / f"net{suffix}"
    net = layered()
    net.save(path)
    before = path.read_bytes()
    net.parameters[:] = 0.0

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ns.ModelFileError, match="No space left on device"):
        net.save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_process_loads_the_same_bits(tmp_path):
    """Another process, with another hash seed, predicts bit for bit the same."""
    net = wired()
    net.save(tmp_path / "net.npz")
    code = (
        "import neurosim as ns, numpy as np, sys; net = ns.load(sys.argv[1]);"
        "X = np.random.default_rng(0).normal(size=(7, 2));"
        "sys.stdout.write(net.predict(X).tobytes().hex())"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "net.npz")],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert result.stdout == net.predict(inputs(net)).tobytes().hex()


BAD_CONFIGS = [
    (3, "Network.from_config: config must be a dict, or a list of layers; got 3."),
    (
        {"layer": []},
        "Network.from_config has an unknown entry 'layer'. Known: 'dtype', 'edges', 'frozen', ....",
    ),
    ({"layers": 3}, "Network.from_config: layers must be a list; got 3."),
    (
        [{"layer": "dense", "neurons": 2}],
        "Network.from_config: layers[0]: layer must be 'input' first and 'dense' or 'output' after "
        "it; got 'dense'.",
    ),
    (
        [{"neurons": 2}, {"neurons": 1, "kind": "SigmoidNeurone"}],
        "Network.from_config: layers[1]: kind 'SigmoidNeurone' is not known. Did you mean "
        "'SigmoidNeuron' or 'SwishNeuron'? A class of your own is passed with "
        "kinds=[...].",
    ),
    (
        [{"neurons": 2}, {"neurons": 1, "kind": "SigmoidNeuron", "wieghts": []}],
        "Network.from_config: layers[1] has an unknown entry 'wieghts'. Did you mean 'weights'?",
    ),
    (
        [{"neurons": 2}, {"neurons": 1, "kind": "LinearNeuron", "weights": [[1.0]]}],
        "Network.from_config: layers[1]: weights must have 2 rows, one per neuron of the layer "
        "before; got 1.",
    ),
    (
        {"neurons": [{"label": "x", "kind": "InputNeuron"}], "edges": [{"source": "x"}]},
        "Network.from_config: edges[0]: target None is no neuron. Known: 'x'.",
    ),
]


@pytest.mark.parametrize(("config", "message"), BAD_CONFIGS)
def test_a_wrong_configuration_is_explained(config, message):
    """Every wrong entry is named, with what is known in its place."""
    with pytest.raises(ns.NeurosimError) as error:
        ns.Network.from_config(config)
    assert str(error.value) == message


def test_summary_counts_what_is_there(net):
    """The last line adds up the parameters, the weights, the biases and those trained."""
    wiring = net.wiring
    biases = int((wiring.bias_slots >= 0).sum())
    count = wiring.n_parameters
    assert net.summary().splitlines()[-1] == (
        f"{count} parameters ({count - biases} weights, {biases} biases), "
        f"{count - int(net.frozen.sum())} trained; loss {net.loss!r}"
    )
    assert len(net.summary().splitlines()) == len(net.layers) + 2


def test_an_encrypted_member_and_a_wrong_list_of_kinds_are_refused(tmp_path):
    """A flag that calls a member encrypted is damage; kinds must be a list."""
    path = tmp_path / "net.npz"
    layered().save(path)
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    content[at + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(ns.ModelFileError, match="is no network saved by neurosim"):
        ns.load(path)
    layered().save(path)
    with pytest.raises(ns.ArgumentTypeError) as error:
        ns.load(path, kinds=Cube)
    assert str(error.value).startswith("ns.load: kinds must be a list of classes")
    with pytest.raises(ns.ModelFileError, match="cannot be read"):
        ns.load("a\0.json")
