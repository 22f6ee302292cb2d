"""Exercises: a person's own numbers checked, and sheets with blanks to fill in.

======================  =========================================================================
answers, arrays,        the numbers handed in: by subject, as arrays of gradients; how exactly a
digits                  number was meant
textbook                the learning step, computed so that one line of it can be done wrong
mistakes                the known mistakes, each that step with one line done wrong
diagnosis               which of them gives a number
checking, report        `check_work` and what it found
worksheet, sheets       `worksheet`: the equations of a step with blanks, in three forms
arithmetic              the arithmetic that gives a number
======================  =========================================================================
"""

from neurosim.tracing.exercises.checking import check_trace, check_work
from neurosim.tracing.exercises.mistakes import MISTAKES
from neurosim.tracing.exercises.report import CheckedAnswer, WorkReport
from neurosim.tracing.exercises.worksheet import Blank, Worksheet, worksheet

__all__ = [
    "MISTAKES",
    "Blank",
    "CheckedAnswer",
    "WorkReport",
    "Worksheet",
    "check_trace",
    "check_work",
    "worksheet",
]
