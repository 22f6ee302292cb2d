"""The laws of charts: what they draw is what the network computes, and nothing is changed."""

import functools

import door
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawn import closed_figures, skips, tied
from hypothesis import given
from hypothesis import strategies as st

import neurosim as ns
from neurosim.drawing.charts import colors
from neurosim.drawing.themes import THEMES

__all__ = ["closed_figures"]

XOR = ns.datasets.gates("xor")


def by_hand():
    """XOR by hand: hidden (20, 20; -10) and (-20, -20; 30), output (20, 20; -30)."""
    hidden = ns.Layer(2, ns.SigmoidNeuron, weights=[[20, -20], [20, -20]], biases=[-10, 30])
    output = ns.Layer(1, ns.SigmoidNeuron, weights=[[20], [20]], biases=[-30])
    return ns.Network([ns.InputLayer(2), hidden, output])


def three_classes():
    """Softmax of x1, x2 and 0: the first where x1 is largest and positive, and so on."""
    output = ns.Layer(3, ns.SoftmaxNeuron, weights=[[9, 0, 0], [0, 9, 0]], biases=[0, 0, 0])
    return ns.Network([ns.InputLayer(2), output])


def line():
    """y = 3 x + 1."""
    output = ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])
    return ns.Network([ns.InputLayer(1), output])


def trained():
    """A line that has learned y = x + 1, and its way."""
    net, weights = line(), ns.WeightHistory()
    net.fit(*LINE_SAMPLES, optimizer=ns.SGD(0.1), epochs=30, callbacks=weights)
    return net, weights


LINE_SAMPLES = np.array([[0.0], [1.0], [2.0]]), np.array([[1.0], [2.0], [3.0]])
AXES = "input[0]->output[0]", "output[0].bias"
PIXELS = ns.Network.layered([12, 5, 2], hidden=ns.TanhNeuron, output=ns.SoftmaxNeuron, rng=1)


def rates():
    """A search for the learning rate of a line."""
    return ns.learning_rate_finder(line(), *LINE_SAMPLES, optimizer=ns.SGD(1.0), high=1.0)


def history():
    """A history of all weights of a training."""
    return trained()[1]


CHARTS = {
    "decision boundary": lambda **o: ns.draw_decision_boundary(by_hand(), *XOR, **o),
    "three classes": lambda **o: ns.draw_decision_boundary(three_classes(), limits=(-1, 1), **o),
    "response": lambda **o: ns.draw_response(by_hand(), "hidden1[0]", XOR[0], **o),
    "function": lambda **o: ns.draw_function(line(), *LINE_SAMPLES, **o),
    "loss surface": lambda **o: ns.draw_loss_surface(
        line(), *AXES, *LINE_SAMPLES, path_of=history(), resolution=9, **o
    ),
    "weights": lambda **o: ns.draw_weights(by_hand().layers[1], **o),
    "weight images": lambda **o: ns.draw_weight_images(PIXELS.layers[1], (3, 4), **o),
    "kind": lambda **o: ns.draw_kind(ns.ReLUNeuron, **o),
    "confusion": lambda **o: ns.draw_confusion([[5, 1], [0, 4]], **o),
    "histograms": lambda **o: ns.draw_histograms(PIXELS.layers[1], **o),
    "weight history": lambda **o: ns.draw_weight_history(history(), **o),
    "losses": lambda **o: ns.History(loss=[1.0, 0.5], validation_loss=[1.2, 0.7]).plot(**o),
    "rates": lambda **o: rates().plot(**o),
}
chart = pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)


# What all charts promise ------------------------------------------------------------------------


