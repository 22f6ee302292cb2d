"""The player in a real browser: clicked, typed at, looked at."""

import re

import numpy as np
import pytest
from pages import (
    Reader,
    as_shown,
    browser,  # noqa: F401
    check_walk,
    digits,
    small,
    softmax,
    training,
)

import neurosim as ns
from neurosim.tracing.player.page import SCRIPTS, page_of, training_page_of

EDGE = "input[1]->hidden1[0]"


@pytest.fixture
def opened(browser, tmp_path):  # noqa: F811
    """A function that opens a trace's page; what it opened must have been quiet and alone."""
    readers = []

    def open_(trace, digits=6, notation="labels", edit=None, **how):
        write = training_page_of if isinstance(trace, ns.TrainingTrace) else page_of
        page = write(trace, digits, notation)
        file = tmp_path / f"page{len(readers)}.html"
        file.write_text(page if edit is None else edit(page), encoding="utf-8")
        readers.append(Reader(browser, file, **how))
        return readers[-1]

    yield open_
    for reader in readers:
        reader.close()


@pytest.mark.parametrize("make", [small, softmax], ids=["small", "softmax"])
def test_every_number_shown_is_the_traces(opened, make):
    """Step by step, in full precision behind the text and rounded in it."""
    trace = make()
    check_walk(opened(trace), trace)


def test_a_wrong_number_would_be_found(opened):
    """The check above sees one planted digit."""
    trace = small()
    wrong = repr(trace[3].value)[:-1] + ("1" if repr(trace[3].value)[-1] != "1" else "2")
    reader = opened(trace, edit=lambda page: page.replace(repr(trace[3].value), wrong))
    with pytest.raises(AssertionError):
        check_walk(reader, trace)


def test_terms_add_up_as_the_traces_do(opened):
    """Stepping by term shows every running sum of `Trace.by`, and then the whole."""
    trace = small()
    reader = opened(trace)
    reader.by("term")
    groups = trace.by("term")
    assert reader.place == (0, len(groups))
    for position, group in enumerate(groups[:25]):
        reader.slide(position)
        assert reader.text("#heading").lower() == group.title.lower()
        expected = group.steps[0].value if group.term is None else group.term.running
        assert reader.values == [(expected, as_shown(expected))]


@pytest.mark.parametrize("by", ["neuron", "layer"])
def test_groups_are_the_traces(opened, by):
    """Every place has the title and all numbers of a group of `Trace.by`."""
    trace = softmax()
    reader = opened(trace)
    reader.by(by)
    groups = trace.by(by)
    assert reader.place[1] == len(groups)
    for position, group in enumerate(groups):
        reader.slide(position)
        sample = "" if group.sample is None else f", sample {group.sample}"
        assert reader.text("#heading").lower() == f"{group.title}{sample}".lower()
        assert [full for full, _ in reader.values] == [step.value for step in group.steps]


def test_buttons_go_first_back_forward_last(opened):
    """And they are dead where there is nowhere to go."""
    reader = opened(small())
    _, n = reader.place
    page = reader.page
    assert page.is_disabled("#first")
    assert page.is_disabled("#back")
    for button, place in [("forward", 1), ("forward", 2), ("back", 1), ("last", n - 1)]:
        page.click(f"#{button}")
        assert reader.place == (place, n)
    assert page.is_disabled("#forward")
    page.click("#first")
    assert reader.place == (0, n)


def test_keys_go_the_same_ways(opened):
    """Arrows, Home, End, Page Up and Page Down; the page says so itself."""
    reader = opened(small())
    _, n = reader.place
    press = reader.page.keyboard.press
    for key, place in [("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", n - 1)]:
        press(key)
        assert reader.place == (place, n)
    press("Home")
    phases = []
    for _ in range(4):
        phases.append(reader.text('.phases [aria-pressed="true"]'))
        press("PageDown")
    assert phases == ["Forward", "Loss", "Backward", "Update"]
    press("Home")
    press("PageDown")
    press("PageDown")
    press("PageUp")
    assert reader.text("#heading") == "Loss"
    told = (
        reader.page.locator("details dl").inner_text()
        or reader.page.locator("details dl").text_content()
    )
    for key in ("→", "space", "Home", "Page ↓", "Esc"):
        assert key in told


