"""A network as NPZ: an uncompressed zip of NumPy arrays.

``about`` is a JSON text with the head, the loss, kinds and names, and ``digest`` the SHA-256 of
all other members. Beside them a layered network has ``parameters`` and ``frozen``; any other has
``sources, targets, weights, ties, frozen_edges`` by edge and ``biases, kind_of, layer_of,
frozen_biases`` by neuron, and ``inputs, outputs``. Where sums are normalized there are
``running_means, running_variances`` by neuron, too, and of a network that is not layered
``gammas, frozen_gammas`` by normalized neuron.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, final

import numpy as np

from neurosim.building.structure import Parts
from neurosim.building.wired import wired
from neurosim.configuration import (
    attach,
    attachments,
    config_of,
    kind_config,
    kind_named,
    known_classes,
    loss_config,
    loss_named,
    network_of,
)
from neurosim.errors import ModelFileError
from neurosim.network import Network
from neurosim.neurons import Kind
from neurosim.randomness import Streams
from neurosim.storage.format import (
    Format,
    canonical,
    check_head,
    damaged,
    digest,
    foreign,
    head,
    parsed,
)
from neurosim.storage.memories import memory_of, recall, split_kinds
from neurosim.wiring import Edges

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["NPZFile", "read_arrays", "total_digest"]

Arrays = dict[str, Any]

# What a broken zip may raise: a flag that says it is encrypted gives a RuntimeError.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    OverflowError,
    EOFError,
    OSError,
    RuntimeError,
    SyntaxError,
)


@final
class NPZFile(Format):
    """Small and quick, for large networks."""

    suffix: ClassVar[str] = ".npz"

    def content(self, network: Network, *, memory: bool = True) -> bytes:
        """Return the zip; without what the optimizer remembers where `memory` is False."""
        layered = network.wiring.sizes is not None
        about, arrays = _layered_arrays(network) if layered else _graph_arrays(network)
        known = memory_of(network) if memory else None
        if known is not None:
            about["memory"] = known[0]
            arrays.update({f"memory.{name}": vector for name, vector in known[1].items()})
        arrays["about"] = np.frombuffer(canonical({**head(), **about}), dtype=np.uint8)
        arrays["digest"] = np.frombuffer(total_digest(arrays).encode(), dtype=np.uint8)
        buffer = io.BytesIO()
        np.savez(buffer, **arrays)
        return buffer.getvalue()

    def network(self, content: bytes, file: str, kinds: Iterable[type]) -> Network:
        """Return the network that a zip holds."""
        arrays = read_arrays(content, file)
        if "about" not in arrays or "digest" not in arrays:
            raise foreign(file)
        if arrays["digest"].tobytes() != total_digest(arrays).encode():
            raise damaged(file)
        about = parsed(arrays["about"].tobytes(), file)
        check_head(about, file)
        try:
            make = _layered if "parameters" in arrays else _graph
            learning, others = split_kinds(kinds)
            network = make(about, arrays, others)
            if "memory" in about:
                vectors = {k.removeprefix("memory."): v for k, v in arrays.items()}
                recall(network, about["memory"], vectors, learning)
            return network
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            # Only a file made to do harm comes here: its digest is right, its content is not.
            if type(error).__module__.startswith("neurosim"):
                raise
            raise foreign(file) from None


def total_digest(arrays: Arrays) -> str:
    """Return the digest of all arrays but the one that holds it."""
    names = sorted(name for name in arrays if name != "digest")
    return digest(
        part
        for name in names
        for part in (name.encode(), arrays[name].dtype.str.encode(), arrays[name].tobytes())
    )


def read_arrays(content: bytes, file: str) -> Arrays:
    """Return the arrays of a NPZ file, or raise `ModelFileError`; nothing in it is run."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {
                info.filename.removesuffix(".npy"): _member(archive, info)
                for info in archive.infolist()
            }
    except _UNREADABLE:
        raise foreign(file) from None


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Any:
    """Read one array; refuse a member that unpacks or claims to be larger than it is."""
    if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
        raise ValueError("a compressed member")
    with archive.open(info) as member:
        data = io.BytesIO(member.read())
    if np.lib.format.read_magic(data) != (1, 0):
        raise ValueError("another version of NPY")
    shape, _, dtype = np.lib.format.read_array_header_1_0(data)
    if dtype.kind not in "biuf" or len(shape) != 1:
        raise ValueError("not a row of numbers")
    if shape[0] * dtype.itemsize != len(data.getbuffer()) - data.tell():
        raise ValueError("another length than the header says")
    return np.frombuffer(data.getbuffer(), dtype=dtype, offset=data.tell()).copy()


# -- layered networks -----------------------------------------------------------------------------


def _layered_arrays(network: Network) -> tuple[dict[str, Any], Arrays]:
    config = config_of(network, numbers=False)
    config.pop("frozen", None)
    arrays = {"parameters": network.parameters.copy(), "frozen": network.frozen.copy()}
    return {"network": config}, {**arrays, **_averages(network)}


