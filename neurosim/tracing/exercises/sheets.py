"""A worksheet as Markdown, LaTeX and HTML: consumers of its steps and blanks."""

from __future__ import annotations

import html
import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neurosim.tracing.exercises.worksheet import Blank, Worksheet
    from neurosim.tracing.steps import Step

__all__ = ["latex", "markdown", "page"]

_HEADINGS = {
    "forward": "Forward",
    "loss": "Loss",
    "delta": "Delta",
    "gradient": "Gradient",
    "update": "Update",
}


class _Row(NamedTuple):
    """One line of a sheet: the equation in symbols, and its number or a numbered blank."""

    equation: str
    value: str | None
    number: int | None


class _Part(NamedTuple):
    """The lines of one kind of step."""

    heading: str
    rows: list[_Row]


def _title(key: bool) -> str:
    return "One learning step: key" if key else "One learning step: fill in the blanks"


def _instruction(sheet: Worksheet, key: bool) -> str:
    n = len(sheet.blanks)
    if key:
        return f"The {n} numbers to be filled in are set off."
    blanks = "1 blank is" if n == 1 else f"{n} blanks are"
    return f"{blanks} to be filled in, in the order of computation. Give 4 digits or more."


def _given(sheet: Worksheet) -> _Part:
    """What the step starts from: inputs, targets, weights and biases."""
    snapshot, digits = sheet.trace.snapshot, sheet.digits
    labels = snapshot.labels
    rows = [_samples(f"a[{labels[i]}]", snapshot.activation[i], digits) for i in snapshot.inputs]
    rows += [
        _samples(f"y[{labels[i]}]", snapshot.targets[column], digits)
        for i, column in snapshot.column.items()
    ]
    rows.append(_Row("n", str(snapshot.n), None))
    if snapshot.optimizer is not None:
        rows.append(_Row("optimizer", repr(snapshot.optimizer), None))
    for who, (incoming, bias) in snapshot.rows.items():
        for source, slot in incoming:
            value = f"{snapshot.parameters[slot]:.{digits}g}"
            rows.append(_Row(f"w[{snapshot.edge(source, who)}]", value, None))
        letter = "beta" if who in snapshot.normalized else "b"
        value = f"{snapshot.parameters[bias]:.{digits}g}"
        rows.append(_Row(f"{letter}[{snapshot.labels[who]}]", value, None))
    return _Part("Given", rows)


def _samples(symbol: str, values: list[float], digits: int) -> _Row:
    return _Row(symbol, ", ".join(f"{value:.{digits}g}" for value in values), None)


def _parts(sheet: Worksheet, key: bool) -> Iterator[_Part]:
    numbers = {id(blank.step): blank for blank in sheet.blanks}
    several = len({step.sample for step in sheet.trace if step.sample is not None}) > 1
    yield _given(sheet)
    shown = [step for step in sheet.trace if key or not _gives_away(step, sheet)]
    for (kind, sample), steps in groupby(shown, key=lambda step: (step.kind, step.sample)):
        at = f", sample {sample}" if several and sample is not None else ""
        rows = [_row(step, numbers.get(id(step)), sheet.digits, key) for step in steps]
        yield _Part(f"{_HEADINGS[kind]}{at}", rows)


def _gives_away(step: Step, sheet: Worksheet) -> bool:
    """Whether a number that is no blank itself would tell what a blank is.

    a tells z, dJ/db tells delta, and a new weight tells its gradient.
    """
    blank = {(one.subject, one.quantity) for one in sheet.blanks}
    if (step.subject, step.quantity) in blank:
        return False
    target = step.subject.split("->")[-1].removesuffix(".bias").removesuffix(".gamma")
    tells = {
        "a": [(step.subject, "z")],
        "gradient": [(target, "delta")],
        "new": [(step.subject, "gradient"), (target, "delta")],
    }
    return any(one in blank for one in tells.get(step.quantity, ()))


def _row(step: Step, blank: Blank | None, digits: int, key: bool) -> _Row:
    value = None if blank is not None and not key else f"{step.value:.{digits}g}"
    return _Row(step.symbolic, value, None if blank is None else blank.number)


# -- Markdown ------------------------------------------------------------------------------------

_BLANK = r"\_" * 12


