"""From plain functions to machine code.

A function is compiled as `neurosim.functions.bind` binds one: the same code object with other
things under its global names - compiled functions instead of plain ones, and numbers of the wanted
type instead of Python's. What was compiled is kept, see `neurosim.engines.compiled.folder`.
"""

from __future__ import annotations

import logging
import time
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosim.engines.compiled import arrays, mathematics, sums
from neurosim.engines.compiled.folder import cache_folder, fingerprint, kept_under, sources

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import CodeType

__all__ = ["Compiler", "compiler_for", "running"]

LOG = logging.getLogger("neurosim")

_OURS = __name__.rpartition(".")[0]
# These are put into their callers before those are compiled: as functions of their own, with all
# that they call, they would be compiled again and again.
_ONCE = ("visit", "work", "part", "end", "forward", "backward")
_TRAVERSAL = tuple(f"{_OURS}.{name}" for name in ("kernel", "epochs", "team"))
# a * b + c may be rounded once instead of twice; in a few functions sums may be reordered. NaN and
# infinity stay what they are.
_FUSED, _REORDERED = {"contract"}, {"contract", "reassoc"}


_RUNNING: dict[str, Compiler] = {}


def compiler_for(dtype: str) -> Compiler:
    """Return the compiler of a dtype, one for the whole process."""
    if dtype not in _RUNNING:
        _RUNNING[dtype] = Compiler(dtype)
    return _RUNNING[dtype]


def running(dtype: str) -> bool:
    """Whether something of a dtype has been compiled or loaded in this process."""
    return dtype in _RUNNING


class Compiler:
    """Compiles functions for one type of number.

    Attributes
    ----------
    seconds : float
        What compiling, and loading what was compiled before, has taken in this process.
    """

    def __init__(self, dtype: str) -> None:
        import numba

        from neurosim.engines.compiled import intrinsics, vectors

        self.numba, self.dtype = numba, np.dtype(dtype)
        self.type = numba.from_dtype(self.dtype)
        self.seconds = 0.0
        self.fixed = {
            **mathematics.constants(dtype),
            "ZERO": self.dtype.type(0),
            "carray": getattr(numba, "carray"),  # noqa: B009
            **{name: getattr(intrinsics, name) for name in intrinsics.__all__},
            **{name: getattr(vectors, name) for name in vectors.__all__},
        }
        self.callbacks: dict[Any, Any] = {}
        self._inner: dict[Any, Any] = {}
        self._outer: dict[Any, Any] = {}

    def tell(self) -> None:
        """Tell, once per process and dtype, how long it took to get ready: to the logger."""
        LOG.info(
            "The compiled engine took %.1f s to get ready for %s; what it compiled is kept in %s.",
            self.seconds,
            self.dtype,
            cache_folder(),
        )

    def function(self, function: Any, signature: Any = None) -> Any:
        """Return a function compiled to be called from Python."""
        return self._compiled(self.numba.njit, function, signature, {}, nogil=True, _nrt=False)

    def callback(self, function: Any, signature: Any, names: Mapping[str, Any]) -> Any:
        """Return a function compiled to be called by its address, with these global names."""
        return self._compiled(self.numba.cfunc, function, signature, names)

    def signature(self, wide: bool) -> Any:
        """Return that of a loop over a table; with `wide`, its constants are float64."""
        types = self.numba.types
        pointer = types.CPointer(self.type)
        constants = types.CPointer(types.float64) if wide else pointer
        return types.void(*[pointer] * 3, constants, *[types.int64] * 3)

    def formula(self, formula: Any, *, coupled: bool = False) -> Any:
        """Return a formula of numbers, or of tables of coupled ones, for others to call."""
        return self._function(formula, arrays.COUPLED if coupled else mathematics.SCALAR)

    def _compiled(
        self,
        decorator: Any,
        function: Any,
        signature: Any,
        names: Mapping[str, Any],
        **options: Any,
    ) -> Any:
        start = time.perf_counter()
        bound = self._bound(function, mathematics.SCALAR, names)
        key = fingerprint(bound, self.numba.__version__, signature, sources())
        if key not in self._outer:
            options |= {"error_model": "numpy", "fastmath": _FUSED}
            kept = kept_under(bound, key)
            try:
                made = decorator(signature, cache=kept is not bound, **options)(kept)
            except (OSError, RuntimeError, ImportError):
                # A folder that cannot be read or written is no reason not to compute.
                made = decorator(signature, **options)(bound)
            self._outer[key] = made
            seconds = time.perf_counter() - start
            self.seconds += seconds
            LOG.debug("compiled or loaded %s in %.2f s", function.__qualname__, seconds)
        return self._outer[key]

    def _function(self, function: Any, mathematical: Mapping[str, Any]) -> Any:
        key = function, mathematical is arrays.COUPLED
        if key not in self._inner:
            # A function that calls itself is met again while it is bound.
            self._inner[key] = function
            bound = self._bound(function, mathematical, {})
            flags = _REORDERED if function in sums.REORDERED else _FUSED
            how: dict[str, Any] = {"forceinline": True}
            if function.__module__.startswith(_TRAVERSAL):
                # It makes no arrays: nobody need count who holds one.
                how["_nrt"] = False
            if function.__name__ in _ONCE:
                how = {"inline": "always", "_nrt": False}
            made: Any = self.numba.njit(error_model="numpy", fastmath=flags, **how)(bound)
            made.bound = bound
            self._inner[key] = made
        return self._inner[key]

    def _bound(self, function: Any, mathematical: Mapping[str, Any], names: Any) -> Any:
        """Return the function with everything that it calls compiled, and its numbers typed."""
        code = self._typed(function.__code__)
        # Numba looks up the module by name when it loads what was kept; a person's may be gone.
        own = {**function.__globals__, "__name__": __name__}
        ours = str(function.__module__).startswith(_OURS)
        for name in code.co_names:
            if name in names:
                own[name] = names[name]
            elif ours and name in self.fixed:
                own[name] = self._called(self.fixed[name], mathematics.SCALAR)
            elif name in own:
                own[name] = self._called(own[name], mathematical)
        return FunctionType(
            code, own, function.__name__, function.__defaults__, function.__closure__
        )

    def _called(self, value: Any, mathematical: Mapping[str, Any]) -> Any:
        if type(value) is float:
            return self.dtype.type(value)
        if isinstance(value, ModuleType) and value.__name__ in ("neurosim", "neurosim.functions"):
            return self._module(value.__name__, mathematical)
        if not isinstance(value, FunctionType) or value.__module__.startswith(("numba", "numpy")):
            # Of these Numba knows its own forms.
            return value
        if value.__module__ == "neurosim.functions":
            value = mathematical.get(value.__name__, value)
        return self._function(value, mathematical) if isinstance(value, FunctionType) else value

    def _module(self, name: str, mathematical: Mapping[str, Any]) -> Any:
        """Return what a formula finds behind ``ns.`` or ``ns.functions.``."""
        module = ModuleType(name)
        if name == "neurosim":
            module.functions = self._module("neurosim.functions", mathematical)  # type: ignore[attr-defined]
            return module
        for own, function in mathematical.items():
            setattr(module, own, self._called(function, mathematical))
        return module

    def _typed(self, code: CodeType) -> CodeType:
        """Return the code with its numbers such as 0.5 of the compiler's type."""
        if self.dtype == np.float64:
            return code
        number = self.dtype.type
        return code.replace(
            co_consts=tuple(number(c) if type(c) is float else c for c in code.co_consts)
        )
