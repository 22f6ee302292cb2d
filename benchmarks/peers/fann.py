"""FANN, the Fast Artificial Neural Network library, in C: batch training."""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

if TYPE_CHECKING:
    from benchmarks.work import Layered

_NAME = ctypes.util.find_library("doublefann")
if _NAME is None:
    raise ImportError("libdoublefann")


class _Data(ctypes.Structure):
    """``struct fann_train_data``, as far as it is needed here."""

    _fields_: ClassVar[list[Any]] = [
        ("error", ctypes.c_int),
        ("log", ctypes.c_void_p),
        ("message", ctypes.c_char_p),
        ("n", ctypes.c_uint),
        ("inputs", ctypes.c_uint),
        ("outputs", ctypes.c_uint),
        ("X", ctypes.POINTER(ctypes.POINTER(ctypes.c_double))),
        ("Y", ctypes.POINTER(ctypes.POINTER(ctypes.c_double))),
    ]


_FANN = ctypes.CDLL(_NAME)
_FANN.fann_create_standard_array.restype = ctypes.c_void_p
_FANN.fann_create_train.restype = ctypes.POINTER(_Data)
_FANN.fann_train_epoch.restype = ctypes.c_float

_BATCH, _LINEAR, _LINEAR_PIECE = 1, 0, 13
"""Batch gradient descent; the linear and the bounded linear neuron, its cheapest with a bend."""


def layered(work: Layered) -> Any:
    """Return ``run(steps)``: full-batch epochs."""
    sizes = [len(work.weights[0]), *(W.shape[1] for W in work.weights)]
    network = ctypes.c_void_p(
        _FANN.fann_create_standard_array(len(sizes), (ctypes.c_uint * len(sizes))(*sizes))
    )
    _FANN.fann_set_training_algorithm(network, _BATCH)
    _FANN.fann_set_learning_rate(network, ctypes.c_float(work.rate))
    _FANN.fann_set_activation_function_hidden(network, _LINEAR_PIECE)
    _FANN.fann_set_activation_function_output(network, _LINEAR)
    data = _data(work)

    def run(steps: int) -> None:
        for _ in range(steps):
            _FANN.fann_train_epoch(network, data)

    return run


def _data(work: Layered) -> Any:
    n, inputs, outputs = len(work.X), work.X.shape[1], work.Y.shape[1]
    data = _FANN.fann_create_train(n, inputs, outputs)
    for k in range(n):
        np.ctypeslib.as_array(data.contents.X[k], (inputs,))[:] = work.X[k]
        np.ctypeslib.as_array(data.contents.Y[k], (outputs,))[:] = work.Y[k]
    return data