@chart
def test_a_chart_goes_into_the_persons_axes(draw):
    """With `ax` it is drawn there, and that is what comes back."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4))
    assert draw(ax=left) is left
    assert left.has_data()
    assert not right.has_data()
    assert plt.get_fignums() == [figure.number]


@chart
def test_a_chart_without_axes_is_pyplots_and_with_a_path_a_file(draw, tmp_path):
    """Without ax and path pyplot shows the figure; with a path it knows of none."""
    draw(path=tmp_path / "chart.svg")
    assert plt.get_fignums() == []
    assert (tmp_path / "chart.svg").read_bytes().startswith(b"<?xml")
    assert draw().figure is plt.gcf()


@chart
def test_the_same_chart_gives_the_same_bytes(draw, tmp_path):
    """No date and no random name is in a file."""
    files = [tmp_path / f"{name}.svg" for name in "ab"]
    for file in files:
        draw(path=file)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_chart_stands_at_round_places(tmp_path):
    """The last digits of a layout, which differ from process to process, are in no file."""
    axes = ns.draw_weights(by_hand(), path=tmp_path / "chart.svg")
    for one in axes.figure.axes:
        bounds = one.get_position(original=True).bounds
        assert bounds == pytest.approx([round(value, 6) for value in bounds], rel=0, abs=1e-15)


@chart
def test_the_persons_settings_are_untouched(draw):
    """rcParams are the same afterwards, and their style is not that of the chart."""
    with mpl.rc_context({"text.color": "red", "font.size": 30}):
        before = dict(mpl.rcParams)
        ax = draw(title="a title")
        assert dict(mpl.rcParams) == before
    assert ax.title.get_color() != "red"
    assert ax.xaxis.label.get_fontsize() < 20


@chart
@pytest.mark.parametrize("style", list(THEMES))
def test_a_style_is_one_picture_in_other_inks_and_sizes(draw, style):
    """The ground is the theme's, and texts and figure grow by one factor."""
    usual, ax = draw(), draw(style=style)
    sizes = ax.figure.get_size_inches() / usual.figure.get_size_inches()
    text = ax.xaxis.label.get_fontsize() / usual.xaxis.label.get_fontsize()
    assert sizes == pytest.approx([text, text])
    assert mpl.colors.to_hex(ax.figure.get_facecolor()) == THEMES[style].inks.paper


@chart
def test_every_text_lies_within_the_figure(draw):
    """No label, title, number or legend is cut off at the edge of the figure."""
    ax = draw()
    ax.figure.canvas.draw()
    frame = ax.figure.bbox
    for axes in ax.figure.axes:
        box = axes.get_tightbbox()
        assert frame.x0 - 1 <= box.x0
        assert box.x1 <= frame.x1 + 1
        assert frame.y0 - 1 <= box.y0
        assert box.y1 <= frame.y1 + 1


@chart
def test_wrong_axes_path_title_and_style_are_refused(draw, tmp_path):
    """Each is refused before anything is drawn."""
    for options in ({"ax": 3}, {"path": tmp_path / "chart.gif"}, {"title": 3}, {"style": "neon"}):
        with pytest.raises(ns.NeurosimError):
            draw(**options)
    assert plt.get_fignums() == []
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_with_axes_path_title_and_style_is_said():
    """The message names the function, the argument, what it must be and what it got."""
    cases = {
        "draw_kind: ax must be a matplotlib Axes, such as plt.subplots()[1]; got 3.": {"ax": 3},
        "draw_kind: path must end in .pdf or .png or .svg; got 'a.gif'.": {"path": "a.gif"},
        "draw_kind: title must be a text; got 3.": {"title": 3},
        "draw_kind: style must be one of 'screen', 'paper', 'slide', 'dark'; got 'neon'.": {
            "style": "neon"
        },
    }
    for message, options in cases.items():
        assert refused(ns.draw_kind, ns.ReLUNeuron, **options) == message


def refused(function, *arguments, **options):
    """Return the message with which a call is refused."""
    with pytest.raises(ns.NeurosimError) as caught:
        function(*arguments, **options)
    return str(caught.value)


@pytest.mark.parametrize("name", ["decision boundary", "response", "function", "loss surface"])
def test_the_network_stays_as_it_is(name):
    """Parameters, gradient, running averages, the last pass and the random streams are the same."""
    net = by_hand()
    net.forward([0.0, 1.0])
    net.backward([1.0])
    before, run = net.copy(), net.last_pass
    calls = {
        "decision boundary": lambda: ns.draw_decision_boundary(net, *XOR),
        "response": lambda: ns.draw_response(net, "hidden1[0]"),
        "function": lambda: ns.draw_function(net, at={"input[0]": 1.0}),
        "loss surface": lambda: ns.draw_loss_surface(
            net, "hidden1[0].bias", "output[0].bias", *XOR, resolution=5
        ),
    }
    calls[name]()
    assert net.last_pass is run
    assert net["hidden1[0]"].activation == before["hidden1[0]"].activation
    assert (net.parameters == before.parameters).all()
    assert (net.gradient == before.gradient).all()
    assert net.streams.shuffle.random() == before.streams.shuffle.random()


# Decision boundary ------------------------------------------------------------------------------


def test_the_regions_are_the_classes_of_predict():
    """At every point of the grid the region is that of the network's answer."""
    for net, classes in ((by_hand(), lambda a: a[:, 0] > 0.5), (three_classes(), np.argmax)):
        ax = ns.draw_decision_boundary(net, limits=((-1, 2), (0, 3)), resolution=20)
        (picture,) = ax.images
        xs, ys = np.meshgrid(np.linspace(-1, 2, 20), np.linspace(0, 3, 20))
        answers = net.predict(np.column_stack([xs.ravel(), ys.ravel()]))
        wanted = classes(answers) if classes is not np.argmax else answers.argmax(axis=1)
        assert (np.asarray(picture.get_array()).ravel() == wanted).all()
        assert picture.get_extent() == [-1, 2, 0, 3]


