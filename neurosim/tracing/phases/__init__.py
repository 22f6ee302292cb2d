"""The kinds of step, one file each: which steps there are, and the equation of each.

A phase is a function ``steps(snapshot)`` that yields its steps in the order of computation.
"""
