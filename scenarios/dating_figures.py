"""The figures of the dating scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import LogNorm

from scenarios.dating_data import EDUCATION, INCOMES, domain, people_of_22_years, true_dates
from scenarios.dating_linear import UNIT, start, weight_ratio
from scenarios.plots import BLACK, BLUE, GRAY, GREEN, ORANGE, PURPLE, RED, SKY, sheet

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from scenarios.dating_networks import Learned, Run

    Floats = NDArray[np.float64]

__all__ = [
    "draw_contours",
    "draw_curves",
    "draw_divergence",
    "draw_losses",
    "draw_network",
    "draw_planes",
    "draw_surfaces",
]

TITLES = {"units": "income in units: a valley", "hundreds": "income in hundreds: a bowl"}
TRUE_INCOME = {"units": 0.003, "hundreds": 0.3}


# -- the loss of the linear model -------------------------------------------------------------


def _loss_around_truth(unit: str, reach: float) -> tuple[Floats, Floats, Floats]:
    """Return both weights and the loss at b = 2, at most `reach` from the true weights."""
    _, X, Y = start(unit)
    w1, w2 = np.meshgrid(
        0.8 + np.linspace(-reach, reach, 121), TRUE_INCOME[unit] + np.linspace(-reach, reach, 121)
    )
    answers = w1[..., np.newaxis] * X[:, 0] + w2[..., np.newaxis] * X[:, 1] + 2.0
    return w1, w2, np.mean((answers - Y[:, 0]) ** 2, axis=-1)


def draw_surfaces(path: Path) -> Path:
    """Draw the loss over both weights, in three dimensions, for raw and for scaled income."""
    options: dict[str, Any] = {"subplot_kw": {"projection": "3d"}}
    with sheet(path, 1, 2, size=(13, 6), layout="tight", **options) as axes:
        for ax, unit in zip(axes, UNIT, strict=True):
            w1, w2, loss = _loss_around_truth(unit, 1.0)
            size, word = (1e6, "million") if unit == "units" else (1e3, "thousand")
            ax.plot_surface(w1, w2, loss / size, cmap="viridis", rcount=61, ccount=61, linewidth=0)
            ax.view_init(elev=30, azim=-58)
            ax.set_title(_title(unit), y=0.98)
            ax.set_xlabel("weight of education", labelpad=12)
            ax.set_ylabel("weight of income", labelpad=16)
            ax.set_zlabel(f"loss ({word} dates²)", labelpad=6)
            ax.locator_params(nbins=5)
            ax.set_box_aspect((1, 1, 0.8), zoom=0.92)
    return path


def _title(unit: str) -> str:
    """Say how much more curved the loss of the two weights is across than along, at b = 2."""
    return f"{TITLES[unit]} (at b = 2: curvatures {weight_ratio(unit):,.0f} : 1)"


def draw_contours(path: Path, linear: dict[str, Any]) -> Path:
    """Draw the same losses from above, with the ways that gradient descent took."""
    with sheet(path, 1, 2, size=(13, 5.8)) as axes:
        for ax, unit in zip(axes, UNIT, strict=True):
            w1, w2, loss = _loss_around_truth(unit, 1.0)
            # Every line is four times as high as the next one inside.
            levels = loss.max() / 4.0 ** np.arange(8, -1, -1)
            ax.contourf(w1, w2, loss, levels=levels, norm=LogNorm(), cmap="Blues_r", extend="min")
            ax.plot(0.8, TRUE_INCOME[unit], "*", color=BLACK, markersize=17, label="the truth")
            ax.set(xlabel="weight of education", ylabel="weight of income", title=_title(unit))
        _ways(axes[0], axes[1], linear)
        for ax in axes:
            ax.legend(loc="lower right", frameon=True, framealpha=0.9)
    return path


def _ways(valley: Any, bowl: Any, linear: dict[str, Any]) -> None:
    raw = linear["raw"]
    _way(valley, raw["1e-07"]["seen"], "rate 1e-7: out of the valley", RED, "s--")
    _way(valley, raw["1e-08"]["seen"], "rate 1e-8: in, and stuck", ORANGE, "o-")
    _way(bowl, linear["scaled"]["seen"], "rate 1e-4: to the bottom", ORANGE, "o-")
    # Steps that lead outside are cut off, so that the frame stays that of the surface.
    valley.set(xlim=(-0.2, 1.8), ylim=(-0.997, 1.003))
    bowl.set(xlim=(-0.2, 1.8), ylim=(-0.7, 1.3))


def _way(ax: Any, seen: dict[int, Any], label: str, color: str, mark: str) -> None:
    w = np.array([s["w"] for s in seen.values()])
    w = w[np.abs(w).max(axis=1) < 20]
    look = {"color": color, "markeredgecolor": BLACK, "markersize": 7}
    ax.plot(w[:, 0], w[:, 1], mark, label=label, **look)
    ax.annotate("start", w[0], (-8, 6), textcoords="offset points", ha="right")


def draw_divergence(path: Path, linear: dict[str, Any]) -> Path:
    """Draw the losses that overflow, and the losses that do not."""
    raw = linear["raw"]
    with sheet(path, 1, 2, size=(13, 4.8)) as (left, right):
        for name, color, style in (("1e-06", RED, "-"), ("1e-07", ORANGE, "--")):
            label = f"income in units, rate {name.replace('-0', '-')}"
            left.plot(np.log10(raw[name]["losses"]), color=color, linestyle=style, label=label)
        limit = np.log10(np.finfo(np.float64).max)
        left.axhline(limit, color=GRAY, linestyle=":", label="the largest float64")
        left.set(xlabel="iteration", ylabel="log10 of the loss", title="Two rates overflow")
        left.legend(loc="lower right")
        _draw_finite(right, "income in units, rate 1e-8", raw["1e-08"], BLUE, "o--")
        _draw_finite(right, "income in hundreds, rate 1e-4", linear["scaled"], GREEN, "s-")
        right.set(xscale="log", yscale="log", xlabel="iteration", ylabel="loss (dates²)")
        right.set_title("One gets stuck, one learns")
        right.legend()
    return path


def _draw_finite(ax: Any, label: str, run: dict[str, Any], color: str, mark: str) -> None:
    seen = {i: s["loss"] for i, s in run["seen"].items() if i > 0}
    ax.plot(list(seen), list(seen.values()), mark, color=color, markersize=5, label=label)


# -- what the networks learned ----------------------------------------------------------------


def _look(run: Run) -> dict[str, Any]:
    """Return colour and line of a run: the given start, or one of the random ones."""
    if run.start == "given":
        return {
            "color": RED,
            "linestyle": "-",
            "linewidth": 2.6,
            "label": "given start",
            "zorder": 3,
        }
    which = int(run.start.split()[1]) - 1
    style = {"color": (BLUE, SKY, PURPLE)[which], "linestyle": ("--", "-.", ":")[which]}
    return {**style, "linewidth": 2.0, "label": _start(run)}


def _start(run: Run) -> str:
    """Return "given start" or "random start 1"."""
    what, *number = run.start.split()
    return " ".join([what, "start", *number])


def _panels(learned: Learned) -> list[tuple[str, list[Run]]]:
    """Return the runs of every kind and depth, with a title."""
    groups: dict[str, list[Run]] = {}
    for run in learned.runs:
        layers = "1 hidden layer" if run.depth == 1 else f"{run.depth} hidden layers"
        groups.setdefault(f"{layers} of 5, {run.kind}", []).append(run)
    return list(groups.items())


def draw_losses(path: Path, learned: Learned) -> Path:
    """Draw the training losses of all networks, and what the best straight line would leave."""
    with sheet(path, 2, 2, size=(12, 8.4), sharex=True, sharey=True) as axes:
        for ax, (title, runs) in zip(axes.flat, _panels(learned), strict=True):
            for run in runs:
                # Points that are evenly spaced on the logarithmic axis.
                at = np.unique(np.geomspace(1, len(run.losses), 250).astype(int)) - 1
                ax.plot(at + 1, np.array(run.losses)[at], **_look(run))
            linear = learned.numbers["baselines"]["linear_loss"]
            ax.axhline(linear, color=BLACK, linewidth=1, label="best straight line")
            ax.set(xscale="log", yscale="log", title=title)
        _label_outside(axes, "iteration", "loss (dates²)")
        axes[0, 0].legend()
    return path


def _label_outside(axes: Any, x: str, y: str) -> None:
    for ax in axes[-1]:
        ax.set_xlabel(x)
    for ax in axes[:, 0]:
        ax.set_ylabel(y)


def draw_curves(path: Path, learned: Learned) -> Path:
    """Draw dates against income for people with 22 years of education."""
    people = people_of_22_years()
    with sheet(path, 2, 2, size=(12, 8.6), sharex=True, sharey=True) as axes:
        for ax, (title, runs) in zip(axes.flat, _panels(learned), strict=True):
            ax.plot(INCOMES, learned.noisy, ".", color=GRAY, alpha=0.6, label="noisy samples")
            ax.plot(
                INCOMES, true_dates(people), color=BLACK, linewidth=4, alpha=0.35, label="truth"
            )
            for run in runs:
                ax.plot(INCOMES, run.numbers["predicted"], **_look(run))
            ax.set(title=title, xlim=(0, 99), ylim=(0, None))
        _label_outside(axes, "monthly income (hundreds)", "dates")
        axes[0, 0].legend(fontsize=10, loc="upper left")
    return path


def draw_planes(path: Path, learned: Learned) -> Path:
    """Draw dates over education and income, as four deep networks see it."""
    chosen = [r for r in learned.runs if r.depth == 3 and r.start in ("given", "random 1")]
    options: dict[str, Any] = {"subplot_kw": {"projection": "3d"}}
    with sheet(path, 2, 2, size=(13, 11), layout="tight", **options) as axes:
        for ax, run in zip(axes.flat, chosen, strict=True):
            _plane(ax, run, learned)
    return path


def _plane(ax: Any, run: Run, learned: Learned) -> None:
    """Draw one network's answers as a surface, the truth as a mesh, the survey as points."""
    people = domain()
    shape = (len(EDUCATION), len(INCOMES))
    grid = [column.reshape(shape) for column in people.T]
    dates = run.net.predict(people)[:, 0].reshape(shape)
    look = {"cmap": "viridis", "vmin": 0, "vmax": 55, "alpha": 0.75, "linewidth": 0}
    ax.plot_surface(*grid, dates, rcount=26, ccount=34, **look)
    ax.plot_wireframe(
        *grid, true_dates(people).reshape(shape), color=BLACK, linewidth=0.7, rcount=6, ccount=6
    )
    ax.scatter(*learned.X.T, learned.Y[:, 0], color=RED, s=9, depthshade=False)
    ax.view_init(elev=22, azim=-128)
    ax.set(zlim=(0, 60))
    ax.set_title(f"3 hidden layers of 5, {run.kind}, {_start(run)}", y=0.97)
    ax.set_xlabel("education (years)", labelpad=8)
    ax.set_ylabel("monthly income (hundreds)", labelpad=8)
    ax.set_zlabel("dates", labelpad=6)
    ax.set_box_aspect((1, 1, 0.8), zoom=1.02)


def draw_network(path: Path, learned: Learned) -> Path:
    """Draw the deep ReLU network from the given start, trained, with one person going through."""
    run = next(r for r in learned.runs if r.name == "3 x 5 ReLU, given")
    run.net.forward([22.0, 50.0])
    run.net.draw(path, title="Trained from the given start: 22 years of education, income 5,000")
    return path
