r"""A trace as LaTeX: a document that compiles, or its ``align*`` blocks for a document of yours.

Every step is a sentence and an ``align*``; the updates end in a table of the weights before and
after. What is pasted into another document needs amsmath, and longtable for the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from neurosim.tracing.equation import MOST_TERMS
from neurosim.tracing.render.phases import SHORTENED, phases, update_rows
from neurosim.tracing.render.tex import Pen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from neurosim.tracing.render.phases import Phase, UpdateRow
    from neurosim.tracing.steps import Step

__all__ = ["document", "label", "number", "render", "table", "words"]

ROOM = 88.0
"""How many digits are as wide as the page."""
TOGETHER = 6
"""So many lines of an equation stay on one page."""

# A letter by its number; pdflatex, which does not have it, prints the number. Less and greater,
# which Markdown needs as words.
COMMANDS = (
    r"\providecommand{\unicodeletter}[1]"
    r'{\ifdefined\Umathchar\char"#1\relax\else{\ttfamily U+#1}\fi}'
    r"\providecommand{\lt}{<}\providecommand{\gt}{>}"
)
PREAMBLE = rf"""% Written by neurosim. Compile with pdflatex, lualatex or xelatex.
\documentclass[a4paper,10pt]{{article}}
\usepackage{{iftex}}
\iftutex\else\usepackage[T1]{{fontenc}}\IfFileExists{{lmodern.sty}}{{\usepackage{{lmodern}}}}{{}}\fi
\usepackage[margin=2cm]{{geometry}}
\usepackage{{amsmath,longtable}}
{COMMANDS}
\allowdisplaybreaks
\predisplaypenalty=10000
\setlength{{\parindent}}{{0pt}}
\raggedright
\begin{{document}}
"""


def render(
    trace: Sequence[Step],
    digits: int,
    notation: str = "labels",
    whole: bool = True,
    most: int | None = MOST_TERMS,
) -> str:
    """Return the trace as a document, or where it is not `whole` its ``align*`` blocks alone."""
    pen = Pen(label, notation, digits, ROOM, most)
    if not whole:
        blocks = "\n".join(_aligned(step, pen) for phase in phases(trace) for step in phase.steps)
        return f"{COMMANDS}\n{blocks}\n"
    lines = [r"\section*{One learning step}"]
    lines.append(SHORTENED.format(digits=digits, most=most) if most else "")
    for phase in phases(trace):
        lines += _phase(phase, pen)
    return document(lines)


def document(lines: list[str]) -> str:
    """Return lines as a document that compiles."""
    return PREAMBLE + "\n".join(lines) + "\n\\end{document}\n"


def _phase(phase: Phase, pen: Pen) -> Iterator[str]:
    yield rf"\subsection*{{{words(phase.title)}}}"
    for step in phase.steps:
        yield words(step.explanation)
        yield _aligned(step, pen)
    if phase.kind == "update":
        yield from _updates(update_rows(phase.steps, pen.digits))


def _aligned(step: Step, pen: Pen) -> str:
    rows = pen.rows(step.equation)
    # A page ends inside of a long equation only.
    end = r" \\*" if len(rows) <= TOGETHER else r" \\"
    lines = f"{end}\n".join(rows)
    return f"\\begin{{align*}}\n{lines}\n\\end{{align*}}"


def _updates(rows: list[UpdateRow]) -> list[str]:
    head = ["", "before", "new", "change"]
    return table(head, [[words(row.subject), *map(number, row[1:])] for row in rows])


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Return the lines of a table that goes on over pages: text, then numbers."""
    body = [" & ".join(row) + r" \\" for row in (head, *rows)]
    columns = "@{}l" + "r" * (len(head) - 1) + "@{}"
    begin = rf"\begin{{longtable}}[l]{{{columns}}}"
    return [begin, body[0], r"\hline", r"\endhead", *body[1:], r"\end{longtable}"]


def number(text: str) -> str:
    """Return a number in a table."""
    digits, _, exponent = text.partition("e")
    if digits.lstrip("+-") in ("inf", "nan"):
        return text.replace("inf", r"$\infty$")
    return rf"${digits}\times 10^{{{int(exponent)}}}$" if exponent else f"${digits}$"


def words(text: str) -> str:
    """Return text of which no sign is an order to TeX."""
    from neurosim.drawing.backends.tex import escaped

    return escaped(text)


def label(text: str) -> str:
    """Return a label as it stands inside of a formula."""
    return rf"\text{{{words(text)}}}"
