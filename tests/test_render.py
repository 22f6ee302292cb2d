"""Traces as Markdown and LaTeX: every number and label is there, whatever a label holds."""

import re
import shutil
import subprocess

import door
import numpy as np
import pytest
import wirings
from hypothesis import given, settings
from test_tracing import mazur

import neurosim as ns
from neurosim.tracing.render import latex, markdown
from neurosim.tracing.symbols import Indexed

pdflatex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")

ODD = ["</script>", "%_$&#{}\\^~", "a|b`c", "a*b  \"'", "größe δ日", "$$", "\\end{document}"]
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def odd_network():
    """A network whose labels are full of signs that mean something to somebody."""
    inputs = ns.InputLayer(len(ODD), labels=ODD)
    return ns.Network([inputs, ns.Layer(2, ns.TanhNeuron)], rng=1)


def odd_trace():
    """A step of it."""
    return odd_network().trace(np.linspace(-1, 1, len(ODD)), [0.5, 0.1], ns.SGD(0.1))


def in_tex(number):
    """A number as TeX has it."""
    digits, _, exponent = number.partition("e")
    return rf"{digits}\times 10^{{{int(exponent)}}}" if exponent else digits


def compiled(source, folder):
    """Compile a document, twice as tables need it; return the log."""
    (folder / "t.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "t.tex"]
    for _ in range(2):
        run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert run.returncode == 0, run.stdout.decode(errors="replace")[-2000:]
    return (folder / "t.log").read_text(errors="replace")


def balanced(tex):
    """Whether the braces and the growing brackets of a formula come in pairs."""
    plain = re.sub(r"\\[{}\\]", "", tex)
    depth = 0
    for char in plain:
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth < 0:
            return False
    lefts, rights = (len(re.findall(rf"\\{side}(?![a-z])", plain)) for side in ("left", "right"))
    return depth == 0 and lefts == rights


def test_a_checker_of_brackets_finds_faults():
    """An unclosed brace, one too many, and a bracket without a partner are found."""
    assert balanced(r"\frac{a}{\left(b\right)}")
    for fault in (r"\frac{a}{b", r"a}{", r"\left(a)"):
        assert not balanced(fault)


@given(case=wirings.cases())
@settings(max_examples=8)
@pytest.mark.parametrize("notation", ["labels", "book"])
def test_every_number_and_every_name_appears(case, notation):
    """On any wiring both documents have every number of every equation, and brackets in pairs."""
    trace = case.network().trace(case.X, case.Y, ns.Adam(0.1))
    for text, label in (
        (trace.markdown(notation=notation, most_terms=None), markdown.label),
        (trace.latex(notation=notation, most_terms=None), latex.label),
    ):
        assert balanced(text)
        for step in trace:
            line = step.line(notation, 6)
            for number in _NUMBER.findall(f"{line.numbers} {line.value}"):
                assert in_tex(number) in text, (number, step)
            names = [p for p in step.equation.left.parts if isinstance(p, Indexed)]
            for name in names if notation == "labels" else ():
                assert all(label(part) in text for part in name.subject.split("->"))


def test_mazur_in_markdown():
    """A phase is a heading, a step a sentence and a formula, the updates a table."""
    trace = mazur().trace([0.05, 0.10], [0.01, 0.99], ns.SGD(0.5))
    text = trace.markdown(4, notation="book")
    assert text.startswith(
        "# One learning step\n\n"
        "Numbers are rounded to 4 significant digits. Of a sum of more than 12 terms the first two "
        "and the last are written, and between them how many there are more.\n\n"
        "## Forward\n\n"
        "h1 adds up its 2 inputs, each times the weight of its edge, and its bias.\n\n"
        "$$\n\\begin{aligned}\n"
        "z_{1}^{2} &= w_{11}^{2} \\cdot a_{1}^{1} + w_{12}^{2} \\cdot a_{2}^{1} + b_{1}^{2} \\\\\n"
        "&= 0.15 \\cdot 0.05 + 0.2 \\cdot 0.1 + 0.35 \\\\\n"
        "&= 0.3775\n\\end{aligned}\n$$\n\n"
    )
    assert "| `i1->h1` | 0.15 | 0.1498 | -0.0002193 |\n" in text
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        f"## {name}" for name in ("Forward", "Loss", "Delta", "Gradient", "Update")
    ]


