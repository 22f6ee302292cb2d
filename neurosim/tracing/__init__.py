"""Tracing: every number of one learning step, recorded once, with the equation it came from.

======================  =========================================================================
steps                   `Step`: a number, its equation in symbols and in numbers, its explanation
recorder, watch         `record`: one learning step, or what of it is watched
recording, snapshot     the network as it was, X, Y and the optimizer; all numbers of the step
expression, operands    arithmetic that writes itself down
symbols, equation       what numbers are called, by label or as in a book; equations taken apart
formulas                the formulas of kinds and losses as such arithmetic
phases                  forward, loss, delta, gradient, update: which steps, and their equations
trace                   `Trace`: the steps as a sequence
groups, walk            the steps by term, neuron or layer, to go through forwards and back
contributions           what each sample of a batch adds to a gradient
paths                   a gradient as the sum over all paths to the loss; derivatives: their links,
                        origins: where they begin, largest: how they are found
training                `trace_training`: many steps; course computes one again, histories keep all
player                  a trace as a page to play, which works by itself
render, stored          text and JSON, consumers of the steps; a recording as plain data
======================  =========================================================================
"""

from neurosim.tracing.recorder import record
from neurosim.tracing.steps import Step
from neurosim.tracing.trace import Trace
from neurosim.tracing.training import TrainingTrace, trace_training

__all__ = ["Step", "Trace", "TrainingTrace", "record", "trace_training"]
