"""The compiled engine: machine code made of the same definitions, with numba."""

from neurosim.engines.compiled.engine import CompiledEngine

__all__ = ["CompiledEngine"]
