"""Run the tutorial, and write its figures and its notebook anew: ``python -m docs.tutorial``.

Where a block of code shows anything else than stands under it, that is told and nothing is written.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from pathlib import Path

from docs.tutorial.notebook import CHAPTERS, NOTEBOOK, figures, notebook, wrong_blocks


def main() -> int:
    """Return the exit code: 0 where every block shows what stands under it."""
    texts = [path.read_text(encoding="utf-8") for path in CHAPTERS]
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        wrong = [found for text in texts for found in wrong_blocks(text)]
        for block, got in wrong:
            print(f"{block.code}\nshows\n\n{got}\ninstead of\n\n{block.output}", file=sys.stderr)
        if wrong:
            return 1
        for name in (name for text in texts for name in figures(text)):
            shutil.copy(name, NOTEBOOK.parent / name)
    NOTEBOOK.write_text(notebook(texts), encoding="utf-8")
    names = [Path(path).name for path in (*CHAPTERS, NOTEBOOK)]
    print(f"Run: {', '.join(names[:-1])}. Written: their figures and {names[-1]}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
