"""From scripts to figures."""

from __future__ import annotations

import contextlib
import runpy
import tempfile
from pathlib import Path

__all__ = ["FIGURES", "HERE", "draw", "figure_of", "script_of"]

HERE = Path(__file__).parent
FIGURES = HERE / "figures"


def script_of(name: str) -> Path:
    """Return the script of this name."""
    return HERE / "scripts" / f"{name}.py"


def figure_of(name: str, folder: Path = FIGURES) -> Path:
    """Return the one figure of this name in a folder."""
    (figure,) = folder.glob(f"{name}.*")
    return figure


def draw(name: str, folder: Path = FIGURES) -> Path:
    """Run a script as a reader would, and put its figure into a folder."""
    with tempfile.TemporaryDirectory() as empty, contextlib.chdir(empty):
        runpy.run_path(str(script_of(name)), run_name="__main__")
        drawn = figure_of(name, Path(empty))
        figure = folder / drawn.name
        figure.write_bytes(drawn.read_bytes())
    return figure
