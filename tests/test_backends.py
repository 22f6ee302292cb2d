"""What draws a scene: every back-end shows all of it, whatever its labels are."""

import html
import re
import shutil
import string
import subprocess
from collections import Counter
from dataclasses import fields, replace
from itertools import combinations, pairwise
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawn import (
    GALLERY,
    closed_figures,  # noqa: F401
    gallery,
    joined_within,
    layered,
    passed,
    skips_passed,
    tied,
    two_two_one,
)

import neurosim as ns
from neurosim.drawing import formulas
from neurosim.drawing.backends import WRITERS, Page, dot_of, draw_scene, svg_of, tex, tikz_of
from neurosim.drawing.canvas import styled
from neurosim.drawing.measure import extent, measure
from neurosim.drawing.network import SUFFIXES, network_scene, network_svg
from neurosim.drawing.scene import Rectangle, Text
from neurosim.drawing.themes import THEMES

SVG = "{http://www.w3.org/2000/svg}"
SPACES = "{http://www.w3.org/XML/1998/namespace}space"
ODD_LABELS = [
    "</script><b>",
    "%_$&\"#~^\\{}'",
    "x\\N\\G &amp; <!-- ]]>",
    "a--b ``c'' ?`",
    "café Łódź ß €",
    "神経 ∞ ²",
]


def odd():
    """A network whose labels mean something in every language of the back-ends."""
    inputs = ns.InputLayer(3, labels=ODD_LABELS[:3])
    hidden = ns.Layer(3, ns.SigmoidNeuron, labels=ODD_LABELS[3:], name="a&b_%$ <i>")
    net = ns.Network([inputs, hidden, ns.Layer(1, ns.LinearNeuron, labels=["out"])], rng=1)
    net.forward([1, 2, 3])
    net.backward([1])
    return net


def everything(make):
    """The scene of a network with all there is to show, neurons in symbols."""
    shown = dict.fromkeys(("formulas", "shapes", "fills", "z", "gradients", "colorbar"), True)
    return network_scene(make(), show=shown, notation="math", title="all of it")


def lines_of(scene):
    """The texts of a scene as they can be read."""
    return [formulas.plain(text.text) if text.math else text.text for text in scene.texts]


# Files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
@gallery
def test_every_back_end_draws_every_network(tmp_path, make, suffix):
    """Every suffix makes a file of its own kind, twice the same one, and leaves the network."""
    net = make()
    before = net.parameters.copy()
    begins = {".png": b"\x89PNG", ".pdf": b"%PDF", ".svg": b"<?xml", ".tex": b"% A neural network"}
    files = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for file in files:
        net.draw(file)
    assert files[0].read_bytes().startswith(begins.get(suffix, b"digraph"))
    assert files[0].read_bytes() == files[1].read_bytes()
    assert np.array_equal(net.parameters, before)


@pytest.mark.parametrize("style", ["screen", "paper", "slide", "dark"])
@pytest.mark.parametrize("write", WRITERS.values(), ids=list(WRITERS))
def test_every_style_is_written_by_every_writer(write, style):
    """No ink, opacity or page of a style is unknown to a writer."""
    scene = network_scene(skips_passed(), style=style, highlight="k1", feeding=True)
    assert scene.paper.lstrip("#").lower() in write(Page.of(scene)).lower()


def test_a_figure_of_the_person_is_written_whole(tmp_path):
    """With `ax`, an SVG holds what else the figure shows; TikZ holds the network alone."""
    figure, (left, right) = plt.subplots(1, 2)
    right.plot([1, 2, 3], gid="a-line-of-theirs")
    for name in ("net.svg", "net.tex"):
        two_two_one().draw(tmp_path / name, ax=left)
        left.clear()
    assert "a-line-of-theirs" in (tmp_path / "net.svg").read_text()
    assert "hidden1-0" in (tmp_path / "net.tex").read_text()
    assert figure.axes == [left, right]


@pytest.mark.parametrize("figsize", [(3.0, 5.0), (11.0, 2.5)])
def test_every_writer_fits_the_drawing_into_figsize(figsize):
    """The paper has the size asked for, and the drawing stays whole and in proportion."""
    scene = network_scene(passed())
    page = Page.of(scene, figsize)
    assert np.allclose([page.width, page.height], np.array(figsize) * 72)
    assert page.scene.left <= scene.left < scene.right <= page.scene.right
    root = ElementTree.fromstring(svg_of(page))
    assert root.get("width") == f"{figsize[0] * 72:g}pt"
    assert root.get("height") == f"{figsize[1] * 72:g}pt"
    assert f"x={round(page.scale, 4):g}bp, y={round(page.scale, 4):g}bp" in tikz_of(page)