def test_samples_have_the_hue_and_mark_of_their_class():
    """Each class is one line of points, at the samples that have it, told by the legend."""
    ax = ns.draw_decision_boundary(by_hand(), *XOR, classes=["no", "yes"])
    assert [line.get_xydata().tolist() for line in ax.lines] == [[[0, 0], [1, 1]], [[0, 1], [1, 0]]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["no", "yes"]
    handles = ax.get_legend().legend_handles
    assert [h.get_marker() for h in handles] == [line.get_marker() for line in ax.lines]
    assert [h.get_color() for h in handles] == [line.get_color() for line in ax.lines]


def test_the_boundary_of_one_neuron_is_where_it_exceeds_the_threshold():
    """The first hidden neuron of XOR is OR: its line is x1 + x2 = 0.5."""
    ax = ns.draw_decision_boundary(by_hand(), neuron="hidden1[0]", limits=(-1, 1))
    (contour,) = ax.collections
    points = np.vstack([path.vertices for path in contour.get_paths()])
    assert points.sum(axis=1) == pytest.approx(np.full(len(points), 0.5), abs=0.02)


def test_certainty_is_shown_as_the_fullness_of_colours():
    """At the boundary there is the paper; a probability of 1 is fuller than one of 0.9."""
    output = ns.Layer(1, ns.SigmoidNeuron, weights=[[1.0], [0.0]], biases=[0.0])
    net = ns.Network([ns.InputLayer(2), output])
    ax = ns.draw_decision_boundary(net, certainty=True, limits=(-30, 30), resolution=61)
    colors = np.asarray(ax.images[0].get_array())[0]
    distance = 1.0 - colors.min(axis=-1)
    a = 1 / (1 + np.exp(-np.linspace(-30, 30, 61)))
    assert distance[30] == pytest.approx(0.0)
    right, left = distance[30:], distance[30::-1]
    assert right / right[-1] == pytest.approx((a[30:] - 0.5) / 0.5)
    assert left / left[-1] == pytest.approx((0.5 - a[30::-1]) / 0.5)
    assert ax.get_legend().get_title().get_text() == "the fuller, the surer"


def test_certainty_of_what_is_no_probability_is_a_part_of_the_most_drawn():
    """Of linear outputs the largest lead is full; where all are equal everywhere, none is."""
    net = ns.Network([ns.InputLayer(2), ns.Layer(2, ns.LinearNeuron, weights=np.eye(2))])
    ax = ns.draw_decision_boundary(net, certainty=True, limits=(0, 4), resolution=5)
    distance = 1.0 - np.asarray(ax.images[0].get_array()).min(axis=-1)
    lead = np.abs(np.arange(5) - np.arange(5)[:, np.newaxis])
    assert (distance[lead == 0] == 0).all()
    assert distance[lead == 4].min() > 1.4 * distance[lead == 2].max() > 0
    net.parameters[:] = 0.0
    ax = ns.draw_decision_boundary(net, certainty=True)
    assert (np.asarray(ax.images[0].get_array()) == 1).all()


def test_certainty_is_true_or_false():
    """Anything else is refused."""
    with pytest.raises(ns.ArgumentTypeError) as caught:
        ns.draw_decision_boundary(by_hand(), certainty="yes")
    message = "draw_decision_boundary: certainty must be True or False; got 'yes'."
    assert str(caught.value) == message


def test_one_class_everywhere_has_no_boundary():
    """Where every answer is the same there is one region, and no line."""
    net = three_classes()
    net.parameters[:] = 0.0
    ax = ns.draw_decision_boundary(net)
    assert (np.asarray(ax.images[0].get_array()) == 0).all()
    assert not ax.collections


def test_other_inputs_are_held_fixed():
    """`at` holds inputs at values, named by label; the two others are the axes, in order."""
    output = ns.Layer(1, ns.LinearNeuron, weights=[[1.0], [10.0], [100.0]])
    net = ns.Network([ns.InputLayer(3, labels=["a", "b", "c"]), output])
    ax = ns.draw_response(net, at={"b": 2.0}, limits=(0, 1), resolution=2)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("a", "c")
    assert np.asarray(ax.images[0].get_array()).tolist() == [[20, 21], [120, 121]]


INPUT_ERRORS = {
    "draw_response varies 2 inputs, one per axis, but 4 are free: 'input[0]', 'input[1]', "
    "'input[2]', 'input[3]'. Hold all but 2 of them fixed, such as at={'input[2]': 0.0, "
    "'input[3]': 0.0}.": (4, None),
    "draw_response varies 2 inputs, one per axis, but the network has 1: 'input[0]'. Use "
    "ns.draw_function.": (1, None),
    "draw_response varies 2 inputs, one per axis, but at holds 2 of the 3 fixed; leave 2 of them "
    "out.": (3, {"input[0]": 1.0, "input[1]": 1.0}),
    "draw_response: at can hold inputs only, and 'output[0]' is none; inputs are 'input[0]', "
    "'input[1]', 'input[2]'.": (3, {"output[0]": 1.0}),
    "draw_response: at['input[0]'] must be a finite number; got nan.": (3, {"input[0]": np.nan}),
    "draw_response: at must say at which values inputs are held, such as at={'input[2]': 0.0}; "
    "got [1.0].": (3, [1.0]),
    "Network: there is no neuron 'inptu[0]'. Did you mean 'input[0]' or 'input[2]' or 'input[1]'?": (
        3,
        {"inptu[0]": 1.0},
    ),
}


@pytest.mark.parametrize("message", INPUT_ERRORS)
def test_which_inputs_vary_is_checked(message):
    """The message says which inputs are free, and how to hold the others."""
    n, at = INPUT_ERRORS[message]
    net = ns.Network.layered([n, 1], hidden=None, output=ns.LinearNeuron, rng=0)
    assert refused(ns.draw_response, net, at=at) == message


def test_wrong_samples_limits_and_names_are_refused():
    """Each message says what fits."""
    net = by_hand()
    cases = {
        "draw_decision_boundary: X must be (n, 2), as the network has 2 inputs; got (4, 3).": {
            "X": np.zeros((4, 3))
        },
        "draw_decision_boundary: Y was given without X; give the samples X, too.": {"Y": [1.0]},
        "draw_decision_boundary: X must be finite numbers; got nan at [0, 0].": {
            "X": [[np.nan, 1]]
        },
        "draw_decision_boundary: limits must be (low, high) or a (low, high) for each of the 2 "
        "axes; got [1, 2, 3].": {"limits": [1, 2, 3]},
        "draw_decision_boundary: limits must go from low to high; got (1, 0).": {"limits": (1, 0)},
        "draw_decision_boundary: classes must be 2 names; got 1.": {"classes": ["yes"]},
        "draw_decision_boundary: classes must be a list of 2 names; got 'no'.": {"classes": "no"},
        "draw_decision_boundary: resolution must be a whole number from 2; got 1.": {
            "resolution": 1
        },
        "draw_decision_boundary: Y must be one number per sample, (4,), as one neuron is drawn; "
        "got (2,).": {"X": XOR[0], "Y": [0, 1], "neuron": "hidden1[0]"},
    }
    for message, options in cases.items():
        assert refused(ns.draw_decision_boundary, net, **options) == message


# Response and function --------------------------------------------------------------------------


@given(seed=st.integers(0, 100), which=st.integers(0, 5))
def test_a_response_is_the_neurons_activation(seed, which):
    """At every point it is what the graph engine fills in, for inputs, hidden and outputs."""
    net = ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=seed)
    label = net.labels[which]
    ax = ns.draw_response(net, label, limits=(-1, 1), resolution=3)
    xs, ys = np.meshgrid([-1, 0, 1], [-1, 0, 1])
    net.forward(np.column_stack([xs.ravel(), ys.ravel()]))
    shown = np.asarray(ax.images[0].get_array()).ravel()
    assert shown == pytest.approx(net[label].activation, abs=1e-12)
    plt.close("all")


