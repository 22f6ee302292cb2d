"""The laws of the scenario about regularization, in its quick form."""

from statistics import median

import pytest

from scenarios import regularization

VARIANTS = ["nothing", "more samples", "L1", "L2", "dropout", "early stopping"]


@pytest.fixture(scope="module")
def numbers(tmp_path_factory):
    """The numbers of the scenario."""
    return regularization.main(out=tmp_path_factory.mktemp("regularization"), quick=True)


@pytest.fixture(scope="module")
def variants(numbers):
    """What is compared, by variant and seed by seed."""
    return numbers["variants"]


def test_every_variant_is_trained_from_the_same_seeds(variants):
    """There is one number per seed, of every kind, for nothing, more samples and four remedies."""
    assert list(variants) == VARIANTS
    for row in variants.values():
        assert {len(row[key]) for key in ("training", "fresh", "size", "near_zero", "epochs")} == {
            3
        }


def test_the_network_overfits_when_left_alone(numbers, variants):
    """In every seed the training loss is below that of the noise, and the fresh loss above it."""
    assert max(variants["nothing"]["training"]) < numbers["truth"]
    assert min(variants["nothing"]["fresh"]) > numbers["truth"]


def test_the_sine_itself_leaves_the_noise(numbers):
    """Its loss on fresh samples is the variance of the noise, 0.3^2, up to chance.

    The mean of 1000 squares of a normal number has a spread of sqrt(2 / 1000) of their mean.
    """
    assert numbers["truth"] == pytest.approx(0.09, rel=4 * (2 / 1000) ** 0.5)


@pytest.mark.parametrize("name", ["L1", "L2"])
def test_penalties_make_weights_smaller(variants, name):
    """In every seed, and the training loss larger."""
    for key, sign in (("size", -1), ("training", 1)):
        pairs = zip(variants[name][key], variants["nothing"][key], strict=True)
        assert all(sign * (with_it - without) > 0 for with_it, without in pairs)


def test_l1_leaves_most_weights_near_zero_and_l2_does_not(variants):
    """More than half of the weights with L1, fewer than one in ten with every other variant."""
    shares = {name: median(row["near_zero"]) for name, row in variants.items()}
    assert shares.pop("L1") > 0.5
    assert max(shares.values()) < 0.1


def test_early_stopping_stops_early(variants):
    """It never trains longer than the others, and at least once ends before them."""
    (longest,) = set(variants["nothing"]["epochs"])
    assert max(variants["early stopping"]["epochs"]) <= longest
    assert min(variants["early stopping"]["epochs"]) < longest


def test_the_strength_with_the_least_loss_is_chosen(numbers):
    """Of the losses on many samples, which the second of each pair is."""
    for name, tried in numbers["search"].items():
        chosen = tried[f"{numbers['chosen'][name]:g}"][1]
        assert chosen == min(loss for _, loss in tried.values())


def test_what_is_better_is_counted_seed_by_seed(numbers, variants):
    """For every variant: the seeds with a smaller fresh loss than doing nothing."""
    for name in VARIANTS[1:]:
        pairs = zip(variants[name]["fresh"], variants["nothing"]["fresh"], strict=True)
        assert numbers["better"][name]["nothing"] == sum(a < b for a, b in pairs)