def markdown(sheet: Worksheet, key: bool = False) -> str:
    """Return the sheet, or its key, as Markdown."""
    lines = [f"# {_title(key)}", "", _instruction(sheet, key)]
    for part in _parts(sheet, key):
        lines += ["", f"## {part.heading}", "", "| | number |", "|---|---|"]
        lines += [f"| {_code(row.equation)} | {_markdown_value(row)} |" for row in part.rows]
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    """Return text as code in a table; whatever a label holds, it stays text."""
    plain = " ".join(text.split())
    fence = "`" * (max(map(len, re.findall("`+", plain)), default=0) + 1)
    pad = " " if "`" in plain else ""
    # In a table a bar ends the cell even inside of code.
    return f"{fence}{pad}{plain.replace('|', chr(92) + '|')}{pad}{fence}"


def _markdown_value(row: _Row) -> str:
    if row.number is None:
        return row.value or ""
    value = _BLANK if row.value is None else f"**{row.value}**"
    return f"({row.number}) {value}"


# -- LaTeX ---------------------------------------------------------------------------------------

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "-": "{-}",
    ">": r"\textgreater{}",
    "<": r"\textless{}",
    **{char: f"\\{char}" for char in "%_$&#"},
}
_PREAMBLE = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage[margin=2cm]{geometry}
\usepackage{longtable,array}
\setlength{\parindent}{0pt}
\renewcommand{\arraystretch}{1.4}
\begin{document}
"""
_LINE = r"\underline{\hspace{2.5cm}}"
_COLUMNS = (
    r"\begin{longtable}[l]{@{}>{\raggedright\arraybackslash}p{0.72\linewidth}"
    r"p{0.22\linewidth}@{}}"
)


def latex(sheet: Worksheet, key: bool = False) -> str:
    """Return the sheet, or its key, as a LaTeX document."""
    lines = [rf"\section*{{{_title(key)}}}", _tex(_instruction(sheet, key))]
    for part in _parts(sheet, key):
        lines += [rf"\subsection*{{{_tex(part.heading)}}}", _COLUMNS]
        lines += [
            rf"\texttt{{{_breakable(row.equation)}}} & {_tex_value(row)} \\" for row in part.rows
        ]
        lines.append(r"\end{longtable}")
    return _PREAMBLE + "\n".join(lines) + "\n\\end{document}\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(char, char if ord(char) < 0x100 else "?") for char in text)


def _breakable(text: str) -> str:
    """Return an equation whose lines may end before a plus, and after the equals sign."""
    plain = " ".join(text.split())
    return _tex(plain).replace(" + ", r" \allowbreak{}+ ").replace("*", r"*\allowbreak{}")


def _tex_value(row: _Row) -> str:
    value = None if row.value is None else ", ".join(map(_tex_number, row.value.split(", ")))
    if row.number is None:
        return value or ""
    shown = _LINE if value is None else rf"\fbox{{{value}}}"
    return f"({row.number})~{shown}"


def _tex_number(value: str) -> str:
    if not re.fullmatch(r"-?[\d.]+(e[-+]\d+)?", value):
        return _tex(value)
    digits, _, exponent = value.partition("e")
    return rf"${digits}\cdot 10^{{{int(exponent)}}}$" if exponent else f"${value}$"


# -- HTML ----------------------------------------------------------------------------------------

_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }
table { border-collapse: collapse; width: 100% }
td { border-bottom: 1px solid #8886; padding: .3em .5em; vertical-align: baseline }
td:last-child { white-space: nowrap; text-align: right; width: 14em }
code { overflow-wrap: anywhere }
input { font: inherit; width: 8em }
b { border: 1px solid; padding: 0 .3em }
@media print { input { border: 0; border-bottom: 1px solid } }
"""


def page(sheet: Worksheet, key: bool = False) -> str:
    """Return the sheet, or its key, as one HTML page that works offline."""
    title = _title(key)
    lines = [
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{title}</h1><p>{_instruction(sheet, key)}</p>",
    ]
    for part in _parts(sheet, key):
        lines.append(f"<h2>{part.heading}</h2><table>")
        lines += [
            f"<tr><td><code>{html.escape(row.equation)}</code></td><td>{_html_value(row)}</td></tr>"
            for row in part.rows
        ]
        lines.append("</table>")
    return "\n".join([*lines, "</body></html>\n"])


def _html_value(row: _Row) -> str:
    if row.number is None:
        return row.value or ""
    blank = (
        f'<input aria-label="blank {row.number}">' if row.value is None else f"<b>{row.value}</b>"
    )
    return f"({row.number}) {blank}"