def test_signed_responses_are_centred_and_probabilities_span_0_to_1():
    """Zero is the middle of the map of both signs; 0 and 1 are the ends of a probability's."""
    net = ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.SigmoidNeuron, rng=1)
    norm = ns.draw_response(net, "hidden1[0]").images[0].norm
    assert norm.vmin == -norm.vmax
    norm = ns.draw_response(net).images[0].norm
    assert (norm.vmin, norm.vmax) == (0, 1)


def test_which_output_is_asked_for_where_there_are_several():
    """A neuron must be named where the network has several outputs."""
    assert refused(ns.draw_response, three_classes()) == (
        "draw_response: neuron must be named, as the network has 3 outputs; such as 'output[0]'."
    )
    assert refused(ns.draw_response, by_hand(), "hiden1[0]") == (
        "Network: there is no neuron 'hiden1[0]'. Did you mean 'hidden1[0]' or 'hidden1[1]'?"
    )


def test_a_function_curve_is_predict_with_the_samples_in_units():
    """With scalers the curve, the samples and the axis are in the person's units."""
    net = line()
    X, Y = 100 * LINE_SAMPLES[0], 1000 * LINE_SAMPLES[1]
    net.scale(inputs=ns.MinMaxScaler().fit(X), outputs=ns.MinMaxScaler().fit(Y))
    ax = ns.draw_function(net, X, Y, limits=(0, 200), resolution=3)
    curve, dots = ax.lines
    assert curve.get_ydata() == pytest.approx(net.predict([[0], [100], [200]])[:, 0])
    assert dots.get_xydata() == pytest.approx(np.hstack([X, Y]))


