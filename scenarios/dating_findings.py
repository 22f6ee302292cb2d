"""What the networks of the dating survey learned, in tables and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenarios.report import heading, say, table

if TYPE_CHECKING:
    from scenarios.dating_networks import Run

__all__ = [
    "say_baselines",
    "say_bends",
    "say_reference",
    "say_runs",
    "say_saturation",
    "say_verdict",
]

# A layer that is silent for more people than this is as good as dead.
MOSTLY = 0.95


def say_reference(found: dict[str, Any], iterations: int, spread: float) -> None:
    """Print the losses beside those of an independent library, and where they end."""
    table(
        ["hidden", "iteration", "loss", "known from an independent library"],
        [
            (kind, f"{i:,}", f"{loss:.12f}", f"{numbers['known'][i]:.12f}")
            for kind, numbers in found.items()
            for i, loss in numbers["loss_before_step"].items()
        ],
    )
    finals = " and ".join(f"{n['final_loss']:.4f} ({kind})" for kind, n in found.items())
    say(
        f"After {iterations:,} iterations the losses are {finals}; answering the mean to everyone "
        f"would leave {spread:.1f}."
    )


def say_baselines(found: dict[str, Any]) -> None:
    """Print what is to be expected: of the truth itself, and of the best straight line."""
    say(
        "Tested on people with 22 years of education and incomes of 0-99 hundreds; errors are "
        "root mean squares, in dates."
    )
    cases = {
        "the true function": "truth",
        "the best straight line": "linear",
        "the mean for everyone": "mean",
    }
    # The truth is no distance from itself.
    known = {"truth_error_from_truth": 0.0, **found}
    table(
        ["for comparison", "loss (training)", "error from truth", "error from noisy samples"],
        [
            (
                name,
                *(
                    f"{known[f'{case}_{what}']:.2f}"
                    for what in ("loss", "error_from_truth", "error_from_noisy")
                ),
            )
            for name, case in cases.items()
        ],
    )


def say_runs(runs: list[Run]) -> None:
    """Print losses and errors of all networks."""
    heading("What the networks learned")
    table(
        [
            "hidden layers, start",
            "first loss",
            "final loss",
            "from truth",
            "from noisy",
            "from a plane",
        ],
        [
            (
                run.name,
                *(
                    f"{run.numbers[key]:.2f}"
                    for key in ("first_loss", "final_loss", "error_from_truth", "error_from_noisy")
                ),
                f"{run.numbers['from_plane']:.1e}"
                if run.numbers["from_plane"] < 1e-6
                else f"{run.numbers['from_plane']:.2f}",
            )
            for run in runs
        ],
    )
    say('("From a plane": how far the network is from a linear model, at most, in dates.)')


def say_bends(runs: list[Run]) -> None:
    """Print which ReLUs are inactive for whom, and what that makes of each network."""
    heading("Which ReLUs bend: for how many of all 2,600 possible people z <= 0")
    relus = [run for run in runs if run.kind == "ReLU"]
    table(
        ["start", "lowest z at the start", "after", "inactive for (%), layer by layer"],
        [
            (
                run.name,
                run.numbers["lowest_z_at_start"],
                run.numbers["lowest_z"],
                " | ".join(
                    " ".join(f"{100 * share:.0f}" for share in layer)
                    for layer in run.numbers["inactive_share"]
                ),
            )
            for run in relus
        ],
    )
    for run in relus:
        say(f"{run.name}: {_verdict(run.numbers)}")


def _verdict(numbers: dict[str, Any]) -> str:
    """Say in words what the activity of the ReLUs means."""
    layers = numbers["inactive_share"]
    bending = sum(0 < share < 1 for layer in layers for share in layer)
    silent = max(min(layer) for layer in layers)
    if silent > MOSTLY:
        return (
            f"as good as dead. All neurons of one layer are inactive for {silent:.0%} of people or "
            "more, who all get the same answer and teach the layers before nothing."
        )
    if not bending:
        return (
            "no neuron is inactive for some people and active for others, so nothing bends: the "
            "network is exactly linear, whatever its depth."
        )
    if numbers["lowest_z_at_start"] > 0:
        return (
            "linear at the start, where every z is positive. Training has since carried "
            f"{_neurons(bending)} below zero for some people, which bends the plane by up to "
            f"{numbers['from_plane']:.2f} dates."
        )
    return (
        f"bent by {_neurons(bending)}, inactive for some people and active for others; off a "
        f"plane by up to {numbers['from_plane']:.2f} dates."
    )


def _neurons(count: int) -> str:
    return "1 neuron" if count == 1 else f"{count} neurons"


def say_saturation(runs: list[Run]) -> None:
    """Print how many activations of the first hidden sigmoids lie within 0.01 of 0 or 1."""
    heading("Sigmoids on unscaled inputs: how many activations of the first layer are saturated")
    table(
        ["start", "saturated at the start", "after", "final loss"],
        [
            (
                run.name,
                f"{run.numbers['saturated_at_start']:.0%}",
                f"{run.numbers['saturated']:.0%}",
                f"{run.numbers['final_loss']:.2f}",
            )
            for run in runs
            if run.kind == "sigmoid"
        ],
    )
    say(
        "Saturated is within 0.01 of 0 or 1, where the slope a (1 - a) is below 0.01: incomes of "
        "up to 99 push the sigmoids there, so that the first layer tells most people apart by "
        "little and learns slowly."
    )


def say_verdict(runs: list[Run], baselines: dict[str, Any]) -> None:
    """Print how many networks are of any use beside a straight line."""
    best = baselines["linear_error_from_truth"]
    # A network that has become that very line does not come closer than it.
    better = [run.name for run in runs if run.numbers["error_from_truth"] < best - 0.01]
    lowest = min(runs, key=lambda run: run.numbers["final_loss"])
    say(
        f"Of {len(runs)} networks {len(better)} come closer to the truth than the best straight "
        f"line ({best:.2f}){': ' if better else ''}{'; '.join(better)}. The lowest training loss, "
        f"{lowest.numbers['final_loss']:.2f} ({lowest.name}), goes with an error of "
        f"{lowest.numbers['error_from_truth']:.2f}. The truth is a plane, so a bend can only "
        "follow the noise."
    )
    low, high = baselines["linear_error_on_other_surveys"]
    say(
        f"On other surveys of the same kind the best straight line errs by {low:.2f} to {high:.2f} "
        "(nine times out of ten): differences of a few tenths are chance."
    )