def test_what_is_huge_is_drawn_smaller():
    """No side of a drawing is longer than 30 inches unless it is asked for."""
    scene = network_scene(layered(600, 3), max_neurons=600)
    assert scene.height > 30 * 72
    assert max(Page.of(scene).width, Page.of(scene).height) == pytest.approx(30 * 72)


# matplotlib -------------------------------------------------------------------------------------


def test_axes_show_paper_rectangles_and_formulas():
    """A dark drawing in a white figure brings its ground; formulas are set as such."""
    _, ax = plt.subplots()
    scene = everything(passed)
    draw_scene(scene, ax)
    gids = Counter(patch.get_gid() for patch in ax.patches)
    assert gids["rectangle"] == len(scene.rectangles) > 0
    assert "paper" not in gids
    shown = {artist.get_text(): artist.get_parse_math() for artist in ax.texts}
    for text in scene.texts:
        written = formulas.mathtext(text.text) if text.math else text.text
        assert shown[written] is text.math
    _, ax = plt.subplots()
    passed().draw(ax=ax, style="dark")
    assert [patch.get_facecolor() for patch in ax.patches if patch.get_gid() == "paper"]


def test_faded_nodes_hide_the_edges_behind_them():
    """What one can see through is covered by the paper first, in axes and in SVG."""
    scene = network_scene(skips_passed(), highlight="k1")
    faded = [node.label for node in scene.nodes if node.alpha < 1]
    assert 0 < len(faded) < len(scene.nodes)
    _, ax = plt.subplots()
    draw_scene(scene, ax)
    (covers,) = [item for item in ax.collections if item.get_gid() == "covers"]
    assert len(covers.get_paths()) == len(faded)
    nodes = ElementTree.fromstring(svg_of(scene)).iter(f"{SVG}g")
    covered = [
        g.get("data-label") for g in nodes if g.find(f"{SVG}circle[@class='cover']") is not None
    ]
    assert covered == faded


def test_axes_in_subfigures_are_drawn_into(tmp_path):
    """A part of a figure, and a part of that, are as good as a figure."""
    figure = plt.figure(layout="constrained")
    part = figure.subfigures(1, 2)[0].subfigures(2, 1)[0]
    ax = part.subplots()
    two_two_one().draw(tmp_path / "whole.png", ax=ax)
    assert (tmp_path / "whole.png").stat().st_size > 1000
    assert ax.texts


# SVG --------------------------------------------------------------------------------------------


def parts(root, name):
    """The elements of a class."""
    return [item for item in root.iter() if item.get("class") == name]


@pytest.mark.parametrize("make", [*GALLERY, odd], ids=lambda make: make.__name__)
def test_an_svg_holds_all_of_a_scene(make):
    """Every node, edge and text can be found by its label, with its exact weight and words."""
    net = make()
    scene = network_scene(net)
    root = ElementTree.fromstring(svg_of(scene))
    assert [g.get("data-label") for g in parts(root, "node")] == [n.label for n in scene.nodes]
    assert [g.get("data-label") for g in parts(root, "edge")] == scene.edges.labels
    assert [
        float(g.get("data-weight")) for g in parts(root, "edge")
    ] == scene.edges.weights.tolist()
    told = [
        (g.get("data-role"), g.get("data-label"), "".join(g.find(f"{SVG}text").itertext()))
        for g in parts(root, "text")
    ]
    lines = zip(scene.texts, lines_of(scene), strict=True)
    assert told == [(text.role, text.of, line) for text, line in lines]
    assert root.find(f"{SVG}desc").text == scene.description


def boxes(root):
    """The boxes of letters in a parsed SVG: (left, top, right, bottom) of every text."""
    found = []
    for item in root.iter(f"{SVG}text"):
        x, y, size, width = (float(item.get(k)) for k in ("x", "y", "font-size", "textLength"))
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[item.get("text-anchor")]
        found.append((left, y - 0.73 * size, left + width, y))
    return found