def test_an_overflow_is_told():
    """A hidden activation beyond the largest float is an error, not a picture."""
    hidden = ns.Layer(1, ns.LinearNeuron, weights=[[1e308]])
    net = ns.Network([ns.InputLayer(1), hidden, ns.Layer(1, ns.LinearNeuron, weights=[[0.0]])])
    assert refused(ns.draw_function, net, neuron="hidden1", limits=(-9, 9)) == (
        "draw_function: the activation of 'hidden1[0]' is not a finite number everywhere; narrow "
        "the limits or use smaller weights."
    )


# Loss surface -----------------------------------------------------------------------------------


def test_heights_are_the_loss_of_the_network_with_these_parameters():
    """In space every point of a path, and the star, is as high as `loss_of` says."""
    net = line()
    points = [[w, b] for w in (0.0, 1.0, 2.0) for b in (-1.0, 0.0, 1.0)]
    options = {"path_of": points, "resolution": 5, "three_d": True}
    way, _, star = ns.draw_loss_surface(net, *AXES, *LINE_SAMPLES, **options).lines
    assert star.get_data_3d()[2][0] == pytest.approx(net.loss_of(*LINE_SAMPLES))
    for w, b, height in zip(*way.get_data_3d(), strict=True):
        net[AXES[0]].weight, net["output[0]"].bias = w, b
        assert height == pytest.approx(net.loss_of(*LINE_SAMPLES))


def test_contours_lie_where_the_loss_is_that_of_their_level():
    """Along every line between two bands the loss is nearly that of the border."""
    net = line()
    ax = ns.draw_loss_surface(net, *AXES, *LINE_SAMPLES, limits=(-1, 3), resolution=121)
    lines = ax.collections[1]
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        for w, b in path.vertices[::20].tolist():
            net[AXES[0]].weight, net["output[0]"].bias = w, b
            assert net.loss_of(*LINE_SAMPLES) == pytest.approx(level, rel=0.02, abs=0.02)


def test_the_path_is_where_training_was():
    """Of two parameters every point is their value; the star is where the network is now."""
    net, weights = trained()
    ax = ns.draw_loss_surface(net, *AXES, *LINE_SAMPLES, path_of=weights)
    way, start, star = ax.lines
    assert way.get_xydata() == pytest.approx(weights.values)
    assert start.get_xydata() == pytest.approx(np.array([[3.0, 1.0]]))
    assert star.get_xydata()[0] == pytest.approx(net.parameters)


def test_directions_count_steps_from_the_present_parameters():
    """A point p + 2 d1 - d2 has the coordinates (2, -1), and p is at (0, 0)."""
    net = by_hand()
    d1, d2 = np.random.default_rng(0).normal(size=(2, len(net.parameters)))
    points = [net.parameters + 2 * d1 - d2, net.parameters]
    ax = ns.draw_loss_surface(net, d1, d2, *XOR, path_of=points, resolution=5)
    assert ax.lines[0].get_xydata() == pytest.approx(np.array([[2, -1], [0, 0]]), abs=1e-9)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("steps along a", "steps along b")


def test_a_history_of_both_parameters_is_a_path_of_them():
    """A history that holds the two parameters only, in another order, gives their values."""
    net, weights = line(), ns.WeightHistory([AXES[1], AXES[0]])
    net.fit(*LINE_SAMPLES, optimizer=ns.SGD(0.1), epochs=5, callbacks=weights)
    ax = ns.draw_loss_surface(net, *AXES, *LINE_SAMPLES, path_of=weights, resolution=5)
    assert ax.lines[0].get_xydata() == pytest.approx(weights.values[:, ::-1])