def test_mazur_in_latex():
    """A book's notation in LaTeX: derivatives are fractions, and no sign is hidden."""
    trace = mazur().trace([0.05, 0.10], [0.01, 0.99], ns.SGD(0.5))
    blocks = trace.of("h1", "delta").latex(3, notation="book", document=False)
    assert blocks.splitlines()[1:] == [
        r"\begin{align*}",
        r"\delta_{1}^{2} &= (w_{11}^{3} \cdot \delta_{1}^{3} + w_{21}^{3} \cdot \delta_{2}^{3})"
        r" \cdot s'(z_{1}^{2}) \\*",
        r"&= (0.4 \cdot 0.138 + 0.5 \cdot (-0.0381)) \cdot (0.593 \cdot (1 - 0.593)) \\*",
        r"&= 0.00877",
        r"\end{align*}",
    ]
    gradient = trace.of("i1->h1", "gradient").latex(document=False)
    assert r"\frac{\partial J}{\partial w_{\text{i1}\to \text{h1}}} &= " in gradient


def test_formulas_of_markdown_hold_no_blank_line_and_no_markup():
    """No label makes HTML, ends a formula or a cell of a table, whatever is in it."""
    text = odd_trace().markdown()
    assert "<" not in re.sub(r"`[^`\n]*`+", "", text)
    formulas = re.findall(r"\n\$\$(\n.*?\n)\$\$\n", text, re.DOTALL)
    assert len(formulas) == len(odd_trace())
    assert all(formula.startswith("\n\\begin{aligned}\n") for formula in formulas)
    assert not any("\n\n" in formula for formula in formulas)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}


def test_sentences_of_markdown_are_escaped():
    """Signs of Markdown, of HTML and of math stand for themselves."""
    assert markdown.words("a*b_c [x](y) <b> & $1") == (
        "a\\*b\\_c \\[x\\]\\(y\\) &lt;b&gt; &amp; \\$1"
    )


