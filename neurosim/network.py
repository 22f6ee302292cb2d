"""The network: neurons, edges, and the two flat vectors that hold every number."""

from __future__ import annotations

from array import array
from copy import deepcopy
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, final, overload

import numpy as np

from neurosim import building
from neurosim.checks import (
    all_finite,
    counted,
    finite_array,
    flag,
    instance_of,
    short,
    whole_number,
)
from neurosim.directory import Directory
from neurosim.engines.choice import EnginePlan, planned
from neurosim.engines.traversal import Pass, TraversalEngine
from neurosim.engines.vectorized import VectorizedEngine
from neurosim.errors import (
    ArgumentError,
    ArgumentTypeError,
    NeurosimError,
    NotFiniteError,
    PassError,
    ShapeError,
)
from neurosim.layers import InputLayer, Layer
from neurosim.losses import Loss, MeanSquaredError
from neurosim.normalization import initial_averages
from neurosim.places import LayerPlace, NeuronPlace
from neurosim.randomness import Streams
from neurosim.regularization import Regularization, attach
from neurosim.samples import checked_inputs, checked_samples, checked_targets
from neurosim.units import in_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from neurosim.building import Structure
    from neurosim.edge import Edge
    from neurosim.engines.base import Engine
    from neurosim.graph import LiveGraph
    from neurosim.layers import BaseLayer
    from neurosim.learning.callbacks import Callback
    from neurosim.learning.history import History
    from neurosim.learning.learner import Memory
    from neurosim.learning.preprocessing import Scaler
    from neurosim.neurons import Kind, Neuron
    from neurosim.regularizers import Regularizer
    from neurosim.tables import Schema
    from neurosim.tracing import Trace
    from neurosim.wiring import Wiring

    AnyEngine = TypeVar("AnyEngine", bound=Engine)

__all__ = ["Network"]