def test_it_plays_and_pauses(opened):
    """By the button and by the space bar, and it stops at the end."""
    reader = opened(small())
    page = reader.page
    page.select_option("#speed", "10")
    page.click("#play")
    page.wait_for_function("document.getElementById('slider').value > 2")
    assert page.get_attribute("#play", "aria-label") == "Pause"
    page.locator("body").press(" ")
    assert page.get_attribute("#play", "aria-label") == "Play"
    page.locator("body").press(" ")
    page.wait_for_function("document.getElementById('play').ariaLabel === 'Play'")
    place, n = reader.place
    assert place == n - 1


def test_nothing_stands_in_the_drawing_before_it_is_known(opened):
    """Activations after forward, deltas backward, new weights after the update."""
    trace = small()
    reader = opened(trace)
    reader.by("step")
    known = {"input[0]": "0", "input[1]": "1"}
    deltas, weight = {}, as_shown(trace.network[EDGE].weight, 3)
    for position, step in enumerate(trace):
        reader.slide(position)
        if step.quantity == "a":
            known[step.subject] = as_shown(step.value, 3)
        elif step.quantity == "delta":
            deltas[step.subject] = f"δ = {as_shown(step.value, 3)}"
        elif (step.quantity, step.subject) == ("new", EDGE):
            weight = as_shown(step.value, 3)
        for label in trace.network.labels:
            assert reader.shown("activation", label) == known.get(label)
            assert reader.shown("delta", label) == deltas.get(label)
        assert reader.shown("weight", EDGE) == weight
    assert len(deltas) == 5


def test_what_a_step_is_made_of_is_lit(opened):
    """Its neuron, the neurons that feed it and the edges between; of a term those of the term."""
    reader = opened(small())

    def lit():
        return set(
            reader.page.eval_on_selector_all("svg .lit", "all => all.map(e => e.dataset.label)")
        )

    reader.by("step")
    edges = {"input[0]->hidden1[0]", EDGE}
    assert lit() == {"hidden1[0]", "input[0]", "input[1]", *edges}
    reader.by("term")
    reader.slide(1)
    assert lit() == {"hidden1[0]", "input[1]", EDGE}
    marked = reader.page.locator("#now .quantity.lit").all_inner_texts()
    assert [re.sub(r"\s", "", text) for text in marked] == [
        "winput[1]→hidden1[0]",
        "ainput[1]",
    ]


def test_a_neuron_that_is_clicked_tells_its_equations_and_leads_to_its_steps(opened):
    """All of them, with the edges into it and out of it, which lead on."""
    trace = small()
    reader = opened(trace)
    page = reader.page
    page.locator('svg g.node[data-label="hidden1[0]"]').click()
    assert reader.text("#about h2").startswith("hidden1[0]")
    own = [i for i, step in enumerate(trace) if step.subject in ("hidden1[0]", "hidden1[0].bias")]
    found = page.eval_on_selector_all(
        "#about .value[data-value]", "all => all.map(e => Number(e.dataset.value))"
    )
    assert found == [trace[i].value for i in own]
    reader.by("step")
    for i in own:
        page.click(f'#about [data-go="{i}"]')
        assert reader.place[0] == i
    page.click("#about .neighbours button >> nth=0")
    assert reader.text("#about h2").startswith("input[0]->hidden1[0]")
    page.keyboard.press("Escape")
    assert not page.is_visible("#about")


def test_an_edge_that_is_clicked_tells_its_equations(opened):
    """Its gradient and its update; edges and neurons can be reached by the keyboard, too."""
    trace = small()
    reader = opened(trace)
    page = reader.page
    box = page.locator(f'svg path.edge[data-label="{EDGE}"]').bounding_box()
    # A quarter along, where no other edge is near.
    page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 0.75 * box["height"])
    assert reader.text("#about h2").startswith(EDGE)
    found = page.eval_on_selector_all(
        "#about .value[data-value]", "all => all.map(e => Number(e.dataset.value))"
    )
    assert found == [step.value for step in trace.of(EDGE)]
    page.locator('svg g.node[data-label="output[0]"]').press("Enter")
    assert reader.text("#about h2").startswith("output[0]")


def test_find_leads_to_what_is_not_drawn(opened):
    """By its label, which is refused where there is none."""
    reader = opened(digits())
    page = reader.page
    page.fill("#find", "input[30]->hidden1[3]")
    page.press("#find", "Enter")
    assert reader.text("#about h2").startswith("input[30]->hidden1[3]")
    page.fill("#find", "nobody")
    page.press("#find", "Enter")
    assert page.get_attribute("#find", "aria-invalid") == "true"


