"""The losses that the scenario about learning rates descends, each that of a small network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

import neurosim as ns
from scenarios.descent import Way, descend

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CLIFF", "bowl", "cliff", "cliff_loss", "curvature_limits", "models", "round_bowl"]

START = -6.0
CLIFF = {"steepness": 20.0, "height": 3.0}


def bowl(rate: float, updates: int) -> Way:
    """Descend J = w^2 from w = -6: one linear neuron without bias, input 1, target 0."""
    net = ns.Network([ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[START]])])
    net.freeze(weights=False)
    return descend(net, [[1.0]], [[0.0]], ns.SGD(rate), epochs=updates)


def round_bowl(rate: float, updates: int) -> Way:
    """Descend J = x^2 + y^2 from (-6, 4): two linear neurons that read an input of 1."""
    net = ns.Network([ns.InputLayer(1), ns.Layer(2, ns.LinearNeuron, weights=[[START, 4.0]])])
    net.freeze(weights=False)
    return descend(net, [[1.0]], [[0.0, 0.0]], ns.SGD(rate), epochs=updates)


def cliff(rate: float, updates: int) -> Way:
    """Descend J = (w - 1)^2 + (height s(steepness w))^2 from w = -6."""
    graph = nx.DiGraph()
    graph.add_node("gentle", neuron=ns.LinearNeuron)
    graph.add_node("steep", neuron=ns.SigmoidNeuron)
    graph.add_node("wall", neuron=ns.LinearNeuron)
    graph.add_edge("near", "gentle", weight=START, tied="w")
    graph.add_edge("far", "steep", weight=START, tied="w")
    graph.add_edge("steep", "wall", weight=CLIFF["height"], frozen=True)
    net = ns.Network.from_graph(graph, inputs=["near", "far"], outputs=["gentle", "wall"])
    net.freeze(weights=False)
    way = descend(net, [[1.0, CLIFF["steepness"]]], [[1.0, 0.0]], ns.SGD(rate), epochs=updates)
    # The entry of the parameters that holds the shared weight.
    slot = int(np.flatnonzero(way.parameters[0] == START)[0])
    return Way(way.parameters[:, [slot]], way.losses, way.diverged_at)


def cliff_loss(w: Any) -> Any:
    """Return J of the cliff at some weights, for drawing it."""
    wall = CLIFF["height"] / (1.0 + np.exp(-CLIFF["steepness"] * w))
    return (w - 1.0) ** 2 + wall**2


def models() -> dict[str, Callable[[float, int], float | None]]:
    """Return, by name, what trains on the dating survey at a rate and returns its last loss."""
    return {
        "linear, income in hundreds": lambda rate, epochs: _loss([2, 1], False, rate, epochs),
        "linear, standardized": lambda rate, epochs: _loss([2, 1], True, rate, epochs),
        "2-5-1 ReLU, standardized": lambda rate, epochs: _loss([2, 5, 1], True, rate, epochs),
    }


def curvature_limits() -> dict[str, float]:
    """Return, for the linear models, 2 / the largest curvature: rates above it swing out."""
    X, _ = _survey()
    return {
        "linear, income in hundreds": _limit(X),
        "linear, standardized": _limit(ns.Standardizer().fit(X).transform(X)),
    }


def _limit(X: Any) -> float:
    # J = mean of (x w + b - y)^2 has the second derivatives 2/n (x, 1)^T (x, 1).
    design = np.column_stack([X, np.ones(len(X))])
    return float(2.0 / np.linalg.eigvalsh(2.0 * design.T @ design / len(X))[-1])


def _survey() -> tuple[Any, Any]:
    return ns.datasets.survey(100, noise=0.15, income_unit=100, rng=1)


def _loss(sizes: list[int], scaled: bool, rate: float, epochs: int) -> float | None:
    """Return the mean squared error in dates, or None where training diverged."""
    X, Y = _survey()
    net = ns.Network.layered(sizes, hidden=ns.ReLUNeuron, output=ns.LinearNeuron, rng=1)
    if scaled:
        net.scale(inputs=ns.Standardizer(), outputs=ns.Standardizer())
    try:
        losses = net.fit(X, Y, optimizer=ns.SGD(rate), epochs=epochs).loss
    except ns.DivergedError:
        return None
    # What ends above its start has diverged, too, and would overflow in time.
    return ns.mean_squared_error(Y, net.predict(X)) if losses[-1] <= losses[0] else None