@final
class Network:
    """A feed-forward network of neurons, from layers; `from_graph` takes any acyclic wiring.

    Parameters
    ----------
    layers : sequence
        `InputLayer` first, then `Layer`s, each of which reads the whole layer before.
    loss : Loss
        What training makes small.
    rng : int, numpy.random.Generator or None
        The only source of randomness: start weights, shuffles and dropout draw from three
        separate children of it.
    dtype : {"float64", "float32"}
        What the parameters are stored in.

    Attributes
    ----------
    parameters, gradient : arrays
        Every weight and bias, and its gradient: the only storage of both. Edges, layers and
        neurons are views of them.
    layers : tuple
        The network's own layers, the input layer first.
    averages : (2, n_neurons) array
        Running means and variances of the neurons whose sums are normalized; of others 0 and 1.
    input_scaler, output_scaler : Scaler or None
        Between the person's units and the numbers that the neurons compute with; `scale` attaches
        them, and None takes one off.
    table : neurosim.tables.Schema or None
        How the columns of a person's table become the inputs and outputs, where the network was
        trained on one by ``neurosim train``.

    Examples
    --------
    >>> import neurosim as ns
    >>> output = ns.Layer(1, ns.SigmoidNeuron, weights=[[20.0], [20.0]], biases=[-30.0])
    >>> net = ns.Network([ns.InputLayer(2), output])
    >>> net.predict([[0, 1], [1, 1]]).round(3)
    array([[0.],
           [1.]])
    """

    def __init__(
        self,
        layers: Iterable[Any],
        *,
        loss: Loss | None = None,
        rng: Any = None,
        dtype: Any = "float64",
    ) -> None:
        streams = Streams.of(rng, "Network")
        self._assemble(building.from_layers(layers, streams.initial), loss, streams, dtype)

    @classmethod
    def from_structure(
        cls, structure: Structure, loss: Loss | None, streams: Streams, dtype: Any
    ) -> Network:
        """Return the network of a structure that has been built."""
        network = cls.__new__(cls)
        network._assemble(structure, loss, streams, dtype)
        return network

    def _assemble(
        self, structure: Structure, loss: Loss | None, streams: Streams, dtype: Any
    ) -> None:
        self.dtype = _checked_dtype(dtype)
        self.wiring: Wiring = structure.wiring
        self.nodes, self.coupled_in = structure.nodes, structure.coupled_in
        self.tie_names = structure.tie_names
        self.layers: tuple[BaseLayer, ...] = tuple(structure.layers)
        self._members = structure.members
        for layer, numbers in zip(self.layers, self._members, strict=True):
            layer._place = LayerPlace(self, layer, numbers)
        self.streams = streams
        self.last_pass: Pass | None = None
        self.memory: Memory | None = None
        self.regularization = Regularization()
        self._engines: dict[type[Engine], Engine] = {}
        self._graph: LiveGraph | None = None
        self.input_scaler: Scaler | None = None
        self.output_scaler: Scaler | None = None
        self.table: Schema | None = None
        self.loss = MeanSquaredError() if loss is None else loss
        self._parameters = finite_array(
            structure.parameters, "Network: weights and biases", dtype=self.dtype
        )
        self._gradient = np.zeros_like(self._parameters)
        self.start = self._parameters.copy()
        self.frozen = structure.frozen
        self.averages = initial_averages(self.wiring.n_neurons, self.dtype)
        if structure.averages is not None:
            self.averages[:] = structure.averages

    # -- other ways to make one -----------------------------------------------------------------

    @classmethod
    def layered(
        cls,
        sizes: Sequence[int],
        *,
        hidden: Any = None,
        output: Any,
        loss: Loss | None = None,
        rng: Any = None,
        dtype: Any = "float64",
    ) -> Network:
        """Return layers of these sizes in one line.

        Parameters
        ----------
        sizes : sequence of int
            Neurons per layer, the inputs first.
        hidden, output : kind
            The kind of the hidden layers, where there are any, and of the last.
        loss, rng, dtype
            As for `Network`.

        Examples
        --------
        >>> import neurosim as ns
        >>> ns.Network.layered([2, 5, 5, 1], hidden=ns.ReLUNeuron, output=ns.LinearNeuron, rng=1)
        Network(2-5-5-1, 51 parameters, MeanSquaredError())
        """
        counts = building.checked_sizes(sizes)
        last = len(counts) - 2
        if hidden is None and last:
            raise ArgumentTypeError(
                "Network.layered: hidden must be the kind of the hidden layers, such as "
                "ns.ReLUNeuron; got None."
            )
        kinds = [output if k == last else hidden for k in range(last + 1)]
        layers = [Layer(n, kind) for n, kind in zip(counts[1:], kinds, strict=True)]
        return cls([InputLayer(counts[0]), *layers], loss=loss, rng=rng, dtype=dtype)

    @classmethod
    def from_graph(
        cls,
        digraph: Any,
        *,
        loss: Loss | None = None,
        inputs: Iterable[Any] | None = None,
        outputs: Iterable[Any] | None = None,
        rng: Any = None,
        dtype: Any = "float64",
    ) -> Network:
        """Return the network that an acyclic `networkx.DiGraph` describes.

        Parameters
        ----------
        digraph : networkx.DiGraph
            Node attributes: ``neuron`` (a kind; inputs need none), ``bias``, ``layer``, and
            ``frozen`` for the bias. Edge attributes: ``weight`` (drawn by the target's kind where
            it is missing), ``tied`` (edges of one name share one weight), ``frozen``.
        inputs, outputs : list of nodes or labels, optional
            Nodes without predecessors, and without successors, in insertion order.
        loss, rng, dtype
            As for `Network`.

        Examples
        --------
        >>> import networkx as nx, neurosim as ns
        >>> graph = nx.DiGraph()
        >>> graph.add_node("y", neuron=ns.LinearNeuron, bias=1.0)
        >>> graph.add_edge("x", "y", weight=3.0)
        >>> ns.Network.from_graph(graph).forward([2.0])
        array([7.])
        """
        streams = Streams.of(rng, "Network.from_graph")
        structure = building.from_digraph(digraph, inputs, outputs, streams.initial)
        return cls.from_structure(structure, loss, streams, dtype)

    @classmethod
    def from_edges(
        cls,
        sources: Any,
        targets: Any,
        *,
        kinds: Any,
        inputs: Any,
        outputs: Any,
        weights: Any = None,
        biases: Any = None,
        loss: Loss | None = None,
        rng: Any = None,
        dtype: Any = "float64",
    ) -> Network:
        """Return a network from arrays of edges between neurons numbered from 0.

        Parameters
        ----------
        sources, targets : (n_edges,) arrays of int
            Edge e leads from ``sources[e]`` to ``targets[e]``.
        kinds : kind, or one per neuron
            One kind for all that are no inputs, a list (None for inputs), or a dict by number.
        inputs, outputs : arrays of int
            Neuron numbers, in the order of the columns of X and Y.
        weights : (n_edges,) array, optional
            Drawn where none are given.
        biases : (n_neurons,) array, optional
            0 where none are given; the entries of inputs are not used.
        loss, rng, dtype
            As for `Network`.

        Examples
        --------
        >>> import neurosim as ns
        >>> net = ns.Network.from_edges(
        ...     [0, 1], [2, 2], kinds=ns.LinearNeuron, inputs=[0, 1], outputs=[2], weights=[3, 4]
        ... )
        >>> net.predict([1.0, 1.0])
        array([7.])
        """
        streams = Streams.of(rng, "Network.from_edges")
        structure = building.from_edge_arrays(
            sources, targets, kinds, weights, biases, inputs, outputs, streams.initial
        )
        return cls.from_structure(structure, loss, streams, dtype)

    @classmethod
    def from_config(cls, config: Any, *, kinds: Iterable[type] = (), rng: Any = None) -> Network:
        """Return the network that plain data describes; see `neurosim.configuration`."""
        from neurosim.configuration import network_of

        return network_of(config, kinds=kinds, rng=rng)

    def config(self) -> dict[str, Any]:
        """Return the network as plain data, weights included; see `neurosim.configuration`."""
        from neurosim.configuration import config_of

        return config_of(self)

    def copy(self) -> Network:
        """Return an independent network with the same numbers and random streams."""
        return deepcopy(self)

    __copy__ = copy

    def __getstate__(self) -> dict[str, Any]:
        # Engines and the graph are derived; they are made again when they are asked for.
        state = {k: v for k, v in vars(self).items() if k != "directory"}
        return {**state, "_engines": {}, "_graph": None}

    @property
    def loss(self) -> Loss:
        """What training makes small; another one may be assigned."""
        return self._loss

    @loss.setter
    def loss(self, loss: Any) -> None:
        checked: Loss = instance_of(loss, Loss, "Network: loss", "ns.MeanSquaredError()")
        outputs = self.wiring.outputs.tolist()
        checked.check_outputs([self.kind_of(i) for i in outputs], [self.labels[i] for i in outputs])
        self._loss = checked
        # Engines are made for one loss, and a backward pass must not mix two.
        self._engines.clear()
        self.last_pass = None

    # -- the storage ----------------------------------------------------------------------------

    @property
    def parameters(self) -> Any:
        """Every weight and bias, in one flat vector; assignment writes into it."""
        return self._parameters

    @parameters.setter
    def parameters(self, values: Any) -> None:
        self.write(slice(None), values, "Network: parameters")

    @property
    def gradient(self) -> Any:
        """The derivative of the loss by every parameter, of the last backward pass or step."""
        return self._gradient

    def write(self, slots: Any, values: Any, what: str) -> None:
        """Write finite numbers into some entries of the parameters."""
        given = finite_array(values, what, dimensions=1, dtype=self.dtype)
        held = self._parameters[slots].copy()
        if given.shape != held.shape:
            raise ShapeError(f"{what} must be {held.shape}; got {given.shape}.")
        self._parameters[slots] = given
        if (self._parameters[slots] != given).any():
            self._parameters[slots] = held
            raise ArgumentError(f"{what} must be equal where edges are tied; got {given}.")

    def reset(self) -> None:
        """Go back to the parameters that the network started with, and forget running averages."""
        self._parameters[:] = self.start
        self._gradient[:] = 0.0
        self.averages[:] = initial_averages(self.wiring.n_neurons, self.dtype)
        self.last_pass = self.memory = None

    # -- neurons, edges, layers -----------------------------------------------------------------

    @cached_property
    def labels(self) -> list[str]:
        """The label of every neuron, by number."""
        if self.nodes is not None:
            return [str(node) for node in self.nodes]
        return [label for layer in self.layers for label in layer.labels]

    @cached_property
    def neurons(self) -> list[Neuron]:
        """Every neuron, by number: inputs and all others."""
        return [
            self.kind_of(number).make(NeuronPlace(self, number))
            for number in range(self.wiring.n_neurons)
        ]

    @cached_property
    def position_of(self) -> Any:
        """The layer of every neuron, and its place there: ``(n_neurons, 2)``."""
        table = np.empty((self.wiring.n_neurons, 2), dtype=np.int64)
        for k, numbers in enumerate(self._members):
            table[numbers, 0], table[numbers, 1] = k, np.arange(len(numbers))
        return table

    @cached_property
    def directory(self) -> Directory:
        """Looks up neurons, edges and layers."""
        return Directory(self)

    def kind_of(self, number: int) -> Kind:
        """Return the kind of a neuron."""
        return self.wiring.kinds[int(self.wiring.kind_of[number])]

    def layer_is_given(self, number: int) -> bool:
        """Whether the neuron's layer was named, so that its like there are coupled with it."""
        return bool(self.coupled_in[number] >= 0)

    def tie_name(self, slot: int) -> str | None:
        """Return the name under which a parameter is shared between edges, or None."""
        tie = self.wiring.tie_at.get(slot)
        return None if tie is None else self.tie_names[tie]

    @overload
    def __getitem__(self, key: tuple[Any, Any]) -> Edge: ...
    @overload
    def __getitem__(self, key: Any) -> Any: ...
    def __getitem__(self, key: Any) -> Any:
        """Return a neuron by its label or node, or an edge by a pair of them or ``"a->b"``."""
        return self.directory.item(key)

    def __contains__(self, key: Any) -> bool:
        try:
            self.directory.item(key)
        except NeurosimError:
            return False
        return True

    @property
    def graph(self) -> LiveGraph:
        """The network as a `networkx.DiGraph`, live on the parameters and gradients."""
        if self._graph is None:
            # With networkx, which takes as long to import as everything else together.
            from neurosim.graph import LiveGraph

            self._graph = LiveGraph(self)
        return self._graph

    # -- changing the structure -----------------------------------------------------------------

    def connect(
        self, source: Any, target: Any, weight: float | None = None, tied: str | None = None
    ) -> Edge:
        """Make an edge; every other parameter keeps its value.

        Parameters
        ----------
        source, target : neurons
            By label, node or object.
        weight : float, optional
            Drawn by the target's kind where none is given; that of its tie, if it has one.
        tied : str, optional
            Share one weight with the other edges of this name.

        Returns
        -------
        Edge

        Raises
        ------
        WiringError
            The edge exists, or would close a circle, or lead into an input.
        """
        from neurosim.rewiring import connect

        return connect(self, source, target, weight, tied)

    def disconnect(self, source: Any, target: Any) -> None:
        """Cut an edge; every other parameter keeps its value."""
        from neurosim.rewiring import disconnect

        disconnect(self, source, target)

    def rewire(self, wiring: Wiring, moves: tuple[Any, Any], tie_names: tuple[str, ...]) -> None:
        """Take over another wiring; `moves` are the old and the new entries of what stays."""
        old, new = moves
        for name in ("_parameters", "_gradient", "start", "frozen"):
            vector = getattr(self, name)
            moved = np.zeros(wiring.n_parameters, dtype=vector.dtype)
            moved[new] = vector[old]
            setattr(self, name, moved)
        if self.memory is not None:
            self.memory.move(wiring.n_parameters, old, new)
        self.wiring, self.tie_names = wiring, tie_names
        self._engines.clear()
        self.last_pass = None
        if self._graph is not None:
            self._graph.follow()

    def regularize(self, regularizer: Regularizer | None, what: Any = None) -> None:
        """Attach a penalty on weights, or dropout, beside those attached before.

        Parameters
        ----------
        regularizer : Regularizer or None
            ``ns.L1(strength)`` and ``ns.L2(strength)`` add to the objective, for the weights into
            the neurons meant; ``ns.Dropout(rate)`` drops these neurons in training. None takes
            all regularizers away.
        what : neuron, layer, or a label of one, optional
            Without it a penalty is about all weights, and dropout about all neurons that are
            neither inputs nor outputs. Outputs are never dropped.

        Examples
        --------
        >>> import neurosim as ns
        >>> net = ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
        >>> net.regularize(ns.L2(0.01))
        >>> net.regularize(ns.Dropout(0.5), "hidden1")
        """
        attach(self, regularizer, what)
        self.last_pass = None

    @property
    def dropout_rates(self) -> Any:
        """The share dropped in training of every neuron, by number; None where none is."""
        return self.regularization.dropout_rates(self.wiring) if self.regularization else None

    def penalty(self) -> float:
        """Return what the regularizers add to the mean loss, for the parameters as they are."""
        return self.regularization.penalty(self.wiring, self._parameters)

    def freeze(self, what: Any = None, weights: bool = True, biases: bool = True) -> None:
        """Let training leave some parameters as they are.

        Parameters
        ----------
        what : edge, neuron, layer, or a label of one, or None
            Of a neuron its incoming weights and its bias; None is everything.
        weights, biases : bool
            Which of the two; of a normalized neuron gamma goes with its bias, which is beta.
        """
        self.frozen[self._meant(what, weights, biases, "freeze")] = True

    def unfreeze(self, what: Any = None, weights: bool = True, biases: bool = True) -> None:
        """Let training change these parameters again; the opposite of `freeze`."""
        self.frozen[self._meant(what, weights, biases, "unfreeze")] = False

    def _meant(self, what: Any, weights: bool, biases: bool, verb: str) -> list[int]:
        both = flag(weights, f"Network.{verb}: weights"), flag(biases, f"Network.{verb}: biases")
        return self.directory.slots(what, *both)

    # -- passes ---------------------------------------------------------------------------------

    def engine(self, kind: type[AnyEngine]) -> AnyEngine:
        """Return the engine of a class, made for the wiring as it is now."""
        if kind not in self._engines:
            self._engines[kind] = kind(self)
        engine: Any = self._engines[kind]
        return engine  # type: ignore[no-any-return]

    def plan(
        self,
        n_samples: int = 100,
        batch_size: int | None = None,
        epochs: int = 1000,
        optimizer: Any = None,
    ) -> EnginePlan:
        """Return which engine ``fit(engine="auto")`` takes for such a training, and why.

        Parameters
        ----------
        n_samples, batch_size, epochs : int
            As for `fit`; a batch size of None is one batch of all.
        optimizer : Optimizer, optional
            One of your own may be nothing that the compiled engine can compile.

        Returns
        -------
        EnginePlan
            ``print`` it to read the estimated time of a step with every engine.

        Examples
        --------
        >>> import neurosim as ns
        >>> net = ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron)
        >>> net.plan(epochs=1).engine
        'vectorized'
        """
        from neurosim.learning.compiled_epochs import suits
        from neurosim.learning.learner import Learner

        if optimizer is not None:
            instance_of(optimizer, Learner, "Network.plan: optimizer", "ns.SGD(0.1)")
        n = whole_number(n_samples, "Network.plan: n_samples")
        size = n if batch_size is None else whole_number(batch_size, "Network.plan: batch_size")
        n_epochs = whole_number(epochs, "Network.plan: epochs", at_least=0)
        inside = optimizer if suits(optimizer) else None
        return planned(self, min(size, n), n_epochs * -(-n // min(size, n)), inside)

    def forget_engines(self) -> None:
        """Have the engines made anew: something that they were made for has changed."""
        self._engines.clear()

    def require_finite_parameters(self, what: str) -> None:
        """Raise `NotFiniteError` where a parameter is NaN or infinite, and say which."""
        if all_finite(self._parameters):
            return
        slot = int(np.flatnonzero(~np.isfinite(self._parameters))[0])
        raise NotFiniteError(
            f"{what}: the parameter {self.parameter_label(slot)!r} is {self._parameters[slot]}; "
            "set it to a finite number, or call net.reset()."
        )

    def parameter_label(self, slot: int) -> str:
        """Return ``source->target``, ``label.bias`` or ``label.gamma`` for a parameter's entry."""
        source, target = self.wiring.owner(slot)
        label = self.labels[target]
        if slot == self.wiring.gamma_slots[target]:
            return f"{label}.gamma"
        return f"{label}.bias" if source is None else f"{self.labels[source]}->{label}"

    def forward(self, X: Any, *, training: bool = False) -> Any:
        """Run the graph engine forward; every neuron then shows its ``z`` and ``activation``.

        Parameters
        ----------
        X : (n_inputs,) or (n, n_inputs) array
            One sample, or a batch.
        training : bool
            Whether dropout is at work: a neuron's ``mask`` is then what its activation was
            multiplied by. Batch normalization takes the mean and variance of X, and its running
            averages move on; else it takes these.

        Returns
        -------
        (n_outputs,) or (n, n_outputs) array
        """
        engine = self.engine(TraversalEngine)
        run = None if training else engine.straight_line.forward(X)
        self.last_pass = run = run or self._pass(engine, X, training)
        outputs = in_units(self, engine.outputs_of(run))
        return outputs.reshape(-1) if run.single else outputs

    def _pass(self, engine: TraversalEngine, X: Any, training: bool) -> Pass:
        rows, single = checked_inputs(self, X, "Network.forward: X")
        self.require_finite_parameters("Network.forward")
        engine.rng = self.streams.dropout if training else None
        masks = engine.masks(len(rows))
        run = engine.forward(rows, single=single, masks=masks, training=training)
        if training:
            engine.remember(run)
        return run

    def backward(self, Y: Any) -> float:
        """Run the graph engine backward for the targets Y of the last `forward`.

        Fills ``gradient``, the penalties of regularizers included, and the ``delta`` of every
        neuron.

        Returns
        -------
        float
            The mean loss; `penalty` is apart.

        Raises
        ------
        PassError
            There was no forward pass, or the parameters have changed since.
        """
        run = self.last_pass
        if run is None:
            raise PassError("Network.backward: there is no forward pass yet; call net.forward(X).")
        if not run.belongs_to(self._parameters):
            raise PassError(
                "Network.backward: the parameters have changed since the forward pass; call "
                "net.forward(X) again."
            )
        engine = self.engine(TraversalEngine)
        if not engine.straight_line.backward(run, Y):
            targets = checked_targets(self, Y, run.n, run.single, "Network.backward: Y")
            # By way of `array`, which reads a list of floats several times faster than NumPy.
            self._gradient[:] = array("d", engine.backward(run, targets))
        if self.regularization:
            self.regularization.add_gradient(self.wiring, self._parameters, self._gradient)
        assert run.loss is not None
        return run.loss

    def predict(self, X: Any) -> Any:
        """Return the outputs by the fast engine; no neuron's numbers change.

        Parameters
        ----------
        X : (n_inputs,) or (n, n_inputs) array
            A `numpy.memmap` is read some rows at a time.

        Returns
        -------
        (n_outputs,) or (n, n_outputs) array
        """
        rows, single = checked_inputs(self, X, "Network.predict: X", whole=False)
        self.require_finite_parameters("Network.predict")
        outputs = self.predictions(rows)
        return outputs.reshape(-1) if single else outputs

    def predictions(self, rows: Any) -> Any:
        """Return what `predict` does for inputs ``(n, n_inputs)`` that are checked and scaled."""
        with np.errstate(all="ignore"):
            outputs = in_units(self, self.engine(VectorizedEngine).predict(rows))
        if not np.isfinite(outputs).all():
            row, column = (int(i) for i in np.argwhere(~np.isfinite(outputs))[0])
            label = self.labels[self.wiring.outputs[column]]
            raise NotFiniteError(
                f"Network.predict: the output {label!r} for sample {row} is "
                f"{outputs[row, column]}, as some number on the way is too large; scale the "
                "inputs or use smaller weights."
            )
        return outputs

    def loss_of(self, X: Any, Y: Any) -> float:
        """Return the mean loss of samples X with targets Y, by the fast engine.

        Those of a `numpy.memmap` are read some rows at a time.
        """
        rows, targets = checked_samples(self, X, Y, "Network.loss_of", whole=False)
        self.require_finite_parameters("Network.loss_of")
        return self.mean_loss(rows, targets)

    def mean_loss(self, rows: Any, targets: Any) -> float:
        """Return what `loss_of` does for samples that are checked and scaled."""
        with np.errstate(all="ignore"):
            return self.engine(VectorizedEngine).loss(rows, targets)

    def evaluate(self, X: Any, Y: Any, metrics: Any = ()) -> dict[str, float]:
        """Return the loss and some metrics of samples, by name.

        Parameters
        ----------
        X, Y : arrays
            A `numpy.memmap` is read some rows at a time, its targets as a whole for metrics.
        metrics : iterable of callables
            Each takes the targets and the predictions, both ``(n, n_outputs)``.
        """
        from neurosim.learning.metrics import evaluate

        return evaluate(self, X, Y, metrics)

    # -- façades: one line each -----------------------------------------------------------------

    def scale(self, inputs: Any = None, outputs: Any = None) -> None:
        """Attach scalers, so that every method takes and gives numbers in the person's units.

        `fit` fits a scaler that is not fitted yet, to its training data alone. From then on X and
        Y are scaled where they come in, and predictions come back through the inverse. The loss
        is that of the scaled targets; metrics are those of the person's units. Neurons, traces
        and drawings show the scaled numbers that they compute with.

        Parameters
        ----------
        inputs, outputs : Scaler, optional
            Such as ``ns.Standardizer()``; None leaves what is attached.

        Examples
        --------
        >>> import neurosim as ns
        >>> net = ns.Network([ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[1.0]])])
        >>> net.scale(inputs=ns.MinMaxScaler().fit([[0.0], [200.0]]))
        >>> net.predict([150.0])
        array([0.75])
        """
        from neurosim.learning.preprocessing import attach

        attach(self, inputs, outputs)

    def fit(
        self,
        X: Any,
        Y: Any = None,
        *,
        optimizer: Any,
        epochs: int = 1,
        batch_size: int | None = None,
        shuffle: bool = True,
        validation: Any = None,
        callbacks: Callback | Iterable[Any] = (),
        metrics: Iterable[Any] = (),
        sample_weights: Any = None,
        class_weights: dict[int, float] | None = None,
        history: History | None = None,
        engine: str = "auto",
        rng: Any = None,
        progress: bool = False,
    ) -> History:
        """Train; `neurosim.learning.training.fit` documents every argument.

        Parameters
        ----------
        X, Y : (n, n_inputs) and (n, n_outputs) arrays, also `numpy.memmap`s; or X is a function
            that returns an iterator of batches (X, Y), and Y is left out
        optimizer : such as ``ns.SGD(0.1)``, ``ns.Adam(0.001)`` or ``ns.PerceptronRule()``
        epochs : how often every sample is visited
        batch_size : samples per update; None is one full batch, never permuted
        shuffle : whether batches are drawn in a new order every epoch
        validation : ``(X, Y)``, or the share of the samples that is split off
        callbacks, metrics : what looks on, and what is recorded, after every epoch
        sample_weights, class_weights : how much samples and classes count
        history : that of an earlier training, to go on with
        engine : ``"auto"``, ``"graph"``, ``"vectorized"`` or ``"compiled"``: all the same numbers
        rng : a seed or generator for shuffles, splits and dropout; None is the network's own
        progress : whether a progress bar is shown

        Returns
        -------
        History

        Raises
        ------
        DivergedError
            A loss or parameter stopped being finite.
        """
        from neurosim.learning.training import fit

        return fit(
            self,
            X,
            Y,
            optimizer=optimizer,
            epochs=epochs,
            batch_size=batch_size,
            shuffle=shuffle,
            validation=validation,
            callbacks=callbacks,
            metrics=metrics,
            sample_weights=sample_weights,
            class_weights=class_weights,
            history=history,
            engine=engine,
            rng=rng,
            progress=progress,
        )

    def replace_output(self, layer: Layer, loss: Loss | None = None) -> Network:
        """Return a new network with another output layer, to be trained for another task.

        Everything else is kept: weights and biases, what is frozen or tied, labels, the scaler of
        the inputs, regularizers, and copies of the random streams, which new weights are drawn
        from. The scaler of the outputs goes with the old outputs. This network stays as it is.

        Parameters
        ----------
        layer : Layer
            A recipe. It reads what the old outputs read.
        loss : Loss, optional
            That of this network where none is given.

        Returns
        -------
        Network

        Raises
        ------
        WiringError
            An old output feeds other neurons.

        Examples
        --------
        >>> import neurosim as ns
        >>> net = ns.Network.layered([2, 4, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
        >>> other = net.replace_output(ns.Layer(3, ns.SoftmaxNeuron), ns.CategoricalCrossEntropy())
        >>> other
        Network(2-4-3, 27 parameters, CategoricalCrossEntropy())
        >>> other.freeze("hidden1")
        >>> bool((other.layers[1].weights == net.layers[1].weights).all())
        True
        """
        from neurosim.fine_tuning import replace_output

        return replace_output(self, layer, loss)

    def trace(
        self,
        x: Any,
        y: Any,
        optimizer: Any = None,
        *,
        training: bool = False,
        by: str | None = None,
        watch: Iterable[Any] | None = None,
        per_sample: bool = False,
    ) -> Trace:
        """Record one learning step, number by number; see `neurosim.tracing`.

        Parameters
        ----------
        x, y : one sample or a batch, and its targets; y = None records the forward pass alone
        optimizer : whose update is shown, such as ``ns.SGD(0.1)``; none without it
        training : whether dropout and batch statistics are at work, as in `fit`
        by : ``"layer"`` for whole layers rather than every neuron and edge
        watch : the edges, neurons, layers and ``"loss"`` to record; everything without it
        per_sample : whether deltas leave the 1/n of the mean out, as some books do

        Returns
        -------
        Trace
            To print, to walk through, to check work against, or to save: ``.html`` is a page to
            play. The network, the optimizer and the random streams stay as they are.
        """
        from neurosim.tracing import record

        return record(
            self, x, y, optimizer, training=training, by=by, watch=watch, per_sample=per_sample
        )

    def draw(self, path: Any = None, *, ax: Any = None, **options: Any) -> Any:
        """Draw the network, with the numbers of the last pass while they are current.

        Parameters
        ----------
        path : a ``.png``, ``.pdf``, ``.svg``, ``.tex``, ``.dot`` or ``.gv`` file to write, optional
        ax : matplotlib Axes to draw into, optional
        **options : ``show``, ``style``, ``direction``, ``highlight``, ``title`` and more; see
            `neurosim.drawing.draw_network`

        Returns
        -------
        matplotlib.axes.Axes
        """
        from neurosim.drawing import draw_network

        return draw_network(self, path, ax=ax, **options)

    def _repr_svg_(self) -> str | None:
        """Return what notebooks show: the drawing, or None where it would be too large."""
        from neurosim.drawing.network import network_svg

        return network_svg(self)

    def save(self, path: Any) -> None:
        """Write the network to a ``.json`` or ``.npz`` file; see `neurosim.storage`."""
        from neurosim.storage import save

        save(self, path)

    def summary(self) -> str:
        """Return a table of the layers, their shapes and parameter counts, to print."""
        from neurosim.summary import summary

        return summary(self)

    def __repr__(self) -> str:
        wiring = self.wiring
        if wiring.sizes is not None:
            shape = "-".join(str(size) for size in wiring.sizes)
        else:
            shape = f"{counted(wiring.n_neurons, 'neuron')}, {counted(wiring.n_edges, 'edge')}"
        return f"Network({shape}, {wiring.n_parameters} parameters, {self.loss!r})"


def _checked_dtype(dtype: Any) -> Any:
    try:
        known = np.dtype(dtype)
    except TypeError:
        known = None
    # NumPy finds None equal to float64.
    if dtype is None or known is None or known not in (np.dtype("float64"), np.dtype("float32")):
        raise ArgumentError(f'Network: dtype must be "float64" or "float32"; got {short(dtype)}.')
    return known