def test_pointing_at_something_tells_its_numbers(opened):
    """Of a neuron what is known, of a symbol its number in full."""
    trace = small()
    reader = opened(trace)
    page = reader.page
    page.click("#last")
    page.locator('svg g.node[data-label="output[0]"]').hover()
    lines = reader.text("#tip").split("\n")
    assert lines[0] == "output[0]"
    assert f"δ = {as_shown(trace.of('output[0]', 'delta')[0].value)}" in lines
    page.click("#first")
    page.locator("#now .quantity").first.hover()
    weight = trace.network["input[0]->hidden1[0]"].weight
    assert reader.text("#tip") == f"w[input[0]->hidden1[0]] = {weight:.17g}"


def test_notation_and_digits_are_chosen_in_the_page(opened):
    """Labels or a book's indices; a wrong number of digits changes nothing."""
    trace = small()
    reader = opened(trace, digits=3, notation="book")
    page = reader.page
    assert page.input_value("#notation") == "book"
    assert re.sub(r"\s", "", reader.text("#now .line")) == "z21=w211·a11+w212·a12+b21"
    assert reader.values[0][1] == as_shown(trace[0].value, 3)
    page.fill("#digits", "12")
    assert reader.values[0][1] == as_shown(trace[0].value, 12)
    page.fill("#digits", "0")
    assert page.get_attribute("#digits", "aria-invalid") == "true"
    assert reader.values[0][1] == as_shown(trace[0].value, 12)
    page.select_option("#notation", "labels")
    assert "hidden1[0]" in reader.text("#now .line")


def test_numbers_are_rounded_as_python_does(opened):
    """Half to even, with Python's exponents, for any number of digits."""
    rng = np.random.default_rng(3)
    numbers = [*(rng.standard_normal(200) * 10.0 ** rng.integers(-12, 12, 200)).tolist()]
    numbers += [0.0, -0.0, 0.5, 2.5, 0.125, 0.375, 1e-5, 9.9999e-5, 1e22, 123456.5, 999999.5, 1e300]
    page = opened(small()).page
    source = "".join(f"{name}\n" for name in [_script("numbers")])
    page.evaluate(f"() => {{ {source}; window.general = general; }}")
    for digits_ in (1, 2, 6, 17):
        found = page.evaluate("([all, d]) => all.map(x => general(x, d))", [numbers, digits_])
        assert found == [f"{x:.{digits_}g}" for x in numbers]


def _script(name):
    from neurosim.tracing.player.page import _static

    assert name in SCRIPTS
    return _static(f"{name}.js")


def test_light_and_dark(opened):
    """As the system has it, and by a button."""
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    for scheme, color in [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 25, 31)")]:
        page = opened(small(), color_scheme=scheme).page
        assert page.evaluate(ground) == color
        page.click("#theme")
        assert page.evaluate(ground) != color
        page.click("#theme")
        assert page.evaluate(ground) == color


@pytest.mark.parametrize("make", [small, softmax, training, digits])
@pytest.mark.parametrize("width", [320, 390, 820])
def test_a_phone_needs_no_scrolling_sideways(opened, make, width):
    """At every step that is looked at, nothing is wider than the screen."""
    reader = opened(make(), viewport={"width": width, "height": 844})
    for key in ("Home", "PageDown", "PageDown", "End"):
        reader.page.keyboard.press(key)
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= width


def test_who_does_not_see_it_is_told(opened):
    """Every control has a name; the step is read out; the slider says where it is."""
    trace = small()
    reader = opened(trace)
    page = reader.page
    nameless = page.eval_on_selector_all(
        "button, select, input, [role=button], [role=slider]",
        """all => all.filter(e => !(e.ariaLabel || e.textContent.trim() || e.labels?.length))
                     .map(e => e.outerHTML)""",
    )
    assert nameless == []
    assert page.get_attribute("#spoken", "aria-live") == "polite"
    said = page.locator("#spoken").text_content()
    assert said.startswith(f"forward: hidden1[0]. z[hidden1[0]] = {as_shown(trace[0].value)}. ")
    assert trace[0].explanation in said
    page.click("#forward")
    assert page.get_attribute("#slider", "aria-valuetext") == "forward: hidden1[1]"
    page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"


