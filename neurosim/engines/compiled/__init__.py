"""The compiled engine: machine code made of the same definitions, with numba.

* `program` turns a wiring into arrays; `kernel` is the traversal over them, some samples at a time,
  and `epochs` goes from batch to batch. They are plain functions, compiled once for all networks.
* `vectors` and `sums` hold the loops in which the time goes, `mathematics` and `arrays` the
  functions that formulas are written in, `intrinsics` what Python cannot say.
* `team`: threads that compute shares of a batch, where that pays; the numbers are the same twice.
* `formulas` compiles every kind, loss, penalty and optimizer by itself, from its one definition;
  the kernel calls it by its address.
* `compiler` compiles; `folder` says where it is kept: ``$NEUROSIM_CACHE``, or the system's usual
  place. The first time takes some 10 seconds, from then on a process loads it in about one. The
  logger ``neurosim`` is told (``logging.basicConfig(level="INFO")`` shows it), and so is
  `Network.plan`.
"""

from neurosim.engines.compiled.engine import CompiledEngine

__all__ = ["CompiledEngine"]
