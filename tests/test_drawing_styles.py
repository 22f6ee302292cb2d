"""The laws of styles: readable on paper, on a slide and on a dark ground."""

from collections import Counter

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawn import (
    closed_figures,
    deep_passed,
    digits,
    gallery,
    layered,
    passed,
    seven_four_three,
)
from test_layout import overlaps

import neurosim as ns
from neurosim.drawing.network import network_scene
from neurosim.drawing.options import SHOWN, STYLES
from neurosim.drawing.pages import moved, scaled
from neurosim.drawing.themes import THEMES

__all__ = ["closed_figures"]

styles = pytest.mark.parametrize("style", STYLES)


def luminance(color):
    """The relative luminance of WCAG 2."""
    rgb = np.array([int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    """The contrast ratio of WCAG 2, from 1 to 21."""
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard():
    """Black on white is 21, a colour on itself 1, #777777 on white 4.48."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#2a78c2", "#2a78c2") == 1
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@styles
def test_every_text_can_be_read_on_its_ground(style):
    """4.5:1 and more: on paper, in nodes, and on the fullest fills of both signs."""
    inks = THEMES[style].inks
    written = (inks.ink, inks.quiet, inks.derivative)
    numbers = (inks.positive_ink, inks.negative_ink, inks.zero_ink)
    for ink in (*written, *numbers):
        assert contrast(ink, inks.paper) >= 4.5
    fills = [inks.fill(share) for share in np.linspace(-1, 1, 21)]
    for ground in (*fills, inks.input_fill, inks.neuron_fill, inks.unread_fill):
        assert contrast(inks.ink, ground) >= 4.5
    for ground in (inks.input_fill, inks.neuron_fill, inks.unread_fill):
        assert contrast(inks.quiet, ground) >= 4.5


@styles
def test_signs_differ_in_grey_print_and_from_the_ground(style):
    """Blue and orange have different luminance, and are at least 2.2:1 on paper."""
    inks = THEMES[style].inks
    assert contrast(inks.positive, inks.negative) > 1.15
    assert min(contrast(c, inks.paper) for c in (inks.positive, inks.negative)) > 2.2


@styles
@gallery
def test_nothing_overlaps_in_any_style(style, make):
    """Texts, nodes and the frame are apart, with all that a style shows of itself."""
    ax = make().draw(style=style)
    assert not overlaps(ax)


@styles
@pytest.mark.parametrize("direction", ["right", "down"])
@pytest.mark.parametrize("notation", ["labels", "math"])
def test_nothing_overlaps_with_all_that_can_be_shown(style, direction, notation):
    """Every thing to show at once, in both directions and notations."""
    for net in (passed(), seven_four_three()):
        looks = {"style": style, "direction": direction, "notation": notation}
        ax = net.draw(show=SHOWN, title="Everything", **looks)
        assert not overlaps(ax)
        plt.close(ax.figure)


def test_a_small_network_fits_a_column_of_a_paper():
    """2-2-1 with the numbers of a pass is 3.3 inches wide, and no text is below 7 points."""
    scene = network_scene(passed(), style="paper")
    assert scene.width == pytest.approx(3.3 * 72)
    assert min(text.size for text in scene.texts) >= 7 - 1e-9
    assert {"weight", "bias", "delta", "activation"} <= {text.role for text in scene.texts}


@pytest.mark.parametrize("make", [deep_passed, digits, seven_four_three])
def test_larger_networks_fit_a_page_of_a_paper(make):
    """At most 7 x 9 inches, and no text is below 7 points: rather, something is left out."""
    scene = network_scene(make(), style="paper")
    assert scene.width <= 7 * 72 + 1e-6
    assert scene.height <= 9 * 72 + 1e-6
    assert min(text.size for text in scene.texts) >= 7 - 1e-9


@pytest.mark.parametrize("make", [passed, deep_passed])
def test_a_slide_is_read_from_the_last_row(make):
    """It is 13.33 x 7.5 inches, and no text on it is below 18 points."""
    scene = network_scene(make(), style="slide")
    assert (scene.width, scene.height) == pytest.approx((13.333 * 72, 7.5 * 72))
    assert min(text.size for text in scene.texts) >= 18 - 1e-9


def test_what_is_asked_for_stays_on_a_slide():
    """Only what the person did not name is left out to make room."""
    roles = {text.role for text in network_scene(deep_passed(), style="slide").texts}
    assert "label" not in roles
    show = {"labels": True}
    roles = {text.role for text in network_scene(deep_passed(), style="slide", show=show).texts}
    assert "label" in roles


@pytest.mark.parametrize(("style", "smallest"), [("paper", 7), ("slide", 18)])
@pytest.mark.parametrize("max_neurons", [16, 50])
def test_long_layers_keep_their_titles_on_a_page(style, smallest, max_neurons):
    """Their nodes are made smaller before a title or the legend goes; texts stay as large."""
    net = layered(30, 40, 8)
    scene = network_scene(net, style=style, max_neurons=max_neurons)
    roles = {text.role for text in scene.texts}
    assert {"layer", "kind", "legend"} <= roles
    assert min(text.size for text in scene.texts) >= smallest - 1e-9
    assert scene.width <= THEMES[style].pages[-1][0] + 1e-6
    assert scene.height <= THEMES[style].pages[-1][1] + 1e-6


@pytest.mark.parametrize(("style", "smallest"), [("paper", 7), ("slide", 18)])
@pytest.mark.parametrize(("size", "columns"), [(4, 14), (5, 6), (8, 14), (3, 30), (16, 20)])
def test_deep_networks_keep_their_titles_and_the_legend(style, smallest, size, columns):
    """Titles stand on several storeys, and nodes are small; no text is, and none overlap."""
    net = layered(*[size] * columns)
    scene = network_scene(net, style=style)
    told = Counter(text.role for text in scene.texts)
    assert told["layer"] == told["kind"] == columns
    assert told["legend"] == 3
    assert min(text.size for text in scene.texts) >= smallest - 1e-9
    assert scene.width <= THEMES[style].pages[-1][0] + 1e-6
    assert scene.height <= THEMES[style].pages[-1][1] + 1e-6
    assert not overlaps(net.draw(style=style))


@pytest.mark.parametrize("style", ["paper", "slide"])
def test_what_no_page_holds_has_no_texts_too_small_to_read(style):
    """Forty long layers are drawn small, without the texts that nobody has asked for."""
    scene = network_scene(layered(*[16] * 60), style=style)
    assert not scene.texts
    assert len(scene.nodes) == 960
    assert scene.width <= THEMES[style].pages[-1][0] + 1e-6


def test_layers_move_apart_where_a_slide_is_wider():
    """What is as high as a slide is nearly as wide, too."""
    scene = network_scene(layered(30, 40, 8), style="slide")
    xs = [node.x for node in scene.nodes]
    assert max(xs) - min(xs) > 0.6 * scene.width


def test_dark_is_dark_in_files_and_axes(tmp_path):
    """The ground of the figure is the style's, and matplotlib's settings are as before."""
    before = dict(mpl.rcParams)
    ax = passed().draw(style="dark")
    assert mpl.colors.to_hex(ax.figure.get_facecolor()) == THEMES["dark"].inks.paper
    passed().draw(tmp_path / "dark.svg", style="dark")
    assert THEMES["dark"].inks.paper in (tmp_path / "dark.svg").read_text()
    assert dict(mpl.rcParams) == before


def test_scaling_and_moving_keep_proportions():
    """Twice as large and back again, or there and back, is the same drawing."""
    scene = network_scene(passed(), show=SHOWN)
    for changed in (scaled(scaled(scene, 2.0), 0.5), moved(moved(scene, 8.0, -4.0), -8.0, 4.0)):
        for one, other in zip(scene.texts, changed.texts, strict=True):
            assert (one.x, one.y, one.size) == pytest.approx((other.x, other.y, other.size))
        assert np.concatenate(scene.edges.paths) == pytest.approx(
            np.concatenate(changed.edges.paths)
        )
        assert (changed.width, changed.height) == pytest.approx((scene.width, scene.height))


def test_labels_in_any_script_are_drawn_without_warnings(tmp_path):
    """Warnings are errors here: letters without a glyph become boxes at worst."""
    labels = ["温度", "влажность", "دما", "🙂", "a\tb"]
    net = ns.Network([ns.InputLayer(5, labels=labels), ns.Layer(1, ns.LinearNeuron)], rng=0)
    for suffix in (".png", ".svg", ".pdf"):
        net.draw(tmp_path / f"net{suffix}", title="天気")
    assert "温度" in (tmp_path / "net.svg").read_text(encoding="utf-8")