def test_a_loss_that_does_not_change_or_overflows_is_drawn():
    """A flat loss is one band; where it overflows nothing is drawn."""
    net = line()
    flat = ns.draw_loss_surface(net, *AXES, [[0.0]], [[1.0]], limits=(1 - 1e-300, 1 + 1e-9))
    assert flat.collections
    wild = ns.draw_loss_surface(net, *AXES, *LINE_SAMPLES, limits=(0, 1e200), resolution=5)
    assert wild.collections


def test_wrong_axes_and_paths_of_a_loss_surface_are_refused():
    """The message says what each must be."""
    net = line()
    part = ns.WeightHistory(AXES[0])
    net.copy().fit(*LINE_SAMPLES, optimizer=ns.SGD(0.1), callbacks=part)
    cases = {
        "draw_loss_surface: a and b must be two different directions; got "
        "'input[0]->output[0]' and 'input[0]->output[0]'.": (AXES[0], AXES[0], {}),
        "draw_loss_surface: a must be an edge, a bias such as 'b.bias', or one number per "
        "parameter, (2,); got (3,).": ([1, 2, 3], AXES[1], {}),
        "Network: 'output[0]' stands for 2 parameters, but one is meant; name an edge such as "
        "'a->b', or a bias such as 'output[0].bias'.": ("output[0]", AXES[1], {}),
        "Network: 'input[0]' has no bias; an input is given, not computed.": (
            "input[0].bias",
            AXES[1],
            {},
        ),
        "draw_loss_surface: path_of must hold vectors of all 2 parameters, such as copies of "
        "net.parameters, or be a ns.WeightHistory; got shape (1, 3).": (
            *AXES,
            {"path_of": [[1, 2, 3]]},
        ),
        "draw_loss_surface: path_of recorded 1 parameters, but not those of both axes, "
        "'input[0]->output[0]' and 'output[0].bias'; make it with ns.WeightHistory(), which "
        "records all.": (*AXES, {"path_of": part}),
        "draw_loss_surface: limits must be (low, high) or one such pair for a and one for b; got "
        "[1, 2, 3].": (*AXES, {"limits": [1, 2, 3]}),
    }
    for message, (a, b, options) in cases.items():
        assert refused(ns.draw_loss_surface, net, a, b, *LINE_SAMPLES, **options) == message


def test_three_dimensions_need_axes_of_three_dimensions():
    """A flat Axes cannot hold a surface, nor one in space contours."""
    flat = plt.figure().add_subplot()
    assert refused(ns.draw_loss_surface, line(), *AXES, *LINE_SAMPLES, three_d=True, ax=flat) == (
        "draw_loss_surface: ax must be a three-dimensional Axes, such as "
        "figure.add_subplot(projection='3d'); this one is flat."
    )
    space = plt.figure().add_subplot(projection="3d")
    assert ns.draw_loss_surface(line(), *AXES, *LINE_SAMPLES, three_d=True, ax=space) is space


# Matrices, images, histograms -------------------------------------------------------------------


def test_a_matrix_has_a_row_per_source_and_the_biases_below():
    """Every cell is the weight of its edge; where there is none, the cell is empty."""
    for net in (by_hand(), skips(), tied()):
        ax = ns.draw_weights(net)
        for layer, axes in zip(net.layers[1:], ax.figure.axes, strict=False):
            cells = np.ma.filled(axes.images[0].get_array(), np.nan)
            sources = [text.get_text() for text in axes.get_yticklabels()]
            for j, neuron in enumerate(layer.neurons):
                assert cells[-1, j] == neuron.bias
                for i, source in enumerate(sources[:-1]):
                    edge = net.graph.edges.get((net[source], neuron))
                    assert np.isnan(cells[i, j]) if edge is None else cells[i, j] == edge["weight"]


def test_gradients_are_drawn_like_weights():
    """what="gradients" draws the matrix of derivatives."""
    net = by_hand()
    net.forward([0.4, 0.6])
    net.backward([1.0])
    cells = ns.draw_weights(net.layers[2], "gradients").images[0].get_array()
    assert cells[:-1].tolist() == net.layers[2].weight_gradients.tolist()


def test_numbers_are_written_where_they_fit():
    """A small matrix has its numbers in it, a large one none."""
    assert len(ns.draw_weights(by_hand().layers[1]).texts) == 6
    large = ns.Network.layered([64, 100], hidden=None, output=ns.LinearNeuron, rng=0)
    assert not ns.draw_weights(large).texts


