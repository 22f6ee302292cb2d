"""The gallery of docs/: scripts that a reader can copy, their figures, and the page with both."""

import ast
import os
import subprocess
import sys

import pytest
from drawn import closed_figures
from test_layout import overlaps

import neurosim as ns
from docs.gallery import NAMES, SECTIONS
from docs.gallery.building import FIGURES, HERE, draw, figure_of, script_of
from docs.gallery.page import PAGE, entry_of, page

__all__ = ["closed_figures"]

LARGEST = 350_000
every_name = pytest.mark.parametrize("name", NAMES)


def source_of(name):
    """Return a script."""
    return script_of(name).read_text(encoding="utf-8")


# The scripts ------------------------------------------------------------------------------------


def test_every_script_has_a_place_and_a_figure():
    """The page names every script once, and there is one figure of each and no other."""
    assert len(NAMES) == len(set(NAMES))
    scripts = {path.stem for path in (HERE / "scripts").glob("*.py")}
    figures = sorted(path.stem for path in FIGURES.iterdir())
    assert scripts == set(NAMES)
    assert figures == sorted(NAMES)


@every_name
def test_scripts_are_short_and_use_public_names_alone(name):
    """A script imports neurosim as `ns` and what a reader has, and nothing private."""
    tree = ast.parse(source_of(name))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {
        getattr(node, "module", None) or alias.name for node in imports for alias in node.names
    }
    assert modules <= {"neurosim", "numpy", "networkx", "sklearn.datasets"}
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    assert not [node.attr for node in attributes if node.attr.startswith("_")]
    owned = [n.attr for n in attributes if isinstance(n.value, ast.Name) and n.value.id == "ns"]
    assert set(owned) <= set(ns.__all__)
    assert len(source_of(name).splitlines()) <= 50


@every_name
def test_scripts_say_what_they_show(name):
    """A docstring has a title of one line, and a caption of whole sentences."""
    title, caption, code = entry_of(name)
    assert 0 < len(title) < 50
    assert caption.endswith(".")
    assert f'"{name}.' in code


# The figures ------------------------------------------------------------------------------------


@every_name
def test_figures_are_small(name):
    """A page with all of them loads at once."""
    assert 0 < figure_of(name).stat().st_size <= LARGEST


def draws_a_network(name):
    """Whether a script draws a network, and not a chart."""
    return ".draw(" in source_of(name) or "draw_training(" in source_of(name)


@pytest.mark.parametrize("name", [name for name in NAMES if draws_a_network(name)])
def test_nothing_overlaps(name, monkeypatch, tmp_path):
    """In no drawing of the gallery a text covers a text, a node or the frame."""
    from neurosim.drawing import network

    drawn, draw_scene = [], network.draw_scene

    def recording(scene, axes):
        drawn.append(axes)
        draw_scene(scene, axes)

    monkeypatch.setattr(network, "draw_scene", recording)
    draw(name, tmp_path)
    assert drawn
    assert not [found for axes in drawn for found in overlaps(axes)]


@pytest.mark.parametrize("name", ["xor_by_hand", "tied_and_frozen", "symbols", "tikz", "graphviz"])
def test_committed_figures_are_those_of_the_scripts(name, tmp_path):
    """What is committed is what the script writes: else `make gallery` was not run."""
    assert draw(name, tmp_path).read_bytes() == figure_of(name).read_bytes()


@pytest.mark.parametrize("name", ["any_wiring", "small_multiples", "weight_history", "kinds"])
def test_figures_are_reproducible(name, tmp_path):
    """The same script writes the same bytes in another process, whatever its hash seed."""
    draw(name, tmp_path)
    (tmp_path / "again").mkdir()
    code = (
        "import matplotlib; matplotlib.use('Agg'); from pathlib import Path; "
        f"from docs.gallery.building import draw; draw({name!r}, Path({str(tmp_path)!r}) / 'again')"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=HERE.parents[1], env=environment)
    assert (
        figure_of(name, tmp_path).read_bytes() == figure_of(name, tmp_path / "again").read_bytes()
    )


# The page ---------------------------------------------------------------------------------------


def test_the_page_is_written_by_the_command():
    """The page in the repository has every script, as it is now, and its figure."""
    assert (HERE / PAGE).read_text(encoding="utf-8") == page()


def test_the_page_shows_everything():
    """Every section, title, caption, figure and line of code is on the page."""
    text = page()
    for section, names in SECTIONS.items():
        assert f"\n## {section}\n" in text
        for name in names:
            title, caption, code = entry_of(name)
            assert f"### {title}\n\n{caption}\n" in text
            assert f"```python\n{code}\n```" in text
            assert f"(figures/{figure_of(name).name})" in text