def overlapping(boxes):
    """The pairs of boxes that overlap."""
    return [
        (a, b)
        for a, b in combinations(boxes, 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


@gallery
def test_texts_of_an_svg_do_not_overlap(make):
    """As a reader parses them, no letters cover others, and all are inside the frame."""
    root = ElementTree.fromstring(svg_of(network_scene(make())))
    found = boxes(root)
    assert overlapping(found) == []
    width, height = map(float, root.get("viewBox").split()[2:])
    for left, top, right, bottom in found:
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height


def test_the_overlap_test_sees_overlaps():
    """A text that is written twice, a little apart, is found."""
    scene = network_scene(two_two_one())
    first = scene.texts[0]
    scene.texts.append(
        Text(first.text, first.x + 1, first.y + 1, first.size, first.color, first.align)
    )
    assert len(overlapping(boxes(ElementTree.fromstring(svg_of(scene))))) == 1


def test_ids_are_unique_in_a_page_and_reproducible():
    """Different drawings share no id, the same one has the same; a prefix is taken as given."""
    drawings = [svg_of(network_scene(make())) for make in GALLERY]
    ids = [item.get("id") for text in drawings for item in ElementTree.fromstring(text).iter()]
    counts = Counter(found for found in ids if found is not None)
    assert max(counts.values()) == 1
    assert svg_of(network_scene(passed())) == svg_of(network_scene(passed()))
    assert 'id="mine-node-2"' in svg_of(network_scene(passed()), prefix="mine")
    root = ElementTree.fromstring(drawings[0])
    names = {item.get("id") for item in root.iter()}
    assert set(root.get("aria-labelledby").split()) <= names


def test_an_svg_leaks_nothing():
    """It brings no style sheet, script, link or header into the page that it is put into."""
    text = svg_of(everything(odd))
    assert text.startswith("<svg ")
    tags = {item.tag.removeprefix(SVG) for item in ElementTree.fromstring(text).iter()}
    assert tags <= {"svg", "title", "desc", "g", "rect", "circle", "path", "text", "tspan"}
    assert not re.search(r"\sstyle=|href|url\(|\son\w+=", text.replace("data-", ""))


def test_what_xml_cannot_hold_is_replaced():
    """A control sign or half a letter in a label gives a file that still parses."""
    scene = network_scene(two_two_one(), title="a\x00b\x1bc\ud800d")
    root = ElementTree.fromstring(svg_of(scene).encode())
    assert root.find(f"{SVG}title").text == "a\ufffdb\ufffdc\ufffdd"


def test_formulas_move_their_indices():
    """What stands below is moved down and above up, both smaller, and the line goes on after."""
    scene = network_scene(two_two_one())
    scene.texts[:] = [Text(r"\delta_{1}^{(2)} = max(0, z)", 0, 0, 10, "#000000", math=True)]
    (text,) = ElementTree.fromstring(svg_of(scene)).iter(f"{SVG}text")
    spans = list(text)
    heights = np.cumsum([float(span.get("dy", 0)) for span in spans])
    by_text = {span.text: (height, span) for height, span in zip(heights, spans, strict=True)}
    assert by_text["1"][0] > 0 > by_text["(2)"][0]
    assert float(by_text["1"][1].get("font-size")) < 10
    assert by_text[" = "][0] == 0
    assert by_text["δ"][1].get("font-style") == "italic"
    assert by_text["z"][1].get("font-style") == "italic"
    assert "max" not in by_text or by_text["max"][1].get("font-style") is None
    # Else some readers drop the spaces around a sign that is a span.
    assert text.get(SPACES) == "preserve"


@pytest.mark.skipif(not shutil.which("rsvg-convert"), reason="librsvg is not installed")
def test_readers_keep_the_spaces_of_formulas(tmp_path):
    """With librsvg, spaces around signs make a formula wider by what they are wide."""
    widths = []
    for space in (" ", ""):
        scene = network_scene(two_two_one())
        words = f"a^{{(1)}}{space}={space}b^{{(1)}}{space}+{space}c"
        scene.texts[:] = [Text(words, 0, 0, 20, "#000000", math=True, align="left")]
        empty = replace(scene, nodes=[], edges=no_edges(scene.edges), strokes=[])
        file = tmp_path / "formula.svg"
        file.write_text(svg_of(replace(empty, left=-10, right=200, bottom=-30, top=30)))
        command = ["rsvg-convert", str(file), "-o", str(tmp_path / "formula.png")]
        subprocess.run(command, check=True)
        dark = plt.imread(tmp_path / "formula.png")[..., 0] < 0.5
        widths.append(np.ptp(np.flatnonzero(dark.any(axis=0))))
    assert widths[0] > widths[1] + 20


def no_edges(edges):
    """No edges, in the same arrays."""
    return replace(edges, **{each.name: getattr(edges, each.name)[:0] for each in fields(edges)})


# Notebooks --------------------------------------------------------------------------------------


@gallery
def test_a_notebook_shows_the_network(make):
    """`_repr_svg_` is the drawing, with every neuron drawn, and leaves pyplot alone."""
    root = ElementTree.fromstring(make()._repr_svg_())
    assert root.tag == f"{SVG}svg"
    assert parts(root, "node")
    assert plt.get_fignums() == []


def test_a_notebook_is_told_in_words_where_a_drawing_is_of_no_use():
    """Hundreds of layers, and tens of thousands of edges drawn, give None and no error."""
    n = 300
    chain = ns.Network.from_edges(
        range(n), range(1, n + 1), kinds=ns.TanhNeuron, inputs=[0], outputs=[n], rng=0
    )
    assert chain._repr_svg_() is None
    assert network_svg(layered(*[12] * 60)) is None


# LaTeX ------------------------------------------------------------------------------------------


def unbalanced(source):
    """What is open at the end of a TeX source, or closed too early: braces and environments."""
    bare = re.sub(r"(?<!\\)%.*", "", source)
    bare = re.sub(r"\\[\\{}%$#&_]", "", bare)
    depth = 0
    for char in bare:
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth < 0:
            return "}"
    opened = Counter(re.findall(r"\\begin\{(\w+)\}", bare))
    closed = Counter(re.findall(r"\\end\{(\w+)\}", bare))
    dollars = bare.count("$") % 2
    return "{" * depth or "$" * dollars or (opened - closed) + (closed - opened) or None


def test_the_balance_test_sees_what_is_open():
    """A brace, a dollar or an environment too many is found."""
    sound = tikz_of(Page.of(everything(passed)))
    assert unbalanced(sound) is None
    for more in ("{", "}", "$", "\\begin{scope}"):
        assert unbalanced(sound + more)


@pytest.mark.parametrize("make", [*GALLERY, odd], ids=lambda make: make.__name__)
def test_tikz_holds_every_text_escaped(make):
    """The source is balanced, names every neuron once, and sets every label and number."""
    for scene in (network_scene(make()), everything(make)):
        source = tikz_of(Page.of(scene))
        assert unbalanced(source) is None
        for text in scene.texts:
            assert (tex.formula if text.math else tex.escaped)(text.text) in source
        assert source.count(r"\node[neuron=") == len(scene.nodes)
        assert source.count(r"\draw[") >= len(scene.edges)
        names = re.findall(r"^\\node\[neuron=.*\] \((.*)\) at", source, re.MULTILINE)
        assert len(set(names)) == len(scene.nodes)


def test_straight_edges_join_neurons_by_name():
    """The source can be read and changed: a neuron that is moved takes its edges along."""
    source = tikz_of(Page.of(network_scene(two_two_one())))
    assert r"(input-0) -- (hidden1-1);" in source
    assert source.count(") -- (") >= 6


def compiled(source, folder, name):
    """Whether pdflatex makes a page of a source, and what it says."""
    (folder / f"{name}.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", f"{name}.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return done.returncode == 0, done.stdout.decode(errors="replace")


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="no TeX is installed")
def test_tikz_compiles(tmp_path):
    """With a TeX, every kind of content makes a page; a source with a fault does not."""
    scenes = {"all": everything(skips_passed), "odd": network_scene(odd(), title="50 % of $x_1$")}
    scenes["tied"] = network_scene(tied(), style="dark", highlight="c0")
    scenes["wide"] = network_scene(layered(30, 30, 30), max_neurons=30)
    for name, scene in scenes.items():
        fine, said = compiled(tikz_of(Page.of(scene)), tmp_path, name)
        assert fine, said[-2000:]
    broken = tikz_of(Page.of(scenes["all"])).replace(r"\end{tikzpicture}", r"\undefined%")
    assert not compiled(broken, tmp_path, "broken")[0]


def test_more_edges_than_tex_can_hold_are_refused(tmp_path):
    """TeX's memory ends at some number of edges; the message says what to do, nothing is written."""
    path = tmp_path / "net.tex"
    with pytest.raises(ns.ArgumentError) as caught:
        layered(101, 100).draw(path, max_neurons=101)
    assert str(caught.value) == (
        "Network.draw: a .tex file holds at most 10,000 edges, as TeX has no memory for more, and "
        "this drawing has 10,100; leave some out with max_neurons= or threshold=, or write a .pdf."
    )
    assert list(tmp_path.iterdir()) == []


# Graphviz ---------------------------------------------------------------------------------------


def quoted(source):
    """The texts between quotes of a DOT source, as Graphviz reads them."""
    strings = re.findall(r'"((?:[^"\\]|\\.)*)"', source)
    return {re.sub(r"\\(.)", r"\1", text) for text in strings}


def in_colour(source):
    """The words of the HTML-like label of a DOT source, each after its colour."""
    found = re.findall(r'<font color="(#\w{6})">([^<>]+)</font>', source)
    return [(color, html.unescape(words)) for color, words in found]


@pytest.mark.parametrize("make", [*GALLERY, odd], ids=lambda make: make.__name__)
def test_dot_holds_every_text(make):
    """Every label and number is in the source, every edge, and a rank for every layer."""
    for scene in (network_scene(make()), everything(make)):
        source = dot_of(Page.of(scene))
        read = quoted(source.replace(r"\n", '" "'))
        told = {words for _, words in in_colour(source)}
        for line in lines_of(scene):
            assert line.replace("&", "&amp;") in read or line in told
        assert source.count(" -> ") == len(scene.edges) + sum(
            map(str.count, scene.description, [" -> "])
        )
        assert {node.label for node in scene.nodes} <= read
        assert source.count("rank=same") == len({round(node.x, 3) for node in scene.nodes})


def test_the_legend_of_a_dot_has_its_colours():
    """Before every entry with a mark stands a sign of its colour: a line, dashes, a circle."""
    scenes = (network_scene(make(), title="a <b>\n") for make in (tied, skips_passed))
    told = [entry for scene in scenes for entry in in_colour(dot_of(Page.of(scene)))]
    signs = {words: sign for sign, (_, words) in pairwise(told)}
    inks = THEMES["screen"].inks
    assert signs["positive weight"] == (inks.positive, "\u2501\u2501")
    assert signs["negative weight"] == (inks.negative, "\u2501\u2501")
    assert signs["frozen"] == (inks.outline, "\u254d\u254d")
    assert signs["leads to no output"] == (inks.unread_outline, "\u25ef")
    assert (inks.ink, "a <b>") in told


@pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
@pytest.mark.parametrize("make", [odd, skips_passed, joined_within])
def test_dot_is_read_by_graphviz(make):
    """With Graphviz, all neurons and edges are read back under their labels."""
    scene = network_scene(make())
    command = ["dot", "-Tplain"]
    done = subprocess.run(
        command, input=dot_of(Page.of(scene)).encode(), capture_output=True, check=True
    )
    lines = done.stdout.decode().splitlines()
    assert sum(line.startswith("edge ") for line in lines) == len(scene.edges)
    assert sum(line.startswith("node ") for line in lines) >= len(scene.nodes)


# Formulas ---------------------------------------------------------------------------------------


def test_every_text_is_a_formula():
    """Whatever is written, matplotlib measures it, LaTeX gets balanced braces, no sign is lost."""
    signs = string.printable + "∑∏∂′…⋮·×−αΣé神\U00020000\ufffd"
    with styled():
        for sign in signs:
            for text in (sign, f"\\{sign}", f"a_{sign}", f"a^{{{sign}", f"{sign}_1_2^3^4_5"):
                width, height = measure(text, 10.0, False, True)
                assert width >= 0
                assert height > 0
                assert unbalanced(tex.formula(text)) is None


def test_formulas_are_as_large_as_they_are_set():
    """An index makes a formula wider, a tall one is higher than a line, and lines are equal."""
    with styled():
        line = extent("lp", 10.0, False)
        plain, indexed = (extent(text, 10.0, False, True) for text in ("w", "w_{12}^{(1)}"))
    assert plain.width < indexed.width
    assert line.height == plain.height < indexed.height


def test_signs_that_the_font_lacks_have_a_width():
    """A Chinese sign is measured as some box, and that warns of nothing."""
    with styled():
        assert 10.0 < measure("神経", 10.0, False)[0] < 30.0


def test_rectangles_are_drawn_by_all():
    """A step of a colour bar is in every text."""
    scene = network_scene(two_two_one())
    scene.rectangles.append(Rectangle(0, 0, 5, 5, "#123456", "#654321", 0.5, 0.5))
    for text in (svg_of(scene), tikz_of(Page.of(scene))):
        assert "123456" in text
        assert "654321" in text


def test_names_of_formulas_are_single_signs():
    """Every name stands for one sign, and sub- and superscripts are kept apart from the line."""
    assert all(len(sign) == 1 for sign in formulas.NAMES.values())
    atoms = formulas.atoms("w_{12}^{(1)} x_1")
    assert [(a.base, a.below, a.above) for a in atoms] == [("w", "12", "(1)"), (" x", "1", "")]
    assert all(before != after for before, after in pairwise(atoms))