def test_numbers_stay_within_their_cells():
    """No number is wider or higher than the cell it stands in."""
    for draw in (lambda: ns.draw_weights(PIXELS.layers[1]), CHARTS["confusion"]):
        ax = draw()
        ax.figure.canvas.draw()
        corners = ax.transData.transform([[0, 0], [1, 1]])
        width, height = np.abs(corners[1] - corners[0])
        for text in ax.texts:
            box = text.get_window_extent()
            assert box.width <= width
            assert box.height <= height * 1.5
        plt.close("all")


def test_an_image_is_the_incoming_weights_row_by_row():
    """Neuron j's image is column j of the weights, in the shape of the pixels."""
    layer = PIXELS.layers[1]
    ax = ns.draw_weight_images(layer, (3, 4), max_images=4)
    assert len(ax.images) == 4
    for j, image in enumerate(ax.images):
        assert image.get_array().tolist() == layer.weights[:, j].reshape(3, 4).tolist()


def test_wrong_layers_and_shapes_are_refused():
    """The message says which layer, and what shape, is meant."""
    first = PIXELS.layers[1]
    cases = {
        "draw_weight_images: shape must be (height, width) with height * width = 12, as so many "
        "neurons feed layer 'hidden1'; got (8, 8).": (ns.draw_weight_images, first, (8, 8)),
        "draw_weight_images: one layer must be named, as the network has 2 with weights; take "
        "net.layers[1] for the one that reads the inputs.": (ns.draw_weight_images, PIXELS, (3, 4)),
        "draw_weights: InputLayer(12) has no weights, as nothing feeds it; take net.layers[1] or "
        "a later one.": (ns.draw_weights, PIXELS.layers[0]),
        "draw_weights: the first argument must be a network or one of net.layers; got 3.": (
            ns.draw_weights,
            3,
        ),
        "draw_weights: what must be 'weights' or 'gradients'; got 'bias'.": (
            ns.draw_weights,
            PIXELS,
            "bias",
        ),
        "draw_histograms: what must be one of 'weights', 'biases', 'gradients', 'activations', "
        "'deltas'; got 'z'.": (ns.draw_histograms, PIXELS, "z"),
        "draw_histograms: no pass with deltas belongs to the parameters; call net.forward(X) and "
        "net.backward(Y) first.": (ns.draw_histograms, PIXELS, "deltas"),
    }
    for message, (function, *arguments) in cases.items():
        assert refused(function, *arguments) == message
    axes = plt.figure().add_subplot()
    assert refused(ns.draw_weights, PIXELS, ax=axes) == (
        "draw_weights: ax is one Axes, but there are 2 panels to draw; draw one layer, such as "
        "net.layers[1], or leave ax out."
    )


@pytest.mark.parametrize("draw", [ns.draw_weights, ns.draw_histograms])
def test_weights_that_are_not_finite_are_told(draw):
    """The first parameter that is no number is named."""
    net = by_hand()
    net.parameters[0] = np.nan
    assert refused(draw, net) == (
        f"{draw.__name__}: the parameter 'input[0]->hidden1[0]' is nan; set it to a finite number, "
        "or call net.reset()."
    )


@pytest.mark.parametrize("what", ["weights", "biases", "gradients", "activations", "deltas"])
def test_a_histogram_counts_every_number_once(what):
    """The counts add up to the numbers of the layer; a shared weight is one number."""
    net = tied()
    net.forward(np.eye(4))
    net.backward(np.ones((4, 1)))
    counts = [
        sum(axes.patches[0].get_data().values) for axes in ns.draw_histograms(net, what).figure.axes
    ]
    first = {"weights": 2, "biases": 3, "gradients": 5, "activations": 12, "deltas": 12}
    last = {"weights": 3, "biases": 1, "gradients": 4, "activations": 4, "deltas": 4}
    assert counts == [first[what], last[what]]


# Kinds ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", door.SINGLE, ids=door.name_of)
def test_the_curves_of_a_kind_are_its_formulas(kind):
    """Activation and derivative are those the kind states; a kind without one says so."""
    ax = ns.draw_kind(kind, reach=2.0)
    activation = next(line for line in ax.lines if line.get_label() == "activation")
    z, a = activation.get_data()
    known = np.isfinite(a)
    neuron = kind([1.0])
    wanted = [neuron([value]) for value in z[known][::97]]
    assert a[known][::97] == pytest.approx(wanted)
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["activation", "derivative" if kind.differentiable() else "no derivative"]


@pytest.mark.parametrize("kind", door.DIFFERENTIABLE, ids=door.name_of)
def test_the_derivative_is_the_slope_of_the_activation(kind):
    """Away from kinks the second curve is the slope of the first, for coupled kinds too."""
    activation, slope = (
        line for line in ns.draw_kind(kind).lines if not line.get_label().startswith("_")
    )
    z, a = activation.get_data()
    d = slope.get_ydata()
    measured = (a[2:] - a[:-2]) / (z[2:] - z[:-2])
    far = np.abs(z[1:-1]) > 0.05
    assert d[1:-1][far] == pytest.approx(measured[far], abs=1e-3)