def long_trace():
    """A step of 100 samples."""
    net = ns.Network.layered([1, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
    X = np.linspace(-1, 1, 100)[:, None]
    return net.trace(X, X)[-1:]


def test_long_sums_are_shortened_and_say_so():
    """Of a sum over 100 samples the first two and the last are written; the step has them all."""
    (step,) = trace = long_trace()
    assert "... (97 more) ..." in trace.text()
    assert r"\cdots\text{ (97 more) }\cdots" in trace.latex()
    assert r"\cdots\text{ (97 more) }\cdots" in trace.markdown()
    assert step.substituted.count(" + ") == 99
    terms = step.equation.line(digits=6).numbers.split(" + ")
    shortened = step.line(digits=6, most=12).numbers
    assert shortened == " + ".join([*terms[:2], "... (97 more) ...", terms[-1]])
    for text in (trace.text(most_terms=None), trace.latex(most_terms=None)):
        assert "more" not in text


def test_a_loaded_trace_is_shortened_too(tmp_path):
    """What is read back from a file is written just as it was."""
    trace = long_trace()
    loaded = ns.Trace.from_json(trace.json())
    assert loaded.text() == trace.text()
    assert loaded.latex() == trace.latex()


@pytest.mark.parametrize("most_terms", [2, 0, -1])
def test_too_few_terms(most_terms):
    """Fewer than three terms are no shortened sum."""
    trace = long_trace()
    for call, what in ((trace.text, "text"), (trace.markdown, "markdown"), (trace.latex, "latex")):
        with pytest.raises(ns.ArgumentError) as error:
            call(most_terms=most_terms)
        assert str(error.value) == (
            f"Trace.{what}: most_terms must be a whole number from 3; got {most_terms}."
        )


def wide_traces():
    """Steps of everything that an equation can be made of."""
    rng = np.random.default_rng(0)
    X, classes = rng.normal(size=(6, 3)), np.eye(3)[[0, 1, 2, 0, 1, 2]]
    hidden = ns.Layer(8, ns.SwishNeuron, normalization=ns.BatchNormalization())
    softmax = ns.Layer(3, ns.SoftmaxNeuron)
    net = ns.Network([ns.InputLayer(3), hidden, softmax], loss=ns.CategoricalCrossEntropy(), rng=1)
    net.regularize(ns.L2(0.1))
    net.regularize(ns.Dropout(0.5), "hidden1")
    trace = net.trace(X, classes, ns.AdamW(0.1), training=True)
    yield [step for step in trace if step.sample in (None, 0)][::3]
    yield net.trace(X, classes, ns.AdamW(0.1), by="layer")
    for optimizer in door.OPTIMIZERS:
        net = ns.Network.layered([2, 1], hidden=None, output=ns.LinearNeuron, rng=1)
        if not issubclass(optimizer, (ns.PerceptronRule, ns.DeltaRule)):
            yield net.trace([0.1, -12345.678], [1.0], door.made(optimizer))
    for kind in door.KINDS:
        net = ns.Network.layered([2, 2, 1], hidden=kind, output=ns.LinearNeuron, rng=1)
        yield net.trace(X[:1, :2], None)
    yield odd_trace()


@pdflatex
@pytest.mark.slow
@pytest.mark.parametrize("notation", ["labels", "book"])
def test_documents_compile_and_nothing_leaves_the_page(notation, tmp_path):
    """pdflatex takes every kind of equation and every label, and no line is too wide."""
    steps = [step for trace in wide_traces() for step in trace]
    log = compiled(latex.render(steps, 6, notation), tmp_path)
    assert "Overfull" not in log


@pdflatex
def test_blocks_compile_in_a_document_of_yours(tmp_path):
    """Where only amsmath is loaded, the blocks of a trace can be pasted."""
    blocks = odd_trace().latex(4, document=False)
    yours = "\\documentclass{article}\\usepackage{amsmath}\\usepackage[T1]{fontenc}"
    compiled(f"{yours}\\begin{{document}}\n{blocks}\\end{{document}}", tmp_path)


def training():
    """A training of two parameters."""
    net = ns.Network(
        [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])]
    )
    return ns.trace_training(net, [2.0], [9.0], ns.SGD(0.05), steps=3)


def test_a_training_as_a_table(tmp_path):
    """A row for every step, by names of one's own."""
    path = tmp_path / "t.md"
    training().save(path, names={"w": "input[0]->output[0]"})
    assert path.read_text() == (
        "# A training, step by step\n\n"
        "| step | `loss` | `w` | `dw` |\n"
        "| --- | ---: | ---: | ---: |\n"
        "| 0 | 4 | 3 | -8 |\n"
        "| 1 | 1 | 3.4 | -4 |\n"
        "| 2 | 0.25 | 3.6 | -2 |\n"
    )


@pdflatex
def test_a_training_compiles(tmp_path):
    """Columns that have no room make another table."""
    training().save(tmp_path / "a.tex")
    source = (tmp_path / "a.tex").read_text()
    assert source.count(r"\begin{longtable}") == 2
    assert "Overfull" not in compiled(source, tmp_path)


def test_saved_files_are_what_the_methods_return(tmp_path):
    """save writes .md and .tex with the digits and the notation asked for."""
    trace = mazur().trace([0.05, 0.10], [0.01, 0.99])
    for suffix, text in (
        (".md", trace.markdown(3, notation="book")),
        (".tex", trace.latex(3, notation="book")),
    ):
        trace.save(tmp_path / f"t{suffix}", 3, notation="book")
        assert (tmp_path / f"t{suffix}").read_text() == text
