"""micrograd: every number an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from micrograd.nn import MLP

if TYPE_CHECKING:
    from benchmarks.work import Layered


def layered(work: Layered) -> Any:
    """Return ``run(steps)``: one sample forward, backward and its update."""
    sizes = [len(work.weights[0]), *(W.shape[1] for W in work.weights)]
    model = MLP(sizes[0], sizes[1:])
    x, y = work.X[0].tolist(), work.Y[0].tolist()

    def run(steps: int) -> None:
        for _ in range(steps):
            out = model(x)
            out = out if isinstance(out, list) else [out]
            loss = sum((a - b) ** 2 for a, b in zip(out, y, strict=True))
            model.zero_grad()
            loss.backward()
            for parameter in model.parameters():
                parameter.data -= work.rate * parameter.grad

    return run