def test_a_jump_is_a_gap():
    """No line joins 0 and 1 of a perceptron, nor the slopes of ReLU; a curve has no gap."""
    gaps = {
        ns.Perceptron: ("activation", 1),
        ns.ReLUNeuron: ("derivative", 1),
        ns.TanhNeuron: ("derivative", 0),
    }
    for kind, (name, n) in gaps.items():
        curve = next(c for c in ns.draw_kind(kind).lines if c.get_label() == name)
        assert np.isnan(curve.get_ydata()).sum() == n


def test_one_figure_has_all_kinds():
    """Every kind of the door has a panel, titled with its name, and so has a partial."""
    titles = [axes.get_title() for axes in ns.draw_kinds().figure.axes]
    assert sorted(title.split("(")[0] for title in titles) == sorted(k.__name__ for k in door.KINDS)
    steep = functools.partial(ns.LeakyReLUNeuron, slope=0.5)
    assert ns.draw_kinds([steep]).get_title() == "LeakyReLUNeuron(slope=0.5)"


def test_what_is_no_kind_is_refused():
    """The message shows a kind."""
    assert refused(ns.draw_kind, 3) == (
        "draw_kind: kind must be a kind of neuron, such as ns.SigmoidNeuron; got 3."
    )
    assert refused(ns.draw_kinds, []) == (
        "draw_kinds: kinds must hold at least one kind; got an empty list."
    )


# Confusion --------------------------------------------------------------------------------------


def test_a_confusion_is_drawn_from_counts_or_from_predictions():
    """Both give the same cells; the title says how many are right, zeros are left blank."""
    Y, answers = [[0.0], [1.0], [1.0]], [[0.2], [0.4], [0.9]]
    for ax in (ns.draw_confusion(Y, answers), ns.draw_confusion(ns.confusion_matrix(Y, answers))):
        assert ax.images[0].get_array().tolist() == [[1, 0], [1, 1]]
        assert [text.get_text() for text in ax.texts] == ["1", "", "1", "1"]
        assert ax.get_title() == "2 of 3 right (66.7%)"
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("taken for", "class")


def test_shares_are_those_of_the_rows():
    """Each row adds up to 100 %; a class without samples is all zeros."""
    ax = ns.draw_confusion([[3, 1], [0, 0]], shares=True)
    assert ax.images[0].get_array().tolist() == [[75, 25], [0, 0]]


def test_wrong_confusions_are_refused():
    """The message says what the matrix, and the names, must be."""
    cases = {
        "draw_confusion: without predictions the first argument must be a square matrix of "
        "counts, as ns.confusion_matrix(Y, predictions) returns it; got shape (2, 3).": (
            np.ones((2, 3)),
        ),
        "draw_confusion: counts must be whole numbers that are not negative; got [[0.5, 1], "
        "[1, 1]]. To see shares give the counts and shares=True.": ([[0.5, 1], [1, 1]],),
        "confusion_matrix: Y and predictions must both be (n, n_outputs); got (3,) and (2,).": (
            [0, 1, 1],
            [0, 1],
        ),
    }
    for message, arguments in cases.items():
        assert refused(ns.draw_confusion, *arguments) == message
    assert refused(ns.draw_confusion, np.eye(2), classes=["a"]) == (
        "draw_confusion: classes must be 2 names; got 1."
    )


# Colours ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_lightness_changes_one_way_from_zero_to_the_ends(theme):
    """Both maps go steadily away from the ground, so that they also tell in grey print."""
    for cmap, start in ((colors.sequential(theme.inks), 0.0), (colors.diverging(theme.inks), 0.5)):
        for end in (1.0, 0.0) if start else (1.0,):
            shades = [colors._lightness(cmap(v)[:3]) for v in np.linspace(start, end, 20)]
            steps = np.diff(shades)
            assert (steps < 0).all() or (steps > 0).all()


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_zero_is_the_ground_of_signed_numbers(theme):
    """The middle of the diverging map is the ground, its sides are the colours of edges."""
    cmap, norm = colors.map_and_norm(np.array([-3.0, 1.0]), theme.inks, signed=True)
    assert mpl.colors.to_rgb(cmap(norm(0.0))) == pytest.approx(
        mpl.colors.to_rgb(theme.inks.paper), abs=0.02
    )
    assert (norm.vmin, norm.vmax) == (-3, 3)
