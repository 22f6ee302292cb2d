"""The tutorial is run: what stands under a block of code is what a reader gets."""

import json
import math
import re

import pytest

from docs.tutorial.notebook import (
    CHAPTERS,
    NOTEBOOK,
    Block,
    figures,
    notebook,
    parts,
    shown,
    wrong_blocks,
)

TEXTS = [path.read_text(encoding="utf-8") for path in CHAPTERS]
FOLDER = NOTEBOOK.parent


def outputs(number):
    """What the blocks of a chapter show."""
    return "\n".join(part.output for part in parts(TEXTS[number - 1]) if isinstance(part, Block))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_block_shows_what_stands_under_it(path, tmp_path, monkeypatch):
    """A chapter by itself, from its first block to its last, in an empty folder; and it writes the
    pictures that it shows, which lie beside it.
    """
    monkeypatch.chdir(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert wrong_blocks(text) == []
    for name in figures(text):
        assert (tmp_path / name).stat().st_size > 1000
        assert (FOLDER / name).stat().st_size > 1000


def test_a_wrong_output_is_found():
    """A block that shows another number, or shows what is not under it, is reported."""
    text = "```python\n1 + 1\n```\n\n```text\n3\n```\n\n```python\nprint('a')\n```\n\n```python\nx = 1\n```\n"
    assert [(block.code, got) for block, got in wrong_blocks(text)] == [
        ("1 + 1\n", "2\n"),
        ("print('a')\n", "a\n"),
    ]


def test_a_block_is_run_as_a_cell_is():
    """Names last from block to block; of values only the last line's is shown, and not None."""
    names = {}
    assert shown("x = 2\nx + 1\nx + 2", names) == "4\n"
    assert shown("None", names) == ""
    assert shown("for i in range(x):\n    print(i)", names) == "0\n1\n"


def test_the_index_names_every_chapter_in_order():
    """The README of the tutorial links to them all, and each to the next."""
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\((\d_\w+\.md)\)", index) == [path.name for path in CHAPTERS]
    for text, following in zip(TEXTS[:-1], CHAPTERS[1:], strict=True):
        assert re.search(r"^Next: .*\((.*)\)$", text, re.MULTILINE)[1] == following.name


def test_no_picture_is_left_over():
    """Every picture in the folder is one of a chapter."""
    pictures = {path.name for path in FOLDER.iterdir() if path.suffix in {".svg", ".png"}}
    assert pictures == {name for text in TEXTS for name in figures(text)}


# The notebook


def test_the_notebook_is_made_from_the_chapters():
    """`make tutorial` would write the file as it is."""
    assert NOTEBOOK.read_text(encoding="utf-8") == notebook(TEXTS)


def test_the_notebook_has_the_form_of_version_4_5():
    """Cells of Markdown and of code, each with an id of its own; code with count and outputs."""
    content = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    assert content["metadata"]["kernelspec"]["name"] == "python3"
    cells = content["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    for cell in cells:
        keys = {"id", "cell_type", "metadata", "source"}
        more = {"outputs", "execution_count"} if cell in code else set()
        assert cell.keys() == keys | more
    for output in (output for cell in code for output in cell["outputs"]):
        assert output["output_type"] in {"stream", "execute_result"}
        assert output.get("text") or output["data"]["text/plain"]


def test_the_notebook_runs_from_top_to_bottom(tmp_path, monkeypatch):
    """Its cells one after the other, with the names of those before, show what it says."""
    monkeypatch.chdir(tmp_path)
    names = {}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            stated = [
                output.get("text") or output["data"]["text/plain"] for output in cell["outputs"]
            ]
            got = shown("".join(cell["source"]), names)
            assert got.rstrip("\n") == "".join("".join(text) for text in stated).rstrip("\n")


# The numbers, by plain arithmetic


def sigmoid(z):
    """1 / (1 + exp(-z)), of one float."""
    return 1 / (1 + math.exp(-z))


def test_one_neuron_is_worked_out_right():
    """z -0.6 and a 0.354; then 7, 4, -8, -4, 3.4, 1.2, 8, 1, and an error that halves."""
    z = 0.3 * 0.1 + 0.2 * 0.3 + 0.4 * 0.2 + 0.3 * 0.1 - 0.8
    told = outputs(1)
    assert f"z = {z:.4f}, a = {sigmoid(z):.4f}" in told
    w, b, x, y = 3.0, 1.0, 2.0, 9.0
    a = w * x + b
    dw, db = 2 * (a - y) * x, 2 * (a - y)
    assert [a, (a - y) ** 2, dw, db] == [7, 4, -8, -4]
    w, b = w - 0.05 * dw, b - 0.05 * db
    a = w * x + b
    assert [w, b, a, (a - y) ** 2] == pytest.approx([3.4, 1.2, 8, 1], rel=1e-15)
    assert "array([7.])\n\n4.0\n\n(Edge('x->y', weight=3, gradient=-8), -4.0)\n" in told
    assert "(3.4, 1.2)\n\n(array([8.]), 1.0)\n" in told
    for k in range(4):
        error = 0.5**k
        line = f"iteration {k}: loss={error**2:.4g} w={w:.4g} dw={-4 * error:g} b={b:.4g} db={-2 * error:g}"
        assert line in told
        w, b = w + 0.05 * 4 * error, b + 0.05 * 2 * error


def test_the_perceptron_rule_is_worked_out_right():
    """The weights after each epoch, and how many answers were wrong on the way."""
    w1 = w2 = b = 0
    for epoch in range(6):
        wrong = 0
        for x1, x2, y in ((0, 0, 0), (0, 1, 0), (1, 0, 0), (1, 1, 1)):
            error = y - (w1 * x1 + w2 * x2 + b > 0)
            wrong += abs(error)
            w1, w2, b = w1 + error * x1, w2 + error * x2, b + error
        line = f"after epoch {epoch}: w1 = {w1}, w2 = {w2}, b = {b}; {wrong} wrong on the way"
        assert line in outputs(2)


def test_the_network_is_worked_out_right():
    """Sums, activations, loss, deltas, gradients and paths of the 2-2-1 network."""
    z1, z2 = 0.5 * 1 + 1 * 0.5 - 1, -1 * 1 + 0.5 * 0.5 + 0.5
    a1, a2 = sigmoid(z1), sigmoid(z2)
    z = 1 * a1 - 2 * a2 + 0.5
    a = sigmoid(z)
    loss = (a - 1) ** 2 / 2
    d = (a - 1) * a * (1 - a)
    d1, d2 = 1 * d * a1 * (1 - a1), -2 * d * a2 * (1 - a2)
    for number in (z1, a1, z2, a2, z, a, loss):
        assert f"{number:.6f}" in outputs(3)
    assert f"delta[o] = {d:.6f}\ndelta[h1] = {d1:.6f}\ndelta[h2] = {d2:.6f}\n" in outputs(5)
    assert f"dJ/dw[x2->h1] = {0.5 * d1:.6f}\ndJ/db[h1]     = {d1:.6f}\n" in outputs(5)
    assert (
        f"x1 -> h2 -> o {-1 * d2:.6f}\nx1 -> h1 -> o {0.5 * d1:.6f}\nsum {0.5 * d1 - d2:.6f}"
        in outputs(5)
    )
    assert (
        f"w_new[h2->o] = w[h2->o] - rate*dJ/dw[h2->o]\n               = (-2) - 0.5*({d * a2:.6g})\n               = {-2 - 0.5 * d * a2:.6g}"
        in outputs(4)
    )
    # By hand, in the prose, to four decimals.
    for number in (a2, z, a):
        assert f"{number:.4f}" in TEXTS[2]
    for number in (d, d1, d2, 0.5 * d1):
        assert f"= {number:.4f}" in TEXTS[4]


def test_the_planted_mistake_is_the_one_that_is_told():
    """The answers handed in are those of a person who forgets the slope, and it is named."""
    z1, z2 = 0.0, -0.25
    a = sigmoid(1 * sigmoid(z1) - 2 * sigmoid(z2) + 0.5)
    d = (a - 1) * a * (1 - a)
    forgot = 1 * d
    code = next(
        part.code for part in parts(TEXTS[5]) if isinstance(part, Block) and "work =" in part.code
    )
    assert f'"delta": {forgot:.4f}' in code
    assert f'"gradient": {forgot * 0.5:.4f}, "new": {1 - 0.5 * forgot * 0.5:.4f}' in code
    assert "First wrong: delta of h1 is" in outputs(6)
    assert "(missing_derivative)" in outputs(6)
