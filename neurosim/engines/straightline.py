"""Passes of one sample as straight-line programs: the graph engine's loops, written out.

For one sample the loops of `TraversalEngine` spend most of their time on the loops themselves. A
small network that is passed again and again gets them as two Python functions without any loop,
made for its wiring::

    z2 = 0.0 + p[0] * a0 + p[1] * a1 + p[2]
    t0 = z2 if z2 >= (0.0) or z2 != z2 else (0.0)
    a2 = t0 + 0.0

They do what the traversal does, number by number in the same order, and so give the same bits.
Whatever is not plain is left to the traversal, which is the specification, and says what is wrong:
scalers, dropout, normalization, float32, samples that are no finite floats, and numbers too large.
Traces and gradient checks ask the traversal in any case.
"""

from __future__ import annotations

import math
import struct
from functools import cached_property
from typing import TYPE_CHECKING, Any, final

import numpy as np

from neurosim.engines.passes import NO_ANSWER, Pass
from neurosim.engines.written import backward_source, forward_source
from neurosim.losses import Loss

if TYPE_CHECKING:
    from collections.abc import Callable

    from neurosim.engines.traversal import TraversalEngine

__all__ = ["StraightLine"]

# Writing out and compiling takes as long as it saves in so many passes: 2 ms of 18 us for 81
# parameters, 17 ms of 75 us for 2410.
AFTER = 200
# Networks with more parameters are left to the loops.
LARGEST = 4000
# Fewer numbers than this are looked at by Python.
_FEW = 300
_FLOATS = {float}


@final
class StraightLine:
    """Passes of one sample, for one wiring, once `AFTER` of them have been made by the loops.

    Parameters
    ----------
    engine : TraversalEngine
        Whose loops are written out.

    Attributes
    ----------
    passes : int
        How many passes the loops have made that this could have made.
    """

    def __init__(self, engine: TraversalEngine) -> None:
        network = engine.network
        n_parameters = network.wiring.n_parameters
        self.engine, self.network = engine, network
        self.passes = 0
        self._n_inputs, self._n_outputs = len(engine.inputs), len(engine.outputs)
        self._serves = (
            network.dtype == np.float64
            and n_parameters <= LARGEST
            and not any(engine.normalizations)
        )
        # Most losses take any targets.
        self._any_targets = type(network.loss).check_targets is Loss.check_targets
        # It takes a third of the time of an assignment to a slice.
        self._write = struct.Struct(f"{n_parameters}d").pack_into

    @cached_property
    def _forward(self) -> Callable[..., Any]:
        return forward_source(self.engine).function("forward")

    @cached_property
    def _backward(self) -> Callable[..., Any]:
        return backward_source(self.engine).function("backward")

    def _sample(self, values: Any, n: int) -> list[float] | None:
        """Return one sample of n finite floats as a list; None where the traversal must look."""
        network = self.network
        if not (self._serves and network.input_scaler is None and network.output_scaler is None):
            return None
        if type(values) is np.ndarray and values.ndim == 1 and values.dtype == np.float64:
            values = values.tolist()
        if type(values) is not list or len(values) != n or set(map(type, values)) != _FLOATS:
            return None
        return values if math.isfinite(sum(values)) else None

    def forward(self, X: Any) -> Pass | None:
        """Return the forward pass of one sample, or None where the traversal must make it."""
        x = self._sample(X, self._n_inputs)
        if x is None:
            return None
        if self.passes < AFTER:
            self.passes += 1
            return None
        parameters = self.network.parameters
        p = parameters.tolist()
        if not (math.isfinite(sum(p)) if len(p) <= _FEW else np.isfinite(parameters).all()):
            return None
        try:
            z, a = self._forward(p, x)
        except NO_ANSWER:
            return None
        return Pass.of_one(z, a, parameters.tobytes(), p)

    def backward(self, run: Pass, Y: Any) -> bool:
        """Fill the loss and deltas of a pass, and the gradient; False where nothing was done."""
        if self.passes < AFTER or run.masks or not (run.single and self.engine.has_derivatives):
            return False
        y = self._sample(Y, self._n_outputs)
        if y is None:
            return False
        if not self._any_targets:
            self.network.loss.check_targets(np.array([y]))
        p = self.network.parameters.tolist() if run.parameters is None else run.parameters
        try:
            loss, delta, gradient = self._backward(p, y, run.z, run.activation)
            self.engine.complete(run, y, loss, delta, 0.0)
        except NO_ANSWER:
            return False
        self._write(self.network.gradient, 0, *gradient)
        return True
