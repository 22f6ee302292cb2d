"""PyTorch: modules, autograd, the fused Adam."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

if TYPE_CHECKING:
    from benchmarks.work import Graph, Layered


def _module(work: Layered) -> nn.Module:
    kind = torch.float64 if work.dtype == "float64" else torch.float32
    layers: list[nn.Module] = []
    for k, (W, b) in enumerate(zip(work.weights, work.biases, strict=True)):
        linear = nn.Linear(*W.shape, dtype=kind)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(W.T.copy()))
            linear.bias.copy_(torch.from_numpy(b.copy()))
        layers += [linear, nn.ReLU()] if k < len(work.weights) - 1 else [linear]
    return nn.Sequential(*layers)


def layered(work: Layered) -> Any:
    """Return ``run(steps)``: an ordinary training loop."""
    model = _module(work)
    optimizer = (
        torch.optim.Adam(model.parameters(), lr=work.rate, fused=True)
        if work.adam
        else torch.optim.SGD(model.parameters(), lr=work.rate, fused=True)
    )
    X = torch.from_numpy(work.X)
    Y = torch.from_numpy(work.Y.argmax(axis=1) if work.softmax else work.Y)
    loss_of = nn.CrossEntropyLoss() if work.softmax else nn.MSELoss()
    batches = list(zip(X.split(work.batch), Y.split(work.batch), strict=True))

    def run(steps: int) -> None:
        for step in range(steps):
            x, y = batches[step % len(batches)]
            optimizer.zero_grad()
            loss_of(model(x), y).backward()
            optimizer.step()

    return run


def gather(work: Graph) -> Any:
    """Return ``run(steps)``: a level at a time, by gathering and adding up."""
    weights = torch.from_numpy(work.weights.copy()).requires_grad_()
    biases = torch.from_numpy(work.biases.copy()).requires_grad_()
    X, Y = torch.from_numpy(work.X.T.copy()), torch.from_numpy(work.Y.T.copy())
    levels = [
        tuple(torch.from_numpy(part) for part in (level.sources, level.targets, level.edges))
        for level in work.levels
    ]
    optimizer = torch.optim.SGD([weights, biases], lr=work.rate, fused=True)

    def run(steps: int) -> None:
        for _ in range(steps):
            optimizer.zero_grad()
            table = X
            for (sources, targets, edges), level in zip(levels, work.levels, strict=True):
                terms = table[sources] * weights[edges, None]
                begin = level.first - len(X)
                z = biases[begin : begin + level.size, None].expand(-1, X.shape[1])
                z = z.index_add(0, targets, terms)
                table = torch.cat([table, z if level is work.levels[-1] else torch.relu(z)])
            out = table[-work.n_outputs :]
            (((out - Y) ** 2).sum() / X.shape[1]).backward()
            optimizer.step()

    return run


def masked(work: Graph) -> Any:
    """Return ``run(steps)``: a dense matrix for every level, times a mask."""
    X, Y = torch.from_numpy(work.X), torch.from_numpy(work.Y)
    matrices, masks, biases = [], [], []
    for level in work.levels:
        W = torch.zeros(level.first, level.size)
        W[level.sources, level.targets] = torch.from_numpy(work.weights[level.edges])
        matrices.append(W.requires_grad_())
        masks.append((W != 0).float())
        begin = level.first - work.X.shape[1]
        bias = torch.from_numpy(work.biases[begin : begin + level.size].copy())
        biases.append(bias.requires_grad_())
    optimizer = torch.optim.SGD([*matrices, *biases], lr=work.rate, fused=True)

    def run(steps: int) -> None:
        for _ in range(steps):
            optimizer.zero_grad()
            table = X
            for k, (W, mask, bias) in enumerate(zip(matrices, masks, biases, strict=True)):
                z = torch.addmm(bias, table, W * mask)
                table = torch.cat([table, z if k == len(masks) - 1 else torch.relu(z)], dim=1)
            out = table[:, -work.n_outputs :]
            (((out - Y) ** 2).sum() / len(X)).backward()
            optimizer.step()

    return run
