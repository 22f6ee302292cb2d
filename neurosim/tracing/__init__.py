"""Tracing: every number of one learning step, recorded once, with the equation it came from.

======================  =========================================================================
steps                   `Step`: a number, its equation in symbols and in numbers, its explanation
recorder                `record`: one pass of the graph engine, kept; nothing in the network moves
snapshot                all numbers of that pass
expression, operands    arithmetic that writes itself down
formulas                the formulas of kinds and losses as such arithmetic
phases                  forward, loss, delta, gradient, update: which steps, and their equations
trace                   `Trace`: the steps as a sequence
render                  text and JSON, consumers of the steps
======================  =========================================================================
"""

from neurosim.tracing.recorder import record
from neurosim.tracing.steps import Step
from neurosim.tracing.trace import Trace

__all__ = ["Step", "Trace", "record"]