def _averages(network: Network) -> Arrays:
    """Return the running averages, where there are any."""
    if not len(network.wiring.normalized):
        return {}
    means, variances = network.averages
    return {"running_means": means.copy(), "running_variances": variances.copy()}


def _take_averages(network: Network, arrays: Arrays) -> None:
    if not len(network.wiring.normalized):
        return
    means, variances = arrays["running_means"], arrays["running_variances"]
    if not (np.isfinite(means).all() and np.isfinite(variances).all() and (variances >= 0).all()):
        raise ModelFileError("a running average is not finite, or a variance negative")
    network.averages[0], network.averages[1] = means, variances


def _layered(about: dict[str, Any], arrays: Arrays, kinds: Iterable[type]) -> Network:
    sizes = [int(layer["neurons"]) for layer in about["network"]["layers"]]
    count = sum((m + 1) * k for m, k in pairwise(sizes))
    count += sum(
        int(layer["neurons"]) for layer in about["network"]["layers"] if "normalization" in layer
    )
    # Before a network of the sizes that the file claims is made.
    if count != len(arrays["parameters"]) or sum(sizes) > len(arrays["parameters"]) + sizes[0]:
        raise ValueError("another number of parameters than the layers have")
    network = network_of(about["network"], kinds=kinds, rng=0)
    network.parameters = arrays["parameters"]
    network.start[:] = network.parameters
    network.frozen[:] = arrays["frozen"]
    _take_averages(network, arrays)
    network.streams = Streams.of(None, "ns.load")
    return network


# -- any other network ----------------------------------------------------------------------------


def _graph_arrays(network: Network) -> tuple[dict[str, Any], Arrays]:
    wiring, edges = network.wiring, network.wiring.edges
    about = {
        "dtype": network.dtype.name,
        "loss": loss_config(network.loss),
        "kinds": [kind_config(kind) for kind in wiring.kinds],
        "layers": [layer.name for layer in network.layers],
        "labels": None if isinstance(network.nodes, range) else network.labels,
        "ties": list(network.tie_names),
        **attachments(network),
    }
    computed = np.flatnonzero(wiring.bias_slots >= 0)
    bias_slots = wiring.bias_slots[computed]
    biases = np.zeros(wiring.n_neurons, dtype=network.dtype)
    frozen_biases = np.zeros(wiring.n_neurons, dtype=bool)
    biases[computed] = network.parameters[bias_slots]
    frozen_biases[computed] = network.frozen[bias_slots]
    arrays = {
        "sources": edges.sources,
        "targets": edges.targets,
        "weights": network.parameters[wiring.edge_slots],
        "frozen_edges": network.frozen[wiring.edge_slots],
        "biases": biases,
        "frozen_biases": frozen_biases,
        "kind_of": wiring.kind_of,
        "layer_of": np.where(network.coupled_in >= 0, network.position_of[:, 0], -1),
        "inputs": wiring.inputs,
        "outputs": wiring.outputs,
    }
    if edges.ties is not None:
        arrays["ties"] = edges.ties
    if len(wiring.normalized):
        slots = wiring.gamma_slots[wiring.normalized]
        arrays["gammas"] = network.parameters[slots]
        arrays["frozen_gammas"] = network.frozen[slots]
    return about, {**arrays, **_averages(network)}


def _graph(about: dict[str, Any], arrays: Arrays, kinds: Iterable[type]) -> Network:
    classes = known_classes(kinds)
    known = [
        Kind.of(kind_named(entry, classes, "ns.load"), "ns.load: kind") for entry in about["kinds"]
    ]
    n = len(arrays["kind_of"])
    for name in ("sources", "targets", "inputs", "outputs"):
        if len(arrays[name]) and not 0 <= arrays[name].min() <= arrays[name].max() < n:
            raise ValueError("a neuron that does not exist")
    names = about["layers"]
    parts = Parts(
        [known[i] for i in arrays["kind_of"].tolist()],
        Edges(arrays["sources"], arrays["targets"], arrays.get("ties")),
        arrays["weights"].astype(np.float64),
        arrays["biases"].astype(np.float64),
        arrays["inputs"],
        arrays["outputs"],
        range(n) if about["labels"] is None else about["labels"],
        [None if i < 0 else names[i] for i in arrays["layer_of"].tolist()],
        about["ties"],
        arrays["frozen_edges"],
        arrays["frozen_biases"],
    )
    if not (np.isfinite(parts.weights).all() and np.isfinite(parts.biases).all()):
        raise ModelFileError("a weight or bias is not finite")
    streams = Streams.of(None, "ns.load")
    loss = loss_named(about["loss"], classes)
    structure = wired(parts, streams.initial)
    network = Network.from_structure(structure, loss, streams, about["dtype"])
    attach(network, about, classes)
    _take_gammas(network, arrays)
    _take_averages(network, arrays)
    return network


def _take_gammas(network: Network, arrays: Arrays) -> None:
    wiring = network.wiring
    if not len(wiring.normalized):
        return
    slots = wiring.gamma_slots[wiring.normalized]
    network.write(slots, arrays["gammas"], "ns.load: gammas")
    network.start[slots] = network.parameters[slots]
    network.frozen[slots] = arrays["frozen_gammas"]