def test_hostile_labels_are_only_labels(opened):
    """They stand in the page as they are; no script of theirs runs, no element of theirs is."""
    hostile = ["</script><script>alert(1)</script>", "%_$", "<svg onload>", "{{DATA}}", "'\"&amp;"]
    inputs = ns.InputLayer(4, labels=hostile[:4])
    net = ns.Network([inputs, ns.Layer(1, ns.LinearNeuron, labels=hostile[4:])], rng=1)
    trace = net.trace([1.0, 2.0, 3.0, 4.0], [1.0], ns.SGD(0.1))
    reader = opened(trace)
    for label in hostile:
        reader.page.evaluate(
            """label => [...document.querySelectorAll("svg g.node")]
              .find(e => e.dataset.label === label).dispatchEvent(new MouseEvent("click"))""",
            label,
        )
        assert reader.text("#about h2").startswith(label)
    check_walk(reader, trace)


def test_a_large_network_is_gone_through(opened):
    """64-16-10 by every grouping; what is not drawn is told, long sums open."""
    trace = digits()
    reader = opened(trace)
    page = reader.page
    for by in ("neuron", "layer", "term", "step"):
        reader.by(by)
        _, n = reader.place
        for position in range(0, n, max(1, n // 20)):
            reader.slide(position)
    reader.by("step")
    page.keyboard.press("Home")
    assert "input[8]" in reader.text("#beyond")
    before = page.locator("#now .quantity").count()
    page.locator("#now button.elided").first.click()
    # Every weight and activation and the bias, by name and by number.
    assert page.locator("#now .quantity").count() == 2 * (2 * 64 + 1) > before
    reader.by("layer")
    page.keyboard.press("End")
    assert page.locator("#now .equation").count() == 24
    page.locator("#now .more").click()
    assert page.locator("#now .equation").count() > 24


def test_the_loss_curve_is_the_slider_of_a_training(opened):
    """A click leads to that learning step, keys to the next; its numbers are that step's."""
    course = training()
    reader = opened(course)
    page = reader.page
    reader.by("step")
    curve = page.locator("#curve [role=slider]")
    box = curve.bounding_box()
    for k in (0, 7, 29):
        page.mouse.click(box["x"] + 1 + (box["width"] - 2) * k / 29, box["y"] + box["height"] / 2)
        assert curve.get_attribute("aria-valuenow") == str(k)
        reader.slide(0)
        assert reader.values[0][0] == course[k][0].value
        assert as_shown(course.loss[k]) in reader.text("#curve .reading")
    page.keyboard.press("ArrowUp")
    assert curve.get_attribute("aria-valuenow") == "28"
    reader.slide(len(course[0]) - 1)
    page.click("#forward")
    assert curve.get_attribute("aria-valuenow") == "29"
    assert reader.place[0] == 0
    assert reader.shown("weight", EDGE) == as_shown(course.history(EDGE, "weight")[29], 3)
    reader.by("training")
    page.click("#back")
    assert curve.get_attribute("aria-valuenow") == "28"
    assert reader.shown("weight", EDGE) == as_shown(course.history(EDGE, "new")[28], 3)


def test_a_training_that_overflows_is_shown(opened):
    """The curve ends where the loss is no number; the page goes on."""
    net = ns.Network([ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]])])
    reader = opened(ns.trace_training(net, [[1e150]], [[0.0]], ns.SGD(1.0), 4))
    reader.by("step")
    for _ in range(30):
        reader.page.keyboard.press("ArrowRight")
    assert "nan" in reader.text("#curve .reading")


def test_two_traces_in_one_notebook_do_not_meet(browser, tmp_path):  # noqa: F811
    """Each plays by itself in its frame."""
    file = tmp_path / "notebook.html"
    file.write_text(small()._repr_html_() + softmax()._repr_html_(), encoding="utf-8")
    reader = Reader(browser, file)
    first, second = (reader.page.frame_locator("iframe").nth(k) for k in range(2))
    first.locator("#forward").click()
    second.locator("#last").scroll_into_view_if_needed()
    assert first.locator("#place").inner_text().startswith("2 of ")
    assert second.locator("#place").inner_text().startswith("1 of ")
    reader.requests = [url for url in reader.requests if url != "about:srcdoc"]
    reader.close()
